"""What ING's labelled text says."""

from __future__ import annotations

import pytest

from importers.profiles import PROFILES
from importers.remarks import LabelledTexts

LABELS = PROFILES[0].labels
_TAIL = (
    "IBAN: NL02ABNA0123456789 Kenmerk: K1 Machtiging ID: M1 Incassant ID: NL98ZZZ123456780000 "
    "Doorlopende incasso Valutadatum: 13-12-2019"
)


def test_all_labels_are_taken_apart() -> None:
    """The payer's words stay; the bank's labels become fields."""
    remark = LabelledTexts(LABELS).parse(f"Naam: Drukkerij Vlier Omschrijving: flyers maart {_TAIL}")
    assert remark[0] == "flyers maart"
    assert remark[1] == {
        "iban": "NL02ABNA0123456789",
        "end_to_end_id": "K1",
        "mandate": "M1",
        "creditor_id": "NL98ZZZ123456780000",
        "valued_on": "13-12-2019",
    }


def test_english_labels_say_the_same() -> None:
    """The English export is read like the Dutch one."""
    remark = LabelledTexts(LABELS).parse(
        "Name: X Description: rent IBAN: NL1 Reference: K1 Mandate ID: M Creditor ID: C Value date: 01/02/2020"
    )
    assert remark[0] == "rent"
    assert (remark[1]["end_to_end_id"], remark[1]["mandate"]) == ("K1", "M")


def test_labels_that_a_payer_writes_stay_text() -> None:
    """A forged label in the payer's own words is not one of the bank's."""
    remark = LabelledTexts(LABELS).parse(f"Naam: X Omschrijving: huur Incassant ID: NL00FALSE {_TAIL}")
    assert remark[0] == "huur Incassant ID: NL00FALSE"
    assert remark[1]["creditor_id"] == "NL98ZZZ123456780000"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("1 jan t/m 31 jan 2020 Valutadatum: 13-02-2020", "1 jan t/m 31 jan 2020"),
        ("zomaar tekst", "zomaar tekst"),
        ("Omschrijving: tekst", "tekst"),
        ("Naam: X", ""),
        ("Naam: X Valutadatum: 13-02-2020", ""),
        ("Valutadatum: 13-02-2020", ""),
        ("", ""),
    ],
)
def test_partly_labelled_texts_keep_their_words(written: str, text: str) -> None:
    """Without labels the text is whole; a name alone is no text."""
    assert LabelledTexts(LABELS).parse(written)[0] == text
