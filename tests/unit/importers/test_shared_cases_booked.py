"""Pairs of files that once counted money twice, each in both orders; the files lie outside the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from importers.errors import NotAccepted
from importers.reading import read
from tests.unit.importers.conftest import ACCOUNTS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.importers.conftest import Books

pytestmark = pytest.mark.statements
NUMBER = "NL81RABO0312345678"


@pytest.fixture(name="cases")
def _cases(statements_dir: Path, books: Books, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Declare the account of the cases, and return where they lie."""
    cases = statements_dir.parent / "cases" / "bank"
    if not cases.is_dir():
        pytest.skip("no cases lie beside the shared bank files")
    monkeypatch.setitem(ACCOUNTS, NUMBER, "00000000000000d8")
    books.declare(books.meer, ACCOUNTS[NUMBER], NUMBER)
    return cases


@pytest.mark.parametrize(
    ("names", "amounts"),
    [
        (("i07.xml", "i07.csv"), [-3000]),
        (("i07.csv", "i07.xml"), [-1000, -1000, -1000]),
        (("i07d.xml", "i07d.csv"), [-3000, -500, -100]),
        (("i07d.csv", "i07d.xml"), [-1000, -1000, -1000, -500, -100]),
    ],
)
def test_a_batch_and_its_payments_count_once(
    cases: Path, books: Books, names: tuple[str, ...], amounts: list[int]
) -> None:
    """What is booked first stays, and the other file brings nothing; so does either file again."""
    for name in (*names, *names):
        books.book(*read((cases / name).read_bytes()))
        assert books.codes(*read((cases / name).read_bytes())) == [[]]
    assert books.amounts(NUMBER) == sorted(amounts)


def test_an_edited_export_and_the_banks_own_are_never_both_booked(cases: Path, books: Books) -> None:
    """Both state the same balances, and other lines between them."""
    books.book(*read((cases / "i25a-edited.xml").read_bytes()))
    with pytest.raises(NotAccepted, match="This does not fit"):
        books.book(*read((cases / "i25b-true.xml").read_bytes()))
    assert books.amounts(NUMBER) == [-3000]


def test_a_delivery_with_other_numbers_is_known_again(cases: Path, books: Books) -> None:
    """Six lines in all, without a balance in either file."""
    for name in ("i10a.json", "i10b.json"):
        books.book(*read((cases / name).read_bytes()))
    assert len(books.amounts(NUMBER)) == 6
