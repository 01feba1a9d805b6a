"""Playing the fictional district: its events, one after another, through the ordinary use cases.

Nothing is written past them: uploads go the way of a treasurer's upload, approvals and rulings
that of the desks, each at its own instant of the simulated clock.
"""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING

import sqlalchemy as sa

from audit.load import load_context
from audit.run import run_rules
from dashboards.demo import events
from dashboards.demo.district import FOUNDATIONS
from dashboards.work import cases
from dashboards.work import register
from dashboards.work.alarms import write_alarms
from dashboards.work.allocations import Split
from dashboards.work.allocations import link
from dashboards.work.declaring import Spending
from dashboards.work.declaring import declare_spending
from dashboards.work.ordinary import changing
from dashboards.work.people import person_by_email
from dashboards.work.people import set_password
from dashboards.work.proposals import DecisionProposal
from dashboards.work.proposals import PayeeProposal
from dashboards.work.setup import create_district
from dashboards.work.setup_file import read_setup
from dashboards.work.statements import confirm
from dashboards.work.statements import preview
from importers.reading import read
from ledger import tables
from ledger.commitment import load_openings
from ledger.sealing import seal_days

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence
    from pathlib import Path

    from dashboards.demo.world import World
    from dashboards.work.linking import LineKey
    from importers.statement import Line
    from ledger.installation import Installation

PASSWORD = "merelwoude-laat-zien"  # noqa: S105 - printed for everybody; the demonstration has no secrets


def play(directory: Path, world: World, progress: Callable[[int, int], None] | None = None) -> Installation:
    """Make the demonstration's installation.

    Args:
        progress: Called after each event with how many are done, and how many there are.

    Raises:
        InstallationExists: The directory holds one already.
    """
    installation = create_district(directory, read_setup(world.setup), world.opened_at)
    player = Player(installation)
    for done, event in enumerate(world.events, start=1):
        player.play(event)
        if progress is not None:
            progress(done, len(world.events))
    player.give_passwords()
    installation.signer.sign(installation.engine)
    return installation


