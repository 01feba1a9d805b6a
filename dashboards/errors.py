"""Every failure of the face, continuing the tree of `ledger.errors`.

    BuurtkasError
    +-- DeskError
        +-- Refused                who asks may not do this
        |   +-- NotAllowed         has no such role
        |   +-- Tied               an officer has a tie with the foundation
        |   +-- OwnProposal        the second person must be another than the first
        |   +-- OwnPayment         nobody approves a payment to themselves
        |   +-- TwoNeeded          the foundation has fewer than two people with a role
        +-- Missing                there is no such payee, decision, case, ... here
        +-- Settled                what is to be changed is no longer waiting
        +-- AccountTaken           an account was declared elsewhere meanwhile
        +-- StepRefused            a case cannot take this step now
        +-- SignInRefused          address and password do not belong together
        +-- TooManyAttempts        too many wrong passwords; wait
        +-- CrossSite              a form came from another site or is stale
        +-- FieldRefused           one field of a form must be mended (one class per field and reason)

Messages are constant and carry no value that somebody typed, so that they are message ids for
translation as well, and fit for a log.
"""

from __future__ import annotations

from typing import ClassVar

from dashboards.pages.words import word
from ledger.errors import BuurtkasError


class DeskError(BuurtkasError):
    """The root of what desks refuse; `advice` is a message id that says what to do next."""

    code = "desk"
    advice: ClassVar[str] = word("This could not be done. Go back and try again.")

    def __init__(self) -> None:
        super().__init__(self.advice)


class Refused(DeskError):
    """Who asks may not do this."""

    code = "refused"
    advice = word("You may not do this. Ask the district for the right role.")


class NotAllowed(Refused):
    """Who asks has no role that allows it."""

    code = "not_allowed"
    advice = word("Your role does not allow this. Ask somebody who has the right role.")


class Tied(Refused):
    """An officer has a tie with the foundation."""

    code = "tied"
    advice = word("You have a tie with this foundation. Leave this case to another officer.")


class OwnProposal(Refused):
    """The second person must be another than the first."""

    code = "own_proposal"
    advice = word("You did the first step yourself. Somebody else must do this one.")


class OwnPayment(Refused):
    """Nobody approves a payment to themselves."""

    code = "own_payment"
    advice = word("This money would go to you. Somebody else must approve it.")


class TwoNeeded(Refused):
    """The foundation has fewer than two people with a role."""

    code = "two_needed"
    advice = word("This needs two people with a role. Ask the district to appoint a second person first.")


class Missing(DeskError):
    """There is no such thing here."""

    code = "missing"
    advice = word("This is not here. Go back to the list and choose again.")


class Settled(DeskError):
    """What is to be changed is no longer waiting."""

    code = "settled"
    advice = word("Somebody has already settled this. Look at the list again.")


class AccountTaken(DeskError):
    """An account was declared elsewhere meanwhile; whose it is, is not told."""

    code = "account_taken"
    advice = word("This account cannot be declared for your foundation. Ask the district to look at it.")


class StepRefused(DeskError):
    """A case cannot take this step now."""

    code = "step_refused"
    advice = word("This case cannot take this step now. Look at the case again.")


class SignInRefused(DeskError):
    """Address and password do not belong together."""

    code = "sign_in_refused"
    advice = word("This e-mail address and password do not belong together. Try again.")


class TooManyAttempts(DeskError):
    """Too many wrong passwords."""

    code = "too_many_attempts"
    advice = word("There were too many wrong passwords. Wait a quarter of an hour, and try again.")


class CrossSite(DeskError):
    """A form came from another site, or is too old."""

    code = "cross_site"
    advice = word("This form is too old or comes from somewhere else. Open the page again and try once more.")


class FieldRefused(DeskError):
    """One field of a form must be mended."""

    code = "field"
    field: ClassVar[str] = ""


class NameRefused(FieldRefused):
    """A name is missing or far too long."""

    code = "name"
    field = "name"
    advice = word("Fill in the name, as it stands on the bank statement.")


class EmailRefused(FieldRefused):
    """This is no e-mail address."""

    code = "email"
    field = "email"
    advice = word("Fill in an e-mail address, such as name@example.org.")


class EmailTaken(FieldRefused):
    """Somebody has this address already."""

    code = "email_taken"
    field = "email"
    advice = word("Somebody has this e-mail address already. Fill in another one.")


class PasswordRefused(FieldRefused):
    """A new password is too short or far too long."""

    code = "password"
    field = "password"
    advice = word("Choose a password of at least 12 characters. Three or four words are good.")


class IbanRefused(FieldRefused):
    """An IBAN is not valid."""

    code = "iban"
    field = "iban"
    advice = word("This IBAN is not right. Copy it from the invoice once more.")


