"""The verify page: one big answer, and a line to try it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.pages.parts import NO_LOOKS

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.parts import LookCounts
    from dashboards.pages.parts import PaymentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstProblem:
    """The first thing that does not hold: `what` is a message id, `detail` the checker's own words in English."""

    index: int | None
    book: str | None
    seq: int | None
    what: str
    detail: str

    @property
    def place(self) -> int | None:
        """Its place in the log as people count, from 1."""
        return None if self.index is None else self.index + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleEntry:
    """A real entry, cut around its amount so that a visitor can change one cent.

    Args:
        before: the bytes up to the amount, as text.
        amount: the amount as it stands there, in hundredths.
        after: the rest.
        hash_hex: the entry's hash.
        changed_amount: the same amount one cent further from nought.
        changed_hash_hex: the hash the entry would then have.
        index: its place in the log.
        size: how many entries the root speaks for.
        path_hex: the sister hashes from leaf to root.
        root_hex: the root that was signed.
        payment: the same line as people read it.
    """

    before: str
    amount: int
    after: str
    hash_hex: str
    changed_amount: int
    changed_hash_hex: str
    index: int
    size: int
    path_hex: tuple[str, ...]
    root_hex: str
    payment: PaymentRow

    @property
    def path_text(self) -> str:
        """The sister hashes with spaces between, for a data attribute."""
        return " ".join(self.path_hex)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPage:
    """All that the verify page shows.

    Args:
        checked: how many entries hold.
        total: how many there are.
        books: in how many books.
        unsigned: how many wait for the next checkpoint; normal.
        not_understood: how many are of a type newer than the verifier.
        at: when the last check ran; None when none ran yet.
        problem: the first thing that does not hold; None when all does.
        checkpoint: the signed note; None before the first.
        origin: the log's name.
        sample: None while there is no entry with an amount.
        newer: how many entries came after the last check.
        rules_at: when the rules last looked; None before the first time.
        daily_at: when a day's work was last done; None where it never was.
        sealed_on: the last day that has a seal; None before the first.
        looks: what is looked at, and what became of it.
        unexplained_minor: what was paid and not explained, all foundations together.
    """

    checked: int
    total: int
    books: int
    unsigned: int
    not_understood: int
    at: dt.datetime | None
    origin: str
    problem: FirstProblem | None = None
    checkpoint: str | None = None
    sample: SampleEntry | None = None
    newer: int = 0
    rules_at: dt.datetime | None = None
    daily_at: dt.datetime | None = None
    sealed_on: dt.date | None = None
    looks: LookCounts = NO_LOOKS
    unexplained_minor: int = 0
    currency: str = "EUR"

    @property
    def ok(self) -> bool:
        """Whether everything that was checked holds."""
        return self.problem is None
