"""The verifier on small records made by hand: every fault is found, nothing raises."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.checkpoint import Checkpoint
from ledger.checkpoint import VerifierKey
from ledger.checkpoint import sign
from ledger.commitment import Opening
from ledger.commitment import commit
from ledger.entry import FIRST_PREV
from ledger.entry import make_entry
from ledger.entry import signing_hash
from ledger.merkle import EMPTY_ROOT
from ledger.merkle import root_of
from ledger.record import Disclosed
from ledger.record import StoredEntry
from ledger.verify import MOST_PROBLEMS
from ledger.verify import Report
from ledger.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

LOG = "buurtkas.example/proef"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = VerifierKey(LOG, KEY.public_key().public_bytes_raw())
PERSON = "8899aabbccddeeff"
NAME = Opening("5e" * 32, "Proef")
RUN: dict[str, Any] = {"type": "key rotated", "old": "5e" * 32, "new": "5e" * 32}


@dataclass
class HandMade:
    """A record made by hand."""

    stored: list[StoredEntry] = field(default_factory=list)
    opened: list[Disclosed] = field(default_factory=list)
    note: str | None = None
    lists: dict[str, bytes] = field(default_factory=dict)

    def add(self, book: str = "district", **fields: Any) -> StoredEntry:  # noqa: ANN401 - hostile on purpose
        """Add an entry that fits the ones before it, but for what is said otherwise."""
        mine = [stored for stored in self.stored if stored.beside and stored.beside[0] == book]
        body: dict[str, Any] = {"v": 1, "log": LOG, "book": book, "seq": len(mine), "by": []}
        body |= {"prev": mine[-1].hash.hex() if mine else FIRST_PREV, "recorded": "2026-11-23T20:00:00Z"}
        body |= RUN if "type" not in fields else {}
        entry = make_entry(len(self.stored), {**body, **fields})
        self.stored.append(StoredEntry(entry.idx, entry.hash, entry.data, (entry.book, entry.seq, entry.type)))
        return self.stored[-1]

    def open_log(self) -> None:
        """Add a first entry that commits to a name."""
        committed = {"name": commit(LOG, "district", "name", NAME)}
        self.add(type="log opened", clock="real", commit=committed)

    def change(self, place: int, **changes: object) -> None:
        """Change what is kept beside an entry."""
        stored = self.stored[place]
        beside = dict(zip(("book", "seq", "type"), stored.beside or (), strict=True))
        beside.update({name: changes.pop(name) for name in tuple(beside) if name in changes})
        self.stored[place] = stored._replace(beside=tuple(beside.values()), **changes)  # type: ignore[arg-type]  # hostile

    def sign(self, size: int | None = None, origin: str = LOG, root: bytes | None = None) -> None:
        """Sign the log as it is."""
        size = len(self.stored) if size is None else size
        root = root or root_of(stored.hash for stored in self.stored[:size])
        self.note = sign(Checkpoint(origin, size, root), KEY, LOG)

    def entries(self) -> Iterator[StoredEntry]:
        """Yield the entries."""
        yield from self.stored

    def seal_lists(self, days: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the lists of books."""
        yield from ((day, self.lists[day]) for day in days if day in self.lists)

    def disclosures(self) -> Iterator[Disclosed]:
        """Yield the disclosures."""
        yield from self.opened

    def checkpoint(self) -> str | None:
        """Return the checkpoint."""
        return self.note

    def vkey(self) -> VerifierKey:
        """Return the key."""
        return VKEY


@pytest.fixture
def record() -> HandMade:
    """Three entries of two books, signed."""
    made = HandMade()
    made.open_log()
    made.add("foundation/00112233445566aa", type="statement confirmed", by=["00112233445566bb"], statement=0)
    made.add()
    made.sign()
    return made


def _first(report: Report) -> tuple[int | None, str]:
    assert report.first is not None
    assert not report.ok
    return report.first.index, report.first.what


def test_a_sound_record_holds(record: HandMade) -> None:
    """Entries, books and unsigned entries are counted, and nothing is found."""
    record.add()
    report = verify(record)
    assert (report.ok, report.first, report.entries, report.books) == (True, None, 4, 2)
    assert (report.unsigned, report.not_understood) == (1, 0)
    assert report.checkpoint is not None
    assert report.checkpoint.size == 3


def test_an_empty_record_holds() -> None:
    """Before the first entry there is nothing to complain of, with or without a checkpoint."""
    record = HandMade()
    assert verify(record).ok
    record.sign()
    assert verify(record).ok


