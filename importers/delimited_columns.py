"""Rows of a recognised CSV as plain lines, column by column.

What a profile says is worked out once for a file: which column each field is and how it
is read. Then each batch of rows is turned on its side, each column is read as one, and the
lines are put together from the columns. Nothing changes its type on the way.
"""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import repeat
from typing import TYPE_CHECKING

from importers.delimited_batch import BOOKED
from importers.delimited_batch import NEVER
from importers.delimited_batch import PENDING
from importers.delimited_batch import UNSTATED
from importers.delimited_batch import Batch
from importers.delimited_batch import Cells
from importers.delimited_batch import Said
from importers.delimited_values import DAY_SECONDS
from importers.delimited_values import Days
from importers.delimited_values import Figures
from importers.delimited_values import Remembered
from importers.delimited_values import other_account
from importers.delimited_values import own_account
from importers.delimited_values import references
from importers.delimited_values import words
from importers.errors import Unclear
from importers.figures import account_number
from importers.figures import reference
from importers.figures import tidy
from importers.profiles.profile import MAX_TEXTS
from importers.remarks import LabelledTexts
from importers.remarks_folded import parse_folded
from importers.statement import Line

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Hashable
    from collections.abc import Iterable
    from collections.abc import Sequence

    from importers.delimited_table import Table
    from importers.profiles.profile import Profile

LINE_FIELDS = tuple(field.name for field in fields(Line))
_TEXTS = ("text", *(f"text_{number}" for number in range(2, MAX_TEXTS + 1)))
_LAST_FIGURES = 4
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_OF_DIRECT_DEBITS = ("mandate", "creditor_id")


