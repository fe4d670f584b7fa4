"""Zones of the scan and the choice of what is reported: circles, ellipses, connected sets, Gini, iterative rounds."""

from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics import Windows, scan
from awsd_geo.statistics._scan_collect import apart, candidates, gini
from awsd_geo.statistics._scan_where import locate
from awsd_geo.statistics._scan_windows import ELLIPSES, zones
from awsd_geo.statistics._scan_zones import circles, euclidean, great_circle_km

LINE = pd.DataFrame({"x": [0.0, 1, 2.1, 3.3, 4.6], "y": 0.0}, index=list("abcde"))


def sets(found) -> list[frozenset[int]]:
    return [frozenset(found.zone(place).tolist()) for place in np.flatnonzero(found.ends)]


def grid(side: int) -> pd.DataFrame:
    rows = [(x, y) for x in range(side) for y in range(side)]
    return pd.DataFrame(rows, columns=["x", "y"], index=[f"u{k}" for k in range(side * side)], dtype=float)


def squares(side: int) -> gpd.GeoDataFrame:
    shapes = [box(x, y, x + 1, y + 1) for x in range(side) for y in range(side)]
    return gpd.GeoDataFrame(index=[f"u{k}" for k in range(side * side)], geometry=shapes, crs=3857)


# --- circles --------------------------------------------------------------------------------------------------------


def test_units_as_far_as_each_other_enter_together():
    # Around the middle of 3 x 3: itself, then four at once, then four more (too many).
    found = circles(euclidean(grid(3).to_numpy()), np.ones(9), 5)
    start = found.starts[4]
    around = [len(found.zone(place)) for place in range(start, found.starts[5]) if found.ends[place]]
    assert around == [1, 5]


def test_a_zone_may_hold_exactly_half():
    found = circles(euclidean(LINE.iloc[:4].to_numpy()), np.ones(4), 2)
    assert max(map(len, sets(found))) == 2


def test_a_unit_that_is_too_large_is_no_centre():
    found = circles(euclidean(LINE.to_numpy()), np.array([9.0, 1, 1, 1, 1]), 6.5)
    assert not any(0 in zone for zone in sets(found))


def test_great_circles_agree_with_quarters_of_the_meridian():
    # From the pole to the equator, and a quarter along it: a quarter of 2 pi 6371.0088 km.
    distances = great_circle_km(np.array([0.0, 0, 90, 180]), np.array([90.0, 0, 0, 0]))
    quarter = np.pi * 6371.0088 / 2
    assert distances[0, 1:] == pytest.approx([quarter] * 3)
    assert distances[1, 2:] == pytest.approx([quarter, 2 * quarter])


def test_the_radius_of_a_zone_can_be_limited():
    where = locate(LINE, LINE.index)
    found = zones(where, Windows(largest_radius=1.1), np.ones(5))
    assert set(sets(found)) == {frozenset(zone) for zone in ({0}, {1}, {2}, {3}, {4}, {0, 1}, {1, 2})}


def test_an_order_of_neighbours_gives_the_zones_of_the_distances_it_came_from():
    counts = pd.Series([9, 1, 0, 2, 0], index=LINE.index)
    far = euclidean(LINE.to_numpy())
    orders = {unit: [LINE.index[k] for k in np.argsort(far[row])] for row, unit in enumerate(LINE.index)}
    plain, given = (scan(counts, where, replicates=199) for where in (LINE, orders))
    assert given.clusters.drop(columns="radius").equals(plain.clusters.drop(columns="radius"))
    assert given.clusters["radius"].isna().all()
    part = scan(counts, {unit: line[:1] for unit, line in orders.items()}, replicates=99)
    assert part.zones == 5
    rest = scan(counts, orders, replicates=199, secondary="iterative")
    assert rest.clusters["regions"][0] == ("a",)


# --- where ----------------------------------------------------------------------------------------------------------


