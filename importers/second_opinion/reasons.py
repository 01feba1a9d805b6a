"""Why two readers may say something different of one line, and neither be wrong.

A reason is a kind, never a file: it is tried on both readings, and counts where what it says is so.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import NamedTuple

from importers.figures import is_same_account

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping

    from importers.second_opinion.other import OtherLine
    from importers.statement import Line

_REFERENCES = frozenset({"bank_reference", "end_to_end_id", "mandate"})
_NO_REFERENCE = re.compile(r"NONREF|NOTPROVIDED|NOTAVAILABLE|NOREF|NONE|NVT|NA|UNKNOWN|[0./-]*", re.IGNORECASE)
_GERMAN_CODES = {"end_to_end_id": "EREF", "mandate": "MREF", "creditor_id": "CRED"}
_GERMAN_FIELD = re.compile(r"\?([0-9]{2})")
_GERMAN_CODE = re.compile(r"(?:EREF|KREF|MREF|CRED)\+")
_GERMAN_MORE = re.compile(r"(?:ABWA|ABWE|EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|PURP|MDAT|DDAT)\+")
_SLASH_CODE = re.compile(r"/(REMI|EREF|NAME|IBAN|CNTP|MARF|CSID|ISDT|BENM|ORDP|USTD)/")
_CREDITOR_ID = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{4,31}")
_HOURS = 14


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of two readings, and what stands around it.

    Attributes:
        place: As of a `Difference`, and so is `part`.
        account: The statement's own.
        is_pending: The line is not booked.
        iban: The account that the other reader takes for the counterparty's, of the line or of the part compared.
        evidence: What the other reader left of it as the bank wrote it.
        booked: How many lines of the file are booked.
        left_out: How many of them the other reader says that it could not read.
        amounts_differ_for: Why amounts differ; None where none does, or one for no reason.
    """

    place: int = 0
    part: int = 0
    what: str = ""
    ours: str | None = None
    theirs: str | None = None
    line: Line | None = None
    other: OtherLine | None = None
    account: str | None = None
    is_pending: bool = False
    iban: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    booked: int = 0
    left_out: int = 0
    amounts_differ_for: str | None = None


class Reason(NamedTuple):
    """A sentence, and whether it is true of two readings."""

    why: str
    holds: Callable[[Compared], bool]


def _bare(text: str | None) -> str:
    return "".join((text or "").split())


def _is_no_reference(one: Compared) -> bool:
    return (
        one.what in _REFERENCES
        and one.ours is None
        and one.theirs is not None
        and _NO_REFERENCE.fullmatch(_bare(one.theirs)) is not None
    )


def _is_the_customers_reference(one: Compared) -> bool:
    return (
        one.what == "end_to_end_id"
        and _NO_REFERENCE.fullmatch(_bare(one.theirs)) is not None
        and one.ours == one.evidence.get("customer")
    )


def _is_the_account_itself(one: Compared) -> bool:
    return (
        one.what in {"name", "iban"}
        and one.ours is None
        and one.account is not None
        and one.iban is not None
        and is_same_account(one.account, one.iban)
    )


def _is_in_field_38(one: Compared) -> bool:
    return one.what == "iban" and one.ours is not None and f"?38{one.ours}" in _bare(one.evidence.get("details"))


def _leaves_lines_out(one: Compared) -> bool:
    if one.what == "lines":
        return one.left_out > 0 and int(one.ours or 0) == int(one.theirs or 0) + one.left_out
    return one.what == "sum" and one.left_out > 0


def _leaves_out_what_is_expected(one: Compared) -> bool:
    return one.what == "lines" and one.theirs == str(one.booked)


def _turns_what_is_expected(one: Compared) -> bool:
    """Say whether mt-940 gave the sign C to an expected line (EC, ED) whatever its own is."""
    if one.what == "sum":
        return one.amounts_differ_for is not None
    return one.what == "amount" and one.is_pending and one.theirs == (one.ours or "").removeprefix("-")


def _knows_no_account(one: Compared) -> bool:
    return one.what == "iban" and one.theirs is None and one.evidence.get("reader") == "ofxparse"


def _knows_no_payee(one: Compared) -> bool:
    return one.what == "name" and one.theirs is None and one.evidence.get("reader") == "ofxparse"


def _has_no_balance(one: Compared) -> bool:
    return one.what in {"opening", "closing"} and one.theirs is None


def _repeats_the_party(one: Compared) -> bool:
    line = one.line
    if one.what != "text" or line is None or one.theirs is None or not one.theirs.startswith(line.iban or "?"):
        return False
    return _bare(one.theirs) == _bare(line.iban) + _bare(line.name) + _bare(one.ours)


