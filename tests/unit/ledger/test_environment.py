"""The surroundings: each variable can be given in a file, and never in two ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.environment import DATABASE_SCHEMA
from ledger.environment import DATABASE_URL
from ledger.environment import OWNER_URL
from ledger.environment import SIGNER_DIR
from ledger.environment import Surroundings
from ledger.environment import surroundings
from ledger.environment import value_of
from ledger.errors import SettingRefused

URL = "postgresql://eva:geheim@db.example/boek"


def test_a_variable_is_given_itself_or_in_a_file(tmp_path: Path) -> None:
    """The file's last line end is no part of the value; an empty variable is an unset one."""
    (tmp_path / "url").write_text(URL + "\n")
    assert value_of("X", {"X": URL}) == URL
    assert value_of("X", {"X_FILE": str(tmp_path / "url")}) == URL
    assert value_of("X", {"X": "", "X_FILE": str(tmp_path / "url")}) == URL
    assert value_of("X", {"X": "", "X_FILE": ""}) is None
    (tmp_path / "url").write_text("\n")
    assert value_of("X", {"X_FILE": str(tmp_path / "url")}) is None


def test_a_variable_given_twice_is_refused_without_its_value(tmp_path: Path) -> None:
    """Nobody has to guess which one counts, and no password is shown."""
    with pytest.raises(SettingRefused, match="X cannot be used: it is given twice") as caught:
        value_of("X", {"X": URL, "X_FILE": str(tmp_path)})
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """Whether it is missing or no text."""
    if content is not None:
        (tmp_path / "url").write_bytes(content)
    with pytest.raises(SettingRefused, match="X_FILE cannot be used: the file"):
        value_of("X", {"X_FILE": str(tmp_path / "url")})


def test_without_variables_an_installation_is_a_directory_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema is chosen only where there is a server to have it."""
    monkeypatch.setenv(DATABASE_SCHEMA, "boek")
    assert surroundings() == Surroundings()


def test_the_variables_name_what_lies_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Server, schema, owner and the signer's directory."""
    for name, value in ((DATABASE_URL, URL), (OWNER_URL, URL + "2"), (SIGNER_DIR, "/srv/signer")):
        monkeypatch.setenv(name, value)
    assert surroundings() == Surroundings(URL, URL + "2", "buurtkas", Path("/srv/signer"))
    monkeypatch.setenv(DATABASE_SCHEMA, "boek")
    assert surroundings().new_schema == "boek"


def test_processors_are_account_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """With commas between them, written as people write them; anything else is refused by name."""
    monkeypatch.setenv("BUURTKAS_PROCESSORS", "nl53 abna 0627 5355 77, NL28DEUT0265186439,")
    assert surroundings().processors == {"NL53ABNA0627535577", "NL28DEUT0265186439"}
    monkeypatch.setenv("BUURTKAS_PROCESSORS", "Mollie")
    with pytest.raises(SettingRefused, match="each account is an IBAN"):
        surroundings()