def test_outlines_stand_for_their_centroids_or_for_a_point_inside():
    bent = Polygon([(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (0, 1)])  # the centroid is outside
    regions = gpd.GeoDataFrame(index=["bent", "square"], geometry=[bent, box(20, 0, 22, 2)], crs=3857)
    where = locate(regions, regions.index)
    assert bent.contains(gpd.points_from_xy(*where.points[:1].T)[0])
    assert where.points[1].tolist() == [21, 1]
    assert not where.degrees
    assert where.unit == ""


def test_outlines_on_both_sides_of_180_degrees_are_one_place():
    split = MultiPolygon([box(178, 0, 180, 2), box(-180, 0, -178, 2)])
    regions = gpd.GeoDataFrame(index=["split", "near"], geometry=[split, box(-178, 0, -176, 2)], crs=4326)
    where = locate(regions, regions.index)
    assert where.points[0] == pytest.approx([180, 1])
    assert where.distances()[0, 1] == pytest.approx(333.5, abs=0.5)  # three degrees near the equator
    assert np.diff(where.plane()[:, 0])[0] == pytest.approx(333.5, abs=0.5)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (7, "where must be regions, a table of coordinates or an order of neighbours, not int."),
        (LINE.drop("c"), "The places lack 'c', which was counted. Give a place for every unit."),
        (pd.concat([LINE, LINE[:1]]), "The places name 'a' twice. Give each unit one place."),
        (
            pd.concat([LINE, LINE[:1].rename({"a": "z"})]),
            "The places name 'z', which was not counted. Write its zero, or leave it out.",
        ),
        (
            LINE.rename(columns={"x": "east"}),
            "The places need columns longitude and latitude, or x and y. Rename the columns.",
        ),
        (
            LINE.assign(x=[0, 1, None, 3, 4]),
            "'c' has no coordinates. Give a place for every unit, or leave the unit out.",
        ),
        (
            LINE.set_axis(["lon", "lat"], axis=1).assign(lat=91),
            "A latitude is beyond 90 degrees. Give x and y for what is not in degrees.",
        ),
        (
            {unit: ["a"] for unit in LINE.index},
            "The order of neighbours of 'b' must start with itself and name each unit once.",
        ),
        (
            gpd.GeoDataFrame(index=LINE.index, geometry=[box(0, 0, 1, 1)] * 5),
            "The regions have no CRS, so their distances are unknown. Use set_crs().",
        ),
        (
            gpd.GeoDataFrame(index=LINE.index, geometry=[box(0, 0, 1, 1)] * 4 + [None], crs=4326),
            "The region 'e' has no geometry. Drop it or give it one.",
        ),
    ],
)
def test_places_that_are_none_are_refused(where, said):
    with pytest.raises(InputError) as refused:
        scan(pd.Series([9, 1, 0, 2, 0], index=LINE.index), where)
    assert str(refused.value) == said


# --- ellipses -------------------------------------------------------------------------------------------------------


def test_ellipses_find_what_is_long():
    # A diagonal of 7 x 7: the circle around it takes in the rest.
    where = grid(7)
    counts = pd.Series(1, index=where.index).mask(where["x"] == where["y"], 6)
    round_, long = (
        scan(counts, where, windows=Windows(shape=shape), replicates=199) for shape in ("circular", "elliptic")
    )
    assert len(set(long.regions) & set(where.index[where["x"] == where["y"]])) == len(long.regions)
    assert long.clusters["llr"][0] > round_.clusters["llr"][0]


def test_the_ratio_of_an_ellipse_is_penalised():
    # Shape s, power a: (4 s / (s + 1)^2)^a; at s = 2 and a = 1 that is 8 / 9.
    found = zones(locate(LINE, LINE.index), Windows(shape="elliptic", compactness=1), np.ones(5))
    assert len(found) == 5 * (1 + sum(ELLIPSES.values()))
    assert np.isclose(found.weights, 8 / 9).sum() == 5 * ELLIPSES[2.0]
    assert (found.weights[:5] == 1).all()
    assert found.centres.tolist() == list(range(5)) * (1 + sum(ELLIPSES.values()))


def test_an_ellipse_that_is_no_better_than_a_circle_is_not_reported():
    counts = pd.Series([9, 0, 0, 0, 0, 0, 0, 0, 1], index=grid(3).index)
    both = [scan(counts, grid(3), windows=Windows(shape=shape), replicates=99) for shape in ("circular", "elliptic")]
    assert both[0].regions == both[1].regions == ("u0",)
    assert both[0].clusters["llr"][0] == both[1].clusters["llr"][0]


# --- connected sets -------------------------------------------------------------------------------------------------


def connected(members, edges) -> bool:
    reached, members = {min(members)}, set(members)
    while more := {b for a, b in edges if a in reached and b in members} - reached:
        reached |= more
    return reached == members


@pytest.mark.parametrize("nearest", [4, 7])
def test_a_flexible_window_is_every_connected_set_near_a_centre(nearest):
    # Second opinion: all subsets of the nearest units of each centre, tested for being connected.
    regions = squares(3)
    where = locate(regions, regions.index)
    sizes = np.array([1.0, 2, 1, 1, 3, 1, 2, 1, 1])
    found = zones(where, Windows(shape="flexible", nearest=nearest), sizes)
    near = where.neighbours(None)
    edges = [(regions.index.get_loc(a), regions.index.get_loc(b)) for (a, b), weight in near.items() if weight]
    wanted = set()
    for centre, order in enumerate(np.argsort(where.distances(), axis=1, kind="stable")):
        others = [unit for unit in order[:nearest].tolist() if unit != centre]
        for size in range(nearest):
            for extra in combinations(others, size):
                zone = (centre, *extra)
                if sizes[list(zone)].sum() <= 6.5 and connected(zone, edges):
                    wanted.add(frozenset(zone))
    assert set(sets(found)) == wanted
    assert len(sets(found)) == len(wanted)


