"""Edits of an installation's database with plain SQL, as somebody with its file could make them.

The triggers are dropped first, and made again or not. An edit that changes nothing is no edit.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from ledger import tables
from ledger.canonical import canonical
from ledger.canonical import parse
from ledger.comparing import MOST_OF_KEY
from ledger.database import FENCES
from ledger.entry import FIRST_PREV
from ledger.merkle import leaf_hash

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from collections.abc import Sequence
    from pathlib import Path

HEADS = {table.name for table in tables.HEADS}
TABLES = {table.name: table for table in (*tables.RECORD, *tables.HEADS, tables.private_value, *tables.VIEWS)}
AREAS = {
    "entries": ("entry",),
    "views": tuple(table.name for table in tables.VIEWS if table.name != "disclosure"),
    "disclosures": ("disclosure",),
    "private values": ("private_value",),
    "heads and nodes": tuple(sorted(HEADS)),
}
WEIGHTS = {"entries": 8, "views": 6, "disclosures": 3, "private values": 2, "heads and nodes": 2}

Dump = dict[str, dict[int, tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: what kind, in which table, and which rows differ after it."""

    kind: str
    area: str
    table: str
    first: int | None
    rows: frozenset[str]


def make_edit(database: Path, rng: random.Random) -> Edit | None:
    """Make one random edit on a database; None where it changed nothing."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.text_factory = bytes
    try:
        before = _dump(connection)
        _drop_fences(connection)
        area = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        filled = [name for name in AREAS[area] if before[name]]
        kinds = KINDS | (ENTRY_KINDS if area == "entries" else {})
        kind, table = rng.choice(list(kinds)), rng.choice(filled)
        try:
            kinds[kind](connection, table, rng)
        except sqlite3.IntegrityError:
            return None
        if rng.random() < 0.5:
            for name, body in FENCES.items():
                connection.execute(f"CREATE TRIGGER {name} {body}")
        return _difference(kind, area, table, before, _dump(connection))
    finally:
        connection.close()


def _drop_fences(connection: sqlite3.Connection) -> None:
    """Drop the triggers."""
    for name in FENCES:
        connection.execute(f"DROP TRIGGER {name}")


def _dump(connection: sqlite3.Connection) -> Dump:
    """Return every row of every table, by rowid, values with their types."""
    connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    dump = {
        name: {row[0]: tuple((type(value), value) for value in row[1:]) for row in _rows(connection, name)}
        for name in TABLES
    }
    connection.text_factory = bytes
    return dump


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    """Return a table's rows, each after its rowid."""
    return connection.execute(f'SELECT rowid, * FROM "{table}" ORDER BY rowid').fetchall()


def _difference(kind: str, area: str, table: str, before: Dump, after: Dump) -> Edit | None:
    """Return what an edit changed."""
    if before == after:
        return None
    if before["entry"] != after["entry"]:
        return Edit(kind, area, "entry", _first_index(before["entry"], after["entry"]), frozenset())
    old, new = before[table], after[table]
    rows = [row for at in old.keys() | new.keys() if old.get(at) != new.get(at) for row in (old.get(at), new.get(at))]
    return Edit(kind, area, table, None, frozenset(_key(table, row) for row in rows if row is not None))


def _first_index(before: dict[int, tuple[Any, ...]], after: dict[int, tuple[Any, ...]]) -> int | None:
    """Return the smallest log index at which two logs differ; None where only something outside the log came in."""
    old = {row[0][1]: row for row in before.values()}
    new = {row[0][1]: row for row in after.values()}
    places = [at for at in old.keys() | new.keys() if old.get(at) != new.get(at)]
    inside = [at for at in places if isinstance(at, int) and at >= 0]
    return min(*inside, len(old)) if inside else None


def _key(table: str, row: tuple[Any, ...]) -> str:
    """Return a row's primary key as the verifier names it."""
    columns = [column.name for column in TABLES[table].columns]
    parts = [row[columns.index(column.name)][1] for column in TABLES[table].primary_key]
    return "/".join(str(part) for part in parts).encode("ascii", "backslashreplace").decode()[:MOST_OF_KEY]


def _column(table: str, rng: random.Random) -> str:
    """Return a random column."""
    return rng.choice([column.name for column in TABLES[table].columns])


