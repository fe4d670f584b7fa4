"""A map as a still picture, in the style of the web map: drawn by matplotlib, with equal bytes for equal input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsd_geo.maps import contents, texts
from awsd_geo.maps.still import draw, saving
from awsd_geo.maps.still.layout import Request, Shape
from awsd_geo.maps.still.legend import legend_of
from awsd_geo.maps.still.says import alt_text, said_of, shown_in
from awsd_geo.maps.still.sheet import Sheet
from awsd_geo.maps.still.type import Type, clean
from awsd_geo.maps.still.view import extent_shapes
from awsd_geo.maps.still.world import world_of
from awsd_geo.maps.texts import MapText

if TYPE_CHECKING:
    import os
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from awsd_geo.maps.layer import Layer
    from awsd_geo.maps.still.view import View

REACH_KM = 300.0
"""How far around a country its neighbours are known (``boundaries.neighbours``: 3 degrees)."""

HINTED = 1.04
"""How much wider letters can be on a figure that is drawn by the settings of others."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A map drawn on matplotlib axes; made by :func:`plot`.

    Parameters
    ----------
    axes : matplotlib Axes
        Its unit is the point (1/72 inch) from the upper left corner; x goes right, y down.
    view : View
        Where the map is on them; see :meth:`place`.
    title, alt_text : str
        What the picture is called, and what it shows in words: metadata of the file, and the alternative text that
        a reader with a screen reader needs beside it in a report.
    """

    axes: Axes
    view: View
    title: str
    alt_text: str

    @property
    def figure(self) -> Figure:
        """The figure that the axes are on."""
        return saving.whole_figure(self.axes)

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Find a place on the axes, to mark it with matplotlib's own means.

        Parameters
        ----------
        longitude, latitude : float
            Degrees.

        Returns
        -------
        tuple of float
            x and y, in the unit of the axes.
        """
        x, y = self.view.move(self.view.world.projection([[longitude, latitude]]))[0]
        return float(x), float(y)

    def save(self, path: str | os.PathLike[str], *, dpi: float = 300) -> Path:
        """Write the picture to a file, whole or not at all: ``.png``, ``.svg`` or ``.pdf`` by its ending.

        Parameters
        ----------
        path : path
            Its folder must exist.
        dpi : float, default 300
            Pixels per inch of a PNG, 30 to 1200.

        Returns
        -------
        Path
            The path written.

        Raises
        ------
        RequestError
            If the ending is none of the three, or the resolution is out of range.
        InputError
            If the folder does not exist.
        """
        return saving.save_plot(self.axes, path, dpi=dpi, title=self.title, description=self.alt_text)

    def _repr_png_(self) -> bytes:
        return saving.bytes_of(self.axes, "png", dpi=150)


def plot(
    regions: gpd.GeoDataFrame,
    layer: Layer,
    ax: Axes | None = None,
    *,
    text: MapText | None = None,
    status: str = "final",
    neighbours: gpd.GeoDataFrame | None = None,
    towns: pd.DataFrame | None = None,
    finer: gpd.GeoDataFrame | None = None,
    sheet: Sheet | None = None,
) -> Picture:
    """Draw one layer as a still picture for a report or a slide.

    Classes, colours, hatches, words and numbers are those of the web map. The projection is not: Lambert's azimuthal
    equal-area, centred on the regions, so that shaded areas can be compared; the web map is in Web Mercator.

    Parameters
    ----------
    regions : GeoDataFrame
        As for :func:`awsd_geo.maps.region_map`.
    layer : Layer
        Its ``lang`` is the language of the picture.
    ax : matplotlib Axes, optional
        Where to draw; by default on a figure of its own, which ``pyplot`` does not know. Lay the figure out before:
        type keeps its size when axes change theirs.
    text : MapText, optional
        Title, finding, notes and sources; by default the layer's title.
    status : {"final", "provisional", "example"}
        What the banner says; "final" has none. A layer with points is marked as internal besides.
    neighbours, towns, finer : (Geo)DataFrame, optional
        As for :func:`awsd_geo.maps.region_map`.
    sheet : Sheet, optional
        Size, theme, year and type; by default 160 mm wide and light. Its size does not matter where ``ax`` is given.

    Returns
    -------
    Picture
        With ``axes``, ``figure``, ``alt_text`` and ``save(path)``.

    Raises
    ------
    InputError
        If the regions do not keep their schema or cannot be drawn, or the layer has a region that they lack.
    RequestError
        If the status is unknown, the layer has no such year, or the texts leave no room for the map.
    """
    look, words_of_map = sheet or Sheet(), text or MapText(layer.title)
    texts.check_status(status)
    contents.check_request(regions, [layer])
    around = contents.Around(neighbours, towns, finer)
    shown = shown_in(layer, [str(key) for key in regions.index], look.year)
    world = world_of(regions, around, layer.lang)
    said = said_of(regions, around, layer, words_of_map, status, look.year)
    shape = Shape(*extent_shapes(world, REACH_KM if world.neighbours else float("inf")))
    asked = Request(
        said, legend_of(shown, layer.title), shape, Type(tuple(map(str, look.fonts)), 1.0 if ax is None else HINTED)
    )
    with saving.plain_settings():
        axes, view = draw.compose(ax, asked, world, shown, layer, look)
    return Picture(axes, view, clean(words_of_map.title), alt_text(world.names, shown, said))
