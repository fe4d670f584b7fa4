"""Statistics for few regions and few incidents: counts in, one frozen result out, each usable alone.

This package is the only door; its modules are private. The public names are loaded on first use (PEP 562), so
that asking where incidents concentrate does not pay for the import of esda.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "Concentration": "_concentration",
    "Denominators": "_denominators",
    "Knox": "_knox",
    "LocalStatistic": "_local",
    "Mantel": "_mantel",
    "Moran": "_moran",
    "Trend": "_trend",
    "benjamini_hochberg": "_multiple",
    "by_denominator": "_denominators",
    "concentration": "_concentration",
    "getis_ord": "_local",
    "getis_ord_values": "_local",
    "gini": "_indices",
    "hhi": "_indices",
    "holm": "_multiple",
    "hoover": "_indices",
    "knox": "_knox",
    "location_quotient": "_indices",
    "lorenz": "_indices",
    "mantel": "_mantel",
    "moran": "_moran",
    "rates": "_rates",
    "theil": "_indices",
    "trend": "_trend",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
