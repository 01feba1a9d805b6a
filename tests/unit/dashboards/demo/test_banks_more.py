"""MT940 and Rabobank's CSV on their own: structure, balances, references."""

from __future__ import annotations

import csv
import datetime as dt
import io

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks_mt940 import WIDTH
from dashboards.demo.banks_mt940 import mt940
from dashboards.demo.banks_rabobank import rabobank_csv

DAY = dt.date(2026, 5, 4)
IBAN = "NL38MERL9975036690"
MONTH = BankStatement(
    "NL13MERL9966818330",
    "Stichting Proef",
    5,
    dt.date(2026, 5, 1),
    dt.date(2026, 5, 31),
    50_00,
    (
        BankLine("MW260504000001", DAY, 100_00, "received", "Gift", "Gever Gul", IBAN),
        BankLine("MW260504000002", DAY, -160_25, "transfer", "nota " * 9, "Winkel", IBAN),
    ),
)


def test_mt940_states_both_balances_and_cuts_its_text() -> None:
    """Fifty and a hundred in, a hundred and sixty out: overdrawn by 10.25."""
    rows = mt940(MONTH).decode().split("\r\n")
    assert ":60F:C260501EUR50,00" in rows
    assert ":62F:D260531EUR10,25" in rows
    assert [row for row in rows if row.startswith(":61:")] == [
        ":61:2605040504C100,00N658NONREF//MW260504000001",
        ":61:2605040504D160,25N247NONREF//MW260504000002",
    ]
    assert max(len(row.removeprefix(":86:")) for row in rows) == WIDTH


def test_rabobank_signs_amounts_and_numbers_its_lines_on() -> None:
    """Oldest first, with the balance after each row, in Windows-1252."""
    rows = list(csv.DictReader(io.StringIO(rabobank_csv(MONTH, 41).decode("cp1252"))))
    assert [row["Bedrag"] for row in rows] == ["+100,00", "-160,25"]
    assert [row["Saldo na trn"] for row in rows] == ["+150,00", "-10,25"]
    assert [int(row["Volgnr"]) for row in rows] == [41, 42]
    assert len(rows[0]) == 26
