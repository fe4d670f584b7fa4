"""Long series: EARS, Poisson CUSUM, Farrington's flexible method."""

import itertools

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._cusum import average_run_length
from awsd_geo.statistics._farrington import quantile, season


def weeks(numbers, start="2015-01-05") -> pd.Series:
    return pd.Series(np.asarray(numbers), index=pd.period_range(start, periods=len(numbers), freq="W"))


SMALL = [2, 3, 1, 2, 4, 2, 3, 9, 2, 7, 8, 6]


def test_c1_and_c2_worked_out_by_hand():
    # C1 of the eighth: mean 17/7 of the seven before, variance (47 - 17^2/7)/6. C2 of the tenth: the same baseline.
    mean, deviation = 17 / 7, np.sqrt((47 - 17**2 / 7) / 6)
    c1 = statistics.ears(pd.Series(SMALL), method="C1").table
    assert c1["label"].iloc[:7].eq("undefined").all()
    assert c1.loc[7, "statistic"] == pytest.approx((9 - mean) / deviation)
    assert c1.loc[7, "threshold"] == pytest.approx(mean + 3 * deviation)
    assert c1.loc[7, "label"] == "alarm"
    c2 = statistics.ears(pd.Series(SMALL), method="C2").table
    assert c2["label"].iloc[:9].eq("undefined").all()
    assert c2.loc[9, "statistic"] == pytest.approx((7 - mean) / deviation)


def test_c3_sums_what_c2_exceeds_1_by_over_three_periods():
    c2 = statistics.ears(pd.Series(SMALL), method="C2").table["statistic"]
    c3 = statistics.ears(pd.Series(SMALL), method="C3").table
    expected = sum(max(c2[place] - 1, 0) for place in (9, 10, 11))
    assert c3.loc[11, "statistic"] == pytest.approx(expected)
    assert c3["label"].iloc[:11].eq("undefined").all()
    assert c3.loc[11, "label"] == ("alarm" if expected > 2 else "no alarm")


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
def test_a_count_above_the_threshold_and_only_such_a_one_is_an_alarm(method):
    table = statistics.ears(pd.Series(np.random.default_rng(3).poisson(4, 300)), method=method).table
    judged = table[(table["label"] != "undefined") & (table["threshold"] > 0)]
    assert ((judged["incidents"] > judged["threshold"]) == (judged["label"] == "alarm")).all()
    assert judged["label"].eq("alarm").any()


def test_a_constant_baseline_is_undefined_and_says_so():
    table = statistics.ears(pd.Series([0] * 8 + [5, 1]), method="C1").table
    assert table.loc[8, "label"] == "undefined"
    assert table.loc[8, "reason"].startswith("The baseline is constant")
    assert table.loc[9, "label"] == "no alarm"


def test_a_short_or_empty_series_has_a_reason():
    assert (
        statistics.ears(pd.Series([5, 1])).reason
        == "Only 2 periods: the baseline and the first one to be judged take 10."
    )
    empty = statistics.ears(pd.Series([0] * 30))
    assert empty.reason == "No incident in any region: nothing to compare."
    assert empty.table["label"].eq("undefined").all()


def test_the_cumulative_sum_worked_out_by_hand():
    # k = 1 / ln 2 = 1.44, rounded 1.4.
    found = statistics.poisson_cusum(pd.Series([1, 0, 2, 1, 3, 3, 4, 2]), expected=1, limit=4)
    assert found.parameters["k"] == 1.4
    assert found.table["statistic"].tolist() == pytest.approx([0, 0, 0.6, 0.2, 1.8, 3.4, 6.0, 0.6])
    assert found.table["label"].tolist() == ["no alarm"] * 6 + ["alarm", "no alarm"]
    assert found.alarms.tolist() == [6]


def test_the_run_length_of_a_limit_of_0_is_geometric():
    # S exceeds 0 as soon as a count exceeds k = 2.0: the chance of 3 or more.
    assert average_run_length(1.0, 20, 0) == pytest.approx(1 / stats.poisson.sf(2, 1), rel=1e-10)


def test_the_run_length_is_that_of_simulation():
    mean, step, limit = 1.0, 14, 30
    chance, lengths = np.random.default_rng(0), []
    for _ in range(3000):
        current = 0
        for length in itertools.count(1):
            current = max(current + 10 * int(chance.poisson(mean)) - step, 0)
            if current > limit:
                lengths.append(length)
                break
    error = np.std(lengths) / np.sqrt(len(lengths))
    assert average_run_length(mean, step, limit) == pytest.approx(np.mean(lengths), abs=4 * error)


