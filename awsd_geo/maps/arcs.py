"""Polygons as shared arcs: a line between two regions is written once, as whole-number steps in a short text."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Whole = NDArray[np.int64]

SCALE = 10_000
"""Steps are whole numbers of 1/10,000 degree, about 11 m."""

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Of the texts: 5 bits a sign, the lowest first; the upper half of the signs says that more follow."""

Rings = list[list[list[int]]]
"""One list a polygon, of one list a ring (the outer first), of arcs; ``~n`` is arc n from its end."""


def encode(numbers: Iterable[int]) -> str:
    """Write whole numbers as text, small ones short.

    Parameters
    ----------
    numbers : iterable of int
        Of any sign.

    Returns
    -------
    str
        Letters, digits, ``-`` and ``_`` only, so that no page has to escape it.

    References
    ----------
    .. [1] The way of Google's encoded polylines and of source maps (zigzag sign, groups of 5 bits).

    Examples
    --------
    >>> encode([0, 1, -1, 15, -16, 16])
    'ACBefgB'
    """
    signs = []
    for number in numbers:
        left = number * 2 if number >= 0 else -2 * number - 1
        while left > 31:
            signs.append(DIGITS[32 + left % 32])
            left //= 32
        signs.append(DIGITS[left])
    return "".join(signs)


def decode(text: str) -> list[int]:
    """Read what :func:`encode` wrote.

    Examples
    --------
    >>> decode("ACBefgB")
    [0, 1, -1, 15, -16, 16]
    """
    numbers, value, place = [], 0, 1
    for sign in text:
        digit = DIGITS.index(sign)
        value += digit % 32 * place
        place *= 32
        if digit < 32:
            numbers.append(-(value + 1) // 2 if value % 2 else value // 2)
            value, place = 0, 1
    return numbers


def share(outlines: Iterable[BaseGeometry]) -> tuple[list[str], list[Rings]]:
    """Write polygons as arcs, those that two polygons share once.

    Parameters
    ----------
    outlines : sequence of Polygon or MultiPolygon
        Degrees; neighbours share their vertices, as in a valid coverage. Other shapes are left out.

    Returns
    -------
    arcs : list of str
        Each as :func:`encode` writes it: longitude and latitude of the first vertex times 10,000, then steps.
    rings : list of Rings
        For each outline.

    Examples
    --------
    >>> from shapely import box
    >>> arcs, rings = share([box(0, 0, 1, 1), box(1, 0, 2, 1)])
    >>> len(arcs), rings
    (3, [[[[0, -2]]], [[[-1, 2]]]])
    """
    shapes = [[[_whole(ring) for ring in polygon] for polygon in _polygons(outline)] for outline in outlines]
    ends = _junctions([ring for shape in shapes for polygon in shape for ring in polygon])
    known: dict[bytes, int] = {}
    found: list[Whole] = []

    def number_of(arc: Whole) -> int:
        turned = arc[::-1]
        swap = arc.tolist() > turned.tolist()
        line = np.ascontiguousarray(turned if swap else arc)
        place = known.setdefault(line.tobytes(), len(found))
        if place == len(found):
            found.append(line)
        return ~place if swap else place

    rings = []
    for shape in shapes:
        polygons = [
            [[number_of(arc) for arc in _cut(ring, ends)] for ring in polygon if len(ring)] for polygon in shape
        ]
        rings.append([polygon for polygon in polygons if polygon])
    return [line(arc) for arc in found], rings


def line(vertices: Whole) -> str:
    """Write one line of whole-number vertices, shape (n, 2)."""
    return encode(np.diff(vertices, axis=0, prepend=[[0, 0]]).ravel().tolist())


def whole_line(coordinates: NDArray[np.float64]) -> Whole:
    """Round degrees to whole numbers of 1/10,000; vertices that become equal to the one before are left out."""
    rounded = np.rint(coordinates[:, :2] * SCALE).astype(np.int64)
    kept: Whole = rounded[np.append(True, np.any(np.diff(rounded, axis=0) != 0, axis=1))]
    return kept


def _polygons(outline: BaseGeometry) -> list[list[NDArray[np.float64]]]:
    import shapely

    parts = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon" and not part.is_empty]
    polygons = [[shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)] for part in parts]
    return [polygon for polygon in polygons if len(_whole(polygon[0]))]


def _whole(ring: NDArray[np.float64]) -> Whole:
    """Round a ring, its last vertex left out; nothing where fewer than three vertices remain."""
    kept = whole_line(ring)[:-1]
    return kept if len(kept) > 2 else kept[:0]


def _codes(ring: Whole) -> Whole:
    code: Whole = ring[:, 0] * 4_000_000 + ring[:, 1]
    return code


def _junctions(rings: list[Whole]) -> set[int]:
    """Find the vertices where other than two lines meet; only there an arc may end."""
    codes = [_codes(ring) for ring in rings if len(ring)]
    if not codes:
        return set()
    pairs = np.concatenate([np.column_stack([code, np.roll(code, -1)]) for code in codes])
    edges = np.unique(np.sort(pairs, axis=1), axis=0)
    vertex, lines = np.unique(edges.ravel(), return_counts=True)
    return set(vertex[lines != 2].tolist())


def _cut(ring: Whole, ends: set[int]) -> list[Whole]:
    """Cut a ring at its junctions; a ring without any begins and ends at its lowest vertex."""
    codes = _codes(ring)
    at = [place for place, code in enumerate(codes.tolist()) if code in ends] or [int(codes.argmin())]
    turned = np.roll(ring, -at[0], axis=0)
    closed = np.vstack([turned, turned[:1]])
    cuts = [place - at[0] for place in at] + [len(ring)]
    return [closed[first : last + 1] for first, last in pairwise(cuts)]
