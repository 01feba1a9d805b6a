"""Public pages, kept as they were made until anything that they show may be another.

What a public page says follows from its address, its language and the state of the installation alone. A
mark stands for that state; an answer made under another mark is never given. Only whole good
answers are kept, the ones least asked for make way first, and nothing kept outlives its process.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response
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


def keep_pages(blueprint: Blueprint, mark: Callable[[], Hashable]) -> None:
    """Let the pages of a blueprint be given again as they were made.

    Args:
        blueprint: Of pages that say the same to everybody.
        mark: Stands for the state that they show; another one whenever any of them may say something else.
    """
    shelf = Shelf()

    def give() -> Response | None:
        g.mark, g.kept = mark(), False
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

    blueprint.before_request(give)
    blueprint.after_request(keep)


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
