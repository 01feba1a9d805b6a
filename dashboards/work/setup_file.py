"""Reading a setup file: what a district declares in one go, checked before anything is written.

Everything wrong is refused with the line it stands on. Reading is pure: text in, values out.

Source: DESIGN "Setup file"; TOML 1.0.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

from stdnum import iban

from dashboards.work.errors import SetupRefused
from importers.figures import is_card
from ledger.fields import LOG

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

KINDS = ("foundation", "association", "organisation", "intermediary", "residents", "district")
ROLES = ("treasurer", "signatory", "owner", "officer", "head")
PAYEE_KINDS = ("organisation", "sole_trader", "person")
RELATIONS = ("board", "household", "related")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
MONEY = re.compile(r"(\d{1,11})(?:\.(\d{1,2}))?\Z", re.ASCII)
KVK = re.compile(r"\d{8}\Z", re.ASCII)
HEADER = re.compile(r"\s*\[\[?\s*([a-z]+)\s*\]\]?\s*(#.*)?$")


class Wrong(ValueError):
    """A value is not of its form; the message says what is expected."""


def _text(value: Any) -> str:  # noqa: ANN401 - any TOML value
    if not isinstance(value, str) or not value.strip():
        raise Wrong("a text between quotes is expected")
    if any(unicodedata.category(sign) == "Cc" for sign in value.strip()):
        raise Wrong("a text on one line is expected, without tabs and other signs that cannot be seen")
    return unicodedata.normalize("NFC", value.strip())


def _lines(value: Any) -> str:  # noqa: ANN401 - any TOML value
    """Return a text that may have several lines."""
    if not isinstance(value, str) or not value.strip():
        return _text(value)
    return "\n".join(_text(line) if line.strip() else "" for line in value.strip().splitlines())


def _matching(form: re.Pattern[str], what: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:  # noqa: ANN401 - any TOML value
        if not form.match(_text(value)):
            raise Wrong(f"{what} is expected")
        return _text(value)

    return check


def _one_of(*choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:  # noqa: ANN401 - any TOML value
        if value not in choices:
            raise Wrong(f"one of {', '.join(choices)} is expected")
        return str(value)

    return check


def _money(value: Any) -> int:  # noqa: ANN401 - any TOML value
    """Return hundredths of an amount written as text, such as "250.00"."""
    found = MONEY.match(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong('an amount between quotes such as "250.00" is expected')
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _email(value: Any) -> str:  # noqa: ANN401 - any TOML value
    """Return an e-mail address in the form in which people are looked up."""
    if not EMAIL.match(_text(value)):
        raise Wrong("an e-mail address is expected")
    return _text(value).casefold()


def _day(value: Any) -> dt.date:  # noqa: ANN401 - any TOML value
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise Wrong("a day such as 2025-01-31 is expected, without quotes")
    return value


def _count(value: Any) -> int:  # noqa: ANN401 - any TOML value
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 3660:  # noqa: PLR2004 - ten years
        raise Wrong("a number of days is expected")
    return value


def _iban(value: Any) -> str:  # noqa: ANN401 - any TOML value
    compact = re.sub(r"\s", "", _text(value)).upper()
    if not iban.is_valid(compact, check_country=False):
        raise Wrong("this is no IBAN: its check digits do not fit")
    return compact


def _account(value: Any) -> str:  # noqa: ANN401 - any TOML value
    """Return an IBAN, or the number of a card as the bank's files write it: masked, or behind its account's IBAN."""
    compact = re.sub(r"\s", "", _text(value)).upper()
    return compact if is_card(compact) else _iban(value)


def _list(check: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def checked(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any TOML value
        if not isinstance(value, list):
            raise Wrong("a list between square brackets is expected")
        return tuple(check(item) for item in value)

    return checked


def _budget(value: Any) -> dict[str, int]:  # noqa: ANN401 - any TOML value
    if not isinstance(value, dict) or not value:
        raise Wrong("categories with amounts are expected")
    return {str(name): _money(amount) for name, amount in value.items()}


@dataclass(frozen=True, slots=True)
class Form:
    """The keys of one table: name -> check, and those that may be left out with their defaults."""

    keys: Mapping[str, Callable[[Any], Any]]
    optional: Mapping[str, Any]


FORMS: dict[str, Form] = {
    "district": Form(
        {
            "name": _text,
            "origin": _matching(LOG, "a host name and a path in lower case, such as buurtkas.example/stad,"),
            "clock": _one_of("real", "simulated"),
        },
        {"clock": "real"},
    ),
    "person": Form({"email": _email, "name": _text}, {}),
    "role": Form(
        {"person": _email, "role": _one_of(*ROLES), "foundation": _text, "initiative": _text},
        {"foundation": None, "initiative": None},
    ),
    "round": Form(
        {
            "slug": _matching(SLUG, "a slug such as ronde-1"),
            "neighbourhood": _text,
            "amount": _money,
            "themes": _list(_text),
        },
        {"themes": ()},
    ),
    "foundation": Form(
        {
            "slug": _matching(SLUG, "a slug such as meer"),
            "name": _text,
            "kind": _one_of(*KINDS),
            "kvk": _matching(KVK, "a KvK number of 8 digits"),
            "accounts": _list(_account),
            "mandate": _one_of("alone", "together", "unknown"),
            "viewers": _list(_email),
            "approval_limit": _money,
            "statement_every_days": _count,
        },
        {
            "kind": "foundation",
            "kvk": None,
            "mandate": "unknown",
            "viewers": None,
            "approval_limit": 25000,
            "statement_every_days": 35,
        },
    ),
    "grant": Form(
        {"round": _text, "foundation": _text, "reference": _text, "amount": _money, "starts": _day, "ends": _day},
        {"round": None},
    ),
    "initiative": Form(
        {
            "foundation": _text,
            "grants": _list(_text),
            "theme": _text,
            "slug": _matching(SLUG, "a slug such as tuin"),
            "name": _text,
            "promise": _lines,
            "budget": _budget,
        },
        {"grants": (), "theme": None, "promise": None},
    ),
    "payee": Form(
        {
            "foundation": _text,
            "name": _text,
            "ibans": _list(_iban),
            "kvk": _matching(KVK, "a KvK number of 8 digits"),
            "kind": _one_of(*PAYEE_KINDS),
            "starts": _day,
            "approved_by": _list(_email),
        },
        {"kvk": None},
    ),
    "decision": Form(
        {
            "foundation": _text,
            "payee": _text,
            "ceiling": _money,
            "month_ceiling": _money,
            "purpose": _lines,
            "initiative": _text,
            "category": _text,
            "starts": _day,
            "ends": _day,
            "decided_on": _day,
            "proposed_by": _email,
            "approved_by": _email,
        },
        {"payee": None, "month_ceiling": None, "initiative": None, "category": None},
    ),
    "declaration": Form(
        {"foundation": _text, "person": _text, "relation": _one_of(*RELATIONS), "ibans": _list(_iban)}, {}
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One table of the file: its values, checked, and the line that it begins on."""

    table: str
    line: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typed by the table's form
        """Return a value."""
        return self.values[name]

    def refuse(self, what: str) -> SetupRefused:
        """Return the error that says what is wrong with this table."""
        return SetupRefused(self.line, f"[{self.table}]: {what}")


