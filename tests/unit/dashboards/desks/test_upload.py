"""Bringing a statement, step by step, as a browser meets it."""

from __future__ import annotations

import datetime as dt
import io
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

import pytest
import sqlalchemy as sa

from dashboards.access import guard
from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.desks import upload
from dashboards.desks import upload_pages
from dashboards.work import drafts
from dashboards.work import statements
from dashboards.work.statements import Preview
from ledger import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.work.statements import StatementPreview
    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

UPLOAD = "/bureau/meer/afschrift"
OWN = "NL02ABNA0123456789"
TARGET = "00000000000000c1/1"
MADE = dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC)


def line(reference: str, day: int, minor: int, name: str, iban: str) -> BankLine:
    kind: Any = "transfer" if minor < 0 else "received"
    return BankLine(reference, dt.date(2026, 10, day), minor, kind, f"nota {reference}", name, iban)


def statement(
    iban: str = OWN,
    opening: int = 500_000,
    lines: tuple[BankLine, ...] | None = None,
    days: tuple[int, int] = (1, 31),
) -> bytes:
    booked = lines or (
        line("A1", 5, -12_000, "Bouwmarkt Zonnehoed", "NL91ABNA0417164300"),
        line("A2", 6, -45_000, "Gijs Hermelijn", "NL20INGB0001234567"),
        line("A3", 7, 2_000, "Bouwmarkt Zonnehoed", "NL91ABNA0417164300"),
    )
    starts, ends = (dt.date(2026, 10, day) for day in days)
    one = BankStatement(iban, "Stichting Kievitsmeer", 10, starts, ends, opening, booked)
    return camt053([one], version="08", message_id="M1", created_at=MADE)


def bring(browser: Browser, content: bytes, status: int = 303) -> str:
    browser.get(UPLOAD)
    return browser.post(UPLOAD, status, statement=(io.BytesIO(content), "oktober.xml"))


def test_a_statement_is_brought_in_five_steps(browse: Callable[[str], Browser], district: District) -> None:
    """Choose, look, link, check, done: nothing is in the books before, everything after."""
    browser, size = browse("treasurer"), district.size()
    preview = bring(browser, statement())
    page = browser.get(preview)
    assert "Gijs Hermelijn" in page
    link = browser.post(preview)
    assert TARGET in browser.get(link)
    check = browser.post(link, **{"line-0-0": TARGET, "line-0-1": "", "line-0-2": TARGET})
    page = browser.get(check)
    assert "De Tuin" in page
    assert district.size() == size
    assert district.rows(tables.statement) == []
    receipt = browser.post(check)
    assert receipt.endswith("/klaar")
    page = browser.get(receipt)
    assert re.search(r"\d+-[0-9a-f]{8}", page)
    assert len(district.rows(tables.movement)) == 3
    allocated = sorted(row.amount_minor for row in district.rows(tables.allocation))
    assert allocated == [-12_000, 2_000]
    flagged = {row.seq for row in district.rows(tables.flag_about)}
    assert district.rows(tables.upload)[0].receipt["looked_at"] == len(flagged) == 2
    assert len(district.rows(tables.flag)) > len(flagged)
    assert district.installation.signer.size() == district.size()


def test_a_draft_survives_a_reload_and_a_change_of_mind(browse: Callable[[str], Browser], district: District) -> None:
    """What was chosen stands there when one comes back, and my desk leads to it."""
    browser = browse("treasurer")
    preview = bring(browser, statement())
    link = preview.replace("bekijken", "toedelen")
    browser.get(link)
    browser.post(link, **{"line-0-0": TARGET})
    again = browse("treasurer")
    assert f'value="{TARGET}" selected' in again.get(link)
    assert preview in again.get("/bureau")
    again.post(link, **{"line-0-0": ""})
    assert f'value="{TARGET}" selected' not in again.get(link)
    assert district.rows(tables.upload)[0].confirmed_at is None


@pytest.mark.parametrize("step", ["bekijken", "toedelen", "controleren", "klaar"])
@pytest.mark.parametrize("who", ["signatory", "other", "officer", "nobody"])
def test_a_draft_is_its_makers_alone(browse: Callable[[str], Browser], district: District, who: str, step: str) -> None:
    """Nobody else sees it, not even the second signatory, and nobody else confirms it."""
    path = bring(browse("treasurer"), statement()).replace("bekijken", step)
    browser, size = browse(who), district.size()
    browser.get(path, 404)
    if step != "klaar":
        browser.post(path, 404)
    assert district.size() == size


