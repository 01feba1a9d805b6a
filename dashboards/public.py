"""The public pages: each route asks the reader for one value and shows it with one template.

Everything here may be read and kept by anyone, so that every answer has an ETag and may be cached for a
minute. Addresses are Dutch words and the same in every language.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from typing import TypeAlias

from flask import Blueprint
from flask import Response
from flask import render_template
from flask import request

from dashboards.charts.budget import budget
from dashboards.charts.flow import flow
from dashboards.charts.soon import soon
from dashboards.charts.spending import spending
from dashboards.keeping import keep_pages
from dashboards.pages.payments import PaymentFilter
from dashboards.pages.reader import PageMissing
from dashboards.templating import current_language
from ledger.canonical import MAX_INTEGER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plotly.graph_objects import Figure

    from dashboards.charts.bundle import PlotlyBundle
    from dashboards.pages.home import FlowLink
    from dashboards.pages.payments import Standing
    from dashboards.pages.reader import Reader

Route: TypeAlias = tuple[str, str, Callable[..., Response | str]]

MINUTE_SECONDS = 60
YEAR_SECONDS = 365 * 24 * 3600
LONGEST_SEARCH = 100
MONTH = re.compile(r"(?P<year>20[0-9]{2})-(?P<month>0[1-9]|1[0-2])", re.ASCII)
STANDINGS: Mapping[str, Standing] = MappingProxyType(
    {"bekeken": "looked_at", "niet-in-orde": "not_in_order", "onverteld": "unexplained"}
)
PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)


def public_blueprint(reader: Reader, bundle: PlotlyBundle) -> Blueprint:
    """Make the blueprint of the public pages.

    Args:
        reader: where values come from.
        bundle: Plotly's script and rules.

    Returns:
        A blueprint named `public`.
    """
    blueprint = Blueprint("public", __name__)
    pages = PublicPages(reader)
    charts = ChartRoutes(reader)
    script = BundleRoutes(bundle)
    for rule, endpoint, view in (*pages.routes(), *charts.routes(), *script.routes()):
        blueprint.add_url_rule(rule, endpoint, view)
    keep_pages(blueprint, lambda: reader.mark())  # noqa: PLW0108 -- a reader that fails fails on being asked
    blueprint.after_request(keepable)
    blueprint.app_context_processor(lambda: {"bundle": bundle})
    return blueprint


def keepable(response: Response) -> Response:
    """Let anyone keep an answer for a minute, and ask afterwards whether it changed."""
    if response.status_code == 200 and "Cache-Control" not in response.headers:  # noqa: PLR2004 -- HTTP's own number
        response.cache_control.public = True
        response.cache_control.max_age = MINUTE_SECONDS
        response.add_etag()
        response.make_conditional(request)
    return response


@dataclass(frozen=True, slots=True)
class PublicPages:
    """The pages people read."""

    reader: Reader

    def routes(self) -> tuple[Route, ...]:
        """Address, name and function of every page."""
        return (
            ("/", "home", self.home),
            ("/stichting/<slug>", "foundation", self.foundation),
            ("/stichting/<slug>/hoe-snel", "soon", self.soon),
            ("/initiatief/<slug>", "initiative", self.initiative),
            (f"/betaling/<slug>/<int(max={MAX_INTEGER}):seq>", "transaction", self.transaction),
            ("/betalingen", "payments", self.payments),
            ("/regels", "rules", self.rules),
            ("/regels/<rule_id>", "rule", self.rule),
            ("/controleer", "verify", self.verify),
            ("/uitleg", "how", self.how),
        )

    def home(self) -> str:
        """The start page."""
        return render_template("public/home.html", page=self.reader.home())

    def foundation(self, slug: str) -> str:
        """A foundation."""
        return render_template("public/foundation.html", page=self.reader.foundation(slug))

    def soon(self, slug: str) -> str:
        """How soon payments that were not in order would have been seen."""
        return render_template("public/soon.html", page=self.reader.soon(slug))

    def initiative(self, slug: str) -> str:
        """An initiative."""
        return render_template("public/initiative.html", page=self.reader.initiative(slug))

    def transaction(self, slug: str, seq: int) -> str:
        """A payment."""
        return render_template("public/transaction.html", page=self.reader.transaction(slug, seq))

    def payments(self) -> str:
        """The list of payments."""
        page = self.reader.payments(asked_filter(), asked_page())
        return render_template("public/payments.html", page=page)

    def rules(self) -> str:
        """The list of rules."""
        return render_template("public/rules.html", rules=self.reader.rules())

    def rule(self, rule_id: str) -> str:
        """A rule."""
        return render_template("public/rule.html", page=self.reader.rule(rule_id))

    def verify(self) -> str:
        """The outcome of the last check."""
        return render_template("public/verify.html", page=self.reader.verify())

    def how(self) -> str:
        """How it works."""
        return render_template("public/how.html")


@dataclass(frozen=True, slots=True)
class ChartRoutes:
    """The figures behind the pictures, as JSON in the page's language."""

    reader: Reader

    def routes(self) -> tuple[Route, ...]:
        """Address, name and function of every chart."""
        return (
            ("/chart/flow.json", "home_chart", self.home_flow),
            ("/stichting/<slug>/chart/flow.json", "foundation_chart", self.foundation_flow),
            ("/stichting/<slug>/chart/hoe-snel.json", "soon_chart", self.soon),
            ("/initiatief/<slug>/chart/<name>.json", "initiative_chart", self.initiative),
        )

    def home_flow(self) -> Response:
        """Where all the money went."""
        page = self.reader.home()
        return _figure(flow(_shown(page.flow), page.sums, current_language()))

    def foundation_flow(self, slug: str) -> Response:
        """Where a foundation's money went."""
        page = self.reader.foundation(slug)
        return _figure(flow(_shown(page.flow), page.sums, current_language()))

    def soon(self, slug: str) -> Response:
        """What was gone when the first flag stood."""
        return _figure(soon(self.reader.soon(slug), current_language()))

    def initiative(self, slug: str, name: str) -> Response:
        """An initiative's budget, or its spending over time."""
        charts = {"budget": budget, "spending": spending}
        if name not in charts:
            raise PageMissing
        return _figure(charts[name](self.reader.initiative(slug), current_language()))


