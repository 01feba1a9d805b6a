"""Uploading a statement: a preview that is exactly what confirming does, and confirming.

Confirming books the file and its links in one transaction, then runs the rules, then has the log
signed. Nothing of an upload is public before that. Where nothing is new nothing is appended; what an
interruption left is finished all the same.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import astuple
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING
from typing import Any

from dashboards.work.allocations import Split
from dashboards.work.confirming import SecondEyes
from dashboards.work.finishing import finish
from dashboards.work.linking import Linking
from dashboards.work.linking import key_of
from dashboards.work.linking import payment_of
from dashboards.work.standing import Conditions
from dashboards.work.standing import conditions_for
from dashboards.work.suggestions import Suggestions
from dashboards.work.unnamed import forget_unnamed
from dashboards.work.unnamed import still_kept
from importers.booking import Delivery
from importers.booking import book
from importers.errors import Cancelled
from importers.errors import FileChanged
from importers.planning import make_plan
from importers.progress import Step
from importers.progress import nothing
from importers.reading import read
from importers.spool import Packing
from importers.spool import Spool
from ledger.entries.foundation.transaction import PAID
from ledger.entries.foundation.transaction import RECEIVED
from ledger.entries.foundation.transaction import kind_of
from ledger.errors import BuurtkasError
from ledger.errors import DatabaseTrouble
from ledger.files import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence

    import sqlalchemy as sa

    from dashboards.work.linking import LineKey
    from importers.booking import Booked
    from importers.planned import Account
    from importers.planned import Plan
    from importers.planned import PlannedLine
    from importers.planned import PlannedStatement
    from importers.planned import Repeated
    from importers.progress import Progress
    from importers.statement import Problem
    from importers.statement import Statement
    from ledger.files import Content
    from ledger.installation import Installation
    from ledger.store import Appender


@dataclass(frozen=True, slots=True)
class LinePreview:
    """One line, as it would be booked.

    Attributes:
        twin: Another line of the file looks the same; both are booked.
        payee: "payee:<id>" or "account:<id>" where the register knows the counterparty.
        kind: payment, income or transfer.
        suggestion: What it is probably for.
        why: A message id that says why, or why there is none.
        always: What "always like this" would mean beside it; None where nothing tells its kind apart.
        settled: Whether the suggestion follows a decision or a standing rule.
        asks: Money that came from somebody who was paid before, so that it may be paid back.
    """

    key: LineKey
    booked_on: dt.date
    amount_minor: int
    currency: str
    name: str | None
    iban: str | None
    text: str | None
    known: bool
    twin: bool
    payee: str | None
    kind: str
    suggestion: Split | None
    why: str | None
    always: Conditions | None
    settled: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class StatementPreview:
    """One statement, as it would be booked; amounts in hundredths, what goes out as a positive amount.

    Attributes:
        format: The file's own, such as ``camt.053.001.08`` or ``csv``.
        bank: The bank, as far as the file says or its form betrays.
        twins: How many lines would be booked that look the same as another.
    """

    format: str
    bank: str | None
    account_iban: str | None
    foundation: str
    currency: str
    number: str | None
    opening_minor: int | None
    closing_minor: int | None
    opened_on: dt.date | None
    closed_on: dt.date | None
    total_in_minor: int
    total_out_minor: int
    new: int
    known: int
    twins: int
    lines: Sequence[LinePreview]
    problems: tuple[Problem, ...]
    nothing_new: bool

    @property
    def reconciled(self) -> bool:
        """Tell whether opening + in - out = closing and everything else fits."""
        return not self.problems

    @property
    def newer(self) -> bool:
        """Tell whether it brings no lines, but days that the book does not hold: nothing happened in them."""
        return not (self.new or self.nothing_new or self.problems)


@dataclass(frozen=True, slots=True)
class Preview:
    """A whole file, as it would be booked; `confirms` tells how many statements of others it confirms."""

    statements: tuple[StatementPreview, ...]
    confirms: int = 0

    @property
    def new(self) -> int:
        """Return how many lines would be booked."""
        return sum(statement.new for statement in self.statements)

    @property
    def known(self) -> int:
        """Return how many lines were booked before."""
        return sum(statement.known for statement in self.statements)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return everything that does not fit in what would be booked."""
        fresh = (statement for statement in self.statements if not statement.nothing_new)
        return tuple(problem for statement in fresh for problem in statement.problems)


