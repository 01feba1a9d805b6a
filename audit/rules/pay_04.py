"""PAY-04: a known payee is paid on a new account that had not been approved before.

A payee is known by its name, without the legal form behind it, or by its chamber of commerce number,
from the day on which one of its accounts was approved until two years after that was revoked. Evidence
shows an account's beginning and end only: enough to tell two accounts apart, too little to pay to.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import TYPE_CHECKING
from typing import Final
from typing import NamedTuple

from audit.examples import STRANGER
from audit.examples import ZON
from audit.examples import day
from audit.examples import instant
from audit.examples import listed
from audit.examples import payment
from audit.examples import world
from audit.naming import is_processor
from audit.naming import shop_beside
from audit.naming import without_form
from audit.naming import words_of
from audit.payees import SHORTEST_NAME
from audit.payees import register_of
from audit.processors import passes_on
from audit.rule import Example
from audit.rule import Hit
from audit.rule import Parameter
from audit.rule import Parameters
from audit.rule import Rule
from audit.sharing import once
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.spending import spending
from audit.wording import N_
from audit.wording import as_json
from audit.wording import reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.rule import Expected
    from audit.spending import Payment
    from audit.spending import Row
    from audit.spending import Share
    from audit.wording import Json

CREDITOR: Final = re.compile(r"NL\d{2}ZZZ(\d{8})0000")
BEGIN, END = 8, 4
"""How many signs of an account evidence shows: country, check digits and bank, and the last ones."""

NEW_ACCOUNT = N_("This payee was known with account %(old)s. Now %(new)s was paid, which nobody had approved.")

Key = tuple[str, ...]


class Known(NamedTuple):
    """An account under which a payee is known, and the days on which it is."""

    payee: str
    iban: str
    from_on: dt.date
    to_on: dt.date


def rule(context: Context, parameters: Parameters) -> Iterator[Hit]:
    """Yield a hit for every payment of which a share went to a known payee's new account."""
    register, known = register_of(context), _known(context, dt.timedelta(days=parameters["days"]))
    for paid in spending(context):
        found: dict[Share, list[Known]] = {}
        for share in paid.shares:
            accounts = _accounts(known, share, paid.booked_on, context)
            if accounts and register.approved(share, paid.booked_on, parameters["people"]) is None:
                found[share] = accounts
        if found:
            yield _hit(paid, found)


def _known(context: Context, stays: dt.timedelta) -> dict[Key, list[Known]]:
    """Return the accounts of payees that were approved, by name and by chamber of commerce number."""
    known: dict[Key, list[Known]] = {}
    for row in rows_of(context.register):
        if row["iban"] and row["approved_at"] and not is_processor(row["name"]):
            for key in _keys(row["name"], row["kvk"], _name_key):
                known.setdefault(key, []).append(_known_account(row, stays, context.opened_on))
    return {key: sorted(accounts) for key, accounts in known.items()}


def _known_account(row: Row, stays: dt.timedelta, opened_on: dt.date) -> Known:
    from_on, starts_on = recorded_day(row["approved_at"]), row["starts"].date()
    if row["basis"] == "opening" and starts_on < opened_on:
        from_on = starts_on
    to_on = recorded_day(row["revoked_at"]) + stays if row["revoked_at"] else dt.date.max
    return Known(row["payee"], row["iban"], from_on, to_on)


def _keys(name: str | None, kvk: str | None, name_key: Callable[[str], Key]) -> Iterator[Key]:
    """Yield what a payee is known by."""
    words = name_key(name or "")
    if words:
        yield words
    if kvk:
        yield ("kvk", kvk)


@once
def _name_keys(_context: Context) -> Callable[[str], Key]:
    """Return `_name_key` for the names of one context, each looked at once."""
    return functools.cache(_name_key)


def _name_key(name: str) -> Key:
    """Return a name as a payee is known by it; empty where it is too short to tell."""
    words = without_form(shop_beside(words_of(name)))
    return ("name", *words) if sum(map(len, words)) >= SHORTEST_NAME else ()


def _accounts(known: dict[Key, list[Known]], share: Share, day: dt.date, context: Context) -> list[Known]:
    """Return the other accounts of whom a share went to; none where it went to an account that was known."""
    party = share.party
    if not party.iban or passes_on(party.iban, party.name, party.booking, context.processors):
        return []
    creditor = CREDITOR.fullmatch(party.creditor_id or "")
    keys = _keys(party.name, creditor[1] if creditor else None, _name_keys(context))
    found = [one for key in keys for one in known.get(key, ()) if one.from_on <= day <= one.to_on]
    return [] if any(one.iban == party.iban for one in found) else list(dict.fromkeys(found))


