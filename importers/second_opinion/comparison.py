"""Our reading of a file held against another one, figure by figure and word by word.

Lines are compared in the order of the file. Blanks that follow one another count as one, and an account number
has none. What differs is explained by one of the `reasons`, each of which checks itself on both readings, or by none.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.reconcile import decimal_text
from importers.second_opinion.reasons import REASONS
from importers.second_opinion.reasons import Compared

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from importers.second_opinion.other import OtherLine
    from importers.second_opinion.other import OtherPart
    from importers.second_opinion.other import OtherStatement
    from importers.second_opinion.reasons import Reason
    from importers.statement import Line
    from importers.statement import Part
    from importers.statement import Statement

FIGURES = frozenset({"lines", "sum", "statements", "opening", "closing", "booked_on", "amount"})
"""What must be the same for a file to count as read right."""

_WORDS = ("name", "iban", "text", "bank_reference", "end_to_end_id", "mandate", "creditor_id")
_WORDS_OF_A_PART = ("name", "iban", "text", "end_to_end_id")
_WITHOUT_BLANKS = frozenset({"iban", "creditor_id"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that two readers say differently.

    Attributes:
        place: Which line of the file, from 1; of a balance, which statement; 0 for the file as a whole.
        part: Which payment of a batch, from 1; 0 for the line itself.
        what: The field, such as ``name`` or ``closing``.
        reason: Why that is as it should be; None where nothing explains it.
    """

    place: int
    part: int
    what: str
    ours: str | None
    theirs: str | None
    reason: str | None

    @property
    def weighs(self) -> bool:
        """Whether a figure differs, and nothing explains it."""
        return self.reason is None and self.what in FIGURES


def differences(
    ours: Sequence[Statement], theirs: Sequence[OtherStatement], reasons: Sequence[Reason] = REASONS
) -> tuple[Difference, ...]:
    """Compare two readings of one file; lines one by one only where there are equally many."""
    lines = sorted(_compared_lines(ours), key=lambda one: one.place)
    others = [line for one in theirs for line in one.lines]
    whole = Compared(booked=sum(not one.is_pending for one in lines), left_out=sum(one.left_out for one in theirs))
    differing = [*_differing(whole, "lines", str(len(lines)), str(len(others)))]
    if differing:
        lines = [one for one in lines if not one.is_pending]
    differing += _of_balances(ours, theirs)
    if len(lines) == len(others):
        for one, other in zip(lines, others, strict=True):
            differing += _of_a_line(replace(one, other=other, evidence=other.evidence))
    found = [_explained(one, reasons) for one in differing]
    amounts = [one.reason for one in found if one.what == "amount"]
    whole = replace(whole, amounts_differ_for=None if None in amounts else next(iter(amounts), None))
    totals = _total(one.line for one in lines if one.line), _total(others)
    found += [_explained(one, reasons) for one in _differing(whole, "sum", *totals)]
    return tuple(found)


def _explained(one: Compared, reasons: Sequence[Reason]) -> Difference:
    """Return what differs with the first reason that explains it."""
    why = next((reason.why for reason in reasons if reason.holds(one)), None)
    return Difference(one.place, one.part, one.what, one.ours, one.theirs, why)


def _compared_lines(ours: Sequence[Statement]) -> Iterator[Compared]:
    for statement in ours:
        for lines, is_pending in ((statement.lines, False), (statement.pending, True)):
            for line in lines:
                yield Compared(line.position, line=line, account=statement.account, is_pending=is_pending)


def _differing(compared: Compared, what: str, ours: str | None, theirs: str | None) -> Iterator[Compared]:
    if ours != theirs:
        yield replace(compared, what=what, ours=ours, theirs=theirs)


def _total(lines: Iterable[Line | OtherLine]) -> str:
    return decimal_text(sum(line.amount_minor for line in lines))


def _of_balances(ours: Sequence[Statement], theirs: Sequence[OtherStatement]) -> Iterator[Compared]:
    if len(ours) != len(theirs):
        yield from _differing(Compared(), "statements", str(len(ours)), str(len(theirs)))
        return
    for place, (statement, other) in enumerate(zip(ours, theirs, strict=True), start=1):
        for what, balance, stated in (
            ("opening", statement.opening, other.opening_minor),
            ("closing", statement.closing, other.closing_minor),
        ):
            mine = None if balance is None else decimal_text(balance.amount_minor)
            other_says = None if stated is None else decimal_text(stated)
            yield from _differing(Compared(place=place), what, mine, other_says)


def _of_a_line(compared: Compared) -> Iterator[Compared]:
    line, other = compared.line, compared.other
    assert line is not None, "a line is compared"
    assert other is not None, "with another"
    yield from _differing(compared, "booked_on", line.booked_on.isoformat(), other.booked_on.isoformat())
    yield from _differing(compared, "amount", decimal_text(line.amount_minor), decimal_text(other.amount_minor))
    for what in _WORDS:
        yield from _of_words(compared, what, line, other)
    if line.parts and len(line.parts) != len(other.parts):
        yield from _differing(compared, "parts", str(len(line.parts)), str(len(other.parts)))
        return
    for number, (part, other_part) in enumerate(zip(line.parts, other.parts, strict=False), start=1):
        for what in _WORDS_OF_A_PART:
            yield from _of_words(replace(compared, part=number), what, part, other_part)


def _of_words(compared: Compared, what: str, mine: Line | Part, other: OtherLine | OtherPart) -> Iterator[Compared]:
    compared = replace(compared, iban=_plain(other.iban, "iban"), evidence=other.evidence)
    yield from _differing(compared, what, getattr(mine, what), _plain(getattr(other, what), what))


def _plain(written: str | None, what: str) -> str | None:
    """Return a text with single blanks and without control characters, an account number without any blank."""
    visible = "".join(letter if letter.isprintable() else " " for letter in unicodedata.normalize("NFC", written or ""))
    return ("" if what in _WITHOUT_BLANKS else " ").join(visible.split()) or None
