"""Trend: exact conditional Poisson, quasi-Poisson, exact Mann-Kendall and the verdict from all three."""

import itertools
import warnings
from fractions import Fraction
from math import comb, factorial

import numpy as np
import pandas as pd
import pymannkendall
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import awsd_geo
from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._loglinear import DIRECT, LogLinear
from awsd_geo.statistics._mann_kendall import mann_kendall_p, orders_by_inversions, score, sen_slope

MALI_2023 = (1, 4, 8, 13, 17, 11)  # Mali 2017 to 2022 as known on 2 March 2023
MALI_2025 = (1, 4, 8, 13, 17, 13)  # the same as known on 26 August 2025


def yearly(*numbers: int, first: int = 2017) -> pd.Series:
    return pd.Series(numbers, index=pd.Index(range(first, first + len(numbers)), name="year"))


def law_of_times(years: int, total: int) -> dict[int, Fraction]:
    """Give the null law of the sum of the incidents' years by enumeration of all counts, in fractions."""
    law: dict[int, Fraction] = {}
    for bars in itertools.combinations(range(total + years - 1), years - 1):
        ends = (-1, *bars, total + years - 1)
        counts = [right - left - 1 for left, right in itertools.pairwise(ends)]
        ways = Fraction(factorial(total), years**total)
        for number in counts:
            ways /= factorial(number)
        time = sum(t * number for t, number in enumerate(counts))
        law[time] = law.get(time, Fraction(0)) + ways
    return law


@pytest.mark.parametrize("numbers", [(0, 1, 7), (1, 2, 3, 4), (5, 0, 1, 2), (0, 0, 0, 9), (3, 1, 1, 1, 1), (2, 3, 2)])
def test_exact_p_is_that_of_enumeration_by_either_convention(numbers):
    total = sum(numbers)
    law = law_of_times(len(numbers), total)
    time = sum(t * number for t, number in enumerate(numbers))
    upper = sum(p for t, p in law.items() if t >= time)
    lower = sum(p for t, p in law.items() if t <= time)
    doubled = min(2 * min(upper, lower), Fraction(1))
    unlikely = sum(p for p in law.values() if p <= law[time])
    assert doubled == unlikely  # the null law is symmetric with one peak: the conventions are one
    assert statistics.trend(yearly(*numbers)).p_value == pytest.approx(float(doubled), rel=1e-12)


def test_published_mali_as_of_march_2023_is_not_confirmed_by_all_tests():
    result = statistics.trend(yearly(*MALI_2023))
    assert result.p_value == pytest.approx(1.8e-4, abs=5e-6)
    assert result.quasi_poisson_p == pytest.approx(0.059, abs=5e-4)
    assert result.mann_kendall_p == pytest.approx(40 / 720)  # 1 + 5 + 14 orders with at most 2 inversions, twice
    assert result.verdict == "increase, not confirmed by all tests"
    assert result.summary() == (
        "54 incidents in 2017 to 2022, each year 1.37 times the one before (95% CI 1.16 to 1.64): increase, not "
        "confirmed by all tests. p 0.00018 (exact conditional Poisson); 0.059 allowing for dispersion 1.9 "
        "(quasi-Poisson); 0.056 by the order of the years (exact Mann-Kendall)."
    )


def test_published_mali_as_of_august_2025_grows_by_41_percent_a_year():
    result = statistics.trend(yearly(*MALI_2025))
    assert round(result.rate_ratio, 2) == 1.41
    assert result.verdict == "increase"


@pytest.mark.parametrize(
    "numbers", [MALI_2023, MALI_2025, (9, 7, 8, 6, 9, 7), (0, 2, 1, 0, 2), (30, 12, 8, 1), (3, 1, 2)]
)
def test_rate_ratio_and_quasi_poisson_are_those_of_statsmodels(numbers):
    result = statistics.trend(yearly(*numbers))
    design = sm.add_constant(np.arange(len(numbers), dtype=float))
    model = sm.GLM(np.array(numbers), design, family=sm.families.Poisson())
    fit = model.fit(scale="X2", use_t=True, tol=1e-14)
    assert result.rate_ratio == pytest.approx(np.exp(fit.params[1]), rel=1e-9)
    assert result.dispersion == pytest.approx(fit.scale, rel=1e-9)
    assert result.quasi_poisson_p == pytest.approx(fit.pvalues[1], rel=1e-8)
    assert result.quasi_poisson_interval == pytest.approx(tuple(np.exp(fit.conf_int()[1])), rel=1e-8)
    assert result.table["fitted"].to_numpy() == pytest.approx(fit.fittedvalues, rel=1e-8)


