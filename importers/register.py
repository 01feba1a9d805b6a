"""What counterparties are known as: approved payees of a foundation, and declared accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables

if TYPE_CHECKING:
    from importers.statement import Line


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
        """Return what a line's counterparty is known as.

        A card payment has no IBAN: there the merchant's name says which organisation it is.
        """
        if line.iban:
            return self._ibans.get(line.iban)
        return self._shops.get(_plain(line.name)) if line.name and not line.parts else None


def _plain(name: str) -> str:
    """Return a name without case and spaces."""
    return "".join(name.split()).casefold()
