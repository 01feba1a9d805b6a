"""Money that left, payment by payment, and who got which share of it; and what of it came back.

Transfers to declared accounts are no spending, and neither are the bank's own charges and small interest, as far
as they stay below a ceiling for each line and for all of a month: what a bank takes is little, so that what is more is
looked at like any payment. A batch has one share for each of its parts; a batch without details has one share, of an
unknown payee. Payments come in the order of booking: by day, then by place in the book.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING
from typing import Any
from typing import Final
from typing import NamedTuple
from zoneinfo import ZoneInfo

from audit.classify import Counterparty
from audit.rule import Parameter
from audit.sharing import once
from audit.wording import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    import pandas as pd

    from audit.frames import Context
    from audit.rule import Parameters

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

Row = dict[str, Any]
"""A frame's row; the schema in audit.frames says which type each value has, None where it is missing."""


class Charges(NamedTuple):
    """What may pass as the bank's own charges, in minor units.

    Attributes:
        line_minor: The most on one line.
        month_minor: The most in a calendar month, the lines taken in the order of booking.
        interest_below_minor: Interest below this is a charge.
    """

    line_minor: int
    month_minor: int
    interest_below_minor: int


CHARGE_PARAMETERS: Final = (
    Parameter("charge_minor", N_("The most that passes as the bank's charge on one line"), "money", 5_000),
    Parameter("charges_minor", N_("The most that passes as the bank's charges in a month"), "money", 10_000),
    Parameter("interest_below_minor", N_("Interest below this amount is a charge"), "money", 1_000),
)
"""The parameters by which a foundation sets these limits, in the order of `Charges`."""
CHARGES: Final = Charges(*(parameter.default for parameter in CHARGE_PARAMETERS))


def charges_of(parameters: Parameters) -> Charges:
    """Return the limits for charges that a rule's parameters set."""
    return Charges(*(parameters[parameter.name] for parameter in CHARGE_PARAMETERS))


class Share(NamedTuple):
    """What one payee got of one payment.

    Attributes:
        part: Place in the batch, from 0; None where the payment is no batch.
        amount_minor: Above 0.
        payee: Id of the payee whom the register knew on booking.
    """

    part: int | None
    amount_minor: int
    party: Counterparty
    payee: str | None


class Payment(NamedTuple):
    """A line by which money left.

    Attributes:
        amount_minor: Above 0: what the shares add up to.
        allocations: What it was counted for, as (initiative, category, amount above 0).
    """

    seq: int
    booked_on: dt.date
    amount_minor: int
    currency: str
    shares: tuple[Share, ...]
    allocations: tuple[tuple[str, int, int], ...]


def recorded_day(instant: dt.datetime) -> dt.date:
    """Return the day in Amsterdam on which an instant fell: recorded by then counts for that booking day."""
    return instant.astimezone(AMSTERDAM).date()


def rows_of(frame: pd.DataFrame) -> Iterator[Row]:
    """Return a frame's rows with None for what is missing."""
    columns = [str(column) for column in frame.columns]
    values = [_plain(frame[column]) for column in columns]
    for row in zip(*values, strict=True):
        yield dict(zip(columns, row, strict=True))


def _plain(column: pd.Series) -> list[object]:
    """Return a column's values as plain Python values."""
    values = column.tolist()
    if column.dtype == object or column.dtype in {"int64", "bool"}:
        return list(values)
    return [None if missing else value for value, missing in zip(values, column.isna().tolist(), strict=True)]


class CameBack(NamedTuple):
    """A line by which money came back.

    Attributes:
        share: What came back, above 0, and from whom.
        corrects: Place of the payment that the bank gave back, where its codes say so.
        allocations: What it was taken off from, as (initiative, category, amount above 0).
    """

    seq: int
    booked_on: dt.date
    share: Share
    corrects: int | None
    allocations: tuple[tuple[str, int, int], ...]


@once
def spending(context: Context, charges: Charges = CHARGES) -> tuple[Payment, ...]:
    """Return the payments of a foundation, in the order of booking.

    Args:
        context: What is known of the foundation. Charges of its earlier payments count towards the month's.
        charges: What may pass as the bank's own charges.
    """
    own, taken = _own_accounts(context), _Taken(charges)
    for row in rows_of(_left(context.earlier[context.earlier["iban"].isna()])):
        taken.takes(row)
    payments = (_payment(row, context.opened_on, own, taken) for row in rows_of(_left(context.payments)))
    return tuple(payment for payment in payments if payment.shares)


