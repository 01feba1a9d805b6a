"""What stands around a page, made anew for each request: name, ways through, other languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask import g
from flask import request
from flask import url_for

from dashboards.language import DEFAULT
from dashboards.language import ENVIRON_ROOT
from dashboards.language import language_of
from dashboards.pages.shell import LanguageLink
from dashboards.pages.shell import NavigationItem
from dashboards.pages.shell import Shell
from dashboards.pages.shell import Site
from dashboards.pages.words import word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from dashboards.language import Language
    from dashboards.pages.reader import Reader

NAVIGATION = (
    ("public.home", word("Start")),
    ("public.payments", word("Payments")),
    ("public.verify", word("Check it")),
    ("public.how", word("How it works")),
)
SIGN_IN = "desks.sign_in"
UNKNOWN_SITE = Site(district="Buurtkas", simulated=False)


def install(app: Flask, reader: Reader, languages: Mapping[str, Language]) -> None:
    """Set each request's language, and give each template its shell."""

    def choose_language() -> None:
        g.language = language_of(request.environ, languages)

    def surroundings() -> dict[str, object]:
        return {"shell": shell(_site(reader), languages), "language": g.language}

    app.before_request(choose_language)
    app.context_processor(surroundings)


def shell(site: Site, languages: Mapping[str, Language]) -> Shell:
    """Build what stands around the page of this request."""
    return Shell(
        site=site,
        languages=tuple(_language_link(language) for language in languages.values()),
        navigation=tuple(
            NavigationItem(label=label, url=url_for(endpoint), current=request.endpoint == endpoint)
            for endpoint, label in NAVIGATION
        ),
        desk_url=url_for(SIGN_IN) if SIGN_IN in current_app.view_functions else None,
    )


def _site(reader: Reader) -> Site:
    try:
        return reader.site()
    except Exception:  # a page about a fault must not fail with the same fault
        current_app.logger.exception("the site's own line could not be read")
        return UNKNOWN_SITE


def _language_link(language: Language) -> LanguageLink:
    root = str(request.environ.get(ENVIRON_ROOT, ""))
    prefix = "" if language.code == DEFAULT else f"/{language.code}"
    query = request.query_string.decode("ascii", "ignore")
    path = request.path if request.method == "GET" else "/"
    return LanguageLink(
        code=language.code,
        name=language.name,
        url=f"{root}{prefix}{path}" + (f"?{query}" if query else ""),
        current=language is g.language,
    )
