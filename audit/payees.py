"""The register as it stood on a day: who had been approved, and why another had not.

Beforehand means recorded beforehand: an approval counts when it was recorded no later than the
end of the booking day in Amsterdam. Payments booked before the foundation was opened here are
judged by the claims declared at opening. A revocation counts from the day after it was recorded.
A payee is known by its account; a card line, and a payment through a firm that passes payments
on, by the merchant's name. Such a firm itself is never an approved payee.

Source: DESIGN "Beforehand means recorded beforehand", RULES PAY-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

from audit.naming import TRAILING_FORMS
from audit.naming import is_processor
from audit.naming import words_of
from audit.sharing import once
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.wording import N_
from audit.wording import Reason
from audit.wording import reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Iterator

    from audit.frames import Context
    from audit.spending import Row
    from audit.spending import Share

SHORTEST_NAME: Final = 4
LONGEST_NAME: Final = 12

NOT_APPROVED = N_("The payee was proposed, but never approved.")
APPROVED_LATER = N_("The approval was recorded only on %(approved_on)s.")
STARTS_LATER = N_("The payee counts from %(starts_on)s.")
REVOKED = N_("The approval was revoked on %(revoked_on)s.")
TOO_FEW = N_("Fewer people than agreed approved the payee: %(people)s.")
PROCESSOR = N_("This firm passes payments on to others; the merchant behind it has to be approved.")
NOT_IN_REGISTER = N_("This account is not in the register.")
NO_ACCOUNT = N_("The bank's line names no account, and its name is not that of an approved payee.")


@dataclass(frozen=True, slots=True)
class Listed:
    """A payee's account in the register."""

    payee: str
    name: str | None
    iban: str | None
    kind: str
    people: frozenset[str]
    approved_on: dt.date | None
    revoked_on: dt.date | None
    starts_on: dt.date
    at_opening: bool
    passes_on: bool

    def refusal(self, day: dt.date, opened_on: dt.date, people: int) -> Reason | None:
        """Return why the payee was not approved on a day, or None where it was.

        Args:
            day: The booking day.
            opened_on: The day the foundation was opened here.
            people: How many people have to agree.
        """
        return next(self._refusals(day, opened_on, people), None)

    def _refusals(self, day: dt.date, opened_on: dt.date, people: int) -> Iterator[Reason]:
        claimed = self.at_opening and day < opened_on
        if self.passes_on:
            yield reason(PROCESSOR)
        if self.approved_on is None:
            yield reason(NOT_APPROVED)
        elif self.approved_on > day and not claimed:
            yield reason(APPROVED_LATER, approved_on=self.approved_on.isoformat())
        if len(self.people) < people:
            yield reason(TOO_FEW, people=len(self.people))
        if self.starts_on > day:
            yield reason(STARTS_LATER, starts_on=self.starts_on.isoformat())
        if self.revoked_on is not None and self.revoked_on < day:
            yield reason(REVOKED, revoked_on=self.revoked_on.isoformat())


