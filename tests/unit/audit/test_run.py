"""A run raises each flag once, misses none, and leaves one entry of fixed shape."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from audit import run
from audit import window
from audit.run import unfinished
from audit.standing import judged_anew
from audit.window import Scope
from ledger import tables
from ledger.check_views import verify_installation
from ledger.errors import BooksMoved
from tests.unit.audit.books import BOOK
from tests.unit.audit.books import CHARGE
from tests.unit.audit.books import MEER
from tests.unit.audit.books import PAYEES
from tests.unit.audit.books import PLOT
from tests.unit.audit.books import flags_of
from tests.unit.audit.books import hints_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.canonical import Json
    from ledger.installation import Installation
    from tests.unit.audit.books import Books


def test_a_rerun_raises_nothing_again(make_books: Callable[[], Books]) -> None:
    """But leaves a run of the same shape, hits or none."""
    books = make_books()
    books.pay(1_000, [(0, 2, 500)])
    assert unfinished(books.installation)
    assert books.run() == 3
    assert not unfinished(books.installation)
    assert books.run(MEER) == 0
    with books.installation.store.reading() as connection:
        bodies = connection.execute(sa.select(tables.entry.c.body).where(tables.entry.c.type == "run")).scalars().all()
        rows = connection.execute(sa.select(tables.run)).all()
    assert len({len(body) - len(str(row.size)) for body, row in zip(bodies, rows, strict=True)}) == 1


def test_a_run_says_what_it_looked_at(make_books: Callable[[], Books]) -> None:
    """The size of the log as it was read, before the run's own entries."""
    books = make_books()
    books.pay(1_000, [(0, 2, 500)])
    with books.installation.store.reading() as connection:
        size = connection.execute(sa.select(tables.log_head.c.size)).scalar_one()
    books.run()
    with books.installation.store.reading() as connection:
        assert connection.execute(sa.select(tables.run.c.size)).scalars().all() == [size]


def test_the_order_of_flags_tells_nothing(make_books: Callable[[], Books]) -> None:
    """Neither rules nor payees stand together in the log: flags follow their identities, which nobody can guess."""
    books = make_books()
    books.pay(10_000, [(0, 2, 500), (0, 2, 600), (0, 2, 700)])
    assert books.run() == 9
    with books.installation.store.reading() as connection:
        flags = connection.execute(sa.select(tables.flag.c.id).order_by(tables.flag.c.idx)).scalars().all()
    assert flags == sorted(flags)


def look_at(books: Books, *foundations: str) -> run._Look:
    """Read one state, as a run does."""
    with books.installation.store.reading() as connection:
        return run._look(books.installation, connection, books.now.date(), foundations)


