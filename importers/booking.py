"""Booking statements into a foundation's book: a whole file or nothing.

The values are salted and committed before any lock; then one transaction takes the head's
lock, makes sure that the book is as it was when the plan was made or plans again, appends a `statement` entry and
its new `transaction` entries, discloses what may be public at once (transfers between
declared accounts, payments to approved organisations), and fills the views.

Source: DESIGN "Importing".
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from itertools import count
from itertools import islice
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple

import sqlalchemy as sa

from importers.corrections import Evidence
from importers.corrections import GivesBack
from importers.corrections import evidence_of
from importers.corrections import link_corrections
from importers.errors import NotAccepted
from importers.errors import NotAnswered
from importers.planned import Repeated
from importers.planning import make_plan
from importers.planning import without_known
from importers.progress import Counting
from importers.progress import Step
from importers.progress import nothing
from importers.reconcile import decimal_text
from importers.spool import Packing
from ledger import tables
from ledger.commitment import Sealed
from ledger.commitment import seal
from ledger.entries.foundation.statement import PROBLEMS
from ledger.entries.foundation.transaction import TOLD
from ledger.entry import checked_entry
from ledger.entry import foundation_book
from ledger.inserting import insert_rows
from ledger.store import BATCH
from ledger.store import Draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.planned import Plan
    from importers.planned import PlannedLine
    from importers.planned import PlannedStatement
    from importers.progress import Progress
    from importers.statement import Line
    from importers.statement import Part
    from importers.statement import Statement
    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation
    from ledger.store import Appender

PAIRS = 1500
"""Pairs in one `disclosed` entry, so that it stays below 65,535 bytes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a file came.

    Attributes:
        file: Its SHA-256 (64 hex digits), under which it is kept.
        channel: upload, delivery or api; public.
        by: Who brought it; empty for a bank's own delivery.
        accept: Why problems are accepted; None where they are not.
        repeated: Whether lines that look like payments of the book are the same or others; None where nobody said.
    """

    file: str
    channel: str = "upload"
    by: tuple[str, ...] = ()
    accept: str | None = None
    repeated: Repeated | None = None


class Prepared(NamedTuple):
    """A new line as it will be booked, all but the place of its statement.

    Attributes:
        commitments, openings: Its private values, sealed.
        line: Its place in the file.
        told: The private values that the views are made from.
        identity: Under which it is known again (64 hex digits).
        gives_back: By what the line is recognised that it gives back; None where it gives back nothing.
    """

    commitments: Mapping[str, str]
    openings: str
    line: int
    booked_on: str
    valued_on: str | None
    amount_minor: int
    currency: str
    told: dict[str, Json]
    identity: str
    gives_back: tuple[str | None, ...] | None


PREPARED: Packing[Prepared] = Packing(tuple, Prepared._make)


class Place(NamedTuple):
    """Where an entry stands: in the log, and in its book."""

    idx: int
    seq: int


@dataclass(frozen=True, slots=True)
class Booked:
    """A statement in the book; its new lines follow it at once, in the order of the file.

    Attributes:
        gives_back: Those of its new lines that give back earlier ones.
    """

    planned: PlannedStatement
    entry: Entry
    gives_back: tuple[GivesBack, ...] = ()

    @property
    def transactions(self) -> tuple[Place | None, ...]:
        """Return where each line of the file was booked; known ones are None."""
        after = count(1)
        worked_out = self.planned.lines.worked_out
        return tuple(self._place(next(after)) if known.booked is None else None for known in worked_out)

    def _place(self, after: int) -> Place:
        return Place(self.entry.idx + after, self.entry.seq + after)


def booked_in(plan: Plan) -> Packing[Booked]:
    """Return how what was booked of a plan becomes plain; an entry comes back from its bytes."""
    planned = plan.packing

    def pack(booked: Booked) -> list[Any]:
        gives_back = [
            (one.seq, one.booked_on.toordinal(), one.amount_minor, tuple(one.evidence)) for one in booked.gives_back
        ]
        return [planned.pack(booked.planned), booked.entry.idx, booked.entry.data, gives_back]

    def unpack(values: list[Any]) -> Booked:
        plain, idx, data, gives_back = values
        own = planned.unpack(plain)
        back = (
            GivesBack(own.account, seq, dt.date.fromordinal(day), amount_minor, Evidence(*evidence))
            for seq, day, amount_minor, evidence in gives_back
        )
        return Booked(own, checked_entry(idx, data), tuple(back))

    return Packing(pack, unpack)


def book(  # noqa: PLR0917 - what, how, when, and what else goes with it
    installation: Installation,
    statements: Sequence[Statement],
    delivery: Delivery,
    now: dt.datetime,
    foundation: str | None = None,
    then: Callable[[Appender, Sequence[Booked]], None] | None = None,
    judge: Callable[[sa.Connection, Plan], Plan] = lambda _connection, plan: plan,
    *,
    progress: Progress = nothing,
) -> tuple[Plan, Sequence[Booked]]:
    """Book statements.

    Args:
        foundation: The id of the only foundation whose accounts may be touched; None for any.
        then: Appends what belongs to the same transaction, such as allocations.
        judge: Adds to the plan what follows from who brings it.
        progress: Is told how far it has come; may raise Cancelled.

    Returns:
        The whole plan, and what was booked; nothing where every line was known.

    Raises:
        NotAnswered: Lines may repeat payments of the book, and nobody said whether they do.
        NotAccepted: A statement has problems and no reason to accept them was given.
        Cancelled: It was stopped.
        BookingRefused: See `make_plan`.
    """

    def planned(connection: sa.Connection) -> tuple[Plan, Plan]:
        made = make_plan(
            installation, statements, foundation, connection, repeated=delivery.repeated, progress=progress
        )
        plan = judge(connection, made)
        fresh = without_known(plan)
        _refuse_doubts(fresh)
        _refuse_problems(fresh, delivery.accept)
        return plan, fresh

    with installation.store.reading() as connection:
        plan, fresh = planned(connection)
    if not fresh.statements:
        return plan, ()
    prepared = _prepare(installation, fresh, progress)
    with installation.store.writing(now) as appender:
        if _moved(appender, fresh):
            plan, fresh = planned(appender.connection)
            prepared = _prepare(installation, fresh, progress)
        return plan, _write(installation, appender, fresh, prepared, delivery, then, progress)


def _moved(appender: Appender, plan: Plan) -> bool:
    """Tell whether somebody wrote in the books since the plan was made: then it is made again, under the lock."""
    return any(appender.head(foundation_book(own)).length != length for own, length in plan.lengths.items())


def _refuse_doubts(plan: Plan) -> None:
    """Refuse lines that may repeat payments of the book until somebody says whether they do."""
    doubts = [planned.asks for planned in plan.statements if planned.asks is not None]
    if doubts:
        amount_minor = sum(doubt.amount_minor for doubt in doubts)
        raise NotAnswered(sum(doubt.lines for doubt in doubts), decimal_text(amount_minor))


def _refuse_problems(plan: Plan, accept: str | None) -> None:
    """Refuse statements that do not fit, unless a reason is given."""
    problems = [problem for planned in plan.statements for problem in planned.problems]
    if problems and not (accept and accept.strip()):
        raise NotAccepted(tuple(problem.text for problem in problems))


def _prepare(installation: Installation, plan: Plan, progress: Progress) -> Sequence[Prepared]:
    """Salt and commit to the values of all new lines, in the order of the plan."""
    counting = Counting(progress, Step.SEAL, _new(plan))
    lines = chain.from_iterable(_prepared_lines(installation, planned) for planned in plan.statements)
    prepared = plan.spool.keep(counting.along(lines), PREPARED)
    counting.finish()
    return prepared


def _new(plan: Plan) -> int:
    """Return how many lines a plan books."""
    return sum(planned.lines.new for planned in plan.statements)


def _write(  # noqa: PLR0917 - what, where, how, and what else goes with it
    installation: Installation,
    appender: Appender,
    plan: Plan,
    prepared: Sequence[Prepared],
    delivery: Delivery,
    then: Callable[[Appender, Sequence[Booked]], None] | None,
    progress: Progress,
) -> Sequence[Booked]:
    """Carry a plan out in one transaction."""
    counting = Counting(progress, Step.BOOK, _new(plan))
    lines = counting.along(prepared)
    names = _Names(appender.connection)

    def book_statement(planned: PlannedStatement) -> Booked:
        entry = appender.append(_statement_draft(installation, planned, delivery))
        return Booked(planned, entry, _book_lines(appender, planned, entry, islice(lines, planned.lines.new), names))

    booked = plan.spool.keep(map(book_statement, plan.statements), booked_in(plan))
    names.write()
    for done in booked:
        _disclose(installation, appender, done)
    link_corrections(installation, appender, [line for done in booked for line in done.gives_back])
    if then is not None and booked:
        then(appender, booked)
    counting.finish()
    return booked


class _Names:
    """The identities that keep lines from being booked again, written many at a time."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows: list[dict[str, object]] = []

    def add(self, account: str, identity: str, idx: int) -> None:
        """Keep under which identity a line was booked."""
        self._rows.append({"account": account, "identity": identity, "idx": idx})
        if len(self._rows) >= BATCH:
            self.write()

    def write(self) -> None:
        """Write what was gathered."""
        if self._rows:
            insert_rows(self._connection, tables.line_identity, self._rows)
            self._rows = []