def _rowid(connection: sqlite3.Connection, table: str, rng: random.Random) -> int:
    """Return a random row's rowid."""
    return int(rng.choice(_rows(connection, table))[0])


def _get(connection: sqlite3.Connection, table: str, column: str, rowid: int) -> tuple[str, Any]:
    """Return a value with SQLite's name for its type."""
    query = f'SELECT typeof("{column}"), "{column}" FROM "{table}" WHERE rowid = ?'
    kind, value = connection.execute(query, (rowid,)).fetchone()
    return kind.decode(), value


def _put(connection: sqlite3.Connection, table: str, column: str, rowid: int, kind: str, value: Any) -> None:  # noqa: ANN401, PLR0917 - any SQL value
    """Put a value; text is handed over as bytes, so that it may be broken."""
    place = "CAST(? AS TEXT)" if kind == "text" else "?"
    connection.execute(f'UPDATE "{table}" SET "{column}" = {place} WHERE rowid = ?', (value, rowid))


def _flip(connection: sqlite3.Connection, table: str, rng: random.Random) -> None:
    """Flip one bit of one value."""
    rowid, column = _rowid(connection, table, rng), _column(table, rng)
    kind, value = _get(connection, table, column, rowid)
    if kind == "integer":
        _put(connection, table, column, rowid, kind, value ^ (1 << rng.randrange(40)))
    elif value:
        changed = bytearray(value)
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        _put(connection, table, column, rowid, kind, bytes(changed))


def _delete(connection: sqlite3.Connection, table: str, rng: random.Random) -> None:
    """Delete one row."""
    connection.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (_rowid(connection, table, rng),))


def _insert(connection: sqlite3.Connection, table: str, rng: random.Random) -> None:
    """Insert a copy of a row under other keys."""
    columns = [column.name for column in TABLES[table].columns]
    row = dict(zip(columns, rng.choice(_rows(connection, table))[1:], strict=True))
    for column in TABLES[table].columns:
        kind = column.type.python_type
        if column.primary_key or column.unique or column.name in {"seq", "idx"}:
            row[column.name] = rng.choice((-1, rng.randrange(2000))) if kind is int else f"{rng.getrandbits(64):016x}"
    marks = ", ".join("CAST(? AS TEXT)" if TABLES[table].c[name].type.python_type is str else "?" for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values()))


def _swap(connection: sqlite3.Connection, table: str, rng: random.Random) -> None:
    """Swap one column's values of two rows."""
    one, other, column = _rowid(connection, table, rng), _rowid(connection, table, rng), _column(table, rng)
    first, second = _get(connection, table, column, one), _get(connection, table, column, other)
    aside = ("integer", -77) if first[0] == "integer" else ("text", b"aside")
    for rowid, (kind, value) in ((one, aside), (other, first), (one, second)):
        _put(connection, table, column, rowid, kind, value)


