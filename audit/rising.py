"""How small things add up: hits that are medium each, of one payee or in one week, weigh as one large one.

A rule that has a weight for small amounts and one for large ones (`high`) can be walked around by paying in pieces.
So the payments that such rules find medium are added up, by payee and by week: from the amount at which one payment
would be high, each of these hits is. A look at an upload sees the days of that upload alone; what adds up with earlier
days is seen by the day's look at everything.

Source: RULES "Severity rises".
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.cases import case_keys
from audit.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from audit.rule import Hit
    from audit.rules import Overrides

HIGH_FROM = "high_from_minor"
"""The parameter of such a rule that says from which amount, in hundredths, one payment is high."""


def risen(foundation: str, hits: Iterable[Hit], payments: pd.DataFrame, overrides: Overrides) -> list[Hit]:
    """Return hits, those that add up to a high one's amount as high.

    Args:
        foundation: The foundation's id.
        hits: All hits of a look.
        payments: The payments that it saw, columns as in `audit.frames.PAYMENTS`.
        overrides: What the foundation set instead of the rules' defaults.
    """
    found = list(hits)
    amounts: dict[int, int] = {}
    for hit in filter(_is_small, found):
        for seq in hit.subjects:
            amounts[seq] = max(_amount(hit), amounts.get(seq, 0))
    if not amounts:
        return found
    rows = payments[payments["seq"].isin(amounts.keys())]
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for seq, key in case_keys(foundation, rows).items():
        groups["payee", f"{key.by} {key.value}"].add(seq)
        if key.week:
            groups["week", key.week].add(seq)
    heavy: dict[int, int] = {}
    for seqs in groups.values():
        total = sum(amounts[seq] for seq in seqs)
        if len(seqs) > 1:
            heavy.update({seq: max(total, heavy.get(seq, 0)) for seq in seqs})
    return [_heavier(hit, heavy, overrides) if _is_small(hit) else hit for hit in found]


def _is_small(hit: Hit) -> bool:
    return hit.severity == "medium" and RULES[hit.rule].adds_up


def _amount(hit: Hit) -> int:
    """Return how much of its payments a hit is about, in hundredths."""
    amount_minor = hit.evidence["amount_minor"]
    assert isinstance(amount_minor, int), "a rule whose hits add up says how much each is about"
    return amount_minor


def _heavier(hit: Hit, heavy: dict[int, int], overrides: Overrides) -> Hit:
    total = max((heavy.get(seq, 0) for seq in hit.subjects), default=0)
    if total < RULES[hit.rule].settings(overrides.get(hit.rule))[HIGH_FROM]:
        return hit
    return replace(hit, severity="high", evidence={**hit.evidence, "together_minor": total})
