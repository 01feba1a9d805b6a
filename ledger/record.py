"""The public record, as a verifier reads it: from a directory, a running site, or a database.

A published record is a tree of files under one address:

    log/checkpoint          the signed size and root
    log/vkey                the key to check them with
    log/tile/0/...          the hashes of 256 entries each
    log/tile/entries/...    the bytes of 256 entries each, every one after its length (two bytes)
    log/disclosures         one JSON list a line: [book, seq, field, salt, value]
    log/seals/<day>         every book as it was sealed, one JSON list a line: [book, length, head, balance]

Needs the standard library only. Source: C2SP tlog-tiles.
"""

from __future__ import annotations

import http.client
import json
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple
from typing import Protocol

from ledger.checkpoint import VerifierKey
from ledger.checkpoint import open_note
from ledger.commitment import Opening
from ledger.errors import BuurtkasError
from ledger.errors import RecordUnreadable
from ledger.merkle import HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

WIDTH = 256
GROUP = 1000
LENGTH_BYTES = 2
SECONDS = 30


class StoredEntry(NamedTuple):
    """An entry as it is kept: its bytes, and what is kept beside them.

    Attributes:
        beside: Book, place in it and type, where they are kept a second time.
    """

    idx: int
    hash: bytes
    data: bytes
    beside: tuple[object, object, object] | None = None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What opens one commitment, published."""

    book: str
    seq: int
    field: str
    opening: Opening


class Record(Protocol):
    """What a verifier reads."""

    def entries(self) -> Iterator[StoredEntry]:
        """Yield the entries in the order of the log."""

    def disclosures(self) -> Iterator[Disclosed]:
        """Yield what opens commitments."""

    def seal_lists(self, days: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the lists of books that are published beside the seals of some days, with the day."""

    def checkpoint(self) -> str | None:
        """Return the newest signed checkpoint, or None before the first."""

    def vkey(self) -> VerifierKey:
        """Return the key that checkpoints are verified with."""


def tile_path(level: str, number: int, width: int = WIDTH) -> str:
    """Return a tile's path, such as ``tile/0/x001/234`` or ``tile/entries/000.p/17``."""
    parts = [f"{number % GROUP:03d}"]
    while number >= GROUP:
        number //= GROUP
        parts.append(f"x{number % GROUP:03d}")
    path = f"tile/{level}/{'/'.join(reversed(parts))}"
    return path if width == WIDTH else f"{path}.p/{width}"


class PublishedRecord:
    """A record in an exported directory, or at a running site's address.

    Args:
        address: A directory, or an http(s) address.
    """

    def __init__(self, address: str) -> None:
        self._far = address.startswith(("http://", "https://"))
        self._fetch: Callable[[str], bytes] = _site(address) if self._far else _directory(Path(address))
        self._note: str | None = None

    def entries(self) -> Iterator[StoredEntry]:
        """Yield the entries that the checkpoint read last covers.

        Raises:
            RecordUnreadable: A file is missing or cut short.
        """
        size = self._size()
        for number in range((size + WIDTH - 1) // WIDTH):
            width = min(WIDTH, size - number * WIDTH)
            bodies = _split(self._fetch("log/" + tile_path("entries", number, width)))
            hashes = self._fetch("log/" + tile_path("0", number, width))
            if len(bodies) != width or len(hashes) != width * HASH_BYTES:
                raise RecordUnreadable(tile_path("entries", number, width))
            for place, data in enumerate(bodies):
                stored = hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]
                yield StoredEntry(number * WIDTH + place, stored, data)

    def disclosures(self) -> Iterator[Disclosed]:
        """Yield what opens commitments.

        Raises:
            RecordUnreadable: A line is not a disclosure.
        """
        for line in self._fetch("log/disclosures").splitlines():
            yield _disclosed(line)

    def seal_lists(self, days: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the lists of books: of a site the newest alone, of a directory all."""
        for day in days[-1:] if self._far else days:
            yield day, self._fetch(f"log/seals/{day}")

    def checkpoint(self) -> str | None:
        """Return the signed checkpoint, or None before the first."""
        self._note = self._fetch("log/checkpoint").decode(errors="replace") or None
        return self._note

    def vkey(self) -> VerifierKey:
        """Return the key that checkpoints are verified with."""
        return VerifierKey.from_text(self._fetch("log/vkey").decode(errors="replace"))

    def _size(self) -> int:
        """Return the size that the checkpoint covers; nothing is covered by one that does not hold."""
        try:
            return open_note(self._note, self.vkey()).size if self._note else 0
        except BuurtkasError:
            return 0


def _disclosed(line: bytes) -> Disclosed:
    """Read one published disclosure."""
    try:
        book, seq, field, salt, value = json.loads(line)
    except (ValueError, TypeError, RecursionError) as error:
        raise RecordUnreadable("log/disclosures") from error
    if not (isinstance(book, str) and type(seq) is int and isinstance(field, str) and isinstance(salt, str)):
        raise RecordUnreadable("log/disclosures")
    return Disclosed(book, seq, field, Opening(salt, value))


def _split(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle: each stands after its length in two bytes."""
    bodies, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + LENGTH_BYTES], "big")
        at += LENGTH_BYTES
        bodies.append(bundle[at : at + length])
        at += length
    return bodies if at == len(bundle) else []


def _directory(root: Path) -> Callable[[str], bytes]:
    """Return a reader of files below a directory."""

    def fetch(path: str) -> bytes:
        try:
            return (root / path).read_bytes()
        except OSError as error:
            raise RecordUnreadable(path) from error

    return fetch


def _site(address: str) -> Callable[[str], bytes]:
    """Return a reader of a running site."""

    def fetch(path: str) -> bytes:
        request = urllib.request.Request(f"{address.rstrip('/')}/{path}")  # noqa: S310 - http(s) was checked
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - http(s) was checked
                return bytes(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise RecordUnreadable(path) from error

    return fetch