def _book_lines(
    appender: Appender, planned: PlannedStatement, statement: Entry, prepared: Iterable[Prepared], names: _Names
) -> tuple[GivesBack, ...]:
    """Append a statement's new lines, and return those that give back earlier ones."""
    account, gives_back = planned.account, []
    for line in prepared:
        made = appender.append(_transaction_draft(statement.book, account.id, statement.seq, line))
        names.add(account.id, line.identity, made.idx)
        if line.gives_back is not None:
            day, evidence = made.day("booked_on"), Evidence(*line.gives_back)
            gives_back.append(GivesBack(account, made.seq, day, line.amount_minor, evidence))
    return tuple(gives_back)


def _statement_draft(installation: Installation, planned: PlannedStatement, delivery: Delivery) -> Draft:
    """Return the draft of a `statement` entry."""
    statement = planned.statement
    opening, closing = statement.opening, statement.closing
    codes = sorted({problem.code if problem.code in PROBLEMS else "other" for problem in planned.problems})
    public: dict[str, Json] = {
        "account": planned.account.id,
        "opened_on": opening.date.isoformat() if opening else None,
        "opening": opening.amount_minor if opening else None,
        "closed_on": closing.date.isoformat() if closing else None,
        "closing": closing.amount_minor if closing else None,
        "currency": planned.account.currency,
        "lines": len(planned.lines),
        "known": len(planned.lines) - planned.lines.new,
        "channel": delivery.channel,
        "accepted": bool(planned.problems),
        "problems": list(codes),
    }
    private: dict[str, Json] = {
        "number": _clean(statement.number),
        "bank": _clean(statement.bank),
        "format": statement.format,
        "file": delivery.file,
        "reason": _reason(planned, delivery),
    }
    book = foundation_book(planned.account.foundation)
    return installation.store.draft(book, "statement", public, private, delivery.by)


