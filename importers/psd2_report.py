"""A PSD2 account report as a Statement: its balances, its order, and the pages that it lacks.

A report's balances are those of days, not of the list of transactions beside them. An
opening balance counts only where its day is not later than the first transaction's, a
closing one only where it is not earlier than the last one's; where transactions state
the balance after them, those are what frames the list.

Source: Berlin Group, NextGenPSD2 XS2A Framework Implementation Guidelines 1.3.x,
sections 14.9 (balances) and 14.18 (account report).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from importers.errors import Unclear
from importers.figures import other_than
from importers.figures import tidy
from importers.lines import LINES
from importers.psd2_entry import account_in
from importers.psd2_entry import currency_in
from importers.psd2_entry import day_in
from importers.psd2_entry import money_in
from importers.psd2_entry import text_in
from importers.reconcile import balance_problem
from importers.reconcile import currency_problem
from importers.reconcile import decimal_text
from importers.statement import Balance
from importers.statement import Problem
from importers.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.psd2_entry import Transaction
    from importers.spool import Spool
    from importers.statement import Line

_OPENING = ("openingBooked",)
_CLOSING = ("closingBooked", "interimBooked")


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it stands in the file.

    Attributes:
        says: What it says outside its transactions.
        goes_on: The bank says that there is another page.
    """

    says: Mapping[str, object]
    booked: Sequence[Transaction]
    pending: Sequence[Transaction]
    goes_on: bool


def statement_of(report: Report, spool: Spool) -> Statement:
    """Make a statement.

    Args:
        report: The report.
        spool: Where lines lie once they are many.

    Returns:
        The statement, oldest line first.

    Raises:
        Unclear: A booked transaction has no date, or a balance cannot be read.
    """
    account = report.says.get("account") or report.says.get("cardAccount")
    currency = currency_in(account)
    lines = _oldest_first([_without(account_in(account), _dated(one)) for one in report.booked])
    currencies = {line.currency for line in lines}
    if currency is None and len(currencies) == 1:
        currency = next(iter(currencies))
    opening, closing = _framing(report.says, lines)
    total_minor = sum(line.amount_minor for line in lines)
    return Statement(
        format="psd2",
        bank=_bank(account),
        account=account_in(account),
        currency=currency,
        number=None,
        opening=opening,
        closing=closing,
        lines=spool.settle(tuple(lines), LINES),
        problems=(
            *(_broken_chain(lines) or balance_problem(opening, total_minor, closing)),
            *currency_problem(currencies, currency),
            *_doubts(report),
        ),
        pending=tuple(one.line for one in report.pending if one.line is not None),
    )


def missing_pages(statements: Sequence[Statement], reports: Sequence[Report]) -> tuple[Statement, ...]:
    """Mark the reports that go on in a page that does not follow in the file."""
    found = []
    for place, (statement, report) in enumerate(zip(statements, reports, strict=True)):
        following = statements[place + 1 : place + 2]
        if report.goes_on and not any(one.account == statement.account for one in following):
            problem = Problem("missing_page", "The bank says that there is another page, and it is not in this file.")
            found.append(replace(statement, problems=(*statement.problems, problem)))
        else:
            found.append(statement)
    return tuple(found)


def _without(own: str | None, line: Line) -> Line:
    """Return a line whose counterparty is never the very account."""
    return line if other_than(own, line.iban) == line.iban else replace(line, iban=None)


def _dated(transaction: Transaction) -> Line:
    if transaction.line is None:
        raise Unclear("a booked transaction has no date (bookingDate)")
    return transaction.line


def _bank(account: object) -> str | None:
    return tidy(text_in(account.get("bic"))) if isinstance(account, dict) else None


def _doubts(report: Report) -> list[Problem]:
    """Say what could not be taken for certain."""
    doubts = []
    undated = sum(not one.has_booking_date for one in report.booked)
    if undated:
        text = f"{undated} transactions have no booking date; their value date was taken."
        doubts.append(Problem("booking_date", text))
    untold = sum(one.line is None for one in report.pending)
    if untold:
        doubts.append(Problem("pending", f"{untold} pending transactions have no date, so they are not shown."))
    unsigned = sum(one.is_unsigned_payment for one in report.booked)
    if unsigned and not any(one.amount_minor < 0 for one in report.booked):
        text = f"No amount has a minus, and {unsigned} transactions only say who was paid. Look which way they went."
        doubts.append(Problem("other", text))
    return doubts


def _oldest_first(lines: list[Line]) -> list[Line]:
    """Order lines by date; their balances tell, where they are stated, which way a day runs, else the whole file."""
    backwards = lines[::-1]
    orders = [sorted(order, key=lambda line: line.booked_on) for order in (lines, backwards)]
    fitting = [order for order in orders if _is_chained(order)]
    if len(fitting) == 1 and orders[0] != orders[1]:
        return fitting[0]
    runs_down = len(lines) > 1 and lines[0].booked_on > lines[-1].booked_on
    return orders[1] if runs_down else orders[0]


def _is_chained(lines: Sequence[Line]) -> bool:
    return not any(True for _ in _breaks(lines))


def _breaks(lines: Sequence[Line]) -> list[tuple[int, Line]]:
    """Return each line that the balance after the line before does not lead to, with what it should be."""
    found = []
    for before, line in itertools.pairwise(lines):
        if before.running_minor is None or line.running_minor is None:
            continue
        expected = before.running_minor + line.amount_minor
        if expected != line.running_minor:
            found.append((expected, line))
    return found


def _broken_chain(lines: Sequence[Line]) -> tuple[Problem, ...]:
    breaks = _breaks(lines)
    if not breaks:
        return ()
    expected, line = breaks[0]
    text = (
        f"After the transaction of {line.booked_on} the balance should be {decimal_text(expected)}, but the bank "
        f"states {decimal_text(line.running_minor or 0)}. {len(breaks)} balances do not continue."
    )
    return (Problem("balance", text),)


def _framing(says: Mapping[str, object], lines: Sequence[Line]) -> tuple[Balance | None, Balance | None]:
    """Return the balances before the first and after the last line."""
    if lines and lines[0].running_minor is not None and lines[-1].running_minor is not None:
        first, last = lines[0], lines[-1]
        before = (first.running_minor or 0) - first.amount_minor
        return Balance(first.booked_on, before), Balance(last.booked_on, last.running_minor or 0)
    opening, closing = _stated(says, _OPENING), _stated(says, _CLOSING)
    if opening is not None and lines and opening.date > lines[0].booked_on:
        opening = None
    if closing is not None and lines and closing.date < lines[-1].booked_on:
        closing = None
    return opening, closing


def _stated(says: Mapping[str, object], kinds: Sequence[str]) -> Balance | None:
    """Return the first stated balance of these kinds that has a day.

    Raises:
        Unclear: Its amount or its day cannot be read.
    """
    stated = says.get("balances")
    found = [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
    for kind in kinds:
        for balance in found:
            day = day_in(balance, "referenceDate") or day_in({"at": balance.get("lastChangeDateTime")}, "at")
            if text_in(balance.get("balanceType")) == kind and day is not None:
                return Balance(day, money_in(balance.get("balanceAmount"))[0])
    return None
