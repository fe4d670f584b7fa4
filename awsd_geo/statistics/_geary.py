"""Whether neighbours differ less than others on the whole map: Geary's C with an exact or seeded p."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from awsd_geo.results import RegionalResult
from awsd_geo.statistics._guard import DESCRIPTIVE_BELOW, why_islands, why_no_pattern
from awsd_geo.statistics._local_test import check_choices, take_map
from awsd_geo.statistics._neighbours import Neighbours, WeightSums, align, weight_sums
from awsd_geo.statistics._orders import order_tails
from awsd_geo.statistics._words import probability

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TIE = 1e-9  # sums this close, relative to the sum of squares, are tied


@dataclass(frozen=True, slots=True, eq=False)
class Geary(RegionalResult):
    """Global Geary's C; ``table`` has one row per unit: ``name``, ``value``, ``difference``, ``neighbours``.

    ``difference`` is the (weighted) sum of squared differences from the neighbours.
    """

    SHOWN: ClassVar[str] = "value"
    geary_c: float  # below 1: like beside like
    expected: float  # 1, with no autocorrelation
    variance: float  # under randomisation
    z: float  # (C - 1) / its deviation: negative for like beside like, the other way round than spdep's
    variance_normal: float  # if the values were normal
    z_normal: float
    p_less: float  # as low: like beside like
    p_greater: float  # as high: like beside unlike
    p_value: float  # two-sided: twice the smaller, at most 1
    test: str  # how p is made, in words
    weights: str  # "row", "binary" or "given"
    descriptive: bool  # fewer than 30 units: shown, never a headline
    neighbours: pd.Series  # the adjacency
    reason: str | None  # why it is undefined, if it is

    def summary(self) -> str:
        """State C, its expectation and p."""
        if self.reason is not None:
            return f"Geary's C is undefined. {self.reason}"
        direction = "more alike" if self.geary_c < 1 else "less alike"
        text = (
            f"Geary's C is {self.geary_c:.2f} where 1 is expected: neighbours are {direction} than chance would have "
            f"it with p {probability(self.p_value)} (two-sided, {self.test})"
        )
        return f"{text}; descriptive only, fewer than {DESCRIPTIVE_BELOW} units." if self.descriptive else f"{text}."

    def second_opinion(self) -> pd.DataFrame:
        """Compare C and its moments with esda's, on request (importing esda takes about two seconds).

        Returns
        -------
        DataFrame, shape (4, 3)
            Rows ``geary_c``, ``expected``, ``variance``, ``variance_normal``; columns ``value`` (ours), ``esda``,
            ``difference``.
        """
        import pandas as pd

        from awsd_geo.statistics._esda import geary_values

        names = ["geary_c", "expected", "variance", "variance_normal"]
        ours = pd.Series([getattr(self, name) for name in names], index=names, name="value").to_frame()
        if self.reason is not None:
            return ours.assign(esda=np.nan, difference=np.nan)
        theirs = geary_values(self.table["value"], self.neighbours, weights=self.weights).loc[names]
        return ours.assign(esda=theirs, difference=ours["value"] - theirs)


def geary(
    values: pd.Series, neighbours: Any, *, weights: str = "row", permutations: int = 9999, seed: int = 0
) -> Geary:
    r"""Test whether neighbouring units differ less, or more, than any two units do.

    .. math:: C = \frac{(n - 1) \sum_{ij} w_{ij} (x_i - x_j)^2}{2 \sum_{ij} w_{ij} \sum_i (x_i - \bar{x})^2}

    Null hypothesis: the values are in any order on the map, each as likely. Where the map has at most 9! = 362,880
    different orders all are looked at and p is exact; else ``permutations`` random ones, p = (r + 1) / (m + 1). Ties
    count as at least as far, rounding allowed for. Below 30 units the result is marked descriptive.

    Parameters
    ----------
    values : Series of int or float, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out; or any numbers by unit.
    neighbours : Series or libpysal.graph.Graph
        Adjacency of the same units, as ``awsd_geo.weights.adjacency`` gives it; weights of 0 or more.
    weights : {"row", "binary", "given"}
        Weights of each unit sum to 1, are 1 each, or are as they stand in ``neighbours``.
    permutations : int, default 9999
        Number of random orders where not all can be looked at.
    seed : int, default 0
        Of the random orders.

    Returns
    -------
    Geary
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
    .. [1] Geary, R. C. (1954). The contiguity ratio and statistical mapping. The Incorporated Statistician 5 (3),
       115-146.
    .. [2] Cliff, A. D., and Ord, J. K. (1981). Spatial Processes. London: Pion, section 1.5 and 2.3.
    """
    check_choices("permutation", permutations)
    given = take_map(values)
    near = align(neighbours, given.index).weighted(weights)
    reason = why_no_pattern(given.numbers, whole=given.whole) or why_islands(given.names, near.cardinality)
    centred = given.numbers - given.numbers.mean()
    squared = near.weight * np.square(centred[near.focal] - centred[near.neighbour])
    names = ("geary_c", "variance", "z", "variance_normal", "z_normal", "p_less", "p_greater", "p_value")
    known: dict[str, Any] = {**dict.fromkeys(names, np.nan), "test": "none"}
    if reason is None:
        known = _computed(centred, near, permutations, seed)
    return Geary(
        table=given.with_value(difference=near.total(squared), neighbours=near.cardinality),
        expected=1.0,
        weights=weights,
        descriptive=len(centred) < DESCRIPTIVE_BELOW,
        neighbours=near.given,
        reason=reason,
        **known,
    )


def _computed(centred: Floats, near: Neighbours, permutations: int, seed: int) -> dict[str, Any]:
    sums, squares = weight_sums(near), float(centred @ centred)
    sides = near.total(near.weight) + np.bincount(near.neighbour, weights=near.weight, minlength=len(centred))

    def differences(maps: Floats) -> Floats:
        """Give the sum over pairs of weight x squared difference, opened up."""
        opened: Floats = np.square(maps) @ sides - 2 * near.product(maps)
        return opened

    per = (len(centred) - 1) / (2 * sums.s0 * squares)
    tie = TIE * squares * float(sides.max())
    tails = order_tails(centred, differences, tie=tie, permutations=permutations, seed=seed)
    geary_c = per * float((near.weight * np.square(centred[near.focal] - centred[near.neighbour])).sum())
    variance, normal = _variances(centred, sums)
    return {
        "geary_c": geary_c,
        "variance": variance,
        "z": (geary_c - 1) / np.sqrt(variance) if variance > 0 else np.nan,
        "variance_normal": normal,
        "z_normal": (geary_c - 1) / np.sqrt(normal) if normal > 0 else np.nan,
        "p_less": tails.low,
        "p_greater": tails.high,
        "p_value": tails.two_sided,
        "test": tails.test(seed),
    }


def _variances(centred: Floats, sums: WeightSums) -> tuple[float, float]:
    """Give the variance of C over all orders, and for normal values (Cliff and Ord 1981, pages 21 and 22)."""
    n, (s0, s1, s2) = len(centred), sums
    normal = ((2 * s1 + s2) * (n - 1) - 4 * s0**2) / (2 * (n + 1) * s0**2)
    if n == 3:
        return np.nan, normal
    kurtosis = float((centred**4).mean() / np.square(centred).mean() ** 2)
    first = (n - 1) * s1 * (n * n - 3 * n + 3 - (n - 1) * kurtosis)
    second = (n - 1) * s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * kurtosis) / 4
    third = s0**2 * (n * n - 3 - (n - 1) ** 2 * kurtosis)
    return (first - second + third) / (n * (n - 2) * (n - 3) * s0**2), normal
