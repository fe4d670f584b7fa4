"""Change point, prediction limits and the negative binomial trend."""

import itertools
from math import factorial, lgamma

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize_scalar

from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._overdispersed import Overdispersed

MALI_2023 = (1, 4, 8, 13, 17, 11)
# British coal mine explosions of ten deaths or more by year, 1851 to 1962, as in Carlin, Gelfand and Smith (1992).
COAL = [
    4, 5, 4, 1, 0, 4, 3, 4, 0, 6, 3, 3, 4, 0, 2, 6, 3, 3, 5, 4, 5, 3, 1, 4, 4, 1, 5, 5, 3, 4, 2, 5, 2, 2, 3, 4, 2, 1, 3,
    2, 2, 1, 1, 1, 1, 3, 0, 0, 1, 0, 1, 1, 0, 0, 3, 1, 0, 3, 2, 2, 0, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0, 1, 1,
    0, 2, 3, 3, 1, 1, 2, 1, 1, 1, 1, 2, 4, 2, 0, 0, 0, 1, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1,
]  # fmt: skip


def yearly(*numbers: int, first: int = 2017) -> pd.Series:
    return pd.Series(numbers, index=pd.Index(range(first, first + len(numbers)), name="year"))


def llr(series, share, n) -> list[float]:
    found = []
    for k in range(1, len(series)):
        early, late, part = sum(series[:k]), n - sum(series[:k]), sum(share[:k])
        value = early * np.log(early / (n * part)) if early else 0.0
        found.append(value + (late * np.log(late / (n * (1 - part))) if late else 0.0))
    return found


def series_of(years: int, total: int):
    for bars in itertools.combinations(range(total + years - 1), years - 1):
        ends = (-1, *bars, total + years - 1)
        yield [right - left - 1 for left, right in itertools.pairwise(ends)]


@pytest.mark.parametrize(
    ("numbers", "weights"), [((1, 2, 0, 5, 4), None), ((0, 0, 3, 6), None), ((6, 1, 2), (1, 2, 0.5))]
)
def test_p_of_a_change_is_that_of_all_series_with_this_total(numbers, weights):
    exposure = None if weights is None else pd.Series(weights, index=range(2017, 2017 + len(numbers)), dtype=float)
    found = statistics.change_point(yearly(*numbers), exposure=exposure)
    share = np.ones(len(numbers)) if weights is None else np.array(weights, dtype=float)
    share, n = share / share.sum(), sum(numbers)
    seen, p_value = max(llr(numbers, share, n)), 0.0
    for series in series_of(len(numbers), n):
        if max(llr(series, share, n)) >= seen - 1e-9:
            chance = factorial(n) * np.prod(share ** np.array(series))
            p_value += chance / np.prod([float(factorial(number)) for number in series])
    assert found.log_likelihood_ratio == pytest.approx(seen, rel=1e-12)
    assert found.p_value == pytest.approx(p_value, rel=1e-9)


def test_p_of_a_change_agrees_with_monte_carlo():
    chance = np.random.default_rng(0)
    found = statistics.change_point(yearly(3, 6, 4, 8, 9, 7, 10, 5))
    n, years = 52, 8
    drawn = chance.multinomial(n, np.full(years, 1 / years), size=4000)
    reached = [
        max(llr(row, np.full(years, 1 / years), n)) >= found.log_likelihood_ratio - 1e-9 for row in drawn.tolist()
    ]
    assert found.p_value == pytest.approx(np.mean(reached), abs=4 * np.sqrt(0.25 / 4000))


def test_the_posterior_of_the_year_is_bayes_rule_by_hand():
    numbers, shape, rate = (2, 1, 6, 5), 2.0, 0.5
    found = statistics.change_point(yearly(*numbers), prior=(shape, rate))

    def marginal(count, time):  # of a Poisson with a gamma(shape, rate) mean, constants of the counts left out
        return (
            np.exp(lgamma(shape + count) - (shape + count) * np.log(rate + time)) * rate**shape / np.exp(lgamma(shape))
        )

    weights = [marginal(2, 1) * marginal(12, 3), marginal(3, 2) * marginal(11, 2), marginal(9, 3) * marginal(5, 1)]
    assert found.table["posterior"].iloc[1:].tolist() == pytest.approx(np.array(weights) / sum(weights), rel=1e-12)
    none = marginal(14, 4)
    assert found.probability_of_change == pytest.approx(np.mean(weights) / (np.mean(weights) + none), rel=1e-12)


