"""What the district set instead of the rules' defaults reaches the rules, and the run says by what it looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from audit.parameters import parameters_of
from audit.parameters import parameters_set
from audit.rules import RULES
from audit.rules import rule_set_hash
from audit.rules import rules_hash
from ledger import tables
from ledger.check_views import verify_installation
from ledger.entry import DISTRICT
from tests.unit.audit.books import MEER
from tests.unit.audit.books import PERSON

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.rules import Overrides
    from ledger.canonical import Json
    from tests.unit.audit.books import Books

OTHER = "00000000000000bb"


def set_(books: Books, rule: str, position: int, value: int, foundation: str | None = None) -> None:
    """Write the entry, as the command does."""
    public: dict[str, Json] = {
        "rule": rule,
        "version": 1,
        "position": position,
        "foundation": foundation,
        "value": value,
    }
    books.append(DISTRICT, "rule parameter set", {**public, "value": value}, {"reason": "Anders."})


def counting(books: Books) -> dict[str, Overrides]:
    """Return what counts for two foundations."""
    with books.installation.store.reading() as connection:
        return parameters_of(connection, (MEER, OTHER))


def test_the_last_entry_counts_and_a_foundations_own_goes_first(make_books: Callable[[], Books]) -> None:
    """Also where one for all was set later."""
    books = make_books()
    assert counting(books) == {MEER: {}, OTHER: {}}
    set_(books, "AMT-01", 0, 5, MEER)
    set_(books, "AMT-01", 0, 3)
    set_(books, "AMT-01", 0, 4)
    set_(books, "AMT-01", 1, 100)
    assert counting(books) == {
        MEER: {"AMT-01": {"days": 5, "from_minor": 100}},
        OTHER: {"AMT-01": {"days": 4, "from_minor": 100}},
    }


def test_all_that_was_set_stays_to_be_read(make_books: Callable[[], Books]) -> None:
    """With the person, the time and for whom."""
    books = make_books()
    set_(books, "AMT-01", 0, 5, MEER)
    set_(books, "AMT-01", 0, 3)
    with books.installation.store.reading() as connection:
        first, second = parameters_set(connection)
    assert (first.rule, first.parameter.name, first.value, first.foundation) == ("AMT-01", "days", 5, MEER)
    assert (second.value, second.foundation, second.by, second.at) == (3, None, (PERSON,), books.now)


@pytest.mark.parametrize(("rule", "position", "value"), [("AMT-99", 0, 5), ("AMT-01", 3, 5), ("AMT-01", 2, 0)])
def test_what_no_rule_can_work_with_does_not_count(
    make_books: Callable[[], Books], rule: str, position: int, value: int
) -> None:
    """A rule that is gone, a place that the list does not have, a value below what the rule takes."""
    books = make_books()
    set_(books, rule, position, value)
    assert counting(books) == {MEER: {}, OTHER: {}}


def test_a_parameter_decides_what_is_found(make_books: Callable[[], Books]) -> None:
    """The same amount after eight days is a double only where the district says so; the books hold after it."""
    books = make_books()
    books.pay(None, [(0, 0, 12_345), (8, 0, 12_345)])
    books.day = 9
    books.run()
    assert books.hints() == set()
    set_(books, "AMT-01", 0, 8, MEER)
    books.run(MEER)
    assert len(books.hints()) == 1
    assert verify_installation(books.installation).problems == ()


def test_a_run_says_by_which_parameters_it_looked(make_books: Callable[[], Books]) -> None:
    """The hash of the rules' defaults; another one as soon as a foundation is judged by another value."""
    books = make_books()
    books.run()
    set_(books, "AMT-01", 0, 8, MEER)
    books.run()
    with books.installation.store.reading() as connection:
        hashes = connection.execute(sa.select(tables.run.c.rules).order_by(tables.run.c.idx)).scalars().all()
    assert hashes == [rule_set_hash(), rules_hash({MEER: {"AMT-01": {"days": 8}}})]
    assert len(set(hashes)) == 2


def test_the_hash_tells_who_is_judged_by_what() -> None:
    """The defaults' where nothing was set, and another for each foundation and each value."""
    eight, nine = {"AMT-01": {"days": 8}}, {"AMT-01": {"days": 9}}
    assert rules_hash({}) == rules_hash({MEER: {}, OTHER: {}}) == rule_set_hash()
    assert len({rules_hash(given) for given in ({MEER: eight}, {MEER: nine}, {OTHER: eight}, {})}) == 4


def test_parameters_keep_their_places() -> None:
    """Entries name them by place: a new one goes to the end, and none is ever moved or taken out."""
    places = {
        "AMT-01": ("days", "from_minor", "round_minor"),
        "BNK-01": ("tolerance_minor",),
        "BNK-06": ("days", "high_after_days"),
        "BNK-08": ("high_above_minor",),
        "BUD-01": ("over_percent", "over_minor", "warn_percent"),
        "BUD-02": ("days",),
        "PAY-01": ("high_from_minor", "people", "charge_minor", "charges_minor", "interest_below_minor"),
        "PAY-02": ("people", "charge_minor", "charges_minor", "interest_below_minor"),
        "PAY-03": ("people",),
        "PAY-04": ("days", "people"),
        "PAY-06": ("days", "people"),
        "PAY-07": ("high_from_minor", "people", "charge_minor", "charges_minor", "interest_below_minor"),
    }
    assert {rule.id: tuple(one.name for one in rule.parameters) for rule in RULES.values()} == places
