"""Whether high values lie beside high ones on the whole map: Getis and Ord's general G."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from awsd_geo.errors import InputError
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

TIE = 1e-9  # sums this close, relative to the sum of all products, are tied


@dataclass(frozen=True, slots=True, eq=False)
class GeneralG(RegionalResult):
    """Getis and Ord's general G; ``table`` has one row per unit: ``name``, ``value``, ``lag``, ``neighbours``."""

    SHOWN: ClassVar[str] = "value"
    general_g: float
    expected: float  # sum of the weights / (n (n - 1))
    variance: float  # over all orders of the map
    z: float  # standardised; not normal for few units or many zeros, so no p is made from it
    p_greater: float  # high beside high
    p_less: float  # high apart from high
    p_value: float  # two-sided: twice the smaller, at most 1
    test: str  # how p is made, in words
    weights: str  # "row", "binary" or "given"
    descriptive: bool  # fewer than 30 units: shown, never a headline
    neighbours: pd.Series  # the adjacency
    reason: str | None  # why it is undefined, if it is

    def summary(self) -> str:
        """State G, its expectation and p."""
        if self.reason is not None:
            return f"General G is undefined. {self.reason}"
        direction = "more" if self.general_g > self.expected else "less"
        text = (
            f"General G is {self.general_g:.3g} where {self.expected:.3g} is expected: high values lie beside high "
            f"ones {direction} than chance would have it with p {probability(self.p_value)} (two-sided, {self.test})"
        )
        return f"{text}; descriptive only, fewer than {DESCRIPTIVE_BELOW} units." if self.descriptive else f"{text}."


def getis_ord_g(
    values: pd.Series, neighbours: Any, *, weights: str = "binary", permutations: int = 9999, seed: int = 0
) -> GeneralG:
    r"""Test whether high values lie beside high ones on the whole map, or apart.

    .. math:: G = \frac{\sum_{i \neq j} w_{ij} x_i x_j}{\sum_{i \neq j} x_i x_j}

    Unlike Moran's I and Geary's C it tells high beside high from low beside low. Its variance is the exact one over
    all orders of the map (spdep's with its correction of B1; esda 2.9 has another).

    Null hypothesis: the values are in any order on the map, each as likely. Where the map has at most 9! = 362,880
    different orders all are looked at and p is exact; else ``permutations`` random ones, p = (r + 1) / (m + 1). Ties
    count as at least as far, rounding allowed for. Below 30 units the result is marked descriptive.

    Parameters
    ----------
    values : Series of int or float, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out; or numbers of 0 or more.
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
    GeneralG
        Undefined, with a reason: a unit without neighbour, the same number everywhere, all incidents in one unit,
        fewer than 5 incidents, fewer than three units.

    Raises
    ------
    InputError
        If the values are not what they should be or below 0, or the neighbours are not those of the units.
    RequestError
        If ``weights`` is none of the three, or ``permutations`` is below 1.

    References
    ----------
    .. [1] Getis, A., and Ord, J. K. (1992). The analysis of spatial association by use of distance statistics.
       Geographical Analysis 24 (3), 189-206, with the erratum in 25 (3), 276.
    """
    check_choices("permutation", permutations)
    given = take_map(values)
    if (given.numbers < 0).any():
        raise InputError("General G needs values of 0 or more. Use moran or geary for values below 0.")
    near = align(neighbours, given.index).weighted(weights)
    reason = why_no_pattern(given.numbers, whole=given.whole) or why_islands(given.names, near.cardinality)
    names = ("general_g", "expected", "variance", "z", "p_greater", "p_less", "p_value")
    known: dict[str, Any] = {**dict.fromkeys(names, np.nan), "test": "none"}
    if reason is None:
        known = _computed(given.numbers, near, permutations, seed)
    lag = near.total(near.weight * given.numbers[near.neighbour])
    return GeneralG(
        table=given.with_value(lag=lag, neighbours=near.cardinality),
        weights=weights,
        descriptive=len(lag) < DESCRIPTIVE_BELOW,
        neighbours=near.given,
        reason=reason,
        **known,
    )


def _computed(numbers: Floats, near: Neighbours, permutations: int, seed: int) -> dict[str, Any]:
    scaled = numbers / numbers.max()  # G does not change, and fourth powers stay in range
    sums, products = weight_sums(near), float(scaled.sum() ** 2 - scaled @ scaled)
    tie = TIE * products * float(near.weight.max())
    tails = order_tails(scaled, near.product, tie=tie, permutations=permutations, seed=seed)
    general_g = float(near.product(scaled[None, :])[0]) / products
    expected, variance = _moments(scaled, sums)
    return {
        "general_g": general_g,
        "expected": expected,
        "variance": variance,
        "z": (general_g - expected) / np.sqrt(variance) if variance > 0 else np.nan,
        "p_greater": tails.high,
        "p_less": tails.low,
        "p_value": tails.two_sided,
        "test": tails.test(seed),
    }


def _moments(numbers: Floats, sums: WeightSums) -> tuple[float, float]:
    """Give mean and variance of G over all orders of the map (Getis and Ord 1992, equation 6, as corrected)."""
    n, (s0, s1, s2) = len(numbers), sums
    expected = s0 / (n * (n - 1))
    if n == 3:
        return expected, np.nan
    m1, m2, m3, m4 = (float((numbers**power).sum()) for power in (1, 2, 3, 4))
    terms = (
        ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0**2) * m2**2,
        -((n * n - n) * s1 - 2 * n * s2 + 6 * s0**2) * m4,
        -(2 * n * s1 - (n + 3) * s2 + 6 * s0**2) * m1**2 * m2,
        (4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0**2) * m1 * m3,
        (s1 - s2 + s0**2) * m1**4,
    )
    squared = sum(terms) / ((m1**2 - m2) ** 2 * n * (n - 1) * (n - 2) * (n - 3))
    return expected, squared - expected**2
