"""The register: payees and prior decisions, each proposed by one person and approved by another.

Who may do it is read inside the transaction that writes, before anything is written, so that a
role that ended a moment ago no longer counts. Names and purposes are committed; the name of an
organisation becomes public when it is approved, also on payments made to it before. Persons and
sole traders stay hidden, and so does the purpose of every decision.

Source: RULES.md PAY-01, PAY-07; DESIGN "What is public".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards import errors
from dashboards.work.people import people_of
from dashboards.work.people import person_by_id
from dashboards.work.people import roles_of
from dashboards.work.proposals import ORGANISATION
from dashboards.work.proposals import bare_name
from dashboards.work.proposals import check_decision
from dashboards.work.proposals import decision_fields
from dashboards.work.proposals import payee_values
from dashboards.work.proposals import plain_text
from ledger import tables
from ledger.commitment import load_openings
from ledger.entry import foundation_book
from ledger.entry import new_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from dashboards.work.proposals import DecisionProposal
    from dashboards.work.proposals import PayeeProposal
    from ledger.canonical import Json
    from ledger.installation import Installation

TWO = 2
PAIRS_IN_ONE_ENTRY = 1000


def propose_payee(
    installation: Installation, person: str, foundation: str, proposal: PayeeProposal, now: dt.datetime
) -> str:
    """Propose a payee and return its new id.

    Raises:
        NotAllowed: The person is neither treasurer nor signatory of the foundation.
        FieldRefused: A name, IBAN, KvK number or kind is wrong, or an IBAN is in the register already.
    """
    store = installation.store
    with store.writing(now) as appender:
        _require_role(appender.connection, person, foundation)
        private = _payee_values(appender.connection, foundation, proposal)
        payee = new_id()
        public: dict[str, Json] = {"payee": payee, "starts": proposal.starts.isoformat(), "basis": "desk"}
        appender.append(store.draft(foundation_book(foundation), "payee proposed", public, private, (person,)))
    return payee


def approve_payee(installation: Installation, person: str, payee: str, now: dt.datetime) -> str:
    """Approve a payee as the second person, show an organisation's name, and return the payee's id.

    Raises:
        Missing: There is no such payee.
        NotAllowed: The person has no role in the payee's foundation.
        Settled: The payee is no longer waiting.
        OwnProposal: The person proposed it.
        OwnPayment: The payee is the person.
        TwoNeeded: The foundation has not two people with a role.
    """
    store = installation.store
    with store.writing(now) as appender:
        row = _row(appender.connection, tables.payee, payee)
        _require_second(appender.connection, person, row)
        _refuse_own(appender.connection, person, row)
        book = foundation_book(row.foundation)
        public: dict[str, Json] = {"payee": payee, "basis": "desk"}
        appender.append(store.draft(book, "payee approved", public, by=(person,)))
        pairs = _pairs_to_show(appender.connection, row) if row.private_kind == ORGANISATION else []
        for start in range(0, len(pairs), PAIRS_IN_ONE_ENTRY):
            shown: Json = [[seq, field] for seq, field in pairs[start : start + PAIRS_IN_ONE_ENTRY]]
            appender.append(store.draft(book, "disclosed", {"pairs": shown}, by=(person,)))
    return payee


def revoke_payee(installation: Installation, person: str, payee: str, reason: str, now: dt.datetime) -> str:
    """Take a payee out of the register, proposed or approved, and return its id.

    What was public about earlier payments stays so: they were made to an approved organisation.

    Raises:
        Missing: There is no such payee.
        NotAllowed: The person has no role in the payee's foundation.
        Settled: The payee was revoked before.
        ReasonRefused: There is no reason.
    """
    store = installation.store
    with store.writing(now) as appender:
        row = _row(appender.connection, tables.payee, payee)
        _require_role(appender.connection, person, row.foundation)
        _require_status(row, ("proposed", "approved"))
        private: dict[str, Json] = {"reason": plain_text(reason, errors.ReasonRefused)}
        book = foundation_book(row.foundation)
        appender.append(store.draft(book, "payee revoked", {"payee": payee}, private, (person,)))
    return payee


def propose_decision(
    installation: Installation, person: str, foundation: str, proposal: DecisionProposal, now: dt.datetime
) -> str:
    """Propose a decision and return its new id.

    Raises:
        NotAllowed: The person is neither treasurer nor signatory of the foundation.
        FieldRefused: A field is wrong; one class per field.
    """
    store = installation.store
    with store.writing(now) as appender:
        connection = appender.connection
        _require_role(connection, person, foundation)
        _check_decision(connection, foundation, proposal, now)
        decision = new_id()
        public = decision_fields(decision, proposal, _currency(connection, foundation))
        private: dict[str, Json] = {
            "payee": proposal.payee,
            "purpose": plain_text(proposal.purpose, errors.PurposeRefused),
        }
        appender.append(store.draft(foundation_book(foundation), "decision proposed", public, private, (person,)))
    return decision


def approve_decision(installation: Installation, person: str, decision: str, now: dt.datetime) -> str:
    """Approve a decision as the second person and return its id.

    Whom it is for becomes public where that is an approved organisation; a person never does.

    Raises:
        Missing: There is no such decision.
        NotAllowed: The person has no role in the decision's foundation.
        Settled: The decision is no longer waiting.
        OwnProposal: The person proposed it.
        OwnPayment: The money would go to the person.
        TwoNeeded: The foundation has not two people with a role.
    """
    store = installation.store
    with store.writing(now) as appender:
        row = _row(appender.connection, tables.decision, decision)
        _require_second(appender.connection, person, row)
        if row.private_payee is not None:
            _refuse_own(appender.connection, person, _row(appender.connection, tables.payee, row.private_payee))
        public: dict[str, Json] = {"decision": decision, "basis": "desk"}
        book = foundation_book(row.foundation)
        appender.append(store.draft(book, "decision approved", public, by=(person,)))
        if _is_organisation(appender.connection, row.private_payee):
            pairs: list[Json] = [[_seq(appender.connection, row.idx), "payee"]]
            appender.append(store.draft(book, "disclosed", {"pairs": pairs}, by=(person,)))
    return decision


def withdraw_decision(installation: Installation, person: str, decision: str, reason: str, now: dt.datetime) -> str:
    """Withdraw a decision, proposed or approved, for payments booked from now on; return its id.

    Raises:
        Missing: There is no such decision.
        NotAllowed: The person has no role in the decision's foundation.
        Settled: The decision was withdrawn before.
        ReasonRefused: There is no reason.
    """
    store = installation.store
    with store.writing(now) as appender:
        row = _row(appender.connection, tables.decision, decision)
        _require_role(appender.connection, person, row.foundation)
        _require_status(row, ("proposed", "approved"))
        private: dict[str, Json] = {"reason": plain_text(reason, errors.ReasonRefused)}
        book = foundation_book(row.foundation)
        appender.append(store.draft(book, "decision withdrawn", {"decision": decision}, private, (person,)))
    return decision


def _row(connection: sa.Connection, table: sa.Table, id_: str) -> sa.Row[tuple[object, ...]]:
    """Return a payee's or decision's row."""
    row = connection.execute(sa.select(table).where(table.c.id == id_)).first()
    if row is None:
        raise errors.Missing
    return row


def _is_organisation(connection: sa.Connection, payee: str | None) -> bool:
    """Tell whether a payee is one whose name is public: an approved organisation."""
    table = tables.payee
    query = sa.select(table.c.id).where(table.c.id == payee, table.c.kind == "organisation")
    return connection.execute(query).first() is not None


def _seq(connection: sa.Connection, idx: int) -> int:
    """Return the place of an entry in its book."""
    return int(connection.execute(sa.select(tables.entry.c.seq).where(tables.entry.c.idx == idx)).scalar_one())


def _require_role(connection: sa.Connection, person: str, foundation: str) -> None:
    """Refuse whoever is neither treasurer nor signatory of the foundation now."""
    if foundation not in roles_of(connection, person).foundations:
        raise errors.NotAllowed


def _require_second(connection: sa.Connection, person: str, row: sa.Row[tuple[object, ...]]) -> None:
    """Refuse whoever cannot be the second person of a proposal."""
    foundation = str(row.foundation)
    _require_role(connection, person, foundation)
    _require_status(row, ("proposed",))
    if row.proposed_by == person:
        raise errors.OwnProposal
    if len(people_of(connection, foundation)) < TWO:
        raise errors.TwoNeeded


def _require_status(row: sa.Row[tuple[object, ...]], allowed: tuple[str, ...]) -> None:
    """Refuse to change what is settled."""
    if row.status not in allowed:
        raise errors.Settled


def _refuse_own(connection: sa.Connection, person: str, payee: sa.Row[tuple[object, ...]]) -> None:
    """Refuse an approver who is the payee: by name, or by an account declared in that name."""
    known = person_by_id(connection, person)
    own = bare_name(known.name) if known else ""
    accounts = _declared_accounts(connection, str(payee.foundation), own)
    if own and (bare_name(_words(payee.private_name)) == own or accounts & set(_list(payee.private_ibans))):
        raise errors.OwnPayment


def _declared_accounts(connection: sa.Connection, foundation: str, bare: str) -> set[str]:
    """Return the accounts that the foundation's declarations name for somebody."""
    table = tables.declaration
    query = sa.select(table.c.private_person, table.c.private_ibans).where(table.c.foundation == foundation)
    rows = connection.execute(query).all()
    return {account for name, ibans in rows if bare_name(name) == bare for account in _list(ibans)}


