"""Space-time scans: every cylinder looked at one by one, all maps of a tiny case, and SaTScan's published cases."""

from itertools import product
from math import factorial, log, prod

import numpy as np
import pandas as pd
import pytest

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics import Periods, Windows, _cylinders, space_time_permutation, space_time_scan, temporal_scan
from awsd_geo.statistics._cylinder_null import Shuffled, Stratified, draws
from awsd_geo.statistics._cylinders import Cylinders, distinct
from awsd_geo.statistics._scan_chance import Null
from awsd_geo.statistics._scan_likelihood import Likelihood
from awsd_geo.statistics._scan_zones import circles, euclidean
from awsd_geo.statistics._time_trend import log_linear

PLACES = pd.DataFrame({"x": [0.0, 1, 3, 7, 8, 20], "y": [0.0, 2, 1, 0, 3, 1]}, index=list("abcdef"))


def table(cells, years=None, places=PLACES) -> pd.Series:
    cells = np.asarray(cells)
    years = range(2000, 2000 + cells.shape[1]) if years is None else years
    index = pd.MultiIndex.from_product([places.index[: len(cells)], years], names=["region_id", "year"])
    return pd.Series(cells.ravel(), index=index)


def ratio(c, e, total) -> float:
    """Log likelihood ratio by the formula."""
    if c < 2 or c <= e:
        return 0.0
    return c * log(c / e) + ((total - c) * log((total - c) / (total - e)) if c < total else 0.0)


def brute(cells, expected, places, *, longest, ends=None) -> float:
    """Look at every cylinder, one by one."""
    cells, total = np.asarray(cells), np.sum(cells)
    expected = expected * total / expected.sum()
    sizes, best = expected.sum(axis=1), 0.0
    points = places.to_numpy()[: len(cells)]
    for centre in points:
        order = np.argsort(np.hypot(*(points - centre).T), kind="stable")
        for k in range(1, len(order) + 1):
            zone = order[:k]
            if sizes[zone].sum() > total / 2 + 1e-9:
                break
            for start in range(cells.shape[1]):
                for stop in range(start + 1, min(start + longest, cells.shape[1]) + 1):
                    if ends is None or stop >= ends:
                        inside = np.ix_(zone, range(start, stop))
                        best = max(best, ratio(cells[inside].sum(), expected[inside].sum(), total))
    return best


def some_cells(seed, units=6, periods=8, mean=1.5) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, (units, periods))


@pytest.mark.parametrize("seed", range(4))
def test_the_most_likely_cylinder_is_the_best_of_all_looked_at_one_by_one(seed):
    cells = some_cells(seed)
    people = np.array([3.0, 1, 2, 5, 1, 4])
    found = space_time_scan(table(cells), PLACES, exposure=pd.Series(people, index=PLACES.index), replicates=9)
    assert found.table["llr"][0] == pytest.approx(brute(cells, people[:, None] * np.ones(8), PLACES, longest=4))
    alive = space_time_scan(table(cells), PLACES, periods=Periods(longest=3, looks=1), replicates=9)
    expected = np.ones(cells.shape)
    assert alive.table["llr"].max() == pytest.approx(brute(cells, expected, PLACES, longest=3, ends=8))
    margins = cells.sum(axis=1)[:, None] * cells.sum(axis=0)[None, :] / cells.sum()
    permuted = space_time_permutation(table(cells), PLACES, replicates=9)
    assert permuted.table["llr"][0] == pytest.approx(brute(cells, margins, PLACES, longest=4))


