"""A second person's file: what is confirmed, what differs, and what is nobody's second look."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.work.confirming import confirmers
from dashboards.work.statements import confirm
from dashboards.work.statements import preview
from importers.errors import NotAccepted
from ledger import tables

if TYPE_CHECKING:
    from types import ModuleType

    from dashboards.work.statements import Receipt
    from tests.unit.dashboards.district import District

CREATED = dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC)
OCTOBER = ((3, -30_000), (10, -4_500), (20, 700))
START = 1_000_000


@pytest.fixture(name="iban")
def _iban(made_up: ModuleType) -> str:
    return str(made_up.OWN_IBAN)


def month(
    iban: str,
    lines: tuple[tuple[int, int], ...] = OCTOBER,
    *,
    days: tuple[int, int] = (1, 31),
    opening: int = START,
    number: int = 10,
) -> BankStatement:
    """A statement of days of October with a line on some days."""
    first, last = (dt.date(2026, 10, day) for day in days)
    booked = tuple(
        BankLine(f"R{day}", first.replace(day=day), minor, "transfer", "nota", "Wiebe Kwikstaart", "NL20INGB0001234567")
        for day, minor in lines
    )
    return BankStatement(iban, "Stichting Kievitsmeer", number, first, last, opening, booked)


def file(*statements: BankStatement) -> bytes:
    """A bank's file."""
    return camt053(list(statements), version="08", message_id="M1", created_at=CREATED)


def bring(district: District, who: str | None, content: bytes, accept: str | None = None) -> Receipt:
    """Let somebody bring a file; nobody for what comes without a person."""
    by = (district.ids[who],) if who else ()
    return confirm(district.installation, None, content, {}, by=by, now=district.now, accept=accept)


def seen(district: District) -> list[tuple[int, str]]:
    """Return which statements were confirmed, by whom."""
    return [(row.statement, row.by) for row in district.rows(tables.confirmation)]


def test_another_person_with_the_same_file_confirms_it(district: District, iban: str) -> None:
    """One entry, nothing else; the receipt says so, and a third look adds nothing."""
    first = bring(district, "treasurer", file(month(iban)))
    size = district.size()
    again = bring(district, "signatory", file(month(iban)))
    assert seen(district) == [(first.entries[0][1], district.ids["signatory"])]
    assert (again.preview.confirms, again.new, again.entries) == (1, 0, ())
    assert district.types(size) == ["statement confirmed"]
    assert district.installation.signer.size() == district.size()
    assert bring(district, "officer", file(month(iban))).preview.confirms == 0
    with district.installation.store.reading() as connection:
        assert list(confirmers(connection, first.entries[0][0].partition("/")[2]).values()) == [
            [district.ids["signatory"]]
        ]


def test_the_preview_says_it_before(district: District, iban: str) -> None:
    """And appends nothing."""
    bring(district, "treasurer", file(month(iban)))
    size = district.size()
    by = (district.ids["signatory"],)
    assert preview(district.installation, None, file(month(iban)), by).confirms == 1
    assert preview(district.installation, None, file(month(iban))).confirms == 0
    assert district.size() == size


@pytest.mark.parametrize(("first", "second"), [("treasurer", "treasurer"), (None, "signatory"), ("treasurer", None)])
def test_nobody_is_a_second_to_himself_or_to_nobody(
    district: District, iban: str, first: str | None, second: str | None
) -> None:
    """The same person again, a file that nobody brought, a delivery without a person: none of them is a second look."""
    bring(district, first, file(month(iban)))
    size = district.size()
    assert bring(district, second, file(month(iban))).preview.confirms == 0
    assert district.size() == size


def test_a_longer_file_confirms_every_statement_that_it_holds(district: District, iban: str) -> None:
    """Two halves of a month by the whole one; what is new in it is booked in the same transaction."""
    bring(district, "treasurer", file(month(iban, OCTOBER[:1], days=(1, 8))))
    bring(district, "treasurer", file(month(iban, OCTOBER[1:2], days=(9, 15), opening=START - 30_000, number=11)))
    size = district.size()
    whole = bring(district, "signatory", file(month(iban)))
    assert (whole.preview.confirms, whole.new) == (2, 1)
    assert district.types(size)[:2] == ["statement", "transaction"]
    assert district.types(size).count("statement confirmed") == 2


def test_a_shorter_file_confirms_nothing(district: District, iban: str) -> None:
    """It does not reach to the last day."""
    bring(district, "treasurer", file(month(iban)))
    done = bring(district, "signatory", file(month(iban, OCTOBER[:2], days=(1, 15))))
    assert (done.preview.confirms, done.preview.problems) == (0, ())


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ({"lines": OCTOBER[:2]}, "1 line is missing in this file, together 7.00"),
        ({"lines": (*OCTOBER, (25, -90_000))}, "1 line of this file is missing in the book, together -900.00"),
        ({"opening": START - 1}, "The book has 10000.00 on 2026-10-01, this file 9999.99."),
    ],
)
def test_what_differs_is_said_before_and_flagged_after(
    district: District, iban: str, statement: dict[str, object], said: str
) -> None:
    """A line of ours that it lacks, a line that we lack, or another balance: BNK-01, high, and said once."""
    bring(district, "treasurer", file(month(iban)))
    other = file(month(iban, **statement))  # type: ignore[arg-type] # what differs, by name
    by = (district.ids["signatory"],)
    shown = preview(district.installation, None, other, by)
    assert any(said in problem.text for problem in shown.problems)
    assert {problem.code for problem in shown.problems} >= {"differs"}
    with pytest.raises(NotAccepted, match=r"same days|The book has"):
        bring(district, "signatory", other)
    bring(district, "signatory", other, accept="dit is wat de bank mij geeft")
    assert seen(district) == []
    flags = [row for row in district.rows(tables.flag) if row.private_rule == "BNK-01"]
    assert [row.private_severity for row in flags] == ["high"]
    size = district.size()
    again = bring(district, "signatory", other)
    assert (again.preview.problems, district.size()) == ((), size)


def test_what_differs_is_confirmed_by_nobody(district: District, iban: str) -> None:
    """Who brought the first file again does not confirm the second."""
    bring(district, "treasurer", file(month(iban)))
    bring(district, "signatory", file(month(iban, OCTOBER[:2])), accept="zo staat het bij de bank")
    assert bring(district, "treasurer", file(month(iban))).preview.confirms == 0
