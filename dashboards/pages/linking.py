"""Lines to link, and the steps of an upload that link and check them, as values.

Names and texts here are the bank's own: the pages are for a foundation's own people only. Forms post to
their own page's address; the field names stand in each docstring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.desks import ChoiceGroup
    from dashboards.pages.desks import DeskUser
    from dashboards.pages.desks import FieldError
    from dashboards.pages.parts import Link
    from dashboards.pages.parts import Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedPart:
    """What a part of a payment counts for now; the amount is positive."""

    initiative: str
    category: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """A part to fill in, as it was typed; posts `target-<number>` and `amount-<number>`."""

    number: int
    target: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A line to link. `field` names its select; `chosen` is its value; `why` a translated reason.

    Args:
        amount_minor: what choosing links: the line, or what is left of it.
        why: why something is suggested, or why nothing is.
        whole_minor: the whole line, where a part of it is linked already.
        seq: its place in the book; None where it is not booked yet.
        parts: what it counts for, where that is not for its select to say.
        always: which payments a standing rule would be for, as a translated sentence; None where none can be made.
    """

    field: str
    booked_on: dt.date
    amount_minor: int
    currency: str
    counterparty: str | None
    remittance: str | None
    chosen: str = ""
    why: str | None = None
    whole_minor: int | None = None
    seq: int | None = None
    parts: tuple[LinkedPart, ...] = ()
    always: str | None = None
    always_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadLinkPage:
    """Step 3. Posts each row's field with `initiative/category`, or "" for not yet, to desks.upload_link.

    Beside it `always-<field>` makes a standing rule; `split` names a row to divide first, `check` goes on to step 4,
    `back` to the page before. Whichever is pressed, what was chosen is kept.

    Args:
        rows: those of this page; `before` them are those of earlier ones.
        count: how many lines there are on all pages; `suggested` have an answer already.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    draft: str
    rows: tuple[LinkRow, ...]
    groups: tuple[ChoiceGroup, ...]
    count: int
    suggested: int
    before: int = 0
    page: int = 1
    pages: int = 1
    errors: tuple[FieldError, ...] = ()

    @property
    def payments(self) -> tuple[LinkRow, ...]:
        """The rows of money that went out."""
        return tuple(row for row in self.rows if row.amount_minor < 0)

    @property
    def received(self) -> tuple[LinkRow, ...]:
        """The rows of money that came in, which stand last."""
        return tuple(row for row in self.rows if row.amount_minor >= 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadSplitPage:
    """A line of step 3 to divide. Posts each part's fields, or `whole`, to desks.upload_split(draft, line)."""

    user: DeskUser
    foundation: Link
    csrf_token: str
    draft: str
    line: str
    row: LinkRow
    divided: bool
    parts: tuple[PartRow, ...]
    groups: tuple[ChoiceGroup, ...]
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """What confirming will count for one initiative and category; initiative None is not yet explained."""

    initiative: str | None
    category: str | None
    payments: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadCheckPage:
    """Step 4. Posts the token to desks.upload_check; that confirms.

    Args:
        problems: what does not fit and is booked all the same, as translated sentences.
        reason: why, as somebody wrote it.
        rows: the first lines, each with what it will count for.
        count: how many lines there are; `answered` count for something.
        received: how many came in and count for nothing, `received_minor` together.
        moved: how many are between own accounts.
        newer: the last day of each statement that brings no lines, but days in which nothing happened.
        rules: the standing rules that begin with this, as translated sentences.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    draft: str
    currency: str
    lines: tuple[CheckLine, ...]
    new: int
    before: Sums
    after: Sums
    confirms: int = 0
    problems: tuple[str, ...] = ()
    reason: str | None = None
    rows: tuple[LinkRow, ...] = ()
    count: int = 0
    answered: int = 0
    received: int = 0
    received_minor: int = 0
    moved: int = 0
    newer: tuple[dt.date, ...] = ()
    rules: tuple[str, ...] = ()
    errors: tuple[FieldError, ...] = ()
