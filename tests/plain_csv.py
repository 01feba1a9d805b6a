"""A plain reading of banks' CSV by the names of their columns, which shares nothing with the profiles of `importers`.

It takes every cell as it stands. What our reader does beyond that, such as taking ING's labels out of a text, is a
difference with a reason of `REASONS`.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from importers.second_opinion.other import OtherLine
from importers.second_opinion.other import OtherStatement
from importers.second_opinion.reasons import REASONS as OF_EVERY_FORMAT
from importers.second_opinion.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence

    from importers.second_opinion.reasons import Compared

_COLUMNS = {
    "booked_on": "Datum|Date|Booking Date|Transactiedatum|Buchungstag",
    "amount": "Bedrag|Bedrag (EUR)|Amount|Amount (EUR)|Betrag (EUR)|Betrag|Bedrag bij / af",
    "sign": "Af Bij|CreditDebet|Debit/credit",
    "iban": "Tegenrekening|Tegenrekening IBAN/BBAN|Counterparty|Partner Iban|Tegenrekeningnummer|Van / naar"
    "|Kontonummer",
    "name": "Naam / Omschrijving|Name / Description|Naam tegenpartij|Naam|Name|Partner Name|Empfänger"
    "|Tegenrekeninghouder|Auftraggeber/Empfänger|Auftraggeber / Begünstigter",
    "text": "Mededelingen|Notifications|Omschrijving|Description|Payment Reference|Verwendungszweck|Omschrijving-1"
    "|VWZ1",
    "bank_reference": "Volgnr|Volgnummer|Referentie|Transactie Referentie",
    "end_to_end_id": "Transactiereferentie|Betalingskenmerk|Kundenreferenz",
    "mandate": "Machtigingskenmerk|Machtigingsnummer|Mandatsreferenz",
    "creditor_id": "Incassant ID|Gläubiger-ID",
}
_MORE_TEXT = re.compile(r"Omschrijving-[23]|VWZ[0-9]+")
_WITHOUT_HEADER = {
    8: ("", "", "booked_on", "", "", "", "amount", "text"),
    18: "booked_on - iban name - - - - - - amount - - - - bank_reference end_to_end_id text".split(" "),
}
_TRIODOS = ("booked_on", "", "amount", "sign", "name", "iban", "", "text")
_NOT_PLAIN = {"TransferWise ID", "Rubrieknaam", "Nom de la rubrique"}
"""Columns of banks whose rows need more than their names: Wise's two parties, KBC's two texts."""
_TAKES = {"af", "d", "debet", "debit"}
_LABEL = re.compile(
    r"(?<![a-z])(?:Naam|Name|Omschrijving|Description|IBAN|BIC|Kenmerk|Reference|Machtiging(?: ID)?|Mandate ID"
    r"|Incassant(?: ID)?|Creditor ID|Datum/Tijd|Date/time|Valutadatum|Value date|Pasvolgnr"
    r"|Card sequence no\.|Transactie|Transaction|Term"
    r"|Doorlopende incasso|Terminal): "
)


def read(data: bytes) -> tuple[OtherStatement, ...]:
    """Read a file into one statement, whosever lines are in it."""
    rows = [row for row in _rows(data) if len(row) > 5 and any(row[1:])]
    columns, body = _columns(rows)
    return (OtherStatement([_line(dict(zip(columns, row, strict=False)), columns, row) for row in body]),)


def _rows(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    lines = text.splitlines(keepends=True)
    mark = max("\t;,", key=lambda one: sum(line.count(one) > 4 for line in lines))
    return csv.reader(lines, delimiter=mark, skipinitialspace=True)


def _columns(rows: list[list[str]]) -> tuple[Sequence[str], list[list[str]]]:
    """Return the field of each column, and the rows below the header.

    Raises:
        LookupError: No bank known here writes such columns.
    """
    for place, row in enumerate(rows):
        named = [_field(cell.strip()) for cell in row]
        if not _NOT_PLAIN.isdisjoint(row):
            raise LookupError
        if "booked_on" in named and "amount" in named:
            if "Boekdatum" in row:  # the day beside it is when somebody paid
                named = ["" if field == "booked_on" else field for field in named]
                named[row.index("Boekdatum")] = "booked_on"
            if "Creditcard Nummer" in row:
                named = [
                    "card" if cell == "Creditcard Nummer" else field for cell, field in zip(row, named, strict=True)
                ]
                named[-3:-1] = ["original", "of"]
            if "Kontostand" in row:  # the account number beside it is one's own
                named[row.index("Kontonummer")] = ""
            return named, rows[place + 1 :]
    if not rows or not any("".join(row[1:]) for row in rows):
        return (), []
    width = min(map(len, rows))
    if width in {19, 20}:  # ASN's apostrophes do not keep commas together
        rows = [[*row[:17], ", ".join(row[17 : len(row) - width + 18]).strip("'")] for row in rows]
    return (_TRIODOS if rows[0][3] in {"Credit", "Debet"} else _WITHOUT_HEADER[len(rows[0])]), rows


def _field(cell: str) -> str:
    if _MORE_TEXT.fullmatch(cell):
        return "more"
    return next((field for field, names in _COLUMNS.items() if cell in names.split("|")), "")


def _line(said: dict[str, str], columns: Sequence[str], row: Sequence[str]) -> OtherLine:
    words = [said.get("text", ""), *(cell for field, cell in zip(columns, row, strict=False) if field == "more")]
    amount = _amount(said["amount"])
    return OtherLine(
        booked_on=_day(said["booked_on"]),
        amount_minor=-amount if said.get("sign", "").strip().lower() in _TAKES else amount,
        name=said.get("name"),
        iban=said.get("iban"),
        text=" ".join(words),
        bank_reference=said.get("bank_reference"),
        end_to_end_id=said.get("end_to_end_id"),
        mandate=said.get("mandate"),
        creditor_id=said.get("creditor_id"),
        evidence={name: said[name] for name in ("card", "original", "of") if said.get(name)}
        | ({"blocks": "of 32"} if len(row) == 8 and not said.get("sign") else {}),
    )


def _amount(written: str) -> int:
    """Read figures: whatever stands last of comma and point is the decimal mark."""
    mark = max(",.", key=written.rfind)
    whole, _, cents = written.rpartition(mark) if mark in written else (written, "", "")
    return int(Decimal(re.sub(r"[.,+ ]", "", whole) + "." + (cents or "0")) * 100)


def _day(written: str) -> dt.date:
    figures = re.findall(r"[0-9]+", written)
    if len(figures[0]) == 8:
        return dt.date(int(written[:4]), int(written[4:6]), int(written[6:8]))
    year, month, day = figures[:3] if len(figures[0]) == 4 else figures[2::-1]
    return dt.date(int(year), int(month), int(day))


def _bare(text: str | None) -> str:
    return "".join((text or "").split())


def _stands_after_a_label(one: Compared) -> bool:
    """Say whether a field is what follows one of the bank's labels in its text."""
    words = one.other.text if one.other else None
    values = {_bare(value) for value in re.split(r"/[A-Z]{3,9}/", words or "") + _LABEL.split(words or "")}
    return one.theirs is None and one.ours is not None and _bare(one.ours) in values


