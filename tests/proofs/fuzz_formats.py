"""Every format that is fuzzed: its seeds, what an entry looks like in it, and what in it frames the entries.

`guard` says what the file itself can tell (see docs/proof/fuzz.md):

- `balances`: opening and closing balance of each statement; it names the sum, and so any line lost or doubled;
- `framing`: the same, as far as their days frame the lines;
- `totals`: number and sum of the entries, and no balances;
- `running`: a balance after each row; it tells everything between two rows, and nothing before the first or after the
  last;
- `nothing`: no figure but the lines' own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tests.proofs import fuzz_tables
from tests.proofs.fuzz_books import CURRENT
from tests.proofs.fuzz_books import EMPTY
from tests.proofs.fuzz_books import SAVINGS
from tests.proofs.fuzz_books import SMALL
from tests.proofs.fuzz_books import at_bank
from tests.proofs.fuzz_books import plain
from tests.proofs.fuzz_coda import coda
from tests.proofs.fuzz_json import psd2
from tests.proofs.fuzz_packed import inside
from tests.proofs.fuzz_packed import packed
from tests.proofs.fuzz_swift import DIALECTS
from tests.proofs.fuzz_swift import mt940
from tests.proofs.fuzz_swift import mt942
from tests.proofs.fuzz_workbooks import XLS_STREAM
from tests.proofs.fuzz_workbooks import xls
from tests.proofs.fuzz_workbooks import xlsx
from tests.proofs.fuzz_xml import camt
from tests.proofs.fuzz_xml import ofx

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from tests.proofs.fuzz_books import Book
    from tests.proofs.fuzz_books import Guard
    from tests.proofs.fuzz_json import Stated

_ROWS = re.compile(rb"[^\r\n]+")
_NEVER = re.compile(rb"(?!)")
_XLS_ROW = re.compile(rb"\x04\x02[^\0]\0(?!\0\0)..\0\0.{0,600}?(?=\x04\x02[^\0]\0..\0\0|\x0a\0\0\0)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a statement must say; None where its format does not state it."""

    account: str | None
    count: int
    total: int
    opening: int | None
    closing: int | None


