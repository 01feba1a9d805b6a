"""One day of an installation: a treasurer brings a month, a second person the same, and the day is done."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.work.daily import do_day
from dashboards.work.ordinary import changing
from dashboards.work.people import person_by_email
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from dashboards.work.statements import confirm
from ledger import tables
from ledger.check_views import verify_installation
from ledger.publish import export_record
from ledger.record import PublishedRecord
from ledger.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.installation import Installation

NOW = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
IBAN = "NL02ABNA0123456789"
SETUP = f"""
[district]
name = "Proefstad"
origin = "buurtkas.example/proef"
clock = "simulated"
[[person]]
email = "t@example.org"
name = "Tet Kwikstaart"
[[person]]
email = "s@example.org"
name = "Sjoukje Meerkoet"
[[person]]
email = "o@example.org"
name = "Okke Wespendief"
[[foundation]]
slug = "meer"
name = "Stichting Kievitsmeer"
accounts = ["{IBAN}"]
[[role]]
person = "t@example.org"
role = "treasurer"
foundation = "meer"
[[role]]
person = "s@example.org"
role = "signatory"
foundation = "meer"
[[role]]
person = "o@example.org"
role = "officer"
"""


@pytest.fixture
def district(tmp_path: Path) -> Iterator[Installation]:
    """A small district."""
    installation = create_district(tmp_path / "books", read_setup(SETUP), NOW)
    yield installation
    installation.close()


def october() -> bytes:
    """A month with one payment that nobody approved."""
    day = dt.date(2026, 10, 5)
    line = BankLine("R1", day, -90_000, "transfer", "nota", "Gijs Hermelijn", "NL20INGB0001234567")
    statement = BankStatement(IBAN, "Stichting", 10, dt.date(2026, 10, 1), dt.date(2026, 10, 31), 100_000, (line,))
    return camt053([statement], version="08", message_id="M1", created_at=NOW)


def bring(installation: Installation, email: str) -> int:
    """Let somebody bring October; return how many statements that confirmed."""
    with changing(installation.engine) as connection:
        person = person_by_email(connection, email)
    assert person is not None
    return confirm(installation, None, october(), {}, by=(person.id,), now=NOW).preview.confirms


def test_a_day_with_two_pairs_of_eyes(district: Installation, tmp_path: Path) -> None:
    """Confirmed once, told at once and once, sealed, and the whole record holds with its views."""
    outbox = district.directory / "outbox"
    assert bring(district, "t@example.org") == 0
    told = sorted(path.name for path in outbox.glob("*.eml"))
    assert len(told) == 2
    assert bring(district, "s@example.org") == 1
    done = do_day(district, NOW)
    assert (done.sealed, done.holds) == ((dt.date(2026, 11, 2),), True)
    later = do_day(district, NOW + dt.timedelta(days=2))
    assert [day.day for day in later.sealed] == [3, 4]
    assert sorted(path.name for path in outbox.glob("*.eml")) == told
    with district.store.reading() as connection:
        assert len(connection.execute(sa.select(tables.confirmation)).all()) == 1
    assert verify_installation(district).problems == ()
    export_record(district, tmp_path / "export")
    assert verify(PublishedRecord(str(tmp_path / "export"))).problems == ()
    assert len(list((tmp_path / "export" / "log" / "seals").iterdir())) == 3