def test_the_smallest_limit_has_the_run_length_asked_for():
    found = statistics.poisson_cusum(pd.Series([1, 0, 2, 3]), expected=1, run_length=200)
    step, limit = round(10 * found.parameters["k"]), round(10 * found.parameters["h"])
    assert average_run_length(1, step, limit) == found.parameters["run_length_unchanged"] >= 200
    assert average_run_length(1, step, limit - 1) < 200
    assert found.parameters["run_length_after_rise"] < 20


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: statistics.poisson_cusum(s, expected=0), "expected must lie over 0; it is 0"),
        (lambda s: statistics.poisson_cusum(s, expected=1, ratio=1), "ratio must lie over 1"),
        (lambda s: statistics.poisson_cusum(s, expected=1, limit=2.05), "limit must be a multiple of 0.1"),
        (lambda s: statistics.ears(s, method="C4"), "method must be one of C1, C2, C3"),
        (lambda s: statistics.ears(s, baseline=2), "baseline must be a whole number of 3 or more"),
        (lambda s: statistics.farrington_flexible(s, frequency=4, blocks=9), "cannot be cut into 9 blocks"),
        (lambda s: statistics.farrington_flexible(s, alpha=1), "alpha must lie between 0 and 1"),
    ],
)
def test_wrong_options_are_refused(call, message):
    with pytest.raises(RequestError, match=message):
        call(pd.Series([1, 2, 3]))


def test_what_is_no_long_series_is_refused():
    with pytest.raises(InputError, match="a PeriodIndex"):
        statistics.ears(pd.Series([1, 2], index=["Mopti", "Gao"]))
    with pytest.raises(InputError, match="no row after 2017"):
        statistics.ears(pd.Series([1, 2], index=[2017, 2019]))
    months = pd.PeriodIndex(["2020-01", "2020-03"], freq="M")
    with pytest.raises(InputError, match="no row after 2020-01"):
        statistics.ears(pd.Series([1, 2], index=months))


def test_seasons_are_the_window_and_equal_parts_the_first_ones_longer():
    # 52 weeks, 3 to either side: 45 weeks in 9 blocks of 5. 12 months, 1 to either side: 9 months in 2: 5 and 4.
    levels = season(-np.arange(52), 52, 3, 10)
    assert levels.tolist() == [0] * 4 + [block for block in range(1, 10) for _ in range(5)] + [0] * 3
    assert season(-np.arange(12), 12, 1, 3).tolist() == [0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 0]
    assert season(-np.arange(12), 12, 1, 1).tolist() == [0, 0] + [-1] * 9 + [0]


def test_quantiles_are_scipys():
    for mean, dispersion in ((3.0, 1.0), (3.0, 2.5), (40.0, 1.2)):
        law = stats.poisson(mean) if dispersion == 1 else stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
        assert [quantile(level, mean, dispersion) for level in (0.5, 0.95, 0.995)] == law.ppf(
            [0.5, 0.95, 0.995]
        ).tolist()


def by_statsmodels(values, now, *, year=52, years=5, half=3, blocks=10, skipped=26, alpha=0.005):
    """Farrington's flexible method from the documentation of R's surveillance, with statsmodels' GLM."""
    kind = np.full(len(values), -1)
    for back in range(years, 0, -1):
        reference = now - back * year
        kind[reference - half : reference + half + 1] = 0
        edges = np.array_split(np.arange(reference + half + 1, reference + year - half), blocks - 1)
        for block, places in enumerate(edges, 1):
            kind[places] = block
    kind[now - skipped :] = -1
    used = np.flatnonzero(kind >= 0)
    seasons = np.column_stack([kind[used] == block for block in range(1, blocks)]).astype(float)
    y = values[used].astype(float)

    def fitted(design):
        first = sm.GLM(y, design, family=sm.families.Poisson()).fit(scale="X2", tol=1e-12)
        mean, leverage = first.fittedvalues, first.get_influence().hat_matrix_diag
        phi = max(first.scale, 1)
        s = 1.5 * (y ** (2 / 3) * mean ** (-1 / 6) - mean**0.5) / np.sqrt(phi * (1 - leverage))
        weights = np.where(s > 2.58, np.where(s > 2.58, s, 1.0) ** -2, 1.0)
        weights *= len(y) / weights.sum()
        again = sm.GLM(y, design, family=sm.families.Poisson(), var_weights=weights).fit(scale="X2", tol=1e-12)
        return again.params, max(again.scale, 1)

    design = np.column_stack([np.ones(len(used)), used - now, seasons])
    params, phi = fitted(design)
    mean = np.exp(params[0])
    if mean > y.max() or years < 3:
        params, phi = fitted(np.delete(design, 1, axis=1))
        mean = np.exp(params[0])
    law = stats.poisson(mean) if phi == 1 else stats.nbinom(mean / (phi - 1), 1 / phi)
    return mean, phi, law.ppf(1 - alpha), law.sf(values[now] - 1)


