"""Every refusal of a bank file, in one branch of Buurtkas's tree of errors.

    BuurtkasError
    +-- UnreadableFile        a bank file could not be read in full; nothing of it is used
        +-- UnknownFormat     it is not a format that Buurtkas reads
        +-- FileTooLarge      it passes a limit that keeps hostile files cheap
        +-- ForbiddenContent  it carries what a bank file never needs, such as a DOCTYPE
        +-- MalformedFile     one place in it cannot be read
        +-- Unclear           one value in it has no single meaning (readers add the place)
        +-- FileChanged       it changed while it was read
        +-- MemberRefused     one file of a ZIP cannot be read
    +-- BookingRefused        a file that was read cannot be booked; nothing was changed
        +-- AccountUnstated   a statement names no account
        +-- AccountUnknown    the account is not declared
        +-- AccountClosed     the account was closed before the statement's last line
        +-- OtherFoundation   the account belongs to another foundation
        +-- OtherCurrency     the statement is in another currency than the account
        +-- NotAccepted       a statement does not fit and nobody gave a reason to accept it
        +-- Cancelled         somebody stopped it before anything was booked

Whatever the bytes, reading them ends in Statements or in one of these. A message
names the place, what is wrong there and what to do; it repeats figures and dates at
most, never a name or a text out of the file.
"""

from __future__ import annotations

from ledger.errors import BuurtkasError

_FORMATS = "Ask your bank for CAMT.053. MT940, OFX and the CSV of Dutch banks can be read too."
_FRESH = "Download the file again from the bank and do not open or save it in another program."


class UnreadableFile(BuurtkasError):
    """A bank file that could not be read in full; nothing of it is used."""

    code = "unreadable_file"


class UnknownFormat(UnreadableFile):
    """The file is not in a format that Buurtkas reads.

    Args:
        what: What the file seems to be, such as ``a PDF``.
        advice: What to do instead; by default, which formats to ask the bank for.
    """

    code = "unknown_format"

    def __init__(self, what: str, advice: str | None = None) -> None:
        super().__init__(f"This is {what}. {advice or _FORMATS}")


class FileTooLarge(UnreadableFile):
    """The file passes a limit that keeps hostile files cheap."""

    code = "file_too_large"

    def __init__(self, what: str, limit: str) -> None:
        super().__init__(f"This file has {what}; at most {limit} is read. Download a shorter period from the bank.")


class ForbiddenContent(UnreadableFile):
    """The file carries what a bank file never needs and an attack does."""

    code = "forbidden_content"

    def __init__(self, what: str) -> None:
        super().__init__(f"This file carries {what}, which no bank writes, so it is not opened. {_FRESH}")


class MalformedFile(UnreadableFile):
    """One place in the file cannot be read.

    Args:
        place: Where, such as ``entry 12`` or ``line 7``.
        why: What is wrong there, without names or texts out of the file.
    """

    code = "malformed_file"

    def __init__(self, place: str, why: str) -> None:
        self.place = place
        super().__init__(f"In {place}: {why}. Nothing of this file was used. {_FRESH}")


class Unclear(UnreadableFile):
    """A written value that has no single meaning; a reader catches it and adds the place.

    Args:
        why: What is wrong, without names or texts out of the file.
        part: The part of a statement that it stands in, such as ``opening balance (OPBD)``; None for a line.
    """

    code = "unclear_value"

    def __init__(self, why: str, part: str | None = None) -> None:
        self.why, self.part = why, part
        super().__init__(f"A value cannot be read: {why}. {_FRESH}")


class FileChanged(UnreadableFile):
    """The file changed while it was read."""

    code = "file_changed"

    def __init__(self) -> None:
        super().__init__("This file changed while it was read. Nothing was booked; wait until it is complete.")


class MemberRefused(UnreadableFile):
    """One file of a ZIP cannot be read, so that nothing of the ZIP is used.

    Args:
        number: Which file of the ZIP, counted from 1; its name may be somebody's.
        cause: Why.
    """

    code = "member_refused"

    def __init__(self, number: int, cause: UnreadableFile) -> None:
        self.number = number
        super().__init__(f"Nothing of this ZIP was used: file {number} in it is refused. {cause}")


class BookingRefused(BuurtkasError):
    """A file that was read cannot be booked; nothing was changed."""

    code = "booking_refused"


class AccountUnstated(BookingRefused):
    """A statement names no account."""

    code = "account_unstated"

    def __init__(self) -> None:
        super().__init__(
            "This file does not say which account it is about. Choose a format that does, such as CAMT.053, "
            "or name the account beside it (--account)."
        )


class AccountUnknown(BookingRefused):
    """The account is not declared."""

    code = "account_unknown"

    def __init__(self, account: str) -> None:
        super().__init__(
            f"Account {masked(account)} is not declared. "
            "Ask the district to declare it for your foundation, then upload again."
        )


class AccountClosed(BookingRefused):
    """The account was closed before the statement's last line."""

    code = "account_closed"

    def __init__(self, account: str) -> None:
        super().__init__(
            f"Account {masked(account)} was closed, and this file has lines of later days. "
            "Choose a file up to that day, or ask the district to declare the account again."
        )


class OtherFoundation(BookingRefused):
    """The account belongs to another foundation."""

    code = "other_foundation"

    def __init__(self, account: str) -> None:
        super().__init__(
            f"Account {masked(account)} belongs to another foundation. "
            "Choose the file of your own foundation's account."
        )


class OtherCurrency(BookingRefused):
    """The statement is in another currency than the account."""

    code = "other_currency"

    def __init__(self, stated: str, kept: str) -> None:
        super().__init__(
            f"This statement has amounts in {stated}, the foundation's book is kept in {kept}. "
            f"Choose the file of an account in {kept}."
        )


class NotAccepted(BookingRefused):
    """A statement does not fit and nobody gave a reason to accept it.

    Args:
        problems: What does not fit, one sentence each.
    """

    code = "not_accepted"

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__(
            "\n  ".join(("This does not fit:", *problems))
            + "\nNothing was booked. Download the whole period again, or accept it with a reason (--accept), "
            "which is written into the book."
        )


class NotAnswered(BookingRefused):
    """Lines of a statement may repeat payments of the book, and nobody said whether they do.

    Args:
        lines: How many lines.
        amount: What they come to, as text.
    """

    code = "not_answered"

    def __init__(self, lines: int, amount: str) -> None:
        what = "1 line looks" if lines == 1 else f"{lines} lines look"
        super().__init__(
            f"{what} like payments that the book holds of the same day, together {amount}, and no balance tells "
            "whether they are the same. Nothing was booked. Look at the bank's own list, and say that they are "
            "the same payments (--repeated same) or other ones (--repeated others)."
        )


class Cancelled(BookingRefused):
    """Somebody stopped it before anything was booked; a progress callback raises this."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__("This was stopped. Nothing was booked; choose the file again to begin anew.")


def masked(account: str) -> str:
    """Return an account number of which only the beginning and the end can be read."""
    return f"{account[:4]}…{account[-4:]}"
