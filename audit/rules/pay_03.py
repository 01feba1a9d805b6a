"""PAY-03: money to a board member, to somebody in a board member's household, or to a related party.

The declared account settles it. A name alone may be somebody else's, so it is milder: it has to be the same
words, or the same last name with the same initial where one of both has initials only. A reimbursement
that was agreed on beforehand is left alone where a decision covers it that somebody else approved.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from audit.covering import judged
from audit.examples import STRANGER
from audit.examples import ZON
from audit.examples import day
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
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.covering import Judged
    from audit.frames import Context
    from audit.rule import Expected
    from audit.rule import Severity
    from audit.spending import Payment
    from audit.spending import Row
    from audit.wording import Json

WORD: Final = re.compile(r"[^\W_]+")
EITHER: Final = re.compile(r"(?<!\w)(?:e\s*/\s*o|en/of)(?!\w)")
LEFT_OUT: Final = TITLES | LEADING_TITLES | TRAILING_FORMS

ACCOUNT = N_("The account was declared as that of %(relation)s.")
NAME = N_("The name is that of %(relation)s; the account is another one.")


class Related(NamedTuple):
    """Why a share went to somebody who was declared."""

    severity: Severity
    row: Row


class Name(NamedTuple):
    """A person's name: its last word, what stands before it, and whether those are initials."""

    last: str
    first: tuple[str, ...]

    def may_be(self, other: Name) -> bool:
        """Tell whether two names can be of one person."""
        if self == other:
            return True
        if not (self.first and other.first) or self.last != other.last:
            return False
        initials = all(len(word) == 1 for word in self.first) or all(len(word) == 1 for word in other.first)
        return initials and self.first[0][0] == other.first[0][0]


class Declared:
    """The declarations, looked up by account and by name."""

    __slots__ = ("_by_iban", "_by_last")

    def __init__(self, context: Context) -> None:
        self._by_iban: dict[str, Row] = {}
        self._by_last: dict[str, list[tuple[Name, Row]]] = {}
        for row in sorted(rows_of(context.declarations), key=_in_order):
            if row["iban"]:
                self._by_iban.setdefault(row["iban"], row)
            for name in _names(row["name"]):
                self._by_last.setdefault(name.last, []).append((name, row))

    def find(self, iban: str | None, name: str | None) -> Related | None:
        """Return whose account or name it is."""
        row = self._by_iban.get(iban or "")
        if row is not None:
            return Related("critical", row)
        named = (row for one in _names(name) for other, row in self._by_last.get(one.last, ()) if one.may_be(other))
        row = next(named, None)
        return Related("medium", row) if row is not None else None


