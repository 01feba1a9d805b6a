"""Wise's CSV: the statement of a balance, one currency each.

The amount holds what Wise takes for it, or that stands in a row of its own (`FEE-..`): either way the running
balance goes with the amount, and `Total fees` only says how much of it that was. The file does not say the
account's number; its currency tells balances apart.

Source: Wise, balance statement CSV; files from 2020 to 2026.
"""

from __future__ import annotations

from importers.profiles.profile import Profile

WISE = Profile(
    bank="Wise",
    columns={
        "bank_reference": ("transferwise id", "wise id"),
        "booked_on": ("date",),
        "amount": ("amount",),
        "currency": ("currency",),
        "text": ("payment reference",),
        "text_2": ("description",),
        "running": ("running balance",),
        "payer": ("payer name",),
        "payee": ("payee name",),
        "merchant": ("merchant",),
        "iban": ("payee account number",),
        "type_code": ("transaction details type",),
    },
    required=frozenset({"bank_reference", "booked_on", "amount", "currency", "running", "payer", "payee"}),
    apart=("currency",),
)
