"""Private person or organisation: by structure alone, and alike for names of every language."""

# ruff: noqa: RUF001 - Turkish is written with a dotless i

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from stdnum import iban

from audit.booking import KINDS
from audit.booking import booking_of
from audit.classify import Counterparty
from audit.classify import classify
from audit.naming import fold
from audit.naming import is_processor
from audit.naming import name_points
from audit.processors import ACCOUNTS
from audit.processors import passes_on
from audit.terminals import shops_at
from importers.register import CARD

FULL_NAMES = {
    "Dutch": ["Joost Veldzicht", "Marijke van der Korenbloem", "Henk-Jan Boterveld", "Truus de Bakker", "Jan 't Hof"],
    "Turkish": ["Ayşe Gülbahçe", "Mehmet Yıldızlı", "İsmail Öztepe", "Deniz Çak", "MEHMET YILDIZLI"],
    "Arabic": ["Fatima el Zahrani", "Abdelkader Ben Nour", "فاطمة الزهراء", "محمد أحمد", "Samira Dauwhoek"],
    "Nigerian": ["Chinedu Okonkwofor", "Ngozi Adichieme", "Oluwaseun Adebayori", "Ọlá Ìlọrí", "Ibrahim Sanusiye"],
    "Surinamese": ["Anil Ramdinpersad", "Sharmila Jagroepsing", "Glenn Wijngaardestein", "Romeo Fitz-Jim"],
    "other": ["Nguyễn Thị Lan", "Li Na", "SILVA E SOUSA", "Sean O'Bryne", "Kofi Bishop", "Marie-Claire N'Daw"],
}
PEOPLE = [
    ("Dhr Okonkwofor", 4),
    ("de heer Ramdinpersad", 4),
    ("Mw.de Wit", 4),
    ("Gülbahçe mevr", 4),
    ("Hr Veldzicht", 4),
    ("Veldzicht e/o Gülbahçe", 3),
    ("Veldzicht en/of Gülbahçe", 3),
    ("J.P. Veldzicht", 3),
    ("Ş. Gülbahçe", 3),
    ("VELDZICHT G J L M", 3),
    ("VELDZICHT J P DE", 3),
    ("Veldzicht J.P.", 3),
    ("B.V. Veldzicht", 3),
    ("Mevr. Ş. Gülbahçe", 7),
]
ORGANISATIONS = [
    ("Veldzicht B.V.", -5),
    ("Veldzicht N.V.", -5),
    ("Yıldız Ltd. Şti.", -5),
    ("Klavermann GmbH", -5),
    ("Stichting Klaver", -5),
    ("Coöperatie Klaver U.A.", -5),
    ("De Zwaan V.O.F.", -5),
    ("Tuindersvereniging Klaver", -5),
    ("Gemeente Overlaag", -5),
    ("Waterschap De Bocht", -5),
    ("UWV", -5),
    ("Veldzicht & Zn", -4),
    ("SumUp *Kraam", -5),
    ("Bouwmarkt Klaver", -4),
    ("Drukkerij De Vlek", -3),
    ("klaver.example.nl", -3),
    ("www.klaver.example", -3),
    ("Stichting Mollie Klaver", -6),
]
UNKNOWN = [
    ("Klaver 2041", -2),
    ("Tikkie", -1),
    ("Veldzicht B V", -2),
    ("Veldzicht C.V.", -2),
    ("P.C. Veldzicht N.V.", -2),
    ("V & D", 0),
    ("H&M", 0),
    ("mr", 0),
    ("J. P.", 0),
]


@pytest.mark.parametrize("name", [name for names in FULL_NAMES.values() for name in names])
def test_a_full_name_says_nothing_in_any_language(name: str) -> None:
    """A given name and a surname without structure get no points at all and need a look."""
    result = classify(Counterparty(name=name))
    assert (result.verdict, result.points) == ("unknown", 0)


@pytest.mark.parametrize("name", [name for names in FULL_NAMES.values() for name in names])
def test_structure_weighs_the_same_around_any_name(name: str) -> None:
    """A title or a legal form changes the verdict alike, whatever the name."""
    assert name_points(f"Mevr. {name}")[0] == 4
    assert name_points(f"Stichting {name}")[0] == -5