def _in_order(row: Row) -> tuple[str, ...]:
    """Order declarations by all that a hit can say of them, so that the frame's order says nothing."""
    return tuple(row[name] or "" for name in ("id", "iban", "relation", "person", "name"))


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every payment of which a share went to somebody who was declared."""
    declared, agreements = Declared(context), Agreements(context, parameters["people"])
    for paid, shares in agreements.payments:
        looked = [(share, declared.find(share.share.party.iban, share.share.party.name)) for share in shares]
        found = [(share, close) for share, close in looked if close and not agreements.hold(paid, share, close)]
        if found:
            yield _hit(paid, found)


class Agreements:
    """The decisions by which somebody is paid back."""

    __slots__ = ("_by_id", "_by_payee", "_context", "_people", "_register", "payments")

    def __init__(self, context: Context, people: int) -> None:
        book, self.payments = judged(context, people)
        self._context, self._people, self._register = context, people, book.register
        self._by_id: dict[str, Row] = {}
        self._by_payee: dict[str, list[Row]] = {}
        for row in rows_of(context.decisions):
            self._by_id[row["id"]] = row
            self._by_payee.setdefault(row["payee"] or "", []).append(row)

    def hold(self, paid: Payment, share: Judged, close: Related) -> bool:
        """Tell whether others than the payee agreed beforehand to pay a share to somebody close."""
        if share.needed:
            rows = [self._by_id[each] for each in share.covered_by] if share.named else []
        else:
            payees = self._register.payees(share.share)
            mine = (row for payee in payees for row in self._by_payee.get(payee, ()))
            rows = [row for row in mine if _in_force(self._context, row, paid, share)]
        return any(self._by_others(row, close) for row in rows)

    def _by_others(self, row: Row, close: Related) -> bool:
        """Tell whether as many people as agreed took a decision, and the payee was not among them."""
        deciders = {*row["approved_by"], row["proposed_by"]}
        return len(deciders) >= self._people and close.row["person"] not in deciders


def _in_force(context: Context, row: Row, paid: Payment, share: Judged) -> bool:
    """Tell whether a decision would cover a payment that needs none, so that it used nothing up."""
    on = paid.booked_on
    if row["recorded_at"] is None or not row["starts"].date() <= on <= row["ends"].date():
        return False
    claimed = row["basis"] == "opening" and on < context.opened_on
    since = row["decided_on"].date() if claimed else recorded_day(row["recorded_at"])
    withdrawn = row["withdrawn_at"] is not None and recorded_day(row["withdrawn_at"]) < on
    return since <= on and not withdrawn and share.share.amount_minor <= row["ceiling_minor"]


def _hit(paid: Payment, found: list[tuple[Judged, Related]]) -> Hit:
    reasons = [
        reason(ACCOUNT if related.severity == "critical" else NAME, relation=related.row["relation"])
        for _, related in found
    ]
    evidence: dict[str, Json] = {
        "amount_minor": sum(share.share.amount_minor for share, _ in found),
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
            yield Name(longer[-1], tuple(letters or longer[:-1]))


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    cas = declaration("cas", STRANGER, name="Casimir Dauwhoek")
    paid = payment(name="C. Dauwhoek", iban=STRANGER)
    small = {**paid, "amount_minor": -5_000}
    listed_cas = listed("cas", name="C. Dauwhoek", iban=STRANGER, kind="person")
    agreed = decision(payee="cas")
    own = {**agreed, "approved_by": ("ann", "cas")}
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
        Example("one of two holders", named("O Maanzaad e/o C Dauwhoek"), medium),
        Example("a related organisation", named("Stichting Klaver", "Stichting Klaver"), medium),
        Example("an account declared without a name", world(payment(), declarations=[declaration(None, STRANGER)])),
        Example(
            "a reimbursement that others agreed on",
            world(paid, register=[listed_cas], decisions=[agreed], declarations=[cas]),
        ),
        Example(
            "a reimbursement that the payee agreed on",
            world(paid, register=[listed_cas], decisions=[own], declarations=[cas]),
            critical,
        ),
        Example(
            "by name, a reimbursement that the payee agreed on",
            world(
                {**paid, "iban": ZON},
                register=[{**listed_cas, "iban": ZON}],
                decisions=[own],
                declarations=[cas],
            ),
            medium,
        ),
        Example(
            "more than was agreed on",
            world(paid, register=[listed_cas], decisions=[{**agreed, "ceiling_minor": 29_999}], declarations=[cas]),
            critical,
        ),
        Example(
            "small expenses name nobody",
            world(paid, register=[listed_cas], decisions=[{**agreed, "payee": None}], declarations=[cas]),
            critical,
        ),
        Example(
            "below the limit, approved, not agreed on",
            world(small, register=[listed_cas], declarations=[cas]),
            critical,
        ),
        Example(
            "below the limit, agreed on by others",
            world(small, register=[listed_cas], decisions=[agreed], declarations=[cas]),
        ),
        *(
            Example(
                title,
                world(small, register=[listed_cas], decisions=[{**agreed, **changes}], declarations=[cas]),
                critical,
            )
            for title, changes in (
                ("below the limit, never approved", {"recorded_at": None, "approved_by": ()}),
                ("below the limit, agreed on later", {"recorded_at": instant("2026-03-11")}),
                ("below the limit, withdrawn before", {"withdrawn_at": instant("2026-03-09")}),
                ("below the limit, for a later period", {"starts": day("2026-03-11")}),
                ("below the limit, for less", {"ceiling_minor": 4_999}),
                ("below the limit, agreed on by one person", {"approved_by": ("ann",)}),
            )
        ),
        Example(
            "below the limit, from before Buurtkas, by what was claimed at opening",
            world(
                {**small, "booked_on": day("2025-12-31")},
                register=[{**listed_cas, "basis": "opening", "starts": day("2025-01-01")}],
                decisions=[
                    {**agreed, "basis": "opening", "decided_on": day("2025-12-31"), "starts": day("2025-12-01")}
                ],
                declarations=[cas],
            ),
        ),
        Example("a part of a batch", world(payment(iban=None, parts=batch), declarations=[cas]), critical),
        Example("money received", world({**paid, "amount_minor": 30_000}, declarations=[cas])),
    )


RULE = Rule(
    id="PAY-03",
    version="1",
    status="active",
    kind="policy",
    severities=("medium", "critical"),
    severity_note=N_("Critical where the account was declared, medium where only the name is the same."),
    title=N_("Paid to somebody close to the board"),
    why=N_("Nobody should decide about money that goes to themselves or to somebody close to them."),
    how=N_(
        "Board members say beforehand which accounts are theirs, and which belong to their household. "
        "This rule finds payments to those accounts and names. "
        "A reimbursement that others agreed on beforehand is left out."
    ),
    example=N_("€480 goes to the account of a board member, and nobody else agreed on it."),
    false_positives=N_("Often a board member paid for something and gets it back, or somebody has the same name."),
    references=("RULES PAY-03",),
    parameters=(Parameter("people", N_("How many people approve a payee or a decision"), "count", 2, 1),),
    personal=True,
    check=rule,
    examples=examples,
)
