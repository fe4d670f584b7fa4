"""Where violence against aid workers concentrates, whether that is more than chance, and whether it is growing.

The public names are loaded on first use (PEP 562), so that ``import awsd_geo`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsd_geo.boundaries.regions import load_regions as load_regions
    from awsd_geo.counts import count as count
    from awsd_geo.counts import count_by_year as count_by_year
    from awsd_geo.counts import count_range as count_range
    from awsd_geo.counts import impute as impute
    from awsd_geo.errors import AwsdGeoError as AwsdGeoError
    from awsd_geo.errors import DegenerateError as DegenerateError
    from awsd_geo.errors import DependencyError as DependencyError
    from awsd_geo.errors import InputError as InputError
    from awsd_geo.errors import RequestError as RequestError
    from awsd_geo.geocoding import geocode as geocode
    from awsd_geo.incidents import select as select
    from awsd_geo.report.making import alert as alert
    from awsd_geo.sources.examples import example as example
    from awsd_geo.sources.reading import read_incidents as read_incidents

__version__ = "0.1.0"

_PUBLIC = {
    "AwsdGeoError": "errors",
    "DegenerateError": "errors",
    "DependencyError": "errors",
    "InputError": "errors",
    "RequestError": "errors",
    "alert": "report",
    "count": "counts",
    "count_by_year": "counts",
    "count_range": "counts",
    "example": "sources",
    "geocode": "geocoding",
    "impute": "counts",
    "load_regions": "boundaries",
    "read_incidents": "sources",
    "select": "incidents",
}
_MODULES = (
    "boundaries",
    "completeness",
    "counts",
    "disclosure",
    "errors",
    "exposure",
    "frames",
    "geocoding",
    "incidents",
    "maps",
    "report",
    "results",
    "scale",
    "schema",
    "signals",
    "sources",
    "statistics",
    "weights",
)

__all__ = sorted([*_PUBLIC, *_MODULES, "__version__"])


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        value = getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    elif name in _MODULES:
        value = import_module(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
