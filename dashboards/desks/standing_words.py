"""Saying in the reader's language which payments a standing rule is for.

It names account numbers and a bank's words: for a foundation's own people only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.pages.words import word
from dashboards.templating import current_language
from dashboards.templating import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.work.standing import Conditions

BY_MANDATE = word("direct debits with mandate %(mandate)s")
BY_IBAN = word("payments to %(iban)s")
BY_WORDS = word("payments with \u201c%(words)s\u201d in the name or text")
BY_AMOUNT = word("of exactly %(amount)s")
GROUP = 4


def conditions_sentence(conditions: Conditions, currency: str) -> str:
    """Return which payments a standing rule is for."""
    return ", ".join(translated(text) % values for text, values in _asked(conditions, currency))


def _asked(conditions: Conditions, currency: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each condition as a message id and its values."""
    if conditions.mandate is not None:
        yield BY_MANDATE, {"mandate": conditions.mandate}
    if conditions.iban is not None:
        yield BY_IBAN, {"iban": _grouped(conditions.iban)}
    if conditions.words is not None:
        yield BY_WORDS, {"words": conditions.words}
    if conditions.amount_minor is not None:
        yield BY_AMOUNT, {"amount": current_language().money(abs(conditions.amount_minor), currency)}


def _grouped(iban: str) -> str:
    """Return an IBAN in groups of four."""
    return " ".join(iban[start : start + GROUP] for start in range(0, len(iban), GROUP))
