"""The list of payments: what a question finds, in an order that never changes, by index."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.pages.payments import PaymentFilter
from dashboards.pages.reader import PageMissing
from dashboards.reading.payments import Asked
from dashboards.reading.payments import page_query
from dashboards.reading.searching import Meaning
from dashboards.reading.searching import amount_of
from ledger import tables

if TYPE_CHECKING:
    from tests.unit.dashboards.reading.conftest import Village

EVERYTHING = Asked(foundation=None, initiative=None, month=None, words=(), nothing=False)


@pytest.fixture
def full(village: Village) -> Village:
    """The village with lines of two months, two foundations and two initiatives."""
    shop = village.payee(village.shop)
    hedge = village.line(-120_00, "2026-03-10", counter=shop, show=True)
    village.link(hedge, -100_00, 2)
    village.link(hedge, -20_00, 1)
    village.link(village.line(-30_00, "2026-04-02"), -30_00, 1, "feest")
    village.line(1_000_00, "2026-04-01")
    village.statement(slug="kade", iban=village.group_iban)
    village.line(-7_00, "2026-03-10", slug="kade", account=village.group_iban)
    return village


def found(village: Village, **asked: object) -> list[int]:
    """The amounts that a question finds."""
    page = village.reader.payments(PaymentFilter(**asked), 1)  # type: ignore[arg-type] # the test names the fields
    assert page.total == len(page.rows)
    return [row.amount_minor for row in page.rows]


def test_newest_first_and_of_one_day_the_last_booked_first(full: Village) -> None:
    """The order is by day and then by place in the log."""
    assert found(full) == [-30_00, 1_000_00, -7_00, -120_00]


def test_questions_narrow(full: Village) -> None:
    """By foundation, initiative, month, and all together."""
    assert found(full, foundation="beemd") == [-30_00, 1_000_00, -120_00]
    assert found(full, initiative="tuin") == [-120_00]
    assert found(full, month=dt.date(2026, 3, 1)) == [-7_00, -120_00]
    assert found(full, foundation="beemd", month=dt.date(2026, 4, 1), initiative="feest") == [-30_00]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("zonne", [-120_00]),
        ("BOUWMARKT", [-120_00]),
        ("slak", [-120_00]),
        ("muziek", [-30_00]),
        ("hekwerk slak", [-120_00]),
        ("slak dauwfeest", []),
        ("beemd", [-30_00, 1_000_00, -120_00]),
        ("€ 120", [-120_00]),
        ("1.000,00", [1_000_00]),
        ("%", []),
        ("nergens", []),
        ("€", []),
    ],
)
def test_words_find_public_names_and_amounts(full: Village, text: str, amounts: list[int]) -> None:
    """Every word must fit; names fit by a part of them, amounts exactly."""
    assert found(full, text=text) == amounts


def test_word_that_stands_for_thousands_of_categories_is_searched(full: Village) -> None:
    """A search never fails because so much bears the word."""
    many = tuple((f"{number:016x}", 1) for number in range(5000))
    condition = Meaning((), (), (), ((full.initiative(), 2), *many), None).condition()
    with full.installation.store.reading() as connection:
        query = sa.select(tables.movement.c.amount_minor).where(condition)
        assert list(connection.execute(query).scalars()) == [-120_00]


@pytest.mark.parametrize(
    ("word", "amount"), [("120", 120_00), ("120,5", None), ("12,50", 12_50), ("1.240", 1_240_00), ("12a", None)]
)
def test_amounts_are_read_as_people_write_them(word: str, amount: int | None) -> None:
    """With thousands and cents, or not at all."""
    assert amount_of(word) == amount


def test_sums_are_those_of_everything_found(full: Village) -> None:
    """Out and in are of all pages, both above zero."""
    page = full.reader.payments(PaymentFilter(), 1)
    assert (page.out_minor, page.in_minor) == (157_00, 1_000_00)
    march = full.reader.payments(PaymentFilter(month=dt.date(2026, 3, 1)), 1)
    assert (march.out_minor, march.in_minor) == (127_00, 0)


def test_unknown_names_find_nothing(full: Village) -> None:
    """A foundation or initiative that is not there is no error."""
    assert found(full, foundation="nergens") == []
    assert found(full, initiative="nergens") == []


def test_choices_are_all_there(full: Village) -> None:
    """Whatever was asked, every foundation, initiative and month can be chosen next."""
    page = full.reader.payments(PaymentFilter(text="nergens"), 1)
    assert len(page.foundations) == 2
    assert [link.slug for link in page.initiatives] == ["feest", "tuin"]
    assert page.months == (dt.date(2026, 4, 1), dt.date(2026, 3, 1))


def test_pages_hold_every_line_once(village: Village) -> None:
    """Walking all pages meets each line exactly once; there is no page after the last."""
    for number in range(30):
        village.line(-1_00 - number, "2026-03-10")
    reader = village.reader
    seen = [row.seq for page in (1, 2) for row in reader.payments(PaymentFilter(), page).rows]
    assert len(seen) == len(set(seen)) == 30
    assert reader.payments(PaymentFilter(), 2).next_page is None
    with pytest.raises(PageMissing, match="no such page"):
        reader.payments(PaymentFilter(), 3)


def test_unknown_addresses_are_missing(full: Village) -> None:
    """A statement's number is no payment; a name that nobody bears has no page."""
    reader = full.reader
    missing = (
        lambda: reader.foundation("nergens"),
        lambda: reader.initiative("nergens"),
        lambda: reader.transaction("nergens", 1),
        lambda: reader.transaction("beemd", 0),
    )
    for ask in missing:
        with pytest.raises(PageMissing, match="no such page"):
            ask()


def plan(village: Village, query: sa.Select[tuple[int]]) -> str:
    """How the database would run a query."""
    with village.installation.store.reading() as connection:
        text = query.compile(connection, compile_kwargs={"literal_binds": True})
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
        return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (EVERYTHING, "movement_latest"),
        (Asked("meer", None, None, (), nothing=False), "movement_by_day"),
        (Asked("meer", None, dt.date(2026, 3, 1), (), nothing=False), "movement_by_day"),
        (Asked(None, None, dt.date(2026, 3, 1), (), nothing=False), "movement_latest"),
    ],
)
def test_page_is_read_from_an_index_alone(full: Village, asked: Asked, index: str) -> None:
    """A page of the list is found in one index, in order, without sorting and without reading lines."""
    told = plan(full, page_query(asked, 1))
    assert f"COVERING INDEX {index}" in told
    assert "TEMP B-TREE" not in told


def test_initiatives_page_reads_by_the_index_of_its_allocations(full: Village) -> None:
    """What counts for an initiative is found by index."""
    told = plan(full, page_query(Asked(None, "tuin", None, (), nothing=False), 1))
    assert "allocation_of_initiative" in told
    assert "SCAN allocation" not in told
