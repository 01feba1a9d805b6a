"""Uploading: the preview is what confirming does, nothing is done twice, and interruptions heal."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING
from typing import Any

import pytest
import sqlalchemy as sa

from audit import run
from audit.run import unfinished
from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.work import finishing
from dashboards.work.allocations import Split
from dashboards.work.confirming import SecondEyes
from dashboards.work.errors import SplitRefused
from dashboards.work.finishing import finish
from dashboards.work.statements import confirm
from dashboards.work.statements import preview
from dashboards.work.suggestions import BY_CORRECTION
from dashboards.work.unnamed import forget_unnamed
from importers.errors import AccountUnknown
from importers.errors import Cancelled
from importers.errors import FileChanged
from importers.errors import NotAccepted
from importers.errors import UnreadableFile
from importers.progress import Step
from ledger import tables
from ledger.checkpoint import open_note
from ledger.errors import BooksMoved
from ledger.errors import BuurtkasError
from ledger.errors import ClockRefused
from ledger.signer import Signer

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from dashboards.work.statements import Receipt
    from tests.unit.dashboards.district import District

CREATED = dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC)
SECOND_IBAN = "NL69INGB0123456789"
RETURNED = b"<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"


def _file(
    iban: str,
    *amounts: int,
    opening: int = 1_000_000,
    days: tuple[int, int] = (1, 31),
    to: str = "NL20INGB0001234567",
) -> bytes:
    """Return a bank file of October with a line a day from its first day."""
    first, last = (dt.date(2026, 10, day) for day in days)
    lines = tuple(
        BankLine(
            f"R{days[0] + n}", first + dt.timedelta(days=n), amount, "transfer", f"nota {n}", "Wiebe Kwikstaart", to
        )
        for n, amount in enumerate(amounts)
    )
    statement = BankStatement(iban, "Stichting Kievitsmeer", 10, first, last, opening, lines)
    return camt053([statement], version="08", message_id="M1", created_at=CREATED)


@pytest.fixture
def own(made_up: ModuleType) -> str:
    """The foundation's account."""
    return str(made_up.OWN_IBAN)


def _confirm(district: District, content: bytes, links: Any = None, **more: Any) -> Receipt:  # noqa: ANN401 - passed on
    return confirm(district.installation, None, content, links or {}, now=district.now, **more)


def test_the_preview_is_what_is_booked(district: District, own: str) -> None:
    """Amounts, kinds, new and known lines."""
    content = _file(own, -30_000, -100, 500, days=(5, 31))
    shown = preview(district.installation, None, content)
    (statement,) = shown.statements
    assert (shown.new, shown.known, statement.reconciled, statement.nothing_new) == (3, 0, True, False)
    assert (statement.total_in_minor, statement.total_out_minor) == (500, 30_100)
    assert (statement.opening_minor, statement.closing_minor) == (1_000_000, 970_400)
    done = _confirm(district, content)
    assert (done.new, done.known, len(done.entries)) == (3, 0, 1)
    rows = sorted(district.rows(tables.movement), key=lambda row: row.seq)
    assert [(row.booked_on, row.amount_minor, row.kind) for row in rows] == [
        (line.booked_on, line.amount_minor, line.kind) for line in statement.lines
    ]
    assert open_note(done.checkpoint, district.installation.signer.vkey()).size == district.size()