def _hit(paid: Payment, found: dict[Share, list[Known]]) -> Hit:
    changes = {
        (_masked(known.iban), _masked(share.party.iban or ""))
        for share, accounts in found.items()
        for known in accounts
    }
    evidence: dict[str, Json] = {
        "amount_minor": sum(share.amount_minor for share in found),
        "currency": paid.currency,
        "booked_on": paid.booked_on.isoformat(),
        "payees": list(dict.fromkeys(known.payee for accounts in found.values() for known in accounts)),
        "reasons": as_json(reason(NEW_ACCOUNT, old=old, new=new) for old, new in sorted(changes)),
    }
    return Hit("PAY-04", (paid.seq,), "high", evidence)


def _masked(iban: str) -> str:
    """Return an IBAN's beginning and end."""
    return f"{iban[:BEGIN]}…{iban[-END:]}"


def examples() -> tuple[Example, ...]:
    """Return what the rule must find and what it must leave alone."""
    zon = listed()
    new = payment(iban=STRANGER)
    high: Expected = (((10,), "high"),)
    revoked = listed(approved_at=instant("2024-03-01"), revoked_at=instant("2024-03-10"))
    by_kvk = payment(name="ZB Verkoop", iban=STRANGER, creditor_id="NL12ZZZ123456780000", mandate="M-1")
    batch = ({"amount_minor": -10_000, "name": "Bouwmarkt Zon", "iban": STRANGER}, {"amount_minor": -1, "iban": ZON})
    return (
        Example("the account that is known", world(payment(), register=[zon])),
        Example("a new account", world(new, register=[zon]), high),
        Example(
            "a new account, the legal form left out", world(new, register=[listed(name="Bouwmarkt Zon B.V.")]), high
        ),
        Example("another name", world(payment(name="Bakkerij Maan", iban=STRANGER), register=[zon])),
        Example("the same chamber of commerce number", world(by_kvk, register=[listed(kvk="12345678")]), high),
        Example("another chamber of commerce number", world(by_kvk, register=[listed(kvk="87654321")])),
        Example("the new account was approved", world(new, register=[zon, listed("zon-2", iban=STRANGER)])),
        Example(
            "the new account was approved a day later",
            world(new, register=[zon, listed("zon-2", iban=STRANGER, approved_at=instant("2026-03-11"))]),
            high,
        ),
        Example(
            "the new account was only proposed",
            world(new, register=[zon, listed("zon-2", iban=STRANGER, approved_at=None, approved_by=())]),
            high,
        ),
        Example("not known yet", world(new, register=[listed(approved_at=instant("2026-03-11"))])),
        Example("proposed, so never known", world(new, register=[listed(approved_at=None, approved_by=())])),
        Example("revoked 730 days ago", world(new, register=[revoked]), high),
        Example("revoked 731 days ago", world({**new, "booked_on": day("2026-03-11")}, register=[revoked])),
        Example(
            "from before Buurtkas, known by what was claimed at opening",
            world(
                {**new, "booked_on": day("2025-12-31")},
                register=[listed(basis="opening", starts=day("2025-12-31"))],
            ),
            high,
        ),
        Example("a part of a batch", world(payment(iban=None, parts=batch), register=[zon]), high),
        Example("a card line names no account", world(payment(iban=None, type_code="BA"), register=[zon])),
        Example(
            "a firm that passes payments on has many accounts",
            world(payment(name="Mollie", iban=STRANGER), register=[listed(name="Mollie")]),
        ),
        Example(
            "a firm that passes payments on, named beside the payee on a stranger's account",
            world(payment(name="Bouwmarkt Zon via Mollie", iban=STRANGER), register=[zon]),
            high,
        ),
        Example(
            "passed on, as the bank's code for iDEAL says",
            world(payment(name="Bouwmarkt Zon via Mollie", iban=STRANGER, type_code="ID"), register=[zon]),
        ),
        Example("money received", world({**new, "amount_minor": 30_000}, register=[zon])),
    )


RULE = Rule(
    id="PAY-04",
    version="2",
    status="active",
    kind="policy",
    severities=("high",),
    severity_note=N_("Always high."),
    title=N_("A known payee was paid on a new account"),
    why=N_("Swindlers send bills in the name of a known shop, with their own account number on it."),
    how=N_(
        "A payee that two people approved is known with its account. "
        "This rule finds payments to the same name, or the same chamber of commerce number, on another account "
        "that nobody had approved. A payee stays known for 24 months after the approval ended."
    ),
    example=N_("A shop is always paid on the same account. Then €600 goes to another account in the shop's name."),
    false_positives=N_("Often the payee changed banks. Call them on a number that you know, not one from the bill."),
    references=("RULES PAY-04",),
    parameters=(
        Parameter("days", N_("Days that a payee stays known after the approval ended"), "days", 730),
        Parameter("people", N_("How many people approve a payee"), "count", 2, 1),
    ),
    personal=False,
    check=rule,
    examples=examples,
)
