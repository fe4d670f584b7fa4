"""DBSCAN and HDBSCAN by great circle."""

import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsd_geo.errors import DependencyError, InputError, RequestError
from awsd_geo.statistics import _dbscan, cluster_points
from awsd_geo.statistics._planar import EARTH_RADIUS_M, chord, on_sphere

KM = np.degrees(1000 / EARTH_RADIUS_M)  # of the equator, in degrees


def on_equator(*km: float) -> pd.DataFrame:
    """Place points along the equator, by their kilometre."""
    return pd.DataFrame({"longitude": np.array(km) * KM, "latitude": 0.0}, index=[f"p{k}" for k in range(len(km))])


def test_clusters_on_a_line_are_those_of_hand_work():
    # Within 2 km: 0-1-2 are dense (3 each), 3.9 hangs on 2, 10 and 11 are two only, 50 is alone.
    result = cluster_points(on_equator(0, 1, 2, 3.9, 10, 11, 50), radius_m=2000.1, min_points=3)
    assert result.labels.tolist() == [1, 1, 1, 1, pd.NA, pd.NA, pd.NA]
    assert result.labels.index.tolist() == [f"p{k}" for k in range(7)]
    assert result.core.tolist() == [True, True, True, False, False, False, False]
    row = result.table.loc[1]
    assert row[["points", "places", "weight"]].tolist() == [4, 4, 4]
    assert row["longitude"] == pytest.approx(6.9 / 4 * KM)
    assert row["reach_m"] == pytest.approx(3900 - 6900 / 4, abs=0.01)
    assert result.summary().startswith("1 cluster with 4 of 7 points (at least 3 within 2.0001 km). This describes")


def test_points_at_one_place_count_each():
    # Five at one town are dense without anything near; two towns of three are not dense for five.
    result = cluster_points(on_equator(0, 0, 0, 0, 0, 100, 100, 100, 200, 200, 200), radius_m=1000)
    assert result.table["points"].tolist() == [5]
    assert result.table["places"].tolist() == [1]
    assert result.places == 3
    assert "; the 11 points are at 3 places" in result.summary()


def test_weights_count_like_repeated_points():
    towns = on_equator(0, 100, 200, 201, 300)
    number = [5, 4, 2, 3, 1]
    weighted = cluster_points(towns, radius_m=1500, weights=number)
    repeated = cluster_points(towns.loc[towns.index.repeat(number)], radius_m=1500)
    assert weighted.labels.tolist() == [1, pd.NA, 2, 2, pd.NA]
    assert weighted.table["weight"].tolist() == repeated.table["points"].tolist() == [5, 5]
    assert repeated.labels.groupby(level=0).first().tolist() == weighted.labels.tolist()


def test_the_date_line_and_the_pole_are_nowhere_special():
    across = [(179.99, 0), (-179.99, 0), (180, 0), (-180, 0), (179.98, 0), (90, 0)]
    assert cluster_points(across, radius_m=3000).labels.tolist() == [1, 1, 1, 1, 1, pd.NA]
    pole = [(0, 89.99), (90, 89.99), (180, 89.99), (-90, 89.99), (45, 90), (0, 80)]
    assert cluster_points(pole, radius_m=3000).labels.tolist() == [1, 1, 1, 1, 1, pd.NA]


def test_the_radius_is_one_in_every_direction():
    # At 60 degrees north a degree of longitude is half as long as one of latitude.
    east = [(step * 2 * KM, 60) for step in range(5)]
    north = [(100, 60 + step * KM) for step in range(5)]
    result = cluster_points(east + north, radius_m=1001, min_points=2)
    assert result.labels.tolist() == [1] * 5 + [2] * 5
    assert cluster_points(east + north, radius_m=995, min_points=2).table.empty


def scattered(seed: int) -> tuple[np.ndarray, np.ndarray, float, int]:
    chance = np.random.default_rng(seed)
    n, spread = int(chance.integers(5, 300)), chance.choice([0.05, 0.5, 3, 40])
    middle = [chance.choice([0, 179.9]), chance.choice([0, 15, 89])]
    degrees = chance.normal(size=(n, 2)) * [2 * spread, spread] + middle
    degrees[:, 0] = (degrees[:, 0] + 180) % 360 - 180
    degrees[:, 1] = np.clip(degrees[:, 1], -90, 90)
    if seed % 2:
        degrees = np.round(degrees, 1)  # many coincide
    radius = float(chance.choice([2e3, 2e4, 1e5, 2e6])) * 1.0001  # off the lattice's own distances
    return degrees, chance.integers(1, 4, n).astype(float), radius, int(chance.integers(1, 12))


