"""BNK-01: an opening balance differs from the previous closing, or a statement is missing.

Statements of an account are taken by the days they are about, whenever they were booked. One
that continues an earlier one must open with its closing balance. One that overlaps must open
with a balance that the account had on that day, by the lines already booked. Lines out of files
without balances are added before the next stated balance is compared. What was accepted although
it did not fit is named too.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import NamedTuple

from audit.examples import day
from audit.examples import payment
from audit.examples import statement
from audit.examples import world
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.spending import rows_of
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Expected
    from audit.spending import Row
    from audit.wording import Json
    from audit.wording import Reason

NO_BALANCE = "no_balance"

DIFFERS = N_(
    "It opens with %(opening_minor)s on %(opening_on)s; the one before closed with %(closing_minor)s on %(closing_on)s."
)
MISSING = N_("Between %(closing_on)s and %(opening_on)s a statement seems to be missing.")
ACCEPTED = N_("It was accepted although something did not fit. %(problem)s")


class Stated(NamedTuple):
    """A statement with all its balances."""

    opening_on: dt.date
    closing_on: dt.date
    seq: int
    opening_minor: int
    closing_minor: int


class Booked(NamedTuple):
    """A line of an account."""

    booked_on: dt.date
    seq: int
    statement: int
    amount_minor: int


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every statement that does not continue the account, or was accepted with problems."""
    accounts: dict[str, list[Row]] = {}
    for row in rows_of(context.statements):
        accounts.setdefault(row["account"], []).append(row)
    lines = _lines(context)
    for account, rows in sorted(accounts.items()):
        breaks = dict(_breaks(rows, lines.get(account, []), parameters["tolerance_minor"]))
        for row in sorted(rows, key=lambda row: row["seq"]):
            yield from _hits(row, breaks.get(row["seq"]))


def _lines(context: Context) -> dict[str, list[Booked]]:
    """Return every account's lines in the order of booking."""
    frame = context.payments[["booked_on", "seq", "statement", "amount_minor", "account"]]
    lines: dict[str, list[Booked]] = {}
    for row in rows_of(frame.sort_values(["booked_on", "seq"])):
        booked = Booked(row["booked_on"].date(), row["seq"], row["statement"], row["amount_minor"])
        lines.setdefault(row["account"], []).append(booked)
    return lines


def _breaks(rows: list[Row], lines: list[Booked], tolerance_minor: int) -> Iterator[tuple[int, tuple[Stated, Stated]]]:
    """Yield every statement that does not continue the account, as its seq with (the one before, itself)."""
    stated = sorted(found for row in rows if (found := _stated(row)) is not None)
    unstated = {row["seq"] for row in rows} - {one.seq for one in stated}
    before: Stated | None = None
    for one in stated:
        if before and not _continues(before, one, lines, unstated, tolerance_minor):
            yield one.seq, (before, one)
        if before is None or (one.closing_on, one.seq) >= (before.closing_on, before.seq):
            before = one


def _stated(row: Row) -> Stated | None:
    values = (row["opening_date"], row["closing_date"], row["opening_minor"], row["closing_minor"])
    if any(value is None for value in values):
        return None
    return Stated(
        row["opening_date"].date(), row["closing_date"].date(), row["seq"], row["opening_minor"], row["closing_minor"]
    )


def _continues(before: Stated, one: Stated, lines: list[Booked], unstated: set[int], tolerance_minor: int) -> bool:
    if abs(one.opening_minor - before.closing_minor) <= tolerance_minor:
        return True
    if one.opening_on <= before.closing_on:
        return one.opening_minor in _balances_on(one.opening_on, before, one, lines)
    between = sum(
        line.amount_minor
        for line in lines
        if line.statement in unstated and before.closing_on <= line.booked_on <= one.opening_on
    )
    return abs(one.opening_minor - before.closing_minor - between) <= tolerance_minor


def _balances_on(opening_on: dt.date, before: Stated, one: Stated, lines: list[Booked]) -> set[int]:
    """Return every balance that the account had on a day that an earlier statement is about.

    The first is that of the day's begin: the closing balance less all that was booked since.
    """
    known = [line for line in lines if line.statement != one.seq and opening_on <= line.booked_on <= before.closing_on]
    balance = before.closing_minor - sum(line.amount_minor for line in known)
    balances = {balance}
    for line in known:
        if line.booked_on == opening_on:
            balance += line.amount_minor
            balances.add(balance)
    return balances


