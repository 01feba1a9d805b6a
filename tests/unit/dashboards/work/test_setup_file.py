"""Everything wrong in a setup file is refused with the line that it stands on."""

from __future__ import annotations

import datetime as dt

import pytest

from dashboards.work.errors import SetupRefused
from dashboards.work.setup_check import check_setup
from dashboards.work.setup_file import FORMS
from dashboards.work.setup_file import read_setup

EXAMPLE = """[district]
name = "Stadsdeel Voorbeeld"
origin = "buurtkas.example/voorbeeld"

[[person]]
email = "T@example.org"
name = "Tet Kwikstaart"
[[person]]
email = "s@example.org"
name = "Sjoerd Boterbloem"
[[person]]
email = "o@example.org"
name = "Oda Zandoog"
[[role]]
person = "t@example.org"
role = "treasurer"
foundation = "meer"
[[role]]
person = "o@example.org"
role = "owner"
initiative = "tuin"
[[round]]
slug = "ronde-1"
neighbourhood = "Noordoost"
amount = "500000.00"
themes = ["groen", "samen"]
[[foundation]]
slug = "meer"
name = "Stichting Meer"
kind = "foundation"
kvk = "12345678"
accounts = ["NL02ABNA0123456789"]
mandate = "together"
viewers = ["o@example.org"]
approval_limit = "250.00"
statement_every_days = 35
[[grant]]
round = "ronde-1"
foundation = "meer"
reference = "SB-1"
amount = "250000.00"
starts = 2025-01-01
ends = 2025-12-31
[[initiative]]
foundation = "meer"
grants = ["SB-1"]
theme = "groen"
slug = "tuin"
name = "Tuin"
promise = "Een tuin voor wie wil."
budget = { planten = "4000.00", gereedschap = "1000.00" }
[[payee]]
foundation = "meer"
name = "Bouwmarkt Zon"
ibans = ["nl20 INGB 0001 2345 67"]
kvk = "87654321"
kind = "organisation"
starts = 2025-01-01
approved_by = ["s@example.org", "o@example.org"]
[[decision]]
foundation = "meer"
payee = "Bouwmarkt Zon"
ceiling = "800.00"
month_ceiling = "100"
purpose = "Gereedschap"
initiative = "tuin"
category = "gereedschap"
starts = 2025-02-01
ends = 2025-03-31
decided_on = 2025-01-28
proposed_by = "t@example.org"
approved_by = "s@example.org"
[[declaration]]     # private: committed, never shown
foundation = "meer"
person = "Tet Kwikstaart"
relation = "board"
ibans = ["NL91ABNA0417164300"]
"""
"""DESIGN's example, one key a line, with every key of every table."""

WRONG = {
    "name": "7", "origin": '"No Origin"', "clock": '"sundial"', "email": '"nobody"', "person": "7",
    "role": '"boss"', "foundation": "7", "initiative": '" "', "slug": '"Not A Slug"', "neighbourhood": "[]",
    "amount": '"1.234,56"', "themes": '"groen"', "kind": '"club"', "kvk": '"123"', "accounts": '["NL00ABNA0123456789"]',
    "mandate": '"both"', "approval_limit": "250.00", "statement_every_days": "true", "round": "7", "reference": '""',
    "starts": '"2025-01-01"', "ends": "2025-01-01T00:00:00", "grants": "7", "theme": "7", "promise": "7",
    "budget": "{}", "ibans": "7", "approved_by": "7", "payee": "7", "ceiling": '"-1"', "month_ceiling": '"1.234"',
    "purpose": "7", "category": "7", "decided_on": "2025", "proposed_by": "7", "relation": '"friend"',
    "viewers": '["x"]',
}  # fmt: skip
WITH_CLOCK = EXAMPLE.replace('voorbeeld"\n', 'voorbeeld"\nclock = "real"\n')


def _lines() -> list[tuple[int, str, str]]:
    """Return every key of the example: its line, its table, its name."""
    found, table = [], ""
    for number, line in enumerate(WITH_CLOCK.splitlines(), start=1):
        if line.startswith("["):
            table = line.strip("[]").partition("]")[0]
        elif line:
            found.append((number, table, line.partition(" ")[0]))
    return found


