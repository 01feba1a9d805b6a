"""Languages: amounts without floats, dates as people say them, and a catalogue that misses nothing."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages import pofile
from babel.messages.extract import extract_from_dir
from hypothesis import given
from hypothesis import strategies as st

import audit
import dashboards
from audit.errors import StepRefused
from audit.rules import RULES
from dashboards import errors
from dashboards import language
from dashboards.desks.refusals import AGAIN
from dashboards.desks.refusals import advice_of
from dashboards.language import DEFAULT
from dashboards.language import FOLDER
from dashboards.language import Language
from dashboards.language import LanguagePrefix
from dashboards.language import load_languages

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from babel.messages.catalog import Message

    from ledger.errors import BuurtkasError

LANGUAGES = load_languages()
DUTCH = LANGUAGES["nl"]
ENGLISH = LANGUAGES["en"]
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def used() -> dict[str, tuple[str, ...]]:
    """Every text that code and templates ask for: its id, and its plural beside it."""
    found = itertools.chain.from_iterable(
        extract_from_dir(
            Path(package.__path__[0]),
            method_map=[("**.py", "python"), ("templates/**.html", "jinja2")],
            options_map={"templates/**.html": {"newstyle_gettext": "true", "silent": "false"}},
            keywords={"_": None, "gettext": None, "ngettext": (1, 2), "word": None, "N_": None},
        )
        for package in (audit, dashboards)
    )
    texts = (message if isinstance(message, tuple) else (message,) for _, _, message, _, _ in found)
    return {text[0]: text for text in texts}


def catalogue(code: str) -> Catalog:
    """The catalogue as it stands in the tree."""
    with (FOLDER / code / language.CATALOGUE).open("rb") as source:
        return pofile.read_po(source, locale=code)


def forms(message: Message) -> tuple[str, ...]:
    """All forms of a translation."""
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (str(message.string),)


def test_default_language_is_dutch_and_comes_first() -> None:
    """Dutch is what a visitor without a choice reads, and the first link."""
    assert next(iter(LANGUAGES)) == DEFAULT == "nl"


def test_languages_are_named_by_themselves() -> None:
    """Each language is offered under its own name."""
    assert [one.name for one in LANGUAGES.values()][:2] == ["Nederlands", "English"]


def test_dutch_catalogue_misses_nothing() -> None:
    """Every text that code or a template uses has a Dutch one."""
    dutch = catalogue("nl")
    missing = [text for text in used() if not (found := dutch.get(text)) or not all(forms(found))]
    assert missing == [], "add these to dashboards/translations/nl"


def test_every_text_of_a_rule_is_dutch_too() -> None:
    """What a rule says of itself is read by neighbours: title, reason, limits, all of it."""
    for rule in RULES.values():
        said = (rule.title, rule.why, rule.how, rule.example, rule.false_positives, rule.severity_note)
        for text in (*said, *(parameter.label for parameter in rule.parameters)):
            assert DUTCH.gettext(text) != text


def test_every_refusal_of_a_desk_is_dutch_too() -> None:
    """Whatever a use case refuses, the page says in Dutch what to do next."""
    for kind in _kinds_below(errors.DeskError):
        advice = kind.advice  # type: ignore[attr-defined] # every DeskError has one
        assert DUTCH.gettext(advice) != advice, kind


def test_every_refused_step_has_words_of_its_own() -> None:
    """A step in a case that may not be taken says why, not only that it may not."""
    kinds = _kinds_below(StepRefused)
    assert kinds
    for kind in kinds:
        refusal = kind.__new__(kind)
        assert advice_of(refusal) != AGAIN
        assert DUTCH.gettext(advice_of(refusal)) != advice_of(refusal)


def _kinds_below(root: type[BuurtkasError]) -> list[type[BuurtkasError]]:
    return [kind for child in root.__subclasses__() for kind in (child, *_kinds_below(child))]


def test_dutch_catalogue_holds_nothing_unused_or_fuzzy() -> None:
    """No text stands in the catalogue that nobody asks for, and none is a guess."""
    texts = used()
    entries = [message for message in catalogue("nl") if message.id]
    assert [message.id for message in entries if message.fuzzy] == []
    assert [message.id for message in entries if _singular(message) not in texts] == []


def _singular(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)


def test_dutch_plurals_are_there() -> None:
    """A text with a plural has both forms, in one catalogue entry."""
    dutch = catalogue("nl")
    plurals = [text for text in used().values() if len(text) > 1]
    assert plurals
    for text in plurals:
        found = dutch.get(text[0])
        assert found is not None
        assert len(forms(found)) == 2, text


def test_dutch_keeps_every_placeholder() -> None:
    """A translation shows every value that its id shows, and no other."""
    for message in catalogue("nl"):
        if not message.id:
            continue
        for form in forms(message):
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(_singular(message))), message.id


def test_count_chooses_the_form() -> None:
    """One is one, everything else is many."""
    one, many = "%(name)s and %(num)s other", "%(name)s and %(num)s others"
    assert [DUTCH.ngettext(one, many, count) for count in (0, 1, 2)] == [
        "%(name)s en %(num)s anderen",
        "%(name)s en %(num)s ander",
        "%(name)s en %(num)s anderen",
    ]


def test_amounts_read_as_in_the_language() -> None:
    """Dutch and English each put mark, sign and grouping where their readers expect them."""
    assert DUTCH.money(-1_234_56, "EUR").replace("\xa0", " ") == "€ -1.234,56"
    assert ENGLISH.money(-1_234_56, "EUR") == "-€1,234.56"


def test_round_amounts_lose_their_cents_and_no_others() -> None:
    """Cents disappear from a headline only when there are none."""
    assert ENGLISH.money_round(187_600_00, "EUR") == "€187,600"
    assert ENGLISH.money_round(187_600_01, "EUR") == "€187,600.01"
    assert DUTCH.money_round(187_600_00, "EUR").replace("\xa0", " ") == "€ 187.600"


@given(st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1))
def test_no_cent_is_lost_on_the_way_to_paper(minor: int) -> None:
    """The figures of any amount that an entry can hold are those printed."""
    printed = ENGLISH.money(minor, "EUR")
    assert int(re.sub(r"[^0-9-]", "", printed)) == minor


def test_dates_say_the_month() -> None:
    """A date is written with its month as a word."""
    day = dt.date(2026, 3, 3)
    assert DUTCH.date(day) == "3 maart 2026"
    assert ENGLISH.date(day) == "3 March 2026"
    assert DUTCH.month(day) == "maart 2026"
    assert DUTCH.date_short(day) == "3 mrt"


def test_instants_show_the_clock_in_amsterdam() -> None:
    """An instant is shown as the clock there showed it, in summer as in winter."""
    assert DUTCH.instant(dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)) == "2 juli 2026, 00:30"
    assert DUTCH.instant(dt.datetime(2026, 1, 1, 11, 0, tzinfo=dt.UTC)) == "1 januari 2026, 12:00"


def test_percent_of_nothing_is_nothing() -> None:
    """A share of an empty whole is 0% and no error."""
    assert DUTCH.percent(0, 0) == "0%"
    assert DUTCH.percent(1, 3) == "33%"


def test_numbers_are_grouped() -> None:
    """Large numbers get the language's grouping."""
    assert (DUTCH.number(1204), ENGLISH.number(1204)) == ("1.204", "1,204")


