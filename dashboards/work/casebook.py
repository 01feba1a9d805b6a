"""Reading cases: their flags, payments and steps, for those who may see them.

A case is all flags of one payment, or of one payee in one week; it is ruled on as a whole. What
is here is private: names, IBANs and evidence are shown to the district, and to the foundation
about its own payments, nobody else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING
from typing import TypeVar
from typing import cast

import sqlalchemy as sa

from audit.life import FlagState
from audit.life import replay
from audit.rule import SEVERITIES
from audit.rule import gravest
from audit.rule import severity_rank
from audit.rules import RULES
from dashboards.errors import Missing
from ledger import tables
from ledger.commitment import load_openings

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from audit.life import Status
    from audit.rule import Kind
    from audit.rule import Severity
    from ledger.canonical import Json

PROGRESS: tuple[Status, ...] = (
    "open",
    "under_review",
    "explained",
    "escalated",
    "accepted",
    "confirmed",
    "closing",
    "not_reproduced",
    "closed",
)
SETTLED: tuple[Status, ...] = ("not_reproduced", "closed")
"""Statuses that ask nothing of anybody any more."""
RISEN = "flag severity raised"
"""The step by which a flag weighs more."""
RUN = ("flag judged again", RISEN)
"""The steps that a run of the rules takes, not a person."""
NUMBER = re.compile(r"[0-9a-f]{12,64}\Z")
NUMBER_DIGITS = 12
AT_ONCE = 500
"""How many places one query asks for."""
TIME_TO_ANSWER = dt.timedelta(days=14)
PlaceT = TypeVar("PlaceT")
UNKNOWN_SEVERITY: Severity = "high"
"""What counts where the severity was erased: the side that asks two people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFlag:
    """One flag of a case.

    Attributes:
        rule: Empty where it was erased.
        about: Places in the foundation's book.
        gone_at: Since when the rules no longer find it.
    """

    id: str
    idx: int
    rule: str
    severity: Severity
    status: Status
    raised_at: dt.datetime
    changed_at: dt.datetime
    about: tuple[int, ...]
    evidence: Mapping[str, Json]
    shown: bool
    gone_at: dt.datetime | None = None

    @property
    def kind(self) -> Kind:
        """Return whether the rule is an agreement or a hint."""
        known = RULES.get(self.rule)
        return known.kind if known else "policy"

    @property
    def personal(self) -> bool:
        """Return whether the rule tells something about a person; one that is not known is taken to."""
        known = RULES.get(self.rule)
        return known is None or known.personal


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    """One recorded step of one flag."""

    flag: str
    at: dt.datetime
    step: str
    status: Status
    by: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePayment:
    """A line that a case is about, with what the bank says about it."""

    foundation: str
    seq: int
    booked_on: dt.date
    amount_minor: int
    currency: str
    name: str | None
    iban: str | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case with its flags; ordered by nothing of its own."""

    id: str
    foundation: str
    flags: tuple[CaseFlag, ...]
    steps: tuple[CaseStep, ...]
    payments: tuple[CasePayment, ...]

    @property
    def number(self) -> str:
        """Return the short number that people use."""
        return self.id[:NUMBER_DIGITS]

    @property
    def severity(self) -> Severity:
        """Return the gravest of its flags'."""
        return gravest(*(flag.severity for flag in self.flags))

    @property
    def status(self) -> Status:
        """Return how far the flag is that is least far."""
        return min((flag.status for flag in self.flags), key=PROGRESS.index)

    @property
    def raised_at(self) -> dt.datetime:
        """Return since when it is there."""
        return min(flag.raised_at for flag in self.flags)

    @property
    def amount_minor(self) -> int:
        """Return what its lines come to, without sign."""
        return abs(sum(payment.amount_minor for payment in self.payments))

    def states(self, now: dt.datetime) -> dict[str, FlagState]:
        """Return where each flag is in its life, by id; the case's severity counts for all."""
        return {flag.id: self._state(flag, now) for flag in self.flags}

    def _state(self, flag: CaseFlag, now: dt.datetime) -> FlagState:
        """Return where a flag is in its life."""
        taken = [step for step in self.steps if step.flag == flag.id and step.step not in RUN]
        steps = [(step.status, step.by[0] if step.by else "") for step in taken]
        asked = [step.at for step in taken if step.status == "under_review"]
        state = FlagState(severity=self.severity, kind=flag.kind)
        overdue = bool(asked) and now - asked[-1] > TIME_TO_ANSWER
        moved = replay(state, steps)
        return FlagState(
            status=flag.status,
            severity=moved.severity,
            kind=moved.kind,
            escalated_by=moved.escalated_by,
            close_asked_by=moved.close_asked_by,
            answer_overdue=overdue,
        )


