"""Tokens in forms: proof that a form was shown by this site to this very browser.

A form's token is an HMAC, under a key derived from the installation secret, of the token in
the browser's cookie. Before signing in that is a token of its own, signed by this site, so that
nobody can plant one from elsewhere. Nothing of this needs a table.

Source: OWASP "Cross-Site Request Forgery Prevention": signed double-submit cookie, bound to the session.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.installation import Installation

VISITOR_BYTES = 24


def form_token(installation: Installation, cookie: str) -> str:
    """Return the token that a form carries for the browser with this cookie."""
    return installation.keyed("form", cookie)


def right_form_token(installation: Installation, cookie: str, given: str) -> bool:
    """Tell whether a form carries this browser's token."""
    return hmac.compare_digest(form_token(installation, cookie).encode(), given.encode())


def visitor_token(installation: Installation) -> str:
    """Return a fresh token for somebody who has not signed in."""
    words = secrets.token_urlsafe(VISITOR_BYTES)
    return f"{words}.{installation.keyed('visitor', words)}"


def right_visitor_token(installation: Installation, token: str) -> bool:
    """Tell whether this site made a visitor's token."""
    words, _, seal = token.partition(".")
    return hmac.compare_digest(installation.keyed("visitor", words).encode(), seal.encode())
