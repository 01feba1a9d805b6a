"""Whether a payment needs a receipt.

No view tells yet which payments have one, and no desk takes one in: so none is called attached, and none is
called late, because nobody could have brought it.

Source: RULES DOC-01.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from ledger.entries.foundation.transaction import PAID

if TYPE_CHECKING:
    import sqlalchemy as sa

    from dashboards.pages.parts import ReceiptState

FROM_MINOR = 50_00


def receipt_of(movement: sa.Row[Any]) -> ReceiptState:
    """Return where a line's receipt is."""
    return "awaited" if movement.kind == PAID and -movement.amount_minor >= FROM_MINOR else "not_needed"
