"""Budget against spent per category: one bar a category, spent in front of what was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.charts.style import LEFT
from dashboards.charts.style import OVER
from dashboards.charts.style import PATTERN_LEFT
from dashboards.charts.style import PATTERN_OVER
from dashboards.charts.style import SPENT
from dashboards.charts.style import euros
from dashboards.charts.style import quiet

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from dashboards.language import Language
    from dashboards.pages.initiative import InitiativePage

BAR_HEIGHT = 56


def budget(page: InitiativePage, language: Language) -> Figure:
    """Draw the categories of an initiative.

    Args:
        page: the initiative.
        language: for words and amounts in the labels.

    Returns:
        A figure with stacked horizontal bars: paid, more than planned, left.
    """
    from plotly.graph_objects import Figure  # noqa: PLC0415 -- large, and only needed for charts

    lines = page.categories[::-1]
    currency = page.sums.currency
    figure = Figure()
    series = (
        (language.gettext("paid"), [min(line.spent_minor, line.budget_minor) for line in lines], SPENT, None),
        (language.gettext("more than planned"), [max(-line.left_minor, 0) for line in lines], OVER, PATTERN_OVER),
        (language.gettext("left"), [max(line.left_minor, 0) for line in lines], LEFT, PATTERN_LEFT),
    )
    for name, amounts, colour, pattern in series:
        figure.add_bar(
            orientation="h",
            name=name,
            y=[line.name for line in lines],
            x=[euros(max(amount, 0)) for amount in amounts],
            marker={"color": colour, "pattern": pattern or {}},
            customdata=[language.money(max(amount, 0), currency) for amount in amounts],
            hovertemplate=f"%{{y}}: %{{customdata}} {name}<extra></extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.45)
    quiet(figure, height=BAR_HEIGHT * len(lines) + 48, language=language)
    figure.update_xaxes(tickprefix=f"{_symbol(currency, language)} ", nticks=4, tickformat=",.0f")
    figure.update_yaxes(showgrid=False)
    return figure


def _symbol(currency: str, language: Language) -> str:
    return str(language.locale.currency_symbols.get(currency, currency))