class Columns:
    """Reads the rows of one file.

    Args:
        table: What the file is.
        serials: Days may be numbers, as a workbook counts them.
    """

    def __init__(self, table: Table, *, serials: bool = False) -> None:
        self._profile = table.profile
        self._places = table.columns
        self._stated_account = table.account
        self._texts = [field for field in _TEXTS if field in table.columns]
        self._labelled = LabelledTexts(table.profile.labels)
        self._figures = Figures()
        self._booked_field = "booked_on" if "booked_on" in table.columns else "booked_at_utc"
        self._booked = Days(serials=serials, utc=self._booked_field == "booked_at_utc", day_first=table.day_first)
        self._valued = Days(serials=serials, day_first=table.day_first)
        self._valued_in_text = Days()
        self._account = Remembered(_accounts(table))
        self._other = Remembered(other_account)
        self._code = Remembered(tidy)
        self._bare = Remembered(account_number)
        self._currency = Remembered(_currency)
        self._sign = Remembered(_signs(table.profile))
        self._state = Remembered(_states(table.profile))

    def read(self, rows: Sequence[Sequence[str]], position: int) -> Batch:
        """Read rows.

        Args:
            rows: Cells, at least as many in each row as the table is wide.
            position: The place of the first row in the file, from 1.

        Raises:
            Unclear: A cell that a line cannot do without is missing or cannot be read.
        """
        cells = Cells(rows, self._places)
        currencies = self._currencies(cells)
        moments = self._moments(cells)
        written, fees = self._amounts(cells), self._fees(cells, currencies)
        amounts = [amount - fee for amount, fee in zip(written, fees, strict=True)] if any(fees) else written
        runnings, misfits = self._runnings(cells, amounts, position)
        values: dict[str, Iterable[object]] = {
            **self._described(cells, amounts),
            "position": range(position, position + cells.count),
            "booked_on": [moment // DAY_SECONDS for moment in moments],
            "amount_minor": amounts,
            "currency": currencies,
            "running_minor": runnings,
            "parts": _parts(written, fees) if any(fees) else repeat((), cells.count),
        }
        return Batch(
            keys=self._keys(cells),
            states=self._states(cells),
            moments=moments,
            amounts=amounts,
            runnings=[UNSTATED if balance is None else balance for balance in runnings],
            currencies=currencies,
            lines=list(map(list, zip(*(values[name] for name in LINE_FIELDS), strict=True))),
            misfits=misfits,
        )

    def _described(self, cells: Cells, amounts: Sequence[int]) -> dict[str, Iterable[object]]:
        """Return what rows say besides their figures and their day."""
        texts, said = self._texts_of(cells)
        code = self._own_or_said(self._code, "type_code", cells, said)
        said = self._without_forged(said, code, cells)
        return {
            "valued_on": self._valued_on(cells, said),
            "name": self._names(cells, said, amounts),
            "iban": self._others(cells, said, texts),
            "text": texts,
            "bank_reference": references(cells.of("bank_reference")),
            "end_to_end_id": self._references(cells, "end_to_end_id", said),
            "mandate": self._references(cells, "mandate", said),
            "creditor_id": self._own_or_said(self._bare, "creditor_id", cells, said),
            "type_code": code,
            "reversal": [False] * cells.count,
            "returned": self._returned(cells),
        }

    def _names(self, cells: Cells, said: Said, amounts: Sequence[int]) -> list[str | None]:
        """Return the counterparties' names; where both sides have a column, the direction of the money tells which."""
        if not cells.has("payee"):
            return self._own_or_said(None, "name", cells, said)
        sides = zip(amounts, words(cells.of("payee")), words(cells.of("payer")), strict=True)
        names = [payee if amount < 0 else payer for amount, payee, payer in sides]
        return [name or shop for name, shop in zip(names, words(cells.of("merchant")), strict=True)]

    def _others(self, cells: Cells, said: Said, texts: Sequence[str | None]) -> list[str | None]:
        """Return the counterparties' accounts; of a row that settles a card, the account that does so."""
        if not cells.has("settled_by"):
            return self._own_or_said(self._other, "iban", cells, said)
        settling = self._profile.settling
        accounts = zip(texts, self._other.column(cells.of("settled_by")), strict=True)
        return [account if (text or "").casefold().startswith(settling) else None for text, account in accounts]

    def _returned(self, cells: Cells) -> list[bool]:
        if not cells.has("return_reason"):
            return [False] * cells.count
        return [bool(reason.strip()) for reason in cells.of("return_reason")]

    def _texts_of(self, cells: Cells) -> tuple[list[str | None], Said]:
        """Return the payer's words, which some banks spread over columns, and what labels around them say."""
        texts = cells.of("text")
        if len(self._texts) > 1:
            texts = [" ".join(row) for row in zip(*(cells.of(field) for field in self._texts), strict=True)]
        if self._profile.labels.folded:
            remarks = [parse_folded(text, self._profile.labels) for text in texts]
            return [tidy(text) for text, _ in remarks], Said([said for _, said in remarks])
        if self._profile.apostrophes:
            texts = [_without_apostrophes(text) for text in texts]
        remarks = [self._labelled.parse(text or "") for text in words(texts)]
        return [text or None for text, _ in remarks], Said([said for _, said in remarks])

    def _without_forged(self, said: Said, codes: Sequence[str | None], cells: Cells) -> Said:
        """Leave out mandates of what is no direct debit: a payer can write one, too."""
        if said.names.isdisjoint(_OF_DIRECT_DEBITS):
            return said
        debits = self._profile.direct_debit
        kinds = cells.of("kind")
        return said.without(
            _OF_DIRECT_DEBITS,
            [
                (code or "").casefold() in debits or kind.strip().casefold() in debits
                for code, kind in zip(codes, kinds, strict=True)
            ],
        )

    def _own_or_said(
        self,
        read: Remembered[str | None] | None,
        field: str,
        cells: Cells,
        said: Said,
    ) -> list[str | None]:
        """Return a field from its column, else from the bank's labelled text."""
        if cells.has(field):
            column: Sequence[str] = cells.of(field)
        elif field in said.names:
            column = said.column(field)
        else:
            return [None] * cells.count
        return words(column) if read is None else read.column(column)

    def _references(self, cells: Cells, field: str, said: Said) -> list[str | None]:
        """Return references from their column, and where it is empty from the bank's labelled text."""
        own = references(cells.of(field))
        if field not in said.names:
            return own
        return [one or reference(other) for one, other in zip(own, said.column(field), strict=True)]

    def _moments(self, cells: Cells) -> list[int]:
        column = cells.of(self._booked_field)
        if cells.has("started_on") and not all(column):
            started = cells.of("started_on")
            column = [own or begun for own, begun in zip(column, started, strict=True)]
        return self._booked.moments(column)

    def _valued_on(self, cells: Cells, said: Said) -> list[int | None]:
        """Return value dates; inside English texts they have slashes, day first."""
        own = self._valued.ordinals(cells.of("valued_on"))
        if "valued_on" not in said.names:
            return own
        other = self._valued_in_text.ordinals([text.replace("/", "-") for text in said.column("valued_on")])
        return [one or another for one, another in zip(own, other, strict=True)]

    def _amounts(self, cells: Cells) -> list[int]:
        amounts = self._figures.minors(cells.of("amount"))
        if not cells.has("direction"):
            return amounts
        if min(amounts) < 0:
            raise Unclear("the amount has a sign beside its direction")
        signs = self._sign.column(cells.of("direction"))
        return [sign * amount for sign, amount in zip(signs, amounts, strict=True)]

    def _fees(self, cells: Cells, currencies: Sequence[str]) -> list[int]:
        if not cells.has("fee"):
            return [0] * cells.count
        fees = [fee or 0 for fee in self._figures.stated(cells.of("fee"))]
        if any(fees):
            others = cells.of("fee_currency")
            for fee, own, other in zip(fees, currencies, others, strict=True):
                if fee and other.strip().upper() not in {"", own}:
                    raise Unclear("the fee is in another currency than the amount")
        return fees

    def _runnings(
        self, cells: Cells, amounts: Sequence[int], position: int
    ) -> tuple[Sequence[int | None], frozenset[int]]:
        """Return the balance after each row, and the positions of rows whose own two balances do not fit."""
        after = self._figures.stated(cells.of("running"))
        if not cells.has("before"):
            return after, frozenset()
        before = self._figures.stated(cells.of("before"))
        reached = [
            None if balance is None else balance + amount for balance, amount in zip(before, amounts, strict=True)
        ]
        if not cells.has("running"):
            return reached, frozenset()
        return after, frozenset(
            place
            for place, (stated, made) in enumerate(zip(after, reached, strict=True), start=position)
            if stated is not None and made is not None and stated != made
        )

    def _currencies(self, cells: Cells) -> list[str]:
        if not cells.has("currency"):
            return [self._profile.currency] * cells.count
        return self._currency.column(cells.of("currency"))

    def _keys(self, cells: Cells) -> Sequence[Hashable]:
        """Return what tells accounts apart."""
        numbers: Sequence[str | None] = [self._stated_account] * cells.count
        if cells.has("account"):
            numbers = self._account.column(cells.of("account"))
        if cells.has("settled_by"):
            numbers = [_card(number, by) for number, by in zip(numbers, cells.of("settled_by"), strict=True)]
        others = [cells.of(field) for field in self._profile.apart if field != "account"]
        return list(zip(numbers, *others, strict=True)) if others else numbers

    def _states(self, cells: Cells) -> list[str]:
        if self._profile.states is None or not cells.has("state"):
            return [BOOKED] * cells.count
        return self._state.column(cells.of("state"))


def _without_apostrophes(text: str) -> str:
    bare = text.strip()
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == "'" else text


def _parts(raw: Sequence[int], fees: Sequence[int]) -> list[tuple[tuple[object, ...], ...]]:
    """Return, where the bank took something for it, the payment and the cost: together they moved the balance."""
    return [
        ((amount, None, None, None, None), (-fee, None, None, "Fee", None)) if fee else ()
        for amount, fee in zip(raw, fees, strict=True)
    ]


def _card(number: str | None, settled_by: str) -> str | None:
    """Return a card's number; where only its last figures are there, which many cards share, behind its account's."""
    account = account_number(settled_by)
    is_short = number is not None and sum(map(str.isdigit, number)) <= _LAST_FIGURES
    return f"{account}/{number}" if is_short and account else number


def _currency(written: str) -> str:
    currency = written.strip().upper()
    if not _CURRENCY.fullmatch(currency):
        raise Unclear("the currency is not a code of three letters")
    return currency


def _accounts(table: Table) -> Callable[[str], str]:
    """Return what reads the own account; without a header it must have the bank's shape in every row."""
    shapes = [shape[table.columns["account"]] for shape in table.profile.shapes if len(shape) == table.width]

    def account(written: str) -> str:
        number = own_account(written)
        if shapes and not re.fullmatch(shapes[0], number, re.ASCII):
            raise Unclear("the account number is none of this bank's")
        return number

    return account


def _signs(profile: Profile) -> Callable[[str], int]:
    def sign(written: str) -> int:
        direction = written.strip().casefold()
        if direction in profile.debit:
            return -1
        if direction in profile.credit:
            return 1
        raise Unclear("it does not say whether the money came in or went out")

    return sign


def _states(profile: Profile) -> Callable[[str], str]:
    def state(written: str) -> str:
        word = written.strip().casefold()
        assert profile.states is not None, "only asked where the bank writes states"
        if word in profile.states.booked:
            return BOOKED
        if word in profile.states.pending:
            return PENDING
        if word in profile.states.never:
            return NEVER
        raise Unclear("it does not say in a known word whether it is booked")

    return state
