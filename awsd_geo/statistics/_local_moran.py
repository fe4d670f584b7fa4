"""Where like lies beside like, and where not: local Moran's I with exact or seeded p-values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from awsd_geo.errors import RequestError
from awsd_geo.results import RegionalResult
from awsd_geo.statistics._guard import DESCRIPTIVE_BELOW, check_confidence, why_no_neighbourhood, why_no_pattern
from awsd_geo.statistics._local_test import (
    cannot_vary,
    check_choices,
    conditional_moments,
    labelled,
    p_of,
    take_map,
    tested,
)
from awsd_geo.statistics._neighbours import Neighbours, align
from awsd_geo.statistics._words import percent

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

CLUSTERS, OUTLIERS = ("high-high", "low-low"), ("high-low", "low-high")
QUADRANTS = ("low-low", "low-high", "high-low", "high-high")
DIVISORS = ("n", "n - 1")
AT_THE_MEAN = "{} lies at the mean of the map: it is neither high nor low."


@dataclass(frozen=True, slots=True, eq=False)
class LocalMoran(RegionalResult):
    """Units beside their like or their unlike; ``table`` has one row per unit.

    ``table`` has ``name``, ``kind``, ``incidents`` (``observed`` if the values are no counts), ``neighbours``
    (number), ``value`` (I of the unit), ``expected``, ``variance`` and ``z`` (over all orders of the others),
    ``p_low`` and ``p_high`` (of neighbours as low, and as high), ``p_value`` (two-sided: twice the smaller, at most
    1), ``q_value``, ``quadrant`` (side of the unit and of its neighbours against the mean of the map), ``label``
    (one of "high-high", "low-low", "high-low", "low-high", "not significant", "undefined") and ``reason``.
    """

    SHOWN: ClassVar[str] = "value"
    correction: ClassVar[str] = "Benjamini-Hochberg"
    test: str  # how p is made, in words
    weights: str  # "row", "binary" or "given"
    divisor: str  # of the variance: "n" (Anselin, spdep) or "n - 1" (esda, GeoDa)
    confidence: float  # what it leaves is the false discovery rate of the labels
    family: int  # number of units tested together
    descriptive: bool  # fewer than 30 units: shown, never a headline
    neighbours: pd.Series  # the adjacency
    reason: str | None  # why it is undefined for every unit, if it is

    def summary(self) -> str:
        """Count the clusters and the outliers and say how they were tested."""
        if self.reason is not None:
            return f"Local Moran's I is undefined. {self.reason}"
        found = self.table["label"].value_counts()
        parts = [f"{int(found.get(label, 0))} {label}" for label in (*CLUSTERS, *OUTLIERS)]
        text = (
            f"Local Moran: {', '.join(parts)} of {self.family} units tested ({p_of(self.test)}, {self.correction} at "
            f"{percent(1 - self.confidence)})"
        )
        if (untested := len(self.table) - self.family) > 0:
            text += f"; {untested} undefined"
        return f"{text}; descriptive only, fewer than {DESCRIPTIVE_BELOW} units." if self.descriptive else f"{text}."

    def second_opinion(self) -> pd.DataFrame:
        """Compare the statistic with esda's, on request (importing esda takes about two seconds).

        Returns
        -------
        DataFrame, shape (n_regions, 3)
            ``value`` (ours, with esda's divisor n - 1), ``esda`` and ``difference``; NaN where ours is undefined.
        """
        from awsd_geo.statistics._esda import local_moran_values

        n = len(self.table)
        ours = self.table[["value"]] * ((n - 1) / n if self.divisor == "n" else 1.0)
        if self.reason is not None:
            return ours.assign(esda=np.nan, difference=np.nan)
        numbers = self.table["incidents" if "incidents" in self.table else "observed"]
        theirs = local_moran_values(numbers, self.neighbours, weights=self.weights).where(ours["value"].notna())
        return ours.assign(esda=theirs, difference=ours["value"] - theirs)


def local_moran(
    values: pd.Series,
    neighbours: Any,
    *,
    weights: str = "row",
    divisor: str = "n",
    method: str = "auto",
    permutations: int = 9999,
    seed: int = 0,
    confidence: float = 0.95,
) -> LocalMoran:
    r"""Find the units whose neighbours are like them, or unlike them, more than chance would have it.

    .. math:: I_i = \frac{z_i}{m} \sum_j w_{ij} z_j, \qquad m = \frac{1}{n} \sum_j z_j^2

    with z the deviation from the mean of the map. Spdep has the divisor n in m, as Anselin has; esda and GeoDa have
    n - 1, whose values are (n - 1) / n of these.

    Null hypothesis: given the unit's own value, the values of the others are in any order, each as likely; so I of a
    unit tests its neighbours' sum. For counts and neighbours of equal weight the law of that sum is exact (a
    generating function, ties included); else the neighbours are drawn at random, or in all ways where these are few.
    Labels come from Benjamini and Hochberg's q over all defined units; the neighbours are called high where they
    are higher than such draws, low where lower. Below 30 units the result is marked descriptive.

    Parameters
    ----------
    values : Series of int or float, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out; or any numbers by unit. Raw
        rates of small populations are noise: smooth them first (``smoothed_rates``).
    neighbours : Series or libpysal.graph.Graph
        Adjacency of the same units, as ``awsd_geo.weights.adjacency`` gives it; weights of 0 or more.
    weights : {"row", "binary", "given"}
        Weights of each unit sum to 1, are 1 each, or are as they stand in ``neighbours``.
    divisor : {"n", "n - 1"}
        Of m.
    method : {"auto", "permutation", "saddlepoint"}
        "auto" is exact where it can be and permutes where not. "saddlepoint" needs no chance and reaches p that
        permutations cannot, for values with few ties; it is within some percent from about 20 units on.
    permutations : int, default 9999
        Number of random draws where they are needed, p = (r + 1) / (permutations + 1).
    seed : int, default 0
        Of the random draws.
    confidence : float, default 0.95
        What it leaves is the false discovery rate of the labels.

    Returns
    -------
    LocalMoran
        Undefined, with a reason, for all units: fewer than 5 incidents, the same number everywhere, all in one
        unit, fewer than three units; for one unit: no neighbour, all others its neighbours, the others all alike, its
        own number exactly the mean.

    Raises
    ------
    InputError
        If the values are not what they should be, or the neighbours are not those of the units.
    RequestError
        If a choice is unknown, ``permutations`` below 1, or ``confidence`` not between 0 and 1.

    References
    ----------
    .. [1] Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27 (2), 93-115,
       equations 7 to 12.
    .. [2] Sokal, R. R., Oden, N. L., and Thomson, B. A. (1998). Local spatial autocorrelation in a biological model.
       Geographical Analysis 30 (4), 331-354 (the moments, given the unit's own value).
    """
    check_confidence(confidence)
    check_choices(method, permutations)
    if divisor not in DIVISORS:
        raise RequestError(f'divisor must be "n" or "n - 1", not {divisor!r}.')
    given = take_map(values)
    near = align(neighbours, given.index).weighted(weights)
    reason = why_no_pattern(given.numbers, whole=given.whole)
    parts = _parts(given.numbers, near, divisor)
    tails = tested(given, near, parts["value"], reason, method=method, permutations=permutations, seed=seed)
    parts |= tails.columns(parts["value"])
    if reason is not None:
        parts |= dict.fromkeys(("expected", "variance", "z"), parts["value"])
    columns = given.columns | {"neighbours": near.cardinality} | parts
    high = given.numbers > given.numbers.mean()
    beside = np.where(high, parts["value"] > 0, parts["value"] < 0)
    columns["quadrant"] = np.where(np.isnan(parts["value"]), "undefined", _words(high, beside))
    words = _words(high, tails.high < tails.low)
    fixed = cannot_vary(given.numbers, near)

    def why(unit: int) -> str:
        if not fixed[unit]:
            return AT_THE_MEAN.format(columns["name"][unit])
        return why_no_neighbourhood(columns["name"][unit], int(near.cardinality[unit]), len(high))

    return LocalMoran(
        table=labelled(given.index, columns, "p_value", words, why, (1 - confidence, reason)),
        test=tails.test,
        weights=weights,
        divisor=divisor,
        confidence=confidence,
        family=int(np.count_nonzero(~np.isnan(columns["p_value"]))),
        descriptive=len(high) < DESCRIPTIVE_BELOW,
        neighbours=near.given,
        reason=reason,
    )


def _parts(numbers: Floats, near: Neighbours, divisor: str) -> dict[str, Floats]:
    """Give the statistic with its moments, NaN where it cannot vary."""
    n, centred = len(numbers), _centred(numbers)
    variance = float(centred @ centred) / (n if divisor == "n" else max(n - 1, 1))
    scale = centred / variance if variance > 0 else np.full(n, np.nan)
    mean, spread = conditional_moments(centred, near)
    fixed = cannot_vary(numbers, near) | (centred == 0)
    value = scale * near.total(near.weight * centred[near.neighbour])
    expected, variances = scale * mean, np.square(scale) * spread
    error = np.sqrt(variances)
    z = np.divide(value - expected, error, out=np.full(n, np.nan), where=error > 0)
    parts = {"value": value, "expected": expected, "variance": variances, "z": z}
    return {name: np.where(fixed, np.nan, column) for name, column in parts.items()}


def _centred(numbers: Floats) -> Floats:
    """Give deviations from the mean; what differs from it by rounding alone is at it."""
    centred = numbers - numbers.mean()
    return np.where(np.abs(centred) <= 1e-12 * np.abs(numbers).max(initial=0.0), 0.0, centred)


def _words(unit: Flags, neighbours: Flags) -> NDArray[np.object_]:
    """Write whether the unit and its neighbours are high."""
    words: NDArray[np.object_] = np.array(QUADRANTS, dtype=object)[2 * unit + neighbours]
    return words
