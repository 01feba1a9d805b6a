"""What in a text may be about a person: each kind is found, ordinary words are left, and nothing takes long."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.work.redaction import WORD
from dashboards.work.redaction import ranges_of
from dashboards.work.redaction import redactions
from dashboards.work.redaction import says_something
from dashboards.work.redaction import shown_text
from dashboards.work.redaction import words_of

GONE = "\N{BLACK VERTICAL RECTANGLE}"


def shown(text: str, *known: str) -> str:
    """What would be shown of a text if nobody changed the proposal."""
    words = words_of(text, [(start, end) for start, end, _ in redactions(text, known)])
    return shown_text(text, ranges_of(text, [number for number, word in enumerate(words) if word.removed]))


@pytest.mark.parametrize(
    ("text", "left", "kind"),
    [
        ("naar NL91 ABNA 0417 1643 00 hout", "naar # hout", "iban"),
        ("nl91abna0417164300", "#", "iban"),
        ("van DE89370400440532013000 hout", "van # hout", "iban"),
        ("bel 06-12345678", "bel #", "phone"),
        ("tel 020 123 4567 morgen", "tel # morgen", "phone"),
        ("+31 6 12 34 56 78", "#", "phone"),
        ("0031(0)612345678", "#", "phone"),
        ("(020) 1234567", "#", "phone"),
        ("mail naar a.b-c@post.example.org snel", "mail naar # snel", "email"),
        ("bsn 111222333", "bsn #", "bsn"),
        ("123.456.782", "#", "bsn"),
        ("1234.56.782", "#", "bsn"),
        ("1012 AB Amsterdam", "# Amsterdam", "postcode"),
        ("1012ab", "#", "postcode"),
        ("Kerkstraat 12a", "#", "address"),
        ("JAN VAN GALENSTRAAT 5-II", "#", "address"),
        ("bij de Lange Weg 7", "bij #", "address"),
        ("dhr jansen klusje", "dhr # klusje", "name"),
        ("Mevr. A.B. van den Berg-Jansen taart", "Mevr. # taart", "name"),
        ("t.n.v. J. de Vries", "t.n.v. #", "name"),
        ("Dr. Ir. Balk", "Dr. Ir. #", "name"),
        ("namens Piet", "namens #", "name"),
        ("kosten van JP Balk", "kosten van #", "name"),
        ("voorschot J.P. Balk voor hout", "voorschot # voor hout", "name"),
        ("/NAME/J. BALK/REMI/taart", "/NAME/#REMI/taart", "name"),
        ("4111 1111 1111 1111", "#", "card"),
        ("5413********1234 pin", "# pin", "card"),
        ("Pasvolgnr 012", "#", "card"),
    ],
)
def test_each_kind_is_proposed(text: str, left: str, kind: str) -> None:
    """Whole words go, so that no letter of a name is left hanging."""
    assert shown(text) == left.replace("#", GONE)
    assert {found.kind for found in redactions(text)} == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "hout voor de tuin",
        "factuur 20260012345 klant 88123",
        "factuur 2024 in oktober",
        "nota 123456789",
        "2026-10-01 12:30 uur",
        "namens de buurt",
        "4111 1111 1111 1112",
        "6012 SA SS 1234SS",
        "bestelling 0612345678901",
        "kennismaking nr 12",
        "",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    """A number that passes no test, a year, a word that begins like a title."""
    assert redactions(text) == ()


def test_names_that_the_books_know_are_found_within_words() -> None:
    """Whatever the case; short ones only as whole words, and particles never."""
    assert shown("terug voor taart knoopkruidje", "Mw. J. Knoopkruid") == f"terug voor taart {GONE}"
    assert shown("Bol en bolletjes van der weg", "Bol van der Laan") == f"{GONE} en bolletjes van der weg"
    assert redactions("hout", ["J. A."]) == ()


def test_overlapping_proposals_become_one() -> None:
    """Each range once, in order."""
    text = "dhr J. Balk Kerkstraat 5 1012 AB"
    found = redactions(text, ["Balk"])
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert shown(text, "Balk") == f"dhr {GONE}"


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3), st.sets(st.integers(0, 40)))
def test_whatever_the_text_its_ranges_lie_within_it(text: str, known: list[str], hidden: set[int]) -> None:
    """In order, not empty, not overlapping; what is hidden is gone and the rest is kept as it was."""
    found = redactions(text, known)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    ranges = ranges_of(text, hidden)
    places = [place for span in ranges for place in span]
    assert places == sorted(places)
    words = [match[0] for match in WORD.finditer(text)]
    kept = [word for number, word in enumerate(words) if number not in hidden]
    rest = shown_text(text, ranges)
    assert "".join(rest.replace(GONE, "").split()) == "".join("".join(kept).replace(GONE, "").split())
    assert says_something(rest) == any(sign.isalnum() for word in kept for sign in word)


@pytest.mark.parametrize("piece", ["A", "A. ", "Van De ", "0 ", "a.b", "NL91", "x*", "dhr ", "Jan ", "straat ", "1 1-"])
def test_no_text_takes_long(piece: str) -> None:
    """However it was made: no form looks back over the whole text."""
    text = (piece * 4_000)[:4_000]
    begun = time.process_time()
    redactions(text, ["Balk"])
    assert time.process_time() - begun < 3
