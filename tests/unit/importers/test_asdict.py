"""The shape that `parse --json` promises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from importers.asdict import statement_as_json
from importers.asdict import statements_as_text
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
                "status": "booked",
            }
        ],
        "problems": [],
    }


def test_pending_entries_are_told_as_such(camt: CamtWriter) -> None:
    """All that the file says is told; what is not booked says so."""
    (statement,) = read(camt.one(camt.entry(-500, status="<Sts>PDNG</Sts>"), camt.entry(-700)))
    lines = json.loads(json.dumps(statement_as_json(statement)))["lines"]
    assert [(line["amount"], line["status"]) for line in lines] == [("-7.00", "booked"), ("-5.00", "pending")]


def test_problems_are_told_once_in_words(camt: CamtWriter) -> None:
    """A balance that does not close stands under problems; null balances stay null."""
    (statement,) = read(camt.one(camt.balance("OPBD", 5000), camt.balance("CLBD", 1), camt.entry(-1299)))
    shown = json.loads(json.dumps(statement_as_json(statement)))
    assert shown["problems"] == [problem.text for problem in statement.problems]
    assert len(shown["problems"]) == 1
    (other,) = read(camt.one(camt.entry(-1299)))
    assert statement_as_json(other)["opening"] is None


def test_the_document_is_written_piece_by_piece(camt: CamtWriter) -> None:
    """It is the same document, whatever stands in it."""
    pending = camt.entry(-3, status="<Sts>PDNG</Sts>")
    details = camt.details(name='"lines": [], } é', text="\\ ] ,")
    first = camt.statement(camt.balance("OPBD", 5), camt.balance("CLBD", 1), camt.entry(-1, details=details), pending)
    statements = read(camt.file(first, camt.statement(number="2")))
    document = {"statements": [statement_as_json(statement) for statement in statements]}
    assert "".join(statements_as_text(statements)) == json.dumps(document, ensure_ascii=False)
    assert "".join(statements_as_text(())) == '{"statements": []}'
