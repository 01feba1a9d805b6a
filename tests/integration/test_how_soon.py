"""How soon it would have been seen: what the page computes is what happens when it is really played.

Three installations get the same payments, one with a statement every day, one every Monday, one every
first of the month. After each upload we look whether a flag stands; afterwards the page must say so.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.pages.reader import PageMissing
from dashboards.reading import DatabaseReader
from dashboards.work import cases
from dashboards.work.people import person_by_email
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from dashboards.work.statements import confirm
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.installation import Installation

OPENED_AT = dt.datetime(2026, 8, 31, 8, 0, tzinfo=dt.UTC)
IBAN = "NL26VAYB8060476890"
SETUP = f"""
[district]
name = "Stadsdeel Kijkveld"
origin = "buurtkas.example/kijkveld"
clock = "simulated"
[[person]]
email = "kas@kijk.example"
name = "Wies Waterpas"
[[person]]
email = "een@kijkveld.example"
name = "Bas Bezemsteel"
[[person]]
email = "twee@kijkveld.example"
name = "Fien Fluitketel"
[[role]]
person = "kas@kijk.example"
role = "treasurer"
foundation = "kijk"
[[role]]
person = "een@kijkveld.example"
role = "officer"
[[role]]
person = "twee@kijkveld.example"
role = "officer"
[[foundation]]
slug = "kijk"
name = "Stichting Kijk"
accounts = ["{IBAN}"]
"""
PAID = (
    (dt.date(2026, 9, 10), 4_000_00, "Dhr. P. Schemer", "NL56AGDH9619008421"),
    (dt.date(2026, 9, 11), 6_500_00, "Dhr. P. Schemer", "NL56AGDH9619008421"),
    (dt.date(2026, 9, 14), 3_250_50, "Ver en Weg", "NL38MERL9975036690"),
    (dt.date(2026, 9, 16), 9_999_99, "Dhr. P. Schemer", "NL56AGDH9619008421"),
)
INCOME = BankLine("R0", dt.date(2026, 9, 3), 50_000_00, "received", "Subsidie", "Stadsdeel", "NL13MERL9966818330")
LINES = (
    INCOME,
    *(
        BankLine(f"R{number}", day, -minor, "transfer", f"betaling {number}", name, iban)
        for number, (day, minor, name, iban) in enumerate(PAID, 1)
    ),
)
UPLOADED = {
    "daily": tuple(dt.date(2026, 9, day) for day in range(7, 19)),
    "weekly": (dt.date(2026, 9, 7), dt.date(2026, 9, 14), dt.date(2026, 9, 21)),
    "monthly": (dt.date(2026, 9, 1), dt.date(2026, 10, 1)),
}


def _evening(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 19, 30, tzinfo=dt.UTC)


def _person(installation: Installation, email: str) -> str:
    with installation.store.reading() as connection:
        found = person_by_email(connection, email)
    assert found is not None
    return found.id


def _upload(installation: Installation, number: int, starts: dt.date, ends: dt.date) -> None:
    """Bring what the bank booked from one day to another, both included."""
    statement = BankStatement(
        IBAN,
        "Stichting Kijk",
        number,
        starts,
        ends,
        sum(line.amount_minor for line in LINES if line.booked_on < starts),
        tuple(line for line in LINES if starts <= line.booked_on <= ends),
    )
    content = camt053([statement], version="02", message_id=f"M{ends}", created_at=_evening(ends))
    with installation.store.reading() as connection:
        foundation = connection.execute(sa.select(tables.foundation.c.id)).scalar_one()
    by = (_person(installation, "kas@kijk.example"),)
    confirm(installation, foundation, content, {}, by=by, now=_evening(ends))


def _stands(installation: Installation) -> bool:
    """Whether a flag about one of the payments stands."""
    flag, about, movement = tables.flag, tables.flag_about, tables.movement
    same = sa.and_(movement.c.foundation == about.c.foundation, movement.c.seq == about.c.seq)
    joined = about.join(movement, same).join(flag, flag.c.id == about.c.flag)
    with installation.store.reading() as connection:
        query = sa.select(sa.func.count()).select_from(joined).where(movement.c.amount_minor < 0)
        return connection.execute(query).scalar_one() > 0


def _rule(installation: Installation, now: dt.datetime) -> None:
    """Let the district find every case about a payment not in order."""
    first, second = (_person(installation, f"{name}@kijkveld.example") for name in ("een", "twee"))
    flag, about, movement = tables.flag, tables.flag_about, tables.movement
    same = sa.and_(movement.c.foundation == about.c.foundation, movement.c.seq == about.c.seq)
    joined = about.join(movement, same).join(flag, flag.c.id == about.c.flag)
    with installation.store.reading() as connection:
        found = sorted(set(connection.execute(sa.select(flag.c.private_case).select_from(joined)).scalars()))
    for case in found:
        cases.take_up(installation, first, case, "", now)
        cases.escalate(installation, first, case, "Er is geen besluit.", now)
        cases.confirm(installation, second, case, "Er is geen besluit en geen factuur.", now)


@pytest.fixture
def kijk(tmp_path: Path, database: str) -> Iterator[Installation]:  # noqa: ARG001 - where installations live
    """The foundation's installation, on the day it opened."""
    made = create_district(tmp_path / "kijk", read_setup(SETUP), OPENED_AT)
    yield made
    made.close()


@pytest.mark.parametrize("rhythm", UPLOADED)
def test_the_page_says_what_really_happens(kijk: Installation, rhythm: str) -> None:
    """The day on which the first flag stands, and what was gone by then, to the cent."""
    reader = DatabaseReader(kijk, lambda: OPENED_AT)
    seen, starts = None, dt.date(2026, 9, 1)
    for number, day in enumerate(UPLOADED[rhythm], start=1):
        _upload(kijk, number, starts, day)
        starts = day + dt.timedelta(days=1)
        if seen is None and _stands(kijk):
            seen = day
    assert seen is not None
    gone = sum(minor for day, minor, _, _ in PAID if day <= seen)
    with pytest.raises(PageMissing, match="no such page"):
        reader.soon("kijk")
    _rule(kijk, _evening(dt.date(2026, 10, 2)))
    page = reader.soon("kijk")
    computed = {line.rhythm: (line.seen_on, line.gone_minor) for line in page.lines}
    assert {name: computed[name] for name in computed if name in {rhythm, "happened"}} == {
        rhythm: (seen, gone),
        "happened": (seen, gone),
    }
    assert page.total_minor == sum(minor for _, minor, _, _ in PAID)