def _refused(text: str) -> SetupRefused:
    with pytest.raises(SetupRefused, match=r"^Line \d+: ") as caught:
        check_setup(read_setup(text))
    return caught.value


def _changed(number: int, line: str, text: str = WITH_CLOCK) -> str:
    lines = text.splitlines()
    lines[number - 1] = line
    return "\n".join(lines)


def test_the_example_of_the_design_is_accepted() -> None:
    """Values come out in the forms that the ledger takes."""
    setup = read_setup(EXAMPLE)
    check_setup(setup)
    assert (setup.district["clock"], setup.of("person")[0]["email"]) == ("real", "t@example.org")
    (payee,) = setup.of("payee")
    assert (payee["ibans"], payee["starts"]) == (("NL20INGB0001234567",), dt.date(2025, 1, 1))
    assert setup.of("initiative")[0]["budget"] == {"planten": 400_000, "gereedschap": 100_000}
    assert (setup.of("round")[0]["amount"], setup.of("decision")[0]["month_ceiling"]) == (50_000_000, 10_000)


def test_the_example_has_every_key() -> None:
    """So that each is tried below."""
    tried = {(table, name) for _, table, name in _lines()}
    assert tried == {(table, name) for table, form in FORMS.items() for name in form.keys}


@pytest.mark.parametrize(("number", "table", "name"), _lines())
def test_every_wrong_value_is_refused_with_its_line(number: int, table: str, name: str) -> None:
    """The line of the key itself, and what is expected there."""
    refused = _refused(_changed(number, f"{name} = {WRONG[name]}"))
    assert refused.line == number, table
    assert "expected" in str(refused) or "IBAN" in str(refused)


@pytest.mark.parametrize(("number", "table", "name"), _lines())
def test_a_missing_key_is_refused_where_it_is_needed(number: int, table: str, name: str) -> None:
    """With the line of its table; optional ones have a default."""
    text = _changed(number, "")
    if name in FORMS[table].optional:
        assert read_setup(text).of(table)
        return
    refused = _refused(text)
    header = max(line for line, content in enumerate(text.splitlines(), 1) if content.startswith("[") and line < number)
    assert refused.line == header
    assert f"needs the key {name}" in str(refused)


@pytest.mark.parametrize(
    ("line", "expected", "what"),
    [
        ('colour = "red"', 4, "has no key colour"),
        ("[[colour]]", 4, r"no table \[colour\]"),
        ("name =", 4, "no TOML"),
        ('name = "again"', 4, "no TOML"),
    ],
)
def test_what_is_unknown_or_no_toml_is_refused(line: str, expected: int, what: str) -> None:
    """With the line on which it stands."""
    with pytest.raises(SetupRefused, match=what) as caught:
        read_setup(_changed(4, line, EXAMPLE))
    assert caught.value.line == expected


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "one table"),
        (EXAMPLE + '[[district]]\nname = "x"\n', 78, "no TOML"),
        ("district = 7", 1, "a table with keys"),
        ('[[district]]\nname = "a"\norigin = "a.example/b"\n' * 2, 1, "one table"),
        ('[district]\nname = "a\n', 2, "no TOML"),
        ("x = [", 1, "no TOML"),
    ],
)
def test_a_file_needs_one_district(text: str, line: int, what: str) -> None:
    """And the tables that the design names."""
    with pytest.raises(SetupRefused, match=what) as caught:
        read_setup(text)
    assert caught.value.line == line


def test_text_is_brought_to_one_form() -> None:
    """A name typed on another machine must not be refused by the ledger."""
    assert read_setup(EXAMPLE.replace("Noordoost", "Cafe\u0301")).of("round")[0]["neighbourhood"] == "Caf\u00e9"


