"""The uploads: balances continue, links fit, and our own readers read every file."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from lxml import etree

from dashboards.demo.district import INITIATIVES
from dashboards.demo.district import after
from dashboards.demo.events import Link
from dashboards.demo.events import Upload
from dashboards.demo.uploads import OVERLAP
from dashboards.demo.uploads import OVERLAP_DAYS
from dashboards.demo.uploads import SEEN_TWICE
from importers.reading import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.demo.world import World


def _uploads(world: World, foundation: str | None = None) -> list[Upload]:
    return [event for event in world.events if isinstance(event, Upload) and foundation in {None, event.foundation}]


def _files(world: World, foundation: str | None = None) -> list[Upload]:
    """Return every file once, also where two people brought it."""
    return list({upload.filename: upload for upload in reversed(_uploads(world, foundation))}.values())[::-1]


def _camt_statements(upload: Upload) -> Iterator[tuple[str, Decimal, Decimal, Decimal]]:
    """Yield account, opening, closing and sum of the lines, read without our own importer."""
    root = etree.fromstring(upload.content)
    for statement in root.iterfind(".//{*}Stmt"):
        opening, closing = (_signed(item) for item in statement.findall("{*}Bal")[:2])
        lines = sum((_signed(item) for item in statement.iterfind("{*}Ntry")), Decimal(0))
        yield statement.findtext("{*}Acct/{*}Id/{*}IBAN") or "", opening, closing, lines


def _signed(element: etree._Element) -> Decimal:
    amount = Decimal(element.findtext("{*}Amt") or "")
    return -amount if element.findtext("{*}CdtDbtInd") == "DBIT" else amount


def _csv_rows(upload: Upload) -> list[tuple[str, Decimal, Decimal]]:
    """Return date, signed amount and balance after, oldest first."""
    rows = csv.DictReader(io.StringIO(upload.content.decode()), delimiter=";")
    figures = [
        (
            row["Datum"],
            Decimal(row["Bedrag (EUR)"].replace(",", ".")) * (-1 if row["Af Bij"] == "Af" else 1),
            Decimal(row["Saldo na mutatie"].replace(",", ".")),
        )
        for row in rows
    ]
    return figures[::-1]


def test_every_bank_s_file_comes_once_a_month(world: World) -> None:
    """Twelve months, in the first days after each, except one that comes weeks late and one that two people bring."""
    brought = Counter((upload.foundation, upload.filename) for upload in _uploads(world))
    assert sorted(Counter(brought.values()).items()) == [(1, 59), (2, 1)]
    assert sum(upload.at.day > 8 for upload in _uploads(world)) == 1
    twice = [upload for upload in _uploads(world) if brought[upload.foundation, upload.filename] == 2]
    assert twice[0].content == twice[1].content
    assert twice[0].actor != twice[1].actor
    assert (twice[0].foundation, twice[1].links) == (SEEN_TWICE[0], {})


def test_camt_balances_close_and_continue(world: World) -> None:
    """Opening plus lines is closing, and each month opens where the last one closed."""
    last: dict[str, Decimal] = {}
    for upload in (*_files(world, "ekster"), *_files(world, "melkput")):
        for account, opening, closing, lines in _camt_statements(upload):
            assert opening + lines == closing
            assert last.get(account, opening) == opening
            last[account] = closing
    assert len(last) == 3


def test_csv_balances_continue_row_by_row_and_file_by_file(world: World) -> None:
    """Each balance follows from the one before, also across the overlapping export."""
    balance_on = {"20251031": Decimal("2640.00")}
    for upload in (file for file in _files(world, "steunpunt") if file.filename.endswith(".csv")):
        rows = _csv_rows(upload)
        for (_, _, before), (_, amount, later) in pairwise(rows):
            assert before + amount == later
        day, amount, later = rows[0]
        assert balance_on[max(known for known in balance_on if known < day)] == later - amount
        balance_on |= {row[0]: row[2] for row in rows}


def test_one_export_overlaps_the_one_before_by_ten_days(world: World) -> None:
    """Its first rows stood in the previous file, byte for byte, and are not linked again."""
    foundation, month = OVERLAP
    june, july = (
        next(item for item in _uploads(world, foundation) if item.at.month == month + step) for step in (0, 1)
    )
    shared = set(june.content.splitlines()[1:]) & set(july.content.splitlines()[1:])
    first = dt.date(2026, month, 1) - dt.timedelta(days=OVERLAP_DAYS)
    assert len(shared) >= 5
    assert _csv_rows(july)[0][0] >= f"{first:%Y%m%d}"
    assert all(key.startswith(f"MW26{month:02d}") for key in july.links)


def test_twins_stand_in_one_file(world: World) -> None:
    """Two coffee orders of one price at one minute differ in nothing but the bank's reference."""
    for slug in ("ekster", "melkput", "steunpunt"):
        lines = [item.line for item in world.movements if item.foundation == slug]
        same = Counter((line.booked_on, line.amount_minor, line.name, line.text) for line in lines)
        assert max(same.values()) >= 2


