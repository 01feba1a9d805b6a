"""One booked entry of a CAMT file as one line.

The entry (`Ntry`) is the line; its transaction details (`TxDtls`) tell who and what.
Several details are a batch: they become the line's parts, but only if the amounts
they state add up to the entry. The sign is the entry's own `CdtDbtInd`; a reversal
indicator is noted, never applied here.

Source: ISO 20022 camt.053 ReportEntry and EntryTransaction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import NamedTuple

from importers.camt_codes import gives_back
from importers.camt_codes import type_code
from importers.camt_tree import CURRENCY
from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import iso_day
from importers.figures import minor_from_point
from importers.figures import other_than
from importers.figures import reference
from importers.figures import tidy
from importers.statement import Line
from importers.statement import Part
from importers.statement import Problem
from importers.statement import make_line

if TYPE_CHECKING:
    import datetime as dt

    from importers.camt_tree import Branch
    from importers.camt_tree import Leaves

_NOT_BOOKED = frozenset({"PDNG", "FUTR", "INFO"})
_PART_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
_CREDITOR_ID = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Za-z0-9]{1,28}", re.ASCII)
_CREDITOR_ID_PATHS = (
    "RltdPties/Cdtr/Id/PrvtId/Othr/Id",
    "RltdPties/Cdtr/Id/OrgId/Othr/Id",
    "RltdPties/UltmtCdtr/Id/PrvtId/Othr/Id",
    "CdtrSchmeId/Id/PrvtId/Othr/Id",
)
_ENTRY_CURRENCY = "Amt" + CURRENCY
_BOOKED = ("BookgDt/Dt", "BookgDt/DtTm")
_VALUED = ("ValDt/Dt", "ValDt/DtTm")
_REMITTANCE = (
    "RmtInf/Ustrd",
    "RmtInf/Strd/CdtrRefInf/Ref",
    "RmtInf/Strd/RfrdDocInf/Nb",
    "RmtInf/Strd/AddtlRmtInf",
)
_TRUE = frozenset({"true", "1"})
_FALSE = frozenset({"false", "0", ""})
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the statement around an entry says.

    Attributes:
        account: The statement's own account, so that it is never taken for the counterparty.
        made_on: The day on which the bank made the statement; stands in for a missing booking date.
    """

    account: str | None
    currency: str | None
    made_on: dt.date | None


def is_booked(leaves: Leaves) -> bool:
    """Tell whether an entry is booked; a pending one is not.

    Raises:
        Unclear: A status that the standard does not know.

    Source: ISO 20022 EntryStatus (`Sts`, from version 08 on `Sts/Cd`).
    """
    status = leaves.get("Sts") or leaves.get("Sts/Cd")
    if status == "BOOK" or (status is None and _day(leaves, _BOOKED) is not None):
        return True
    if status in _NOT_BOOKED:
        return False
    raise Unclear("its status is neither booked nor pending")


def is_currency(written: str | None) -> bool:
    """Tell whether a text is a currency code, as far as its form goes (ISO 4217)."""
    return written is not None and _CURRENCY.fullmatch(written) is not None


def signed_amount(leaves: Leaves) -> int:
    """Return the entry's amount in hundredths, negative for a debit, as `CdtDbtInd` says.

    Raises:
        Unclear: No amount, no indicator, or one that cannot be read.
    """
    return _signed(minor_from_point(leaves.get("Amt", "")), leaves.get("CdtDbtInd"))


def _signed(amount_minor: int, indicator: str | None) -> int:
    if indicator == "CRDT":
        return amount_minor
    if indicator == "DBIT":
        return -amount_minor
    raise Unclear("it does not say credit or debit (CdtDbtInd)")


def flag(written: str | None) -> bool:
    """Read an XML boolean; absent is false.

    Raises:
        Unclear: Neither true nor false.
    """
    if written is None or written in _FALSE:
        return False
    if written in _TRUE:
        return True
    raise Unclear("an indicator is neither true nor false")


def line_of(position: int, branch: Branch, around: Surroundings) -> tuple[Line, tuple[Problem, ...]]:
    """Make the line of one booked entry.

    Args:
        position: The entry's place in the file, from 1.
        branch: The entry's leaves and details.
        around: What the statement says about itself.

    Returns:
        The line, and what does not fit in it.

    Raises:
        Unclear: Something that a line cannot do without is missing or cannot be read.
    """
    leaves, details = branch.leaves, branch.details
    amount_minor = signed_amount(leaves)
    currency = _currency(leaves, around)
    reversal = flag(leaves.get("RvslInd"))
    booked_on, problems = _booked_on(position, leaves, around)
    sides = _sides(amount_minor, reversal=reversal)
    parts: tuple[Part, ...] = ()
    if len(details) > 1:
        parts, batch_problems = _parts(position, branch, (amount_minor, currency), sides, around.account)
        problems += batch_problems
        detail = _shared(details)
        texts = {_text(one) for one in details}
        text = texts.pop() if len(texts) == 1 else None
    else:
        detail = details[0] if details else {}
        text = _text(detail)
    name, iban = _counterparty(detail, sides, around.account)
    line = make_line(
        position,
        booked_on,
        _day(leaves, _VALUED),
        amount_minor,
        currency,
        name,
        iban,
        text or tidy(leaves.get("AddtlNtryInf")),
        reference(leaves.get("AcctSvcrRef")) or reference(detail.get("Refs/AcctSvcrRef")),
        reference(detail.get("Refs/EndToEndId")),
        reference(detail.get("Refs/MndtId")),
        _creditor_id(detail),
        type_code(leaves) or type_code(detail),
        None,
        reversal,
        parts,
        gives_back(leaves, details, reversal=reversal),
    )
    return line, problems


