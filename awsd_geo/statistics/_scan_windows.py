"""What a candidate zone may look like: circles, ellipses, or any connected set of near units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.statistics._neighbours import align
from awsd_geo.statistics._scan_zones import grow, nearest_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from awsd_geo.statistics._scan_where import Where
    from awsd_geo.statistics._scan_zones import Zones

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

SHAPES = ("circular", "elliptic", "flexible")
MOST_UNITS = 60  # of elliptic and flexible windows
ELLIPSES = {1.5: 4, 2.0: 6, 3.0: 9, 4.0: 12, 5.0: 15}  # longest over shortest axis: number of angles
MOST_SETS = 1_000_000  # of a flexible window


@dataclass(frozen=True, slots=True)
class Windows:
    """The zones that a scan looks at, and which of them it reports.

    Parameters
    ----------
    shape : {"circular", "elliptic", "flexible"}
        Circles around every unit; circles and ellipses of shapes 1.5 to 5, in 4 to 15 directions; or every
        connected set among the ``nearest`` units of a centre. The last two are for up to 60 units.
    largest_share : float, default 0.5
        Of the exposure that a zone may hold, over 0 to 1.
    largest_radius : float, default infinite
        How far a unit may be from the centre, in km for longitude and latitude, else in the unit of the coordinates;
        along the longer axis of an ellipse.
    reported_share : float, default 1
        Share of the exposure up to which a cluster is reported; larger zones are still looked at, so that p holds.
    fewest : int, default 2
        Incidents of a cluster of more than expected.
    compactness : float, default 0.5
        Power of the penalty 4 s / (s + 1)**2 on the ratio of an ellipse of shape s: 0 none, 1 strong.
    nearest : int, default 15
        Units, the centre being one, that a flexible window is chosen from.
    neighbours : Series or libpysal.graph.Graph, optional
        Which units touch, for a flexible window; by default from the outlines of the regions.

    References
    ----------
    .. [1] Kulldorff, M., Huang, L., Pickle, L., and Duczmal, L. (2006). An elliptic spatial scan statistic.
       Statistics in Medicine 25 (22), 3929-3943.
    .. [2] Tango, T., and Takahashi, K. (2005). A flexibly shaped spatial scan statistic for detecting clusters.
       International Journal of Health Geographics 4, 11.
    """

    shape: str = "circular"
    largest_share: float = 0.5
    largest_radius: float = inf
    reported_share: float = 1.0
    fewest: int = 2
    compactness: float = 0.5
    nearest: int = 15
    neighbours: Any = None

    def check(self, units: int) -> None:
        """Refuse what is no choice.

        Raises
        ------
        RequestError
            If a choice is unknown or outside its range, or there are too many units for the shape.
        """
        if self.shape not in SHAPES:
            raise RequestError(f"Unknown shape of windows {self.shape!r}. Choose from: {', '.join(SHAPES)}.")
        for name in ("largest_share", "reported_share"):
            if not 0 < getattr(self, name) <= 1:
                raise RequestError(f"{name} must lie between 0 and 1, for example 0.5; it is {getattr(self, name)!r}.")
        if not self.largest_radius >= 0 or not self.compactness >= 0:
            raise RequestError("largest_radius and compactness must be 0 or more. Correct the windows.")
        if self.fewest < 1 or self.nearest < 1:
            raise RequestError("fewest and nearest must be whole numbers of 1 or more. Correct the windows.")
        if self.shape != "circular" and units > MOST_UNITS:
            raise RequestError(
                f"{self.shape.capitalize()} windows are for up to {MOST_UNITS} units; here are {units}. "
                "Use circular ones, or larger units."
            )


def restricted(windows: Windows, ids: pd.Index) -> Windows:
    """Leave the neighbours of units that are no longer there out of the windows."""
    if windows.neighbours is None:
        return windows
    given = getattr(windows.neighbours, "adjacency", windows.neighbours)
    inside = given.index.get_level_values(0).isin(ids) & given.index.get_level_values(1).isin(ids)
    alone = pd.MultiIndex.from_arrays([ids, ids], names=given.index.names)
    kept = given[inside]
    return replace(windows, neighbours=pd.concat([kept, pd.Series(0.0, index=alone.difference(kept.index))]))


def zones(where: Where, windows: Windows, sizes: Floats) -> Zones:
    """Give the zones of the windows, up to the largest share and radius.

    Parameters
    ----------
    where : Where
        Distances between the units, or an order given.
    windows : Windows
        What to look at.
    sizes : ndarray of float, shape (n_units,)
        Exposure.

    Returns
    -------
    Zones
        In an order that depends on the data alone.

    Raises
    ------
    RequestError
        If the shape needs coordinates or neighbours that are not there, or has too many sets.
    """
    largest = windows.largest_share * float(sizes.sum())
    if where.orders is not None:
        if windows.shape != "circular" or windows.largest_radius < inf:
            raise RequestError("An order of neighbours has no distances. Give coordinates for shapes and radii.")
        ends = [np.ones(len(order), dtype=bool) for order in where.orders]
        return grow(where.orders, ends, sizes, largest)
    if windows.shape == "flexible":
        return _connected(where, windows, sizes, largest)
    if windows.shape == "elliptic":
        return _ellipses(where, windows, sizes, largest)
    return grow(*_within(where.distances(), windows.largest_radius), sizes, largest)


def _within(distances: Floats, radius: float) -> tuple[list[Whole], list[NDArray[np.bool_]]]:
    """Order the units around each centre, those beyond the radius left out."""
    order, last = nearest_first(distances)
    reach = (distances <= radius * (1 + 1e-9)).sum(axis=1)
    pairs = list(zip(order, last, reach.tolist(), strict=True))
    return [line[:upto] for line, _, upto in pairs], [end[:upto] for _, end, upto in pairs]


def _ellipses(where: Where, windows: Windows, sizes: Floats, largest: float) -> Zones:
    """Stretch the plane across each direction in turn: an ellipse is a circle there."""
    points = where.plane()
    lines, ends = _within(where.distances(), windows.largest_radius)
    weights = [1.0] * len(lines)
    for shape, angles in ELLIPSES.items():
        for angle in np.arange(angles) * np.pi / angles:
            along = points @ np.array([np.cos(angle), np.sin(angle)])
            across = points @ np.array([-np.sin(angle), np.cos(angle)]) * shape
            east, north = along[:, None] - along[None, :], across[:, None] - across[None, :]
            order, last = _within(np.hypot(east, north), windows.largest_radius)
            lines, ends = lines + order, ends + last
            weights += [(4 * shape / (shape + 1) ** 2) ** windows.compactness] * len(order)
    centres = np.arange(len(lines)) % len(points)
    return grow(lines, ends, sizes, largest, centres=centres, weights=np.array(weights))


def _connected(where: Where, windows: Windows, sizes: Floats, largest: float) -> Zones:
    """List every connected set that holds a centre and otherwise only units near it, each set once."""
    near = align(where.neighbours(windows.neighbours), where.ids)
    touching = [0] * len(sizes)
    for focal, neighbour in zip(near.focal.tolist(), near.neighbour.tolist(), strict=True):
        touching[focal] |= 1 << neighbour
        touching[neighbour] |= 1 << focal
    lines, _ = _within(where.distances(), windows.largest_radius)
    seen: set[int] = set()
    sets: list[list[int]] = []
    for centre, line in enumerate(lines):
        allowed = sum(1 << unit for unit in line[: windows.nearest].tolist())
        for members in _grown(centre, allowed, touching, sizes.tolist(), largest):
            if (mask := sum(1 << unit for unit in members)) not in seen:
                seen.add(mask)
                sets.append(members)
            if len(sets) > MOST_SETS:
                raise RequestError(f"There are over {MOST_SETS:,} connected sets. Take fewer nearest units, say 10.")
    ends = [np.arange(len(members)) == len(members) - 1 for members in sets]
    return grow([np.array(members) for members in sets], ends, sizes, largest)


def _grown(centre: int, allowed: int, touching: list[int], sizes: list[float], largest: float) -> Iterator[list[int]]:
    """Give the connected sets with the centre among the allowed units, each once.

    A set is grown by one unit of its edge at a time; units of the edge that were tried before are then barred, so
    that no set is reached twice.
    """
    limit = largest * (1 + 1e-9)
    todo = [([centre], sizes[centre], touching[centre] & allowed & ~(1 << centre), 1 << centre)]
    while todo:
        members, size, edge, barred = todo.pop()
        if size > limit:
            continue
        yield members
        while edge:
            bit = edge & -edge
            edge ^= bit
            unit = bit.bit_length() - 1
            barred |= bit
            more = touching[unit] & allowed & ~barred
            todo.append(([*members, unit], size + sizes[unit], edge | more, barred))
