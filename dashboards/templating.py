"""How templates write: filters for amounts and dates in the reader's language, and addresses of files.

Amounts, names and IBANs come out inside `<bdi>`, so that they stay whole in a text written from the
right. Nothing here knows a page.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from flask import g
from flask import request
from flask import url_for
from jinja2 import StrictUndefined
from markupsafe import Markup
from markupsafe import escape

from dashboards.charts.picture import picture
from dashboards.charts.street import street
from dashboards.language import ENVIRON_ROOT
from dashboards.language import Language
from dashboards.pages.home import OWN_PLACES
from dashboards.pages.words import TAKEN_AWAY
from dashboards.pages.words import word_for
from ledger.entries.foundation.text_released import REMOVED

if TYPE_CHECKING:
    import datetime as dt

    from flask import Flask

IBAN_GROUP = 4


def current_language() -> Language:
    """Return the language of the request being answered."""
    language: Language = g.language
    return language


def bdi(text: str) -> Markup:
    """Keep a text whole whatever is written around it."""
    return Markup("<bdi>{}</bdi>").format(text)


def money(minor: int, currency: str) -> Markup:
    """Write an amount in full."""
    return Markup('<bdi class="money">{}</bdi>').format(current_language().money(minor, currency))


def money_round(minor: int, currency: str) -> Markup:
    """Write an amount, without cents when there are none."""
    return Markup('<bdi class="money">{}</bdi>').format(current_language().money_round(minor, currency))


def money_big(minor: int, currency: str) -> Markup:
    """Write an amount as a headline: the cents, when there are any, stand small."""
    language = current_language()
    text = language.money_round(minor, currency)
    whole, mark, cents = text.rpartition(language.decimal_mark())
    if minor % 100 == 0:
        return money_round(minor, currency)
    return Markup('<bdi class="money">{}<span class="cents">{}{}</span></bdi>').format(whole, mark, cents)


def date(value: dt.date) -> Markup:
    """Write a date."""
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), current_language().date(value))


def date_short(value: dt.date) -> Markup:
    """Write day and month in short."""
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), current_language().date_short(value))


def month(value: dt.date) -> str:
    """Write a month."""
    return current_language().month(value)


def instant(value: dt.datetime) -> Markup:
    """Write an instant."""
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), current_language().instant(value))


def number(value: int) -> str:
    """Write a whole number."""
    return current_language().number(value)


def iban(value: str) -> Markup:
    """Write an IBAN in groups of four."""
    groups = (value[start : start + IBAN_GROUP] for start in range(0, len(value), IBAN_GROUP))
    return Markup('<bdi class="iban">{}</bdi>').format(" ".join(groups))


def translated(message: str) -> str:
    """Write the text of a message id that a value carries."""
    return current_language().gettext(message)


def place(name: str) -> str:
    """Write where a stream of money begins or ends: a name as it is, what has none in the reader's language."""
    return translated(name) if name in OWN_PLACES else name


def word(code: str, group: str) -> str:
    """Write the word for a code of a group."""
    return current_language().gettext(word_for(group, code))


def redacted(text: str) -> Markup:
    """Write a released text, so that what was taken away is seen and heard as such."""
    gone = Markup('<span class="blacked" aria-hidden="true">{}</span><span class="out-of-sight">{}</span>').format(
        REMOVED, translated(TAKEN_AWAY)
    )
    return gone.join(map(escape, text.split(REMOVED)))


def shared_url(endpoint: str, **values: str) -> str:
    """Return an address that is the same in every language."""
    root = str(request.environ.get(ENVIRON_ROOT, ""))
    address = url_for(endpoint, _anchor=None, _method=None, _scheme=None, _external=None, **values)
    return root + address.removeprefix(request.script_root)


FILTERS = (
    bdi,
    money,
    money_round,
    money_big,
    date,
    date_short,
    month,
    instant,
    number,
    iban,
    translated,
    place,
    redacted,
    word,
)


def install(app: Flask) -> None:
    """Give the application's templates their filters, and let nothing undefined pass."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.auto_reload = False
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined] # added by the extension
        lambda message: current_language().gettext(message),
        lambda one, many, count: current_language().ngettext(one, many, count),
        newstyle=True,
    )
    environment.filters.update({function.__name__: function for function in FILTERS})
    digests = _digests(Path(app.static_folder or ""))
    environment.globals.update(
        asset=lambda name: shared_url("static", filename=name, v=digests[name]),
        shared_url=shared_url,
        picture=picture,
        street=street,
    )


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in files}
