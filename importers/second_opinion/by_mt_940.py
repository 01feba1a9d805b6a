"""MT940 and MT942 by the package mt-940, asked as its documentation and experience advise.

What would end it or make it lose something is put right before. It is not given fields 28C, which some banks fold; a
field 20 begins each statement, and a line that names no kind of transaction gets one; what follows the first line of a
field 61 becomes one line; a field 86 after the closing balance tells of no line; decimal points become commas; blanks
at the end of a line, lines of one hyphen and texts that look like a tag are marked, and unmarked after. Where its usual
class does not fit, it is asked again with its class for ASN. In the dialects of Dutch banks it leaves field 86 whole,
and `field_86` splits that.
"""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING
from typing import Any

from stdnum import iban as iban_number

from importers.second_opinion.field_86 import plain
from importers.second_opinion.field_86 import width_of
from importers.second_opinion.other import OtherLine
from importers.second_opinion.other import OtherStatement

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

_NUMBER = re.compile(r"^:28C?:.*\n(?:(?!:|-\n)[0-9/]*\n)*", re.MULTILINE)
_LEFT_BETWEEN_FILES = re.compile("[\x03\x1a\N{BYTE ORDER MARK}]")
_LINE = re.compile(r"^(:61:.*\n)((?:(?!:[0-9]{2}[A-Z]?:|-).*\n)*)", re.MULTILINE)
_OPENING_BALANCE = re.compile(r"^(?=:60[FM]:)", re.MULTILINE)
_AFTER = re.compile(r"(^:62[FM]:.*\n(?:^:6[45]:.*\n)*)(?:^:86:.*\n?(?:(?!:[0-9]{2}[A-Z]?:|-|\{).*\n?)*)+", re.MULTILINE)
_DETAILS = re.compile(r"^:86:.*\n(?:(?!:[0-9]{2}[A-Z]?:).*\n)*", re.MULTILINE)
_BLANK_END = re.compile(r"(?m)([ \t]+|^-)$")
_MARK = "\N{WORD JOINER}"
_NO_TAG = re.compile(
    r"^(?=:(?!(?:20|21|13D|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):)[0-9]{2}[A-Z]?:)", re.MULTILINE
)
_POINT = re.compile(
    r"^(:61:[0-9 ]{6,10}[A-Z]{1,3} ?[0-9]{1,15}|:6[0-5][FM]?:[CD][0-9]{6}[A-Z]{3}[0-9]{1,15})\.(?=[0-9]{0,2}(?!\d))",
    re.MULTILINE | re.IGNORECASE,
)
_NO_KIND = re.compile(r"^(:61:[0-9]{6}[0-9 ]{0,4}R?[DC][A-Z]? ?[0-9,]{1,15})(?=//|$)", re.MULTILINE | re.IGNORECASE)
_DUTCH = re.compile(r"NL[0-9]{2}[A-Z]{4}[0-9]{10}")
_LIKE_AN_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z]{4}[0-9A-Z]{4,22}")
_NUMBER_ALONE = re.compile(r"P?[0-9]{7,12}")
_KEYWORDS = {"EREF", "PREF", "MARF", "KREF", "NONREF"}
_OPENING = ("final_opening_balance", "intermediate_opening_balance")
_CLOSING = ("final_closing_balance", "intermediate_closing_balance")
_FIELD_61 = 61


