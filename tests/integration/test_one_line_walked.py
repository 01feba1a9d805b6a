"""One line walked: a guided tour of Buurtkas along a single payment.

A shop was paid EUR 120.00. Follow that payment from the bytes that the bank wrote to the sentence
that a neighbour reads, and to the proof under it that nobody changed it. Every step asks the
real part of the program; read it from top to bottom.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.site import make_site
from dashboards.work.allocations import Split
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from dashboards.work.statements import confirm
from dashboards.work.statements import preview
from importers.reading import read
from ledger import tables
from ledger.check_views import verify_installation
from ledger.checkpoint import VerifierKey
from ledger.checkpoint import open_note
from ledger.commitment import load_openings
from ledger.merkle import leaf_hash
from ledger.merkle import root_from_path

if TYPE_CHECKING:
    from pathlib import Path

OPENED_AT = dt.datetime(2026, 9, 1, 8, 0, tzinfo=dt.UTC)
UPLOADED_AT = dt.datetime(2026, 11, 2, 19, 30, tzinfo=dt.UTC)

SETUP = """
[district]
name = "Stadsdeel Wandelveld"
origin = "buurtkas.example/wandelveld"
clock = "simulated"
[[person]]
email = "kas@wandel.example"
name = "Wies Waterpas"
[[person]]
email = "mee@wandel.example"
name = "Bas Bezemsteel"
[[role]]
person = "kas@wandel.example"
role = "treasurer"
foundation = "pad"
[[role]]
person = "mee@wandel.example"
role = "signatory"
foundation = "pad"
[[round]]
slug = "ronde"
neighbourhood = "Wandelveld"
amount = "5000.00"
[[foundation]]
slug = "pad"
name = "Stichting Het Pad"
accounts = ["NL26VAYB8060476890"]
[[grant]]
round = "ronde"
foundation = "pad"
reference = "W-1"
amount = "5000.00"
starts = 2026-01-01
ends = 2026-12-31
[[initiative]]
foundation = "pad"
grants = ["W-1"]
slug = "bankjes"
name = "Bankjes langs het pad"
budget = { hout = "1500.00" }
[[payee]]
foundation = "pad"
name = "Houthandel De Kromme Plank"
ibans = ["NL56AGDH9619008421"]
kind = "organisation"
starts = 2026-01-01
approved_by = ["kas@wandel.example", "mee@wandel.example"]
"""

BANK_FILE = b"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-01T06:00:00</CreDtTm></GrpHdr>
<Stmt><Id>2026-10</Id><ElctrncSeqNb>10</ElctrncSeqNb><CreDtTm>2026-11-01T06:00:00</CreDtTm>
<Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">5000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">4880.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-31</Dt></Dt></Bal>
<Ntry><Amt Ccy="EUR">120.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-10-13</Dt></BookgDt><ValDt><Dt>2026-10-13</Dt></ValDt><AcctSvcrRef>REF-0001</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Refs><EndToEndId>FACTUUR-118</EndToEndId></Refs>
<RltdPties><Cdtr><Pty><Nm>Houthandel De Kromme Plank</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>NL56AGDH9619008421</IBAN></Id></CdtrAcct></RltdPties>
<RmtInf><Ustrd>planken voor drie bankjes</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""  # noqa: E501 - as a bank writes it


def test_one_line_is_walked_from_the_banks_bytes_to_the_proof(tmp_path: Path) -> None:  # noqa: PLR0915 - one walk, read from top to bottom
    """One payment, step by step: bytes, value, plan, entry, private values, views, rules, page, proof."""
    # 1. The bank's bytes become a value. Nothing but the bytes was needed; the sign says it left the account.
    (statement,) = read(BANK_FILE)
    (line,) = statement.lines
    assert (line.booked_on, line.amount_minor, line.currency) == (dt.date(2026, 10, 13), -12000, "EUR")
    assert (line.name, line.iban) == ("Houthandel De Kromme Plank", "NL56AGDH9619008421")
    assert line.text == "planken voor drie bankjes"

    # 2. A district stands, declared from a file, with one approved payee.
    installation = create_district(tmp_path / "books", read_setup(SETUP), OPENED_AT)
    with installation.store.reading() as connection:
        foundation = connection.execute(sa.select(tables.foundation)).one()
        initiative = connection.execute(sa.select(tables.initiative)).one()
        payee = connection.execute(sa.select(tables.payee)).one()

    # 3. The preview says what booking would do, and does nothing: one new line, to a payee that is known.
    shown = preview(installation, foundation.id, BANK_FILE)
    (shown_line,) = shown.statements[0].lines
    assert (shown.new, shown.known, shown.problems) == (1, 0, ())
    assert (shown_line.kind, shown_line.payee) == ("payment", f"payee:{payee.id}")

    # 4. The treasurer says what it was for, and confirms: booked, looked at, signed.
    links = {shown_line.key: (Split(initiative.id, 1, -12000),)}
    receipt = confirm(installation, foundation.id, BANK_FILE, links, now=UPLOADED_AT)
    assert (receipt.new, receipt.known, receipt.flags) == (1, 0, 0)

    # 5. It is an entry now: exact bytes, and in them no name, no IBAN, no word that somebody wrote.
    with installation.store.reading() as connection:
        kept = connection.execute(sa.select(tables.entry).where(tables.entry.c.type == "transaction")).one()
        private = connection.execute(
            sa.select(tables.private_value).where(tables.private_value.c.idx == kept.idx)
        ).one()
    entry = json.loads(kept.body)
    assert json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == kept.body
    assert (entry["amount"], entry["booked_on"], entry["book"]) == (-12000, "2026-10-13", f"foundation/{foundation.id}")
    assert b"Houthandel" not in kept.body
    assert b"NL56AGDH9619008421" not in kept.body

    # 6. What was left out is bound all the same: name and salt open the commitment, another name would not.
    opening = load_openings(private.body)["name"]
    message = ["buurtkas/commit/1", "buurtkas.example/wandelveld", entry["book"], "name", opening.value]
    said = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()
    made = hmac.digest(bytes.fromhex(opening.salt_hex), said, "sha256")
    assert base64.urlsafe_b64encode(made).rstrip(b"=").decode() == entry["commit"]["name"]

    # 7. The entry hangs on the one before it in its book: a chain that cannot be mended unseen.
    with installation.store.reading() as connection:
        before = connection.execute(
            sa.select(tables.entry.c.body).where(tables.entry.c.book == kept.book, tables.entry.c.seq == kept.seq - 1)
        ).scalar_one()
    assert entry["prev"] == hashlib.sha256(b"\x00" + before).hexdigest()

    # 8. The tables that pages read were filled in the same transaction: the payment is explained to the cent.
    with installation.store.reading() as connection:
        movement = connection.execute(sa.select(tables.movement)).one()
        sums = connection.execute(sa.select(tables.foundation_sum)).one()
    assert (movement.kind, movement.amount_minor, movement.allocated_minor) == ("payment", -12000, -12000)
    assert (sums.granted_minor, sums.paid_minor, sums.explained_minor) == (500000, 12000, 12000)

    # 9. A neighbour opens the payment's page and reads one sentence.
    browser = make_site(installation, lambda: UPLOADED_AT).test_client()
    page = browser.get(f"/en/betaling/pad/{kept.seq}").get_data(as_text=True)
    heading = " ".join(page.partition("<h1")[2].partition(">")[2].partition("</h1>")[0].split())
    for words in ("13 October 2026", "Stichting Het Pad", "€120.00", "Houthandel De Kromme Plank"):
        assert words in heading
    assert "Bankjes langs het pad" in page
    assert "NL56AGDH9619008421" not in page

    # 10. Under it lies the proof. With the published bytes alone she computes the root that was signed.
    note = browser.get("/log/checkpoint").get_data(as_text=True)
    checkpoint = open_note(note, VerifierKey.from_text(browser.get("/log/vkey").get_data(as_text=True)))
    bundle = browser.get(f"/log/tile/entries/000.p/{checkpoint.size}").get_data()
    bodies = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        bodies.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    assert bodies[kept.idx] == kept.body
    leaf = leaf_hash(kept.body)
    assert leaf.hex() in page
    path = _path_on_page(page)
    assert root_from_path(leaf, kept.idx, checkpoint.size, path) == checkpoint.root

    # 11. And the whole installation still holds.
    report = verify_installation(installation)
    assert report.ok, report.first
    installation.close()


def _path_on_page(page: str) -> list[bytes]:
    """Return the fingerprints that the page shows on the way up, from the leaf to the root."""
    shown = page.partition("The way up</dt>")[2].partition("<dt>")[0]
    return [bytes.fromhex(step) for step in re.findall("<code[^>]*>([0-9a-f]{64})</code>", shown)]
