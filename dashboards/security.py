"""Headers that every answer carries, and what no request may carry.

The policy allows what this site itself serves and nothing else: no inline script or style, no other
host, no frame. It is one constant, so that a test and a browser run can hold pages to it. The character NUL
is in no text that a person types, and no database keeps it in the same way.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from flask import abort
from flask import request

if TYPE_CHECKING:
    from flask import Flask
    from flask import Response

CONTENT_SECURITY_POLICY = "; ".join(  # noqa: FLY002 -- one directive a line reads best
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def protect(response: Response) -> Response:
    """Add the headers to one answer; what nobody said may be kept, such as a fault, is not kept."""
    present = {name.lower() for name, _ in response.headers}
    for name, value in (*HEADERS.items(), ("Cache-Control", "no-store")):
        if name.lower() not in present:
            response.headers.add(name, value)
    return response


def refuse_nul() -> None:
    """Refuse a request with the character NUL in its address."""
    asked = itertools.chain.from_iterable(request.args.listvalues())
    if any("\0" in text for text in (request.path, *asked)):
        abort(400)


def refuse_typed_nul() -> None:
    """Refuse a form with the character NUL in it; only once it is known how much may be typed, as this reads it."""
    if any("\0" in text for text in itertools.chain.from_iterable(request.form.listvalues())):
        abort(400)


def install(app: Flask) -> None:
    """Make every answer of the application carry the headers."""
    app.after_request(protect)