def _payee_values(connection: sa.Connection, foundation: str, proposal: PayeeProposal) -> dict[str, Json]:
    """Return a proposal's private values, checked."""
    values = payee_values(proposal)
    if set(_list(values["ibans"])) & set(_registered(connection, foundation)):
        raise errors.IbanKnown
    return values


def _registered(connection: sa.Connection, foundation: str) -> Iterator[str]:
    """Yield the IBANs that are in the foundation's register or wait to be."""
    table = tables.payee
    query = sa.select(table.c.private_ibans).where(table.c.foundation == foundation, table.c.status != "revoked")
    for ibans in connection.execute(query).scalars():
        yield from _list(ibans)


def _pairs_to_show(connection: sa.Connection, payee: sa.Row[tuple[object, ...]]) -> list[tuple[int, str]]:
    """Return what becomes public when an organisation is approved."""
    entry = tables.entry
    proposal = connection.execute(sa.select(entry.c.seq).where(entry.c.idx == payee.idx)).scalar_one()
    own = [(proposal, field) for field in ("name", "kvk", "kind")]
    names = {seq for iban in _list(payee.private_ibans) for seq in _paid_before(connection, payee, iban)}
    return own + [(seq, "name") for seq in sorted(names)]


def _paid_before(connection: sa.Connection, payee: sa.Row[tuple[object, ...]], iban: str) -> Iterator[int]:
    """Yield the lines with an IBAN and the payee's name whose name is not shown yet.

    A line with that IBAN under another name stays hidden: the name may be a person's.
    """
    movement, private = tables.movement, tables.private_value
    query = (
        sa.select(movement.c.seq, private.c.body)
        .join(private, private.c.idx == movement.c.idx)
        .where(movement.c.foundation == payee.foundation, movement.c.name.is_(None), private.c.body.contains(iban))
    )
    wanted = bare_name(_words(payee.private_name))
    for seq, body in connection.execute(query):
        values = {field: opening.value for field, opening in load_openings(body).items()}
        if values.get("iban") == iban and bare_name(_words(values.get("name"))) == wanted:
            yield seq


