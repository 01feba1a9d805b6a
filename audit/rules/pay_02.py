"""PAY-02: money to a payee that looks private, or of whom nobody can tell.

A payee whom the register had approved on that day is allowed, and so is a payment that a
decision covers which names the payee, such as a reimbursement, and cash that a decision covers which leaves the
payee out. An account that somebody declared is left to PAY-03, which says whose it is: one finding for one fact.

Source: RULES "Private person or organisation", first decisive answer wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

from audit.classify import Classification
from audit.classify import classify
from audit.classify import names_of
from audit.covering import judged
from audit.examples import STRANGER
from audit.examples import ZON
from audit.examples import decision
from audit.examples import declaration
from audit.examples import listed
from audit.examples import payment
from audit.examples import world
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.rule import gravest
from audit.spending import CHARGE_PARAMETERS
from audit.spending import charges_of
from audit.spending import rows_of
from audit.wording import N_
from audit.wording import as_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.covering import Judged
    from audit.frames import Context
    from audit.rule import Severity
    from audit.spending import Payment
    from audit.wording import Json

SEVERITY: dict[str, Severity] = {"person": "high", "unknown": "low"}


class Looked(NamedTuple):
    """A share that went to a person or to nobody knows whom."""

    judged: Judged
    classified: Classification


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every payment of which a share went to a person or an unknown payee."""
    relations = {row["iban"]: row["relation"] for row in _by_relation(context) if row["iban"]}
    _, payments = judged(context, parameters["people"], charges_of(parameters))
    for paid, shares in payments:
        looked = [
            Looked(share, _classified(context, share, relations))
            for share in shares
            if not share.named and not (share.small and share.share.party.booking == "cash")
        ]
        found = [item for item in looked if item.classified.verdict in SEVERITY]
        if found:
            yield _hit(paid, found)


def _by_relation(context: Context) -> list[dict[str, str]]:
    """Return declarations in an order that does not depend on the frame's."""
    return sorted(rows_of(context.declarations), key=lambda row: (row["iban"] or "", row["relation"]))


def _classified(context: Context, share: Judged, relations: dict[str, str]) -> Classification:
    return classify(
        share.share.party,
        register_kind=share.approved.kind if share.approved else None,
        declared=relations.get(share.share.party.iban or ""),
        name_check=context.name_check,
        structure=names_of(context),
        processors=context.processors,
    )


