"""Booking: a whole file or nothing, every line once, and no byte that an entry may not hold."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from importers import booking
from importers.booking import Delivery
from importers.booking import book
from importers.errors import NotAccepted
from importers.errors import OtherFoundation
from importers.planning import make_plan
from importers.reading import read
from importers.statement import Part
from importers.statement import Problem
from ledger import tables
from ledger.entry import MAX_BYTES
from ledger.entry import foundation_book
from ledger.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from importers.planned import Plan
    from importers.statement import Statement
    from ledger.store import Appender
    from tests.unit.importers.conftest import Books
    from tests.unit.importers.conftest import CamtWriter
    from tests.unit.importers.conftest import StatementMaker

SHOP_IBAN = "NL20INGB0001234567"


def _entries(books: Books, since: int) -> list[tuple[str, int]]:
    """Return type and size in bytes of the entries from a place in the log."""
    table = tables.entry
    query = sa.select(table.c.type, table.c.body).where(table.c.idx >= since).order_by(table.c.idx)
    with books.installation.store.reading() as connection:
        return [(type_, len(body)) for type_, body in connection.execute(query)]


def test_a_statement_and_its_lines_become_entries(books: Books, statement: StatementMaker) -> None:
    """What may be public stands in the entry, all else is committed."""
    before = books.size()
    (done,) = books.book(statement((3, -500), (4, 200), number="7"))
    assert [type_ for type_, _ in _entries(books, before)] == ["statement", "transaction", "transaction"]
    public = {name: done.entry.body[name] for name in ("opening", "closing", "lines", "known", "accepted", "problems")}
    assert public == {
        "opening": 100_000, "closing": 99_700, "lines": 2, "known": 0, "accepted": False, "problems": []
    }  # fmt: skip
    assert books.private(done.entry.idx)["number"] == "7"
    first = done.transactions[0]
    assert first is not None
    assert books.movement(first.idx) == (done.entry.seq, 1, -500)
    assert books.private(first.idx)["name"] == "Kwekerij Vlier"


def test_the_same_file_twice_appends_nothing(books: Books, statement: StatementMaker) -> None:
    """Not even a statement."""
    march = statement((3, -500), (3, -500))
    books.book(march)
    before = books.size()
    assert books.book(march) == ()
    assert books.size() == before


def test_known_lines_are_not_booked_again(books: Books, statement: StatementMaker) -> None:
    """They count as known, and have no new entry."""
    books.book(statement((3, -500), days=(1, 5)))
    (done,) = books.book(statement((3, -500), (6, -1), days=(1, 9)))
    assert [entry is None for entry in done.transactions] == [True, False]
    assert (done.entry.integer("lines"), done.entry.integer("known")) == (2, 1)


@pytest.mark.parametrize("accept", [None, "", "  "])
def test_what_does_not_fit_is_refused_without_a_reason(
    books: Books, statement: StatementMaker, accept: str | None
) -> None:
    """Every problem is named and nothing is booked."""
    odd = (Problem("batch", "Entry 1 is odd."), Problem("batch", "Entry 2 is odd."))
    before = books.size()
    with pytest.raises(NotAccepted, match=r"\n  Entry 1 is odd\.\n  Entry 2 is odd\.\nNothing was booked"):
        books.book(replace(statement((3, -1)), problems=odd), accept=accept)
    assert books.size() == before


def test_a_reason_is_committed_beside_the_codes(books: Books, statement: StatementMaker) -> None:
    """Codes are public, sorted and once each; one that the format does not know is `other`."""
    odd = tuple(Problem(code, f"{code} {n}") for n, code in enumerate(("gap", "batch", "gap", "made_up")))
    (done,) = books.book(replace(statement((3, -1)), problems=odd), accept="The bank says so: cafe\u0301")
    assert (done.entry.body["accepted"], done.entry.body["problems"]) == (True, ["batch", "gap", "other"])
    assert books.private(done.entry.idx)["reason"] == "The bank says so: caf\u00e9"


def test_a_reason_for_nothing_is_not_kept(books: Books, statement: StatementMaker) -> None:
    """Where everything fits there was nothing to accept."""
    (done,) = books.book(statement((3, -1)), accept="just in case")
    assert done.entry.body["accepted"] is False
    assert books.private(done.entry.idx)["reason"] is None


def test_one_wrong_statement_refuses_the_whole_file(books: Books, statement: StatementMaker) -> None:
    """The right one is not booked either."""
    before = books.size()
    wrong = replace(statement((3, -1), account=books.savings), problems=(Problem("batch", "Odd."),))
    with pytest.raises(NotAccepted, match="Odd"):
        books.book(statement((3, -1)), wrong)
    with pytest.raises(OtherFoundation, match="another foundation"):
        books.book(statement((3, -1)), statement((3, -1), account=books.other), foundation=books.meer)
    assert books.size() == before


def test_what_fails_under_way_books_nothing(books: Books, statement: StatementMaker) -> None:
    """Entries, views and identities come in one transaction."""
    before = books.size()

    def fail(_appender: Appender, _booked: Sequence[object]) -> None:
        message = "the lights went out"
        raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="lights"):
        book(books.installation, [statement((3, -1))], Delivery("5e" * 32), books.now, then=fail)
    assert books.size() == before
    assert len(books.book(statement((3, -1)))) == 1


def test_two_foundations_in_one_file_each_get_their_own(books: Books, statement: StatementMaker) -> None:
    """Without a named foundation a file may serve several, in one transaction."""
    one, two = books.book(statement((3, -1)), statement((3, -2), account=books.other))
    assert {one.entry.book, two.entry.book} == {foundation_book(books.meer), foundation_book(books.eik)}


@pytest.mark.parametrize(
    "text",
    ["cafe\u0301 Zoe\u0308", "tab\tand\x01control\x7f", "\U0001f33b\U0001f468\u200d\U0001f33e", "lang " * 12_500, ""],
    ids=["decomposed", "control", "emoji", "60 KB", "empty"],
)
def test_any_text_can_be_booked(books: Books, statement: StatementMaker, text: str) -> None:
    """It is committed in the form NFC, and the entry stays small."""
    march = statement((3, -5))
    parts = (Part(-2, text, text, text, text), Part(-3))
    line = replace(march.lines[0], parts=parts, creditor_id=text, type_code=text, name=text, iban=text, text=text)
    line = replace(line, bank_reference=text, end_to_end_id=text, mandate=text)
    before = books.size()
    (done,) = books.book(replace(march, lines=(line,), number=text, bank=text))
    assert done.transactions[0] is not None
    kept = books.private(done.transactions[0].idx)["text"]
    assert isinstance(kept, str)
    assert kept.encode() == text.replace("e\u0301", "\u00e9").replace("e\u0308", "\u00eb").encode()
    assert all(size < 2_000 for _, size in _entries(books, before))


def test_a_batch_keeps_its_parts(books: Books, camt: CamtWriter) -> None:
    """One entry for what the bank booked; its payments are committed with it."""
    details = "".join(
        f"<TxDtls><Amt Ccy='EUR'>{amount}</Amt><RltdPties><Cdtr><Nm>{name}</Nm></Cdtr></RltdPties></TxDtls>"
        for amount, name in (("5.00", "Fiets Ooievaar"), ("2.50", "Verf Vink"))
    )
    data = camt.one(
        camt.balance("OPBD", 1000),
        camt.balance("CLBD", 250),
        camt.entry(-750, details=f"<NtryDtls>{details}</NtryDtls>"),
    )
    (done,) = books.book(*read(data))
    assert done.transactions[0] is not None
    parts = books.private(done.transactions[0].idx)["parts"]
    assert [(part["amount"], part["name"]) for part in parts] == [(-500, "Fiets Ooievaar"), (-250, "Verf Vink")]  # type: ignore[union-attr,index,call-overload] # JSON


def test_pending_entries_are_not_booked(books: Books, camt: CamtWriter) -> None:
    """And they are no reason to refuse the file."""
    books.book(*read(camt.one(camt.entry(-500, status="<Sts>PDNG</Sts>"), camt.entry(-700))))
    assert books.amounts() == [-700]


def test_organisations_and_own_accounts_are_disclosed_and_persons_never(
    books: Books, statement: StatementMaker
) -> None:
    """The counterparty becomes public by id where it is no person."""
    books.approve("Kwekerij Vlier", "organisation", [SHOP_IBAN])
    books.approve("Wiebe Kwikstaart", "person", ["NL02ABNA0123456789", "NL69INGB0123456700"])
    march = statement((2, -1), (3, -2), (4, -3), (5, -4))
    ibans = (SHOP_IBAN, "NL02ABNA0123456789", books.savings, "NL44RABO0123456789")
    lines = tuple(replace(line, iban=iban) for line, iban in zip(march.lines, ibans, strict=True))
    books.book(replace(march, lines=lines))
    table = tables.movement
    with books.installation.store.reading() as connection:
        rows = connection.execute(sa.select(table.c.counter, table.c.kind).order_by(table.c.seq)).all()
    assert [(row.counter is not None, row.kind) for row in rows] == [
        (True, "payment"), (False, "payment"), (True, "transfer"), (False, "payment")
    ]  # fmt: skip


def test_five_thousand_lines_stay_within_the_limits(books: Books, statement: StatementMaker) -> None:
    """Disclosures are split, so that each entry stays below 65,535 bytes."""
    books.approve("Kwekerij Vlier", "organisation", [SHOP_IBAN])
    many = statement(*((1 + n % 28, -100 - n) for n in range(5_000)))
    before = books.size()
    books.book(replace(many, lines=tuple(replace(line, iban=SHOP_IBAN) for line in many.lines)))
    made = _entries(books, before)
    assert max(size for _, size in made) <= MAX_BYTES
    assert [type_ for type_, _ in made].count("disclosed") == 4
    assert len(books.amounts()) == 5_000


def test_who_brought_it_and_how_stands_in_the_book(books: Books, statement: StatementMaker) -> None:
    """The channel is public; who did it is a random id."""
    delivery = Delivery("5e" * 32, "delivery", ("00000000000000e1",))
    _, (done,) = book(books.installation, [statement((3, -1))], delivery, books.now)
    assert (done.entry.words("channel"), done.entry.by) == ("delivery", ["00000000000000e1"])


def _together(books: Books, files: Sequence[Statement]) -> list[BaseException]:
    """Book files at the same moment, each in a thread and with a database connection of its own."""
    start = threading.Barrier(len(files))
    failed: list[BaseException] = []

    def run(file: Statement) -> None:
        installation = Installation(books.installation.directory)
        try:
            start.wait(timeout=20)
            book(installation, [file], Delivery("5e" * 32, accept="another part comes"), books.now)
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failed.append(error)
        finally:
            installation.close()

    threads = [threading.Thread(target=run, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_two_who_bring_the_same_file_at_once_book_it_once(books: Books, statement: StatementMaker) -> None:
    """The second finds the book moved, plans again, and finds nothing new."""
    march = statement(*((1 + n % 28, -100 - n) for n in range(300)))
    assert _together(books, [march, march]) == []
    assert len(books.amounts()) == 300


def test_overlapping_files_at_once_book_every_line_once(books: Books, statement: StatementMaker) -> None:
    """Whichever comes first."""
    lines = [(1 + n // 10, -100 - n) for n in range(280)]
    files = [
        statement(*(line for line in lines if first <= line[0] <= last), days=(first, last), opening=0)
        for first, last in ((1, 15), (10, 20), (12, 28))
    ]
    assert _together(books, files) == []
    assert books.amounts() == sorted(amount for _, amount in lines)


def test_a_book_that_moved_is_planned_for_again_under_the_lock(
    books: Books, statement: StatementMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was overtaken plans anew while nobody else can write, and books what is still new."""
    others = [statement((3, -1), (4, -2), days=(1, 4))]

    def overtaken(*words: Any, **more: Any) -> Plan:  # noqa: ANN401 - passed on
        plan = make_plan(*words, **more)
        while others:
            books.book(others.pop())
        return plan

    monkeypatch.setattr(booking, "make_plan", overtaken)
    (booked,) = books.book(statement((3, -1), (4, -2), (5, -3)))
    assert booked.planned.lines.new == 1
    assert books.amounts() == [-3, -2, -1]
