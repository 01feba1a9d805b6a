"""What a district declares counts as spent, says that no bank booked it, and fits its budgets."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from audit.load import load_context
from dashboards.reading import DatabaseReader
from dashboards.work.declaring import Spending
from dashboards.work.declaring import declare_spending
from dashboards.work.errors import SpendingRefused
from dashboards.work.people import person_by_email
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from ledger import tables
from ledger.check_views import verify_installation
from ledger.entry import foundation_book
from ledger.files import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.canonical import Json
    from ledger.installation import Installation

OPENED_AT = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 10, 6, 8, tzinfo=dt.UTC)
SETUP = """
[district]
name = "Stadsdeel Wikkeveld"
origin = "buurtkas.example/wikkeveld"
clock = "simulated"
[[person]]
email = "kas@wikke.example"
name = "Wies Waterpas"
[[round]]
slug = "ronde"
neighbourhood = "Wikkeveld"
amount = "9000.00"
[[foundation]]
slug = "zelf"
name = "Stadsdeel Wikkeveld"
kind = "district"
accounts = []
[[foundation]]
slug = "pad"
name = "Stichting Het Pad"
accounts = ["NL26VAYB8060476890"]
[[grant]]
round = "ronde"
foundation = "zelf"
reference = "W-1"
amount = "5000.00"
starts = 2026-01-01
ends = 2026-12-31
[[initiative]]
foundation = "zelf"
grants = ["W-1"]
slug = "bomen"
name = "Bomen"
budget = { bomen = "1500.00" }
"""


@pytest.fixture
def wikkeveld(tmp_path: Path) -> Iterator[Installation]:
    """A district that pays itself, beside a foundation with a bank account."""
    made = create_district(tmp_path / "var", read_setup(SETUP), OPENED_AT)
    yield made
    made.close()


def _one(installation: Installation, query: sa.Select[Any]) -> Any:  # noqa: ANN401 - whatever is asked
    with installation.store.reading() as connection:
        return connection.execute(query).scalar_one()


def _id(installation: Installation, table: sa.Table, slug: str) -> str:
    return str(_one(installation, sa.select(table.c.id).where(table.c.slug == slug)))


def _person(installation: Installation) -> str:
    with installation.store.reading() as connection:
        found = person_by_email(connection, "kas@wikke.example")
    assert found is not None
    return found.id


def _spending(installation: Installation) -> Spending:
    initiative = _id(installation, tables.initiative, "bomen")
    day = dt.date(2026, 10, 2)
    return Spending(day, 640_00, "Boomgaard De Bolle Peer", "vier bomen", initiative, 1, b"boeking 17")


def _declare(installation: Installation, spending: Spending, slug: str = "zelf") -> int:
    foundation = _id(installation, tables.foundation, slug)
    return declare_spending(installation, _person(installation), foundation, spending, NOW).seq


def test_what_is_declared_counts_on_every_page(wikkeveld: Installation) -> None:
    """Spent by foundation, initiative and month; on no bank, with its document, and not judged."""
    seq = _declare(wikkeveld, _spending(wikkeveld))
    reader = DatabaseReader(wikkeveld, lambda: NOW)
    foundation, initiative = reader.foundation("zelf"), reader.initiative("bomen")
    assert (foundation.sums.explained_minor, foundation.sums.unexplained_minor) == (640_00, 0)
    assert (foundation.badge.declared, foundation.bank, foundation.pending) == (True, None, None)
    assert (initiative.sums.explained_minor, initiative.sums.left_minor) == (640_00, 860_00)
    (row,) = foundation.latest
    assert (row.declared, row.payee.name, row.initiative) == (True, "Boomgaard De Bolle Peer", initiative.link)
    page = reader.transaction("zelf", seq)
    assert (page.statement.channel, page.receipt, page.answer) == ("declared", "attached", "not_judged")
    assert (page.purpose, page.rest_minor) == ("vier bomen", 0)
    assert reader.home().sums.explained_minor == 640_00
    assert verify_installation(wikkeveld).problems == ()


def test_a_book_that_names_no_initiative_leaves_it_unexplained(wikkeveld: Installation) -> None:
    """What is not said for what is always shown."""
    book = foundation_book(_id(wikkeveld, tables.foundation, "zelf"))
    public: dict[str, Json] = {
        "paid_on": "2026-10-02",
        "amount": -10_00,
        "currency": "EUR",
        "initiative": None,
        "category": None,
    }
    private: dict[str, Json] = dict.fromkeys(("name", "iban", "text", "document"))
    with wikkeveld.store.writing(NOW) as appender:
        appender.append(wikkeveld.store.draft(book, "spending declared", public, private))
    sums = DatabaseReader(wikkeveld, lambda: NOW).foundation("zelf").sums
    assert (sums.explained_minor, sums.unexplained_minor) == (0, 10_00)
    assert verify_installation(wikkeveld).problems == ()


def test_the_rules_look_at_what_banks_booked(wikkeveld: Installation) -> None:
    """A rule that asks for an account in the register has nothing to say of what has none."""
    _declare(wikkeveld, _spending(wikkeveld))
    with wikkeveld.store.reading() as connection:
        assert load_context(connection, _id(wikkeveld, tables.foundation, "zelf")).payments.empty


@pytest.mark.parametrize(
    ("changes", "slug", "why"),
    [
        ({}, "pad", "only a district declares"),
        ({"amount_minor": 0}, "zelf", "above nought"),
        ({"paid_on": dt.date(2026, 10, 7)}, "zelf", "a day that has been"),
        ({"category": 2}, "zelf", "no such category"),
        ({"initiative": "0" * 16}, "zelf", "not the district's"),
    ],
)
def test_what_does_not_fit_is_refused(wikkeveld: Installation, changes: dict[str, Any], slug: str, why: str) -> None:
    """Nothing is declared or kept, and the message says what is expected."""
    size = _one(wikkeveld, sa.select(tables.log_head.c.size))
    document = f"what came of {why}".encode()
    with pytest.raises(SpendingRefused, match=why):
        _declare(wikkeveld, replace(_spending(wikkeveld), **changes, document=document), slug)
    assert not wikkeveld.kept_path(digest_of(document)).exists()
    assert _one(wikkeveld, sa.select(tables.log_head.c.size)) == size
