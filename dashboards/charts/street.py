"""The street: every initiative a house, as tall as its budget, filled from below by what was spent.

Only geometry, in whole SVG units; the template draws it. Nothing here is chance: the gable follows from
the slug, so that a house looks the same on every visit.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dashboards.pages.parts import InitiativeCard

HOUSES = 12
WIDTH = 74
GAP = 10
TALLEST = 190
LOWEST = 70
GROUND = 250
GABLE = 34
WINDOW_ROW = 40


@dataclass(frozen=True, slots=True)
class House:
    """One house: its outline, the rectangles that fill it, and where its windows are."""

    name: str
    slug: str
    outline: str
    spent_y: int
    spent_height: int
    x: int
    top: int
    windows: tuple[tuple[int, int], ...]
    door_x: int


@dataclass(frozen=True, slots=True)
class Street:
    """All houses side by side."""

    width: int
    height: int
    ground: int
    houses: tuple[House, ...]


def street(cards: tuple[InitiativeCard, ...]) -> Street:
    """Build the street of the largest initiatives.

    Args:
        cards: initiatives with their sums, largest budget first; the first twelve become houses.

    Returns:
        Geometry in a box of `width` by `height` units.
    """
    shown = cards[:HOUSES]
    most = max((card.sums.granted_minor for card in shown), default=1) or 1
    ordered = sorted(shown, key=lambda card: _digest(card.link.slug)[0])
    houses = tuple(_house(card, place, most) for place, card in enumerate(ordered))
    return Street(width=len(houses) * (WIDTH + GAP) + GAP, height=GROUND + 8, ground=GROUND, houses=houses)


def _house(card: InitiativeCard, place: int, most: int) -> House:
    left = GAP + place * (WIDTH + GAP)
    share = math.isqrt(max(card.sums.granted_minor, 0) * 10_000 // most)
    wall = LOWEST + (TALLEST - LOWEST) * share // 100
    top = GROUND - wall
    full = wall + GABLE
    gone = card.sums.explained_minor + card.sums.unexplained_minor
    spent = min(full, max(0, full * gone // max(card.sums.granted_minor, 1)))
    return House(
        name=card.link.name,
        slug=card.link.slug,
        outline=_outline(left, top, _digest(card.link.slug)[1] % 4),
        spent_y=GROUND - spent,
        spent_height=spent,
        x=left,
        top=top,
        windows=_windows(left, top),
        door_x=left + (10 if _digest(card.link.slug)[2] % 2 else WIDTH - 28),
    )


def _outline(left: int, top: int, gable: int) -> str:
    right, middle, peak = left + WIDTH, left + WIDTH // 2, top - GABLE
    roofs = (
        f"L{middle} {peak} L{right} {top}",
        f"h10 v-12 h10 v-11 h10 v-11 h{WIDTH - 60} v11 h10 v11 h10 v12 h10",
        (
            f"C{left + 4} {top - 22} {left + 24} {top - 10} {left + 24} {peak} H{right - 24} "
            f"C{right - 24} {top - 10} {right - 4} {top - 22} {right} {top}"
        ),
        f"L{left + 22} {peak + 6} H{right - 22} L{right} {top}",
    )
    return f"M{left} {GROUND} V{top} {roofs[gable]} V{GROUND} Z"


def _windows(left: int, top: int) -> tuple[tuple[int, int], ...]:
    rows = range(top + 12, GROUND - 58, WINDOW_ROW)
    return tuple((left + column, row) for row in rows for column in (12, 32, 52))


def _digest(slug: str) -> bytes:
    return hashlib.sha256(slug.encode()).digest()
