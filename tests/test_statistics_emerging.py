"""Emerging hot spots: the 17 patterns and Gi* in space and time."""

import itertools
from math import comb

import numpy as np
import pandas as pd
import pytest

from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._mann_kendall import mann_kendall_p
from awsd_geo.statistics._patterns import PATTERNS, trend_of

H, C, N = "hot", "cold", "neither"
MIRROR = {H: C, C: H, N: N}
HOT = [  # the definitions of Esri's documentation, one line each
    ([N] * 11 + [H], "none", "new hot spot"),
    ([C] + [N] * 10 + [H], "none", "new hot spot"),
    ([N] * 9 + [H] * 3, "none", "consecutive hot spot"),
    ([C] * 3 + [H] * 9, "none", "consecutive hot spot"),
    ([H] * 12, "up", "intensifying hot spot"),
    ([N] + [H] * 11, "up", "intensifying hot spot"),
    ([H] * 12, "none", "persistent hot spot"),
    ([N] + [H] * 11, "none", "persistent hot spot"),
    ([H] * 12, "down", "diminishing hot spot"),
    ([H, N, H, N, N, N, N, N, N, N, N, H], "none", "sporadic hot spot"),
    ([H] + [N] * 3 + [H] * 8, "up", "sporadic hot spot"),
    ([H, C, N, N, H, H], "none", "oscillating hot spot"),
    ([H] * 11 + [N], "none", "historical hot spot"),
    ([H] * 11 + [C], "down", "new cold spot"),
    ([N] * 12, "up", "no pattern"),
    ([H] * 10 + [N] * 2, "none", "no pattern"),
    ([N, H, N], "none", "no pattern"),
]


@pytest.mark.parametrize(("states", "trend", "pattern"), HOT)
def test_patterns_by_definition(states, trend, pattern):
    assert statistics.emerging_pattern(states, trend=trend) == pattern


@pytest.mark.parametrize(("states", "trend", "pattern"), HOT)
def test_cold_patterns_are_the_mirror_image_trends_too(states, trend, pattern):
    turned = {"up": "down", "down": "up", "none": "none"}[trend]
    side = pattern.replace("hot", "*").replace("cold", "hot").replace("*", "cold")
    assert statistics.emerging_pattern([MIRROR[state] for state in states], trend=turned) == side


def test_a_cold_spot_intensifies_where_its_z_scores_fall():
    assert statistics.emerging_pattern([C] * 10, trend="down") == "intensifying cold spot"
    assert statistics.emerging_pattern([C] * 10, trend="up") == "diminishing cold spot"


def test_every_history_of_five_steps_has_exactly_one_of_17_names():
    names = {
        statistics.emerging_pattern(states, trend=trend)
        for states in itertools.product((H, C, N), repeat=5)
        for trend in ("up", "down", "none")
    }
    assert len(PATTERNS) == 17
    assert names <= set(PATTERNS)
    assert set(PATTERNS) - names == {"historical hot spot", "historical cold spot"}  # 90 % of 5 without the last


def test_a_state_that_is_none_is_refused():
    with pytest.raises(InputError, match="States must be among hot, cold, neither"):
        statistics.emerging_pattern(["warm"])
    with pytest.raises(InputError, match="at least one"):
        statistics.emerging_pattern([])


def test_the_trend_of_z_scores_is_mann_kendalls():
    for series in ([1, 2, 3, 4], [3, 1, 1, 2, 5, 5, 7], [2, 2, 2]):
        assert trend_of(np.array(series, dtype=float))[1] == pytest.approx(mann_kendall_p(np.array(series)), rel=1e-12)
    tied = np.array([0.1 + 0.2, 0.3, 0.7])  # equal but for rounding
    assert trend_of(tied)[0] == 2
    series = np.random.default_rng(0).normal(size=61)
    close = mann_kendall_p(np.argsort(np.argsort(series)))
    assert trend_of(series)[1] == pytest.approx(close, abs=0.005)


def grid(rows: int, columns: int) -> pd.Series:
    pairs = [
        (f"{r}{c}", f"{r + i}{c + j}")
        for r, c in itertools.product(range(rows), range(columns))
        for i, j in ((0, 1), (0, -1), (1, 0), (-1, 0))
        if 0 <= r + i < rows and 0 <= c + j < columns
    ]
    return pd.Series(1, index=pd.MultiIndex.from_tuples(pairs, names=["focal", "neighbor"]), name="weight")


def cube(array, first=2010) -> pd.Series:
    rows, columns, years = array.shape
    units = [f"{r}{c}" for r, c in itertools.product(range(rows), range(columns))]
    index = pd.MultiIndex.from_product([units, range(first, first + years)], names=["region_id", "year"])
    return pd.Series(array.reshape(-1), index=index)


@pytest.fixture(scope="module")
def quiet():
    return np.random.default_rng(1).poisson(1.0, (6, 6, 12))


