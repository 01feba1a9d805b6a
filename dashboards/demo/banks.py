"""Bank files as Dutch banks write them: what stands in all of them, CAMT.053 of two versions, and ING's CSV.

A writer gets what happened on an account and the balance before; everything else in the
file follows. Balances are exact: opening + lines = closing, and each CSV row has the
balance after it. Nothing here knows a foundation or why something was paid.

Source: ISO 20022 camt.053.001.02 and camt.053.001.08; ING's "Puntkomma gescheiden CSV".
"""

from __future__ import annotations

import csv
import datetime as dt  # noqa: TC003 - read by whoever asks for the types of a line
import html
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal
from typing import TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind: TypeAlias = Literal["card", "transfer", "ideal", "debit", "charge", "batch", "received", "own", "interest"]
Version: TypeAlias = Literal["02", "08"]


@dataclass(frozen=True, slots=True)
class BankPart:
    """One payment of a batch; signed like its line."""

    amount_minor: int
    name: str
    iban: str
    text: str
    end_to_end_id: str


@dataclass(frozen=True, slots=True)
class BankLine:
    """What the bank books in one go. `reference` is unique in the world."""

    reference: str
    booked_on: dt.date
    amount_minor: int
    kind: Kind
    text: str
    name: str | None = None
    iban: str | None = None
    end_to_end_id: str | None = None
    mandate: str | None = None
    creditor_id: str | None = None
    parts: tuple[BankPart, ...] = ()


@dataclass(frozen=True, slots=True)
class BankStatement:
    """One account in one period, `starts` and `ends` included; lines in booking order.

    `line` is the number of the first line, where a bank numbers the lines of an account on and on.
    """

    iban: str
    owner: str
    number: int
    starts: dt.date
    ends: dt.date
    opening_minor: int
    lines: tuple[BankLine, ...]
    line: int = 1

    @property
    def closing_minor(self) -> int:
        """The balance after the last line."""
        return self.opening_minor + sum(line.amount_minor for line in self.lines)


_CODES: dict[Kind, tuple[str, str, str]] = {
    "card": ("PMNT", "CCRD", "POSD"),
    "transfer": ("PMNT", "ICDT", "ESCT"),
    "ideal": ("PMNT", "ICDT", "ESCT"),
    "debit": ("PMNT", "RDDT", "ESDD"),
    "charge": ("ACMT", "MDOP", "CHRG"),
    "batch": ("PMNT", "ICDT", "ESCT"),
    "received": ("PMNT", "RCDT", "ESCT"),
    "own": ("PMNT", "ICDT", "BOOK"),
    "interest": ("ACMT", "MCOP", "INTR"),
}
_ING_CODES: dict[Kind, tuple[str, str]] = {
    "card": ("BA", "Betaalautomaat"),
    "transfer": ("GT", "Online bankieren"),
    "ideal": ("ID", "iDEAL"),
    "debit": ("IC", "Incasso"),
    "charge": ("DV", "Diversen"),
    "batch": ("VZ", "Verzamelbetaling"),
    "received": ("OV", "Overschrijving"),
    "own": ("OV", "Overschrijving"),
    "interest": ("DV", "Diversen"),
}
_ING_HEADER = (
    "Datum",
    "Naam / Omschrijving",
    "Rekening",
    "Tegenrekening",
    "Code",
    "Af Bij",
    "Bedrag (EUR)",
    "Mutatiesoort",
    "Mededelingen",
    "Saldo na mutatie",
    "Tag",
)


def unsigned(minor: int, point: str = ".") -> str:
    """Return hundredths of a euro as banks write an amount without its sign."""
    return f"{abs(minor) // 100}{point}{abs(minor) % 100:02d}"


def _side(minor: int) -> str:
    return _tag("CdtDbtInd", "DBIT" if minor < 0 else "CRDT")


def _tag(name: str, *children: str) -> str:
    return f"<{name}>{''.join(children)}</{name}>"


def _text(name: str, value: str | None) -> str:
    return "" if value is None else _tag(name, html.escape(value, quote=False))


def _amount(minor: int, name: str = "Amt") -> str:
    return f'<{name} Ccy="EUR">{unsigned(minor)}</{name}>'


