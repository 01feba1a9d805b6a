"""What a plan is made of: for each statement its account, its lines, and what does not fit.

What was worked out for the lines of a long file lies on the disk beside the lines (`importers.spool`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from enum import StrEnum
from itertools import starmap
from typing import TYPE_CHECKING
from typing import Any
from typing import NamedTuple
from typing import overload

from importers.lines import statements_in
from importers.spool import Packing
from importers.spool import lead_to
from importers.spool import place_of
from importers.statement import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator
    from collections.abc import Mapping

    from importers.spool import Spool
    from importers.statement import Line
    from importers.statement import Statement


@dataclass(frozen=True, slots=True)
class Account:
    """A declared account, as booking needs it."""

    id: str
    foundation: str
    currency: str


class Known(NamedTuple):
    """What was worked out for a line.

    Attributes:
        identity: The HMAC under which it is known again (32 bytes).
        booked: Where in the log it stands already; below nought where an earlier file of the same archive brings it;
            None for a new line.
        twin: Another line of the file looks the same.
        counter: "payee:<id>", "account:<id>" or None.
    """

    identity: bytes
    booked: int | None
    twin: bool
    counter: str | None


KNOWN: Packing[Known] = Packing(tuple, Known._make)


class PlannedLine(NamedTuple):
    """One line of a file, and what was worked out for it (see `Known`)."""

    line: Line
    identity: str
    booked: int | None
    twin: bool
    counter: str | None

    @property
    def known(self) -> bool:
        """Tell whether it was booked before."""
        return self.booked is not None


@dataclass(frozen=True, slots=True)
class PlannedLines(Sequence[PlannedLine]):
    """The planned lines of a statement.

    Attributes:
        lines: The statement's own.
        worked_out: For each of them what was worked out.
        new: How many would be booked.
    """

    lines: Sequence[Line]
    worked_out: Sequence[Known]
    new: int

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[PlannedLine]:
        return map(_planned, self.lines, self.worked_out)

    @overload
    def __getitem__(self, place: int) -> PlannedLine: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PlannedLine]: ...
    def __getitem__(self, place: int | slice) -> PlannedLine | Sequence[PlannedLine]:
        if isinstance(place, slice):
            return tuple(self)[place]
        return _planned(self.lines[place], self.worked_out[place])


def _planned(line: Line, known: Known) -> PlannedLine:
    return PlannedLine(line, known.identity.hex(), known.booked, known.twin, known.counter)


class Repeated(StrEnum):
    """What somebody answers who is asked whether lines repeat payments of the book."""

    SAME = "same"
    OTHERS = "others"


class Doubt(NamedTuple):
    """Lines that may repeat payments of the book, where nothing in the file and the book decides it.

    Attributes:
        lines: How many of the statement's lines.
        amount_minor: What they come to.
    """

    lines: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PlannedStatement:
    """One statement of a file.

    Attributes:
        place: Among the statements of the file, in the order of their days, from 0.
        nothing_new: The book holds all its lines, and balances of its days or later.
        problems: What does not fit; booking asks for a reason to accept it.
        parts: Where further lines of the book stand in the log that a batch of this statement stands for.
        doubt: Lines about which somebody must be asked, or was.
        answer: What was answered; None where nobody was asked, or nobody answered yet.
    """

    place: int
    statement: Statement
    account: Account
    lines: PlannedLines
    problems: tuple[Problem, ...]
    nothing_new: bool
    parts: frozenset[int] = frozenset()
    doubt: Doubt | None = None
    answer: Repeated | None = None

    @property
    def asks(self) -> Doubt | None:
        """Return about what somebody must be asked before this is booked."""
        return self.doubt if self.answer is None else None

    @property
    def new(self) -> tuple[PlannedLine, ...]:
        """Return the lines that would be booked."""
        return tuple(line for line in self.lines if not line.known)


def planned_in(spool: Spool, lines: Spool) -> Packing[PlannedStatement]:
    """Return how planned statements become plain.

    Args:
        spool: Where what was worked out for their lines lies.
        lines: Where their lines lie, of a long file.
    """
    statements = statements_in(lines)

    def pack(planned: PlannedStatement) -> list[Any]:
        account = (planned.account.id, planned.account.foundation, planned.account.currency)
        problems = [(problem.code, problem.text) for problem in planned.problems]
        worked_out = place_of(planned.lines.worked_out, spool, KNOWN)
        statement = statements.pack(planned.statement)
        return [
            planned.place,
            statement,
            account,
            worked_out,
            planned.lines.new,
            problems,
            planned.nothing_new,
            list(planned.parts),
            planned.doubt,
            planned.answer,
        ]

    def unpack(values: list[Any]) -> PlannedStatement:
        place, plain, account, worked_out, new, problems, nothing_new, parts, doubt, answer = values
        statement = statements.unpack(plain)
        own = PlannedLines(statement.lines, lead_to(spool, worked_out, KNOWN), new)
        found = tuple(starmap(Problem, problems))
        asked = (Doubt(*doubt) if doubt else None, Repeated(answer) if answer else None)
        return PlannedStatement(place, statement, Account(*account), own, found, nothing_new, frozenset(parts), *asked)

    return Packing(pack, unpack)


@dataclass(frozen=True, slots=True)
class Plan:
    """What booking a file would do.

    Attributes:
        statements: In the order of their days; of a file with very many they lie on the disk.
        lengths: How long each foundation's book was when the plan was made.
        spool: Where what was worked out lies.
        lines: Where the lines of a long file lie.
    """

    statements: Sequence[PlannedStatement]
    lengths: Mapping[str, int]
    spool: Spool
    lines: Spool

    @property
    def packing(self) -> Packing[PlannedStatement]:
        """Return how its statements become plain."""
        return planned_in(self.spool, self.lines)

    def of(self, statements: Iterable[PlannedStatement]) -> Plan:
        """Return the plan with other statements."""
        return replace(self, statements=self.spool.keep(statements, self.packing))
