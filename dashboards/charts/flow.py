"""Where the money went: from the grant to initiatives to categories, as streams as wide as their amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import TypeAlias

from dashboards.charts.style import LEFT
from dashboards.charts.style import SPENT
from dashboards.charts.style import UNEXPLAINED
from dashboards.charts.style import euros
from dashboards.charts.style import quiet
from dashboards.pages.home import DISTRICT_MONEY
from dashboards.pages.home import OWN_PLACES

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from dashboards.language import Language
    from dashboards.pages.home import FlowLink
    from dashboards.pages.parts import Sums

ROW = 34
LEAST = 280
Place: TypeAlias = tuple[int, str]
Stream: TypeAlias = tuple[Place, Place, int, str]
STREAM = f"{SPENT}4d"


def flow(links: tuple[FlowLink, ...], sums: Sums, language: Language) -> Figure:
    """Draw streams of money; what is left and not yet explained are streams too, so that the sum holds.

    Args:
        links: from place to place, amounts above zero.
        sums: of the same page; its rest becomes two streams out of the first place.
        language: for words and amounts in the labels.

    Returns:
        A Sankey figure, mirrored for languages written from the right.
    """
    from plotly.graph_objects import Figure  # noqa: PLC0415 -- large, and only needed for charts

    streams = [
        (
            (link.step, _named(link.source, language)),
            (link.step + 1, _named(link.target, language)),
            link.amount_minor,
            STREAM,
        )
        for link in links
    ]
    streams += _rest(links, sums, language)
    places = list(dict.fromkeys(place for source, target, _, _ in streams for place in (source, target)))
    names = [name for _, name in places]
    amounts = [language.money(amount, sums.currency) for _, _, amount, _ in streams]
    figure = Figure()
    figure.add_sankey(
        orientation="h",
        node={
            "label": [_folded(name, language) for name in names],
            "pad": 14,
            "thickness": 14,
            "color": _colours(names, language),
            "line": {"width": 0},
        },
        link={
            "source": [places.index(source) for source, _, _, _ in streams],
            "target": [places.index(target) for _, target, _, _ in streams],
            "value": [euros(amount) for _, _, amount, _ in streams],
            "color": [colour for _, _, _, colour in streams],
            "customdata": amounts,
            "hovertemplate": "%{source.label} → %{target.label}: %{customdata}<extra></extra>",
        },
    )
    return quiet(figure, height=max(LEAST, ROW * len(names)), language=language)


def _rest(links: tuple[FlowLink, ...], sums: Sums, language: Language) -> list[Stream]:
    if not links:
        return []
    first = (0, _named(links[0].source, language))
    rest = (
        (language.gettext("not yet explained"), sums.unexplained_minor, f"{UNEXPLAINED}59"),
        (language.gettext("left"), sums.left_minor, f"{LEFT}59"),
    )
    return [(first, (1, name), amount, colour) for name, amount, colour in rest if amount > 0]


def _folded(name: str, language: Language) -> str:
    """Write the page's own long words on two lines, so that the two ends of a narrow picture stay apart."""
    long = (language.gettext(DISTRICT_MONEY), language.gettext("not yet explained"))
    words = name.split()
    half = (len(words) + 1) // 2
    return "<br>".join((" ".join(words[:half]), " ".join(words[half:]))) if name in long else name


def _named(place: str, language: Language) -> str:
    """Return what a place is called: two are message ids, all others are names."""
    return language.gettext(place) if place in OWN_PLACES else place


def _colours(names: list[str], language: Language) -> list[str]:
    special = {language.gettext("left"): LEFT, language.gettext("not yet explained"): UNEXPLAINED}
    return [special.get(name, SPENT) for name in names]
