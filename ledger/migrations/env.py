"""Alembic's environment: it migrates the connection that `upgrade` hands it, inside its transaction.

Alembic keeps its own table beside the others, in the schema that the connection looks in first.
"""

from __future__ import annotations

from alembic import context

from ledger import tables

context.configure(connection=context.config.attributes["connection"], target_metadata=tables.metadata)
with context.begin_transaction():
    context.run_migrations()
