"""Releasing the texts of payments: which there are, what would be shown of them, and hiding them again.

A text stays behind its commitment. What a treasurer releases is a text with ranges removed, committed to by itself
and disclosed; it shows on the payment's page. Releasing a text anew withdraws what was shown before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.work.errors import ReleaseRefused
from dashboards.work.redaction import says_something
from dashboards.work.redaction import shown_text
from ledger import tables
from ledger.commitment import load_openings
from ledger.entries.foundation.spending_declared import NO_ACCOUNT
from ledger.entries.foundation.transaction import MOVED
from ledger.entry import foundation_book
from ledger.entry import read_entry

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Mapping
    from collections.abc import Sequence
    from typing import Any

    from ledger.canonical import Json
    from ledger.installation import Installation
    from ledger.store import Appender
    from ledger.store import Draft

SEARCHED = 500
"""How many lines that may fit a search are looked at."""
PERSONS = ("person", "sole_trader")
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A payment with a text.

    Attributes:
        text: As the bank gives it.
        known: Names that must not stand in what is shown: the counterparty's, unless it is public.
        shown: What everybody reads of the text now; None where nothing was released.
        release: The place of the release that shows; None where none does.
    """

    seq: int
    booked_on: dt.date
    amount_minor: int
    currency: str
    name: str | None
    text: str
    known: tuple[str, ...]
    shown: str | None
    release: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which texts somebody asks for: those of some statements, or with words in name or text; else all."""

    statements: tuple[int, ...] = ()
    words: str = ""


def count_lines(connection: sa.Connection, foundation: str, asked: Asked) -> int:
    """Return how many lines there are to look through."""
    line = tables.movement
    found = sa.select(sa.func.count()).select_from(line).where(*_mine(foundation, asked))
    return int(connection.execute(found).scalar_one())


def texts(
    connection: sa.Connection, foundation: str, asked: Asked, *, limit: int, offset: int = 0
) -> tuple[TextLine, ...]:
    """Return lines with a text that still exists, the newest first; of a search the first that fit."""
    line, private = tables.movement, tables.private_value
    query = (
        sa.select(line, private.c.body.label("kept"))
        .join(private, private.c.idx == line.c.idx)
        .where(*_mine(foundation, asked))
        .order_by(line.c.booked_on.desc(), line.c.idx.desc())
    )
    if asked.words:
        query = query.where(private.c.body.icontains(asked.words, autoescape=True)).limit(SEARCHED)
    else:
        query = query.limit(limit).offset(offset)
    persons = _persons(connection, foundation)
    lines = [found for row in connection.execute(query) if (found := _line(row, persons))]
    words = asked.words.casefold()
    return tuple(one for one in lines if words in f"{one.name or ''} {one.text}".casefold())[:limit]


def removed_by(connection: sa.Connection, foundation: str, lines: Sequence[TextLine]) -> dict[int, tuple[Range, ...]]:
    """Return the ranges that are not shown of the texts that are released, by a payment's place in the book."""
    entry = tables.entry
    releases = [line.release for line in lines if line.release is not None]
    query = sa.select(entry.c.idx, entry.c.body).where(
        entry.c.book == foundation_book(foundation), entry.c.seq.in_(releases)
    )
    found = [read_entry(idx, body) for idx, body in connection.execute(query)]
    return {release.integer("transaction"): tuple(map(_range, release.items("removed"))) for release in found}


def _range(written: Json) -> Range:
    """Return a range as the entry has it."""
    start, end = (int(str(place)) for place in written) if isinstance(written, list) else (0, 0)
    return start, end


def released_since(connection: sa.Connection, foundation: str, place: int) -> int:
    """Return how many texts show by a release at a place in the book or later."""
    line = tables.movement
    here = (line.c.foundation == foundation, line.c.text_from >= place)
    return int(connection.execute(sa.select(sa.func.count()).select_from(line).where(*here)).scalar_one())


def texts_at(connection: sa.Connection, foundation: str, seqs: Collection[int]) -> dict[int, TextLine]:
    """Return those of some places in the book where a text is."""
    line, private = tables.movement, tables.private_value
    query = sa.select(line, private.c.body.label("kept")).join(private, private.c.idx == line.c.idx)
    rows = connection.execute(query.where(*_mine(foundation, Asked()), line.c.seq.in_(list(seqs))))
    return {found.seq: found for row in rows if (found := _line(row, ()))}


