"""The seeds of the fuzzing in MT940, in each dialect, and MT942.

Source: SWIFT MT940 and MT942; the banks' format descriptions of field 86.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.proofs.fuzz_books import figure

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from collections.abc import Sequence

    from tests.proofs.fuzz_books import Book
    from tests.proofs.fuzz_books import Row

_WIDTH = 65


def mt940(books: Sequence[Book], dialect: str) -> bytes:
    """Return an MT940 file.

    Args:
        books: One statement each.
        dialect: One of DIALECTS.
    """
    line = DIALECTS[dialect]
    start = ":940:\r\n" if dialect == "rabobank" else ""
    return (start + "".join(_message(book, dialect, line) for book in books)).encode()


def _message(book: Book, dialect: str, line: Callable[[Row], list[str]]) -> str:
    bank, account = ("TRIODOSBANK/", book.account[8:]) if dialect == "triodos" else ("", book.account)
    fields = [
        *([] if dialect == "rabobank" else [f"{book.account[4:8]}NL2A", "940", f"{book.account[4:8]}NL2A"]),
        f":20:P{book.ends:%y%m%d}{book.number}",
        f":25:{bank}{account}",
        f":28C:{book.number}/1",
        f":60F:{_balance(book.opening, book.starts)}",
        *(field for row in book.rows for field in line(row)),
        f":62F:{_balance(book.closing, book.ends)}",
        *([_ing_totals(book)] if dialect == "ing" else []),
        *([] if dialect == "rabobank" else ["-"]),
    ]
    return "".join(f"{field}\r\n" for field in fields)


def mt942(books: Sequence[Book]) -> bytes:
    """Return an MT942 file, which states totals and no balances."""
    return "".join(_interim(book) for book in books).encode()


def _interim(book: Book) -> str:
    sides = {side: [row.minor for row in book.rows if row.side == side] for side in "DC"}
    fields = [
        f":20:T{book.number}",
        f":25:{book.account}",
        f":28C:{book.number}/1",
        ":34F:EUR0,",
        f":13D:{book.ends:%y%m%d}1200+0100",
        *(field for row in book.rows for field in _free(row)),
        *(f":90{side}:{len(amounts)}EUR{figure(sum(amounts))}" for side, amounts in sides.items()),
        "-",
    ]
    return "".join(f"{field}\r\n" for field in fields)


def _balance(minor: int, day: dt.date) -> str:
    return f"{'D' if minor < 0 else 'C'}{day:%y%m%d}EUR{figure(minor)}"


def _ing_totals(book: Book) -> str:
    outward, inward = ([row.minor for row in book.rows if row.side == side] for side in "DC")
    return f":86:/SUM/{len(outward)}/{len(inward)}/{figure(sum(outward))}/{figure(sum(inward))}/"


def _line(row: Row, rest: str) -> str:
    """Write field 61; `RD` gives back what was taken."""
    mark = "RD" if row.reversal else row.side
    return f":61:{row.day:%y%m%d}{row.day:%m%d}{mark}{figure(row.minor)}{rest}"


def _folded(text: str) -> list[str]:
    pieces = [text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)]
    return [f":86:{pieces[0]}", *pieces[1:]]


def _abn(row: Row) -> list[str]:
    details = (
        f"/TRTP/SEPA OVERBOEKING/IBAN/{row.iban}/BIC/{row.iban[4:8]}NL2A/NAME/{row.name}/REMI/{row.text}"
        f"/EREF/E{row.reference}"
    )
    return [_line(row, f"N654NONREF//{row.reference}"), *_folded(details)]


def _ing(row: Row) -> list[str]:
    details = f"/EREF/E{row.reference}//CNTP/{row.iban}/{row.iban[4:8]}NL2A/{row.name}///REMI/USTD//{row.text}/"
    return [_line(row, f"NTRFEREF//{row.reference}"), "/TRCD/00100/", *_folded(details)]


def _rabobank(row: Row) -> list[str]:
    details = f"/EREF/E{row.reference}/BENM//NAME/{row.name}/REMI/{row.text}/ISDT/{row.day}"
    return [_line(row, "N102EREF"), row.iban, *_folded(details)]


def _bunq(row: Row) -> list[str]:
    return [_line(row, "NTRFNONREF"), *_folded(f"/IBAN/{row.iban}/NAME/{row.name}/REMI/{row.text}")]


def _triodos(row: Row) -> list[str]:
    numbered = f">20{row.iban[4:8]}NL2A>21{row.iban}>22{row.name}>23{row.text}>310666666666"
    return [_line(row, "NET NONREF"), f":86:000>100{'0' * 9}", numbered]


def _asn(row: Row) -> list[str]:
    wide = [f"{row.iban} {row.name}".ljust(_WIDTH), "".ljust(_WIDTH), row.text.ljust(_WIDTH)]
    return [_line(row, f"NOVB{row.iban}"), row.name, f":86:{wide[0]}", *wide[1:]]


def _knab(row: Row) -> list[str]:
    return [_line(row, f"NTRFNONREF//{row.reference}"), f":86:{row.text}", f"REK: {row.iban}/NAAM: {row.name}"]


def _free(row: Row) -> list[str]:
    return [_line(row, f"NTRFNONREF//{row.reference}"), f":86:{row.name} {row.text}"]


DIALECTS: dict[str, Callable[[Row], list[str]]] = {
    "abn": _abn,
    "ing": _ing,
    "rabobank": _rabobank,
    "bunq": _bunq,
    "triodos": _triodos,
    "asn": _asn,
    "knab": _knab,
    "plain": _free,
}
