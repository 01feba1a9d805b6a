"""The desks: what treasurers, signatories and officers do, one module per desk.

Routes are thin: they read a form, call a use case, and show a value with a template. Every page
checks the role on every request, changes nothing on GET, and answers a change with a redirect.
Signing what was appended is for the site that these desks stand in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from dashboards.access.guard import Guard
from dashboards.desks import refusals
from dashboards.desks.accounts import AccountsDesk
from dashboards.desks.decisions import DecisionsDesk
from dashboards.desks.deliveries import DeliveriesDesk
from dashboards.desks.desk import Office
from dashboards.desks.explain import ExplainDesk
from dashboards.desks.home import HomeDesk
from dashboards.desks.inbox import InboxDesk
from dashboards.desks.payees import PayeesDesk
from dashboards.desks.signing import SigningDesk
from dashboards.desks.standing import StandingDesk
from dashboards.desks.statements import StatementsDesk
from dashboards.desks.texts import TextsDesk
from dashboards.desks.upload import UploadDesk
from dashboards.desks.upload_links import choice_of
from dashboards.work.background import Background
from dashboards.work.background import in_thread

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from flask import Flask

    from dashboards.work.background import Start
    from ledger.installation import Installation


def desks_blueprint(
    installation: Installation, clock: Callable[[], dt.datetime], start: Start = in_thread
) -> Blueprint:
    """Make the blueprint `desks`.

    Args:
        installation: Whose books.
        clock: What time it is; played in simulated installations.
        start: Runs long work beside the request that asked for it.
    """
    blueprint = Blueprint("desks", __name__, url_prefix="/bureau")
    guard = Guard(installation, clock)
    guard.install(blueprint)
    refusals.install(blueprint)
    office = Office(installation, clock)
    background = Background(installation, clock, choice_of, start)
    for desk in (
        SigningDesk(office, guard),
        HomeDesk(office),
        PayeesDesk(office),
        DecisionsDesk(office),
        InboxDesk(office),
        UploadDesk(office, background),
        StatementsDesk(office),
        DeliveriesDesk(office),
        AccountsDesk(office),
        ExplainDesk(office),
        StandingDesk(office),
        TextsDesk(office),
    ):
        for rule, name, methods, view in desk.routes():
            blueprint.add_url_rule(rule, name, view, methods=methods)
    return blueprint


def register(
    app: Flask, installation: Installation, clock: Callable[[], dt.datetime], start: Start = in_thread
) -> None:
    """Add the desks to an application."""
    app.register_blueprint(desks_blueprint(installation, clock, start))