def _reason(planned: PlannedStatement, delivery: Delivery) -> str | None:
    """Return why problems were accepted, and what was answered about lines that look like payments of the book."""
    said = [_clean(delivery.accept)] if planned.problems else []
    if planned.doubt is not None and planned.answer is not None:
        what = "the same as" if planned.answer is Repeated.SAME else "other ones than"
        amount = decimal_text(planned.doubt.amount_minor)
        said.append(f"Lines: {planned.doubt.lines}, together {amount}: said to be {what} those in the book.")
    return " ".join(filter(None, said)) or None


def _prepared_lines(installation: Installation, planned: PlannedStatement) -> Iterator[Prepared]:
    """Yield a statement's new lines as they will be booked, what the bank says of them committed to."""
    book, log = foundation_book(planned.account.foundation), installation.store.log
    for new in planned.lines:
        if new.known:
            continue
        line, private = new.line, _private(new)
        sealed = seal(log, book, private)
        gives_back = evidence_of(line)
        yield Prepared(
            dict(sealed.commitments),
            sealed.openings,
            line.position,
            _iso(line.booked_on),
            _iso(line.valued_on) if line.valued_on else None,
            line.amount_minor,
            line.currency,
            {name: private[name] for name in TOLD},
            new.identity,
            gives_back and tuple(gives_back),
        )


