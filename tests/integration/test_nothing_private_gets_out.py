"""Planted names, account numbers and words: none of them comes out of anything that is public.

A treasurer brings a bank file full of private persons, sole traders and payees that nobody approved, and
everybody writes names wherever a form takes text. Then every public address is read in both languages,
with what the links, the charts, the log and the export hold, and what the server wrote to its log.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from dashboards.site import make_site
from dashboards.work import people
from dashboards.work.ordinary import changing
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from ledger import tables
from ledger.checkpoint import VerifierKey
from ledger.checkpoint import open_note
from ledger.database import FENCELESS
from ledger.entries.foundation.text_released import REMOVED
from ledger.installation import owning
from ledger.publish import export_record
from ledger.publish import tile_places
from ledger.record import tile_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from ledger.installation import Installation

NOW = dt.datetime(2026, 11, 2, 19, 30, tzinfo=dt.UTC)
PASSWORD = "een lange natte herfst"
PAID = (
    ("Mw. J. Knoopkruid", "NL05VAYB2720438215", "terug voor taart Knoopkruidje"),
    ("Mw. J. Knoopkruid", "NL05VAYB2720438215", "nog eens taart"),
    ("Dhr. P. Wolfspoot", "NL20INGB0001234567", "klusjes wolfspootpad"),
    ("Stokroos Klussen", "NL91ABNA0417164300", "rekening stokroosje"),
    ("Zwenkgras en Dochters", "NL39RABO0300065264", "levering zwenkgrasmat"),
)
"""An approved person twice, one that nobody approved, a sole trader, and a payee that nobody knows."""
RELEASED = 4
"""How many of the texts hold their counterparty's name, so that something is blacked out."""
TYPED = ("Bloedzuring", "Havikskruid", "Guichelheil", "Duizendblad")
"""Names within a purpose, a proposed payee, a reason, and somebody's household."""
PEOPLE = ("Wies Zilverlinde", "Bas Sleedoorn", "Nour Gagelstruik", "lokaalpost.example")
FILENAME = "Waterweegbree.xml"
BREAKING = {
    "sqlite": (
        "CREATE TRIGGER broken BEFORE INSERT ON private_value BEGIN SELECT RAISE(ABORT, 'out of order'); END",
        "DROP TRIGGER broken",
    ),
    "postgresql": (
        "ALTER TABLE private_value ADD CONSTRAINT broken CHECK (body = '') NOT VALID",
        "ALTER TABLE private_value DROP CONSTRAINT broken",
    ),
}
"""How the database is broken and mended; PostgreSQL would quote the row that it refuses."""
MARKERS = (
    *(word for name, iban, text in PAID for word in (name.split()[-1], name, iban, text, iban[-10:])),
    *(" ".join(iban[at : at + 4] for at in range(0, 18, 4)) for _, iban, _ in PAID),
    *TYPED,
    *PEOPLE,
    "Waterweegbree",
    PASSWORD,
)

SETUP = f"""
[district]
name = "Stadsdeel Wandelveld"
origin = "buurtkas.example/wandelveld"
clock = "simulated"
[[person]]
email = "kas@lokaalpost.example"
name = "Wies Zilverlinde"
[[person]]
email = "mee@lokaalpost.example"
name = "Bas Sleedoorn"
[[person]]
email = "stad@lokaalpost.example"
name = "Nour Gagelstruik"
[[role]]
person = "kas@lokaalpost.example"
role = "treasurer"
foundation = "pad"
[[role]]
person = "mee@lokaalpost.example"
role = "signatory"
foundation = "pad"
[[role]]
person = "stad@lokaalpost.example"
role = "officer"
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
budget = {{ hout = "1500.00" }}
[[payee]]
foundation = "pad"
name = "{PAID[0][0]}"
ibans = ["{PAID[0][1]}"]
kind = "person"
starts = 2026-01-01
approved_by = ["kas@lokaalpost.example", "mee@lokaalpost.example"]
[[payee]]
foundation = "pad"
name = "{PAID[3][0]}"
ibans = ["{PAID[3][1]}"]
kind = "sole_trader"
starts = 2026-01-01
approved_by = ["kas@lokaalpost.example", "mee@lokaalpost.example"]
[[decision]]
foundation = "pad"
payee = "{PAID[0][0]}"
ceiling = "400.00"
purpose = "taart van {TYPED[0]}"
initiative = "bankjes"
category = "hout"
starts = 2026-01-01
ends = 2026-12-31
decided_on = 2026-01-01
proposed_by = "kas@lokaalpost.example"
approved_by = "mee@lokaalpost.example"
[[declaration]]
foundation = "pad"
person = "{TYPED[3]}"
relation = "household"
ibans = ["{PAID[2][1]}"]
"""

