"""Events with a place and a time: the check, distances between pairs, and moments over all orders of the times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._scan_zones import EARTH_KM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METRICS = ("euclidean", "great circle", "given")
ROWS = 1 << 20  # pairs looked at at once
Number = TypeVar("Number", float, "Fraction")


@dataclass(frozen=True, slots=True)
class Events:
    """Events after the check; distances are made block by block, so that many events fit in memory."""

    places: Floats  # shape (n, d): points (on the unit sphere for great circles), or all distances where they are given
    times: Floats  # shape (n,): days, or the caller's own unit
    metric: str

    def __len__(self) -> int:
        """Give the number of events."""
        return len(self.times)

    def blocks(self) -> Iterator[tuple[int, Floats, Floats]]:
        """Give for runs of events the first one's position, and the distances and gaps in time to all events."""
        step = max(ROWS // max(len(self), 1), 1)
        for start in range(0, len(self), step):
            rows = slice(start, start + step)
            yield start, self._distances(rows), np.abs(self.times[rows, None] - self.times[None, :])

    def _distances(self, rows: slice) -> Floats:
        if self.metric == "given":
            return self.places[rows]
        squares = sum((axis[rows, None] - axis[None, :]) ** 2 for axis in self.places.T)
        straight: Floats = np.sqrt(squares)
        return straight if self.metric == "euclidean" else 2 * EARTH_KM * np.arcsin(np.minimum(straight / 2, 1.0))

    @property
    def one_place(self) -> bool:
        """Whether no event is away from another."""
        return len(self) == 0 or not any((distances > 0).any() for _, distances, _ in self.blocks())


def check_events(points: Any, times: Any, metric: str) -> Events:
    """Refuse what is not one place and one time per event.

    Parameters
    ----------
    points : array or DataFrame of float, shape (n, 2) or (n, n)
        Straight coordinates; longitude and latitude in degrees; or all distances.
    times : array or Series, shape (n,)
        Numbers, or dates, which become days.
    metric : {"euclidean", "great circle", "given"}
        What the points are.

    Raises
    ------
    InputError
        If a place or time is missing, the numbers differ, or given distances are none.
    RequestError
        If the metric is unknown.
    """
    if metric not in METRICS:
        raise RequestError(f'metric must be "euclidean", "great circle" or "given", not {metric!r}.')
    when, where = _in_days(times), np.array(points, dtype=float, ndmin=2)
    width = len(when) if metric == "given" else 2
    if where.size == 0:
        where = where.reshape(0, width)
    if where.shape != (len(when), width):
        shape = f"{where.shape[0]} by {where.shape[1]}"
        raise InputError(f"Places must be {len(when)} by {width} numbers, one row per time; they are {shape}.")
    for name, wrong in (("place", ~np.isfinite(where).all(axis=1)), ("time", ~np.isfinite(when))):
        if wrong.any():
            raise InputError(f"The {name} of event {int(np.flatnonzero(wrong)[0])} is missing. Leave such events out.")
    if metric == "given":
        _check_distances(where)
    return Events(_on_sphere(where) if metric == "great circle" else where, when, metric)


def check_permutations(permutations: int) -> None:
    """Refuse a number of random orders below 1."""
    if permutations < 1:
        raise RequestError(f"permutations must be at least 1, for example 9999; it is {permutations}.")


def _in_days(times: Any) -> Floats:
    values = np.asarray(times)
    if values.ndim != 1:
        raise InputError("Times must be one per event, in one column.")
    if values.dtype.kind == "O":
        values = pd.to_datetime(pd.Series(values)).to_numpy()
    if values.dtype.kind != "M":
        return values.astype(float)
    first = values.min() if len(values) else np.datetime64(0, "D")
    return np.where(np.isnat(values), np.nan, (values - first) / np.timedelta64(1, "D"))


def _check_distances(distances: Floats) -> None:
    if (distances < 0).any() or (distances != distances.T).any() or distances.diagonal().any():
        raise InputError("Given distances must be 0 or more, the same both ways, and 0 from an event to itself.")


def _on_sphere(degrees: Floats) -> Floats:
    east, north = np.radians(degrees).T
    if (np.abs(degrees[:, 1]) > 90).any():
        raise InputError("A latitude is beyond 90 degrees. Give longitude first, then latitude.")
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


@dataclass(frozen=True, slots=True)
class Sums:
    """What the moments need of a symmetric matrix with an empty diagonal; whole numbers stay exact."""

    total: Any  # of all elements
    squares: Any  # of all elements squared
    rows: Any  # of all row sums squared


def product_moments(n: int, first: Sums, second: Sums, one: Number) -> tuple[Number, Number]:
    """Give mean and variance of the sum over pairs of a[i, j] * b[order[i], order[j]] over all n! orders.

    Two pairs may be the same, share one event, or share none; each case has its own expectation [1]_. With 0 and 1
    as elements it is the variance of Knox's count by Barton and David [2]_.

    Parameters
    ----------
    n : int
        Events, 4 or more.
    first, second : Sums
        Of the two matrices.
    one : Fraction or float
        1 in the arithmetic to use.

    References
    ----------
    .. [1] Mantel, N. (1967). The detection of disease clustering and a generalized regression approach. Cancer
       Research 27 (2), 209-220.
    .. [2] Barton, D. E., and David, F. N. (1966). The random intersection of two graphs. In: Research Papers in
       Statistics, 455-459. London: Wiley.
    """
    two, three = one * n * (n - 1), one * n * (n - 1) * (n - 2)
    mean = first.total * second.total / two
    same = 2 * first.squares * second.squares / two
    share = 4 * (first.rows - first.squares) * (second.rows - second.squares) / three
    apart = one
    for sums in (first, second):
        apart = apart * (sums.total * sums.total + 2 * sums.squares - 4 * sums.rows)
    variance = same + share + apart / (three * (n - 3)) - mean * mean
    return mean / 2, variance / 4
