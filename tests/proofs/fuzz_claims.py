"""What must hold of whatever a reader makes of a mutant.

Each function returns what is wrong, in words; nothing where all holds. docs/proof/fuzz.md says the same for people.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import importers
from importers.asdict import statement_as_json
from importers.reading import read
from importers.reconcile import all_problems
from importers.statement import Statement
from tests.proofs import fuzz_books

if TYPE_CHECKING:
    from collections.abc import Iterator

    from importers.statement import Line
    from importers.statement import Part
    from tests.proofs.fuzz_formats import Format
    from tests.proofs.fuzz_formats import Seed

_SENTENCE = re.compile(r"[A-Z“'\"][^\n]*[.)]")
_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_WORD = re.compile(r"[^\W\d_]{4,}")
_ACCOUNT_FIGURES = tuple(
    number[8:] for number in (fuzz_books.PAYEE_IBAN, fuzz_books.PAYER_IBAN, fuzz_books.CURRENT.account)
)

Look = tuple[dt.date, int]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a seed says, as its mutants are held against it.

    Attributes:
        entries: Each entry as written, and the day and amount that it says.
        frames: What frames its entries.
        chains: For each account the amounts and balances of its rows, oldest first.
    """

    seed: Seed
    entries: tuple[tuple[bytes, Look], ...]
    frames: tuple[bytes, ...]
    chains: dict[str | None, list[tuple[int, int | None]]]


def truth_of(seed: Seed, format_: Format) -> Truth:
    """Read a seed, which must say what it was written to say."""
    statements = read(seed.data)
    found = [_figures(statement) for statement in statements]
    written = [(one.count, one.total, one.opening, one.closing) for one in seed.says]
    assert found == written, format_.name
    assert [statement.account for statement in statements] == [one.account for one in seed.says], format_.name
    assert not any(map(all_problems, statements)), format_.name
    within = format_.inside(seed.data)
    entries = format_.entry.findall(within)
    placed = [(one.member or "", line.position, line) for one in statements for line in (*one.lines, *one.pending)]
    looks = [(line.booked_on, line.amount_minor) for _, __, line in sorted(placed, key=itemgetter(0, 1))]
    chains = {one.account: [(line.amount_minor, line.running_minor) for line in one.lines] for one in statements}
    return Truth(seed, tuple(zip(entries, looks, strict=True)), tuple(format_.frame.findall(within)), chains)


def _figures(statement: Statement) -> tuple[int, int, int | None, int | None]:
    """Return what is held against what was written; a line of 0.00 more or less shows in no figure of a file."""
    opening, closing = statement.opening, statement.closing
    return (
        sum(bool(line.amount_minor) for line in statement.lines),
        sum(line.amount_minor for line in statement.lines),
        opening.amount_minor if opening else None,
        closing.amount_minor if closing else None,
    )


def _lines(statements: Sequence[Statement]) -> list[Line]:
    return [line for statement in statements for line in (*statement.lines, *statement.pending)]


def wrong_message(message: str) -> list[str]:
    """Say what is wrong with the words of a refusal: they are the readers' own, and it shows no account number."""
    shown = [f"an account number out of the file: {part}" for part in _ACCOUNT_FIGURES if part in message]
    return _wrong_words(message) + shown


def _wrong_words(message: str) -> list[str]:
    foreign = set(_WORD.findall(message)) - vocabulary()
    wrong = [] if _SENTENCE.fullmatch(message) else ["no sentence"]
    return wrong + [f"words out of the file: {word}" for word in sorted(foreign)]


@cache
def vocabulary() -> frozenset[str]:
    """Return every word that stands in the readers' own source."""
    sources = Path(importers.__file__).parent.rglob("*.py")
    return frozenset(word for path in sources for word in _WORD.findall(path.read_text(encoding="utf-8")))


def wrong_values(statements: object) -> list[str]:
    """Say what is wrong with the values that a reader returns."""
    if not isinstance(statements, Sequence) or not statements or not all(map(_is_statement, statements)):
        return [f"no statements but {type(statements).__name__}"]
    wrong: list[str] = []
    for statement in statements:
        wrong += _wrong_texts(statement, "statement")
        if statement.currency is not None and not _CODE.fullmatch(statement.currency):
            wrong.append("the statement's currency is no code")
        wrong += [f"balance: {what}" for what in _wrong_balances(statement)]
        for line in (*statement.lines, *statement.pending):
            wrong += _wrong_line(line)
        json.dumps(statement_as_json(statement), ensure_ascii=False).encode()
        for problem in all_problems(statement):
            wrong += [f"problem {problem.code}: {what}" for what in _wrong_words(problem.text)]
    return wrong


def _is_statement(one: object) -> bool:
    return isinstance(one, Statement)


