"""Many values kept in order without filling the memory: few stay where they are, more go to a file.

The file is private, has no name, and is gone when nobody holds it any more or the process ends, however that
happens. Whatever the values are, the file holds plain ones only; pack and unpack turn one into the other.

Invariant: what is kept comes back equal and in the same order, as often as it is asked for.
"""

from __future__ import annotations

import marshal
import os
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO
from typing import TYPE_CHECKING
from typing import Any
from typing import Generic
from typing import TypeVar
from typing import overload

from ledger.errors import DiskFull

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterable
    from collections.abc import Iterator

T = TypeVar("T")
IN_MEMORY = 4000
BATCH = 500


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
        self.held = 0

    def keep(self, values: Iterable[T], packing: Packing[T]) -> Sequence[T]:
        """Keep values, and return them as often as asked."""
        kept = Keeping(self, packing)
        for value in values:
            kept.append(value)
        return kept.done()

    def write(self, data: bytes) -> int:
        """Write at the end of the file and return where.

        Raises:
            DiskFull: There is no room for it.
        """
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - held as long as what is kept in it
            weakref.finalize(self, self._file.close)
        place, self._end = self._end, self._end + len(data)
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise DiskFull from error
        return place

    def read(self, place: int, size: int) -> bytes:
        """Return what was written at a place."""
        assert self._file is not None, "nothing was written"
        return os.pread(self._file.fileno(), size, place)


class Keeping(Generic[T]):
    """Values that are being kept one by one."""

    def __init__(self, spool: Spool, packing: Packing[T]) -> None:
        self._spool = spool
        self._packing = packing
        self._chunks: list[tuple[int, int]] = []
        self._last: list[T] = []
        self._length = 0

    def append(self, value: T) -> None:
        """Keep one more."""
        self._last.append(value)
        self._length += 1
        self._spool.held += 1
        if self._spool.held > IN_MEMORY and len(self._last) >= BATCH:
            self._put_away()

    def done(self) -> Sequence[T]:
        """Return what was kept."""
        if self._last and (self._chunks or self._spool.held > IN_MEMORY):
            self._put_away()
        if not self._chunks:
            return tuple(self._last)
        return Kept(self._spool, self._packing, tuple(self._chunks), self._length)

    def _put_away(self) -> None:
        """Move the last values to the file."""
        data = marshal.dumps([self._packing.pack(value) for value in self._last])
        self._chunks.append((self._spool.write(data), len(data)))
        self._spool.held -= len(self._last)
        self._last = []


class Kept(Sequence[T]):
    """Values that lie in the file; walking along them is quick, picking one is not."""

    __slots__ = ("_chunks", "_length", "_packing", "_spool")

    def __init__(self, spool: Spool, packing: Packing[T], chunks: tuple[tuple[int, int], ...], length: int) -> None:
        self._spool = spool
        self._packing = packing
        self._chunks = chunks
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        unpack = self._packing.unpack
        for place, size in self._chunks:
            yield from map(unpack, marshal.loads(self._spool.read(place, size)))  # noqa: S302 - our own private file

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            return tuple(self)[place]
        return next(islice(iter(self), range(self._length)[place], None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_equal, self, other))

    def __hash__(self) -> int:
        return hash((self._length, self._chunks))


def _equal(one: object, other: object) -> bool:
    return one == other
