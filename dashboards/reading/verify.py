"""The verify page: the last full check's outcome, what waits for a signature, and a line to try it on.

Nothing is verified for a request. What the page says rests on the last full check; how many
entries there are now and how many of them are signed is read anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dashboards.pages.verify import FirstProblem
from dashboards.pages.verify import SampleEntry
from dashboards.pages.verify import VerifyPage
from dashboards.pages.words import word
from dashboards.reading.lines import payment_rows
from dashboards.reading.proofs import include
from dashboards.reading.proofs import newest_signed
from dashboards.reading.sums import unexplained_in_all
from dashboards.work.progress import last_done
from dashboards.work.verification import last_verification
from ledger import tables
from ledger.merkle import leaf_hash
from ledger.sealing import last_sealed

if TYPE_CHECKING:
    from dashboards.reading.proofs import Signed
    from dashboards.reading.state import State
    from dashboards.work.verification import Verification

MISSING_LINE = word("A line is missing from the log.")
CHANGED_LINE = word("A line is not the one that was written here.")
FAULTS = (
    ("entry ", MISSING_LINE),
    ("the log ends", MISSING_LINE),
    ("view", word("What the pages show is not what the books say.")),
    ("private value", word("Something private that belongs to a line was changed, or is missing.")),
    ("disclosure ", word("A name or a text that was made public does not belong to its line, or is missing.")),
    ("seal: ", word("The daily seal does not fit the books: a book is missing, or a part of one.")),
    ("checkpoint", word("The signed note does not fit the books.")),
    ("signer", word("What was signed before does not fit the books.")),
    ("fences", word("A lock that protects the books is missing.")),
    ("database", word("The database is damaged.")),
)
"""What a checker's own words begin with, and the same for people; anything else is about one line."""
AMOUNT = re.compile(r'(?<="amount":)-?\d+')


def verify(state: State) -> VerifyPage:
    """Return the verify page."""
    connection = state.connection
    size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
    books = connection.execute(sa.select(sa.func.count()).select_from(tables.book_head)).scalar_one()
    last, signed = last_verification(state.installation), newest_signed(state.installation)
    return VerifyPage(
        checked=last.held if last else 0,
        total=last.entries if last else size,
        books=last.books if last else books,
        unsigned=max(0, size - (signed.checkpoint.size if signed else 0)),
        not_understood=last.not_understood if last else 0,
        at=last.at if last else None,
        origin=state.installation.settings.origin,
        problem=first_problem(last),
        checkpoint=state.installation.signer.published(),
        sample=_sample(connection, signed),
        newer=max(0, size - last.entries) if last else 0,
        rules_at=connection.execute(sa.select(sa.func.max(tables.run.c.at))).scalar(),
        daily_at=last_done(connection),
        sealed_on=last_sealed(connection),
        looks=state.looks.count(connection),
        unexplained_minor=unexplained_in_all(connection),
    )


def first_problem(last: Verification | None) -> FirstProblem | None:
    """Return the first thing that did not hold, in words for people."""
    if last is None or last.first is None:
        return None
    first = last.first
    return FirstProblem(
        index=first.index, book=first.book, seq=first.seq, what=plain_words(first.what), detail=first.what
    )


def plain_words(what: str) -> str:
    """Return what a checker found as a message id."""
    return next((said for begin, said in FAULTS if what.startswith(begin)), CHANGED_LINE)


def _sample(connection: sa.Connection, signed: Signed | None) -> SampleEntry | None:
    """Return the newest signed payment, cut around its amount."""
    if signed is None:
        return None
    movement = tables.movement
    newest = sa.select(movement.c.idx).where(movement.c.idx < signed.checkpoint.size).order_by(movement.c.idx.desc())
    idx = connection.execute(newest.limit(1)).scalar()
    included = include(connection, signed, idx) if idx is not None else None
    if idx is None or included is None:
        return None
    text = included.entry.data.decode()
    cut = AMOUNT.search(text)
    if cut is None:
        return None
    before, amount, after = text[: cut.start()], int(cut[0]), text[cut.end() :]
    changed = amount + (1 if amount > 0 else -1)
    return SampleEntry(
        before=before,
        amount=amount,
        after=after,
        hash_hex=included.entry.hash.hex(),
        changed_amount=changed,
        changed_hash_hex=leaf_hash(f"{before}{changed}{after}".encode()).hex(),
        index=idx,
        size=signed.checkpoint.size,
        path_hex=tuple(step.hex() for step in included.path),
        root_hex=signed.checkpoint.root.hex(),
        payment=payment_rows(connection, [idx])[0],
    )
