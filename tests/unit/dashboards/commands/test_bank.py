"""parse and import: their words, their documents, their exit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.unit.dashboards.commands.conftest import SETUP

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.unit.dashboards.commands.conftest import Line

NOW = ("--now", "2026-11-02T12:00:00Z")
IMPORTED = {"account", "new", "known", "problems", "opening", "closing", "reconciled"}


def test_parse_says_what_a_file_says(line: Line) -> None:
    """In words, or as the one document that the design promises; no installation is needed."""
    path = line.file("a.xml", -1299, 500)
    said = line("parse", path)
    assert (said.code, said.err) == (0, "")
    assert said.out == "camt.053.001.08 NL02ABNA0123456789: 2 lines, together -7.99\n"
    (statement,) = line("parse", path, "--json").document["statements"]
    assert list(statement) == [
        "format", "bank", "account", "currency", "number", "opening", "closing", "lines", "problems"
    ]  # fmt: skip
    assert statement["opening"] == {"date": "2026-10-01", "amount": "1000.00"}
    assert statement["lines"][0]["amount"] == "-12.99"
    assert statement["lines"][0]["counterparty_iban"] == "NL20INGB0001234567"


def test_parse_tells_problems_and_pending_entries(line: Line) -> None:
    """It could be read in full, so the exit code is 0."""
    path = line.file("a.xml", -1299, 500)
    data = path.read_bytes().replace(b">992.01<", b">1.00<").replace(b"<Cd>BOOK</Cd>", b"<Cd>PDNG</Cd>", 1)
    path.write_bytes(data)
    said = line("parse", path)
    assert said.code == 0
    assert "1 lines, together 5.00, 1 pending\n  The opening balance" in said.out
    (statement,) = line("parse", path, "--json").document["statements"]
    assert [entry["status"] for entry in statement["lines"]] == ["booked", "pending"]
    assert statement["problems"][0].startswith("The opening balance")
    unnamed = line.file("b.xml")
    unnamed.write_bytes(unnamed.read_bytes().replace(b"NL02ABNA0123456789", b""))
    assert "an account that is not named: 0 lines" in line("parse", unnamed).out


def test_what_cannot_be_read_is_exit_2_with_a_reason(line: Line) -> None:
    """On standard error, and nothing on standard output."""
    pdf = line.place / "a.pdf"
    pdf.write_bytes(b"%PDF-1.7 ...")
    for words, why in (
        (("parse", line.place / "none.xml"), "does not exist"),
        (("parse", line.place), "is a directory"),
        (("parse",), "Missing argument"),
        (("parse", pdf, "--json"), "This is a PDF"),
        (("parse", line.file("a.xml", -1), pdf, "--json"), "a.pdf: This is a PDF"),
        (("import", pdf), "There is no installation in"),
    ):
        said = line(*words)
        assert (said.code, said.out) == (2, ""), words
        assert why in said.err


def test_a_file_out_of_reach_is_exit_2(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reason, not a traceback."""
    path = line.file("a.xml", -1)

    def out_of_reach(_: Path, _mode: str) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(path), "open", out_of_reach)
    said = line("parse", path)
    assert (said.code, said.out) == (2, "")
    assert said.err == f"{path} cannot be read or written: Permission denied\n"


def test_import_books_and_says_so(made: Line) -> None:
    """The document has the promised shape; the second time nothing is new."""
    path = made.file("a.xml", -30_000, 500)
    document = made("import", path, *NOW, "--json").document
    assert set(document) == {"statements", "flags", "checkpoint"}
    assert document["statements"] == [
        {
            "account": "NL02ABNA0123456789", "new": 2, "known": 0, "problems": [], "opening": "1000.00",
            "closing": "705.00", "reconciled": True,
        }
    ]  # fmt: skip
    assert document["flags"] == 3
    assert set(document["checkpoint"]) == {"size", "root"}
    again = made("import", path, *NOW, "--json").document
    assert again["checkpoint"] == document["checkpoint"]
    assert (again["statements"][0]["new"], again["statements"][0]["known"], again["flags"]) == (0, 2, 0)
    said = made("import", path, *NOW)
    assert said.out == "NL02ABNA0123456789: nothing new\n0 new flags\n"


