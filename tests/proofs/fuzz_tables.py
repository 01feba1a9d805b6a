"""The seeds of the fuzzing in the CSV of each bank.

Source: the banks' own downloads, whose headers stand in `importers.profiles`.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.proofs.fuzz_books import figure
from tests.proofs.fuzz_books import signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence

    from tests.proofs.fuzz_books import Book
    from tests.proofs.fuzz_books import Guard
    from tests.proofs.fuzz_books import Row

_RABOBANK = (
    "IBAN/BBAN,Munt,BIC,Volgnr,Datum,Rentedatum,Bedrag,Saldo na trn,Tegenrekening IBAN/BBAN,Naam tegenpartij,"
    "Naam uiteindelijke partij,Naam initiërende partij,BIC tegenpartij,Code,Batch ID,Transactiereferentie,"
    "Machtigingskenmerk,Incassant ID,Betalingskenmerk,Omschrijving-1,Omschrijving-2,Omschrijving-3,Reden retour,"
    "Oorspr bedrag,Oorspr munt,Koers"
)
_ING = (
    "Datum;Naam / Omschrijving;Rekening;Tegenrekening;Code;Af Bij;Bedrag (EUR);Mutatiesoort;Mededelingen;"
    "Saldo na mutatie;Tag"
)
_ING_ENGLISH = (
    "Date;Name / Description;Account;Counterparty;Code;Debit/credit;Amount (EUR);Transaction type;Notifications;"
    "Resulting balance;Tag"
)
_ASN = (
    "Datum,Je rekening,Van / naar,Naam,Adres,Postcode,Woonplaats,Valuta saldo,Saldo voor boeking,Valuta,"
    "Bedrag bij / af,Verwerkingsdatum,Valutadatum,Code,Type,Volgnummer,Betalingskenmerk,Omschrijving,Afschriftnummer"
)
_KNAB = (
    "Rekeningnummer;Transactiedatum;Valutacode;CreditDebet;Bedrag;Tegenrekeningnummer;Tegenrekeninghouder;Valutadatum;"
    "Betaalwijze;Omschrijving;Type betaling;Machtigingsnummer;Incassant ID;Adres;Referentie;Boekdatum;"
)
_BUNQ = "Date,Interest Date,Amount,Account,Counterparty,Name,Description"
_N26 = (
    "Booking Date,Value Date,Partner Name,Partner Iban,Type,Payment Reference,Account Name,Amount (EUR),"
    "Original Amount,Original Currency,Exchange Rate"
)
_RABOBANK_CARD = (
    "Creditcard Nummer,Munt,Productnaam,Creditcard Regel1,Creditcard Regel2,Transactie Referentie,Datum,Bedrag,"
    "Tegenrekening IBAN/BBAN,Omschrijving,Oorspr bedrag,Oorspr munt,Koers"
)
_KBC = (
    "Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;credit;debet;"
    "rekeningnummer tegenpartij;BIC tegenpartij;Naam tegenpartij;Adres tegenpartij;gestructureerde mededeling;"
    "Vrije mededeling"
)
_BELFIUS = (
    "Rekening;Boekingsdatum;Rekeninguittrekselnummer;Transactienummer;Rekening tegenpartij;Naam tegenpartij bevat;"
    "Straat en nummer;Postcode en plaats;Transactie;Valutadatum;Bedrag;Devies;BIC;Landcode;Mededelingen"
)
_DKB = (
    "Buchungsdatum;Wertstellung;Status;Zahlungspflichtige*r;Zahlungsempfänger*in;Verwendungszweck;Umsatztyp;IBAN;"
    "Betrag (€);Gläubiger-ID;Mandatsreferenz;Kundenreferenz"
)
_WISE = (
    "TransferWise ID,Date,Amount,Currency,Description,Payment Reference,Running Balance,Exchange From,Exchange To,"
    "Exchange Rate,Payer Name,Payee Name,Payee Account Number,Merchant,Card Last Four Digits,Card Holder Full Name,"
    "Attachment,Note,Total fees"
)
_REVOLUT = "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance"
_GLS = "Kontonummer;Buchungstag;Wertstellung;Auftraggeber/Empfänger;Buchungstext;VWZ1;VWZ2;Betrag;Kontostand;Währung"
_ING_2020 = "Datum,Naam / Omschrijving,Rekening,Tegenrekening,Code,Af Bij,Bedrag (EUR),MutatieSoort,Mededelingen"
_ING_SAVINGS = (
    "Datum;Omschrijving;Rekening;Rekening naam;Tegenrekening;Af Bij;Bedrag;Valuta;Mutatiesoort;Mededelingen;"
    "Saldo na mutatie"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of CSV.

    Attributes:
        header: The header's cells, with the delimiter between them; empty where the bank writes none.
        cells: A row's cells out of its account, itself and the balance after it.
        guard: Whether the rows state the balance after them, or before.
        before: Lines above the header.
        is_card: The account is a card, of which the last figures are those of the account that settles it.
        has_one_account: A file is of one account, and nothing in its rows says which.
        bank: The four letters that the account has at this bank, where they tell the file; "" where no account is told.
    """

    header: str
    delimiter: str
    cells: Callable[[str, Row, int], Sequence[str]]
    guard: Guard
    newest_first: bool = True
    quoting: bool = True
    encoding: str = "utf-8"
    before: str = ""
    bank: str = "RABO"
    has_one_account: bool = False
    is_card: bool = False


