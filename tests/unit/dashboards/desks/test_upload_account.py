"""An upload that waits for an account: one that nobody declared, or one that its file does not name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger import tables
from tests.unit.dashboards.desks.test_upload import OWN
from tests.unit.dashboards.desks.test_upload import bring
from tests.unit.dashboards.desks.test_upload import statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.dashboards.desks.conftest import Browser
    from tests.unit.dashboards.district import District

NEW = "NL91ABNA0417164300"
MEER = "00000000000000aa"
SAID = {"account": NEW, "holder": "Stichting Kievitsmeer", "mandate": "together"}


def english(path: str) -> str:
    return path.replace("/bureau", "/en/bureau")


def unnamed() -> bytes:
    """Return a file that names no account."""
    return statement().replace(f"<IBAN>{OWN}</IBAN>".encode(), b"", 1)


def waiting(browser: Browser, content: bytes) -> str:
    """Bring a file that waits, and return the address of the question."""
    question = browser.client.get(bring(browser, content)).headers["Location"]
    assert question.endswith("/rekening")
    return str(question)


def test_two_people_declare_an_account_and_the_upload_goes_on(
    browse: Callable[[str], Browser], district: District
) -> None:
    """The treasurer says whose it is, a second person approves, and the file is booked."""
    treasurer, signatory = browse("treasurer"), browse("signatory")
    question = waiting(treasurer, statement(NEW))
    page = treasurer.get(english(question))
    assert "Whose account is this?" in page
    assert "NL91 ABNA 0417 1643 00" in page
    assert district.rows(tables.account_proposal) == []
    treasurer.post(question, **SAID)
    page = treasurer.get(english(question))
    assert "This waits for a second person" in page
    assert "statement that you have not finished" in treasurer.get("/en/bureau")
    assert "account to approve" in signatory.get("/en/bureau")
    proposal = district.rows(tables.account_proposal)[0].id
    signatory.get("/bureau/meer/rekeningen")
    signatory.post(f"/bureau/meer/rekeningen/{proposal}/akkoord")
    preview = treasurer.client.get(question).headers["Location"]
    assert "3 new lines" in treasurer.get(english(preview))
    check = preview.replace("bekijken", "controleren")
    treasurer.get(check)
    treasurer.get(treasurer.post(check))
    assert {row.account for row in district.rows(tables.movement)} == {
        row.id for row in district.rows(tables.account) if row.private_iban == NEW
    }


def test_a_refused_account_is_asked_for_again(browse: Callable[[str], Browser], district: District) -> None:
    """The treasurer reads that it was refused, and may say more."""
    treasurer = browse("treasurer")
    question = waiting(treasurer, statement(NEW))
    treasurer.get(question)
    treasurer.post(question, **SAID)
    signatory = browse("signatory")
    signatory.get("/bureau/meer/rekeningen")
    signatory.post(f"/bureau/meer/rekeningen/{district.rows(tables.account_proposal)[0].id}/weigeren")
    assert "Somebody else did not approve this account before." in treasurer.get(english(question))


@pytest.mark.parametrize(
    ("said", "field"),
    [({"holder": " "}, "holder"), ({"mandate": ""}, "mandate"), ({"mandate": "nobody"}, "mandate")],
)
def test_what_is_not_said_is_mended_beside_its_field(
    browse: Callable[[str], Browser], district: District, said: dict[str, str], field: str
) -> None:
    """And what was typed stays."""
    treasurer = browse("treasurer")
    question = waiting(treasurer, statement(NEW))
    treasurer.get(question)
    page = treasurer.post(question, 422, **(SAID | {"holder": "Meer & Co"} | said))
    assert f'href="#{field}"' in page
    assert f'id="{field}-error"' in page
    assert ("Meer & Co" in page) == ("holder" not in said)
    assert district.rows(tables.account_proposal) == []


def test_only_accounts_of_the_file_are_proposed(browse: Callable[[str], Browser], district: District) -> None:
    """A number that a form makes up is none of the file's."""
    treasurer = browse("treasurer")
    question = waiting(treasurer, statement(NEW))
    treasurer.get(question)
    treasurer.post(question, 409, **(SAID | {"account": "NL20INGB0001234567"}))
    assert district.rows(tables.account_proposal) == []


def test_the_signatory_is_told_what_to_do(browse: Callable[[str], Browser], district: District) -> None:
    """Whose accounts there are is for the treasurer to say."""
    page = bring(browse("signatory"), statement(NEW), 422)
    assert 'href="#statement"' in page
    assert district.rows(tables.upload) == []
    browser = browse("treasurer")
    district.role("signatory", "treasurer", MEER)
    question = waiting(browse("signatory"), statement(NEW))
    browser.get(question, 404)
    district.end_role("signatory", "treasurer", MEER)
    browse("signatory").get(question, 403)


def test_a_file_that_names_no_account_is_asked_about_once(browse: Callable[[str], Browser], district: District) -> None:
    """The only account is chosen already, but shown; one click goes on, and it is kept in the draft."""
    treasurer = browse("treasurer")
    question = waiting(treasurer, unnamed())
    page = treasurer.get(question)
    assert f'value="{OWN}" required checked' in page
    preview = treasurer.post(question, account=OWN)
    assert "3 new lines" in treasurer.get(english(preview))
    check = preview.replace("bekijken", "controleren")
    treasurer.get(check)
    treasurer.post(check)
    assert len(district.rows(tables.movement)) == 3
    assert treasurer.client.get(question).headers["Location"].endswith("/bekijken")


def test_of_several_accounts_none_is_chosen_beforehand(browse: Callable[[str], Browser], district: District) -> None:
    """And only the foundation's own can be chosen."""
    public = {"account": "00000000000000b2", "mandate": "alone", "basis": "desk"}
    private = {"iban": NEW, "holder": None, "viewers": None}
    district.append(f"foundation/{MEER}", "account declared", public, private)
    signatory = browse("signatory")
    question = waiting(signatory, unnamed())
    assert "checked" not in signatory.get(question)
    for wrong in ("", "NL20INGB0001234567"):
        assert 'href="#account"' in signatory.post(question, 422, account=wrong)
    signatory.post(question, account=NEW)
    assert district.rows(tables.upload)[0].choices["account"] == NEW


def test_a_foundation_without_accounts_is_told_which_file_to_choose(
    browse: Callable[[str], Browser], district: District
) -> None:
    """There is nothing to choose from."""
    with district.installation.engine.begin() as connection:
        connection.execute(tables.account.delete())
    treasurer = browse("treasurer")
    page = treasurer.get(english(waiting(treasurer, unnamed())))
    assert "no account of this foundation is declared" in page
