"""Languages: every text, amount and date as a reader of one language expects it.

A language is a folder in `translations/` with one catalogue, read and compiled in memory at start, so
that no compiled catalogue can be stale. The ids are English; Dutch is the default and has no prefix,
every other language answers under its own (`/en/...`). Amounts come in as whole hundredths and are
never floats on the way to paper.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel import Locale
from babel import dates
from babel import numbers
from babel.messages import mofile
from babel.messages import pofile
from babel.support import Translations

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from collections.abc import Mapping
    from wsgiref.types import StartResponse
    from wsgiref.types import WSGIApplication
    from wsgiref.types import WSGIEnvironment

DEFAULT = "nl"
ENVIRON_LANGUAGE = "buurtkas.language"
ENVIRON_ROOT = "buurtkas.root"
REGIONS = {"en": "en_GB"}
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FOLDER = Path(__file__).parent / "translations"
CATALOGUE = Path("LC_MESSAGES") / "buurtkas.po"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its texts, and how it writes numbers and dates."""

    code: str
    locale: Locale
    catalogue: Translations

    @property
    def name(self) -> str:
        """What the language calls itself, with a capital."""
        own = self.locale.get_language_name(self.locale) or self.code
        return own[:1].upper() + own[1:]

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, for the `dir` attribute."""
        return self.locale.text_direction

    def gettext(self, message: str) -> str:
        """Return the text with this English id."""
        return str(self.catalogue.gettext(message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the text for this count."""
        return str(self.catalogue.ngettext(one, many, count))

    def money(self, minor: int, currency: str = "EUR") -> str:
        """Write an amount of whole hundredths in full, cents included."""
        return numbers.format_currency(hundredths(minor), currency, locale=self.locale)

    def money_round(self, minor: int, currency: str = "EUR") -> str:
        """Write an amount; without its cents only when there are none."""
        if minor % 100:
            return self.money(minor, currency)
        return numbers.format_currency(
            Decimal(minor // 100), currency, locale=self.locale, currency_digits=False, format=self._whole_pattern()
        )

    def _whole_pattern(self) -> str:
        pattern: str = self.locale.currency_formats["standard"].pattern
        return pattern.replace(".00", "")

    def decimal_mark(self) -> str:
        """Return the mark between euros and cents."""
        return numbers.get_decimal_symbol(self.locale)

    def group_mark(self) -> str:
        """Return the mark between thousands."""
        return numbers.get_group_symbol(self.locale)

    def number(self, value: int) -> str:
        """Write a whole number with the language's grouping."""
        return numbers.format_decimal(value, locale=self.locale)

    def percent(self, part: int, whole: int) -> str:
        """Write part of whole as whole per cents; nothing of nothing is 0%."""
        share = Decimal(part) / Decimal(whole) if whole else Decimal(0)
        return numbers.format_percent(share.quantize(Decimal("0.01")), locale=self.locale)

    def date(self, value: dt.date) -> str:
        """Write a date with its month as a word."""
        return dates.format_date(value, "long", locale=self.locale)

    def date_short(self, value: dt.date) -> str:
        """Write day and abbreviated month, for columns where the year stands elsewhere."""
        return dates.format_skeleton("MMMd", value, locale=self.locale)

    def month(self, value: dt.date) -> str:
        """Write month and year."""
        return dates.format_skeleton("yMMMM", value, locale=self.locale)

    def month_short(self, value: dt.date) -> str:
        """Write an abbreviated month."""
        return dates.format_skeleton("MMM", value, locale=self.locale)

    def instant(self, value: dt.datetime) -> str:
        """Write an instant as the clock in Amsterdam showed it."""
        there = value.astimezone(AMSTERDAM)
        clock = dates.format_time(there.time(), "short", locale=self.locale)
        return f"{self.date(there.date())}, {clock}"


def hundredths(minor: int) -> Decimal:
    """Return an amount of whole hundredths as an exact decimal."""
    return Decimal(minor).scaleb(-2)


def read_catalogue(path: Path, locale: Locale) -> Translations:
    """Compile one .po file in memory."""
    with path.open("rb") as source:
        catalogue = pofile.read_po(source, locale=locale)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain="buurtkas")


def load_languages(folder: Path = FOLDER) -> dict[str, Language]:
    """Read every language there is a folder for, the default first.

    Args:
        folder: where `<code>/LC_MESSAGES/buurtkas.po` lie.

    Returns:
        Languages by their code.
    """
    codes = sorted(path.name for path in folder.iterdir() if (path / CATALOGUE).is_file())
    ordered = sorted(codes, key=lambda code: (code != DEFAULT, code))
    return {code: _load(folder, code) for code in ordered}


def _load(folder: Path, code: str) -> Language:
    locale = Locale.parse(REGIONS.get(code, code))
    return Language(code=code, locale=locale, catalogue=read_catalogue(folder / code / CATALOGUE, locale))


class LanguagePrefix:
    """WSGI middleware: `/en/x` becomes `/x` in English; everything below then links inside `/en`."""

    def __init__(self, app: WSGIApplication, codes: Iterable[str]) -> None:
        self._app = app
        self._prefixes = frozenset(codes) - {DEFAULT}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Move the language from the path into the environment."""
        root = environ.get("SCRIPT_NAME", "")
        environ[ENVIRON_ROOT] = root
        first, _, rest = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
        environ[ENVIRON_LANGUAGE] = first if first in self._prefixes else DEFAULT
        if first in self._prefixes:
            environ["SCRIPT_NAME"] = f"{root}/{first}"
            environ["PATH_INFO"] = f"/{rest}"
        return self._app(environ, start_response)


def language_of(environ: Mapping[str, object], languages: Mapping[str, Language]) -> Language:
    """Return the language a request asked for."""
    return languages[str(environ.get(ENVIRON_LANGUAGE, DEFAULT))]
