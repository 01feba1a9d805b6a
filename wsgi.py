"""The application for a WSGI server; BUURTKAS_DIR names the installation (./var where it is unset)."""

from __future__ import annotations

import os
from pathlib import Path

from dashboards.cli import COMMANDS
from dashboards.commands.frame import clock_of
from dashboards.site import make_site
from dashboards.work.finishing import finish
from ledger.installation import Installation

installation = Installation(Path(os.environ.get("BUURTKAS_DIR", "var")))
clock = clock_of(installation)
finish(installation, clock())
app = make_site(installation, clock)
for command in COMMANDS:
    app.cli.add_command(command)
