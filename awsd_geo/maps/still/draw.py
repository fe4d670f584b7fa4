"""Brings a layout and a map onto matplotlib axes, on a figure of its own or on those that the reader gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.maps.still import names, view
from awsd_geo.maps.still.items import Badge, Band, Item, Key, Words
from awsd_geo.maps.still.layout import arrange
from awsd_geo.maps.still.pen import Pen
from awsd_geo.maps.still.theme import theme_of
from awsd_geo.maps.style import hatch_of

if TYPE_CHECKING:
    from awsd_geo.maps.layer import Layer
    from awsd_geo.maps.still.layout import Layout, Request
    from awsd_geo.maps.still.sheet import Sheet
    from awsd_geo.maps.still.world import World

PIXELS_OF_TYPE = 13.0
"""Size of the web map's labels: a sheet is the web map scaled so that these have the sheet's size of type."""

WIDE_MAP, HIGH_MAP, SMALLEST_MAP = 480.0, 400.0, 0.78
"""Pixels of a frame in which labels have the size of the sheet's type; in smaller ones they are smaller, to a point."""


def compose(
    ax: Any, asked: Request, world: World, shown: dict[str, Any], layer: Layer, look: Sheet
) -> tuple[Any, view.View]:
    """Lay out and draw a picture; give its axes and where the map is on them."""
    width, height = look.points if ax is None else size_of(ax)
    layout = arrange(asked, width, height, look.type_size(width))
    axes = new_axes(layout.width, layout.height) if ax is None else ax
    pen = Pen(axes, theme_of(look.theme), asked.type, layout.size / PIXELS_OF_TYPE)
    prepare(axes, layout, pen, own=ax is None)
    seen = draw_map(pen, world, layout, shown, layer.points, layer.lang)
    draw_items(pen, layout.items)
    return axes, seen


def new_axes(width: float, height: float) -> Any:
    """Make axes that fill a figure of a size in points; neither is known to ``pyplot``."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from awsd_geo.maps.still.axes import MapAxes

    figure = Figure(figsize=(width / 72, height / 72), dpi=100)
    FigureCanvasAgg(figure)
    axes = MapAxes(figure, (0, 0, 1, 1))
    figure.add_axes(axes)
    return axes


def size_of(axes: Any) -> tuple[float, float]:
    """Measure axes in points."""
    box = axes.get_window_extent()
    scale = 72 / axes.figure.dpi
    return float(box.width * scale), float(box.height * scale)


def prepare(axes: Any, layout: Layout, pen: Pen, *, own: bool) -> None:
    """Give axes the unit of a point, y down, and the colour of the page, without ticks and frame."""
    import shapely

    axes.set_axis_off()
    axes.set_autoscale_on(False)
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height, 0)
    axes.set_aspect("equal", adjustable="box")
    if own:
        axes.figure.set_facecolor(pen.theme["paper"])
        axes.figure.set_edgecolor("none")
    pen.area(shapely.box(0, 0, layout.width, layout.height), pen.theme["paper"])


def draw_map(pen: Pen, world: World, layout: Layout, layer: dict[str, Any], points: Any, lang: str) -> view.View:
    """Draw a layer into the frame of a layout, in the order of the panes of the web map."""
    whole = pen.unit
    pen.unit = max(SMALLEST_MAP * whole, min(whole, layout.frame.width / WIDE_MAP, layout.frame.height / HIGH_MAP))
    seen = view.view_of(world, layout.frame, pen.unit)
    styles = [layer["classes"][place][0] if place >= 0 else "" for place in layer["index"]]
    view.draw_ground(pen, seen)
    view.draw_regions(pen, seen, styles)
    badges = view.draw_outlines(pen, seen, layer["outlines"])
    taken = view.draw_points(pen, seen, points)
    taken += [view.draw_scale(pen, seen, lang), *names.draw_badges(pen, seen, badges)]
    names.draw_names(pen, seen, layer, styles, taken)
    pen.rim([seen.box()], pen.theme["line"], pen.unit)
    pen.unit = whole
    return seen


def draw_items(pen: Pen, items: list[Item]) -> None:
    """Draw what stands beside the map."""
    for item in items:
        if isinstance(item, Words):
            pen.text((item.x, item.y), item.text, item.size, face=item.face, colour=item.colour, align=item.align)
        elif isinstance(item, Badge):
            names.draw_badge(pen, (item.x, item.y), item.text, item.size, faint=item.faint)
        else:
            _draw_box(pen, item)


def _draw_box(pen: Pen, item: Key | Band) -> None:
    import shapely

    box = shapely.box(item.x, item.y, item.x + item.width, item.y + item.height)
    if isinstance(item, Band):
        pen.area(box, pen.theme[item.colour])
        return
    pen.area(box, pen.theme.fill(item.style))
    pen.hatch(box, item.style, hatch_of(item.style) if item.style else "none")
    pen.rim([box], pen.theme["edge"], pen.unit)