LINE = """<Ntry><Amt Ccy="EUR">{amount}.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-10-{day}</Dt></BookgDt><ValDt><Dt>2026-10-{day}</Dt></ValDt><AcctSvcrRef>R-{day}</AcctSvcrRef>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><RltdPties><Cdtr><Pty><Nm>{name}</Nm></Pty></Cdtr><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct>
</RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
BALANCE = """<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"""


def bank_file() -> bytes:
    """A month of one account as its bank writes it."""
    amounts = [300 + place for place in range(len(PAID))]
    lines = "".join(
        LINE.format(amount=amount, day=10 + place, name=name, iban=iban, text=text)
        for place, (amount, (name, iban, text)) in enumerate(zip(amounts, PAID, strict=True))
    )
    opening = BALANCE.format(code="OPBD", amount=5000, day="2026-10-01")
    closing = BALANCE.format(code="CLBD", amount=5000 - sum(amounts), day="2026-10-31")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-01T06:00:00</CreDtTm></GrpHdr><Stmt><Id>2026-10</Id>
<ElctrncSeqNb>10</ElctrncSeqNb><CreDtTm>2026-11-01T06:00:00</CreDtTm>
<Acct><Id><IBAN>NL26VAYB8060476890</IBAN></Id><Ccy>EUR</Ccy></Acct>{opening}{closing}{lines}
</Stmt></BkToCstmrStmt></Document>""".encode()


class Desk:
    """A browser at a desk."""

    def __init__(self, client: FlaskClient, email: str) -> None:
        self.client = client
        self.token = ""
        self.get("/bureau/inloggen")
        self.post("/bureau/inloggen", email=email, password=PASSWORD)

    def get(self, path: str) -> TestResponse:
        """Look at a page."""
        return self._seen(self.client.get(path, follow_redirects=True))

    def post(self, path: str, /, **form: str | tuple[io.BytesIO, str]) -> TestResponse:
        """Send a form."""
        data = {"csrf_token": self.token, **form}
        return self._seen(self.client.post(path, data=data, follow_redirects=True))

    def _seen(self, response: TestResponse) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
        self.token = found[1] if found else self.token
        return response


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work, for these tests alone."""
    monkeypatch.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    people._decoy.cache_clear()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """The district before anything was paid."""
    made = create_district(tmp_path / "books", read_setup(SETUP), NOW - dt.timedelta(days=60))
    with changing(made.engine) as connection:
        for person in connection.execute(sa.select(tables.person.c.id)).scalars().all():
            people.set_password(connection, person, PASSWORD)
    yield made
    made.close()


@pytest.fixture
def lived(installation: Installation, caplog: pytest.LogCaptureFixture) -> FlaskClient:
    """A visitor's browser, after everything that people do at desks was done, and some of it wrongly."""
    caplog.set_level(logging.DEBUG)
    site = make_site(installation, lambda: NOW)
    _fail(installation, site.test_client())
    desk = Desk(site.test_client(), "kas@lokaalpost.example")
    _upload(desk, bank_file())
    _release(desk)
    form = {"name": TYPED[1], "iban": "NL44RABO0123456789", "kvk": "", "kind": "person", "starts": "2026-10-01"}
    assert desk.post("/bureau/pad/begunstigden/nieuw", **form).status_code == 200
    officer = Desk(site.test_client(), "stad@lokaalpost.example")
    for case in sorted(set(re.findall(r"/bureau/signalen/[0-9a-f]{12}", officer.get("/bureau/signalen").text))):
        officer.get(case)
        assert officer.post(case, action="take_up", reason=f"gevraagd aan {TYPED[2]}").status_code == 200
    return site.test_client()


def _upload(desk: Desk, content: bytes) -> TestResponse:
    """Bring a statement, all the way; return the last answer."""
    desk.get("/bureau/pad/afschrift")
    page = desk.post("/bureau/pad/afschrift", statement=(io.BytesIO(content), FILENAME))
    assert PAID[0][0] in page.text
    draft = page.request.path.removesuffix("/bekijken")
    desk.get(f"{draft}/controleren")
    return desk.post(f"{draft}/controleren")


def _release(desk: Desk) -> None:
    """Make the texts public as they are proposed: what is not about somebody, and nothing else."""
    page = desk.get("/bureau/pad/teksten").text
    boxes = re.findall(r'name="hide-(\d+)" value="(\d+)" checked', page)
    seqs = sorted({seq for seq, _ in boxes}, key=int)
    assert len(seqs) == RELEASED
    hidden = {f"hide-{seq}": [word for own, word in boxes if own == seq] for seq in seqs}
    data = {"csrf_token": desk.token, "release": seqs, **hidden}
    answer = desk.client.post("/bureau/pad/teksten", data=data, follow_redirects=True)
    assert answer.status_code == 200


def _fail(installation: Installation, client: FlaskClient) -> None:
    """Do what goes wrong: a wrong password, a spoilt file, and a database that breaks while names are written."""
    desk = Desk(client, "kas@lokaalpost.example")
    Desk(client.application.test_client(), f"{TYPED[0]}@lokaalpost.example")
    desk.get("/bureau/pad/afschrift")
    spoilt = bank_file().replace(b"</Stmt>", b"")
    assert desk.post("/bureau/pad/afschrift", statement=(io.BytesIO(spoilt), FILENAME)).status_code == 422
    breaking, mending = BREAKING[installation.engine.dialect.name]
    with owning(installation.directory, installation.settings.schema, installation.around) as engine:
        _execute(engine, breaking)
        assert _upload(desk, bank_file()).status_code == 500
        _execute(engine, mending)


