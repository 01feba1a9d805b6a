"""Many rows at once: every value comes back as it was, and what the tables forbid stays forbidden."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from ledger import tables
from ledger.database import WRITING
from ledger.inserting import FEW
from ledger.inserting import insert_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.installation import Installation

pytestmark = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
MANY = 3 * FEW
TEXTS = (None, "", "\\N", "\\.", "a\tb", "a\nb\r", '"', "back\\slash", "één euro €", "NULL")
"""What a text format could take for something else."""


def _insert(installation: Installation, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    with installation.engine.connect().execution_options(**WRITING) as connection, connection.begin():
        insert_rows(connection, table, rows)


def _all(installation: Installation, table: sa.Table) -> list[dict[str, Any]]:
    with installation.store.reading() as connection:
        found = connection.execute(sa.select(table).order_by(*table.primary_key.columns))
        return [dict(row) for row in found.mappings()]


def _round(place: int) -> dict[str, Any]:
    text = TEXTS[place % len(TEXTS)]
    row = {"id": f"{place:016x}", "idx": place, "amount_minor": 2**53 - place, "currency": "EUR"}
    return {**row, "slug": text, "neighbourhood": text, "themes": [text, {"a": text}] if text else None}


def _entry(place: int) -> dict[str, Any]:
    row = {"idx": place, "book": "foundation/0011223344556677", "seq": place, "type": "run"}
    return {**row, "hash": bytes([place, 0, 255, 92, 10]), "body": b"\\x\t\n\x00" * place}


def _seal(place: int) -> dict[str, Any]:
    row = {"idx": place, "day": NOW.date() + dt.timedelta(days=place), "size": place, "root": "5e" * 32}
    return {**row, "books": 1, "books_root": "5e" * 32, "at": NOW + dt.timedelta(hours=place)}


@pytest.mark.parametrize("count", [1, FEW - 1, FEW, MANY])
@pytest.mark.parametrize(
    ("table", "make"),
    [(tables.round_, _round), (tables.entry, _entry), (tables.seal, _seal)],
    ids=["round", "entry", "seal"],
)
def test_values_come_back_as_they_were(installation: Installation, table: sa.Table, make: Any, count: int) -> None:  # noqa: ANN401 - a maker of rows
    """Nothing, bytes, days, instants, lists, and text that looks like a sign of the format itself, few and many."""
    rows = [make(place) for place in range(count)]
    _insert(installation, table, rows)
    assert _all(installation, table) == rows


@pytest.mark.parametrize("count", [FEW - 1, MANY])
def test_no_row_replaces_one_that_is_there(installation: Installation, count: int) -> None:
    """One row too many stops them all, what was there stays, and the error quotes no value."""
    first = _entry(count - 1) | {"body": b"the first"}
    _insert(installation, tables.entry, [first])
    with pytest.raises(sa.exc.DatabaseError, match=r"unique|never") as refused:
        _insert(installation, tables.entry, [_entry(place) for place in range(count)])
    assert "0011223344556677" not in str(refused.value)
    assert _all(installation, tables.entry) == [first]


def test_rows_go_with_their_transaction(installation: Installation) -> None:
    """What a transaction inserted is gone when it is taken back."""
    with installation.engine.connect().execution_options(**WRITING) as connection, connection.begin() as transaction:
        insert_rows(connection, tables.entry, [_entry(place) for place in range(MANY)])
        transaction.rollback()
    assert _all(installation, tables.entry) == []
