"""Figures: what is drawn adds up to what is written, in the reader's language and direction."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from typing import Any

from dashboards.charts import style
from dashboards.charts.budget import budget
from dashboards.charts.flow import flow
from dashboards.charts.soon import soon
from dashboards.charts.spending import spending
from dashboards.language import FOLDER
from dashboards.language import hundredths
from dashboards.language import load_languages

if TYPE_CHECKING:
    from types import ModuleType

LANGUAGES = load_languages()
DUTCH = LANGUAGES["nl"]


def test_budget_bars_add_up_to_budget_or_spent(sample: ModuleType) -> None:
    """Spent, over and left make each bar as long as its budget, or as what was spent when that is more."""
    bars = budget(sample.INITIATIVE, DUTCH).data
    for place, line in enumerate(sample.INITIATIVE.categories[::-1]):
        assert sum(bar.x[place] for bar in bars) == hundredths(max(line.budget_minor, line.spent_minor))


def test_months_end_at_what_was_spent(sample: ModuleType) -> None:
    """The bars of all months add up to the end of the line, and that is what the page says was spent."""
    bars, total = spending(sample.INITIATIVE, DUTCH).data
    assert sum(bars.y) == total.y[-1] == hundredths(sample.INITIATIVE.sums.explained_minor)


def test_what_was_gone_and_still_there_is_all_that_went(sample: ModuleType) -> None:
    """Each bar is as long as all that was paid, whenever it was seen, and the soonest stands on top."""
    page = sample.soon_page()
    gone, kept = soon(page, DUTCH).data
    assert {a + b for a, b in zip(gone.x, kept.x, strict=True)} == {hundredths(page.total_minor)}
    assert (gone.y[-1], gone.x[-1]) == ("elke dag", hundredths(page.soonest.gone_minor))


def test_streams_out_of_the_grant_add_up_to_it(sample: ModuleType) -> None:
    """Spent, not yet explained and left are streams, and together they are what was granted."""
    link = flow(sample.HOME.flow, sample.HOME.sums, DUTCH).data[0].link
    out = sum(value for source, value in zip(link.source, link.value, strict=True) if source == 0)
    assert out == hundredths(sample.HOME.sums.granted_minor)


def test_places_of_one_name_stay_apart(sample: ModuleType) -> None:
    """An initiative and a category of one name are two places, so that no stream runs in a circle."""
    first, *_ = sample.HOME.flow
    second = replace(first, step=1, source=first.target)
    chart = flow((first, second), sample.HOME.sums, DUTCH).data[0]
    assert list(chart.node.label).count(first.target) == 2
    assert all(source < target for source, target in zip(chart.link.source, chart.link.target, strict=True))


def test_flow_of_nothing_is_empty(sample: ModuleType) -> None:
    """Before the first payment there is nothing to draw, and no error."""
    assert len(flow((), sample.HOME.sums, DUTCH).data[0].link.value or ()) == 0


def test_figures_speak_the_language(sample: ModuleType) -> None:
    """Labels and marks are those of the reader's language."""
    figure: Any = budget(sample.INITIATIVE, DUTCH)
    assert [bar.name for bar in figure.data] == ["betaald", "meer dan gepland", "over"]
    assert figure.layout.separators == ",."


def test_figures_are_mirrored_from_the_right(sample: ModuleType) -> None:
    """In a language written from the right, bars grow from the right."""
    arabic = replace(DUTCH, locale=DUTCH.locale.parse("ar"))
    figure: Any = budget(sample.INITIATIVE, arabic)
    assert figure.layout.xaxis.autorange == "reversed"
    assert figure.layout.yaxis.side == "right"


def test_theme_knows_every_colour_of_the_charts() -> None:
    """The script swaps exactly the colours that figures use, and the stylesheet's light theme has the same ones."""
    static = FOLDER.parent / "static"
    swapped = dict(re.findall(r'"(#[0-9a-f]{6})": "(--[a-z]+)"', (static / "charts.js").read_text()))
    assert set(swapped) == {style.SPENT, style.UNEXPLAINED, style.LEFT, style.INK, style.RULE, style.OVER}
    light = (static / "buurtkas.css").read_text().partition("@media")[0]
    for colour, name in swapped.items():
        assert f"{name}: {colour};" in light


def test_styles_are_logical() -> None:
    """The stylesheet names no side left or right, so that a page reads as well from the right."""
    rules = (FOLDER.parent / "static" / "buurtkas.css").read_text()
    sided = r"(?:margin|padding|border)-(?:left|right|top|bottom)"
    placed = r"[\s{;](?:left|right|top|bottom|width|height):"
    assert re.findall(f"{sided}|{placed}|text-align: (?:left|right)", rules) == []
