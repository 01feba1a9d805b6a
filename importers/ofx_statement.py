"""Statements and lines out of what OFX aggregates say.

OFX states one balance, at the end (`LEDGERBAL`); an opening balance is not stated,
and none is made up. Dates are the bank's own day as written, whatever time zone stands
behind them. `FITID` is the bank's reference; banks use it again or leave it out, which
the line's identity allows for (see `importers.matching`).

Source: OFX 1.6 and 2.1.1, sections 3.2.8 (dates), 3.2.9 (amounts), 11.4.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import minor_from_either
from importers.figures import other_than
from importers.figures import reference
from importers.figures import shown
from importers.figures import tidy
from importers.lines import LINES
from importers.reconcile import currency_problem
from importers.spool import Keeping
from importers.statement import Balance
from importers.statement import Line
from importers.statement import Problem
from importers.statement import Statement
from importers.statement import make_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.spool import Spool

_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,6})?(?:[.:][0-9]{1,6})?\s*(?:\[[^\]]{1,20}\])?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});", re.ASCII)


@dataclass(slots=True)
class OpenStatement:
    """A statement that is being read.

    Attributes:
        says: What it says outside its transactions, by tag; `LEDGERBAL/BALAMT` and the like for what stands deeper.
        lines: Its booked lines in the order of the file; `is_rising` as long as no day goes back.
        corrections: How many of them replace or delete an earlier one.
    """

    spool: Spool
    says: dict[str, str] = field(default_factory=dict)
    lines: Keeping[Line] = field(init=False)
    pending: list[Line] = field(default_factory=list)
    currencies: set[str] = field(default_factory=set)
    corrections: int = 0
    is_rising: bool = True
    last: dt.date = dt.date.min

    def __post_init__(self) -> None:
        """Begin without lines."""
        self.lines = Keeping(self.spool, LINES)

    def add(self, line: Line, *, is_booked: bool, corrects: bool) -> None:
        """Take a line, among the booked ones or apart from them."""
        self.corrections += corrects
        if not is_booked:
            self.pending.append(line)
            return
        self.lines.append(line)
        self.currencies.add(line.currency)
        self.is_rising = self.is_rising and line.booked_on >= self.last
        self.last = line.booked_on

    def oldest_first(self) -> Sequence[Line]:
        """Return the lines by date; a file from new to old is turned as a whole, so that a day keeps its order."""
        lines = self.lines.done()
        if not self.is_rising:
            turned = list(lines)
            if turned[0].booked_on > turned[-1].booked_on:
                turned.reverse()
            lines = sorted(turned, key=lambda line: line.booked_on)
        return self.spool.settle(tuple(lines) if isinstance(lines, list) else lines, LINES)


def unescaped(value: str) -> str:
    """Turn what stands for a sign into it; an ampersand that begins nothing of the kind is one."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), value)


@lru_cache(maxsize=4096)
def day_in(written: str) -> dt.date:
    """Read a date or instant as the bank's day.

    Raises:
        Unclear: Not a date.

    Source: OFX section 3.2.8.2.
    """
    found = _DAY.fullmatch(written)
    if found is None:
        raise Unclear(f"the date is {shown(written)}, not year, month and day in eight figures")
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise Unclear(f"there is no date {shown(written)}") from error


def amount_in(written: str) -> int:
    """Read a signed amount as hundredths.

    Raises:
        Unclear: Not an amount.

    Source: OFX section 3.2.9.1.
    """
    bare = written.strip()
    if bare[:1] == "-":
        return -minor_from_either(bare[1:])
    return minor_from_either(bare.removeprefix("+"))


def line_of(position: int, said: Mapping[str, str], currency: str | None, account: str | None = None) -> Line:
    """Make a line.

    Args:
        position: Its place in the file, from 1.
        said: What the transaction says, by tag; `PAYEE/NAME` and the like for what stands deeper.
        currency: The statement's.
        account: The statement's own, so that it is never taken for the counterparty.

    Returns:
        The line.

    Raises:
        Unclear: A part that a line cannot do without is missing or cannot be read.
    """
    written = said.get("DTPOSTED") or said.get("DTTRAN")
    if written is None:
        raise Unclear("a transaction has no date (DTPOSTED)")
    if "TRNAMT" not in said:
        raise Unclear("a transaction has no amount (TRNAMT)")
    stated = (said.get("CURRENCY/CURSYM") or currency or "").upper()
    if not _CURRENCY.fullmatch(stated):
        raise Unclear("nothing says the currency")
    available = said.get("DTAVAIL")
    return make_line(
        position=position,
        booked_on=day_in(written),
        valued_on=day_in(available) if available else None,
        amount_minor=amount_in(said["TRNAMT"]),
        currency=stated,
        name=tidy(said.get("NAME") or said.get("PAYEE/NAME") or said.get("PAYEE")),
        iban=other_than(account, account_number(said.get("BANKACCTTO/ACCTID") or said.get("CCACCTTO/ACCTID"))),
        text=tidy(said.get("MEMO")),
        bank_reference=reference(said.get("FITID")),
        type_code=tidy(said.get("TRNTYPE")),
        returned="CORRECTACTION" in said,
    )


def account_in(says: Mapping[str, str]) -> str | None:
    """Return the account that a statement is about."""
    return account_number(says.get("BANKACCTFROM/ACCTID") or says.get("CCACCTFROM/ACCTID"))


def statement_of(written: str, bank: str | None, opened: OpenStatement, known: tuple[Problem, ...]) -> Statement:
    """Make a statement.

    Args:
        written: The format's name.
        bank: The bank's name in the file's envelope.
        opened: What was read of it.
        known: Problems of the whole file.

    Returns:
        The statement, oldest line first.

    Raises:
        Unclear: It says nothing at all, or its balance cannot be read.
    """
    says, lines = opened.says, opened.oldest_first()
    if not (says or lines or opened.pending):
        raise Unclear("a statement says nothing: no account, no balance, no transaction")
    stated = says.get("CURDEF", "").upper()
    currency = stated if _CURRENCY.fullmatch(stated) else lines[0].currency if lines else None
    closing, problems = _closing(says)
    return Statement(
        format=written,
        bank=tidy(bank or says.get("BANKACCTFROM/BANKID")),
        account=account_in(says),
        currency=currency,
        number=None,
        opening=None,
        closing=closing,
        lines=lines,
        problems=(*known, *_corrections(opened), *problems, *currency_problem(opened.currencies, currency)),
        pending=tuple(opened.pending),
    )


def _corrections(opened: OpenStatement) -> tuple[Problem, ...]:
    if not opened.corrections:
        return ()
    text = f"The bank says that {opened.corrections} lines replace or delete earlier ones. Compare them by hand."
    return (Problem("other", text),)


def _closing(says: Mapping[str, str]) -> tuple[Balance | None, tuple[Problem, ...]]:
    """Read the closing balance; without an amount it is not stated, without a day it is of no use."""
    amount, day = says.get("LEDGERBAL/BALAMT"), says.get("LEDGERBAL/DTASOF", "")
    if amount is None:
        return None, ()
    amount_minor = amount_in(amount)
    if not day.strip("0"):
        return None, (Problem("other", "The closing balance (LEDGERBAL) has no day, so it was left out."),)
    return Balance(day_in(day), amount_minor), ()
