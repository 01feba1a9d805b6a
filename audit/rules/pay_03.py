"""PAY-03: money to a board member, to somebody in a board member's household, or to a related party.

The declared account settles it. A name alone may be somebody else's, so it is milder: it has to be the same words in
whatever order, or the same last name with the same initial where one of both has initials only.

No decision clears it: whoever decides about money for somebody close can decide again. The repayment of an advance
does, and of that advance alone: at most what was claimed, under a claim that somebody else approved beforehand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Any
from typing import Final
from typing import NamedTuple

from audit.examples import STRANGER
from audit.examples import ZON
from audit.examples import claim
from audit.examples import decision
from audit.examples import declaration
from audit.examples import instant
from audit.examples import listed
from audit.examples import payment
from audit.examples import world
from audit.naming import LEADING_TITLES
from audit.naming import TITLES
from audit.naming import TRAILING_FORMS
from audit.naming import fold
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.rule import gravest
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.spending import spending
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Expected
    from audit.rule import Severity
    from audit.spending import Payment
    from audit.spending import Row
    from audit.spending import Share
    from audit.wording import Json

WORD: Final = re.compile(r"[^\W_]+")
EITHER: Final = re.compile(r"(?<!\w)(?:e\s*/\s*o|en/of)(?!\w)")
LEFT_OUT: Final = TITLES | LEADING_TITLES | TRAILING_FORMS

CLAIMS_THAT_DO_NOT_HOLD: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("that the payee approved alone", {"approved_by": ("cas",)}),
    ("that nobody approved", {"approved_by": ()}),
    ("that was approved a day later", {"approved_at": instant("2026-03-11")}),
    ("of a cent less", {"amount_minor": 29_999}),
    ("that another payment repaid", {"seq": 9}),
)

ACCOUNT = N_("The account was declared as that of %(relation)s.")
NAME = N_("The name is that of %(relation)s; the account is another one.")


class Related(NamedTuple):
    """Why a share went to somebody who was declared."""

    severity: Severity
    row: Row


class Name(NamedTuple):
    """A name's words as they stand, and the initials among them."""

    words: tuple[str, ...]
    initials: tuple[str, ...]

    def may_be(self, other: Name) -> bool:
        """Return whether two names can be of one person."""
        if sorted(self.words) == sorted(other.words):
            return len(self.words) > 1 or self.initials[0] == other.initials[0]
        return self._shortens(other) or other._shortens(self)

    def _shortens(self, other: Name) -> bool:
        """Return whether this is the other's last name with an initial in place of the first name."""
        given = [word for word in other.words if word not in self.words]
        if not (given and self.initials):
            return False
        first = given[0] if other.words[-1] in self.words else given[-1]  # "Casimir Dauwhoek", "Dauwhoek, Casimir"
        same = set(self.words) <= set(other.words) or self.words[-1] == other.words[-1]
        return same and first[0] == self.initials[0]


class Declared:
    """The declarations, looked up by account and by name."""

    __slots__ = ("_by_iban", "_by_word", "_named")

    def __init__(self, context: Context) -> None:
        self._by_iban: dict[str, Row] = {}
        self._by_word: dict[str, list[tuple[Name, Row]]] = {}
        self._named: dict[str | None, Row | None] = {}
        for row in sorted(rows_of(context.declarations), key=_in_order):
            if row["iban"]:
                self._by_iban.setdefault(row["iban"], row)
            for name in _names(row["name"]):
                for word in dict.fromkeys(name.words):
                    self._by_word.setdefault(word, []).append((name, row))

    def find(self, iban: str | None, name: str | None) -> Related | None:
        """Return whose account or name it is."""
        row = self._by_iban.get(iban or "")
        if row is not None:
            return Related("critical", row)
        if name not in self._named:  # a name comes back more often than it is declared
            self._named[name] = self._find(name)
        row = self._named[name]
        return Related("medium", row) if row is not None else None

    def _find(self, name: str | None) -> Row | None:
        """Return a declaration of whom a name can be."""
        pairs = ((one, pair) for one in _names(name) for word in one.words for pair in self._by_word.get(word, ()))
        return next((row for one, (other, row) in pairs if one.may_be(other)), None)