def test_types_of_later_versions_are_counted_and_not_complained_of(record: HandMade) -> None:
    """What this version does not know is checked structurally, even where it bears the name of a known type."""
    record.add(type="something new", words="whatever")
    record.add(v=2, type="disclosed")
    record.add(v=2, type="erasure", commit={"x": "é"})
    record.sign()
    report = verify(record)
    assert (report.ok, report.not_understood) == (True, 3)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"log": "another.example"}, "belongs to another log"),
        ({"seq": 5}, "its place in the book is 5, expected 2"),
        ({"prev": "5e" * 32}, "does not link"),
        ({"recorded": "2026-11-23T19:59:59Z"}, "recorded before the entry before it"),
        ({"type": "seal"}, "other fields than its list"),
        ({"type": "disclosed", "pairs": [[]]}, "a list of 2"),
        ({"type": "disclosed", "pairs": 5}, "a list is expected"),
        ({"type": "erasure", "values": "x", "why": "request", "commit": {}}, "values: "),
    ],
)
def test_an_entry_that_does_not_fit_is_named(record: HandMade, fields: dict[str, Any], what: str) -> None:
    """Each rule about entries is checked, also where they were signed."""
    record.add(**fields)
    record.sign()
    index, found = _first(verify(record))
    assert index == 3
    assert what in found


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"data": b"{}"}, "header field is missing"),
        ({"data": b""}, "not JSON"),
        ({"hash": b"x" * 32}, "do not hash to its leaf"),
        ({"hash": "text"}, "do not hash to its leaf"),
        ({"book": "initiative/00112233445566aa"}, "kept under another"),
        ({"book": "\udcff"}, "kept under another"),
        ({"book": None, "seq": 1.5}, "kept under another"),
        ({"seq": 8}, "kept under another"),
        ({"type": "run"}, "kept under another"),
    ],
)
def test_what_is_kept_beside_an_entry_must_fit_it(record: HandMade, changes: dict[str, object], what: str) -> None:
    """Bytes, leaf, book, place and type belong together."""
    record.change(1, **changes)
    index, found = _first(verify(record))
    assert index == 1
    assert what in found
    assert found.isascii()


def test_missing_and_stray_entries_are_told_apart(record: HandMade) -> None:
    """A gap is named by its place; what stands outside the log is named as such."""
    record.change(1, idx=7)
    assert _first(verify(record)) == (1, "entry 1 of the log is missing")
    record.change(1, idx=1)
    record.stored.insert(0, record.stored[0]._replace(idx=-4))
    assert _first(verify(record)) == (None, "an entry is kept at a place that is not in the log")
    record.change(0, idx="x")
    assert _first(verify(record)) == (None, "an entry is kept at a place that is not in the log")


def test_a_log_cut_short_is_named_at_its_end(record: HandMade) -> None:
    """The checkpoint says how long the log was."""
    record.stored.pop()
    assert _first(verify(record)) == (2, "the log ends at 2 entries, its checkpoint covers 3")


def test_a_rewritten_log_does_not_lead_to_the_root(record: HandMade) -> None:
    """Where every entry fits but the past was another, the root tells; kept leaves tell which entry."""
    leaves = b"".join(stored.hash for stored in record.stored)
    record.stored[1:] = []
    record.add("foundation/00112233445566aa", type="statement confirmed", by=["00112233445566bb"], statement=1)
    record.add()
    assert _first(verify(record)) == (None, "checkpoint: the entries do not lead to its root")
    index, what = _first(verify(record, leaves))
    assert index == 1
    assert "another entry than the one that was signed" in what


@pytest.mark.parametrize(
    ("note", "what"), [("", "checkpoint: "), ("x\n\n", "checkpoint: "), ("a\n\n— b AAAA\n", "bears no signature")]
)
def test_a_checkpoint_that_cannot_be_read_is_named(record: HandMade, note: str, what: str) -> None:
    """A damaged checkpoint is a finding, not an error."""
    record.note = note
    index, found = _first(verify(record))
    assert index is None
    assert what in found


def test_a_checkpoint_of_another_log_or_root_is_named(record: HandMade) -> None:
    """The origin and the root belong to this log."""
    record.sign(origin="another.example")
    assert _first(verify(record))[1] == "checkpoint: it is of another log"
    record.sign(root=EMPTY_ROOT)
    assert _first(verify(record))[1] == "checkpoint: the entries do not lead to its root"


def test_findings_are_limited(record: HandMade) -> None:
    """A record that is wrong throughout does not fill the memory with findings."""
    for _ in range(MOST_PROBLEMS * 2):
        record.add(prev="5e" * 32)
    assert len(verify(record).problems) == MOST_PROBLEMS


