"""How gunicorn serves Buurtkas: `gunicorn --config deploy/gunicorn.conf.py`, and nothing else to say.

It listens on this machine alone unless a proxy with https is named. Workers are forked from one loaded
application, so that what it would not be safe to start with is said once, and memory is shared; each
opens its own connections to the database. Lines are those of `dashboards.logs`, and there is no access log beside.
"""
# ruff: noqa: INP001 - gunicorn reads a file, not a package

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from dashboards.logs import settings
from dashboards.work.safety import check_listening
from ledger.environment import value_of
from ledger.errors import BuurtkasError

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

COULD_NOT = 2

wsgi_app = "wsgi:app"
bind = value_of("BUURTKAS_LISTEN") or "127.0.0.1:8000"
proxy = value_of("BUURTKAS_PROXY")

workers = int(value_of("BUURTKAS_WORKERS") or 2)
worker_class = "gthread"
threads = int(value_of("BUURTKAS_THREADS") or 4)
preload_app = True
max_requests = 5000
"""A worker is replaced now and then, so that no leak grows for long; never all at once."""
max_requests_jitter = 500
timeout = 120
graceful_timeout = 90
"""A large upload that is being booked is finished before a worker stops."""
keepalive = 5

forwarded_allow_ips = proxy or ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
"""Whom to believe about visitors and https is decided in one place: `dashboards.proxy`."""
control_socket_disable = True

logconfig_dict = settings()
accesslog = None


def on_starting(server: Arbiter) -> None:
    """Refuse every address that is open to others, wherever it was named: here, --bind, GUNICORN_CMD_ARGS."""
    try:
        for address in server.cfg.address:
            if isinstance(address, tuple):
                check_listening(str(address[0]), proxy)
    except BuurtkasError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(COULD_NOT) from error


def when_ready(_server: Arbiter) -> None:
    """Keep what was loaded out of the collector's sight: workers share it, and nothing of it ever goes."""
    gc.freeze()


def post_fork(_server: Arbiter, _worker: Worker) -> None:
    """Let a worker forget the connections that were opened before it was forked; they are its parent's."""
    from wsgi import installation  # noqa: PLC0415 - loaded already, by the application

    installation.engine.dispose(close=False)
