"""The structure of a name: titles, initials, legal forms, sectors, domains, branch numbers, processors.

No list of given names or surnames, and no guess at an origin: a full name without any of these
says nothing, in whatever language it is. A word that is also a surname (Bakker, Winkel, Bank)
is on no list; its compound (bakkerij, boekwinkel) is. What stands here are trades and forms only.

Source: RULES "Private person or organisation", point 4.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

from audit.wording import N_
from audit.wording import Reason
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Callable

TITLES: Final = frozenset({"dhr", "mw", "mevr", "mevrouw", "mej", "mejuffrouw"})
LEADING_TITLES: Final = frozenset({"hr", "meneer", "mr", "mrs", "ms", "herr", "frau"})
LEGAL_WORDS: Final = frozenset(
    "stichting stg vereniging cooperatie cooperatief maatschap vennootschap foundation verein "
    "vakfi dernegi holding corporation".split()
)
LEGAL_SUFFIXES: Final = ("stichting", "vereniging", "cooperatie")
TRAILING_FORMS: Final = frozenset("bv nv vof gmbh ltd limited inc llc plc sarl srl bvba vzw asbl aps corp".split())
PUBLIC_WORDS: Final = frozenset(
    "waterschap hoogheemraadschap provincie ministerie rijkswaterstaat rijksdienst stadsdeel kadaster politie "
    "veiligheidsregio omgevingsdienst rechtbank municipality".split()
)
PUBLIC_PREFIXES: Final = ("gemeente", "belastingdienst", "belastingsamenwerking", "waterschapsbelasting")
PUBLIC_SHORT: Final = frozenset({"uwv", "cjib", "rdw", "ggd", "svb"})
MERCHANT_WORDS: Final = frozenset(
    "tuincentrum webwinkel boekwinkel kringloopwinkel kringloop warenhuis drogisterij apotheek tankstation slijterij "
    "kiosk outlet store shop kopieshop coffeeshop feestwinkel fietsenwinkel speelgoedwinkel zadenwinkel".split()
)
MERCHANT_SUFFIXES: Final = ("bouwmarkt", "supermarkt", "webshop", "groothandel", "boekhandel")
SECTOR_WORDS: Final = frozenset(
    "restaurant cafe hotel theater museum bibliotheek catering cateraar verhuur transport logistiek techniek "
    "schoonmaak kinderopvang buurthuis buurtzaal buurtkamer wijkcentrum moskee parochie verzekeringen verzekering "
    "energie telecom notaris notariaat advocaten accountants administratie uitgeverij studio media events consultancy "
    "groep group international services diensten atelier kwekerij tandarts kapsalon eethuis "
    "theehuis koffiebar pizzeria fonds club sportclub fanfare orkest speeltuin zorginstelling ziekenhuis "
    "universiteit hogeschool payments".split()
)
SECTOR_SUFFIXES: Final = (
    "kerij",
    "gerij",
    "derij",
    "werij",
    "serij",
    "terij",
    "bedrijf",
    "bureau",
    "dienst",
    "diensten",
    "service",
    "services",
    "handel",
    "centrum",
    "verhuur",
    "techniek",
    "school",
    "centrale",
    "collectief",
    "winkels",
)
PROCESSOR_WORDS: Final = frozenset(
    "mollie adyen paypal sumup buckaroo multisafepay klarna worldline zettle stripe ccv ingenico tikkie payconiq "
    "icepay worldpay sisow paypro billink riverty afterpay derdengelden".split()
)
JOINING: Final = frozenset("via door by bij inzake inz voor for stichting stg derdengelden payments bv nv".split())
"""Words between a shop's name and that of a firm that passes payments on."""
SHORTEST_COMPOUND: Final = 7
PERSON_FROM: Final = 3
ORGANISATION_TO: Final = -3

