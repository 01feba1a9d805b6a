"""The verifier: it reads a record and tells whether anything was altered.

It checks every entry's byte form, fields, place, link and leaf; the root under the signed
checkpoint; and that what is disclosed opens the commitments, neither more nor less. The first
bad entry is the one with the smallest log index whose bytes, link or leaf fails; what is
no entry is named by its object. Needs the standard library and cryptography only.

Source: DESIGN "The ledger"; RFC 6962, section 2.1; C2SP tlog-checkpoint.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.checkpoint import Checkpoint
from ledger.checkpoint import open_note
from ledger.commitment import matches
from ledger.entries import known_type
from ledger.entry import FIRST_PREV
from ledger.entry import read_entry
from ledger.entry import signing_hash
from ledger.errors import BuurtkasError
from ledger.merkle import Frontier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.canonical import Json
    from ledger.commitment import Opening
    from ledger.entry import Entry
    from ledger.record import Record
    from ledger.record import StoredEntry

MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold.

    Attributes:
        index: The log index of the entry concerned, or None where it is about another object.
        what: One English sentence part, naming the object where it is no entry.
    """

    what: str
    index: int | None = None
    book: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found."""

    entries: int
    books: int
    checkpoint: Checkpoint | None
    unsigned: int
    not_understood: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Tell whether everything held."""
        return not self.problems

    @property
    def first(self) -> Problem | None:
        """Return the first bad entry, else the first other problem."""
        entries = [problem for problem in self.problems if problem.index is not None]
        return min(entries, key=lambda problem: problem.index or 0) if entries else next(iter(self.problems), None)


@dataclass(slots=True)
class _Walk:
    """What is known while walking along the log."""

    origin: str
    checkpoint: Checkpoint | None
    openings: dict[tuple[str, int], dict[str, Opening]]
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    shown: set[tuple[str, int, str]] = field(default_factory=set)
    opened: set[tuple[str, int, str]] = field(default_factory=set)
    size: int = 0
    frontier: Frontier = field(default_factory=Frontier)
    root_at_checkpoint: bytes | None = None
    recorded: str = ""
    erased: int = 0
    not_understood: int = 0
    problems: list[Problem] = field(default_factory=list)

    def fault(self, what: str, stored: StoredEntry | None = None) -> None:
        """Note a problem."""
        if stored is None:
            self.problems.append(Problem(what))
        else:
            self.problems.append(Problem(what, stored.idx, stored.book, stored.seq))


def verify(record: Record) -> Report:
    """Check a whole record.

    Raises:
        RecordUnreadable: A published record lacks a file.
    """
    vkey = record.vkey()
    checkpoint, problem = _read_checkpoint(record)
    walk = _Walk(vkey.name, checkpoint, _openings(record))
    if problem:
        walk.fault(problem)
    for stored in record.entries():
        _step(walk, stored)
        if len(walk.problems) >= MOST_PROBLEMS:
            break
    else:
        _check_end(walk)
    size = walk.size
    signed = checkpoint.size if checkpoint else 0
    return Report(size, len(walk.heads), checkpoint, max(0, size - signed), walk.not_understood, tuple(walk.problems))


def _read_checkpoint(record: Record) -> tuple[Checkpoint | None, str | None]:
    """Return the checkpoint whose signature holds, or what is wrong with it."""
    note = record.checkpoint()
    if note is None:
        return None, None
    vkey = record.vkey()
    try:
        checkpoint = open_note(note, vkey)
    except BuurtkasError as error:
        return None, f"checkpoint: {error}"
    if checkpoint.origin != vkey.name:
        return None, "checkpoint: it is of another log"
    return checkpoint, None


def _openings(record: Record) -> dict[tuple[str, int], dict[str, Opening]]:
    """Return the published openings by entry."""
    found: dict[tuple[str, int], dict[str, Opening]] = defaultdict(dict)
    for item in record.disclosures():
        found[item.book, item.seq][item.field] = item.opening
    return dict(found)


def _step(walk: _Walk, stored: StoredEntry) -> None:
    """Check one entry and move on."""
    if stored.idx != walk.size:
        walk.problems.append(Problem(f"entry {walk.size} of the log is missing", walk.size))
        walk.size = stored.idx
    try:
        entry = read_entry(stored.idx, stored.data)
    except BuurtkasError as error:
        walk.fault(str(error), stored)
        _move_on(walk, stored.hash)
        return
    for fault in _faults(walk, stored, entry):
        walk.fault(fault, stored)
    _follow(walk, entry)
    _move_on(walk, entry.hash)


def _move_on(walk: _Walk, leaf: bytes) -> None:
    """Add a leaf; once something is wrong the root no longer tells anything."""
    walk.size += 1
    if walk.problems:
        return
    walk.frontier.append(leaf)
    if walk.checkpoint and walk.size == walk.checkpoint.size:
        walk.root_at_checkpoint = walk.frontier.root()


