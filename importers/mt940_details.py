"""What field 86 of an MT940 file says about a payment, in every dialect met.

| dialect | looks like | banks |
|---|---|---|
| slash codes | ``/TRTP/../IBAN/../NAME/../REMI/..`` | ABN AMRO, Van Lanschot, newer Knab, bunq, Rabobank, ING |
| numbered | ``000>100..>20..>21..``, ``105?00..?20..`` | Triodos, German banks |
| labels | ``.. REK: ../NAAM: ..`` | older Knab |
| IBAN first | ``NL.. name``, then text | ASN, SNS, RegioBank |
| plain | text | the rest |

The payer's own words may contain anything, forged codes included. So codes before
the words count where they stand first, those after them only as an unbroken run at
the end in which none stands twice; numbered fields count in rising order.

Source: format descriptions of the banks named; files from 2010 to 2025.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 65
_CODES = (
    "TRTP|IBAN|BIC|NAME|REMI|EREF|ORDP|BENM|CNTP|ISDT|MARF|CSID|RTRN|PREF|NRTX|ADDR|ULTD|ULTC|ULTB|UCRD|UDTR|"
    "PURP|SVCL|KREF|INIT|BUSP|EXCH|CHGS|ID|ACCW"
)
_CODE = re.compile(rf"/({_CODES})/", re.ASCII)
_NUMBERED = re.compile(r"[0-9]{3}([>?])(?=[0-9]{2})", re.ASCII)
_FIELDS = {mark: re.compile(re.escape(mark) + r"([0-9]{2})", re.ASCII) for mark in ">?"}
_KNAB = re.compile(r"(?:^|\s)REK: ?([A-Z0-9]{5,34})/NAAM: ?(.{0,140})$", re.ASCII)
_IBAN_FIRST = re.compile(r"([A-Z]{2}[0-9]{2}[A-Z0-9]{8,30})\s+", re.ASCII)
_DIRECT_DEBIT = re.compile(r"-Incassant ID: ([A-Z]{2}[0-9]{2}[A-Z0-9]{4,31}) ?-Kenmerk Machtiging: (\S{1,35})\s*$")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Details:
    """What field 86 says; None where it does not."""

    text: str | None = None
    name: str | None = None
    iban: str | None = None
    end_to_end_id: str | None = None
    mandate: str | None = None
    creditor_id: str | None = None
    kind: str | None = None


def details_of(lines: Sequence[str]) -> Details:
    """Read field 86.

    Args:
        lines: Its value as it was folded.

    Returns:
        What it says.
    """
    text = unfolded(lines)
    if text[:1] == "/" and _CODE.match(text):
        return _slash(text)
    if numbered := _NUMBERED.match(text):
        return _numbered("".join(lines), numbered[1])
    if (labelled := _KNAB.search(text)) is not None:
        return Details(text[: labelled.start()], labelled[2], labelled[1])
    return _free(text)


def unfolded(lines: Sequence[str]) -> str:
    """Undo the folding: a full line runs on in the next one, a shorter one ended for a reason."""
    if len(lines) < 2:  # noqa: PLR2004 - nothing is folded
        return "".join(lines)
    parts = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        runs_on = len(line) >= _WIDTH or following[:1] == "/" or line[-1:] == "/"
        parts.append(line if runs_on else line + " ")
    return "".join(parts)


def _slash(text: str) -> Details:
    found = [(match[1], match.start(), match.end()) for match in _CODE.finditer(text)]
    ends = [start for _, start, _ in found[1:]] + [len(text)]
    words = next((place for place, (code, _, _) in enumerate(found) if code == "REMI"), None)
    before = found if words is None else found[:words]
    said: dict[str, str] = {}
    for (code, _, start), end in zip(before, ends, strict=False):
        said.setdefault(code, text[start:end])
    remittance = None
    if words is not None:
        last, after = _run_at_the_end(text, found[words + 1 :], said)
        said.update(after)
        remittance = _remittance(text[found[words][2] : last])
    return _from_codes(said, remittance)


def _run_at_the_end(
    text: str, codes: Sequence[tuple[str, int, int]], before: dict[str, str]
) -> tuple[int, dict[str, str]]:
    """Return where the bank's own codes after the payer's words begin, and what they say."""
    said: dict[str, str] = {}
    end = len(text)
    for code, start, value in reversed(codes):
        if code in said or code in before or code == "REMI":
            break
        said[code] = text[value:end]
        end = start
    return end, said


def _remittance(written: str) -> str:
    """Leave out what says how the words are written: ``USTD//``, ``STRD/CUR/``."""
    if written.startswith("USTD//"):
        return written[6:].removesuffix("/")
    if written.startswith(("STRD/CUR/", "STRD/ISO/")):
        return written[9:].removesuffix("/")
    return written.removeprefix("/")


def _from_codes(said: dict[str, str], remittance: str | None) -> Details:
    name, iban = said.get("NAME"), said.get("IBAN")
    if "CNTP" in said:
        iban, _, rest = said["CNTP"].partition("/")
        name = rest.partition("/")[2].partition("/")[0]
    return Details(
        text=remittance,
        name=_bare(name),
        iban=_bare(iban),
        end_to_end_id=_bare(said.get("EREF")),
        mandate=_bare(said.get("MARF")),
        creditor_id=_bare(said.get("CSID")),
        kind=_bare(said.get("TRTP")),
    )


def _bare(value: str | None) -> str | None:
    return value.strip().rstrip("/") or None if value else None


def _numbered(text: str, mark: str) -> Details:
    said: dict[int, str] = {}
    last, start = -1, 0
    for match in _FIELDS[mark].finditer(text):
        number = int(match[1])
        if number <= last:
            continue
        if last >= 0:
            said[last] = text[start : match.start()]
        last, start = number, match.end()
    said[last] = text[start:]
    return _from_numbers(said, is_triodos=mark == ">")


def _from_numbers(said: dict[int, str], *, is_triodos: bool) -> Details:
    words = {number: value for number, value in said.items() if 20 <= number < 30 or 60 <= number < 64}  # noqa: PLR2004 - field numbers
    if not is_triodos:
        name = said.get(32, "") + said.get(33, "")
        return Details("".join(words.values()), name or None, said.get(31), kind=said.get(0))
    iban = said.get(10, "").strip().removeprefix("0" * 10) or None
    if _BIC.fullmatch(words.get(20, "").strip()) and _IBAN.fullmatch(words.get(21, "").strip()):
        iban = words[21].strip()
        del words[20], words[21]
    return Details("".join(words.values()), None, iban)


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
