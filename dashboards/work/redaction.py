"""What in a payment's text may tell something about a person: proposals for a treasurer, who decides.

Account and card numbers, phone numbers, e-mail addresses, citizen service numbers, addresses, and names that
stand after a title, after initials, or that the books know: the counterparty's own, and those of private payees.
There are no lists of names. What is proposed is proposed only; too much is better than too little.

Source: Dutch IBAN, phone, postcode and BSN forms; the 11-test of the BSN (Wet algemene bepalingen burgerservicenummer);
card numbers: ISO/IEC 7812-1, Luhn.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import NamedTuple

import stdnum.iban
import stdnum.luhn
import stdnum.nl.bsn

from ledger.entries.foundation.text_released import REMOVED

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator

IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}", re.IGNORECASE)
SHORTEST_IBAN = 15
PHONE = re.compile(r"(?<![\d+])(?:(?:\+|00)31[\s.-]?(?:\(0\))?|\(?0)[\s.-]?[1-9](?:[\s.)-]{0,2}\d){8}(?!\d)", re.ASCII)
E_MAIL = re.compile(r"[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
NINE_DIGITS = re.compile(r"(?<!\d)(?:\d{9}|\d{3}([. ])\d{3}\1\d{3}|\d{4}([. ])\d{2}\2\d{3})(?!\d)", re.ASCII)
CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)", re.ASCII)
MASKED_CARD = re.compile(
    r"(?<!\w)\d{0,6}[x*]{2,16}[\dx* ]{0,16}\d{2,4}(?!\w)|\bpas(?:volg)?(?:nr|nummer)?[.:]?\s?\d{3,4}\b", re.IGNORECASE
)
POSTCODE = re.compile(r"(?<!\w)[1-9]\d{3}(?:\s?(?!SA|SD|SS)[A-Z]{2}|[a-z]{2})(?!\w)")
PARTICLE = r"(?i:van|von|de|der|den|het|ten|ter|te|'t|el|al|bin|op)"
BETWEEN = re.compile(PARTICLE)
STREET = (
    "straat|str\\.?|laan|weg|plein|kade|gracht|dijk|singel|hof|pad|steeg|plantsoen|park|dreef|ring|markt|baan|wal|"
    "veld|kamp|erf|haven|oever|brink|akker|hoek|poort|burg|horst|zoom|vaart|sloot|meent|oord|land|tuinen"
)
SURNAME = rf"(?:{PARTICLE}\s+){{0,3}}[A-Z][\w'-]{{1,40}}"
ADDRESS = re.compile(
    rf"(?:\b(?:{PARTICLE}|[A-Z][\w'.-]{{0,40}})\s+){{0,4}}(?<!\w)[\w'-]{{0,40}}(?i:{STREET})\s+"
    r"\d{1,5}(?!\d)(?:\s?[a-zA-Z](?!\w))?(?:[-/]\w{1,4})?"
)
NAME = rf"(?:(?:[A-Z]\.?\s?){{1,5}}(?=\W|[A-Z]|{PARTICLE}))?{SURNAME}(?:[\s-]{{1,3}}{SURNAME}){{0,3}}"
TITLE = r"(?i:dhr|mevr|mevrouw|mw|mej|meneer|heer|fam|familie|t\.?n\.?v|t\.?a\.?v|drs?|ir|ing|mr|prof|p/a)"
TITLED = re.compile(
    rf"(?<!\w)(?:{TITLE}(?!\w)[.:]{{0,2}}\s{{0,3}}){{1,3}}(?P<name>{NAME}|(?:{PARTICLE}\s+){{0,3}}[\w'-]{{1,40}})"
)
SPOKEN_FOR = re.compile(rf"(?<!\w)(?i:namens|voor rekening van|o\.?v\.?v\.?)[.:]*\s+(?P<name>{NAME})")
INITIALS = re.compile(rf"(?<!\w)(?P<name>(?:[A-Z]\.\s?){{1,6}}{SURNAME}(?:[- ]{SURNAME})?)")
OF_SOMEBODY = re.compile(rf"(?<!\w)(?i:van)\s+(?P<name>[A-Z]{{1,4}}\s+{SURNAME})")
WORD = re.compile(r"[^\s/]+/?|/")
LETTERS = re.compile(r"[^\W\d_]+")
WHOLE_NAME, PART_OF_NAME = 3, 4
"""Letters of a known name that is looked for as a whole word, and within words."""


class Removal(NamedTuple):
    """A part of a text, [start, end), and what it looks like."""

    start: int
    end: int
    kind: str


class Word(NamedTuple):
    """A word of a text, [start, end), and whether it is taken away."""

    start: int
    end: int
    removed: bool


def redactions(text: str, known: Iterable[str] = ()) -> tuple[Removal, ...]:
    """Return the parts of a text that may tell something about a person, in order, none overlapping.

    Args:
        known: Names that the books know and that are not public.
    """
    found = sorted({*_numbers(text), *_places(text), *_names(text), *_known(text, known)})
    apart: list[Removal] = []
    for one in found:
        if apart and one.start < apart[-1].end:
            apart[-1] = apart[-1]._replace(end=max(apart[-1].end, one.end))
        else:
            apart.append(one)
    return tuple(apart)


def words_of(text: str, ranges: Iterable[tuple[int, int]]) -> tuple[Word, ...]:
    """Return the words of a text; one that a range touches is removed as a whole."""
    spans = list(ranges)
    return tuple(
        Word(match.start(), match.end(), any(start < match.end() and match.start() < end for start, end in spans))
        for match in WORD.finditer(text)
    )


def ranges_of(text: str, hidden: Collection[int]) -> tuple[tuple[int, int], ...]:
    """Return the ranges that words take up, by their numbers from 0; neighbours become one."""
    ranges: list[tuple[int, int]] = []
    before = False
    for number, match in enumerate(WORD.finditer(text)):
        if number in hidden and before:
            ranges[-1] = (ranges[-1][0], match.end())
        elif number in hidden:
            ranges.append(match.span())
        before = number in hidden
    return tuple(ranges)


def shown_text(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """Return a text with one sign in the place of each range."""
    kept, at = [], 0
    for start, end in ranges:
        kept.append(text[at:start])
        at = end
    return REMOVED.join((*kept, text[at:]))


def says_something(shown: str) -> bool:
    """Tell whether anything is left of a text."""
    return any(sign.isalnum() for sign in shown)


def _numbers(text: str) -> Iterator[Removal]:
    """Yield account, phone, service and card numbers, and e-mail addresses."""
    for match in IBAN.finditer(text):
        end = _iban_end(match[0])
        if end:
            yield Removal(match.start(), match.start() + end, "iban")
    yield from _all(PHONE, text, "phone")
    yield from _all(E_MAIL, text, "email")
    for match in NINE_DIGITS.finditer(text):
        if stdnum.nl.bsn.is_valid(_bare(match[0])):
            yield Removal(*match.span(), "bsn")
    for match in CARD.finditer(text):
        if stdnum.luhn.is_valid(_bare(match[0])):
            yield Removal(*match.span(), "card")
    yield from _all(MASKED_CARD, text, "card")


def _iban_end(candidate: str) -> int:
    """Return how much of a text that begins like an IBAN is a valid one; 0 where none is."""
    ends = [at for at in range(1, len(candidate) + 1) if candidate[at - 1] != " "]
    valid = (end for end in reversed(ends[SHORTEST_IBAN - 1 :]) if stdnum.iban.is_valid(candidate[:end]))
    return next(valid, 0)


def _bare(number: str) -> str:
    """Return a number's digits."""
    return "".join(filter(str.isdigit, number))


