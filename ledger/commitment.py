"""Salted commitments: a field that binds its writer without showing its value.

commit = base64url(HMAC-SHA256(salt, JCS(["buurtkas/commit/1", log, book, field, value])))

A fresh salt per field and entry hides even a value that could be guessed; the entry
binds the commitment by containing it, so that it can be made before any lock.

Source: DESIGN "Commitments"; HMAC: RFC 2104; base64url without padding: RFC 4648, section 5.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.canonical import canonical
from ledger.errors import MalformedEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json

LABEL = "buurtkas/commit/1"
SALT_BYTES = 32
SALT = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one commitment: the salt (64 hex digits) and the value."""

    salt_hex: str
    value: Json


def commit(log: str, book: str, field: str, opening: Opening) -> str:
    """Return the commitment (43 characters) to a value under its salt."""
    message = canonical([LABEL, log, book, field, opening.value])
    digest = hmac.digest(bytes.fromhex(opening.salt_hex), message, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def matches(log: str, book: str, field: str, opening: Opening, commitment: str) -> bool:
    """Tell whether a salt and a value open a commitment; never raises, whatever it is handed."""
    if not isinstance(opening.salt_hex, str) or not SALT.match(opening.salt_hex) or not commitment.isascii():
        return False
    try:
        made = commit(log, book, field, opening)
    except MalformedEntry:
        return False
    return hmac.compare_digest(made, commitment)


def open_values(values: Mapping[str, Json]) -> dict[str, Opening]:
    """Return each value with a fresh salt."""
    return {field: Opening(secrets.token_hex(SALT_BYTES), value) for field, value in values.items()}


def dump_openings(openings: Mapping[str, Opening]) -> str:
    """Return openings as the text that the table of private values keeps."""
    return json.dumps(
        {field: [opening.salt_hex, opening.value] for field, opening in openings.items()},
        separators=(",", ":"),
        ensure_ascii=False,
    )


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
