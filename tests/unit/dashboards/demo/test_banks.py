"""The bank files on their own: structure, balances, details."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from dashboards.demo.banks import BankLine
from dashboards.demo.banks import BankPart
from dashboards.demo.banks import BankStatement
from dashboards.demo.banks import camt053
from dashboards.demo.banks import ing_csv

if TYPE_CHECKING:
    from dashboards.demo.banks import Version

DAY = dt.date(2026, 5, 4)
SHOP = BankLine("R1", DAY, -14_85, "card", "Term: 4XG21K", "Koffie & Koek")
INCOME = BankLine("R2", DAY, 100_00, "received", "Gift", "Gever", "NL38MERL9975036690", "E2")
DEBIT = BankLine("R3", DAY, -9_99, "debit", "Premie", "Polis", "NL38MERL9975036690", "E3", "M1", "NL55ZZZ9932")
BATCH = BankLine(
    "R4",
    DAY,
    -30_00,
    "batch",
    "Vergoeding",
    parts=(
        BankPart(-10_00, "Een", "NL38MERL9975036690", "Vergoeding", "R4-1"),
        BankPart(-20_00, "Twee", "NL13MERL9966818330", "Vergoeding", "R4-2"),
    ),
)
MONTH = BankStatement(
    "NL13MERL9966818330",
    "Stichting Proef",
    5,
    dt.date(2026, 5, 1),
    dt.date(2026, 5, 31),
    50_00,
    (SHOP, INCOME, DEBIT, BATCH),
)
MADE = dt.datetime(2026, 6, 2, 18, 0, tzinfo=dt.UTC)


def _xml(version: Version) -> etree._Element:
    return etree.fromstring(camt053([MONTH], version=version, message_id="M1", created_at=MADE))


def _texts(root: etree._Element, path: str) -> list[str]:
    namespace = root.nsmap[None]
    steps = "/".join(f"{{{namespace}}}{step}" for step in path.split("/"))
    return [element.text or "" for element in root.iterfind(f".//{steps}")]


def test_the_closing_balance_is_opening_plus_lines() -> None:
    """Fifty euros, fifteen out, a hundred in, forty out: 95.16."""
    assert MONTH.closing_minor == 95_16
    assert _texts(_xml("02"), "Bal/Amt") == ["50.00", "95.16"]


@pytest.mark.parametrize(
    ("version", "name", "bic", "status"),
    [("02", "Cdtr/Nm", "BIC", "Sts"), ("08", "Cdtr/Pty/Nm", "BICFI", "Sts/Cd")],
)
def test_each_version_uses_its_own_elements(version: Version, name: str, bic: str, status: str) -> None:
    """Names, bank codes and the status stand where the version of the message puts them."""
    root = _xml(version)
    assert _texts(root, name) == ["Koffie & Koek", "Polis", "Een", "Twee"]
    assert _texts(root, f"Svcr/FinInstnId/{bic}") == ["MERLNL2A"]
    assert _texts(root, status) == ["BOOK"] * 4


def test_a_batch_states_its_parts() -> None:
    """One entry of 30.00 has two details of 10.00 and 20.00."""
    root = _xml("08")
    assert _texts(root, "Btch/NbOfTxs") == ["2"]
    assert _texts(root, "TxDtls/Amt")[-2:] == ["10.00", "20.00"]


def test_a_direct_debit_states_mandate_and_creditor() -> None:
    """The mandate and the creditor's identifier stand in the details."""
    assert _texts(_xml("02"), "Refs/MndtId") == ["M1"]
    assert _texts(_xml("02"), "Othr/Id") == ["NL55ZZZ9932"]


def test_the_csv_is_newest_first_with_the_balance_after_each_row() -> None:
    """Read from the bottom, each row's balance follows from the one before."""
    rows = list(csv.DictReader(io.StringIO(ing_csv(MONTH).decode()), delimiter=";"))
    assert [row["Saldo na mutatie"] for row in rows] == ["95,16", "125,16", "135,15", "35,15"]
    assert [row["Af Bij"] for row in rows] == ["Af", "Af", "Bij", "Af"]
    assert all("Kenmerk: R" in row["Mededelingen"] for row in rows)


def test_an_empty_month_is_a_valid_statement() -> None:
    """A statement without lines has its balances and no entry."""
    empty = BankStatement(MONTH.iban, MONTH.owner, 5, MONTH.starts, MONTH.ends, 50_00, ())
    root = etree.fromstring(camt053([empty], version="02", message_id="M1", created_at=MADE))
    assert _texts(root, "Bal/Amt") == ["50.00", "50.00"]
    assert _texts(root, "Ntry/Amt") == []