@dataclass(frozen=True, slots=True)
class Seed:
    """A sound file, and what it says."""

    data: bytes
    says: tuple[Figures, ...]


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes:
        choices: What its seeds say.
        write: Makes a sound file that says what some books say.
        entry: An entry as written, whole.
        mark: What every entry that can be read begins with, so that no more are read than there are.
        frame: What states figures and holds the entries of a statement together; its matches are the same in a file
            of which only entries were changed.
        tokens: What to put into it.
        ends: Whether a file shows that it broke off.
        between: What stands between two entries.
        names_account: Whether it says which account it is about.
        number: What it says of an account.
        within: Where in the file entries and frames stand.
        is_packed: It is a ZIP, and what is said of its bytes is said of the files in it.
    """

    name: str
    guard: Guard
    choices: tuple[Sequence[Book], ...]
    write: Callable[[Sequence[Book]], bytes]
    entry: re.Pattern[bytes]
    mark: re.Pattern[bytes]
    frame: re.Pattern[bytes]
    tokens: tuple[bytes, ...]
    ends: bool = True
    between: bytes = b""
    names_account: bool = True
    number: Callable[[str], str] = str
    within: tuple[int, int | None] = (0, None)
    is_packed: bool = False

    @cached_property
    def seeds(self) -> tuple[Seed, ...]:
        """The sound files that are changed."""
        return tuple(self.seed(books) for books in self.choices)

    def inside(self, data: bytes) -> bytes:
        """Return the bytes in which entries and frames stand."""
        return inside(data) if self.is_packed else data[slice(*self.within)]

    def seed(self, books: Sequence[Book]) -> Seed:
        """Return a sound file that says what some books say."""
        return Seed(self.write(books), tuple(self._says(book) for book in books))

    def _says(self, book: Book) -> Figures:
        """Return what a statement of a book says; the balances after its rows give those of a table."""
        has_balances = self.guard in {"balances", "framing", "running"}
        is_ofx = self.name.startswith(("ofx", "qfx"))
        return Figures(
            self.number(book.account) if self.names_account else None,
            len(book.rows),
            book.total,
            book.opening if has_balances else None,
            book.closing if has_balances or is_ofx else None,
        )


_TWO = (SMALL, SAVINGS)
_WITH_EMPTY = (EMPTY, SMALL)
_CAMT_TOKENS = (
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE x>", b"&amp;", b"&#38;", b"&x;", b"<Ntry>", b"</Ntry>",
    b"<Ntry/>", b"<TxDtls>", b"</NtryDtls>", b"</Stmt>", b"<Stmt>", b"<Amt>", b"PDNG", b"DBIT", b"CRDT",
    b"<RvslInd>true</RvslInd>", b"<?x?>", b' Ccy="USD"', b"<a:Ntry xmlns:a='b'>", b"2025-02-30", b"\xc2\x85",
    b"\xe2\x80\xae",
)  # fmt: skip
_OFX_TOKENS = (
    b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!ENTITY x>", b"&amp;", b"&lt;", b"&#0;", b"&#x202e;", b"<STMTTRN>",
    b"</STMTTRN>", b"<STMTTRNP>", b"<TRNAMT>1.00", b"<STATUS>", b"</BANKTRANLIST>", b"<STMTRS>", b"</STMTRS>",
    b"<CURRENCY><CURSYM>USD</CURRENCY>", b"<PAYEE>", b"<NAME>", b"<INVSTMTRS>", b"19700101", b"<CORRECTFITID>1",
)  # fmt: skip
_SWIFT_TOKENS = (
    b"\r\n", b"\n", b"\r", b":61:", b":86:", b":20:", b":25:", b":28C:", b":60F:", b":60M:", b":62F:", b":62M:",
    b":64:", b":90D:", b"\r\n-\r\n", b"-}", b"{4:", b"/REMI/", b"/IBAN/", b"/NAME/", b"//", b"RC", b"RD", b"EC",
    b"1.250", b"0,", b"\r\n:61:250304D1,00NTRF\r\n:86:x", b"\xc2\x85", b"\xe2\x80\xae", b"\x0c",
)  # fmt: skip
_XLS_TOKENS = (
    b"\x0a\0\0\0", b"\x06\0\x16\0", b"\x2f\0\x02\0", b"\x22\0\x02\0\1\0", b"\x05\x02\x08\0", b"\x04\x02",
    b"\x03\x02\x0e\0", b"\xfe\xff\xff\xff", b"\xff\xff\xff\xff", b"\0\0", b"\x09\x08\x10\0\0\x06\x10\0",
    b"\x3c\0\x04\0" )  # fmt: skip
_JSON_TOKENS = (
    b"{", b"}", b"[", b"]", b",", b'"', b"\\", b"\\u0000", b"\\ud800", b"\\u202e", b"null", b"NaN", b"1e5", b"-",
    b"true", b"[[[[", b'"booked": [', b'"pending": [', b'"transactionAmount": {"amount": "1.00", "currency": "EUR"},',
    b'"amount": 12.50,',
    b'"creditDebitIndicator": "DBIT",', b'"bookingDate": "2025-02-30",', b'"_links": {"next": {"href": "x"}},', b"{},",
)  # fmt: skip
_TABLE_TOKENS = (
    b'"', b'""', b";", b",", b"\t", b"\r\n", b"\n", b"\r", b'"\r\n"', b"1.250", b"1.250,00", b"-", b"+", b"0,00",
    b"Af", b"Bij", b"Debit", b"31-2-2025", b"2025-02-30", b"\xc2\x85", b"\xe2\x80\xae", b"\xc2\xa0",
    b"\xef\xbb\xbf", b"sep=;\r\n", b"=1+1",
)  # fmt: skip
_CODA_TOKENS = (
    b"\r\n", b"\n", b"2100010000", b"2200010000", b"2300010000", b"2100010001", b"0", b"1", b"8", b"9", b"4", b"3",
    b"000000000001000", b"310226", b" " * 10, b"127", b"101", b"\xc2\x85", b"\xa0", b"EUR", b"USD",
)  # fmt: skip


_NOT_A_FIELD = rb"(?:(?!:[0-9]{2}|-\r\n)[^\r\n]*\r\n)*"
_FIELD = rb"[^\r\n]*\r\n"
_HEAD_940 = rb"^:20:" + _FIELD + rb":25:" + _FIELD + rb":28C:" + _FIELD + rb":60F:" + _FIELD
_FOOT_940 = rb"^:62F:" + _FIELD + rb"(?::86:" + _FIELD + rb")?(?:-\r\n)?"
_HEAD_942 = rb"^:20:" + _FIELD + rb":25:" + _FIELD + rb":28C:" + _FIELD + rb":34F:" + _FIELD + rb":13D:" + _FIELD
_FOOT_942 = rb"^:90[DC]:" + _FIELD + rb"(?:-\r\n)?"
_LINE = re.compile(rb"^:61:" + _FIELD + _NOT_A_FIELD + rb"(?::86:" + _FIELD + _NOT_A_FIELD + rb")?", re.MULTILINE)
_LINE_BEGINS = re.compile(rb"(?:^|\r)[ \t\x03\x1a\xef\xbb\xbf]*:61:", re.MULTILINE)
_CAMT_FRAME = rb"<\?xml.{0,400}?</GrpHdr>\n|<(?:Stmt|Rpt|Ntfctn)><Id>.{0,1500}?\n|</(?:Stmt|Rpt|Ntfctn)>\n"


def _camt(message: str, version: str, *, totals: bool) -> Format:
    """One CAMT message; entries and frames stand in lines of their own."""

    def write(books: Sequence[Book]) -> bytes:
        return camt(books, message, version, totals=totals)

    guard: Guard = "balances" if message == "053" else "totals" if totals else "nothing"
    # A report without balances shows no reversal's direction, which is a problem of its own: none stands in it.
    current = CURRENT if guard == "balances" else plain(CURRENT)
    return Format(
        f"camt.{message}.{version}{' totals' if totals else ''}",
        guard,
        ((current,), _TWO, _WITH_EMPTY),
        write,
        re.compile(rb"<Ntry>.{0,3000}?</Ntry>\n", re.DOTALL),
        re.compile(rb"<(?:[\w.-]+:)?Ntry[\s/>]"),
        re.compile(_CAMT_FRAME, re.DOTALL),
        _CAMT_TOKENS,
    )


def _ofx(version: str) -> Format:
    return Format(
        f"ofx {version}" if version != "card" else "qfx card",
        "nothing",
        ((CURRENT,), _TWO, _WITH_EMPTY),
        lambda books: ofx(books, version),
        re.compile(rb"<STMTTRN>.{0,1000}?</STMTTRN>\n", re.DOTALL),
        re.compile(rb"<STMTTRNP?[\s/>]", re.IGNORECASE),
        re.compile(rb"<(?:CC)?STMTTRNRS>.*?\n|</BANKTRANLIST>.*?\n", re.DOTALL),
        _OFX_TOKENS,
    )


def _mt940(dialect: str) -> Format:
    choices: tuple[Sequence[Book], ...] = ((CURRENT,), _TWO, _WITH_EMPTY)
    if dialect == "triodos":
        choices = tuple(tuple(at_bank(book, "TRIO") for book in books) for books in choices)
    return Format(
        f"mt940 {dialect}",
        "balances",
        choices,
        lambda books: mt940(books, dialect),
        _LINE,
        _LINE_BEGINS,
        re.compile(_HEAD_940 + rb"|" + _FOOT_940, re.MULTILINE),
        _SWIFT_TOKENS,
    )


def _mt942() -> Format:
    return Format(
        "mt942",
        "totals",
        ((plain(CURRENT),), _TWO, _WITH_EMPTY),
        mt942,
        _LINE,
        _LINE_BEGINS,
        re.compile(_HEAD_942 + rb"|" + _FOOT_942, re.MULTILINE),
        _SWIFT_TOKENS,
        ends=False,
    )


def _psd2(name: str, guard: Guard, stated: Stated) -> Format:
    with_empty: tuple[Sequence[Book], ...] = (_WITH_EMPTY,) if stated == "balances" else ()
    return Format(
        name,
        guard,
        ((plain(CURRENT),), _TWO, *with_empty),
        lambda books: psd2(books, stated),
        re.compile(rb'^\{"transactionId".*?\}(?=,?\n)', re.MULTILINE),
        re.compile(rb'"transactionAmount"'),
        re.compile(rb'^(?:\[\n)?\{"account":[^\n]*\n|^\], "pending"[^\n]*\n', re.MULTILINE),
        _JSON_TOKENS,
        between=b",\n",
    )


def _coda() -> Format:
    return Format(
        "coda",
        "balances",
        ((replace(CURRENT, rows=tuple(replace(row, reversal=False) for row in CURRENT.rows)),), _TWO, _WITH_EMPTY),
        coda,
        re.compile(rb"^21[0-9]{4}0000[^\r\n]*\r\n(?:2(?![1][0-9]{4}0000)[^\r\n]*\r\n)*", re.MULTILINE),
        re.compile(rb"(?:^|\r|\n)21[0-9]{4}[0 ]{4}", re.MULTILINE),
        re.compile(rb"^0[^\r\n]*\r\n1[^\r\n]*\r\n|^8[^\r\n]*\r\n9[^\r\n]*\r\n", re.MULTILINE),
        _CODA_TOKENS,
    )


def _zip() -> Format:
    """CAMT files in a ZIP, one for each account."""
    camt_053 = _camt("053", "02", totals=False)

    def write(books: Sequence[Book]) -> bytes:
        return packed({f"{place}.xml": camt_053.write((book,)) for place, book in enumerate(books)})

    return replace(camt_053, name="zip of camt.053", write=write, is_packed=True)


def _table(name: str) -> Format:
    kind = fuzz_tables.KINDS[name]
    head = fuzz_tables.table(kind, ()).rstrip(b"\r\n")
    several = ((SAVINGS,),) if kind.has_one_account else (_TWO,)
    choices: tuple[Sequence[Book], ...] = ((plain(CURRENT),), *several, (SMALL,))
    return Format(
        name,
        kind.guard,
        tuple(tuple(at_bank(book, kind.bank) if kind.bank else book for book in books) for books in choices),
        lambda books: fuzz_tables.table(kind, books),
        _row_pattern(head.splitlines()),
        _ROWS,
        re.compile(re.escape(head)) if head else _NEVER,
        _TABLE_TOKENS,
        ends=False,
        names_account=bool(kind.bank) and not kind.has_one_account,
        number=fuzz_tables.card_of if kind.is_card else str,
    )


def _workbook(name: str, write: Callable[[Sequence[Book]], bytes]) -> Format:
    choices = tuple(tuple(at_bank(plain(book), "ABNA") for book in books) for books in ((CURRENT,), _TWO, (SMALL,)))
    is_packed = name == "xlsx"
    return Format(
        name,
        "running",
        choices,
        write,
        re.compile(rb"^<row r=\"(?!1\")[0-9]+\">.*?</row>\n", re.MULTILINE) if is_packed else _XLS_ROW,
        re.compile(rb"<row[\s/>]") if is_packed else re.compile(rb"\x04\x02"),
        re.compile(rb"accountNumber.*?description", re.DOTALL),
        _CAMT_TOKENS if is_packed else _XLS_TOKENS,
        within=(0, None) if is_packed else XLS_STREAM,
        is_packed=is_packed,
    )


def _row_pattern(head: Sequence[bytes]) -> re.Pattern[bytes]:
    """Return what a row looks like: any line that stands not in the head."""
    not_the_head = b"".join(rb"(?!" + re.escape(line) + rb"\r\n)" for line in head)
    return re.compile(rb"^" + not_the_head + rb"[^\r\n]+\r\n", re.MULTILINE)


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        _camt("053", "02", totals=False),
        _camt("053", "08", totals=True),
        _camt("052", "06", totals=True),
        _camt("054", "08", totals=True),
        _camt("054", "02", totals=False),
        *(_mt940(dialect) for dialect in DIALECTS),
        _mt942(),
        *(_ofx(version) for version in ("102", "211", "card")),
        *(_table(name) for name in fuzz_tables.KINDS),
        _psd2("psd2", "framing", "balances"),
        _psd2("psd2 running", "running", "running"),
        _psd2("psd2 bare", "nothing", "nothing"),
        _coda(),
        _zip(),
        _workbook("xlsx", xlsx),
        _workbook("xls", xls),
    )
}