def _wrong_line(line: Line) -> Iterator[str]:
    yield from _wrong_texts(line, "line")
    if type(line.amount_minor) is not int or type(line.running_minor) not in {int, type(None)}:
        yield "an amount is no int"
    if type(line.booked_on) is not dt.date or type(line.valued_on) not in {dt.date, type(None)}:
        yield "a day is no date"
    if not _CODE.fullmatch(line.currency):
        yield "a currency is no code"
    if line.parts and sum(part.amount_minor for part in line.parts) != line.amount_minor:
        yield "the parts do not add up"
    for part in line.parts:
        yield from _wrong_texts(part, "part")


def _wrong_balances(statement: Statement) -> Iterator[str]:
    for balance in (statement.opening, statement.closing):
        if balance and (type(balance.amount_minor) is not int or type(balance.date) is not dt.date):
            yield "no int or no date"


def _wrong_texts(value: Statement | Line | Part, what: str) -> Iterator[str]:
    """Yield each text that is not in NFC, or holds what nobody can read."""
    for one in fields(value):
        text = getattr(value, one.name)
        if not isinstance(text, str) or (text.isascii() and text.isprintable() and text.strip() == text and text):
            continue
        if not unicodedata.is_normalized("NFC", text):
            yield f"{what}.{one.name} is not in NFC"
        if not text.isprintable():
            yield f"{what}.{one.name} has control characters"
        if not text or text.strip() != text:
            yield f"{what}.{one.name} has nothing in it, or spaces around"


def wrong_reading(truth: Truth, format_: Format, mutant: bytes, statements: Sequence[Statement]) -> list[str]:
    """Say what was silently misread; to be asked where no statement has a problem."""
    within = format_.inside(mutant)
    wrong = _lost(truth, format_, within, statements)
    marks = len(format_.mark.findall(within))
    if len(_lines(statements)) > marks:
        wrong.append(f"{len(_lines(statements))} lines were read out of {marks} entries")
    if format_.ends and truth.seed.data.startswith(mutant) and truth.seed.data != mutant:
        wrong += _broken_off(truth, statements)
    if tuple(format_.frame.findall(within)) == truth.frames:
        wrong += _GUARDS[format_.guard](truth, statements)
    return wrong


def _broken_off(truth: Truth, statements: Sequence[Statement]) -> list[str]:
    """A file that broke off says that it did, unless it did so between two whole statements."""
    found = [_figures(statement)[:2] for statement in statements]
    written = [(one.count, one.total) for one in truth.seed.says]
    return [] if found == written[: len(found)] else [f"a file that broke off was read: {found}"]


def _lost(truth: Truth, format_: Format, within: bytes, statements: Sequence[Statement]) -> list[str]:
    """Find entries that stand whole in the mutant and were not read."""
    whole = Counter(format_.entry.findall(within))
    wanted: Counter[Look] = Counter()
    for entry, look in dict(truth.entries).items():
        wanted[look] += whole[entry]
    missing = wanted - Counter((line.booked_on, line.amount_minor) for line in _lines(statements))
    return [f"whole entries were not read: {dict(missing)}"] if missing else []


def _balances_hold(truth: Truth, statements: Sequence[Statement]) -> list[str]:
    found = [_figures(statement) for statement in statements]
    written = [(one.count, one.total, one.opening, one.closing) for one in truth.seed.says]
    return [] if found == written else [f"(count, sum, opening, closing) are {found}, not {written}"]


def _framing_holds(truth: Truth, statements: Sequence[Statement]) -> list[str]:
    """A statement that keeps both balances has the sound file's lines between them."""
    pairs = zip(map(_figures, statements), truth.seed.says, strict=False)
    return [
        f"(count, sum, opening, closing) are {found}, not {one}"
        for found, one in pairs
        if None not in found and found != (one.count, one.total, one.opening, one.closing)
    ]


def _totals_hold(truth: Truth, statements: Sequence[Statement]) -> list[str]:
    found = [_figures(statement)[:2] for statement in statements]
    written = [(one.count, one.total) for one in truth.seed.says]
    return [] if found == written else [f"(count, sum) are {found}, not {written}"]


def _chain_holds(truth: Truth, statements: Sequence[Statement]) -> list[str]:
    """A row's amount and the balance after it are the seed's, from the second row on and without a gap."""
    wrong = []
    for statement in statements:
        chain = truth.chains.get(statement.account)
        read_rows = [(line.amount_minor, line.running_minor) for line in statement.lines][1:]
        read_rows = [row for row in read_rows if row[0]]
        if chain is None or not {running for _, running in read_rows} <= {running for _, running in chain}:
            continue
        if not any(chain[at : at + len(read_rows)] == read_rows for at in range(len(chain))):
            wrong.append(f"the rows {read_rows} are no part of {chain}")
    return wrong


def _nothing_holds(_: Truth, __: Sequence[Statement]) -> list[str]:
    return []


_GUARDS = {
    "balances": _balances_hold,
    "framing": _framing_holds,
    "totals": _totals_hold,
    "running": _chain_holds,
    "nothing": _nothing_holds,
}
