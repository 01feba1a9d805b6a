"""What somebody proposes for the register, checked as far as no database is needed.

Forms and setup files make the same values. What is wrong is refused with one class per field,
so that a form can say it beside the field.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from stdnum import iban as iban_number
from stdnum.exceptions import ValidationError

from dashboards import errors
from ledger.canonical import MAX_INTEGER

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from ledger.canonical import Json

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ORGANISATION = "organisation"
KINDS = (ORGANISATION, "sole_trader", "person")
KVK_DIGITS = 8
LONGEST_NAME = 140
LONGEST_TEXT = 2000
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeProposal:
    """A payee to be approved; `starts` is a claim, what counts is when the approval is recorded."""

    name: str
    ibans: tuple[str, ...]
    kvk: str | None
    kind: str
    starts: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionProposal:
    """Spending to be approved beforehand.

    Attributes:
        payee: A payee's id in the register, or None for small expenses.
        ceiling_minor: At most for all payments to the payee together; for small expenses, per payment.
        month_ceiling_minor: At most per month, for small expenses alone.
        category: A line of the initiative's budget.
    """

    payee: str | None
    ceiling_minor: int
    month_ceiling_minor: int | None = None
    purpose: str
    initiative: str | None = None
    category: int | None = None
    starts: dt.date
    ends: dt.date
    decided_on: dt.date


def payee_values(proposal: PayeeProposal) -> dict[str, Json]:
    """Return a payee's committed values.

    Raises:
        FieldRefused: A name, IBAN, KvK number or kind is wrong.
    """
    if proposal.kind not in KINDS:
        raise errors.KindRefused
    name = plain_text(proposal.name, errors.NameRefused, LONGEST_NAME)
    ibans: Json = list(_ibans(proposal.ibans))
    return {"name": name, "kvk": _kvk(proposal.kvk), "ibans": ibans, "kind": proposal.kind}


def check_decision(proposal: DecisionProposal, now: dt.datetime) -> None:
    """Refuse amounts and days that cannot be meant.

    Raises:
        FieldRefused: One class per field.
    """
    _check_ceilings(proposal)
    if proposal.ends < proposal.starts:
        raise errors.EndRefused
    if proposal.decided_on > now.astimezone(AMSTERDAM).date():
        raise errors.DecidedRefused


def decision_fields(decision: str, proposal: DecisionProposal, currency: str) -> dict[str, Json]:
    """Return a proposal's public fields."""
    return {
        "decision": decision,
        "ceiling": proposal.ceiling_minor,
        "month_ceiling": proposal.month_ceiling_minor,
        "currency": currency,
        "initiative": proposal.initiative,
        "category": proposal.category,
        "starts": proposal.starts.isoformat(),
        "ends": proposal.ends.isoformat(),
        "decided_on": proposal.decided_on.isoformat(),
        "basis": "desk",
    }


def bare_name(name: str | None) -> str:
    """Return a name as names are compared: letters and digits alone, without case or accents."""
    plain = unicodedata.normalize("NFKD", name or "").casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def plain_text(given: str, refused: type[errors.FieldRefused], longest: int = LONGEST_TEXT) -> str:
    """Return a text that somebody wrote, in one normal form, with something to see and nothing that hides."""
    text = unicodedata.normalize("NFC", given.replace("\r\n", "\n").strip())
    if len(text) > longest or not any(letter.isalnum() for letter in text) or any(map(_hides, text)):
        raise refused
    return text


def _hides(letter: str) -> bool:
    """Tell whether a character steers a terminal or turns the text around it; joiners are part of some scripts."""
    return letter in TURNING or (unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t")


def _ibans(given: Iterable[str]) -> tuple[str, ...]:
    """Return IBANs without spaces, each once and valid."""
    try:
        ibans = tuple(dict.fromkeys(str(iban_number.validate(text)) for text in given))
    except ValidationError as error:
        raise errors.IbanRefused from error
    if not ibans:
        raise errors.IbanRefused
    return ibans


def _kvk(given: str | None) -> str | None:
    """Return a Chamber of Commerce number, or None."""
    digits = (given or "").replace(" ", "")
    if digits and not (len(digits) == KVK_DIGITS and digits.isascii() and digits.isdigit()):
        raise errors.KvkRefused
    return digits or None


def _check_ceilings(proposal: DecisionProposal) -> None:
    """Refuse amounts that do not fit: small expenses have a ceiling per month too, others have not."""
    if not 0 < proposal.ceiling_minor <= MAX_INTEGER:
        raise errors.CeilingRefused
    month = proposal.month_ceiling_minor
    if (month is None) != (proposal.payee is not None):
        raise errors.MonthCeilingRefused
    if month is not None and not proposal.ceiling_minor <= month <= MAX_INTEGER:
        raise errors.MonthCeilingRefused
