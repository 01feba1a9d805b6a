"""Signed notes: a frozen vector, and everything that must be refused."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.checkpoint import Checkpoint
from ledger.checkpoint import VerifierKey
from ledger.checkpoint import open_note
from ledger.checkpoint import sign
from ledger.errors import BadSignature
from ledger.errors import BuurtkasError
from ledger.errors import MalformedNote
from ledger.merkle import EMPTY_ROOT

NAME = "buurtkas.example/proef"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = VerifierKey(NAME, KEY.public_key().public_bytes_raw())
CHECKPOINT = Checkpoint(NAME, 42, EMPTY_ROOT)
NOTE = (
    "buurtkas.example/proef\n42\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"
    "— buurtkas.example/proef "
    "azEWe7uPUqRywes7sYi2gDGOwvNggT+OWXuzM3RItql2cwLcLT507jI8y+MQFvnmPbjXGKKvUqR62lSxmXMQNQcL1gQ=\n"
)
VKEY_TEXT = "buurtkas.example/proef+6b31167b+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


def _signed(body: str) -> str:
    signature = base64.b64encode(VKEY.key_id + KEY.sign(body.encode())).decode()
    return f"{body}\n— {NAME} {signature}\n"


def test_the_frozen_note_comes_out_again() -> None:
    """A fixed seed gives the very same note, and the note opens."""
    assert sign(CHECKPOINT, KEY, NAME) == NOTE
    assert VKEY.text() == VKEY_TEXT
    assert open_note(NOTE, VerifierKey.from_text(VKEY_TEXT)) == CHECKPOINT


def test_the_key_of_the_specification_is_read() -> None:
    """The example key of the Go signed-note package has the id that its text states."""
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert VerifierKey.from_text(text).text() == text


def test_the_note_of_the_specification_is_verified() -> None:
    """The Go package's example signature holds; its text is no checkpoint, which is found only then."""
    key = VerifierKey.from_text("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    with pytest.raises(MalformedNote, match="origin, size and root"):
        open_note(text, key)


def test_a_second_signature_does_not_disturb() -> None:
    """Cosignatures by other keys stand before and after ours."""
    other = "— witness.example " + base64.b64encode(b"\x00" * 76).decode() + "\n"
    body, _, lines = NOTE.partition("\n\n")
    assert open_note(f"{body}\n\n{other}{lines}{other}", VKEY) == CHECKPOINT


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(0, 7))
def test_any_flipped_bit_of_a_note_is_found(place: int, bit: int) -> None:
    """No bit of a note can change unseen."""
    changed = bytearray(NOTE.encode())
    changed[place] ^= 1 << bit
    with pytest.raises(BuurtkasError, match=r"checkpoint"):
        open_note(changed.decode(errors="replace"), VKEY)


@pytest.mark.parametrize(
    ("note", "what"),
    [
        ("", "no signatures"),
        (NOTE.replace("\n\n", "\n"), "no signatures"),
        (NOTE.replace("— ", "- "), "begin with a dash"),
        (NOTE[:-1], "end with a line"),
        (NOTE.replace(f"— {NAME}", "— other.example"), "no signature by"),
        (NOTE.replace(f"— {NAME} ", f"— {NAME} !"), "not base64"),
        (_signed(f"{NAME}\n042\n{'A' * 43}=\n"), "size is not a number"),
        (_signed(f"{NAME}\n{'9' * 5000}\n{'A' * 43}=\n"), "size is not a number"),
        (_signed(f"{NAME}\n1\nAAAA\n"), "not 32 bytes"),
        (_signed(f"{NAME}\n1\n{'A' * 42}B=\n"), "canonical base64"),
        (_signed(f"{NAME}\n1\n"), "origin, size and root"),
        (_signed(f"\n1\n{'A' * 43}=\n").replace("\n1", "\n1", 1), "no signatures|origin|begin with"),
    ],
)
def test_malformed_notes_are_refused(note: str, what: str) -> None:
    """Whatever is not exactly a signed checkpoint is refused with its reason."""
    with pytest.raises(MalformedNote, match=what):
        open_note(note, VKEY)


def test_a_signature_of_another_body_does_not_hold() -> None:
    """A signature belongs to the text above it."""
    with pytest.raises(BadSignature, match=NAME):
        open_note(NOTE.replace("\n42\n", "\n43\n"), VKEY)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("name+id", "name\\+id\\+key"),
        (VKEY_TEXT.replace(NAME, ""), "no spaces and no plus"),
        (VKEY_TEXT.replace(NAME, "a b"), "no spaces and no plus"),
        (f"{NAME}+00000000+{base64.b64encode(b'1' * 33).decode()}", "not an Ed25519 key"),
        (f"{NAME}+00000000+{base64.b64encode(b'1').decode()}", "not an Ed25519 key"),
        (f"{NAME}+00000000+{VKEY_TEXT.split('+', 2)[2]}", "does not fit"),
    ],
)
def test_malformed_keys_are_refused(text: str, what: str) -> None:
    """A verifier key whose parts do not fit together is refused."""
    with pytest.raises(MalformedNote, match=what):
        VerifierKey.from_text(text)