@pytest.mark.parametrize(("total", "since"), [(40, 0), (400, 0), (40, 5)])
def test_the_largest_ratio_of_every_map_is_that_of_looking_one_by_one(total, since):
    random = np.random.default_rng(total)
    expected = random.random((6, 8)) + 0.2
    expected *= total / expected.sum()
    shapes = distinct(circles(euclidean(PLACES.to_numpy()), expected.sum(axis=1), total / 2), np.ones(6, dtype=bool))
    cylinders = Cylinders(shapes, Likelihood(total), expected, 4, since)
    maps = next(draws(Null(Likelihood(total), expected.ravel()).maps, 60, 1))
    ends = since + 1 if since else None
    slow = [brute(one.reshape(6, 8), expected, PLACES, longest=4, ends=ends) for one in maps.T]
    assert cylinders.maxima([maps]) == pytest.approx(slow, abs=1e-9)
    assert cylinders.maxima([maps[:, :25], maps[:, 25:]]).tolist() == cylinders.maxima([maps]).tolist()


def test_low_and_both_directions_mirror_the_high_one():
    expected = np.ones((6, 8)) * 5
    shapes = distinct(circles(euclidean(PLACES.to_numpy()), np.ones(6), 3.0), np.ones(6, dtype=bool))
    maps = next(draws(Null(Likelihood(240), expected.ravel()).maps, 40, 2))
    high, low, both = (
        Cylinders(shapes, Likelihood(240, None, name), expected, 4).maxima([maps]) for name in ("high", "low", "both")
    )
    assert (np.maximum(high, low) == both).all()
    model = Likelihood(240, None, "low")
    lacking = np.where(np.arange(48) == 0, 3, 5)[:, None]  # one cell 2 short of its expectation, all else as expected
    assert Cylinders(shapes, model, expected, 1).maxima([lacking]) == pytest.approx(model.ratio(3, np.array([5.0])))


@pytest.mark.parametrize("direction", ["high", "both"])
def test_compiled_code_and_any_number_of_threads_give_the_same_bytes(monkeypatch, direction):
    pytest.importorskip("numba")
    cells, found = table(some_cells(4)), []
    for compiled, threads in ((1 << 60, 1), (0, 1), (0, 3), (1 << 60, 2)):
        monkeypatch.setattr(_cylinders, "COMPILED", compiled)
        monkeypatch.setattr(_cylinders, "THREADED", 0)
        monkeypatch.setattr(_cylinders, "cpu_count", lambda threads=threads: threads)
        found.append(space_time_scan(cells, PLACES, direction=direction, replicates=299).table)
    for other in found[1:]:
        pd.testing.assert_frame_equal(found[0], other, check_exact=True)


def test_p_of_a_tiny_case_is_that_of_all_its_maps():
    # 5 incidents in 2 equal regions and 2 periods: 4^5 maps; half the periods and half the exposure, so single cells.
    cells = np.array([[4, 0], [0, 1]])
    seen, reached = brute(cells, np.ones((2, 2)), PLACES, longest=1), 0.0
    for counts in product(range(6), repeat=4):
        if sum(counts) == 5:
            weight = factorial(5) / prod(map(factorial, counts)) / 4**5
            reached += weight * (brute(np.reshape(counts, (2, 2)), np.ones((2, 2)), PLACES, longest=1) >= seen - 1e-9)
    found = space_time_scan(table(cells), PLACES.iloc[:2], replicates=19_999)
    assert found.table["llr"][0] == pytest.approx(seen)
    assert found.p_value == pytest.approx(reached, abs=4 * np.sqrt(reached * (1 - reached) / 20_000))


def test_shuffled_times_keep_both_totals_and_every_order_is_as_likely():
    cells = np.array([[2, 1], [0, 1]])  # 4 cases, periods 0 0 1 1: which case of 4 is where decides the second row
    maps = next(draws(Shuffled(cells).maps, 1000, 0)).reshape(2, 2, -1)
    assert (maps.sum(axis=1) == cells.sum(axis=1)[:, None]).all()
    assert (maps.sum(axis=0) == cells.sum(axis=0)[:, None]).all()
    assert (maps[1, 0] == 1).mean() == pytest.approx(0.5, abs=0.05)


