"""The setup file of the fictional district, as TOML text.

It holds the opening state only: what is proposed and approved under way is in events.
Source: DESIGN.md, "Setup file".
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING
from typing import TypeAlias

from dashboards.demo import district
from dashboards.demo.approvals import DECIDED_ON
from dashboards.demo.chance import fictional_iban
from dashboards.demo.chance import fictional_kvk
from dashboards.demo.payees import PAYEES
from dashboards.demo.people import HOUSEHOLDS
from dashboards.demo.people import PEOPLE
from dashboards.demo.people import signatories
from dashboards.demo.people import treasurer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from dashboards.demo.approvals import Approvals

Value: TypeAlias = "str | dt.date | tuple[str, ...] | Mapping[str, str]"
_STATEMENT_EVERY_DAYS = "35"
_REGISTERED = ("foundation", "intermediary")
"""Kinds with a number at the chamber of commerce; residents and the district have none of their own here."""


def setup_text(needed: Iterable[Approvals]) -> str:
    """Return the setup file.

    Args:
        needed: What registers and decisions must hold; what comes up later is left out.
    """
    opening = tuple(item for item in needed if not item.later)
    tables = (*_district(), *_people(), *_money(), *_payees(opening), *_decisions(opening), *_declared())
    return "\n".join(tables)


def euros(minor: int) -> str:
    """Return hundredths as the setup file writes amounts: ``1234.50``."""
    return f"{minor // 100}.{minor % 100:02d}"


def _value(value: Value) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"{{ {', '.join(f'{key} = {_value(item)}' for key, item in value.items())} }}"


def _table(heading: str, **values: Value | None) -> str:
    lines = (f"{key} = {_value(value)}" for key, value in values.items() if value is not None)
    return "\n".join((heading, *lines, ""))


def _district() -> Iterator[str]:
    yield _table("[district]", name=district.NAME, origin=district.ORIGIN, clock="simulated")


def _people() -> Iterator[str]:
    for person in PEOPLE:
        yield _table("[[person]]", email=person.email, name=person.name)
    for person in PEOPLE:
        yield _table("[[role]]", person=person.email, role=person.role, foundation=person.foundation)


def _money() -> Iterator[str]:
    yield _table(
        "[[round]]",
        slug=district.ROUND,
        neighbourhood=district.NEIGHBOURHOOD,
        amount=euros(district.ROUND_MINOR),
        themes=district.THEMES,
    )
    yield from (_foundation(item) for item in district.FOUNDATIONS)
    yield from (_grant(item) for item in district.GRANTS)
    yield from (_initiative(item) for item in district.INITIATIVES)


def _foundation(item: district.Foundation) -> str:
    return (
        _table(
            "[[foundation]]",
            slug=item.slug,
            name=item.name,
            kind=item.kind,
            kvk=fictional_kvk(item.name) if item.kind in _REGISTERED else None,
            accounts=tuple(account.iban for account in item.accounts),
            mandate=item.mandate,
            approval_limit=euros(district.LIMIT_MINOR),
        )
        + f"statement_every_days = {_STATEMENT_EVERY_DAYS}\n"
    )


def _grant(item: district.Grant) -> str:
    return _table(
        "[[grant]]",
        round=district.ROUND,
        foundation=item.foundation,
        reference=item.reference,
        amount=euros(item.amount_minor),
        starts=district.GRANT_STARTS,
        ends=district.GRANT_ENDS,
    )


def _initiative(item: district.Initiative) -> str:
    return _table(
        "[[initiative]]",
        foundation=item.foundation,
        grants=(item.grant,),
        theme=item.theme,
        slug=item.slug,
        name=item.name,
        promise=item.promise,
        budget={category: euros(whole * 100) for category, whole in item.budget},
    )


def _payees(opening: Iterable[Approvals]) -> Iterator[str]:
    for item in opening:
        payee = PAYEES[item.payee]
        yield _table(
            "[[payee]]",
            foundation=item.foundation,
            name=payee.name,
            ibans=(payee.iban,),
            kvk=payee.kvk,
            kind=payee.kind,
            starts=district.GRANT_STARTS,
            approved_by=signatories(item.foundation),
        )


def _decisions(opening: Iterable[Approvals]) -> Iterator[str]:
    for item in opening:
        if not item.needs_decision:
            continue
        yield _table(
            "[[decision]]",
            foundation=item.foundation,
            payee=PAYEES[item.payee].name,
            ceiling=euros(item.ceiling_minor),
            purpose=item.purpose,
            initiative=item.payments[0].initiative,
            category=item.payments[0].category,
            starts=DECIDED_ON,
            ends=item.ends,
            decided_on=DECIDED_ON,
            proposed_by=treasurer(item.foundation),
            approved_by=signatories(item.foundation)[0],
        )


def _declared() -> Iterator[str]:
    board = ((p.foundation, p.name, "board") for p in PEOPLE if p.role in {"treasurer", "signatory"})
    household = ((foundation, name, "household") for foundation, name in HOUSEHOLDS)
    for foundation, name, relation in (*board, *household):
        iban = fictional_iban(f"private/{name}")
        yield _table("[[declaration]]", foundation=foundation, person=name, relation=relation, ibans=(iban,))
