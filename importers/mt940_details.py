"""What field 86 of an MT940 file says about a payment, in every dialect met.

| dialect | looks like | banks |
|---|---|---|
| slash codes | ``/TRTP/../IBAN/../NAME/../REMI/..`` | ABN AMRO, Van Lanschot, newer Knab, bunq, Rabobank, ING |
| numbered | ``000>100..>20..>21..``, ``105?00..?20..`` | Triodos, German banks |
| labels | ``.. REK: ../NAAM: ..``, ``.. PAS: 1234 NAAM: ..`` | older Knab |
| labels | ``SEPA OVERBOEKING  IBAN: .. NAAM: .. OMSCHRIJVING: ..`` | older ABN AMRO |
| IBAN first | ``NL.. name``, then text | ASN, SNS, RegioBank |
| plain | text | the rest |

The payer's own words may contain anything, forged codes included. So codes before
the words count where they stand first, those after them only as an unbroken run at
the end in which none stands twice; numbered fields count in rising order. Banks add codes:
one that is not known here (``/ABCD/``) ends the code before it all the same, except inside
the payer's words and the parts of a `CNTP`.

Lines are folded after 65 characters. Some banks count the tag with the first line, which
then has 61: which of the two a file keeps to is asked of the whole file (`first_width`).

Source: format descriptions of the banks named; files from 2010 to 2026.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence

WIDTH = 65
NARROW_WIDTH = 61
_ENOUGH = 1000
_PARTIES = "ORDP|BENM|ULTD|ULTC|ULTB|UCRD|UDTR|INIT"
_CODES = (
    f"TRTP|RTYP|TRCD|IBAN|BIC|NAME|REMI|EREF|{_PARTIES}|CNTP|ISDT|MARF|CSID|RTRN|PREF|NRTX|ADDR|"
    "PURP|SVCL|KREF|BUSP|EXCH|CHGS|ID|ACCW"
)
_LONGEST = 5
_CODE = re.compile(rf"/(?=[A-Z]{{2,10}}/)(?:({_CODES})/|([A-Z]{{3,10}})(?=/))", re.ASCII)
_OF_PARTIES = frozenset(_PARTIES.split("|"))
_PARTS = frozenset({"NAME", "IBAN", "BIC", "ADDR", "ID"})
_STRUCTURED = re.compile(r"(?:CDTRREFTP//?CD/[A-Z]{4}/(?:ISSR/[A-Z]{1,35}/)?CDTRREF|STRD/(?:CUR|ISO))/", re.ASCII)
_CUT_CODE = re.compile(rf"/(?:{_CODES}|USTD|STRD)/", re.ASCII)
_NUMBERED = re.compile(r"[0-9]{3}([>?])(?=[0-9]{2})", re.ASCII)
_FIELDS = {mark: re.compile(re.escape(mark) + r"([0-3][0-9]|6[0-5]|7[01])", re.ASCII) for mark in ">?"}
_KNAB = re.compile(r"(?:^|\s)REK: ?([A-Z0-9]{5,34})/NAAM: ?(.{0,140})$", re.ASCII)
_CARD = re.compile(r"(?<=PAS: [0-9]{4}) +NAAM: (.{1,140})$", re.ASCII)
_ABN = re.compile(r"SEPA [A-Z. ]{4,60} (?:IBAN|INCASSANT): ", re.ASCII)
_ABN_LABEL = re.compile(r" (IBAN|BIC|NAAM|INCASSANT|MACHTIGING|OMSCHRIJVING|KENMERK|BETALINGSKENM\.): ?", re.ASCII)
_ABN_BLOCK = re.compile(_ABN_LABEL.pattern[1:], re.ASCII)
_IBAN_FIRST = re.compile(r"([A-Z]{2}[0-9]{2}[A-Z0-9]{8,30})\s+", re.ASCII)
_DIRECT_DEBIT = re.compile(r"-Incassant ID: ([A-Z]{2}[0-9]{2}[A-Z0-9]{4,31}) ?-Kenmerk Machtiging: (\S{1,35})\s*$")
_GIVES_BACK = re.compile(r"STORN|RETOUR|TERUGBOEK", re.IGNORECASE)
_SEPA_CODES = "EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|ABWA|ABWE|PURP|MDAT|DDAT|SQTP|ORCR|ORMR"
_SEPA = re.compile(rf"({_SEPA_CODES})\+(.*?)(?=(?:{_SEPA_CODES})\+|$)", re.ASCII)
_GERMAN_RETURNS = frozenset({"108", "109", "159", "181", "184"})
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)


class Details(NamedTuple):
    """What field 86 says; None where it does not.

    Attributes:
        returned: The bank's own codes say that this gives back an earlier payment.
    """

    text: str | None = None
    name: str | None = None
    iban: str | None = None
    end_to_end_id: str | None = None
    mandate: str | None = None
    creditor_id: str | None = None
    kind: str | None = None
    returned: bool = False


def details_of(lines: Sequence[str], first_width: int = WIDTH) -> Details:
    """Read field 86.

    Args:
        lines: Its value as it was folded.
        first_width: How many characters a full first line has, see `first_width_of`.

    Returns:
        What it says.
    """
    text = unfolded(lines, first_width)
    if text[:1] == "/" and not (pieces := _CODE.split(text))[0] and any(pieces[1::3]):
        return _slash(text, pieces)
    if numbered := _NUMBERED.match(text.lstrip()):
        return _numbered("".join(lines).lstrip(), numbered[1])
    if (labelled := _KNAB.search(text)) is not None:
        return Details(text[: labelled.start()], labelled[2], labelled[1])
    if (paid := _CARD.search(text)) is not None:
        return Details(text[: paid.start()], paid[1])
    if _ABN.match(text):  # its blocks are full or not, and a label begins one
        return _old_abn_amro(unfolded([f" {line}" if _ABN_BLOCK.match(line) else line for line in lines], first_width))
    return _free(text)


def is_numbered(text: str) -> bool:
    """Tell whether a value has the numbered fields of field 86, which no other field has."""
    return _NUMBERED.match(text) is not None


def first_width_of(first_lines: Iterable[str]) -> int:
    """Return how many characters a full first line of field 86 has in a file: as many as most of its long ones.

    Args:
        first_lines: The first line of each field 86 of the file that has more than one.
    """
    widths = Counter(len(line) for line in islice(first_lines, _ENOUGH))
    return NARROW_WIDTH if widths[NARROW_WIDTH] > widths[WIDTH] else WIDTH


def unfolded(lines: Sequence[str], first_width: int = WIDTH) -> str:
    """Undo the folding: a full line runs on in the next one, a shorter one ended for a reason."""
    if not lines:
        return ""
    before = text = lines[0]
    width = first_width
    for line in lines[1:]:
        runs_on = len(before) >= width or line[:1] == "/" or before[-1:] == "/" or _is_cut(before, line)
        text += line if runs_on else f" {line}"
        before, width = line, WIDTH
    return text


def _is_cut(before: str, line: str) -> bool:
    """Tell whether a fold runs through the middle of a code."""
    cut = before.rfind("/", -_LONGEST, len(before))
    found = _CUT_CODE.match(before[cut:] + line[:_LONGEST]) if cut >= 0 else None
    return found is not None and found.end() > len(before) - cut


def _slash(text: str, pieces: Sequence[str]) -> Details:
    """Read slash codes; a party and its part (`/ULTD//NAME/`) are one code."""
    codes, values, unknown = pieces[1::3], pieces[3::3], pieces[2::3]
    if any(unknown) or not _OF_PARTIES.isdisjoint(codes):
        codes, values = _put_together(codes, values, unknown)
    before, own, said = _told_apart(codes, values, "REMI", "/{}/{}")
    details = _from_codes(said, None if own is None else _remittance(own), returned=_gives_back(before))
    is_elsewhere = said.get("BENM") or said.get("ORDP")
    return Details(text) if is_elsewhere and not any(details) else details


def _put_together(
    codes: Sequence[str | None], values: Sequence[str], unknown: Sequence[str | None]
) -> tuple[list[str], list[str]]:
    """Return codes with their values, a party with its part as one; an unknown code ends no words and no `CNTP`."""
    all_codes: list[str] = []
    all_values: list[str] = []
    for code, value, other in zip(codes, values, unknown, strict=True):
        if code is None and all_codes and ("REMI" in all_codes or all_codes[-1] == "CNTP"):
            all_values[-1] += f"/{other}{value}"
        elif code in _PARTS and all_codes and all_codes[-1] in _OF_PARTIES and not all_values[-1]:
            all_codes[-1] += f"//{code}"
            all_values[-1] = value
        else:
            all_codes.append(code or f"unknown {len(all_codes)}")
            all_values.append(value)
    return all_codes, all_values


def _told_apart(
    codes: Sequence[str], values: Sequence[str], introducing: str, written: str
) -> tuple[dict[str, str], str | None, dict[str, str]]:
    """Tell the bank's codes from the payer's words.

    Args:
        codes: The codes in the order of the text.
        values: What follows each of them.
        introducing: The code that the payer's words follow.
        written: How a code and its value stand in the text.

    Returns:
        What the codes before the words say; the words, None where there are none; what all codes of the bank say.
    """
    words = codes.index(introducing) if introducing in codes else len(codes)
    before = dict(zip(reversed(codes[:words]), reversed(values[:words]), strict=True))
    if words == len(codes):
        return before, None, before
    if words == len(codes) - 1:
        return before, values[words], before
    end = len(codes)
    after: dict[str, str] = {}
    while end - 1 > words and not (
        codes[end - 1] in after or codes[end - 1] in before or codes[end - 1] == introducing
    ):
        end -= 1
        after[codes[end]] = values[end]
    inside = zip(codes[words + 1 : end], values[words + 1 : end], strict=True)
    return before, values[words] + "".join(written.format(*one) for one in inside), {**before, **after}


def _gives_back(before: dict[str, str]) -> bool:
    """Tell whether the codes before the payer's words name a return; those after them a payer could continue."""
    kind = before.get("TRTP") or before.get("RTYP")
    return "RTRN" in before or (kind is not None and _GIVES_BACK.search(kind) is not None)


