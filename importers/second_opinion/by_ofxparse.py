"""OFX by the package ofxparse, after its headers were put into the form that it can read."""

from __future__ import annotations

import io
import re
import warnings
from decimal import Decimal
from typing import Any

from importers.second_opinion.other import OtherLine
from importers.second_opinion.other import OtherStatement

_BODY = re.compile(rb"<OFX>", re.IGNORECASE)


def read(data: bytes) -> tuple[OtherStatement, ...]:
    """Read a file."""
    import ofxparse  # noqa: PLC0415 - an extra, which may not be installed

    warnings.simplefilter("ignore")
    found = ofxparse.OfxParser.parse(io.BytesIO(_with_header(data)), fail_fast=False)
    return tuple(
        OtherStatement(
            [_line(one) for one in account.statement.transactions],
            closing_minor=_balance(account.statement),
            left_out=len(account.statement.discarded_entries),
        )
        for account in found.accounts
    )


def _with_header(data: bytes) -> bytes:
    """Return a file with the header of OFX 1 in UTF-8, whatever header it had."""
    begins = _BODY.search(data)
    body = data[begins.start() :] if begins else data
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    return b"OFXHEADER:100\r\nENCODING:UTF-8\r\n\r\n" + text.encode()


def _balance(statement: Any) -> int | None:  # noqa: ANN401 - it is untyped
    """Return the closing balance; one of no day is none."""
    balance, day = (getattr(statement, name, None) for name in ("balance", "balance_date"))
    return None if balance is None or day is None else int(Decimal(balance) * 100)


def _line(one: Any) -> OtherLine:  # noqa: ANN401 - it is untyped
    return OtherLine(
        booked_on=one.date.date(),
        amount_minor=int(Decimal(one.amount) * 100),
        name=one.payee or None,
        text=one.memo or None,
        bank_reference=one.id or None,
        evidence={"instant": one.date.isoformat(), "reader": "ofxparse"},
    )
