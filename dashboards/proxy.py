"""Whose word is taken on where a request comes from: one named proxy's, and nobody else's.

Under gunicorn a request that comes from the proxy's address is as if it came from the visitor's, by the scheme
that the visitor used; from anywhere else the headers that say so are dropped. `buurtkas serve` has waitress do the
same. On it rest the brake on passwords and cookies that are bound to https.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse
    from _typeshed.wsgi import WSGIApplication
    from _typeshed.wsgi import WSGIEnvironment

HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")
UNIX = "unix"


class BelievingProxy:
    """Believes a proxy.

    Args:
        app: The application behind it.
        proxy: The address that it asks from, or "unix" for whoever may use the socket that is listened on; nobody is
            believed where this is None.
    """

    def __init__(self, app: WSGIApplication, proxy: str | None) -> None:
        self._plain = app
        self._behind = ProxyFix(app, x_for=1, x_proto=1, x_host=0)
        self._proxy = proxy

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if self._proxy is not None and (environ.get("REMOTE_ADDR") or UNIX) == self._proxy:
            return self._behind(environ, start_response)
        for name in HEADERS:
            environ.pop(name, None)
        return self._plain(environ, start_response)
