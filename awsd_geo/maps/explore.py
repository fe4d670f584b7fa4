"""What draws ``RegionalResult.explore()``: the layer that fits the result's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.maps.fragment import MapText, region_map
from awsd_geo.maps.layer import Layer
from awsd_geo.maps.layers import hotspot_layer, share_layer

if TYPE_CHECKING:
    import folium
    import geopandas as gpd

    from awsd_geo.results import RegionalResult


def explore(result: RegionalResult, regions: gpd.GeoDataFrame) -> folium.Map:
    """Draw a result by region on an interactive map.

    Parameters
    ----------
    result : RegionalResult
        Shares and local statistics have layers of their own; of others the column ``SHOWN`` is shaded.
    regions : GeoDataFrame
        The frame that the incidents were counted in.

    Returns
    -------
    folium.Map
        Makes no request; the title is the kind of result, the sentence its summary.

    Raises
    ------
    InputError
        If the regions do not keep their schema, lack one of the result, or the column has values below zero.
    """
    table = result.table
    if {"label", "value"} <= set(table.columns):
        layer = hotspot_layer(table)
    elif "share" in table.columns:
        layer = share_layer(table)
    else:
        name = result.SHOWN.replace("_", " ")
        layer = Layer(key=result.SHOWN, title=name.capitalize(), values=table[result.SHOWN], format="rate")
    return region_map(regions, [layer], text=MapText(layer.title, result.summary())).folium_map
