"""What a bank's file says, as values.

Amounts are integer hundredths of the currency unit (`*_minor`), signed: money that
leaves the account is negative. What the file does not say is None. Nothing here
knows a database, a clock or a foundation.
"""

from __future__ import annotations

from dataclasses import MISSING
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import make_dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance that the bank states at the end of a day."""

    date: dt.date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Part:
    """One payment inside a batch that the bank booked as one line."""

    amount_minor: int
    name: str | None = None
    iban: str | None = None
    text: str | None = None
    end_to_end_id: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One booked line of a statement.

    Attributes:
        position: Place in the file, counted from 1: the entry (CAMT) or the row (CSV).
        running_minor: The account's balance after this line, where the file states it per line.
        reversal: True where the bank says that this line undoes an earlier one.
        parts: The payments of a batch; their amounts add up to `amount_minor`. Empty otherwise.
        returned: True where the bank's own codes, not the payer's words, say that this line gives back, reverses
            or corrects an earlier one.
    """

    position: int
    booked_on: dt.date
    valued_on: dt.date | None
    amount_minor: int
    currency: str
    name: str | None = None
    iban: str | None = None
    text: str | None = None
    bank_reference: str | None = None
    end_to_end_id: str | None = None
    mandate: str | None = None
    creditor_id: str | None = None
    type_code: str | None = None
    running_minor: int | None = None
    reversal: bool = False
    parts: tuple[Part, ...] = ()
    returned: bool = False


if TYPE_CHECKING:
    make_line = Line
else:

    def _open_twin() -> type:
        """Return a class with the fields of `Line` that can still be set."""
        own = [
            (one.name, one.type) if one.default is MISSING else (one.name, one.type, one.default)
            for one in fields(Line)
        ]
        return make_dataclass("_OpenLine", own, slots=True)

    _OpenLine = _open_twin()

    def make_line(*values: object, **named: object) -> Line:
        """Make a line as `Line` does, in a third of the time: a frozen class sets each field by a call.

        Readers make one for every payment, and so does whatever brings lines back from the disk.
        """
        made = _OpenLine(*values, **named)
        made.__class__ = Line
        return made


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not fit in a file that could otherwise be read in full.

    Attributes:
        code: A stable word, such as ``balance`` or ``missing_page``.
        text: One English sentence with the figures, fit for a terminal.
    """

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What the bank says happened on one account in one period.

    Attributes:
        format: Such as ``camt.053.001.08`` or ``csv``.
        bank: The bank's name where the format is the bank's own, or its BIC or name in the file.
        account: The account's IBAN without spaces, or the bank's own number; None where not stated.
        lines: Oldest first, whatever order the file has; of a long file they may lie on the disk.
        pending: What the bank names but has not booked yet; it is told, and never booked.
        member: Which file of a ZIP it stands in, counted from 1 as a text; None outside a ZIP.
    """

    format: str
    bank: str | None
    account: str | None
    currency: str | None
    number: str | None
    opening: Balance | None
    closing: Balance | None
    lines: Sequence[Line]
    problems: tuple[Problem, ...] = ()
    pending: Sequence[Line] = ()
    member: str | None = None
