"""The pages where payments are explained that were booked before, as values.

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
    from dashboards.pages.linking import LinkedPart
    from dashboards.pages.linking import LinkRow
    from dashboards.pages.linking import PartRow
    from dashboards.pages.parts import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedReceipt:
    """What was just explained, read from the book."""

    lines: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainPage:
    """What is not explained yet. Posts each row's field with `initiative/category`, or "", to desks.explain(slug).

    Args:
        payments: how many are not explained, on all pages.
        amount_minor: how much that is together.
        rows: the payments of this page; `refunds` what came in.
        recent: what was explained last, to be put right where it is wrong.
        may_link: whether this person may explain; who may not, only looks.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    currency: str
    payments: int
    amount_minor: int
    rows: tuple[LinkRow, ...]
    refunds: tuple[LinkRow, ...]
    recent: tuple[LinkRow, ...]
    groups: tuple[ChoiceGroup, ...]
    number: int
    pages: int
    may_link: bool
    done: ExplainedReceipt | None = None
    errors: tuple[FieldError, ...] = ()

    @property
    def suggested(self) -> int:
        """How many rows have an answer already."""
        return sum(bool(row.chosen) for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPage:
    """One payment: split it, or undo what it is linked to.

    Posts each part's fields to desks.split(slug, seq), `reason` to desks.split_undo(slug, seq), and nothing, or
    `amount`, to desks.split_always(slug, seq).

    Args:
        amount_minor: the whole line, positive; `rest_minor` what of it is not explained.
        paid: whether money went out.
        ruled: whether a standing rule says the same.
        always: which payments a standing rule made of it would be for; None where none can be made.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    seq: int
    booked_on: dt.date
    amount_minor: int
    rest_minor: int
    currency: str
    paid: bool
    counterparty: str | None
    remittance: str | None
    linked: tuple[LinkedPart, ...]
    parts: tuple[PartRow, ...]
    groups: tuple[ChoiceGroup, ...]
    may_link: bool
    ruled: bool = False
    always: str | None = None
    reason: str = ""
    done: ExplainedReceipt | None = None
    errors: tuple[FieldError, ...] = ()
