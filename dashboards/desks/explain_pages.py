"""What the desk of explaining shows, made from lines of the book and from what was chosen or typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dashboards.desks.desk import field_errors
from dashboards.desks.typed import read_amount
from dashboards.desks.typed import read_target
from dashboards.desks.typed import write_target
from dashboards.errors import FieldRefused
from dashboards.errors import PartRefused
from dashboards.errors import PartsRefused
from dashboards.errors import TargetRefused
from dashboards.pages.desks import FieldError
from dashboards.pages.desks import LinkRow
from dashboards.pages.explaining import LinkedPart
from dashboards.pages.explaining import PartRow
from dashboards.templating import translated
from dashboards.work.allocations import Split

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from dashboards.pages.desks import ChoiceGroup
    from dashboards.work.suggestions import Suggestions
    from dashboards.work.unexplained import OpenLine
    from dashboards.work.unexplained import Part

LINE = re.compile(r"line-(?P<seq>\d{1,15})\Z", re.ASCII)
PARTS = 4
"""How many parts one form takes; what is left can be split again."""


def chosen_lines(form: Mapping[str, str]) -> dict[int, str]:
    """Return what was chosen, by a line's place in the book; lines without a choice are left out."""
    found = ((LINE.match(name), value) for name, value in form.items() if value)
    return {int(match["seq"]): value for match, value in found if match}


def suggested(lines: Iterable[OpenLine], suggestions: Suggestions) -> dict[int, tuple[str, str]]:
    """Return what payments are probably for, as a select writes it, and why, by place in the book.

    Where what is known disagrees there is only why.
    """
    found = ((line.seq, suggestions.suggest(line.payment)) for line in lines if line.paid)
    return {seq: (write_target(*one.target) if one.target else "", translated(one.why)) for seq, one in found if one}


def offered(groups: Sequence[ChoiceGroup]) -> set[str]:
    """Return the values that a select offers."""
    return {choice.value for group in groups for choice in group.choices}


def not_offered(chosen: Mapping[int, str], groups: Sequence[ChoiceGroup]) -> tuple[FieldError, ...]:
    """Return what is wrong with what was chosen: only what the form offers can be."""
    (advice,) = field_errors([TargetRefused()])
    wrong = (seq for seq, value in chosen.items() if value not in offered(groups))
    return tuple(FieldError(field=f"line-{seq}", message=advice.message) for seq in wrong)


def whole_splits(chosen: Mapping[int, str], lines: Mapping[int, OpenLine]) -> dict[int, tuple[Split, ...]]:
    """Return what was chosen as splits of all that is left of each line."""
    targets = {seq: read_target(value, TargetRefused) for seq, value in chosen.items()}
    return {seq: (Split(*target, lines[seq].rest_minor),) for seq, target in targets.items()}


def link_row(line: OpenLine, chosen: str | None, found: tuple[str, str] | None, values: set[str]) -> LinkRow:
    """Return a line to link.

    Args:
        chosen: What somebody chose; None where nobody was asked.
        found: What it is probably for, and why.
        values: What can be chosen now; a suggestion that cannot is dropped.
    """
    target, why = found if found and found[0] in values | {""} else ("", None)
    pick = target if chosen is None else chosen
    return LinkRow(
        field=f"line-{line.seq}",
        booked_on=line.booked_on,
        amount_minor=line.rest_minor,
        currency=line.currency,
        counterparty=line.name,
        remittance=line.text,
        chosen=pick if pick in values else "",
        why=why,
        whole_minor=line.amount_minor if line.amount_minor != line.rest_minor else None,
        seq=line.seq,
    )


def linked_parts(parts: Iterable[Part], names: Mapping[str, str]) -> tuple[LinkedPart, ...]:
    """Return what a line counts for; names are by initiative, and by initiative and category."""
    return tuple(
        LinkedPart(
            initiative=names.get(part.initiative, part.initiative),
            category=names.get(write_target(part.initiative, part.category), str(part.category)),
            amount_minor=abs(part.amount_minor),
        )
        for part in parts
    )


def typed_parts(form: Mapping[str, str]) -> tuple[PartRow, ...]:
    """Return the parts as they were typed."""
    numbers = range(1, PARTS + 1)
    return tuple(
        PartRow(number=number, target=form.get(f"target-{number}", ""), amount=form.get(f"amount-{number}", "").strip())
        for number in numbers
    )


def read_parts(
    line: OpenLine, rows: Sequence[PartRow], values: set[str]
) -> tuple[tuple[Split, ...], tuple[FieldError, ...]]:
    """Return typed parts as splits of a line, and what is to be mended in them; rows left empty are none."""
    filled = [row for row in rows if row.target or row.amount] or rows[:1]
    sign = -1 if line.paid else 1
    splits: list[Split] = []
    errors: list[FieldError] = []
    for row in filled:
        errors += _mend(row, values)
    if not errors:
        for row in filled:
            target = read_target(row.target, TargetRefused)
            splits.append(Split(*target, sign * read_amount(row.amount, PartRefused)))
        if abs(sum(split.amount_minor for split in splits)) > abs(line.rest_minor):
            errors += field_errors([PartsRefused()])
    return tuple(splits), tuple(errors)


def _mend(row: PartRow, values: set[str]) -> list[FieldError]:
    """Return what is to be mended in one part."""
    errors = []
    if row.target not in values:
        errors.append(FieldError(field=f"target-{row.number}", message=translated(TargetRefused.advice)))
    try:
        if read_amount(row.amount, PartRefused) == 0:
            raise PartRefused
    except FieldRefused as error:
        errors.append(FieldError(field=f"amount-{row.number}", message=translated(error.advice)))
    return errors
