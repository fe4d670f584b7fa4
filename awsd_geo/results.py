"""What every result can do: ``to_frame()``, ``summary()``, and where it is by region ``plot()`` and ``explore()``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from awsd_geo.display import Shown
from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes

_EXPLORERS: list[Callable[[RegionalResult, gpd.GeoDataFrame], Any]] = []
_PLOTTERS: list[Callable[[RegionalResult, gpd.GeoDataFrame, Axes | None], Axes]] = []


def register_explorer(draw: Callable[[RegionalResult, gpd.GeoDataFrame], Any]) -> None:
    """Say what draws the interactive map of a result; ``awsd_geo.maps`` does this when it is loaded.

    Results stand left of the maps and must not know them. So the maps come to the results, not the other way
    round: the last function given here is the one that ``RegionalResult.explore`` calls.

    Parameters
    ----------
    draw : callable
        Takes the result and the regions, gives the map.
    """
    _EXPLORERS[:] = [draw]


def register_plotter(draw: Callable[[RegionalResult, gpd.GeoDataFrame, Axes | None], Axes]) -> None:
    """Say what draws the still map of a result; ``awsd_geo.maps`` does this when it is loaded.

    Parameters
    ----------
    draw : callable
        Takes the result, the regions and the axes to draw on (or None), gives the axes.
    """
    _PLOTTERS[:] = [draw]


@dataclass(frozen=True, slots=True, eq=False)
class Result(Shown):
    """Base of every result: a table and one sentence. Frozen: nothing in it is assigned anew."""

    table: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Give the table as a copy that may be altered."""
        return self.table.copy()

    def summary(self) -> str:
        """State the finding in words."""
        return f"{type(self).__name__} of {len(self.table)} rows."


@dataclass(frozen=True, slots=True, eq=False)
class RegionalResult(Result):
    """Base of every result by region; ``table`` has the index ``region_id``."""

    SHOWN: ClassVar[str] = ""  # the column that plot() and explore() draw

    def on_map(self, regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Join the table to the regions' outlines.

        Parameters
        ----------
        regions : GeoDataFrame
            Index ``region_id``; more regions than the table has are drawn as without data.

        Returns
        -------
        GeoDataFrame
            One row per region of ``regions``, with the columns of the table.

        Raises
        ------
        InputError
            If the table has a region that ``regions`` lacks.
        """
        absent = self.table.index.difference(regions.index)
        if len(absent):
            raise InputError(
                f"The regions lack {len(absent)} of the {len(self.table)} units of this result, the first is "
                f"{absent[0]!r}. Give the regions (level, vintage) that the incidents were counted in."
            )
        return regions[[regions.geometry.name]].join(self.table)

    def plot(self, regions: gpd.GeoDataFrame, ax: Axes | None = None) -> Axes:
        """Draw the column ``SHOWN`` as a still choropleth, in the style of the interactive map.

        What draws is registered by ``awsd_geo.maps``, which is loaded by name the first time that somebody asks.

        Parameters
        ----------
        regions : GeoDataFrame
            Outlines, index ``region_id``. Names are those of its column ``name``, or of the result.
        ax : matplotlib Axes, optional
            Where to draw; by default axes of a figure of its own, which ``pyplot`` does not know. They show
            themselves in a notebook; :func:`awsd_geo.maps.save_plot` writes them to a file.

        Returns
        -------
        matplotlib Axes
            Regions without a value are grey and hatched. The unit of the axes is the point.

        Raises
        ------
        InputError
            If the table has a region that ``regions`` lacks, or the regions name no coordinate system.
        """
        self.on_map(regions)
        if not _PLOTTERS:
            import_module("awsd_geo.maps")
        return _PLOTTERS[-1](self, regions, ax)

    def explore(self, regions: gpd.GeoDataFrame) -> Any:
        """Draw the column ``SHOWN`` as an interactive map.

        What draws is registered by ``awsd_geo.maps``, which is loaded by name the first time that somebody asks.

        Parameters
        ----------
        regions : GeoDataFrame
            Outlines, index ``region_id``.

        Returns
        -------
        folium.Map
            A map that makes no network request.

        Raises
        ------
        InputError
            If the table has a region that ``regions`` lacks.
        """
        self.on_map(regions)
        if not _EXPLORERS:
            import_module("awsd_geo.maps")
        return _EXPLORERS[-1](self, regions)
