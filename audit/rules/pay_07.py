"""PAY-07: no prior decision covers the payment, or the approver is the payee."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.covering import APPROVER_IS_PAYEE
from audit.covering import Considered
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
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.spending import CHARGE_PARAMETERS
from audit.spending import charges_of
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.covering import Book
    from audit.covering import Judged
    from audit.frames import Context
    from audit.rule import Expected
    from audit.rule import Severity
    from audit.spending import Payment
    from audit.wording import Json

Lacking = tuple["Judged", tuple[Considered, ...]]


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every payment of which a share is not covered by a decision taken beforehand."""
    book, payments = judged(context, parameters["people"], charges_of(parameters))
    for paid, shares in payments:
        lacking = [(share, _why(book, share)) for share in shares if share.uncovered_minor]
        if lacking:
            yield _hit(paid, lacking, context.approval_limit_minor, parameters["high_from_minor"])


def _why(book: Book, share: Judged) -> tuple[Considered, ...]:
    """Return what was considered; first of all that the payee approved herself."""
    if book.self_approved(share):
        return (Considered(None, reason(APPROVER_IS_PAYEE)), *share.considered)
    return share.considered


def _hit(payment: Payment, lacking: list[Lacking], limit_minor: int, high_from_minor: int) -> Hit:
    amount_minor = sum(share.uncovered_minor for share, _ in lacking)
    evidence: dict[str, Json] = {
        "amount_minor": amount_minor,
        "currency": payment.currency,
        "booked_on": payment.booked_on.isoformat(),
        "limit_minor": limit_minor,
        "decisions": [
            {"part": share.share.part, "decision": identity, "reason": as_json([why])[0]}
            for share, considered in lacking
            for identity, why in considered
        ],
        "reasons": as_json(dict.fromkeys(item.reason for _, considered in lacking for item in considered)),
    }
    severity: Severity = "high" if amount_minor >= high_from_minor else "medium"
    return Hit("PAY-07", (payment.seq,), severity, evidence)


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    zon = [listed()]
    tuin, tuin_back = ("tuin", 1, -30_000), ("tuin", 1, 80_000)
    first, again = payment(10, -80_000), payment(12, -80_000, booked_on=day("2026-03-12"))
    paid_back = payment(11, 80_000, booked_on=day("2026-03-11"))
    gave_back = {**paid_back, "corrects": 10}
    high: Expected = (((10,), "high"),)
    medium: Expected = (((10,), "medium"),)
    batch = ({"amount_minor": -25_000, "iban": ZON}, {"amount_minor": -24_999, "iban": STRANGER})
    return (
        Example("no decision at all", world(payment(), register=zon), high),
        Example("at the limit, to an approved payee", world(payment(amount_minor=-25_000), register=zon)),
        Example("a cent above the limit", world(payment(amount_minor=-25_001), register=zon), high),
        Example("below the limit, to a stranger", world(payment(amount_minor=-24_999)), medium),
        Example("a decision that names the payee", world(payment(), register=zon, decisions=[decision()])),
        Example(
            "exactly the ceiling, together",
            world(payment(), payment(11, -50_000), register=zon, decisions=[decision()]),
        ),
        Example(
            "a cent above the ceiling, together; the later payment lacks it",
            world(payment(), payment(11, -50_001), register=zon, decisions=[decision()]),
            (((11,), "high"),),
        ),
        Example(
            "payments that need none use up nothing",
            world(payment(9, -20_000), payment(10, -80_000), register=zon, decisions=[decision()]),
        ),
        Example("the last day", world(payment(booked_on=day("2026-04-30")), register=zon, decisions=[decision()])),
        Example(
            "the day after", world(payment(booked_on=day("2026-05-01")), register=zon, decisions=[decision()]), high
        ),
        Example(
            "recorded on the booking day",
            world(payment(), register=zon, decisions=[decision(recorded_at=instant("2026-03-10T22:59"))]),
        ),
        Example(
            "recorded the day after, whatever it claims",
            world(payment(), register=zon, decisions=[decision(recorded_at=instant("2026-03-10T23:00"))]),
            high,
        ),
        Example(
            "never approved",
            world(payment(), register=zon, decisions=[decision(recorded_at=None, approved_by=())]),
            high,
        ),
        Example(
            "approved by one person", world(payment(), register=zon, decisions=[decision(approved_by=("ann",))]), high
        ),
        Example(
            "withdrawn the day before",
            world(payment(), register=zon, decisions=[decision(withdrawn_at=instant("2026-03-09"))]),
            high,
        ),
        Example("for another payee", world(payment(), register=zon, decisions=[decision(payee="maan")]), high),
        Example(
            "for the purpose that it was counted for",
            world(payment(allocations=(tuin,)), register=zon, decisions=[decision(initiative="tuin", category=1)]),
        ),
        Example(
            "for another category",
            world(payment(allocations=(tuin,)), register=zon, decisions=[decision(initiative="tuin", category=2)]),
            high,
        ),
        Example(
            "two purposes, of which one is covered",
            world(
                payment(allocations=(("tuin", 1, -10_000), ("feest", 1, -20_000))),
                register=zon,
                decisions=[decision(initiative="tuin")],
            ),
            medium,
        ),
        Example(
            "small expenses, each within the ceiling",
            world(payment(amount_minor=-5_000), decisions=[decision(payee=None, ceiling_minor=5_000)]),
        ),
        Example(
            "small expenses, a cent above the ceiling",
            world(payment(amount_minor=-5_001), decisions=[decision(payee=None, ceiling_minor=5_000)]),
            medium,
        ),
        Example(
            "small expenses, a new month begins anew",
            world(
                payment(9, -5_000),
                payment(10, -5_000),
                payment(11, -5_000, booked_on=day("2026-04-01")),
                decisions=[decision(payee=None, ceiling_minor=5_000, month_ceiling_minor=9_999)],
            ),
            medium,
        ),
        Example(
            "the approver of the decision is the payee",
            world(payment(), register=zon, decisions=[decision()], declarations=[declaration("bob", ZON)]),
            high,
        ),
        Example(
            "below the limit, but the payee approved herself",
            world(payment(amount_minor=-24_999), register=zon, declarations=[declaration("bob", ZON)]),
            medium,
        ),
        Example(
            "from before Buurtkas, decided beforehand by what was claimed at opening",
            world(
                payment(booked_on=day("2025-12-01")),
                register=zon,
                decisions=[decision(basis="opening", decided_on=day("2025-12-01"), starts=day("2025-12-01"))],
            ),
        ),
        Example(
            "from before Buurtkas, decided afterwards",
            world(
                payment(booked_on=day("2025-12-01")),
                register=zon,
                decisions=[decision(basis="opening", decided_on=day("2025-12-02"), starts=day("2025-12-01"))],
            ),
            high,
        ),
        Example("a batch, of which one part is a stranger's", world(payment(parts=batch), register=zon), medium),
        Example("a batch without details", world(payment(iban=None, type_code="VZ"), register=zon), high),
        Example("the bank's charges", world(payment(amount_minor=-5_000, name="Kosten", iban=None, type_code="DV"))),
        Example(
            "a charge above what passes as one",
            world(payment(amount_minor=-5_001, name="Kosten", iban=None, type_code="DV")),
            medium,
        ),
        Example(
            "what the bank gave back can be paid again",
            world(first, gave_back, again, register=zon, decisions=[decision()]),
        ),
        Example(
            "not before it came back",
            world(first, {**gave_back, "booked_on": day("2026-03-13")}, again, register=zon, decisions=[decision()]),
            (((12,), "high"),),
        ),
        Example(
            "what the payee paid back, and was taken off from spending",
            world(first, {**paid_back, "allocations": (tuin_back,)}, again, register=zon, decisions=[decision()]),
        ),
        Example(
            "what the payee paid, and was taken off from nothing",
            world(first, paid_back, again, register=zon, decisions=[decision()]),
            (((12,), "high"),),
        ),
        Example(
            "a cent less came back",
            world(
                first,
                {**paid_back, "amount_minor": 79_999, "allocations": (tuin_back,)},
                again,
                register=zon,
                decisions=[decision()],
            ),
            (((12,), "high"),),
        ),
        Example(
            "what came back from somebody else",
            world(
                first,
                {**paid_back, "iban": STRANGER, "allocations": (tuin_back,)},
                again,
                register=zon,
                decisions=[decision()],
            ),
            (((12,), "high"),),
        ),
        Example(
            "small expenses that came back count no more for their month",
            world(
                payment(9, -5_000, iban=STRANGER),
                payment(10, 5_000, iban=STRANGER, corrects=9),
                payment(11, -5_000, iban=STRANGER),
                decisions=[decision(payee=None, ceiling_minor=5_000, month_ceiling_minor=5_000)],
            ),
        ),
        Example(
            "a new account of the payee, approved since",
            world(payment(iban=STRANGER), register=[*zon, listed("zon-2", iban=STRANGER)], decisions=[decision()]),
        ),
        Example(
            "a new account of the payee that nobody approved",
            world(
                payment(iban=STRANGER),
                register=[*zon, listed("zon-2", iban=STRANGER, approved_at=None, approved_by=())],
                decisions=[decision()],
            ),
            high,
        ),
        Example(
            "another payee of the same name, by its number at the chamber of commerce",
            world(
                payment(iban=STRANGER),
                register=[listed(kvk="12345678"), listed("zon-2", iban=STRANGER, kvk="87654321")],
                decisions=[decision()],
            ),
            high,
        ),
        Example(
            "both accounts use up the same decision",
            world(
                first,
                payment(12, -30_000, iban=STRANGER),
                register=[*zon, listed("zon-2", iban=STRANGER)],
                decisions=[decision()],
            ),
            (((12,), "high"),),
        ),
        Example(
            "of two decisions alike the earlier entry is used up first",
            world(
                payment(9),
                payment(10, -60_000),
                register=zon,
                decisions=[
                    decision("a", entry=2, ceiling_minor=60_000),
                    decision("b", entry=1, ceiling_minor=30_000),
                ],
            ),
        ),
        Example("a transfer to a declared account", world(payment(counter="account:savings"))),
        Example("money received", world(payment(amount_minor=90_000))),
    )


RULE = Rule(
    id="PAY-07",
    version="2",
    status="active",
    kind="policy",
    severities=("medium", "high"),
    severity_note=N_("Medium below the limit, high from it."),
    title=N_("Paid without a decision beforehand"),
    why=N_("Deciding together beforehand is what the neighbourhood agreed on."),
    how=N_(
        "Above a limit, two people decide before a payment: to whom, for what, and how much at most. "
        "This rule finds payments that no such decision covers, and payments to somebody who approved the payment. "
        "A decision for small expenses names nobody, but has a ceiling for each payment and each month. "
        "Money that came back can be paid again, and a payee's new account that was approved keeps its decisions."
    ),
    example=N_("There is a decision of at most €800 for tools. €950 is paid. The decision does not cover it."),
    false_positives=N_("Often the decision was made, but written down too late."),
    references=("RULES PAY-07",),
    parameters=(
        Parameter("high_from_minor", N_("High from this amount"), "money", 25_000),
        Parameter("people", N_("How many people decide"), "count", 2, 1),
        *CHARGE_PARAMETERS,
    ),
    personal=False,
    adds_up=True,
    check=rule,
    examples=examples,
)