def test_a_flexible_window_follows_a_bent_cluster():
    regions = squares(4)
    hook = ["u0", "u1", "u2", "u6", "u10"]
    counts = pd.Series(1, index=regions.index)
    counts[hook] = 8
    found = scan(counts, regions, windows=Windows(shape="flexible", nearest=9), replicates=99)
    assert set(found.regions) == set(hook)
    near = locate(regions, regions.index).neighbours(None)
    given = scan(counts, regions.geometry.centroid.get_coordinates(), replicates=99, secondary="iterative",
                 windows=Windows(shape="flexible", nearest=9, neighbours=near))  # fmt: skip
    assert set(given.regions) == set(hook)
    assert given.clusters["llr"][0] == found.clusters["llr"][0]


@pytest.mark.parametrize(
    ("where", "windows", "said"),
    [
        (
            LINE,
            Windows(shape="flexible"),
            "A flexible window needs neighbours. Give Windows(neighbours=...), or outlines.",
        ),
        (
            {unit: [unit] for unit in LINE.index},
            Windows(shape="elliptic"),
            "An order of neighbours has no distances. Give coordinates for shapes and radii.",
        ),
    ],
)
def test_shapes_that_lack_what_they_need_are_refused(where, windows, said):
    with pytest.raises(RequestError) as refused:
        scan(pd.Series([9, 1, 0, 2, 0], index=LINE.index), where, windows=windows)
    assert str(refused.value) == said


def test_only_circles_are_for_large_maps():
    where = grid(8)
    with pytest.raises(
        RequestError, match=r"^Elliptic windows are for up to 60 units; here are 64\. Use circular ones"
    ):
        scan(pd.Series(1, index=where.index), where, windows=Windows(shape="elliptic"))


# --- what is reported -----------------------------------------------------------------------------------------------


def test_each_centre_gives_its_best_zone_and_the_smallest_of_equals():
    found = circles(euclidean(LINE.to_numpy()), np.ones(5), 3)
    ratios = np.zeros(len(found.members))
    first, second = found.starts[0], found.starts[1]
    ratios[[first, first + 1, second]] = [4.0, 4.0 * (1 + 1e-12), 1.0]
    assert candidates(found, ratios).tolist() == [first, second]
    assert apart(found, np.array([first + 1, second])) == [first + 1]


def test_gini_of_a_collection_by_hand():
    # 6 of 10 incidents where 2 are expected: the curve goes through (0.8, 0.4), its area is 0.16 + 0.14.
    assert gini(np.array([6.0]), np.array([2.0]), 10.0) == pytest.approx(1 - 2 * (0.16 + 0.14))
    assert gini(np.array([]), np.array([]), 10.0) == pytest.approx(0)


def test_gini_reports_two_small_clusters_instead_of_one_large():
    # u0 and u2 are hot, u1 between them is not: one zone of three, or two of one.
    where = pd.DataFrame({"x": np.arange(20.0), "y": 0.0}, index=[f"u{k}" for k in range(20)])
    counts = pd.Series(2, index=where.index)
    counts[["u0", "u1", "u2"]] = [16, 3, 16]
    plain, chosen = (scan(counts, where, replicates=499, secondary=way) for way in ("apart", "gini"))
    assert set(plain.regions) == {"u0", "u1", "u2"}
    assert {frozenset(zone) for zone in chosen.clusters["regions"]} == {frozenset({"u0"}), frozenset({"u2"})}
    assert chosen.reported_share == 0.05
    small = scan(counts, where, replicates=499, windows=Windows(reported_share=0.05))
    assert [len(zone) for zone in small.clusters["regions"][:2]] == [1, 1]
    assert small.p_value >= plain.p_value


def test_the_iterative_p_is_that_of_the_rest():
    where = pd.DataFrame({"x": np.arange(12.0), "y": 0.0}, index=[f"u{k}" for k in range(12)])
    counts = pd.Series(2, index=where.index)
    counts[["u0", "u9"]] = [60, 10]
    plain, rounds = (scan(counts, where, replicates=999, secondary=way) for way in ("apart", "iterative"))
    assert plain.clusters["p_value"][1] > 0.9  # hidden behind the first
    alone = scan(counts.drop("u0"), where.drop("u0"), replicates=999, seed=1)
    assert rounds.clusters["regions"].tolist()[:2] == [("u0",), ("u9",)]
    assert rounds.clusters["p_value"][1] == alone.p_value <= 0.05
    assert rounds.clusters["expected"][1] == pytest.approx(30 / 11)
