"""Ripley's K, Clark and Evans, quadrats, and which points may be used."""

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics import clark_evans, quadrat_test, ripley_k, usable_points
from awsd_geo.statistics._curves import CORRECTIONS, k_curve
from awsd_geo.statistics._window import window_of

SQUARE = (0, 0, 10, 10)
FIVE = np.array([(1.0, 5), (3, 5), (8, 1), (8, 9), (9, 5)])  # only the first two are within 4 of one another
RING = shapely.Polygon(
    [(0, 0), (6, 0), (6, 2), (2, 2), (2, 6), (0, 6)], [[(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)]]
)  # an L with a hole


# --- by hand ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("correction", "value"),
    [
        ("none", 10),  # 2 ordered pairs * 100 / (5 * 4)
        ("translation", 12.5),  # each weighs 100 / (8 * 10)
        ("isotropic", 12.5),  # round (1, 5) a third of the circle is outside: 1.5; round (3, 5) nothing: 1
        ("border", 20),  # only (3, 5) lies deeper than 2: 1 neighbour / (5 points / 100)
    ],
)
def test_k_of_five_points_is_that_of_hand_work(correction, value):
    assert ripley_k(FIVE, SQUARE, radii=[1, 2]).table.loc[2.0, correction] == pytest.approx(value)


def test_clark_and_evans_of_five_points_is_that_of_hand_work():
    # Nearest: 2, 2 and three times sqrt(17); expected 0.5 sqrt(100 / 5) without correction.
    result = clark_evans(FIVE, SQUARE, replicates=99)
    mean = (4 + 3 * 17**0.5) / 5
    assert result.mean_distance == pytest.approx(mean)
    assert result.ratio_naive == pytest.approx(mean / 5**0.5)
    assert result.ratio_donnelly == pytest.approx(mean / (5**0.5 + (0.0514 + 0.0412 / 5**0.5) * 8))


def test_quadrats_of_five_points_are_those_of_hand_work():
    # 0, 2, 1, 2 points where 1.25 are expected; a point on the middle line belongs to the upper part.
    result = quadrat_test(FIVE, SQUARE, shape=(2, 2))
    assert result.table["points"].tolist() == [0, 2, 1, 2]
    assert result.chi_squared == pytest.approx(2.2)
    assert result.degrees_of_freedom == 3


def test_quadrats_are_exact_by_enumeration():
    # 5 points over 4 equal parts: of 4^5 = 1024 ways those with a sum of squares of 9 or more, by enumeration.
    ways = np.stack(np.meshgrid(*[range(4)] * 5), axis=-1).reshape(-1, 5)
    squares = np.array([np.square(np.bincount(way, minlength=4)).sum() for way in ways])
    result = quadrat_test(FIVE, SQUARE, shape=(2, 2), replicates=20000)
    assert result.p_value == pytest.approx((squares >= 9).mean(), abs=0.01)


# --- polygons -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corner", [(0, 0), (500_000, 1_700_000)])
def test_share_of_a_circle_inside_a_polygon_agrees_with_a_walk_along_it(corner):
    window = window_of(shapely.transform(RING, lambda at: at + corner))
    points = window.random(40, np.random.default_rng(1))
    radius = np.random.default_rng(2).uniform(0.05, 7, 40)
    turn = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    line = points[:, None] + radius[:, None, None] * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    walked = shapely.contains_xy(window.shape, line[..., 0], line[..., 1]).mean(axis=1)
    assert window.share_of_circles(points, np.arange(40), radius) == pytest.approx(walked, abs=5e-4)


def test_border_and_overlap_of_a_polygon_agree_with_shapely():
    window = window_of(RING)
    points = window.random(30, np.random.default_rng(3))
    depth = shapely.distance(RING.boundary, shapely.points(points))
    assert window.to_border(points) == pytest.approx(depth)
    # 20 less the hole; moved by 3, the lower arms share 3 by 2 less the hole that moved along.
    assert window.overlap(np.array([(0.0, 0), (3, 0)])) == pytest.approx([19, 5])


