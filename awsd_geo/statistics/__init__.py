"""Statistics for few regions and few incidents: counts in, one frozen result out, each usable alone.

This package is the only door; its modules are private. The public names are loaded on first use (PEP 562), so
that asking where incidents concentrate does not pay for the import of esda.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "Alarms": "_alarms",
    "BesagNewell": "_besag_newell",
    "ChangePoint": "_change_point",
    "ClarkEvans": "_nearest",
    "Concentration": "_concentration",
    "Denominators": "_denominators",
    "EmergingHotSpots": "_emerging",
    "Geary": "_geary",
    "GeneralG": "_general_g",
    "KernelDensity": "_density",
    "Knox": "_knox",
    "LocalJoinCounts": "_local_join_counts",
    "LocalMoran": "_local_moran",
    "LocalStatistic": "_local",
    "Mantel": "_mantel",
    "Moran": "_moran",
    "NegativeBinomialTrend": "_negative_binomial",
    "Periods": "_space_time_problem",
    "PlacingSensitivity": "_placing",
    "PointClusters": "_clusters",
    "Prediction": "_prediction",
    "ProbabilityMap": "_probability_map",
    "QuadratTest": "_quadrats",
    "RelativeRiskSurface": "_relative_risk",
    "RipleyK": "_ripley",
    "Scan": "_scan_result",
    "SmoothedRates": "_smoothed_rates",
    "SpaceTimeScan": "_space_time_result",
    "Spread": "_spread",
    "Trend": "_trend",
    "TwoRates": "_two_rates",
    "TwoShares": "_shares",
    "Windows": "_scan_windows",
    "benjamini_hochberg": "_multiple",
    "besag_newell": "_besag_newell",
    "by_denominator": "_denominators",
    "change_point": "_change_point",
    "clark_evans": "_nearest",
    "cluster_points": "_clusters",
    "compare_periods": "_two_periods",
    "compare_shares": "_shares",
    "concentration": "_concentration",
    "ears": "_ears",
    "emerging_hot_spots": "_emerging",
    "emerging_pattern": "_patterns",
    "expected_by_strata": "_standardise",
    "farrington_flexible": "_farrington",
    "geary": "_geary",
    "getis_ord": "_local",
    "getis_ord_g": "_general_g",
    "getis_ord_values": "_local",
    "gini": "_indices",
    "hhi": "_indices",
    "holm": "_multiple",
    "hoover": "_indices",
    "kernel_density": "_density",
    "knox": "_knox",
    "local_join_counts": "_local_join_counts",
    "local_moran": "_local_moran",
    "location_quotient": "_indices",
    "lorenz": "_indices",
    "mantel": "_mantel",
    "moran": "_moran",
    "negative_binomial_trend": "_negative_binomial",
    "person_time": "_standardise",
    "placing_sensitivity": "_placing",
    "poisson_cusum": "_cusum",
    "prediction_limits": "_prediction",
    "probability_map": "_probability_map",
    "quadrat_test": "_quadrats",
    "rates": "_rates",
    "relative_risk_surface": "_relative_risk",
    "ripley_k": "_ripley",
    "scan": "_scan",
    "smoothed_rates": "_smoothed_rates",
    "space_time_permutation": "_space_time",
    "space_time_scan": "_space_time",
    "spread": "_spread",
    "temporal_scan": "_space_time",
    "theil": "_indices",
    "trend": "_trend",
    "two_rates": "_two_rates",
    "usable_points": "_planar",
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