def test_with_two_years_the_law_is_binomial():
    # 3 and 9 incidents: p and interval are those of a binomial, the odds of the second year being the rate ratio.
    law = LogLinear(2, 12)
    assert law.p_value(9) == pytest.approx(stats.binomtest(9, 12).pvalue, rel=1e-13)
    low, high = stats.binomtest(9, 12).proportion_ci(0.95, method="exact")
    assert law.interval(9, 0.95) == pytest.approx((np.log(low / (1 - low)), np.log(high / (1 - high))), rel=1e-9)
    assert law.slope(9) == pytest.approx(np.log(3))


def test_the_interval_leaves_half_of_5_percent_in_either_tail():
    result = statistics.trend(yearly(*MALI_2025))
    times = np.arange(6)
    time = int(np.dot(times, MALI_2025))
    for ratio, tail in zip(result.interval, (slice(time, None), slice(None, time + 1)), strict=True):
        one = ratio**times / np.sum(ratio**times)
        law = np.array([1.0])
        for _ in range(56):
            law = np.convolve(law, one)
        assert law[tail].sum() == pytest.approx(0.025, rel=1e-9)


@pytest.mark.parametrize("numbers", [MALI_2023, (2, 3, 2, 5, 4), (4, 4, 1), (1, 3, 2, 4, 3, 2, 5), (0, 1, 6)])
def test_p_is_under_5_percent_exactly_where_the_interval_leaves_out_1(numbers):
    result = statistics.trend(yearly(*numbers))
    assert (result.p_value < 0.05) == (not result.interval[0] <= 1 <= result.interval[1])


def test_a_long_series_goes_through_the_fourier_transform_with_the_same_result():
    law = LogLinear(12, 700)
    assert law.largest < DIRECT < LogLinear(12, 800).largest
    for total, time in ((700, 4100), (800, 4700), (800, 5000)):
        one = np.ones(12) / 12
        exact = np.array([1.0])
        for _ in range(total):
            exact = np.convolve(exact, one)
        assert LogLinear(12, total).p_value(time) == pytest.approx(2 * exact[time:].sum(), rel=1e-9)


def test_a_tiny_p_is_exact():
    # All 60 incidents in the last of 8 years: 2 * 8^-60, far below what 1 - (1 - p) could hold.
    assert statistics.trend(yearly(*[0] * 7, 60)).p_value == pytest.approx(2 * 8.0**-60, rel=1e-10)


def test_all_in_the_last_year_has_no_ratio_but_an_interval():
    result = statistics.trend(yearly(0, 0, 0, 9))
    assert result.rate_ratio == np.inf
    assert result.interval[1] == np.inf
    assert "all in the last year, so that no ratio can be named" in result.summary()
    assert result.verdict == "increase, not confirmed by all tests"  # 4 years: Mann-Kendall finds 0.5


def test_smallest_detectable_has_80_percent_power():
    # 12 incidents in 3 years: power by enumeration of the sum of times, the critical value from fractions.
    law = law_of_times(3, 12)
    least = min(t for t in law if 2 * sum(p for u, p in law.items() if u >= t) <= Fraction(1, 20))
    found = statistics.trend(yearly(4, 5, 3))
    one = found.smallest_detectable ** np.arange(3)
    one /= one.sum()
    power = 0.0
    for first in range(13):
        for second in range(13 - first):
            third = 12 - first - second
            if not 24 - least < second + 2 * third < least:
                ways = comb(12, first) * comb(12 - first, second)
                power += ways * one[0] ** first * one[1] ** second * one[2] ** third
    assert power == pytest.approx(0.8, rel=1e-9)
    assert f"A ratio of {found.smallest_detectable:.2f} a year would have been found with 80% power." in found.summary()


@pytest.mark.parametrize(
    "numbers", [(1, 2, 3, 4), (3, 1, 1, 2), (2, 2, 2), (0, 0, 1, 1, 5), (1, 4, 8, 13, 17, 11), (4, 0, 4)]
)
def test_mann_kendall_is_that_of_all_orders(numbers):
    scores = [score(np.array(order)) for order in itertools.permutations(numbers)]
    extreme = sum(abs(s) >= abs(score(np.array(numbers))) for s in scores)
    assert mann_kendall_p(np.array(numbers)) == extreme / len(scores)


def test_orders_of_a_multiset_by_inversions_worked_out_by_hand():
    assert orders_by_inversions([2, 1]) == [1, 1, 1]  # aab, aba, baa
    assert orders_by_inversions([1, 1, 1]) == [1, 2, 2, 1]
    assert sum(orders_by_inversions([3, 2, 4])) == factorial(9) // (6 * 2 * 24)


