"""The application for a WSGI server: what `deploy/gunicorn.conf.py` serves.

BUURTKAS_DIR names the installation (./var where it is unset), BUURTKAS_PROXY the proxy that is believed. What it
would not be safe to start with is refused here in words, as on the command line.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dashboards.cli import COMMANDS
from dashboards.commands.frame import clock_of
from dashboards.daybreak import Daybreak
from dashboards.logs import write_lines
from dashboards.proxy import BelievingProxy
from dashboards.site import SERVED
from dashboards.site import make_site
from dashboards.work.finishing import finish
from dashboards.work.safety import check_owner
from dashboards.work.safety import check_safe
from ledger.environment import value_of
from ledger.errors import BuurtkasError
from ledger.installation import Installation

COULD_NOT = 2

try:
    directory = Path(value_of("BUURTKAS_DIR") or "var")
    check_owner(directory)
    installation = Installation(directory)
    check_safe(installation)
    clock = clock_of(installation)
    finish(installation, clock())
except BuurtkasError as error:
    sys.stderr.write(f"{error}\n")
    raise SystemExit(COULD_NOT) from error

write_lines()
app = make_site(installation, clock, SERVED)
Daybreak(installation, clock).install(app)
app.wsgi_app = BelievingProxy(app.wsgi_app, value_of("BUURTKAS_PROXY"))  # type: ignore[method-assign] # Flask's way
for command in COMMANDS:
    app.cli.add_command(command)
