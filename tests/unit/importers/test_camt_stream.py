"""What else CAMT files are: every version, other characters, documents in documents, and codes of returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from importers.camt import read_camt
from importers.errors import MalformedFile

if TYPE_CHECKING:
    from importers.statement import Line
    from tests.unit.importers.conftest import CamtWriter


def _line(data: bytes) -> Line:
    (statement,) = read_camt(data)
    (line,) = statement.lines
    return line


def _coded(sub_family: str) -> str:
    return f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn></BkTxCd>"


@pytest.mark.parametrize(
    ("more", "details", "returned"),
    [
        (_coded("RRTN"), "", True),
        (_coded("UPDD"), "", True),
        (_coded("ESCT"), "", False),
        (_coded("ESCT"), "<TxDtls><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>", True),
        ("", "<TxDtls><RtrInf><Rsn><Prtry>retour</Prtry></Rsn></RtrInf></TxDtls>", True),
        ("", f"<TxDtls>{_coded('PRDD')}</TxDtls>", True),
        ("", f"<TxDtls>{_coded('PRDD')}</TxDtls><TxDtls><Refs><MsgId>1</MsgId></Refs></TxDtls>", False),
        ("", "<TxDtls><RmtInf><Ustrd>RRTN retour storno</Ustrd></RmtInf></TxDtls>", False),
        ("<RvslInd>true</RvslInd>", "", True),
        ("<RvslInd>false</RvslInd>", "", False),
    ],
)
def test_a_line_is_returned_where_the_banks_codes_say_so(
    camt: CamtWriter, more: str, details: str, *, returned: bool
) -> None:
    """A code of a return or a reason for one; never the payer's words, and of a batch only if all of it came back."""
    entry = camt.entry(500, more=more, details=f"<NtryDtls>{details}</NtryDtls>" if details else "")
    assert _line(camt.one(entry)).returned is returned


@pytest.mark.parametrize("version", ["01", "02", "04", "06", "08", "10", "13"])
@pytest.mark.parametrize(
    "kind", [("Stmt", "Stmt", "053"), ("AcctRpt", "Rpt", "052"), ("DbtCdtNtfctn", "Ntfctn", "054")]
)
def test_every_version_of_every_kind_is_read(camt: CamtWriter, version: str, kind: tuple[str, str, str]) -> None:
    """By local names; the namespace only tells how it is called."""
    envelope, within, number = kind
    text = camt.file(camt.statement(camt.entry(-5)), version=version).decode().replace("camt.053", f"camt.{number}")
    text = text.replace("BkToCstmrStmt>", f"BkToCstmr{envelope}>").replace("<Stmt>", f"<{within}>")
    (statement,) = read_camt(text.replace("</Stmt>", f"</{within}>").encode())
    assert statement.format == f"camt.{number}.001.{version}"
    assert [line.amount_minor for line in statement.lines] == [-5]


def test_a_file_in_latin_1_or_with_a_byte_order_mark_is_read(camt: CamtWriter) -> None:
    """As it declares itself."""
    text = camt.one(camt.entry(-5, details=camt.details(name="Café Zonnebloem"))).decode()
    latin = text.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    for data in (latin, b"\xef\xbb\xbf" + text.encode(), b"\r\n " + text.encode()):
        assert _line(data).name == "Café Zonnebloem"


@pytest.mark.parametrize("between", [b"", b"\n", b"<?xml version='1.0'?>"])
def test_several_documents_in_one_file_are_refused(camt: CamtWriter, between: bytes) -> None:
    """One after the other, or one on each line: the refusal says what to do."""
    one = camt.one(camt.entry(-5))
    with pytest.raises(MalformedFile, match="another document begins where the first one ends; choose them one by one"):
        read_camt(one + between + one.partition(b"?>")[2])


def test_documents_inside_one_envelope_are_all_read(camt: CamtWriter) -> None:
    """Some programs wrap the bank's documents in one of their own."""
    one = camt.one(camt.entry(-5)).partition(b"?>")[2]
    statements = read_camt(b"<Wrap>" + one + b"<junk/>" * 50 + one + b"</Wrap>")
    assert [[line.amount_minor for line in statement.lines] for statement in statements] == [[-5], [-5]]


def test_what_stands_between_entries_is_taken_in(camt: CamtWriter) -> None:
    """Banks keep the standard's order; whoever does not loses nothing."""
    late = "<Acct><Svcr><FinInstnId><BIC>INGBNL2A</BIC></FinInstnId></Svcr></Acct>" + camt.balance("CLBD", 300)
    entries = [camt.entry(-1) for _ in range(450)]
    inside = (camt.balance("OPBD", 1000), *entries[:2], late, *entries[2:], camt.entry(-250))
    (statement,) = read_camt(camt.one(*inside))
    assert (statement.bank, statement.problems, len(statement.lines)) == ("INGBNL2A", (), 451)


def test_many_misfits_are_told_by_their_number(camt: CamtWriter) -> None:
    """Nobody reads a thousand sentences, and they would fill the memory."""
    bare = "<Ntry><Amt Ccy='EUR'>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>"
    (statement,) = read_camt(camt.one(bare * 1000))
    assert len(statement.problems) == 21
    assert statement.problems[-1].text == "The same holds for 980 more entries."
    assert {problem.code for problem in statement.problems} == {"booking_date"}


def test_an_entry_in_a_statement_inside_a_statement_is_refused(camt: CamtWriter) -> None:
    """No account is certain for it."""
    with pytest.raises(MalformedFile, match="outside any statement"):
        read_camt(camt.one(camt.entry(-1), camt.statement(camt.entry(-2))))
    with pytest.raises(MalformedFile, match="outside any statement"):
        read_camt(camt.one(camt.statement(camt.entry(-2))))


def test_a_comment_that_does_not_end_hides_no_entry(camt: CamtWriter) -> None:
    """Entry tags that cannot be counted are not trusted."""
    with pytest.raises(MalformedFile, match=r"entry tags cannot be counted|damaged"):
        read_camt(camt.one("<?x <Ntry> <!-- ?>", camt.entry(-1)))
