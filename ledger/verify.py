"""The verifier: it reads a record and tells whether anything was altered.

It checks every entry's byte form, fields, place, link and leaf; the root under the signed
checkpoint; every daily seal; and that what is disclosed opens the commitments, neither more nor less. The first
bad entry is the one with the smallest log index whose bytes, link or leaf fails; what is
no entry is named by its object. Needs the standard library and cryptography only.

Source: DESIGN "The ledger"; RFC 6962, section 2.1; C2SP tlog-checkpoint.
"""

from __future__ import annotations

from collections import Counter
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
from ledger.fields import BOOK
from ledger.forms import quick_entry
from ledger.merkle import HASH_BYTES
from ledger.merkle import Frontier
from ledger.seal import COUNTED
from ledger.seal import SEAL
from ledger.seal import BookState
from ledger.seal import root_of_list
from ledger.seal import seal_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.canonical import Json
    from ledger.checkpoint import VerifierKey
    from ledger.commitment import Opening
    from ledger.entry import Entry
    from ledger.record import Record
    from ledger.record import StoredEntry

MOST_PROBLEMS = 100
MOST_LETTERS = 300
TRIES = 5


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
    balances: Counter[str] = field(default_factory=Counter)
    sealed: dict[str, str] = field(default_factory=dict)
    shown: set[tuple[str, int, str]] = field(default_factory=set)
    size: int = 0
    frontier: Frontier = field(default_factory=Frontier)
    root_at_checkpoint: bytes | None = None
    leaves: bytes = b""
    entries: int = 0
    recorded: str = ""
    erased: Counter[str] = field(default_factory=Counter)
    not_understood: int = 0
    problems: list[Problem] = field(default_factory=list)

    def fault(self, what: str, stored: StoredEntry | None = None, entry: Entry | None = None) -> None:
        """Note a problem; what a damaged record says beside an entry is passed on only where it can be."""
        what = clean(what)
        if stored is None:
            self.problems.append(Problem(what))
            return
        said = (entry.book, entry.seq, entry.type) if entry else (None, None, None)
        book, seq, _ = stored.beside or said
        book = book if isinstance(book, str) and BOOK.match(book) else None
        self.problems.append(Problem(what, stored.idx, book, seq if isinstance(seq, int) else None))

    def signed_leaf(self, idx: int) -> bytes:
        """Return the leaf that was signed at a place, or nothing where it is not known."""
        return self.leaves[idx * HASH_BYTES : (idx + 1) * HASH_BYTES]


def clean(text: str) -> str:
    """Return text from a record that may be damaged as plain ASCII that is safe to print."""
    return text.encode("ascii", "backslashreplace").decode()[:MOST_LETTERS]


def verify(record: Record, leaves: bytes = b"") -> Report:
    """Check a whole record.

    Args:
        record: What to check.
        leaves: The hashes of the entries that were signed, 32 bytes each, where the verifier has kept them:
            with them the first altered entry is named even if everything after it was linked anew.

    Raises:
        RecordUnreadable: A published record lacks a file.
    """
    vkey = record.vkey()
    openings, note = _read_together(record)
    checkpoint, problem = _read_checkpoint(note, vkey)
    walk = _Walk(vkey.name, checkpoint, openings.found, leaves=leaves)
    for what in (problem, *openings.problems):
        if what:
            walk.fault(what)
    for stored in record.entries():
        _step(walk, stored)
        if len(walk.problems) >= MOST_PROBLEMS:
            break
    else:
        _check_end(walk)
        _check_lists(walk, record)
    size = walk.entries
    signed = checkpoint.size if checkpoint else 0
    return Report(size, len(walk.heads), checkpoint, max(0, size - signed), walk.not_understood, tuple(walk.problems))


def _read_together(record: Record) -> tuple[_Openings, str | None]:
    """Return disclosures and a checkpoint of one moment: a running site may publish while it is read."""
    before = record.checkpoint()
    for _ in range(TRIES):
        openings = _Openings(record)
        note = record.checkpoint()
        if note == before:
            break
        before = note
    return openings, before


def _read_checkpoint(note: str | None, vkey: VerifierKey) -> tuple[Checkpoint | None, str | None]:
    """Return the checkpoint whose signature holds, or what is wrong with it."""
    if note is None:
        return None, None
    try:
        checkpoint = open_note(note, vkey)
    except BuurtkasError as error:
        return None, f"checkpoint: {error}"
    if checkpoint.origin != vkey.name:
        return None, "checkpoint: it is of another log"
    return checkpoint, None


class _Openings:
    """The published openings by entry."""

    def __init__(self, record: Record) -> None:
        self.found: dict[tuple[str, int], dict[str, Opening]] = defaultdict(dict)
        self.problems: list[str] = []
        for item in record.disclosures():
            names = self.found[item.book, item.seq]
            if item.field in names:
                self.problems.append(f"disclosure of {item.field} in {item.book} entry {item.seq} stands twice")
            names[item.field] = item.opening


