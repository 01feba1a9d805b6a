"""What a bank's labelled free text says, such as ING's Mededelingen.

The payer's own words stand in the middle and may contain anything, forged labels
included. So the labels before them are read from the left, and those after them from
the right, as long as they run unbroken and in the bank's order. What is left is the
remittance text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from importers.profiles.profile import Labels


@dataclass(frozen=True, slots=True)
class Remark:
    """The payer's own words, and the fields that the bank added after them."""

    text: str
    fields: dict[str, str]

    def without(self, names: Collection[str]) -> Remark:
        """Return it without some of its fields."""
        return Remark(self.text, {name: value for name, value in self.fields.items() if name not in names})


def parse_remark(written: str, labels: Labels) -> Remark:
    """Take a labelled text apart.

    Args:
        written: The text as the bank wrote it.
        labels: The bank's labels.

    Returns:
        The payer's words and the fields by name. A text without labels comes back whole.
    """
    end, fields = _trailing(written, labels)
    return Remark(_own_words(written[:end].strip(), labels), fields)


@lru_cache(maxsize=32)
def _pattern(labels: Labels) -> re.Pattern[str]:
    return re.compile(r"(?:(?<=\s)|^)(" + "|".join(re.escape(name) for name, _ in labels.trailing) + r"):(?:\s|$)")


@lru_cache(maxsize=32)
def _ranks(labels: Labels) -> dict[str, tuple[int, str]]:
    return {name: (rank, field) for rank, (name, field) in enumerate(labels.trailing)}


def _trailing(written: str, labels: Labels) -> tuple[int, dict[str, str]]:
    """Return where the bank's own labels begin, and what they say."""
    fields: dict[str, str] = {}
    end, limit = len(written), len(labels.trailing)
    if not labels.trailing or ":" not in written:
        return end, fields
    for found in reversed(list(_pattern(labels).finditer(written))):
        rank, field = _ranks(labels)[found[1]]
        if rank >= limit:
            break
        fields[field] = _without_ending(written[found.end() : end].strip(), labels)
        end, limit = found.start(), rank
    return end, fields


def _without_ending(value: str, labels: Labels) -> str:
    for ending in labels.endings:
        if value.endswith(ending):
            return value.removesuffix(ending).rstrip()
    return value


def _own_words(written: str, labels: Labels) -> str:
    """Return what follows the label that introduces the payer's words; all of it where there is no such label."""
    is_named = any(written.startswith(name + ":") for name in labels.naming)
    for name in labels.introducing:
        label = name + ":"
        if written.startswith(label):
            return written[len(label) :].strip()
        if is_named and (place := written.find(f" {label}")) >= 0:
            return written[place + 1 + len(label) :].strip()
    return "" if is_named else written
