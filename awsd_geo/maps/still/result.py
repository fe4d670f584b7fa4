"""What draws ``RegionalResult.plot()``: the result's layer as a still picture, on any frame of outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.maps.layers.of_result import layer_of
from awsd_geo.maps.still.picture import plot
from awsd_geo.maps.texts import MapText

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

    from awsd_geo.results import RegionalResult


def plot_result(result: RegionalResult, regions: gpd.GeoDataFrame, ax: Axes | None) -> Axes:
    """Draw a result by region; title and finding are the layer's title and the result's summary.

    Parameters
    ----------
    result : RegionalResult
        Its layer is that of :func:`awsd_geo.maps.layers.of_result.layer_of`.
    regions : GeoDataFrame
        Outlines in any coordinate system that is named; what else a frame has may be absent.
    ax : matplotlib Axes or None
        Where to draw; on axes of the caller's there is no finding, for want of room.

    Returns
    -------
    matplotlib Axes
    """
    layer = layer_of(result)
    text = MapText(layer.title, "" if ax is not None else result.summary())
    return plot(_whole(regions, result), layer, ax, text=text).axes


def _whole(regions: gpd.GeoDataFrame, result: RegionalResult) -> gpd.GeoDataFrame:
    """Complete a frame: names from the result, degrees."""
    kept = regions if regions.crs is None or regions.crs.to_epsg() == 4326 else regions.to_crs(4326)
    kept = kept.rename_axis("region_id")
    known: dict[Any, Any] = result.table["name"].to_dict() if "name" in result.table.columns else {}
    names = [str(known.get(key, key)) for key in kept.index]
    plain: dict[str, Any] = {"name": names, "level": 1, "vintage": "", "kind": "unit", "parent_id": None}
    whole = kept.assign(**{name: value for name, value in plain.items() if name not in kept.columns})
    whole.attrs = regions.attrs
    return whole
