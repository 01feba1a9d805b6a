"""The seal of a day: the log's size and root, and one root over all books.

Each book is one line, the canonical bytes of [book, length, head, balance]; the lines stand sorted by book, and are
the leaves of a Merkle tree whose root the `seal` entry holds. So a book that is kept out of sight, or one
whose tail was cut off, no longer leads to what was sealed on any day since. A balance is the sum of the
book's `transaction` amounts, in hundredths; nought in a book without any.

Needs the standard library only. Source: DESIGN "One hash, two structures"; RFC 6962, section 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.canonical import canonical
from ledger.merkle import leaf_hash
from ledger.merkle import root_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from ledger.entry import Entry

SEAL = "seal"
COUNTED = "transaction"
"""The type whose amounts make a book's balance."""


@dataclass(frozen=True, slots=True, order=True)
class BookState:
    """How far a book has come.

    Attributes:
        head: The hash of its last entry, in hex.
        balance_minor: The sum of its transactions.
    """

    book: str
    length: int
    head: str
    balance_minor: int

    @property
    def line(self) -> bytes:
        """Return the leaf's bytes, which are also its line in the published list."""
        return canonical([self.book, self.length, self.head, self.balance_minor])


def books_root(books: Iterable[BookState]) -> bytes:
    """Return the root over books, in whatever order they come."""
    return root_of(leaf_hash(book.line) for book in sorted(books))


def written(books: Iterable[BookState]) -> bytes:
    """Return the list that is published beside a seal, a book a line."""
    return b"".join(book.line + b"\n" for book in sorted(books))


def root_of_list(data: bytes) -> bytes:
    """Return the root that a published list leads to."""
    return root_of(leaf_hash(line) for line in data.split(b"\n") if line)


def seal_faults(seal: Entry, root: bytes, books: Iterable[BookState], before: str) -> Iterator[str]:
    """Yield what a seal says that is not so.

    Args:
        root: The root over all entries before it.
        books: All books as they stood before it.
        before: The day of the seal before it, "" where there is none.
    """
    day, states = seal.words("day"), list(books)
    if day <= before:
        yield f"seal: that of {day} stands after that of {before}"
    if seal.integer("size") != seal.idx:
        yield f"seal: it is over {seal.integer('size')} entries, but {seal.idx} stand before it"
    elif seal.words("root") != root.hex():
        yield f"seal: the entries before it do not lead to the root that was sealed on {day}"
    if (seal.integer("books"), seal.words("books_root")) != (len(states), books_root(states).hex()):
        yield f"seal: the books are not those that were sealed on {day}"