@once
def came_back(context: Context) -> tuple[CameBack, ...]:
    """Return what came back and says from where: what the bank gave back, and what was taken off from spending."""
    frame = context.payments
    known = frame["corrects"].notna() | frame["allocations"].astype(bool)
    rows = rows_of(frame.loc[(frame["amount_minor"] > 0) & known].sort_values(["booked_on", "seq"]))
    return tuple(
        CameBack(
            seq=row["seq"],
            booked_on=row["booked_on"].date(),
            share=Share(None, row["amount_minor"], _party(row), _payee(row)),
            corrects=row["corrects"],
            allocations=_counted(row),
        )
        for row in rows
    )


def _left(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the lines by which money left for others, in the order of booking."""
    moved = frame["counter"].str.startswith("account:", na=False)
    return frame.loc[(frame["amount_minor"] < 0) & ~moved].sort_values(["booked_on", "seq"])


class _Taken:
    """What the bank took in charges, month by month."""

    def __init__(self, charges: Charges) -> None:
        self._charges = charges
        self._months: Counter[tuple[int, int]] = Counter()

    def takes(self, row: Row) -> bool:
        """Return whether a line passes as the bank's own charge, and count it."""
        if row["iban"] or row["parts"]:
            return False
        booking, amount, day = _party(row).booking, -row["amount_minor"], row["booked_on"]
        small = booking != "interest" or amount < self._charges.interest_below_minor
        taken = self._months[day.year, day.month] + amount
        if booking not in {"charge", "interest"} or not small or amount > self._charges.line_minor:
            return False
        if taken > self._charges.month_minor:
            return False
        self._months[day.year, day.month] = taken
        return True


def _payment(row: Row, opened_on: dt.date, own: Mapping[str, tuple[dt.date, dt.date]], taken: _Taken) -> Payment:
    booked_on = row["booked_on"].date()
    shares = () if taken.takes(row) else _shares(row)
    others = tuple(share for share in shares if not _is_own(share, booked_on, opened_on, own))
    return Payment(
        seq=row["seq"],
        booked_on=booked_on,
        amount_minor=sum(share.amount_minor for share in others),
        currency=row["currency"],
        shares=others,
        allocations=_counted(row),
    )


def _counted(row: Row) -> tuple[tuple[str, int, int], ...]:
    return tuple((name, category, abs(amount)) for name, category, amount in row["allocations"])


def _shares(row: Row) -> Iterator[Share]:
    """Return who got what."""
    parts = row["parts"]
    if parts:
        yield from (_part_share(place, part) for place, part in enumerate(parts) if part["amount_minor"] < 0)
        return
    yield Share(None, -row["amount_minor"], _party(row), _payee(row))


def _party(row: Row) -> Counterparty:
    """Return the other side of a line."""
    return Counterparty(
        name=row["name"],
        iban=row["iban"],
        text=row["text"],
        creditor_id=row["creditor_id"],
        mandate=row["mandate"],
        type_code=row["type_code"],
    )


def _payee(row: Row) -> str | None:
    """Return the id of the payee whom the register knew on booking."""
    counter = str(row["counter"] or "")
    return counter.removeprefix("payee:") if counter.startswith("payee:") else None


def _part_share(place: int, part: Row) -> Share:
    party = Counterparty(name=part["name"], iban=part["iban"], text=part["text"])
    return Share(place, -part["amount_minor"], party, None)


def _own_accounts(context: Context) -> dict[str, tuple[dt.date, dt.date]]:
    """Return the declared accounts' first and last day by IBAN."""
    spans: dict[str, tuple[dt.date, dt.date]] = {}
    for row in rows_of(context.accounts):
        if row["iban"]:
            last = recorded_day(row["closed_at"]) if row["closed_at"] else dt.date.max
            spans[row["iban"]] = (recorded_day(row["declared_at"]), last)
    return spans


def _is_own(share: Share, booked_on: dt.date, opened_on: dt.date, own: Mapping[str, tuple[dt.date, dt.date]]) -> bool:
    """Return whether a batch's part went to a declared account; for whole lines the booking resolved that."""
    span = own.get(share.party.iban or "")
    if share.part is None or span is None:
        return False
    first, last = span
    return booked_on <= last and (first <= booked_on or booked_on < opened_on)