def _old_abn_amro(text: str) -> Details:
    """Read the labels that ABN AMRO wrote in columns before it had codes."""
    pieces = _ABN_LABEL.split(" ".join(text.split()))
    _, own, said = _told_apart(pieces[1::2], pieces[2::2], "OMSCHRIJVING", " {}: {}")
    paid = said.get("BETALINGSKENM.")
    return Details(
        text=own if own is not None else paid,
        name=said.get("NAAM"),
        iban=said.get("IBAN"),
        end_to_end_id=said.get("KENMERK"),
        mandate=said.get("MACHTIGING"),
        creditor_id=said.get("INCASSANT"),
        kind=pieces[0],
        returned=_GIVES_BACK.search(pieces[0]) is not None,
    )


def _remittance(written: str) -> str:
    """Leave out how the words are written: ``USTD//``, ``STRD/CUR/``, ``CDTRREFTP//CD/..CDTRREF/``, ``REMI/`` again."""
    own = written.removeprefix("/").removeprefix("REMI/")
    if own.startswith("USTD//"):
        return own[6:].removesuffix("/")
    structured = _STRUCTURED.match(own)
    return own[structured.end() :].removesuffix("/") if structured else own


def _from_codes(said: dict[str, str], remittance: str | None, *, returned: bool) -> Details:
    name = said.get("NAME") or said.get("BENM//NAME") or said.get("ORDP//NAME")
    iban = said.get("IBAN") or said.get("BENM//IBAN") or said.get("ORDP//IBAN")
    kind = said.get("TRTP") or said.get("RTYP")
    if "CNTP" in said:
        iban, _, rest = said["CNTP"].partition("/")
        name = rest.partition("/")[2].partition("/")[0]
    return Details(
        remittance,
        _bare(name) if name else None,
        _bare(iban) if iban else None,
        _bare(said["EREF"]) if "EREF" in said else None,
        _bare(said["MARF"]) if "MARF" in said else None,
        _bare(said["CSID"]) if "CSID" in said else None,
        _bare(kind) if kind else None,
        returned,
    )


