"""An entry: its header, its closed list of fields, and the bytes that stand for it.

    {"v", "log", "book", "seq", "prev", "type", "recorded", "by", [the type's public fields],
     ["commit": {the type's committed fields}], ["sig": [{"by", "key", "sig"}]]}

All of a type's fields are always there, null where there is nothing to say. Values of
committed fields never stand in an entry.

Source: DESIGN "Entry".
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Protocol

from ledger.canonical import canonical
from ledger.canonical import parse
from ledger.errors import MalformedEntry
from ledger.fields import are_commitments
from ledger.fields import calendar_day
from ledger.header import HEADER
from ledger.header import check_fields
from ledger.header import check_header
from ledger.header import read_instant
from ledger.merkle import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ledger.canonical import Json
    from ledger.commitment import Opening
    from ledger.fields import Kind

VERSION = 1
MAX_BYTES = 65_535
FIRST_PREV = "0" * 64
DISTRICT = "district"


class Views(Protocol):
    """What an entry type may do to the tables that pages read."""

    def insert(self, table: str, row: Mapping[str, object]) -> None:
        """Add a row."""

    def update(self, table: str, key: Mapping[str, object], changes: Mapping[str, object]) -> None:
        """Change the rows whose columns equal `key`."""

    def add(self, table: str, key: Mapping[str, object], amounts: Mapping[str, int]) -> None:
        """Add amounts to the row with this primary key, made at need with zeros."""

    def put(self, table: str, key: Mapping[str, object], values: Mapping[str, object]) -> None:
        """Add the row with this primary key, or change the one that is there."""

    def remove(self, table: str, key: Mapping[str, object]) -> None:
        """Take away the rows whose columns equal `key`."""

    def find(self, book: str, seqs: Sequence[int]) -> Sequence[Entry]:
        """Return entries of a book, in the order asked."""

    def openings(self, indices: Sequence[int]) -> Sequence[Mapping[str, Opening]]:
        """Return the openings that still exist of entries' commitments, in the order asked."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its place in the log.

    Attributes:
        idx: Its place among all entries of the installation, from 0.
        body: What its bytes say.
        data: Its canonical bytes.
        hash: SHA-256(0x00 || data).
    """

    idx: int
    body: Mapping[str, Json]
    data: bytes
    hash: bytes

    @property
    def book(self) -> str:
        """Return the book that the entry stands in."""
        return self.words("book")

    @property
    def owner(self) -> str:
        """Return the id of the book's foundation or initiative ("" for the district)."""
        return self.book.partition("/")[2]

    @property
    def seq(self) -> int:
        """Return the place in its book, from 0."""
        return self.integer("seq")

    @property
    def type(self) -> str:
        """Return the entry's type."""
        return self.words("type")

    @property
    def recorded_at(self) -> dt.datetime:
        """Return the instant of recording (UTC)."""
        return read_instant(self.words("recorded"))

    @property
    def by(self) -> list[str]:
        """Return the ids of the people who did it."""
        return [str(person) for person in self.items("by")]

    def value(self, name: str) -> Json:
        """Return a field's value.

        Raises:
            MalformedEntry: The entry, perhaps of another type than expected, has no such field.
        """
        if name not in self.body:
            raise MalformedEntry(f"{name} is missing")
        return self.body[name]

    def words(self, name: str) -> str:
        """Return a field that is text."""
        value = self.body.get(name)
        if isinstance(value, str):
            return value
        self.value(name)
        raise MalformedEntry(f"{name} is not text")

    def words_or_none(self, name: str) -> str | None:
        """Return a field that is text or null."""
        return None if self.value(name) is None else self.words(name)

    def integer(self, name: str) -> int:
        """Return a field that is a whole number."""
        value = self.body.get(name)
        if isinstance(value, int):
            return value
        self.value(name)
        raise MalformedEntry(f"{name} is not a whole number")

    def integer_or_none(self, name: str) -> int | None:
        """Return a field that is a whole number or null."""
        return None if self.value(name) is None else self.integer(name)

    def yes(self, name: str) -> bool:
        """Return a field that is true or false."""
        return self.value(name) is True

    def day(self, name: str) -> dt.date:
        """Return a field that is a calendar day."""
        written = self.words(name)
        try:
            return calendar_day(written)
        except MalformedEntry as error:
            raise MalformedEntry(f"{name} is not a day") from error

    def day_or_none(self, name: str) -> dt.date | None:
        """Return a field that is a calendar day or null."""
        return None if self.value(name) is None else self.day(name)

    def items(self, name: str) -> list[Json]:
        """Return a field that is a list."""
        value = self.value(name)
        if not isinstance(value, list):
            raise MalformedEntry(f"{name} is not a list")
        return value

    def commits_to(self, name: str) -> bool:
        """Tell whether it commits to a field."""
        commit = self.body.get("commit")
        return isinstance(commit, dict) and name in commit

    def commitments(self) -> dict[str, str]:
        """Return the commitments of the committed fields."""
        commit = self.body.get("commit", {})
        return {name: str(value) for name, value in commit.items()} if isinstance(commit, dict) else {}


