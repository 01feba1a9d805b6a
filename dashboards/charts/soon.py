"""How soon it would have been seen: a bar for each rhythm, what was gone by then and what was still there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.charts.style import LEFT
from dashboards.charts.style import OVER
from dashboards.charts.style import PATTERN_LEFT
from dashboards.charts.style import PATTERN_OVER
from dashboards.charts.style import euros
from dashboards.charts.style import quiet
from dashboards.pages.words import word_for

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from dashboards.language import Language
    from dashboards.pages.soon import SoonPage

BAR_HEIGHT = 56


def soon(page: SoonPage, language: Language) -> Figure:
    """Draw what was gone when the first flag stood.

    Args:
        page: the page's value.
        language: for words and amounts in the labels.

    Returns:
        A figure with stacked horizontal bars: gone, still there.
    """
    from plotly.graph_objects import Figure  # noqa: PLC0415 -- large, and only needed for charts

    lines = page.lines[::-1]
    figure = Figure()
    series = (
        (language.gettext("gone"), [line.gone_minor for line in lines], OVER, PATTERN_OVER),
        (language.gettext("still there"), [page.kept_minor(line) for line in lines], LEFT, PATTERN_LEFT),
    )
    for name, amounts, colour, pattern in series:
        figure.add_bar(
            orientation="h",
            name=name,
            y=[language.gettext(word_for("rhythm", line.rhythm)) for line in lines],
            x=[euros(amount) for amount in amounts],
            marker={"color": colour, "pattern": pattern},
            customdata=[language.money(amount, page.currency) for amount in amounts],
            hovertemplate=f"%{{y}}: %{{customdata}} {name}<extra></extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.45)
    quiet(figure, height=BAR_HEIGHT * len(lines) + 48, language=language)
    figure.update_xaxes(tickprefix="€ " if page.currency == "EUR" else f"{page.currency} ", nticks=4, tickformat=",.0f")
    figure.update_yaxes(showgrid=False, ticksuffix="  ")
    return figure
