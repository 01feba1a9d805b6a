"""CAMT of any version, trap by trap."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.camt import read_camt
from importers.errors import FileTooLarge
from importers.errors import ForbiddenContent
from importers.errors import MalformedFile
from importers.statement import Balance

if TYPE_CHECKING:
    from importers.statement import Line
    from importers.statement import Statement
    from tests.unit.importers.conftest import CamtWriter

_BATCH = (
    "<NtryDtls><TxDtls><AmtDtls><TxAmt><Amt Ccy='EUR'>{0}</Amt></TxAmt></AmtDtls></TxDtls>"
    "<TxDtls><AmtDtls><TxAmt><Amt Ccy='EUR'>{1}</Amt></TxAmt></AmtDtls></TxDtls></NtryDtls>"
)


def _codes(statement: Statement) -> list[str]:
    return [problem.code for problem in statement.problems]


def _line(data: bytes) -> Line:
    (statement,) = read_camt(data)
    (line,) = statement.lines
    return line


def test_an_entry_becomes_a_line_with_all_that_the_bank_says(camt: CamtWriter) -> None:
    """Parties, texts, references and codes each have their place."""
    refs = "<Refs><EndToEndId>E1</EndToEndId><MndtId>M1</MndtId></Refs>"
    details = camt.details(name="Kwekerij & Zn", iban="NL02 ABNA 0123 4567 89", text="planten", more=refs)
    more = (
        "<ValDt><Dt>2025-03-02</Dt></ValDt><AcctSvcrRef>R1</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
        "<Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
    )
    line = _line(camt.one(camt.entry(-1299, details=details, more=more)))
    assert (line.amount_minor, line.currency, line.booked_on) == (-1299, "EUR", dt.date(2025, 3, 1))
    assert (line.name, line.iban, line.text) == ("Kwekerij & Zn", "NL02ABNA0123456789", "planten")
    assert (line.bank_reference, line.end_to_end_id, line.mandate) == ("R1", "E1", "M1")
    assert (line.type_code, line.valued_on) == ("PMNT-ICDT-ESCT", dt.date(2025, 3, 2))


def test_version_08_says_the_same(camt: CamtWriter) -> None:
    """Status and parties stand a level deeper from version 08 on."""
    details = (
        camt.details(name="Kwekerij Vlier", role="Cdtr").replace("<Nm>", "<Pty><Nm>").replace("</Nm>", "</Nm></Pty>")
    )
    data = camt.file(camt.statement(camt.entry(-500, status="<Sts><Cd>BOOK</Cd></Sts>", details=details)), version="08")
    (statement,) = read_camt(data)
    assert statement.format == "camt.053.001.08"
    assert statement.lines[0].name == "Kwekerij Vlier"


def test_prefixes_of_namespaces_do_not_matter(camt: CamtWriter) -> None:
    """Elements go by their local names."""
    data = camt.one(camt.entry(-500)).replace(b"<", b"<n:").replace(b"<n:/", b"</n:").replace(b"<n:?", b"<?")
    data = data.replace(b"xmlns=", b"xmlns:n=")
    assert _line(data).amount_minor == -500


@pytest.mark.parametrize(
    "status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>", "<Sts>INFO</Sts>", "<Sts>FUTR</Sts>"]
)
def test_trap_12_a_pending_entry_is_never_booked(camt: CamtWriter, status: str) -> None:
    """It stands apart, with all that the file says of it, and is no misfit."""
    details = camt.details(name="Kwekerij Vlier", text="compost")
    (statement,) = read_camt(camt.one(camt.entry(-500, status=status, details=details), camt.entry(-700)))
    assert [line.amount_minor for line in statement.lines] == [-700]
    assert [(line.amount_minor, line.name, line.text) for line in statement.pending] == [
        (-500, "Kwekerij Vlier", "compost")
    ]
    assert _codes(statement) == []


def test_what_does_not_fit_in_a_pending_entry_is_no_problem(camt: CamtWriter) -> None:
    """What is not booked yet may still change: only what is booked must fit."""
    entry = camt.entry(-66405, status="<Sts>PDNG</Sts>", details=_BATCH.format("564.05", "99.00"))
    (statement,) = read_camt(camt.one(entry.replace("<BookgDt><Dt>2025-03-01</Dt></BookgDt>", "")))
    assert (len(statement.pending), statement.problems) == (1, ())


def test_trap_12_pending_entries_do_not_count_in_the_balances(camt: CamtWriter) -> None:
    """Opening and booked lines make closing, whatever is pending."""
    inside = (camt.balance("OPBD", 1000), camt.balance("CLBD", 300), camt.entry(-9, status="<Sts>PDNG</Sts>"))
    (statement,) = read_camt(camt.one(*inside, camt.entry(-700)))
    assert statement.problems == ()


def test_an_unknown_status_is_refused(camt: CamtWriter) -> None:
    """Whether an unknown status is booked cannot be guessed."""
    with pytest.raises(MalformedFile, match=r"entry 1 \(statement 1\): its status"):
        read_camt(camt.one(camt.entry(-500, status="<Sts>XXXX</Sts>")))


def test_trap_05_a_batch_is_one_line_with_its_parts(camt: CamtWriter) -> None:
    """The entry is booked; the details that add up are its parts."""
    line = _line(camt.one(camt.entry(-66405, details=_BATCH.format("564.05", "100.00"))))
    assert line.amount_minor == -66405
    assert [part.amount_minor for part in line.parts] == [-56405, -10000]


def test_trap_05_a_batch_that_does_not_add_up_has_no_parts(camt: CamtWriter) -> None:
    """Parts that lie are not shown; the problem names the entry."""
    (statement,) = read_camt(camt.one(camt.entry(-66405, details=_BATCH.format("564.05", "99.00"))))
    assert statement.lines[0].parts == ()
    assert _codes(statement) == ["batch"]
    assert "Entry 1" in statement.problems[0].text


def test_a_batch_without_amounts_is_no_problem(camt: CamtWriter) -> None:
    """Details may leave their amounts out."""
    (statement,) = read_camt(
        camt.one(
            camt.entry(
                -5,
                details="<NtryDtls><TxDtls><Refs><MsgId>1</MsgId></Refs></TxDtls><TxDtls><Refs><MsgId>1</MsgId></Refs></TxDtls></NtryDtls>",
            )
        )
    )
    assert (statement.lines[0].parts, statement.problems) == ((), ())


@pytest.mark.parametrize(
    ("closing", "amount", "codes"),
    [(500, -500, []), (1500, 500, []), (700, -500, ["reversal", "balance"])],
    ids=["as written", "turned", "neither"],
)
def test_trap_06_the_balance_decides_on_a_reversal(
    camt: CamtWriter, closing: int, amount: int, codes: list[str]
) -> None:
    """A reversal keeps its sign unless the balances close with the other one; where neither closes, that is said."""
    entry = camt.entry(-500, more="<RvslInd>true</RvslInd>")
    (statement,) = read_camt(camt.one(camt.balance("OPBD", 1000), camt.balance("CLBD", closing), entry))
    assert statement.lines[0].amount_minor == amount
    assert statement.lines[0].reversal
    assert _codes(statement) == codes


def test_trap_06_a_reversal_without_balances_is_a_problem(camt: CamtWriter) -> None:
    """Nothing shows which way the money went."""
    (statement,) = read_camt(camt.one(camt.entry(-500, more="<RvslInd>1</RvslInd>")))
    assert _codes(statement) == ["reversal"]


@pytest.mark.parametrize(
    ("codes", "opening", "closing"),
    [
        (["OPBD", "CLBD"], 1, 2),
        (["PRCD", "CLBD"], 1, 2),
        (["PRCD", "OPBD", "CLBD"], 2, 3),
        (["OPBD", "ITBD"], 1, 2),
        (["ITBD", "ITBD"], 1, 2),
        (["ITBD", "CLBD"], 1, 2),
        (["ITBD"], None, None),
        (["OPAV", "CLAV"], None, None),
        (["CLBD"], None, 1),
        (["OPBD"], 1, None),
    ],
)
def test_trap_09_the_right_balances_frame_the_lines(
    camt: CamtWriter, codes: list[str], opening: int | None, closing: int | None
) -> None:
    """Booked balances count, interim ones only between pages, available ones never."""
    balances = [camt.balance(code, amount) for amount, code in enumerate(codes, start=1)]
    (statement,) = read_camt(camt.one(*balances))
    day = dt.date(2025, 3, 1)
    assert statement.opening == (None if opening is None else Balance(day, opening))
    assert statement.closing == (None if closing is None else Balance(day, closing))


def test_trap_11_an_empty_statement_is_valid(camt: CamtWriter) -> None:
    """A day without payments closes on its opening balance."""
    (statement,) = read_camt(camt.one(camt.balance("OPBD", 7), camt.balance("CLBD", 7)))
    assert (statement.lines, statement.problems) == ((), ())


def test_trap_11_every_statement_and_account_of_a_file_is_read(camt: CamtWriter) -> None:
    """Nothing spills from one statement into the next."""
    one = camt.statement(camt.entry(-1), number="1")
    two = camt.statement(camt.entry(-2), camt.entry(-3), number="2", account="NL02ABNA0123456789")
    statements = read_camt(camt.file(one, two))
    assert [s.account for s in statements] == ["NL69INGB0123456789", "NL02ABNA0123456789"]
    assert [[line.amount_minor for line in s.lines] for s in statements] == [[-1], [-2, -3]]
    assert [line.position for s in statements for line in s.lines] == [1, 2, 3]


def test_trap_10_a_missing_page_of_the_message_is_a_problem(camt: CamtWriter) -> None:
    """The bank says that more follows."""
    group = "<MsgPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></MsgPgntn>"
    (statement,) = read_camt(camt.file(camt.statement(camt.entry(-1)), group=group))
    assert _codes(statement) == ["missing_page"]


def test_trap_10_pages_that_are_all_there_are_no_problem(camt: CamtWriter) -> None:
    """A first page followed by its last one in the same file is complete; alone it is not."""
    first = camt.statement("<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>")
    last = camt.statement("<StmtPgntn><PgNb>2</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>")
    assert [_codes(s) for s in read_camt(camt.file(first, last))] == [[], []]
    assert [_codes(s) for s in read_camt(camt.file(first))] == [["missing_page"]]


@pytest.mark.parametrize(
    ("summary", "codes"),
    [
        ("<TtlNtries><NbOfNtries>2</NbOfNtries><Sum>3.00</Sum></TtlNtries>", []),
        ("<TtlNtries><NbOfNtries>002</NbOfNtries></TtlNtries>", []),
        ("<TtlNtries><NbOfNtries>3</NbOfNtries></TtlNtries>", ["summary"]),
        ("<TtlNtries><Sum>4.00</Sum></TtlNtries>", ["summary"]),
        ("<TtlNtries><TtlNetNtryAmt>1.00</TtlNetNtryAmt></TtlNtries>", []),
        ("<TtlNtries><TtlNetNtry><Amt>2.00</Amt></TtlNetNtry></TtlNtries>", ["summary"]),
        ("<TtlCdtNtries><Sum>1.00</Sum></TtlCdtNtries><TtlDbtNtries><Sum>2</Sum></TtlDbtNtries>", []),
        ("<TtlDbtNtries><Sum>zero</Sum></TtlDbtNtries>", ["summary"]),
        ("<TtlCdtNtries><NbOfNtries>1</NbOfNtries></TtlCdtNtries>", []),
        ("<TtlCdtNtries><NbOfNtries>2</NbOfNtries></TtlCdtNtries>", ["summary"]),
        ("<TtlDbtNtries><NbOfNtries>0</NbOfNtries></TtlDbtNtries>", ["summary"]),
    ],
)
def test_the_banks_own_totals_are_checked(camt: CamtWriter, summary: str, codes: list[str]) -> None:
    """A total that the entries do not make is a problem."""
    (statement,) = read_camt(camt.one(f"<TxsSummry>{summary}</TxsSummry>", camt.entry(100), camt.entry(-200)))
    assert _codes(statement) == codes


@pytest.mark.parametrize("counted", ["1", "2"])
def test_an_entry_of_nothing_counts_on_either_side(camt: CamtWriter, counted: str) -> None:
    """Banks call it a credit or a debit as they like."""
    summary = f"<TxsSummry><TtlCdtNtries><NbOfNtries>{counted}</NbOfNtries></TtlCdtNtries></TxsSummry>"
    (statement,) = read_camt(camt.one(summary, camt.entry(100), camt.entry(0), camt.entry(-200)))
    assert _codes(statement) == []


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("<Ntry><Amt Ccy='EUR'>0.001</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>", "finer than a hundredth"),
        ("<Ntry><Amt Ccy='EUR'>1.00</Amt><Sts>BOOK</Sts></Ntry>", "credit or debit"),
        ("<Ntry><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>", "amount is empty"),
        ("<Ntry><Amt Ccy='E'>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>", "no currency"),
        (
            "<Ntry><Amt Ccy='EUR'>1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><ValDt><Dt>x</Dt></ValDt></Ntry>",
            "date",
        ),
        (
            "<Ntry><Amt Ccy='EUR'>1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><RvslInd>x</RvslInd></Ntry>",
            "indicator",
        ),
    ],
)
def test_an_entry_that_cannot_be_read_stops_the_file(camt: CamtWriter, entry: str, why: str) -> None:
    """The whole file or nothing; the refusal names the entry."""
    with pytest.raises(MalformedFile, match=rf"entry 2 .*{why}"):
        read_camt(camt.one(camt.entry(-1), entry))


def test_a_missing_booking_date_is_replaced_and_said(camt: CamtWriter) -> None:
    """The nearest date stands in, and the problem names the entry."""
    bare = "<Ntry><Amt Ccy='EUR'>1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>"
    (statement,) = read_camt(camt.one(bare))
    assert statement.lines[0].booked_on == dt.date(2025, 3, 1)
    assert _codes(statement) == ["booking_date"]


def test_the_ultimate_party_stands_in_for_a_missing_name(camt: CamtWriter) -> None:
    """Whoever is behind the payment is named where the party itself is not."""
    details = (
        "<NtryDtls><TxDtls><RltdPties><UltmtDbtr><Nm>Stichting Vlier</Nm></UltmtDbtr></RltdPties></TxDtls></NtryDtls>"
    )
    assert _line(camt.one(camt.entry(500, details=details))).name == "Stichting Vlier"


def test_our_own_account_is_never_the_counterparty(camt: CamtWriter) -> None:
    """Where the bank puts us on the expected side, the other side is the counterparty."""
    parties = (
        "<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Winkel</Nm></Dbtr><Cdtr><Nm>Wij</Nm></Cdtr>"
        "<CdtrAcct><Id><IBAN>NL69INGB0123456789</IBAN></Id></CdtrAcct></RltdPties></TxDtls></NtryDtls>"
    )
    assert _line(camt.one(camt.entry(-500, details=parties))).name == "Winkel"


def test_texts_cut_into_pieces_are_joined(camt: CamtWriter) -> None:
    """Several unstructured remittances are one text."""
    details = "<NtryDtls><TxDtls><RmtInf><Ustrd>huur zaal</Ustrd><Ustrd>maart</Ustrd></RmtInf></TxDtls></NtryDtls>"
    assert _line(camt.one(camt.entry(-500, details=details))).text == "huur zaal maart"


def test_a_structured_reference_is_the_text_where_there_is_no_other(camt: CamtWriter) -> None:
    """A payment reference is what the payer said."""
    strd = "<Strd><CdtrRefInf><Ref>4000</Ref></CdtrRefInf></Strd>"
    details = f"<NtryDtls><TxDtls><RmtInf>{strd}</RmtInf></TxDtls></NtryDtls>"
    assert _line(camt.one(camt.entry(-500, details=details))).text == "4000"


def test_a_creditor_id_is_read_only_if_it_is_one(camt: CamtWriter) -> None:
    """A private person's other ids are not creditor ids."""
    template = (
        "<NtryDtls><TxDtls><RltdPties><Cdtr><Nm>X</Nm><Id><PrvtId><Othr><Id>{}</Id></Othr></PrvtId></Id></Cdtr>"
        "</RltdPties></TxDtls></NtryDtls>"
    )
    good = _line(camt.one(camt.entry(-500, details=template.format("NL98ZZZ123456780000"))))
    assert good.creditor_id == "NL98ZZZ123456780000"
    assert _line(camt.one(camt.entry(-500, details=template.format("12345")))).creditor_id is None


