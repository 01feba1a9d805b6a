"""How much work a page is: whatever the ledger's size, no page reads through it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from dashboards.pages.payments import PaymentFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.reading import DatabaseReader
    from tests.unit.dashboards.reading.conftest import Village

GROWING = re.compile(r"SCAN (movement|entry|allocation|private_value|disclosure|flag_about|flag_step|line_identity)\b")
IN_ORDER = re.compile(r"SCAN movement USING (COVERING )?INDEX movement_latest")
"""Walking this index from its end is no reading through: such a query stops at its limit."""

PAGES: dict[str, Callable[[DatabaseReader, int], object]] = {
    "site": lambda reader, _seq: reader.site(),
    "home": lambda reader, _seq: reader.home(),
    "foundation": lambda reader, _seq: reader.foundation("beemd"),
    "initiative": lambda reader, _seq: reader.initiative("tuin"),
    "transaction": lambda reader, seq: reader.transaction("beemd", seq),
    "payments that are looked at": lambda reader, _seq: reader.payments(PaymentFilter(standing="looked_at"), 1),
    "payments not in order": lambda reader, _seq: reader.payments(PaymentFilter(standing="not_in_order"), 1),
    "payments": lambda reader, _seq: reader.payments(PaymentFilter(), 1),
    "payments of a foundation": lambda reader, _seq: reader.payments(PaymentFilter(foundation="beemd"), 1),
    "payments for an initiative": lambda reader, _seq: reader.payments(PaymentFilter(initiative="tuin"), 1),
    "verify": lambda reader, _seq: reader.verify(),
}


def asked_of_the_database(village: Village, ask: Callable[[], object]) -> list[tuple[str, Any]]:
    """Every query that a page makes, with its values."""
    made: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        made.append((statement, values))

    sa.event.listen(village.installation.engine, "before_cursor_execute", note)
    ask()
    sa.event.remove(village.installation.engine, "before_cursor_execute", note)
    return made


@pytest.mark.parametrize("page", PAGES)
def test_no_query_of_a_page_reads_through_the_ledger(village: Village, page: str) -> None:
    """Tables that grow with the ledger are read by index, or from the end of one up to a limit."""
    line = village.line(-120_00, counter=village.payee(village.shop), show=True)
    village.link(line, -120_00)
    village.flag(line, "PAY-07", show=True)
    village.sign()
    reader = village.reader
    made = asked_of_the_database(village, lambda: PAGES[page](reader, line.seq))
    assert made
    with village.installation.engine.connect() as connection:
        for statement, values in made:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [str(row[-1]) for row in rows]
            through = [step for step in steps if GROWING.search(step) and not IN_ORDER.search(step)]
            assert through == [], statement
            if any(IN_ORDER.search(step) for step in steps):
                assert "LIMIT" in statement


def test_second_visit_counts_only_what_came_since(village: Village) -> None:
    """Totals over masked payees are not made again from the start."""
    village.line(-120_00)
    reader = village.reader
    reader.foundation("beemd")
    made = asked_of_the_database(village, lambda: reader.foundation("beemd"))
    counting = [values for statement, values in made if "private_counter" in statement]
    newest = village.reader.payments(PaymentFilter(), 1).rows[0].seq
    assert counting
    assert all(newest in values for values in counting)


def test_looks_are_looked_through_once_until_a_flag_moves(village: Village) -> None:
    """A foundation with many open looks: its page finds the newest ten of them again, and does not search for them."""
    line = village.line(-120_00)
    village.flag(line, "PAY-07", show=True)
    reader = village.reader
    assert [look.seq for look in reader.foundation("beemd").looked_at] == [line.seq]
    made = asked_of_the_database(village, lambda: reader.foundation("beemd"))
    assert [statement for statement, _ in made if "DISTINCT" in statement and "flag_about" in statement] == []
    other = village.line(-75_00)
    village.flag(other, "PAY-07", show=True, number=2)
    assert {look.seq for look in reader.foundation("beemd").looked_at} == {line.seq, other.seq}


def test_the_steps_of_an_initiative_have_an_index_of_their_own(village: Village) -> None:
    """Its book holds every link, so that what was told is not sought among them."""
    reader = village.reader
    made = asked_of_the_database(village, lambda: reader.initiative("tuin"))
    (statement, values), *more = [each for each in made if "progress" in each[0]]
    assert more == []
    with village.installation.engine.connect() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    assert "entry_of_step" in str(steps)