class Player:
    """Plays events on one installation; looks up by natural keys what they refer to."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._decisions: dict[str, str] = {}
        with installation.store.reading() as connection:
            self._foundations = _foundations(connection)
            self._initiatives = _ids(connection, tables.initiative)
            line = tables.budget_line
            self._categories = {(row.initiative, row.name): row.category for row in connection.execute(sa.select(line))}

    @singledispatchmethod
    def play(self, event: events.Act) -> None:
        """Play one event."""
        raise NotImplementedError(type(event).__name__)

    @play.register
    def _(self, event: events.ProposePayee) -> None:
        proposal = PayeeProposal(
            name=event.name, ibans=event.ibans, kvk=event.kvk, kind=event.kind, starts=event.starts
        )
        register.propose_payee(
            self._installation, self._person(event.actor), self._foundations[event.foundation], proposal, event.at
        )

    @play.register
    def _(self, event: events.ApprovePayee) -> None:
        payee = self._payee(event.foundation, event.name, "proposed")
        register.approve_payee(self._installation, self._person(event.actor), payee, event.at)

    @play.register
    def _(self, event: events.ProposeDecision) -> None:
        initiative = self._initiatives[event.initiative]
        proposal = DecisionProposal(
            payee=self._payee(event.foundation, event.payee, "approved"),
            ceiling_minor=event.ceiling_minor,
            purpose=event.purpose,
            initiative=initiative,
            category=self._categories[initiative, event.category],
            starts=event.starts,
            ends=event.ends,
            decided_on=event.decided_on,
        )
        self._decisions[event.reference] = register.propose_decision(
            self._installation, self._person(event.actor), self._foundations[event.foundation], proposal, event.at
        )

    @play.register
    def _(self, event: events.ApproveDecision) -> None:
        decision = self._decisions[event.reference]
        register.approve_decision(self._installation, self._person(event.actor), decision, event.at)

    @play.register
    def _(self, event: events.Upload) -> None:
        foundation = self._foundations[event.foundation]
        links = self._links(foundation, event.content, event.links)
        person = self._person(event.actor)
        confirm(self._installation, foundation, event.content, links, by=(person,), now=event.at)

    @play.register
    def _(self, event: events.Link) -> None:
        foundation = self._foundations[event.foundation]
        found = self._booked(foundation, event.links)
        person = self._person(event.actor)
        link(self._installation, foundation, found, by=(person,), now=event.at)

    @play.register
    def _(self, event: events.Declare) -> None:
        initiative = self._initiatives[event.initiative]
        spending = Spending(
            paid_on=event.paid_on,
            amount_minor=event.amount_minor,
            name=event.name,
            text=event.text,
            initiative=initiative,
            category=self._categories[initiative, event.category],
            document=event.document,
        )
        foundation = self._foundations[event.foundation]
        declare_spending(self._installation, self._person(event.actor), foundation, spending, event.at)

    @play.register
    def _(self, event: events.Day) -> None:
        """What `daily` does, but for the full check of all books, which would be made each time anew."""
        if event.foundation is not None:
            run_rules(self._installation, event.at, (self._foundations[event.foundation],))
            return
        run_rules(self._installation, event.at)
        seal_days(self._installation.store, event.at)
        write_alarms(self._installation, event.at)

    @play.register
    def _(self, event: events.TakeUp) -> None:
        for case in self._cases(event.case):
            cases.take_up(self._installation, self._person(event.actor), case, "", event.at)

    @play.register
    def _(self, event: events.AnswerCase) -> None:
        for case in self._cases(event.case):
            cases.answer(self._installation, self._person(event.actor), case, event.text, event.at)

    @play.register
    def _(self, event: events.EscalateCase) -> None:
        for case in self._cases(event.case):
            cases.escalate(self._installation, self._person(event.actor), case, event.reason, event.at)

    @play.register
    def _(self, event: events.RuleOnCase) -> None:
        rule = cases.accept if event.outcome == "accepted" else cases.confirm
        for case in self._cases(event.case):
            rule(self._installation, self._person(event.actor), case, event.reason, event.at)

    @play.register
    def _(self, event: events.CloseCase) -> None:
        for case in self._cases(event.case):
            cases.close(self._installation, self._person(event.actor), case, event.reason, event.at)
            if event.second is not None and self._waits_for_second(case):
                cases.close(self._installation, self._person(event.second), case, event.reason, event.at)

    def give_passwords(self) -> None:
        """Let everybody in with the demonstration's password."""
        with changing(self._installation.engine) as connection:
            for (person,) in connection.execute(sa.select(tables.person.c.id)).all():
                set_password(connection, person, PASSWORD)

    def _person(self, email: str) -> str:
        """Return a person's id."""
        with self._installation.store.reading() as connection:
            person = person_by_email(connection, email)
        if person is None:
            raise LookupError(email)
        return person.id

    def _payee(self, foundation: str, name: str, status: str) -> str:
        """Return the id of a payee by its name."""
        table = tables.payee
        with self._installation.store.reading() as connection:
            query = sa.select(table.c.id).where(
                table.c.foundation == self._foundations[foundation],
                table.c.private_name == name,
                table.c.status == status,
            )
            return str(connection.execute(query).scalar_one())

    def _links(
        self, foundation: str, content: bytes, links: Mapping[str, Sequence[events.Share]]
    ) -> dict[LineKey, tuple[Split, ...]]:
        """Return the links of a file's lines by the keys that its preview gives them."""
        by_place = {
            (line.booked_on, line.amount_minor, line.text, line.name): reference
            for statement in read(content)
            for line in statement.lines
            if (reference := _reference(line, links)) is not None
        }
        shown = preview(self._installation, foundation, content)
        found = {}
        for statement in shown.statements:
            for line in statement.lines:
                reference = by_place.get((line.booked_on, line.amount_minor, line.text, line.name))
                if reference is not None and not line.known:
                    found[line.key] = self._splits(links[reference], line.amount_minor)
        return found

    def _booked(self, foundation: str, links: Mapping[str, Sequence[events.Share]]) -> dict[int, tuple[Split, ...]]:
        """Return the links of lines that are in the book, by their place in it."""
        movement, private = tables.movement, tables.private_value
        query = (
            sa.select(movement.c.seq, movement.c.amount_minor, private.c.body)
            .join(private, private.c.idx == movement.c.idx)
            .where(movement.c.foundation == foundation)
        )
        found = {}
        with self._installation.store.reading() as connection:
            for seq, amount, kept in connection.execute(query):
                refs = load_openings(kept)["refs"].value
                values = refs.values() if isinstance(refs, dict) else ()
                for reference in (str(value) for value in values if value in links):
                    found[seq] = self._splits(links[reference], amount)
        return found

    def _splits(self, shares: Sequence[events.Share], amount: int) -> tuple[Split, ...]:
        """Return shares as splits of a line."""
        return tuple(
            Split(
                self._initiatives[share.initiative],
                self._categories[self._initiatives[share.initiative], share.category],
                amount if share.amount_minor is None else share.amount_minor,
            )
            for share in shares
        )

    def _cases(self, match: events.CaseMatch) -> list[str]:
        """Return the ids of the cases that are meant."""
        foundation = self._foundations[match.foundation]
        with self._installation.store.reading() as connection:
            payments = load_context(connection, foundation).payments
            days = payments["booked_on"].dt.date
            fits = (payments["iban"] == match.iban) & (days >= match.booked_from) & (days <= match.booked_to)
            seqs = set(payments.loc[fits, "seq"].tolist())
            table = tables.flag
            query = sa.select(table.c.private_case, table.c.about).where(table.c.foundation == foundation)
            return sorted({case for case, about in connection.execute(query) if seqs & set(about)})

    def _waits_for_second(self, case: str) -> bool:
        """Tell whether a case is closed by one of the two people that it needs."""
        table = tables.flag
        with self._installation.store.reading() as connection:
            query = sa.select(table.c.id).where(table.c.private_case == case, table.c.status == "closing")
            return connection.execute(query).first() is not None


def _foundations(connection: sa.Connection) -> dict[str, str]:
    """Return ids by the slug in the plans; residents have no slug or name that is shown, so by name."""
    table = tables.foundation
    ids = {row.private_name: row.id for row in connection.execute(sa.select(table.c.id, table.c.private_name))}
    return {item.slug: ids[item.name] for item in FOUNDATIONS if item.name in ids}


def _ids(connection: sa.Connection, table: sa.Table) -> dict[str, str]:
    """Return ids by slug."""
    return {row.slug: row.id for row in connection.execute(sa.select(table.c.slug, table.c.id))}


def _reference(line: Line, links: Mapping[str, object]) -> str | None:
    """Return the reference of a line that is to be linked."""
    return next((ref for ref in (line.bank_reference, line.end_to_end_id) if ref in links), None)
