"""PSD2 account reports in JSON: shapes, parties, signs, balances, pages, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers import psd2
from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.errors import UnknownFormat
from importers.errors import UnreadableFile
from importers.psd2 import read_psd2
from importers.reading import read

if TYPE_CHECKING:
    from importers.statement import Line
    from importers.statement import Statement

_ACCOUNT = "NL18RABO0123459876"
_PAYEE = "NL91ABNA0417164300"
_ONE = {
    "transactionId": "T1",
    "bookingDate": "2026-01-05",
    "valueDate": "2026-01-06",
    "transactionAmount": {"currency": "EUR", "amount": "-12.50"},
    "creditorName": "Kiosk Riet",
    "creditorAccount": {"iban": _PAYEE},
    "remittanceInformationUnstructured": "thee",
}


def _one(**said: object) -> dict[str, object]:
    return {name: value for name, value in {**_ONE, **said}.items() if value is not None}


def _amount(written: object, currency: str = "EUR") -> dict[str, object]:
    return {"currency": currency, "amount": written}


def _report(*booked: object, **more: object) -> dict[str, object]:
    return {"account": {"iban": _ACCOUNT}, "transactions": {"booked": list(booked)}, **more}


def _balance(kind: str, written: str, day: str) -> dict[str, object]:
    return {"balanceType": kind, "balanceAmount": _amount(written), "referenceDate": day}


def _file(*reports: object) -> bytes:
    return json.dumps(reports[0] if len(reports) == 1 else reports).encode()


def _statement(*booked: object, **more: object) -> Statement:
    (statement,) = read(_file(_report(*booked, **more)))
    return statement


def _only(**said: object) -> Line:
    (line,) = _statement(_one(**said)).lines
    return line


def _codes(statement: Statement) -> list[str]:
    return [problem.code for problem in statement.problems]


def test_a_report_says_what_the_file_says() -> None:
    """Account, currency, both balances and one line; nothing is a problem."""
    balances = [_balance("openingBooked", "100.00", "2026-01-01"), _balance("closingBooked", "87.50", "2026-01-31")]
    statement = _statement(_one(endToEndId="E1", mandateId="M1", creditorId="NL32ZZZ999999991234"), balances=balances)
    assert (statement.format, statement.account, statement.currency) == ("psd2", _ACCOUNT, "EUR")
    assert statement.opening is not None
    assert statement.closing is not None
    assert (statement.opening.amount_minor, statement.closing.date) == (10_000, dt.date(2026, 1, 31))
    (line,) = statement.lines
    assert (line.booked_on, line.valued_on, line.amount_minor) == (dt.date(2026, 1, 5), dt.date(2026, 1, 6), -1250)
    assert (line.name, line.iban, line.text, line.bank_reference) == ("Kiosk Riet", _PAYEE, "thee", "T1")
    assert (line.end_to_end_id, line.mandate, line.creditor_id) == ("E1", "M1", "NL32ZZZ999999991234")
    assert statement.problems == ()


def test_what_gatherers_deliver_is_read() -> None:
    """Without an account, without anything around the lists, several in one list, with a mark of byte order."""
    bare = {"transactions": {"booked": [_ONE], "pending": []}, "last_updated": "2026-01-31T06:00:00Z"}
    (statement,) = read(_file(bare))
    assert (statement.account, len(statement.lines)) == (None, 1)
    assert len(read(b"\xef\xbb\xbf" + _file({"booked": [_ONE]}))[0].lines) == 1
    other = {**_report(_ONE), "account": {"other": {"identification": "123 456"}, "bic": "INGBNL2A"}}
    assert [(one.account, one.bank) for one in read(_file(_report(_ONE), other))] == [
        (_ACCOUNT, None),
        ("123456", "INGBNL2A"),
    ]


@pytest.mark.parametrize(
    ("written", "amount_minor"),
    [
        ("-12.5", -1250),
        ("12", 1200),
        ("+0.10", 10),
        ("12,50", 1250),
        ("1.250", 125),
        (-12.5, -1250),
        (3, 300),
        ("0", 0),
    ],
)
def test_amounts_are_exact(written: object, amount_minor: int) -> None:
    """As texts or as figures, with a point or a comma; a figure of JSON is never a float."""
    assert _only(transactionAmount=_amount(written)).amount_minor == amount_minor


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"transactionAmount": _amount("0.001")}, "finer"),
        ({"transactionAmount": _amount("1e3")}, "amount"),
        ({"transactionAmount": _amount(1e300)}, "amount"),
        ({"transactionAmount": _amount("1,250")}, "two things|thousands"),
        ({"transactionAmount": _amount("$12")}, "amount"),
        ({"transactionAmount": _amount([])}, "amount is missing"),
        ({"transactionAmount": _amount("1.00", "euro")}, "three letters"),
        ({"transactionAmount": "1.00"}, "amount and currency"),
        ({"transactionAmount": _amount("-1.00"), "creditDebitIndicator": "CRDT"}, "do not agree"),
        ({"transactionAmount": _amount("1.00"), "creditDebitIndicator": "x"}, "do not agree"),
        ({"bookingDate": "05-01-2026"}, "the date"),
        ({"bookingDate": "2026-02-30"}, "no date"),
        ({"bookingDate": None, "valueDate": None}, "no date"),
    ],
)
def test_what_has_no_single_meaning_is_refused(said: dict[str, object], why: str) -> None:
    """Amounts, dates and signs are never guessed."""
    with pytest.raises(MalformedFile, match=why):
        read(_file(_report(_one(**said))))


def test_a_direction_beside_an_amount_gives_its_sign() -> None:
    """Some banks write amounts without."""
    assert _only(transactionAmount=_amount("1.00"), creditDebitIndicator="DBIT").amount_minor == -100
    assert _only(transactionAmount=_amount("-1.00"), creditDebitIndicator="Debit").amount_minor == -100


def test_amounts_without_any_minus_are_a_problem_where_somebody_was_paid() -> None:
    """The guidelines' own example has such amounts; a refund beside payments is in order."""
    assert _codes(_statement(_one(transactionAmount=_amount("12.50")))) == ["other"]
    assert _codes(_statement(_one(transactionAmount=_amount("12.50")), _one(transactionId="T2"))) == []