def _truncate(connection: sqlite3.Connection, table: str, rng: random.Random) -> None:
    """Cut a value short, or cut the last rows off."""
    if rng.random() < 0.3:
        last = [row[0] for row in _rows(connection, table)][-rng.randint(1, 5) :]
        connection.executemany(f'DELETE FROM "{table}" WHERE rowid = ?', [(rowid,) for rowid in last])
        return
    rowid, column = _rowid(connection, table, rng), _column(table, rng)
    kind, value = _get(connection, table, column, rowid)
    if kind == "integer":
        _put(connection, table, column, rowid, kind, value // 10)
    elif value:
        _put(connection, table, column, rowid, kind, value[: rng.randrange(len(value))])


def _replace(connection: sqlite3.Connection, table: str, rng: random.Random) -> None:
    """Put something else in a value's place, often of another type."""
    others: Sequence[tuple[str, Any]] = (
        ("null", None),
        ("integer", 0),
        ("integer", 2**62),
        ("integer", -5),
        ("real", 0.5),
        ("real", float("inf")),
        ("text", b""),
        ("text", b"\xff\xfe\xed\xa0\x80"),
        ("text", b"[" * 5000),
        ("text", b"null"),
        ("text", b"{}"),
        ("text", b'{"name":[1,2]}'),
        ("blob", b"\x00" * 64),
        ("blob", b"{}"),
    )
    _put(connection, table, _column(table, rng), _rowid(connection, table, rng), *rng.choice(others))


def _retype(connection: sqlite3.Connection, table: str, rng: random.Random) -> None:
    """Keep a value's bytes and change its type."""
    rowid, column = _rowid(connection, table, rng), _column(table, rng)
    kind, value = _get(connection, table, column, rowid)
    if kind in {"text", "blob"}:
        _put(connection, table, column, rowid, "blob" if kind == "text" else "text", value)


def _rehash(connection: sqlite3.Connection, _table: str, rng: random.Random) -> None:
    """Change an entry and make its hash again."""
    rowid = _rowid(connection, "entry", rng)
    _write_body(connection, rowid, _forged(_body(connection, rowid), rng))


def _relink(connection: sqlite3.Connection, _table: str, rng: random.Random) -> None:
    """Change an entry, link the rest of its book anew, and put the book's head right."""
    rowid = _rowid(connection, "entry", rng)
    _write_body(connection, rowid, _forged(_body(connection, rowid), rng))
    _link_book(connection, str(_body(connection, rowid)["book"]))


def _close_gap(connection: sqlite3.Connection, _table: str, rng: random.Random) -> None:
    """Take an entry out of log and book, and close the gaps it leaves."""
    rowid = _rowid(connection, "entry", rng)
    body = _body(connection, rowid)
    idx = connection.execute("SELECT idx FROM entry WHERE rowid = ?", (rowid,)).fetchone()[0]
    connection.execute("DELETE FROM entry WHERE rowid = ?", (rowid,))
    connection.execute("UPDATE entry SET idx = -idx WHERE idx > ?", (idx,))
    connection.execute("UPDATE entry SET idx = -idx - 1 WHERE idx < 0")
    connection.execute("UPDATE log_head SET size = size - 1")
    _link_book(connection, str(body["book"]))


def _exchange(connection: sqlite3.Connection, _table: str, rng: random.Random) -> None:
    """Exchange the places of two entries that follow one another in the log."""
    size = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    idx = rng.randrange(size - 1)
    for old, new in ((idx, -1), (idx + 1, idx), (-1, idx + 1)):
        connection.execute("UPDATE entry SET idx = ? WHERE idx = ?", (new, old))


def _body(connection: sqlite3.Connection, rowid: int) -> dict[str, Any]:
    """Return what an entry says."""
    return dict(parse(connection.execute("SELECT body FROM entry WHERE rowid = ?", (rowid,)).fetchone()[0]))


def _forged(body: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """Return a body that says something else, as plausibly as may be."""
    numbers = [name for name, value in body.items() if type(value) is int and name not in {"v", "seq"}]
    if numbers:
        name = rng.choice(numbers)
        return {**body, name: body[name] + 1}
    return {**body, "by": [f"{rng.getrandbits(64):016x}"]}


def _write_body(connection: sqlite3.Connection, rowid: int, body: dict[str, Any]) -> None:
    """Write an entry with its hash and place."""
    data = canonical(body)
    connection.execute(
        "UPDATE entry SET body = ?, hash = ?, seq = ? WHERE rowid = ?", (data, leaf_hash(data), body["seq"], rowid)
    )


def _link_book(connection: sqlite3.Connection, book: str) -> None:
    """Link all entries of a book anew, and put its head right."""
    head = FIRST_PREV
    rows = connection.execute("SELECT rowid FROM entry WHERE book = ? ORDER BY seq", (book,)).fetchall()
    for seq, (rowid,) in enumerate(rows):
        _write_body(connection, rowid, {**_body(connection, rowid), "seq": seq, "prev": head})
        head = leaf_hash(canonical(_body(connection, rowid))).hex()
    values = (len(rows), bytes.fromhex(head), book)
    connection.execute("UPDATE book_head SET length = ?, hash = ? WHERE book = ?", values)


KINDS: dict[str, Callable[[sqlite3.Connection, str, random.Random], None]] = {
    "flip": _flip,
    "delete": _delete,
    "insert": _insert,
    "swap": _swap,
    "truncate": _truncate,
    "replace": _replace,
    "retype": _retype,
}
ENTRY_KINDS: dict[str, Callable[[sqlite3.Connection, str, random.Random], None]] = {
    "forge and hash again": _rehash,
    "forge and link anew": _relink,
    "remove and close the gap": _close_gap,
    "exchange neighbours": _exchange,
}
