"""Which flags belong together, and under which names they stand in the book.

All flags of one payment, or of one payee in one ISO week, form one case with one ruling;
flags on a statement form a case of their own. The identities of flags and cases are HMACs
under the installation's secret: a rerun or a new version of a rule never duplicates one, and
nobody outside can guess what one stands for.

A flag on several payments belongs to the case of the earliest of them.

Source: RULES "What a rule is", DESIGN "Cases".
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Generic
from typing import Literal
from typing import Protocol
from typing import TypeVar

from audit.naming import fold
from audit.rule import gravest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Mapping

    import pandas as pd

    from audit.rule import Severity

ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
By = Literal["iban", "name", "payment", "statement"]


class Flagged(Protocol):
    """A hit, or a flag with its rule, subjects and severity."""

    @property
    def rule(self) -> str:
        """The rule's id."""

    @property
    def subjects(self) -> tuple[int, ...]:
        """Places in the foundation's book, in order."""

    @property
    def severity(self) -> Severity:
        """How grave."""


FlagT = TypeVar("FlagT", bound=Flagged)


@dataclass(frozen=True, slots=True, order=True)
class CaseKey:
    """What makes a case: whose, by what, which one, and when. Private: it can hold an IBAN or a name.

    Attributes:
        by: iban or name of the payee, else the lone payment or statement.
        value: The IBAN, the folded name, or the place in the book.
        week: ISO week such as 2026-W07; empty for a lone payment or statement.
    """

    foundation: str
    by: By
    value: str
    week: str = ""


@dataclass(frozen=True, slots=True)
class Case(Generic[FlagT]):
    """Flags that are ruled on together, in order of subjects and rule."""

    key: CaseKey
    flags: tuple[FlagT, ...]

    @property
    def severity(self) -> Severity:
        """The gravest of its flags'."""
        return gravest(*(flag.severity for flag in self.flags))


def flag_identity(secret: bytes, rule: str, foundation: str, subjects: Iterable[int]) -> str:
    """Return a flag's identity: 64 hex digits, the same for the same rule, foundation and subjects."""
    return _identity(secret, ["buurtkas/flag/1", rule, foundation, sorted(set(subjects))])


def case_identity(secret: bytes, key: CaseKey) -> str:
    """Return a case's identity: 64 hex digits."""
    return _identity(secret, ["buurtkas/case/1", key.foundation, key.by, key.value, key.week])


def case_keys(foundation: str, payments: pd.DataFrame) -> dict[int, CaseKey]:
    """Return the case that each payment belongs to.

    Args:
        foundation: The foundation's id.
        payments: Columns as in `audit.frames.PAYMENTS`.

    Returns:
        Keys by the payment's place in the book.
    """
    seqs = payments["seq"].tolist()
    days = [day.date() for day in payments["booked_on"].dt.to_pydatetime()]
    names = payments["name"].astype(object).where(payments["name"].notna(), None).tolist()
    ibans = payments["iban"].astype(object).where(payments["iban"].notna(), None).tolist()
    rows = zip(seqs, days, names, ibans, strict=True)
    return {seq: _payment_key(foundation, seq, day, name, iban) for seq, day, name, iban in rows}


def case_of(foundation: str, subjects: tuple[int, ...], keys: Mapping[int, CaseKey]) -> CaseKey:
    """Return the case of a flag; what is no payment is a statement and stands alone."""
    first = min(subjects)
    return keys.get(first) or CaseKey(foundation, "statement", str(first))


def group(foundation: str, flags: Iterable[FlagT], keys: Mapping[int, CaseKey]) -> tuple[Case[FlagT], ...]:
    """Return the cases that flags form, in order of their keys.

    Args:
        foundation: The foundation's id.
        flags: Hits or flags of that foundation.
        keys: As `case_keys` gives them.
    """
    cases: dict[CaseKey, list[FlagT]] = {}
    for flag in flags:
        cases.setdefault(case_of(foundation, flag.subjects, keys), []).append(flag)
    return tuple(
        Case(key, tuple(sorted(members, key=lambda flag: (flag.subjects, flag.rule))))
        for key, members in sorted(cases.items(), key=lambda item: item[0])
    )


def _payment_key(foundation: str, seq: int, day: dt.date, name: str | None, iban: str | None) -> CaseKey:
    year, week, _ = day.isocalendar()
    if iban:
        return CaseKey(foundation, "iban", iban, f"{year}-W{week:02d}")
    folded = " ".join(fold(name or "").split())
    if folded:
        return CaseKey(foundation, "name", folded, f"{year}-W{week:02d}")
    return CaseKey(foundation, "payment", str(seq))


def _identity(secret: bytes, value: list[object]) -> str:
    return hmac.digest(secret, ENCODER.encode(value).encode(), "sha256").hex()
