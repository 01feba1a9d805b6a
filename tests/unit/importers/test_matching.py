"""How a line is known again in a later file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from importers.matching import Names
from importers.matching import identities
from importers.statement import Line

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_LINES = st.lists(
    st.builds(
        Line,
        position=st.just(1),
        booked_on=st.sampled_from([dt.date(2025, 3, 1), dt.date(2025, 3, 2)]),
        valued_on=st.none(),
        amount_minor=st.sampled_from([-100, -200]),
        currency=st.just("EUR"),
        text=st.sampled_from(["planken", "huur", None]),
        bank_reference=st.sampled_from([None, "R1", "R2", "NONREF"]),
    ),
    max_size=12,
)


def new_lines(known: set[bytes], lines: list[Line]) -> tuple[bool, ...]:
    """Tell which lines of a file have an identity that is not known yet."""
    return tuple(identity not in known for identity in identities(lines))


def test_genuine_twins_in_one_file_are_two_payments(line: Callable[..., Line]) -> None:
    """Two equal rows have two identities, so neither is dropped."""
    assert len(set(identities([line(), line()]))) == 2


def test_twins_are_known_when_they_come_again(line: Callable[..., Line]) -> None:
    """An overlapping export with the same two rows brings nothing; a third equal row is new."""
    known = set(identities([line(), line()]))
    assert new_lines(known, [line(), line(), line()]) == (False, False, True)


def test_a_reference_knows_a_line_whose_text_was_reworded(line: Callable[..., Line]) -> None:
    """The bank's reference decides where it singles a line out."""
    known = set(identities([line(reference="A1", text="planken")]))
    assert new_lines(known, [line(reference="A1", text="PLANKEN EN SCHROEVEN")]) == (False,)


def test_a_reference_reused_next_year_is_another_line(line: Callable[..., Line]) -> None:
    """Banks begin numbering again every year."""
    known = set(identities([line(reference="A1", day=dt.date(2024, 3, 1))]))
    assert new_lines(known, [line(reference="A1", day=dt.date(2025, 3, 1))]) == (True,)


def test_a_placeholder_does_not_make_lines_equal(line: Callable[..., Line]) -> None:
    """NONREF on every entry says nothing: the text tells the lines apart."""
    first, second = identities([line(reference="NONREF", text="a"), line(reference="NONREF", text="b")])
    assert first != second
    assert new_lines({first}, [line(reference="NONREF", text="b")]) == (True,)


def test_a_reference_that_two_equal_amounts_share_does_not_identify(line: Callable[..., Line]) -> None:
    """Where a reference repeats on a day and amount, the content decides."""
    lines = [line(reference="R", text="a"), line(reference="R", text="b")]
    assert set(identities(lines)) == set(identities(lines[::-1]))


def test_folding_of_a_text_does_not_matter(line: Callable[..., Line]) -> None:
    """A text broken at another place is the same text."""
    known = set(identities([line(text="huur zaal maart")]))
    assert new_lines(known, [line(text="HUUR ZA AL MAART")]) == (False,)


@given(_LINES, st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter(lines: list[Line], rng: random.Random) -> None:
    """A file turned around or shuffled has the same identities, one per line."""
    shuffled = rng.sample(lines, len(lines))
    assert sorted(identities(lines)) == sorted(identities(shuffled))
    assert len(set(identities(lines))) == len(lines)
    names = Names()
    for one in lines:
        names.add(one)
    assert tuple(names.identity(one).words for one in lines) == identities(lines)


@given(_LINES, _LINES)
def test_known_lines_stay_known_whatever_days_are_added(before: list[Line], extra: list[Line]) -> None:
    """A longer export that adds whole days brings exactly the lines of those days."""
    added = [
        Line(9, dt.date(2025, 4, 1), None, one.amount_minor, "EUR", text=one.text, bank_reference=one.bank_reference)
        for one in extra
    ]
    answers = new_lines(set(identities(before)), before + added)
    assert answers == (False,) * len(before) + (True,) * len(added)
