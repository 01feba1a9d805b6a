"""Field 86: what the bank marks as given back, and what German banks write in numbered fields."""

from __future__ import annotations

import pytest

from importers.mt940_details import details_of
from importers.mt940_line import line_of


@pytest.mark.parametrize(
    ("first", "details", "is_returned"),
    [
        ("D1,00NTRFX", "/EREF/1//RTRN/MS03//CNTP/NL91ABNA0417164300/ABNANL2A/Kade///REMI/USTD//x/", True),
        ("C1,00N654X", "/TRTP/SEPA INCASSO/RTRN/AC04/NAME/Kade/REMI/x", True),
        ("C1,00N654X", "/TRTP/SEPA STORNERING/NAME/Kade/REMI/x", True),
        ("C1,00N654X", "/RTYP/SEPA Incasso Terugboeking/MARF/M1/RTRN/", True),
        ("C1,00N654X", "/TRTP/SEPA RETOURBETALING/REMI/x", True),
        ("C1,00N658X", "SEPA INCASSO STORNERING INCASSANT: NL1 NAAM: Kade OMSCHRIJVING: x", True),
        ("C1,00N658X", "SEPA OVERBOEKING IBAN: NL91ABNA0417164300 NAAM: Kade OMSCHRIJVING: STORNERING", False),
        ("D1,00NMSCX", "109?00RUECKLASTSCHRIFT?20SVWZ+X", True),
        ("C1,00NRTIX", "terug", True),
        ("RC1,00NTRFX", "x", True),
        ("C1,00NTRFX", "/TRTP/SEPA OVERBOEKING/NAME/Kade/REMI/STORNERING /RTRN/AC04 graag/EREF/1", False),
        ("C1,00NTRFX", "STORNERING", False),
        ("C1,00NTRFX", "166?00GUTSCHRIFT?20SVWZ+RETOURE 109?00", False),
        ("C1,00NMSCRTI", "x", False),
    ],
)
def test_only_the_banks_own_codes_say_that_a_line_gives_back(first: str, details: str, is_returned: bool) -> None:  # noqa: FBT001 - what must come out
    """Sign, type, return code or kind of transaction; never the payer's words."""
    line, _ = line_of(1, [f"2601050105{first}"], [details], "EUR")
    assert line.returned is is_returned


def test_german_words_begin_after_what_the_bank_names() -> None:
    """SVWZ introduces the payer's words; a code inside them is theirs."""
    said = details_of(
        ["166?00GUTSCHRIFT?20EREF+E-1?21MREF+M-2?22CRED+DE98ZZZ09999999999", "?23SVWZ+HUUR EREF+VALS?32KADE"]
    )
    assert (said.text, said.name) == ("HUUR EREF+VALS", "KADE")
    assert (said.end_to_end_id, said.mandate, said.creditor_id) == ("E-1", "M-2", "DE98ZZZ09999999999")
    assert details_of(["166?20EREF+E-1?21HUUR"]).text == "EREF+E-1HUUR"


def test_old_abn_amro_labels_stand_in_columns() -> None:
    """Those before the payer's words and those that run unbroken to the end; one inside the words is the payer's."""
    said = details_of(
        [
            "SEPA INCASSO ALGEMEEN DOORLOPEND INCASSANT: NL32ZZZ999999991234",
            "NAAM: WATERHUIS BV               MACHTIGING: W-9",
            "OMSCHRIJVING: WATER NAAM: VALS",
            "IBAN: NL20INGB0001234567         KENMERK: 2026-77",
        ]
    )
    assert (said.name, said.iban, said.text) == ("WATERHUIS BV", "NL20INGB0001234567", "WATER NAAM: VALS")
    assert (said.mandate, said.creditor_id, said.end_to_end_id) == ("W-9", "NL32ZZZ999999991234", "2026-77")
    assert details_of(["SEPA ACCEPTGIROBETALING          IBAN: NL1", "BETALINGSKENM.: 9001"]).text == "9001"


@pytest.mark.parametrize("cut", range(1, 41))
def test_codes_that_are_folded_in_a_word_are_read(cut: int) -> None:
    """Wherever a bank folds, the codes are found again."""
    text = "/EREF/E-1//MARF/M-2//REMI/USTD//huurzaal/"
    said = details_of([text[:cut], text[cut:]])
    assert (said.end_to_end_id or "").replace(" ", "") == "E-1"
    assert (said.mandate or "").replace(" ", "") == "M-2"
    assert (said.text or "").replace(" ", "") == "huurzaal"


def test_no_field_says_nothing() -> None:
    """A line without field 86 has no details."""
    assert details_of([]).text == ""
