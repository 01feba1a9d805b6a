"""From plans to what the banks book: every line of the year, with its purpose.

Invariants: the number of lines is what was asked for (never fewer than the plans need);
references are unique and rise with the booking date; on one day money comes in before it
goes out; small payments stay below the approval limit.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING

from dashboards.demo import chance as fiction
from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankPart
from dashboards.demo.district import DISTRICT_IBAN
from dashboards.demo.district import FOUNDATIONS
from dashboards.demo.district import GRANTS
from dashboards.demo.district import MONTHS
from dashboards.demo.district import NAME
from dashboards.demo.district import account_of
from dashboards.demo.district import date_of
from dashboards.demo.events import Share
from dashboards.demo.payees import DONORS
from dashboards.demo.payees import PAYEES
from dashboards.demo.plan_ekster import PLAN as EKSTER
from dashboards.demo.plan_melkput import PLAN as MELKPUT
from dashboards.demo.plan_steunpunt import PLAN as STEUNPUNT
from dashboards.demo.plan_stoepgroep import PLAN as STOEPGROEP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.demo.banks import Kind
    from dashboards.demo.chance import Chance
    from dashboards.demo.district import Foundation
    from dashboards.demo.plan import Habit
    from dashboards.demo.plan import Purpose
    from dashboards.demo.plan import Regular
    from dashboards.demo.plan import Single

PLANS = (EKSTER, MELKPUT, STEUNPUNT, STOEPGROEP)
_TYPICAL = 1_500
_SMALLEST_MINOR = 95
_LATE_PER_MONTH = 2, 4
_KEPT_ON = {grant.reference: grant.account for grant in GRANTS}
_SHOP_HOURS, _COFFEE_TIME = (9 * 60, 18 * 60 - 1), 10 * 60 + 15
_MONTH_NAMES = tuple("januari februari maart april mei juni juli augustus september oktober november december".split())
_SAVED = ((11, 11, 20_000_00), (3, 9, 15_000_00), (7, 20, -5_000_00), (9, 14, -10_000_00))
_INTEREST = ((1, 2, 22_14), (4, 1, 36_02), (7, 1, 41_27), (10, 1, 38_90))
_DONATIONS = (
    ("ekster", 12, 18, 205_60, 0, "Opbrengst winterlichtjes"),
    ("melkput", 2, 16, 84_20, 0, "Koffiebus huiskamer"),
    ("steunpunt", 3, 23, 125_00, 2, "Gift taalcafé"),
    ("stoepgroep", 6, 8, 61_50, 0, "Potje op de stoep"),
    ("ekster", 6, 14, 312_40, 0, "Opbrengst plantjesmarkt"),
    ("ekster", 7, 14, 486_15, 0, "Opbrengst zomerfeest"),
    ("ekster", 10, 9, 150_00, 2, "Gift voor de soep"),
    ("melkput", 6, 22, 96_35, 0, "Koffiebus huiskamer"),
    ("melkput", 8, 10, 250_00, 1, "Bijdrage fietsles"),
    ("melkput", 10, 5, 118_70, 0, "Koffiebus huiskamer"),
    ("steunpunt", 6, 29, 250_00, 1, "Bijdrage jongerenlab"),
    ("steunpunt", 9, 28, 74_85, 0, "Theebus taalcafé"),
)


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of one account, and what the treasurer knows about it.

    Attributes:
        payee: Key in `payees.PAYEES`; None where nobody in the register is paid.
        shares: What it is counted for; empty for income, transfers, and what nobody explains.
        covered: False where the approval was forgotten or never asked.
        habit: True for the small payments that come and go.
        late: True where the treasurer links the line a month later.
    """

    foundation: str
    account: str
    line: BankLine
    payee: str | None = None
    shares: tuple[Share, ...] = ()
    covered: bool = True
    habit: bool = False
    late: bool = False


def whole_year(chance: Chance, transactions: int, extra: tuple[Movement, ...]) -> tuple[Movement, ...]:
    """Return every line of every account, by foundation and in booking order.

    Args:
        chance: Where amounts and days come from.
        transactions: How many lines; small payments make up the number, and become smaller
            where more than the typical number are asked, so that the money suffices.
        extra: Lines from elsewhere (the story); counted among `transactions`.
    """
    planned = [*extra, *_income(), *_planned(chance)]
    planned.extend(_small_payments(chance, transactions - len(planned), transactions))
    ordered = sorted(planned, key=_booking_order)
    return _with_late_links(chance, _with_references(ordered))


def workday(day: dt.date) -> dt.date:
    """Return `day`, or the working day nearest after it, or before it where the month ends."""
    weekend = max(0, day.weekday() - 4)
    moved = day + dt.timedelta(days=(3 - weekend) if weekend else 0)
    return moved if moved.month == day.month else day - dt.timedelta(days=weekend)


def _booking_order(movement: Movement) -> tuple[str, dt.date, bool]:
    return movement.foundation, movement.line.booked_on, movement.line.amount_minor < 0


def _income() -> Iterator[Movement]:
    for foundation in FOUNDATIONS:
        for paid_on, minor, grant in foundation.tranches:
            line = BankLine("", paid_on, minor, "received", f"Voorschot {grant}", NAME, DISTRICT_IBAN)
            yield Movement(foundation.slug, _KEPT_ON[grant], line)
    for slug, month, day, minor, donor, text in _DONATIONS:
        name = DONORS[donor]
        booked_on = workday(date_of(month, day))
        line = BankLine("", booked_on, minor, "received", text, name, fiction.fictional_iban(name))
        yield Movement(slug, "current", line)
    yield from _savings(FOUNDATIONS[0])


