"""Statements and lines out of what OFX aggregates say.

OFX states one balance, at the end (`LEDGERBAL`); an opening balance is not stated,
and none is made up. Dates are the bank's own day as written, whatever time zone stands
behind them. `FITID` is the bank's reference; banks use it again or leave it out, which
the line's identity allows for (see `importers.matching`).

Source: OFX 1.6 and 2.1.1, sections 3.2.8 (dates), 3.2.9 (amounts), 11.4.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import minor_from_either
from importers.figures import reference
from importers.figures import shown
from importers.figures import tidy
from importers.reconcile import problems_of
from importers.statement import Balance
from importers.statement import Line
from importers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.statement import Problem

_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,6})?(?:[.:][0-9]{1,6})?\s*(?:\[[^\]]{1,20}\])?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


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


def line_of(position: int, said: Mapping[str, str], currency: str | None) -> Line:
    """Make a line.

    Args:
        position: Its place in the file, from 1.
        said: What the transaction says, by tag; `PAYEE/NAME` and the like for what stands deeper.
        currency: The statement's.

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
    return Line(
        position=position,
        booked_on=day_in(written),
        valued_on=day_in(available) if available else None,
        amount_minor=amount_in(said["TRNAMT"]),
        currency=stated,
        name=tidy(said.get("NAME") or said.get("PAYEE/NAME")),
        iban=account_number(said.get("BANKACCTTO/ACCTID") or said.get("CCACCTTO/ACCTID")),
        text=tidy(said.get("MEMO")),
        bank_reference=reference(said.get("FITID")),
        type_code=tidy(said.get("TRNTYPE")),
    )


def statement_of(
    written: str,
    bank: str | None,
    says: Mapping[str, str],
    lines: tuple[Sequence[Line], Sequence[Line]],
    problems: tuple[Problem, ...],
) -> Statement:
    """Make a statement.

    Args:
        written: The format's name.
        bank: The bank's name in the file's envelope.
        says: What the statement says outside its transactions, by tag.
        lines: The booked and the pending lines, in the order of the file.
        problems: What was found already.

    Returns:
        The statement, oldest line first.

    Raises:
        Unclear: It names no account, or its balance cannot be read.
    """
    account = account_number(says.get("BANKACCTFROM/ACCTID") or says.get("CCACCTFROM/ACCTID"))
    if account is None:
        raise Unclear("a statement does not say which account it is about (ACCTID)")
    booked, pending = lines
    currency = says.get("CURDEF") or (booked[0].currency if booked else None)
    statement = Statement(
        format=written,
        bank=tidy(bank or says.get("BANKACCTFROM/BANKID")),
        account=account,
        currency=currency.upper() if currency else None,
        number=None,
        opening=None,
        closing=_closing(says),
        lines=tuple(_oldest_first(booked)),
        pending=tuple(pending),
    )
    return replace(statement, problems=(*problems, *problems_of(statement)))


def _closing(says: Mapping[str, str]) -> Balance | None:
    amount, day = says.get("LEDGERBAL/BALAMT"), says.get("LEDGERBAL/DTASOF")
    if amount is None and day is None:
        return None
    if amount is None or day is None:
        raise Unclear("the closing balance (LEDGERBAL) has no amount or no date")
    return Balance(day_in(day), amount_in(amount))


def _oldest_first(lines: Sequence[Line]) -> Sequence[Line]:
    """Order lines by date; a file that runs from new to old is turned as a whole, so that a day keeps its order."""
    if len(lines) > 1 and lines[0].booked_on > lines[-1].booked_on:
        lines = lines[::-1]
    return sorted(lines, key=lambda line: line.booked_on)