@pytest.mark.parametrize(("name", "points"), PEOPLE)
def test_titles_initials_and_either_or_make_a_person(name: str, points: int) -> None:
    """From three points on it is a person, and each point has its reason."""
    result = classify(Counterparty(name=name))
    assert (result.verdict, result.points) == ("person", points)
    assert sum(int(dict(reason.params)["points"]) for reason in result.reasons) == points


@pytest.mark.parametrize(("name", "points"), ORGANISATIONS)
def test_forms_bodies_shops_and_trades_make_an_organisation(name: str, points: int) -> None:
    """To minus three points it is an organisation, and each point has its reason."""
    result = classify(Counterparty(name=name))
    assert (result.verdict, result.points) == ("organisation", points)
    assert sum(int(dict(reason.params)["points"]) for reason in result.reasons) == points


@pytest.mark.parametrize(("name", "points"), UNKNOWN)
def test_what_lies_between_needs_a_look(name: str, points: int) -> None:
    """Between the two it is unknown, and the reasons say so."""
    result = classify(Counterparty(name=name))
    assert (result.verdict, result.points) == ("unknown", points)
    assert "neither person nor organisation" in result.reasons[-1].message


def test_a_reason_never_repeats_initials() -> None:
    """Reasons outlive an erasure, so they hold a sign of the structure and not the name."""
    (reason,) = classify(Counterparty(name="Q.X. Veldzicht")).reasons
    assert dict(reason.params)["sign"] == "A."


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_classified(text: str) -> None:
    """Whatever a bank writes, there is a verdict with a reason, and it is the same the next time."""
    result = classify(Counterparty(name=text, text=text, type_code=text))
    assert result.reasons
    assert result == classify(Counterparty(name=text, text=text, type_code=text))


def test_the_register_decides_first() -> None:
    """Approved on that day is allowed, whatever else is true."""
    party = Counterparty(name="Mevr. Q. Veldzicht", type_code="GM")
    result = classify(party, register_kind="person", declared="board", name_check=lambda _name, _iban: "person")
    assert result.verdict == "allowed"


def test_a_declaration_decides_before_the_booking() -> None:
    """A declared account stays declared on a card line."""
    assert classify(Counterparty(type_code="BA"), declared="own").verdict == "declared"


@pytest.mark.parametrize(
    ("party", "verdict"),
    [
        (Counterparty(name="Q. Veld", creditor_id="NL12ZZZ123456780000", mandate="M"), "organisation"),
        (Counterparty(name="Q. Veld", creditor_id="NL12ZZZ123456780000", type_code="PMNT-RDDT-ESDD"), "organisation"),
        (Counterparty(name="Q. Veld", creditor_id="NL12ZZZ123456780000"), "person"),
        (Counterparty(name="Q. Veld", creditor_id="NL12ZZZ123456780000", mandate="M", type_code="OV"), "person"),
        (Counterparty(name="Q. Veld", creditor_id="NL12ZZZ123456780001", mandate="M"), "person"),
        (Counterparty(name="Q. Veld", creditor_id="DE12ZZZ123456780000", mandate="M"), "person"),
        (Counterparty(name="Q. Veld", type_code="PMNT-CCRD-POSD"), "organisation"),
        (Counterparty(name="Q. Veld", text="BEA, betaalpas   NR:0123"), "organisation"),
        (Counterparty(name="Q. Veld", iban="NL02ABNA0123456789", type_code="ID"), "organisation"),
        (Counterparty(name="AAB INZ Tikkie", iban="NL02ABNA0123456789", type_code="ID"), "unknown"),
        (Counterparty(name="Drukkerij Vlek", type_code="PMNT-CCRD-CWDL"), "unknown"),
        (Counterparty(name="Drukkerij Vlek", type_code="VZ"), "unknown"),
        (Counterparty(name="Drukkerij Vlek", iban="NL02ABNA0123456789", type_code="tb"), "unknown"),
        (Counterparty(name=" "), "unknown"),
        (Counterparty(), "unknown"),
    ],
)
def test_the_bookings_structure_decides_before_the_name(party: Counterparty, verdict: str) -> None:
    """Creditor id, card, iDEAL, cash, batch and own account are decisive where the bank gives them."""
    result = classify(party)
    assert result.verdict == verdict
    assert result.reasons


