"""The list of a foundation's bank statements, as its own people see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.desks import DeskUser
    from dashboards.pages.parts import Link

SeenState = Literal["seen", "yours", "waiting", "differs", "nobody"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One statement.

    Args:
        account: the account's number.
        from_date: where its opening balance stands; None where the file does not say.
        to_date: where its closing balance stands.
        brought_by: by their role, a message id.
        state: seen by two people; waiting for the reader; brought by the reader, so waiting for somebody
            else; another file differs; or brought by nobody, so that nobody can be the second.
        seen_by: by their role, a message id; None before.
    """

    account: str
    from_date: dt.date | None
    to_date: dt.date | None
    closing_minor: int | None
    currency: str
    brought_by: str
    brought_on: dt.date
    state: SeenState
    seen_by: str | None = None
    seen_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsPage:
    """The list, the newest first; the one button leads to bringing a file."""

    user: DeskUser
    foundation: Link
    rows: tuple[StatementRow, ...]

    @property
    def waiting(self) -> int:
        """How many the reader can be the second to see."""
        return sum(row.state == "waiting" for row in self.rows)
