"""The register as it stood on a day: who had been approved, and why another had not.

Beforehand means recorded beforehand: an approval counts when it was recorded no later than the
end of the booking day in Amsterdam. Payments booked before the foundation was opened here are
judged by the claims declared at opening. A revocation counts from the day after it was recorded.
A payee is known by its account, and one without by the bank's own word alone: a card line by the whole name of the
shop, a payment through a firm that passes payments on (`audit.processors`) by a shop's name in its words. Such a firm
itself is never an approved payee. Two entries are of one payee where they have the same name, or the same number at
the chamber of commerce: so a new account that was approved keeps what was decided for the payee.

Source: DESIGN "Beforehand means recorded beforehand", RULES PAY-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

from audit.naming import is_processor
from audit.naming import without_form
from audit.naming import words_of
from audit.processors import passes_on
from audit.sharing import once
from audit.spending import recorded_day
from audit.spending import rows_of
from audit.terminals import shops_at
from audit.wording import N_
from audit.wording import Reason
from audit.wording import reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from collections.abc import Iterator
    from collections.abc import Sequence

    from audit.classify import Counterparty
    from audit.frames import Context
    from audit.spending import Row
    from audit.spending import Share

Words = tuple[str, ...]

SHORTEST_NAME: Final = 4
LONGEST_NAME: Final = 12

NOT_APPROVED = N_("The payee was proposed, but never approved.")
APPROVED_LATER = N_("The approval was recorded only on %(approved_on)s.")
STARTS_LATER = N_("The payee counts from %(starts_on)s.")
REVOKED = N_("The approval was revoked on %(revoked_on)s.")
TOO_FEW = N_("Fewer people than agreed approved the payee: %(people)s.")
PROCESSOR = N_("This firm passes payments on to others; the merchant behind it has to be approved.")
NOT_IN_REGISTER = N_("This account is not in the register.")
ABOVE_CHARGES = N_("The bank's code says that it is a charge or interest, but it is more than may pass as such.")
NO_ACCOUNT = N_("The bank's line names no account, and its name is not that of an approved payee.")


@dataclass(frozen=True, slots=True)
class Listed:
    """A payee's account in the register."""

    payee: str
    name: str | None
    iban: str | None
    kvk: str | None
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
    """A foundation's register, looked up by account, by payee and by a shop's name."""

    __slots__ = ("_alike", "_by_iban", "_by_name", "_by_payee", "_found", "_opened_on", "_processors")

    def __init__(self, context: Context) -> None:
        self._opened_on = context.opened_on
        self._processors = context.processors
        self._by_iban: dict[str, list[Listed]] = {}
        self._by_payee: dict[str, list[Listed]] = {}
        self._by_name: dict[Words, list[Listed]] = {}
        self._found: dict[Words, tuple[Listed, ...]] = {}
        rows = [_listed(row) for row in rows_of(context.register)]
        for listed in sorted(rows, key=lambda row: (row.payee, row.iban or "")):
            self._add(listed)
        self._alike = _alike(self._by_payee.values())

    def _add(self, listed: Listed) -> None:
        self._by_payee.setdefault(listed.payee, []).append(listed)
        if listed.iban:
            self._by_iban.setdefault(listed.iban, []).append(listed)
        name = without_form(words_of(listed.name or ""))
        if sum(map(len, name)) >= SHORTEST_NAME and not listed.passes_on:
            self._by_name.setdefault(name, []).append(listed)

    def listed(self, share: Share) -> Sequence[Listed]:
        """Return the payee's accounts in the register that a share can have gone to."""
        party = share.party
        iban, booking = party.iban, party.booking
        own = self._by_iban.get(iban, ()) if iban else ()
        if booking == "card":
            return own or self._by_payee.get(share.payee or "", ()) or self._at_terminal(party)
        if passes_on(iban, party.name, booking, self._processors):
            behind = self._behind(party.name) or self._behind(party.text)
            return behind or (() if iban in self._processors else own)
        if iban:
            return own
        # Without an account the name is the payer's word. Who was known on booking counts where it was erased since.
        return self._by_payee.get(share.payee or "", ()) if not party.name else ()

    def approved(self, share: Share, day: dt.date, people: int) -> Listed | None:
        """Return the payee that was approved on a day, or None."""
        return self.approved_of(self.listed(share), day, people)

    def approved_of(self, listed: Sequence[Listed], day: dt.date, people: int) -> Listed | None:
        """Return the first of these that was approved on a day, or None."""
        for row in listed:
            if row.refusal(day, self._opened_on, people) is None:
                return row
        return None

    def refusals(self, share: Share, day: dt.date, people: int) -> tuple[tuple[str | None, Reason], ...]:
        """Return each payee that was considered (None: there was none) and why it was not approved that day."""
        found = [(row.payee, row.refusal(day, self._opened_on, people)) for row in self.listed(share)]
        refusals = tuple(dict.fromkeys((payee, why) for payee, why in found if why is not None))
        if refusals:
            return refusals
        if share.party.booking in {"charge", "interest"}:
            return ((None, reason(ABOVE_CHARGES)),)
        party = share.party
        if passes_on(party.iban, party.name, party.booking, self._processors):
            return ((None, reason(PROCESSOR)),)
        return ((None, reason(NOT_IN_REGISTER if share.party.iban else NO_ACCOUNT)),)

    def payees(self, share: Share) -> frozenset[str]:
        """Return the ids of the payees that a share can have gone to, approved or not."""
        return frozenset(row.payee for row in self.listed(share))

    def alike(self, payee: str) -> frozenset[str]:
        """Return the ids under which a payee stands in the register: one for each time that accounts were entered."""
        return self._alike[payee]

    def accounts_shared_with(self, payees: Collection[str]) -> frozenset[str]:
        """Return these payees, those that have an account in common with them, and all that pass payments on."""
        same = {one for payee in payees for one in self._alike.get(payee, (payee,))}
        ibans = {listed.iban for payee in same for listed in self._by_payee.get(payee, ()) if listed.iban}
        sharing = {listed.payee for iban in ibans for listed in self._by_iban[iban]}
        every = (listed for rows in self._by_payee.values() for listed in rows)
        passing = {listed.payee for listed in every if listed.passes_on or (listed.iban or "") in self._processors}
        return frozenset({*same, *sharing, *passing})

    def _at_terminal(self, party: Counterparty) -> Sequence[Listed]:
        """Return the payees whose name is the whole of the shop's on a card line."""
        names = (self._by_name.get(name) for name in shops_at(party.name, party.text))
        return next((found for found in names if found), ())

    def _behind(self, text: str | None) -> tuple[Listed, ...]:
        """Return the payees whose name stands in the words of a payment that was passed on."""
        words = words_of(text or "")
        if words not in self._found:
            spans = (
                words[start:end]
                for start in range(len(words))
                for end in range(start + 1, min(len(words), start + LONGEST_NAME) + 1)
            )
            self._found[words] = tuple(listed for span in spans for listed in self._by_name.get(span, ()))
        return self._found[words]