_WORD = re.compile(r"[^\W_]+")
_EITHER = re.compile(r"(?<!\w)(?:e\s*/\s*o|en/of)(?!\w)")
_TRAILING_DOTTED = re.compile(r"(?<=[\s,])(?:b\.?v|n\.?v|v\.?o\.?f|u\.a)\.?(?=[\s,]|$)", re.IGNORECASE)
_UNSURE_FORM = re.compile(r"(?<=[\s,])(?:c\.?v|a\.s|s\.a|e\.v|b\.? v|n\.? v)\.?$")
_DOTTED_INITIALS = re.compile(
    r"(?<![\w.&'\u2019-])(?:[^\W\d_]\.[ -]?){1,6}(?=[^\W\d_]{2})|(?<=\w[\s,])(?:[^\W\d_]\.\s?){1,6}$"
)
_SINGLE_LETTER = re.compile(r"(?<![\w.'\u2019`&+/*-])(?<!&\s)[^\W\d_](?![\w.'\u2019`&+/*-])(?!\s&)")
_LONG_WORD = re.compile(r"[^\W\d_]{2}")
_CONJUNCTIONS = frozenset("EYIO")
_DOMAIN = re.compile(
    r"www\.|https?://|(?<![\w.])(?:[a-z0-9-]+\.)*[a-z0-9][a-z0-9-]+\.(?:nl|com|org|net|eu|be|shop|online|amsterdam|info)(?=$|[\s/,;)])"
)
_BRANCH = re.compile(r"\b(?:filiaal|vestiging)\b|(?<![\w.,])\d{2,6}(?![\w.,])")
_TERMINAL = re.compile(r"\w\s?\*\s?\w")
_FAMILY_FIRM = re.compile(r"&\s*(?:zn|zonen|co|partners)\b|\ben zonen\b|\bgebr(?:oeders)?\b")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the bank gives it, folded, and its folded words with the dots of abbreviations taken out."""

    raw: str
    folded: str
    words: tuple[str, ...]


def fold(text: str) -> str:
    """Return a text in small letters without accents."""
    small = unicodedata.normalize("NFKD", text.casefold().replace("\u0131", "i"))  # Turkish dotless i
    return small if small.isascii() else "".join(letter for letter in small if not unicodedata.combining(letter))


def words_of(text: str) -> tuple[str, ...]:
    """Return a text's folded words; the dots of abbreviations are taken out, so that B.V. is bv."""
    return tuple(_WORD.findall(fold(text).replace(".", "")))