def test_stratified_maps_keep_the_total_of_each_period():
    cells = some_cells(3)
    expected = np.arange(1.0, 7)[:, None] * np.ones(8)
    maps = next(draws(Stratified(cells, expected).maps, 2000, 0)).reshape(6, 8, -1)
    assert (maps.sum(axis=0) == cells.sum(axis=0)[:, None]).all()
    assert maps[:, 2].mean(axis=1) == pytest.approx(cells[:, 2].sum() * np.arange(1, 7) / 21, rel=0.1)


def test_a_common_course_is_no_cluster_once_adjusted_for():
    course = np.array([1, 1, 2, 2, 4, 4, 9, 9])
    cells = np.tile(course, (6, 1))
    cells[0, 2] += 1
    assert space_time_scan(table(cells), PLACES, replicates=99).p_value == 0.01
    assert space_time_scan(table(cells), PLACES, trend="nonparametric", replicates=99).p_value > 0.5
    adjusted = space_time_scan(table(cells), PLACES, trend="log-linear", replicates=99)
    assert adjusted.p_value > 0.05
    assert adjusted.trend_ratio == pytest.approx(1.39, abs=0.03)


def test_the_trend_is_that_of_poisson_regression():
    statsmodels = pytest.importorskip("statsmodels.api")
    totals, exposure = np.array([3, 0, 5, 9, 4, 12]), np.array([1.0, 2, 2, 1, 3, 2])
    design = statsmodels.add_constant(np.arange(6))
    fit = statsmodels.GLM(totals, design, family=statsmodels.families.Poisson(), offset=np.log(exposure)).fit(tol=1e-12)
    assert log_linear(totals, exposure) == pytest.approx(np.exp(fit.params[1]), rel=1e-8)
    assert np.isnan(log_linear(np.array([5, 0, 0]), np.ones(3)))


def test_a_trend_without_a_finite_estimate_is_undefined():
    cells = np.zeros((6, 4), dtype=int)
    cells[:, 0] = [3, 1, 2, 0, 0, 5]
    found = space_time_scan(table(cells), PLACES, trend="log-linear")
    assert found.reason == "The trend has no finite estimate: all incidents are in the first or the last period."
    assert np.isnan(found.p_value)
    assert found.regions == ()


def test_clusters_share_no_unit_in_a_period_and_p_grows_along_them():
    found = space_time_scan(table(some_cells(5, mean=3.0)), PLACES, replicates=199)
    for i, one in found.table.iterrows():
        for _, other in found.table.iloc[:i].iterrows():
            apart = one["end"] < other["start"] or other["end"] < one["start"]
            assert apart or not set(one["regions"]) & set(other["regions"])
    assert found.table["p_value"].is_monotonic_increasing
    assert found.table["llr"].is_monotonic_decreasing


def test_looks_allow_for_earlier_ones_and_the_recurrence_interval_is_that_of_one_look():
    cells = some_cells(7)
    cells[2, 6:] += 6
    one, four = (
        space_time_scan(table(cells), PLACES, periods=Periods(looks=looks), replicates=999) for looks in (1, 4)
    )
    assert (one.table["end"] == 2007).all()
    assert one.table["llr"][0] == four.table["llr"][0]
    assert one.p_value <= four.p_value
    assert one.table["recurrence_interval"][0] == pytest.approx(1 / one.p_value)
    assert four.table["recurrence_interval"][0] == pytest.approx(1 / (1 - (1 - four.p_value) ** 0.25))
    assert one.table["recurrence_days"][0] == pytest.approx(365.25 / one.p_value)
    assert "by chance one as strong is expected once in" in one.summary()


def test_scaling_or_renaming_changes_nothing_and_the_same_seed_gives_the_same_bytes():
    cells, people = some_cells(9), pd.Series([3.0, 1, 2, 5, 1, 4], index=PLACES.index)
    one = space_time_scan(table(cells), PLACES, exposure=people, replicates=199)
    again = space_time_scan(table(cells), PLACES, exposure=people * 1000, replicates=199)
    pd.testing.assert_frame_equal(one.table, again.table)
    named = PLACES.set_axis([f"region {unit}" for unit in PLACES.index])
    other = space_time_scan(table(cells, places=named), named, exposure=people.set_axis(named.index), replicates=199)
    assert other.table["p_value"].tolist() == one.table["p_value"].tolist()
    assert other.regions == tuple(f"region {unit}" for unit in one.regions)