def release(
    installation: Installation,
    foundation: str,
    removed: Mapping[int, Sequence[Range]],
    by: str,
    now: dt.datetime,
) -> int:
    """Release texts, all of them or none, and return the place of the first release in the book.

    Args:
        removed: At least one; by a payment's place in the book, the ranges of its text that are not shown, in order.
        by: Who does it; that they may is for the caller to know.

    Raises:
        ReleaseRefused: There is no such text, a range does not lie within it, or nothing would be left.
    """
    book = foundation_book(foundation)
    with installation.store.writing(now) as appender:
        lines = texts_at(appender.connection, foundation, removed)
        before = _released(appender.connection, foundation, removed)
        _withdraw(installation, appender, book, before, by)
        drafts = [
            _draft(installation, book, lines.get(seq), seq, ranges, by) for seq, ranges in sorted(removed.items())
        ]
        places = [entry.seq for entry in appender.extend(drafts)]
        shown: Json = [[place, "shown"] for place in places]
        appender.append(installation.store.draft(book, "disclosed", {"pairs": shown}, by=(by,)))
    return places[0]


def hide(installation: Installation, foundation: str, seq: int, by: str, now: dt.datetime) -> bool:
    """Withdraw what is shown of a payment's text; tell whether anything was."""
    with installation.store.writing(now) as appender:
        before = _released(appender.connection, foundation, [seq])
        _withdraw(installation, appender, foundation_book(foundation), before, by)
    return bool(before)


def _draft(  # noqa: PLR0917 - one release, six parts
    installation: Installation, book: str, line: TextLine | None, seq: int, ranges: Sequence[Range], by: str
) -> Draft:
    """Return the draft of a release.

    Raises:
        ReleaseRefused: It does not fit the text.
    """
    if line is None:
        raise ReleaseRefused(seq, "there is no text of a payment there")
    places = [place for span in ranges for place in span]
    if places != sorted(places) or any(start == end for start, end in ranges) or places[-1:] > [len(line.text)]:
        raise ReleaseRefused(seq, "a range does not lie within the text")
    shown = shown_text(line.text, ranges)
    if not says_something(shown):
        raise ReleaseRefused(seq, "nothing of the text is left")
    removed: list[Json] = [[start, end] for start, end in ranges]
    return installation.store.draft(
        book, "text released", {"transaction": seq, "removed": removed}, {"shown": shown}, (by,)
    )


def _withdraw(installation: Installation, appender: Appender, book: str, releases: Sequence[int], by: str) -> None:
    """Hide what earlier releases show."""
    pairs: list[Json] = [[release, "shown"] for release in releases]
    if pairs:
        public: dict[str, Json] = {"pairs": pairs, "why": "mistake"}
        appender.append(installation.store.draft(book, "withdrawn", public, by=(by,)))


def _mine(foundation: str, asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    """Return what makes a line one that is asked for."""
    line = tables.movement
    own = (line.c.foundation == foundation, line.c.kind != MOVED, line.c.account != NO_ACCOUNT)
    return (*own, line.c.statement.in_(asked.statements)) if asked.statements else own


def _released(connection: sa.Connection, foundation: str, seqs: Collection[int]) -> list[int]:
    """Return the places of the releases that show now."""
    line = tables.movement
    here = (line.c.foundation == foundation, line.c.seq.in_(list(seqs)), line.c.text_from.is_not(None))
    return list(connection.execute(sa.select(line.c.text_from).where(*here).order_by(line.c.text_from)).scalars())


def _line(row: sa.Row[Any], persons: tuple[str, ...]) -> TextLine | None:
    """Return a line with its text; None where the bank gave none, or it was erased."""
    values = {field: opening.value for field, opening in load_openings(row.kept).items()}
    name, text = values.get("name"), values.get("text")
    if not isinstance(text, str) or not text.strip():
        return None
    public = row.counter is not None or row.name is not None
    own = (name,) if isinstance(name, str) and not public else ()
    return TextLine(
        seq=row.seq,
        booked_on=row.booked_on,
        amount_minor=row.amount_minor,
        currency=row.currency,
        name=name if isinstance(name, str) else None,
        text=text,
        known=(*own, *persons),
        shown=row.text if row.text_from is not None else None,
        release=row.text_from,
    )


def _persons(connection: sa.Connection, foundation: str) -> tuple[str, ...]:
    """Return the names of a foundation's payees that are private persons."""
    payee = tables.payee
    query = sa.select(payee.c.private_name).where(
        payee.c.foundation == foundation, payee.c.private_kind.in_(PERSONS), payee.c.private_name.is_not(None)
    )
    return tuple(connection.execute(query).scalars())
