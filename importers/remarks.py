"""What a bank's labelled free text says, such as ING's Mededelingen.

The payer's own words stand in the middle and may contain anything, forged labels
included. So the labels before them are read from the left, and those after them from
the right, as long as they run unbroken and in the bank's order. What is left is the
remittance text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importers.profiles.profile import Labels

NO_FIELDS: Mapping[str, str] = {}


Remark = tuple[str, "Mapping[str, str]"]
"""The payer's own words, and the fields that the bank added around them; a plain pair, since a file has very many."""


class LabelledTexts:
    """Takes the labelled texts of one bank apart.

    Args:
        labels: The bank's labels.
    """

    def __init__(self, labels: Labels) -> None:
        self._endings = labels.endings
        self._ranks = {name: (rank, field) for rank, (name, field) in enumerate(labels.trailing)}
        # The longest first: where one label ends with another, it is the longer one.
        self._trailing = tuple(sorted(self._ranks, key=len, reverse=True))
        self._naming = tuple(f"{name}:" for name in labels.naming)
        self._introducing = tuple(f"{name}:" for name in labels.introducing)
        self._introduced = tuple((f" {label}", len(label) + 1) for label in self._introducing)

    def parse(self, written: str) -> Remark:
        """Take a text apart.

        Args:
            written: The text as the bank wrote it, with single spaces.

        Returns:
            The payer's words and the fields by name. A text without labels comes back whole.
        """
        colon = written.rfind(":")
        introducing, trailing = self._introducing, self._trailing
        while colon >= 0 and not written.endswith(introducing, 0, colon + 1):
            if written.endswith(trailing, 0, colon):
                end, fields = self._from_the_right(written, colon)
                return self._own_words(written[:end].strip()), fields
            colon = written.rfind(":", 0, colon)
        return self._own_words(written), NO_FIELDS

    def _from_the_right(self, written: str, colon: int) -> tuple[int, Mapping[str, str]]:
        """Return where the bank's own labels begin, and what they say."""
        fields: dict[str, str] = {}
        end, limit = len(written), len(self._ranks)
        while colon >= 0 and not written.endswith(self._introducing, 0, colon + 1):
            if label := self._label_at(written, colon):
                rank, name = self._ranks[label]
                if rank >= limit:
                    break
                fields[name] = self._without_ending(written[colon + 1 : end].strip())
                end, limit = colon - len(label), rank
            colon = written.rfind(":", 0, colon)
        return end, fields

    def _label_at(self, written: str, colon: int) -> str:
        """Return the label that a colon closes: a whole word, with a space or the end after the colon."""
        if written[colon + 1 : colon + 2].strip():
            return ""
        for label in self._trailing:
            if written.endswith(label, 0, colon):
                before = colon - len(label)
                return "" if written[max(before - 1, 0) : before].strip() else label
        return ""

    def _without_ending(self, value: str) -> str:
        for ending in self._endings:
            if value.endswith(ending):
                return value.removesuffix(ending).rstrip()
        return value

    def _own_words(self, written: str) -> str:
        """Return what follows the label that introduces the payer's words; all where there is no such label."""
        if written.startswith(self._naming):
            for label, length in self._introduced:
                place = written.find(label)
                if place >= 0:
                    return written[place + length :].strip()
            return ""
        for label in self._introducing:
            if written.startswith(label):
                return written[len(label) :].strip()
        return written