def _is_named_in_the_words(one: Compared) -> bool:
    labels = {"creditor_id": "IncassantID:", "mandate": "KenmerkMachtiging:"}
    words = _bare(one.other.text) if one.other else ""
    return one.what in labels and one.theirs is None and f"{labels[one.what]}{_bare(one.ours)}" in words


def _stands_behind_the_reference(one: Compared) -> bool:
    return one.what == "name" and one.theirs is None and one.ours == " ".join(one.evidence.get("added", "").split())


def _adds_words_in_field_61(one: Compared) -> bool:
    added = " ".join(one.evidence.get("added", "").split())
    both = " ".join(filter(None, (one.theirs, added)))
    return one.what == "text" and bool(added) and _is_read_as(one.ours or "", both)


def _is_folded_in_field_61(one: Compared) -> bool:
    return (
        one.what == "bank_reference"
        and one.theirs is not None
        and one.ours == one.theirs + one.evidence.get("added", "").partition("/")[0].strip()
    )


def _begins_with_a_slash(one: Compared) -> bool:
    return one.what == "text" and one.theirs is not None and one.ours == one.theirs.removeprefix("/").strip()


def _goes_on_after_something_like_a_code(one: Compared) -> bool:
    """Say whether the words go on, as far as the bank's next code, where a plain reading ended them."""
    ours, details = _bare(one.ours), _bare(one.evidence.get("details"))
    if one.what != "text" or not ours or not ours.startswith(_bare(one.theirs)):
        return False
    return any(
        re.match(r"/*(?:$|(?:NAME|IBAN|BIC|EREF|ISDT|MARF|CSID|PURP|ULT[BCD])/)", details[found.end() :]) is not None
        for found in re.finditer(rf"/REMI/+(?:USTD//)?{re.escape(ours)}", details)
    )


def _is_cut_in_a_code(one: Compared) -> bool:
    """Say whether a plain reading misses a code that is folded in the middle: it says less, or runs on over it."""
    details = one.evidence.get("details", "")
    cut = set(_SLASH_CODE.findall(_bare(details))) - set(_SLASH_CODE.findall(" ".join(details.split("\n"))))
    if one.ours is None or one.theirs is None:
        return bool(cut) and (one.theirs is None or any(f"/{code}" in _bare(one.theirs) for code in cut))
    return any(_bare(one.theirs).startswith(f"{_bare(one.ours)}/") for _ in cut)


def _begins_with_the_account(one: Compared) -> bool:
    words = _bare(one.other.text) if one.other else ""
    return one.what == "iban" and one.theirs is None and one.ours is not None and words.startswith(one.ours)


def _is_kept_whole(one: Compared) -> bool:
    """Say whether nothing of field 86 is left out, where a plain reading knows codes in it."""
    return one.what == "text" and one.ours is not None and _bare(one.ours) == _bare(one.evidence.get("details"))


def _begins_with_the_kind(one: Compared) -> bool:
    """Say whether what mt-940 takes for a kind of transaction is none: those begin with N, F or S."""
    kind = one.evidence.get("kind", "")
    return one.what == "end_to_end_id" and kind[:1] not in {*"NFS", ""} and one.ours == f"{kind}{one.theirs}"