def _execute(engine: sa.Engine, statement: str) -> None:
    """Change the shape of the database, as its owner can."""
    with engine.execution_options(**FENCELESS).begin() as connection:
        connection.exec_driver_sql(statement)


def _public(client: FlaskClient) -> Iterator[tuple[str, TestResponse]]:
    """Yield every public address that a link leads to, and those that no link names."""
    waiting = ["/", "/en/", *(f"/betaling/pad/{seq}" for seq in range(40)), *_faults(), *_charts(), *_log(client)]
    known = set(waiting)
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        yield path, response
        if response.mimetype != "text/html":
            continue
        for link in re.findall(r'(?:href|src|action|data-[a-z-]+)="(/[^"#]*)', response.text):
            address = link.replace("&amp;", "&")
            if address not in known and not address.startswith(("/static/", "/plotly/")) and "/bureau" not in address:
                known.add(address)
                waiting.append(address)


def _faults() -> tuple[str, ...]:
    return ("/nergens", "/bureau", "/bureau/pad/afschrift", "/betaling/pad/99999", "/stichting/pad/", "/log/tile/9/999")


def _charts() -> tuple[str, ...]:
    names = ("stichting/pad/chart/flow", "initiatief/bankjes/chart/budget", "initiatief/bankjes/chart/spending")
    return tuple(f"{prefix}/{name}.json" for prefix in ("", "/en") for name in ("chart/flow", *names))


def _log(client: FlaskClient) -> Iterator[str]:
    """Yield all addresses of the published log."""
    yield from ("/log/checkpoint", "/log/vkey", "/log/disclosures")
    key = VerifierKey.from_text(client.get("/log/vkey").text)
    for level, number, width in tile_places(open_note(client.get("/log/checkpoint").text, key).size):
        yield f"/log/{tile_path(str(level), number, width)}"
        yield f"/log/{tile_path('entries', number, width)}"


def _told(content: bytes) -> set[str]:
    """Return which planted words stand in some bytes, in whatever case."""
    text = content.decode("latin-1").casefold()
    return {marker for marker in MARKERS if marker.encode().decode("latin-1").casefold() in text}


def test_no_public_address_tells_a_private_word(lived: FlaskClient) -> None:
    """Neither a page, a figure, a fault nor the log holds what was planted, in bytes or headers."""
    read = dict(_public(lived))
    assert len(read) > 60
    assert {response.status_code for response in read.values()} <= {200, 303, 404}
    assert read["/log/disclosures"].data
    assert sum("tile/entries" in path and response.status_code == 200 for path, response in read.items()) == 1
    pages = [response.text for response in read.values() if response.mimetype == "text/html"]
    assert sum("klusjes" in page and REMOVED in page for page in pages) >= 2
    told = {path: _told(response.get_data() + str(response.headers).encode()) for path, response in read.items()}
    assert {path: words for path, words in told.items() if words} == {}


def test_the_export_tells_no_private_word(lived: FlaskClient, installation: Installation, tmp_path: Path) -> None:
    """The public record as files holds what the log holds."""
    assert lived.get("/").status_code == 200
    export_record(installation, tmp_path / "record")
    written = [path for path in (tmp_path / "record").rglob("*") if path.is_file()]
    assert len(written) >= 5
    assert {path.name: told for path in written if (told := _told(path.read_bytes() + str(path).encode()))} == {}


def test_the_servers_log_tells_no_private_word(
    lived: FlaskClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Wrong passwords, spoilt files and a database that breaks leave no name in the log."""
    assert lived.get("/").status_code == 200
    printed = capfd.readouterr()
    logged = "\n".join(logging.Formatter().format(record) for record in caplog.get_records("setup"))
    assert "IntegrityError" in logged
    assert _told((logged + caplog.text + printed.out + printed.err).encode()) == set()


def test_a_search_for_somebody_is_a_search_for_nothing(lived: FlaskClient) -> None:
    """Looking for a private name, number or word answers exactly as looking for nonsense does."""
    for marker in (*(word for line in PAID for word in line), *TYPED, PEOPLE[0]):
        for search in sorted({marker, *marker.split(), marker[:6], marker.upper()}):
            assert _answer_to(lived, search) == _answer_to(lived, "q" * len(search)), search


def _answer_to(client: FlaskClient, search: str) -> str:
    """Return headers and page of a search, without what was typed where it stands in the form and in links."""
    response = client.get("/betalingen", query_string={"zoek": search})
    plain = re.sub(r'(?<=zoek=)[^"&]*|(?<=name="zoek" value=")[^"]*', "", response.text)
    headers = [header for header in response.headers if header[0] not in {"Date", "ETag", "Content-Length"}]
    return f"{response.status_code} {headers} {plain}"
