"""Whether like lies beside like on the whole map: Moran's I with an exact or seeded p."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from awsd_geo.results import RegionalResult
from awsd_geo.statistics._guard import DESCRIPTIVE_BELOW, why_islands, why_no_pattern
from awsd_geo.statistics._local_test import check_choices, take_map
from awsd_geo.statistics._neighbours import Neighbours, WeightSums, align, weight_sums
from awsd_geo.statistics._orders import order_tails
from awsd_geo.statistics._words import probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TIE = 1e-9  # sums this close, relative to the sum of squares, are tied


@dataclass(frozen=True, slots=True, eq=False)
class Moran(RegionalResult):
    """Global Moran's I; ``table`` has one row per unit: ``name``, ``value``, ``deviation``, ``lag``, ``neighbours``.

    ``lag`` is the (weighted) deviation of the neighbours: against ``deviation`` it makes the Moran scatterplot.
    """

    SHOWN: ClassVar[str] = "value"
    moran_i: float
    expected: float  # -1 / (n - 1), with no autocorrelation
    variance: float  # under randomisation
    z: float  # standardised; not normal for few units or many zeros, so no p is made from it
    variance_normal: float  # if the values were normal
    z_normal: float
    p_greater: float  # like beside like
    p_less: float  # like beside unlike
    p_value: float  # two-sided: twice the smaller, at most 1
    exact: bool  # all orders of the map looked at
    orders: int  # number of orders looked at
    seed: int | None  # None where exact
    weights: str  # "row", "binary" or "given"
    descriptive: bool  # fewer than 30 units: shown, never a headline
    neighbours: pd.Series  # the adjacency
    reason: str | None  # why it is undefined, if it is

    @property
    def test(self) -> str:
        """How the p-values are made."""
        return "exact permutation" if self.exact else f"permutation, {self.orders} replicates, seed {self.seed}"

    def summary(self) -> str:
        """State I, its expectation and p."""
        if self.reason is not None:
            return f"Moran's I is undefined. {self.reason}"
        direction = "more alike" if self.moran_i > self.expected else "less alike"
        text = (
            f"Moran's I is {self.moran_i:.2f} where {self.expected:.2f} is expected: neighbours are {direction} than "
            f"chance would have it with p {probability(self.p_value)} (two-sided, {self.test})"
        )
        return f"{text}; descriptive only, fewer than {DESCRIPTIVE_BELOW} units." if self.descriptive else f"{text}."

    def second_opinion(self) -> pd.DataFrame:
        """Compare I and its moments with esda's, on request (importing esda takes about two seconds).

        Returns
        -------
        DataFrame, shape (4, 3)
            Rows ``moran_i``, ``expected``, ``variance``, ``z``; columns ``value`` (ours), ``esda``, ``difference``.
        """
        from awsd_geo.statistics._esda import moran_values

        names = ["moran_i", "expected", "variance", "z"]
        ours = pd.Series([getattr(self, name) for name in names], index=names, name="value").to_frame()
        if self.reason is not None:
            return ours.assign(esda=np.nan, difference=np.nan)
        theirs = moran_values(self.table["value"], self.neighbours, weights=self.weights).loc[names]
        return ours.assign(esda=theirs, difference=ours["value"] - theirs)


def moran(
    values: pd.Series, neighbours: Any, *, weights: str = "row", permutations: int = 9999, seed: int = 0
) -> Moran:
    """Test whether neighbouring units are alike over the whole map.

    Null hypothesis: the values are in any order on the map, each as likely. Where the map has at most 9! = 362,880
    different orders (always up to 9 units, and beyond where values repeat) all are looked at and p is exact; else
    ``permutations`` random ones, p = (r + 1) / (m + 1). Ties count as at least as far, rounding allowed for.
    Below 30 units power is next to nothing and the result is marked descriptive.

    Parameters
    ----------
    values : Series of int or float, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out; or any numbers by unit.
    neighbours : Series or libpysal.graph.Graph
        Adjacency of the same units, as ``awsd_geo.weights.adjacency`` gives it.
    weights : {"row", "binary", "given"}
        Weights of each unit sum to 1, are 1 each, or are as they stand in ``neighbours``.
    permutations : int, default 9999
        Number of random orders where not all can be looked at.
    seed : int, default 0
        Of the random orders: the same seed gives the same p everywhere.

    Returns
    -------
    Moran
        Undefined, with a reason: a unit without neighbour, the same number everywhere, all incidents in one unit,
        fewer than 5 incidents, fewer than three units.

    Raises
    ------
    InputError
        If the values are not what they should be, or the neighbours are not those of the units.
    RequestError
        If ``weights`` is none of the three, or ``permutations`` is below 1.

    References
    ----------
    .. [1] Cliff, A. D., and Ord, J. K. (1981). Spatial Processes. London: Pion, chapters 1 and 2.
    .. [2] Phipson, B., and Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications
       in Genetics and Molecular Biology 9 (1), article 39.
    """
    check_choices("permutation", permutations)
    given = take_map(values)
    near = align(neighbours, given.index).weighted(weights)
    reason = why_no_pattern(given.numbers, whole=given.whole) or why_islands(given.names, near.cardinality)
    deviation = given.numbers - given.numbers.mean()
    lag = near.total(near.weight * deviation[near.neighbour])
    known = _computed(deviation, near, permutations, seed) if reason is None else _nothing()
    return Moran(
        table=given.with_value(deviation=deviation, lag=lag, neighbours=near.cardinality),
        weights=weights,
        descriptive=len(deviation) < DESCRIPTIVE_BELOW,
        neighbours=near.given,
        reason=reason,
        **known,
    )


def _nothing() -> dict[str, Any]:
    names = ("moran_i", "expected", "variance", "z", "variance_normal", "z_normal", "p_greater", "p_less", "p_value")
    return {**dict.fromkeys(names, np.nan), "exact": False, "orders": 0, "seed": None}


def _computed(deviation: Floats, near: Neighbours, permutations: int, seed: int) -> dict[str, Any]:
    n, squares, sums = len(deviation), float(deviation @ deviation), weight_sums(near)
    moran_i = n / sums.s0 * near.product(deviation[None, :])[0] / squares
    expected, variance, normal = _moments(deviation, sums)
    tails = order_tails(deviation, near.product, tie=TIE * squares, permutations=permutations, seed=seed)
    return {
        "moran_i": moran_i,
        "expected": expected,
        "variance": variance,
        "z": (moran_i - expected) / np.sqrt(variance) if variance > 0 else np.nan,
        "variance_normal": normal,
        "z_normal": (moran_i - expected) / np.sqrt(normal) if normal > 0 else np.nan,
        "p_greater": tails.high,
        "p_less": tails.low,
        "p_value": tails.two_sided,
        "exact": tails.exact,
        "orders": tails.orders,
        "seed": None if tails.exact else seed,
    }


def _moments(deviation: Floats, sums: WeightSums) -> tuple[float, float, float]:
    """Give mean and variance of I over all orders, and its variance for normal values.

    Cliff and Ord (1981), equations 1.37, 2.38 and 2.33.
    """
    n, (s0, s1, s2) = len(deviation), sums
    expected = -1 / (n - 1)
    normal = (n * n * s1 - n * s2 + 3 * s0**2) / (s0**2 * (n * n - 1)) - expected**2
    kurtosis = float((deviation**4).mean() / np.square(deviation).mean() ** 2)
    first = n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0**2)
    if n == 3:
        return expected, np.nan, normal
    return expected, (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2, normal
