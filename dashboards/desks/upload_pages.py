"""What the first and the last step of an upload show: what is in the file, and what came of it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from dashboards.desks.wording import problem_sentence
from dashboards.pages.desks import LastStatement
from dashboards.pages.desks import PreviewLine
from dashboards.pages.desks import PreviewStatement
from dashboards.pages.words import word
from dashboards.templating import current_language
from dashboards.templating import translated
from importers.progress import Step

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Mapping

    from dashboards.pages.desks import LineState
    from dashboards.work.brought import Brought
    from dashboards.work.drafts import Draft
    from dashboards.work.statements import LinePreview
    from dashboards.work.statements import Preview
    from dashboards.work.statements import StatementPreview
    from importers.statement import Problem

CSV = "csv"
CAMT = "camt."
CAMT_NAME = 8
"""How much of a CAMT format is its name; what follows is a version."""
FIRST, FEWEST, MOST = 50, 5, 500
"""How many lines of a statement a page shows at most and at least, and of all statements together."""
STEPS = {
    Step.READ: word("%(percent)s%% of the file has been read."),
    Step.PLAN: word("%(done)s of %(whole)s lines have been compared with the book."),
    Step.SEAL: word("%(done)s of %(whole)s lines have been sealed."),
    Step.BOOK: word("%(done)s of %(whole)s lines stand in the book."),
    Step.AUDIT: word("All lines stand in the book. The rules look at them now."),
}
FOLLOWING = {"continuity", "gap"}
"""What is found where a statement does not follow the one before."""
SOON = word("This begins in a moment.")


def format_name(shown: Preview) -> str:
    """Return the formats of a file in words that a treasurer knows from the bank: "CAMT.053", "ING CSV"."""
    return ", ".join(dict.fromkeys(map(_format_name, shown.statements)))


def _format_name(statement: StatementPreview) -> str:
    """Return the format of one statement in words."""
    if statement.format == CSV:
        return f"{statement.bank or ''} CSV".strip()
    is_camt = statement.format.startswith(CAMT)
    return (statement.format[:CAMT_NAME] if is_camt else statement.format).upper()


def problem_sentences(shown: Preview) -> tuple[str, ...]:
    """Return what does not fit in a file, each sentence once."""
    return _sentences(shown.problems)


def _sentences(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Return what does not fit, each sentence once."""
    return tuple(dict.fromkeys(map(problem_sentence, problems)))


def preview_statements(
    shown: Preview, today: dt.date, last: Mapping[str, LastStatement]
) -> tuple[PreviewStatement, ...]:
    """Return the statements of a file, each with its first lines; one that states no days gets those of its lines.

    Args:
        last: Where the book ends for each account, told beside what does not follow it.
    """
    most = max(FEWEST, min(FIRST, MOST // max(len(shown.statements), 1)))
    return tuple(_statement(statement, today, most, last) for statement in shown.statements)


def last_statements(statements: Iterable[Brought]) -> dict[str, LastStatement]:
    """Return where the book ends for each account, of statements the newest first."""
    last: dict[str, LastStatement] = {}
    for one in statements:
        if one.closed_on is not None and one.closing_minor is not None:
            last.setdefault(one.account, LastStatement(closed_on=one.closed_on, closing_minor=one.closing_minor))
    return last


def newer_days(shown: Preview, today: dt.date) -> tuple[dt.date, ...]:
    """Return the last days of the statements that bring no lines, but days that the book does not hold."""
    return tuple(statement.closed_on or today for statement in shown.statements if statement.newer)


def _statement(
    statement: StatementPreview, today: dt.date, most: int, last: Mapping[str, LastStatement]
) -> PreviewStatement:
    """Return one statement; what does not fit in one that brings nothing new stops nobody."""
    days = () if statement.opened_on and statement.closed_on else [line.booked_on for line in statement.lines]
    return PreviewStatement(
        account=statement.account_iban or "",
        number=statement.number,
        from_date=statement.opened_on or min(days, default=today),
        to_date=statement.closed_on or max(days, default=today),
        currency=statement.currency,
        opening_minor=statement.opening_minor,
        in_minor=statement.total_in_minor,
        out_minor=statement.total_out_minor,
        closing_minor=statement.closing_minor,
        new=statement.new,
        known=statement.known,
        twins=statement.twins,
        lines=preview_lines(statement, 0, most),
        alike=_alike(statement, most),
        newer=statement.newer,
        last=last.get(statement.account_iban or "") if _breaks_off(statement) else None,
        problems=() if statement.nothing_new else _sentences(statement.problems),
    )


def _breaks_off(statement: StatementPreview) -> bool:
    """Tell whether a statement does not follow the one before."""
    return any(problem.code in FOLLOWING for problem in statement.problems)


def preview_lines(statement: StatementPreview, start: int, stop: int) -> tuple[PreviewLine, ...]:
    """Return some of a statement's lines."""
    return tuple(_line(number, line) for number, line in enumerate(statement.lines[start:stop], start + 1))


def _alike(statement: StatementPreview, most: int) -> tuple[PreviewLine, ...]:
    """Return lines beyond the first ones that look the same as another, a few of them at most."""
    if not statement.twins or len(statement.lines) <= most:
        return ()
    beyond = enumerate(islice(statement.lines, most, None), most + 1)
    return tuple(islice((_line(number, line) for number, line in beyond if line.twin and not line.known), most))


def progress_words(draft: Draft) -> str:
    """Return what is being done with a long file and how far it is, as a sentence."""
    work, number = draft.work, current_language().number
    if work.step is None or (not work.whole and work.step != Step.AUDIT):
        return translated(SOON)
    percent = number(100 * work.done // work.whole) if work.whole else ""
    return translated(STEPS[Step(work.step)]) % {
        "percent": percent,
        "done": number(work.done),
        "whole": number(work.whole),
    }


def _line(number: int, line: LinePreview) -> PreviewLine:
    """Return one line."""
    state: LineState = "twin" if line.twin else "new"
    return PreviewLine(
        number=number,
        booked_on=line.booked_on,
        amount_minor=line.amount_minor,
        counterparty=line.name,
        remittance=line.text,
        state="known" if line.known else state,
    )