def test_entries_in_two_currencies_are_a_problem(camt: CamtWriter) -> None:
    """Amounts of two currencies do not add up to one balance."""
    (statement,) = read_camt(camt.one(camt.entry(-500).replace("EUR", "USD")))
    assert _codes(statement) == ["currency"]


def test_a_tag_in_a_comment_is_not_an_entry(camt: CamtWriter) -> None:
    """What is commented out neither counts nor disturbs the count."""
    data = camt.one("<!-- <Ntry> -->", camt.entry(-1), "<Nm><![CDATA[<Ntry>]]></Nm>")
    assert _line(data).amount_minor == -1


def test_an_entry_outside_a_statement_is_refused(camt: CamtWriter) -> None:
    """An entry that belongs to no account cannot be booked."""
    with pytest.raises(MalformedFile, match="outside any statement"):
        read_camt(camt.one(camt.entry(-1), f"<X>{camt.entry(-1)}</X>"))


def test_an_envelope_without_statement_is_refused(camt: CamtWriter) -> None:
    """A file without any statement says nothing about an account."""
    with pytest.raises(MalformedFile, match="no statement"):
        read_camt(camt.file())


@pytest.mark.parametrize("charset", ["UTF-7", "IBM037", "EBCDIC-CP-NL"])
def test_unusual_character_sets_are_refused(camt: CamtWriter, charset: str) -> None:
    """A character set that hides markup is not opened."""
    with pytest.raises(ForbiddenContent, match="character set"):
        read_camt(camt.one().replace(b"UTF-8", charset.encode()))


_CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp", "Cf", "Co")),
    min_size=1,
    max_size=20,
)


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9).filter(bool), _CELL, _CELL), max_size=8), st.integers(0, 10**9))
def test_what_is_written_is_read(camt: CamtWriter, rows: list[tuple[int, str, str]], opening: int) -> None:
    """Amounts, names and texts of any statement survive, and its balances close."""
    entries = [
        camt.entry(amount, details=camt.details(name=name, text=text, role="Cdtr" if amount < 0 else "Dbtr"))
        for amount, name, text in rows
    ]
    closing = opening + sum(amount for amount, _, _ in rows)
    (statement,) = read_camt(camt.one(camt.balance("OPBD", opening), camt.balance("CLBD", closing), *entries))
    assert statement.problems == ()
    assert [line.amount_minor for line in statement.lines] == [amount for amount, _, _ in rows]
    nfc = [(unicodedata.normalize("NFC", name), unicodedata.normalize("NFC", text)) for _, name, text in rows]
    assert [(line.name, line.text) for line in statement.lines] == nfc


def test_a_page_mark_that_cannot_be_read_is_refused(camt: CamtWriter) -> None:
    """Whether a further page follows must be clear."""
    with pytest.raises(MalformedFile, match="indicator"):
        read_camt(camt.file(camt.statement(), group="<MsgPgntn><LastPgInd>maybe</LastPgInd></MsgPgntn>"))