def test_language_is_added_by_a_folder(tmp_path: Path) -> None:
    """A folder with a catalogue is a language; its direction comes with it."""
    for code in ("nl", "ar"):
        folder = tmp_path / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "buurtkas.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n')
    (tmp_path / "notes").mkdir()
    languages = load_languages(tmp_path)
    assert list(languages) == ["nl", "ar"]
    assert languages["ar"].direction == "rtl"
    assert languages["nl"].direction == "ltr"


@pytest.mark.parametrize(
    ("path", "code", "root", "rest"),
    [
        ("/", "nl", "", "/"),
        ("/en/betalingen", "en", "/en", "/betalingen"),
        ("/en", "en", "/en", "/"),
        ("/english", "nl", "", "/english"),
        ("/nl/betalingen", "nl", "", "/nl/betalingen"),
    ],
)
def test_prefix_chooses_the_language(path: str, code: str, root: str, rest: str) -> None:
    """A language's prefix leaves the path and becomes the root of every link; others stay as they are."""
    seen: dict[str, object] = {}

    def inner(environ: dict[str, object], _: object) -> list[bytes]:
        seen.update(environ)
        return []

    LanguagePrefix(inner, ("nl", "en"))({"PATH_INFO": path}, lambda *_: lambda _: None)
    assert (seen[language.ENVIRON_LANGUAGE], seen.get("SCRIPT_NAME", ""), seen["PATH_INFO"]) == (code, root, rest)


def test_unknown_text_stays_english() -> None:
    """A text that no catalogue holds is shown as its id and never as an error."""
    assert isinstance(DUTCH, Language)
    assert DUTCH.gettext("nobody wrote this") == "nobody wrote this"
