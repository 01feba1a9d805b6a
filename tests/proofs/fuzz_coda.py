"""The seeds of the fuzzing in CODA.

Source: Febelfin, Standard CODA 2.3, records 0 to 9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from tests.proofs.fuzz_books import Book
    from tests.proofs.fuzz_books import Row


def coda(books: Sequence[Book]) -> bytes:
    """Return a CODA file with one statement each."""
    return "".join(f"{record}\r\n" for book in books for record in _records(book)).encode("cp1252")


def _records(book: Book) -> list[str]:
    movements = [record for number, row in enumerate(book.rows, start=1) for record in _movement(number, row)]
    went_out = -sum(row.minor for row in book.rows if row.minor < 0)
    came_in = sum(row.minor for row in book.rows if row.minor > 0)
    number, account = f"{book.number:03d}", book.account.ljust(34) + "EUR"
    old = f"13{number}{account}{_signed(book.opening)}{_day(book.starts)}".ljust(125) + number
    new = f"8{number}{account}{_signed(book.closing)}{_day(book.ends)}".ljust(127) + "0"
    trailer = f"9{'':15}{len(movements) + 2:06d}{_amount(went_out)}{_amount(came_in)}".ljust(127) + "2"
    return [f"00000{_day(book.ends)}12305 ".ljust(127) + "2", old, *movements, new, trailer]


def _movement(number: int, row: Row) -> list[str]:
    records = _details(number, 0, row, row.minor)
    for detail, minor in enumerate(row.parts, start=1):
        records += _details(number, detail, row, minor)
    return records


def _details(number: int, detail: int, row: Row, minor: int) -> list[str]:
    place, day = f"{number:04d}{detail:04d}", _day(row.day)
    first = f"21{place}{row.reference:21}{_signed(minor)}{day}001010000{row.text:53.53}{day}0030"
    second = f"22{place}{row.text[53:106]:53}{row.reference:35}".ljust(125)
    third = f"23{place}{row.iban:34}EUR{row.name:35.35}".ljust(125)
    return [f"{first}1 0", f"{second}1 0", f"{third}0 0"]


def _day(day: dt.date) -> str:
    return f"{day:%d%m%y}"


def _amount(minor: int) -> str:
    return f"{minor * 10:015d}"


def _signed(minor: int) -> str:
    return f"{'1' if minor < 0 else '0'}{_amount(abs(minor))}"