def _is_without_labels(one: Compared) -> bool:
    """Say whether a text is what the payer wrote: what stands before the labels, or after the one for his words."""
    written = one.theirs or ""
    if one.what != "text":
        return False
    if written.startswith("/TRTP/"):
        return f"/REMI/{one.ours or ''}/" in f"{written}/"
    before, label, after = written.partition("mschrijving: ")
    if not label and before.startswith("SEPA "):
        return one.ours is None and "IBAN: " in before
    labels = _LABEL.search(written)
    return labels is not None and _bare(one.ours) == _bare(_LABEL.split(after if label else before)[0])


def _is_in_blocks(one: Compared) -> bool:
    """Say whether only blanks differ in a text of ABN AMRO, which fills up blocks of 32 characters."""
    return one.what == "text" and "blocks" in one.evidence and _bare(one.ours) == _bare(one.theirs)


def _is_a_shop(one: Compared) -> bool:
    words = one.other.text if one.other else None
    return one.what == "name" and one.theirs is None and f"{_bare(one.ours)},PAS" in _bare(words)


def _is_of_one_statement(one: Compared) -> bool:
    return one.what == "statements" and one.theirs == "1"


def _settles_the_card(one: Compared) -> bool:
    return one.what == "iban" and one.ours is None and "card" in one.evidence


def _adds_what_it_cost_abroad(one: Compared) -> bool:
    cost = f"{one.theirs} {one.evidence.get('of')} {one.evidence.get('original')}"
    return one.what == "text" and "card" in one.evidence and one.ours == cost


REASONS = (
    *OF_EVERY_FORMAT,
    Reason("the bank names it with a label in the text", _stands_after_a_label),
    Reason("the payer's words stand before the bank's labels, or after the one for them", _is_without_labels),
    Reason("ABN AMRO fills up blocks of 32 characters with blanks", _is_in_blocks),
    Reason("ABN AMRO writes the shop before the card's number", _is_a_shop),
    Reason("a card's lines name the account that settles them, not the shop's", _settles_the_card),
    Reason("a card's lines say beside the text what something cost in another currency", _adds_what_it_cost_abroad),
    Reason("a plain reading makes one statement of all accounts", _is_of_one_statement),
)