def test_what_is_booked_meanwhile_is_for_the_next_run(
    make_books: Callable[[], Books], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run finishes with what it read, whoever writes meanwhile, and says of which size that is true."""
    books = make_books()
    books.pay(1_000, [(0, 2, 500)])
    look = run._look

    def look_and_move(installation: Installation, connection: sa.Connection, day: dt.date, asked: object) -> run._Look:
        found = look(installation, connection, day, ())
        assert asked == ()
        connection.commit()
        books.pay(500, [(1, 2, 100)])
        return found

    with monkeypatch.context() as patched:
        patched.setattr(run, "_look", look_and_move)
        assert books.run() == 3
    assert unfinished(books.installation)
    assert books.run() == 3
    assert not unfinished(books.installation)
    assert books.raised() == books.everything()


@pytest.mark.parametrize("overtaking", [True, False])
def test_two_runs_at_once_find_what_one_finds(make_books: Callable[[], Books], *, overtaking: bool) -> None:
    """In whatever order they finish: no flag twice, none missed, and none that no longer holds."""
    books = make_books()
    books.pay(1_000, [(0, 2, 500)])
    books.run()
    books.pay(300, [(4, 2, 100)])
    first = look_at(books)
    books.pay(500, [(2, 2, 200)])
    second = look_at(books)
    for look in (second, first) if overtaking else (first, second):
        run._append(books.installation, books.now, look)
    assert not unfinished(books.installation)
    assert books.standing() == books.everything()


def test_a_run_that_was_overtaken_keeps_its_findings_to_itself(make_books: Callable[[], Books]) -> None:
    """The later state has been judged; an earlier one says nothing any more, and takes nothing back."""
    books = make_books()
    books.pay(1_000, [(0, 2, 500)])
    early = look_at(books)
    books.pay(500, [(1, 2, 100)])
    assert books.run() == 6
    done = run._append(books.installation, books.now, early)
    assert (done.raised, done.overtaken) == (0, {MEER})
    assert books.standing() == books.everything()
    assert not unfinished(books.installation)


def test_what_was_asked_for_is_looked_at_again_when_overtaken(
    make_books: Callable[[], Books], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An officer who asks for everything gets it; when others never let go, she is told to try again."""
    books = make_books()
    books.pay(1_000, [(0, 2, 500)])
    overtaken = run._overtaken
    answers = [{MEER}]
    monkeypatch.setattr(run, "_overtaken", lambda *given: answers.pop() if answers else overtaken(*given))
    assert books.run(MEER) == 3
    monkeypatch.setattr(run, "_overtaken", lambda *_: {MEER})
    with pytest.raises(BooksMoved, match="try again"):
        books.run(MEER)
    assert books.run() == 0


@pytest.mark.parametrize("most", [0, 1_000])
def test_an_upload_is_judged_with_what_used_up_the_same_decision(
    make_books: Callable[[], Books], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Of the time before only payments to the same payees are read; of too many payees, everybody's."""
    monkeypatch.setattr(window, "MOST", most)
    monkeypatch.setattr(window, "FURTHEST", dt.timedelta(0))
    books = make_books()
    books.decide(PAYEES[0], 50_000, None, (0, 30))
    books.decide(PAYEES[1], 50_000, None, (0, 30))
    books.pay(200_000, [(0, 0, 30_000), (0, 1, 26_000), (3, 0, 100)])
    assert books.run() == 0
    books.pay(143_900, [(9, 0, 30_000)])
    with books.installation.store.reading() as connection:
        size = connection.execute(sa.select(tables.run.c.size)).scalar_one()
        found = window.window_since(connection, MEER, size)
        loaded = window.load_window(connection, MEER, found, books.now.date())
    assert len(loaded.near.earlier) + len(loaded.near.payments) == (3 if most else 4)
    assert books.run() == 1
    assert books.only("PAY-07").about == [loaded.far.payments["seq"].max()]
    assert books.standing() == books.everything()


def test_many_flags_are_appended_in_portions(make_books: Callable[[], Books], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for the head of the log; what an interrupted run left is raised by the next one."""
    books = make_books()
    books.pay(10_000, [(0, 2, 500 + line) for line in range(4)])
    monkeypatch.setattr(run, "PORTION", 5)
    close = run._close
    with monkeypatch.context() as patched:
        patched.setattr(run, "_close", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            books.run()
    assert len(books.raised()) == 10
    assert unfinished(books.installation)
    monkeypatch.setattr(run, "_close", close)
    assert books.run() == 2
    assert books.standing() == books.everything()


def test_a_hit_that_vanished_is_no_longer_reproduced(make_books: Callable[[], Books]) -> None:
    """A statement that closes the gap, brought later: the flag stays in the book and says so, once."""
    books = make_books()
    books.pay(10_000, [(0, 0, 100)])
    books.pay(9_800, [(9, 0, 100)])
    books.run()
    (gap,) = (row.id for row in books.flags() if row.private_rule == "BNK-01")
    books.pay(9_900, [(4, 0, 100)])
    books.run()
    books.run(MEER)
    (flag,) = (row for row in books.flags() if row.id == gap)
    assert (flag.status, flag.gone_at) == ("not_reproduced", books.now)
    with books.installation.store.reading() as connection:
        assert len(connection.execute(sa.select(tables.flag_step)).all()) == 1
    assert verify_installation(books.installation).ok


def test_a_hit_that_comes_back_is_open_again(make_books: Callable[[], Books]) -> None:
    """Linked to what a decision is for, and undone: found, gone, and found once more."""
    books = make_books()
    books.decide(PAYEES[0], 90_000, 1, (0, 30))
    (seq,) = books.pay(90_000, [(3, 0, 30_000)])
    wrong = books.link(seq, 30_000, 2)
    books.run()
    seen = [books.only("PAY-07")]
    books.append(PLOT, "deallocation", {"allocation": wrong, "items": [0]}, {"reason": None})
    books.link(seq, 30_000, 1)
    books.run()
    seen.append(books.only("PAY-07"))
    books.append(BOOK, "decision withdrawn", {"decision": f"{1:016x}"}, {"reason": None})
    books.append(PLOT, "deallocation", {"allocation": wrong + 2, "items": [0]}, {"reason": None})
    books.link(seq, 30_000, 2)
    books.run()
    seen.append(books.only("PAY-07"))
    assert [(row.status, row.gone_at is None) for row in seen] == [
        ("open", True), ("not_reproduced", False), ("open", True)
    ]  # fmt: skip


def test_charges_count_for_their_month_in_an_upload_too(make_books: Callable[[], Books]) -> None:
    """The line with which a month's charges pass the ceiling is found, though the others came with an earlier file."""
    books = make_books()
    books.pay(20_000, [(1, CHARGE, 5_000), (2, CHARGE, 4_000)])
    assert books.run() == 0
    books.pay(11_000, [(20, CHARGE, 1_000)])
    assert books.run() == 0
    books.pay(10_000, [(25, CHARGE, 1)])
    assert books.run() == 3
    assert books.standing() == books.everything()
    books.pay(9_999, [(31, CHARGE, 5_000)])
    assert books.run() == 0


def test_an_upload_that_brings_money_back_restores_its_decision(make_books: Callable[[], Books]) -> None:
    """What the bank gave back can be paid again under the decision, and nothing else is judged anew for it."""
    books = make_books()
    books.decide(PAYEES[0], 30_000, None, (0, 60))
    (paid,) = books.pay(200_000, [(3, 0, 30_000)])
    (back,) = books.pay(170_000, [(9, 0, -30_000)])
    books.correct(back, paid)
    books.run()
    books.pay(200_000, [(20, 0, 30_000)])
    assert books.run() == 0
    books.pay(170_000, [(30, 0, 30_000)])
    assert books.run() == 1
    assert books.standing() == books.everything()


@pytest.mark.parametrize("status", ["under_review", "accepted"])
def test_what_people_took_up_keeps_its_status_and_its_ruling(make_books: Callable[[], Books], status: str) -> None:
    """A run says that it no longer finds it; what to make of that is theirs."""
    books = make_books()
    books.pay(10_000, [(0, 0, 100)])
    books.pay(9_800, [(9, 0, 100)])
    books.run()
    gap = books.only("BNK-01").id
    books.append(BOOK, "flag taken up", {"flag": gap, "status": "under_review"}, {"reason": None})
    if status == "accepted":
        ruled: dict[str, Json] = {"flag": gap, "status": "accepted", "outcome": "accepted"}
        books.append(BOOK, "flag ruled", ruled, {"reason": "x"})
    before = books.only("BNK-01")
    books.day = 20
    books.pay(9_900, [(4, 0, 100)])
    books.run()
    after = books.only("BNK-01")
    assert after.gone_at == books.now
    assert (after.status, after.ruling, after.ruled_at) == (before.status, before.ruling, before.ruled_at)


def test_a_hit_that_vanished_with_an_erasure_stands(make_books: Callable[[], Books]) -> None:
    """Erased is not absent: the hit rested on what the bank had said."""
    books = make_books()
    books.pay(10_000, [(0, 2, 500)])
    books.pay(9_500, [(1, 2, 500)])
    books.run()
    rows = [row for row in books.flags() if row.private_rule == "PAY-02"]
    with books.installation.engine.connect() as connection, connection.begin():
        query = sa.select(tables.movement.c.idx).where(tables.movement.c.seq.in_([row.about[0] for row in rows]))
        first, second = connection.execute(query.order_by(tables.movement.c.idx)).scalars()
        private = tables.private_value
        connection.execute(sa.delete(private).where(private.c.idx == first))
        kept = connection.execute(sa.select(private.c.body).where(private.c.idx == second)).scalar_one()
        rest = {name: value for name, value in json.loads(kept).items() if name != "name"}
        body = json.dumps(rest, separators=(",", ":"))
        connection.execute(sa.update(private).where(private.c.idx == second).values(body=body))
    found = {row.id for row in books.flags() if row.private_rule != "PAY-02"}
    with books.installation.store.reading() as connection:
        assert judged_anew(connection, Scope(MEER), found) == []


LINES = st.lists(
    st.one_of(
        st.tuples(st.integers(-20, 0), st.integers(0, 2), st.sampled_from([100, 9_000, 26_000, 40_000])),
        st.tuples(st.integers(-20, 0), st.just(CHARGE), st.sampled_from([100, 4_000, 5_001])),
    ),
    min_size=1,
    max_size=4,
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.sampled_from([None, 0, 0, 0, 5]), LINES),
        st.tuples(st.just("decide"), st.sampled_from([None, *PAYEES]), st.sampled_from([None, 1, 2])),
        st.tuples(st.just("link"), st.integers(0, 20), st.sampled_from([1, 2])),
        st.tuples(st.just("come back"), st.integers(0, 20), st.sampled_from([None, 1, 2])),
        st.tuples(st.just("unlink"), st.integers(0, 20), st.none()),
        st.tuples(st.just("withdraw"), st.integers(1, 3), st.none()),
    ),
    min_size=2,
    max_size=9,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_looking_at_what_was_booked_finds_what_looking_at_everything_finds(
    make_books: Callable[[], Books], steps: list[tuple[str, object, object]]
) -> None:
    """Whatever was booked, decided, linked and undone before, in whatever order of days."""
    books, paid, links, balance = make_books(), [(0, 0)], [(0, 0)], 100_000
    payees = {0: 0}
    for kind, what, more in steps:
        books.day += 8
        if kind == "pay" and isinstance(more, list):
            lines = [(books.day + day, payee, amount) for day, payee, amount in more]
            opening = None if what is None else balance + int(str(what))
            seqs = books.pay(opening, lines)
            paid += zip(seqs, (line[2] for line in lines), strict=True)
            payees.update(zip(seqs, (line[1] for line in lines), strict=True))
            balance = balance - sum(line[2] for line in lines)
            before, found = books.raised(), books.findings()
            books.run()
            assert books.raised() - before <= flags_of(found)
            assert flags_of(found, late=False) <= books.standing()
            assert books.hints() == hints_of(found)
        elif kind == "decide":
            books.decide(
                what if isinstance(what, str) else None,
                30_000,
                more if isinstance(more, int) else None,
                (books.day - 30, books.day + 30),
            )
        elif kind == "link" and len(paid) > 1:
            seq, amount = paid[1 + int(str(what)) % (len(paid) - 1)]
            if seq not in {linked for linked, _ in links}:
                links.append((seq, books.link(seq, amount, int(str(more)))))
        elif kind == "come back" and len(paid) > 1:
            seq, amount = paid[1 + int(str(what)) % (len(paid) - 1)]
            (back,) = books.pay(None, [(books.day, payees[seq], -amount)])
            balance += amount
            if more is None:
                books.correct(back, seq)
            else:
                books.link(back, -amount, int(str(more)))
            books.run()
            assert flags_of(books.findings(), late=False) <= books.standing()
            assert books.hints() == books.all_hints()
        elif kind == "unlink" and len(links) > 1:
            _, place = links.pop(1 + int(str(what)) % (len(links) - 1))
            books.append(PLOT, "deallocation", {"allocation": place, "items": [0]}, {"reason": None})
        elif kind == "withdraw" and books.made >= int(str(what)):
            books.append(BOOK, "decision withdrawn", {"decision": f"{int(str(what)):016x}"}, {"reason": None})
    books.run(MEER)
    found = books.findings()
    assert (books.standing(), books.hints()) == (flags_of(found), hints_of(found))
    books.installation.close()