def test_a_dry_run_books_nothing(made: Line) -> None:
    """It says what importing would do."""
    path = made.file("a.xml", -30_000)
    assert made("import", path, "--dry-run").out == "NL02ABNA0123456789: 1 lines would be booked, 0 known\n"
    assert set(made("import", path, "--dry-run", "--json").document["statements"][0]) == IMPORTED
    assert made("import", path, *NOW).out == "NL02ABNA0123456789: 1 lines booked, 0 known\n3 new flags\n"


def test_what_does_not_fit_asks_for_a_reason(made: Line) -> None:
    """Exit 2 without one; with one it is booked and flagged."""
    path = made.file("a.xml", -100)
    path.write_bytes(path.read_bytes().replace(b">999.00<", b">1.00<"))
    refused = made("import", path, *NOW, "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "accept it with a reason" in refused.err
    assert "\n  The opening balance" in made("import", path, "--dry-run").out
    document = made("import", path, *NOW, "--accept", "Gebeld met de bank", "--json").document
    assert (document["statements"][0]["reconciled"], len(document["statements"][0]["problems"])) == (False, 1)
    rules = [flag["rule"] for flag in made("audit", *NOW, "--json").document["flags"]]
    assert "BNK-01" in rules


def test_another_foundations_account_is_refused(made: Line) -> None:
    """And what was booked before it is named, since each file is whole or nothing."""
    good, other = made.file("a.xml", -100), made.file("b.xml", -100, iban="NL69INGB0123456789")
    said = made("import", good, other, "--foundation", "meer", *NOW)
    assert (said.code, said.out) == (2, "")
    assert "b.xml: Account NL69…6789 belongs to another foundation" in said.err
    assert f"Booked before that: {good}." in said.err
    assert made("import", good, "--foundation", "zee", *NOW).code == 2
    alone = made("import", other, "--foundation", "meer", *NOW)
    assert "Booked before" not in alone.err


def test_a_second_person_confirms_by_command(line: Line) -> None:
    """With --by; who brought it cannot, and somebody unknown is refused."""
    assert line.init(f'{SETUP}[[person]]\nemail = "s@example.org"\nname = "Sjoukje Meerkoet"\n').code == 0
    file = line.file("a.xml", -30_000)
    first, second = ("import", file, *NOW, "--by", "t@example.org"), ("import", file, *NOW, "--by", "S@example.org")
    assert line(*first).code == 0
    assert "confirmed" not in line(*first).out
    unknown = line("import", file, *NOW, "--by", "x@example.org")
    assert (unknown.code, "e-mail address" in unknown.err) == (2, True)
    assert "1 statements that somebody else brought: would be confirmed" in line(*second, "--dry-run").out
    assert "1 statements that somebody else brought: confirmed" in line(*second).out


def test_a_file_that_names_no_account_is_booked_on_the_one_that_is_named(made: Line) -> None:
    """Beside the file, however it is written; it is no other account's, and a file that names its own keeps that."""
    path = made.file("a.xml", -1299)
    named = path.read_bytes()
    path.write_bytes(named.replace(b"<IBAN>NL02ABNA0123456789</IBAN>", b"", 1))
    said = made("import", path, *NOW)
    assert (said.code, "or name the account beside it (--account)" in said.err) == (2, True)
    said = made("import", path, "--account", "nl02 abna 0123 4567 89", "--dry-run", *NOW)
    assert said.out == "NL02ABNA0123456789: 1 lines would be booked, 0 known\n"
    assert made("import", path, "--account", "NL02ABNA0123456789", *NOW).code == 0
    path.write_bytes(named)
    said = made("import", path, "--account", "NL69INGB0123456789", *NOW)
    assert "NL02ABNA0123456789: nothing new" in said.out


def test_a_dry_run_says_what_importing_then_does(made: Line) -> None:
    """Field by field, for new lines, for known ones, and for what does not fit."""
    misfit = made.file("c.xml", -1)
    misfit.write_bytes(misfit.read_bytes().replace(b">999.99<", b">1.00<"))
    reconciled = []
    for file in (made.file("a.xml", -1299, 500), made.file("b.xml", -1299, 500), misfit):
        would = made("import", file, *NOW, "--dry-run", "--json").document["statements"]
        (did,) = made("import", file, *NOW, "--accept", "gezien", "--json").document["statements"]
        assert would == [did]
        reconciled.append((did["new"], did["known"], did["reconciled"]))
    assert reconciled == [(2, 0, True), (0, 2, True), (1, 0, False)]
