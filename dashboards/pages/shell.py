"""What stands around every page: the name, the ways through the site, and how fresh it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointLine:
    """The signed state of the books that a page was made from."""

    size: int
    root_short: str
    signed_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the installation says about itself.

    Args:
        district: its name.
        simulated: whether it runs on a simulated clock, so that everything in it is fictional.
        checkpoint: the last signed state; None before the first.
    """

    district: str
    simulated: bool
    checkpoint: CheckpointLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageLink:
    """This page in another language."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationItem:
    """One way through the site; `label` is a message id."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Everything around a page's own content."""

    site: Site
    languages: tuple[LanguageLink, ...]
    navigation: tuple[NavigationItem, ...]
    desk_url: str | None