def test_gi_star_and_its_p_by_hand(quiet):
    small = quiet[:2, :2, :3].copy()
    found = statistics.emerging_hot_spots(cube(small), grid(2, 2))
    flat = small.reshape(-1)
    # Bin (0, 0) in 2011: itself and its two neighbours, in 2010 and 2011: 6 of 12 bins.
    total = int(small[0, 0, :2].sum() + small[0, 1, :2].sum() + small[1, 0, :2].sum())
    draws = [sum(draw) for draw in itertools.combinations(flat.tolist(), 6)]
    assert len(draws) == comb(12, 6)
    tails = np.mean(np.array(draws) >= total), np.mean(np.array(draws) <= total)
    bin_ = found.bins.loc[("00", 2011)]
    assert bin_["p_value"] == pytest.approx(min(2 * min(tails), 1), rel=1e-9)
    assert bin_["value"] == pytest.approx((total - np.mean(draws)) / np.std(draws), rel=1e-9)


def test_a_window_of_one_step_compares_within_the_year(quiet):
    found = statistics.emerging_hot_spots(cube(quiet), grid(6, 6), window="step")
    assert found.lag == 0
    year = cube(quiet).xs(2015, level="year")
    expected = statistics.getis_ord_values(year, grid(6, 6))
    values = found.bins.xs(2015, level="year")["value"]
    assert values.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-9)


def test_simulated_histories_get_their_names(quiet):
    array = quiet.copy()
    array[0:2, 0:2, :] += 9  # always
    array[4:6, 4:6, 9:] += 12  # the last three years
    array[0:2, 4:6, 11] += 15  # the last year
    found = statistics.emerging_hot_spots(cube(array), grid(6, 6), lag=0, correction="none")
    labels = found.table["label"]
    assert labels["00"] in {"persistent hot spot", "diminishing hot spot"}
    assert labels["55"] == "consecutive hot spot"
    assert labels["05"] == "new hot spot"
    assert found.reason is None
    assert not found.descriptive
    assert "new hot spot" in found.summary()


def test_few_steps_or_units_are_descriptive_and_the_sentence_says_why(quiet):
    found = statistics.emerging_hot_spots(cube(quiet[:, :, :6]), grid(6, 6))
    assert found.descriptive
    assert found.summary().endswith("Descriptive only: 6 steps (below 10 one more year renames most patterns).")
    small = statistics.emerging_hot_spots(cube(quiet[:3, :3]), grid(3, 3))
    assert small.summary().endswith("Descriptive only: 9 units (below 30 Gi* finds next to nothing).")


def test_without_correction_there_are_at_least_as_many_spots(quiet):
    strict = statistics.emerging_hot_spots(cube(quiet), grid(6, 6))
    loose = statistics.emerging_hot_spots(cube(quiet), grid(6, 6), correction="none")
    assert (loose.table["hot_steps"] >= strict.table["hot_steps"]).all()
    assert loose.table["hot_steps"].sum() > strict.table["hot_steps"].sum()


def test_relabelling_the_units_permutes_the_patterns(quiet):
    found = statistics.emerging_hot_spots(cube(quiet), grid(6, 6)).table
    order = np.random.default_rng(0).permutation(found.index)
    again = statistics.emerging_hot_spots(cube(quiet).loc[list(order)], grid(6, 6)).table
    pd.testing.assert_frame_equal(again.loc[found.index], found)


def test_an_island_has_no_pattern_of_its_own(quiet):
    adjacency = grid(2, 3)
    alone = adjacency[[pair for pair in adjacency.index if "00" not in pair]]
    alone = pd.concat([alone, pd.Series(0, index=pd.MultiIndex.from_tuples([("00", "00")]))])
    found = statistics.emerging_hot_spots(cube(quiet[:2, :3]), alone)
    assert found.table.loc["00", "label"] == "undefined"
    assert found.table["label"].drop("00").ne("undefined").all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": "year"}, "window must be one of cube, step"),
        ({"correction": "holm"}, "correction must be one of"),
        ({"window": "step", "lag": 1}, "leave lag at 0"),
        ({"lag": -1}, "lag must be a whole number of 0 or more"),
    ],
)
def test_wrong_options_are_refused(quiet, options, message):
    with pytest.raises(RequestError, match=message):
        statistics.emerging_hot_spots(cube(quiet), grid(6, 6), **options)


def test_counts_without_years_or_with_a_gap_are_refused(quiet):
    with pytest.raises(InputError, match="need counts by region_id and year"):
        statistics.emerging_hot_spots(pd.Series({"a": 4}), grid(6, 6))
    with pytest.raises(InputError, match="A region lacks a year"):
        statistics.emerging_hot_spots(cube(quiet).iloc[1:], grid(6, 6))


def test_two_years_are_too_few(quiet):
    found = statistics.emerging_hot_spots(cube(quiet[:, :, :2]), grid(6, 6))
    assert found.reason == "Only 2 years: a pattern over time needs at least 3."
    assert found.table["label"].eq("undefined").all()
