"""What all desks share: the installation, the clock, and the foundation that a page is about."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import TypeAlias

import sqlalchemy as sa

from dashboards.access.guard import visit
from dashboards.errors import Missing
from dashboards.errors import NotAllowed
from dashboards.pages.desks import DeskUser
from dashboards.pages.desks import FieldError
from dashboards.pages.parts import Link
from dashboards.reading.looks import LookTotals
from dashboards.reading.masked import MaskedTotals
from dashboards.reading.state import State
from dashboards.reading.state import day_of
from dashboards.reading.sums import money_of
from dashboards.templating import translated
from ledger import tables

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from collections.abc import Iterator
    from collections.abc import Sequence

    from flask.typing import RouteCallable

    from dashboards.access.guard import Visit
    from dashboards.errors import FieldRefused
    from dashboards.pages.desks import Role
    from dashboards.reading.sums import Money
    from ledger.installation import Installation

    Route: TypeAlias = tuple[str, str, list[str], RouteCallable]

UNPROCESSABLE = 422
GONE = "\N{EN DASH}"
"""What stands in the place of a name or text that was erased."""


@dataclass(frozen=True, slots=True)
class DeskBook:
    """The foundation whose desk this is."""

    id: str
    slug: str
    name: str
    currency: str

    @property
    def link(self) -> Link:
        """Return it as pages name it."""
        return Link(slug=self.slug, name=self.name)


@dataclass(frozen=True, slots=True)
class Office:
    """The installation that the desks serve, and what time it is."""

    installation: Installation
    clock: Callable[[], dt.datetime]

    def today(self) -> dt.date:
        """Return the day in Amsterdam."""
        return day_of(self.clock())

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Read from one consistent state of the database."""
        with self.installation.store.reading() as connection:
            yield connection

    def money(self, connection: sa.Connection, foundation: str) -> Money:
        """Return a foundation's sums and how fresh they are, as its public page has them."""
        state = State(connection, self.installation, self.today(), MaskedTotals(), LookTotals())
        return money_of(state, foundation)[foundation]


def my_foundation(connection: sa.Connection, slug: str) -> DeskBook:
    """Return the foundation with this slug, for whoever acts for it.

    Raises:
        NotAllowed: There is none, or the person has no role in it; which of both is not said.
    """
    match = tables.foundation.c.slug == slug
    books = desk_books(connection, match)
    if not books or books[0].id not in visit().roles.foundations:
        raise NotAllowed
    return books[0]


def foundation_by_id(connection: sa.Connection, foundation: str) -> DeskBook:
    """Return a foundation by its id.

    Raises:
        Missing: There is none.
    """
    books = desk_books(connection, tables.foundation.c.id == foundation)
    if not books:
        raise Missing
    return books[0]


def desk_books(connection: sa.Connection, match: sa.ColumnElement[bool]) -> list[DeskBook]:
    """Return foundations by name, with the name that their own people know."""
    table = tables.foundation
    name = sa.func.coalesce(table.c.name, table.c.private_name, table.c.slug, table.c.id)
    query = sa.select(table.c.id, sa.func.coalesce(table.c.slug, table.c.id), name, table.c.currency)
    return [DeskBook(*row) for row in connection.execute(query.where(match).order_by(name, table.c.id))]


def desk_user(who: Visit) -> DeskUser:
    """Return who is signed in, as the desk's header shows it."""
    roles = who.roles
    held: dict[Role, bool] = {
        "treasurer": bool(roles.treasurer),
        "signatory": bool(roles.signatory),
        "owner": bool(roles.owner),
        "officer": roles.officer,
        "head": roles.head,
    }
    return DeskUser(
        name=who.person.name,
        roles=tuple(role for role, has in held.items() if has),
        csrf_token=who.form_token,
        inbox=roles.rules or bool(roles.foundations),
        treasury=bool(roles.treasurer),
    )


def field_errors(refusals: Sequence[FieldRefused]) -> tuple[FieldError, ...]:
    """Return what is to be mended in a form, in the reader's language."""
    return tuple(FieldError(field=error.field, message=translated(error.advice)) for error in refusals)
