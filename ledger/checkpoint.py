r"""Checkpoints: a log's size and root, signed so that anybody's tools can read them.

A checkpoint is the text `origin\nsize\nroot\n`, an empty line, and signature lines
`— name base64(key id || signature)`. The key id is the first four bytes of
SHA-256(name || "\n" || 0x01 || public key).

Source: C2SP tlog-checkpoint and C2SP signed-note; Ed25519: RFC 8032.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.errors import BadSignature
from ledger.errors import MalformedNote

ED25519 = b"\x01"
KEY_BYTES = 32
ROOT_BYTES = 32
ID_BYTES = 4
SIGNATURE_BYTES = 64
BODY_LINES = 3
SIZE = re.compile(r"(0|[1-9][0-9]{0,17})\Z")
NAME = re.compile(r"[^\s+]+\Z")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size (entries) and root (32 bytes) of the log named `origin`."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and an Ed25519 public key (32 bytes)."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that stand before a signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID_BYTES]

    def text(self) -> str:
        """Return the key in the form `name+id+key` (a vkey)."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def from_text(cls, text: str) -> VerifierKey:
        """Read a vkey.

        Raises:
            MalformedNote: It is not one, or its id does not fit its key.
        """
        parts = text.strip().split("+", 2)
        if len(parts) != BODY_LINES:
            raise MalformedNote("a verifier key has the form name+id+key")
        name, key_id, key = parts
        if not NAME.match(name):
            raise MalformedNote("a key's name has no spaces and no plus")
        raw = _base64(key)
        if len(raw) != 1 + KEY_BYTES or raw[:1] != ED25519:
            raise MalformedNote("the verifier key is not an Ed25519 key")
        made = cls(name, raw[1:])
        if made.key_id.hex() != key_id:
            raise MalformedNote("the verifier key's id does not fit the key")
        return made


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey, name: str) -> str:
    """Return the checkpoint as a signed note."""
    body = checkpoint.body()
    verifier = VerifierKey(name, key.public_key().public_bytes_raw())
    signature = verifier.key_id + key.sign(body.encode())
    return f"{body}\n— {name} {base64.b64encode(signature).decode()}\n"


def open_note(note: str, key: VerifierKey) -> Checkpoint:
    """Return the checkpoint of a signed note whose signature by `key` holds.

    Raises:
        MalformedNote: The note cannot be read, or bears no signature by this key.
        BadSignature: The signature does not hold.
    """
    body, separator, signatures = note.partition("\n\n")
    if not separator:
        raise MalformedNote("it has no signatures")
    body += "\n"
    signature = _signature_by(key, signatures)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, body.encode())
    except InvalidSignature as error:
        raise BadSignature(key.name) from error
    return _read_body(body)


def _signature_by(key: VerifierKey, lines: str) -> bytes:
    """Return the 64 bytes that `key` put under a note."""
    if not lines.endswith("\n"):
        raise MalformedNote("it does not end with a line")
    for line in lines[:-1].split("\n"):
        if not line.startswith("— "):
            raise MalformedNote("a signature line does not begin with a dash")
        name, _, encoded = line[2:].partition(" ")
        raw = _base64(encoded)
        if name == key.name and raw[:ID_BYTES] == key.key_id:
            return raw[ID_BYTES:]
    raise MalformedNote(f"it bears no signature by {key.name}")


def _read_body(body: str) -> Checkpoint:
    """Read origin, size and root."""
    lines = body.split("\n")
    if len(lines) != BODY_LINES + 1 or not lines[0]:
        raise MalformedNote("it does not consist of origin, size and root")
    origin, size, root = lines[:BODY_LINES]
    if not SIZE.match(size):
        raise MalformedNote("its size is not a number")
    raw = _base64(root)
    if len(raw) != ROOT_BYTES:
        raise MalformedNote("its root is not 32 bytes")
    return Checkpoint(origin, int(size), raw)


def _base64(text: str) -> bytes:
    """Decode standard base64 with padding, strictly."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedNote("something in it is not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise MalformedNote("something in it is not canonical base64")
    return raw