class Register:
    """A foundation's register, looked up by account, by payee and by merchant's name."""

    __slots__ = ("_by_iban", "_by_name", "_by_payee", "_found", "_opened_on", "_processors")

    def __init__(self, context: Context) -> None:
        self._opened_on = context.opened_on
        self._by_iban: dict[str, list[Listed]] = {}
        self._by_payee: dict[str, list[Listed]] = {}
        self._by_name: dict[tuple[str, ...], list[Listed]] = {}
        self._found: dict[str, tuple[Listed, ...]] = {}
        self._processors: dict[str, bool] = {}
        rows = [_listed(row) for row in rows_of(context.register)]
        for listed in sorted(rows, key=lambda row: (row.payee, row.iban or "")):
            self._add(listed)

    def _add(self, listed: Listed) -> None:
        self._by_payee.setdefault(listed.payee, []).append(listed)
        if listed.iban:
            self._by_iban.setdefault(listed.iban, []).append(listed)
        name = _merchant_words(listed.name or "")
        if sum(map(len, name)) >= SHORTEST_NAME and not listed.passes_on:
            self._by_name.setdefault(name, []).append(listed)

    def listed(self, share: Share) -> tuple[Listed, ...]:
        """Return the payee's accounts in the register that a share can have gone to."""
        party = share.party
        if self._passes_on(party.name):
            return self._merchants(party.name or "")
        if party.iban:
            return tuple(self._by_iban.get(party.iban, ()))
        if share.payee:
            return tuple(self._by_payee.get(share.payee, ()))
        return self._merchants(party.name or party.text or "") if party.booking == "card" else ()

    def approved(self, share: Share, day: dt.date, people: int) -> Listed | None:
        """Return the payee that was approved on a day, or None."""
        listed = self.listed(share)
        return next((row for row in listed if row.refusal(day, self._opened_on, people) is None), None)

    def refusals(self, share: Share, day: dt.date, people: int) -> tuple[tuple[str | None, Reason], ...]:
        """Return each payee that was considered (None: there was none) and why it was not approved that day."""
        found = [(row.payee, row.refusal(day, self._opened_on, people)) for row in self.listed(share)]
        refusals = tuple(dict.fromkeys((payee, why) for payee, why in found if why is not None))
        if refusals:
            return refusals
        if self._passes_on(share.party.name):
            return ((None, reason(PROCESSOR)),)
        return ((None, reason(NOT_IN_REGISTER if share.party.iban else NO_ACCOUNT)),)

    def payees(self, share: Share) -> frozenset[str]:
        """Return the ids of the payees that a share can have gone to, approved or not."""
        return frozenset(row.payee for row in self.listed(share))

    def accounts_shared_with(self, payees: Collection[str]) -> frozenset[str]:
        """Return these payees, those that have an account in common with them, and all that pass payments on."""
        ibans = {listed.iban for payee in payees for listed in self._by_payee.get(payee, ()) if listed.iban}
        alike = {listed.payee for iban in ibans for listed in self._by_iban[iban]}
        passing = {listed.payee for rows in self._by_payee.values() for listed in rows if listed.passes_on}
        return frozenset({*payees, *alike, *passing})

    def _passes_on(self, name: str | None) -> bool:
        """Return whether a name is that of a firm which passes payments on; asked once for each name."""
        if not name:
            return False
        if name not in self._processors:
            self._processors[name] = is_processor(name)
        return self._processors[name]

    def _merchants(self, text: str) -> tuple[Listed, ...]:
        """Return the payees whose name stands in a merchant's line."""
        if text not in self._found:
            self._found[text] = self._search(_merchant_words(text))
        return self._found[text]

    def _search(self, words: tuple[str, ...]) -> tuple[Listed, ...]:
        spans = (
            words[start:end]
            for start in range(len(words))
            for end in range(start + 1, min(len(words), start + LONGEST_NAME) + 1)
        )
        return tuple(listed for span in spans for listed in self._by_name.get(span, ()))


@once
def register_of(context: Context) -> Register:
    """Return a foundation's register."""
    return Register(context)


def _merchant_words(text: str) -> tuple[str, ...]:
    """Return a name's words without the legal form behind it, which terminals leave out."""
    words = words_of(text)
    return words[:-1] if len(words) > 1 and words[-1] in TRAILING_FORMS else words


def _listed(row: Row) -> Listed:
    return Listed(
        payee=row["payee"],
        name=row["name"],
        iban=row["iban"],
        kind=row["kind"] or "organisation",
        people=frozenset((*row["approved_by"], row["proposed_by"])),
        approved_on=recorded_day(row["approved_at"]) if row["approved_at"] else None,
        revoked_on=recorded_day(row["revoked_at"]) if row["revoked_at"] else None,
        starts_on=row["starts"].date(),
        at_opening=row["basis"] == "opening",
        passes_on=is_processor(row["name"]),
    )