def _bare(value: str) -> str | None:
    return value.strip().rstrip("/") or None


def _numbered(text: str, mark: str) -> Details:
    said: dict[int, str] = {}
    last, start = -1, 0
    for match in _FIELDS[mark].finditer(text):
        number = int(match[1])
        if number <= last or _is_payers(number, last, mark, text[match.end() :]):
            continue
        if last >= 0:
            said[last] = text[start : match.start()]
        last, start = number, match.end()
    said[last] = text[start:]
    words = {number: value for number, value in said.items() if 20 <= number < 30 or 60 <= number < 64}  # noqa: PLR2004 - field numbers
    return _triodos(said, words) if mark == ">" else _german(text[:3], said, words)


def _is_payers(number: int, last: int, mark: str, after: str) -> bool:
    """Tell whether a number among the payer's words (20 to 29) is theirs: the bank's own next one comes later."""
    if not 20 <= last < 30 or number == last + 1 < 30:  # noqa: PLR2004 - field numbers
        return False
    awaited = {last + 1, number if number < 60 else last + 1, 30 if 30 < number < 60 else last + 1}  # noqa: PLR2004
    return any(f"{mark}{one:02d}" in after for one in awaited)


def _triodos(said: dict[int, str], words: dict[int, str]) -> Details:
    iban = said.get(10, "").strip().removeprefix("0" * 10) or None
    if _BIC.fullmatch(words.get(20, "").strip()) and _IBAN.fullmatch(words.get(21, "").strip()):
        iban = words[21].strip()
        del words[20], words[21]
    return Details("".join(words.values()), None, iban)


def _german(code: str, said: dict[int, str], words: dict[int, str]) -> Details:
    """Read German fields; what the bank names stands before the payer's words (`SVWZ+`), never inside them."""
    before, is_split, own = "".join(words.values()).partition("SVWZ+")
    named = {match[1]: match[2].strip() for match in _SEPA.finditer(before)} if is_split else {}
    return Details(
        text=own if is_split else before,
        name=said.get(32, "") + said.get(33, "") or None,
        iban=polish if _IBAN.fullmatch(polish := said.get(38, "").replace(" ", "")) else said.get(31),
        end_to_end_id=named.get("EREF"),
        mandate=named.get("MREF"),
        creditor_id=named.get("CRED"),
        kind=said.get(0),
        returned=code in _GERMAN_RETURNS,
    )


def _free(text: str) -> Details:
    iban = _IBAN_FIRST.match(text)
    if iban is not None:
        text = text[iban.end() :]
    collected = _DIRECT_DEBIT.search(text) if "Incasso door:" in text or "incasso door:" in text else None
    return Details(
        text=text,
        iban=iban[1] if iban else None,
        creditor_id=collected[1] if collected else None,
        mandate=collected[2] if collected else None,
    )
