"""Shared arcs: what is written reads back as the same polygons, and a common line is written once."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

import awsd_geo
from awsd_geo.maps.arcs import DIGITS, SCALE, decode, encode, share


def read_back(arcs, rings):
    """Put polygons together from the payload, as the script in the page does."""
    lines = [(np.cumsum(np.reshape(decode(text), (-1, 2)), axis=0) / SCALE).tolist() for text in arcs]

    def ring(places):
        return [point for place in places for point in (lines[place] if place >= 0 else lines[~place][::-1])[:-1]]

    return shapely.MultiPolygon([(ring(outer), [ring(hole) for hole in holes]) for outer, *holes in rings])


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_numbers_read_back(numbers):
    text = encode(numbers)
    assert decode(text) == numbers
    assert set(text) <= set(DIGITS)


def test_small_numbers_by_hand():
    # Zigzag: 0 1 -1 2 -2 are 0 2 1 4 3; below 32 one sign. 16 is 32: low five bits 0 with more to come (32 is "g"),
    # then 1 ("B").
    assert encode([0, 1, -1, 2, -2]) == "ACBED"
    assert encode([16]) == "gB"


def test_two_squares_share_their_side():
    arcs, rings = share([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    assert len(arcs) == 3
    used = [place if place >= 0 else ~place for unit in rings for polygon in unit for ring in polygon for place in ring]
    assert sorted(used) in ([0, 0, 1, 2], [0, 1, 1, 2], [0, 1, 2, 2])


def test_an_enclave_and_the_hole_around_it_are_one_line():
    inner, outer = box(1, 1, 2, 2), shapely.Polygon(box(0, 0, 3, 3).exterior, [box(1, 1, 2, 2).exterior.coords[::-1]])
    arcs, rings = share([outer, inner])
    assert len(arcs) == 2
    assert [read_back(arcs, unit).area for unit in rings] == [8, 1]


def test_a_speck_below_the_resolution_is_left_out():
    assert share([box(0, 0, 0.00001, 0.00001)]) == ([], [[]])
    arcs, rings = share([shapely.MultiPolygon([box(0, 0, 0.00001, 0.00001), box(1, 1, 2, 2)])])
    assert read_back(arcs, rings[0]).equals(box(1, 1, 2, 2))


@pytest.mark.parametrize("level", [1, 2])
def test_the_regions_of_mali_read_back_and_lines_are_written_once(level):
    regions = awsd_geo.load_regions("MLI", level=level, vintage="2016")
    arcs, rings = share(regions.geometry)
    for outline, unit in zip(regions.geometry, rings, strict=True):
        again = read_back(arcs, unit)
        assert again.is_valid
        assert again.symmetric_difference(outline).area < 1e-4 * outline.length
    vertices = sum(len(decode(text)) // 2 for text in arcs)
    assert vertices < 0.75 * shapely.get_num_coordinates(regions.geometry.to_numpy()).sum()
    used = [max(place, ~place) for unit in rings for polygon in unit for ring in polygon for place in ring]
    assert np.bincount(used).max() == 2


@given(st.lists(st.sampled_from([(x, y) for x in range(4) for y in range(3)]), min_size=1, max_size=12, unique=True))
def test_any_blocks_of_squares_read_back(cells):
    # Units that touch along sides and at corners, some with several parts or holes.
    units = [
        shapely.union_all([box(x, y, x + 1, y + 1) for x, y in part]) for part in (cells[::2], cells[1::2]) if part
    ]
    arcs, rings = share(units)
    for unit, parts in zip(units, rings, strict=True):
        assert read_back(arcs, parts).symmetric_difference(unit).area == pytest.approx(0, abs=1e-9)
