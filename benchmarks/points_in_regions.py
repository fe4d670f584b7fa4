"""Points in units: the grid against contains_xy on prepared polygons and geopandas.sjoin, answers compared one by one.

Run: python benchmarks/points_in_regions.py [number of points, default 1000000]
All programs see the same points in the same process, in turn; each figure is the best of its runs. The points are
even over the bounds of the country (four in ten lie outside it), or around its towns as incidents do.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

os.environ["AWSD_GEO_CACHE"] = "off"  # "made and asked" makes the grid, it does not read it

import geopandas as gpd
import shapely

import awsd_geo as ag
from awsd_geo.geocoding import layer as layers
from awsd_geo.geocoding.layer import GRID_FROM, Layer, scan
from awsd_geo.geocoding.points import unit_of_points

if TYPE_CHECKING:
    from collections.abc import Callable

LAYERS = [(1, "regions"), (2, "cercles"), (3, "communes")]


def seconds(work: Callable[[], Any], enough: float = 1.5, most: int = 30) -> float:
    """Give the best time of a work, asked again until enough time has passed."""
    times: list[float] = []
    while len(times) < most and sum(times) < enough:
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def places(regions: gpd.GeoDataFrame, number: int, kind: str) -> Any:
    """Make points, shape (2, number)."""
    chance = np.random.default_rng(0)
    west, south, east, north = regions.total_bounds
    if kind == "even":
        return chance.uniform((west, south), (east, north), (number, 2)).T.copy()
    towns = shapely.get_coordinates(shapely.point_on_surface(regions.geometry.to_numpy()))
    return (towns[chance.integers(0, len(towns), number)] + chance.normal(0, 0.15, (number, 2))).T.copy()


def looped(geometries: Any, x: Any, y: Any) -> Any:
    """Ask contains_xy unit by unit."""
    found = np.full(len(x), -1)
    for unit, shape in enumerate(geometries):
        found[shapely.contains_xy(shape, x, y)] = unit
    return found


def joined(points: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> Any:
    """Ask geopandas, whose index over the regions is made the first time and kept."""
    return gpd.sjoin(points, regions[["geometry"]], predicate="intersects", how="inner")


def joined_anew(points: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> Any:
    """Ask geopandas with an index that must be made."""
    fresh = gpd.GeoDataFrame(geometry=regions.geometry.to_numpy().copy(), index=regions.index, crs=4326)
    return joined(points, fresh)


def made_and_asked(geometries: Any, x: Any, y: Any) -> Any:
    """Make the grid and ask it."""
    layers._GRIDS.clear()
    layer = Layer(geometries)
    layer._seen = GRID_FROM
    return layer.locate(x, y)


def check(regions: gpd.GeoDataFrame, layer: Layer, x: Any, y: Any) -> int:
    """Compare with shapely's intersects, point by point: the points given, all vertices, middles and near misses."""
    corners = shapely.get_coordinates(regions.geometry.to_numpy())
    chance = np.random.default_rng(1)
    part = chance.random((len(corners) - 1, 1))
    on_edges = [corners[:-1] + part * np.diff(corners, axis=0), (corners[1:] + corners[:-1]) / 2]
    beside = np.nextafter(corners, chance.choice([-np.inf, np.inf], corners.shape))
    border = np.concatenate([corners, *on_edges, beside])
    all_x, all_y = np.append(x[:200_000], border[:, 0]), np.append(y[:200_000], border[:, 1])
    tree = shapely.STRtree(regions.geometry.to_numpy())
    which, unit = tree.query(shapely.points(all_x, all_y), predicate="intersects")
    expected = np.full(len(all_x), len(regions))
    np.minimum.at(expected, which, unit)
    expected[expected == len(regions)] = -1
    assert (layer.locate(all_x, all_y) == expected).all()
    return len(all_x)


def compare(level: int, name: str, number: int, kind: str) -> None:
    """Print the figures of one layer."""
    regions = ag.load_regions("MLI", level=level, vintage="2016")
    geometries = regions.geometry.to_numpy().copy()
    x, y = places(regions, number, kind)
    layer = Layer(geometries)
    layer._seen = GRID_FROM
    layer.grid()
    checked = check(regions, layer, x, y)
    points = gpd.GeoDataFrame(geometry=shapely.points(x, y), crs=4326)
    ours = seconds(lambda: layer.locate(x, y))
    loop = seconds(lambda: looped(geometries, x, y))
    join = seconds(lambda: joined(points, regions))
    anew, made = (
        seconds(lambda: joined_anew(points, regions)),
        seconds(lambda: made_and_asked(geometries, x, y)),
    )
    alone = seconds(lambda: scan(geometries, x, y))
    again = seconds(lambda: layer.locate(x, y))
    ours = min(ours, again)
    print(
        f"{len(regions):5} {name:9} {kind:6} {ours * 1e9 / number:6.1f} {loop / ours:13.0f} {join / ours:8.0f} "
        f"{anew / made:12.1f} {alone / ours:8.0f}   {made * 1e3:7.0f} ms   {checked:,} points the same"
    )


def few(level: int, name: str, number: int = 10_000) -> None:
    """Print how few points fare, with the grid in memory and without any."""
    regions = ag.load_regions("MLI", level=level, vintage="2016")
    geometries = regions.geometry.to_numpy().copy()
    x, y = places(regions, number, "even")
    layer = Layer(geometries)
    layer._seen = GRID_FROM
    layer.grid()
    loop, ours, alone = (
        seconds(work, enough=0.5)
        for work in (
            lambda: looped(geometries, x, y),
            lambda: layer.locate(x, y),
            lambda: scan(geometries, x, y),
        )
    )
    cold = Layer(shapely.from_wkb(shapely.to_wkb(geometries)))
    begun = time.perf_counter()
    cold.locate(x, y)
    first = time.perf_counter() - begun
    print(
        f"{len(regions):5} {name:9} {number:8} {loop * 1e3:8.2f} ms {ours * 1e3:7.2f} ms {alone * 1e3:8.2f} ms "
        f"{first * 1e3:8.2f} ms"
    )


def main() -> None:
    """Print all tables."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"shapely {shapely.__version__}, geopandas {gpd.__version__}; {number:,} points; ratios are theirs over ours")
    print("                        ns a   contains_xy    sjoin  sjoin, both  scan by   made and")
    print("units layer     points  point  prepared, loop indexed  made anew  longitude asked      checked")
    for kind in ("even", "towns"):
        for level, name in LAYERS:
            compare(level, name, number, kind)
    print(
        "\nFew points: contains_xy unit by unit, the grid in memory, unit by unit by longitude, the same the first time"
    )
    for level, name in LAYERS:
        few(level, name)
    regions = ag.load_regions("MLI", level=1, vintage="2016")
    x, y = places(regions, number, "even")
    unit_of_points(regions, x, y, farthest_m=0)
    near, far = (seconds(lambda limit=limit: unit_of_points(regions, x, y, farthest_m=limit)) for limit in (0, np.inf))
    print(f"\nunit_of_points, ids and snapping too: {near:.2f} s; with the metres of every point outside: {far:.2f} s")
    print(f"load average {os.getloadavg()[0]:.1f} of {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