@dataclass(frozen=True, slots=True)
class Setup:
    """A whole setup file, table by table in the order of the file."""

    rows: Mapping[str, tuple[Row, ...]]

    @property
    def district(self) -> Row:
        """Return the district's own table."""
        return self.rows["district"][0]

    def of(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table, none where the file has none."""
        return self.rows.get(table, ())


def read_setup(text: str) -> Setup:
    """Read and check a setup file.

    Raises:
        SetupRefused: Names the line and what is expected there.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        last = len(text.splitlines()) or 1
        raise SetupRefused(int(found.group(1)) if found else last, f"this is no TOML: {error}") from error
    places = _places(text)
    for name in document:
        if name not in FORMS:
            raise SetupRefused(places.get((name, 0), 1), f"there is no table [{name}]; did you misspell it?")
    rows = {
        name: tuple(
            _row(name, values, places.get((name, number), 1), text)
            for number, values in enumerate(tables if isinstance(tables, list) else [tables])
        )
        for name, tables in document.items()
    }
    if len(rows.get("district", ())) != 1:
        raise SetupRefused(1, "a setup file has one table [district] with name and origin")
    return Setup(rows)


def _places(text: str) -> dict[tuple[str, int], int]:
    """Return the line on which the n-th table of each name begins."""
    places: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    for line, content in enumerate(text.splitlines(), start=1):
        found = HEADER.match(content)
        if found:
            name = found.group(1)
            places[name, counts.get(name, 0)] = line
            counts[name] = counts.get(name, 0) + 1
    return places


def _row(table: str, values: Any, line: int, text: str) -> Row:  # noqa: ANN401 - any TOML value
    """Check one table."""
    form = FORMS[table]
    if not isinstance(values, dict):
        raise SetupRefused(line, f"[{table}] is a table with keys")
    for name in values:
        if name not in form.keys:
            raise SetupRefused(_key_line(text, line, name), f"[{table}] has no key {name}")
    checked = dict(form.optional)
    for name, check in form.keys.items():
        if name not in values:
            if name not in form.optional:
                raise SetupRefused(line, f"[{table}] needs the key {name}")
            continue
        try:
            checked[name] = check(values[name])
        except Wrong as error:
            raise SetupRefused(_key_line(text, line, name), f"{name}: {error}") from error
    return Row(table, line, checked)


def _key_line(text: str, start: int, name: str) -> int:
    """Return the line of a key in the table that begins on a line."""
    lines = text.splitlines()
    for number in range(start, len(lines)):
        if HEADER.match(lines[number]):
            break
        if re.match(rf"\s*{re.escape(name)}\s*=", lines[number]):
            return number + 1
    return start