def test_coal_mine_explosions_changed_about_1891():
    # Carlin, Gelfand and Smith (1992): the posterior mode is year 41, so that 1892 is the first of the new rate;
    # Raftery and Akman (1986), on the days between explosions: mode in 1890, 95 % interval 1887 to 1895.
    found = statistics.change_point(pd.Series(COAL, index=range(1851, 1963)))
    assert sum(COAL) == 191
    assert found.year == found.table["posterior"].idxmax() == 1892
    assert set(range(1887, 1895)) <= set(found.credible_years) <= set(range(1886, 1899))
    assert found.ratio == pytest.approx(0.3, abs=0.02)
    assert found.p_value < 1e-14
    assert found.probability_of_change > 0.999


def test_a_tiny_p_of_a_change_is_exact():
    # All 40 in the last of 4 years: no series of 40 has a larger ratio but its mirror image.
    assert statistics.change_point(yearly(0, 0, 0, 40)).p_value == pytest.approx(2 * 4.0**-40, rel=1e-9)


def test_a_flat_series_has_no_change_and_a_tie_no_year():
    assert (
        statistics.change_point(yearly(3, 3, 3)).reason == "Every year has the same rate: there is no change to find."
    )
    tied = statistics.change_point(yearly(5, 1, 5))
    assert tied.year is None
    assert "several years are as likely" in tied.summary()


def test_a_change_in_words():
    assert statistics.change_point(yearly(*MALI_2023)).summary() == (
        "54 incidents in 2017 to 2022: the likeliest change of rate is in 2019 (4.90 times the rate before), rise, p "
        "0.00029 (exact conditional test of the largest likelihood ratio). If the rate changed once, it was in 2018, "
        "2019, 2020 (95% credible)."
    )


def test_thousands_of_incidents_over_ten_years_of_months_take_little_time():
    numbers = np.random.default_rng(0).poisson(150, 120)
    found = statistics.change_point(pd.Series(numbers, index=range(120)))
    assert 0 < found.p_value <= 1


def test_a_prior_that_is_none_is_refused():
    with pytest.raises(RequestError, match="prior must be a shape and a rate"):
        statistics.change_point(yearly(1, 2, 3), prior=(0, 1))


def inside(x, y, part, half) -> bool:
    law = stats.binom(x + y, part)
    return law.cdf(y) >= half and law.sf(y - 1) >= half


@pytest.mark.parametrize(
    ("past", "now", "weight"), [((4, 6, 5), 14, 1.0), ((0, 0, 1), 6, 1.0), ((30, 41, 25), 2, 0.25)]
)
def test_poisson_limits_hold_every_number_that_the_binomial_test_does_not_reject(past, now, weight):
    exposure = pd.Series([*np.ones(len(past)), weight], index=range(2017, 2018 + len(past)))
    found = statistics.prediction_limits(yearly(*past, now), exposure=exposure)
    part = weight / (len(past) + weight)
    kept = [y for y in range(200) if inside(sum(past), y, part, 0.025)]
    assert found.limits == (kept[0], kept[-1])
    assert kept == list(range(kept[0], kept[-1] + 1))
    law = stats.binom(sum(past) + now, part)
    assert found.p_greater == pytest.approx(law.sf(now - 1), rel=1e-9)
    assert found.p_less == pytest.approx(law.cdf(now), rel=1e-9)
    assert (found.verdict == "within") == (now in kept)


def test_poisson_limits_cover_at_least_95_percent():
    # Past mean 12 over 3 years, the year ahead 4, summed over all outcomes.
    covered = 0.0
    for x in range(40):
        low, high = statistics.prediction_limits(yearly(x, 0, 0, 9)).limits
        covered += stats.poisson.pmf(x, 12) * (stats.poisson.cdf(high, 4) - stats.poisson.cdf(low - 1, 4))
    assert covered > 0.95


def test_negative_binomial_limits_are_those_of_the_beta_binomial():
    past, dispersion = (2, 9, 4), 2.5
    found = statistics.prediction_limits(yearly(*past, 12), model="negative binomial", dispersion=dispersion)
    size = sum(past) / (dispersion - 1)
    kept = []
    for y in range(200):
        law = stats.betabinom(sum(past) + y, size / 3, size)
        if law.cdf(y) >= 0.025 and law.sf(y - 1) >= 0.025:
            kept.append(y)
    assert found.limits == (kept[0], kept[-1])
    assert found.p_greater == pytest.approx(stats.betabinom(27, size / 3, size).sf(11), rel=1e-9)
    poisson = statistics.prediction_limits(yearly(*past, 12))
    assert poisson.limits[1] < found.limits[1]


def test_years_that_vary_need_a_past_incident_to_predict_from():
    for dispersion in (None, 3.0):
        found = statistics.prediction_limits(yearly(0, 0, 0, 6), model="negative binomial", dispersion=dispersion)
        assert found.reason == "No incident in the years before it: how years vary is not known."
        assert np.isnan([found.p_value, *found.limits]).all()  # with the size of half an incident they were 0 to 7,540
    one = statistics.prediction_limits(yearly(0, 0, 0, 6), model="negative binomial", dispersion=1)
    assert one.limits == statistics.prediction_limits(yearly(0, 0, 0, 6)).limits == (0, 2)


