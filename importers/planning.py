"""What booking a file would do, worked out without writing anything.

A plan says for every statement which account and foundation it belongs to, which of its
lines are new, what each counterparty is in the register, and what does not fit. The preview
shows the plan; confirming carries the same plan out.

Invariants: a line that was booked before is never new; two equal lines within one file are
two payments; a file that touches another foundation's account is refused whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import overload
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from importers.continuing import as_stated
from importers.continuing import continuity
from importers.continuing import last_before
from importers.continuing import says_nothing_new
from importers.continuing import stated_before
from importers.errors import AccountClosed
from importers.errors import AccountUnknown
from importers.errors import AccountUnstated
from importers.errors import OtherCurrency
from importers.errors import OtherFoundation
from importers.matching import Names
from importers.progress import Step
from importers.progress import nothing
from importers.reconcile import all_problems
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from collections.abc import Mapping

    from importers.progress import Progress
    from importers.statement import Line
    from importers.statement import Problem
    from importers.statement import Statement
    from ledger.installation import Installation

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CHUNK = 500
IDENTITY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Account:
    """A declared account, as booking needs it."""

    id: str
    foundation: str
    currency: str


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line of a file.

    Attributes:
        identity: The HMAC under which it is known again (64 hex digits).
        known: It was booked before.
        twin: Another line of the file looks the same.
        counter: "payee:<id>", "account:<id>" or None.
    """

    line: Line
    identity: str
    known: bool
    twin: bool
    counter: str | None


@dataclass(frozen=True, slots=True)
class PlannedLines(Sequence[PlannedLine]):
    """The planned lines of a statement: its lines, and beside them what was worked out, packed.

    Attributes:
        identities: 32 bytes for each line.
        known: One byte for each line, 1 where it was booked before.
        twins: One byte for each line, 1 where another line looks the same.
        counters: "payee:<id>", "account:<id>" or None.
    """

    lines: Sequence[Line]
    identities: bytes
    known: bytes
    twins: bytes
    counters: tuple[str | None, ...]

    @property
    def new(self) -> int:
        """Return how many would be booked."""
        return self.known.count(0)

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[PlannedLine]:
        return map(self._planned, range(len(self)), self.lines)

    @overload
    def __getitem__(self, place: int) -> PlannedLine: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PlannedLine]: ...
    def __getitem__(self, place: int | slice) -> PlannedLine | Sequence[PlannedLine]:
        if isinstance(place, slice):
            return tuple(self)[place]
        return self._planned(range(len(self))[place], self.lines[place])

    def _planned(self, place: int, line: Line) -> PlannedLine:
        identity = self.identities[place * IDENTITY_BYTES : (place + 1) * IDENTITY_BYTES].hex()
        return PlannedLine(line, identity, bool(self.known[place]), bool(self.twins[place]), self.counters[place])


@dataclass(frozen=True, slots=True)
class PlannedStatement:
    """One statement of a file.

    Attributes:
        place: Among the statements of the file, in the order of their days, from 0.
        nothing_new: The book holds all its lines, and balances of its days or later.
        problems: What does not fit; booking asks for a reason to accept it.
    """

    place: int
    statement: Statement
    account: Account
    lines: PlannedLines
    problems: tuple[Problem, ...]
    nothing_new: bool

    @property
    def new(self) -> tuple[PlannedLine, ...]:
        """Return the lines that would be booked."""
        return tuple(line for line in self.lines if not line.known)


@dataclass(frozen=True, slots=True)
class Plan:
    """What booking a file would do.

    Attributes:
        lengths: How long each foundation's book was when the plan was made.
    """

    statements: tuple[PlannedStatement, ...]
    lengths: Mapping[str, int]


def make_plan(
    installation: Installation,
    statements: Sequence[Statement],
    foundation: str | None,
    connection: sa.Connection,
    *,
    progress: Progress = nothing,
) -> Plan:
    """Work out what booking statements would do.

    Args:
        foundation: The id of the only foundation whose accounts may be touched; None for any.

    Raises:
        AccountUnstated: A statement names no account.
        AccountUnknown: An account is not declared.
        AccountClosed: A statement goes on after its account was closed.
        OtherFoundation: An account belongs to another foundation.
        OtherCurrency: The account is kept in another currency.
    """
    whole = sum(len(statement.lines) for statement in statements)
    progress(Step.PLAN, 0, whole)
    ordered = sorted(statements, key=_begins)
    accounts, names = _accounts(connection, ordered, foundation)
    lines = _plan_lines(installation, connection, ordered, accounts, names)
    past = {account.id: stated_before(connection, account.id) for account in dict.fromkeys(accounts)}
    earlier = {account: list(booked) for account, booked in past.items()}
    planned = []
    for place, (statement, account, own) in enumerate(zip(ordered, accounts, lines, strict=True)):
        nothing_new = says_nothing_new(statement, own, past[account.id])
        problems = all_problems(statement)
        if not nothing_new:
            problems += continuity(connection, account, statement, own, last_before(earlier[account.id], statement))
        planned.append(PlannedStatement(place, statement, account, own, problems, nothing_new))
        earlier[account.id].extend(as_stated(statement))
    progress(Step.PLAN, whole, whole)
    books = {account.foundation for account in accounts}
    return Plan(tuple(planned), {book: _length(connection, book) for book in books})


def _begins(statement: Statement) -> tuple[str, str]:
    """Return a key that puts statements of one account in the order of their days."""
    days = [line.booked_on for line in statement.lines]
    first = statement.opening.date if statement.opening else min(days, default=None)
    last = statement.closing.date if statement.closing else max(days, default=None)
    return (str(last or first or ""), str(first or ""))


