"""TopoJSON as the build writes it, read again by the library."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from awsd_geo.boundaries.shapes import read_units
from awsd_geo.errors import InputError

TOP = Path(__file__).parents[1]
WRITE = """
import sys, json, shapely
from pathlib import Path
from boundaries.build import topology
units = [(properties, shapely.from_wkt(text)) for properties, text in json.loads(sys.stdin.read())]
topology.write(Path(sys.argv[1]), units, decimals=3, more={"notice": "made for a test"})
"""


def write(path, units):
    """Write with the build's code, which is no part of the installed package."""
    given = json.dumps([({"key": key}, shapely.to_wkt(shape, rounding_precision=6)) for key, shape in units.items()])
    subprocess.run([sys.executable, "-c", WRITE, str(path)], input=given, text=True, cwd=TOP, check=True)
    return json.loads(path.read_text(encoding="utf-8"))


def read(path):
    found = read_units(path)
    return {unit["key"]: shape for unit, shape in zip(found.properties, found.shapes, strict=True)}


def test_two_squares_share_one_line_that_is_written_once(tmp_path):
    units = {"west": box(0, 0, 1, 1), "east": box(1, 0, 2, 1)}
    topology = write(tmp_path / "two.topojson", units)
    assert len(topology["arcs"]) == 3  # the line between them, and one around each
    again = read(tmp_path / "two.topojson")
    assert all(shapely.equals(again[key], shape) for key, shape in units.items())
    assert shapely.coverage_is_valid(list(again.values()))


def test_holes_islands_and_a_unit_that_fills_a_hole_come_back(tmp_path):
    lake = box(0.2, 0.2, 0.4, 0.4)
    city = box(0.6, 0.6, 0.8, 0.8)
    land = Polygon(box(0, 0, 1, 1).exterior, [lake.exterior.coords, city.exterior.coords])
    units = {"land": MultiPolygon([land, box(3, 3, 3.5, 3.5)]), "city": city}
    topology = write(tmp_path / "hole.topojson", units)
    assert len(topology["arcs"]) == 4  # around the land, the island, the lake, and the city once for both
    again = read(tmp_path / "hole.topojson")
    assert all(shapely.equals(again[key], shape) for key, shape in units.items())


def test_a_tiling_of_random_cells_comes_back_as_it_was(tmp_path):
    rng = np.random.default_rng(0)
    points = shapely.multipoints(rng.random((60, 2)).round(3))
    tiles = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box(0, 0, 1, 1)))
    rounded = shapely.coverage_clean(shapely.transform(tiles, lambda xy: xy.round(3)), gap_width=0)
    units = {
        f"cell-{number:02d}": tile for number, tile in enumerate(shapely.transform(rounded, lambda xy: xy.round(3)))
    }
    write(tmp_path / "tiles.topojson", units)
    again = read(tmp_path / "tiles.topojson")
    assert list(again) == sorted(units)
    assert all(shapely.equals(again[key], shape) for key, shape in units.items())
    assert shapely.coverage_is_valid(list(again.values())) == shapely.coverage_is_valid(list(units.values()))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.topojson is not there"):
        read_units(tmp_path / "nowhere.topojson")