def _step(walk: _Walk, stored: StoredEntry) -> None:
    """Check one entry and move on."""
    walk.entries += 1
    if not isinstance(stored.idx, int) or stored.idx < walk.size:
        walk.fault("an entry is kept at a place that is not in the log")
        return
    if stored.idx > walk.size:
        walk.problems.append(Problem(f"entry {walk.size} of the log is missing", walk.size))
        walk.size = stored.idx
    quick = quick_entry(stored.idx, stored.data)
    try:
        entry = quick or read_entry(stored.idx, stored.data)
    except BuurtkasError as error:
        walk.fault(str(error), stored)
        _move_on(walk, stored.hash)
        return
    for fault in _faults(walk, stored, entry):
        walk.fault(fault, stored, entry)
    understood = quick is not None or _understood(walk, stored, entry)
    if understood:
        _follow_sealing(walk, stored, entry)
    _follow(walk, entry)
    if understood:
        _follow_showing(walk, entry)
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
    book, seq, recorded = entry.book, entry.seq, entry.words("recorded")
    if entry.hash != stored.hash:
        yield "its bytes do not hash to its leaf"
    if stored.beside is not None and stored.beside != (book, seq, entry.type):
        yield "it is kept under another book, place or type than it says"
    if walk.leaves and walk.signed_leaf(entry.idx) not in {b"", entry.hash}:
        yield "it is another entry than the one that was signed in this place"
    if entry.body["log"] != walk.origin:
        yield "it belongs to another log"
    length, head = walk.heads.get(book, (0, FIRST_PREV))
    if seq != length:
        yield f"its place in the book is {seq}, expected {length}"
    elif entry.body["prev"] != head:
        yield "it does not link to the entry before it in its book"
    if recorded < walk.recorded:
        yield "it was recorded before the entry before it"
    if "sig" in entry.body:
        yield from _signature_faults(entry)


def _understood(walk: _Walk, stored: StoredEntry, entry: Entry) -> bool:
    """Tell whether an entry's fields are those of its type; count types that are not known."""
    type_ = known_type(entry.body)
    if type_ is None:
        walk.not_understood += 1
        return False
    try:
        type_.check(entry.body)
    except BuurtkasError as error:
        walk.fault(str(error), stored, entry)
        return False
    return True


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


def _follow_sealing(walk: _Walk, stored: StoredEntry, entry: Entry) -> None:
    """Add a transaction to its book's balance, and check a seal; nothing is said of one after another fault."""
    kind = entry.type
    if kind == COUNTED:
        walk.balances[entry.book] += entry.integer("amount")
    elif kind == SEAL and not walk.problems:
        books = (BookState(book, *head, walk.balances[book]) for book, head in walk.heads.items())
        for fault in seal_faults(entry, walk.frontier.root(), books, next(reversed(walk.sealed), "")):
            walk.fault(fault, stored)
        walk.sealed[entry.words("day")] = entry.words("books_root")


def _follow(walk: _Walk, entry: Entry) -> None:
    """Take note of an entry's head, and check what is published of its commitments."""
    book, seq = entry.book, entry.seq
    walk.heads[book] = (seq + 1, entry.hash.hex())
    walk.recorded = max(walk.recorded, entry.words("recorded"))
    openings = walk.openings.get((book, seq))
    if not openings:
        return
    commitments = entry.commitments()
    for name, opening in openings.items():
        if name not in commitments or not matches(walk.origin, book, name, opening, commitments[name]):
            walk.fault(f"disclosure of {name} in {book} entry {seq} does not open its commitment")


def _follow_showing(walk: _Walk, entry: Entry) -> None:
    """Take note of what a well-formed entry shows, hides or erases."""
    kind = entry.type
    if kind in {"disclosed", "withdrawn"}:
        pairs = {(entry.book, *_pair(pair)) for pair in entry.items("pairs")}
        (walk.shown.update if kind == "disclosed" else walk.shown.difference_update)(pairs)
    elif kind == "erasure":
        walk.erased[entry.book] += entry.integer("values")


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


def _check_lists(walk: _Walk, record: Record) -> None:
    """Check the lists of books that are published beside the seals."""
    for day, data in record.seal_lists(tuple(walk.sealed)):
        if root_of_list(data).hex() != walk.sealed[day]:
            walk.fault(f"seal: the list of books published for {day} is not what was sealed")


def _check_disclosures(walk: _Walk) -> None:
    """Check that exactly what was disclosed, not withdrawn and not erased, is public."""
    published = {(book, seq, name) for (book, seq), names in walk.openings.items() for name in names}
    for book, seq, name in sorted(published - walk.shown):
        walk.fault(f"disclosure of {name} in {book} entry {seq} was never decided")
    missing = sorted(walk.shown - published)
    count = Counter(book for book, _, _ in missing)
    for book, seq, name in missing:
        if count[book] > walk.erased[book]:
            walk.fault(f"disclosure of {name} in {book} entry {seq} is missing")