def cases(
    connection: sa.Connection, foundations: Collection[str] | None = None, *, settled: bool = False
) -> tuple[Case, ...]:
    """Return cases by risk, then by age; without steps and names.

    Args:
        connection: Where to read.
        foundations: Only theirs; None for all.
        settled: Those whose flags are all closed, or no longer found, as well.
    """
    table = tables.flag
    query = sa.select(table)
    if foundations is not None:
        query = query.where(table.c.foundation.in_(foundations))
    if not settled:
        query = query.where(_number_of(table).in_(sa.select(_number_of(table)).where(table.c.status.not_in(SETTLED))))
    found = _grouped(connection, query)
    return tuple(sorted(found, key=lambda case: (-severity_rank(case.severity), case.raised_at, case.id)))


def find_case(connection: sa.Connection, number: str) -> Case:
    """Return a case by its id, or by the first twelve digits or more of it, with steps and names.

    Raises:
        Missing: There is no such case.
    """
    if not NUMBER.match(number):
        raise Missing
    query = sa.select(tables.flag).where(_number_of(tables.flag).startswith(number))
    found = _grouped(connection, query)
    if len(found) != 1:
        raise Missing
    return with_names(connection, with_steps(connection, found))[0]


def with_steps(connection: sa.Connection, found: Sequence[Case]) -> tuple[Case, ...]:
    """Return cases with their recorded steps, oldest first; without them nobody knows whose turn it is."""
    by_flag: dict[str, list[tuple[int, CaseStep]]] = defaultdict(list)
    for idx, step in _steps(connection, [flag.id for case in found for flag in case.flags]):
        by_flag[step.flag].append((idx, step))
    return tuple(replace(case, steps=_in_order(by_flag, case.flags)) for case in found)


def with_names(connection: sa.Connection, found: Sequence[Case]) -> tuple[Case, ...]:
    """Return cases whose lines carry what the bank says about them, as far as it still exists."""
    lines = {(payment.foundation, payment.seq) for case in found for payment in case.payments}
    bodies = dict(_bodies(connection, sorted(lines)))
    return tuple(replace(case, payments=_named_lines(case.payments, bodies)) for case in found)


def lines_of(connection: sa.Connection, foundation: str, seqs: Collection[int]) -> tuple[CasePayment, ...]:
    """Return lines of a foundation by their places in its book, without names."""
    line = tables.movement
    query = _lines().where(line.c.foundation == foundation, line.c.seq.in_(seqs)).order_by(line.c.seq)
    return tuple(_payment(row) for row in connection.execute(query))


def flagged_lines(connection: sa.Connection, foundation: str, statements: Collection[int]) -> int:
    """Return how many lines of these statements (their places in the book) some flag is about."""
    line, about = tables.movement, tables.flag_about
    match = sa.and_(about.c.foundation == line.c.foundation, about.c.seq == line.c.seq)
    query = sa.select(sa.func.count(line.c.seq.distinct())).join(about, match)
    mine = (line.c.foundation == foundation, line.c.statement.in_(statements))
    return connection.execute(query.where(*mine)).scalar_one()


def _number_of(table: sa.Table) -> sa.ColumnElement[str]:
    """Return the case of a flag; a flag whose case was erased stands alone."""
    return sa.func.coalesce(table.c.private_case, table.c.id)


def _grouped(connection: sa.Connection, query: sa.Select[tuple[object, ...]]) -> list[Case]:
    """Return the cases that flags form."""
    number = _number_of(tables.flag).label("number")
    rows = connection.execute(query.add_columns(number).order_by(number, tables.flag.c.idx)).all()
    payments = _payments(connection, {row.foundation for row in rows})
    return [_case(id_, list(flags), payments) for id_, flags in groupby(rows, key=lambda row: str(row.number))]


