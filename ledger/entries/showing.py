"""What disclosing and withdrawing do to the views.

While a value is disclosed its salt and value stand in `disclosure`, the public record, and the
value in the column that its entry type names. A value that was erased is not shown. Pairs are taken
field by field, and one kind of change after another, so that the database gets them in few statements.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from ledger.canonical import canonical
from ledger.entries import known_type
from ledger.errors import MalformedEntry

if TYPE_CHECKING:
    from ledger.canonical import Json
    from ledger.commitment import Opening
    from ledger.entry import Entry
    from ledger.entry import Views


def show(entry: Entry, views: Views) -> None:
    """Take the pairs of a `disclosed` entry into the public record."""
    pairs = _pairs(entry)
    targets = views.find(entry.book, [seq for seq, _ in pairs])
    openings = views.openings([target.idx for target in targets])
    shown: list[tuple[dict[str, str | int], Entry, str, Opening]] = []
    for (seq, field), target, opened in zip(pairs, targets, openings, strict=True):
        if not target.commits_to(field):
            raise MalformedEntry(f"entry {seq} of the book does not commit to {field}")
        if field in opened:
            shown.append(({"book": entry.book, "seq": seq, "field": field}, target, field, opened[field]))
    for key, _, _, _ in shown:
        views.remove("disclosure", key)
    for key, _, _, opening in shown:
        views.insert("disclosure", {**key, "salt": opening.salt_hex, "value": canonical(opening.value).decode()})
    for _, target, field, opening in shown:
        _set(target, field, opening.value, views)


def hide(entry: Entry, views: Views) -> None:
    """Take the pairs of a `withdrawn` entry out of the public record."""
    pairs = _pairs(entry)
    targets = views.find(entry.book, [seq for seq, _ in pairs])
    for (seq, field), target in zip(pairs, targets, strict=True):
        views.remove("disclosure", {"book": entry.book, "seq": seq, "field": field})
        _set(target, field, None, views)


def _set(target: Entry, field: str, value: Json, views: Views) -> None:
    """Show or hide a value in the view of the entry that it belongs to."""
    type_ = known_type(target.body)
    if type_ is not None:
        type_.show_value(target, field, value, views)


def _pairs(entry: Entry) -> list[tuple[int, str]]:
    """Return the pairs of an entry, each once, field by field."""
    return sorted(dict.fromkeys(_pair(pair) for pair in entry.items("pairs")), key=itemgetter(1))


def _pair(pair: Json) -> tuple[int, str]:
    """Return a pair as seq and field."""
    if not isinstance(pair, list):
        raise MalformedEntry("a pair is [seq, field]")
    return int(str(pair[0])), str(pair[1])