def test_the_counterparty_is_on_the_other_side_of_the_money() -> None:
    """Both sides may be named, or only one, or those for whom they act."""
    both = {"debtorName": "Gijs", "debtorAccount": {"bban": "123"}}
    assert _only(**both).name == "Kiosk Riet"
    received = _only(**both, transactionAmount=_amount("1.00"))
    assert (received.name, received.iban) == ("Gijs", "123")
    refund = _only(transactionAmount=_amount("1.00"))
    assert refund.name == "Kiosk Riet"
    assert _only(creditorName=None, creditorAccount=None, ultimateCreditor="Kade").name == "Kade"
    nobody = _only(creditorName=None, creditorAccount={"maskedPan": " "})
    assert (nobody.name, nobody.iban) == (None, None)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"remittanceInformationUnstructuredArray": ["thee", "en koek"]}, "thee en koek"),
        ({"remittanceInformationStructured": "9001"}, "9001"),
        ({"remittanceInformationStructured": {"reference": "9001", "referenceType": "SCOR"}}, "9001"),
        ({"remittanceInformationStructuredArray": [{"reference": "90"}, {"reference": "01"}]}, "90 01"),
        ({"additionalInformation": "kosten"}, "kosten"),
        ({}, None),
    ],
)
def test_the_words_are_found_wherever_the_version_puts_them(said: dict[str, object], text: str | None) -> None:
    """Unstructured before structured, as a text or as a list."""
    assert _only(remittanceInformationUnstructured=None, **said).text == text


@pytest.mark.parametrize(
    ("code", "is_returned"),
    [("PMNT-RCDT-RRTN", True), ("PMNT-IDDT-UPDD", True), ("PMNT-ICDT-ESCT", False), (None, False)],
)
def test_the_banks_code_says_that_a_line_gives_back(code: str | None, is_returned: bool) -> None:  # noqa: FBT001 - what must come out
    """A sub-family of returns; the payer's words mean nothing."""
    line = _only(bankTransactionCode=code, remittanceInformationUnstructured="RRTN")
    assert (line.type_code, line.returned) == (code, is_returned)
    assert _only(proprietaryBankTransactionCode="ei").type_code == "ei"


def test_trap_03_repeated_or_missing_reference_loses_no_line() -> None:
    """The bank's reference may be missing, a placeholder, or the same for two payments."""
    lines = _statement(_ONE, _ONE, _one(transactionId="NOTPROVIDED", entryReference="R1"), _one(transactionId=None))
    assert [line.bank_reference for line in lines.lines] == ["T1", "T1", "R1", None]