def test_a_file_in_which_tags_and_entries_differ_is_refused(camt: CamtWriter) -> None:
    """The tags in the bytes are counted apart from the parser."""
    with pytest.raises(MalformedFile, match="2 entry tags, but 1 entries"):
        read_camt(camt.one("<?hidden <Ntry> ?>", camt.entry(-1)))


def test_an_account_without_iban_keeps_the_banks_own_number(camt: CamtWriter) -> None:
    """Other schemes have their own element; a file may also leave the account out."""
    own = camt.one(camt.entry(-1)).replace(b"<IBAN>NL69INGB0123456789</IBAN>", b"<Othr><Id>123 456</Id></Othr>")
    assert read_camt(own)[0].account == "123456"
    assert read_camt(own.replace(b"123 456", b""))[0].account is None


def test_a_balance_without_any_date_is_refused(camt: CamtWriter) -> None:
    """A balance needs a day."""
    data = camt.one(camt.balance("OPBD", 5)).replace(b"<Dt><Dt>2025-03-01</Dt></Dt>", b"")
    assert read_camt(data)[0].opening == Balance(dt.date(2025, 3, 1), 5)
    with pytest.raises(MalformedFile, match=r"In the opening balance \(OPBD\) of statement 1: it has no date"):
        read_camt(data.replace(b"2025-03-01T23:00:00", b"yesterday"))


