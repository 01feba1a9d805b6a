"""The seeds of the fuzzing in CAMT and OFX, written here as banks write them, but short.

Source: ISO 20022 camt.052, camt.053 and camt.054; OFX 1.0.2 and 2.1.1.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from tests.proofs.fuzz_books import figure
from tests.proofs.fuzz_books import signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.proofs.fuzz_books import Book
    from tests.proofs.fuzz_books import Row

_ROOTS = {
    "053": ("BkToCstmrStmt", "Stmt"),
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def camt(books: Sequence[Book], message: str, version: str, *, totals: bool) -> bytes:
    """Return a CAMT file; with totals of its entries, or else (a statement) with balances only.

    Args:
        books: One statement each.
        message: 052, 053 or 054; only 053 states balances.
        version: Such as 02 or 08.
        totals: Whether `TxsSummry` stands in it.
    """
    root, name = _ROOTS[message]
    namespace = f"urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.{version}"
    body = "".join(_statement(book, name, version, with_balances=message == "053", totals=totals) for book in books)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}"><{root}><GrpHdr><MsgId>M7</MsgId>'
        f"<CreDtTm>2025-04-01T06:00:00</CreDtTm></GrpHdr>\n{body}</{root}></Document>\n"
    ).encode()


def _statement(book: Book, name: str, version: str, *, with_balances: bool, totals: bool) -> str:
    balances = _balance("OPBD", book.opening, book.starts.isoformat()) + _balance(
        "CLBD", book.closing, book.ends.isoformat()
    )
    entries = "".join(_entry(row, version) for row in book.rows)
    return (
        f"<{name}><Id>{book.number}</Id><ElctrncSeqNb>{book.number}</ElctrncSeqNb><CreDtTm>2025-04-01T05:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{book.account}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances if with_balances else ''}"
        f"{_summary(book) if totals else ''}\n{entries}</{name}>\n"
    )


def _amount(minor: int) -> str:
    side = "DBIT" if minor < 0 else "CRDT"
    return f'<Amt Ccy="EUR">{figure(minor, ".")}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _balance(code: str, minor: int, day: str) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(minor)}<Dt><Dt>{day}</Dt></Dt></Bal>"


def _summary(book: Book) -> str:
    amounts = [row.minor for row in book.rows]
    all_of_them = f"<NbOfNtries>{len(amounts)}</NbOfNtries><Sum>{figure(sum(map(abs, amounts)), '.')}</Sum>"
    sides = "".join(
        f"<{tag}><NbOfNtries>{len(side)}</NbOfNtries><Sum>{figure(sum(side), '.')}</Sum></{tag}>"
        for tag, side in (
            ("TtlCdtNtries", [minor for minor in amounts if minor >= 0]),
            ("TtlDbtNtries", [minor for minor in amounts if minor < 0]),
        )
    )
    return f"<TxsSummry><TtlNtries>{all_of_them}</TtlNtries>{sides}</TxsSummry>"


def _entry(row: Row, version: str) -> str:
    status = "<Sts><Cd>BOOK</Cd></Sts>" if version == "08" else "<Sts>BOOK</Sts>"
    reversal = "<RvslInd>true</RvslInd>" if row.reversal else ""
    details = "".join(_details(row, part, version) for part in row.parts) or _details(row, None, version)
    return (
        f"<Ntry>{_amount(row.minor)}{reversal}{status}<BookgDt><Dt>{row.day}</Dt></BookgDt><ValDt><Dt>{row.day}</Dt>"
        f"</ValDt><AcctSvcrRef>{row.reference}</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>\n"
    )


def _details(row: Row, part: int | None, version: str) -> str:
    side = "Dbtr" if (row.minor > 0) != row.reversal else "Cdtr"
    party = f"<Nm>{html.escape(row.name)}</Nm>"
    amount = "" if part is None else _amount(part)
    return (
        f"<TxDtls><Refs><EndToEndId>E{row.reference}</EndToEndId></Refs>{amount}<RltdPties>"
        f"<{side}>{f'<Pty>{party}</Pty>' if version == '08' else party}</{side}>"
        f"<{side}Acct><Id><IBAN>{row.iban}</IBAN></Id></{side}Acct></RltdPties>"
        f"<RmtInf><Ustrd>{row.text}</Ustrd></RmtInf></TxDtls>"
    )


def ofx(books: Sequence[Book], version: str) -> bytes:
    """Return an OFX file: version 102 is SGML with open tags, 211 is XML, and "card" a QFX of a credit card."""
    is_xml, is_card = version == "211", version == "card"
    header = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE"?>\n'
        if is_xml
        else "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UTF-8\nCHARSET:NONE\n\n"
    )
    kind, answer = ("CREDITCARD", "CCSTMT") if is_card else ("BANK", "STMT")
    body = "".join(_ofx_statement(book, answer, is_xml=is_xml) for book in books)
    return (
        f"{header}<OFX><SIGNONMSGSRSV1><SONRS><STATUS>{_leaf('CODE', '0', is_xml)}</STATUS></SONRS></SIGNONMSGSRSV1>\n"
        f"<{kind}MSGSRSV1>{body}</{kind}MSGSRSV1></OFX>\n"
    ).encode()


def _ofx_statement(book: Book, answer: str, *, is_xml: bool) -> str:
    account = "BANKACCTFROM" if answer == "STMT" else "CCACCTFROM"
    lines = "".join(_transaction(row, is_xml=is_xml) for row in book.rows)
    return (
        f"<{answer}TRNRS><{answer}RS>{_leaf('CURDEF', 'EUR', is_xml)}<{account}>{_leaf('ACCTID', book.account, is_xml)}"
        f"</{account}><BANKTRANLIST>{_leaf('DTSTART', f'{book.starts:%Y%m%d}', is_xml)}\n{lines}</BANKTRANLIST>"
        f"<LEDGERBAL>{_leaf('BALAMT', signed(book.closing, '.'), is_xml)}"
        f"{_leaf('DTASOF', f'{book.ends:%Y%m%d}', is_xml)}</LEDGERBAL></{answer}RS></{answer}TRNRS>\n"
    )


def _leaf(name: str, value: str, is_xml: bool) -> str:  # noqa: FBT001 - stands in every line of the writer
    return f"<{name}>{value}</{name}>" if is_xml else f"<{name}>{value}"


def _transaction(row: Row, *, is_xml: bool) -> str:
    values = (
        ("TRNTYPE", "DEBIT" if row.minor < 0 else "CREDIT"),
        ("DTPOSTED", f"{row.day:%Y%m%d}120000"),
        ("TRNAMT", signed(row.minor, ".")),
        ("FITID", row.reference),
        ("NAME", html.escape(row.name)),
        ("MEMO", row.text),
    )
    return f"<STMTTRN>{''.join(_leaf(name, value, is_xml) for name, value in values)}</STMTTRN>\n"