def test_exposure_by_period_takes_a_rise_of_the_population_into_account():
    cells = np.array([[1, 2, 4, 8]] * 6)
    cells[0, 0] += 1
    growing = table(np.array([[1.0, 2, 4, 8]] * 6))
    assert space_time_scan(table(cells), PLACES, exposure=growing, replicates=99).p_value > 0.5
    assert space_time_scan(table(cells), PLACES, replicates=99).p_value <= 0.05


def test_calendar_periods_count_their_days():
    months = pd.period_range("2021-01", "2021-06", freq="M")
    found = temporal_scan(pd.Series([0, 6, 0, 1, 1, 0], index=months), replicates=99)
    assert found.table["expected"][0] == pytest.approx(8 * 28 / 181)
    assert (found.table["start"][0], found.table["observed"][0]) == (months[1], 6)


def test_stopping_early_gives_r_over_m():
    found = space_time_scan(table(some_cells(1)), PLACES, replicates=9999, stop_after=10)
    assert found.stopped
    assert found.p_value == pytest.approx(10 / found.replicates)


def test_wrong_input_is_refused_with_what_to_do():
    cells = table(some_cells(0))
    with pytest.raises(InputError, match="needs counts by region_id and period"):
        space_time_scan(cells.groupby(level=0).sum(), PLACES)
    with pytest.raises(InputError, match=r"'a' has no row for 2003. Write a zero"):
        space_time_scan(cells.drop(("a", 2003)), PLACES)
    with pytest.raises(InputError, match="no row for the period after 2002"):
        space_time_scan(cells.drop(2003, level=1), PLACES)
    with pytest.raises(RequestError, match=r"longest must be a share such as 0\.5"):
        space_time_scan(cells, PLACES, periods=Periods(longest=1.5))
    with pytest.raises(RequestError, match="looks must lie between 1 and the 8 periods"):
        space_time_scan(cells, PLACES, periods=Periods(looks=9))
    with pytest.raises(RequestError, match="Unknown trend 'cubic'"):
        space_time_scan(cells, PLACES, trend="cubic")
    with pytest.raises(RequestError, match="Unknown direction 'up'"):
        space_time_permutation(cells, PLACES, direction="up")
    with pytest.raises(RequestError, match="circular or flexible"):
        space_time_scan(cells, PLACES, windows=Windows(shape="elliptic"))
    with pytest.raises(RequestError, match="replicates and stop_after must be whole numbers"):
        temporal_scan(cells, replicates=0)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([[0, 0, 0]] * 3, "No incident in any region: nothing to compare."),
        ([[2, 2, 2]] * 3, "Every region and period has the same number for its exposure: none stands out."),
        ([[9], [1], [2]], "Only one period: a run of periods needs others beside it."),
        ([[9, 1, 2]], "Only one region: a zone needs others beside it."),
    ],
)
def test_what_cannot_be_scanned_is_undefined_with_a_reason(cells, reason):
    found = space_time_scan(table(cells), PLACES.iloc[: len(cells)])
    assert found.reason == reason
    assert found.summary() == f"The scan is undefined: {reason}"
    assert np.isnan(found.p_value)
    assert found.table.empty


def test_permutation_needs_two_places_and_two_times():
    one_place, one_time = np.zeros((6, 4), dtype=int), np.zeros((6, 4), dtype=int)
    one_place[0], one_time[:, 1] = 3, 3
    assert space_time_permutation(table(one_place), PLACES).reason.startswith("All incidents are in one region")
    assert space_time_permutation(table(one_time), PLACES).reason.startswith("All incidents are in one period")