def _show(record: HandMade, *pairs: list[object], opening: Opening = NAME) -> None:
    record.add(type="disclosed", pairs=list(pairs))
    record.opened.append(Disclosed("district", 0, "name", opening))
    record.sign()


def test_what_is_disclosed_opens_its_commitment(record: HandMade) -> None:
    """A decided disclosure that opens is accepted, and gone again once it is withdrawn."""
    _show(record, [0, "name"])
    assert verify(record).ok
    record.add(type="withdrawn", pairs=[[0, "name"]], why="request")
    record.sign()
    assert _first(verify(record))[1] == "disclosure of name in district entry 0 was never decided"
    record.opened.clear()
    assert verify(record).ok


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"opening": Opening("5e" * 32, "Anders")}, "does not open its commitment"),
        ({"opening": Opening("", None)}, "does not open its commitment"),
        ({"field": "kvk"}, "does not open its commitment"),
        ({"seq": 1}, "does not open|was never decided"),
        ({"seq": 99}, "was never decided"),
        ({"book": "\udcff"}, "was never decided"),
    ],
)
def test_a_false_disclosure_is_named(record: HandMade, change: dict[str, Any], what: str) -> None:
    """Neither another value nor another place nor another field passes."""
    _show(record, [0, "name"])
    record.opened[0] = dataclasses.replace(record.opened[0], **change)
    report = verify(record)
    assert any(part in problem.what for problem in report.problems for part in what.split("|"))
    assert report.first is not None
    assert report.first.what.startswith("disclosure of ")
    assert report.first.what.isascii()


def test_a_disclosure_stands_once(record: HandMade) -> None:
    """A false line cannot hide before the true one."""
    _show(record, [0, "name"])
    record.opened.insert(0, Disclosed("district", 0, "name", Opening("00" * 32, "Anders")))
    assert _first(verify(record))[1] == "disclosure of name in district entry 0 stands twice"


def test_as_much_may_be_missing_as_was_erased_in_that_book(record: HandMade) -> None:
    """An erasure excuses missing values of its own book alone."""
    _show(record, [0, "name"])
    record.opened.clear()
    assert _first(verify(record))[1] == "disclosure of name in district entry 0 is missing"
    erasure: dict[str, Any] = {"type": "erasure", "values": 1, "why": "request", "commit": {"list": "A" * 43}}
    record.add("foundation/00112233445566aa", **erasure)
    record.sign()
    assert _first(verify(record))[1] == "disclosure of name in district entry 0 is missing"
    record.add(**erasure)
    record.sign()
    assert verify(record).ok


def _signed(record: HandMade, by: str, *, spoil: bool = False) -> None:
    body: dict[str, Any] = {
        "v": 1,
        "log": LOG,
        "book": "district",
        "seq": 2,
        "by": [PERSON],
        "recorded": "2026-11-23T20:00:00Z",
    }
    body |= {**RUN, "prev": record.stored[2].hash.hex()}
    signature = KEY.sign(signing_hash(body) if not spoil else b"")
    item = {"by": by, "key": KEY.public_key().public_bytes_raw().hex(), "sig": signature.hex()}
    record.add(**{**body, "sig": [item]})
    record.sign()


def test_a_persons_signature_is_checked(record: HandMade) -> None:
    """One that holds is accepted."""
    _signed(record, PERSON)
    assert verify(record).ok


@pytest.mark.parametrize(("by", "spoil"), [(PERSON, True), ("00112233445566aa", False)])
def test_a_persons_signature_that_does_not_hold_is_named(record: HandMade, by: str, *, spoil: bool) -> None:
    """One over something else, or by somebody who did not act, is not."""
    _signed(record, by, spoil=spoil)
    assert _first(verify(record)) == (3, "a person's signature does not hold")


class Growing(HandMade):
    """A site that publishes while it is read."""

    reads = 0

    def disclosures(self) -> Iterator[Disclosed]:
        """Yield the disclosures; after the first two times one more is published."""
        yield from list(self.opened)
        self.reads += 1
        if self.reads <= 2:
            self.opened.clear()
            _show(self, [0, "name"])


def test_a_site_may_publish_while_it_is_read() -> None:
    """Checkpoint and disclosures are read again until they are of one moment, and nothing looks tampered."""
    record = Growing()
    record.open_log()
    record.sign()
    assert verify(record).ok
    assert record.reads == 3


class Restless(HandMade):
    """A site whose checkpoint is another one at every look."""

    def disclosures(self) -> Iterator[Disclosed]:
        """Yield nothing, and publish."""
        self.add()
        self.sign()
        yield from ()


def test_a_site_that_never_rests_is_read_all_the_same() -> None:
    """After some tries the verifier takes what it has."""
    assert verify(Restless()).ok