def table(kind: Kind, books: Sequence[Book]) -> bytes:
    """Return a CSV file of some accounts, one after the other."""
    target = io.StringIO()
    writer = csv.writer(
        target,
        delimiter=kind.delimiter,
        quoting=csv.QUOTE_ALL if kind.quoting else csv.QUOTE_MINIMAL,
        lineterminator="\r\n",
    )
    target.write(kind.before)
    if kind.header:
        writer.writerow(kind.header.split(kind.delimiter))
    for book in books:
        rows = [kind.cells(book.account, row, balance) for row, balance in zip(book.rows, book.balances(), strict=True)]
        writer.writerows(rows[::-1] if kind.newest_first else rows)
    return target.getvalue().encode(kind.encoding)


def _ing(words: tuple[str, str], *, has_balance: bool = True) -> Callable[[str, Row, int], Sequence[str]]:
    def cells(account: str, row: Row, balance: int) -> Sequence[str]:
        said = f"Naam: {row.name} Omschrijving: {row.text} IBAN: {row.iban} Kenmerk: {row.reference}"
        direction = words[row.minor > 0]
        first = (f"{row.day:%Y%m%d}", row.name, account, row.iban, "GT", direction, figure(row.minor), "Online", said)
        return (*first, signed(balance), "") if has_balance else first

    return cells


def _ing_savings(account: str, row: Row, balance: int) -> Sequence[str]:
    direction = "Bij" if row.minor > 0 else "Af"
    return (
        *(row.day.isoformat(), row.name, account, "Spaarrekening", row.iban, direction, figure(row.minor), "EUR"),
        *("Inleg", row.text, signed(balance)),
    )


def _rabobank(account: str, row: Row, balance: int) -> Sequence[str]:
    day = row.day.isoformat()
    number = f"{int(row.reference[-8:]):018d}"
    return (
        *(account, "EUR", "RABONL2U", number, day, day, signed(row.minor, plus="+"), signed(balance, plus="+")),
        *(row.iban, row.name, "", "", f"{row.iban[4:8]}NL2A", "bg", "", "", "", "", row.reference, row.text),
        *("",) * 6,
    )


def _asn(text: str, point: str) -> Callable[[str, Row, int], Sequence[str]]:
    def cells(account: str, row: Row, balance: int) -> Sequence[str]:
        day, number = f"{row.day:%d-%m-%Y}", row.reference[-8:]
        return (
            *(day, account, row.iban, row.name, "", "", "", "EUR", signed(balance - row.minor, point), "EUR"),
            *(signed(row.minor, point), day, day, "9810", "IDB", number, "", text.format(row.text), "3"),
        )

    return cells


def _triodos(*, has_balance: bool) -> Callable[[str, Row, int], Sequence[str]]:
    def cells(account: str, row: Row, balance: int) -> Sequence[str]:
        direction = "Credit" if row.minor > 0 else "Debet"
        first = (f"{row.day:%d-%m-%Y}", account, figure(row.minor), direction, row.name, row.iban, "ET", row.text)
        return (*first, signed(balance)) if has_balance else first

    return cells


def _abn(account: str, row: Row, balance: int) -> Sequence[str]:
    day = f"{row.day:%Y%m%d}"
    details = f"/TRTP/SEPA OVERBOEKING/IBAN/{row.iban}/NAME/{row.name}/REMI/{row.text}/EREF/{row.reference}"
    return (account, "EUR", day, signed(balance - row.minor), signed(balance), day, signed(row.minor), details)


def _knab(account: str, row: Row, _: int) -> Sequence[str]:
    day = f"{row.day:%d-%m-%Y}"
    return (
        *(account, day, "EUR", row.side, figure(row.minor), row.iban, row.name, day, "Overboeking", row.text),
        *("", "", "", "", row.reference, day, ""),
    )


def _bunq(account: str, row: Row, _: int) -> Sequence[str]:
    day = row.day.isoformat()
    return (day, day, signed(row.minor, "."), account, row.iban, row.name, row.text)


def _n26(account: str, row: Row, _: int) -> Sequence[str]:
    day = row.day.isoformat()
    amount = signed(row.minor, ".")
    return (day, day, row.name, row.iban, "Debit", row.text, f"Space {account[-4:]}", amount, "", "", "")


