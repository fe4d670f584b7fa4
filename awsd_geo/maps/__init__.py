"""Interactive maps that make no request, run no text of the data, and are the same at every build.

>>> from awsd_geo import maps
>>> [name for name in maps.__all__ if name.endswith("_layer")]
['hotspot_layer', 'incidents_layer', 'rate_layer', 'share_layer']
"""

from importlib import import_module
from typing import Any

from awsd_geo.results import register_explorer

_PUBLIC = {
    "Fragment": "fragment",
    "Layer": "layer",
    "MapText": "fragment",
    "RegionMap": "fragment",
    "Audit": "audit",
    "assemble": "page",
    "hotspot_layer": "layers",
    "incidents_layer": "layers",
    "payload": "page",
    "rate_layer": "layers",
    "region_map": "fragment",
    "share_layer": "layers",
    "write": "page",
}

__all__ = sorted(_PUBLIC)


def _explore(result: Any, regions: Any) -> Any:
    from awsd_geo.maps.explore import explore

    return explore(result, regions)


register_explorer(_explore)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
