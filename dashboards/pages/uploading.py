"""Steps of an upload for long files: how far the work on one has come, and its lines page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.pages.desks import DeskUser
    from dashboards.pages.desks import PreviewLine
    from dashboards.pages.parts import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadProgressPage:
    """A long file that is being read or booked. Posts the token to desks.upload_cancel(draft) while it is read.

    Args:
        words: what is being done and how far it is, as a translated sentence.
        done: of `whole`; 0 of 0 where nobody can tell.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    draft: str
    filename: str
    booking: bool
    words: str
    done: int
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLinesPage:
    """Some of the lines of a statement. Nothing to post.

    Args:
        statement: its place in the file, from 0.
        page: this page, and `pages` how many there are.
        whole: how many lines the statement has.
    """

    user: DeskUser
    foundation: Link
    draft: str
    statement: int
    account: str
    currency: str
    lines: tuple[PreviewLine, ...]
    whole: int
    page: int
    pages: int