def test_who_resigned_confirms_nothing(browse: Callable[[str], Browser], district: District) -> None:
    """A draft of somebody whose role ended stays a draft."""
    browser = browse("treasurer")
    check = bring(browser, statement()).replace("bekijken", "controleren")
    browser.get(check)
    district.end_role("treasurer", "treasurer", "00000000000000aa")
    browser.post(check, 403)
    assert district.rows(tables.movement) == []


def test_confirming_twice_books_once(browse: Callable[[str], Browser], district: District) -> None:
    """The second click leads to the receipt of the first."""
    browser = browse("treasurer")
    preview = bring(browser, statement())
    check = preview.replace("bekijken", "controleren")
    browser.get(check)
    receipt, size = browser.post(check), district.size()
    assert browser.post(check) == receipt
    assert browser.client.get(preview).headers["Location"] == receipt
    assert district.size() == size


def test_the_same_file_again_brings_nothing_new(browse: Callable[[str], Browser], district: District) -> None:
    """A file that was booked is recognised, and there is nothing to confirm."""
    browser = browse("treasurer")
    check = bring(browser, statement()).replace("bekijken", "controleren")
    browser.get(check)
    browser.post(check)
    page = browser.get(bring(browser, statement()).replace("/bureau", "/en/bureau"))
    assert "Nothing new in this file" in page
    assert len(district.rows(tables.movement)) == 3


def test_a_statement_that_does_not_add_up_stops(browse: Callable[[str], Browser], district: District) -> None:
    """The page says what does not fit; linking leads on to no booking."""
    browser = browse("treasurer")
    broken = statement().replace(b"5000.00", b"4999.00", 1)
    preview = bring(browser, broken)
    page = browser.get(f"/en{preview}")
    assert "Stop: this does not fit" in page
    browser.post(preview, 200)
    check = preview.replace("bekijken", "controleren")
    browser.get(check, 409)
    browser.post(check, 409)
    assert district.rows(tables.movement) == []


@pytest.mark.parametrize(
    "content",
    [b"", b"geen afschrift", b"<a/>"],
    ids=["empty", "text", "xml"],
)
def test_a_file_that_cannot_be_booked_is_refused_at_once(
    browse: Callable[[str], Browser], district: District, content: bytes
) -> None:
    """The form says why beside the field, and no draft is made."""
    page = bring(browse("treasurer"), content, 422)
    assert 'href="#statement"' in page
    assert district.rows(tables.upload) == []


def test_another_foundations_file_is_refused(browse: Callable[[str], Browser], district: District) -> None:
    """A treasurer brings her own foundation's statements alone."""
    browser = browse("other")
    browser.get("/bureau/eik/afschrift")
    page = browser.post("/en/bureau/eik/afschrift", 422, statement=(io.BytesIO(statement()), "oktober.xml"))
    assert "another foundation" in page
    assert district.rows(tables.upload) == []