def no_view(_entry: Entry, _private: Mapping[str, Json], _views: Views) -> None:
    """Leave the views alone: the entry is kept for its record."""


@dataclass(frozen=True, slots=True)
class Example:
    """Values that a type accepts; tests and the documentation use them."""

    public: Mapping[str, Json]
    private: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryType:
    """One type of entry.

    Attributes:
        name: As it stands in the entry.
        books: The kinds of book it may stand in: district, foundation, initiative.
        public: Its public fields, a closed list.
        committed: Its committed fields, a closed list.
        example: Values that it accepts.
        apply: What it does to the views, given the private values that still exist.
        shows: Committed field -> (view table, column) that holds its value while it is disclosed.
        show: Takes the place of `shows` where a value is spread over rows; given the entry, the
            field, and its value or null.
        version: The version of its closed list.
        least_people: How many people must at least stand in `by`.
    """

    name: str
    books: tuple[str, ...]
    public: Mapping[str, Kind]
    example: Example
    committed: tuple[str, ...] = ()
    apply: Callable[[Entry, Mapping[str, Json], Views], None] = no_view
    shows: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    show: Callable[[Entry, str, Json, Views], None] | None = None
    version: int = VERSION
    least_people: int = 0
    fields: frozenset[str] = field(init=False, repr=False)
    hidden: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once which fields an entry of this type has, and which of them are committed."""
        own = HEADER | self.public.keys() | ({"commit"} if self.committed else set())
        object.__setattr__(self, "fields", own)
        object.__setattr__(self, "hidden", frozenset(self.committed))

    def show_value(self, entry: Entry, name: str, value: Json, views: Views) -> None:
        """Show a disclosed value in the views, or hide it (null)."""
        if self.show is not None:
            self.show(entry, name, value, views)
        elif name in self.shows:
            table, column = self.shows[name]
            views.update(table, {"idx": entry.idx}, {column: value})

    def check(self, body: Mapping[str, Json]) -> None:
        """Refuse a body that is not exactly this type's closed list.

        Raises:
            MalformedEntry: A field is missing, unknown or not of its kind.
        """
        present = body.keys()
        if present != self.fields and present - {"sig"} != self.fields:
            odd = sorted((present - {"sig"}) ^ self.fields)
            raise MalformedEntry(f"{self.name} has other fields than its list: {', '.join(odd)}")
        people = body["by"]
        if not isinstance(people, list) or len(people) < self.least_people:
            raise MalformedEntry(f"by: {self.name} takes at least {self.least_people}")
        check_fields(self.public, body)
        if self.committed:
            _check_commitments(self, body["commit"])


def _check_commitments(type_: EntryType, commit: Json) -> None:
    """Check that exactly the type's committed fields are there."""
    if not isinstance(commit, dict) or commit.keys() != type_.hidden:
        raise MalformedEntry(f"{type_.name} commits to other fields than its list")
    if not are_commitments(commit.values()):
        raise MalformedEntry("a commitment is 43 characters of base64url")


def read_entry(idx: int, data: bytes) -> Entry:
    """Return the entry that bytes stand for, its form checked but not its type's fields.

    Raises:
        MalformedEntry: The bytes are too long, not canonical, or the header is wrong.
    """
    if len(data) > MAX_BYTES:
        raise MalformedEntry(f"it is longer than {MAX_BYTES} bytes")
    body = parse(data)
    check_header(body)
    return Entry(idx, body, data, leaf_hash(data))


def checked_entry(idx: int, data: bytes) -> Entry:
    """Return the entry that bytes stand for, which the verifier has found in order just before."""
    return Entry(idx, json.loads(data), data, leaf_hash(data))


def make_entry(idx: int, body: Mapping[str, Json]) -> Entry:
    """Return a new entry with its canonical bytes and hash.

    Raises:
        MalformedEntry: The header is wrong or the bytes would be too long.
    """
    check_header(body)
    data = canonical(body if isinstance(body, dict) else dict(body))
    if len(data) > MAX_BYTES:
        raise MalformedEntry(f"it would be longer than {MAX_BYTES} bytes; split it")
    return Entry(idx, body, data, leaf_hash(data))


def signing_hash(body: Mapping[str, Json]) -> bytes:
    """Return the hash that a person signs: of the body without `sig`."""
    return hashlib.sha256(canonical({name: value for name, value in body.items() if name != "sig"})).digest()


def read_day(value: Json) -> dt.date | None:
    """Return the day that a field inside a list holds, or None."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else None


def new_id() -> str:
    """Return a fresh random id of 16 hex digits."""
    return secrets.token_hex(8)


def foundation_book(foundation: str) -> str:
    """Return the name of a foundation's book."""
    return f"foundation/{foundation}"


def initiative_book(initiative: str) -> str:
    """Return the name of an initiative's book."""
    return f"initiative/{initiative}"