@dataclass(frozen=True, slots=True)
class Taken:
    """What is being booked, as the transaction knows it that books it.

    Attributes:
        number: See `Receipt`.
        confirms: How many statements of others it confirms.
        statements: Places of the statements in their books.
        idx: Place in the log of the last one; -1 where there is none.
    """

    number: str
    new: int
    known: int
    confirms: int
    statements: tuple[int, ...] = ()
    idx: int = -1


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an upload did.

    Attributes:
        number: For the treasurer's own books; names the first entry, "" where nothing was booked.
        preview: What was booked, in the form of the preview.
        flags: How many flags the rules raised afterwards.
        entries: (book, seq) of the statements booked.
        checkpoint: The signed size and root; "" where the signer's process has not come to it yet.
    """

    number: str
    preview: Preview
    new: int
    known: int
    flags: int
    entries: tuple[tuple[str, int], ...]
    checkpoint: str


def preview(
    installation: Installation,
    foundation: str | None,
    content: Content,
    by: Sequence[str] = (),
    *,
    account: str | None = None,
    progress: Progress = nothing,
) -> Preview:
    """Return what confirming a file would do.

    Args:
        foundation: The id of the only foundation whose accounts may be touched; None for any.
        content: The file's bytes, its path, or the opened file; a long one is better not held in memory.
        by: Who brings it.
        account: The number of the account that statements are about which name none.
        progress: Is told how far it has come; may raise Cancelled.

    Raises:
        UnreadableFile: The file cannot be read in full.
        BookingRefused: It cannot be booked, for a reason that no confirming changes.
    """
    statements = _about(read(content, progress=progress), account)
    with installation.store.reading() as connection:
        eyes = SecondEyes(installation, tuple(by))
        plan = eyes.judge(connection, make_plan(installation, statements, foundation, connection, progress=progress))
        return _preview(connection, plan, len(eyes.confirmed))


def confirm(
    installation: Installation,
    foundation: str | None,
    content: Content,
    links: Mapping[LineKey, Sequence[Split]] | None = None,
    *,
    by: Sequence[str] = (),
    now: dt.datetime,
    accept: str | None = None,
    channel: str = "upload",
    always: Collection[LineKey] = (),
    account: str | None = None,
    repeated: Repeated | None = None,
    also: Callable[[sa.Connection, Taken], None] | None = None,
    progress: Progress = nothing,
) -> Receipt:
    """Book a file with its links, run the rules, and have the log signed.

    Args:
        links: What lines count for; lines that are not named stay unexplained. None where nobody chooses: what
            standing rules say is then linked at once.
        by: Who brought it; that they may is for the caller to know.
        accept: Why what does not fit is accepted.
        always: Linked lines that become standing rules.
        account: The number of the account that statements are about which name none.
        repeated: Whether lines that may repeat payments of the book do, where nothing else tells.
        also: Does what belongs to the same transaction, if anything is booked; what it raises takes everything back.
        progress: Is told how far it has come; may raise Cancelled until all is booked.

    Raises:
        UnreadableFile: The file cannot be read in full.
        BookingRefused: It cannot be booked; nothing was changed.
        SplitRefused: A link does not fit; nothing was changed.
    """
    file, statements = _kept(installation, content, progress)
    statements = _about(statements, account)
    delivery = Delivery(file, channel, tuple(by), accept, repeated)
    eyes, known = SecondEyes(installation, tuple(by)), 0

    def links_too(appender: Appender, booked: Sequence[Booked]) -> None:
        Linking(installation, links, by, always).append(appender, booked)
        eyes.append(appender)
        if also is not None:
            also(appender.connection, _taken(booked, known, len(eyes.confirmed)))
        still_kept(installation, content, file)

    def judged(connection: sa.Connection, plan: Plan) -> Plan:
        nonlocal known
        known = sum(len(planned.lines) - planned.lines.new for planned in plan.statements)
        return eyes.judge(connection, plan)

    try:
        plan, booked = book(installation, statements, delivery, now, foundation, links_too, judged, progress=progress)
        if not booked:
            eyes.append_alone(plan, now)
    except DatabaseTrouble:
        raise  # it is tried again
    except BuurtkasError:
        forget_unnamed(installation, [file])
        raise
    if not booked:
        forget_unnamed(installation, [file])
    with contextlib.suppress(Cancelled):  # too late: it is booked
        progress(Step.AUDIT, 0, len(booked))
    flags = finish(installation, now)
    with installation.store.reading() as connection:
        shown = _preview(connection, plan, len(eyes.confirmed))
    entries = tuple((done.entry.book, done.entry.seq) for done in booked)
    return Receipt(_number(booked), shown, shown.new, shown.known, flags, entries, _covering(installation, booked))


def _about(statements: Sequence[Statement], account: str | None) -> Sequence[Statement]:
    """Return statements of which those that name no account are about this one."""
    if account is None:
        return statements
    return tuple(one if one.account else replace(one, account=account) for one in statements)


def _taken(booked: Sequence[Booked], known: int, confirms: int) -> Taken:
    """Return what is being booked."""
    new = sum(done.planned.lines.new for done in booked)
    entries = [done.entry for done in booked]
    return Taken(_number(booked), new, known, confirms, tuple(one.seq for one in entries), entries[-1].idx)


def _number(booked: Sequence[Booked]) -> str:
    """Return the number that names what was booked."""
    return f"{booked[0].entry.seq}-{booked[0].entry.hash.hex()[:8]}" if booked else ""


def _kept(installation: Installation, content: Content, progress: Progress) -> tuple[str, Sequence[Statement]]:
    """Read a file and keep it as it was read; return its SHA-256 and its statements.

    Raises:
        FileChanged: Somebody wrote in it meanwhile, or took it away.
    """
    try:
        file = digest_of(content)
        statements = read(content, progress=progress)
        kept = installation.keep_file(content)
    except FileNotFoundError as error:
        raise FileChanged from error
    if kept != file:
        forget_unnamed(installation, [kept])
        raise FileChanged
    return file, statements


def _covering(installation: Installation, booked: Sequence[Booked]) -> str:
    """Return the newest checkpoint; nothing where it does not cover yet what was booked."""
    newest = installation.signer.newest()
    last = max((done.entry.idx for done in booked), default=-1)
    return (installation.signer.published() or "") if newest and newest.size > last else ""


def _preview(connection: sa.Connection, plan: Plan, confirms: int) -> Preview:
    """Return a plan in the form that people see."""
    suggestions: dict[str, Suggestions] = {}
    spool = Spool()
    shown = []
    for planned in plan.statements:
        foundation = planned.account.foundation
        if foundation not in suggestions:
            suggestions[foundation] = Suggestions(connection, foundation)
        own = suggestions[foundation]
        keyed = ((key_of(planned, place), line) for place, line in enumerate(planned.lines))
        lines = (_line_preview(key, line, own, planned.account) for key, line in keyed)
        shown.append(_statement_preview(planned, spool.keep(lines, PREVIEWS)))
    return Preview(tuple(shown), confirms)


def _statement_preview(planned: PlannedStatement, lines: Sequence[LinePreview]) -> StatementPreview:
    """Return one planned statement in the form that people see."""
    statement = planned.statement
    figures = [(line.amount_minor, line.twin and not line.known) for line in lines]
    return StatementPreview(
        format=statement.format,
        bank=statement.bank,
        account_iban=statement.account,
        foundation=planned.account.foundation,
        currency=planned.account.currency,
        number=statement.number,
        opening_minor=statement.opening.amount_minor if statement.opening else None,
        closing_minor=statement.closing.amount_minor if statement.closing else None,
        opened_on=statement.opening.date if statement.opening else None,
        closed_on=statement.closing.date if statement.closing else None,
        total_in_minor=sum(amount for amount, _ in figures if amount > 0),
        total_out_minor=-sum(amount for amount, _ in figures if amount < 0),
        new=planned.lines.new,
        known=len(planned.lines) - planned.lines.new,
        twins=sum(twin for _, twin in figures),
        lines=lines,
        problems=planned.problems,
        nothing_new=planned.nothing_new,
    )


def _line_preview(key: LineKey, planned: PlannedLine, suggestions: Suggestions, account: Account) -> LinePreview:
    """Return one planned line in the form that people see."""
    line = planned.line
    kind = kind_of(line.amount_minor, planned.counter)
    payment = payment_of(planned)
    paid, new = kind == PAID, not planned.known
    found = suggestions.brought_back(account, line) if new else None
    if found is None and paid and new:
        found = suggestions.suggest(payment)
    return LinePreview(
        key=key,
        booked_on=line.booked_on,
        amount_minor=line.amount_minor,
        currency=line.currency,
        name=line.name,
        iban=line.iban,
        text=line.text,
        known=planned.known,
        twin=planned.twin,
        payee=planned.counter,
        kind=kind,
        suggestion=Split(*found.target, line.amount_minor) if found and found.target else None,
        why=found.why if found else None,
        always=conditions_for(payment) if paid and new else None,
        settled=bool(found and found.settled),
        asks=kind == RECEIVED and new and not (found and found.target) and suggestions.paid_before(payment),
    )


def _pack(line: LinePreview) -> list[Any]:
    """Return a line in plain values: of a long file they lie on the disk."""
    values = list(_preview_values(line))
    values[_BOOKED_ON] = line.booked_on.toordinal()
    values[_SUGGESTION] = astuple(line.suggestion) if line.suggestion else None
    values[_ALWAYS] = line.always.asked if line.always else None
    return values


def _unpack(values: list[Any]) -> LinePreview:
    """Return the line that `_pack` made plain."""
    values[_BOOKED_ON] = dt.date.fromordinal(values[_BOOKED_ON])
    suggestion = values[_SUGGESTION]
    values[_SUGGESTION] = Split(*suggestion) if suggestion else None
    always = values[_ALWAYS]
    values[_ALWAYS] = Conditions(**always) if always else None
    return LinePreview(*values)


_NAMES = tuple(field.name for field in fields(LinePreview))
_BOOKED_ON, _SUGGESTION, _ALWAYS = map(_NAMES.index, ("booked_on", "suggestion", "always"))
_preview_values = attrgetter(*_NAMES)
PREVIEWS = Packing(_pack, _unpack)