class IbanKnown(FieldRefused):
    """An IBAN is in the register already."""

    code = "iban_known"
    field = "iban"
    advice = word("This IBAN is in the register already, or waits for approval. Look it up in the list.")


class KvkRefused(FieldRefused):
    """A Chamber of Commerce number is not valid."""

    code = "kvk"
    field = "kvk"
    advice = word("A KvK number has 8 digits. Leave it empty if there is none.")


class KindRefused(FieldRefused):
    """A payee is none of the kinds."""

    code = "kind"
    field = "kind"
    advice = word("Choose whether this is an organisation, somebody with an own business, or a person.")


class DayRefused(FieldRefused):
    """A first day is missing or cannot be read."""

    code = "starts"
    field = "starts"
    advice = word("Fill in the first day, such as 2026-03-01.")


class EndRefused(FieldRefused):
    """A last day is missing or lies before the first."""

    code = "ends"
    field = "ends"
    advice = word("Fill in the last day. It cannot lie before the first.")


class DecidedRefused(FieldRefused):
    """A decision cannot be taken in the future."""

    code = "decided_on"
    field = "decided_on"
    advice = word("The day of the decision cannot lie in the future.")


class PayeeRefused(FieldRefused):
    """A decision names a payee who is not in the register."""

    code = "payee"
    field = "payee"
    advice = word("Choose a payee from the register. Propose the payee first if it is not there.")


class CeilingRefused(FieldRefused):
    """A ceiling is missing, nought, or too high to be meant."""

    code = "ceiling"
    field = "ceiling"
    advice = word("Fill in the most that may be paid, such as 250,00.")


class MonthCeilingRefused(FieldRefused):
    """Small expenses need a ceiling per month, a named payee has none."""

    code = "month_ceiling"
    field = "month_ceiling"
    advice = word(
        "For small expenses without a payee, fill in the most per month. It cannot be below the other amount."
    )


class PurposeRefused(FieldRefused):
    """A purpose is missing or too long."""

    code = "purpose"
    field = "purpose"
    advice = word("Say in a sentence what the money is for.")


class TargetRefused(FieldRefused):
    """No such initiative of this foundation, or no such category in its budget."""

    code = "target"
    field = "target"
    advice = word("Choose an initiative of this foundation, and a category from its budget.")


class ReasonRefused(FieldRefused):
    """A reason is missing or too long."""

    code = "reason"
    field = "reason"
    advice = word("Write the reason in a sentence or two, at most 2,000 characters.")


class StatementRefused(FieldRefused):
    """No file was chosen."""

    code = "statement"
    field = "statement"
    advice = word("Choose the file that you downloaded from your bank.")


class StatementEmpty(FieldRefused):
    """The file that was chosen has nothing in it."""

    code = "statement_empty"
    field = "statement"
    advice = word("This file is empty. Download it from your bank again.")


class AccountRefused(FieldRefused):
    """None of the foundation's accounts was chosen."""

    code = "account"
    field = "account"
    advice = word("Choose which account this file is about.")


class HolderRefused(FieldRefused):
    """It is not said in whose name an account is."""

    code = "holder"
    field = "holder"
    advice = word("Fill in whose name the account is in, as the bank writes it.")


class MandateRefused(FieldRefused):
    """It is not said who can pay from an account."""

    code = "mandate"
    field = "mandate"
    advice = word("Choose whether one person can pay from this account alone.")


class FileTooLarge(FieldRefused):
    """A file is larger than any statement."""

    code = "file_too_large"
    field = "statement"
    advice = word("This file is too large. Ask your bank for one month at a time.")


class ActionRefused(FieldRefused):
    """No step was chosen."""

    code = "action"
    field = "action"
    advice = word("Choose what you do with this case.")


class NothingChosen(FieldRefused):
    """No payment was given an initiative."""

    code = "nothing_chosen"
    advice = word("Choose for at least one payment what it was for.")


class PartRefused(FieldRefused):
    """A part of a payment has no amount that can be read."""

    code = "part"
    field = "amount-1"
    advice = word("Fill in an amount for each part, such as 12,50. Only one may stay empty: that one is the rest.")


class PartsRefused(FieldRefused):
    """The parts of a payment are together more than what is left of it."""

    code = "parts"
    field = "amount-1"
    advice = word("The parts together are more than what is left to explain. Make one of them smaller.")


class PartsUneven(FieldRefused):
    """The parts of a payment are together not the whole of it."""

    code = "parts_uneven"
    field = "amount-1"
    advice = word("The parts together are not the whole amount. Leave the last amount empty: then it is the rest.")


class NothingReleased(FieldRefused):
    """No text was chosen."""

    code = "nothing_released"
    advice = word("Choose at least one text to make public.")


class NothingLeft(FieldRefused):
    """All words of a text are blacked out."""

    code = "nothing_left"
    advice = word("Nothing is left of this text. Leave a word readable, or do not make it public.")
