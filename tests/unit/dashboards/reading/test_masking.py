"""Private persons on public pages: counted, never named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

import dashboards.reading
from dashboards.pages.payments import PaymentFilter
from dashboards.work.verification import run_verification
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.reading import DatabaseReader
    from tests.unit.dashboards.reading.conftest import Village


@pytest.fixture
def telling(village: Village) -> Village:
    """The village with everything in it that would tell something about a person."""
    shop = village.payee(village.shop)
    village.line(-120_00, counter=shop, show=True)
    for number, person in enumerate(village.persons[:3]):
        line = village.line(-400_00 - number, counter=village.payee(person), name=person)
        village.link(line, -100_00)
        village.flag(line, "PAY-02", show=False, number=number + 1)
    stranger = village.line(-900_00)
    flag = village.flag(stranger, "PAY-07", show=True, number=9)
    village.step("flag taken up", flag, "under_review")
    village.step("flag ruled", flag, "accepted", outcome="accepted")
    village.statement(slug="kade", iban=village.group_iban)
    village.line(-10_00, slug="kade", account=village.group_iban)
    village.audit()
    village.sign()
    run_verification(village.installation, village.now)
    return village


def every_value(reader: DatabaseReader) -> Iterator[object]:
    """Every value of every public page, as a visitor can reach it by links."""
    home = reader.home()
    yield from (reader.site(), home, reader.rules(), reader.verify())
    yield from (reader.rule(rule.id) for rule in reader.rules())
    yield from (reader.foundation(card.link.slug) for card in home.foundations)
    yield from (reader.initiative(card.link.slug) for card in home.initiatives)
    for number in range(1, reader.payments(PaymentFilter(), 1).pages + 1):
        page = reader.payments(PaymentFilter(), number)
        yield page
        yield from (reader.transaction(row.foundation.slug, row.seq) for row in page.rows)


def test_no_page_holds_a_private_persons_name_iban_or_text(telling: Village) -> None:
    """Names, IBANs and words of and about persons are in no value that a template could print."""
    values = list(every_value(telling.reader))
    assert len(values) > 15
    shown = "\n".join(repr(value) for value in values)
    assert telling.shop in shown
    assert [secret for secret in telling.secrets if secret in shown] == []


def test_private_names_cannot_be_searched(telling: Village) -> None:
    """A search for a person, an account or a private text finds nothing."""
    for words in telling.secrets:
        assert telling.reader.payments(PaymentFilter(text=words), 1).total == 0


def test_masked_payees_are_all_masked_alike(telling: Village) -> None:
    """Nobody can tell an approved person from a payee that nobody approved."""
    rows = telling.reader.payments(PaymentFilter(), 1).rows
    assert {row.payee.kind for row in rows if row.payee.kind != "named"} == {"masked"}


def test_persons_are_counted_from_three_on(village: Village) -> None:
    """Three persons are said to be three; of fewer the number is hidden."""
    reader = village.reader
    for person in village.persons[:2]:
        village.line(-400_00, counter=village.payee(person))
    few, pending = reader.foundation("beemd").private, reader.foundation("beemd").pending
    assert few is not None
    assert (few.persons, few.payments, few.amount_minor) == (None, 2, 800_00)
    assert pending is None
    village.line(-440_00, counter=village.payee(village.persons[2]))
    village.line(-10_00, counter=village.payee(village.persons[2]))
    enough = reader.foundation("beemd").private
    assert enough is not None
    assert (enough.persons, enough.payments, enough.amount_minor) == (3, 4, 1_250_00)


def test_pending_leaves_the_banks_own_charges_out(village: Village) -> None:
    """A payment to whom nobody approved is pending; what the bank charges is not, and a payee by that code is."""
    village.line(-12_00, name="Bankkosten", iban=None, text=None, code="PMNT-ACMT-CHRG")
    assert village.reader.foundation("beemd").pending is None
    village.line(-70_00, code="PMNT-ACMT-CHRG")
    village.line(500_00)
    pending = village.reader.foundation("beemd").pending
    assert pending is not None
    assert (pending.payments, pending.amount_minor) == (1, 70_00)


def test_totals_are_the_same_for_a_reader_that_remembers(telling: Village) -> None:
    """What a reader adds to what it counted before is what a fresh one counts."""
    remembering = telling.reader
    before = remembering.foundation("beemd")
    telling.line(-5_00)
    telling.line(-7_00, counter=telling.payee(telling.persons[0]))
    after, fresh = remembering.foundation("beemd"), telling.reader.foundation("beemd")
    assert after.private == fresh.private != before.private
    assert after.pending == fresh.pending != before.pending


def test_disclosed_name_is_shown_and_hidden_again(village: Village) -> None:
    """A line's own name shows while it is disclosed and no longer."""
    line = village.line(-10_00, name="Theehuis De Tuimelaar")
    village.disclose(line, "name")
    assert village.reader.transaction("beemd", line.seq).payee.name == "Theehuis De Tuimelaar"
    village.append(line.book, "withdrawn", {"pairs": [[line.seq, "name"]], "why": "request"})
    assert village.reader.transaction("beemd", line.seq).payee.kind == "masked"


def test_foundation_of_residents_has_no_name_and_no_account(telling: Village) -> None:
    """Residents who opened an account are called by a number."""
    slug = telling.foundation("kade")
    page = telling.reader.foundation(slug)
    assert page.link.name == f"#{slug[:8]}"
    assert page.accounts == ()


def test_private_columns_are_read_in_one_module_alone() -> None:
    """Only the module of totals names a private column, or the table of private values."""
    folder = Path(dashboards.reading.__file__).parent
    naming = {path.stem for path in folder.glob("*.py") if "private_" in path.read_text(encoding="utf-8")}
    assert naming == {"masked"}


def test_charge_whose_words_were_damaged_counts_as_pending(village: Village) -> None:
    """Private values that cannot be read take no page down; the payment is then one that nobody approved."""
    line = village.line(-12_00, name="Bankkosten", iban=None, text=None, code="PMNT-ACMT-CHRG")
    with village.installation.engine.begin() as connection:
        damage = sa.update(tables.private_value).where(tables.private_value.c.idx == line.idx)
        connection.execute(damage.values(body="{"))
    pending = village.reader.foundation("beemd").pending
    assert pending is not None
    assert pending.payments == 1
