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
        self._held = 0
        self._last: tuple[int, list[Any]] = (-1, [])

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
        return Kept(self, packing, (self.put_away(values, packing),), len(values))

    def put_away(self, values: Sequence[T], packing: Packing[T]) -> tuple[int, int]:
        """Write values at the end of the file and return where, and in how many bytes.

        Raises:
            DiskFull: There is no room for them.
        """
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - held as long as what is kept in it
            weakref.finalize(self, self._file.close)
        data = marshal.dumps([packing.pack(value) for value in values])
        place, self._end = self._end, self._end + len(data)
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise DiskFull from error
        return place, len(data)

    def values(self, place: int, size: int, packing: Packing[T]) -> list[T]:
        """Return what was written at a place; the last is remembered, for who looks at it several times."""
        assert self._file is not None, "nothing was written"
        if self._last[0] != place:
            plain = marshal.loads(os.pread(self._file.fileno(), size, place))  # noqa: S302 - our own private file
            self._last = (place, [packing.unpack(value) for value in plain])
        return self._last[1]


class Keeping(Generic[T]):
    """Values that are being kept one by one; once they are very many, they go to the file meanwhile."""

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
        if len(self._last) >= IN_MEMORY:
            self._put_away()

    def done(self) -> Sequence[T]:
        """Return what was kept."""
        if not self._chunks:
            return tuple(self._last)
        if self._last:
            self._put_away()
        return Kept(self._spool, self._packing, tuple(self._chunks), self._length)

    def _put_away(self) -> None:
        """Move the last values to the file."""
        for start in range(0, len(self._last), BATCH):
            self._chunks.append(self._spool.put_away(self._last[start : start + BATCH], self._packing))
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
        for place, size in self._chunks:
            yield from self._spool.values(place, size, self._packing)

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