def _bic(iban: str) -> str:
    return f"{iban[4:8]}NL2A"


def camt053(
    statements: Sequence[BankStatement], *, version: Version, message_id: str, created_at: dt.datetime
) -> bytes:
    """Return a CAMT.053 file with one `Stmt` per statement.

    Args:
        statements: At least one; several accounts of one customer share a file.
        version: Of the message: camt.053.001.02 or camt.053.001.08.
        message_id: The bank's number of the file.
        created_at: When the bank made it; aware.

    Source: ISO 20022 BankToCustomerStatement, in the order of its schema.
    """
    made = created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    header = _tag("GrpHdr", _text("MsgId", message_id), _tag("CreDtTm", made))
    body = "\n".join(_statement(item, version, made) for item in statements)
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{namespace}">\n<BkToCstmrStmt>\n{header}\n{body}\n</BkToCstmrStmt>\n</Document>\n'
    )
    return document.encode()


def _statement(statement: BankStatement, version: Version, made: str) -> str:
    page = _tag("StmtPgntn", _tag("PgNb", "1"), _tag("LastPgInd", "true")) if version == "08" else ""
    period = _tag(
        "FrToDt",
        _tag("FrDtTm", f"{statement.starts}T00:00:00"),
        _tag("ToDtTm", f"{statement.ends}T23:59:59"),
    )
    head = (
        _text("Id", f"{statement.iban}-{statement.ends.year}-{statement.number:03d}"),
        page,
        _tag("ElctrncSeqNb", str(statement.number)),
        _tag("LglSeqNb", str(statement.number)),
        _tag("CreDtTm", made),
        period,
        _account(statement, version),
        *_balances(statement, version),
        _summary(statement.lines),
    )
    entries = "\n".join(_entry(line, version) for line in statement.lines)
    return _tag("Stmt", "".join(head), "\n", entries, "\n" if entries else "")


def _account(statement: BankStatement, version: Version) -> str:
    servicer = _tag("BICFI" if version == "08" else "BIC", _bic(statement.iban))
    return _tag(
        "Acct",
        _tag("Id", _tag("IBAN", statement.iban)),
        _tag("Ccy", "EUR"),
        _tag("Ownr", _text("Nm", statement.owner)),
        _tag("Svcr", _tag("FinInstnId", servicer)),
    )


def _balances(statement: BankStatement, version: Version) -> tuple[str, ...]:
    opening = _balance("OPBD", statement.opening_minor, statement.starts)
    closing = _balance("CLBD", statement.closing_minor, statement.ends)
    available = (_balance("CLAV", statement.closing_minor, statement.ends),) if version == "08" else ()
    return (opening, closing, *available)


def _balance(code: str, minor: int, day: dt.date) -> str:
    kind = _tag("Tp", _tag("CdOrPrtry", _tag("Cd", code)))
    return _tag("Bal", kind, _amount(minor), _side(minor), _tag("Dt", _tag("Dt", day.isoformat())))


def _summary(lines: Sequence[BankLine]) -> str:
    inward = [line.amount_minor for line in lines if line.amount_minor >= 0]
    outward = [line.amount_minor for line in lines if line.amount_minor < 0]
    totals = (
        _tag(name, _tag("NbOfNtries", str(len(amounts))), _tag("Sum", unsigned(sum(amounts))))
        for name, amounts in (("TtlCdtNtries", inward), ("TtlDbtNtries", outward))
    )
    return _tag("TxsSummry", *totals)


def _entry(line: BankLine, version: Version) -> str:
    day = _tag("Dt", line.booked_on.isoformat())
    status = _tag("Sts", _tag("Cd", "BOOK") if version == "08" else "BOOK")
    return _tag(
        "Ntry",
        _amount(line.amount_minor),
        _side(line.amount_minor),
        status,
        _tag("BookgDt", day),
        _tag("ValDt", day),
        _tag("AcctSvcrRef", line.reference),
        _bank_code(line),
        _tag("NtryDtls", *_details(line, version)),
    )