def test_a_rectangle_given_as_a_polygon_is_the_same_window():
    polygon = shapely.Polygon([(0, 0), (5, 0), (10, 0), (10, 10), (0, 10), (0, 4)])
    points = np.random.default_rng(0).random((40, 2)) * 10
    flat, corners = (ripley_k(points, window, radii=[1, 2, 3]).table for window in (SQUARE, polygon))
    pd.testing.assert_frame_equal(flat, corners)


def test_polygon_and_rectangle_go_two_ways_to_the_same_k():
    # The square cut along its diagonal into two polygons that touch: sides inside the window change nothing but depth.
    points = np.random.default_rng(4).random((30, 2)) * 10
    square = window_of(SQUARE)
    other = window_of(shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10), (-1e-9, 5)]))
    assert not other.rectangle
    radii = np.array([1.0, 2, 4])
    for correction in CORRECTIONS:
        first, second = (k_curve(points, window, radii, correction) for window in (square, other))
        assert first == pytest.approx(second, rel=1e-6, nan_ok=True)


def test_k_is_missing_where_a_correction_cannot_reach():
    table = ripley_k(FIVE, SQUARE, radii=[1, 6, 7.05, 7.08], correction="none").table
    assert table["border"].isna().tolist() == [False, True, True, True]  # the deepest point lies 3 inside
    assert table["translation"].isna().tolist() == [False, False, False, True]  # half the diagonal: 7.07
    assert table["isotropic"].isna().tolist() == [False, False, False, True]
    assert table["none"].notna().all()


# --- chance -------------------------------------------------------------------------------------------------------


def test_scattered_points_are_called_clustered_no_more_often_than_promised():
    chance = np.random.default_rng(5)
    runs = [
        ripley_k(chance.random((25, 2)), (0, 0, 1, 1), radii=np.linspace(0.02, 0.25, 8), replicates=19, seed=k)
        for k in range(120)
    ]
    assert sum(run.p_value <= 0.05 for run in runs) <= 12  # 6 expected; more than 12 has a chance of 0.01


def test_clusters_and_lattices_are_told_apart():
    chance = np.random.default_rng(6)
    clumps = np.repeat(chance.random((8, 2)), 5, axis=0) * 0.9 + 0.05 + chance.normal(size=(40, 2)) * 0.01
    lattice = np.stack(np.meshgrid(np.linspace(0.05, 0.95, 7), np.linspace(0.05, 0.95, 7)), axis=-1).reshape(-1, 2)
    for points, word, ratio in ((clumps, "clustered", 0.5), (lattice, "regular", 1.5)):
        result = ripley_k(points, (0, 0, 1, 1), replicates=99)
        assert result.direction == word
        assert result.p_value == 0.01
        nearest = clark_evans(points, (0, 0, 1, 1), replicates=99)
        assert (nearest.ratio_donnelly < ratio) == (word == "clustered")
        assert nearest.p_value == 0.02
    assert quadrat_test(clumps * 0.4, (0, 0, 1, 1)).p_value == 0.0001  # all of them in a sixth of the window


def test_the_envelope_holds_l_where_p_is_large_and_only_there():
    points = np.random.default_rng(7).random((30, 2))
    for data in (points, points * 0.3):
        result = ripley_k(data, (0, 0, 1, 1))
        inside = result.table["l"].between(result.table["l_low"], result.table["l_high"]).all()
        assert inside == (result.p_value > 0.05)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(CORRECTIONS))
def test_order_place_and_unit_change_nothing(seed, correction):
    chance = np.random.default_rng(seed)
    points = chance.random((12, 2)) * [2, 1]
    radii = np.array([0.1, 0.2, 0.3])
    first = ripley_k(points, (0, 0, 2, 1), radii=radii, correction=correction, replicates=19, seed=seed)
    moved = chance.permutation(points) * 8 + [16, -32]  # powers of two: no rounding
    again = ripley_k(moved, (16, -32, 32, -24), radii=radii * 8, correction=correction, replicates=19, seed=seed)
    assert again.table[correction].to_numpy() == pytest.approx(first.table[correction] * 64, nan_ok=True)
    assert again.p_value == first.p_value
    assert 0 < first.p_value <= 1


