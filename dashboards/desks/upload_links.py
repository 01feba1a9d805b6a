"""What the lines of an upload are for: what was chosen for them, and what the steps of linking and checking show of it.

Lines are told apart by their key in the file. Only new lines that are no transfers between own accounts can be
linked; what nobody linked stays unexplained. A line counts for one budget line as a whole, or was divided into
parts that add up to it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING
from typing import NamedTuple

from dashboards.desks.desk import field_errors
from dashboards.desks.explain_pages import linked_parts
from dashboards.desks.explain_pages import offered
from dashboards.desks.standing_words import conditions_sentence
from dashboards.desks.typed import read_target
from dashboards.desks.typed import write_target
from dashboards.errors import TargetRefused
from dashboards.pages.desks import FieldError
from dashboards.pages.linking import CheckLine
from dashboards.pages.linking import LinkRow
from dashboards.pages.parts import Sums
from dashboards.templating import translated
from dashboards.work.allocations import Split
from dashboards.work.receipts import Choice
from ledger.entries.foundation.transaction import MOVED
from ledger.entries.foundation.transaction import PAID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from dashboards.desks.desk import DeskBook
    from dashboards.pages.desks import ChoiceGroup
    from dashboards.work.drafts import Draft
    from dashboards.work.statements import LinePreview
    from dashboards.work.statements import Preview


ON_A_PAGE = 100
"""How many lines one page asks about."""


class Begun(NamedTuple):
    """An upload that was begun, with the foundation it is for and what is in the file."""

    draft: Draft
    book: DeskBook
    shown: Preview


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for the lines that can be linked.

    Attributes:
        lines: Those lines, by key: payments first, then what came in.
        links: What each counts for as a whole, as a select writes it; "" for not yet.
        splits: The parts of those that were divided.
        always: Lines beside which somebody said "always like this".
    """

    lines: Mapping[str, LinePreview]
    links: Mapping[str, str]
    splits: Mapping[str, tuple[Split, ...]]
    always: frozenset[str]

    def parts(self, key: str) -> tuple[Split, ...]:
        """Return what a line counts for."""
        if key in self.splits:
            return self.splits[key]
        if not self.links.get(key):
            return ()
        return (Split(*read_target(self.links[key], TargetRefused), self.lines[key].amount_minor),)

    def all_parts(self) -> dict[str, tuple[Split, ...]]:
        """Return what lines count for, without those that stay unexplained."""
        return {key: parts for key in self.lines if (parts := self.parts(key))}

    @property
    def answered(self) -> int:
        """Return how many lines count for something."""
        return sum(key in self.splits or bool(link) for key, link in self.links.items())

    def rules(self) -> frozenset[str]:
        """Return the lines that become standing rules: those that count for one thing as a whole."""
        whole = {key for key in self.always & self.lines.keys() if self.links.get(key) and key not in self.splits}
        return frozenset(key for key in whole if self.lines[key].always is not None)


def field_of(key: str) -> str:
    """Return the name of a line's field."""
    return f"line-{place_of(key)}"


def place_of(key: str) -> str:
    """Return a line's key as an address has it."""
    return key.replace(".", "-")


def linkable(shown: Preview) -> dict[str, LinePreview]:
    """Return the lines that can be linked, by key: payments first, then what came in."""
    new = [line for statement in shown.statements for line in statement.lines if not line.known and line.kind != MOVED]
    return {line.key: line for line in sorted(new, key=lambda line: line.kind != PAID)}


def chosen_of(draft: Draft, shown: Preview) -> Chosen:
    """Return what was chosen; what is suggested, for lines that nobody was asked about yet."""
    lines = linkable(shown)
    asked = {key: draft.links[key] if key in draft.links else _suggested(line) for key, line in lines.items()}
    splits = {key: parts for key, parts in draft.splits.items() if key in lines}
    return Chosen(lines, asked, splits, draft.always)


def choice_of(draft: Draft, shown: Preview) -> Choice:
    """Return what was chosen, as it is booked."""
    chosen = chosen_of(draft, shown)
    return Choice(chosen.all_parts(), chosen.rules())


def sent(form: Mapping[str, str], before: Chosen, keys: Sequence[str]) -> Chosen:
    """Return what was chosen once a form says it for some lines; what was divided before stays so."""
    links = {key: form.get(field_of(key), "") for key in keys}
    always = {key for key in keys if f"always-{field_of(key)}" in form}
    kept = frozenset((before.always - set(keys)) | always)
    return Chosen(before.lines, {**before.links, **links}, before.splits, kept)


def page_of(chosen: Chosen, key: str) -> int:
    """Return on which page a line stands, counted from 1."""
    return list(chosen.lines).index(key) // ON_A_PAGE + 1


