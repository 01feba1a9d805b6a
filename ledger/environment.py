"""What the surroundings say: the environment variables that the ledger knows.

A secret such as an address with a password does not belong in an environment that every child
process inherits, so each variable X can be given as X_FILE: the path of a file that holds it.

Invariant: an empty variable is an unset one, and a variable given in both ways is refused.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import SettingRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "_FILE"
DATABASE_URL = "BUURTKAS_DATABASE_URL"
DATABASE_SCHEMA = "BUURTKAS_DATABASE_SCHEMA"
OWNER_URL = "BUURTKAS_OWNER_URL"
SIGNER_DIR = "BUURTKAS_SIGNER_DIR"
PROCESSORS = "BUURTKAS_PROCESSORS"
DEFAULT_SCHEMA = "buurtkas"
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where an installation finds what lies outside its directory.

    Attributes:
        database_url: The PostgreSQL server, and the role of every day; None on SQLite.
        owner_url: The same server, as the role that owns the tables; None where that is the everyday role.
        new_schema: The schema of a new installation; None where it is to live in SQLite.
        signer_directory: The signer's own directory; None where it lies in the installation's.
        processors: Accounts on which firms that pass payments on for shops are known to collect, beside those that the
            code knows.
    """

    database_url: str | None = None
    owner_url: str | None = None
    new_schema: str | None = None
    signer_directory: Path | None = None
    processors: frozenset[str] = frozenset()


def surroundings() -> Surroundings:
    """Return what this process's environment says.

    Raises:
        SettingRefused: A variable is given twice, its file cannot be read, or it does not say what it should.
    """
    url, signer = value_of(DATABASE_URL), value_of(SIGNER_DIR)
    return Surroundings(
        database_url=url,
        owner_url=value_of(OWNER_URL),
        new_schema=(value_of(DATABASE_SCHEMA) or DEFAULT_SCHEMA) if url else None,
        signer_directory=Path(signer) if signer else None,
        processors=_processors(value_of(PROCESSORS)),
    )


def _processors(written: str | None) -> frozenset[str]:
    """Return account numbers, with commas between them and with or without spaces in them.

    Raises:
        SettingRefused: One of them is no IBAN.
    """
    numbers = ["".join(number.split()).upper() for number in (written or "").split(",")]
    found = frozenset(filter(None, numbers))
    if any(not IBAN.fullmatch(number) for number in found):
        raise SettingRefused(PROCESSORS, "each account is an IBAN, with commas between them")
    return found


def value_of(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return a variable's value, from itself or from the file that NAME_FILE names; None where it is unset.

    Raises:
        SettingRefused: It is given twice, or its file cannot be read.
    """
    plain, path = environment.get(name), environment.get(name + FILE)
    if plain and path:
        raise SettingRefused(name, f"it is given twice; keep either {name} or {name}{FILE}")
    if not path:
        return plain or None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingRefused(name + FILE, "the file that it names cannot be read") from error
