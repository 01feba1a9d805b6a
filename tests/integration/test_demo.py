"""The demonstration, played through the ordinary use cases: an ordinary year but for one week.

A smaller one than people see: the same story, files and people, with fewer small payments.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.demo.district import FOUNDATIONS
from dashboards.demo.district import OPENED_AT
from dashboards.demo.play import play
from dashboards.demo.story import FOUNDATION
from dashboards.demo.story import RECIPIENTS
from dashboards.demo.world import make_world
from dashboards.reading import DatabaseReader
from ledger import tables
from ledger.check_views import verify_installation
from ledger.entries.foundation.spending_declared import NO_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from dashboards.demo.world import World
    from ledger.installation import Installation

MOST_SECONDS = 60
TRANSACTIONS = 700


@pytest.fixture(scope="module")
def world() -> World:
    """The world with fewer small payments."""
    return make_world(transactions=TRANSACTIONS)


@pytest.fixture(scope="module")
def played(
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
    database: str,  # noqa: ARG001 - where it is played
) -> Iterator[tuple[Installation, float]]:
    """The played demonstration, and the processor seconds that it took."""
    started = time.process_time()
    done: list[int] = []
    installation = play(tmp_path_factory.mktemp("demo") / "var", world, lambda count, _all: done.append(count))
    assert done[-1] == len(world.events)
    yield installation, time.process_time() - started
    installation.close()


def _rows(installation: Installation, query: sa.Select[Any]) -> list[Any]:
    with installation.store.reading() as connection:
        return list(connection.execute(query).all())


def test_it_verifies_and_is_signed(played: tuple[Installation, float]) -> None:
    """Every link, root, view and disclosure."""
    report = verify_installation(played[0])
    assert (report.ok, report.problems, report.unsigned, report.not_understood) == (True, (), 0, 0)


def test_it_is_ready_in_time(played: tuple[Installation, float]) -> None:
    """Measured in processor time, so that other work on the machine does not count."""
    assert played[1] < MOST_SECONDS


def test_everybody_and_everything_is_there(played: tuple[Installation, float]) -> None:
    """Holders of money of four kinds, at least fourteen initiatives, every line, one round."""
    kinds = {row.kind for row in _rows(played[0], sa.select(tables.foundation))}
    assert kinds == {"foundation", "intermediary", "residents", "district"}
    assert len(_rows(played[0], sa.select(tables.initiative))) >= 14
    assert len(_booked(played[0])) == TRANSACTIONS
    assert len(_rows(played[0], sa.select(tables.movement))) > TRANSACTIONS
    assert len(_rows(played[0], sa.select(tables.round_))) == 1


def _booked(installation: Installation) -> list[Any]:
    """What banks booked, without what the district declares."""
    return _rows(installation, sa.select(tables.movement).where(tables.movement.c.account != NO_ACCOUNT))


def _slugs(installation: Installation) -> dict[str, str]:
    """The slugs of the plans by id; residents have none that is shown."""
    slugs = {item.name: item.slug for item in FOUNDATIONS}
    return {row.id: slugs[row.private_name] for row in _rows(installation, sa.select(tables.foundation))}


def test_the_book_says_what_the_banks_booked(world: World, played: tuple[Installation, float]) -> None:
    """Line by line: foundation, day and amount."""
    slugs = _slugs(played[0])
    rows = _booked(played[0])
    booked = Counter((slugs[row.foundation], row.booked_on, row.amount_minor) for row in rows)
    expected = Counter((item.foundation, item.line.booked_on, item.line.amount_minor) for item in world.movements)
    assert booked == expected


def test_the_sums_fit(world: World, played: tuple[Installation, float]) -> None:
    """Explained is what the treasurers linked; nothing is explained beyond what was paid."""
    slugs = _slugs(played[0])
    for row in _rows(played[0], sa.select(tables.foundation_sum)):
        own = [item.line.amount_minor for item in world.movements if item.foundation == slugs[row.foundation]]
        assert row.booked_minor == sum(own)
        assert row.movements == len(own) or not own
        assert 0 <= row.explained_minor - row.refunded_minor <= row.paid_minor


def test_every_statement_continues(played: tuple[Installation, float]) -> None:
    """No problem was accepted, and no balance breaks."""
    assert not any(row.accepted or row.problems for row in _rows(played[0], sa.select(tables.statement)))
    rules = {row.private_rule for row in _rows(played[0], sa.select(tables.flag))}
    assert "BNK-01" not in rules


def test_an_ordinary_month_brings_the_district_at_most_one_case(played: tuple[Installation, float]) -> None:
    """Per foundation, counted when it came to the inbox; only after the story's month there are more."""
    slugs, cases = _slugs(played[0]), dict[str, tuple[str, str]]()
    for row in _rows(played[0], sa.select(tables.flag).order_by(tables.flag.c.raised_at)):
        cases.setdefault(row.private_case, (slugs[row.foundation], f"{row.raised_at:%Y-%m}"))
    by_month = Counter(cases.values())
    story = by_month.pop((FOUNDATION, "2026-10"))
    assert story >= len(RECIPIENTS)
    assert max(by_month.values()) == 1, by_month
    assert len({slug for slug, _ in by_month}) == 4


def test_the_page_tells_how_soon_it_would_have_been_seen(played: tuple[Installation, float]) -> None:
    """A little was gone with a statement every day, more with one a week, all with one a month."""
    page = DatabaseReader(played[0], lambda: OPENED_AT).soon(FOUNDATION)
    gone = {line.rhythm: line.gone_minor for line in page.lines}
    assert abs(page.total_minor - 96_000_00) <= 500_00
    assert gone["daily"] < page.total_minor // 10 < gone["weekly"] < page.total_minor
    assert gone["monthly"] == gone["agreed"] == gone["happened"] == page.total_minor
