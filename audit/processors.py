"""Firms that pass payments on for shops: which accounts are known to be theirs, and when one is believed.

A name is whatever the payer typed, so that "via Mollie" says nothing on a stranger's account. Such a firm is
believed on an account on which it is known to collect, or where the bank's own code says iDEAL; the shop behind it
is then read from the line's words. A payment request (Tikkie and the like) can have come from anybody, who wrote its
words as well, so that it is believed nowhere.

The table holds organisations alone, each as somebody published it. Firms give many shops an account of
their own, so that it is never complete: an installation adds those that it knows (`BUURTKAS_PROCESSORS`). PayPal is
left out on purpose: what goes to its account can be spent by the payer.

Source: Mollie, Payments API reference, `details` of a bank transfer: account of Stichting Mollie Payments. Amnesty
International Nederland, "Incasso": account of Buckaroo Stichting Derdengelden.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Final

from audit.naming import fold
from audit.naming import is_processor

if TYPE_CHECKING:
    from collections.abc import Collection

    from audit.booking import Booking

ACCOUNTS: Final = frozenset({
    "NL53ABNA0627535577",  # Stichting Mollie Payments
    "NL28DEUT0265186439",  # Buckaroo Stichting Derdengelden
})  # fmt: skip
"""Accounts on which a firm that passes payments on is known to collect."""

_REQUEST: Final = re.compile(r"tikkie|betaalverzo|bunq\.me")


def passes_on(iban: str | None, name: str | None, booking: Booking | None, accounts: Collection[str]) -> bool:
    """Return whether a payment is known to have gone through a firm that passes payments on.

    Args:
        iban: The account that was paid.
        name: The payee as the bank's line names it.
        booking: What kind of line the bank's code says it is.
        accounts: Those on which such a firm is known to collect.
    """
    known = (iban or "") in accounts
    return (known or booking == "ideal") and not is_request(name) and (known or is_processor(name))


def is_request(name: str | None) -> bool:
    """Return whether a name is that of a payment request, by which a payment can go to anybody."""
    return bool(name) and _REQUEST.search(fold(name or "")) is not None
