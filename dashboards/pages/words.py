"""The one word for each code: what a state, a kind or a step is called on every page.

Message ids are marked with `word` so that they are found for translation; templates ask for them with
the filter `word`.
"""

from __future__ import annotations

from types import MappingProxyType


def word(message: str) -> str:
    """Mark a message id; it is translated where it is shown."""
    return message


TAKEN_AWAY = word("(taken away)")
"""What is read aloud where something was taken out of a released text."""

WORDS = MappingProxyType(
    {
        "foundation_kind": {
            "foundation": word("foundation"),
            "association": word("association"),
            "organisation": word("organisation"),
            "intermediary": word("intermediary"),
            "residents": word("group of residents"),
            "district": word("district"),
        },
        "mandate": {
            "together": word("two people must sign together"),
            "alone": word("one person can pay alone"),
            "unknown": word("who may sign is not known yet"),
        },
        "payee": {
            "masked": word("a payee whose name we do not show"),
            "private": word("a private person"),
            "pending": word("a payee not yet approved"),
            "bank": word("the bank itself"),
            "own": word("an account of its own"),
        },
        "look": {
            "open": word("Being looked at"),
            "under_review": word("The district is asking about it"),
            "explained": word("The foundation has explained it"),
            "accepted": word("Looked at and found in order"),
            "escalated": word("A second officer is looking at it"),
            "confirmed": word("Looked at and found not in order"),
            "closing": word("A second officer must agree to close it"),
            "closed": word("Looked at and closed"),
            "not_reproduced": word("The rules find nothing here any more"),
        },
        "standing": {
            "looked_at": word("being looked at"),
            "not_in_order": word("not in order"),
            "unexplained": word("not yet explained"),
        },
        "receipt": {
            "attached": word("There is a receipt"),
            "awaited": word("The receipt is still to come"),
            "late": word("The receipt is late"),
            "not_needed": word("No receipt needed for this amount"),
        },
        "step": {
            "granted": word("Money granted"),
            "opened": word("Started"),
            "first_payment": word("First payment"),
            "progress": word("Progress shown"),
            "closed": word("Finished"),
            "reported": word("Result reported"),
        },
        "channel": {
            "upload": word("uploaded by the treasurer"),
            "delivery": word("delivered by the bank"),
            "api": word("fetched from the bank"),
            "declared": word("declared by the district, not from a bank statement"),
        },
        "rhythm": {
            "daily": word("every day"),
            "weekly": word("every Monday"),
            "monthly": word("every first of the month"),
            "agreed": word("as late as agreed"),
            "happened": word("as it went"),
        },
        "rule_kind": {
            "policy": word("An agreement"),
            "indicator": word("A hint"),
        },
        "severity": {
            "info": word("for information"),
            "low": word("low"),
            "medium": word("medium"),
            "high": word("high"),
            "critical": word("critical"),
        },
        "line_state": {
            "new": word("new"),
            "known": word("already known"),
            "twin": word("possibly double"),
        },
        "upload_step": {
            "choose": word("Choose the file"),
            "preview": word("Look at it"),
            "link": word("Link the lines"),
            "check": word("Check"),
            "receipt": word("Done"),
        },
        "action": {
            "take_up": word("Take it up"),
            "answer": word("Answer for the foundation"),
            "accept": word("Accept, with a reason"),
            "escalate": word("Ask a second officer"),
            "confirm": word("Confirm: not in order"),
            "close": word("Close"),
            "reopen": word("Open again, because of something new"),
        },
        "step_button": {
            "take_up": word("Take it up"),
            "answer": word("Give the answer"),
            "accept": word("Accept it"),
            "escalate": word("Ask a second officer"),
            "confirm": word("Confirm: not in order"),
            "close": word("Close the case"),
            "reopen": word("Open it again"),
        },
        "role": {
            "treasurer": word("treasurer"),
            "signatory": word("second signatory"),
            "owner": word("initiative owner"),
            "officer": word("district officer"),
            "head": word("head of the district"),
        },
    }
)


def word_for(group: str, code: str) -> str:
    """Return the message id for a code of a group."""
    return WORDS[group][code]