def test_the_dispersion_of_the_past_years_is_pearsons():
    found = statistics.prediction_limits(yearly(2, 9, 4, 12), model="negative binomial")
    assert found.dispersion == pytest.approx((3**2 + 4**2 + 1**2) / 5 / 2)
    calm = statistics.prediction_limits(yearly(5, 5, 5, 12), model="negative binomial")
    assert calm.dispersion == 1
    assert calm.limits == statistics.prediction_limits(yearly(5, 5, 5, 12)).limits


def test_prediction_in_words():
    found = statistics.prediction_limits(
        yearly(13, 17, 11, 9, first=2020), exposure=pd.Series({2020: 1, 2021: 1, 2022: 1, 2023: 0.25})
    )
    assert found.summary() == (
        "9 incidents in 2023 in 25% of a year, 3.4 expected after 2020 to 2022: above the 95% prediction limits of 0 "
        "to 8 (p 0.026)."
    )


def test_the_year_to_predict_can_be_named_and_later_ones_are_left_out():
    found = statistics.prediction_limits(yearly(4, 6, 5, 14, 90), year=2020)
    assert found.table["use"].tolist() == ["past", "past", "past", "predicted", "not used"]
    assert found.limits == statistics.prediction_limits(yearly(4, 6, 5, 14)).limits


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"year": 1990}, "1990 is not among the years counted, 2017 to 2019"),
        ({"model": "normal"}, "model must be one of poisson, negative binomial"),
        ({"dispersion": 2}, "dispersion must be 1 or more, for a negative binomial model"),
    ],
)
def test_wrong_requests_for_limits_are_refused(options, message):
    with pytest.raises(RequestError, match=message):
        statistics.prediction_limits(yearly(4, 6, 5), **options)


def test_what_cannot_be_predicted_says_why():
    assert statistics.prediction_limits(yearly(9)).reason == "No year lies before it."
    few = statistics.prediction_limits(yearly(4, 6, 5), model="negative binomial")
    assert few.reason == "Only 2 years before it: how years vary needs at least 3."
    assert few.verdict == "undefined"


SERIES = [(1, 9, 2, 14, 6, 25, 9, 40), (3, 8, 1, 12, 2, 15, 30, 4, 22, 9), (40, 11, 25, 6, 19, 4, 2)]


@pytest.mark.parametrize("numbers", SERIES)
def test_negative_binomial_trend_is_that_of_statsmodels(numbers):
    found = statistics.negative_binomial_trend(yearly(*numbers))
    design = sm.add_constant(np.arange(len(numbers), dtype=float))
    model = sm.NegativeBinomial(np.array(numbers), design)
    fit = model.fit(disp=0, method="bfgs", maxiter=500)
    null = sm.NegativeBinomial(np.array(numbers), np.ones(len(numbers))).fit(disp=0, method="bfgs", maxiter=500)
    assert found.rate_ratio == pytest.approx(np.exp(fit.params[1]), rel=1e-4)
    assert found.alpha == pytest.approx(fit.params[2], rel=1e-4)
    assert found.log_likelihood == pytest.approx(fit.llf, rel=1e-8)
    assert found.p_value == pytest.approx(stats.chi2.sf(2 * (fit.llf - null.llf), 1), rel=1e-4)


def test_the_profile_interval_is_where_the_likelihood_ratio_reaches_its_quantile():
    numbers = SERIES[0]
    found = statistics.negative_binomial_trend(yearly(*numbers))
    fall = stats.chi2.ppf(0.95, 1) / 2
    y, time = np.array(numbers, dtype=float), np.arange(8)
    for ratio in found.interval:

        def lacking(log_alpha, ratio=ratio):
            size = np.exp(-log_alpha)

            def minus(level):
                mean = np.exp(level + np.log(ratio) * time)
                return -stats.nbinom.logpmf(y, size, size / (size + mean)).sum()

            return minimize_scalar(minus, bounds=(-10, 10), method="bounded", options={"xatol": 1e-9}).fun

        best = -minimize_scalar(lacking, bounds=(-8, 3), method="bounded", options={"xatol": 1e-7}).fun
        assert found.log_likelihood - best == pytest.approx(fall, rel=1e-5)


