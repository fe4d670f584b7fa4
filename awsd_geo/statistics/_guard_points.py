"""Where a statistic of points is undefined, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from awsd_geo.errors import RequestError
from awsd_geo.statistics._guard import FEWEST_INCIDENTS

if TYPE_CHECKING:
    from numpy.typing import NDArray


def why_no_points(points: NDArray[np.float64], what: str = "point") -> str | None:
    """Say that there are too few points, or all at one place, if so."""
    n = len(points)
    if n == 0:
        return f"No {what} at all: nothing to compare."
    if n < FEWEST_INCIDENTS:
        return f"Only {n} {what}{'s' * (n > 1)}: a test needs at least {FEWEST_INCIDENTS}."
    if bool((points == points[0]).all()):
        return f"All {n} {what}s are at one place: a pattern needs more than one."
    return None


def shared_places(points: NDArray[np.float64]) -> float:
    """Give the share of the points that lie exactly where another lies."""
    if len(points) == 0:
        return float("nan")
    _, number = np.unique(points, axis=0, return_counts=True)
    return float(number[number > 1].sum() / len(points))


def check_replicates(replicates: int, *, least: int = 1) -> None:
    """Refuse a number of replicates that gives no p."""
    if replicates < least:
        raise RequestError(f"replicates must be at least {least}, for example 999; it is {replicates}.")


def check_length(length_m: float, name: str) -> None:
    """Refuse a length that is not a positive number."""
    if not (np.isfinite(length_m) and length_m > 0):
        raise RequestError(f"{name} must be a length above 0 in metres, for example 50000; it is {length_m!r}.")
