"""Some rows of a CSV at a time: their cells turned on their side, and what came out of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING
from typing import Any

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Hashable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

PlainLine = list[Any]
"""A line's values as `importers.lines.LINES` unpacks them: days are their numbers in the calendar."""
BOOKED, PENDING, NEVER = "booked", "pending", "never"
UNSTATED = -(2**62)


class Cells:
    """The cells of some rows, column by column.

    Args:
        rows: Cells, at least as many in each row as there are places.
        places: The place of each field in a row.
    """

    __slots__ = ("_columns", "_places", "count")

    def __init__(self, rows: Sequence[Sequence[str]], places: Mapping[str, int]) -> None:
        self._columns = list(zip(*rows, strict=False))
        self._places = places
        self.count = len(rows)

    def has(self, field: str) -> bool:
        """Tell whether the bank has a column for a field."""
        return field in self._places

    def of(self, field: str) -> Sequence[str]:
        """Return a field's cells; empty ones where the bank has no such column."""
        place = self._places.get(field)
        return ("",) * self.count if place is None else self._columns[place]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file.

    Attributes:
        keys: To which account each row belongs: its number, None where the bank states none; or the fields that
            tell accounts apart, the number first.
        states: Whether each is booked, pending or never was.
        moments: When each was booked: seconds since the calendar began.
        amounts: By how much each moved the balance.
        runnings: The balance after each, `UNSTATED` where the bank states none.
        currencies: In which currency each is.
        lines: The lines.
        misfits: The positions of rows that state a balance before and after that do not differ by the amount.
    """

    keys: Sequence[Hashable]
    states: Sequence[str]
    moments: Sequence[int]
    amounts: Sequence[int]
    runnings: Sequence[int]
    currencies: Sequence[str]
    lines: Sequence[PlainLine]
    misfits: frozenset[int]

    def apart(self) -> Iterator[tuple[Hashable, str, Batch]]:
        """Yield the rows of each account and state, and which these are."""
        key, state = self.keys[0], self.states[0]
        if self.keys.count(key) == len(self.keys) and self.states.count(state) == len(self.states):
            yield key, state, self
            return
        kinds = list(zip(self.keys, self.states, strict=True))
        for kind in dict.fromkeys(kinds):
            yield *kind, self._only([other == kind for other in kinds])

    def _only(self, chosen: Sequence[bool]) -> Batch:
        return Batch(
            keys=list(compress(self.keys, chosen)),
            states=list(compress(self.states, chosen)),
            moments=list(compress(self.moments, chosen)),
            amounts=list(compress(self.amounts, chosen)),
            runnings=list(compress(self.runnings, chosen)),
            currencies=list(compress(self.currencies, chosen)),
            lines=list(compress(self.lines, chosen)),
            misfits=self.misfits,
        )


class Said:
    """What the bank's labels inside the texts of some rows say.

    Attributes:
        names: The fields that at least one row has.
    """

    __slots__ = ("_rows", "names")

    def __init__(self, rows: Sequence[Mapping[str, str]]) -> None:
        self._rows = rows
        self.names: set[str] = set().union(*filter(None, rows))

    def column(self, field: str) -> list[str]:
        """Return what each row says, empty where it does not."""
        return [row.get(field, "") for row in self._rows]

    def without(self, names: Collection[str], chosen: Sequence[bool]) -> Said:
        """Return it without some fields, except in the rows chosen."""
        return Said(
            [
                row if is_chosen else {name: value for name, value in row.items() if name not in names}
                for row, is_chosen in zip(self._rows, chosen, strict=True)
            ]
        )