_iso = lru_cache(maxsize=4096)(dt.date.isoformat)


def _transaction_draft(book: str, account: str, statement: int, line: Prepared) -> Draft:
    """Return the draft of a `transaction` entry, with what everybody may see and what the views are told."""
    public: dict[str, Json] = {
        "account": account,
        "statement": statement,
        "line": line.line,
        "booked_on": line.booked_on,
        "valued_on": line.valued_on,
        "amount": line.amount_minor,
        "currency": line.currency,
    }
    return Draft(book, "transaction", public, line.told, Sealed(line.commitments, line.openings), ())


def _private(planned: PlannedLine) -> dict[str, Json]:
    """Return what the bank says beyond that, always under the same keys."""
    line = planned.line
    return {
        "name": _clean(line.name),
        "iban": _clean(line.iban),
        "text": _clean(line.text),
        "refs": _references(line),
        "code": {"type": _clean(line.type_code), "reversal": line.reversal},
        "parts": [_part(part) for part in line.parts],
        "counter": planned.counter,
    }


def _references(line: Line) -> dict[str, Json]:
    """Return the references of a line that the bank gives."""
    return {
        "bank": _clean(line.bank_reference),
        "end_to_end": _clean(line.end_to_end_id),
        "mandate": _clean(line.mandate),
        "creditor": _clean(line.creditor_id),
    }


def _part(part: Part) -> Json:
    """Return one payment of a batch."""
    return {
        "amount": part.amount_minor,
        "name": _clean(part.name),
        "iban": _clean(part.iban),
        "text": _clean(part.text),
        "end_to_end": _clean(part.end_to_end_id),
    }


def _clean(text: str | None) -> str | None:
    """Return text in the one form that entries allow."""
    return text if text is None or text.isascii() else unicodedata.normalize("NFC", text)


def _disclose(installation: Installation, appender: Appender, booked: Booked) -> None:
    """Disclose the counterparties that may be public: declared accounts and approved organisations."""
    worked_out = booked.planned.lines.worked_out
    counters = {known.counter for known in worked_out if known.counter}
    public = _public_counters(appender, counters) if counters else None
    if not public:
        return
    pairs: list[Json] = [
        [place.seq, "counter"]
        for known, place in zip(worked_out, booked.transactions, strict=True)
        if place is not None and known.counter in public
    ]
    book = foundation_book(booked.planned.account.foundation)
    for start in range(0, len(pairs), PAIRS):
        appender.append(installation.store.draft(book, "disclosed", {"pairs": pairs[start : start + PAIRS]}))


def _public_counters(appender: Appender, counters: set[str]) -> set[str]:
    """Return those counterparties that are no persons."""
    wanted = [counter.partition(":")[2] for counter in counters if counter.startswith("payee:")]
    payee = tables.payee
    query = sa.select(payee.c.id).where(payee.c.id.in_(wanted), payee.c.kind == "organisation")
    organisations = {f"payee:{id_}" for id_ in appender.connection.execute(query).scalars()}
    return organisations | {counter for counter in counters if counter.startswith("account:")}