def test_calm_years_make_it_a_poisson_trend():
    numbers = (4, 5, 6, 9, 10, 14)
    found = statistics.negative_binomial_trend(yearly(*numbers))
    design = sm.add_constant(np.arange(6, dtype=float))
    fit = sm.GLM(np.array(numbers), design, family=sm.families.Poisson()).fit(tol=1e-12)
    assert found.alpha == 0
    assert found.rate_ratio == pytest.approx(np.exp(fit.params[1]), rel=1e-8)
    null = sm.NegativeBinomial(np.array(numbers), np.ones(6)).fit(disp=0, method="bfgs", maxiter=500)
    assert found.p_value == pytest.approx(stats.chi2.sf(2 * (fit.llf - null.llf), 1), rel=1e-5)
    assert found.summary().endswith("so that this is a Poisson trend.")


@pytest.mark.parametrize("numbers", SERIES)
def test_by_moments_pearsons_statistic_is_its_degrees_of_freedom(numbers):
    found = statistics.negative_binomial_trend(yearly(*numbers), dispersion="moments")
    fitted, alpha = found.table["fitted"].to_numpy(), found.alpha
    assert np.sum((np.array(numbers) - fitted) ** 2 / (fitted * (1 + alpha * fitted))) == pytest.approx(
        len(numbers) - 2
    )
    family = sm.families.NegativeBinomial(alpha=alpha)
    fit = sm.GLM(np.array(numbers), sm.add_constant(np.arange(len(numbers), dtype=float)), family=family).fit(tol=1e-12)
    assert found.rate_ratio == pytest.approx(np.exp(fit.params[1]), rel=1e-6)
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(fit.tvalues[1]), len(numbers) - 2), rel=1e-5)


def test_exposure_is_an_offset():
    exposure = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8], index=range(2017, 2025))
    found = statistics.negative_binomial_trend(yearly(*SERIES[0]), exposure=exposure)
    model = sm.NegativeBinomial(np.array(SERIES[0]), sm.add_constant(np.arange(8.0)), exposure=exposure.to_numpy())
    assert found.log_likelihood == pytest.approx(model.fit(disp=0, method="bfgs", maxiter=500).llf, rel=1e-7)


def test_the_likelihood_of_a_small_alpha_meets_poissons():
    model = Overdispersed(np.array(MALI_2023, dtype=float), np.zeros(6))
    mean = np.full(6, 9.0)
    assert model.log_likelihood(mean, 1e-9) == pytest.approx(model.log_likelihood(mean, 0.0), rel=1e-6)


def test_all_in_the_last_year_has_no_negative_binomial_trend():
    found = statistics.negative_binomial_trend(yearly(0, 0, 9))
    assert found.reason == "All incidents are in the last year: no ratio can be named."
    with pytest.raises(RequestError, match="dispersion must be one of likelihood, moments"):
        statistics.negative_binomial_trend(yearly(1, 2, 3), dispersion="none")
    with pytest.raises(InputError, match="over 0 for every year"):
        statistics.negative_binomial_trend(yearly(1, 2, 3), exposure=pd.Series({2017: 1.0, 2018: 0.0, 2019: 1.0}))


@given(st.lists(st.integers(0, 30), min_size=3, max_size=8))
@settings(max_examples=12, deadline=None)
def test_every_series_gives_a_probability_or_a_reason(numbers):
    series = yearly(*numbers)
    before = series.copy()
    for function in (statistics.change_point, statistics.prediction_limits, statistics.negative_binomial_trend):
        found = function(series)
        assert (found.reason is None) == (0 < found.p_value <= 1)
        assert (found.verdict == "undefined") == (found.reason is not None)
    pd.testing.assert_series_equal(series, before)


def test_the_smallest_change_that_could_be_found_has_80_percent_power():
    # 14 incidents in 4 years, the rise in the middle: power over all series, the critical ratio from all series.
    numbers = (3, 4, 3, 4)
    found = statistics.change_point(yearly(*numbers))
    share, n = np.full(4, 0.25), 14
    ways_of = lambda s: factorial(n) / np.prod([float(factorial(x)) for x in s])  # noqa: E731
    everything = [(max(llr(s, share, n)), s, ways_of(s)) for s in series_of(4, n)]
    ratios = sorted({round(value, 9) for value, _, _ in everything})
    critical = next(
        c for c in ratios if sum(ways for value, _, ways in everything if value >= c - 1e-9) / 4.0**n <= 0.05
    )
    after = np.array([1, 1, found.smallest_detectable, found.smallest_detectable])
    law = after / after.sum()
    power = sum(ways * np.prod(law ** np.array(s)) for value, s, ways in everything if value >= critical - 1e-9)
    assert power == pytest.approx(0.8, abs=0.002)
    assert "times in mid-series would have been found with 80% power" in found.summary()


def test_so_few_incidents_that_no_change_could_show():
    found = statistics.change_point(yearly(2, 2, 1), confidence=0.995)
    assert found.smallest_detectable == np.inf
    assert found.summary().endswith("So few incidents could not have shown any change.")
