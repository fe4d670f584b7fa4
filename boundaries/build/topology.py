"""TopoJSON: every line between two units once, as differences of whole numbers; a third of the size of GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from .geojson import Feature

Point = tuple[int, int]
Ring = list[Point]


def write(path: Path, features: Sequence[Feature], *, decimals: int, more: Mapping[str, Any]) -> None:
    """Write units that are a coverage, sorted by their ``key``, one a line.

    Parameters
    ----------
    path : Path
        The file to write.
    features : sequence of (properties, geometry)
        Properties with a unique ``key``; polygons already rounded to ``decimals``.
    decimals : int
        Places of the coordinates.
    more : mapping
        Further members of the topology, such as the notice.

    References
    ----------
    .. [1] The TopoJSON Format Specification, version 1.0: https://github.com/topojson/topojson-specification
    """
    ordered = sorted(features, key=lambda feature: str(feature[0]["key"]))
    rings = [_polygons(shape, 10**decimals) for _, shape in ordered]
    arcs = Arcs(_nodes(ring for shape in rings for polygon in shape for ring in polygon))
    lines = []
    for (properties, _), shape in zip(ordered, rings, strict=True):
        numbers = [[arcs.of(ring) for ring in polygon] for polygon in shape]
        kind = "MultiPolygon" if len(numbers) > 1 else "Polygon"
        numbers = numbers if len(numbers) > 1 else numbers[0]
        lines.append(_json({"type": kind, "arcs": numbers, "properties": properties}))
    step = float(f"1e-{decimals}")
    head = _json({"type": "Topology", **more, "transform": {"scale": [step, step], "translate": [0, 0]}})[:-1]
    units = ',"objects":{"units":{"type":"GeometryCollection","geometries":[\n' + ",\n".join(lines) + "\n]}}"
    made = ',"arcs":[\n' + ",\n".join(_json(_differences(arc)) for arc in arcs.list) + "\n]}\n"
    path.write_text(head + units + made, encoding="utf-8", newline="\n")


class Arcs:
    """The lines between nodes, each kept once; a ring is the numbers of its lines, ``~number`` where run backward."""

    def __init__(self, nodes: set[Point]) -> None:
        self.nodes = nodes
        self.list: list[Ring] = []
        self._number: dict[tuple[Point, ...], int] = {}

    def of(self, ring: Ring) -> list[int]:
        """Give the numbers of the lines that make a ring (its first point is not repeated at its end)."""
        cuts = [place for place, point in enumerate(ring) if point in self.nodes]
        start = cuts[0] if cuts else ring.index(min(ring))
        turned = [*ring[start:], *ring[:start], ring[start]]
        ends = [*(cut - start for cut in cuts[1:]), len(ring)]
        return [self._take(turned[first : last + 1]) for first, last in zip([0, *ends], ends, strict=False)]

    def _take(self, line: Ring) -> int:
        backward = line[::-1]
        if (known := self._number.get(tuple(backward))) is not None and backward != line:
            return ~known
        if (known := self._number.get(tuple(line))) is None:
            known = self._number[tuple(line)] = len(self.list)
            self.list.append(line)
        return known


def _nodes(rings: Iterator[Ring]) -> set[Point]:
    """Find the points at which lines must be cut: those that have other neighbours in another ring."""
    around: dict[Point, frozenset[Point]] = {}
    nodes: set[Point] = set()
    for ring in rings:
        for before, point, after in zip([ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False):
            beside = frozenset((before, after))
            if around.setdefault(point, beside) != beside:
                nodes.add(point)
    return nodes


def _polygons(shape: shapely.Geometry, per_degree: int) -> list[list[Ring]]:
    """Give the rings of each polygon as whole numbers, outer rings clockwise as TopoJSON has them."""
    ordered = shapely.orient_polygons(shapely.normalize(shape), exterior_cw=True)
    return [
        [
            [(x, y) for x, y in np.rint(shapely.get_coordinates(ring)[:-1] * per_degree).astype(int).tolist()]
            for ring in (part.exterior, *part.interiors)
        ]
        for part in shapely.get_parts(ordered)
    ]


def _differences(line: Ring) -> list[list[int]]:
    points = np.array(line)
    return [line[0], *np.diff(points, axis=0).tolist()]  # type: ignore[list-item]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