def test_trap_12_pending_is_not_booked() -> None:
    """It stands apart; without a date it is only counted."""
    undated = _one(bookingDate=None, valueDate=None)
    report = {"account": {"iban": _ACCOUNT}, "transactions": {"booked": [_ONE], "pending": [_ONE, undated]}}
    (statement,) = read(_file(report))
    assert (len(statement.lines), len(statement.pending), _codes(statement)) == (1, 1, ["pending"])


def test_a_value_date_stands_in_for_a_missing_booking_date() -> None:
    """And the statement says so."""
    statement = _statement(_one(bookingDate=None))
    assert (statement.lines[0].booked_on, _codes(statement)) == (dt.date(2026, 1, 6), ["booking_date"])
    assert _only(bookingDate=None, bookingDateTime="2026-01-04T23:30:00Z").booked_on == dt.date(2026, 1, 5)


def test_lines_come_oldest_first() -> None:
    """A file from new to old is turned as a whole; balances after transactions tell which way a single day runs."""
    days = [_one(transactionId=name, bookingDate=f"2026-01-0{day}") for name, day in (("c", 7), ("b", 6), ("a", 6))]
    assert [line.bank_reference for line in _statement(*days).lines] == ["a", "b", "c"]
    after = [
        _one(transactionId=name, balanceAfterTransaction={"balanceAmount": _amount(written)})
        for name, written in (("b", "75.00"), ("a", "87.50"))
    ]
    statement = _statement(*after)
    assert [line.bank_reference for line in statement.lines] == ["a", "b"]
    assert statement.opening is not None
    assert (statement.opening.amount_minor, _codes(statement)) == (10_000, [])


def test_trap_09_balances_that_do_not_continue_are_a_problem() -> None:
    """From one transaction to the next, and from the opening to the closing one."""
    after = [
        _one(
            transactionId=name,
            balanceAfterTransaction={"balanceType": "interimBooked", "balanceAmount": _amount("1.00")},
        )
        for name in "ab"
    ]
    assert _codes(_statement(*after)) == ["balance"]
    balances = [_balance("openingBooked", "100.00", "2026-01-01"), _balance("closingBooked", "87.51", "2026-01-31")]
    assert _codes(_statement(_ONE, balances=balances)) == ["balance"]


def test_balances_of_other_days_do_not_frame_the_list() -> None:
    """Yesterday's balances stand beside a year of transactions; expected and available ones are none."""
    balances = [
        _balance("expected", "1.00", "2026-01-31"),
        _balance("openingBooked", "1.00", "2026-01-06"),
        _balance("closingBooked", "1.00", "2026-01-04"),
        {"balanceType": "interimBooked", "balanceAmount": _amount("1.00")},
        "x",
    ]
    statement = _statement(_ONE, balances=balances)
    assert (statement.opening, statement.closing, statement.problems) == (None, None, ())
    expected = {"balanceType": "expected", "balanceAmount": _amount("x")}
    assert _only(balanceAfterTransaction=expected).running_minor is None
    assert _only(balanceAfterTransaction={"balanceAmount": _amount("1.00", "USD")}).running_minor is None
    late = [
        {
            "balanceType": "interimBooked",
            "balanceAmount": _amount("87.50"),
            "lastChangeDateTime": "2026-01-31T12:00:00Z",
        }
    ]
    closing = _statement(_ONE, balances=late).closing
    assert closing is not None
    assert closing.date == dt.date(2026, 1, 31)


def test_a_currency_of_the_account_that_is_no_code_is_not_stated() -> None:
    """A text there would come into the words of a problem; the currency of the lines stands in."""
    report = _report(_ONE)
    report["account"] = {"iban": _ACCOUNT, "currency": "Kiosk"}
    (statement,) = read(_file(report))
    assert (statement.currency, statement.problems) == ("EUR", ())


def test_another_currency_of_a_line_is_seen() -> None:
    """The account's own, else what all lines have."""
    report = _report(_one(transactionAmount=_amount("-1.00", "USD")))
    report["account"] = {"iban": _ACCOUNT, "currency": "EUR"}
    assert _codes(read(_file(report))[0]) == ["currency"]
    assert _statement(_ONE, _one(transactionAmount=_amount("-1.00", "USD"))).currency is None


_NEXT = {"_links": {"next": {"href": "/v1/accounts/1/transactions?page=2"}}}