def _accounts(
    connection: sa.Connection, statements: Sequence[Statement], foundation: str | None
) -> tuple[list[Account], dict[Account, Names]]:
    """Return the declared account of each statement, and what tells the lines of each account apart."""
    found: dict[str, _Declared] = {}
    names: dict[Account, Names] = defaultdict(Names)
    for statement in statements:
        if statement.account is None:
            raise AccountUnstated
        if statement.account not in found:
            found[statement.account] = _declared(connection, statement.account)
        _check_account(found[statement.account], statement, foundation)
        names[found[statement.account].account].add(statement.lines)
    return [found[str(statement.account)].account for statement in statements], names


class _Declared(NamedTuple):
    """A declared account and the day on which it was closed."""

    account: Account
    closed_on: dt.date | None


def _declared(connection: sa.Connection, number: str) -> _Declared:
    """Return the account of that number; of several the one that is open, else the one closed last."""
    account, owner = tables.account, tables.foundation
    query = (
        sa.select(account.c.id, account.c.foundation, account.c.closed_at, owner.c.currency)
        .join(owner, owner.c.id == account.c.foundation)
        .where(account.c.private_iban == number)
        .order_by(account.c.closed_at.is_(None).desc(), account.c.closed_at.desc())
    )
    row = connection.execute(query).first()
    if row is None:
        raise AccountUnknown(number)
    closed_on = row.closed_at.astimezone(AMSTERDAM).date() if row.closed_at else None
    return _Declared(Account(row.id, row.foundation, row.currency), closed_on)


def _check_account(declared: _Declared, statement: Statement, foundation: str | None) -> None:
    """Refuse a statement of another foundation, of days after the account was closed, or in another currency."""
    number, account = str(statement.account), declared.account
    if foundation is not None and account.foundation != foundation:
        raise OtherFoundation(number)
    if declared.closed_on is not None and any(line.booked_on > declared.closed_on for line in statement.lines):
        raise AccountClosed(number)
    for currency in (statement.currency, *(line.currency for line in statement.lines)):
        if currency is not None and currency != account.currency:
            raise OtherCurrency(currency, account.currency)


def _plan_lines(
    installation: Installation,
    connection: sa.Connection,
    statements: Sequence[Statement],
    accounts: Sequence[Account],
    names: Mapping[Account, Names],
) -> list[PlannedLines]:
    """Work out for every line whether it is known and what its counterparty is."""
    registers = {account: _Register(connection, account.foundation) for account in names}
    empty = {account for account in names if _has_no_lines(connection, account.id)}
    planned = []
    for statement, account in zip(statements, accounts, strict=True):
        lines, own = statement.lines, names[account]
        keyed = [installation.keyed("line", account.id, own.identity(line).hex()) for line in lines]
        known = bytes(len(keyed)) if account in empty else _known(connection, account.id, keyed)
        counters = tuple(map(registers[account].counter, lines))
        twins = bytes(map(own.has_twin, lines))
        planned.append(PlannedLines(lines, bytes.fromhex("".join(keyed)), known, twins, counters))
    return planned


def _has_no_lines(connection: sa.Connection, account: str) -> bool:
    """Tell whether no line of an account was booked yet."""
    table = tables.line_identity
    return connection.execute(sa.select(table.c.idx).where(table.c.account == account).limit(1)).first() is None


def _known(connection: sa.Connection, account: str, keyed: Sequence[str]) -> bytes:
    """Return for each identity whether it is booked already: 1 or 0."""
    table = tables.line_identity
    found: set[str] = set()
    for start in range(0, len(keyed), CHUNK):
        part = keyed[start : start + CHUNK]
        query = sa.select(table.c.identity).where(table.c.account == account, table.c.identity.in_(part))
        found.update(connection.execute(query).scalars())
    return bytes(identity in found for identity in keyed)


class _Register:
    """What counterparties are known as: approved payees of a foundation, and declared accounts."""

    def __init__(self, connection: sa.Connection, foundation: str) -> None:
        payee, account = tables.payee, tables.account
        columns = (payee.c.id, payee.c.private_ibans, payee.c.private_name, payee.c.kind)
        approved = sa.select(*columns).where(payee.c.foundation == foundation, payee.c.status == "approved")
        rows = connection.execute(approved).all()
        declared = sa.select(account.c.id, account.c.private_iban).where(account.c.closed_at.is_(None))
        self._ibans = {iban: f"payee:{row.id}" for row in rows for iban in row.private_ibans or ()}
        self._ibans.update({row.private_iban: f"account:{row.id}" for row in connection.execute(declared)})
        self._shops = {
            _plain(row.private_name): f"payee:{row.id}"
            for row in rows
            if row.kind == "organisation" and row.private_name
        }

    def counter(self, line: Line) -> str | None:
        """Return what a line's counterparty is known as.

        A card payment has no IBAN: there the merchant's name says which organisation it is.
        """
        if line.iban:
            return self._ibans.get(line.iban)
        return self._shops.get(_plain(line.name)) if line.name and not line.parts else None


def _plain(name: str) -> str:
    """Return a name without case and spaces."""
    return "".join(name.split()).casefold()


def _length(connection: sa.Connection, foundation: str) -> int:
    """Return how long a foundation's book is."""
    head = tables.book_head
    found = connection.execute(sa.select(head.c.length).where(head.c.book == f"foundation/{foundation}")).scalar()
    return int(found or 0)


def without_known(plan: Plan) -> Plan:
    """Return the plan without the statements that bring nothing new."""
    return replace(plan, statements=tuple(planned for planned in plan.statements if not planned.nothing_new))
