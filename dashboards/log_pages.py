"""The published log under /log/: what anybody's tools need to check an installation.

Paths and bytes are those of C2SP tlog-tiles; full tiles never change and may be kept forever.
Nothing beyond the newest signed checkpoint is served.

Source: C2SP tlog-tiles, tlog-checkpoint.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint
from flask import Response

from dashboards.pages.reader import PageMissing
from ledger import publish
from ledger.checkpoint import open_note
from ledger.errors import BadSignature
from ledger.errors import BuurtkasError
from ledger.errors import DatabaseTrouble
from ledger.errors import MalformedEntry
from ledger.errors import MalformedNote
from ledger.errors import RecordUnreadable
from ledger.errors import SignatureLate
from ledger.errors import SignerRefused
from ledger.fields import calendar_day
from ledger.record import GROUP
from ledger.record import WIDTH

if TYPE_CHECKING:
    from ledger.installation import Installation

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FOREVER = "public, max-age=31536000, immutable"
NOT_KEPT = "no-cache"
TILE = re.compile(r"(?P<groups>(x\d{3}/)*)(?P<last>\d{3})(\.p/(?P<width>[1-9]\d{0,2}))?\Z", re.ASCII)
LEVEL_BITS = 8
UNAVAILABLE = 503
UNREADY = (BadSignature, DatabaseTrouble, MalformedNote, SignatureLate, SignerRefused)
"""What is damaged, late or away: said in plain text, for tools and people alike."""


def log_blueprint(installation: Installation) -> Blueprint:
    """Make the blueprint `log`.

    Args:
        installation: Whose log.
    """
    blueprint = Blueprint("log", __name__, url_prefix="/log")
    for kind in UNREADY:
        blueprint.register_error_handler(kind, _unready)

    @blueprint.get("/checkpoint")
    def checkpoint() -> Response:
        return _answer((installation.signer.published() or "").encode(), TEXT, NOT_KEPT)

    @blueprint.get("/vkey")
    def vkey() -> Response:
        return _answer(installation.signer.vkey().text().encode() + b"\n", TEXT, NOT_KEPT)

    @blueprint.get("/disclosures")
    def disclosures() -> Response:
        return _answer(publish.shown(installation), TEXT, NOT_KEPT)

    @blueprint.get("/seals/<day>")
    def seal(day: str) -> Response:
        size = _signed(installation)
        try:
            with installation.store.reading() as connection:
                return _answer(publish.sealed_list(connection, calendar_day(day), size), TEXT, FOREVER)
        except (MalformedEntry, RecordUnreadable) as error:
            raise PageMissing from error

    @blueprint.get("/tile/entries/<path:place>")
    def entries(place: str) -> Response:
        number, width = _tile(place, _signed(installation), 0)
        with installation.store.reading() as connection:
            return _answer(publish.entry_bundle(connection, number, width), BYTES, FOREVER)

    @blueprint.get("/tile/<int:level>/<path:place>")
    def tile(level: int, place: str) -> Response:
        number, width = _tile(place, _signed(installation), level)
        with installation.store.reading() as connection:
            return _answer(publish.hash_tile(connection, level, number, width), BYTES, FOREVER)

    return blueprint


def _signed(installation: Installation) -> int:
    """Return how many entries the newest checkpoint covers."""
    note = installation.signer.published()
    return open_note(note, installation.signer.vkey()).size if note else 0


def _tile(place: str, size: int, level: int) -> tuple[int, int]:
    """Return a tile's number and width from its path.

    Raises:
        PageMissing: It is no path of a tile, or the checkpoint does not cover it.
    """
    found = TILE.match(place)
    if found is None:
        raise PageMissing
    groups = [int(group.strip("x/")) for group in found["groups"].split("/") if group]
    number = 0
    for group in (*groups, int(found["last"])):
        number = number * GROUP + group
    width = int(found["width"] or WIDTH)
    if width > WIDTH or number * WIDTH + width > size >> (LEVEL_BITS * level):
        raise PageMissing
    return number, width


def _unready(error: BuurtkasError) -> Response:
    """Say why nothing can be handed out now: what was signed is damaged, or is not there yet."""
    answer = _answer(f"{error}\n".encode(), TEXT, NOT_KEPT)
    answer.status_code = UNAVAILABLE
    return answer


def _answer(body: bytes, kind: str, keep: str) -> Response:
    """Return bytes that may be kept, and read by a verifier's page on any site."""
    answer = Response(body, content_type=kind)
    answer.headers["Cache-Control"] = keep
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
