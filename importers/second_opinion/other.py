"""What another reader finds in a bank file, as values that pass between two processes as JSON."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class OtherPart:
    """One payment inside a batch.

    Attributes:
        evidence: As of a line.
    """

    name: str | None = None
    iban: str | None = None
    text: str | None = None
    end_to_end_id: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OtherLine:
    """One line, booked or not, in the order of the file.

    Attributes:
        evidence: What the reader left as the bank wrote it, by name; reasons for differences are looked up here.
        parts: The payments of a batch; empty where the entry is one payment.
    """

    booked_on: dt.date
    amount_minor: int
    name: str | None = None
    iban: str | None = None
    text: str | None = None
    bank_reference: str | None = None
    end_to_end_id: str | None = None
    mandate: str | None = None
    creditor_id: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    parts: Sequence[OtherPart] = ()


@dataclass(frozen=True, slots=True)
class OtherStatement:
    """One statement; a balance that the reader does not give is None.

    Attributes:
        left_out: How many lines the reader says that it could not read.
    """

    lines: Sequence[OtherLine]
    opening_minor: int | None = None
    closing_minor: int | None = None
    left_out: int = 0


def written(statements: Sequence[OtherStatement]) -> str:
    """Return statements as a JSON text."""
    return json.dumps([asdict(statement) for statement in statements], default=str)


def brought_back(text: str) -> tuple[OtherStatement, ...]:
    """Return the statements of a JSON text that `written` made."""
    return tuple(
        OtherStatement(
            tuple(
                OtherLine(
                    **{
                        **line,
                        "booked_on": dt.date.fromisoformat(line["booked_on"]),
                        "parts": tuple(OtherPart(**part) for part in line["parts"]),
                    }
                )
                for line in statement["lines"]
            ),
            statement["opening_minor"],
            statement["closing_minor"],
            statement["left_out"],
        )
        for statement in json.loads(text)
    )
