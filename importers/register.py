"""What counterparties are known as: approved payees of a foundation, and declared accounts.

The other side's account tells. A name is whatever the payer typed, so that it counts on one kind of line alone: on
that of a card payment, which has no account, and whose name the shop's terminal sends.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Final

import sqlalchemy as sa

from ledger import tables

if TYPE_CHECKING:
    from importers.statement import Line

CARD: Final = frozenset("CCRD POSD POS BA NBA BEA NBEA BETAALAUTOMAAT MASTERCARD CARD CARD_PAYMENT".split())
"""The banks' own codes for a card payment, as the rules know them too (`audit.booking`)."""


class Register:
    """The register of one foundation, as it stands."""

    def __init__(self, connection: sa.Connection, foundation: str) -> None:
        payee, account = tables.payee, tables.account
        columns = (payee.c.id, payee.c.private_ibans, payee.c.private_name, payee.c.kind)
        approved = sa.select(*columns).where(payee.c.foundation == foundation, payee.c.status == "approved")
        rows = connection.execute(approved).all()
        declared = sa.select(account.c.id, account.c.private_iban).where(account.c.closed_at.is_(None))
        self._ibans = {iban: f"payee:{row.id}" for row in rows for iban in row.private_ibans or ()}
        self._ibans.update({row.private_iban: f"account:{row.id}" for row in connection.execute(declared)})
        self._shops = {
            _plain(row.private_name): f"payee:{row.id}"
            for row in rows
            if row.kind == "organisation" and row.private_name
        }

    def counter(self, line: Line) -> str | None:
        """Return what a line's counterparty is known as."""
        if line.iban:
            return self._ibans.get(line.iban)
        return self._shops.get(_plain(line.name)) if line.name and not line.parts and _is_card(line) else None


def _is_card(line: Line) -> bool:
    """Return whether the bank says that a line is a card payment."""
    return not CARD.isdisjoint(re.split(r"[-/+, ]+", (line.type_code or "").upper()))


def _plain(name: str) -> str:
    """Return a name without case and spaces."""
    return "".join(name.split()).casefold()
