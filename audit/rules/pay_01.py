"""PAY-01: the payee's account was not in the register, with an approval recorded beforehand.

A decision that leaves the payee out, for small expenses or agreed cash, takes the register's place where it covers all
that a payee got.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.covering import judged
from audit.examples import COLLECTING
from audit.examples import STRANGER
from audit.examples import ZON
from audit.examples import account
from audit.examples import day
from audit.examples import decision
from audit.examples import instant
from audit.examples import listed
from audit.examples import payment
from audit.examples import world
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.spending import CHARGE_PARAMETERS
from audit.spending import charges_of
from audit.wording import N_
from audit.wording import as_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Severity
    from audit.spending import Payment
    from audit.spending import Share
    from audit.wording import Json
    from audit.wording import Reason

Refused = tuple["Share", tuple[tuple[str | None, "Reason"], ...]]


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every payment of which a share went to a payee not approved by that day."""
    people = parameters["people"]
    book, payments = judged(context, people, charges_of(parameters))
    register = book.register
    for paid, shares in payments:
        refused = [
            (each.share, register.refusals(each.share, paid.booked_on, people))
            for each in shares
            if not each.small and each.approved is None
        ]
        if refused:
            yield _hit(paid, refused, parameters["high_from_minor"])


def _hit(payment: Payment, refused: list[Refused], high_from_minor: int) -> Hit:
    amount_minor = sum(share.amount_minor for share, _ in refused)
    evidence: dict[str, Json] = {
        "amount_minor": amount_minor,
        "currency": payment.currency,
        "booked_on": payment.booked_on.isoformat(),
        "register": [
            {"part": share.part, "payee": payee, "reason": as_json([why])[0]}
            for share, refusals in refused
            for payee, why in refusals
        ],
        "reasons": as_json(dict.fromkeys(why for _, refusals in refused for _, why in refusals)),
    }
    severity: Severity = "high" if amount_minor >= high_from_minor else "medium"
    return Hit("PAY-01", (payment.seq,), severity, evidence)


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    zon = listed()
    charge = payment(name=None, iban=None, type_code="PMNT-MDOP-CHRG")
    interest = payment(name=None, iban=None, type_code="ACMT-MDOP-INTR")
    small, each = payment(amount_minor=-5_000, iban=STRANGER), decision(payee=None, ceiling_minor=5_000)
    order = "M012345 0030001234567890 Bouwmarkt Zon bestelling 77"
    batch = ({"amount_minor": -10_000, "iban": ZON}, {"amount_minor": -20_000, "iban": STRANGER})
    return (
        Example("an account that is in no register", world(payment(iban=STRANGER)), (((10,), "high"),)),
        Example("EUR 249.99 is medium", world(payment(amount_minor=-24_999)), (((10,), "medium"),)),
        Example("EUR 250 is high", world(payment(amount_minor=-25_000)), (((10,), "high"),)),
        Example("approved before", world(payment(), register=[zon])),
        Example(
            "approved on the booking day, a minute before midnight in Amsterdam",
            world(payment(), register=[listed(approved_at=instant("2026-03-10T22:59"))]),
        ),
        Example(
            "approved at midnight in Amsterdam, which is the day after",
            world(payment(), register=[listed(approved_at=instant("2026-03-10T23:00"))]),
            (((10,), "high"),),
        ),
        Example(
            "proposed, never approved",
            world(payment(), register=[listed(approved_at=None, approved_by=())]),
            (((10,), "high"),),
        ),
        Example(
            "approved by the proposer alone",
            world(payment(), register=[listed(approved_by=("ann",))]),
            (((10,), "high"),),
        ),
        Example(
            "revoked the day before",
            world(payment(), register=[listed(revoked_at=instant("2026-03-09"))]),
            (((10,), "high"),),
        ),
        Example("revoked on the day itself", world(payment(), register=[listed(revoked_at=instant("2026-03-10"))])),
        Example(
            "counts from a later day",
            world(payment(), register=[listed(starts=day("2026-03-11"))]),
            (((10,), "high"),),
        ),
        Example(
            "from before Buurtkas, claimed at opening",
            world(
                payment(booked_on=day("2025-12-31")),
                register=[listed(basis="opening", starts=day("2025-12-31"), approved_at=instant("2026-01-01"))],
            ),
        ),
        Example(
            "from before Buurtkas, claimed for a later day",
            world(
                payment(booked_on=day("2025-12-31")),
                register=[listed(basis="opening", starts=day("2026-01-01"), approved_at=instant("2026-01-01"))],
            ),
            (((10,), "high"),),
        ),
        Example(
            "from before Buurtkas, approved at a desk afterwards",
            world(payment(booked_on=day("2025-12-31")), register=[listed(starts=day("2025-01-01"))]),
            (((10,), "high"),),
        ),
        Example(
            "the bank's charges, EUR 50 on a line and EUR 100 in a month",
            world(
                payment(9, -5_000, name="Kosten rekening", iban=None, type_code="DV"),
                payment(10, -5_000, name=None, iban=None, type_code="PMNT-MDOP-CHRG"),
            ),
        ),
        Example("a charge of a cent more", world({**charge, "amount_minor": -5_001}), (((10,), "medium"),)),
        Example(
            "the charge with which a month's pass EUR 100, and those of a new month",
            world(
                {**charge, "seq": 8, "amount_minor": -5_000},
                {**charge, "seq": 9, "amount_minor": -4_999},
                {**charge, "amount_minor": -2},
                {**charge, "seq": 11, "amount_minor": -1},
                {**charge, "seq": 12, "amount_minor": -5_000, "booked_on": day("2026-04-01")},
            ),
            (((10,), "medium"),),
        ),
        Example("interest below EUR 10", world({**interest, "amount_minor": -999})),
        Example("interest of EUR 10", world({**interest, "amount_minor": -1_000}), (((10,), "medium"),)),
        Example(
            "words of a charge in a payment without an account",
            world(payment(amount_minor=-4_000, name="Kosten zaal", iban=None, type_code="DEBIT")),
            (((10,), "medium"),),
        ),
        Example("small expenses that two people decided on", world(small, decisions=[each])),
        Example(
            "small expenses, a cent above what was decided",
            world({**small, "amount_minor": -5_001}, decisions=[each]),
            (((10,), "medium"),),
        ),
        Example(
            "agreed cash",
            world({**small, "name": None, "iban": None, "type_code": "GM"}, decisions=[each]),
        ),
        Example(
            "cash that nobody agreed on",
            world({**small, "name": None, "iban": None, "type_code": "GM"}),
            (((10,), "medium"),),
        ),
        Example(
            "a decision that names the payee approves no account",
            world(payment(), register=[listed(approved_at=None, approved_by=())], decisions=[decision()]),
            (((10,), "high"),),
        ),
        Example(
            "a charge's code does not hide an account",
            world(payment(iban=STRANGER, type_code="PMNT-MDOP-CHRG")),
            (((10,), "high"),),
        ),
        Example("a transfer to a declared account", world(payment(iban=STRANGER, counter="account:savings"))),
        Example("money received", world(payment(amount_minor=30_000, iban=STRANGER))),
        Example(
            "a card line of an approved shop, with the number of its branch",
            world(payment(name="BOUWMARKT ZON 0042 NOORD", iban=None, type_code="BA"), register=[zon]),
        ),
        Example(
            "a card line of another shop",
            world(payment(name="Bakkerij Maan", iban=None, type_code="BA"), register=[zon]),
            (((10,), "high"),),
        ),
        Example(
            "a card line of a shop with more words in its name, behind it",
            world(payment(name="Bouwmarkt Zon Casino", iban=None, type_code="BA"), register=[zon]),
            (((10,), "high"),),
        ),
        Example(
            "or before it",
            world(payment(name="Casino Bouwmarkt Zon", iban=None, type_code="BA"), register=[zon]),
            (((10,), "high"),),
        ),
        Example(
            "a shop behind a firm that passes payments on, on an account that is known to be the firm's",
            world(payment(name="Bouwmarkt Zon via Mollie", iban=COLLECTING), register=[zon]),
        ),
        Example(
            "the shop in the text of such a payment",
            world(payment(name="Stichting Mollie Payments", iban=COLLECTING, text=order), register=[zon]),
        ),
        Example(
            "another shop in it",
            world(payment(name="Stichting Mollie Payments", iban=COLLECTING, text="M012 Maan"), register=[zon]),
            (((10,), "high"),),
        ),
        Example(
            "the bank's code for iDEAL, whatever the account",
            world(payment(name="Bouwmarkt Zon via Mollie", iban=STRANGER, type_code="ID"), register=[zon]),
        ),
        Example(
            "such a name typed to a stranger's account",
            world(payment(name="Bouwmarkt Zon via Mollie", iban=STRANGER), register=[zon]),
            (((10,), "high"),),
        ),
        Example(
            "such a text typed to a stranger's account",
            world(payment(name="Mollie", iban=STRANGER, text=order), register=[zon]),
            (((10,), "high"),),
        ),
        Example(
            "a payment request by iDEAL, whose words anybody can write",
            world(payment(name="Tikkie", iban=STRANGER, type_code="ID", text=order), register=[zon]),
            (((10,), "high"),),
        ),
        Example(
            "an approved name without an account, where the bank does not say that it is a card line",
            world(payment(iban=None, counter="payee:zon"), register=[zon]),
            (((10,), "high"),),
        ),
        Example(
            "a firm that passes payments on is never approved itself",
            world(payment(name="Mollie", iban=ZON), register=[listed(name="Mollie")]),
            (((10,), "high"),),
        ),
        Example(
            "one part of a batch, medium for its own amount",
            world(payment(name=None, iban=None, parts=batch), register=[zon]),
            (((10,), "medium"),),
        ),
        Example(
            "a batch to approved payees and a declared account",
            world(payment(name=None, iban=None, parts=batch), register=[zon], accounts=[account("savings", STRANGER)]),
        ),
        Example(
            "a batch without details",
            world(payment(name="Verzamelbetaling", iban=None, type_code="VZ"), register=[zon]),
            (((10,), "high"),),
        ),
    )