def _hits(row: Row, broken: tuple[Stated, Stated] | None) -> Iterator[Hit]:
    problems = sorted(set(row["problems"])) if row["accepted"] and set(row["problems"]) != {NO_BALANCE} else []
    reasons = [reason(ACCEPTED, problem=problem) for problem in problems]
    if broken:
        reasons = [*_break_reasons(*broken), *reasons]
    if not reasons:
        return
    evidence: dict[str, Json] = {
        "statement": row["seq"],
        "opening_minor": row["opening_minor"],
        "closing_minor": row["closing_minor"],
        "channel": row["channel"],
        "problems": list(problems),
        "previous_statement": broken[0].seq if broken else None,
        "previous_closing_minor": broken[0].closing_minor if broken else None,
        "reasons": as_json(reasons),
    }
    yield Hit("BNK-01", (row["seq"],), "high", evidence)


def _break_reasons(before: Stated, one: Stated) -> Iterator[Reason]:
    closing_on, opening_on = before.closing_on.isoformat(), one.opening_on.isoformat()
    yield reason(
        DIFFERS,
        opening_minor=one.opening_minor,
        opening_on=opening_on,
        closing_minor=before.closing_minor,
        closing_on=closing_on,
    )
    if one.opening_on > before.closing_on + dt.timedelta(days=1):
        yield reason(MISSING, closing_on=closing_on, opening_on=opening_on)


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    january = statement(5, 0, 1_000)
    february = statement(6, 1_000, 2_000, opening_date=day("2026-02-01"), closing_date=day("2026-02-28"))
    late = {**february, "opening_date": day("2026-03-01"), "closing_date": day("2026-03-31")}
    overlap = statement(6, 400, 1_000, opening_date=day("2026-01-20"))
    lines = (
        payment(10, 400, booked_on=day("2026-01-05")),
        payment(11, 300, booked_on=day("2026-01-20")),
        payment(12, 300, booked_on=day("2026-01-20")),
    )
    unstated = statement(7, None, None, opening_date=None, closing_date=None, problems=("no_balance",))
    march = payment(13, 500, statement=7, booked_on=day("2026-02-10"))
    found: Expected = (((6,), "high"),)
    return (
        Example("one statement alone", world(statements=[january])),
        Example("the next opens where the last closed", world(statements=[january, february])),
        Example("a cent differs", world(statements=[january, {**february, "opening_minor": 1_001}]), found),
        Example("a gap in time and in balance", world(statements=[january, {**late, "opening_minor": 900}]), found),
        Example("a gap in time in which nothing happened", world(statements=[january, late])),
        Example("booked in another order", world(statements=[{**february, "seq": 4}, january])),
        Example("another account", world(statements=[january, {**february, "account": "other", "opening_minor": 7}])),
        Example("an overlap that opens with the day's first balance", world(*lines, statements=[january, overlap])),
        Example(
            "an overlap that opens within the day",
            world(*lines, statements=[january, {**overlap, "opening_minor": 700}]),
        ),
        Example(
            "an overlap that opens with a balance that never was",
            world(*lines, statements=[january, {**overlap, "opening_minor": 701}]),
            found,
        ),
        Example("no balance stated", world(march, statements=[january, unstated])),
        Example(
            "the next stated balance closes the gap",
            world(march, statements=[january, unstated, {**late, "opening_minor": 1_500}]),
        ),
        Example(
            "the next stated balance does not close the gap",
            world(march, statements=[january, unstated, {**late, "opening_minor": 1_501}]),
            found,
        ),
        Example(
            "accepted although it did not fit",
            world(statements=[january, {**february, "accepted": True, "problems": ("balance",)}]),
            found,
        ),
        Example("accepted because it states no balance", world(statements=[january, {**unstated, "accepted": True}])),
    )


RULE = Rule(
    id="BNK-01",
    version="1",
    status="active",
    kind="policy",
    severities=("high",),
    severity_note=N_("Always high."),
    title=N_("The bank's balances do not join up"),
    why=N_("When balances join up, no payment can have been left out."),
    how=N_(
        "Each statement begins with the amount that the last one ended with. "
        "This rule finds a gap: a statement is missing, or a balance differs. "
        "It also names files that were accepted although something in them did not fit."
    ),
    example=N_("One statement ends with €1,200. The next begins with €900. Nobody can see where €300 went."),
    false_positives=N_("Often a file was forgotten. As soon as it is there, the gap is closed."),
    references=("RULES BNK-01",),
    parameters=(Parameter("tolerance_minor", N_("Difference that is left alone"), "money", 0),),
    personal=False,
    check=rule,
    examples=examples,
)
