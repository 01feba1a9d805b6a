"""Saying in the reader's language what rules found and what does not fit in a file.

Rules give their reasons as message ids with parameters whose names tell how they are written:
`..._minor` is an amount, `..._on` a date, `..._at` an instant; a `kind`, a `relation` and a `problem`
are codes with a word for each. What an importer finds is said by its code as well, never in its own words.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from audit.rules import RULES
from dashboards.pages.desks import EvidenceLine
from dashboards.pages.words import word
from dashboards.templating import current_language
from dashboards.templating import translated
from importers.errors import MalformedFile
from importers.errors import UnknownFormat

if TYPE_CHECKING:
    from dashboards.work.casebook import CaseFlag
    from importers.statement import Problem
    from ledger.canonical import Json
    from ledger.errors import BuurtkasError

UNKNOWN_RULE = word("A rule found something here")
EUR = "EUR"
LABELS = {
    "amount_minor": word("Amount"),
    "limit_minor": word("Limit without a decision"),
    "booked_on": word("Day"),
    "opening_minor": word("At the start"),
    "closing_minor": word("At the end"),
    "previous_closing_minor": word("At the end of the statement before"),
    "last_on": word("The last statement goes up to"),
    "declared_on": word("Declared on"),
}
PROBLEMS = {
    "balance": word("At the start, plus in, less out, is not what stands at the end."),
    "continuity": word("This statement does not begin with the amount that the last one ended with."),
    "missing_page": word("A page of this statement is missing. Download the whole statement again."),
    "gap": word("A statement before this one is missing. Bring that one first."),
    "batch": word("A payment in a batch does not add up to the batch."),
    "summary": word("The bank's own total of this statement is not what its lines make."),
    "differs": word("Somebody else brought a file of the same days, and the two are not the same."),
    "double": word("The same statement stands in this file more than once."),
    "currency": word("A line is in another currency than the account."),
    "booking_date": word("A line has no booking day, so another day of that line is used."),
    "reversal": word(
        "The bank took a line back, but does not say whether money came in or went out. Look at that line."
    ),
    "no_balance": word("The bank does not say how much was in the account."),
    "pending": word("The bank has not booked some lines yet. Download the file again later."),
}
OTHER_PROBLEM = word("Something in this file does not fit.")
CODES = {
    "kind": {
        "organisation": word("an organisation"),
        "sole_trader": word("somebody with an own business"),
        "person": word("a person"),
    },
    "relation": {
        "own": word("the foundation itself"),
        "board": word("somebody on the board"),
        "household": word("somebody in the household of a board member"),
        "related": word("somebody with ties to the foundation"),
    },
    "problem": {**PROBLEMS, "other": OTHER_PROBLEM},
}
FILES = {
    "unknown_format": word(
        "This is not a file that can be read. Ask your bank for CAMT.053, MT940 or OFX, or for its CSV."
    ),
    "file_too_large": word("This file is too large. Download a shorter period from the bank."),
    "forbidden_content": word("This file carries what no bank writes, so it is not opened. Download it again."),
    "malformed_file": word("A place in this file cannot be read. Download it again, and do not open it before."),
    "file_changed": word("This file changed while it was read. Wait until it is complete, and choose it again."),
    "member_refused": word("A file in this ZIP cannot be read, so nothing of it is used. Choose its files one by one."),
    "account_unstated": word("This file does not say which account it is about. Choose CAMT.053 at the bank."),
    "account_unknown": word("This account is not declared yet. The treasurer can bring this file and declare it."),
    "account_closed": word("This account was closed before. Choose a file up to that day."),
    "other_foundation": word("This account belongs to another foundation. Choose your own foundation's file."),
    "other_currency": word("This statement is in another currency than the book of the foundation."),
    "not_accepted": word("Something in this file does not fit. Download the whole period again."),
    "not_answered": word(
        "Lines in this file look like payments that are in the book, and no balance tells whether they are the same. "
        "Download the same days as CAMT.053 or MT940."
    ),
    "split_refused": word("A payment cannot be linked like that. Look at the lines again."),
    "books_moved": word("Somebody else wrote in this book at the same moment. Try again."),
    "cancelled": word("This was stopped, and nothing is booked. Choose the file again to begin anew."),
    "out_of_reach": word("This file could not be opened. Ask whoever keeps this site to look at its rights."),
}
PDF = b"%PDF"
PICTURE = word("This is a PDF: a picture of a statement. Download the same days from your bank as CAMT.053.")
UNREADABLE_LINE = word("Line %(number)s of this file cannot be read. Download it again, and do not open it before.")
LINE = re.compile(r"(?:line|entry) (\d+)")
OTHER_FILE = word("This file cannot be booked. Download it again from the bank.")


def rule_title(rule: str) -> str:
    """Return a rule's title as a message id."""
    known = RULES.get(rule)
    return known.title if known else UNKNOWN_RULE


