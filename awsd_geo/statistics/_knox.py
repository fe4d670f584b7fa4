"""Whether events that are near in space are near in time too: Knox's test for one or several thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._close_pairs import ClosePairs, close_pairs, counts_by_order
from awsd_geo.statistics._events import Sums, check_events, check_permutations, product_moments
from awsd_geo.statistics._guard import why_no_interaction
from awsd_geo.statistics._orders import all_orders, number_of_orders, random_orders
from awsd_geo.statistics._words import probability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

MOST_ORDERS = 362_880  # 9!: orders of the times that are all looked at
TIE = 1e-9  # standardised counts this close are tied


@dataclass(frozen=True, slots=True, eq=False)
class Knox(Result):
    """Knox's test; ``table`` has one row per pair of thresholds, the smallest distance first.

    Columns: ``space``, ``time`` (thresholds), ``close_in_space``, ``close_in_time``, ``observed`` (pairs close in
    both), ``expected``, ``variance``, ``z``, ``ratio`` (observed by expected), ``p_value`` (of this pair of
    thresholds alone), ``p_adjusted`` (for looking at all of them). ``expected`` and ``variance`` are exact, over all
    orders of the times. ``z`` is not normal for few pairs: no p is made from it alone.
    """

    events: int
    p_value: float  # smallest adjusted p: for one pair of thresholds simply p
    exact: bool  # all orders of the times looked at
    orders: int  # number of orders looked at
    seed: int | None  # None where exact
    family: str  # the tests that are corrected together
    correction: str
    reason: str | None  # why it is undefined, if it is

    @property
    def test(self) -> str:
        """How the p-values are made."""
        return (
            "all orders of the times" if self.exact else f"{self.orders} random orders of the times, seed {self.seed}"
        )

    def summary(self) -> str:
        """State the pair of thresholds that stands out most."""
        if self.reason is not None:
            return f"Knox's test is undefined. {self.reason}"
        best = self.table.iloc[int(self.table["p_adjusted"].fillna(2).argmin())]
        many = f", the smallest of {len(self.table)} pairs of thresholds, corrected" if len(self.table) > 1 else ""
        return (
            f"{best['observed']:.0f} pairs of {self.events} events lie within {best['space']:g} in space and "
            f"{best['time']:g} in time of each other where {best['expected']:.1f} are expected "
            f"with p {probability(self.p_value)} ({self.test}{many})."
        )


def knox(
    points: Any,
    times: Any,
    *,
    space: float | Sequence[float],
    time: float | Sequence[float],
    metric: str = "euclidean",
    permutations: int = 9999,
    seed: int = 0,
) -> Knox:
    """Test whether pairs of events close in space are close in time more often than chance would have it.

    Null hypothesis: the times are given to the places in any order, each as likely. The statistic is the number of
    pairs at most ``space`` and at most ``time`` apart. Its mean and variance over all orders are exact; p is exact
    where the times have at most 9! orders, else (r + 1) / (m + 1) from random ones; equal counts count. For several
    thresholds the largest standardised count of each order corrects all (single-step max-T).

    A population that grows in some places and not in others looks like interaction. Time grows with the number of
    pairs close in space times the number of orders.

    Parameters
    ----------
    points : array or DataFrame of float, shape (n, 2) or (n, n)
        Coordinates; longitude and latitude for ``metric="great circle"``; all distances for ``metric="given"``.
    times : array or Series, shape (n,)
        Numbers, or dates, which become days.
    space, time : float or sequence of float
        Thresholds, themselves included: the unit of the coordinates (kilometres for great circles), and of the
        times (days for dates). Every distance is tried with every gap in time.
    metric : {"euclidean", "great circle", "given"}
        What the points are.
    permutations : int, default 9999
        Number of random orders where not all can be looked at.
    seed : int, default 0
        Of the random orders: the same seed gives the same p everywhere.

    Returns
    -------
    Knox
        Undefined, with a ``reason``: fewer than 5 events, all at one place or one time, or thresholds under which
        no pair or every pair is close. One row alone may be undefined, with NaN.

    Raises
    ------
    InputError
        If places and times do not fit together or are missing.
    RequestError
        If a threshold is negative, the metric is unknown, or ``permutations`` is below 1.

    References
    ----------
    .. [1] Knox, E. G. (1964). The detection of space-time interactions. Applied Statistics 13 (1), 25-29.
    .. [2] Barton, D. E., and David, F. N. (1966). The random intersection of two graphs. In: Research Papers in
       Statistics, 455-459. London: Wiley.
    .. [3] Westfall, P. H., and Young, S. S. (1993). Resampling-Based Multiple Testing. New York: Wiley (max-T).

    Examples
    --------
    >>> from awsd_geo.statistics import knox
    >>> places, days = [[0, 0], [0, 1], [9, 0], [9, 1], [5, 5], [0, 9]], [1, 2, 40, 41, 80, 120]
    >>> found = knox(places, days, space=1, time=1)
    >>> found.table.loc[0, "observed"], round(found.p_value, 4), found.exact
    (np.int64(2), 0.0222, True)
    """
    events = check_events(points, times, metric)
    check_permutations(permutations)
    far, late = _thresholds(space, "space"), _thresholds(time, "time")
    reason = why_no_interaction(len(events), one_place=events.one_place, one_time=len(np.unique(events.times)) < 2)
    pairs = close_pairs(events, far, late)
    table = _table(pairs, far, late, events.times)
    if reason is None and not (table["variance"] > 0).any():
        reason = "No pair or every pair of events is close under these thresholds: nothing to compare."
    exact, looked = _test(table, pairs, events.times, permutations, seed) if reason is None else (False, 0)
    return Knox(
        table=table,
        events=len(events),
        p_value=float(table["p_adjusted"].min()),
        exact=exact,
        orders=looked,
        seed=None if exact or reason is not None else seed,
        family=f"{len(table)} pair{'s' * (len(table) > 1)} of thresholds",
        correction="single-step max-T" if len(table) > 1 else "none: one test",
        reason=reason,
    )


def _thresholds(given: float | Sequence[float], name: str) -> Floats:
    values = np.unique(np.atleast_1d(np.asarray(given, dtype=float)))
    if len(values) == 0 or not np.isfinite(values).all() or values[0] < 0:
        raise RequestError(f"{name} must be one or several thresholds of 0 or more; it is {given!r}.")
    return values


def _table(pairs: ClosePairs, far: Floats, late: Floats, times: Floats) -> pd.DataFrame:
    """Give counts and their exact moments, thresholds of space in the outer, of time in the inner order."""
    observed = counts_by_order(pairs, times[None, :], late)[0]
    names = ["space", "time", "close_in_space", "close_in_time", "observed", "expected", "variance"]
    close = [[int(degree.sum()) // 2 for degree in degrees] for degrees in (pairs.near, pairs.soon)]
    rows = [
        (far[i], late[k], close[0][i], close[1][k], int(observed[i, k]), *_moments(pairs.near[i], pairs.soon[k]))
        for i, k in np.ndindex(observed.shape)
    ]
    table = pd.DataFrame(rows, columns=names)
    varies = table["variance"] > 0
    table["z"] = ((table["observed"] - table["expected"]) / np.sqrt(table["variance"].where(varies))).where(varies)
    table["ratio"] = table["observed"] / table["expected"].where(table["expected"] > 0)
    return table.assign(p_value=np.nan, p_adjusted=np.nan)


def _moments(near: Whole, soon: Whole) -> tuple[float, float]:
    """Give mean and variance of the count over all orders, in fractions; NaN for fewer than 4 events."""
    if len(near) < 4:
        return np.nan, np.nan
    one = Fraction(1)
    graphs = [Sums(int(degree.sum()), int(degree.sum()), int(degree @ degree)) for degree in (near, soon)]
    mean, variance = product_moments(len(near), graphs[0], graphs[1], one)
    return float(mean), float(variance)


def _test(table: pd.DataFrame, pairs: ClosePairs, times: Floats, permutations: int, seed: int) -> tuple[bool, int]:
    """Write the p-values into the table; say whether all orders were looked at, and how many."""
    number = number_of_orders(times)
    exact = number <= MOST_ORDERS
    looked = number if exact else permutations
    late = np.unique(table["time"])
    orders = all_orders(times) if exact else random_orders(times, permutations, seed)
    counts = np.concatenate([counts_by_order(pairs, order, late) for order in orders])
    table["p_value"], table["p_adjusted"] = _p_values(table, counts.reshape(looked, -1), 0 if exact else 1)
    return exact, looked


def _p_values(table: pd.DataFrame, counts: Whole, more: int) -> tuple[Floats, Floats]:
    """Give p of each row alone and p corrected by the largest standardised count of each order."""
    observed, p, adjusted = table["observed"].to_numpy(), np.full(len(table), np.nan), np.full(len(table), np.nan)
    varies = (table["variance"] > 0).to_numpy()
    expected, spread = (table[name].to_numpy()[varies] for name in ("expected", "variance"))
    number = len(counts) + more
    p[varies] = ((counts[:, varies] >= observed[varies]).sum(axis=0) + more) / number
    largest = ((counts[:, varies] - expected) / np.sqrt(spread)).max(axis=1)
    seen = (observed[varies] - expected) / np.sqrt(spread)
    largest.sort()
    adjusted[varies] = (len(counts) - np.searchsorted(largest, seen - TIE) + more) / number
    return p, adjusted
