"""Declaring a district: all of it or nothing, and nothing about persons in the open."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from dashboards.work.auditing import flags_as_of
from dashboards.work.errors import SetupRefused
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from ledger import tables
from ledger.check_views import verify_installation
from ledger.errors import InstallationExists
from ledger.installation import Installation

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2025, 1, 2, 12, tzinfo=dt.UTC)
TEXT = """
[district]
name = "Proefstad"
origin = "buurtkas.example/proef"
clock = "simulated"
[[person]]
email = "t@example.org"
name = "Tet Kwikstaart"
[[person]]
email = "s@example.org"
name = "Sjoerd Boterbloem"
[[role]]
person = "t@example.org"
role = "treasurer"
foundation = "meer"
[[role]]
person = "s@example.org"
role = "owner"
initiative = "tuin"
[[round]]
slug = "ronde-1"
neighbourhood = "Noordoost"
amount = "500000.00"
[[foundation]]
slug = "meer"
name = "Stichting Kievitsmeer"
kvk = "12345678"
accounts = ["NL02ABNA0123456789"]
[[foundation]]
slug = "bewoners-dauwstraat"
name = "Bewoners Dauwstraat"
kind = "residents"
accounts = ["NL69INGB0123456789"]
[[grant]]
round = "ronde-1"
foundation = "meer"
reference = "SB-1"
amount = "1000"
starts = 2025-01-01
ends = 2025-12-31
[[grant]]
foundation = "bewoners-dauwstraat"
reference = "SB-2"
amount = "1000"
starts = 2025-01-01
ends = 2025-12-31
[[initiative]]
foundation = "meer"
grants = ["SB-1"]
slug = "tuin"
name = "Tuin"
budget = { planten = "400.00" }
[[initiative]]
foundation = "bewoners-dauwstraat"
grants = ["SB-2"]
slug = "straatfeest"
name = "Straatfeest"
budget = { muziek = "400.00" }
[[payee]]
foundation = "meer"
name = "Bouwmarkt Zon"
ibans = ["NL20INGB0001234567"]
kind = "organisation"
starts = 2025-01-01
approved_by = ["t@example.org", "s@example.org"]
[[payee]]
foundation = "meer"
name = "Wiebe Morgenster"
ibans = ["NL91ABNA0417164300"]
kind = "person"
starts = 2025-01-01
approved_by = ["t@example.org", "s@example.org"]
[[decision]]
foundation = "meer"
payee = "Bouwmarkt Zon"
ceiling = "80.00"
purpose = "Schoffels"
initiative = "tuin"
category = "planten"
starts = 2025-01-01
ends = 2025-12-31
decided_on = 2025-01-01
proposed_by = "t@example.org"
approved_by = "s@example.org"
[[decision]]
foundation = "meer"
ceiling = "8.00"
purpose = "Kleine uitgaven"
starts = 2025-01-01
ends = 2025-12-31
decided_on = 2025-01-01
proposed_by = "t@example.org"
approved_by = "s@example.org"
[[declaration]]
foundation = "meer"
person = "Tet Kwikstaart"
relation = "board"
ibans = ["NL44RABO0123456789"]
"""


@pytest.fixture
def made(tmp_path: Path) -> Installation:
    """The district of that file."""
    return create_district(tmp_path / "var", read_setup(TEXT), NOW)


def _public(installation: Installation) -> str:
    """Return everything that anybody may read: entries and disclosed values."""
    with installation.store.reading() as connection:
        bodies = connection.execute(sa.select(tables.entry.c.body)).scalars()
        values = connection.execute(sa.select(tables.disclosure.c.value)).scalars()
        return "\n".join([*(body.decode() for body in bodies), *values])


def test_what_is_declared_stands_signed_and_verifies(made: Installation) -> None:
    """Entries, views and disclosures fit, and all is signed."""
    report = verify_installation(made)
    assert (report.ok, report.problems, report.unsigned) == (True, (), 0)
    assert made.settings.simulated


def test_nothing_about_persons_is_public(made: Installation) -> None:
    """Organisations by name; residents, payees who are persons and declarations never."""
    public = _public(made)
    for shown in ("Stichting Kievitsmeer", "NL02ABNA0123456789", "Bouwmarkt Zon", "Tuin", "planten", "SB-1"):
        assert shown in public
    hidden = (
        "Bewoners Dauwstraat", "bewoners-dauwstraat", "NL69INGB0123456789", "Wiebe", "NL91ABNA0417164300", "Schoffels",
        "Kwikstaart", "NL44RABO0123456789", "NL20INGB0001234567", "t@example.org",
    )  # fmt: skip
    for word in hidden:
        assert word not in public, word


@pytest.mark.parametrize(
    ("line", "found"), [("", False), ("viewers = []", True), ('viewers = ["s@example.org"]', False)]
)
def test_who_can_look_in_is_declared_and_judged(tmp_path: Path, line: str, *, found: bool) -> None:
    """BNK-08: nobody besides those who pay; where nothing was said, nothing is held against anyone."""
    text = TEXT.replace('kvk = "12345678"\n', f'kvk = "12345678"\n{line}\n')
    made = create_district(tmp_path / "var", read_setup(text), NOW)
    hits = [hit["rule"] for hit in flags_as_of(made, "meer", NOW.date())]
    assert ("BNK-08" in hits) == found
    assert "t@example.org" not in _public(made)


def test_the_residents_page_goes_by_a_random_id(made: Installation) -> None:
    """Its slug is its id."""
    table = tables.foundation
    with made.store.reading() as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.idx)).all()
    assert [(row.slug, row.name) for row in rows] == [("meer", "Stichting Kievitsmeer"), (rows[1].id, None)]


def test_the_opening_state_is_marked(made: Installation) -> None:
    """Payees and decisions carry `basis: opening`."""
    with made.store.reading() as connection:
        for table in (tables.payee, tables.decision):
            assert set(connection.execute(sa.select(table.c.basis)).scalars()) == {"opening"}


def test_a_second_one_in_the_same_place_is_refused(made: Installation) -> None:
    """What is there stays."""
    with pytest.raises(InstallationExists, match="already holds"):
        create_district(made.directory, read_setup(TEXT), NOW)
    assert verify_installation(Installation(made.directory)).ok


def test_what_the_ledger_refuses_leaves_nothing_behind(tmp_path: Path) -> None:
    """The line is named; the corrected file can be used at once, also where the directory was there."""
    directory = tmp_path / "var"
    directory.mkdir()
    (directory / "notes.txt").write_text("mine")
    with pytest.raises(SetupRefused, match=r"Line 6: \[person\]"):
        create_district(directory, read_setup(TEXT.replace("Tet Kwikstaart", "x" * 70_000)), NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["var"]
    assert [path.name for path in directory.iterdir()] == ["notes.txt"]
    made = create_district(directory, read_setup(TEXT), NOW)
    assert verify_installation(made).ok
    assert (directory / "notes.txt").read_text() == "mine"
