"""An initiative's picture: a quilt of simple shapes, made from its name and its theme.

No stock picture says what a neighbour's plan is. The same slug always gives the same quilt; the theme
decides which shapes it is made of, so that green plans look alike from afar.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

TILE = 60
COLUMNS = 8
ROWS = 3
TONES = 5

QUARTER = "M{x} {y} h60 a60 60 0 0 1 -60 60 z"
LEAF = "M{x} {y} h30 a30 30 0 0 1 30 30 v30 h-30 a30 30 0 0 1 -30 -30 z"
DISC = "M{x0} {ym} a24 24 0 1 0 48 0 a24 24 0 1 0 -48 0 z"
HALF = "M{x} {ym} a30 30 0 0 1 60 0 z"
ROOF = "M{x} {y1} L{xm} {y} L{x1} {y1} z"
STEPS = "M{x} {y1} v-20 h20 v-20 h20 v-20 h20 v60 z"
ARCH = "M{x} {y1} v-30 a30 30 0 0 1 60 0 v30 h-18 v-30 a12 12 0 0 0 -24 0 v30 z"
BAND = "M{x} {y} h60 v20 h-60 z m0 40 h60 v20 h-60 z"

FAMILIES = (
    (QUARTER, LEAF, LEAF, DISC),
    (DISC, HALF, ARCH, QUARTER),
    (ROOF, STEPS, ARCH, BAND),
    (HALF, BAND, ROOF, DISC),
    (STEPS, QUARTER, DISC, ROOF),
)


@dataclass(frozen=True, slots=True)
class Patch:
    """One tile: its ground, its shape, and a quarter turn around its middle."""

    x: int
    y: int
    ground: int
    tone: int
    path: str
    turn: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The quilt in a box of width by height units."""

    width: int
    height: int
    tile: int
    patches: tuple[Patch, ...]


def picture(slug: str, theme: str) -> Picture:
    """Make the quilt of an initiative.

    Args:
        slug: decides where which shape goes.
        theme: decides which shapes there are.

    Returns:
        Geometry for the template; tones are 0 to 4 and get their colours from the stylesheet.
    """
    family = FAMILIES[hashlib.sha256(theme.encode()).digest()[0] % len(FAMILIES)]
    chance = hashlib.shake_128(slug.encode()).digest(COLUMNS * ROWS * 2)
    patches = tuple(
        _patch(number, chance[2 * number], chance[2 * number + 1], family) for number in range(COLUMNS * ROWS)
    )
    return Picture(width=COLUMNS * TILE, height=ROWS * TILE, tile=TILE, patches=patches)


def _patch(number: int, shape: int, colour: int, family: tuple[str, ...]) -> Patch:
    x, y = number % COLUMNS * TILE, number // COLUMNS * TILE
    ground = colour % TONES
    half = TILE // 2
    places = {"x": x, "y": y, "xm": x + half, "ym": y + half, "x0": x + 6, "x1": x + TILE, "y1": y + TILE}
    return Patch(
        x=x,
        y=y,
        ground=ground,
        tone=(ground + 1 + colour // TONES % (TONES - 1)) % TONES,
        path=family[shape % len(family)].format(**places),
        turn=f"rotate({shape // 4 % 4 * 90} {x + half} {y + half})",
    )
