"""Salted commitments: a field that binds its writer without showing its value.

commit = base64url(HMAC-SHA256(salt, JCS(["buurtkas/commit/1", log, book, field, value])))

A fresh salt per field and entry hides even a value that could be guessed; the entry
binds the commitment by containing it, so that it can be made before any lock.

Source: DESIGN "Commitments"; HMAC: RFC 2104; base64url without padding: RFC 4648, section 5.
"""

from __future__ import annotations

import binascii
import functools
import hmac
import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import NamedTuple

from ledger.canonical import canonical
from ledger.errors import MalformedEntry
from ledger.fields import LETTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json

LABEL = "buurtkas/commit/1"
SALT_BYTES = 32
SALT = re.compile(r"[0-9a-f]{64}\Z")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one commitment: the salt (64 hex digits) and the value."""

    salt_hex: str
    value: Json


class Sealed(NamedTuple):
    """Private values with the commitments to them.

    Attributes:
        openings: The text that the table of private values keeps; "" where there are no values.
    """

    commitments: Mapping[str, str]
    openings: str


def seal(log: str, book: str, values: Mapping[str, Json]) -> Sealed:
    """Commit to values, each under a fresh salt; each is written out once, for commitment and table alike."""
    if not values:
        return Sealed({}, "")
    salts = os.urandom(SALT_BYTES * len(values))
    commitments, openings = {}, []
    for at, (field, value) in enumerate(values.items()):
        salt = salts[at * SALT_BYTES : (at + 1) * SALT_BYTES]
        written = canonical(value, 1)
        commitments[field] = _commitment(salt, _beginning(log, book, field) + written)
        openings.append(f'"{field}":["{salt.hex()}",{written.decode()}]')
    return Sealed(commitments, "{" + ",".join(openings) + "}")


def commit(log: str, book: str, field: str, opening: Opening) -> str:
    """Return the commitment (43 characters) to a value under its salt."""
    return _commitment(bytes.fromhex(opening.salt_hex), _beginning(log, book, field) + canonical(opening.value, 1))


@functools.lru_cache(maxsize=1024)
def _beginning(log: str, book: str, field: str) -> bytes:
    """Return the message of a commitment up to its value: JCS writes a list item by item."""
    return canonical([LABEL, log, book, field])[:-1] + b","


def _commitment(salt: bytes, unfinished: bytes) -> str:
    """Return the commitment to a message that lacks its closing bracket."""
    digest = hmac.digest(salt, unfinished + b"]", "sha256")
    return binascii.b2a_base64(digest).translate(_URL_SAFE)[:LETTERS].decode()


def matches(log: str, book: str, field: str, opening: Opening, commitment: str) -> bool:
    """Tell whether a salt and a value open a commitment; never raises, whatever it is handed."""
    if not isinstance(opening.salt_hex, str) or not SALT.match(opening.salt_hex) or not commitment.isascii():
        return False
    try:
        made = commit(log, book, field, opening)
    except MalformedEntry:
        return False
    return hmac.compare_digest(made, commitment)


def dump_openings(openings: Mapping[str, Opening]) -> str:
    """Return openings as the text that the table of private values keeps."""
    return _ENCODER.encode({field: [opening.salt_hex, opening.value] for field, opening in openings.items()})


def load_openings(text: str) -> dict[str, Opening]:
    """Return the openings that `dump_openings` wrote.

    Raises:
        MalformedEntry: It did not write this text.
    """
    try:
        made = {field: Opening(salt, value) for field, (salt, value) in json.loads(text).items()}
        written = dump_openings(made)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise MalformedEntry("private values cannot be read") from error
    if written != text:
        raise MalformedEntry("private values are written otherwise than they should")
    return made
