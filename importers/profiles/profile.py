"""What a bank's CSV looks like, as a value.

A profile says which headers mean which field, in every wording that the bank has
used, and which labels its free text carries. It holds no code, so that a bank can be
checked against its own documentation line by line.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels inside a bank's free text, such as ``Omschrijving:``.

    Attributes:
        naming: Labels of the name that the bank repeats at the beginning.
        introducing: Labels that introduce the payer's own words.
        trailing: Label and field, in the order in which the bank writes them after the payer's own words.
            Only an unbroken run of them at the end counts, so that a payer cannot forge one.
        endings: Phrases without a colon that may close a trailing value.
    """

    naming: tuple[str, ...] = ()
    introducing: tuple[str, ...] = ()
    trailing: tuple[tuple[str, str], ...] = ()
    endings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of CSV of one bank.

    Attributes:
        bank: The bank's name.
        columns: Field to the headers that mean it, in small letters.
        required: Fields without whose column the file is not of this kind.
        places: Field to its place, from 0, for headers in a language that `columns` does not know in full; counts
            only where the header has `width` columns.
        width: How many columns the bank's files have, for `places`.
        debit: Words, in small letters, that say money left the account; none where the amount has a sign.
        credit: Words, in small letters, that say money came in.
        currency: The currency where no column states one.
        direct_debit: Type codes, in small letters, of direct debits: only they carry a mandate.
        newest_first: How the bank sorts; decides where neither dates nor balances do.
    """

    bank: str
    columns: Mapping[str, tuple[str, ...]]
    required: frozenset[str]
    debit: frozenset[str] = frozenset()
    credit: frozenset[str] = frozenset()
    places: Mapping[str, int] = field(default_factory=dict)
    width: int = 0
    currency: str = "EUR"
    direct_debit: frozenset[str] = frozenset()
    newest_first: bool = True
    labels: Labels = Labels()