def test_an_account_may_be_a_card() -> None:
    """Under the number that the bank's files show."""
    told = EXAMPLE.replace(
        'accounts = ["NL02ABNA0123456789"]',
        'accounts = ["NL02ABNA0123456789", "1234 **** **** 6416", "nl02abna0123456789/6416"]',
    )
    accounts = read_setup(told).of("foundation")[0]["accounts"]
    assert accounts == ("NL02ABNA0123456789", "1234********6416", "NL02ABNA0123456789/6416")


def _with(old: str, new: str, count: int = 1) -> str:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, count)


TWICE = '[[foundation]]\nslug = "eik"\nname = "Eik"\naccounts = []\n'
GRANT_OF_EIK = (
    '[[grant]]\nfoundation = "eik"\nreference = "SB-2"\namount = "1"\nstarts = 2025-01-01\nends = 2025-12-31\n'
)


@pytest.mark.parametrize(
    ("text", "table", "what"),
    [
        (_with("s@example.org", "t@EXAMPLE.org"), "person", "stands twice"),
        (_with('person = "t@example.org"', 'person = "x@example.org"'), "role", "is not declared in this file"),
        (_with('"treasurer"\nfoundation = "meer"\n', '"treasurer"\n'), "role", "needs the key foundation"),
        (_with('initiative = "tuin"\n', ""), "role", "needs the key initiative or foundation"),
        (_with('round = "ronde-1"', 'round = "ronde-2"'), "grant", "not declared"),
        (_with("ends = 2025-12-31", "ends = 2024-12-31"), "grant", "ends lies before starts"),
        (_with("ends = 2025-03-31", "ends = 2025-01-31"), "decision", "ends lies before starts"),
        (_with('"500000.00"', '"249999.99"'), "round", "more than the round"),
        (_with('"250000.00"', '"4999.99"'), "grant", "more than the grant"),
        (_with('grants = ["SB-1"]', 'grants = ["SB-9"]'), "initiative", "not declared"),
        (_with('["s@example.org", "o@example.org"]', '["s@example.org", "S@example.org"]'), "payee", "two different"),
        (_with('proposed_by = "t@', 'proposed_by = "s@'), "decision", "two different people"),
        (_with('payee = "Bouwmarkt Zon"', 'payee = "Bouwmarkt Maan"'), "decision", "not declared for this foundation"),
        (_with('category = "gereedschap"', 'category = "taart"'), "decision", "not in the initiative's budget"),
        (_with('accounts = ["NL02ABNA0123456789"]', 'accounts = ["NL02ABNA0123456789", "NL02 ABNA 0123 4567 89"]'),
         "foundation", "declared twice"),
        (TWICE + GRANT_OF_EIK + _with('["SB-1"]', '["SB-2"]'), "initiative", "belongs to another foundation"),
        (TWICE + _with('"meer"\npayee = "Bouwmarkt Zon"', '"eik"'), "decision", "paid by another foundation"),
        (TWICE.replace('"eik"', '"signalen"') + EXAMPLE, "foundation", "address of the desks"),
        (EXAMPLE + EXAMPLE[EXAMPLE.index("[[payee]]") : EXAMPLE.index("[[decision]]")], "payee", "stands twice"),
    ],
)  # fmt: skip
def test_tables_must_fit_together(text: str, table: str, what: str) -> None:
    """References, periods, sums and people; refused with the line of the table."""
    with pytest.raises(SetupRefused, match=what) as caught:
        check_setup(read_setup(text))
    assert text.splitlines()[caught.value.line - 1].startswith(f"[[{table}]]")


def test_a_name_stands_on_one_line_and_a_promise_may_have_several() -> None:
    """A line break in a name would stand in the book, in lists and in messages for good."""
    told = _with('"Een tuin voor wie wil."', '"""Een tuin.\n\nVoor wie wil."""')
    assert read_setup(told).of("initiative")[0]["promise"] == "Een tuin.\n\nVoor wie wil."
    for wrong in (_with('name = "Tuin"', 'name = "Tuin\\nBcc"'), _with("wie wil.", "wie\\u0007 wil.")):
        with pytest.raises(SetupRefused, match="one line"):
            read_setup(wrong)
