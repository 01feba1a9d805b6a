"""BNK-08: one person can empty the account, or only the payer can look in.

What counts is the mandate as the district checked it when the account was declared. A hit is
about that declaration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.examples import ZON
from audit.examples import account
from audit.examples import day
from audit.examples import instant
from audit.examples import statement
from audit.examples import world
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.rules.bnk_06 import last_statements
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Expected
    from audit.rule import Severity
    from audit.spending import Row
    from audit.wording import Json
    from audit.wording import Reason

ALONE = N_("One person can pay from this account alone.")
ONLY_PAYER = N_("Only the person who pays can look into this account.")


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every account that one person can empty, or that nobody else can look into."""
    last = last_statements(context)
    for row in sorted(rows_of(context.accounts), key=lambda row: row["seq"]):
        closed = row["closed_at"] and recorded_day(row["closed_at"]) <= context.as_of
        reasons = list(_reasons(row))
        if row["foundation"] == context.foundation and reasons and not closed:
            heard = last.get(row["id"])
            balance_minor = heard.closing_minor if heard else None
            severity: Severity = "high" if (balance_minor or 0) > parameters["high_above_minor"] else "medium"
            evidence: dict[str, Json] = {
                "account": row["id"],
                "mandate": row["mandate"],
                "declared_on": recorded_day(row["declared_at"]).isoformat(),
                "closing_minor": balance_minor,
                "reasons": as_json(reasons),
            }
            yield Hit("BNK-08", (row["seq"],), severity, evidence)


def _reasons(row: Row) -> Iterator[Reason]:
    if row["mandate"] == "alone":
        yield reason(ALONE)
    if row["viewers"] == 0:
        yield reason(ONLY_PAYER)


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    alone = account("main", ZON, mandate="alone")
    medium: Expected = (((2,), "medium"),)
    rich = statement(5, 0, 1_000_001)
    earlier = statement(4, 0, 9_000_000, opening_date=day("2025-12-01"), closing_date=day("2025-12-31"))
    return (
        Example("two people together", world(accounts=[account("main", ZON)])),
        Example("one person alone", world(accounts=[alone]), medium),
        Example("not known yet", world(accounts=[account("main", ZON, mandate="unknown")])),
        Example("only the payer can look in", world(accounts=[account("main", ZON, viewers=0)]), medium),
        Example("one more can look in", world(accounts=[account("main", ZON, viewers=1)])),
        Example("EUR 10,000 in it", world(accounts=[alone], statements=[statement(5, 0, 1_000_000)]), medium),
        Example("a cent more", world(accounts=[alone], statements=[rich]), (((2,), "high"),)),
        Example(
            "the last balance counts",
            world(accounts=[alone], statements=[statement(5, 0, 1_000_000), earlier]),
            medium,
        ),
        Example("a closed account", world(accounts=[{**alone, "closed_at": instant("2026-03-31")}])),
        Example("another foundation's account", world(accounts=[{**alone, "foundation": "eik"}])),
    )


RULE = Rule(
    id="BNK-08",
    version="2",
    status="active",
    kind="policy",
    severities=("medium", "high"),
    severity_note=N_("Medium, and high where more than €10,000 is in the account."),
    title=N_("One person can empty the account"),
    why=N_("Where two people must sign, and others can look in, money cannot disappear unseen."),
    how=N_(
        "The district checks who can pay from an account, and who can look in. "
        "This rule finds accounts from which one person can pay alone, "
        "and accounts into which only the person who pays can look."
    ),
    example=N_("The bank card and the code of an account are with one person. That person can pay everything alone."),
    false_positives=N_("Often the bank was already asked to change it, and that takes time."),
    references=("RULES BNK-08",),
    parameters=(Parameter("high_above_minor", N_("High above this balance"), "money", 1_000_000),),
    personal=False,
    reach=None,
    check=rule,
    examples=examples,
)
