"""Accounts of a foundation at its desk: those declared, those that wait for a second person, what an upload asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.desks import Choice
    from dashboards.pages.desks import DeskUser
    from dashboards.pages.desks import FieldError
    from dashboards.pages.parts import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """A declared account; `mandate` is translated."""

    iban: str
    mandate: str
    declared_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAccount:
    """An account that waits for a second person.

    Args:
        mandate: translated.
        may_approve: False for who proposed it.
    """

    id: str
    iban: str
    holder: str
    mandate: str
    proposed_by: str
    proposed_on: dt.date
    may_approve: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsPage:
    """The accounts. Answers post the token to desks.account_approve or desks.account_refuse (slug, id).

    Args:
        others: who can approve what the reader proposes.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    waiting: tuple[ProposedAccount, ...]
    declared: tuple[AccountRow, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeclaredAccount:
    """An account that a file names and nobody declared, with what was typed about it.

    Args:
        iban: in full: whoever sees this brought the file.
        waits: the proposal that waits for a second person; None before there is one.
        refused: whether a second person said no before.
    """

    iban: str
    holder: str
    mandate: str
    waits: ProposedAccount | None = None
    refused: bool = False
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadAccountPage:
    """An upload that waits for an account.

    Posts `account` to desks.upload_account(draft); for one that nobody declared also `holder` and `mandate`.

    Args:
        undeclared: what the file names and nobody declared; empty where it names none at all.
        choices: the foundation's accounts, for a file that names none.
        chosen: the value of the one that is chosen.
        mandates: the choices of `mandate`.
        others: who can approve.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    draft: str
    filename: str
    undeclared: tuple[UndeclaredAccount, ...] = ()
    choices: tuple[Choice, ...] = ()
    chosen: str = ""
    mandates: tuple[Choice, ...] = ()
    others: tuple[str, ...] = ()
    errors: tuple[FieldError, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether nothing is left to do for who brought it."""
        return bool(self.undeclared) and all(one.waits for one in self.undeclared)