def _savings(foundation: Foundation) -> Iterator[Movement]:
    current, savings = (account.iban for account in foundation.accounts)
    for month, day, minor in _SAVED:
        when = date_of(month, day)
        text = "Naar spaarrekening" if minor > 0 else "Van spaarrekening"
        out = BankLine("", when, -minor, "own", text, foundation.name, savings)
        yield Movement(foundation.slug, "current", out)
        yield Movement(foundation.slug, "savings", replace(out, amount_minor=minor, iban=current))
    for month, day, minor in _INTEREST:
        line = BankLine("", date_of(month, day), minor, "interest", "Rente kwartaal")
        yield Movement(foundation.slug, "savings", line)


def _planned(chance: Chance) -> Iterator[Movement]:
    for plan in PLANS:
        for regular in plan.regulars:
            for month in regular.months:
                yield _regular(plan.foundation, regular, month, chance)
        for single in plan.singles:
            yield _single(plan.foundation, single)


def _regular(foundation: str, regular: Regular, month: int, chance: Chance) -> Movement:
    spread = chance.between(-regular.spread_minor, regular.spread_minor)
    line = _payment(
        regular.purpose,
        regular.way,
        workday(date_of(month, regular.day)),
        regular.amount_minor + spread,
        regular.text.format(maand=_MONTH_NAMES[month - 1]),
    )
    parts = tuple(BankPart(-minor, PAYEES[key].name, PAYEES[key].iban, line.text, "") for key, minor in regular.parts)
    if parts:
        line = replace(line, name=None, iban=None, parts=parts)
    return _explained(foundation, regular.purpose, line)


def _single(foundation: str, single: Single) -> Movement:
    line = _payment(single.purpose, single.way, single.day, single.amount_minor, single.text)
    if single.way == "card":
        line = _at_the_till(line, _COFFEE_TIME)
    if single.refund:
        line = replace(line, amount_minor=-line.amount_minor, kind="received")
    movement = replace(_explained(foundation, single.purpose, line), covered=single.covered)
    if not single.split:
        return movement
    purpose = single.purpose
    rest = tuple(Share(purpose.initiative, category, -minor) for category, minor in single.split)
    first = line.amount_minor - sum(share.amount_minor or 0 for share in rest)
    return replace(movement, shares=(Share(purpose.initiative, purpose.category, first), *rest))


def _small_payments(chance: Chance, count: int, transactions: int) -> Iterator[Movement]:
    lottery = [(plan.foundation, habit) for plan in PLANS for habit in plan.habits for _ in range(habit.weight)]
    for _ in range(count):
        foundation, habit = chance.pick(lottery)
        yield _small_payment(foundation, habit, chance, max(transactions, _TYPICAL))


def _small_payment(foundation: str, habit: Habit, chance: Chance, transactions: int) -> Movement:
    month = chance.pick(habit.months)
    day = date_of(month, chance.between(1, calendar.monthrange(date_of(month, 1).year, month)[1]))
    drawn = chance.price(habit.low_minor, habit.high_minor) * _TYPICAL // transactions
    text = chance.pick(habit.texts) if habit.texts else ""
    line = _payment(habit.purpose, habit.way, day, max(drawn, _SMALLEST_MINOR), text)
    if habit.way == "card":
        line = _at_the_till(line, chance.between(*_SHOP_HOURS))
    return replace(_explained(foundation, habit.purpose, line), habit=True)


def _explained(foundation: str, purpose: Purpose, line: BankLine) -> Movement:
    share = Share(purpose.initiative, purpose.category)
    return Movement(foundation, account_of(purpose.initiative), line, purpose.payee or None, (share,))


def _payment(purpose: Purpose, way: Kind, day: dt.date, minor: int, text: str) -> BankLine:
    if way == "charge":
        return BankLine("", day, -minor, way, text)
    payee = PAYEES[purpose.payee]
    if way == "card":
        return BankLine("", day, -minor, way, f"Term: {fiction.terminal(payee.key)}", payee.name)
    line = BankLine("", day, -minor, way, text, payee.name, payee.iban)
    if way != "debit":
        return line
    mandate = f"M{fiction.fictional_kvk(purpose.initiative)}"
    return replace(line, mandate=mandate, creditor_id=fiction.creditor_id(payee.key))


def _at_the_till(line: BankLine, minute: int) -> BankLine:
    """Return a card line with the time, in minutes of the day, as the shop's terminal sends it."""
    clock = f"{minute // 60:02d}:{minute % 60:02d}"
    return replace(line, text=f"Pasvolgnr: 012 {line.booked_on:%d-%m-%Y} {clock} {line.text}")


def _with_references(movements: list[Movement]) -> list[Movement]:
    numbered = []
    for number, movement in enumerate(movements, start=1):
        reference = f"MW{movement.line.booked_on:%y%m%d}{number:06d}"
        parts = tuple(
            replace(part, end_to_end_id=f"{reference}-{index}")
            for index, part in enumerate(movement.line.parts, start=1)
        )
        stated = f"E{reference}" if movement.line.kind in {"transfer", "ideal", "debit", "received"} else None
        line = replace(movement.line, reference=reference, end_to_end_id=stated, parts=parts)
        numbered.append(replace(movement, line=line))
    return numbered


def _with_late_links(chance: Chance, movements: list[Movement]) -> tuple[Movement, ...]:
    late: set[int] = set()
    for plan in PLANS:
        for month in MONTHS:
            small = [
                index
                for index, item in enumerate(movements)
                if item.habit and item.foundation == plan.foundation and item.line.booked_on.month == month
            ]
            if small:
                late.update(chance.pick(small) for _ in range(chance.between(*_LATE_PER_MONTH)))
    return tuple(replace(item, late=index in late) for index, item in enumerate(movements))
