"""The shape that `parse --json` promises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from importers.asdict import statement_as_json
from importers.reading import read

if TYPE_CHECKING:
    from tests.unit.importers.conftest import CamtWriter


def test_the_shape_is_the_promised_one(camt: CamtWriter) -> None:
    """Amounts are texts with a point, dates ISO 8601, the unknown is null."""
    data = camt.one(camt.balance("OPBD", 5000), camt.balance("CLBD", 3701), camt.entry(-1299))
    (statement,) = read(data)
    assert json.loads(json.dumps(statement_as_json(statement))) == {
        "format": "camt.053.001.02",
        "bank": None,
        "account": "NL69INGB0123456789",
        "currency": "EUR",
        "number": "1",
        "opening": {"date": "2025-03-01", "amount": "50.00"},
        "closing": {"date": "2025-03-01", "amount": "37.01"},
        "lines": [
            {
                "booked_on": "2025-03-01",
                "valued_on": None,
                "amount": "-12.99",
                "currency": "EUR",
                "counterparty_name": None,
                "counterparty_iban": None,
                "remittance": None,
                "bank_reference": None,
                "end_to_end_id": None,
                "type_code": None,
            }
        ],
        "problems": [],
    }


def test_problems_are_told_with_code_and_text(camt: CamtWriter) -> None:
    """A balance that does not close stands under problems; null balances stay null."""
    (statement,) = read(camt.one(camt.balance("OPBD", 5000), camt.balance("CLBD", 1), camt.entry(-1299)))
    shown = json.loads(json.dumps(statement_as_json(statement)))
    assert [problem["code"] for problem in shown["problems"]] == ["balance"]
    (other,) = read(camt.one(camt.entry(-1299)))
    assert statement_as_json(other)["opening"] is None
