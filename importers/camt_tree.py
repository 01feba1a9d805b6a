"""The leaves of an XML element, by path, whatever version of CAMT it is.

Names are local names: namespaces and prefixes do not count. Between versions the
standard put a level `Pty` around parties and renamed `BIC` to `BICFI`; both are read
as if it had not. Addresses, agents, charges and the like are passed over: no line tells
them. A path is written from the element down, such as
``RltdPties/Cdtr/Nm``; of repeated leaves the first counts, except for texts that
banks cut into pieces, which are joined.

Source: ISO 20022 camt.052, camt.053 and camt.054, versions 01 to 13.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from typing import NamedTuple

from importers.errors import FileTooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

CURRENCY = "@Ccy"
MAX_NAMES = 20_000
_TRANSPARENT = frozenset({"Pty"})
_RENAMED = {"BICFI": "BIC", "AnyBIC": "BIC", "BICOrBEI": "BIC"}
_JOINED = frozenset({"Ustrd", "AddtlRmtInf", "Ref", "Nb"})
_SKIPPED = frozenset({"RltdAgts", "PstlAdr", "CtctDtls", "Chrgs", "Intrst", "Avlbty", "RltdDts", "Tax", "SplmtryData"})
_MAX_SHAPES = 500
_MAX_NODES = 200

Leaves = dict[str, str]


class Branch(NamedTuple):
    """The leaves of an entry and, apart, those of each of its transaction details."""

    leaves: Leaves
    details: list[Leaves]


class Names:
    """How many names of elements a file has shown; no bank has as many as would fill the memory."""

    __slots__ = ("_count",)

    def __init__(self) -> None:
        self._count = 0

    def one_more(self) -> None:
        """Count a name that was not met before in its place.

        Raises:
            FileTooLarge: There are more than the standard has, by far.
        """
        self._count += 1
        if self._count > MAX_NAMES:
            raise FileTooLarge("elements of ever new names", f"{MAX_NAMES:,} names")


class Paths(dict[str, "Paths"]):
    """A tree of element names that grows as a file shows them, so that each path is spelled once per file."""

    __slots__ = ("currency", "is_detail", "is_joined", "is_skipped", "names", "path")

    def __init__(self, names: Names, path: str = "", local_name: str = "") -> None:
        super().__init__()
        self.names = names
        self.path = path
        self.currency = path + CURRENCY if local_name == "Amt" else None
        self.is_detail = path == "NtryDtls/TxDtls"
        self.is_joined = local_name in _JOINED
        self.is_skipped = local_name in _SKIPPED

    def __missing__(self, tag: str) -> Paths:
        self.names.one_more()
        name = local_name(tag)
        name = _RENAMED.get(name, name)
        if name in _TRANSPARENT:
            below = Paths(self.names, self.path, name)
        else:
            below = Paths(self.names, f"{self.path}/{name}" if self.path else name, name)
        self[tag] = below
        return below


class _Step(NamedTuple):
    """One leaf of a shape: which node it is, and where its text belongs."""

    place: int
    path: str
    currency: str | None
    is_joined: bool


class _Steps:
    """Which nodes of a shape are leaves, and where their texts belong: mostly each in a place of its own."""

    __slots__ = ("_plain", "_special")

    def __init__(self, steps: Sequence[_Step]) -> None:
        often = Counter(step.path for step in steps)
        self._plain = [(step.path, step.place) for step in steps if often[step.path] == 1 and not step.currency]
        self._special = [step for step in steps if often[step.path] > 1 or step.currency]

    def leaves(self, nodes: Sequence[_Element]) -> Leaves:
        """Return the texts of nodes."""
        leaves = {
            path: text for path, place in self._plain if (written := nodes[place].text) and (text := written.strip())
        }
        for place, path, currency, is_joined in self._special:
            text = (nodes[place].text or "").strip()
            if text and path not in leaves:
                leaves[path] = text
                if currency:
                    leaves[currency] = nodes[place].get("Ccy", "")
            elif text and is_joined:
                leaves[path] += " " + text
        return leaves


class _Shape:
    """Elements of the same names, one inside the other in the same way: what to take from each of them.

    Banks write the same few shapes over and over, so that a shape is worked out once.
    """

    __slots__ = ("_details", "_own")

    def __init__(self, tags: Sequence[str], sizes: Sequence[int], paths: Paths, detail_paths: Paths) -> None:
        own: list[_Step] = []
        details: list[list[_Step]] = []

        def walk(place: int, paths: Paths, steps: list[_Step] | None) -> int:
            """Work out what is below the node before a place; return the place after it."""
            for _ in range(sizes[place - 1]):
                below = paths[tags[place]]
                into = None if below.is_skipped else steps
                if not sizes[place]:
                    if into is not None:
                        into.append(_Step(place, below.path, below.currency, below.is_joined))
                    place += 1
                elif into is not None and below.is_detail:
                    details.append([])
                    place = walk(place + 1, detail_paths, details[-1])
                else:
                    place = walk(place + 1, below, into)
            return place

        walk(1, paths, own)
        self._own, self._details = _Steps(own), [_Steps(steps) for steps in details]

    def of(self, nodes: Sequence[_Element]) -> Branch:
        """Return the leaves of elements that have this shape."""
        return Branch(self._own.leaves(nodes), [steps.leaves(nodes) for steps in self._details])


class Shapes:
    """Collects the leaves under elements of one kind, such as entries.

    Args:
        paths: The names of elements below them.
        detail_paths: The names below a transaction detail.
    """

    __slots__ = ("_detail_paths", "_known", "paths")

    def __init__(self, paths: Paths, detail_paths: Paths) -> None:
        self.paths, self._detail_paths = paths, detail_paths
        self._known: dict[tuple[tuple[str, ...], tuple[int, ...]], _Shape] = {}

    def gather(self, element: _Element) -> Branch:
        """Collect the leaves under an element.

        Returns:
            Leaves by path; texts as written, an amount's currency under its path and `CURRENCY`.

        Raises:
            FileTooLarge: Ever new names of elements.
        """
        nodes = list(element.iter())
        tags, sizes = tuple([node.tag for node in nodes]), tuple(map(len, nodes))
        shape = self._known.get((tags, sizes))
        if shape is None:
            shape = _Shape(tags, sizes, self.paths, self._detail_paths)
            if len(nodes) <= _MAX_NODES and len(self._known) < _MAX_SHAPES:
                self._known[tags, sizes] = shape
        return shape.of(nodes)


def local_name(tag: str) -> str:
    """Return an element's name without its namespace."""
    return tag.rpartition("}")[2]
