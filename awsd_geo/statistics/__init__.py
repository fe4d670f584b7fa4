"""Statistics for few regions and few incidents: counts in, one frozen result out, each usable alone.

This package is the only door; its modules are private. The public names are loaded on first use (PEP 562), so
that asking where incidents concentrate does not pay for the import of esda.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "Alarms": "_alarms",
    "ChangePoint": "_change_point",
    "Concentration": "_concentration",
    "Denominators": "_denominators",
    "Geary": "_geary",
    "GeneralG": "_general_g",
    "Knox": "_knox",
    "LocalJoinCounts": "_local_join_counts",
    "LocalMoran": "_local_moran",
    "LocalStatistic": "_local",
    "Mantel": "_mantel",
    "Moran": "_moran",
    "NegativeBinomialTrend": "_negative_binomial",
    "Prediction": "_prediction",
    "Spread": "_spread",
    "Scan": "_scan_result",
    "Trend": "_trend",
    "Windows": "_scan_windows",
    "TwoRates": "_two_rates",
    "TwoShares": "_shares",
    "benjamini_hochberg": "_multiple",
    "by_denominator": "_denominators",
    "change_point": "_change_point",
    "compare_periods": "_two_periods",
    "compare_shares": "_shares",
    "concentration": "_concentration",
    "geary": "_geary",
    "ears": "_ears",
    "farrington_flexible": "_farrington",
    "getis_ord": "_local",
    "getis_ord_g": "_general_g",
    "getis_ord_values": "_local",
    "gini": "_indices",
    "hhi": "_indices",
    "holm": "_multiple",
    "hoover": "_indices",
    "knox": "_knox",
    "local_join_counts": "_local_join_counts",
    "local_moran": "_local_moran",
    "location_quotient": "_indices",
    "lorenz": "_indices",
    "mantel": "_mantel",
    "moran": "_moran",
    "negative_binomial_trend": "_negative_binomial",
    "poisson_cusum": "_cusum",
    "prediction_limits": "_prediction",
    "rates": "_rates",
    "spread": "_spread",
    "theil": "_indices",
    "scan": "_scan",
    "trend": "_trend",
    "two_rates": "_two_rates",
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
