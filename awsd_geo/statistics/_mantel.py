"""Whether distance in space and distance in time go together over all pairs of events: Mantel's test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError
from awsd_geo.results import Result
from awsd_geo.statistics._events import Sums, check_events, check_permutations, product_moments
from awsd_geo.statistics._guard import why_no_interaction
from awsd_geo.statistics._orders import all_orders, number_of_orders, random_orders
from awsd_geo.statistics._words import probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._events import Events

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

MOST_ORDERS = 40_320  # 8!: orders of the times that are all looked at
TIE = 1e-9  # correlations this close are tied


@dataclass(frozen=True, slots=True, eq=False)
class Mantel(Result):
    """Mantel's test; ``table`` has one row: ``events``, ``correlation``, ``expected``, ``variance``, ``z``."""

    events: int
    correlation: float  # of transformed distances with transformed gaps in time, over all pairs
    variance: float  # exact, over all orders of the times; the expectation is 0
    z: float
    p_value: float  # one-sided: near in space goes with near in time
    exact: bool  # all orders of the times looked at
    orders: int  # number of orders looked at
    seed: int | None  # None where exact
    reason: str | None  # why it is undefined, if it is

    @property
    def test(self) -> str:
        """How the p-value is made."""
        return (
            "all orders of the times" if self.exact else f"{self.orders} random orders of the times, seed {self.seed}"
        )

    def summary(self) -> str:
        """State the correlation and p."""
        if self.reason is not None:
            return f"Mantel's test is undefined. {self.reason}"
        return (
            f"Over all pairs of {self.events} events closeness in space and in time correlate by "
            f"{self.correlation:.3f} with p {probability(self.p_value)} (one-sided, {self.test})."
        )


def mantel(
    points: Any,
    times: Any,
    *,
    space: tuple[float, float] = (1.0, -1.0),
    time: tuple[float, float] = (1.0, -1.0),
    metric: str = "euclidean",
    permutations: int = 9999,
    seed: int = 0,
) -> Mantel:
    """Test whether events near in space are near in time, over all pairs, without a threshold.

    Null hypothesis: the times are given to the places in any order, each as likely. The statistic is the correlation
    between (distance + constant) ** power and (gap + constant) ** power over all pairs [1]_; a negative power makes
    what is near weigh most. Expectation and variance over all orders are exact; p is exact where the times have at
    most 8! orders, else (r + 1) / (m + 1). Far pairs dilute it: Knox's test has more power where interaction is
    local. Time grows with n squared times the number of orders; memory with n squared.

    Parameters
    ----------
    points : array or DataFrame of float, shape (n, 2) or (n, n)
        Coordinates; longitude and latitude for ``metric="great circle"``; all distances for ``metric="given"``.
    times : array or Series, shape (n,)
        Numbers, or dates, which become days.
    space, time : (constant, power)
        How distances (kilometres for great circles) and gaps are transformed; by default 1 / (1 + distance).
    metric : {"euclidean", "great circle", "given"}
        What the points are.
    permutations : int, default 9999
        Number of random orders where not all can be looked at.
    seed : int, default 0
        Of the random orders.

    Returns
    -------
    Mantel
        Undefined, with a ``reason``: fewer than 5 events, all at one place or one time, or all pairs alike.

    Raises
    ------
    InputError
        If places and times do not fit together, are missing, or have no finite transform.
    RequestError
        If the metric is unknown or ``permutations`` is below 1.

    References
    ----------
    .. [1] Mantel, N. (1967). The detection of disease clustering and a generalized regression approach. Cancer
       Research 27 (2), 209-220.
    """
    events = check_events(points, times, metric)
    check_permutations(permutations)
    one_time = len(np.unique(events.times)) < 2
    reason = why_no_interaction(len(events), one_place=events.one_place, one_time=one_time)
    known: dict[str, Any] = dict.fromkeys(("correlation", "variance", "z", "p_value"), np.nan)
    known |= {"exact": False, "orders": 0, "seed": None}
    if reason is None:
        near, soon = _transformed(events, space, time)
        if np.ptp(near) == 0 or np.ptp(soon) == 0:
            reason = "All pairs of events are equally close: nothing to compare."
        else:
            known = _computed(near, soon, events.times, permutations, seed)
    row = {"events": len(events), "expected": 0.0 if reason is None else np.nan}
    row |= {name: known[name] for name in ("correlation", "variance", "z", "p_value")}
    return Mantel(table=pd.DataFrame([row]), events=len(events), reason=reason, **known)


def _transformed(events: Events, space: tuple[float, float], time: tuple[float, float]) -> tuple[Floats, Floats]:
    """Give the transformed distances over all pairs (first event below second), and gaps by pair of distinct times."""
    distances = np.concatenate([block for _, block, _ in events.blocks()])
    distinct = np.unique(events.times)
    gaps = np.abs(distinct[:, None] - distinct[None, :])
    pairs = distances[np.triu_indices(len(events), 1)]
    results = []
    for name, values, (constant, power) in (("distance", pairs, space), ("gap in time", gaps, time)):
        with np.errstate(divide="ignore", invalid="ignore"):
            transformed = (values + constant) ** power
        if not np.isfinite(transformed).all():
            raise InputError(f"A {name} has no finite transform. Give a constant over 0 beside a negative power.")
        results.append(transformed)
    return results[0], results[1]


def _computed(near: Floats, soon: Floats, times: Floats, permutations: int, seed: int) -> dict[str, Any]:
    codes = np.unique(times, return_inverse=True)[1].astype(float)
    n, number = len(codes), number_of_orders(codes)
    i, k = np.triu_indices(n, 1)
    whole = codes.astype(np.int64)
    near = near - near.mean()
    soon = soon - soon[whole[i], whole[k]].mean()
    scale = float(np.sqrt((near @ near) * np.square(soon[whole[i], whole[k]]).sum()))
    correlation = float(near @ soon[whole[i], whole[k]]) / scale
    graphs = [_sums(near, i, k, n), _sums(soon[whole[i], whole[k]], i, k, n)]
    variance = product_moments(n, graphs[0], graphs[1], 1.0)[1] / scale**2
    exact = number <= MOST_ORDERS
    orders = all_orders(codes) if exact else random_orders(codes, permutations, seed)
    least = (correlation - TIE) * scale
    as_high = sum(_product(near, soon, order, i, k) >= least for batch in orders for order in batch.astype(np.int64))
    looked = number if exact else permutations
    return {
        "correlation": correlation,
        "variance": variance,
        "z": correlation / np.sqrt(variance) if variance > 0 else np.nan,
        "p_value": (int(as_high) + (not exact)) / (looked + (not exact)),
        "exact": exact,
        "orders": looked,
        "seed": None if exact else seed,
    }


def _sums(values: Floats, i: Whole, k: Whole, n: int) -> Sums:
    rows = np.bincount(i, weights=values, minlength=n) + np.bincount(k, weights=values, minlength=n)
    return Sums(2 * float(values.sum()), 2 * float(values @ values), float(rows @ rows))


def _product(near: Floats, soon: Floats, order: Whole, i: Whole, k: Whole) -> float:
    return float(near @ soon.ravel().take((order * len(soon)).take(i) + order.take(k)))