def without_form(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name's words without the legal form behind it, which terminals leave out."""
    return words[:-1] if len(words) > 1 and words[-1] in TRAILING_FORMS else words


def read_name(text: str) -> Name:
    """Return a name with its words."""
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    return Name(tidy, fold(tidy), words_of(tidy))


def is_processor(text: str | None) -> bool:
    """Return whether a name is that of a firm which passes payments on for merchants."""
    if not text:
        return False
    return not PROCESSOR_WORDS.isdisjoint(_WORD.findall(fold(text))) or "pay.nl" in fold(text)


def shop_beside(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a name says beside the firm in it that passes payments on ("Maan via Mollie"); all of another."""
    place = next((place for place, word in enumerate(words) if word in PROCESSOR_WORDS or word == "paynl"), None)
    if place is None:
        return words
    before, behind = words[:place], words[place + 1 :]
    while before and before[-1] in JOINING:
        before = before[:-1]
    while behind and behind[0] in JOINING:
        behind = behind[1:]
    return before or behind


def name_points(text: str) -> tuple[int, tuple[Reason, ...]]:
    """Return how much a name looks like a person's (above 0) or an organisation's (below), and why."""
    name = read_name(text)
    found = [(points, message, find(name)) for points, message, find in SIGNS]
    hits = [(points, message, match) for points, message, match in found if match is not None]
    reasons = tuple(reason(message, sign=match, points=points) for points, message, match in hits)
    return sum(points for points, _, _ in hits), reasons


def _title(name: Name) -> str | None:
    words = _WORD.findall(name.folded)
    if name.folded.startswith("de heer "):
        return "de heer"
    ends = (*words[:1], *words[-1:]) if len(words) > 1 else ()
    return next((word for word in words if word in TITLES), None) or next(
        (word for word in ends if word in LEADING_TITLES), None
    )


def _either(name: Name) -> str | None:
    found = _EITHER.search(name.folded)
    return found.group() if found else None


def _initials(name: Name) -> str | None:
    """Return "A." where there are initials; which ones stays out of the reason."""
    raw = _TRAILING_DOTTED.sub("", name.raw).strip()
    if not _LONG_WORD.search(raw):
        return None
    dotted = any(found.group().replace(".", "").replace("-", "").isupper() for found in _DOTTED_INITIALS.finditer(raw))
    return "A." if dotted or _has_single_letter(raw) else None


def _has_single_letter(raw: str) -> bool:
    """Return whether a capital stands alone; in the middle not one that means "and" in some language."""
    for found in _SINGLE_LETTER.finditer(raw):
        inside = found.start() > 0 and found.end() < len(raw)
        if found.group().isupper() and not (inside and found.group() in _CONJUNCTIONS):
            return True
    return False


def _legal_form(name: Name) -> str | None:
    unsure = _UNSURE_FORM.search(name.folded)
    if unsure:
        return unsure.group()
    whole = next((word for word in name.words if word in LEGAL_WORDS or word.endswith(LEGAL_SUFFIXES)), None)
    return whole or next((word for word in name.words[1:] if word in TRAILING_FORMS), None)


def _public_body(name: Name) -> str | None:
    if name.words and name.words[0] in PUBLIC_SHORT:
        return name.words[0]
    return next((word for word in name.words if word in PUBLIC_WORDS or word.startswith(PUBLIC_PREFIXES)), None)


def _merchant(name: Name) -> str | None:
    if _TERMINAL.search(name.raw):
        return "*"
    firm = _FAMILY_FIRM.search(name.folded)
    if firm:
        return firm.group()
    return next((word for word in name.words if word in MERCHANT_WORDS or word.endswith(MERCHANT_SUFFIXES)), None)


def _sector(name: Name) -> str | None:
    return next((word for word in name.words if word in SECTOR_WORDS or _is_trade(word)), None)


def _is_trade(word: str) -> bool:
    return len(word) >= SHORTEST_COMPOUND and word.endswith(SECTOR_SUFFIXES)


def _domain(name: Name) -> str | None:
    found = _DOMAIN.search(name.folded)
    return found.group() if found else None


def _branch(name: Name) -> str | None:
    found = _BRANCH.search(name.folded)
    return found.group() if found else None


def _processor(name: Name) -> str | None:
    return next((word for word in name.words if word in PROCESSOR_WORDS or word == "paynl"), None)


PASSES_ON: Final = N_("The name is that of a firm that passes payments on (%(sign)s).")
PASSES_ON_POINTS: Final = -1
SIGNS: Final[tuple[tuple[int, str, Callable[[Name], str | None]], ...]] = (
    (4, N_("The name has a title (%(sign)s), as people's names do."), _title),
    (3, N_("The account is in the name of one person or another (%(sign)s)."), _either),
    (3, N_("The name has initials (%(sign)s), as people's names do."), _initials),
    (-5, N_("The name has a legal form (%(sign)s), as organisations' names do."), _legal_form),
    (-5, N_("The name is that of a public body (%(sign)s)."), _public_body),
    (-4, N_("The name is that of a shop (%(sign)s)."), _merchant),
    (-3, N_("The name says which trade it is (%(sign)s)."), _sector),
    (-3, N_("The name has a web address (%(sign)s)."), _domain),
    (-2, N_("The name has a branch number (%(sign)s)."), _branch),
    (PASSES_ON_POINTS, PASSES_ON, _processor),
)