@pytest.mark.parametrize("pairs", [200, 20_000_000])
def test_labels_are_those_of_scikit_learn(monkeypatch, pairs):
    from sklearn.cluster import DBSCAN

    monkeypatch.setattr(_dbscan, "AT_ONCE", pairs)
    for seed in range(60):
        degrees, weight, radius, least = scattered(seed)
        ours = cluster_points(degrees, radius_m=radius, min_points=least, weights=weight)
        model = DBSCAN(eps=chord(radius), min_samples=least, algorithm="kd_tree")
        theirs = model.fit(on_sphere(degrees), sample_weight=weight)
        assert (ours.labels.fillna(0).to_numpy(dtype=int) - 1 == theirs.labels_).all(), seed
        assert (np.flatnonzero(ours.core) == theirs.core_sample_indices_).all(), seed


def test_dense_squares_change_nothing():
    # 3,000 points within a few radii of one another: nearly every square is settled whole.
    from sklearn.cluster import DBSCAN

    chance = np.random.default_rng(9)
    degrees = np.concatenate([chance.normal(size=(1500, 2)) * 0.1, chance.normal(size=(1500, 2)) * 0.1 + [0.9, 0]])
    ours = cluster_points(degrees, radius_m=3000, min_points=8)
    theirs = DBSCAN(eps=chord(3000), min_samples=8, algorithm="kd_tree").fit(on_sphere(degrees))
    assert (ours.labels.fillna(0).to_numpy(dtype=int) - 1 == theirs.labels_).all()
    assert len(ours.table) > 1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_order_changes_no_core_and_no_grouping(seed):
    degrees, weight, radius, least = scattered(seed)
    order = np.random.default_rng(seed).permutation(len(degrees))
    first = cluster_points(degrees, radius_m=radius, min_points=least, weights=weight)
    again = cluster_points(degrees[order], radius_m=radius, min_points=least, weights=weight[order])
    core = first.core.to_numpy()
    assert (core[order] == again.core.to_numpy()).all()
    pairs = pd.DataFrame({"a": first.labels.to_numpy()[order][core[order]], "b": again.labels.to_numpy()[core[order]]})
    assert len(pairs.drop_duplicates()) == pairs["a"].nunique() == pairs["b"].nunique()
    assert first.labels.notna().sum() == again.labels.notna().sum()


def test_hdbscan_goes_through_scikit_learn():
    chance = np.random.default_rng(10)
    degrees = np.concatenate([chance.normal(size=(40, 2)) * 0.05, chance.normal(size=(40, 2)) * 0.2 + [3, 15]])
    result = cluster_points(degrees, min_points=10, method="hdbscan")
    assert len(result.table) == 2
    assert result.labels.iloc[:40].mode().tolist() == [1]
    assert result.labels.iloc[40:].mode().tolist() == [2]
    assert np.isnan(result.radius_m)
    assert "(HDBSCAN)" in result.summary()


def test_without_scikit_learn_hdbscan_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
    with pytest.raises(DependencyError, match=r'scikit-learn 1\.3 or later\. Install it with: pip install "awsd-geo\['):
        cluster_points(on_equator(0, 1, 2, 3, 4), method="hdbscan")
    assert len(cluster_points(on_equator(0, 1, 2, 3, 4), radius_m=1500, min_points=3).table) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "DBSCAN needs radius_m, for example radius_m=20000"),
        ({"radius_m": 0}, "radius_m must be a length above 0 in metres"),
        ({"radius_m": np.inf}, "radius_m must be a length above 0 in metres"),
        ({"radius_m": 10, "min_points": 0}, "min_points must be above 0"),
        ({"method": "kmeans"}, "method must be dbscan or hdbscan; it is 'kmeans'"),
        ({"method": "hdbscan", "radius_m": 10}, "takes neither weights nor radius_m"),
        ({"method": "hdbscan", "min_points": 1}, "a whole number from 2"),
    ],
)
def test_a_wrong_choice_is_refused(options, message):
    with pytest.raises(RequestError, match=message):
        cluster_points(on_equator(0, 1, 2, 3, 4), **options)


@pytest.mark.parametrize("weights", [[1, 1, 1], [1, 1, 1, 1, 0], [1, 1, 1, 1, np.nan]])
def test_weights_must_be_above_0(weights):
    with pytest.raises(InputError, match="weights must be 5 numbers above 0"):
        cluster_points(on_equator(0, 1, 2, 3, 4), radius_m=10, weights=weights)


def test_points_off_the_earth_are_refused():
    with pytest.raises(InputError, match=r"The points at 1 \(15, -95\) are not on the Earth. Give degrees"):
        cluster_points([(0, 0), (15, -95)], radius_m=10)


def test_too_few_points_are_in_no_cluster():
    result = cluster_points(on_equator(0, 0, 0), radius_m=10, min_points=1)
    assert result.reason == "Only 3 points: a test needs at least 5."
    assert result.labels.isna().all()
    assert result.table.empty
