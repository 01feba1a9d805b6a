"""Spending over time: a bar for each month, and the running total as a line against the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.charts.style import INK
from dashboards.charts.style import LEFT
from dashboards.charts.style import SPENT
from dashboards.charts.style import euros
from dashboards.charts.style import quiet

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from dashboards.language import Language
    from dashboards.pages.initiative import InitiativePage
    from dashboards.pages.initiative import MonthLine

HEIGHT = 320


def spending(page: InitiativePage, language: Language) -> Figure:
    """Draw what an initiative spent month by month.

    Args:
        page: the initiative.
        language: for months and amounts in the labels.

    Returns:
        A figure with bars per month and the running total as steps below the budget's line.
    """
    from plotly.graph_objects import Figure  # noqa: PLC0415 -- large, and only needed for charts

    currency = page.sums.currency
    months = [f"{language.month_short(line.month)}<br>{line.month.year}" for line in page.months]
    figure = Figure()
    figure.add_bar(
        x=months,
        y=[euros(line.spent_minor) for line in page.months],
        marker={"color": SPENT},
        customdata=[_spoken(line, line.spent_minor, currency, language) for line in page.months],
        hovertemplate="%{customdata}<extra></extra>",
    )
    total = language.gettext("Paid so far")
    figure.add_scatter(
        x=months,
        y=[euros(line.total_minor) for line in page.months],
        mode="lines+markers",
        line={"color": INK, "width": 2},
        customdata=[language.money(line.total_minor, currency) for line in page.months],
        hovertemplate=f"{total}: %{{customdata}}<extra></extra>",
    )
    _budget_line(figure, page, language)
    quiet(figure, height=HEIGHT, language=language)
    figure.update_xaxes(showgrid=False, type="category")
    figure.update_yaxes(
        rangemode="tozero", nticks=6, tickformat=",.0f", tickprefix="€ " if currency == "EUR" else f"{currency} "
    )
    return figure


def _spoken(line: MonthLine, minor: int, currency: str, language: Language) -> str:
    return f"{language.month(line.month)}: {language.money(minor, currency)}"


def _budget_line(figure: Figure, page: InitiativePage, language: Language) -> None:
    label = language.gettext("may spend")
    figure.add_hline(
        y=euros(page.sums.granted_minor),
        line={"color": LEFT, "width": 2, "dash": "dot"},
        annotation={"text": f"{label} {language.money_round(page.sums.granted_minor, page.sums.currency)}"},
        annotation_position="bottom left",
    )
