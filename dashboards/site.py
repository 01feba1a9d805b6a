"""A whole site on one installation: public pages, the published log, and the desks.

Whatever a request appended is signed right after it, outside its transaction. A signer that refuses
does not take back what was appended, nor the answer about it: it is logged, and shows as not signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from dashboards.app import create_app
from dashboards.desks import desks_blueprint
from dashboards.health import health_blueprint
from dashboards.log_pages import log_blueprint
from dashboards.reading import DatabaseReader
from dashboards.work.finishing import sign_rest
from ledger.errors import BuurtkasError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from collections.abc import Mapping

    from flask import Flask
    from flask import Response

    from ledger.installation import Installation

SERVED = {"MARK_MS": 100}
"""How a site is served: what many ask for is looked up ten times a second."""


def make_site(
    installation: Installation, clock: Callable[[], dt.datetime], config: Mapping[str, object] | None = None
) -> Flask:
    """Make the application that serves an installation.

    Args:
        installation: What it serves.
        clock: What time it is; played in simulated installations.
        config: Flask settings on top of the defaults.
    """
    blueprints = (
        log_blueprint(installation),
        desks_blueprint(installation, clock),
        health_blueprint(installation, clock),
    )
    app = create_app(DatabaseReader(installation, clock), blueprints=blueprints, config=config)

    def sign(response: Response) -> Response:
        if request.method == "POST":
            try:
                sign_rest(installation)
            except (BuurtkasError, OSError):
                app.logger.exception("what was appended is not signed yet; run `buurtkas verify`")
        return response

    app.after_request(sign)
    return app
