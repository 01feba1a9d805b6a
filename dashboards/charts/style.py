"""How every chart looks: the three colours with a meaning, their patterns, and a quiet layout.

The colours are those of the light theme; `static/charts.js` swaps each for the page's own value, so that
charts follow dark mode. Plotly is large and imported only inside functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

from dashboards.language import hundredths

if TYPE_CHECKING:
    from decimal import Decimal

    from plotly.graph_objects import Figure

    from dashboards.language import Language

SPENT = "#24527a"
UNEXPLAINED = "#b27700"
LEFT = "#3f8a5b"
INK = "#221c15"
RULE = "#ddd2c0"
OVER = "#a8341c"
PATTERN_UNEXPLAINED = {"shape": "/", "size": 6, "solidity": 0.45}
PATTERN_OVER = {"shape": "x", "size": 7, "solidity": 0.5}
PATTERN_LEFT = {"shape": ".", "size": 6, "solidity": 0.4}


def euros(minor: int) -> Decimal:
    """Return an amount as an exact decimal; it becomes a drawing coordinate in the browser only."""
    return hundredths(minor)


def quiet(figure: Figure, *, height: int, language: Language) -> Figure:
    """Give a figure the house's layout: transparent, no frame, nothing to click."""
    right_to_left = language.direction == "rtl"
    axis: dict[str, Any] = {"gridcolor": RULE, "zerolinecolor": RULE, "fixedrange": True}
    figure.update_layout(
        template=None,
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": INK, "size": 14},
        showlegend=False,
        separators=language.decimal_mark() + language.group_mark(),
        dragmode=False,
    )
    figure.update_xaxes(automargin=True, autorange="reversed" if right_to_left else None, **axis)
    figure.update_yaxes(automargin=True, side="right" if right_to_left else "left", **axis)
    return figure