def test_trap_10_missing_page_is_a_problem() -> None:
    """The bank names a next page, and it does not follow in the file."""
    assert _codes(_statement(_ONE, **_NEXT)) == ["missing_page"]
    inside = {"account": {"iban": _ACCOUNT}, "transactions": {"booked": [_ONE], "_links": {"next": "/2"}}}
    assert _codes(read(_file(inside))[0]) == ["missing_page"]
    assert [_codes(one) for one in read(_file(_report(_ONE, **_NEXT), _report(_one(transactionId="T2"))))] == [[], []]
    assert _codes(_statement(_ONE, _links={"account": {"href": "/1"}, "next": None})) == []


def test_trap_11_empty_reports_and_several_accounts_stand_apart() -> None:
    """Nothing happened on one, something on the other."""
    other = {**_report(_ONE), "account": {"iban": _PAYEE}}
    assert [(one.account, len(one.lines)) for one in read(_file(_report(), other))] == [(_ACCOUNT, 0), (_PAYEE, 1)]
    assert read(_file({"transactions": {"pending": []}}))[0].lines == ()


@pytest.mark.parametrize(
    ("data", "error", "why"),
    [
        (b"[" * 10_000, ForbiddenContent, "inside each other"),
        (b"[" * 2_000_000, FileTooLarge, "lists and objects"),
        (b"[" + b"{}," * 20_000 + b"{}]", FileTooLarge, "lists and objects"),
        (_file(_report(_ONE))[:-2], MalformedFile, "damaged or cut off"),
        (_file(_report(_ONE)).replace(b"thee", b"th\xe9"), MalformedFile, "not UTF-8"),
        (_file(_report(_ONE)).replace(b'"-12.50"', b"NaN"), MalformedFile, "not a number"),
        (_file(_report(_ONE)).replace(b'"amount":', b'"amount": "1", "amount":'), MalformedFile, "stands twice"),
        (_file(_report(_ONE)).replace(b"transactionAmount", b"transaction\\u0041mount"), MalformedFile, "it has 0"),
        (_file({"booked": [_ONE], "information": [_ONE]}), MalformedFile, "it has 2 amounts"),
        (_file({"transactions": [_ONE]}), MalformedFile, "booked and which are pending"),
        (_file({"booked": {"x": _ONE}}), MalformedFile, "not a list"),
        (_file({"booked": [{"bookingDate": "2026-01-01"}]}), MalformedFile, "that have an amount"),
        (_file([1], [2]), MalformedFile, "something other than"),
        (b'{"other": 1}', UnknownFormat, "without an account report"),
        (b"1", UnknownFormat, "without an account report"),
        (_file(_report(_ONE, balances=[_balance("closingBooked", "x", "2026-01-31")])), MalformedFile, "In report 1"),
    ],
)
def test_trap_14_hostile_and_damaged_files_are_refused(data: bytes, error: type[UnreadableFile], why: str) -> None:
    """Quickly, and with the reason."""
    with pytest.raises(error, match=why):
        read_psd2(data)


def test_a_report_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size is looked at before the content."""
    monkeypatch.setattr(psd2, "MAX_BYTES", 10)
    with pytest.raises(FileTooLarge, match="of JSON"):
        read_psd2(_file(_report(_ONE)))


def test_a_sum_that_differs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reading is apart from the first."""
    monkeypatch.setattr(psd2, "_amount_in", lambda _inside, *, is_signed: int(is_signed))
    with pytest.raises(MalformedFile, match="do not make the sum"):
        read_psd2(_file(_report(_ONE)))


def test_a_lone_surrogate_does_no_harm() -> None:
    """JSON can spell what no text is."""
    line = _only(creditorName="Kade \ud800", creditorAccount={"iban": f"{_PAYEE}\ud800"})
    assert (line.name, line.iban) == ("Kade", _PAYEE)


@given(st.binary(max_size=60), st.integers(0, 420))
def test_any_bytes_end_in_statements_or_a_refusal(noise: bytes, place: int) -> None:
    """Noise anywhere in a file leaks no other error."""
    data = _file(_report(_ONE))
    try:
        read_psd2(data[:place] + noise + data[place:])
    except UnreadableFile as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right


@given(st.lists(st.integers(-(10**11), 10**11), max_size=20))
def test_amounts_come_back_as_they_were_written(amounts: list[int]) -> None:
    """Written as JSON and read again."""
    written = [f"{'-' if n < 0 else ''}{abs(n) // 100}.{abs(n) % 100:02d}" for n in amounts]
    statement = _statement(*(_one(transactionAmount=_amount(one)) for one in written))
    assert [line.amount_minor for line in statement.lines] == amounts
