"""What a bank's CSV looks like, as a value.

A profile says which column means which field, by its header in every wording that the
bank has used, or by its place where the bank writes no header; which words mean in and
out, booked and pending; and which labels its free text carries. It holds no code, so
that a bank can be checked against its own documentation line by line.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS = {
    "account": "the own account's IBAN or number",
    "account_name": "what the bank calls the account, where that tells accounts of one file apart",
    "booked_on": "the booking day",
    "booked_at_utc": "the instant of booking in UTC, where there is no column of days",
    "started_on": "the day a payment began; counts while it has no booking day",
    "valued_on": "the value date",
    "amount": "the amount, signed unless `direction` says the sign",
    "direction": "whether the money came in or went out",
    "fee": "what the bank took for it, beside the amount: the balance moves by amount less fee",
    "fee_currency": "in which currency the fee is",
    "currency": "the currency of amount and balance",
    "running": "the balance after the row",
    "before": "the balance before the row",
    "name": "the counterparty's name",
    "payer": "who paid: the counterparty of money that comes in, where both sides have a column",
    "payee": "who was paid: the counterparty of money that goes out, likewise",
    "merchant": "the shop, where the bank names nobody else",
    "iban": "the counterparty's IBAN or number",
    "settled_by": "the account that settles a card; the counterparty of the rows that do so, see `settling`",
    "text": "the payer's words; goes on in text_2, text_3 and so on",
    "type_code": "the bank's code or word for the kind of payment",
    "kind": "the same in other words, for telling direct debits",
    "state": "whether it is booked",
    "bank_reference": "the bank's own number of the row",
    "return_reason": "why the bank gives back an earlier payment with the row; empty on all others",
    "end_to_end_id": "the payer's reference",
    "mandate": "the mandate of a direct debit",
    "creditor_id": "who collects a direct debit",
}
"""Every field that a column can mean, and what it is."""
MAX_TEXTS = 14
"""Over how many columns a bank spreads the payer's words."""

DAY = r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}"
FIGURE = r"[+-]?[0-9.,]{1,20}"
SIGNED_POINT = r"[+-]?[0-9]{1,13}(?:[.,][0-9]{1,2})?"
CURRENCY = "[A-Z]{3}"
DIGITS = "[0-9]{0,20}"
ANY = ".*"
"""What stands in a column of a file without a header; see `Profile.shapes`."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels inside a bank's free text, such as ``Omschrijving:``.

    Attributes:
        naming: Labels of the name that the bank repeats at the beginning.
        introducing: Labels that introduce the payer's own words.
        leading: Label and field, before the payer's own words; only where `folded`.
        trailing: Label and field, in the order in which the bank writes them after the payer's own words.
            Only an unbroken run of them at the end counts, so that a payer cannot forge one.
        endings: Phrases without a colon that may close a trailing value.
        folded: The text stands in blocks of 32 characters, and a label only at the beginning of one.
        cards: Words with which a payment by card begins; only where `folded`.
    """

    naming: tuple[str, ...] = ()
    introducing: tuple[str, ...] = ()
    leading: tuple[tuple[str, str], ...] = ()
    trailing: tuple[tuple[str, str], ...] = ()
    endings: tuple[str, ...] = ()
    folded: bool = False
    cards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class States:
    """The words, in small letters, that say whether a row is booked.

    Attributes:
        booked: It moved the balance.
        pending: It may do so later: told, and never booked.
        never: It was refused or undone before it did: left out.
    """

    booked: frozenset[str]
    pending: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of CSV of one bank.

    Attributes:
        bank: The bank's name.
        columns: Field to the headers that mean it, in small letters, the one to prefer first. See `FIELDS`.
        required: Fields without whose column the file is not of this kind.
        places: Field to its place, from 0. With a header: for languages that `columns` does not know in full, and
            only where the header has `width` columns. Without one: all there is.
        width: How many columns the bank's files have, for `places` beside a header.
        shapes: A file without a header has rows of one of these shapes: for each column, a pattern that all of it
            matches. As strict as the bank is, so that no other CSV is taken for it.
        opening: What the bank writes above the header, in small letters; a file with this line alone is empty.
        debit: Words, in small letters, that say money left the account; none where the amount has a sign.
        credit: Words, in small letters, that say money came in.
        states: Whether a row is booked; None where the bank writes booked rows only.
        currency: The currency where no column states one.
        apart: The fields that tell the accounts of one file apart.
        direct_debit: Type codes, in small letters, of direct debits: only they carry a mandate inside the text.
        apostrophes: The text stands in apostrophes, and may hold the delimiter.
        newest_first: How the bank sorts; decides where neither dates nor balances do.
        day_first: The bank writes days with slashes, the day first. Elsewhere slashes count only where the file settles
            which of the two comes first.
        settling: How the texts begin, in small letters, of rows in which a card is settled.
    """

    bank: str
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    places: Mapping[str, int] = field(default_factory=dict)
    width: int = 0
    shapes: tuple[tuple[str, ...], ...] = ()
    opening: str = ""
    debit: frozenset[str] = frozenset()
    credit: frozenset[str] = frozenset()
    states: States | None = None
    currency: str = "EUR"
    apart: tuple[str, ...] = ("account",)
    direct_debit: frozenset[str] = frozenset()
    apostrophes: bool = False
    newest_first: bool = True
    day_first: bool = False
    settling: tuple[str, ...] = ()
    labels: Labels = Labels()
