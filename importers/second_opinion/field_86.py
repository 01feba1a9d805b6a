"""A plain reading of field 86, which mt-940 leaves as one text in the dialects of Dutch banks.

It splits at whatever looks like a code or a label and takes the first of each. It knows nothing of what payers may
write, and is here to be disagreed with: `reasons` says where that may be, and why.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

_CODE = re.compile(r"/([A-Z]{2,9})/")
_PARTY = re.compile(r"/CNTP/([^/]*)/[^/]*/([^/]*)/")
_TRIODOS = re.compile(r">([0-9]{2})")
_LABEL = re.compile(r"(?:^|\s)(IBAN|BIC|NAAM|INCASSANT|MACHTIGING|OMSCHRIJVING|KENMERK|BETALINGSKENM\.|REK): ?")
_CODES = {"NAME": "name", "IBAN": "iban", "EREF": "end_to_end_id", "MARF": "mandate", "CSID": "creditor_id"}
_LABELS = {
    "NAAM": "name",
    "IBAN": "iban",
    "REK": "iban",
    "KENMERK": "end_to_end_id",
    "MACHTIGING": "mandate",
    "INCASSANT": "creditor_id",
}


def width_of(fields: Iterable[Sequence[str]]) -> int:
    """Return how wide the first lines of a file are where they are full: 65, or 61 where the tag counts too."""
    widths = Counter(len(lines[0]) for lines in fields if len(lines) > 1)
    return 61 if widths[61] and not widths[65] else 65


def plain(lines: Sequence[str], width: int) -> dict[str, str]:
    """Return what field 86 says, by the names of `OtherLine`.

    Args:
        lines: Its value as it was folded.
        width: How wide a full first line is.
    """
    text = _unfolded(lines, width)
    if text[:1] == "/" and _CODE.match(text):
        return _by_codes(text)
    if text[:3].isdigit() and text[3:4] == ">":
        return _by_numbers("".join(lines))
    if " NAAM: " in f" {text}" or "/NAAM: " in text:
        return _by_labels(text.replace("/NAAM:", " NAAM:"))
    return {"text": text}


def _unfolded(lines: Sequence[str], width: int) -> str:
    """Return a text without its folds: a full line runs on, a shorter one ended."""
    text = lines[0]
    for place, line in enumerate(lines[1:]):
        is_full = len(lines[place]) >= (65 if place else width)
        runs_on = (is_full and not _LABEL.match(line)) or line[:1] == "/" or lines[place][-1:] == "/"
        text += line if runs_on else f" {line}"
    return text.strip()


def _first_of_each(pieces: Sequence[str]) -> dict[str, str]:
    return dict(zip(reversed(pieces[1::2]), reversed(pieces[2::2]), strict=True))


def _by_codes(text: str) -> dict[str, str]:
    said = _first_of_each(_CODE.split(text))
    found = {name: said[code].rstrip("/") for code, name in _CODES.items() if code in said}
    if party := _PARTY.search(text):
        found |= {"iban": party[1], "name": party[2]}
    words = said.get("REMI", "").removeprefix("USTD//")
    if words in {"", "STRD"}:
        words = said.get("CDTRREF") or said.get("CUR") or said.get("ISO") or ""
    is_known = not said.keys().isdisjoint({"REMI", "CNTP", "TRTP", "RTYP", "PREF", *_CODES})
    return {**found, "text": words.rstrip("/")} if is_known else {"text": text}


def _by_numbers(text: str) -> dict[str, str]:
    said = _first_of_each(_TRIODOS.split(text))
    words = [said[number] for number in sorted(said) if number.startswith("2")]
    if len(words) > 1 and re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,}", words[1].strip()):
        return {"iban": words[1], "text": "".join(words[2:])}
    account = said.get("10", "")[-10:]
    return {"iban": account if account.strip("0") else "", "text": "".join(words)}


def _by_labels(text: str) -> dict[str, str]:
    pieces = _LABEL.split(text)
    said = _first_of_each(pieces)
    words = said.get("OMSCHRIJVING") or said.get("BETALINGSKENM.") or ("" if "IBAN" in said else pieces[0])
    return {**{name: said[label] for label, name in _LABELS.items() if label in said}, "text": words}
