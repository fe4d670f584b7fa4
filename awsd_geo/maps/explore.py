"""What draws ``RegionalResult.explore()``: the layer that fits the result's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.maps.fragment import region_map
from awsd_geo.maps.layer import Layer
from awsd_geo.maps.layers.clusters import clusters_layer
from awsd_geo.maps.layers.local import MORAN_LABELS, hotspot_layer, local_moran_layer
from awsd_geo.maps.layers.rates import smoothed_layer
from awsd_geo.maps.layers.shares import share_layer
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
        Shares, local statistics, scans and smoothed rates have layers of their own; of others the
        column ``SHOWN`` is shaded.
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
    layer = _layer_of(result)
    return region_map(regions, [layer], text=MapText(layer.title, result.summary())).to_folium()


def _layer_of(result: RegionalResult) -> Layer:
    from awsd_geo.statistics import Scan, SmoothedRates

    table = result.table
    if isinstance(result, Scan):
        return clusters_layer(result)
    if isinstance(result, SmoothedRates):
        return smoothed_layer(result, table["exposure"])
    if {"label", "value"} <= set(table.columns):
        moran = set(table["label"]) & set(MORAN_LABELS[:-1])
        return (local_moran_layer if moran else hotspot_layer)(table)
    if "share" in table.columns:
        return share_layer(table)
    name = result.SHOWN.replace("_", " ")
    return Layer(key=result.SHOWN, title=name.capitalize(), values=table[result.SHOWN], format="rate")
