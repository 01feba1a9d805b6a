"""The two fillers of views do the same, and refuse the same."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from ledger import rebuild as rebuilding
from ledger import tables
from ledger.check_views import verify_installation
from ledger.entries import allocating
from ledger.entries import showing
from ledger.entry import foundation_book
from ledger.entry import initiative_book
from ledger.errors import MalformedEntry
from ledger.views import DatabaseViews
from tests.unit.ledger.memory_views import MemoryViews

if TYPE_CHECKING:
    from ledger.canonical import Json
    from ledger.commitment import Opening
    from ledger.entry import Entry
    from ledger.entry import Views
    from ledger.installation import Installation
    from ledger.store import Appender

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
OWNER = "00112233445566aa"
GARDEN = "8899aabbccddeeff"
BOOK, TUIN = foundation_book(OWNER), initiative_book(GARDEN)
RUN = {"idx": 1, "size": 2, "rules": "5e" * 32, "at": NOW}
SUM = {"foundation": OWNER}


def _nothing(_book: str, _seq: int) -> Entry:
    raise MalformedEntry("the book has no entry 0")


def _no_openings(_idx: int) -> dict[str, Opening]:
    return {}


def _play(views: Views) -> None:
    """Use every verb once, with and without rows that match."""
    views.insert("run", RUN)
    views.update("run", {"idx": 1}, {"size": 3})
    views.update("run", {"idx": 9}, {"size": 9})
    views.update("run", {"size": 3, "idx": 1}, {"rules": "6f" * 32})
    views.add("foundation_sum", SUM, {})
    views.add("foundation_sum", SUM, {"paid_minor": 5})
    views.add("foundation_sum", {"foundation": GARDEN}, {"paid_minor": 7, "movements": 1})
    views.add("movement", {"idx": 99}, {"allocated_minor": 5})
    views.put("disclosure", {"book": BOOK, "seq": 0, "field": "name"}, {"salt": "0", "value": "1"})
    views.put("disclosure", {"book": BOOK, "seq": 0, "field": "name"}, {"salt": "0", "value": "2"})
    views.put("disclosure", {"book": BOOK, "seq": 1, "field": "name"}, {"salt": "0", "value": "3"})
    views.remove("disclosure", {"book": BOOK, "seq": 1, "field": "name"})
    views.remove("disclosure", {"book": BOOK, "seq": 7, "field": "name"})
    views.insert("budget_line", {"initiative": GARDEN, "category": 1, "idx": 5, "amount_minor": 1})
    views.insert("budget_line", {"initiative": GARDEN, "category": 2, "idx": 5, "amount_minor": 2})
    views.update("budget_line", {"idx": 5, "name": None}, {"name": "planten"})


def test_both_fillers_make_the_same_rows(installation: Installation) -> None:
    """After the same work the database and the memory hold equal rows."""
    memory = MemoryViews(_nothing, _no_openings)
    _play(memory)
    with installation.engine.connect() as connection:
        views = DatabaseViews(connection, lambda: None)
        _play(views)
        views.flush()
        for name, rows in memory.rows.items():
            table = tables.metadata.tables[name]
            found = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            assert sorted(map(repr, found)) == sorted(map(repr, rows.values())), name


def test_an_update_by_an_index_of_one_row_finds_it() -> None:
    """Rows are found by their log index where that is theirs alone."""
    memory = MemoryViews(_nothing, _no_openings)
    memory.insert("round", {"id": OWNER, "idx": 4, "amount_minor": 1, "currency": "EUR"})
    memory.update("round", {"idx": 4}, {"slug": "ronde-1"})
    memory.update("round", {"idx": 5}, {"slug": "ronde-2"})
    assert [row["slug"] for row in memory.rows["round"].values()] == ["ronde-1"]


def test_a_row_stands_once() -> None:
    """A second row under the same key is refused."""
    memory = MemoryViews(_nothing, _no_openings)
    memory.insert("run", RUN)
    with pytest.raises(MalformedEntry, match="a row twice"):
        memory.insert("run", RUN)


def _opened(installation: Installation, appender: Appender) -> None:
    """Write a foundation with a statement of two lines, and an initiative with a budget of two categories."""
    store = installation.store
    public: dict[str, Json] = {"kind": "foundation", "limit": 0, "currency": "EUR", "every": None, "basis": "desk"}
    appender.append(store.draft(BOOK, "opened", public, {"slug": "a", "name": "b", "kvk": None}))
    for line, amount in enumerate((-500, 200)):
        moved: dict[str, Json] = {"account": OWNER, "statement": 0, "line": line, "booked_on": "2026-02-01"}
        moved |= {"valued_on": None, "amount": amount, "currency": "EUR"}
        kept: dict[str, Json] = dict.fromkeys(("name", "iban", "text", "refs", "code", "parts", "counter"), None)
        appender.append(store.draft(BOOK, "transaction", moved, kept))
    budget: dict[str, Json] = {"lines": [[1, 10, None, None], [2, 20, None, None]], "currency": "EUR"}
    appender.append(store.draft(TUIN, "budget set", budget, {"names": ["planten", "aarde", "te veel"]}))


def _allocate(installation: Installation, appender: Appender, *items: Json) -> None:
    public: dict[str, Json] = {"foundation": OWNER, "statement": 0, "currency": "EUR", "items": list(items)}
    appender.append(installation.store.draft(TUIN, "allocation", public))


def _sums(installation: Installation) -> tuple[int, int]:
    with installation.store.reading() as connection:
        columns = (tables.foundation_sum.c.explained_minor, tables.foundation_sum.c.refunded_minor)
        explained, refunded = connection.execute(sa.select(*columns)).one()
        return explained, refunded


def test_an_allocation_counts_and_a_deallocation_takes_back(installation: Installation) -> None:
    """Payments and refunds count apart, and an item taken back counts no longer."""
    with installation.store.writing(NOW) as appender:
        _opened(installation, appender)
        _allocate(installation, appender, [1, -500, 1], [2, 200, 1])
    assert _sums(installation) == (500, 200)
    with installation.store.writing(NOW) as appender:
        back: dict[str, Json] = {"allocation": 1, "items": [0]}
        appender.append(installation.store.draft(TUIN, "deallocation", back, {"reason": None}))
    assert _sums(installation) == (0, 200)
    assert verify_installation(installation).ok


@pytest.mark.parametrize(
    ("type_", "public", "what"),
    [
        ("allocation", {"items": [[0, -500, 1]]}, "booked_on is missing"),
        ("allocation", {"items": [[77, -500, 1]]}, "no entry 77"),
        ("deallocation", {"allocation": 1, "items": [5]}, "has no item 5"),
        ("deallocation", {"allocation": 0, "items": [0]}, "items is missing"),
        ("deallocation", {"allocation": 9, "items": [0]}, "no entry 9"),
    ],
)
def test_what_does_not_exist_is_not_allocated(
    installation: Installation, type_: str, public: dict[str, Any], what: str
) -> None:
    """Entries and items that are none are refused with our own error, and nothing is written."""
    base: dict[str, Json] = {}
    if type_ == "allocation":
        base = {"foundation": OWNER, "statement": 0, "currency": "EUR"}
    private: dict[str, Json] = {"reason": None} if type_ == "deallocation" else {}
    with installation.store.writing(NOW) as appender:
        _opened(installation, appender)
        _allocate(installation, appender, [1, -500, 1])
    draft = installation.store.draft(TUIN, type_, {**base, **public}, private)
    with pytest.raises(MalformedEntry, match=what), installation.store.writing(NOW) as appender:
        appender.append(draft)
    assert verify_installation(installation).entries == 5


def test_names_of_a_budget_are_shown_as_far_as_there_are_lines(installation: Installation) -> None:
    """A name too many breaks nothing; withdrawn, the names are gone."""
    with installation.store.writing(NOW) as appender:
        _opened(installation, appender)
        appender.append(installation.store.draft(TUIN, "disclosed", {"pairs": [[0, "names"]]}))
    assert _names(installation) == ["planten", "aarde"]
    assert verify_installation(installation).ok
    with installation.store.writing(NOW) as appender:
        hidden: dict[str, Json] = {"pairs": [[0, "names"]], "why": "mistake"}
        appender.append(installation.store.draft(TUIN, "withdrawn", hidden))
    assert _names(installation) == [None, None]
    assert verify_installation(installation).ok


def _names(installation: Installation) -> list[str | None]:
    with installation.store.reading() as connection:
        query = sa.select(tables.budget_line.c.name).order_by(tables.budget_line.c.category)
        return list(connection.execute(query).scalars())


def test_only_what_is_committed_can_be_disclosed(installation: Installation) -> None:
    """A pair that names a field the entry does not commit to is refused."""
    with installation.store.writing(NOW) as appender:
        _opened(installation, appender)
    draft = installation.store.draft(TUIN, "disclosed", {"pairs": [[0, "iban"]]})
    with pytest.raises(MalformedEntry, match="does not commit to iban"), installation.store.writing(NOW) as appender:
        appender.append(draft)


def test_parts_that_are_no_lists_are_refused() -> None:
    """The readers of pairs and items do not rely on the types' own checks."""
    with pytest.raises(MalformedEntry, match="seq, field"):
        showing._pair("x")
    for item in ("x", [1], [1, 2, "x"]):
        with pytest.raises(MalformedEntry, match="seq, amount, category"):
            allocating._item(item)  # type: ignore[arg-type]  # hostile on purpose


def test_types_that_are_not_known_leave_the_views_alone(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older program rebuilds what it understands, and shows nothing of an entry that it does not."""
    with installation.store.writing(NOW) as appender:
        _opened(installation, appender)
    monkeypatch.setattr(rebuilding, "known_type", lambda _body: None)
    monkeypatch.setattr(showing, "known_type", lambda _body: None)
    with installation.store.writing(NOW) as appender:
        appender.append(installation.store.draft(TUIN, "disclosed", {"pairs": [[0, "names"]]}))
    assert _names(installation) == [None, None]
    assert rebuilding.rebuild(installation.store) == 5
    assert _names(installation) == []