def test_a_banks_own_check_can_be_plugged_in() -> None:
    """It decides before the name's form; where it does not know, the form decides."""
    party = Counterparty(name="Q. Veldzicht", iban="NL02ABNA0123456789")
    assert classify(party, name_check=lambda _name, _iban: "organisation").verdict == "organisation"
    assert classify(Counterparty(name="X"), name_check=lambda _name, _iban: "person").verdict == "person"
    assert classify(party, name_check=lambda _name, _iban: None).verdict == "person"


@pytest.mark.parametrize(
    ("code", "iban", "words", "booking"),
    [
        ("PMNT-MDOP-CHRG", None, None, "charge"),
        ("ACMT-MDOP-COMM", None, None, "charge"),
        ("PMNT-CCRD-FEES", None, None, "charge"),
        ("NCHG", None, None, "charge"),
        ("SRVCHG", None, None, "charge"),
        ("NKST", None, None, "charge"),
        ("DV", None, "Kosten rekening", "charge"),
        ("NDIV", None, "Kosten gebruik betaalrekening", "charge"),
        ("N093", None, "KostenPeriode 01-01-2026 t/m 31-01-2026", "charge"),
        ("N093", None, "Debetrente Periode 01-01-2026 t/m 31-01-2026", "interest"),
        ("DEBIT", None, "Kosten zaal", None),
        ("NTRF", None, "Kosten zaal", None),
        (None, None, "ABN AMRO Bank N.V. Basispakket 2,90", "charge"),
        ("ACMT-MDOP-INTR", None, None, "interest"),
        ("NINT", None, None, "interest"),
        ("ACMT-MDOP-INTR", "NL02ABNA0123456789", None, None),
        ("MSC", None, "Kosten gebruik betaalrekening", "charge"),
        ("DV", None, "Rekening van Kosten", None),
        ("DV", None, None, None),
        ("DV", "NL02ABNA0123456789", "Kosten rekening", None),
        ("PMNT-MDOP-CHRG", "NL02ABNA0123456789", None, None),
        (None, None, "Kosten rekening", None),
        (None, None, "GEA, Betaalpas Geldmaat,PAS012 NR:0123", "cash"),
        (None, None, "GEA, betaalpas", None),
        (None, None, "BEA   NR:0123", "card"),
        ("N426", None, "BEA NR:0123 10.03.26/14.25 MAAN,PAS012", "card"),
        ("N030", None, "Betaalautomaat 14:23 pasnr. 065", "card"),
        ("DEBIT", None, "BEA   NR:0123", None),
        ("BEA, Betaalpas", None, None, "card"),
        ("GEA, Betaalpas", None, None, "cash"),
        ("PMNT-CCRD-CWDL", "NL02ABNA0123456789", None, None),
        ("NBEA", None, None, "card"),
        ("NIDB", "NL02ABNA0123456789", None, "ideal"),
        ("SEPA iDEAL", "NL02ABNA0123456789", None, "ideal"),
        ("SEPA Incasso algemeen doorlopend", "NL02ABNA0123456789", None, "direct debit"),
        (None, "NL02ABNA0123456789", "BEA   NR:0123", None),
        ("ba", None, None, "card"),
        ("OV", None, None, None),
    ],
)
def test_a_banks_code_says_what_a_line_is(code: str | None, iban: str | None, words: str | None, booking: str) -> None:
    """Charges have a code or a sundry line's words, and never a counterparty's account."""
    assert booking_of(code, iban=iban, text=words) == booking


@pytest.mark.parametrize(
    ("name", "booking"),
    [
        ("Kosten", "charge"),
        ("Debetrente", "interest"),
        ("Rabobank", "charge"),
        ("ING BANK N.V.", "charge"),
        ("Maan", None),
    ],
)
def test_a_bank_is_believed_under_its_own_name(name: str, booking: str | None) -> None:
    """A line of nobody's account that names the bank, or nobody but what it is."""
    text = "Kosten 1 t/m 31 januari" if booking != "interest" else "Periode 01-01-2026"
    assert booking_of("N093", name=name, text=text) == booking