def read(data: bytes) -> tuple[OtherStatement, ...]:
    """Read a file."""
    import mt940  # noqa: PLC0415 - an extra, which may not be installed

    logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)  # it logs lines of the file
    text = _NUMBER.sub("", _LEFT_BETWEEN_FILES.sub("", _decoded(data)).replace("\r\n", "\n").replace("\r", "\n"))
    text = _LINE.sub(lambda found: found[1] + found[2].replace("\n", "") + ("\n" if found[2] else ""), text)
    if ":20:" not in text:
        text = _OPENING_BALANCE.sub(":20:\n", text)
    text = _AFTER.sub(r"\1", text)
    text = _NO_TAG.sub(_MARK, _NO_KIND.sub(r"\1NMSC", _POINT.sub(r"\1,", text)))
    text = _DETAILS.sub(lambda found: _BLANK_END.sub(rf"\1{_MARK}", found[0]), text)
    try:
        return _statements(mt940, text, {})
    except RuntimeError:
        return _statements(mt940, text, {_FIELD_61: mt940.tags.StatementASNB()})


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _statements(mt940: Any, text: str, tags: dict[int, Any]) -> tuple[OtherStatement, ...]:  # noqa: ANN401 - untyped
    asked = {
        "options": mt940.Options.all(),
        "tags": tags,
        "processors": {"pre_transaction_details": [_with_all_words]},
    }
    found = mt940.parse_statements(io.StringIO(text), **asked)
    lines = [[_unmarked(one.data) for one in statement.transactions if "amount" in one.data] for statement in found]
    width = width_of(_details(data) for each in lines for data in each)
    return tuple(
        OtherStatement(
            [_line(data, width, one.data) for data in each], _balance(one.data, _OPENING), _balance(one.data, _CLOSING)
        )
        for one, each in zip(found, lines, strict=True)
    )


def _with_all_words(_: object, __: object, said: dict[str, Any], *___: object) -> dict[str, Any]:
    """Keep field 86 as it is beside what mt-940 takes out of it."""
    return {**said, "all_words": said["transaction_details"]}


def _unmarked(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value.replace(_MARK, "") if isinstance(value, str) else value for name, value in data.items()}


def _details(data: dict[str, Any]) -> Sequence[str]:
    return (data.get("all_words") or "").split("\n")


def _balance(data: dict[str, Any], names: Sequence[str]) -> int | None:
    """Return a balance; one that mt-940 read without its currency lacks figures, too."""
    stated = (data[name].amount for name in names if name in data)
    return next((int(one.amount * 100) for one in stated if one.currency.isalpha()), None)


def _line(data: dict[str, Any], width: int, statement: dict[str, Any]) -> OtherLine:
    booked_on: dt.date = data.get("entry_date") or data["date"]
    customer, _, bank = (data.get("customer_reference") or "").partition("\n")[0].partition("//")
    customer = "" if customer.strip("+ ") in _KEYWORDS else customer.strip()
    added = (data.get("extra_details") or "").strip()
    said: dict[str, str | None] = _numbered(data) if "posting_text" in data else {**plain(_details(data), width)}
    party = _party(customer, added)
    if not said.get("end_to_end_id") and customer != party.get("iban"):
        said["end_to_end_id"] = customer
    said |= {name: said.get(name) or value for name, value in party.items()}
    evidence = {
        "details": data.get("all_words"),
        "customer": customer,
        "added": added,
        "kind": (data.get("id") or "").strip(),
        "account": statement.get("account_identification"),
    }
    return OtherLine(
        booked_on=booked_on,
        amount_minor=int(data["amount"].amount * 100),
        name=said.get("name"),
        iban=said.get("iban"),
        text=said.get("text"),
        bank_reference=data.get("bank_reference") or bank,
        end_to_end_id=said.get("end_to_end_id"),
        mandate=said.get("mandate"),
        creditor_id=said.get("creditor_id"),
        evidence={name: value for name, value in evidence.items() if value},
    )


def _party(customer: str, added: str) -> dict[str, str]:
    """Return account and name where the bank puts them into field 61."""
    if _LIKE_AN_IBAN.fullmatch(added) or _is_iban(added) or _NUMBER_ALONE.fullmatch(added):
        return {"iban": added}
    if _is_iban(customer) or (added and _NUMBER_ALONE.fullmatch(customer)):
        return {"iban": customer, "name": added}
    return {}


def _is_iban(written: str) -> bool:
    return _DUTCH.fullmatch(written) is not None or iban_number.is_valid(written)


def _numbered(data: dict[str, Any]) -> dict[str, str | None]:
    """Return what mt-940 itself takes out of numbered fields."""
    return {
        "name": data.get("applicant_name"),
        "iban": data.get("applicant_iban"),
        "text": "".join(filter(None, (data.get("purpose"), data.get("additional_purpose")))),
        "end_to_end_id": data.get("end_to_end_reference"),
        "mandate": data.get("additional_position_reference"),
        "creditor_id": data.get("applicant_creditor_id"),
    }