def _currency(leaves: Leaves, around: Surroundings) -> str:
    stated = leaves.get(_ENTRY_CURRENCY) or around.currency
    if stated is None or (stated != around.currency and not is_currency(stated)):
        raise Unclear("the amount has no currency")
    return stated


def _day(leaves: Leaves, paths: tuple[str, str]) -> dt.date | None:
    written = leaves.get(paths[0]) or leaves.get(paths[1])
    return iso_day(written) if written else None


def _booked_on(position: int, leaves: Leaves, around: Surroundings) -> tuple[dt.date, tuple[Problem, ...]]:
    """Return the booking date; where the bank left it out, the nearest date it did state, and say so."""
    booked_on = _day(leaves, _BOOKED)
    if booked_on is not None:
        return booked_on, ()
    for day, source in ((_day(leaves, _VALUED), "the value date"), (around.made_on, "the date of the statement")):
        if day is not None:
            return day, (Problem("booking_date", f"Entry {position} has no booking date; {source}, {day}, was taken."),)
    raise Unclear("it has no booking date")


class _Role(NamedTuple):
    """Where a transaction's detail tells of the creditor or of the debtor."""

    name: str
    ultimate_name: str
    agent_name: str
    iban: str
    number: str


def _role(word: str) -> _Role:
    party = "RltdPties/" + word
    account = party + "Acct/Id/"
    ultimate = f"RltdPties/Ultmt{word}/Nm"
    return _Role(party + "/Nm", ultimate, party + "/Agt/FinInstnId/Nm", account + "IBAN", account + "Othr/Id")


_CREDITOR, _DEBTOR = _role("Cdtr"), _role("Dbtr")


def _sides(amount_minor: int, *, reversal: bool) -> tuple[_Role, _Role]:
    """Return which party is the other one, who was paid or who paid, and then our own side.

    A reversal keeps the roles of the payment that it undoes, so the sides change places.
    """
    return (_CREDITOR, _DEBTOR) if (amount_minor < 0) != reversal else (_DEBTOR, _CREDITOR)


def _counterparty(detail: Leaves, sides: tuple[_Role, _Role], own_account: str | None) -> tuple[str | None, str | None]:
    """Return name and account number of the other party.

    Where the account found is our own, the bank kept other roles and the other side is it; where both are
    (costs, interest), there is no other account, only a name.
    """
    for role in sides:
        name = detail.get(role.name) or detail.get(role.ultimate_name) or detail.get(role.agent_name)
        written = detail.get(role.iban) or detail.get(role.number)
        iban = account_number(written) if written else None
        if (name or iban) and other_than(own_account, iban) == iban:
            return tidy(name), iban
    return tidy(detail.get(sides[0].name)), None


def _text(detail: Leaves) -> str | None:
    """Return the remittance text, unstructured and structured, each thing once; else what the bank adds to it."""
    text = ""
    for path in _REMITTANCE:
        if (written := detail.get(path)) and (said := tidy(written)) and said not in text:
            text = f"{text} {said}" if text else said
    return text or tidy(detail.get("AddtlTxInf"))


def _creditor_id(detail: Leaves) -> str | None:
    for path in _CREDITOR_ID_PATHS:
        written = detail.get(path)
        if written and _CREDITOR_ID.fullmatch(found := "".join(written.split())):
            return found.upper()
    return None


def _shared(details: list[Leaves]) -> Leaves:
    """Return what all details of a batch say alike: it may be said of the line as a whole."""
    first, *others = details
    return {path: value for path, value in first.items() if all(other.get(path) == value for other in others)}


def _parts(
    position: int, branch: Branch, total: tuple[int, str], sides: tuple[_Role, _Role], own_account: str | None
) -> tuple[tuple[Part, ...], tuple[Problem, ...]]:
    """Return a batch's parts if one kind of stated amount adds up; a problem if amounts are stated and none does."""
    details = branch.details
    stated = [amounts for path in _PART_AMOUNTS if (amounts := _amounts(path, branch, total[1]))]
    for amounts in stated:
        if sum(amounts) == total[0]:
            both = zip(amounts, details, strict=True)
            return tuple(_part(amount, detail, sides, own_account) for amount, detail in both), ()
    if not stated:
        return (), ()
    return (), (
        Problem("batch", f"Entry {position} is a batch of {len(details)} payments that do not add up to its amount."),
    )


def _amounts(path: str, branch: Branch, currency: str) -> tuple[int, ...] | None:
    """Return every detail's signed amount at a path; None unless all state it in the entry's currency."""
    details, default = branch.details, branch.leaves.get("CdtDbtInd")
    if any(detail.get(path + CURRENCY) != currency for detail in details):
        return None
    return tuple(_signed(minor_from_point(detail[path]), detail.get("CdtDbtInd") or default) for detail in details)


def _part(amount_minor: int, detail: Leaves, sides: tuple[_Role, _Role], own_account: str | None) -> Part:
    name, iban = _counterparty(detail, sides, own_account)
    return Part(amount_minor, name, iban, _text(detail), reference(detail.get("Refs/EndToEndId")))