def pages_of(chosen: Chosen) -> int:
    """Return how many pages of lines there are; one where there are none."""
    return max(-(-len(chosen.lines) // ON_A_PAGE), 1)


def keys_of(chosen: Chosen, page: int) -> tuple[str, ...]:
    """Return the lines of a page."""
    return tuple(islice(chosen.lines, (page - 1) * ON_A_PAGE, page * ON_A_PAGE))


def nothing_to_ask(shown: Preview) -> bool:
    """Tell whether every payment has a suggestion, and no money may have been paid back."""
    lines = linkable(shown).values()
    return all(line.suggestion is not None if line.kind == PAID else not line.asks for line in lines)


def _suggested(line: LinePreview) -> str:
    """Return a line's suggestion as a select writes it."""
    found = line.suggestion
    return write_target(found.initiative, found.category) if found else ""


def link_errors(chosen: Chosen, keys: Sequence[str], groups: Sequence[ChoiceGroup]) -> tuple[FieldError, ...]:
    """Return what is wrong with what was chosen: only what the form offers can be."""
    values = offered(groups) | {""}
    (advice,) = field_errors([TargetRefused()])
    wrong = (key for key in keys if chosen.links[key] not in values)
    return tuple(FieldError(field=field_of(key), message=advice.message) for key in wrong)


def link_rows(
    chosen: Chosen, keys: Sequence[str], groups: Sequence[ChoiceGroup], names: Mapping[str, str]
) -> tuple[LinkRow, ...]:
    """Return lines to link, each with what is chosen; a choice that is no longer offered is dropped."""
    values = offered(groups)
    return tuple(link_row(key, chosen, values, names) for key in keys)


def link_row(key: str, chosen: Chosen, values: set[str], names: Mapping[str, str]) -> LinkRow:
    """Return a line to link."""
    line, pick = chosen.lines[key], chosen.links.get(key, "")
    return LinkRow(
        field=field_of(key),
        booked_on=line.booked_on,
        amount_minor=line.amount_minor,
        currency=line.currency,
        counterparty=line.name,
        remittance=line.text,
        chosen=pick if pick in values else "",
        why=translated(line.why) if line.why and _suggested(line) in values | {""} else None,
        parts=linked_parts(chosen.parts(key), names) if key in chosen.splits else (),
        always=conditions_sentence(line.always, line.currency) if line.always and not line.settled else None,
        always_chosen=key in chosen.always,
    )


def check_rows(chosen: Chosen, names: Mapping[str, str]) -> tuple[LinkRow, ...]:
    """Return the first lines with what each will count for, to be looked at."""
    values = set(chosen.links.values())
    rows = {key: link_row(key, chosen, values, names) for key in keys_of(chosen, 1)}
    return tuple(replace(row, parts=linked_parts(chosen.parts(key), names)) for key, row in rows.items())


def rule_sentences(chosen: Chosen, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return what will always be so from now on, each as a sentence."""
    return tuple(_rule_sentence(chosen.lines[key], chosen.links[key], names) for key in sorted(chosen.rules()))


def _rule_sentence(line: LinePreview, target: str, names: Mapping[str, str]) -> str:
    """Return one standing rule to be."""
    what = conditions_sentence(line.always, line.currency) if line.always else ""
    initiative = names.get(target.partition("/")[0], "")
    return f"{what}: {initiative}, {names.get(target, '')}"


def check_lines(chosen: Chosen, names: Mapping[str, str]) -> tuple[CheckLine, ...]:
    """Return what confirming counts for each initiative and category; what stays unexplained comes last."""
    amounts: dict[str, list[int]] = defaultdict(list)
    for target, amount in _counted(chosen):
        amounts[target].append(amount)
    order = sorted(amounts, key=lambda target: (not target, names.get(target.partition("/")[0], ""), target))
    return tuple(_check_line(target, amounts[target], names) for target in order)


def _counted(chosen: Chosen) -> Iterator[tuple[str, int]]:
    """Yield what each part counts for, as a select writes it, and its amount; "" for what stays unexplained."""
    for key, line in chosen.lines.items():
        parts = chosen.parts(key)
        if not parts and line.kind == PAID:
            yield "", line.amount_minor
        for part in parts:
            yield write_target(part.initiative, part.category), part.amount_minor


def came_in(chosen: Chosen) -> tuple[int, ...]:
    """Return the amounts of the lines that came in and count for nothing."""
    return tuple(line.amount_minor for key, line in chosen.lines.items() if line.kind != PAID and not chosen.parts(key))


def _check_line(target: str, amounts: Sequence[int], names: Mapping[str, str]) -> CheckLine:
    """Return one line of the check; amounts are positive where money goes out."""
    initiative = target.partition("/")[0]
    return CheckLine(
        initiative=names.get(initiative, initiative) if target else None,
        category=names.get(target) if target else None,
        payments=len(amounts),
        amount_minor=-sum(amounts),
    )


def sums_after(before: Sums, chosen: Chosen) -> Sums:
    """Return a foundation's sums as they will be."""
    counted = list(_counted(chosen))
    return Sums(
        currency=before.currency,
        granted_minor=before.granted_minor,
        explained_minor=before.explained_minor - sum(amount for target, amount in counted if target),
        unexplained_minor=before.unexplained_minor - sum(amount for target, amount in counted if not target),
    )