@dataclass(frozen=True, slots=True)
class BundleRoutes:
    """Plotly's script and rules, at addresses that change with their content."""

    bundle: PlotlyBundle

    def routes(self) -> tuple[Route, ...]:
        """Address, name and function of both files."""
        return (
            ("/plotly/<tag>/plotly.js", "plotly_script", self.script),
            ("/plotly/<tag>/plotly.css", "plotly_style", self.style),
        )

    def script(self, tag: str) -> Response:
        """The script, compressed for whoever takes it so."""
        self._known(tag)
        response = Response(mimetype="text/javascript")
        if request.accept_encodings["gzip"]:
            response.set_data(self.bundle.compressed)
            response.content_encoding = "gzip"
        else:
            response.set_data(self.bundle.plain)
        response.vary.add("Accept-Encoding")
        return _for_ever(response)

    def style(self, tag: str) -> Response:
        """The rules."""
        self._known(tag)
        return _for_ever(Response(self.bundle.stylesheet, mimetype="text/css"))

    def _known(self, tag: str) -> None:
        if tag != self.bundle.tag:
            raise PageMissing


def _shown(links: tuple[FlowLink, ...]) -> tuple[FlowLink, ...]:
    narrow = "smal" in request.args
    return tuple(link for link in links if link.step == 0 or not narrow)


def _figure(figure: Figure) -> Response:
    return Response(figure.to_json(), mimetype="application/json")


def _for_ever(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = YEAR_SECONDS
    response.cache_control.immutable = True
    return response


def asked_filter() -> PaymentFilter:
    """Read what the address asks for; what makes no sense is as if it were not there."""
    return PaymentFilter(
        foundation=request.args.get("stichting") or None,
        initiative=request.args.get("initiatief") or None,
        month=_month(request.args.get("maand", "")),
        text=request.args.get("zoek", "").strip()[:LONGEST_SEARCH],
        standing=STANDINGS.get(request.args.get("stand", "")),
    )


def asked_page() -> int:
    """Read the page number; what is none is the first."""
    text = request.args.get("pagina", "")
    return int(text) if PAGE_NUMBER.fullmatch(text) else 1


def _month(text: str) -> dt.date | None:
    found = MONTH.fullmatch(text)
    return dt.date(int(found["year"]), int(found["month"]), 1) if found else None
