"""Every format is booked by the same path: overlapping files leave each line once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from importers.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from tests.unit.importers.conftest import Books

    Writer = Callable[[str, Sequence[tuple[int, int]], int], bytes]

_DAYS = ((5, -1250), (5, -1250), (9, 50_000), (14, -700), (20, -33))


def _mt940(account: str, days: Sequence[tuple[int, int]], opening: int) -> bytes:
    def money(amount: int) -> str:
        return f"{abs(amount) // 100},{abs(amount) % 100:02d}"

    closing = opening + sum(amount for _, amount in days)
    fields = [
        f":61:2601{day:02d}01{day:02d}{'C' if amount > 0 else 'D'}{money(amount)}NTRFNONREF\n:86:dag {day}"
        for day, amount in days
    ]
    return "\n".join(
        (
            ":20:X",
            f":25:{account}",
            ":28C:0",
            f":60F:C260101EUR{money(opening)}",
            *fields,
            f":62F:C2601{days[-1][0]:02d}EUR{money(closing)}\n-",
        )
    ).encode()


def _ofx(account: str, days: Sequence[tuple[int, int]], opening: int) -> bytes:
    closing = opening + sum(amount for _, amount in days)
    lines = "".join(
        f"<STMTTRN><DTPOSTED>202601{day:02d}<TRNAMT>{amount / 100:.2f}<NAME>dag {day}</STMTTRN>" for day, amount in days
    )
    return (
        f"<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>{account}</BANKACCTFROM>{lines}"
        f"<LEDGERBAL><BALAMT>{closing / 100:.2f}<DTASOF>202601{days[-1][0]:02d}</LEDGERBAL></STMTRS></OFX>"
    ).encode()


def _rabobank(account: str, days: Sequence[tuple[int, int]], opening: int) -> bytes:
    rows = ["IBAN/BBAN,Munt,Volgnr,Datum,Bedrag,Saldo na trn,Omschrijving-1"]
    number = 900 + opening % 97
    for place, (day, amount) in enumerate(days):
        opening += amount
        money = [f'"{figure / 100:+.2f}"'.replace(".", ",") for figure in (amount, opening)]
        rows.append(f"{account},EUR,{number + place},2026-01-{day:02d},{money[0]},{money[1]},dag {day}")
    return "\n".join(rows).encode()


@pytest.mark.parametrize("write", [_mt940, _ofx])
def test_overlapping_files_leave_each_line_once(books: Books, write: Writer) -> None:
    """Twins of one day stay two, and what came before is known."""
    first = read(write(books.own, _DAYS[:3], 100_000))
    second = read(write(books.own, _DAYS, 100_000))
    assert books.codes(*first) == [[]]
    books.book(*first)
    assert books.codes(*second) == [[]]
    books.book(*second)
    books.book(*second)
    assert books.amounts() == sorted(amount for _, amount in _DAYS)


def test_rabobanks_numbers_tell_lines_apart(books: Books) -> None:
    """The same export twice adds nothing."""
    statements = read(_rabobank(books.own, _DAYS, 100_000))
    assert books.codes(*statements) == [[]]
    books.book(*statements)
    books.book(*statements)
    assert books.amounts() == sorted(amount for _, amount in _DAYS)


@pytest.mark.parametrize("apart", [False, True], ids=["in one file", "in a file each"])
def test_several_statements_of_one_day_open_by_the_day_before(books: Books, *, apart: bool) -> None:
    """Banks date the opening balance of each by the day before; each goes on where the one before it closed."""
    texts, opening = [], 100_000
    for amount in (885, -700, 40):
        texts.append(_mt940(books.own, [(5, amount)], opening))
        opening += amount
    deliveries = texts if apart else [b"\n".join(texts)]
    for content in deliveries:
        statements = read(content)
        assert books.codes(*statements) == [[] for _ in statements]
        books.book(*statements)
    assert books.amounts() == [-700, 40, 885]
    following = _mt940(books.own, [(9, -33)], opening).replace(b"C260101", b"C260105")
    assert books.codes(*read(following)) == [[]]
    amiss = _mt940(books.own, [(9, -33)], opening + 1).replace(b"C260101", b"C260105")
    assert books.codes(*read(amiss)) == [["continuity"]]


def test_a_month_that_ends_as_a_week_of_it_did_is_none_of_several_of_a_day(books: Books) -> None:
    """Though it opens with what the week closed with: its lines came before, so that its own day stands."""
    week = _mt940(books.own, [(31, -50_000)], 50_000).replace(b"C260101", b"C260125")
    month = _mt940(books.own, [(5, 50_000), (31, -50_000)], 0)
    for content in (week, month):
        statements = read(content)
        assert books.codes(*statements) == [[]]
        books.book(*statements)
    assert books.amounts() == [-50_000, 50_000]
    assert books.codes(*read(_mt940(books.own, [(1, 10_000)], 20_000))) == [["continuity"]]
