"""Random but valid histories of an installation, for proofs about any ledger.

A history keeps in mind just enough to refer to what exists: foundations, statements,
payees. Chance comes from the `random.Random` handed in, so that a seed or Hypothesis decides.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger import tables
from ledger.commitment import dump_openings
from ledger.commitment import load_openings
from ledger.database import WRITING
from ledger.entries import all_types
from ledger.entry import DISTRICT
from ledger.entry import foundation_book
from ledger.entry import initiative_book
from ledger.entry import no_view
from ledger.entry import read_entry
from ledger.merkle import root_of
from ledger.rebuild import rebuild
from ledger.seal import COUNTED
from ledger.seal import BookState
from ledger.seal import books_root

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Mapping
    from collections.abc import Sequence

    from ledger.canonical import Json
    from ledger.entry import Entry
    from ledger.installation import Installation
    from ledger.store import Appender

STEPS = (
    "flag taken up",
    "flag answered",
    "flag ruled",
    "flag escalated",
    "flag confirmed",
    "flag closed",
    "flag reopened",
)
STATUSES = ("open", "under_review", "explained", "accepted", "escalated", "confirmed", "closing", "closed")
BEGIN = dt.datetime(2026, 1, 1, 8, tzinfo=dt.UTC)


class History:
    """Writes one installation's random history.

    Args:
        installation: An installation with an empty log.
        rng: Where chance comes from.
    """

    def __init__(self, installation: Installation, rng: random.Random) -> None:
        self.installation = installation
        self.rng = rng
        self.now = BEGIN
        self.rounds: list[str] = []
        self.foundations: list[str] = []
        self.initiatives: list[str] = []
        self.grants: list[tuple[str, str]] = []
        self.accounts: list[tuple[str, str]] = []
        self.statements: list[tuple[str, str, int]] = []
        self.movements: list[tuple[str, int, int, int]] = []
        self.allocations: list[tuple[str, int, int]] = []
        self.payees: list[tuple[str, str]] = []
        self.decisions: list[tuple[str, str]] = []
        self.flags: list[tuple[str, str]] = []
        self.roles: list[dict[str, Json]] = []
        self.ties: list[tuple[str, str]] = []
        self.kept: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.shown: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self.words = 0
        self.ids = 0
        self.days = 0
        self._appender: Appender | None = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Write what is done inside in one transaction."""
        self.now += dt.timedelta(seconds=self.rng.randrange(100_000))
        with self.installation.store.writing(self.now) as appender:
            self._appender = appender
            try:
                yield
            finally:
                self._appender = None

    def open(self) -> None:
        """Write what every history begins with."""
        with self.transaction():
            self._append(DISTRICT, "log opened", {"clock": "simulated"}, {"name": self._word()})
            self.round()
            for _ in range(2):
                self.foundation()
                self.account()
            self.initiative()
            self.budget()

    def grow(self, steps: int) -> None:
        """Do a number of random things, several in one transaction."""
        while steps > 0:
            count = min(steps, self.rng.randint(1, 12))
            with self.transaction():
                for _ in range(count):
                    self.act()
            steps -= count

    def act(self) -> None:
        """Do one random thing."""
        self.rng.choice(self.actions())()

    def actions(self) -> Sequence[Callable[[], None]]:
        """Return everything that can be done, the ordinary things more often."""
        return (
            *(self.statement, self.statement, self.allocation, self.disclose, self.disclose, self.flag),
            *(self.round, self.foundation, self.account, self.initiative, self.budget, self.grant, self.payee),
            *(self.payee_step, self.decision, self.decision_step, self.declaration, self.deallocation, self.step),
            *(self.withdraw, self.role, self.role_end, self.tie, self.run, self.close, self.without_view, self.regrant),
            *(self.confirm, self.seal),
        )

    def sign(self) -> str:
        """Sign the log as it is."""
        return self.installation.signer.sign(self.installation.engine)

    def round(self) -> None:
        """Open a round."""
        self.rounds.append(self._id())
        public: dict[str, Json] = {
            "round": self.rounds[-1],
            "amount": self._amount(),
            "currency": "EUR",
            "basis": "opening",
        }
        private: dict[str, Json] = {"slug": self._word(), "neighbourhood": self._word(), "themes": [self._word()]}
        self._append(DISTRICT, "round", public, private)

    def foundation(self) -> None:
        """Open a foundation's book."""
        self.foundations.append(self._id())
        public: dict[str, Json] = {"kind": "foundation", "limit": 25000, "currency": "EUR", "every": 35}
        public["basis"] = "opening"
        private: dict[str, Json] = {"slug": self._word(), "name": self._word(), "kvk": None}
        self._append(foundation_book(self.foundations[-1]), "opened", public, private)

    def account(self) -> None:
        """Declare an account."""
        owner = self.rng.choice(self.foundations)
        self.accounts.append((owner, self._id()))
        public = {"account": self.accounts[-1][1], "mandate": "together", "basis": "opening"}
        private = {"iban": self._word(), "holder": None, "viewers": None}
        self._append(foundation_book(owner), "account declared", public, private)

    def initiative(self) -> None:
        """Open an initiative."""
        self.initiatives.append(self._id())
        payers: list[Json] = [*self.rng.sample(self.foundations, self.rng.randint(1, len(self.foundations)))]
        grants: list[Json] = [self.rng.choice(self.grants)[1]] if self.grants else []
        public: dict[str, Json] = {"round": self._maybe(self.rounds), "payers": payers, "grants": grants}
        private: dict[str, Json] = {name: self._word() for name in ("slug", "name", "promise", "theme")}
        public["basis"] = "desk"
        self._append(initiative_book(self.initiatives[-1]), "opened", public, {**private, "contact": None})

    def budget(self) -> None:
        """Set a budget, perhaps over an earlier one."""
        count = self.rng.randint(1, 3)
        lines: list[Json] = [[place, self._amount(), "2026-01-01", None] for place in range(count)]
        names: list[Json] = [self._word() for _ in range(count)]
        book = initiative_book(self.rng.choice(self.initiatives))
        self._append(book, "budget set", {"lines": lines, "currency": "EUR"}, {"names": names})

    def grant(self) -> None:
        """Award a grant."""
        owner, grant = self.rng.choice(self.foundations), self._id()
        self.grants.append((owner, grant))
        public: dict[str, Json] = {"grant": grant, "round": self._maybe(self.rounds), "foundation": owner}
        public |= {"initiative": None, "amount": self._amount(), "currency": "EUR", "tranches": [], "basis": "desk"}
        public |= {"starts": "2026-01-01", "ends": "2026-12-31"}
        self._append(DISTRICT, "grant awarded", public, {"reference": self._word(), "conditions": None})

    def regrant(self) -> None:
        """Change or close a grant."""
        if not self.grants:
            return
        owner, grant = self.rng.choice(self.grants)
        public: dict[str, Json] = {"grant": grant, "foundation": owner, "currency": "EUR"}
        if self.rng.random() < 0.5:
            public |= {"difference": 100, "amount": self._amount(), "starts": "2026-01-01", "ends": "2026-11-30"}
            self._append(DISTRICT, "grant changed", public, {"reason": self._word()})
        else:
            self._append(DISTRICT, "grant closed", {**public, "returned": 100}, {"reason": None})

    def statement(self) -> None:
        """Book a statement with its lines."""
        owner, account = self.rng.choice(self.accounts)
        count = self.rng.randint(0, 4)
        day = (self.now - dt.timedelta(days=self.rng.randrange(40))).date().isoformat()
        public: dict[str, Json] = {"account": account, "opened_on": day, "opening": 0, "closed_on": day, "closing": 5}
        public |= {"currency": "EUR", "lines": count, "known": 0, "channel": "upload", "accepted": False}
        private: dict[str, Json] = {"bank": None, "format": None, "file": None, "reason": None}
        book = foundation_book(owner)
        stated = self._append(book, "statement", {**public, "problems": []}, {**private, "number": self._word()})
        self.statements.append((owner, account, stated.seq))
        for line in range(count):
            self._line(owner, account, stated.seq, line, day)

    def allocation(self) -> None:
        """Allocate lines of one statement to an initiative."""
        if not self.movements:
            return
        owner, statement, _, _ = self.rng.choice(self.movements)
        lines = [move for move in self.movements if move[:2] == (owner, statement)]
        items: list[Json] = [[seq, amount, self.rng.randrange(3)] for _, _, seq, amount in lines]
        initiative = self.rng.choice(self.initiatives)
        public: dict[str, Json] = {"foundation": owner, "statement": statement, "currency": "EUR", "items": items}
        entry = self._append(initiative_book(initiative), "allocation", public)
        self.allocations += [(initiative, entry.seq, item) for item in range(len(items))]

    def deallocation(self) -> None:
        """Take one item of an allocation back."""
        if self.allocations:
            initiative, seq, item = self.allocations.pop(self.rng.randrange(len(self.allocations)))
            public: dict[str, Json] = {"allocation": seq, "items": [item]}
            self._append(initiative_book(initiative), "deallocation", public, {"reason": self._word()})

    def payee(self) -> None:
        """Propose a payee."""
        owner, payee = self.rng.choice(self.foundations), self._id()
        self.payees.append((owner, payee))
        public = {"payee": payee, "starts": "2026-01-01", "basis": "desk"}
        private: dict[str, Json] = {"name": self._word(), "kvk": None, "ibans": [self._word()], "kind": "organisation"}
        self._append(foundation_book(owner), "payee proposed", public, private, by=(self._id(),))

    def payee_step(self) -> None:
        """Approve or revoke a payee."""
        if not self.payees:
            return
        owner, payee = self.rng.choice(self.payees)
        book, by = foundation_book(owner), (self._id(),)
        if self.rng.random() < 0.7:
            self._append(book, "payee approved", {"payee": payee, "basis": "desk"}, by=by)
        else:
            self._append(book, "payee revoked", {"payee": payee}, {"reason": None}, by=by)

    def decision(self) -> None:
        """Propose a decision."""
        owner, decision = self.rng.choice(self.foundations), self._id()
        self.decisions.append((owner, decision))
        public: dict[str, Json] = {"decision": decision, "ceiling": self._amount(), "month_ceiling": None}
        public |= {"currency": "EUR", "initiative": self._maybe(self.initiatives), "category": 1, "basis": "desk"}
        public |= dict.fromkeys(("starts", "ends", "decided_on"), "2026-02-01")
        private: dict[str, Json] = {"payee": None, "purpose": self._word()}
        self._append(foundation_book(owner), "decision proposed", public, private, by=(self._id(),))

    def decision_step(self) -> None:
        """Approve or withdraw a decision."""
        if not self.decisions:
            return
        owner, decision = self.rng.choice(self.decisions)
        book, by = foundation_book(owner), (self._id(), self._id())
        if self.rng.random() < 0.7:
            self._append(book, "decision approved", {"decision": decision, "basis": "desk"}, by=by)
        else:
            self._append(book, "decision withdrawn", {"decision": decision}, {"reason": None}, by=by)

    def declaration(self) -> None:
        """Declare the accounts of a board member."""
        public = {"declaration": self._id(), "basis": "opening"}
        private: dict[str, Json] = {"person": self._word(), "relation": "board", "ibans": [self._word()]}
        self._append(foundation_book(self.rng.choice(self.foundations)), "declaration", public, private)

    def flag(self) -> None:
        """Raise a flag about lines of one foundation."""
        if not self.movements:
            return
        owner = self.rng.choice(self.movements)[0]
        lines = [seq for whose, _, seq, _ in self.movements if whose == owner]
        about: list[Json] = [*self.rng.sample(lines, min(len(lines), self.rng.randint(1, 3)))]
        self.flags.append((owner, self._id() * 4))
        private: dict[str, Json] = {"rule": "PAY-01", "severity": "high", "case": self._word(), "evidence": {"n": 1}}
        self._append(foundation_book(owner), "flag raised", {"flag": self.flags[-1][1], "about": about}, private)

    def step(self) -> None:
        """Move a flag on."""
        if not self.flags:
            return
        owner, flag = self.rng.choice(self.flags)
        type_ = self.rng.choice(STEPS)
        public: dict[str, Json] = {"flag": flag, "status": self.rng.choice(STATUSES)}
        if type_ == "flag ruled":
            public["outcome"] = "accepted"
        self._append(foundation_book(owner), type_, public, {"reason": self._word()}, by=(self._id(),))

    def disclose(self) -> None:
        """Disclose values of one book."""
        book = self.rng.choice(sorted(self.kept))
        pairs = self.rng.sample(self.kept[book], min(len(self.kept[book]), self.rng.randint(1, 4)))
        self.shown[book] += [pair for pair in pairs if pair not in self.shown[book]]
        listed: list[Json] = [[seq, field] for seq, field in pairs]
        self._append(book, "disclosed", {"pairs": listed})

    def withdraw(self) -> None:
        """Hide a disclosed value again."""
        books = sorted(book for book, pairs in self.shown.items() if pairs)
        if books:
            book = self.rng.choice(books)
            seq, field = self.shown[book].pop(self.rng.randrange(len(self.shown[book])))
            self._append(book, "withdrawn", {"pairs": [[seq, field]], "why": "request"})

    def role(self) -> None:
        """Give somebody a role."""
        owner = self._maybe(self.foundations)
        held: dict[str, Json] = {"person": self._id(), "role": "treasurer", "foundation": owner, "initiative": None}
        self.roles.append(held)
        self._append(DISTRICT, "role given", {**held, "basis": "desk"}, by=(self._id(),))

    def role_end(self) -> None:
        """End a role."""
        if self.roles:
            held = self.roles.pop(self.rng.randrange(len(self.roles)))
            self._append(DISTRICT, "role ended", {**held, "why": "resigned"}, by=(self._id(),))

    def tie(self) -> None:
        """Declare a tie, or its end."""
        ended = bool(self.ties) and self.rng.random() < 0.4
        if not ended:
            self.ties.append((self._id(), self.rng.choice(self.foundations)))
        person, owner = self.rng.choice(self.ties)
        public: dict[str, Json] = {"person": person, "foundation": owner, "ended": ended}
        self._append(DISTRICT, "tie declared", public, {"nature": self._word()}, by=(person,))

    def run(self) -> None:
        """Take note of a run of the rules."""
        public: dict[str, Json] = {"size": len(self.movements), "rules": "5e" * 32}
        self._append(DISTRICT, "run", public, {"hits": []})

    def confirm(self) -> None:
        """Let a second person confirm a statement."""
        if self.statements:
            owner, _account, seq = self.rng.choice(self.statements)
            self._append(foundation_book(owner), "statement confirmed", {"statement": seq}, by=(self._id(),))

    def seal(self) -> None:
        """Seal a day that has no seal yet."""
        assert self._appender is not None
        self._appender.settle()
        self.days += 1
        day = (BEGIN + dt.timedelta(days=self.days)).date().isoformat()
        rows = sa.select(tables.entry).order_by(tables.entry.c.idx)
        entries = [read_entry(row.idx, row.body) for row in self._appender.connection.execute(rows)]
        states: dict[str, BookState] = {}
        for one in entries:
            amount = one.integer("amount") if one.type == COUNTED else 0
            balance = states[one.book].balance_minor if one.book in states else 0
            states[one.book] = BookState(one.book, one.seq + 1, one.hash.hex(), balance + amount)
        public: dict[str, Json] = {"day": day, "size": len(entries), "root": root_of(one.hash for one in entries).hex()}
        public |= {"books": len(states), "books_root": books_root(states.values()).hex()}
        self._append(DISTRICT, "seal", public)

    def close(self) -> None:
        """Close an account, an initiative or a foundation's book."""
        owner, account = self.rng.choice(self.accounts)
        book = foundation_book(owner)
        kind = self.rng.randrange(3)
        if kind == 0:
            self._append(book, "account closed", {"account": account}, {"reason": None})
        elif kind == 1:
            initiative = initiative_book(self.rng.choice(self.initiatives))
            self._append(initiative, "closed", {"outcome": "finished"}, {"reason": None})
        else:
            self._append(book, "closed", {"currency": "EUR", "balance": 0}, {"reason": None})

    def without_view(self) -> None:
        """Append an entry of a type that leaves the views alone."""
        types = [type_ for type_ in all_types() if type_.apply is no_view and type_.name != "erasure"]
        type_ = self.rng.choice(types)
        homes = {
            "district": DISTRICT,
            "foundation": foundation_book(self.rng.choice(self.foundations)),
            "initiative": initiative_book(self.rng.choice(self.initiatives)),
        }
        self._append(homes[type_.books[0]], type_.name, type_.example.public, type_.example.private)

    def erase(self, count: int = 1) -> None:
        """Delete private values of a book for good, say so in it, and mask them in the views."""
        book = self.rng.choice(sorted(book for book, pairs in self.kept.items() if pairs))
        pairs = self.rng.sample(self.kept[book], min(count, len(self.kept[book])))
        with self.transaction():
            listed: list[Json] = [[seq, field] for seq, field in pairs]
            private: dict[str, Json] = {"list": listed}
            self._append(book, "erasure", {"values": len(pairs), "why": "request"}, private)
        for seq, field in pairs:
            self.kept[book].remove((seq, field))
            self._delete(book, seq, field)
        rebuild(self.installation.store)

    def _delete(self, book: str, seq: int, field: str) -> None:
        """Delete one private value."""
        private, entry = tables.private_value, tables.entry
        with self.installation.engine.connect().execution_options(**WRITING) as connection, connection.begin():
            query = sa.select(private).join(entry, entry.c.idx == private.c.idx)
            row = connection.execute(query.where(entry.c.book == book, entry.c.seq == seq)).one()
            left = {name: opening for name, opening in load_openings(row.body).items() if name != field}
            here = private.c.idx == row.idx
            if left:
                connection.execute(sa.update(private).where(here).values(body=dump_openings(left)))
            else:
                connection.execute(sa.delete(private).where(here))

    def _line(self, owner: str, account: str, statement: int, line: int, day: str) -> None:
        """Book one line of a statement."""
        amount = self.rng.choice((-1, 1, -1)) * self._amount()
        public: dict[str, Json] = {"account": account, "statement": statement, "line": line, "booked_on": day}
        public |= {"valued_on": None, "amount": amount, "currency": "EUR"}
        counter = self.rng.choice((None, f"payee:{self._id()}", f"account:{self._id()}"))
        private: dict[str, Json] = {"name": self._word(), "iban": self._word(), "text": self._word(), "refs": {}}
        private |= {"code": "RCDT", "parts": [], "counter": counter}
        entry = self._append(foundation_book(owner), "transaction", public, private)
        self.movements.append((owner, statement, entry.seq, amount))

    def _append(
        self,
        book: str,
        type_: str,
        public: Mapping[str, Json],
        private: Mapping[str, Json] | None = None,
        by: Sequence[str] = (),
    ) -> Entry:
        """Append an entry and remember what it commits to."""
        assert self._appender is not None
        entry = self._appender.append(self.installation.store.draft(book, type_, public, private, by))
        self.kept[book] += [(entry.seq, field) for field in private or {}]
        return entry

    def _id(self) -> str:
        """Return a random id, never one that was used before."""
        self.ids += 1
        return f"{self.ids:06x}{self.rng.getrandbits(40):010x}"

    def _amount(self) -> int:
        """Return a random amount of minor units."""
        return self.rng.randint(1, 1_000_000)

    def _word(self) -> str:
        """Return a word that was not used before, sometimes beyond ASCII."""
        self.words += 1
        return f"{self.rng.choice(('woord', 'één', 'çiçek', 'زهرة'))} {self.words}"

    def _maybe(self, choices: Sequence[str]) -> str | None:
        """Return one of the choices, or nothing."""
        return self.rng.choice((None, *choices))
