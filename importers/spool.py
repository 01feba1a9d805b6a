"""Many values kept in order without filling the memory: few stay where they are, more go to a file.

The file is private, has no name, and is gone when nobody holds it any more or the process ends, however that
happens. Whatever the values are, the file holds plain ones only; pack and unpack turn one into the other.

Invariant: what is kept comes back equal and in the same order, as often as it is asked for.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from itertools import starmap
from typing import TYPE_CHECKING
from typing import Any
from typing import Generic
from typing import NamedTuple
from typing import TypeVar
from typing import overload

from ledger.errors import DiskFull

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator
    from typing import IO

T = TypeVar("T")
IN_MEMORY = 4000
BATCH = 500
BUFFER = 1024 * 1024
REMEMBERED = 4
"""Batches that are remembered: of statements, of their lines, and of what was worked out for these."""


class Chunk(NamedTuple):
    """Some values in the file: where, in how many bytes, and how many values."""

    place: int
    size: int
    length: int


@dataclass(frozen=True, slots=True)
class Packing(Generic[T]):
    """How values become plain ones (numbers, texts, bytes, tuples, lists, dictionaries) and come back."""

    pack: Callable[[T], Any]
    unpack: Callable[[Any], T]


class Spool:
    """What is kept of one file, in memory as long as it is little."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0
        self._held = 0
        self._unwritten = False
        self._recent: dict[int, list[Any]] = {}

    def keep(self, values: Iterable[T], packing: Packing[T]) -> Sequence[T]:
        """Keep values, and return them as often as asked."""
        keeping = Keeping(self, packing)
        for value in values:
            keeping.append(value)
        return self.settle(keeping.done(), packing)

    def settle(self, values: Sequence[T], packing: Packing[T]) -> Sequence[T]:
        """Return values as they are while memory holds few, else move them to the file."""
        if isinstance(values, Kept) or self._held + len(values) <= IN_MEMORY:
            self._held += 0 if isinstance(values, Kept) else len(values)
            return values
        return Kept(self, packing, tuple(self.put_away(values, packing)))

    def put_away(self, values: Sequence[T], packing: Packing[T]) -> Iterator[Chunk]:
        """Write values at the end of the file and yield where, batch by batch.

        Raises:
            DiskFull: There is no room for them.
        """
        for start in range(0, len(values), BATCH):
            yield self._write(values[start : start + BATCH], packing)

    def _write(self, values: Sequence[T], packing: Packing[T]) -> Chunk:
        """Write a batch at the end of the file and return where.

        Raises:
            DiskFull: There is no room for them.
        """
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=BUFFER)  # noqa: SIM115 - held as long as what is kept in it
            weakref.finalize(self, self._file.close)
        data = marshal.dumps([packing.pack(value) for value in values])
        place, self._end = self._end, self._end + len(data)
        self._unwritten = True
        with _room():
            self._file.write(data)
        return Chunk(place, len(data), len(values))

    def values(self, chunk: Chunk, packing: Packing[T]) -> list[T]:
        """Return what was written at a place; the last few are remembered, for who looks at them several times.

        Raises:
            DiskFull: There is no room for what was written last.
        """
        assert self._file is not None, "nothing was written"
        if self._unwritten:
            with _room():
                self._file.flush()
            self._unwritten = False
        values = self._recent.pop(chunk.place, None)
        if values is None:
            plain = marshal.loads(os.pread(self._file.fileno(), chunk.size, chunk.place))  # noqa: S302 - our own file
            values = [packing.unpack(value) for value in plain]
            if len(self._recent) >= REMEMBERED:
                del self._recent[next(iter(self._recent))]
        self._recent[chunk.place] = values
        return values


def place_of(values: Sequence[T], spool: Spool, packing: Packing[T]) -> tuple[tuple[int, ...], ...]:
    """Return where values lie in a spool's file, in plain values; put them there if they lie elsewhere."""
    chunks = values.chunks if isinstance(values, Kept) and values.spool is spool else spool.put_away(values, packing)
    return tuple(map(tuple, chunks))


def lead_to(spool: Spool, place: Iterable[tuple[int, int, int]], packing: Packing[T]) -> Sequence[T]:
    """Return the values that lie where `place_of` said."""
    chunks = tuple(starmap(Chunk, place))
    return Kept(spool, packing, chunks) if chunks else ()


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """Say in words that the disk is full."""
    try:
        yield
    except OSError as error:
        raise DiskFull from error


class Keeping(Generic[T]):
    """Values that are being kept one by one; once they are very many, they go to the file meanwhile."""

    def __init__(self, spool: Spool, packing: Packing[T]) -> None:
        self._spool = spool
        self._packing = packing
        self._chunks: list[Chunk] = []
        self._last: list[T] = []

    def append(self, value: T) -> None:
        """Keep one more."""
        self._last.append(value)
        if len(self._last) >= IN_MEMORY:
            self._put_away()

    def done(self) -> Sequence[T]:
        """Return what was kept."""
        if not self._chunks:
            return tuple(self._last)
        if self._last:
            self._put_away()
        return Kept(self._spool, self._packing, tuple(self._chunks))

    def _put_away(self) -> None:
        """Move the last values to the file."""
        self._chunks.extend(self._spool.put_away(self._last, self._packing))
        self._last = []


class Kept(Sequence[T]):
    """Values that lie in the file; walking along them is quick, picking one is not."""

    __slots__ = ("_length", "_packing", "chunks", "spool")

    def __init__(self, spool: Spool, packing: Packing[T], chunks: tuple[Chunk, ...]) -> None:
        self.spool = spool
        self._packing = packing
        self.chunks = chunks
        self._length = sum(chunk.length for chunk in chunks)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        return self._from(0)

    def _from(self, first: int) -> Iterator[T]:
        """Walk along the values from a place on; what lies before it stays in the file."""
        for chunk in self.chunks:
            if first < chunk.length:
                yield from islice(self.spool.values(chunk, self._packing), first, None)
            first = max(first - chunk.length, 0)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            wanted = range(self._length)[place]
            if not wanted:
                return ()
            first, last = min(wanted[0], wanted[-1]), max(wanted[0], wanted[-1])
            return tuple(islice(self._from(first), last - first + 1))[:: wanted.step]
        return next(self._from(range(self._length)[place]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_equal, self, other))

    def __hash__(self) -> int:
        return hash((self._length, self.chunks))


class Picked(Sequence[T]):
    """Values in another order than they are kept in, known by their places alone."""

    __slots__ = ("_places", "_values")

    def __init__(self, values: Sequence[T], places: Sequence[int]) -> None:
        self._values, self._places = values, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return Picked(self._values, self._places[place])
        return self._values[self._places[place]]


def _equal(one: object, other: object) -> bool:
    return one == other
