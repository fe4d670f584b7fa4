"""Points in units: whichever way they are looked up, the answer is shapely's, borders and vertices included."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

import awsd_geo as ag
from awsd_geo.geocoding import grid as grids
from awsd_geo.geocoding import grid_cache, layer
from awsd_geo.geocoding.grid import build_grid
from awsd_geo.geocoding.layer import Layer, scan
from awsd_geo.geocoding.nearest import Outlines
from awsd_geo.geocoding.points import SNAP_M, unit_of_points


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("AWSD_GEO_CACHE", str(tmp_path / "cache"))
    layer._MEMORY.clear()
    layer._GRIDS.clear()
    return tmp_path / "cache"


def brute(geometries, x, y):
    """Every point against every unit by shapely, unprepared; the first unit that intersects it."""
    holds = shapely.intersects(shapely.points(x, y)[:, None], np.asarray(geometries)[None, :])
    return np.where(holds.any(axis=1), holds.argmax(axis=1), -1)


def telling_points(geometries, grid, chance, n=300):
    """Points in and around, all vertices, places on edges, and places on and beside the lines of the grid."""
    corners = shapely.get_coordinates(geometries)
    part = chance.random((len(corners) - 1, 1))
    on_edges = corners[:-1] + part * (corners[1:] - corners[:-1])
    west, south, east, north = shapely.total_bounds(geometries)
    spread = chance.uniform((west - 1, south - 1), (east + 1, north + 1), (n, 2))
    lines = (np.arange(n) - grid.frame.left) / grid.frame.per_degree
    beside = np.column_stack([np.nextafter(lines, chance.choice([-np.inf, np.inf], n)), spread[:, 1]])
    rows = (np.arange(n) - grid.frame.below) / grid.frame.per_degree
    nearly = np.nextafter(corners, chance.choice([-np.inf, np.inf], corners.shape))
    middle = (corners[1:] + corners[:-1]) / 2
    all_of_them = [spread, corners, on_edges, beside, np.column_stack([spread[:, 0], rows]), nearly, middle]
    return np.concatenate(all_of_them).T.copy()


def coverage(seed, cells=12, holes=2):
    """Cut a rectangle into Voronoi cells, join some into multipolygons, and put towns into holes of others."""
    chance = np.random.default_rng(seed)
    places = chance.uniform((-10, 5), (10, 20), (cells, 2))
    window = shapely.box(-10, 5, 10, 20)
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places), extend_to=window))
    parts = shapely.intersection(parts, window)
    group = chance.integers(0, max(2, cells // 2), len(parts))
    units = [shapely.union_all(parts[group == one]) for one in np.unique(group)]
    for _ in range(holes):
        at = chance.integers(len(units))
        town = shapely.Point(shapely.point_on_surface(units[at])).buffer(chance.uniform(0.01, 0.4), quad_segs=3)
        if units[at].contains(town):
            units[at] = units[at].difference(town)
            units.append(town)
    order = chance.permutation(len(units))
    return np.array(units, dtype=object)[order]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.sampled_from([16, 64, 512]))
def test_a_grid_answers_as_shapely_on_a_coverage_with_holes_and_multipolygons(seed, cells, side):
    units = coverage(seed, cells)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grids, "COARSEST", side)
        patch.setattr(grids, "FINEST", side)
        grid = build_grid(units)
    x, y = telling_points(units, grid, np.random.default_rng(seed))
    expected = brute(units, x, y)
    shapely.prepare(units)
    assert (grid.locate(units, x, y) == expected).all()
    assert (scan(units, x, y) == expected).all()


corner = st.tuples(st.integers(-6, 6), st.integers(-6, 6))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(corner, min_size=3, max_size=7), min_size=1, max_size=5), st.sampled_from([16, 128]))
def test_a_grid_answers_as_shapely_where_units_overlap_and_corners_meet(rings, side):
    hulls = [shapely.convex_hull(shapely.multipoints(ring)) for ring in rings]
    units = np.array([hull for hull in hulls if hull.geom_type == "Polygon"], dtype=object)
    if not len(units):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grids, "COARSEST", side)
        patch.setattr(grids, "FINEST", side)
        grid = build_grid(units)
    whole = np.array([(x, y) for x in range(-7, 8) for y in range(-7, 8)], dtype=float).T
    x, y = np.concatenate([whole, telling_points(units, grid, np.random.default_rng(0), 60)], axis=1)
    shapely.prepare(units)
    assert (grid.locate(units, x, y) == brute(units, x, y)).all()


@pytest.mark.parametrize(("level", "vintage"), [(1, "1991"), (1, "2016"), (1, "2023"), (2, "2016")])
def test_in_mali_every_way_gives_shapelys_answer(level, vintage):
    regions = ag.load_regions("MLI", level=level, vintage=vintage)
    units = regions.geometry.to_numpy()
    grid = build_grid(units)
    x, y = telling_points(units, grid, np.random.default_rng(7), 1500)
    choice = np.random.default_rng(1).permutation(len(x))[:6000]
    x, y = x[choice], y[choice]
    expected = brute(units, x, y)
    shapely.prepare(units)
    assert (grid.locate(units, x, y) == expected).all()
    assert (scan(units, x, y) == expected).all()


def test_tens_of_thousands_of_units_are_told_apart():
    side = 150
    row, column = np.divmod(np.arange(side**2), side)
    squares = shapely.box(column, row, column + 1, row + 1)
    grid = build_grid(squares)
    assert grid.blocks.dtype == np.uint32
    places = np.random.default_rng(0).uniform(-1, side + 1, (2, 20_000))
    inside = ((places > 0) & (places < side)).all(axis=0)
    expected = np.where(inside, np.floor(places[1]) * side + np.floor(places[0]), -1)
    shapely.prepare(squares)
    assert (grid.locate(squares, *places) == expected).all()
    corners = np.arange(1.0, side)  # a corner of four squares: the lower left is the first
    assert (grid.locate(squares, corners, corners) == (corners - 1) * side + corners - 1).all()


def test_a_town_in_a_hole_is_itself_and_its_border_goes_to_the_first_of_the_two():
    town = shapely.box(1, 1, 2, 2)
    around = shapely.box(0, 0, 3, 3).difference(town)
    x, y = np.array([1.5, 1.0, 1.5, 2.0, 0.5, 3.0, 3.1]), np.array([1.5, 1.0, 2.0, 1.3, 0.5, 3.0, 1.0])
    for units, expected in (([around, town], [1, 0, 0, 0, 0, 0, -1]), ([town, around], [0, 0, 0, 0, 1, 1, -1])):
        shapes = np.array(units, dtype=object)
        assert build_grid(shapes).locate(shapes, x, y).tolist() == expected


@pytest.mark.filterwarnings("error")
def test_places_that_are_none_or_far_off_are_in_no_unit():
    units = np.array([shapely.box(0, 0, 1, 1)], dtype=object)
    x = np.array([np.nan, 0.5, np.inf, -np.inf, 1e300, -1e300, 180, -180, 0.5, 0.5])
    y = np.array([0.5, np.nan, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1e18, 0.5])
    assert build_grid(units).locate(units, x, y).tolist() == [-1] * 9 + [0]
    assert scan(units, x, y).tolist() == [-1] * 9 + [0]


@pytest.mark.parametrize(
    "units",
    [
        [shapely.Polygon()],
        [None],
        [shapely.box(179.0, 1, 179.0 + 1e-12, 1 + 1e-12)],  # smaller than what a grid could tell apart
        [shapely.LineString([(0, 0), (1, 1)])],
        [shapely.GeometryCollection([shapely.box(0, 0, 1, 1)])],
    ],
)
def test_where_no_grid_can_be_laid_the_units_are_tested_one_by_one(units):
    shapes = np.array(units, dtype=object)
    made = Layer(shapes)
    made._seen = layer.GRID_FROM
    assert made.grid() is None
    x, y = np.array([0.5, 179.0, 5.0]), np.array([0.5, 1.0, 5.0])
    known = np.array([shape is not None for shape in units])
    expected = brute(shapes[known], x, y) if known.any() else np.full(3, -1)
    assert made.locate(x, y).tolist() == expected.tolist()


# --- the contract of unit_of_points ------------------------------------------------------------------------------


def by_hand(regions, x, y):
    """One point after the other: in a picture in which a degree of longitude is as narrow as it is at the point."""
    units, away = [], []
    for point in shapely.points(x, y):
        width = np.cos(np.radians(point.y))
        shapes = shapely.transform(regions.geometry.to_numpy(), lambda degrees: degrees * (width, 1))  # noqa: B023
        here = shapely.Point(point.x * width, point.y)
        lines = shapely.shortest_line(shapes, here)
        ends = shapely.get_coordinates(lines).reshape(-1, 4) / (width, 1, width, 1)
        metres = np.where(shapely.intersects(regions.geometry, point), 0.0, Geod(ellps="WGS84").inv(*ends.T)[2])
        near = int(shapely.length(lines).argmin() if metres.all() else (metres == 0).argmax())
        units.append(regions.index[near] if metres[near] <= SNAP_M else None)
        away.append(metres[near])
    return units, away


@pytest.mark.parametrize("grid_from", [0, 10**9])
@pytest.mark.parametrize(("country", "vintage"), [("MLI", "2016"), ("NOR", "world")])
def test_units_and_distances_are_those_of_one_point_after_the_other(monkeypatch, grid_from, country, vintage):
    # Norway: at 60 to 71 N the nearest in degrees is often not the nearest, and a point up to 2 km east or west of a
    # unit is 0.05 degrees away.
    monkeypatch.setattr(layer, "GRID_FROM", grid_from)
    regions = ag.load_regions(country, level=1, vintage=vintage)
    chance = np.random.default_rng(3)
    border = shapely.get_coordinates(regions.union_all())[::25]
    border = border[:: 1 + len(border) // 200]
    x, y = np.concatenate([border + chance.normal(0, 0.02, border.shape), [[-30, 60], [0, 0], [4, 26]]]).T
    units, away = unit_of_points(regions, x, y)
    expected_units, expected_away = by_hand(regions, x, y)
    assert units.tolist() == expected_units
    near = np.array(expected_away) < 100_000
    assert away[near] == pytest.approx(np.array(expected_away)[near], rel=1e-4)
    assert away == pytest.approx(expected_away, rel=0.01)
    assert {None} < set(units.tolist())  # some snapped, some not


def test_a_point_east_of_a_unit_in_the_far_north_is_nearer_than_it_looks_in_degrees():
    # At 70 N a degree of longitude has 38,187 m, one of latitude 111,562 m: 0.05 degrees east is 1.9 km, 0.03 degrees
    # north 3.3 km.
    units = np.array([shapely.box(0, 70.03, 1, 71), shapely.box(0.55, 69, 1, 70.01)], dtype=object)
    unit, metres = Outlines.of(units).nearest(np.array([0.5]), np.array([70.0]), SNAP_M)
    assert unit.tolist() == [1]
    assert metres[0] == pytest.approx(1909, abs=3)


def test_a_limit_changes_no_unit_and_no_distance_below_it(toy_regions):
    regions = toy_regions("West", "East")
    x, y = np.array([0.5, 2.01, 2.1, 50.0, np.nan]), np.array([0.5, 0.5, 0.5, 80.0, 0.5])
    units, away = unit_of_points(regions, x, y)
    limited, near = unit_of_points(regions, x, y, farthest_m=15_000)
    assert units.tolist() == limited.tolist() == ["TOY-west", "TOY-east", None, None, None]
    # a hundredth of a degree of longitude at 0.5 N: pi / 180 * 6378137 * cos(0.5 deg) / 100 = 1113.2 m
    assert away[:3] == pytest.approx([0, 1113, 11_132], abs=1)
    assert near[:3] == pytest.approx(away[:3])
    assert np.isinf(near[3])
    assert away[3] > 5_000_000
    assert np.isnan(away[4])
    assert np.isnan(near[4])


def test_a_limit_holds_near_the_poles():
    square = np.array([shapely.box(0, 80, 1, 81)], dtype=object)
    _, metres = Outlines.of(square).nearest(np.array([1.1, 1.2]), np.array([80.5, 80.5]), SNAP_M)
    # a tenth of a degree at 80.5 N is about 111320 * cos(80.5) / 10 = 1837 m
    assert metres[0] == pytest.approx(1842, abs=10)
    assert np.isinf(metres[1])


def test_as_near_to_two_units_is_given_to_the_first(toy_regions):
    regions = toy_regions("West", "East")
    assert unit_of_points(regions, [1.0], [1.005])[0].tolist() == ["TOY-west"]
    assert unit_of_points(regions.iloc[::-1], [1.0], [1.005])[0].tolist() == ["TOY-east"]


def test_a_frame_changed_in_place_is_looked_up_anew(toy_regions):
    regions = toy_regions("West", "East")
    assert unit_of_points(regions, [0.5], [0.5])[0].tolist() == ["TOY-west"]
    regions.loc["TOY-west", "geometry"] = shapely.box(10, 10, 11, 11)
    assert unit_of_points(regions, [0.5, 10.5], [0.5, 10.5])[0].tolist() == [None, "TOY-west"]


def test_no_points_and_points_as_lists(toy_regions):
    units, away = unit_of_points(toy_regions("West"), [], [])
    assert (len(units), len(away)) == (0, 0)
    assert unit_of_points(toy_regions("West"), [0.5], [0.5])[1].tolist() == [0.0]


# --- what is kept on disk -----------------------------------------------------------------------------------------


def test_a_grid_is_kept_and_read_again(own_cache, monkeypatch):
    units = coverage(5)
    first = Layer(units).grid()
    (file,) = own_cache.rglob("*.grid")
    assert file.stem == grid_cache.digest_of(units)
    monkeypatch.setattr(layer, "build_grid", lambda _: pytest.fail("made again"))
    assert Layer(shapely.from_wkb(shapely.to_wkb(units))).grid() is first
    layer._GRIDS.clear()
    again = Layer(shapely.from_wkb(shapely.to_wkb(units))).grid()
    assert again.frame == first.frame
    assert all((one == other).all() for one, other in zip(again.runs, first.runs, strict=True))
    assert (again.cells == first.cells).all()


def damaged(content):
    yield b""
    yield content[:100]
    yield content[:-1]
    yield content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]
    yield b"\x80\x04cos\nsystem\n(S'true'\ntR." + content  # a pickle


def test_a_damaged_file_is_made_anew_without_a_word(own_cache):
    units = coverage(6)
    expected = Layer(units).grid()
    (file,) = own_cache.rglob("*.grid")
    whole = file.read_bytes()
    for content in damaged(whole):
        file.write_bytes(content)
        assert grid_cache.kept_grid(file.stem) is None
        layer._GRIDS.clear()
        assert (Layer(units).grid().cells == expected.cells).all()
        assert file.read_bytes() == whole


def test_a_file_of_other_polygons_is_not_believed(own_cache):
    one, other = coverage(7), coverage(8)
    Layer(one).grid()
    (file,) = own_cache.rglob("*.grid")
    file.rename(file.with_stem(grid_cache.digest_of(other)))
    assert grid_cache.kept_grid(grid_cache.digest_of(other)) is None


def test_a_whole_file_whose_arrays_do_not_fit_together_is_not_believed():
    units = coverage(9)
    made = build_grid(units)
    digest = grid_cache.digest_of(units)
    members = np.full_like(made.runs.members, 10_000)
    spoilt = grids.Grid(made.frame, made.runs._replace(members=members), made.blocks, made.number, made.cells)
    grid_cache.keep_grid(digest, spoilt)
    assert grid_cache.kept_grid(digest) is None


def test_a_cache_that_cannot_be_written_or_is_off_is_done_without(monkeypatch, tmp_path, own_cache):
    (tmp_path / "file").write_text("")
    for place in (str(tmp_path / "file"), "off", ""):
        monkeypatch.setenv("AWSD_GEO_CACHE", place)
        layer._GRIDS.clear()
        assert Layer(coverage(1)).grid() is not None
    assert not own_cache.exists()
    monkeypatch.delenv("AWSD_GEO_CACHE")
    assert grid_cache.cache_folder().name == "awsd_geo"


def test_few_points_make_no_grid_and_many_do(own_cache):
    regions = gpd.GeoDataFrame(geometry=coverage(2), crs=4326)
    regions.index = pd.Index([f"U-{number}" for number in range(len(regions))], name="region_id")
    few = np.full(1000, 1.5)
    unit_of_points(regions, few, few + 8)
    assert not own_cache.exists()
    many = np.full(layer.GRID_FROM, 1.5)
    assert unit_of_points(regions, many, many + 8)[0][0] == unit_of_points(regions, few, few + 8)[0][0]
    assert len(list(own_cache.rglob("*.grid"))) == 1
