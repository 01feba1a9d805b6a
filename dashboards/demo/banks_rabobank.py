"""Bank files as Dutch banks write them: Rabobank's CSV.

Commas, everything between quotes, signed amounts with a decimal comma, oldest line first, and the balance
after each line. The file states no opening balance; it follows from the first row.

Source: Rabobank's "CSV" download of 2018 and later.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from dashboards.demo.banks import unsigned

if TYPE_CHECKING:
    from dashboards.demo.banks import BankLine
    from dashboards.demo.banks import BankStatement
    from dashboards.demo.banks import Kind

_HEADER = (
    "IBAN/BBAN",
    "Munt",
    "BIC",
    "Volgnr",
    "Datum",
    "Rentedatum",
    "Bedrag",
    "Saldo na trn",
    "Tegenrekening IBAN/BBAN",
    "Naam tegenpartij",
    "Naam uiteindelijke partij",
    "Naam initiërende partij",
    "BIC tegenpartij",
    "Code",
    "Batch ID",
    "Transactiereferentie",
    "Machtigingskenmerk",
    "Incassant ID",
    "Betalingskenmerk",
    "Omschrijving-1",
    "Omschrijving-2",
    "Omschrijving-3",
    "Reden retour",
    "Oorspr bedrag",
    "Oorspr munt",
    "Koers",
)
_CODES: dict[Kind, str] = {
    "card": "ba",
    "transfer": "bg",
    "ideal": "id",
    "debit": "ei",
    "charge": "db",
    "received": "cb",
    "own": "tb",
    "interest": "db",
}
WIDTH = 140


def rabobank_csv(statement: BankStatement, first: int) -> bytes:
    """Return Rabobank's CSV.

    Args:
        statement: One account in one period.
        first: The number of the first line; Rabobank numbers the lines of an account on and on.
    """
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_HEADER)
    balance = statement.opening_minor
    for number, line in enumerate(statement.lines, start=first):
        balance += line.amount_minor
        writer.writerow(_row(statement.iban, line, number, balance))
    return target.getvalue().encode("cp1252")


def _row(account: str, line: BankLine, number: int, balance: int) -> tuple[str, ...]:
    text = line.text
    return (
        account,
        "EUR",
        "RABONL2U",
        f"{number:018d}",
        line.booked_on.isoformat(),
        line.booked_on.isoformat(),
        _signed(line.amount_minor),
        _signed(balance),
        line.iban or "",
        line.name or "",
        "",
        "",
        f"{line.iban[4:8]}NL2A" if line.iban else "",
        _CODES[line.kind],
        "",
        "",
        line.mandate or "",
        line.creditor_id or "",
        line.reference,
        text[:WIDTH],
        text[WIDTH : 2 * WIDTH],
        *("",) * 5,
    )


def _signed(minor: int) -> str:
    return f"{'-' if minor < 0 else '+'}{unsigned(minor, ',')}"