def test_every_link_names_a_line_of_its_file_and_an_existing_category(world: World) -> None:
    """References are in the file; initiatives and categories are the foundation's own."""
    budgets = {(i.foundation, i.slug): {category for category, _ in i.budget} for i in INITIATIVES}
    for event in world.events:
        if not isinstance(event, Upload | Link):
            continue
        for reference, shares in event.links.items():
            assert not isinstance(event, Upload) or event.content.count(reference.encode()) >= 1
            assert all(share.category in budgets[event.foundation, share.initiative] for share in shares)


def test_splits_add_up_to_their_line(world: World) -> None:
    """Several shares together are the line's amount, with its sign."""
    split = [item for item in world.movements if len(item.shares) > 1]
    assert split
    for movement in split:
        assert sum(share.amount_minor or 0 for share in movement.shares) == movement.line.amount_minor


def test_every_line_is_linked_at_most_once_and_late_ones_a_month_later(world: World) -> None:
    """Two to four lines a month stay unexplained until the next upload."""
    seen: Counter[str] = Counter()
    for event in world.events:
        if isinstance(event, Upload | Link):
            seen.update(event.links.keys())
        if isinstance(event, Link):
            assert all(after(after(int(key[4:6]))) == event.at.month for key in event.links)
            assert 1 <= len(event.links) <= 4
    assert set(seen.values()) == {1}


def test_our_own_readers_read_every_file(world: World) -> None:
    """Count and sum of every file are what the generator put in, without a problem."""
    total = 0
    for upload in _files(world):
        for statement in read(upload.content):
            assert statement.problems == ()
            assert statement.closing is not None
            assert statement.opening is not None
            assert statement.closing.amount_minor - statement.opening.amount_minor == sum(
                line.amount_minor for line in statement.lines
            )
            total += len(statement.lines)
    overlap = _overlapping_lines(world)
    assert total == len(world.movements) + overlap


def test_four_formats_of_bank_files_are_spoken(world: World) -> None:
    """CAMT.053 in two versions, ING's and Rabobank's CSV, MT940."""
    spoken = {(s.format, s.bank) for upload in _files(world) for s in read(upload.content)}
    assert {form for form, _ in spoken} == {"camt.053.001.02", "camt.053.001.08", "csv", "mt940"}
    assert {"ING", "Rabobank"} < {bank for _, bank in spoken}


def test_every_link_is_found_by_what_our_readers_call_its_line(world: World) -> None:
    """As the bank's own reference, or as the one that goes from end to end."""
    for upload in _files(world):
        lines = [line for statement in read(upload.content) for line in statement.lines]
        assert upload.links.keys() <= {name for line in lines for name in (line.bank_reference, line.end_to_end_id)}


def _overlapping_lines(world: World) -> int:
    foundation, month = OVERLAP
    ends = dt.date(2026, month, 1)
    starts = ends - dt.timedelta(days=OVERLAP_DAYS)
    return sum(
        (movement.foundation, movement.account) == (foundation, account) and starts <= movement.line.booked_on < ends
        for account in ("current", "second")
        for movement in world.movements
    )
