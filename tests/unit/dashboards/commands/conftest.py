"""A district on disk and bank files, for tests of the command line."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Any

import pytest
from click.testing import CliRunner

from dashboards.cli import main
from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-11-02T12:00:00Z"
SETUP = """
[district]
name = "Proefstad"
origin = "buurtkas.example/proef"
clock = "simulated"
[[person]]
email = "t@example.org"
name = "Tet Kwikstaart"
[[foundation]]
slug = "meer"
name = "Stichting Kievitsmeer"
accounts = ["NL02ABNA0123456789"]
[[foundation]]
slug = "eik"
name = "Stichting Dikke Eik"
accounts = ["NL69INGB0123456789"]
"""


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - any JSON
        """The one JSON document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Line:
    """The command line in a directory of its own."""

    place: Path

    @property
    def var(self) -> Path:
        """The installation."""
        return self.place / "var"

    def __call__(self, *words: object, stdin: str | None = None, **environment: str) -> Said:
        env = {"BUURTKAS_DIR": str(self.var)} | environment
        done = CliRunner().invoke(main, [str(word) for word in words], input=stdin, env=env)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout, done.stderr)

    def file(self, name: str, *amounts: int, iban: str = "NL02ABNA0123456789", opening: int = 100_000) -> Path:
        """Write a bank file of October."""
        first, last = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
        lines = tuple(
            BankLine(f"{name}{n}", first, amount, "transfer", f"nota {n}", "Wiebe Zandoog", "NL20INGB0001234567")
            for n, amount in enumerate(amounts)
        )
        statement = BankStatement(iban, "Stichting", 10, first, last, opening, lines)
        created = dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC)
        path = self.place / name
        path.write_bytes(camt053([statement], version="08", message_id="M1", created_at=created))
        return path

    def init(self, text: str = SETUP) -> Said:
        """Make the district."""
        source = self.place / "setup.toml"
        source.write_text(text, encoding="utf-8")
        return self("init", "--from", source, "--now", NOW)


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """The command line, without an installation."""
    return Line(tmp_path)


@pytest.fixture
def made(line: Line) -> Line:
    """The command line on a fresh district."""
    assert line.init().code == 0
    return line