def _bank_code(line: BankLine) -> str:
    domain, family, sub = _CODES[line.kind]
    if line.kind == "own" and line.amount_minor > 0:
        family = "RCDT"
    codes = _tag("Fmly", _tag("Cd", family), _tag("SubFmlyCd", sub))
    return _tag("BkTxCd", _tag("Domn", _tag("Cd", domain), codes))


def _details(line: BankLine, version: Version) -> tuple[str, ...]:
    if not line.parts:
        refs = (
            _text("EndToEndId", line.end_to_end_id or "NOTPROVIDED"),
            _text("MndtId", line.mandate),
        )
        whole = BankPart(line.amount_minor, line.name or "", line.iban or "", line.text, "")
        return (_transaction(whole, "".join(refs), version, line.creditor_id),)
    batch = _tag(
        "Btch",
        _text("PmtInfId", f"{line.reference}-B"),
        _tag("NbOfTxs", str(len(line.parts))),
        _amount(line.amount_minor, "TtlAmt"),
        _side(line.amount_minor),
    )
    return (batch, *(_transaction(p, _text("EndToEndId", p.end_to_end_id), version) for p in line.parts))


def _transaction(part: BankPart, refs: str, version: Version, creditor: str | None = None) -> str:
    amount = _amount(part.amount_minor)
    stated = f"{amount}{_side(part.amount_minor)}" if version == "08" else _tag("AmtDtls", _tag("TxAmt", amount))
    return _tag(
        "TxDtls",
        _tag("Refs", refs),
        stated,
        _parties(part, version, creditor),
        _agent(part, version),
        _tag("RmtInf", _text("Ustrd", part.text)),
    )


def _parties(part: BankPart, version: Version, creditor: str | None) -> str:
    if not part.name:
        return ""
    role = "Dbtr" if part.amount_minor > 0 else "Cdtr"
    party = _text("Nm", part.name) + (_creditor_scheme(creditor) if creditor else "")
    account = _tag(f"{role}Acct", _tag("Id", _tag("IBAN", part.iban))) if part.iban else ""
    return _tag("RltdPties", _tag(role, _tag("Pty", party) if version == "08" else party), account)


def _creditor_scheme(creditor: str) -> str:
    scheme = _tag("SchmeNm", _tag("Prtry", "SEPA"))
    return _tag("Id", _tag("PrvtId", _tag("Othr", _text("Id", creditor), scheme)))


def _agent(part: BankPart, version: Version) -> str:
    if not part.iban:
        return ""
    bic = _tag("BICFI" if version == "08" else "BIC", _bic(part.iban))
    role = "DbtrAgt" if part.amount_minor > 0 else "CdtrAgt"
    return _tag("RltdAgts", _tag(role, _tag("FinInstnId", bic)))


def ing_csv(statement: BankStatement) -> bytes:
    """Return ING's Dutch CSV: semicolons, decimal comma, newest line first, balance after each.

    The file states no opening balance; it follows from the oldest row.
    """
    rows, balance = [], statement.opening_minor
    for line in statement.lines:
        balance += line.amount_minor
        rows.append(_ing_row(statement.iban, line, balance))
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_ING_HEADER)
    writer.writerows(reversed(rows))
    return target.getvalue().encode()


def _ing_row(account: str, line: BankLine, balance: int) -> tuple[str, ...]:
    code, kind = _ING_CODES[line.kind]
    sign = "-" if balance < 0 else ""
    return (
        line.booked_on.strftime("%Y%m%d"),
        line.name or line.text,
        account,
        line.iban or "",
        code,
        "Af" if line.amount_minor < 0 else "Bij",
        unsigned(line.amount_minor, ","),
        kind,
        _ing_notice(line),
        sign + unsigned(balance, ","),
        "",
    )


def _ing_notice(line: BankLine) -> str:
    valued = f"Valutadatum: {line.booked_on:%d-%m-%Y}"
    if line.iban is None:
        return f"{line.text} Kenmerk: {line.reference} {valued}"
    direct = f"Machtiging ID: {line.mandate} Incassant ID: {line.creditor_id} Doorlopende incasso "
    return (
        f"Naam: {line.name} Omschrijving: {line.text} IBAN: {line.iban} "
        f"Kenmerk: {line.reference} {direct if line.mandate else ''}{valued}"
    )
