"""Candidate zones of the scan statistics: nested sets of units that grow around a centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

EARTH_KM = 6371.0088  # mean radius, IUGG 1980
TIED = 1e-9  # distances this close, relative to the largest, are the same


@dataclass(frozen=True, slots=True)
class Zones:
    """Sequences of units; every sequence, cut after a marked place, is a zone.

    A sequence starts at its centre and grows outward. Units as far as each other enter together: only the last of
    them is marked. So the counts of all zones are running sums along the sequences.
    """

    units: int  # number of units in all
    members: Whole  # shape (n_places,): units by position, sequence after sequence
    ends: NDArray[np.bool_]  # shape (n_places,): a zone ends here
    starts: Whole  # shape (n_sequences + 1,): where each sequence starts in ``members``
    centres: Whole  # shape (n_sequences,): sequences of one centre compete, only its best zone is a candidate
    weights: Floats  # shape (n_sequences,): over 0 to 1, factor of the log likelihood ratio of what is not compact

    def __len__(self) -> int:
        """Give the number of sequences."""
        return len(self.starts) - 1

    def sequences(self) -> Iterator[tuple[Whole, NDArray[np.bool_]]]:
        """Give each sequence: its units in order, and where zones end."""
        for start, stop in zip(self.starts[:-1], self.starts[1:], strict=True):
            yield self.members[start:stop], self.ends[start:stop]

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """Add values (shape (n_units,)) up along each sequence, shape (n_places,)."""
        placed = values[self.members]
        if len(self) == 0:
            return placed
        sums = [np.cumsum(placed[start:stop]) for start, stop in zip(self.starts[:-1], self.starts[1:], strict=True)]
        return np.concatenate(sums)

    def zone(self, place: int) -> Whole:
        """Give the units of the zone that ends at a place, from the centre outward."""
        sequence = int(np.searchsorted(self.starts, place, side="right")) - 1
        return self.members[self.starts[sequence] : place + 1]


def great_circle_km(longitude: Floats, latitude: Floats) -> Floats:
    """Give the distances between all points on a sphere of the Earth's mean radius.

    Parameters
    ----------
    longitude, latitude : ndarray of float, shape (n,)
        Degrees.

    Returns
    -------
    ndarray of float, shape (n, n)
        Kilometres along great circles; exactly symmetric.
    """
    east, north = np.radians(longitude), np.radians(latitude)
    points = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    angles: Floats = 2 * np.arcsin(np.minimum(euclidean(points) / 2, 1.0))
    return EARTH_KM * angles


def euclidean(points: Floats) -> Floats:
    """Give the straight distances between all points, shape (n, d) to (n, n), in their own unit."""
    squares: Floats = np.zeros((len(points), len(points)))
    for axis in points.T:
        squares += (axis[:, None] - axis[None, :]) ** 2
    distances: Floats = np.sqrt(squares)
    return distances


def nearest_first(distances: Floats) -> tuple[Whole, NDArray[np.bool_]]:
    """Order the units around each centre by distance.

    Parameters
    ----------
    distances : ndarray of float, shape (n_centres, n_units)
        Of each unit from each centre.

    Returns
    -------
    order : ndarray of int, shape (n_centres, n_units)
        Units by position, the nearest first; tied ones by position.
    last : ndarray of bool, shape (n_centres, n_units)
        Whether the next unit is farther (by more than a billionth of the largest distance).
    """
    order = np.argsort(distances, axis=1)
    steps = np.diff(np.take_along_axis(distances, order, axis=1), axis=1)
    tied = (steps == 0).any(axis=1)  # sorting stably takes several times longer, and serves only these
    order[tied] = np.argsort(distances[tied], axis=1, kind="stable")
    last = np.ones(order.shape, dtype=bool)
    last[:, :-1] = steps > TIED * distances.max()
    return order, last


def grow(
    order: Sequence[Whole],
    last: Sequence[NDArray[np.bool_]],
    sizes: Floats,
    largest: float,
    *,
    centres: Whole | None = None,
    weights: Floats | None = None,
) -> Zones:
    """Let zones grow along each order as long as their size is within the limit.

    Parameters
    ----------
    order : sequence of ndarray of int, each of shape (n_units,) or shorter
        Units by position, from the centre outward.
    last : sequence of ndarray of bool, of the same shapes
        Where a zone may end: not between two units that are as far as each other.
    sizes : ndarray of float, shape (n_units,)
        Size of each unit, 0 or more: its exposure, or 1 to limit the number of units.
    largest : float
        Size that no zone exceeds (allowing for rounding), in the unit of ``sizes``.
    centres : ndarray of int, optional
        Centre of each order; by default each has its own.
    weights : ndarray of float, optional
        Factor of the log likelihood ratio, 1 by default.

    Returns
    -------
    Zones
        Sequences without any zone are left out.
    """
    kept: list[Whole] = []
    marks: list[NDArray[np.bool_]] = []
    which: list[int] = []
    for number, (line, end) in enumerate(zip(order, last, strict=True)):
        within = end & (np.cumsum(sizes[line]) <= largest * (1 + TIED))
        places = np.flatnonzero(within)
        if len(places):
            kept.append(np.asarray(line[: places[-1] + 1], dtype=np.int64))
            marks.append(within[: places[-1] + 1])
            which.append(number)
    lengths = np.array([len(line) for line in kept], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    members = np.concatenate(kept) if kept else np.zeros(0, dtype=np.int64)
    ends = np.concatenate(marks) if marks else np.zeros(0, dtype=bool)
    of = np.array(which, dtype=np.int64)
    centre = of if centres is None else centres[of]
    return Zones(len(sizes), members, ends, starts, centre, np.ones(len(of)) if weights is None else weights[of])


def circles(distances: Floats, sizes: Floats, largest: float) -> Zones:
    """Give the zones of circles around every unit: each unit with all that are no farther than another.

    Parameters
    ----------
    distances : ndarray of float, shape (n_units, n_units)
        From `great_circle_km` or `euclidean`.
    sizes : ndarray of float, shape (n_units,)
        Exposure of each unit.
    largest : float
        Exposure that no zone exceeds, for example half of the sum.

    Returns
    -------
    Zones
        One sequence a centre, those that are too large on their own left out.
    """
    order, last = nearest_first(distances)
    return grow(list(order), list(last), sizes, largest)
