"""From the ledger's views and private values to the frames that rules see.

Reads one foundation in a handful of queries. A value that was erased is missing in the
frame, as if the bank had not said it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa

from audit.frames import Context
from audit.frames import accounts_frame
from audit.frames import decisions_frame
from audit.frames import declarations_frame
from audit.frames import payments_frame
from audit.frames import register_frame
from audit.frames import statements_frame
from audit.naming import fold
from ledger import tables
from ledger.commitment import load_openings
from ledger.entries.foundation.spending_declared import NO_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def load_context(connection: sa.Connection, foundation: str, loaded_from: dt.date | None = None) -> Context:
    """Return all that a rule sees of one foundation.

    Args:
        connection: One consistent state of the database.
        foundation: The foundation's id.
        loaded_from: Leaves out the payments booked before that day.
    """
    table = tables.foundation
    row = connection.execute(sa.select(table).where(table.c.id == foundation)).one()
    return Context(
        foundation=foundation,
        opened_on=row.opened_at.astimezone(AMSTERDAM).date(),
        approval_limit_minor=row.limit_minor,
        payments=payments_frame(_payments(connection, foundation, loaded_from)),
        register=register_frame(_register(connection, foundation)),
        decisions=decisions_frame(_decisions(connection, foundation)),
        statements=statements_frame(_statements(connection, foundation)),
        accounts=accounts_frame(_accounts(connection)),
        declarations=declarations_frame(_declarations(connection, foundation)),
    )


def up_to(context: Context, day: dt.date) -> Context:
    """Return a context with the facts dated up to a day: what was booked or recorded later is left out."""
    last = pd.Timestamp(day)
    after = pd.Timestamp(dt.datetime.combine(day, dt.time.max, AMSTERDAM)).tz_convert("UTC")
    payments, statements = context.payments, context.statements
    register, decisions, accounts = context.register, context.decisions, context.accounts
    return replace(
        context,
        payments=payments[payments["booked_on"] <= last],
        statements=statements[~(statements["closing_date"] > last)],
        register=register[register["proposed_at"] <= after],
        decisions=decisions[~(decisions["recorded_at"] > after)],
        accounts=accounts[accounts["declared_at"] <= after],
    )


def _payments(
    connection: sa.Connection, foundation: str, loaded_from: dt.date | None
) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the payments frame: what a bank booked, not what a district declares without one."""
    allocations = _allocations(connection, foundation)
    movement, private = tables.movement, tables.private_value
    query = (
        sa.select(movement, private.c.body.label("kept"))
        .outerjoin(private, private.c.idx == movement.c.idx)
        .where(movement.c.foundation == foundation, movement.c.account != NO_ACCOUNT)
        .order_by(movement.c.seq)
    )
    if loaded_from is not None:
        query = query.where(movement.c.booked_on >= loaded_from)
    for row in connection.execute(query.execution_options(yield_per=1000)):
        said = _said(row.kept)
        refs, code = said.get("refs") or {}, said.get("code") or {}
        yield {
            "seq": row.seq,
            "statement": row.statement,
            "account": row.account,
            "booked_on": row.booked_on,
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "name": said.get("name"),
            "iban": said.get("iban"),
            "text": said.get("text"),
            "creditor_id": refs.get("creditor"),
            "mandate": refs.get("mandate"),
            "type_code": code.get("type"),
            "counter": row.private_counter,
            "parts": tuple(_part(part) for part in said.get("parts") or ()),
            "allocations": tuple(allocations.get(row.seq, ())),
        }


def _said(kept: str | None) -> dict[str, Any]:
    """Return what the bank said of a line, as far as it still exists."""
    return {name: opening.value for name, opening in load_openings(kept).items()} if kept else {}


def _part(part: Mapping[str, object]) -> dict[str, object]:
    """Return one payment of a batch."""
    return {"amount_minor": part["amount"], "name": part["name"], "iban": part["iban"], "text": part["text"]}


def _allocations(connection: sa.Connection, foundation: str) -> dict[int, list[tuple[str, int, int]]]:
    """Return what each payment counts for."""
    table = tables.allocation
    query = sa.select(table).where(table.c.foundation == foundation, table.c.undone.is_(False))
    found: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for row in connection.execute(query.order_by(table.c.idx, table.c.item)):
        found[row.seq].append((row.initiative, row.category, row.amount_minor))
    return found


def _register(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the register frame: one per payee and IBAN."""
    table = tables.payee
    for row in connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(table.c.idx)):
        for iban in row.private_ibans or (None,):
            yield {
                "payee": row.id,
                "foundation": row.foundation,
                "name": row.private_name,
                "iban": iban,
                "kvk": row.private_kvk,
                "kind": row.private_kind,
                "status": row.status,
                "proposed_by": row.proposed_by,
                "approved_by": (row.approved_by,) if row.approved_by else (),
                "proposed_at": row.proposed_at,
                "approved_at": row.approved_at,
                "revoked_at": row.revoked_at,
                "basis": row.basis,
                "starts": row.starts,
            }


def _decisions(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the decisions frame."""
    table = tables.decision
    for row in connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(table.c.idx)):
        yield {
            "id": row.id,
            "payee": row.private_payee,
            "ceiling_minor": row.ceiling_minor,
            "month_ceiling_minor": row.month_ceiling_minor,
            "initiative": row.initiative,
            "category": row.category,
            "starts": row.starts,
            "ends": row.ends,
            "decided_on": row.decided_on,
            "proposed_by": row.proposed_by,
            "approved_by": tuple(dict.fromkeys((row.proposed_by, row.approved_by))) if row.approved_by else (),
            "recorded_at": row.approved_at,
            "withdrawn_at": row.withdrawn_at,
            "basis": row.basis,
            "purpose": row.private_purpose,
        }


def _statements(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the statements frame."""
    table = tables.statement
    for row in connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(table.c.seq)):
        yield {
            "seq": row.seq,
            "account": row.account,
            "number": row.private_number,
            "opening_date": row.opened_on,
            "opening_minor": row.opening_minor,
            "closing_date": row.closed_on,
            "closing_minor": row.closing_minor,
            "channel": row.channel,
            "accepted": row.accepted,
            "problems": tuple(row.problems),
        }


def _accounts(connection: sa.Connection) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the accounts frame: every foundation's, so that transfers are seen."""
    table = tables.account
    for row in connection.execute(sa.select(table).order_by(table.c.idx)):
        yield {
            "id": row.id,
            "iban": row.private_iban,
            "declared_at": row.declared_at,
            "closed_at": row.closed_at,
            "foundation": row.foundation,
        }


def _declarations(connection: sa.Connection, foundation: str) -> Iterator[Mapping[str, object]]:
    """Yield the rows of the declarations frame: one per person and IBAN.

    A declaration names somebody; who has an account here is known by id, as in approvals.
    """
    table = tables.declaration
    people = {
        _bare(row.name): row.id for row in connection.execute(sa.select(tables.person.c.name, tables.person.c.id))
    }
    for row in connection.execute(sa.select(table).where(table.c.foundation == foundation).order_by(table.c.idx)):
        for iban in row.private_ibans or (None,):
            yield {
                "person": people.get(_bare(row.private_person or ""), row.private_person),
                "relation": row.private_relation or "related",
                "iban": iban,
                "declared_at": row.declared_at,
            }


def _bare(name: str) -> str:
    """Return a name without case, accents and spaces."""
    return "".join(fold(name).split())
