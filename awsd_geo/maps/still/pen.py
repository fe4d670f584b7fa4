"""Draws on matplotlib axes whose unit is a point and whose y goes down: areas, lines, hatches and texts.

Every property is set here, so that neither the reader's ``rcParams`` nor a style sheet shows in the picture, and no
text is read as TeX. Hatches are lines of their own, cut to their area: matplotlib's depend on settings of the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from awsd_geo.maps.still.theme import Theme
    from awsd_geo.maps.still.type import Type

PERIOD = 8.0  # of hatches, in pixels of the web map (``shapes.js``)
STROKE = 1.2
DOT = 1.3  # radius
_DIGITS = 2  # of a point


class Pen:
    """Draws in order: what is drawn later lies above.

    Parameters
    ----------
    axes : matplotlib Axes
        Its unit is the point.
    theme : Theme
        Colours.
    type_ : Type
        Fonts.
    unit : float
        Points of one pixel of the web map.
    """

    def __init__(self, axes: Any, theme: Theme, type_: Type, unit: float) -> None:
        self.axes, self.theme, self.type, self.unit = axes, theme, type_, unit
        self._level = 2.0

    def _add(self, artist: Any) -> None:
        self._level += 0.01
        artist.set_zorder(self._level)
        artist.set_snap(False)
        self.axes.add_artist(artist)

    def area(self, outline: Any, colour: str, *, opacity: float = 1.0) -> None:
        """Fill a polygon."""
        from matplotlib.patches import PathPatch

        if (path := path_of([outline])) is not None:
            self._add(PathPatch(path, facecolor=colour, edgecolor="none", linewidth=0, alpha=opacity))

    def rim(self, outlines: Iterable[Any], colour: str, width: float, *, broken: bool = False) -> None:
        """Draw the lines around polygons, or lines."""
        from matplotlib.patches import PathPatch

        if (path := path_of(outlines)) is None:
            return
        dashes = (0, (7 * self.unit / width, 6 * self.unit / width)) if broken else "solid"
        ends = "butt" if broken else "round"
        look = {"joinstyle": "round", "capstyle": ends, "linestyle": dashes, "linewidth": width}
        self._add(PathPatch(path, facecolor="none", edgecolor=colour, **look))

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float) -> None:
        """Draw an open line."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        path = Path(np.round(np.asarray(points, dtype=float), _DIGITS))
        self._add(PathPatch(path, facecolor="none", edgecolor=colour, linewidth=width, capstyle="butt"))

    def hatch(self, outline: Any, style: str, kind: str) -> None:
        """Hatch a polygon as its class is on the web map; kind "" is none."""
        if not kind:
            return
        colour, opacity = self.theme.hatch_ink(style)
        if kind == "dots":
            self._dots(outline, colour, opacity)
            return
        from matplotlib.patches import PathPatch

        for turn in {"up": (45,), "none": (45,), "down": (-45,), "cross": (0, 90)}[kind]:
            if (path := path_of(_stripes(outline, PERIOD * self.unit, turn))) is not None:
                look = {"linewidth": STROKE * self.unit, "alpha": opacity, "capstyle": "butt"}
                self._add(PathPatch(path, facecolor="none", edgecolor=colour, **look))

    def _dots(self, outline: Any, colour: str, opacity: float) -> None:
        import shapely
        from matplotlib.collections import EllipseCollection

        step = PERIOD * self.unit
        west, north, east, south = outline.bounds
        across = (np.arange(np.floor(west / step), np.ceil(east / step)) + 0.5) * step
        down = (np.arange(np.floor(north / step), np.ceil(south / step)) + 0.5) * step
        grid = np.column_stack([each.ravel() for each in np.meshgrid(across, down)])
        inside = np.round(grid[shapely.contains_xy(outline, grid[:, 0], grid[:, 1])], _DIGITS)
        if len(inside):
            wide = 2 * DOT * self.unit
            look = {"facecolors": colour, "edgecolors": "none", "linewidths": 0, "alpha": opacity}
            self._add(
                EllipseCollection(
                    wide, wide, 0, units="xy", offsets=inside, offset_transform=self.axes.transData, **look
                )
            )

    def text(
        self, place: tuple[float, float], text: str, size: float, *, face: str = "regular", colour: str = "ink",
        align: str = "left", halo: str = "",
    ) -> None:  # fmt: skip
        """Write one line with its baseline at a place, on a halo if it has one."""
        from matplotlib.patheffects import Stroke
        from matplotlib.text import Text

        shown = self.type.shown(text, face)
        if not shown.strip():
            return
        look = {
            "horizontalalignment": align, "verticalalignment": "baseline", "parse_math": False, "usetex": False,
            "fontproperties": self.type.properties(shown, size, face),
        }  # fmt: skip
        x, y = (round(float(part), _DIGITS) for part in place)
        if halo:
            around = Stroke(linewidth=4.2 * self.unit, foreground=halo, joinstyle="round", alpha=0.92)
            self._add(Text(x, y, shown, color=halo, path_effects=[around], **look))
        self._add(Text(x, y, shown, color=self.theme[colour], **look))


def _stripes(outline: Any, step: float, turn: int) -> Any:
    """Cut parallel lines, turned clockwise from upright, to a polygon; their places depend on the sheet alone."""
    import shapely

    angle = np.radians(turn)
    along, across = np.array([-np.sin(angle), np.cos(angle)]), np.array([np.cos(angle), np.sin(angle)])
    corners = shapely.get_coordinates(shapely.box(*outline.bounds))
    places, ends = corners @ across, corners @ along
    numbers = np.arange(np.floor(places.min() / step), np.ceil(places.max() / step) + 1)[:, None] * step
    starts, stops = numbers * across + (ends.min() - 1) * along, numbers * across + (ends.max() + 1) * along
    lines = shapely.linestrings(np.stack([starts, stops], axis=1))
    parts = shapely.get_parts(shapely.intersection(lines, outline))
    return parts[shapely.get_dimensions(parts) == 1]


def path_of(outlines: Iterable[Any]) -> Any:
    """Make one path of polygons and lines, holes turned against their outer rings; None of nothing."""
    import shapely
    from matplotlib.path import Path

    parts = shapely.get_parts(shapely.orient_polygons(np.asarray(list(outlines), dtype=object)))
    rings: list[Any] = []
    for part in parts:
        if part.is_empty or shapely.get_dimensions(part) == 0:
            continue
        rings += [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
    if not rings:
        return None
    vertices = [np.round(shapely.get_coordinates(ring), _DIGITS) for ring in rings]
    codes = [_codes(len(points), closed=ring.geom_type == "LinearRing")
             for ring, points in zip(rings, vertices, strict=True)]  # fmt: skip
    return Path(np.concatenate(vertices), np.concatenate(codes))


def _codes(count: int, *, closed: bool) -> Any:
    from matplotlib.path import Path

    codes = np.full(count, Path.LINETO, dtype=Path.code_type)
    codes[0] = Path.MOVETO
    if closed:
        codes[-1] = Path.CLOSEPOLY
    return codes
