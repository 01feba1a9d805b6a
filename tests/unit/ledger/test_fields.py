"""The kinds of public fields accept their own form and nothing else."""

from __future__ import annotations

import pytest

from ledger.entries import all_types
from ledger.errors import MalformedEntry
from ledger.fields import AMOUNT
from ledger.fields import BOOK
from ledger.fields import COMMITTED_FIELDS
from ledger.fields import COUNT
from ledger.fields import CURRENCY
from ledger.fields import DATE
from ledger.fields import HASH_HEX
from ledger.fields import IDENTITY
from ledger.fields import MAX_COUNT
from ledger.fields import PAIRS
from ledger.fields import RULE_ID
from ledger.fields import YES_NO
from ledger.fields import Kind
from ledger.fields import Maybe


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (AMOUNT, -(2**53) + 1),
        (COUNT, 0),
        (COUNT, MAX_COUNT),
        (CURRENCY, "EUR"),
        (DATE, "2024-02-29"),
        (HASH_HEX, "5e" * 32),
        (IDENTITY, "00112233445566aa"),
        (RULE_ID, "PAY-01"),
        (YES_NO, False),
        (Maybe(DATE), None),
        (Maybe(DATE), "2026-01-01"),
        (PAIRS, []),
        (PAIRS, [[0, "name"], [1, "iban"]]),
    ],
)
def test_a_value_of_its_kind_is_accepted(kind: Kind, value: object) -> None:
    """Each kind takes its own form."""
    kind.check(value)  # type: ignore[arg-type]  # any JSON


@pytest.mark.parametrize(
    ("kind", "value", "what"),
    [
        (AMOUNT, 2**53, "a number must lie"),
        (AMOUNT, "1", "a number must lie"),
        (COUNT, -1, "a number must lie"),
        (COUNT, MAX_COUNT + 1, "a number must lie"),
        (COUNT, True, "a number must lie"),
        (COUNT, None, "a number must lie"),
        (CURRENCY, "eur", "one of"),
        (CURRENCY, ["EUR"], "one of"),
        (DATE, "2023-02-29", "no such day"),
        (DATE, "2023-2-9", "YYYY-MM-DD"),
        (DATE, "\u0662026-01-01", "YYYY-MM-DD"),
        (DATE, "2026-01-01\n", "YYYY-MM-DD"),
        (DATE, 20260101, "YYYY-MM-DD"),
        (HASH_HEX, "5E" * 32, "64 hex digits"),
        (IDENTITY, "00112233445566aa\n", "16 hex digits"),
        (IDENTITY, 11223344, "16 hex digits"),
        (RULE_ID, "PAY-1", "such as PAY-01"),
        (YES_NO, 1, "true or false"),
        (PAIRS, {}, "a list is expected"),
        (PAIRS, [[0]], "a list of 2"),
        (PAIRS, ["ab"], "a list of 2"),
        (PAIRS, [[0, "Fatima"]], "one of"),
    ],
)
def test_any_other_value_is_refused(kind: Kind, value: object, what: str) -> None:
    """Each kind says what it expected."""
    with pytest.raises(MalformedEntry, match=what):
        kind.check(value)  # type: ignore[arg-type]  # any JSON


@pytest.mark.parametrize(
    "book", ["", "district/", "foundation/", "foundation/x", "stichting/00112233445566aa", "district\n"]
)
def test_there_are_three_kinds_of_books(book: str) -> None:
    """Other names are no books."""
    assert not BOOK.match(book)


def test_the_list_of_committed_fields_is_the_union_of_the_types_lists() -> None:
    """No committed field may go by a name that the list of names lacks, and none is listed in vain."""
    assert {name for type_ in all_types() for name in type_.committed} == set(COMMITTED_FIELDS)
    assert len(COMMITTED_FIELDS) == len(set(COMMITTED_FIELDS))
