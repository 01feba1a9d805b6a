"""The frames' contract: exactly these columns, exactly these dtypes, and no value of another type."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import pytest

from audit.errors import SchemaMismatch
from audit.examples import account
from audit.examples import decision
from audit.examples import declaration
from audit.examples import listed
from audit.examples import payment
from audit.examples import statement
from audit.examples import world
from audit.frames import ACCOUNTS
from audit.frames import DECISIONS
from audit.frames import DECLARATIONS
from audit.frames import PAYMENTS
from audit.frames import REGISTER
from audit.frames import STATEMENTS
from audit.frames import accounts_frame
from audit.frames import decisions_frame
from audit.frames import declarations_frame
from audit.frames import empty_context
from audit.frames import payments_frame
from audit.frames import register_frame
from audit.frames import statements_frame
from audit.values import DTYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from audit.frames import Schema

MAKERS = [
    pytest.param(payments_frame, PAYMENTS, payment(), id="payments"),
    pytest.param(register_frame, REGISTER, listed(), id="register"),
    pytest.param(decisions_frame, DECISIONS, decision(), id="decisions"),
    pytest.param(statements_frame, STATEMENTS, statement(1, None, None), id="statements"),
    pytest.param(accounts_frame, ACCOUNTS, account("main", "NL02ABNA0123456789"), id="accounts"),
    pytest.param(declarations_frame, DECLARATIONS, declaration("bob", "NL02ABNA0123456789"), id="declarations"),
]
NAIVE = dt.datetime(2026, 3, 1, 12)  # noqa: DTZ001 - what must be refused


@pytest.mark.parametrize(("make", "schema", "row"), MAKERS)
def test_a_frame_has_the_schemas_columns_and_dtypes(
    make: Callable[..., pd.DataFrame], schema: Schema, row: dict[str, object]
) -> None:
    """With rows and without, every column has its place and its dtype."""
    for frame in (make([row]), make()):
        assert list(frame.columns) == list(schema)
        assert [str(dtype) for dtype in frame.dtypes] == [DTYPES[kind] for kind, _ in schema.values()]


@pytest.mark.parametrize(("make", "schema", "row"), MAKERS)
def test_a_row_with_another_column_is_refused(
    make: Callable[..., pd.DataFrame], schema: Schema, row: dict[str, object]
) -> None:
    """A missing and an unexpected key are both named."""
    first = next(iter(schema))
    with pytest.raises(SchemaMismatch, match="unexpected columns \\['colour'\\]"):
        make([{**row, "colour": "red"}])
    with pytest.raises(SchemaMismatch, match=f"missing columns \\['{first}'\\]"):
        make([{name: value for name, value in row.items() if name != first}])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"amount_minor": 12.5}, "amount_minor holds float where a whole number is due"),
        ({"amount_minor": True}, "amount_minor holds bool where a whole number is due"),
        ({"seq": None}, "seq holds NoneType where a whole number is due"),
        ({"booked_on": dt.datetime(2026, 3, 1, tzinfo=dt.UTC)}, "booked_on holds datetime where a date is due"),
        ({"booked_on": "2026-03-01"}, "booked_on holds str where a date is due"),
        ({"currency": None}, "currency holds NoneType where text is due"),
        ({"iban": 12}, "iban holds int where text is due"),
        ({"parts": "x"}, "parts holds str where a list of parts is due"),
        ({"parts": ["x"]}, "parts holds str where a batch's part is due"),
        ({"parts": [{"amount_minor": None}]}, "parts holds NoneType where a whole number is due"),
        ({"allocations": None}, "allocations holds NoneType where a list of allocations is due"),
        ({"allocations": [("tuin", 1)]}, "something else than \\(initiative, category, amount_minor\\)"),
    ],
)
def test_a_payment_with_a_value_of_another_type_is_refused(change: dict[str, object], what: str) -> None:
    """The message names the column and what it should hold."""
    with pytest.raises(SchemaMismatch, match=what):
        payments_frame([{**payment(), **change}])


def test_an_instant_without_a_time_zone_is_refused() -> None:
    """A naive instant could be any."""
    with pytest.raises(SchemaMismatch, match="approved_at holds datetime where an instant with its time zone is due"):
        register_frame([listed(approved_at=NAIVE)])


def test_yes_or_no_and_lists_of_texts_are_checked() -> None:
    """A number is no yes, and one text is no list."""
    with pytest.raises(SchemaMismatch, match="accepted holds int where yes or no is due"):
        statements_frame([statement(1, 0, 0, accepted=1)])
    with pytest.raises(SchemaMismatch, match="problems holds str where a list of texts is due"):
        statements_frame([statement(1, 0, 0, problems="balance")])


def test_parts_may_be_none_and_are_narrowed() -> None:
    """No parts is an empty tuple; a part keeps amount, name, iban and text only."""
    rows = [payment(1, parts=None), payment(2, parts=[{"amount_minor": -1, "name": "X", "end_to_end_id": "E"}])]
    parts = payments_frame(rows)["parts"].tolist()
    assert parts == [(), ({"amount_minor": -1, "name": "X", "iban": None, "text": None},)]


def test_instants_are_kept_in_utc() -> None:
    """An instant of another zone is the same instant."""
    amsterdam = dt.timezone(dt.timedelta(hours=1))
    row = listed(approved_at=dt.datetime(2026, 3, 1, 0, 30, tzinfo=amsterdam))
    assert register_frame([row])["approved_at"][0] == dt.datetime(2026, 2, 28, 23, 30, tzinfo=dt.UTC)


def test_large_amounts_stay_exact() -> None:
    """The largest amount that an entry can hold survives to the cent."""
    largest = 2**53 - 1
    assert payments_frame([payment(1, -largest)])["amount_minor"].tolist() == [-largest]
    assert statements_frame([statement(1, largest, None)])["opening_minor"].tolist()[0] == largest


def test_a_context_refuses_a_frame_of_another_shape() -> None:
    """Another dtype, a dropped column, and a doubled column are refused."""
    context = empty_context("meer", dt.date(2026, 1, 1), 0)
    other = world(payment()).payments
    with pytest.raises(SchemaMismatch, match="amount_minor is float64 and should be int64"):
        dataclasses.replace(context, payments=other.astype({"amount_minor": "float64"}))
    with pytest.raises(SchemaMismatch, match="missing columns \\['iban'\\]"):
        dataclasses.replace(context, payments=other.drop(columns="iban"))
    with pytest.raises(SchemaMismatch, match="frame of payments does not fit"):
        dataclasses.replace(context, payments=other[[*PAYMENTS, "iban"]])
