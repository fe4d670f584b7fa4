"""Writes the names and numbers on the map: which labels there are, in which order, and in which ink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.maps.still.labels import INSIDE, LINE, Label, Places
from awsd_geo.maps.still.legend import badge_width
from awsd_geo.maps.still.type import spaced
from awsd_geo.maps.style import ink_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsd_geo.maps.still.labels import Box, Placed, Point
    from awsd_geo.maps.still.pen import Pen
    from awsd_geo.maps.still.view import View

MANY = 150  # regions from which on only those wide enough for a name are looked at
WIDE = 26.0  # pixels
LABEL, COUNTRY, TOWN = 13.0, 12.0, 11.0  # sizes of type in pixels, as in map.css
LEAST = 4.6  # points: smaller type is not read
FEW = 30  # regions up to which a name may stand out of its region
IN_COUNTRY = 0.75  # part of a neighbour's name that must lie in it
_SIDES = ("below", "above", "right", "left")


def draw_badge(pen: Pen, place: Point, text: str, size: float, *, faint: bool) -> Box:
    """Draw the mark of an outline: a disc, hollow and broken where it is faint."""
    import shapely

    x, y = place
    height, width = 1.45 * size, badge_width(pen.type, text, size)
    reach = (width - height) / 2
    spine = shapely.LineString([(x - reach, y), (x + reach, y)]) if reach > 0.01 else shapely.Point(x, y)
    disc, rim = (spine.buffer(height / 2 + more, quad_segs=16) for more in (0.14 * size, 0.0))
    pen.area(disc, pen.theme["case"])
    pen.area(rim, pen.theme["paper" if faint else "mark"])
    if faint:
        pen.rim([rim], pen.theme["mark"], 0.13 * size, broken=True)
    pen.text((x, y + 0.32 * size), text, 0.88 * size, face="bold", colour="ink" if faint else "case", align="center")
    return x - width / 2 - 1, y - height / 2 - 1, x + width / 2 + 1, y + height / 2 + 1


def draw_badges(pen: Pen, view: View, badges: Sequence[tuple[Point, dict[str, Any]]]) -> list[Box]:
    """Draw the badges of outlines inside the frame, each clear of those before it."""
    size, frame, boxes = 13 * view.unit, view.frame, list[Any]()
    for (x, y), outline in badges:
        half = badge_width(pen.type, outline["mark"], size) / 2 + 2
        x = min(max(x, frame.x + half), frame.x + frame.width - half)
        y = min(max(y, frame.y + half), frame.y + frame.height - half)
        while any(abs(x - (box[0] + box[2]) / 2) < 2 * half and box[1] - half < y < box[3] + half for box in boxes):
            y += half
        boxes.append(draw_badge(pen, (x, y), outline["mark"], size, faint=outline["faint"]))
    return boxes


def draw_names(pen: Pen, view: View, layer: dict[str, Any], styles: list[str], taken: list[Box]) -> None:
    """Write names of regions with their numbers, of neighbours, and of towns with their dots, where they have room."""
    import shapely

    towns = [(name, (float(x), float(y))) for name, plane in view.world.towns for x, y in view.move([plane])]
    rings = [view.ring(index).bounds for index, small in enumerate(view.small) if small]
    shapely.prepare(view.regions)
    places = Places(view.frame, [*taken, *rings], _dots(towns, view.unit), pen.type, view.unit)
    found: list[tuple[Placed, str, str]] = []
    written = set()
    for index in order(view, layer):
        label = _of_region(view, index, layer["marks"][index])
        if (placed := places.place(label)) is not None:
            written.add(view.world.names[index])
            found.append((placed, *_ink(pen, placed, styles[index])))
    found += [(placed, "around-ink", "") for placed in _countries(view, places)]
    for name, at in towns:
        label = Label(at, ((name, "italic"),), max(TOWN * view.unit, LEAST), ("after", "before"))
        placed_town = places.place(label) if name not in written else None
        if placed_town is not None:
            found.append((placed_town, "mark", "halo"))
        named = name in written or placed_town is not None  # a dot without a name says nothing
        covered = [*taken, *(other.box for other, _, _ in found)]  # a name or a circle stands on it
        if named and not any(box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3] for box in covered):
            draw_dot(pen, at, view.unit)
    for placed, colour, halo in found:
        _write(pen, placed, colour, halo)


def draw_dot(pen: Pen, at: Point, unit: float) -> None:
    """Draw the dot of a town."""
    import shapely

    pen.area(shapely.Point(at).buffer(3 * unit, quad_segs=8), pen.theme["case"])
    pen.area(shapely.Point(at).buffer(2.2 * unit, quad_segs=8), pen.theme["mark"])


def order(view: View, layer: dict[str, Any]) -> list[int]:
    """Order regions with something to say first, the highest class before the others, rings last."""
    indices = list(range(len(view.at)))
    if len(view.at) > MANY:
        indices = [index for index in indices if view.widths[index] > WIDE * view.unit]
    return sorted(indices, key=lambda at: (view.small[at], not layer["marks"][at], -layer["index"][at], at))


def _of_region(view: View, index: int, mark: str) -> Label:
    name, size = view.world.names[index], max(LABEL * view.unit, LEAST)
    lines = ((name, "bold"), (mark, "regular")) if mark else ((name, "bold"),)
    if view.small[index]:
        return Label(view.at[index], lines, size, sides=_SIDES)
    return Label(view.at[index], lines, size, area=view.regions[index], loose=1.0 if len(view.at) > FEW else 0.35)


def _ink(pen: Pen, placed: Placed, style: str) -> tuple[str, str]:
    """Choose ink and halo: those of the class for a label that stands on it, else those of the map."""
    if placed.inside >= INSIDE and style:
        return ink_on(pen.theme.fill(style)), pen.theme.fill(style)
    return "mark", "halo"


def _countries(view: View, places: Places) -> list[Placed]:
    """Place the names of neighbours where they have most room in view."""
    import shapely

    from awsd_geo.maps.geometry import label_point

    found, covered = [], shapely.coverage_union_all(view.regions)
    for name, outline in view.world.neighbours:
        moved = shapely.make_valid(shapely.transform(outline, view.move))
        seen = shapely.difference(shapely.intersection(moved, view.box()), covered)
        if seen.area <= 0:
            continue
        y, x = label_point(seen)
        size = max(COUNTRY * view.unit, LEAST)
        label = Label((x, y), ((spaced(name), "regular"),), size, area=seen, least=IN_COUNTRY)
        if (placed := places.place(label)) is not None:
            found.append(placed)
    return found


def _dots(towns: list[tuple[str, Point]], unit: float) -> list[Box]:
    reach = 3 * unit
    return [(x - reach, y - reach, x + reach, y + reach) for _, (x, y) in towns]


def _write(pen: Pen, placed: Placed, colour: str, halo: str) -> None:
    left, top, right, _ = placed.box
    size = placed.size
    for row, (text, face) in enumerate(placed.lines):
        y = top + (row + 0.8) * LINE * size
        around = pen.theme[halo] if halo else ""
        pen.text(((left + right) / 2, y), text, size, face=face, colour=colour, align="center", halo=around)