def _revolut(account: str, row: Row, balance: int) -> Sequence[str]:
    moment = f"{row.day} 12:00:{int(row.reference[-2:]):02d}"
    amount, after = signed(row.minor, "."), signed(balance, ".")
    return (
        "TRANSFER",
        account[-4:],
        moment,
        moment,
        f"{row.name} {row.text}",
        amount,
        "0.00",
        "EUR",
        "COMPLETED",
        after,
    )


def _gls(account: str, row: Row, balance: int) -> Sequence[str]:
    day = f"{row.day:%d.%m.%Y}"
    return (account, day, day, row.name, "Gutschrift", row.text, "", signed(row.minor), signed(balance), "EUR")


def _kbc(account: str, row: Row, balance: int) -> Sequence[str]:
    day = f"{row.day:%d/%m/%Y}"
    return (
        *(account, "", "VZW", "EUR", "2025003", day, "OVERSCHRIJVING", day, signed(row.minor), signed(balance), "", ""),
        *(row.iban, "", row.name, "", "", row.text),
    )


def _belfius(account: str, row: Row, _: int) -> Sequence[str]:
    day = f"{row.day:%d/%m/%Y}"
    return (
        *(account, day, "00003", row.reference[-5:], row.iban, row.name, "", "", "STORTING", day, signed(row.minor)),
        *("EUR", "", "BE", row.text),
    )


def _dkb(account: str, row: Row, _: int) -> Sequence[str]:
    day = f"{row.day:%d.%m.%y}"
    sides = (account, row.name) if row.minor < 0 else (row.name, account)
    return (day, day, "Gebucht", *sides, row.text, "Ausgang", row.iban, f"{signed(row.minor)} €", "", "", row.reference)


def _wise(_: str, row: Row, balance: int) -> Sequence[str]:
    day, sides = f"{row.day:%d-%m-%Y}", ("", row.name) if row.minor < 0 else (row.name, "")
    return (
        *(row.reference, day, signed(row.minor, "."), "EUR", row.text, "", signed(balance, "."), "", "", "", *sides),
        *(row.iban, "", "", "", "", "", "0.00"),
    )


def card_of(account: str) -> str:
    """Return the number of a card that an account settles."""
    return f"1234********{account[-4:]}"


def _rabobank_card(account: str, row: Row, _: int) -> Sequence[str]:
    return (
        *(card_of(account), "EUR", "Card", "", "", row.reference, row.day.isoformat()),
        *(signed(row.minor, plus="+"), account, f"{row.name} {row.text}", "", "", ""),
    )


KINDS: dict[str, Kind] = {
    "csv ing": Kind(_ING, ";", _ing(("Af", "Bij")), "running"),
    "csv ing english": Kind(_ING_ENGLISH, ";", _ing(("Debit", "Credit")), "running"),
    "csv ing 2020": Kind(_ING_2020, ",", _ing(("Af", "Bij"), has_balance=False), "nothing"),
    "csv ing savings": Kind(_ING_SAVINGS, ";", _ing_savings, "running", quoting=False),
    "csv rabobank": Kind(_RABOBANK, ",", _rabobank, "running", newest_first=False, encoding="cp1252"),
    "csv asn old": Kind("", ",", _asn("'{}'", "."), "running", newest_first=False, quoting=False, bank="SNSB"),
    "csv asn": Kind(_ASN, ",", _asn("{}", "."), "running", bank="ASNB"),
    "csv triodos": Kind("", ",", _triodos(has_balance=False), "nothing", newest_first=False, bank="TRIO"),
    "csv triodos balance": Kind("", ",", _triodos(has_balance=True), "running", newest_first=False, bank="TRIO"),
    "tab abn amro": Kind("", "\t", _abn, "running", newest_first=False, quoting=False, bank="ABNA"),
    "csv knab": Kind(_KNAB, ";", _knab, "nothing", quoting=False, before="KNAB EXPORT;;;;;;;;;;;;;;;;\r\n"),
    "csv bunq": Kind(_BUNQ, ",", _bunq, "nothing", newest_first=False),
    "csv n26": Kind(_N26, ",", _n26, "nothing", bank=""),
    "csv revolut": Kind(_REVOLUT, ",", _revolut, "running", newest_first=False, quoting=False, bank=""),
    "csv rabobank card": Kind(_RABOBANK_CARD, ",", _rabobank_card, "nothing", newest_first=False, is_card=True),
    "csv kbc": Kind(_KBC, ";", _kbc, "running", quoting=False),
    "csv belfius": Kind(_BELFIUS, ";", _belfius, "nothing", quoting=False, before="Boekingsdatum vanaf;\r\n;\r\n"),
    "csv dkb": Kind(_DKB, ";", _dkb, "nothing", bank="", has_one_account=True),
    "csv wise": Kind(_WISE, ",", _wise, "running", quoting=False, bank="", has_one_account=True),
    "csv gls": Kind(_GLS, ";", _gls, "running", quoting=False),
}
