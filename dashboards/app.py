"""The application factory: puts reader, languages, headers, templates and blueprints together.

There is no global state: whoever makes an application hands in where its values come from. Desks come as
blueprints of their own, so that public pages work without them.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING
from typing import Any

from flask import Flask

from dashboards import faults
from dashboards import logs
from dashboards import security
from dashboards import surroundings
from dashboards import templating
from dashboards.charts.bundle import PlotlyBundle
from dashboards.language import LanguagePrefix
from dashboards.language import load_languages
from dashboards.public import public_blueprint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping

    from flask import Blueprint

    from dashboards.pages.reader import Reader

MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 20 * MEGABYTE
YEAR_SECONDS = 365 * 24 * 3600
DEFAULTS: dict[str, Any] = {
    "MAX_CONTENT_LENGTH": LARGEST_UPLOAD,
    "MAX_FORM_MEMORY_SIZE": 2 * MEGABYTE,
    "SEND_FILE_MAX_AGE_DEFAULT": YEAR_SECONDS,
    "TEMPLATES_AUTO_RELOAD": False,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
}


def create_app(
    reader: Reader, *, blueprints: Iterable[Blueprint] = (), config: Mapping[str, Any] | None = None
) -> Flask:
    """Make the application.

    Args:
        reader: where the public pages' values come from.
        blueprints: the desks and whatever else an installation serves; `desks` gets a link in the footer.
        config: Flask settings on top of the defaults.

    Returns:
        An application that answers in every language there is a catalogue for.
    """
    app = Flask("dashboards")
    app.config.update(DEFAULTS)
    app.config.update(config or {})
    app.url_map.merge_slashes = False  # its redirects would name whatever host a request claims
    languages = load_languages()
    logs.install(app)
    templating.install(app)
    security.install(app)
    surroundings.install(app, reader, languages)
    app.before_request(security.refuse_nul)  # once it is known in which language to say so
    faults.install(app)
    app.register_blueprint(public_blueprint(reader, PlotlyBundle(version=version("plotly"))))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    app.wsgi_app = LanguagePrefix(app.wsgi_app, languages)  # type: ignore[method-assign] # Flask's documented way
    return app