@pytest.fixture(scope="module")
def long_series():
    chance, time = np.random.default_rng(7), np.arange(330)
    mean = np.exp(1.2 + 0.002 * time + 0.5 * np.sin(2 * np.pi * time / 52))
    numbers = chance.negative_binomial(3, 3 / (3 + mean))
    numbers[[100, 101, 102]] += 25  # a past outbreak
    numbers[328] += 40
    return weeks(numbers)


def test_farringtons_threshold_is_that_of_a_fit_with_statsmodels(long_series):
    found = statistics.farrington_flexible(long_series)
    values = long_series.to_numpy()
    for now in (263, 290, 310, 328, 329):
        mean, phi, threshold, p_value = by_statsmodels(values, now)
        row = found.table.iloc[now]
        assert row["expected"] == pytest.approx(mean, rel=1e-6)
        assert row["dispersion"] == pytest.approx(phi, rel=1e-6)
        assert row["threshold"] == threshold
        assert row["p_value"] == pytest.approx(p_value, rel=1e-5)
    assert long_series.index[328] in found.alarms
    assert found.table["label"].iloc[:263].eq("undefined").all()
    unjudged = found.table.iloc[263:].loc[lambda table: table["label"] == "undefined"]
    assert unjudged["reason"].eq("Fewer than 5 incidents in the last 4 periods: not judged.").all()
    assert len(unjudged) < 5


def test_farrington_by_month_is_that_of_a_fit_with_statsmodels():
    chance = np.random.default_rng(2)
    months = pd.Series(chance.poisson(6, 90), index=pd.period_range("2015-01", periods=90, freq="M"))
    found = statistics.farrington_flexible(months, years=4, blocks=4, skipped=3)
    assert (found.parameters["frequency"], found.parameters["window"]) == (12, 1)
    for now in (49, 60, 89):
        mean, phi, threshold, _ = by_statsmodels(months.to_numpy(), now, year=12, years=4, half=1, blocks=4, skipped=3)
        row = found.table.iloc[now]
        assert (row["expected"], row["dispersion"]) == (pytest.approx(mean, rel=1e-6), pytest.approx(phi, rel=1e-6))
        assert row["threshold"] == threshold


def test_quiet_periods_are_not_judged():
    numbers = np.zeros(70, dtype=int)
    numbers[::6] = 2
    found = statistics.farrington_flexible(pd.Series(numbers), frequency=12)
    assert found.table["label"].eq("undefined").all()
    assert found.table["reason"].iloc[-1] == "Fewer than 5 incidents in the last 4 periods: not judged."


def test_a_season_without_incidents_is_left_out_as_it_fits_perfectly():
    # January always 0, the other months 4 or 6: the season of July is fitted all the same.
    numbers = np.tile([0, 4, 6, 4, 6, 4, 6, 4, 6, 4, 6, 4], 7)
    found = statistics.farrington_flexible(pd.Series(numbers), frequency=12, window=0, blocks=12)
    row = found.table.iloc[78]
    assert row["expected"] == pytest.approx(6, rel=1e-6)
    assert row["label"] == "no alarm"
    assert found.table.iloc[72]["reason"].startswith("The same season of the past years holds too little")


def test_a_sentence_says_how_many_alarms_in_how_many_periods():
    found = statistics.ears(pd.Series([2, 3, 1, 2, 4, 2, 3, 9]), method="C1")
    assert found.summary() == (
        "EARS C1 (baseline 7, threshold 3): 1 alarm in 1 periods judged; 7 with 9 incidents: alarm. Alarms are not "
        "corrected for the number of periods looked at."
    )