_TWICE = """
import hashlib, sys
import numpy as np
from awsd_geo import statistics as s
points = np.random.default_rng(1).random((40, 2))
results = (s.ripley_k(points, (0, 0, 1, 1)).table, s.clark_evans(points, (0, 0, 1, 1)).table)
surface = s.relative_risk_surface(points[:20], points, cells=64, replicates=19)
arrays = [*(r.to_numpy(dtype=float) for r in results), surface.risk, surface.pointwise_higher]
heavy = {"scipy.stats", "sklearn", "numba", "esda", "libpysal"} & set(sys.modules)
print(hashlib.sha256(b"".join(a.tobytes() for a in arrays)).hexdigest(), *heavy)
"""


def test_same_seed_same_bytes_in_two_processes_and_nothing_heavy_is_imported():
    runs = []
    for threads in ("1", "2"):
        environment = {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", _TWICE], env=environment, capture_output=True, text=True, check=True
        )
        runs.append(done.stdout)
    assert runs[0] == runs[1]
    assert len(runs[0].split()) == 1


# --- undefined and refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [ripley_k, clark_evans, quadrat_test])
@pytest.mark.parametrize(
    ("points", "why"),
    [
        (np.zeros((0, 2)), "No point at all: nothing to compare."),
        (FIVE[:4], "Only 4 points: a test needs at least 5."),
        (np.ones((9, 2)), "All 9 points are at one place: a pattern needs more than one."),
    ],
)
def test_too_few_points_give_a_reason_and_no_p(function, points, why):
    result = function(points, SQUARE)
    assert result.reason == why
    assert np.isnan(result.p_value)
    assert why in result.summary()


def test_coinciding_points_are_said():
    points = np.concatenate([FIVE, FIVE[:2]])
    assert ripley_k(points, SQUARE).at_shared_places == pytest.approx(4 / 7)
    for function in (ripley_k, clark_evans, quadrat_test):
        assert "57% share their exact place" in function(points, SQUARE).summary()


@pytest.mark.parametrize(
    ("points", "window", "message"),
    [
        (FIVE + 2, SQUARE, r"2 of 5 points lie outside the window, the first at \(10, 11\)\. Leave them out"),
        (FIVE, (0, 0, 10), "A window of numbers has four"),
        (FIVE, shapely.Point(0, 0), "The window must be four numbers"),
        (FIVE, (0, 0, 0, 10), "has no area or crosses itself"),
        (FIVE[:, 0], SQUARE, r"The points must be an array of shape \(n, 2\).*they have shape \(5,\)"),
        ([[1, np.nan]] * 5, SQUARE, "The points have no coordinates at 0. Use usable_points first."),
    ],
)
def test_what_is_no_pattern_is_refused(points, window, message):
    with pytest.raises(InputError, match=message):
        ripley_k(points, window)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"correction": "ripley"}, "correction must be one of none, border, isotropic, translation; it is 'ripley'"),
        ({"replicates": 0}, "replicates must be at least 1"),
        ({"replicates": 9}, "9 replicates are too few for an envelope of 0.95"),
        ({"confidence": 1}, "confidence must lie between 0 and 1"),
    ],
)
def test_a_wrong_choice_is_refused(options, message):
    with pytest.raises(RequestError, match=message):
        ripley_k(FIVE, SQUARE, **options)


@pytest.mark.parametrize("radii", [[2, 1], [1, 1], [-1, 1], [0], [], [np.nan]])
def test_radii_must_rise(radii):
    with pytest.raises(InputError, match="radii must"):
        ripley_k(FIVE, SQUARE, radii=radii)