def _places(text: str) -> Iterator[Removal]:
    """Yield postcodes and streets with a number."""
    yield from _all(POSTCODE, text, "postcode")
    yield from _all(ADDRESS, text, "address")


def _names(text: str) -> Iterator[Removal]:
    """Yield names after titles and initials, and after words that introduce somebody."""
    for form in (TITLED, SPOKEN_FOR, INITIALS, OF_SOMEBODY):
        for match in form.finditer(text):
            yield Removal(*match.span("name"), "name")


def _known(text: str, known: Iterable[str]) -> Iterator[Removal]:
    """Yield the words of a text in which a known name stands, whatever its case."""
    parts = {part for name in known for part in LETTERS.findall(name.casefold()) if len(part) >= WHOLE_NAME}
    names = {part for part in parts if not BETWEEN.fullmatch(part)}
    inside = {part for part in names if len(part) >= PART_OF_NAME}
    for match in WORD.finditer(text) if names else ():
        said = match[0].casefold()
        if any(part in said for part in inside) or not names.isdisjoint(LETTERS.findall(said)):
            yield Removal(*match.span(), "name")


def _all(form: re.Pattern[str], text: str, kind: str) -> Iterator[Removal]:
    """Yield every place where a form fits."""
    for match in form.finditer(text):
        yield Removal(*match.span(), kind)
