"""The shop on a card line, as its terminal writes it: the name as a whole, without what stands around it.

| bank | writes |
|---|---|
| ABN AMRO | `BEA NR:.. 22.05.11/14.25 SHOP A44 TOWN,PAS999` |
| ABN AMRO, since | `BEA, Betaalpas SHOP TOWN,PAS999 NR:.., 13.02.23/14:50 TOWN` |
| ING | `SHOP 1521 TOWN NLD` |
| SNS, ASN | `SHOP >TOWN 27.12.2017 ..` |

Around the name may stand a firm that passes payments on (`SumUp *SHOP`), the number of a branch or terminal with
whatever follows it, and the town where the bank says apart that it is one. A name that merely stands among
other words is not the shop's.

Source: the banks' export formats; files from 2010 to 2025.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Final

from audit.naming import is_processor
from audit.naming import without_form
from audit.naming import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Words = tuple[str, ...]

_BEFORE: Final = re.compile(r"\s*BEA\b.*?\d\d\.\d\d\.\d\d/\d\d[.:]\d\d\s+")
_BEHIND: Final = re.compile(r",PAS|[>\\]|\s\d\d\.\d\d\.\d{4}\b")
_TOWN: Final = re.compile(
    r">\s*([^\d>]+)|,PAS\d+\s+(?!NR:)([^\d,]+)|NR:.*\d\d\.\d\d\.\d\d/\d\d:\d\d\s+([^\d,]+)", re.ASCII
)
_COUNTRIES: Final = frozenset({"nld", "bel", "deu"})
_ARTICLES: Final = frozenset({"den", "de", "het", "s", "sint"})
_PREFIXES: Final = frozenset({("bck",), ("sq",), ("iz",)})
"""Beside the names of firms that pass payments on: how some of them sign."""


def shops_at(name: str | None, text: str | None) -> Iterator[Words]:
    """Yield the names that a card line's shop can have, the longest first; without a legal form."""
    written = _BEHIND.split(_BEFORE.sub("", name or text or "", count=1), maxsplit=1)[0]
    prefix, star, rest = written.partition("*")
    shop = rest if star and (is_processor(prefix) or words_of(prefix) in _PREFIXES) else written
    town = _TOWN.search(f"{name or ''} {text or ''}")
    lengths = _lengths(words_of(shop), words_of(next(filter(None, town.groups()))) if town else ())
    yield from dict.fromkeys(without_form(words_of(shop)[:length]) for length in lengths)


def _lengths(words: Words, town: Words) -> Iterator[int]:
    """Yield how many of the words can be the shop's name."""
    whole = len(words)
    yield whole
    if town and words[-len(town) :] == town:
        yield whole - len(town)
    if words and words[-1] in _COUNTRIES:
        yield whole - 2 - (words[-3:-2] != () and words[-3] in _ARTICLES)
    yield next((place for place, word in enumerate(words) if place and not word.isalpha()), whole)
