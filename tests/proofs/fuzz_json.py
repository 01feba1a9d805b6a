"""The seeds of the fuzzing in PSD2 account reports, a transaction a line.

Source: Berlin Group, NextGenPSD2 XS2A Framework Implementation Guidelines 1.3.x.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from typing import Literal
from typing import TypeAlias

from tests.proofs.fuzz_books import signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.proofs.fuzz_books import Book
    from tests.proofs.fuzz_books import Row

Stated: TypeAlias = Literal["balances", "running", "nothing"]


def psd2(books: Sequence[Book], stated: Stated) -> bytes:
    """Return account reports, as many as there are books.

    Args:
        books: One report each.
        stated: Which balances stand in them: of the report, after each transaction, or none.
    """
    reports = [_report(book, stated) for book in books]
    return ("[\n" + ",\n".join(reports) + "\n]\n" if len(reports) > 1 else reports[0] + "\n").encode()


def _report(book: Book, stated: Stated) -> str:
    rows = [
        _transaction(row, after if stated == "running" else None)
        for row, after in zip(book.rows, book.balances(), strict=True)
    ]
    booked = ",\n".join(rows[::-1])
    account = json.dumps({"iban": book.account, "currency": "EUR"})
    balances = json.dumps(
        [
            _balance("openingBooked", book.opening, book.starts.isoformat()),
            _balance("closingBooked", book.closing, book.ends.isoformat()),
        ]
    )
    head = f'{{"account": {account}' + (f', "balances": {balances}' if stated == "balances" else "")
    return f'{head}, "transactions": {{"booked": [\n{booked}\n], "pending": []}}}}'


def _money(minor: int) -> dict[str, str]:
    return {"currency": "EUR", "amount": signed(minor, ".")}


def _balance(kind: str, minor: int, day: str) -> dict[str, object]:
    return {"balanceType": kind, "balanceAmount": _money(minor), "referenceDate": day}


def _transaction(row: Row, after: int | None) -> str:
    side = "debtor" if row.minor > 0 else "creditor"
    said: dict[str, object] = {
        "transactionId": row.reference,
        "bookingDate": row.day.isoformat(),
        "transactionAmount": _money(row.minor),
        f"{side}Name": row.name,
        f"{side}Account": {"iban": row.iban},
        "remittanceInformationUnstructured": row.text,
    }
    if after is not None:
        said["balanceAfterTransaction"] = {"balanceType": "closingBooked", "balanceAmount": _money(after)}
    return json.dumps(said, ensure_ascii=False)