def _alike(payees: Collection[Sequence[Listed]]) -> dict[str, frozenset[str]]:
    """Return, by id, the ids of one payee: entries of one name, unless their numbers at the chamber differ."""
    by_name: dict[Words, list[Listed]] = {}
    by_kvk: dict[str, set[str]] = {}
    for listed in (rows[0] for rows in payees):
        name = without_form(words_of(listed.name or ""))
        if sum(map(len, name)) >= SHORTEST_NAME:
            by_name.setdefault(name, []).append(listed)
        if listed.kvk:
            by_kvk.setdefault(listed.kvk, set()).add(listed.payee)
    found = {rows[0].payee: {rows[0].payee} | by_kvk.get(rows[0].kvk or "", set()) for rows in payees}
    for same in by_name.values():
        for one in same:
            found[one.payee].update(two.payee for two in same if None in {one.kvk, two.kvk} or one.kvk == two.kvk)
    return {payee: frozenset(ids) for payee, ids in found.items()}


@once
def register_of(context: Context) -> Register:
    """Return a foundation's register."""
    return Register(context)


def _listed(row: Row) -> Listed:
    return Listed(
        payee=row["payee"],
        name=row["name"],
        iban=row["iban"],
        kvk=row["kvk"],
        kind=row["kind"] or "organisation",
        people=frozenset((*row["approved_by"], row["proposed_by"])),
        approved_on=recorded_day(row["approved_at"]) if row["approved_at"] else None,
        revoked_on=recorded_day(row["revoked_at"]) if row["revoked_at"] else None,
        starts_on=row["starts"].date(),
        at_opening=row["basis"] == "opening",
        passes_on=is_processor(row["name"]),
    )