def _hit(payment: Payment, found: list[Looked]) -> Hit:
    evidence: dict[str, Json] = {
        "amount_minor": sum(item.judged.share.amount_minor for item in found),
        "currency": payment.currency,
        "booked_on": payment.booked_on.isoformat(),
        "shares": [
            {
                "part": item.judged.share.part,
                "amount_minor": item.judged.share.amount_minor,
                "verdict": item.classified.verdict,
                "points": item.classified.points,
                "reasons": as_json(item.classified.reasons),
            }
            for item in found
        ],
        "reasons": as_json(dict.fromkeys(why for item in found for why in item.classified.reasons)),
    }
    severity = gravest(*(SEVERITY[item.classified.verdict] for item in found))
    return Hit("PAY-02", (payment.seq,), severity, evidence)


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    person = payment(name="Mevr. Q. Dauwhoek", iban=STRANGER)
    plain = payment(name="Ottoline Maanzaad", iban=STRANGER)
    volunteer = listed("ottoline", name="Ottoline Maanzaad", iban=STRANGER, kind="person")
    collected: dict[str, object] = {"creditor_id": "NL12ZZZ123456780000", "mandate": "M-1"}
    cash = payment(name=None, iban=None, type_code="GM")
    proposed = {**volunteer, "approved_at": None, "approved_by": ()}
    batch = (
        {"amount_minor": -10_000, "name": "Dhr. Dauwhoek", "iban": STRANGER},
        {"amount_minor": -20_000, "iban": ZON},
    )
    return (
        Example("a title and initials", world(person), (((10,), "high"),)),
        Example("initials alone reach three points", world(payment(name="Q.R. Maanzaad")), (((10,), "high"),)),
        Example("a full name says nothing", world(plain), (((10,), "low"),)),
        Example("a legal form", world(payment(name="Stichting Klaver", iban=STRANGER))),
        Example("a trade reaches minus three points", world(payment(name="Drukkerij Inktvlek", iban=STRANGER))),
        Example("a branch number alone does not", world(payment(name="Inktvlek 2041")), (((10,), "low"),)),
        Example("approved on that day, whatever it is", world(plain, register=[volunteer])),
        Example(
            "proposed only",
            world({**person, "name": "Dhr. Maanzaad"}, register=[proposed]),
            (((10,), "high"),),
        ),
        Example(
            "a decision for a reimbursement names the payee",
            world(person, register=[proposed], decisions=[decision(payee="ottoline")]),
        ),
        Example(
            "a decision for less than was paid",
            world(person, register=[proposed], decisions=[decision(payee="ottoline", ceiling_minor=29_999)]),
            (((10,), "high"),),
        ),
        Example(
            "small expenses name nobody",
            world(person, decisions=[decision(payee=None)]),
            (((10,), "high"),),
        ),
        Example(
            "a declared account is for PAY-03, whatever its name",
            world(person, declarations=[declaration("cas", STRANGER)]),
        ),
        Example(
            "a direct debit under a creditor number with a chamber of commerce number",
            world({**payment(name="Q. Dauwhoek", type_code="PMNT-RDDT-ESDD"), **collected}),
        ),
        Example(
            "such a number typed into a transfer",
            world({**payment(name="Q. Dauwhoek", iban=STRANGER), **collected}),
            (((10,), "high"),),
        ),
        Example(
            "a shop behind a firm that passes payments on, by the bank's code for iDEAL",
            world(payment(name="Drukkerij Inktvlek via Mollie", iban=STRANGER, type_code="ID")),
        ),
        Example(
            "such a name typed to a stranger's account",
            world(payment(name="Drukkerij Inktvlek via Mollie", iban=STRANGER)),
            (((10,), "low"),),
        ),
        Example(
            "a person's name is no less one with such a firm in it",
            world(payment(name="Q. Dauwhoek via Mollie", iban=STRANGER)),
            (((10,), "high"),),
        ),
        Example("a card line", world(payment(name="Q. Dauwhoek", iban=None, type_code="BA"))),
        Example("cash", world(cash), (((10,), "low"),)),
        Example("cash that two people decided on", world(cash, decisions=[decision(payee=None)])),
        Example(
            "a person among the parts of a batch",
            world(payment(name=None, iban=None, parts=batch), register=[listed()]),
            (((10,), "high"),),
        ),
        Example("a batch without details", world(payment(iban=None, type_code="VZ")), (((10,), "low"),)),
        Example("the bank's charges", world(payment(amount_minor=-5_000, name="Kosten", iban=None, type_code="DV"))),
        Example(
            "a charge above what passes as one",
            world(payment(amount_minor=-5_001, name="Kosten", iban=None, type_code="DV")),
            (((10,), "low"),),
        ),
        Example("a transfer to a declared account", world({**person, "counter": "account:savings"})),
        Example("money received", world({**person, "amount_minor": 100})),
    )


RULE = Rule(
    id="PAY-02",
    version="3",
    status="active",
    kind="policy",
    severities=("low", "high"),
    severity_note=N_("High where the payee looks private, low where nobody can tell."),
    title=N_("Paid to what looks like a private account"),
    why=N_("Money on a private account can no longer be followed."),
    how=N_(
        "Neighbourhood money goes to shops and organisations. "
        "This rule finds payments to an account that looks private, or of which it is not clear whose it is. "
        "It looks at titles, initials, legal forms and trades only. "
        "It has no list of names: a name says nothing about where somebody comes from."
    ),
    example=N_("A foundation pays €480 to a person, and there is no decision to pay that person back."),
    false_positives=N_("Often a volunteer paid for something and gets it back, or the payee works under an own name."),
    references=("RULES PAY-02", "RULES Private person or organisation"),
    parameters=(
        Parameter("people", N_("How many people approve a payee or a decision"), "count", 2, 1),
        *CHARGE_PARAMETERS,
    ),
    personal=True,
    check=rule,
    examples=examples,
)
