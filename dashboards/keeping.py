"""Public pages, kept as they were made until anything that they show may be another.

What a public page says follows from its address, its language and the state of the installation alone. A
mark stands for that state; an answer made under another mark is never given. Only whole good
answers are kept, the ones least asked for make way first, and nothing kept outlives its process.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response
from flask import current_app
from flask import g
from flask import request

from dashboards.templating import current_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Hashable

    from flask import Blueprint

MOST_BYTES = 32 * 1024 * 1024
"""What is kept at most in one process."""
GOOD = 200
ADDRESS = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
"""What of a request an answer follows from, besides its language."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was made."""

    mark: Hashable
    body: bytes
    content_type: str
    etag: str
    max_age: int | None


class Shelf:
    """Keeps answers, the least recently asked for going first; safe to share between threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable, mark: Hashable) -> Kept | None:
        """Return what is kept under a key; None where there is nothing, or it is of another mark."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.mark != mark:
                return None
            self._kept.move_to_end(key)
            return kept

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep an answer, and let go of others until all fit."""
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += len(kept.body) - (len(before.body) if before else 0)
            self._kept[key] = kept
            while self._bytes > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.body)


class Marks:
    """The newest mark, asked for again once the last is a moment old, or something was posted to this process."""

    def __init__(self, ask: Callable[[], Hashable]) -> None:
        self._ask = ask
        self._seen: tuple[int, Hashable] | None = None

    def newest(self, patience_ns: int) -> Hashable:
        """Return a mark that is no older than some nanoseconds."""
        seen, now = self._seen, time.monotonic_ns()
        if seen is None or now - seen[0] >= patience_ns:
            seen = self._seen = (now, self._ask())
        return seen[1]

    def forget(self) -> None:
        """Ask anew next time."""
        if request.method == "POST":
            self._seen = None


def keep_pages(blueprint: Blueprint, mark: Callable[[], Hashable]) -> None:
    """Let the pages of a blueprint be given again as they were made.

    Args:
        blueprint: Of pages that say the same to everybody. Of its application, MARK_MS says how many thousandths
            of a second a mark may be old; none where it is not set.
        mark: Stands for the state that they show; another one whenever any of them may say something else.
    """
    shelf, marks = Shelf(), Marks(mark)

    def give() -> Response | None:
        patience_ns = current_app.config.get("MARK_MS", 0) * 1_000_000
        g.mark, g.kept = marks.newest(patience_ns), False
        kept = shelf.find(_key(), g.mark)
        if kept is None:
            return None
        g.kept = True
        return _answer(kept)

    def keep(response: Response) -> Response:
        etag = response.get_etag()[0]
        fresh = request.method == "GET" and response.status_code == GOOD and not g.kept
        if fresh and etag is not None and not response.vary:
            max_age = response.cache_control.max_age
            shelf.put(_key(), Kept(g.mark, response.get_data(), response.content_type or "", etag, max_age))
        return response

    def forget(response: Response) -> Response:
        marks.forget()
        return response

    blueprint.before_request(give)
    blueprint.after_request(keep)
    blueprint.after_app_request(forget)


def _key() -> Hashable:
    """Return what an answer follows from, besides the state."""
    return current_language().code, *map(request.environ.get, ADDRESS)


def _answer(kept: Kept) -> Response:
    """Return a kept answer; one that the visitor has already is said to be the same."""
    response = Response(kept.body, content_type=kept.content_type)
    response.set_etag(kept.etag)
    response.cache_control.public = True
    response.cache_control.max_age = kept.max_age
    response.make_conditional(request)
    return response