def test_mann_kendall_without_ties_is_scipys_exact_kendall():
    series = np.random.default_rng(0).permutation(20)
    assert mann_kendall_p(series) == pytest.approx(stats.kendalltau(np.arange(20), series, method="exact").pvalue)


def test_sens_slope_and_score_are_those_of_pymannkendall():
    for numbers in (MALI_2023, (5, 1, 1, 7, 2), (3, 3, 0)):
        other = pymannkendall.original_test(numbers)
        assert (sen_slope(np.array(numbers)), score(np.array(numbers))) == (other.slope, other.s)


def test_the_direction_turns_with_the_years():
    up, down = statistics.trend(yearly(*MALI_2025)), statistics.trend(yearly(*MALI_2025[::-1]))
    assert down.verdict == "decrease"
    assert down.rate_ratio == pytest.approx(1 / up.rate_ratio)
    assert down.p_value == pytest.approx(up.p_value, rel=1e-12)
    assert statistics.trend(yearly(*MALI_2023[::-1])).verdict == "decrease, not confirmed by all tests"


def test_regions_are_summed_and_years_put_in_order():
    index = pd.MultiIndex.from_product([["a", "b"], [2019, 2018, 2017]], names=["region_id", "year"])
    result = statistics.trend(pd.Series([5, 2, 1, 1, 1, 0], index=index))
    assert result.table["incidents"].to_dict() == {2017: 1, 2018: 3, 2019: 6}


def test_a_constant_series_has_no_change_and_says_what_is_undefined():
    result = statistics.trend(yearly(5, 5, 5, 5))
    assert (result.p_value, result.mann_kendall_p, result.verdict) == (1.0, 1.0, "no clear change")
    assert result.rate_ratio == pytest.approx(1)
    assert np.isnan(result.quasi_poisson_p)
    assert result.reason == (
        "Every year has the same number: how years vary, and so the quasi-Poisson test, is undefined."
    )


def test_counts_that_lie_on_the_trend_have_no_dispersion():
    result = statistics.trend(yearly(1, 2, 4, 8, 16))
    assert np.isnan(result.quasi_poisson_p)
    assert result.reason.startswith("No year departs from the fitted trend")
    assert result.verdict == "increase"
    assert "quasi-Poisson undefined" in result.summary()


def test_so_few_incidents_that_no_trend_could_show():
    # 5 incidents in 3 years: even all in the last has 2 / 243 = 0.008, so that a steep one could show; at 99.5 % none.
    result = statistics.trend(yearly(2, 1, 2), confidence=0.995)
    assert result.smallest_detectable == np.inf
    assert result.summary().endswith("So few incidents could not have shown any trend.")


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (pd.Series({2017: 1, 2019: 5, 2020: 4}), "no row for 2018. Write a zero if nothing happened"),
        (pd.Series({"Mopti": 1, "Gao": 5}), "needs counts by year"),
        (pd.Series({2017: 1.5, 2018: 2}), "2017 has 1.5"),
    ],
)
def test_what_is_no_yearly_series_is_refused_with_a_way_out(counts, message):
    with pytest.raises(InputError, match=message):
        statistics.trend(counts)


def test_a_confidence_that_is_none_is_refused():
    with pytest.raises(RequestError, match="between 0 and 1"):
        statistics.trend(yearly(1, 2, 3), confidence=0)


@given(st.lists(st.integers(0, 30), min_size=3, max_size=9))
@settings(max_examples=80, deadline=None)
def test_p_is_a_probability_and_the_input_stays(numbers):
    series = yearly(*numbers)
    before = series.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = statistics.trend(series)
    pd.testing.assert_series_equal(series, before)
    if sum(numbers) < 5:
        assert result.verdict == "undefined"
        assert np.isnan(result.p_value)
    else:
        assert 0 < result.p_value <= 1
        assert 0 < result.mann_kendall_p <= 1
        assert result.interval[0] <= result.rate_ratio <= result.interval[1]


def test_counts_by_region_say_how_many_incidents_without_a_place_are_left_out(toy_incidents, toy_regions):
    years = [2019, 2020, 2020, 2021, 2021, 2021, 2021]
    regions = toy_regions("East", "West")
    located = awsd_geo.geocode(toy_incidents(year=years, region=["East"] * 5 + [None, None]), regions)
    counts = awsd_geo.count(located, regions)
    found = statistics.trend(counts["incidents"])
    assert (found.incidents, found.left_out) == (5, 2)
    assert "(2 without a place left out; count_by_year() has them)" in found.summary()
    assert statistics.trend(awsd_geo.count_by_year(located)).left_out == 0