def _is_said_twice(one: Compared) -> bool:
    lines = one.evidence.get("details", "").split("\n")
    is_twice = len(lines) > 1 and lines[: len(lines) // 2] == lines[len(lines) // 2 :]
    return is_twice and one.ours is not None and _bare(one.theirs) == _bare(one.ours) * 2


def _lost_a_question_mark(one: Compared) -> bool:
    return one.what == "text" and one.ours is not None and one.ours == f"{one.theirs}?"


def _stands_in_field_25(one: Compared) -> bool:
    return one.theirs is None and re.match(r"[0-9]{3}\?[0-9]{2}", one.evidence.get("account", "")) is not None


def _has_no_words_of_the_payer(one: Compared) -> bool:
    """Say whether German codes stand there without the one that ends them."""
    if one.line is None or "SVWZ+" in _bare(one.evidence.get("details")):
        return False
    words, theirs = _bare(one.line.text), _bare(one.theirs)
    if one.what == "text":
        pieces = _GERMAN_FIELD.split(_bare(one.evidence.get("details")))
        whole = "".join(value for number, value in zip(pieces[1::2], pieces[2::2], strict=True) if number[0] in "26")
        return _GERMAN_CODE.search(words) is not None and words == whole and words.endswith(theirs)
    code = _GERMAN_CODES.get(one.what)
    return code is not None and bool(theirs) and f"{code}+{theirs}" in words


def _goes_on_after_a_german_code(one: Compared) -> bool:
    """Say whether what a plain reading takes for a code stands among the payer's words, where they may write it."""
    rest = (one.ours or "").removeprefix(one.theirs or "").lstrip()
    return one.what == "text" and one.theirs is not None and _GERMAN_MORE.match(rest) is not None


def _goes_on_after_a_question_mark(one: Compared) -> bool:
    """Say whether mt-940 took a question mark and two signs for a field, and dropped them or all that follows."""
    ours = one.ours or ""
    return "?" in ours and one.theirs in {re.sub(r"\?..", "", ours).strip(), re.sub(r"\?..[^?]*", "", ours).strip()}


def _has_letters_in_no_known_code(one: Compared) -> bool:
    has_unknown = one.ours is not None and "\N{REPLACEMENT CHARACTER}" in one.ours
    return has_unknown and one.theirs is not None and _is_read_as(one.ours or "", one.theirs)


def _is_read_as(ours: str, theirs: str) -> bool:
    """Tell whether two texts are one, apart from letters that we do not know: elsewhere blanks."""
    return re.fullmatch(re.escape(ours).replace("\N{REPLACEMENT CHARACTER}", ".?"), theirs) is not None


def _is_an_instant(one: Compared) -> bool:
    written = one.evidence.get("instant")
    if one.what != "booked_on" or written is None or one.line is None:
        return False
    instant = dt.datetime.fromisoformat(written).replace(tzinfo=None)
    midnight = dt.datetime.combine(one.line.booked_on, dt.time())
    return midnight - dt.timedelta(hours=_HOURS) <= instant < midnight + dt.timedelta(days=1, hours=_HOURS)


def _is_on_the_other_side(one: Compared) -> bool:
    return (
        one.what in {"name", "iban"}
        and one.ours is not None
        and _bare(one.ours) == _bare(one.evidence.get(f"other_{one.what}"))
        and one.iban in {None, one.account}
    )


def _is_another_party_of_that_side(one: Compared) -> bool:
    return (
        one.what == "name"
        and one.theirs is None
        and one.ours is not None
        and one.ours in (one.evidence.get("ultimate"), one.evidence.get("agent"))
    )


def _is_no_creditor_id(one: Compared) -> bool:
    return (
        one.what == "creditor_id"
        and one.ours is None
        and one.theirs is not None
        and _CREDITOR_ID.fullmatch(one.theirs) is None
    )


REASONS = (
    Reason("a word that banks write where there is no reference", _is_no_reference),
    Reason("without an end-to-end id it is the customer's reference of field 61", _is_the_customers_reference),
    Reason("the counterparty is the account itself, so it is nobody", _is_the_account_itself),
    Reason("field 38 has the whole IBAN", _is_in_field_38),
    Reason("ofxparse leaves out a line in which a tag is empty", _leaves_lines_out),
    Reason("the other reader leaves out lines that are not booked", _leaves_out_what_is_expected),
    Reason("mt-940 takes an expected debit for a credit", _turns_what_is_expected),
    Reason("ofxparse gives no account of the counterparty", _knows_no_account),
    Reason("ofxparse gives a name only where a tag NAME has it", _knows_no_payee),
    Reason("the other reader gives no such balance", _has_no_balance),
    Reason("the bank repeats the counterparty's account and name before the words", _repeats_the_party),
    Reason("the bank names it with a label in the words", _is_named_in_the_words),
    Reason("the bank writes the name behind the reference of field 61", _stands_behind_the_reference),
    Reason("the bank adds words on the second line of field 61", _adds_words_in_field_61),
    Reason("the bank folded it in field 61", _is_folded_in_field_61),
    Reason("a slash between the code and the words", _begins_with_a_slash),
    Reason("the words hold something that looks like a code", _goes_on_after_something_like_a_code),
    Reason("the bank cut a code in two", _is_cut_in_a_code),
    Reason("the words begin with the counterparty's account", _begins_with_the_account),
    Reason("the words hold something that looks like a German code", _goes_on_after_a_german_code),
    Reason("mt-940 takes a question mark and two signs for a field", _goes_on_after_a_question_mark),
    Reason("field 86 is kept whole", _is_kept_whole),
    Reason("kinds of transaction begin with N, F or S", _begins_with_the_kind),
    Reason("mt-940 says twice what the bank wrote twice", _is_said_twice),
    Reason("mt-940 drops a question mark at the end", _lost_a_question_mark),
    Reason("details stand in field 25, where mt-940 does not look for them", _stands_in_field_25),
    Reason("without SVWZ+ nothing tells the bank's codes from the payer's words", _has_no_words_of_the_payer),
    Reason(
        "letters that are neither UTF-8 nor Windows-1252 are shown as \N{REPLACEMENT CHARACTER}",
        _has_letters_in_no_known_code,
    ),
    Reason("an instant is another day elsewhere", _is_an_instant),
    Reason("the bank names nobody but the account itself on the usual side", _is_on_the_other_side),
    Reason("the bank names only the ultimate party or its bank", _is_another_party_of_that_side),
    Reason("it has not the form of a creditor's id", _is_no_creditor_id),
)
