"""The map itself: from kilometres to points of the sheet, and what is drawn where, in the order of the web map."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, hypot, log10, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.language import number
from awsd_geo.maps.style import hatch_of

if TYPE_CHECKING:
    from awsd_geo.maps.still.labels import Box, Point
    from awsd_geo.maps.still.layout import Frame
    from awsd_geo.maps.still.pen import Pen
    from awsd_geo.maps.still.world import World

MARGIN = 12.0  # pixels around the regions
SMALL = 18.0  # a region whose longer side is fewer pixels gets a ring,
MOST_RINGS = 6  # unless so many are small that rings would hide the map
RING = 8.0  # its radius
CELL, APART, BIGGEST, DIGIT = 46.0, 30.0, 20.0, 7.5  # of circles that gather points (``points.js``)
PART_OF_NOTE = 0.1  # of the largest part: a badge beside a far islet would not be understood
_LONGEST_SCALE = 120.0  # pixels
_MANY = 60  # regions from which on their borders are drawn thinner


@dataclass(frozen=True)
class View:
    """A map in its frame, in points."""

    frame: Frame
    world: World
    unit: float
    scale: float  # points of a kilometre
    regions: Any
    at: list[Point]
    small: list[bool]
    widths: list[float]

    def move(self, plane: Any) -> Any:
        """Turn kilometres into points of the sheet."""
        west, south, east, north = self.world.bounds
        middle = (self.frame.x + self.frame.width / 2, self.frame.y + self.frame.height / 2)
        steps = np.asarray(plane, dtype=float) - [(west + east) / 2, (south + north) / 2]
        return steps * [self.scale, -self.scale] + middle

    def box(self, margin: float = 0.0) -> Any:
        """Give the frame as a polygon, larger by a margin."""
        import shapely

        frame = self.frame
        return shapely.box(
            frame.x - margin, frame.y - margin, frame.x + frame.width + margin, frame.y + frame.height + margin
        )

    def ring(self, index: int) -> Any:
        """Give the circle that stands for a small region."""
        import shapely

        return shapely.Point(self.at[index]).buffer(RING * self.unit, quad_segs=16)


def view_of(world: World, frame: Frame, unit: float) -> View:
    """Fit the regions into a frame."""
    import shapely

    west, south, east, north = world.bounds
    margin = min(MARGIN * unit, 0.1 * frame.width, 0.1 * frame.height)
    scale = min((frame.width - 2 * margin) / (east - west), (frame.height - 2 * margin) / (north - south))
    bare = View(frame, world, unit, scale, None, [], [], [])
    drawn = shapely.transform(world.regions, bare.move)
    bounds = shapely.bounds(drawn)
    widths = (bounds[:, 2] - bounds[:, 0]).tolist()
    small = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) < SMALL * unit
    if small.sum() > MOST_RINGS:
        small[:] = False
    at = [(float(x), float(y)) for x, y in bare.move(world.at)]
    return View(frame, world, unit, scale, drawn, at, small.tolist(), widths)


def draw_ground(pen: Pen, view: View) -> None:
    """Draw the ground and the neighbours."""
    import shapely

    pen.area(view.box(), pen.theme["ground"])
    for _, outline in view.world.neighbours:
        moved = shapely.make_valid(shapely.transform(outline, view.move))
        pen.area(shapely.intersection(moved, view.box()), pen.theme["around"])
        lines = shapely.intersection(shapely.boundary(moved), view.box())
        pen.rim(shapely.get_parts(lines), pen.theme["around-line"], view.unit)


def draw_regions(pen: Pen, view: View, styles: list[str]) -> None:
    """Draw the regions in their classes, the finer lines within them, and rings for the smallest."""
    import shapely

    unit, edge = view.unit, pen.theme["edge"]
    for outline, style in zip(view.regions, styles, strict=True):
        pen.area(outline, pen.theme.fill(style))
    for style in dict.fromkeys(styles):
        kind = hatch_of(style) if style else "none"
        if kind:
            same = [outline for outline, other in zip(view.regions, styles, strict=True) if other == style]
            pen.hatch(shapely.coverage_union_all(same), style, kind)
    thin = 0.9 * unit * min(1.0, sqrt(_MANY / len(styles)))
    pen.rim(view.regions, edge, max(thin, 0.18))
    lines = [shapely.linestrings(view.move(points)) for points in view.world.finer if len(points) > 1]
    pen.rim(lines, edge, 0.45 * unit)
    for index in np.flatnonzero(view.small).tolist():
        ring, style = view.ring(index), styles[index]
        pen.area(ring, pen.theme.fill(style))
        pen.hatch(ring, style, hatch_of(style) if style else "none")
        pen.rim([ring], pen.theme["mark"], 1.8 * unit)


def draw_outlines(pen: Pen, view: View, outlines: list[dict[str, Any]]) -> list[tuple[Point, dict[str, Any]]]:
    """Draw lines around groups of regions, and give where the badge of each stands: north, not at an islet."""
    import shapely

    badges = []
    for outline in outlines:
        group = shapely.coverage_union_all(view.regions[outline["regions"]])
        faint = outline["faint"]
        pen.rim([group], pen.theme["case"], 6.5 * view.unit)
        pen.rim([group], pen.theme["mark"], (2.2 if faint else 3.2) * view.unit, broken=faint)
        parts = shapely.get_parts(group)
        areas = shapely.area(parts)
        corners = shapely.get_coordinates(parts[areas >= PART_OF_NOTE * areas.max()])
        x, y = corners[np.lexsort((corners[:, 0], corners[:, 1]))[0]]
        badges.append(((float(x), float(y)), outline))
    return badges


def draw_points(pen: Pen, view: View, points: Any) -> list[Box]:
    """Draw circles that gather the points lying close together, with their number where it has room."""
    import shapely

    if points is None or not len(points):
        return []
    cells = _gathered(view.move(view.world.projection(points)), CELL * view.unit, APART * view.unit)
    most, taken = cells[0][0], []
    for count, x, y in cells:
        radius = (4 + (BIGGEST - 4) * sqrt(count / most)) * view.unit
        circle = shapely.Point(x, y).buffer(radius, quad_segs=16)
        pen.area(circle, pen.theme["focus"], opacity=0.82)
        pen.rim([circle], pen.theme["case"], 1.2 * view.unit)
        taken.append((x - radius, y - radius, x + radius, y + radius))
    for count, x, y in cells:
        radius = 4 + (BIGGEST - 4) * sqrt(count / most)
        if 2 * radius >= DIGIT * len(str(count)) + 4:
            size = 12 * view.unit
            pen.text((x, y + 0.36 * size), str(count), size, face="bold", colour="case", align="center")
    return taken


def _gathered(places: Any, cell: float, apart: float) -> list[tuple[int, float, float]]:
    """Give number and mean place of the points in each cell, most first; cells too close to each other are one."""
    columns, rows = np.floor(places / cell).astype(np.int64).T
    _, which, counts = np.unique(np.column_stack([columns, rows]), axis=0, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), 2))
    np.add.at(sums, which.ravel(), places)
    means = sums / counts[:, None]
    order = np.lexsort((means[:, 0], means[:, 1], -counts))
    kept: list[list[float]] = []
    for count, (x, y) in zip(counts[order].tolist(), sums[order].tolist(), strict=True):
        near = (each for each in kept if hypot(each[1] / each[0] - x / count, each[2] / each[0] - y / count) < apart)
        if (found := next(near, None)) is None:
            kept.append([count, x, y])
        else:
            found[:] = [found[0] + count, found[1] + x, found[2] + y]
    kept.sort(key=lambda each: -each[0])
    return [(int(count), x / count, y / count) for count, x, y in kept]


def draw_scale(pen: Pen, view: View, lang: str) -> Box:
    """Draw the scale in the lower left corner, true in the middle (at 8 degrees from it, lengths are 0.25 % off)."""
    unit, frame = view.unit, view.frame
    longest = min(_LONGEST_SCALE * unit, 0.4 * frame.width) / view.scale
    length = _round_below(longest)
    metres = length < 1
    text = f"{number(1000 * length if metres else length, lang)}\u00a0{'m' if metres else 'km'}"
    left, bottom = frame.x + 9 * unit, frame.y + frame.height - 9 * unit
    right, size, rise = left + length * view.scale, 11 * unit, 5 * unit
    bracket = [(left, bottom - rise), (left, bottom), (right, bottom), (right, bottom - rise)]
    pen.line(bracket, pen.theme["ground"], 3 * unit)
    pen.line(bracket, pen.theme["soft"], 1.1 * unit)
    pen.text((left + 4 * unit, bottom - 4 * unit), text, size, halo=pen.theme["ground"])
    return (
        left - 3 * unit,
        bottom - size - 5 * unit,
        max(right, left + pen.type.width(text, size)) + 6 * unit,
        bottom + 4 * unit,
    )


def _round_below(length: float) -> float:
    """Give the largest of 1, 2, 3, 5 times a power of ten that is not longer, as Leaflet does."""
    power = 10.0 ** floor(log10(length))
    return max(lead for lead in (1, 2, 3, 5) if lead * power <= length) * power


def extent_shapes(world: World, reach: float) -> tuple[float, float, float]:
    """Give width over height of the regions, and of frames with no more than a reach (km) to see on either side."""
    west, south, east, north = world.bounds
    wide, high = east - west, north - south
    reach = min(reach, 2 * max(wide, high))
    return wide / high, wide / (high + 2 * reach), (wide + 2 * reach) / high