def test_a_huge_file_is_too_large(browse: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit the answer is 413, whatever is in the file."""
    monkeypatch.setattr(guard, "LARGEST_FILE", 1000)
    monkeypatch.setattr(guard, "AROUND_A_FILE", 0)
    browser = browse("treasurer")
    browser.get(UPLOAD)
    browser.post(UPLOAD, 413, statement=(io.BytesIO(b"x" * 2000), "groot.xml"))


def test_the_character_nul_is_refused_in_a_form_too(browse: Callable[[str], Browser]) -> None:
    """Only once the form is known to be no larger than it may be."""
    browser = browse("treasurer")
    browser.get(UPLOAD)
    browser.post(UPLOAD, 400, reason="a\0b")


def test_a_link_that_was_not_offered_is_refused(browse: Callable[[str], Browser], district: District) -> None:
    """Another foundation's initiative cannot be chosen, and what was chosen for other lines stays."""
    browser = browse("treasurer")
    link = bring(browser, statement()).replace("bekijken", "toedelen")
    browser.get(link)
    page = browser.post(link, 422, **{"line-0-0": "00000000000000c2/1", "line-0-1": TARGET})
    assert 'href="#line-0-0"' in page
    assert f'value="{TARGET}" selected' in page
    assert "links" not in district.rows(tables.upload)[0].choices


def test_a_file_larger_than_any_statement_is_too_large(
    browse: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form within its limit may still carry a file that is not."""
    monkeypatch.setattr(upload, "LARGEST_FILE", 1000)
    bring(browse("treasurer"), b"x" * 1001, 413)


def test_a_form_without_a_file_is_said_so(browse: Callable[[str], Browser]) -> None:
    """Nothing chosen is told beside the field."""
    browser = browse("treasurer")
    browser.get(UPLOAD)
    assert 'href="#statement"' in browser.post(UPLOAD, 422)


def test_there_is_no_receipt_before_confirming(browse: Callable[[str], Browser], district: District) -> None:
    """The last step leads back, and after confirming every step leads to it."""
    browser = browse("treasurer")
    preview = bring(browser, statement())
    receipt = preview.replace("bekijken", "klaar")
    assert browser.client.get(receipt).headers["Location"] == preview
    check = preview.replace("bekijken", "controleren")
    browser.get(check)
    browser.post(check)
    for step in ("bekijken", "toedelen", "controleren"):
        assert browser.client.get(preview.replace("bekijken", step)).headers["Location"] == receipt
    assert len(district.rows(tables.movement)) == 3


def test_what_no_longer_fits_is_said_and_not_booked(browse: Callable[[str], Browser], district: District) -> None:
    """A budget line that is not there stops the upload in words, and nothing of the file is booked."""
    browser = browse("treasurer")
    check = bring(browser, statement()).replace("bekijken", "controleren")
    with district.installation.store.reading() as connection:
        (id_,) = drafts.open_drafts(connection, district.ids["treasurer"])
        draft = drafts.find_draft(connection, id_, district.ids["treasurer"])
    drafts.keep_links(district.installation, draft, {"0.0": "00000000000000c1/9"})
    browser.get(check)
    assert 'href="#statement"' in browser.post(check, 422)
    assert district.rows(tables.movement) == []


def test_an_account_that_went_away_stops_the_upload(browse: Callable[[str], Browser], district: District) -> None:
    """A draft whose account is no longer known cannot go on; who may not say whose it is, reads what to do."""
    browser = browse("signatory")
    preview = bring(browser, statement())
    with district.installation.engine.connect() as connection:
        connection.execute(sa.delete(tables.account))
        connection.commit()
    assert 'href="#statement"' in browser.get(preview, 422)


def test_an_upload_is_cancelled_before_it_is_confirmed(browse: Callable[[str], Browser], district: District) -> None:
    """Draft and file are gone, unless something else refers to the file; what was confirmed stays."""
    browser = browse("treasurer")
    preview = bring(browser, statement())
    kept = district.installation.kept_path(district.rows(tables.upload)[0].content)
    bring(browse("signatory"), statement())
    browser.get(preview)
    assert browser.post(preview.replace("bekijken", "annuleren")).endswith(UPLOAD)
    assert kept.exists()
    browser.get(preview, 404)
    other = browse("signatory")
    (waiting,) = (row.id for row in district.rows(tables.upload))
    other.get(f"/bureau/afschrift/{waiting}/bekijken")
    other.post(f"/bureau/afschrift/{waiting}/annuleren")
    assert (kept.exists(), district.rows(tables.upload)) == (False, [])
    check = bring(browser, statement()).replace("bekijken", "controleren")
    browser.get(check)
    browser.post(check)
    browser.post(check.replace("controleren", "annuleren"), 409)
    again = bring(browser, statement())
    browser.get(again)
    browser.post(again.replace("bekijken", "annuleren"))
    assert kept.exists()


def test_an_interruption_after_booking_loses_no_receipt(
    browse: Callable[[str], Browser], district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is booked and its receipt are one; what the rules find is added when it is asked for."""
    browser = browse("treasurer")
    check = bring(browser, statement()).replace("bekijken", "controleren")
    browser.get(check)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(statements, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            browser.post(check)
    (row,) = district.rows(tables.upload)
    assert (row.receipt["new"], row.receipt["looked_at"]) == (3, None)
    assert district.rows(tables.run) == []
    page = browser.get(browser.post(check).replace("/bureau", "/en/bureau"))
    assert "3 lines are in the book" in page
    assert "Sealed:" in page
    assert district.rows(tables.upload)[0].receipt["looked_at"] > 0
    assert len(district.rows(tables.movement)) == 3


def test_another_file_takes_the_place_of_an_unfinished_one(
    browse: Callable[[str], Browser], district: District
) -> None:
    """One draft at a time: the first is gone, nobody else's is."""
    first = bring(browse("treasurer"), statement())
    bring(browse("signatory"), statement())
    browser = browse("treasurer")
    second = bring(browser, statement(opening=600_000))
    browser.get(first, 404)
    browser.get(second)
    assert len(district.rows(tables.upload)) == 2


BROKEN = (b"5000.00", b"4999.00", 1)
REASON = "De bank geeft geen ander bestand."


def test_what_does_not_fit_is_booked_with_a_reason(browse: Callable[[str], Browser], district: District) -> None:
    """The treasurer says why; the check shows it again, the book keeps it privately, and a rule looks at it."""
    browser = browse("treasurer")
    preview = bring(browser, statement().replace(*BROKEN))
    assert "Book it all the same" in browser.get(f"/en{preview}")
    link = browser.post(preview, reason=REASON)
    browser.get(link)
    check = browser.post(link, **{"line-0-0": TARGET})
    page = browser.get(f"/en{check}")
    assert "This file does not fit" in page
    assert REASON in page
    page = browser.get(f"/en{browser.post(check)}")
    assert "2 payments are not explained yet" not in page
    assert "1 payment is not explained yet" in page
    (booked,) = district.rows(tables.statement)
    assert booked.accepted
    assert booked.private_reason == REASON
    assert booked.problems
    assert "BNK-01" in {row.private_rule for row in district.rows(tables.flag)}


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2_001])
def test_booking_what_does_not_fit_needs_a_reason(browse: Callable[[str], Browser], reason: str) -> None:
    """The form says so beside the field, and the way on stays closed."""
    browser = browse("treasurer")
    preview = bring(browser, statement().replace(*BROKEN))
    assert 'href="#reason"' in browser.post(preview, 422, reason=reason)
    browser.get(preview.replace("bekijken", "controleren"), 409)


def test_only_the_treasurer_accepts_what_does_not_fit(browse: Callable[[str], Browser], district: District) -> None:
    """The second signatory is not offered it, and cannot."""
    browser = browse("signatory")
    preview = bring(browser, statement().replace(*BROKEN))
    assert 'name="reason"' not in browser.get(preview)
    browser.post(preview, 403, reason=REASON)
    assert "accept" not in district.rows(tables.upload)[0].choices


def test_who_is_treasurer_no_more_accepts_nothing(browse: Callable[[str], Browser], district: District) -> None:
    """A reason given before the role ended does not count after it."""
    district.role("signatory", "treasurer", "00000000000000aa")
    browser = browse("signatory")
    preview = bring(browser, statement().replace(*BROKEN))
    browser.post(preview, reason=REASON)
    district.end_role("signatory", "treasurer", "00000000000000aa")
    browser.post(preview.replace("bekijken", "controleren"), 403)
    assert district.rows(tables.movement) == []


def test_a_reason_that_nobody_needed_is_not_kept(browse: Callable[[str], Browser], district: District) -> None:
    """A file that fits is booked as one that fits, whatever a form says."""
    browser = browse("treasurer")
    preview = bring(browser, statement())
    browser.get(browser.post(preview, reason=REASON))
    browser.post(preview.replace("bekijken", "controleren"))
    (booked,) = district.rows(tables.statement)
    assert (booked.accepted, booked.private_reason) == (False, None)


def test_the_preview_says_which_format_it_is(browse: Callable[[str], Browser]) -> None:
    """In the words that the bank uses, without a version."""
    browser = browse("treasurer")
    assert "oktober.xml · CAMT.053<" in re.sub(r"</?bdi>", "", browser.get(bring(browser, statement())))


@pytest.mark.parametrize(
    ("format_", "bank", "words"),
    [
        ("camt.053.001.08", "ABNANL2A", "CAMT.053"),
        ("camt.052", None, "CAMT.052"),
        ("csv", "ING", "ING CSV"),
        ("csv", None, "CSV"),
        ("mt940", "RABO", "MT940"),
    ],
)
def test_formats_have_words(format_: str, bank: str | None, words: str) -> None:
    """Each statement's format is named once."""
    one = cast("StatementPreview", SimpleNamespace(format=format_, bank=bank))
    assert upload_pages.format_name(Preview((one, one))) == words
