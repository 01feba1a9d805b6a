"""What a bank delivered and was not booked, as a desk shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.desks import DeskUser
    from dashboards.pages.parts import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A file that was delivered and not booked.

    Args:
        key: names it in desks.delivery_seen(key).
        foundation: whose account it is about; None where nobody can tell.
        why: a translated sentence.
    """

    key: str
    foundation: Link | None
    filename: str
    refused_at: dt.datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesPage:
    """What waits to be seen. Each row posts the token to desks.delivery_seen(key)."""

    user: DeskUser
    csrf_token: str
    rows: tuple[DeliveryRow, ...]
