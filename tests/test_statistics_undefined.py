"""Undefined stays undefined: every public statistic is fed what it cannot answer, found by itself."""

import inspect
import types

import numpy as np
import pandas as pd
import pytest

from awsd_geo import statistics
from awsd_geo.results import Result

REGIONS = ["a", "b", "c", "d", "e"]
YEARS = list(range(2017, 2023))
ISLAND = "e"


def counts(by_region, years=None) -> pd.Series:
    """Spread numbers by region over years, all of them in turn."""
    years = YEARS if years is None else years
    index = pd.MultiIndex.from_product([REGIONS, years], names=["region_id", "year"])
    series = pd.Series(0, index=index)
    for region, number in zip(REGIONS, by_region, strict=True):
        for k in range(number):
            series[region, years[k % len(years)]] += 1
    return series


def neighbours(*pairs) -> pd.Series:
    both = [*pairs, *(pair[::-1] for pair in pairs)]
    alone = [(unit + unit) for unit in REGIONS if not any(unit in pair for pair in pairs)]
    index = pd.MultiIndex.from_tuples([tuple(pair) for pair in (*both, *alone)], names=["focal", "neighbor"])
    return pd.Series([1] * len(both) + [0] * len(alone), index=index, name="weight")


CHAIN = neighbours("ab", "bc", "cd", "de")
PEOPLE = pd.Series([5.0, 4, 3, 2, 1], index=REGIONS)
SOME = [9, 1, 0, 4, 5]
CASES = {
    "constant": (counts([6] * 5), CHAIN, PEOPLE * 0 + 1),
    "all zero": (counts([0] * 5), CHAIN, PEOPLE),
    "all in one region": (counts([12, 0, 0, 0, 0]), CHAIN, PEOPLE),
    "three incidents": (counts([2, 0, 0, 1, 0]), CHAIN, PEOPLE),
    "an island": (counts(SOME), neighbours("ab", "bc", "cd"), PEOPLE),
    "a missing population": (counts(SOME), CHAIN, PEOPLE.drop(ISLAND)),
    "a population of 0": (counts(SOME), CHAIN, PEOPLE.where(PEOPLE > 1, 0)),
    "one year": (counts(SOME, [2022]), CHAIN, PEOPLE),
}
EVENTS = {"knox", "mantel"}  # need places and times of events, no denominator
SPACE_TIME = {"space_time_scan", "space_time_permutation", "temporal_scan"}
NO_PEOPLE = {"space_time_permutation", "temporal_scan"}  # need no exposure by region
NO_TEST = {"gini", "hhi", "hoover", "lorenz", "theil", "location_quotient", "rates", "getis_ord_values"}
POINTS = {"ripley_k", "clark_evans", "quadrat_test", "kernel_density", "relative_risk_surface", "cluster_points"}
RATES = {"smoothed_rates", "probability_map"}
LONG = {"ears", "farrington_flexible"}  # six years are too short for them, whatever they hold
PERIODS = {"compare_periods", "prediction_limits", "poisson_cusum", "negative_binomial_trend"}
WHEN = {*PERIODS, "change_point", "compare_shares", "spread"}
BY_YEAR = {*PERIODS, "change_point"}  # their exposure is by year, not by region
IN_PART = {"trend", "compare_periods"}  # one of their tests may be undefined while the others are not
PATTERN = {"geary", "getis_ord_g", "local_moran", "local_join_counts"}
BY_UNIT = {  # undefined for the one unit that lacks something, defined for the others
    "an island": {"getis_ord", "getis_ord_values", "local_moran", "local_join_counts", "emerging_hot_spots"},
    "a missing population": RATES,
    "a population of 0": RATES,
}
KNOWN_OF_UNIT = ["name", "kind", "incidents", "neighbours", "present", "exposure", "reason"]
DEFINED = {  # what theory does define, and so is answered
    "constant": {
        *PERIODS,
        "spread",
        *POINTS,
        "besag_newell",
        *RATES,
        "gini",
        "hhi",
        "hoover",
        "lorenz",
        "theil",
        "location_quotient",
        "rates",
        *EVENTS,
    },
    "all zero": {"rates"},
    "all in one region": (
        NO_TEST
        | RATES
        | PERIODS
        | {
            "besag_newell",
            "concentration",
            "placing_sensitivity",
            "by_denominator",
            "trend",
            "scan",
            "space_time_scan",
            "relative_risk_surface",
        }
    ),
    "three incidents": NO_TEST,
    "an island": {
        *WHEN,
        *POINTS,
        "besag_newell",
        *RATES,
        "concentration",
        "placing_sensitivity",
        "by_denominator",
        "trend",
        "scan",
        *NO_TEST,
        *EVENTS,
        *SPACE_TIME,
    }
    - {"getis_ord_values"},
    "a missing population": {
        *WHEN,
        "emerging_hot_spots",
        *POINTS,
        *PATTERN,
        "trend",
        "getis_ord",
        "getis_ord_values",
        "moran",
        "hhi",
        *EVENTS,
        *NO_PEOPLE,
    },
    "a population of 0": {
        *WHEN,
        "emerging_hot_spots",
        *POINTS,
        *PATTERN,
        "trend",
        "getis_ord",
        "getis_ord_values",
        "moran",
        "hhi",
        *EVENTS,
        *NO_PEOPLE,
    },
    "one year": {
        "poisson_cusum",
        *POINTS,
        "besag_newell",
        *RATES,
        *PATTERN,
        "concentration",
        "placing_sensitivity",
        "by_denominator",
        "getis_ord",
        "moran",
        "scan",
        *NO_TEST,
    },
}
NOT_OF_COUNTS = {
    "benjamini_hochberg",
    "emerging_pattern",
    "expected_by_strata",
    "holm",
    "person_time",
    "two_rates",
    "usable_points",
}
FUNCTIONS = [
    name for name in statistics.__all__
    if isinstance(getattr(statistics, name), types.FunctionType) and name not in NOT_OF_COUNTS
]  # fmt: skip