def _in_order(row: Row) -> tuple[str, ...]:
    """Order declarations by all that a hit can say of them, so that the frame's order says nothing."""
    return tuple(row[name] or "" for name in ("id", "iban", "relation", "person", "name"))


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every payment of which a share went to somebody who was declared."""
    declared = Declared(context)
    claims: dict[int, list[Row]] = {}
    for row in rows_of(context.claims):
        claims.setdefault(row["payment"], []).append(row)
    for paid in spending(context):
        found = [
            (share, close)
            for share in paid.shares
            if (close := declared.find(share.party.iban, share.party.name))
            and not _repays(claims.get(paid.seq, ()), paid, close, parameters["people"])
        ]
        if found:
            yield _hit(paid, found)


def _repays(claims: Iterable[Row], paid: Payment, close: Related, people: int) -> bool:
    """Return whether a payment repays advances, and no more, that somebody else approved beforehand.

    Args:
        claims: Those that the payment repaid.
        people: How many people agree on money, of whom the one who claims is one.
    """
    approved = [
        row
        for row in claims
        if len({*row["approved_by"]} - {close.row["person"]}) >= max(people - 1, 1)
        and recorded_day(row["approved_at"]) <= paid.booked_on
    ]
    return paid.amount_minor <= sum(int(row["amount_minor"]) for row in approved)


def _hit(paid: Payment, found: list[tuple[Share, Related]]) -> Hit:
    reasons = [
        reason(ACCOUNT if related.severity == "critical" else NAME, relation=related.row["relation"])
        for _, related in found
    ]
    evidence: dict[str, Json] = {
        "amount_minor": sum(share.amount_minor for share, _ in found),
        "currency": paid.currency,
        "booked_on": paid.booked_on.isoformat(),
        "declarations": list(dict.fromkeys(related.row["id"] for _, related in found)),
        "reasons": as_json(dict.fromkeys(reasons)),
    }
    return Hit("PAY-03", (paid.seq,), gravest(*(related.severity for _, related in found)), evidence)


def _names(text: str | None) -> Iterator[Name]:
    """Yield the names in a text: two where an account is in the name of either; none of less than two words."""
    for one in EITHER.split(fold(text or "")):
        words = [word for word in WORD.findall(one) if word not in LEFT_OUT]
        letters, longer = [word for word in words if len(word) == 1], [word for word in words if len(word) > 1]
        if longer and len(words) > 1:
            yield Name(tuple(longer), tuple(letters))


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    cas = declaration("cas", STRANGER, name="Casimir Dauwhoek")
    paid = payment(name="C. Dauwhoek", iban=STRANGER)
    listed_cas = listed("cas", name="C. Dauwhoek", iban=STRANGER, kind="person")
    batch = ({"amount_minor": -10_000, "iban": STRANGER}, {"amount_minor": -20_000, "iban": ZON})
    critical: Expected = (((10,), "critical"),)
    medium: Expected = (((10,), "medium"),)

    def named(name: str, declared: str = "Casimir Dauwhoek") -> Context:
        return world(payment(name=name), declarations=[declaration("cas", STRANGER, name=declared)])

    return (
        Example("a declared account", world(paid, declarations=[cas]), critical),
        Example("a declared account, whatever its name", world({**paid, "name": None}, declarations=[cas]), critical),
        Example("another account and another name", world(payment(), declarations=[cas])),
        Example("the same name", named("Casimir Dauwhoek"), medium),
        Example("with a title and in capitals", named("DHR CASIMIR DAUWHOEK"), medium),
        Example("initials", named("C.Q. Dauwhoek"), medium),
        Example("initials behind the name", named("Dauwhoek C"), medium),
        Example("other initials", named("Q. Dauwhoek")),
        Example("another first name with the same initial", named("Cornelia Dauwhoek")),
        Example("a last name alone", named("Dauwhoek")),
        Example("the same words in another order", named("Dauwhoek, Casimir"), medium),
        Example("declared in another order", named("Casimir van den Dauwhoek", "Dauwhoek van den Casimir"), medium),
        Example("initials, declared in another order", named("C. Dauwhoek", "Dauwhoek, Casimir"), medium),
        Example("an initial between the same words", named("Casimir Q. Dauwhoek"), medium),
        Example("some of the same words", named("Casimir Maanzaad")),
        Example("one of two holders", named("O Maanzaad e/o C Dauwhoek"), medium),
        Example("a related organisation", named("Stichting Klaver", "Stichting Klaver"), medium),
        Example("an account declared without a name", world(payment(), declarations=[declaration(None, STRANGER)])),
        Example(
            "a decision that others took",
            world(paid, register=[listed_cas], decisions=[decision(payee="cas")], declarations=[cas]),
            critical,
        ),
        Example(
            "below the limit, approved by others",
            world({**paid, "amount_minor": -5_000}, register=[listed_cas], declarations=[cas]),
            critical,
        ),
        Example("the repayment of an advance", world(paid, declarations=[cas], claims=[claim()])),
        Example(
            "of an advance, by name",
            world({**paid, "iban": ZON}, declarations=[cas], claims=[claim(approved_by=("ann", "bob"))]),
        ),
        Example(
            "of two advances together",
            world(paid, declarations=[cas], claims=[claim(amount_minor=10_000), claim(amount_minor=20_000)]),
        ),
        *(
            Example(f"an advance {title}", world(paid, declarations=[cas], claims=[claim(**changes)]), critical)
            for title, changes in CLAIMS_THAT_DO_NOT_HOLD
        ),
        Example("a part of a batch", world(payment(iban=None, parts=batch), declarations=[cas]), critical),
        Example("money received", world({**paid, "amount_minor": 30_000}, declarations=[cas])),
    )


RULE = Rule(
    id="PAY-03",
    version="2",
    status="active",
    kind="policy",
    severities=("medium", "critical"),
    severity_note=N_("Critical where the account was declared, medium where only the name is the same."),
    title=N_("Paid to somebody close to the board"),
    why=N_("Nobody should decide about money that goes to themselves or to somebody close to them."),
    how=N_(
        "Board members say beforehand which accounts are theirs, and which belong to their household. "
        "This rule finds payments to those accounts and names. "
        "Only the repayment of an advance is left out, where somebody else approved that advance beforehand."
    ),
    example=N_("€480 goes to the account of a board member, and nobody else agreed on it."),
    false_positives=N_("Often a board member paid for something and gets it back, or somebody has the same name."),
    references=("RULES PAY-03",),
    parameters=(
        Parameter(
            "people", N_("How many people agree on an advance, the one who asks for it among them"), "count", 2, 1
        ),
    ),
    personal=True,
    check=rule,
    examples=examples,
)
