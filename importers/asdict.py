"""Statements as plain dictionaries, in the shape that `parse --json` promises.

Amounts are texts with a decimal point, dates are ISO 8601, and what the file does
not say is None. Pending entries stand after the booked lines: all that the file says is there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from importers.reconcile import all_problems
from importers.reconcile import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Iterator

    from importers.statement import Balance
    from importers.statement import Line
    from importers.statement import Statement


def statement_as_json(statement: Statement) -> dict[str, object]:
    """Return a statement as values that `json.dumps` takes.

    Args:
        statement: The statement.

    Returns:
        Its dictionary, with exactly the keys that the command line promises.
    """
    return {**_head(statement), "lines": list(_lines(statement)), "problems": _problems(statement)}


def statements_as_text(statements: Iterable[Statement]) -> Iterator[str]:
    """Yield the one JSON document that the command line promises, piece by piece: a long file never is in memory."""
    yield '{"statements": ['
    for place, statement in enumerate(statements):
        yield (", " if place else "") + _text(_head(statement)).removesuffix("}") + ', "lines": ['
        for number, line in enumerate(_lines(statement)):
            yield (", " if number else "") + _text(line)
        yield '], "problems": ' + _text(_problems(statement)) + "}"
    yield "]}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _head(statement: Statement) -> dict[str, object]:
    """Return what a statement says beside its lines."""
    return {
        "format": statement.format,
        "bank": statement.bank,
        "account": statement.account,
        "currency": statement.currency,
        "number": statement.number,
        "opening": _balance(statement.opening),
        "closing": _balance(statement.closing),
    }


def _lines(statement: Statement) -> Iterator[dict[str, str | None]]:
    yield from (_line(line, "booked") for line in statement.lines)
    yield from (_line(line, "pending") for line in statement.pending)


def _problems(statement: Statement) -> list[str]:
    return [problem.text for problem in all_problems(statement)]


def _balance(balance: Balance | None) -> dict[str, str] | None:
    if balance is None:
        return None
    return {"date": balance.date.isoformat(), "amount": decimal_text(balance.amount_minor)}


def _line(line: Line, status: str) -> dict[str, str | None]:
    return {
        "booked_on": line.booked_on.isoformat(),
        "valued_on": line.valued_on.isoformat() if line.valued_on else None,
        "amount": decimal_text(line.amount_minor),
        "currency": line.currency,
        "counterparty_name": line.name,
        "counterparty_iban": line.iban,
        "remittance": line.text,
        "bank_reference": line.bank_reference,
        "end_to_end_id": line.end_to_end_id,
        "type_code": line.type_code,
        "status": status,
    }
