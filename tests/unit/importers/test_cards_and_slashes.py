"""Cards as accounts of their own, days with slashes, accounts above the header, and both sides in columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from importers.errors import MalformedFile
from importers.figures import is_card
from importers.reading import read

if TYPE_CHECKING:
    from importers.statement import Statement

SAMPLES = Path(__file__).parents[2] / "data" / "importers"
BUNQ = "Date,Amount,Account,Counterparty,Name,Description"


def only(data: bytes) -> Statement:
    """Return the one statement of a file."""
    (statement,) = read(data)
    return statement


def slashed(*days: str) -> bytes:
    """Return a table, saved anew by a spreadsheet, with days that have slashes."""
    rows = [f"{day},-1.00,NL32BUNQ2012345678,NL36INGB0007654321,Kiosk,thee {day}" for day in days]
    return "\n".join([BUNQ, *rows, ""]).encode()


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (("03/04/2026", "13/04/2026"), ["2026-04-03", "2026-04-13"]),
        (("03/04/2026", "03/13/2026"), ["2026-03-04", "2026-03-13"]),
        (("3/4/2026", "30/4/2026"), ["2026-04-03", "2026-04-30"]),
    ],
)
def test_a_day_over_the_twelfth_settles_a_file_with_slashes(days: tuple[str, ...], found: list[str]) -> None:
    """For all of its days, those before it too."""
    assert [line.booked_on.isoformat() for line in only(slashed(*days)).lines] == found


def test_days_with_slashes_that_nothing_settles_are_refused() -> None:
    """Each could be another day; and a file that has both forms has no form."""
    with pytest.raises(MalformedFile, match=r"'03/04/2026' can mean day/month or month/day"):
        read(slashed("03/04/2026", "05/06/2026"))
    with pytest.raises(MalformedFile, match="written day/month here and month/day elsewhere"):
        read(slashed("13/04/2026", "04/13/2026"))
    with pytest.raises(MalformedFile, match=r"there is no date '31/02/2026'"):
        read(slashed("31/02/2026"))


def test_a_card_is_settled_by_its_account_and_by_no_merchant() -> None:
    """Money that comes back from a shop names no account."""
    data = (SAMPLES / "rabobank-card.csv").read_bytes()
    assert [line.iban for line in only(data).lines] == [None, None, "NL81RABO0312345678"]
    back = only(data.replace(b"Verrekening vorig overzicht", b"KIOSK*RIET TERUG"))
    assert [line.iban for line in back.lines] == [None, None, None]
    assert b"PENNING" not in repr(only(data)).encode(), "the cardholder's name is left out"


def test_two_cards_with_the_same_last_figures_are_two_accounts() -> None:
    """Their numbers stand behind those of the accounts that settle them."""
    data = (SAMPLES / "rabobank-card-short.csv").read_text()
    header, *rows = data.splitlines()
    other = [row.replace("NL81RABO0312345678", "NL36INGB0007654321") for row in rows]
    found = read("\n".join([header, *rows, *other, ""]).encode())
    assert [statement.account for statement in found] == ["NL81RABO0312345678/6416", "NL36INGB0007654321/6416"]


@pytest.mark.parametrize(
    ("number", "card"),
    [
        ("1234********6416", True),
        ("525412XXXXXX3241", True),
        ("4930\N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET}1234", True),
        ("NL81RABO0312345678/6416", True),
        ("NL81RABO0312345678", False),
        ("1234567890123456", False),
        ("6416", False),
    ],
)
def test_a_card_is_told_by_its_number(number: str, card: bool) -> None:  # noqa: FBT001 - what is expected
    """Masked, or its last figures behind an account."""
    assert is_card(number) is card


def test_an_account_above_the_header_counts_only_where_it_is_the_only_one() -> None:
    """Two of them, or one whose check digits do not fit, say nothing."""
    data = (SAMPLES / "dkb.csv").read_text()
    assert only(data.encode()).account == "DE02120300000000202051"
    two = data.replace('""\n', '"Referenz";"DE89 3704 0044 0532 0130 00"\n', 1)
    assert only(two.encode()).account is None
    assert only(data.replace("2020 51", "2020 52").encode()).account is None


def test_the_direction_of_the_money_tells_which_side_is_the_other() -> None:
    """Who was paid, or who paid; of a card payment the shop."""
    assert [line.name for line in only((SAMPLES / "dkb.csv").read_bytes()).lines] == ["Fonds", "Kiosk Riet"]
    euros, dollars = read((SAMPLES / "wise.csv").read_bytes())
    assert [line.name for line in euros.lines] == ["Fonds", "Bouwmarkt Zon", "Kiosk Riet"]
    assert (euros.currency, dollars.currency) == ("EUR", "USD")


def test_the_running_balance_judges_whether_fees_are_in_the_amount() -> None:
    """Wise's amounts hold them; where one does not, the balance says so."""
    data = (SAMPLES / "wise.csv").read_text()
    (problem,) = read(data.replace("-50.50", "-50.00").encode())[0].problems
    assert problem.code == "balance"
