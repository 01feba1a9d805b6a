"""Bank files as Dutch banks write them: MT940 with slash codes, as ABN AMRO does.

Opening and closing balance stand in the file, and the bank's reference on each line. The free text is cut
after 65 characters wherever that falls, also in the middle of a word or a code.

Source: SWIFT MT940; ABN AMRO's ``/TRTP/`` structure of field 86.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.demo.banks import unsigned

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.demo.banks import BankLine
    from dashboards.demo.banks import BankStatement
    from dashboards.demo.banks import Kind

WIDTH = 65
MOST_LINES = 6
_CODES: dict[Kind, tuple[str, str]] = {
    "transfer": ("N247", "SEPA OVERBOEKING"),
    "ideal": ("N426", "iDEAL"),
    "received": ("N658", "SEPA OVERBOEKING"),
}


def mt940(statement: BankStatement) -> bytes:
    """Return a statement as one MT940 message.

    Args:
        statement: Of transfers, iDEAL payments and money received; what else banks book is not written here.
    """
    bank = f"{statement.iban[4:8]}NL2A"
    rows = (
        bank,
        "940",
        bank,
        ":20:ABN AMRO BANK NV",
        f":25:{statement.iban}",
        f":28C:{statement.number}/1",
        _balance("60F", statement.opening_minor, statement.starts),
        *(row for line in statement.lines for row in _rows(line)),
        _balance("62F", statement.closing_minor, statement.ends),
        "-",
    )
    return "".join(f"{row}\r\n" for row in rows).encode("latin-1")


def _balance(tag: str, minor: int, day: dt.date) -> str:
    return f":{tag}:{_side(minor)}{day:%y%m%d}EUR{unsigned(minor, ',')}"


def _side(minor: int) -> str:
    return "D" if minor < 0 else "C"


def _rows(line: BankLine) -> tuple[str, ...]:
    code, words = _CODES[line.kind]
    amount = f"{_side(line.amount_minor)}{unsigned(line.amount_minor, ',')}"
    day = f"{line.booked_on:%y%m%d}{line.booked_on:%m%d}"
    iban = line.iban or ""
    text = (
        f"/TRTP/{words}/IBAN/{iban}/BIC/{iban[4:8]}NL2A/NAME/{line.name}/REMI/{line.text or 'ZONDER OMSCHRIJVING'}"
        f"/EREF/{line.reference}"
    )
    parts = [text[start : start + WIDTH] for start in range(0, len(text), WIDTH)][:MOST_LINES]
    return f":61:{day}{amount}{code}NONREF//{line.reference}", f":86:{parts[0]}", *parts[1:]
