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
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.canonical import Json

LABEL = "buurtkas/commit/1"
SALT_BYTES = 32


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
    """Tell whether a salt and a value open a commitment."""
    return hmac.compare_digest(commit(log, book, field, opening), commitment)


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
    """Return the openings that `dump_openings` wrote."""
    return {field: Opening(salt, value) for field, (salt, value) in json.loads(text).items()}
