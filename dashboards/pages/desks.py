"""The desks' pages: sign in, upload, payees and decisions, as values.

Every page with a form carries its `csrf_token`. Names here may be private: desks are seen by people
with a role only, and each value holds no more than its one task needs. Forms post to their own page's
address; the field names stand in each docstring.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal

if TYPE_CHECKING:
    import datetime as dt

    from dashboards.pages.parts import Link
    from dashboards.pages.parts import PaymentRow
    from dashboards.pages.parts import StatementBadge
    from dashboards.pages.parts import Sums

Role = Literal["treasurer", "signatory", "owner", "officer", "head"]
LineState = Literal["new", "known", "twin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """Something to mend in a form: the field's id and what to do, as a translated sentence."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a select."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    """Options under one heading: an initiative and its categories."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskUser:
    """Who is signed in, for the desk's header."""

    name: str
    roles: tuple[Role, ...]
    csrf_token: str
    inbox: bool
    treasury: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """Sign in. Posts `email`, `password`, `next` to desks.sign_in."""

    csrf_token: str
    email: str = ""
    next: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something that waits for the person: a translated sentence, its number, and where to do it."""

    text: str
    count: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFoundation:
    """A foundation as its own people see it."""

    link: Link
    sums: Sums
    badge: StatementBadge


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskHomePage:
    """What is mine and what waits for me."""

    user: DeskUser
    foundations: tuple[DeskFoundation, ...]
    waiting: tuple[Waiting, ...]
    latest: tuple[PaymentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedUpload:
    """A file that was brought before and is not booked yet."""

    draft: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """Step 1. Posts `statement` (a file) to desks.upload; that takes the place of what is unfinished."""

    user: DeskUser
    foundation: Link
    csrf_token: str
    unfinished: UnfinishedUpload | None = None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """A line of the file as it will be booked."""

    number: int
    booked_on: dt.date
    amount_minor: int
    counterparty: str | None
    remittance: str | None
    state: LineState


@dataclass(frozen=True, slots=True, kw_only=True)
class LastStatement:
    """Where the book ends for an account: the day, and what the bank stated then."""

    closed_on: dt.date
    closing_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewStatement:
    """One statement of the file: opening + in - out = closing, or stop.

    Args:
        account: the IBAN as the file says it.
        closing_minor: what the bank states; None when it states none.
        new: how many lines would be booked; `known` were before, and `twins` of the new ones may be double.
        lines: the first ones, and `alike` a few beyond them that may be double.
        newer: it brings no lines, but days in which nothing happened.
        last: the last statement of the account in the book, where this one does not follow it.
        problems: translated sentences; any one stops the upload.
    """

    account: str
    number: str | None
    from_date: dt.date
    to_date: dt.date
    currency: str
    opening_minor: int | None
    in_minor: int
    out_minor: int
    closing_minor: int | None
    new: int
    known: int
    twins: int
    lines: tuple[PreviewLine, ...]
    alike: tuple[PreviewLine, ...] = ()
    newer: bool = False
    last: LastStatement | None = None
    problems: tuple[str, ...] = ()

    @property
    def whole(self) -> int:
        """How many lines there are."""
        return self.new + self.known

    @property
    def adds_up(self) -> bool:
        """Whether opening + in - out = closing."""
        return self.off_minor == 0

    @property
    def made_minor(self) -> int | None:
        """What opening + in - out make; None where no opening is stated."""
        return None if self.opening_minor is None else self.opening_minor + self.in_minor - self.out_minor

    @property
    def off_minor(self) -> int | None:
        """By how much the bank's closing balance is more than that; None where it does not state both."""
        if self.made_minor is None or self.closing_minor is None:
            return None
        return self.closing_minor - self.made_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPreviewPage:
    """Step 2. Posts the token to desks.upload_preview(draft); with `reason`, to book what does not fit.

    Args:
        answered: what each line is for is known already, so that the next step is to check.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    draft: str
    filename: str
    format: str
    statements: tuple[PreviewStatement, ...]
    confirms: int = 0
    answered: bool = False
    may_accept: bool = False
    reason: str = ""
    errors: tuple[FieldError, ...] = ()

    @property
    def stopped(self) -> bool:
        """Whether something must be mended before going on."""
        return any(statement.problems for statement in self.statements)

    @property
    def new(self) -> int:
        """How many lines are new in all."""
        return sum(statement.new for statement in self.statements)

    @property
    def newer(self) -> int:
        """How many statements bring no lines, but days in which nothing happened."""
        return sum(statement.newer for statement in self.statements)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadReceiptPage:
    """Step 5. Nothing to post.

    Args:
        statements: where the statements stand in the book, for the texts of their payments.
    """

    user: DeskUser
    foundation: Link
    number: str
    new: int
    known: int
    looked_at: int
    checkpoint_size: int | None
    root_short: str | None
    confirmed: int = 0
    unexplained: int = 0
    statements: tuple[int, ...] | list[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeRow:
    """A payee in the register or waiting.

    Args:
        kind: what people confirmed that it is, as translated words; None where that was erased.
        approved_by: the second person; None while it waits.
        may_approve: False for who proposed it.
    """

    id: str
    name: str
    ibans: tuple[str, ...]
    kvk: str | None
    kind: str | None
    starts: dt.date
    proposed_by: str
    proposed_on: dt.date
    approved_by: str | None
    approved_on: dt.date | None
    may_approve: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeesPage:
    """The register.

    Each approval posts to desks.payee_approve(slug, payee); taking one out posts `reason` to
    desks.payee_revoke(slug, payee). Searching asks for this page again with `zoek`.

    Args:
        search: what was searched for; the approved ones are those found.
        others: who can approve what the reader proposes.
        refused: the payee whose form must be mended, with what was typed and why.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    waiting: tuple[PayeeRow, ...]
    approved: tuple[PayeeRow, ...]
    others: tuple[str, ...] = ()
    search: str = ""
    refused: str | None = None
    reason: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeForm:
    """Propose a payee. Posts `name`, `iban`, `kvk`, `kind`, `starts` to desks.payee_new(slug)."""

    user: DeskUser
    foundation: Link
    csrf_token: str
    kinds: tuple[Choice, ...]
    others: tuple[str, ...] = ()
    name: str = ""
    iban: str = ""
    kvk: str = ""
    kind: str = ""
    starts: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """A decision that waits or stands; `payee` None is for small expenses, with a ceiling per month."""

    id: str
    payee: str | None
    ceiling_minor: int
    month_ceiling_minor: int | None
    currency: str
    purpose: str
    initiative: str | None
    starts: dt.date
    ends: dt.date
    proposed_by: str
    proposed_on: dt.date
    approved_by: str | None
    approved_on: dt.date | None
    may_approve: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsPage:
    """The decisions.

    Each approval posts to desks.decision_approve(slug, decision); withdrawing one posts `reason`
    to desks.decision_withdraw(slug, decision).

    Args:
        others: who can approve what the reader proposes.
        refused: the decision whose form must be mended, with what was typed and why.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    waiting: tuple[DecisionRow, ...]
    approved: tuple[DecisionRow, ...]
    others: tuple[str, ...] = ()
    refused: str | None = None
    reason: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionForm:
    """Propose a decision.

    Posts `payee`, `ceiling`, `month_ceiling`, `purpose`, `target`, `starts`, `ends` to desks.decision_new(slug).
    The ceiling per month is for small expenses alone.
    """

    user: DeskUser
    foundation: Link
    csrf_token: str
    payees: tuple[Choice, ...]
    targets: tuple[ChoiceGroup, ...]
    others: tuple[str, ...] = ()
    payee: str = ""
    ceiling: str = ""
    month_ceiling: str = ""
    purpose: str = ""
    target: str = ""
    starts: str = ""
    ends: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """One thing that was found: both are translated."""

    label: str
    value: str
