"""Whether a payment needs a receipt.

What a district declares comes with its source document. Of the bank's lines no view tells yet which have
one, and no desk takes one in: so none of these is called attached, and none is called late, because nobody
could have brought it.

Source: RULES DOC-01.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from ledger.entries.foundation.spending_declared import NO_ACCOUNT
from ledger.entries.foundation.transaction import PAID

if TYPE_CHECKING:
    import sqlalchemy as sa

    from dashboards.pages.parts import ReceiptState

FROM_MINOR = 50_00


def receipt_of(movement: sa.Row[Any]) -> ReceiptState:
    """Return where a line's receipt is."""
    if movement.account == NO_ACCOUNT:
        return "attached"
    return "awaited" if movement.kind == PAID and -movement.amount_minor >= FROM_MINOR else "not_needed"
