"""What the steps of an upload show, made from a preview and from what was chosen.

Lines are told apart by their key in the file. Only new lines that are no transfers between own
accounts can be linked; what nobody linked stays unexplained.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Any

from dashboards.desks.desk import field_errors
from dashboards.desks.typed import read_target
from dashboards.desks.typed import write_target
from dashboards.desks.wording import problem_sentence
from dashboards.errors import TargetRefused
from dashboards.pages.desks import CheckLine
from dashboards.pages.desks import FieldError
from dashboards.pages.desks import LinkRow
from dashboards.pages.desks import PreviewLine
from dashboards.pages.desks import PreviewStatement
from dashboards.pages.parts import Sums
from dashboards.templating import translated
from dashboards.work.allocations import Split
from ledger.entries.foundation.transaction import MOVED
from ledger.entries.foundation.transaction import PAID

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from collections.abc import Sequence

    from dashboards.pages.desks import ChoiceGroup
    from dashboards.pages.desks import LineState
    from dashboards.work.drafts import Draft
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


def field_of(key: str) -> str:
    """Return the name of a line's field."""
    return f"line-{key.replace('.', '-')}"


def linkable(shown: Preview) -> dict[str, LinePreview]:
    """Return the lines that can be linked, by key: payments first, then what came in."""
    new = [line for statement in shown.statements for line in statement.lines if not line.known and line.kind != MOVED]
    return {line.key: line for line in sorted(new, key=lambda line: line.kind != PAID)}


def chosen_links(draft: Draft, shown: Preview) -> dict[str, str]:
    """Return what was chosen for each line; what is suggested, before anybody was asked."""
    if draft.chosen:
        return {key: draft.links.get(key, "") for key in linkable(shown)}
    return {key: _suggested(line) for key, line in linkable(shown).items()}


def _suggested(line: LinePreview) -> str:
    """Return a line's suggestion as a select writes it."""
    found = line.suggestion
    return write_target(found.initiative, found.category) if found else ""


def link_errors(links: Mapping[str, str], groups: Sequence[ChoiceGroup]) -> tuple[FieldError, ...]:
    """Return what is wrong with what was chosen: only what the form offers can be."""
    offered = {choice.value for group in groups for choice in group.choices} | {""}
    (advice,) = field_errors([TargetRefused()])
    wrong = (key for key, value in links.items() if value not in offered)
    return tuple(FieldError(field=field_of(key), message=advice.message) for key in wrong)


def splits(shown: Preview, links: Mapping[str, str]) -> dict[str, tuple[Split, ...]]:
    """Return what was chosen as splits of whole lines."""
    found: dict[str, tuple[Split, ...]] = {}
    for key, line in linkable(shown).items():
        if links.get(key):
            initiative, category = read_target(links[key], TargetRefused)
            found[key] = (Split(initiative, category, line.amount_minor),)
    return found


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


def link_rows(shown: Preview, links: Mapping[str, str], groups: Sequence[ChoiceGroup]) -> tuple[LinkRow, ...]:
    """Return the lines to link, each with what is chosen; a choice that is no longer offered is dropped."""
    offered = {choice.value for group in groups for choice in group.choices}
    return tuple(
        LinkRow(
            field=field_of(key),
            booked_on=line.booked_on,
            amount_minor=line.amount_minor,
            currency=line.currency,
            counterparty=line.name,
            remittance=line.text,
            chosen=links.get(key, "") if links.get(key, "") in offered else "",
            why=translated(line.why) if line.why and _suggested(line) in offered else None,
        )
        for key, line in linkable(shown).items()
    )


def check_lines(shown: Preview, links: Mapping[str, str], names: Mapping[str, str]) -> tuple[CheckLine, ...]:
    """Return what confirming counts for each initiative and category; what stays unexplained comes last."""
    amounts: dict[str, list[int]] = defaultdict(list)
    for key, line in linkable(shown).items():
        if links.get(key) or line.kind == PAID:
            amounts[links.get(key, "")].append(line.amount_minor)
    order = sorted(amounts, key=lambda target: (not target, names.get(target.partition("/")[0], ""), target))
    return tuple(_check_line(target, amounts[target], names) for target in order)


def _check_line(target: str, amounts: Sequence[int], names: Mapping[str, str]) -> CheckLine:
    """Return one line of the check; amounts are positive where money goes out."""
    initiative = target.partition("/")[0]
    return CheckLine(
        initiative=names.get(initiative, initiative) if target else None,
        category=names.get(target) if target else None,
        payments=len(amounts),
        amount_minor=-sum(amounts),
    )


def sums_after(before: Sums, shown: Preview, links: Mapping[str, str]) -> Sums:
    """Return a foundation's sums as they will be."""
    lines = linkable(shown)
    linked = -sum(line.amount_minor for key, line in lines.items() if links.get(key))
    unlinked = -sum(line.amount_minor for key, line in lines.items() if not links.get(key) and line.kind == PAID)
    return Sums(
        currency=before.currency,
        granted_minor=before.granted_minor,
        explained_minor=before.explained_minor + linked,
        unexplained_minor=before.unexplained_minor + unlinked,
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
    }
