"""What the desk of explaining shows, made from lines of the book and from what was chosen or typed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from dashboards.desks.desk import field_errors
from dashboards.desks.standing_words import conditions_sentence
from dashboards.desks.typed import read_amount
from dashboards.desks.typed import read_target
from dashboards.desks.typed import write_target
from dashboards.errors import FieldRefused
from dashboards.errors import PartRefused
from dashboards.errors import PartsRefused
from dashboards.errors import PartsUneven
from dashboards.errors import TargetRefused
from dashboards.pages.desks import FieldError
from dashboards.pages.linking import LinkedPart
from dashboards.pages.linking import LinkRow
from dashboards.pages.linking import PartRow
from dashboards.templating import translated
from dashboards.work.allocations import Split
from dashboards.work.standing import conditions_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from dashboards.pages.desks import ChoiceGroup
    from dashboards.work.standing import Conditions
    from dashboards.work.suggestions import Suggestion
    from dashboards.work.suggestions import Suggestions
    from dashboards.work.unexplained import OpenLine

LINE = re.compile(r"line-(?P<seq>\d{1,15})\Z", re.ASCII)
ALWAYS = re.compile(r"always-line-(?P<seq>\d{1,15})\Z", re.ASCII)
PARTS = 4
"""How many parts one form takes; what is left can be split again."""


def chosen_lines(form: Mapping[str, str]) -> dict[int, str]:
    """Return what was chosen, by a line's place in the book; lines without a choice are left out."""
    found = ((LINE.match(name), value) for name, value in form.items() if value)
    return {int(match["seq"]): value for match, value in found if match}


def suggested(lines: Iterable[OpenLine], suggestions: Suggestions) -> dict[int, Suggestion]:
    """Return what payments are probably for, by place in the book."""
    found = ((line.seq, _suggested(line, suggestions)) for line in lines)
    return {seq: one for seq, one in found if one}


def _suggested(line: OpenLine, suggestions: Suggestions) -> Suggestion | None:
    """Return what one line is probably for; what came in only where it gives back an earlier payment."""
    if line.corrects is not None:
        return suggestions.corrected(line.corrects, line.rest_minor)
    return suggestions.suggest(line.payment) if line.paid else None


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


def always_lines(form: Mapping[str, str]) -> set[int]:
    """Return beside which lines somebody said "always like this", by place in the book."""
    return {int(match["seq"]) for name in form if (match := ALWAYS.match(name))}


def link_row(line: OpenLine, chosen: str | None, found: Suggestion | None, values: set[str]) -> LinkRow:
    """Return a line to link.

    Args:
        chosen: What somebody chose; None where nobody was asked.
        found: What it is probably for, and why; or why nothing is suggested.
        values: What can be chosen now; a suggestion that cannot is dropped.
    """
    target = write_target(*found.target) if found and found.target else ""
    why = translated(found.why) if found and target in values | {""} else None
    new = line.paid and line.amount_minor == line.rest_minor and not (found and found.settled)
    always = conditions_for(line.payment) if new else None
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
        always=conditions_sentence(always, line.currency) if always else None,
    )


def rule_conditions(line: OpenLine, parts: Sequence[Split], *, with_amount: bool = False) -> Conditions | None:
    """Return what "always like this" means beside a booked payment; None where it is not for one thing as a whole."""
    whole = line.paid and len(parts) == 1 and parts[0].amount_minor == line.amount_minor
    return conditions_for(line.payment, with_amount=with_amount) if whole else None


def rule_sentence(line: OpenLine, parts: Sequence[Split]) -> str | None:
    """Return which payments a standing rule would be for, made of a booked payment."""
    conditions = rule_conditions(line, parts)
    return conditions_sentence(conditions, line.currency) if conditions else None


def linked_parts(parts: Iterable[Split], names: Mapping[str, str]) -> tuple[LinkedPart, ...]:
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
    amount_minor: int, rows: Sequence[PartRow], values: set[str], *, whole: bool = False
) -> tuple[tuple[Split, ...], tuple[FieldError, ...]]:
    """Return typed parts as splits, and what is to be mended in them; rows left empty are none.

    One amount may stay empty: that part is what the others leave.

    Args:
        amount_minor: What there is to divide, with the line's sign.
        values: What can be chosen.
        whole: Whether the parts must be all of it.
    """
    filled = [row for row in rows if row.target or row.amount] or list(rows[:1])
    rest = _rest(abs(amount_minor), filled)
    filled = [replace(row, amount=row.amount or rest) for row in filled]
    errors = [error for row in filled for error in _mend(row, values)]
    if errors:
        return (), tuple(errors)
    sign = -1 if amount_minor < 0 else 1
    splits = tuple(
        Split(*read_target(row.target, TargetRefused), sign * read_amount(row.amount, PartRefused)) for row in filled
    )
    left = abs(amount_minor) - abs(sum(split.amount_minor for split in splits))
    if left < 0:
        return splits, field_errors([PartsRefused()])
    return splits, field_errors([PartsUneven()]) if whole and left else ()


def _rest(amount_minor: int, rows: Sequence[PartRow]) -> str:
    """Return what is left where one part alone has no amount, as it would be typed; else nothing."""
    typed = [row.amount for row in rows if row.amount]
    try:
        left = amount_minor - sum(read_amount(amount, PartRefused) for amount in typed)
    except PartRefused:
        return ""
    return f"{left // 100},{left % 100:02}" if left > 0 and len(typed) == len(rows) - 1 else ""


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