def _case(id_: str, rows: list[sa.Row[tuple[object, ...]]], payments: Mapping[tuple[str, int], CasePayment]) -> Case:
    """Return one case, without steps."""
    flags = tuple(_flag(row) for row in rows)
    foundation = str(rows[0].foundation)
    seqs = sorted({seq for flag in flags for seq in flag.about})
    lines = tuple(payments[foundation, seq] for seq in seqs if (foundation, seq) in payments)
    return Case(id=id_, foundation=foundation, flags=flags, steps=(), payments=lines)


def _flag(row: sa.Row[tuple[object, ...]]) -> CaseFlag:
    """Return one flag."""
    severity = row.private_severity if row.private_severity in SEVERITIES else UNKNOWN_SEVERITY
    return CaseFlag(
        id=row.id,
        idx=row.idx,
        rule=row.private_rule or "",
        severity=severity,
        status=row.status,
        raised_at=row.raised_at,
        changed_at=row.changed_at,
        about=tuple(row.about),
        evidence=row.private_evidence if isinstance(row.private_evidence, dict) else {},
        shown=row.rule is not None,
        gone_at=row.gone_at,
    )


def _payments(connection: sa.Connection, foundations: Iterable[str]) -> dict[tuple[str, int], CasePayment]:
    """Return the lines that flags of these foundations are about, without names."""
    line, about = tables.movement, tables.flag_about
    match = sa.and_(about.c.foundation == line.c.foundation, about.c.seq == line.c.seq)
    query = _lines().distinct().join(about, match).where(line.c.foundation.in_(list(foundations)))
    return {(row.foundation, row.seq): _payment(row) for row in connection.execute(query)}


def _lines() -> sa.Select[tuple[str, int, dt.date, int, str]]:
    """Return what is known of lines, without names."""
    line = tables.movement
    return sa.select(line.c.foundation, line.c.seq, line.c.booked_on, line.c.amount_minor, line.c.currency)


def _payment(row: sa.Row[tuple[str, int, dt.date, int, str]]) -> CasePayment:
    """Return a line without names."""
    return CasePayment(**row._mapping, name=None, iban=None, text=None)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping


def _bodies(connection: sa.Connection, lines: Sequence[tuple[str, int]]) -> Iterator[tuple[tuple[str, int], str]]:
    """Yield the private values of lines, by foundation and place, for lines in order."""
    line, private = tables.movement, tables.private_value
    query = sa.select(line.c.seq, private.c.body).join(private, private.c.idx == line.c.idx)
    for foundation, places in groupby(lines, key=lambda place: place[0]):
        for seqs in _portions([seq for _, seq in places]):
            rows = connection.execute(query.where(line.c.foundation == foundation, line.c.seq.in_(seqs)))
            yield from (((foundation, row.seq), row.body) for row in rows)


def _portions(items: Sequence[PlaceT]) -> Iterator[Sequence[PlaceT]]:
    """Yield portions that one query can ask for."""
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))


def _named_lines(payments: tuple[CasePayment, ...], bodies: Mapping[tuple[str, int], str]) -> tuple[CasePayment, ...]:
    """Return lines with the names that stand in their private values."""
    return tuple(_named(payment, bodies.get((payment.foundation, payment.seq), "{}")) for payment in payments)


def _named(payment: CasePayment, body: str) -> CasePayment:
    """Return a line with the private values that stand in a body."""
    values = {field: opening.value for field, opening in load_openings(body).items()}
    name, iban, text = (_words(values.get(field)) for field in ("name", "iban", "text"))
    return replace(payment, name=name, iban=iban, text=text)


def _words(value: Json) -> str | None:
    """Return a private value that is text."""
    return value if isinstance(value, str) else None


def _in_order(by_flag: Mapping[str, list[tuple[int, CaseStep]]], flags: tuple[CaseFlag, ...]) -> tuple[CaseStep, ...]:
    """Return the steps of a case's flags in the order of the log."""
    steps = [step for flag in flags for step in by_flag.get(flag.id, [])]
    return tuple(step for _, step in sorted(steps, key=lambda place: place[0]))


def _steps(connection: sa.Connection, flags: Sequence[str]) -> Iterator[tuple[int, CaseStep]]:
    """Yield the steps of flags with their places in the log."""
    table = tables.flag_step
    for some in _portions(flags):
        for row in connection.execute(sa.select(table).where(table.c.flag.in_(some))):
            step = CaseStep(
                flag=row.flag,
                at=row.at,
                step=row.step,
                status=cast("Status", row.status),
                by=tuple(row.by),
                reason=row.private_reason,
            )
            yield row.idx, step
