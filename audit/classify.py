"""Private person or organisation: the first decisive answer wins, and each says why in words.

1. The register knew the account on that day: allowed, as whatever the register says.
2. Somebody declared the account: board, household, related, or the foundation's own.
3. The booking's structure: a Dutch creditor id on a direct debit, card, iDEAL, cash, own account.
   Then, where there is one, the bank's own check of the name.
4. The name's structure, in points: from +3 a person, to -3 an organisation, else unknown. A name
   with a firm in it that passes payments on, on an account that is none of its, is never an organisation's.

"Organisation" never approves a payment, and "unknown" means that somebody has to look.

Source: RULES "Private person or organisation".
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final
from typing import Literal
from typing import Protocol

from audit.booking import booking_of
from audit.booking import says_nothing
from audit.naming import ORGANISATION_TO
from audit.naming import PASSES_ON
from audit.naming import PASSES_ON_POINTS
from audit.naming import PERSON_FROM
from audit.naming import name_points
from audit.processors import ACCOUNTS
from audit.processors import is_request
from audit.processors import passes_on
from audit.sharing import once
from audit.wording import N_
from audit.wording import Reason
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection

    from audit.booking import Booking
    from audit.frames import Context

Verdict = Literal["allowed", "declared", "organisation", "person", "unknown"]

_CREDITOR_WITH_KVK: Final = re.compile(r"NL\d{2}ZZZ\d{8}0000")

ALLOWED = N_("The register had approved this payee on that day, as %(kind)s.")
DECLARED = N_("The account was declared as that of %(relation)s.")
CREDITOR = N_("It was collected under a creditor number with a chamber of commerce number in it, as organisations do.")
CARD = N_("It was paid by card at a shop's terminal.")
IDEAL = N_("It was paid through iDEAL to a web shop.")
CASH = N_("It was taken out in cash, so nobody can see who got it.")
OWN = N_("The bank says that it went to another account of one's own, which was not declared.")
BATCH = N_("It is a batch without its details, so nobody can see who got it.")
NAMELESS = N_("The bank's line does not say who was paid.")
CHECKED_PERSON = N_("The bank's own check says that the account is a person's.")
CHECKED_ORGANISATION = N_("The bank's own check says that the account is an organisation's.")
NOT_ITS_ACCOUNT = N_("The name has a firm in it that passes payments on, which is not known to have this account.")
PLAIN_NAME = N_("The name's form says neither person nor organisation.")


class NameCheck(Protocol):
    """A bank's own check of a name with an IBAN, plugged in by who assembles the context."""

    def __call__(self, name: str | None, iban: str | None, /) -> Literal["person", "organisation"] | None:
        """Return what the bank says, or None where it does not know. The same question gets the same answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparty:
    """Who was paid, as the bank's line says it; what it does not say is None."""

    name: str | None = None
    iban: str | None = None
    text: str | None = None
    creditor_id: str | None = None
    mandate: str | None = None
    type_code: str | None = None

    @property
    def booking(self) -> Booking | None:
        """What kind of line the bank's code says it is."""
        return booking_of(self.type_code, iban=self.iban, name=self.name, text=self.text)


@dataclass(frozen=True, slots=True)
class Classification:
    """A verdict with its reasons; `points` only where the name's structure was asked."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    points: int = 0


def by_name(name: str | None) -> Classification:
    """Return what the structure of a name says."""
    if not name or not name.strip():
        return Classification("unknown", (reason(NAMELESS),))
    points, reasons = name_points(name)
    if points >= PERSON_FROM:
        return Classification("person", reasons, points)
    if points <= ORGANISATION_TO:
        return Classification("organisation", reasons, points)
    return Classification("unknown", (*reasons, reason(PLAIN_NAME)), points)


@once
def names_of(_context: Context) -> Callable[[str | None], Classification]:
    """Return `by_name` for the names of one context, each looked at once."""
    return functools.cache(by_name)


def classify(
    party: Counterparty,
    *,
    register_kind: str | None = None,
    declared: str | None = None,
    name_check: NameCheck | None = None,
    structure: Callable[[str | None], Classification] = by_name,
    processors: Collection[str] = ACCOUNTS,
) -> Classification:
    """Return whether a counterparty is a private person or an organisation.

    Args:
        party: Who was paid.
        register_kind: What the register says, if it had approved the payee on that day.
        declared: The declared relation (own, board, household, related), if there is one.
        name_check: A bank's own check, if there is one.
        structure: What the structure of a name says: `by_name`, or what `names_of` makes of it.
        processors: Accounts on which a firm that passes payments on is known to collect.
    """
    if register_kind is not None:
        return Classification("allowed", (reason(ALLOWED, kind=register_kind),))
    if declared is not None:
        return Classification("declared", (reason(DECLARED, relation=declared),))
    found = _by_booking(party) or _by_check(party, name_check) or structure(party.name)
    claims = bool(party.iban) and any(why.message == PASSES_ON for why in found.reasons)
    if claims and not passes_on(party.iban, party.name, party.booking, processors):
        return _without_claim(found)
    return found


def _without_claim(found: Classification) -> Classification:
    """Return what a name says whose firm that passes payments on is not believed: never an organisation's."""
    points = found.points - PASSES_ON_POINTS
    kept = tuple(why for why in found.reasons if why.message not in {PASSES_ON, PLAIN_NAME})
    return Classification("person" if points >= PERSON_FROM else "unknown", (*kept, reason(NOT_ITS_ACCOUNT)), points)


def _by_booking(party: Counterparty) -> Classification | None:
    booking = party.booking
    collected = booking == "direct debit" or (party.mandate is not None and says_nothing(party.type_code))
    if collected and party.creditor_id and _CREDITOR_WITH_KVK.fullmatch(party.creditor_id):
        return Classification("organisation", (reason(CREDITOR),))
    if booking == "card":
        return Classification("organisation", (reason(CARD),))
    if booking == "ideal" and not is_request(party.name):
        return Classification("organisation", (reason(IDEAL),))
    message = {"cash": CASH, "own": OWN, "batch": BATCH}.get(booking or "")
    return Classification("unknown", (reason(message),)) if message else None


def _by_check(party: Counterparty, name_check: NameCheck | None) -> Classification | None:
    answer = name_check(party.name, party.iban) if name_check else None
    if answer is None:
        return None
    return Classification(answer, (reason(CHECKED_PERSON if answer == "person" else CHECKED_ORGANISATION),))