def flag_sentence(flag: CaseFlag) -> str:
    """Return a rule's reasons as sentences; what the rule says of itself where there is none."""
    said = [say(message, params, _currency(flag)) for message, params in _reasons(flag.evidence.get("reasons"))]
    known = RULES.get(flag.rule)
    return " ".join(said) or translated(known.how if known else UNKNOWN_RULE)


def evidence_lines(flag: CaseFlag) -> tuple[EvidenceLine, ...]:
    """Return the figures of a rule's evidence that people can read."""
    return tuple(
        EvidenceLine(label=translated(label), value=_write(name, value, _currency(flag)))
        for name, label in LABELS.items()
        if isinstance(value := flag.evidence.get(name), int | str)
    )


def say(message: str, params: dict[str, Json], currency: str) -> str:
    """Return a message id as a sentence, its parameters written as their names tell."""
    written = {name: _write(name, value, currency) for name, value in params.items()}
    text = translated(message)
    try:
        return text % written
    except (KeyError, ValueError, TypeError):
        return text


def problem_sentence(problem: Problem) -> str:
    """Return what does not fit in a file, as a sentence."""
    return translated(PROBLEMS.get(problem.code, OTHER_PROBLEM))


def file_sentence(refusal: BuurtkasError, first: bytes = b"") -> str:
    """Return why a file is refused, as a sentence; its first bytes tell a picture of a statement."""
    if first.startswith(PDF) and refusal.code == UnknownFormat.code:
        return translated(PICTURE)
    return refusal_sentence(refusal.code, refusal.place if isinstance(refusal, MalformedFile) else None)


def refusal_sentence(code: str, place: str | None) -> str:
    """Return why a file is refused, by an error's code; which line it is about where that is known."""
    found = LINE.match(place or "")
    if found:
        return translated(UNREADABLE_LINE) % {"number": current_language().number(int(found[1]))}
    return translated(FILES.get(code, OTHER_FILE))


def _currency(flag: CaseFlag) -> str:
    """Return the currency of a rule's amounts."""
    currency = flag.evidence.get("currency")
    return currency if isinstance(currency, str) else EUR


def _reasons(value: Json) -> list[tuple[str, dict[str, Json]]]:
    """Return the reasons that evidence holds; nothing for what is not of their form."""
    found: list[tuple[str, dict[str, Json]]] = []
    for item in value if isinstance(value, list) else []:
        match item:
            case [str(message), dict(params)]:
                found.append((message, params))
    return found


def _write(name: str, value: Json, currency: str) -> str:
    """Return a parameter as people read it."""
    language = current_language()
    if isinstance(value, int):
        return language.money(value, currency) if name.endswith("_minor") else language.number(value)
    text = str(value)
    if text in CODES.get(name, {}):
        return translated(CODES[name][text])
    try:
        return _write_time(name, text)
    except ValueError:
        return text


def _write_time(name: str, text: str) -> str:
    """Return a day or an instant as people read it, other text as it is.

    Raises:
        ValueError: It is no day or no instant.
    """
    language = current_language()
    if name.endswith("_on"):
        return language.date(dt.date.fromisoformat(text))
    if name.endswith("_at"):
        return language.instant(dt.datetime.fromisoformat(text))
    return text