def _faults(walk: _Walk, stored: StoredEntry, entry: Entry) -> Iterable[str]:
    """Yield what is wrong with one entry."""
    if entry.hash != stored.hash:
        yield "its bytes do not hash to its leaf"
    if (entry.book, entry.seq, entry.type) != (stored.book, stored.seq, stored.type):
        yield "it is kept under another book, place or type than it says"
    if entry.body["log"] != walk.origin:
        yield "it belongs to another log"
    length, head = walk.heads.get(entry.book, (0, FIRST_PREV))
    if entry.seq != length:
        yield f"its place in the book is {entry.seq}, expected {length}"
    elif entry.body["prev"] != head:
        yield "it does not link to the entry before it in its book"
    if entry.words("recorded") < walk.recorded:
        yield "it was recorded before the entry before it"
    yield from _type_faults(walk, entry)
    yield from _signature_faults(entry)


def _type_faults(walk: _Walk, entry: Entry) -> Iterable[str]:
    """Yield what is wrong with the fields of a type that is known; count those that are not."""
    type_ = known_type(entry.body)
    if type_ is None:
        walk.not_understood += 1
        return
    try:
        type_.check(entry.body)
    except BuurtkasError as error:
        yield str(error)


def _signature_faults(entry: Entry) -> Iterable[str]:
    """Yield the personal signatures that do not hold."""
    signatures = entry.body.get("sig", [])
    for item in signatures if isinstance(signatures, list) else []:
        if isinstance(item, dict) and not _signature_holds(item, entry):
            yield "a person's signature does not hold"


def _signature_holds(item: dict[str, Json], entry: Entry) -> bool:
    """Tell whether one personal signature (Ed25519 over the body's hash) holds."""
    key, signature = bytes.fromhex(str(item["key"])), bytes.fromhex(str(item["sig"]))
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signing_hash(entry.body))
    except InvalidSignature:
        return False
    return item["by"] in entry.by


def _follow(walk: _Walk, entry: Entry) -> None:
    """Take note of an entry's head, its commitments that are opened, and what it shows or hides."""
    walk.heads[entry.book] = (entry.seq + 1, entry.hash.hex())
    walk.recorded = max(walk.recorded, entry.words("recorded"))
    commitments = entry.commitments()
    for name, opening in walk.openings.get((entry.book, entry.seq), {}).items():
        walk.opened.add((entry.book, entry.seq, name))
        if not _opens(walk, entry, name, opening, commitments.get(name)):
            walk.fault(f"disclosure of {name} in {entry.book} entry {entry.seq} does not open its commitment")
    if entry.type in {"disclosed", "withdrawn"}:
        pairs = {(entry.book, *_pair(pair)) for pair in entry.items("pairs")}
        walk.shown = walk.shown | pairs if entry.type == "disclosed" else walk.shown - pairs
    elif entry.type == "erasure":
        walk.erased += entry.integer("values")


def _opens(walk: _Walk, entry: Entry, name: str, opening: Opening, commitment: str | None) -> bool:
    """Tell whether a salt and value open the entry's commitment."""
    if commitment is None:
        return False
    try:
        return matches(walk.origin, entry.book, name, opening, commitment)
    except (ValueError, BuurtkasError):
        return False


def _pair(pair: Json) -> tuple[int, str]:
    """Return a pair of a disclosed entry."""
    return (int(str(pair[0])), str(pair[1])) if isinstance(pair, list) else (-1, "")


def _check_end(walk: _Walk) -> None:
    """Check what can be known only at the end: the root, and the disclosures as a whole."""
    checkpoint, size = walk.checkpoint, walk.size
    if checkpoint and size < checkpoint.size:
        missing = f"the log ends at {size} entries, its checkpoint covers {checkpoint.size}"
        walk.problems.append(Problem(missing, size))
    elif checkpoint and not walk.problems and checkpoint.size and walk.root_at_checkpoint != checkpoint.root:
        walk.fault("checkpoint: the entries do not lead to its root")
    _check_disclosures(walk)


def _check_disclosures(walk: _Walk) -> None:
    """Check that exactly what was disclosed, not withdrawn and not erased, is public."""
    published = {(book, seq, name) for (book, seq), names in walk.openings.items() for name in names}
    for book, seq, name in sorted(published - walk.shown):
        walk.fault(f"disclosure of {name} in {book} entry {seq} was never decided")
    missing = sorted(walk.shown - published)
    if len(missing) > walk.erased:
        book, seq, name = missing[0]
        walk.fault(f"disclosure of {name} in {book} entry {seq} is missing")
