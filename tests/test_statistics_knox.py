"""Knox and Mantel: hand counts, all orders of six events, published figures of Burkitt's lymphoma."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics import knox, mantel

PLACES = [[0, 0], [0, 1], [9, 0], [9, 1], [5, 5], [0, 9]]
DAYS = [1, 2, 40, 41, 80, 120]


def pairs_close(points, times, space, time) -> int:
    """Count the pairs close in both, one by one."""
    return sum(
        np.hypot(*np.subtract(points[i], points[k])) <= space and abs(times[i] - times[k]) <= time
        for i in range(len(times))
        for k in range(i)
    )


def all_counts(points, times, space, time) -> np.ndarray:
    return np.array([pairs_close(points, order, space, time) for order in permutations(times)])


@pytest.mark.parametrize(("space", "time"), [(1, 1), (5, 40), (9, 39), (7.1, 80)])
def test_moments_and_p_are_those_of_all_720_orders_of_six_events(space, time):
    counts = all_counts(PLACES, DAYS, space, time)
    found = knox(PLACES, DAYS, space=space, time=time)
    row = found.table.loc[0]
    assert row["observed"] == pairs_close(PLACES, DAYS, space, time)
    assert row["expected"] == pytest.approx(counts.mean(), rel=1e-13)
    assert row["variance"] == pytest.approx(counts.var(), rel=1e-12)
    assert found.p_value == pytest.approx((counts >= row["observed"]).mean(), rel=1e-13)
    assert found.exact
    assert found.orders == 720


def test_repeated_times_are_looked_at_once_each():
    times = [1, 1, 1, 5, 5, 9]  # 6! / (3! 2!) = 60 orders
    counts = all_counts(PLACES, times, 1, 0)
    found = knox(PLACES, times, space=1, time=0)
    assert found.orders == 60
    assert found.p_value == pytest.approx((counts >= found.table.loc[0, "observed"]).mean())
    assert found.table.loc[0, "variance"] == pytest.approx(counts.var())


def test_several_thresholds_are_corrected_by_the_largest_standardised_count_of_each_order():
    grid = [(1, 1), (1, 40), (5, 1), (5, 40)]
    counts = np.column_stack([all_counts(PLACES, DAYS, *pair) for pair in grid])
    scores = (counts - counts.mean(axis=0)) / counts.std(axis=0)
    found = knox(PLACES, DAYS, space=[5, 1], time=[40, 1])
    assert found.table[["space", "time"]].to_numpy().tolist() == [list(pair) for pair in grid]
    largest = scores.max(axis=1)
    seen = [(pairs_close(PLACES, DAYS, *grid[k]) - counts[:, k].mean()) / counts[:, k].std() for k in range(4)]
    assert found.table["p_adjusted"].tolist() == pytest.approx([(largest >= z - 1e-9).mean() for z in seen])
    assert found.p_value == found.table["p_adjusted"].min()
    assert found.correction == "single-step max-T"
    assert found.family == "4 pairs of thresholds"


def test_random_orders_count_ties_and_never_give_zero():
    places = np.column_stack([np.repeat([0, 50], 10), np.arange(20)])
    found = knox(places, np.arange(20) + np.repeat([0, 100], 10), space=20, time=20, permutations=99, seed=1)
    assert not found.exact
    assert found.p_value == 1 / 100
    assert found.seed == 1
    assert knox(places, np.arange(20) * 7 % 20, space=1, time=1, permutations=99).p_value == 1


def test_whole_and_broken_times_give_the_same_numbers():
    random = np.random.default_rng(3)
    places, times = random.integers(0, 10, (40, 2)), random.integers(0, 60, 40)
    one = knox(places, times, space=[2, 4], time=[3, 9], permutations=199)
    other = knox(places, times + 0.5, space=[2, 4], time=[3.2, 9.9], permutations=199)
    pd.testing.assert_frame_equal(one.table.drop(columns="time"), other.table.drop(columns="time"))


def test_dates_become_days_and_great_circles_kilometres():
    places = pd.DataFrame({"longitude": [0, 0, 1, 1, 40, 50], "latitude": [0, 1, 0, 1, 10, 20]})
    days = pd.Series(pd.to_datetime(["2020-01-01"] * 2 + ["2020-03-01"] * 2 + ["2021-01-01", "2022-01-01"]))
    row = knox(places, days, space=112, time=0.5, metric="great circle").table.loc[0]  # one degree is 111.2 km
    assert row[["close_in_space", "close_in_time", "observed"]].tolist() == [4, 2, 2]


def test_given_distances_serve_as_well_as_points():
    distances = np.hypot(*(np.array(PLACES)[:, None] - np.array(PLACES)[None]).transpose(2, 0, 1))
    given = knox(distances, DAYS, space=[1, 5], time=40, metric="given")
    pd.testing.assert_frame_equal(given.table, knox(PLACES, DAYS, space=[1, 5], time=40).table)


def test_moving_or_reordering_the_events_changes_nothing():
    order = [3, 1, 5, 0, 4, 2]
    moved = np.array(PLACES)[order] + 100
    one, other = knox(PLACES, DAYS, space=5, time=40), knox(moved, np.array(DAYS)[order] - 7, space=5, time=40)
    pd.testing.assert_frame_equal(one.table, other.table)


@pytest.mark.parametrize(
    ("points", "times", "reason"),
    [
        ([], [], "No event: nothing to compare."),
        (PLACES[:4], DAYS[:4], "Only 4 incidents: a test needs at least 5."),
        ([[1, 1]] * 6, DAYS, "All events are at one place: none is nearer than another."),
        (PLACES, [3] * 6, "All events are at one time: none is sooner than another."),
    ],
)
def test_what_cannot_interact_is_undefined_with_a_reason(points, times, reason):
    for found in (knox(points, times, space=1, time=1), mantel(points, times)):
        assert found.reason == reason
        assert np.isnan(found.p_value)
        assert found.orders == 0
        assert reason in found.summary()


def test_thresholds_that_no_pair_meets_are_undefined_and_others_stay():
    assert knox(PLACES, DAYS, space=0.5, time=1).reason.startswith("No pair or every pair of events is close")
    table = knox(PLACES, DAYS, space=[0.5, 1, 99], time=1).table
    assert table["p_adjusted"].isna().tolist() == [True, False, True]


def test_wrong_events_are_refused_with_what_to_do():
    with pytest.raises(InputError, match="Places must be 6 by 2 numbers, one row per time; they are 5 by 2"):
        knox(PLACES[:5], DAYS, space=1, time=1)
    with pytest.raises(InputError, match=r"The time of event 2 is missing\. Leave such events out"):
        knox(PLACES, [1, 2, np.nan, 4, 5, 6], space=1, time=1)
    with pytest.raises(InputError, match=r"A latitude is beyond 90 degrees\. Give longitude first"):
        knox([[0, 99]] * 6, DAYS, space=1, time=1, metric="great circle")
    with pytest.raises(InputError, match="Given distances must be 0 or more, the same both ways"):
        knox(np.triu(np.ones((6, 6)), 1), DAYS, space=1, time=1, metric="given")
    with pytest.raises(RequestError, match="space must be one or several thresholds of 0 or more"):
        knox(PLACES, DAYS, space=-1, time=1)
    with pytest.raises(RequestError, match='metric must be "euclidean", "great circle" or "given"'):
        knox(PLACES, DAYS, space=1, time=1, metric="road")
    with pytest.raises(RequestError, match="permutations must be at least 1"):
        knox(PLACES, DAYS, space=1, time=1, permutations=0)
    with pytest.raises(InputError, match=r"A distance has no finite transform\. Give a constant over 0"):
        mantel([[0, 0], *PLACES[:5]], DAYS, space=(0, -1))


@pytest.mark.parametrize("power", [-1.0, 1.0])
def test_mantel_is_that_of_all_720_orders_of_six_events(power):
    i, k = np.triu_indices(6, 1)
    near = (np.hypot(*(np.array(PLACES)[i] - np.array(PLACES)[k]).T) + 1) ** power

    def correlation(times) -> float:
        return np.corrcoef(near, (np.abs(np.subtract(np.array(times)[i], np.array(times)[k])) + 1.0) ** power)[0, 1]

    values = np.array([correlation(order) for order in permutations(DAYS)])
    found = mantel(PLACES, DAYS, space=(1, power), time=(1, power))
    assert found.correlation == pytest.approx(correlation(DAYS), rel=1e-12)
    assert values.mean() == pytest.approx(0, abs=1e-12)
    assert found.variance == pytest.approx(values.var(), rel=1e-10)
    assert found.p_value == pytest.approx((values >= found.correlation - 1e-9).mean())


@pytest.fixture(scope="module")
def burkitt(shared) -> pd.DataFrame:
    return pd.read_csv(shared / "data/reference/burkitt_knox/events.csv")


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("space", "time", "observed", "variance", "p"),
    [
        (5, 90, 19, 13.046823704065673, 0.0889),
        (10, 60, 40, 27.091570836369556, 0.0262),
        (20, 5, 13, 8.397680843096595, 0.2061),
    ],
)
def test_knox_of_burkitts_lymphoma_agrees_with_pointpats_surveillance_and_numpy(
    burkitt, space, time, observed, variance, p
):
    found = knox(burkitt[["x", "y"]], burkitt["t_days"], space=space, time=time)
    assert found.table.loc[0, "observed"] == observed
    assert found.table.loc[0, "variance"] == pytest.approx(variance, rel=1e-8)
    assert found.p_value == pytest.approx(p, abs=0.02)


@pytest.mark.realdata
def test_mantel_of_burkitts_lymphoma_is_the_published_value_of_pointpats(burkitt):
    found = mantel(burkitt[["x", "y"]], burkitt["t_days"], permutations=999)
    assert found.correlation == pytest.approx(0.048368, abs=5e-7)
    assert found.p_value < 0.01