RULE = Rule(
    id="PAY-01",
    version="2",
    status="active",
    kind="policy",
    severities=("medium", "high"),
    severity_note=N_("Medium below the limit, high from it."),
    title=N_("Paid to an account that nobody had approved"),
    why=N_("Whoever is approved beforehand was seen by two people. That makes it hard to invent a payee."),
    how=N_(
        "Every payee is approved by two people before the first payment. "
        "This rule finds payments to an account that was not approved on that day. "
        "It looks into the parts of a batch. "
        "A name that somebody typed approves nothing: the account does, or the bank's own word for a card or iDEAL. "
        "Transfers to the foundation's own accounts and the bank's usual costs are left out, "
        "and so are small expenses and cash that two people decided on."
    ),
    example=N_(
        "On 3 March a foundation pays €300 to a shop. "
        "The shop is approved only on 5 March. The payment of 3 March is looked at."
    ),
    false_positives=N_("Often it is a first purchase at a new shop, or a shop that is paid through another company."),
    references=("RULES PAY-01",),
    parameters=(
        Parameter("high_from_minor", N_("High from this amount"), "money", 25_000),
        Parameter("people", N_("How many people approve a payee"), "count", 2, 1),
        *CHARGE_PARAMETERS,
    ),
    personal=False,
    adds_up=True,
    check=rule,
    examples=examples,
)
