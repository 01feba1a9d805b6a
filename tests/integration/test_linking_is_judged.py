"""What a payment is linked to later is judged like what it was linked to at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.work.allocations import Split
from dashboards.work.allocations import link
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from dashboards.work.statements import confirm
from ledger import tables
from ledger.check_views import verify_installation

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.installation import Installation

OPENED_AT = dt.datetime(2026, 9, 1, 8, 0, tzinfo=dt.UTC)
UPLOADED_AT = dt.datetime(2026, 11, 2, 19, 30, tzinfo=dt.UTC)
LATER = UPLOADED_AT + dt.timedelta(days=9)
SETUP = """
[district]
name = "Stadsdeel Kijkveld"
origin = "buurtkas.example/kijkveld"
clock = "simulated"
[[person]]
email = "kas@kijk.example"
name = "Wies Waterpas"
[[person]]
email = "mee@kijk.example"
name = "Bas Bezemsteel"
[[foundation]]
slug = "kijk"
name = "Stichting Kijk"
accounts = ["NL26VAYB8060476890"]
[[grant]]
foundation = "kijk"
reference = "K-1"
amount = "5000.00"
starts = 2026-01-01
ends = 2026-12-31
[[initiative]]
foundation = "kijk"
grants = ["K-1"]
slug = "bankjes"
name = "Bankjes"
budget = { hout = "1500.00", feest = "500.00" }
[[payee]]
foundation = "kijk"
name = "Houthandel De Kromme Plank"
ibans = ["NL56AGDH9619008421"]
kind = "organisation"
starts = 2026-01-01
approved_by = ["kas@kijk.example", "mee@kijk.example"]
[[decision]]
foundation = "kijk"
payee = "Houthandel De Kromme Plank"
ceiling = "1000.00"
purpose = "planken"
initiative = "bankjes"
category = "hout"
starts = 2026-09-01
ends = 2026-12-31
decided_on = 2026-08-31
proposed_by = "kas@kijk.example"
approved_by = "mee@kijk.example"
"""


def _flags(installation: Installation) -> list[str]:
    """The rules of the flags in the book, in order."""
    with installation.store.reading() as connection:
        return sorted(connection.execute(sa.select(tables.flag.c.private_rule)).scalars())


def test_linking_later_to_what_no_decision_covers_is_flagged(tmp_path: Path) -> None:
    """A payment that a decision covers is flagged once it is linked to another purpose, and signed with it."""
    installation = create_district(tmp_path / "books", read_setup(SETUP), OPENED_AT)
    content = _month()
    with installation.store.reading() as connection:
        initiative = connection.execute(sa.select(tables.initiative.c.id)).scalar_one()
    receipt = confirm(installation, None, content, {}, now=UPLOADED_AT)
    assert (receipt.new, receipt.flags) == (1, 0)
    with installation.store.reading() as connection:
        payment = connection.execute(sa.select(tables.movement)).one()
    link(installation, payment.foundation, {payment.seq: [Split(initiative, 2, -40_000)]}, by=(), now=LATER)
    assert _flags(installation) == ["PAY-07"]
    report = verify_installation(installation)
    assert (report.ok, report.unsigned) == (True, 0)
    installation.close()


def _month() -> bytes:
    """A statement with one payment of EUR 400.00 to the shop."""
    line = BankLine(
        "REF-1",
        dt.date(2026, 10, 13),
        -40_000,
        "transfer",
        "planken",
        "Houthandel De Kromme Plank",
        "NL56AGDH9619008421",
    )
    month = (dt.date(2026, 10, 1), dt.date(2026, 10, 31))
    statement = BankStatement("NL26VAYB8060476890", "Stichting Kijk", 10, *month, 500_000, (line,))
    return camt053([statement], version="08", message_id="M1", created_at=UPLOADED_AT)
