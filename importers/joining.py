"""How a line is known again in a file of another format: a CAMT and a CSV of one month hold the same payments.

Formats word a payment differently and carry different references, so that its identity
differs (see `importers.matching`). What they share is the account, the day, the amount,
and whatever both of them say about the other side. Lines of a file and lines of the book
that agree in this are paired one to one: of two equal payments in the book and three in
the file, one is new. Two lines that name different account numbers are never one payment.

A bank's export holds all that was booked on its days until it was made. So counting
within a day and amount is exact, whatever the texts say.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import NamedTuple

import sqlalchemy as sa

from importers.figures import is_same_account
from importers.matching import bare
from importers.statement import Part
from ledger import tables
from ledger.commitment import load_openings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from collections.abc import Collection
    from collections.abc import Iterable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from importers.planned import Account
    from importers.statement import Line
    from ledger.canonical import Json

CHUNK = 500
FEW = 200
"""Up to so many equal payments a day are paired in the best way; more of them in the order of the file."""


class Row(NamedTuple):
    """What everybody may see of a line of the book.

    Attributes:
        idx: Its place in the log.
        statement: The place in its book of the statement that brought it.
    """

    idx: int
    booked_on: dt.date
    valued_on: dt.date | None
    amount_minor: int
    statement: int


class Candidate(NamedTuple):
    """A line of the book that a line of the file may be.

    Attributes:
        idx: Its place in the log; below nought for a line that an earlier file of the same archive brings.
        family: The format that brought it, without its version.
        name, iban, end_to_end, text: What the bank said; None where it did not, or where it was erased.
        parts: The payments of a batch, as far as the bank gives them.
    """

    idx: int
    booked_on: dt.date
    valued_on: dt.date | None
    amount_minor: int
    family: str
    name: str | None
    iban: str | None
    end_to_end: str | None
    text: str | None
    parts: tuple[Part, ...] = ()


def family_of(format_: str | None) -> str:
    """Return a format without its version: two versions of CAMT.053 word a payment alike."""
    return ".".join((format_ or "").split(".")[:2])


def rows_of(connection: sa.Connection, account: Account, first: dt.date, last: dt.date) -> list[Row]:
    """Return the lines of the book that were booked on an account from one day to another, in the order of the book."""
    line = tables.movement
    query = (
        sa.select(line.c.idx, line.c.booked_on, line.c.valued_on, line.c.amount_minor, line.c.statement)
        .where(
            line.c.foundation == account.foundation,
            line.c.account == account.id,
            line.c.booked_on.between(first, last),
        )
        .order_by(line.c.idx)
    )
    return [Row(*row) for row in connection.execute(query)]


def candidates(connection: sa.Connection, account: Account, rows: Sequence[Row]) -> list[Candidate]:
    """Return lines of the book with what the bank said of them."""
    families = _families(connection, account.foundation, {row.statement for row in rows})
    said = private_values(connection, [row.idx for row in rows])
    return [_candidate(row, families[row.statement], said.get(row.idx, {})) for row in rows]


def candidate_of(idx: int, family: str, line: Line) -> Candidate:
    """Return a line that an earlier file of the same archive brings as one of the book."""
    said = (line.name, line.iban, line.end_to_end_id, line.text, line.parts)
    return Candidate(idx, line.booked_on, line.valued_on, line.amount_minor, family, *said)


def paired(
    lines: Sequence[tuple[int, Line]],
    rows: Sequence[Candidate],
    *,
    within_a_day: bool = False,
    is_counted: bool = True,
) -> dict[int, int]:
    """Pair lines of a file with lines of the book, each with one at most.

    Args:
        lines: Place and line, in the order of the file.
        rows: Candidates, in the order of the book.
        within_a_day: Only those of the same day.
        is_counted: The file holds all lines of its days. If not, a line is no other one that names another party.

    Returns:
        From a line's place to its candidate's idx: first those of the same day, then those of which one format
        states as the booking day what the other states as the value date.
    """
    found: dict[int, int] = {}
    for same in (_same_day,) if within_a_day else (_same_day, _same_value):
        left = [(place, line) for place, line in lines if place not in found]
        free = _by_amount(rows, set(found.values()))
        for amount_minor, own in _grouped(left).items():
            found.update(_best(own, free.get(amount_minor, []), same, 0 if is_counted else 1))
    return found


def equal(lines: Sequence[tuple[int, Line]], rows: Sequence[Candidate]) -> dict[int, int]:
    """Pair lines of a file with lines of the book that agree in everything but the bank's own reference.

    Returns:
        From a line's place to its candidate's idx; each is paired once, in the order of file and book.
    """
    free: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for row in reversed(rows):
        key = (row.booked_on, row.amount_minor, row.iban, row.end_to_end, bare(row.name), bare(row.text))
        free[key].append(row.idx)
    found = {}
    for place, line in lines:
        key = (line.booked_on, line.amount_minor, line.iban, line.end_to_end_id, bare(line.name), bare(line.text))
        if free[key]:
            found[place] = free[key].pop()
    return found


def _families(connection: sa.Connection, foundation: str, seqs: Collection[int]) -> dict[int, str]:
    """Return the format of each statement, by its place in the book."""
    table = tables.statement
    found: dict[int, str] = {}
    for part in _parts(sorted(seqs)):
        query = sa.select(table.c.seq, table.c.idx).where(table.c.foundation == foundation, table.c.seq.in_(part))
        places = {row.seq: row.idx for row in connection.execute(query)}
        said = private_values(connection, list(places.values()))
        found |= {seq: family_of(_words(said.get(idx, {}).get("format"))) for seq, idx in places.items()}
    return found


def private_values(connection: sa.Connection, indices: Sequence[int]) -> dict[int, dict[str, Json]]:
    """Return the private values that still exist of entries, by their places in the log."""
    table = tables.private_value
    found: dict[int, dict[str, Json]] = {}
    for part in _parts(indices):
        for idx, body in connection.execute(sa.select(table.c.idx, table.c.body).where(table.c.idx.in_(part))):
            found[idx] = {name: opening.value for name, opening in load_openings(body).items()}
    return found


def _candidate(row: Row, family: str, said: Mapping[str, Json]) -> Candidate:
    """Return a line of the book with what the bank said of it, as far as that was not erased."""
    references, parts = said.get("refs"), said.get("parts")
    return Candidate(
        row.idx,
        row.booked_on,
        row.valued_on,
        row.amount_minor,
        family,
        _words(said.get("name")),
        _words(said.get("iban")),
        _words(references.get("end_to_end")) if isinstance(references, dict) else None,
        _words(said.get("text")),
        tuple(_part(part) for part in parts if isinstance(part, dict)) if isinstance(parts, list) else (),
    )


def _part(said: Mapping[str, Json]) -> Part:
    """Return one payment of a batch."""
    amount_minor = said.get("amount")
    words = (_words(said.get(name)) for name in ("name", "iban", "text", "end_to_end"))
    return Part(amount_minor if isinstance(amount_minor, int) else 0, *words)


def _words(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _parts(values: Sequence[int]) -> Iterable[Sequence[int]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _by_amount(rows: Iterable[Candidate], used: Collection[int]) -> dict[int, list[Candidate]]:
    found: dict[int, list[Candidate]] = defaultdict(list)
    for row in rows:
        if row.idx not in used:
            found[row.amount_minor].append(row)
    return found


def _grouped(lines: Iterable[tuple[int, Line]]) -> dict[int, list[tuple[int, Line]]]:
    found: dict[int, list[tuple[int, Line]]] = defaultdict(list)
    for place, line in lines:
        found[line.amount_minor].append((place, line))
    return found


def _same_day(line: Line, row: Candidate) -> bool:
    return line.booked_on == row.booked_on


def _same_value(line: Line, row: Candidate) -> bool:
    return line.booked_on == row.valued_on or line.valued_on in {row.booked_on, row.valued_on} - {None}


def _best(
    lines: Sequence[tuple[int, Line]],
    rows: Sequence[Candidate],
    same: Callable[[Line, Candidate], bool],
    least: int,
) -> dict[int, int]:
    """Pair lines and rows of one amount: as many as can be, those first that agree in most.

    Args:
        least: In how much they must agree.

    Source: augmenting paths (Kuhn 1955), tried in the order of agreement.
    """
    if not rows:
        return {}
    wishes: dict[int, list[tuple[int, int]]] = {}
    for place, line in lines:
        scores = [(-_agreement(line, row), row.idx) for row in rows if same(line, row)]
        wished = sorted(score for score in scores if score[0] <= -least)
        if wished:
            wishes[place] = wished
    owner: dict[int, int] = {}
    left = dict.fromkeys(wishes)
    for _, place, idx in sorted((score, place, idx) for place, wished in wishes.items() for score, idx in wished):
        if place in left and idx not in owner:
            owner[idx] = place
            del left[place]
    ranked = {place: [idx for _, idx in wished] for place, wished in wishes.items()}
    for place in left:
        _place(place, ranked, owner, set(), can_move=len(wishes) <= FEW)
    return {place: idx for idx, place in owner.items()}


def _place(
    place: int, wishes: Mapping[int, Sequence[int]], owner: dict[int, int], tried: set[int], *, can_move: bool
) -> bool:
    """Give a line one of its rows, moving another line to its next wish at need."""
    for idx in wishes[place]:
        if idx not in owner:
            owner[idx] = place
            return True
    for idx in wishes[place] if can_move else ():
        if idx in tried:
            continue
        tried.add(idx)
        if _place(owner[idx], wishes, owner, tried, can_move=True):
            owner[idx] = place
            return True
    return False


def _agreement(line: Line, row: Candidate) -> int:
    """Return in how much a line and a row agree.

    Nought where they name different parties, and below where these have different account numbers.
    """
    if line.iban and row.iban and not is_same_account(line.iban, row.iban):
        return -1
    same_reference = line.end_to_end_id is not None and line.end_to_end_id == row.end_to_end
    same_name, same_text = _alike(line.name, row.name), _alike(line.text, row.text)
    agreement = 16 * bool(line.iban and row.iban) + 8 * same_reference + 4 * same_name + 2 * same_text
    return agreement or int(not (line.name and row.name))


def _alike(one: str | None, other: str | None) -> bool:
    """Tell whether two formats say the same, of which one may cut it off or add to it."""
    short, long = sorted((bare(one), bare(other)), key=len)
    return bool(short) and short in long