def _check_decision(connection: sa.Connection, foundation: str, proposal: DecisionProposal, now: dt.datetime) -> None:
    """Refuse a proposal that cannot be meant."""
    if proposal.payee is not None and not _in_register(connection, foundation, proposal.payee):
        raise errors.PayeeRefused
    check_decision(proposal, now)
    _check_target(connection, foundation, proposal)


def _in_register(connection: sa.Connection, foundation: str, payee: str) -> bool:
    """Tell whether a payee stands in the foundation's register or waits for approval."""
    table = tables.payee
    match = (table.c.id == payee, table.c.foundation == foundation, table.c.status != "revoked")
    return connection.execute(sa.select(table.c.id).where(*match)).first() is not None


def _check_target(connection: sa.Connection, foundation: str, proposal: DecisionProposal) -> None:
    """Refuse an initiative that the foundation does not pay, and a category that its budget lacks."""
    initiative, category = proposal.initiative, proposal.category
    if initiative is None:
        if category is not None:
            raise errors.TargetRefused
        return
    if not _pays(connection, foundation, initiative):
        raise errors.TargetRefused
    line = tables.budget_line
    query = sa.select(line.c.category).where(line.c.initiative == initiative, line.c.category == category)
    if category is not None and connection.execute(query).first() is None:
        raise errors.TargetRefused


def _pays(connection: sa.Connection, foundation: str, initiative: str) -> bool:
    """Tell whether a foundation pays an initiative that is still open."""
    payer, opened = tables.initiative_payer, tables.initiative
    query = sa.select(payer.c.initiative).join(opened, opened.c.id == payer.c.initiative)
    match = (payer.c.initiative == initiative, payer.c.foundation == foundation, opened.c.closed_at.is_(None))
    return connection.execute(query.where(*match)).first() is not None


def _currency(connection: sa.Connection, foundation: str) -> str:
    """Return the currency that a foundation keeps its book in."""
    table = tables.foundation
    return str(connection.execute(sa.select(table.c.currency).where(table.c.id == foundation)).scalar_one())


def _words(value: object) -> str | None:
    """Return a private value that is text."""
    return value if isinstance(value, str) else None


def _list(value: object) -> list[str]:
    """Return a private value that is a list of texts; empty after an erasure."""
    return [str(item) for item in value] if isinstance(value, list) else []