@pytest.mark.parametrize("shape", [(0, 3), (1, 1), (2, 2, 2), (1.5, 2)])
def test_quadrats_need_two_parts(shape):
    with pytest.raises(RequestError, match="shape must be the number of columns and of rows"):
        quadrat_test(FIVE, SQUARE, shape=shape)


# --- degrees ------------------------------------------------------------------------------------------------------


def test_degrees_are_laid_flat_in_metres():
    # One degree of latitude is about 110.6 km at 15 degrees north, one of longitude 107.5 km.
    table = pd.DataFrame({"longitude": [0, 0, 1, 1, 0.5], "latitude": [15, 15.5, 15, 15.5, 15.9]})
    window = (-0.5, 14.5, 1.5, 16)
    result = ripley_k(table, window, radii=[50_000, 60_000, 107_000, 108_000], correction="none")
    pairs = result.table["none"] / result.table["none"].iloc[1]
    assert pairs.tolist() == pytest.approx([0, 1, pairs.iloc[2], pairs.iloc[3]])
    points = gpd.GeoSeries.from_xy(table["longitude"], table["latitude"], crs=4326)
    area = gpd.GeoSeries([shapely.box(*window)], crs=4326)
    pd.testing.assert_frame_equal(
        ripley_k(points, area, radii=result.table.index, correction="none").table, result.table
    )


def test_two_systems_of_coordinates_are_refused():
    points = gpd.GeoSeries.from_xy([0.0], [15.0], crs=4326)
    with pytest.raises(InputError, match="in two systems of coordinates"):
        ripley_k(points, gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=32630))


def test_only_points_that_can_be_trusted_are_used(toy_incidents):
    incidents = toy_incidents(
        latitude=[15, None, 17, 12, 13, 14],
        longitude=[-4, -4, -4, -8, -7, -6],
        coordinate_issue=["none", "missing", "country_centroid", "none", "none", "none"],
    ).assign(region_id=["a", "a", "a", None, "b", "c"], conflict=[False, False, False, False, True, False])
    kept = usable_points(incidents)
    assert kept.index.tolist() == [1, 6]
    assert kept.attrs["points_set_aside"] == [
        {"why": "no coordinates", "rows": 1},
        {"why": "coordinates in doubt", "rows": 1},
        {"why": "not placed in a region", "rows": 1},
        {"why": "text and point disagree", "rows": 1},
    ]
    with pytest.raises(InputError, match="no column coordinate_issue"):
        usable_points(incidents.drop(columns="coordinate_issue"))


# --- another program ----------------------------------------------------------------------------------------------


@pytest.mark.realdata
def test_redwood_agrees_with_spatstat(shared: Path):
    """All 19 checks, by spatstat 3.0-3.

    At r = 0.10 sixteen pairs lie exactly 0.10 apart on the lattice of the data, and which of them count is decided in
    the last bit: taken from the window's corner, as here, they fall as they did in the reference.
    """
    folder = shared / "data/reference/redwood_seedlings"
    checks = json.loads((folder / "expected.json").read_text())["checks"]
    points = pd.read_csv(folder / "points.csv").to_numpy()
    window = (0, -1, 1, 0)
    near = clark_evans(points, window, replicates=99)
    found = {
        "clark_evans_naive": near.ratio_naive,
        "clark_evans_donnelly": near.ratio_donnelly,
        "quadrat_X2": quadrat_test(points, window).chi_squared,
    }
    table = ripley_k(points, window, radii=[0.05, 0.1, 0.15, 0.2], replicates=19).table
    for name, column in {"un": "none", "border": "border", "iso": "isotropic", "trans": "translation"}.items():
        found |= {f"K_{name}_r{radius:.3f}": table.loc[radius, column] for radius in table.index}
    assert len(checks) == 19
    for check in checks:
        assert found[check["name"]] == pytest.approx(check["value"], rel=check["rtol"]), check["name"]
