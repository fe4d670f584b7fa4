"""Kernel density and relative risk."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics import kernel_density, relative_risk_surface
from awsd_geo.statistics._kernel import covered, grid_of, smoothed
from awsd_geo.statistics._planar import to_degrees, to_metres

CHANCE = np.random.default_rng(0)
TOWNS = np.column_stack([CHANCE.uniform(-8, 2, 300), CHANCE.uniform(11, 17, 300)])
PEOPLE = CHANCE.gamma(2, 10_000, 300)
BOX = (-8.1, 10.9, 2.1, 17.1)


def cases(n: int, seed: int, *, more: float = 1) -> np.ndarray:
    """Draw cases from the people, ``more`` times as often within a degree of (-4, 14.5)."""
    pull = PEOPLE * np.where(np.hypot(TOWNS[:, 0] + 4, TOWNS[:, 1] - 14.5) < 1, more, 1)
    return TOWNS[np.random.default_rng(seed).choice(300, n, p=pull / pull.sum())]


# --- the kernel ---------------------------------------------------------------------------------------------------


def exact(metres: np.ndarray, grid, bandwidth: float) -> np.ndarray:
    """Sum the kernels one by one."""
    x, y = np.meshgrid(grid.x_m, grid.y_m)
    total = np.zeros(x.shape)
    for east, north in metres:
        total += np.exp(-((x - east) ** 2 + (y - north) ** 2) / (2 * bandwidth**2))
    return total / (2 * np.pi * bandwidth**2)


@pytest.mark.parametrize("cells", [64, 128, 512])
def test_the_fast_density_is_that_of_kernels_summed_one_by_one(cells):
    # Dropping a point between two middles gives it a variance of 0 to 1/4 of a cell squared, 1/6 is taken off again:
    # at a kernel's middle, for both axes, at most (cell / bandwidth)^2 / 6 of its height is left.
    metres = np.random.default_rng(1).normal(size=(100, 2)) * 1e5
    grid = grid_of(metres, None, "", 20_000, cells)
    fast, slow = smoothed(grid.binned(metres), grid, 20_000), exact(metres, grid, 20_000)
    assert np.abs(fast - slow).max() < (grid.cell_m / 20_000) ** 2 / 6 * slow.max()


def test_nothing_comes_round_the_border():
    # One point in the lower left corner: nothing on the opposite sides, a quarter of its mass on the grid.
    grid = grid_of(np.array([[0.0, 0], [100, 100]]), shapely.box(0, 0, 100, 100), "", 5, 100)
    spread = smoothed(grid.binned(np.array([[0.5, 0.5]])), grid, 5)
    assert spread[-1].max() < 1e-15
    assert spread[:, -1].max() < 1e-15
    assert spread.sum() == pytest.approx(0.25 * (1 + 2 * 0.5 / (5 * np.sqrt(2 * np.pi))) ** 2, rel=0.02)


def test_a_kernel_is_a_circle_on_the_ground_at_sixty_degrees_north():
    from pyproj import Geod

    centre = (25.0, 60.0)
    result = kernel_density([centre] * 5, bandwidth_m=100_000, cells=256)
    there = []
    for bearing in range(0, 360, 30):
        longitude, latitude, _ = Geod(ellps="WGS84").fwd(*centre, bearing, 150_000)
        at = to_metres(np.array([[longitude, latitude]]), result.grid.system)[0]
        column, row = (at - [result.grid.left, result.grid.low]) / result.grid.cell_m
        there.append(result.per_km2[round(row), round(column)])
    expected = 5 / (2 * np.pi * 100**2) * np.exp(-(1.5**2) / 2)
    assert there == pytest.approx([expected] * 12, rel=0.03)  # within a cell of 2.3 km
    assert result.table[["longitude", "latitude"]].iloc[0].tolist() == pytest.approx(centre, abs=0.05)


def test_the_window_is_found_by_its_sides():
    ring = shapely.Point(0, 0).buffer(40).difference(shapely.box(-10, -10, 10, 10))
    grid = grid_of(np.array([[-50.0, -50], [50, 50]]), shapely.box(-50, -50, 50, 50), "", 5, 77)
    x, y = np.meshgrid(grid.x_m, grid.y_m)
    assert (covered(ring, grid) == shapely.contains_xy(ring, x, y)).all()


def test_even_points_have_an_even_density_up_to_the_border():
    longitude, latitude = np.meshgrid(np.linspace(0.025, 1.975, 40), np.linspace(0.025, 1.975, 40))
    points = np.column_stack([longitude.ravel(), latitude.ravel()])
    result = kernel_density(points, bandwidth_m=20_000, window=(0, 0, 2, 2))
    inside = result.per_km2[np.isfinite(result.per_km2)]
    assert inside.min() == pytest.approx(inside.max(), rel=0.03)
    assert inside.mean() == pytest.approx(len(points) / (221.2 * 222.6), rel=0.03)  # two degrees at the equator, in km


def test_density_of_five_at_one_place_peaks_there():
    assert kernel_density([(0, 15)] * 5).reason == "All 5 points are at one place: a pattern needs more than one."
    result = kernel_density([(0, 15)] * 5, bandwidth_m=10_000)
    assert result.table["per_km2"].iloc[0] == pytest.approx(5 / (2 * np.pi * 100), rel=0.01)
    assert "100% share their exact place" in result.summary()


def test_projecting_there_and_back_changes_nothing():
    system = kernel_density(TOWNS).grid.system
    assert to_degrees(to_metres(TOWNS, system), system) == pytest.approx(TOWNS)


# --- relative risk ------------------------------------------------------------------------------------------------


def test_cases_in_the_very_proportion_of_the_people_have_a_risk_of_1():
    result = relative_risk_surface(TOWNS, TOWNS, weights=np.full(300, 7.0), cells=64)
    assert result.risk[np.isfinite(result.risk)] == pytest.approx(1)
    assert result.p_value == 1
    assert result.table.empty


def test_three_times_the_share_is_a_risk_of_three():
    # Two towns far apart with equal people, 3 of 4 cases in one: 1.5 and 0.5 times the average.
    people = [(0, 15), (10, 15)]
    result = relative_risk_surface([(0, 15)] * 6 + [(10, 15)] * 2, people, weights=[1, 1], bandwidth_m=50_000)
    risks = np.nanquantile(result.risk, [0, 1])
    assert risks == pytest.approx([0.5, 1.5], rel=0.001)


def test_risk_is_undefined_where_nobody_lives_and_cases_there_are_counted():
    people = [(0, 15), (0.5, 15), (0, 15.5), (1, 15)]
    where = [(0, 15)] * 6 + [(8, 15)]
    result = relative_risk_surface(where, people, weights=[5, 5, 5, 5], bandwidth_m=50_000)
    assert np.isnan(result.risk[:, -10:]).all()
    assert np.isnan(result.pointwise_higher[:, -10:]).all()
    assert result.cases_without_population == 1
    assert "; 1 case where there is next to no population" in result.summary()


def test_a_true_excess_is_found_where_it_is():
    result = relative_risk_surface(cases(80, 1, more=6), TOWNS, weights=PEOPLE, bandwidth_m=60_000, cells=64)
    assert result.p_value <= 0.01
    assert result.peak == pytest.approx((-4, 14.5), abs=1)
    assert result.peak_risk > 2
    assert "Cases are more than the population explains, most near longitude -" in result.summary()
    areas = result.areas()
    higher = areas[areas["side"] == "higher"]
    assert higher.contains(shapely.Point(result.peak)).any()
    assert areas.to_crs(result.grid.system).area.to_numpy() / 1e6 == pytest.approx(areas["km2"], rel=1e-6)


def test_labels_are_shuffled_where_the_population_is_a_sample_of_controls():
    result = relative_risk_surface(cases(80, 2, more=8), cases(200, 3), bandwidth_m=60_000, cells=64)
    assert result.null == "labels of cases and controls shuffled"
    assert result.p_value <= 0.05


@pytest.mark.parametrize("weights", [PEOPLE, None])
def test_chance_is_called_an_excess_no_more_often_than_promised(weights):
    options = {"weights": weights, "bandwidth_m": 100_000, "cells": 24, "replicates": 19}
    runs = [relative_risk_surface(cases(40, 100 + k), TOWNS if weights is not None else cases(60, 500 + k), **options)
            for k in range(100)]  # fmt: skip
    assert sum(run.p_value <= 0.05 for run in runs) <= 11  # 5 expected; more than 11 has a chance below 0.01


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000), st.floats(0.001, 1e6))
def test_scaling_the_people_changes_nothing(seed, factor):
    first, again = (
        relative_risk_surface(cases(30, seed), TOWNS, weights=heavy, cells=32, bandwidth_m=90_000, replicates=19)
        for heavy in (PEOPLE, PEOPLE * factor)
    )
    assert again.risk == pytest.approx(first.risk, nan_ok=True)
    assert again.p_value == first.p_value
    assert 0 < first.p_value <= 1


def test_the_window_hides_what_is_outside():
    result = relative_risk_surface(cases(40, 5), TOWNS, weights=PEOPLE, window=BOX, cells=64, replicates=19)
    x, y = np.meshgrid(result.grid.x_m, result.grid.y_m)
    longitude, latitude = to_degrees(np.column_stack([x.ravel(), y.ravel()]), result.grid.system).T
    outside = (longitude < -8.1) | (longitude > 2.1) | (latitude < 10.9) | (latitude > 17.1)
    assert outside.any()
    assert np.isnan(result.risk.ravel()[outside]).all()
    assert np.isfinite(result.risk).sum() > 0.9 * (~outside).sum()
    with pytest.raises(InputError, match="of 300 places of the population lie outside the window"):
        relative_risk_surface(cases(40, 5) * 0 + [-4, 14], TOWNS, weights=PEOPLE, window=(-5, 13, -3, 15))


@pytest.mark.parametrize(
    ("where", "people", "why"),
    [
        (TOWNS[:0], TOWNS, "No case at all: nothing to compare."),
        (TOWNS[:4], TOWNS, "Only 4 cases: a test needs at least 5."),
        (TOWNS, TOWNS[:0], "The population is nil or at one place: nothing to compare the cases with."),
        (TOWNS, TOWNS[[0, 0, 0]], "The population is nil or at one place: nothing to compare the cases with."),
    ],
)
def test_without_cases_or_people_there_is_a_reason_and_no_p(where, people, why):
    result = relative_risk_surface(where, people)
    assert result.reason == why
    assert why in result.summary()
    assert np.isnan(result.p_value)
    assert result.areas().empty


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bandwidth_m": 1000}, r"A cell of [\d,]+ m is larger than the bandwidth of 1,000 m\. Take cells=\d+ or more"),
        ({"bandwidth_m": -1}, "bandwidth_m must be a length above 0"),
        ({"cells": 5}, "cells must lie between 16 and 4096"),
        ({"replicates": 9}, "replicates must be at least 19"),
    ],
)
def test_a_wrong_choice_is_refused(options, message):
    with pytest.raises(RequestError, match=message):
        relative_risk_surface(TOWNS, TOWNS, **options)


def test_points_too_far_apart_for_a_flat_map_are_refused():
    with pytest.raises(InputError, match="reach more than 30 degrees from their middle"):
        kernel_density([(0, 0), (80, 0), (1, 1), (2, 2), (3, 3)])


def test_tables_with_words_for_columns_are_taken():
    table = pd.DataFrame(TOWNS, columns=["longitude", "latitude"])
    assert (kernel_density(table).per_km2 == kernel_density(TOWNS).per_km2).all()
    with pytest.raises(InputError, match="The points have no columns longitude and latitude"):
        kernel_density(table.rename(columns={"longitude": "lon"}))
