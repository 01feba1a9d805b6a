"""Money that left, payment by payment, and who got which share of it.

Transfers to declared accounts and the bank's own charges are no spending. A batch has one share
for each of its parts; a batch without details has one share, of an unknown payee. Payments come
in the order of booking: by day, then by place in the book.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from zoneinfo import ZoneInfo

from audit.classify import Counterparty
from audit.sharing import once

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

    import pandas as pd

    from audit.frames import Context

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

Row = dict[str, Any]
"""A frame's row; the schema in audit.frames says which type each value has, None where it is missing."""


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


@once
def spending(context: Context) -> tuple[Payment, ...]:
    """Return the payments of a foundation, in the order of booking."""
    frame = context.payments
    moved = frame["counter"].str.startswith("account:", na=False)
    left = frame.loc[(frame["amount_minor"] < 0) & ~moved].sort_values(["booked_on", "seq"])
    own = _own_accounts(context)
    payments = (_payment(row, context.opened_on, own) for row in rows_of(left))
    return tuple(payment for payment in payments if payment.shares)


def _payment(row: Row, opened_on: dt.date, own: Mapping[str, tuple[dt.date, dt.date]]) -> Payment:
    booked_on = row["booked_on"].date()
    shares = tuple(share for share in _shares(row) if not _is_own(share, booked_on, opened_on, own))
    return Payment(
        seq=row["seq"],
        booked_on=booked_on,
        amount_minor=sum(share.amount_minor for share in shares),
        currency=row["currency"],
        shares=shares,
        allocations=tuple((name, category, abs(amount)) for name, category, amount in row["allocations"]),
    )


def _shares(row: Row) -> Iterator[Share]:
    """Return who got what; nobody where it is the bank's own charge."""
    parts = row["parts"]
    if parts:
        yield from (_part_share(place, part) for place, part in enumerate(parts) if part["amount_minor"] < 0)
        return
    fields = {key: row[key] for key in ("name", "iban", "text", "creditor_id", "mandate", "type_code")}
    party = Counterparty(**fields)
    if party.booking != "charge":
        counter = str(row["counter"] or "")
        payee = counter.removeprefix("payee:") if counter.startswith("payee:") else None
        yield Share(None, -row["amount_minor"], party, payee)


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
