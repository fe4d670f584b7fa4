"""What draws ``RegionalResult.explore()``: the layer that fits the result's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.maps.fragment import region_map
from awsd_geo.maps.layers.of_result import layer_of
from awsd_geo.maps.texts import MapText

if TYPE_CHECKING:
    import folium
    import geopandas as gpd

    from awsd_geo.results import RegionalResult


def explore(result: RegionalResult, regions: gpd.GeoDataFrame) -> folium.Map:
    """Draw a result by region on an interactive map.

    Parameters
    ----------
    result : RegionalResult
        As of :func:`awsd_geo.maps.layers.of_result.layer_of`.
    regions : GeoDataFrame
        The frame that the incidents were counted in.

    Returns
    -------
    folium.Map
        Makes no request; the title is the kind of result, the sentence its summary.

    Raises
    ------
    InputError
        If the regions do not keep their schema, or lack one of the result.
    """
    layer = layer_of(result)
    return region_map(regions, [layer], text=MapText(layer.title, result.summary())).to_folium()
