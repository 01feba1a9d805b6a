"""Field 86: what the bank marks as given back, and what German banks write in numbered fields."""

from __future__ import annotations

import pytest

from importers.mt940_details import details_of
from importers.mt940_details import first_width_of
from importers.mt940_line import Around
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
    line, _ = line_of(1, [f"2601050105{first}"], [details], Around(None, "EUR"))
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


@pytest.mark.parametrize("written", ["EV12341REP123145", "EREF", "KREF+", "NONREF"])
def test_a_reference_of_field_61_is_no_account(written: str) -> None:
    """ING's own begin like an IBAN; a keyword, with German banks' plus sign or without, says where the reference is."""
    line, _ = line_of(1, [f"2601050105D1,00NTRF{written}"], ["KN: X"], Around(None, "EUR"))
    assert (line.iban, line.name) == (None, None)
    assert line.end_to_end_id == (written if written[:2] == "EV" else None)


@pytest.mark.parametrize("written", ["NL20INGB0001234567", "NL99INGB9999999999", "DE89370400440532013000"])
def test_an_account_in_field_61_is_the_counterpartys(written: str) -> None:
    """Dutch ones also where somebody blackened their figures, others where the figures check."""
    line, _ = line_of(1, [f"2601050105D1,00NOVB{written}", "kiosk riet"], ["x"], Around(None, "EUR"))
    assert (line.iban, line.name, line.end_to_end_id) == (written, "kiosk riet", None)


def test_a_banks_own_kind_of_transaction_is_no_part_of_the_reference() -> None:
    """SWIFT's begin with N, F or S; another counts where no reference or the bank's own follows."""
    for rest in ("MCI0NONREF//B1", "MCI0//B1"):
        line, _ = line_of(1, [f"2601050105D1,00{rest}"], ["x"], Around(None, "EUR"))
        assert (line.type_code, line.end_to_end_id, line.bank_reference) == ("MCI0", None, "B1")
    line, _ = line_of(1, ["2601050105D1,00KLANT7"], ["x"], Around(None, "EUR"))
    assert (line.type_code, line.end_to_end_id) == (None, "KLANT7")


def test_numbered_fields_may_begin_after_a_blank() -> None:
    """Some Polish banks write one after the tag."""
    said = details_of([" 020?00Przelew?20czynsz ?21styczen?31PL61109010140000071219812874?32Kiosk ", "Trzcina"])
    assert (said.text, said.name, said.iban) == (
        "czynsz styczen",
        "Kiosk Trzcina",
        "PL61109010140000071219812874",
    )


def test_a_shop_stands_after_the_cards_number() -> None:
    """Knab's card payments name no account; the same words without a card's number are the payer's."""
    said = details_of(["LUTJEBROEK 09-07-2026 12:45 PAS: 2222", "NAAM: BLOEMIST RIET & ZN"])
    assert (said.text, said.name) == ("LUTJEBROEK 09-07-2026 12:45 PAS: 2222", "BLOEMIST RIET & ZN")
    assert details_of(["voor de buurt NAAM: VALS"]).name is None
    said = details_of(["x PAS: 2222 NAAM: VALS REK: NL20INGB0001234567/NAAM: KIOSK RIET"])
    assert said.name == "KIOSK RIET"


def test_the_payers_words_may_be_introduced_twice() -> None:
    """Rabobank's own collections of card payments."""
    said = details_of(["/ORDP//NAME/Stichting Kade/REMI//REMI/AFREK. BETAALAUTOMAAT 17/ISDT/2026-03-01"])
    assert (said.name, said.text) == ("Stichting Kade", "AFREK. BETAALAUTOMAAT 17")


def test_words_in_an_unknown_order_are_kept_whole() -> None:
    """Banks elsewhere write account, name and words after ORDP and BENM, without codes of their own."""
    written = "/ORDP/300000000460495/KIOSK RIET/747//747/thee en koek"
    assert details_of([written]) == (written, *(None,) * 6, False)
    assert details_of(["/BENM//NAME//REMI//ISDT/2026-03-01"]).text == ""


def test_a_party_without_a_name_takes_no_words() -> None:
    """What follows an empty party is a part of it only where it is one: a name, an account, an address."""
    said = details_of(["/BENM//REMI/thee en koek/ISDT/2026-03-01"])
    assert (said.name, said.text) == (None, "thee en koek")
    assert details_of(["/ULTD//NAME/Iemand/BENM//NAME/Kiosk Riet/REMI/thee"]).name == "Kiosk Riet"


def test_every_german_code_ends_the_one_before_it() -> None:
    """Amounts and dates of a return stand between the references and the payer's words."""
    said = details_of(["109?00RETOURE?20EREF+E-1 KREF+K-2?21CRED+DE98ZZZ09999999999 OAMT+11,85?22 SVWZ+terug"])
    assert (said.end_to_end_id, said.creditor_id, said.text) == ("E-1", "DE98ZZZ09999999999", "terug")


def test_an_old_account_number_counts_where_the_bank_repeats_it() -> None:
    """SNS writes it in field 61 beside its own reference, and again at the head of field 86."""
    around = Around(None, "EUR")
    first = ["2601050105D1,00NACC0002445588//1234432112344321", "belastingdienst"]
    line, _ = line_of(1, first, ["0002445588 belastingdienst", "", "aanslag"], around)
    assert (line.iban, line.name, line.bank_reference) == ("0002445588", "belastingdienst", "1234432112344321")
    line, _ = line_of(1, first, ["aanslag"], around)
    assert (line.iban, line.end_to_end_id) == (None, "0002445588")


def test_the_width_of_most_lines_counts() -> None:
    """One line that somebody made longer by hand changes nothing."""
    assert first_width_of(["x" * 61, "x" * 64, "x" * 61, "x" * 12]) == 61
    assert first_width_of(["x" * 61, "x" * 65, "x" * 65]) == 65
    assert first_width_of([]) == 65
