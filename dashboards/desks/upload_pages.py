"""What the first and the last step of an upload show: what is in the file, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from dashboards.desks.wording import problem_sentence
from dashboards.pages.desks import PreviewLine
from dashboards.pages.desks import PreviewStatement

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.desks import LineState
    from dashboards.work.statements import LinePreview
    from dashboards.work.statements import Preview
    from dashboards.work.statements import Receipt
    from dashboards.work.statements import StatementPreview

ROOT_SHOWN = 8
CSV = "csv"
CAMT = "camt."
CAMT_NAME = 8
"""How much of a CAMT format is its name; what follows is a version."""


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
    return tuple(dict.fromkeys(map(problem_sentence, shown.problems)))


def preview_statements(shown: Preview, today: dt.date) -> tuple[PreviewStatement, ...]:
    """Return the statements of a file; one that states no days gets those of its lines."""
    return tuple(_statement(statement, today) for statement in shown.statements)


def _statement(statement: StatementPreview, today: dt.date) -> PreviewStatement:
    """Return one statement; what does not fit in one that brings nothing new stops nobody."""
    days = [line.booked_on for line in statement.lines]
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
        lines=tuple(_line(number, line) for number, line in enumerate(statement.lines, 1)),
        problems=() if statement.nothing_new else tuple(map(problem_sentence, statement.problems)),
    )


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


def receipt_of(done: Receipt, looked_at: int) -> dict[str, Any]:
    """Return what a receipt page shows, fit to be kept."""
    _, size, root, *_ = (*done.checkpoint.split("\n"), "", "", "")
    return {
        "number": done.number,
        "new": done.new,
        "known": done.known,
        "confirmed": done.preview.confirms,
        "looked_at": looked_at,
        "checkpoint_size": int(size) if size else None,
        "root_short": root[:ROOT_SHOWN] or None,
        "statements": [seq for _, seq in done.entries],
    }
