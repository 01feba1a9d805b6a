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

from typing import TYPE_CHECKING
from typing import NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

CURRENCY = "@Ccy"
_TRANSPARENT = frozenset({"Pty"})
_RENAMED = {"BICFI": "BIC", "AnyBIC": "BIC", "BICOrBEI": "BIC"}
_JOINED = frozenset({"Ustrd", "AddtlRmtInf", "Ref"})
_SKIPPED = frozenset({"RltdAgts", "PstlAdr", "CtctDtls", "Chrgs", "Intrst", "Avlbty", "RltdDts", "Tax", "SplmtryData"})

Leaves = dict[str, str]


class Paths(dict[str, "Paths"]):
    """A tree of element names that grows as a file shows them, so that each path is spelled once per file."""

    __slots__ = ("is_amount", "is_detail", "is_joined", "is_skipped", "path")

    def __init__(self, path: str = "", local_name: str = "") -> None:
        super().__init__()
        self.path = path
        self.is_amount = local_name == "Amt"
        self.is_detail = path == "NtryDtls/TxDtls"
        self.is_joined = local_name in _JOINED
        self.is_skipped = local_name in _SKIPPED

    def __missing__(self, tag: str) -> Paths:
        name = local_name(tag)
        name = _RENAMED.get(name, name)
        if name in _TRANSPARENT:
            below = Paths(self.path, name)
        else:
            below = Paths(f"{self.path}/{name}" if self.path else name, name)
        self[tag] = below
        return below


class Branch(NamedTuple):
    """The leaves of an entry and, apart, those of each of its transaction details."""

    leaves: Leaves
    details: list[Leaves]


def local_name(tag: str) -> str:
    """Return an element's name without its namespace."""
    return tag.rpartition("}")[2]


def gather(element: _Element, paths: Paths, detail_paths: Paths) -> Branch:
    """Collect the leaves under an element.

    Args:
        element: The element.
        paths: Where in the tree of names the element stands.
        detail_paths: The top of the tree of names of a transaction detail.

    Returns:
        Leaves by path; texts as written, an amount's currency under its path and `CURRENCY`.
    """
    branch = Branch({}, [])
    _walk(element, paths, branch.leaves, branch.details, detail_paths)
    return branch


def _walk(element: _Element, paths: Paths, leaves: Leaves, details: list[Leaves], detail_root: Paths) -> None:
    for child in element:
        below = paths[child.tag]
        if len(child):
            if below.is_detail:
                detail: Leaves = {}
                _walk(child, detail_root, detail, details, detail_root)
                details.append(detail)
            elif not below.is_skipped:
                _walk(child, below, leaves, details, detail_root)
        elif text := child.text:
            path = below.path
            if path not in leaves:
                leaves[path] = text.strip()
                if below.is_amount:
                    leaves[path + CURRENCY] = child.get("Ccy", "")
            elif below.is_joined:
                leaves[path] += " " + text.strip()