def test_a_receipt_claims_no_seal_that_is_not_there(
    district: District, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the signer's process comes later, what is booked stands without a seal for the moment."""
    first = _confirm(district, _file(own, -30_000, days=(1, 4)))
    monkeypatch.setattr(finishing, "have_signed", lambda _: False)
    late = _confirm(district, _file(own, -100, opening=970_000, days=(5, 31)))
    assert (first.new, late.new, first.checkpoint != "", late.checkpoint) == (1, 1, True, "")


def test_a_file_that_brings_nothing_new_appends_nothing(district: District, own: str) -> None:
    """No statement, no run, no flag; and it is said."""
    content = _file(own, -30_000)
    first = _confirm(district, content)
    size = district.size()
    again = _confirm(district, content)
    assert (again.new, again.known, again.flags, again.number, again.entries) == (0, 1, 0, "", ())
    assert again.preview.statements[0].nothing_new
    assert again.checkpoint == first.checkpoint
    assert district.size() == size


def test_problems_of_what_is_known_ask_for_no_reason(district: District, own: str) -> None:
    """They were accepted when it was booked."""
    content = _file(own, -30_000).replace(b">9700.00<", b">9700.01<")
    with pytest.raises(NotAccepted, match=r"9700\.01"):
        _confirm(district, content)
    assert district.rows(tables.statement) == []
    done = _confirm(district, content, accept="The bank corrected it by telephone.")
    assert [problem.code for problem in done.preview.problems] == ["balance"]
    assert preview(district.installation, None, content).problems == ()
    assert _confirm(district, content).new == 0
    (row,) = district.rows(tables.statement)
    assert (row.accepted, row.problems, row.private_reason) == (
        True,
        ["balance"],
        "The bank corrected it by telephone.",
    )
    rules = {flag.private_rule: flag.rule for flag in district.rows(tables.flag)}
    assert rules["BNK-01"] == "BNK-01"


def test_flags_about_a_person_keep_their_rule_to_themselves(district: District, own: str) -> None:
    """PAY-02 shows as `being looked at`; other policies name rule and severity."""
    _confirm(district, _file(own, -30_000))
    shown = {row.private_rule: (row.rule, row.severity) for row in district.rows(tables.flag)}
    assert shown["PAY-02"] == (None, None)
    assert shown["PAY-01"][0] == "PAY-01"
    assert shown["PAY-01"][1] is not None


def test_every_booking_has_one_run(district: District, own: str) -> None:
    """Of fixed shape, hits or none, and its own flags are not raised again."""
    done = _confirm(district, _file(own, -30_000, days=(1, 9)))
    assert done.flags == 3
    assert _confirm(district, _file(own, days=(10, 12), opening=970_000)).flags == 0
    assert len(district.rows(tables.run)) == 2
    assert not unfinished(district.installation)


def test_a_line_booked_before_is_not_linked_again(district: District, own: str, made_up: ModuleType) -> None:
    """Links of new lines are booked with them, in one transaction; those of known lines are left out."""
    split = Split(made_up.TUIN, 1, -100)
    _confirm(district, _file(own, -100, days=(1, 1)), {"0.0": [split]})
    done = _confirm(district, _file(own, -100, -100, days=(1, 9)), {"0.0": [split], "0.1": [split]})
    assert (done.new, done.known) == (1, 1)
    assert [row.amount_minor for row in district.rows(tables.allocation)] == [-100, -100]
    assert [row.allocated_minor for row in district.rows(tables.movement)] == [-100, -100]


def test_a_link_that_does_not_fit_books_nothing(district: District, own: str, made_up: ModuleType) -> None:
    """Neither the line nor its statement."""
    size = district.size()
    with pytest.raises(SplitRefused, match="more than what is left"):
        _confirm(district, _file(own, -100), {"0.0": [Split(made_up.TUIN, 1, -101)]})
    assert district.size() == size


def test_a_transfer_is_never_linked(district: District, own: str, made_up: ModuleType) -> None:
    """Money moved between declared accounts is no spending, whatever the form says."""
    public: dict[str, Any] = {"account": "00000000000000d2", "mandate": "alone", "basis": "opening"}
    private: dict[str, Any] = {"iban": SECOND_IBAN, "holder": None, "viewers": None}
    district.append(f"foundation/{made_up.MEER}", "account declared", public, private)
    content = _file(own, -100, to=SECOND_IBAN)
    (line,) = preview(district.installation, None, content).statements[0].lines
    assert (line.kind, line.suggestion) == ("transfer", None)
    with pytest.raises(SplitRefused, match="between declared accounts"):
        _confirm(district, content, {"0.0": [Split(made_up.TUIN, 1, -100)]})


def test_the_last_payment_to_a_payee_suggests_the_next(district: District, own: str, made_up: ModuleType) -> None:
    """A decision says it better; nothing is guessed for somebody who was never paid."""
    book, by = f"foundation/{made_up.MEER}", (district.ids["treasurer"],)
    payee: dict[str, Any] = {"payee": "00000000000000f1", "basis": "opening"}
    private = {"name": "Kwekerij Vlier", "kvk": None, "ibans": [made_up.SHOP_IBAN], "kind": "organisation"}
    store = district.installation.store
    with store.writing(district.now) as appender:
        appender.append(store.draft(book, "payee proposed", {**payee, "starts": "2026-01-01"}, private, by))
        appender.append(store.draft(book, "payee approved", payee, by=by))
    first = _file(own, -100, days=(1, 5), to=made_up.SHOP_IBAN)
    assert preview(district.installation, None, first).statements[0].lines[0].suggestion is None
    _confirm(district, first, {"0.0": [Split(made_up.TUIN, 1, -100)]})
    second = _file(own, -70, days=(6, 9), opening=999_900, to=made_up.SHOP_IBAN)
    (line,) = preview(district.installation, None, second).statements[0].lines
    assert line.suggestion == Split(made_up.TUIN, 1, -70)
    assert line.why == "The last payment to this payee was for the same."
    stranger = _file(own, -70, days=(6, 9), opening=999_900)
    assert preview(district.installation, None, stranger).statements[0].lines[0].suggestion is None
    decision: dict[str, Any] = {
        "decision": "00000000000000f2", "ceiling": 1_000, "month_ceiling": None, "currency": "EUR",
        "initiative": made_up.TUIN, "category": 1, "starts": "2026-10-01", "ends": "2026-10-31",
        "decided_on": "2026-09-30", "basis": "opening",
    }  # fmt: skip
    with store.writing(district.now) as appender:
        private = {"payee": payee["payee"], "purpose": "planten"}
        appender.append(store.draft(book, "decision proposed", decision, private, by))
        approved = {"decision": decision["decision"], "basis": "opening"}
        appender.append(store.draft(book, "decision approved", approved, by=(district.ids["signatory"],)))
    (line,) = preview(district.installation, None, second).statements[0].lines
    assert (line.suggestion, line.why) == (Split(made_up.TUIN, 1, -70), "A decision says so.")


def test_what_cannot_be_read_or_booked_changes_nothing(district: District) -> None:
    """A file of no known kind, or of an account that nobody declared."""
    with pytest.raises(UnreadableFile):
        _confirm(district, b"%PDF-1.4")
    with pytest.raises(AccountUnknown, match="not declared"):
        _confirm(district, _file(SECOND_IBAN, -100))
    assert district.rows(tables.statement) == []


def test_an_interruption_before_the_rules_is_finished(
    district: District, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was booked stays booked; the next start runs the rules and signs."""
    content = _file(own, -30_000)

    def dark(*_: object) -> int:
        message = "the lights went out"
        raise RuntimeError(message)

    with monkeypatch.context() as patched:
        patched.setattr(finishing, "run_rules", dark)
        with pytest.raises(RuntimeError, match="lights"):
            _confirm(district, content)
    assert len(district.rows(tables.movement)) == 1
    assert unfinished(district.installation)
    assert finish(district.installation, district.now) == 3
    assert district.installation.signer.size() == district.size()
    size = district.size()
    assert finish(district.installation, district.now) == 0
    assert district.size() == size


def test_the_same_file_again_finishes_too(district: District, own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A treasurer who tries again after a failure gets the rules run."""
    with monkeypatch.context() as patched:
        patched.setattr(finishing, "finish", None)
        patched.setattr(finishing, "run_rules", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError, match="zero"):
            _confirm(district, _file(own, -30_000))
    again = _confirm(district, _file(own, -30_000))
    assert (again.new, again.flags) == (0, 3)


@pytest.mark.parametrize("refusal", [BooksMoved(), ClockRefused(CREATED, CREATED)])
def test_rules_that_others_go_ahead_of_leave_the_rest_for_later(
    district: District, own: str, monkeypatch: pytest.MonkeyPatch, refusal: BuurtkasError
) -> None:
    """The file is booked and signed; the next run looks at it."""

    def moved(*_: object) -> int:
        raise refusal

    with monkeypatch.context() as patched:
        patched.setattr(run, "_append", moved)
        done = _confirm(district, _file(own, -30_000))
    assert (done.new, done.flags) == (1, 0)
    assert unfinished(district.installation)
    assert finish(district.installation, district.now) == 3


@pytest.mark.parametrize("step", ["sign", "publish"])
def test_an_interruption_before_signing_is_finished(
    district: District, own: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Entries that are not signed yet are normal, and so is a signature that was not published."""
    _confirm(district, _file(own, -100, days=(1, 3)))
    old = district.installation.signer.published()
    done = _confirm(district, _file(own, -100, days=(4, 9), opening=999_900))
    if step == "publish":
        (district.installation.directory / "signer" / "checkpoint").write_text(str(old))
    else:
        with monkeypatch.context() as patched:
            patched.setattr(Signer, "sign", lambda *_: 1 // 0)
            with pytest.raises(ZeroDivisionError, match="zero"):
                _confirm(district, _file(own, -100, days=(10, 12), opening=999_800))
    assert finish(district.installation, district.now) == 0
    note = district.installation.signer.published()
    assert note is not None
    assert open_note(note, district.installation.signer.vkey()).size == district.size()
    assert (note == done.checkpoint) is (step == "publish")


def test_no_run_skips_what_another_foundations_run_left(
    district: District, own: str, made_up: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run for one foundation looks at what an interruption left in another."""
    public: dict[str, Any] = {"account": "00000000000000d2", "mandate": "alone", "basis": "opening"}
    private: dict[str, Any] = {"iban": SECOND_IBAN, "holder": None, "viewers": None}
    district.append(f"foundation/{made_up.EIK}", "account declared", public, private)
    with monkeypatch.context() as patched:
        patched.setattr(finishing, "run_rules", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError, match="zero"):
            _confirm(district, _file(own, -30_000))
    _confirm(district, _file(SECOND_IBAN, -30_000))
    with district.installation.store.reading() as connection:
        flagged = set(connection.execute(sa.select(tables.flag.c.foundation)).scalars())
    assert flagged == {made_up.MEER, made_up.EIK}


def test_every_step_is_told_and_the_last_stops_nothing(district: District, own: str) -> None:
    """Reading and planning for the preview; all five for confirming, and what is booked stays booked."""
    content = _file(own, -100, days=(5, 31))
    told: list[Step] = []
    preview(district.installation, None, content, progress=lambda step, _done, _whole: told.append(step))
    assert list(dict.fromkeys(told)) == [Step.READ, Step.PLAN]

    def stopping(step: Step, _done: int, _whole: int) -> None:
        told.append(step)
        if step is Step.AUDIT:
            raise Cancelled

    done = _confirm(district, content, progress=stopping)
    assert list(dict.fromkeys(told)) == list(Step)
    assert (done.new, done.checkpoint != "") == (1, True)


def test_a_stopped_upload_books_nothing(district: District, own: str) -> None:
    """Whoever stops it finds the books as they were."""
    content = _file(own, -100, days=(5, 31))

    def stopping(step: Step, _done: int, _whole: int) -> None:
        if step is Step.BOOK:
            raise Cancelled

    with pytest.raises(Cancelled, match="Nothing was booked"):
        _confirm(district, content, progress=stopping)
    assert preview(district.installation, None, content).new == 1


def test_a_file_is_booked_from_where_it_lies(district: District, own: str, tmp_path: Path) -> None:
    """A path and an opened file do what bytes do, and the original is kept."""
    content = _file(own, -100, days=(5, 31))
    path = tmp_path / "october.xml"
    path.write_bytes(content)
    shown = preview(district.installation, None, path)
    with path.open("rb") as opened:
        assert preview(district.installation, None, opened).statements == shown.statements
    done = confirm(district.installation, None, path, {}, now=district.now)
    assert (shown.new, done.new) == (1, 1)
    assert district.installation.kept_file(hashlib.sha256(content).hexdigest()) == content


def test_a_file_that_changes_while_it_is_read_is_not_booked(district: District, own: str, tmp_path: Path) -> None:
    """What is kept is what was read, or nothing is booked."""
    path = tmp_path / "october.xml"
    path.write_bytes(_file(own, -100, days=(5, 31)))

    def writing(step: Step, done: int, whole: int) -> None:
        if step is Step.READ and done == whole:
            path.write_bytes(_file(own, -200, days=(5, 31)))

    with pytest.raises(FileChanged, match="changed while it was read"):
        confirm(district.installation, None, path, {}, now=district.now, progress=writing)
    assert preview(district.installation, None, path).new == 1


def test_what_the_bank_gives_back_is_suggested_for_the_same(district: District, own: str, made_up: ModuleType) -> None:
    """A direct debit that comes back counts for what it had counted for, and nobody has to look."""
    _confirm(district, _file(own, -100, days=(1, 9)), {"0.0": [Split(made_up.TUIN, 1, -100)]})
    again = _file(own, 100, opening=999_900, days=(10, 19)).replace(b"<RltdPties>", RETURNED + b"<RltdPties>")
    (line,) = preview(district.installation, None, again).statements[0].lines
    assert (line.suggestion, line.why, line.asks) == (Split(made_up.TUIN, 1, 100), BY_CORRECTION, False)


def test_one_payment_is_suggested_to_come_back_once(district: District, own: str, made_up: ModuleType) -> None:
    """Of two lines that look alike only one can give it back, as the book then says."""
    _confirm(district, _file(own, -100, days=(1, 9)), {"0.0": [Split(made_up.TUIN, 1, -100)]})
    again = _file(own, 100, 100, opening=999_900, days=(10, 19)).replace(b"<RltdPties>", RETURNED + b"<RltdPties>")
    lines = preview(district.installation, None, again).statements[0].lines
    assert [line.why == BY_CORRECTION for line in lines] == [True, False]


def test_a_file_forgotten_meanwhile_is_kept_again(district: District, own: str) -> None:
    """Somebody else gave up an upload of the same file while it was being booked: the bank's bytes are there."""
    content = _file(own, -30_000)
    file = hashlib.sha256(content).hexdigest()

    def progress(step: Step, _done: int, _whole: int) -> None:
        if step is Step.SEAL:
            forget_unnamed(district.installation, [file])
            assert not district.installation.kept_path(file).exists()

    assert _confirm(district, content, progress=progress).new == 1
    assert district.installation.kept_file(file) == content
    forget_unnamed(district.installation, [file])
    assert district.installation.kept_path(file).exists()


def _others_write(*_: object) -> None:
    raise BooksMoved


@pytest.mark.parametrize("what", ["refused", "known", "overtaken"])
def test_nothing_is_kept_of_a_file_that_brings_nothing(
    district: District, own: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not fit, all its lines are known from another file, or somebody else wrote before it could confirm."""
    _confirm(district, _file(own, -30_000, -100))
    if what == "refused":
        content = _file(SECOND_IBAN, -30_000)
        with pytest.raises(AccountUnknown):
            _confirm(district, content)
    elif what == "overtaken":
        content = _file(own, -30_000, -100) + b"\n"
        monkeypatch.setattr(SecondEyes, "append_alone", _others_write)
        with pytest.raises(BooksMoved):
            _confirm(district, content)
    else:
        content = _file(own, -30_000, -100) + b"\n"
        assert _confirm(district, content).new == 0
    assert not district.installation.kept_path(hashlib.sha256(content).hexdigest()).exists()
