"""BNK-06: an account has been silent for too long: no statement came by the day that was agreed.

A silence is one hit, however long it lasts: it is about the last statement, or about the account's
declaration where there never was one. Closed accounts and closed foundations may be silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import NamedTuple

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
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Expected
    from audit.spending import Row
    from audit.wording import Json

SILENT = N_("The last statement goes up to %(last_on)s. That is %(days)s days ago; %(agreed)s days were agreed.")
NEVER = N_("The account was declared on %(last_on)s, and no statement ever came. %(agreed)s days were agreed.")


class Last(NamedTuple):
    """The last that was heard of an account; `closing_minor` is missing where no balance was stated."""

    on: dt.date
    seq: int
    closing_minor: int | None


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every account of which no statement came in time."""
    if context.closed_on is not None and context.closed_on <= context.as_of:
        return
    agreed = context.statement_every_days or parameters["days"]
    last = last_statements(context)
    for row in sorted(rows_of(context.accounts), key=lambda row: row["seq"]):
        closed = row["closed_at"] and recorded_day(row["closed_at"]) <= context.as_of
        if row["foundation"] != context.foundation or closed:
            continue
        heard = last.get(row["id"])
        since = heard.on if heard else recorded_day(row["declared_at"])
        days = (context.as_of - since).days
        if days > agreed:
            yield _hit(row, heard, since, days, agreed, parameters["high_after_days"])


def last_statements(context: Context) -> dict[str, Last]:
    """Return each account's last statement, by id of the account."""
    last: dict[str, Last] = {}
    for row in rows_of(context.statements):
        if row["last_on"] is None:
            continue
        found = Last(row["last_on"].date(), row["seq"], row["closing_minor"])
        if row["account"] not in last or found[:2] > last[row["account"]][:2]:
            last[row["account"]] = found
    return last


def _hit(row: Row, heard: Last | None, since: dt.date, days: int, agreed: int, high_after: int) -> Hit:  # noqa: PLR0917 - one silence, six parts
    last_on = since.isoformat()
    said = reason(SILENT, last_on=last_on, days=days, agreed=agreed) if heard else None
    evidence: dict[str, Json] = {
        "account": row["id"],
        "statement": heard.seq if heard else None,
        "last_on": last_on,
        "closing_minor": heard.closing_minor if heard else None,
        "reasons": as_json([said or reason(NEVER, last_on=last_on, agreed=agreed)]),
    }
    subject = heard.seq if heard else row["seq"]
    return Hit("BNK-06", (subject,), "high" if days > high_after else "medium", evidence)


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    main = account("main", ZON)
    january = statement(5, 0, 1_000)
    unstated = statement(6, None, None, opening_date=None, closing_date=None, last_on=day("2026-02-20"))
    silent: Expected = (((5,), "medium"),)
    return (
        Example("35 days", world(statements=[january], accounts=[main], as_of=day("2026-03-07"))),
        Example("36 days", world(statements=[january], accounts=[main], as_of=day("2026-03-08")), silent),
        Example("60 days", world(statements=[january], accounts=[main], as_of=day("2026-04-01")), silent),
        Example("61 days", world(statements=[january], accounts=[main], as_of=day("2026-04-02")), (((5,), "high"),)),
        Example(
            "a foundation that promised one every week",
            world(statements=[january], accounts=[main], as_of=day("2026-02-08"), statement_every_days=7),
            silent,
        ),
        Example(
            "a foundation that promised one a quarter",
            world(statements=[january], accounts=[main], statement_every_days=92),
        ),
        Example("never a statement, 35 days", world(accounts=[main], as_of=day("2026-02-05"))),
        Example("never a statement, 36 days", world(accounts=[main], as_of=day("2026-02-06")), (((2,), "medium"),)),
        Example(
            "a statement without days counts up to its last line",
            world(statements=[january, unstated], accounts=[main], as_of=day("2026-03-27")),
        ),
        Example(
            "the last statement counts, in whatever order they were booked",
            world(statements=[{**unstated, "seq": 4}, january], accounts=[main], as_of=day("2026-03-28")),
            (((4,), "medium"),),
        ),
        Example(
            "a statement that says no day at all",
            world(statements=[{**unstated, "last_on": None}], accounts=[main], as_of=day("2026-02-05")),
        ),
        Example(
            "a closed account",
            world(statements=[january], accounts=[{**main, "closed_at": instant("2026-03-31")}]),
        ),
        Example(
            "an account that is closed only later",
            world(statements=[january], accounts=[{**main, "closed_at": instant("2026-04-01")}]),
            silent,
        ),
        Example("another foundation's account", world(accounts=[{**main, "foundation": "eik"}])),
        Example("a closed foundation", world(accounts=[main], closed_on=day("2026-03-31"))),
        Example("one that closes later", world(accounts=[main], closed_on=day("2026-04-01")), (((2,), "high"),)),
    )


RULE = Rule(
    id="BNK-06",
    version="1",
    status="active",
    kind="policy",
    severities=("medium", "high"),
    severity_note=N_("Medium, and high when it lasts longer than 60 days."),
    title=N_("No bank statement came for too long"),
    why=N_("Nobody can see what happens on an account while no statement comes. Silence is a sign too."),
    how=N_(
        "Each foundation agrees how often it brings its bank statement. "
        "This rule finds accounts of which no statement came in that time. "
        "Accounts that are closed are left out."
    ),
    example=N_("A foundation agrees on every 35 days. The last statement goes up to 31 January. It is 10 March now."),
    false_positives=N_("Often the treasurer is on holiday or ill, or the account is not used any more."),
    references=("RULES BNK-06",),
    parameters=(
        Parameter("days", N_("Days without a statement, where nothing else was agreed"), "days", 35, 1),
        Parameter("high_after_days", N_("High after this many days"), "days", 60, 1),
    ),
    personal=False,
    reach=None,
    check=rule,
    examples=examples,
)
