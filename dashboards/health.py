"""Whether the process works, for whoever keeps it running: /healthz answers 200 or 503.

`live` is whether the process and its database answer; `ready` also whether the database has the shape of this
code and its fences, and whether what is appended gets signed. The answer says no more than that, for anybody can
ask; what is the matter stands in the log, by name, and `buurtkas doctor` tells it in full.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Blueprint
from flask import Response
from flask import jsonify

from dashboards.work.health import is_live
from dashboards.work.health import troubles

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from ledger.installation import Installation

logger = logging.getLogger(__name__)
UNAVAILABLE = 503


def health_blueprint(installation: Installation, clock: Callable[[], dt.datetime]) -> Blueprint:
    """Make the blueprint `health`.

    Args:
        installation: Whose.
        clock: What time it is.
    """
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        live = is_live(installation)
        found = troubles(installation, clock()) if live else ("database",)
        for name in found:
            logger.warning("not ready: %s", name, extra={"buurtkas_event": {"event": "not ready", "check": name}})
        answer = jsonify(live=live, ready=not found)
        answer.status_code = UNAVAILABLE if found else 200
        return answer

    return blueprint