def test_a_file_that_is_all_header_is_refused_in_little_memory(camt: CamtWriter) -> None:
    """Elements that no entry frees are not piled up; neither are those between entries."""
    junk = "<a/>" * 4_000_000
    with pytest.raises(FileTooLarge, match="does not end"):
        read_camt(camt.one(junk))
    pieces = [camt.entry(-1) + "<a/>" * 500_000 for _ in range(6)]
    with pytest.raises(FileTooLarge, match="does not end"):
        read_camt(camt.one(*pieces))


def test_the_count_is_not_misled_by_unfinished_comments(camt: CamtWriter) -> None:
    """Thousands of comment marks inside one another are looked at once."""
    with pytest.raises(MalformedFile, match="entry tags"):
        read_camt(camt.one("<?x <Ntry>" + "<!--" * 200_000 + " ?>", camt.entry(-1)))


def test_trap_09_opening_and_lines_make_closing(camt: CamtWriter) -> None:
    """For each statement of a file; the figures are told where they do not."""
    fits = camt.statement(camt.balance("OPBD", 1000), camt.balance("CLBD", 300), camt.entry(-700), number="1")
    differs = camt.statement(camt.balance("OPBD", 300), camt.balance("CLBD", 301), camt.entry(-1), number="2")
    first, second = read_camt(camt.file(fits, differs))
    assert (_codes(first), _codes(second)) == ([], ["balance"])
    assert "3.00 and the lines (-0.01) make 2.99, but the bank states 3.01" in second.problems[0].text