def call(name: str, case: str):
    """Call a statistic with what it takes; one that takes something new has to be taught here."""
    series, near, people = CASES[case]
    events = series.index.repeat(series)
    known = {
        "points": np.column_stack([[REGIONS.index(region) for region, _ in events], np.zeros(len(events))]),
        "cases": np.array([(REGIONS.index(region), 0.0) for region, _ in events]).reshape(-1, 2),
        "population": np.array([(k, 0.0) for k in range(len(REGIONS))]),
        "radius_m": 1000.0,
        "times": [year for _, year in events],
        "space": 1 if name == "knox" else (1, -1),
        "time": 1 if name == "knox" else (1, -1),
        "counts": series if name != "rates" else series.groupby("region_id").sum(),
        "values": series.groupby("region_id").sum(),
        "neighbours": near,
        "where": pd.DataFrame({"x": range(len(REGIONS)), "y": 0.0}, index=REGIONS),
        "exposure": people if name != "temporal_scan" else pd.Series(1.0, index=YEARS),
        "size": 4,
        "split": 2020,
        "exposures": {"equal": None, "population": people},
        "unplaced": pd.DataFrame({"candidates": [tuple(REGIONS)], "incidents": [2]}),
    }
    if name in POINTS:
        known["window"] = (-1, -1, 5, 1)
    if name in BY_YEAR:
        del known["exposure"]
    if name == "poisson_cusum":
        known["expected"] = 1.0
    function = getattr(statistics, name)
    parameters = inspect.signature(function).parameters.values()
    needed = [p.name for p in parameters if p.name in known or p.default is inspect.Parameter.empty]
    return function(**{parameter: known[parameter] for parameter in needed})


def p_values_of(result: Result) -> list[float]:
    """Give every p-value that the result holds as a field."""
    fields = [name for name in type(result).__dataclass_fields__ if name.startswith("p_") or name.endswith("_p")]
    return [getattr(result, name) for name in fields]


def assert_silent(result: Result) -> None:
    """Check for a reason, no p, no label."""
    assert isinstance(result.reason, str)
    assert result.reason.endswith(".")
    assert all(np.isnan(p) for p in p_values_of(result))
    assert getattr(result, "epicentre", None) is None
    assert not getattr(result, "ties", ())
    assert getattr(result, "verdict", "undefined") == "undefined"
    assert getattr(result, "agree", None) is None
    if "label" in result.table:
        assert (result.table["label"] == "undefined").all()
    assert result.reason.rstrip(".") in result.summary() or "undefined" in result.summary()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_undefined_stays_undefined(name, case):
    result = call(name, case)
    if name in DEFINED[case]:
        return
    if name in BY_UNIT.get(case, ()):
        table = result.table if isinstance(result, Result) else result.to_frame()
        row = table.loc[ISLAND]
        left = row.drop(KNOWN_OF_UNIT, errors="ignore")
        assert left.map(lambda value: value == "undefined" or np.isnan(value)).all()
        assert ISLAND in row.get("reason", ISLAND)
    elif case == "constant" and name == "trend":
        assert result.reason.startswith("Every year has the same number")
        assert result.verdict == "no clear change"
    elif name == "rates":
        assert result.loc[ISLAND].isna().all()
    elif isinstance(result, Result):
        assert_silent(result)
    else:
        assert np.isnan(np.asarray(result, dtype=float)).any()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_theory_defines_is_answered(name, case):
    result = call(name, case)
    if name not in DEFINED[case] or name in {"by_denominator", "lorenz"}:
        return
    if isinstance(result, Result):
        assert result.reason is None or name == "trend"
        assert all(0 < p <= 1 for p in p_values_of(result) if not (name in IN_PART and np.isnan(p)))
    else:
        assert np.isfinite(np.asarray(result, dtype=float)).any()


def test_all_in_one_region_is_the_strongest_concentration_not_an_undefined_one():
    # 12 incidents, all in one of 5 equal units: 5 * 5^-12.
    result = statistics.concentration(CASES["all in one region"][0])
    assert result.epicentre == "a"
    assert result.p_value == pytest.approx(5.0**-11)
    assert result.share == 1
