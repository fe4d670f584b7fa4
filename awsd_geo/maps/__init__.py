"""Interactive maps that make no request, run no text of the data, and are the same at every build.

>>> from awsd_geo import maps
>>> ", ".join(name for name in maps.__all__ if name.endswith("_layer"))
'change_layer, clusters_layer, count_change_layer, hotspot_layer, incidents_layer, local_moran_layer, points_layer,
 rate_layer, share_layer, smoothed_layer'
"""

from importlib import import_module
from typing import Any

from awsd_geo.results import register_explorer, register_plotter

_PUBLIC = {
    "Audit": "audit",
    "Fragment": "fragment",
    "Layer": "layer",
    "MapText": "texts",
    "Outline": "layer",
    "Picture": "still.picture",
    "RegionMap": "fragment",
    "Sheet": "still.sheet",
    "assemble": "page",
    "change_layer": "layers.changes",
    "clusters_layer": "layers.clusters",
    "compare_by_region": "layers.changes",
    "count_change_layer": "layers.changes",
    "hotspot_layer": "layers.local",
    "incidents_layer": "layers.incidents",
    "local_moran_layer": "layers.local",
    "payload": "page",
    "plot": "still.picture",
    "points_layer": "layers.points",
    "rate_layer": "layers.rates",
    "region_map": "fragment",
    "save_plot": "still.saving",
    "safe_text": "safe",
    "share_layer": "layers.shares",
    "smoothed_layer": "layers.rates",
    "write": "page",
}

__all__ = sorted(_PUBLIC)


def _explore(result: Any, regions: Any) -> Any:
    from awsd_geo.maps.explore import explore

    return explore(result, regions)


def _plot(result: Any, regions: Any, ax: Any) -> Any:
    from awsd_geo.maps.still.result import plot_result

    return plot_result(result, regions, ax)


register_explorer(_explore)
register_plotter(_plot)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