def test_both_floors_know_the_same_codes_for_cards() -> None:
    """What is booked under a shop's name is what the rules take for a card payment."""
    (known,) = (codes for kind, codes in KINDS if kind == "card")
    assert {code for code in CARD if code in known} == known
    assert all(booking_of(code) == "card" for code in CARD)


@pytest.mark.parametrize(
    ("name", "text", "shop"),
    [
        ("BOUWMARKT ZON", None, "bouwmarkt zon"),
        ("Bouwmarkt Zon B.V.", None, "bouwmarkt zon"),
        ("BOUWMARKT ZON 0042 NOORD", None, "bouwmarkt zon"),
        ("BOUWMARKT ZON EV123", None, "bouwmarkt zon"),
        ("BOUWMARKT ZON AMSTERDAM NLD", None, "bouwmarkt zon"),
        ("BOUWMARKT ZON DEN HAAG NLD", None, "bouwmarkt zon"),
        ("SumUp *Bouwmarkt Zon", None, "bouwmarkt zon"),
        ("Zettle_*Bouwmarkt Zon", None, "bouwmarkt zon"),
        ("BCK*Bouwmarkt Zon", None, "bouwmarkt zon"),
        (
            "Bouwmarkt Zon Noord",
            "BEA, Betaalpas Bouwmarkt Zon Noord,PAS123 NR:0AB, 13.02.26/14:37 NOORD",
            "bouwmarkt zon",
        ),
        (None, "BEA NR:XXX1234 22.05.26/14.25 BOUWMARKT ZON,PAS999", "bouwmarkt zon"),
        (None, "Bouwmarkt Zon B.V. >NOORD 27.12.2026 13U38 KV005", "bouwmarkt zon"),
        ("Bouwmarkt Zon Noord>NOORD", None, "bouwmarkt zon"),
    ],
)
def test_a_card_lines_shop_is_read_whole(name: str | None, text: str | None, shop: str) -> None:
    """Without what the terminal and the bank write around it."""
    assert tuple(shop.split()) in set(shops_at(name, text))


@pytest.mark.parametrize("name", ["Casino Bouwmarkt Zon", "Bouwmarkt Zon Casino", "Bouwmarkt Zonnebank", "", "Zon*"])
def test_a_name_among_other_words_is_not_the_shops(name: str) -> None:
    """Neither behind nor before it, and an empty line names nobody."""
    assert ("bouwmarkt", "zon") not in set(shops_at(name, None))


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_card_line_can_be_read(name: str, text: str) -> None:
    """Whatever a terminal sends."""
    assert all(isinstance(shop, tuple) for shop in shops_at(name, text))


def test_a_firm_that_passes_payments_on_is_believed_on_its_account_alone() -> None:
    """Or by the bank's code for iDEAL; a payment request nowhere, and no name by itself."""
    known = {"NL53ABNA0627535577"}
    assert passes_on("NL53ABNA0627535577", "Maan", None, known)
    assert passes_on("NL02ABNA0123456789", "Maan via Mollie", "ideal", known)
    assert not passes_on("NL02ABNA0123456789", "Maan", "ideal", known)
    assert not passes_on("NL02ABNA0123456789", "Maan via Mollie", None, known)
    assert not passes_on("NL53ABNA0627535577", "Tikkie", "ideal", known)
    assert not passes_on(None, None, None, known)


def test_the_table_of_processors_holds_accounts_alone() -> None:
    """Each is an account number that can exist."""
    assert ACCOUNTS
    assert all(iban.is_valid(number) for number in ACCOUNTS)


def test_a_firm_that_passes_payments_on_is_known_by_its_name() -> None:
    """Anywhere in the name, in any case; nobody's silence is a firm."""
    assert is_processor("Bakkerij Maan via MOLLIE")
    assert is_processor("Pay.nl inzake Maan")
    assert not is_processor("Molliesteeg Bakkerij")
    assert not is_processor(None)


def test_folding_takes_case_and_accents_away() -> None:
    """Dotted and dotless i are one letter, as terminals write them."""
    assert fold("İSMAİL Yıldız Coöp") == "ismail yildiz coop"
