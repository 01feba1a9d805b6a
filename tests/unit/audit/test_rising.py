"""Small things add up, and a flag that became graver says so in the book; it never weighs less again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from audit.examples import payment
from audit.examples import world
from audit.rising import risen
from audit.rule import Hit
from ledger import tables
from ledger.check_views import verify_installation
from ledger.entry import DISTRICT
from tests.unit.audit.books import BOOK
from tests.unit.audit.books import MEER
from tests.unit.audit.books import open_books

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.canonical import Json
    from tests.unit.audit.books import Books

DECIDED_BY = "PAY-07"


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Books of a foundation that asks for a decision from EUR 100 on."""
    return open_books(tmp_path / "installation", limit=10_000)


def severities(books: Books) -> list[str]:
    """Return how much the flags of missing decisions weigh, in order of their payments."""
    with books.installation.store.reading() as connection:
        query = sa.select(tables.flag).where(tables.flag.c.private_rule == DECIDED_BY)
        rows = connection.execute(query).all()
    return [row.private_severity for row in sorted(rows, key=lambda row: list(row.about))]


def steps(books: Books) -> list[Any]:
    """Return the entries that say that a flag became graver."""
    with books.installation.store.reading() as connection:
        table = tables.entry
        query = sa.select(table.c.body).where(table.c.book == BOOK, table.c.type == "flag severity raised")
        return list(connection.execute(query).scalars())


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(0, 0, 12_400), (2, 0, 12_599)], ["medium", "medium"]),
        ([(0, 0, 12_400), (2, 0, 12_600)], ["high", "high"]),
        ([(0, 0, 12_400), (2, 1, 12_600)], ["high", "high"]),
        ([(0, 0, 12_400), (20, 0, 12_600)], ["high", "high"]),
        ([(0, 0, 12_400), (20, 1, 12_600)], ["medium", "medium"]),
        ([(0, 0, 24_999)], ["medium"]),
    ],
    ids=["a cent too little", "one payee", "one week", "one payee, weeks apart", "nothing in common", "one alone"],
)
def test_small_things_add_up(books: Books, lines: list[tuple[int, int, int]], expected: list[str]) -> None:
    """Of one payee or of one week, from the amount at which one payment is high."""
    books.pay(None, lines)
    books.day = 21
    books.run()
    assert severities(books) == expected


def test_from_which_amount_follows_the_parameter(books: Books) -> None:
    """Where the district wants one payment of 300 to be medium, two that make 250 are so too."""
    public: dict[str, Json] = {"rule": DECIDED_BY, "version": 1, "position": 0, "foundation": MEER, "value": 30_000}
    books.append(DISTRICT, "rule parameter set", public, {"reason": "Anders."})
    books.pay(None, [(0, 0, 12_400), (2, 0, 12_600)])
    books.day = 3
    books.run()
    assert severities(books) == ["medium", "medium"]


def test_a_flag_that_became_graver_says_so_once(books: Books) -> None:
    """The day's look at everything lifts both halves of what was split, each in an entry; a rerun adds nothing."""
    books.pay(None, [(0, 0, 12_400)])
    books.run()
    assert (severities(books), steps(books)) == (["medium"], [])
    books.day = 2
    books.pay(None, [(2, 0, 12_600)])
    books.run()
    assert severities(books) == ["medium", "medium"]
    books.run(MEER)
    assert severities(books) == ["high", "high"]
    assert len(steps(books)) == 2
    books.run(MEER)
    assert len(steps(books)) == 2
    assert verify_installation(books.installation).problems == ()


def test_a_flag_that_somebody_ruled_on_weighs_what_it_weighed(books: Books) -> None:
    """Whoever accepted a payment of 124 did not accept one of 250; the ruling is left alone."""
    books.pay(None, [(0, 0, 12_400)])
    books.run()
    flag = books.only(DECIDED_BY)
    with books.installation.engine.begin() as connection:
        connection.execute(sa.update(tables.flag).where(tables.flag.c.id == flag.id).values(status="accepted"))
    books.day = 2
    books.pay(None, [(2, 0, 12_600)])
    books.run(MEER)
    assert severities(books) == ["medium", "high"]
    assert steps(books) == []


def test_a_level_that_would_tell_something_about_a_person_stays_private(books: Books) -> None:
    """The public sees the severity that it saw before; people at the desks see the new one."""
    books.pay(None, [(0, 0, 12_400)])
    books.run()
    flag = books.only(DECIDED_BY)
    public: dict[str, Json] = {"flag": flag.id, "level": None, "status": "open"}
    books.append(BOOK, "flag severity raised", public, {"severity": "high"})
    raised = books.only(DECIDED_BY)
    assert (raised.severity, raised.private_severity) == (flag.severity, "high")
    assert flag.severity == "medium"
    assert verify_installation(books.installation).problems == ()


@pytest.mark.parametrize(("second", "severity"), [(14_999, "medium"), (15_000, "high")])
def test_what_is_covered_of_a_payment_does_not_count(second: int, severity: str) -> None:
    """Of two payments of EUR 900 a decision covers most: the rest alone adds up."""
    payments = world(payment(10, -90_000), payment(11, -90_000)).payments
    hits = [Hit(DECIDED_BY, (seq,), "medium", {"amount_minor": amount}) for seq, amount in ((10, 10_000), (11, second))]
    assert [hit.severity for hit in risen(MEER, hits, payments, {})] == [severity, severity]


def test_one_payment_found_by_two_rules_does_not_add_up_with_itself() -> None:
    """Neither where each rule has a limit of its own."""
    payments = world(payment(10, -24_000)).payments
    hits = [
        Hit("PAY-01", (10,), "medium", {"amount_minor": 24_000}),
        Hit(DECIDED_BY, (10,), "medium", {"amount_minor": 10_000}),
    ]
    assert risen(MEER, hits, payments, {DECIDED_BY: {"high_from_minor": 20_000}}) == hits
