"""Names and numbers on the map: the most important first, and only those that have room; as ``labels.js`` does it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsd_geo.maps.still.layout import Frame
    from awsd_geo.maps.still.type import Type

Box = tuple[float, float, float, float]  # left, top, right, bottom
Point = tuple[float, float]

LINE = 1.15
"""Height of a line of a label, in sizes of its type."""
INSIDE = 0.85
"""Part of a label that lies within its region, where it can."""
SMALLER = 0.86
"""What a label is scaled by where it has no room."""
LONG = 12
"""Letters from which on a name may stand on two lines."""
REFUSED = 10.0
_OFF, _BESIDE = 11.0, 13.0  # pixels from a ring to a label above or below, and to one on its side


@dataclass(frozen=True)
class Label:
    """A label: lines of text, the first of which can stand alone, beside an anchor or within an area."""

    at: Point
    lines: tuple[tuple[str, str], ...]  # text and face
    size: float
    sides: tuple[str, ...] = ()
    area: Any = None
    least: float = INSIDE  # part of the label that must lie within the area
    loose: float = 1.0  # part that must where it has no such place; 1 leaves it out instead


@dataclass(frozen=True)
class Placed:
    """A label that has its place."""

    lines: tuple[tuple[str, str], ...]
    size: float
    box: Box
    inside: float  # the part of it that lies within its area


class Places:
    """Gives labels their places, one after the other.

    Parameters
    ----------
    frame : Frame
        No label goes beyond it.
    taken : list of Box
        Where none may stand.
    dots : list of Box
        Where none should stand.
    type_ : Type
        Measures.
    unit : float
        Points of one pixel of the web map.
    """

    def __init__(self, frame: Frame, taken: Sequence[Box], dots: Sequence[Box], type_: Type, unit: float) -> None:
        self.frame, self.taken, self.dots, self.type, self.unit = frame, list(taken), list(dots), type_, unit

    def place(self, label: Label) -> Placed | None:
        """Put a label where it has room: whole, on more lines, smaller, and else its first line alone."""
        for least in dict.fromkeys((label.least, label.loose)):
            for lines, size in _forms(label):
                width = max(self.type.width(text, size, face) for text, face in lines)
                height = len(lines) * LINE * size
                corners = self._beside(label.sides, width, height) if label.sides else _within(width, height)
                boxes = ((label.at[0] + x, label.at[1] + y, label.at[0] + x + width, label.at[1] + y + height)
                         for x, y in corners)  # fmt: skip
                ranked = [(self._cost(box, label, least), place, box)
                          for place, box in enumerate(boxes) if self._free(box)]  # fmt: skip
                if ranked and (best := min(ranked))[0] < REFUSED:
                    self.taken.append(best[2])
                    return Placed(lines, size, best[2], _part_inside(best[2], label.area))
        return None

    def _cost(self, box: Box, label: Label, least: float) -> float:
        """Weigh a place: far from the anchor, over a dot, or out of its area."""
        if label.sides:
            return 0.9 if any(_meet(box, dot) for dot in self.dots if not _holds(dot, label.at)) else 0.0
        inside = _part_inside(box, label.area)
        if inside < least:
            return REFUSED
        x, y = (box[0] + box[2]) / 2 - label.at[0], (box[1] + box[3]) / 2 - label.at[1]
        away = (abs(x) + abs(y)) / (box[2] - box[0] + box[3] - box[1])
        return 0.5 * (1 - inside) + 0.12 * away + 0.2 * any(_meet(box, dot) for dot in self.dots)

    def _beside(self, sides: Sequence[str], width: float, height: float) -> list[Point]:
        """Give the upper left corners of a label from its anchor."""
        off, beside, near = _OFF * self.unit, _BESIDE * self.unit, 5 * self.unit
        known = {
            "below": (-width / 2, off),
            "above": (-width / 2, -height - off),
            "right": (beside, -height / 2),
            "left": (-width - beside, -height / 2),
            "after": (near, -height / 2),
            "before": (-width - near, -height / 2),
        }
        return [known[side] for side in sides]

    def _free(self, box: Box) -> bool:
        left, top, right, bottom = box
        frame, gap = self.frame, 1.5 * self.unit
        if left < frame.x + gap or right > frame.x + frame.width - gap:
            return False
        if top < frame.y + gap or bottom > frame.y + frame.height - gap:
            return False
        return not any(_meet(box, other) for other in self.taken)


def _forms(label: Label) -> list[tuple[tuple[tuple[str, str], ...], float]]:
    """List the ways to write a label, the best first: whole, its name on two lines, smaller, and without its number."""
    first, *rest = label.lines
    halves = _halves(first[0]) if label.area is not None else (first[0],)
    shapes = [label.lines, (*((half, first[1]) for half in halves), *rest), (first,)]
    shapes.append(tuple((half, first[1]) for half in halves))
    sizes = (label.size, SMALLER * label.size) if label.area is not None else (label.size,)
    whole, bare = dict.fromkeys(shapes[:2]), dict.fromkeys(shapes[2:])
    return [(lines, size) for some in (whole, bare) for size in sizes for lines in some]


def _halves(name: str) -> tuple[str, ...]:
    """Part a name of several words in two lines of much the same length."""
    cuts = [match.end() for match in re.finditer(r"[ -](?=\S)", name)]
    if not cuts or len(name) < LONG:
        return (name,)
    middle = min(cuts, key=lambda cut: (abs(2 * cut - len(name)), cut))
    return name[:middle].rstrip(), name[middle:]


def _within(width: float, height: float) -> list[Point]:
    """Give corners of places around an anchor, that in the middle first."""
    return [
        (-width / 2 + across * width, -height / 2 + down * height)
        for down in (0.0, -0.4, 0.4, -0.8, 0.8, -1.2, 1.2)
        for across in (0.0, -0.25, 0.25, -0.5, 0.5)
    ]


def _part_inside(box: Box, area: Any) -> float:
    """Give the part of a box that lies within an area, by points of a grid in it."""
    import shapely

    if area is None:
        return 0.0
    across, down = np.meshgrid(np.linspace(box[0], box[2], 7), np.linspace(box[1], box[3], 5))
    return float(shapely.contains_xy(area, across.ravel(), down.ravel()).mean())


def _meet(one: Box, other: Box) -> bool:
    return not (one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1])


def _holds(box: Box, point: Point) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
