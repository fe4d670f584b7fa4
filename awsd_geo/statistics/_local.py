"""Where neighbourhoods hold more or less than the map: Getis and Ord's Gi and Gi* with exact p-values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError
from awsd_geo.results import RegionalResult
from awsd_geo.statistics._guard import DESCRIPTIVE_BELOW, check_confidence, why_no_neighbourhood, why_no_pattern
from awsd_geo.statistics._local_test import (
    all_are_neighbours,
    check_choices,
    labelled,
    others_alike,
    p_of,
    take_map,
    tested,
)
from awsd_geo.statistics._neighbours import Neighbours, align
from awsd_geo.statistics._words import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

LABELS = ("hot", "cold", "not significant", "undefined")


@dataclass(frozen=True, slots=True, eq=False)
class LocalStatistic(RegionalResult):
    """Neighbourhoods that hold more (hot) or less (cold) than the map; ``table`` has one row per unit.

    ``table`` has ``name``, ``kind``, ``incidents`` (``observed`` if the values are no counts), ``neighbours``
    (number), ``value`` (standardised statistic), ``p_low`` and ``p_high`` (one-sided), ``p_value`` (two-sided: twice
    the smaller, at most 1), ``q_value`` (corrected), ``label`` (one of "hot", "cold", "not significant", "undefined")
    and ``reason`` (where undefined).
    """

    SHOWN: ClassVar[str] = "value"
    correction: ClassVar[str] = "Benjamini-Hochberg"
    test: str  # how p is made, in words
    star: bool  # Gi*, the unit itself counted
    confidence: float  # what it leaves is the false discovery rate of the labels
    family: int  # number of units tested together
    descriptive: bool  # fewer than 30 units: shown, never a headline
    neighbours: pd.Series  # the adjacency
    reason: str | None  # why it is undefined for every unit, if it is

    def summary(self) -> str:
        """Count the hot and cold spots and say how they were tested."""
        name = "Gi*" if self.star else "Gi"
        if self.reason is not None:
            return f"{name} is undefined. {self.reason}"
        hot, cold = (int((self.table["label"] == label).sum()) for label in LABELS[:2])
        text = (
            f"{name}: {hot} hot and {cold} cold of {self.family} units tested ({p_of(self.test)}, "
            f"{self.correction} at {percent(1 - self.confidence)})"
        )
        if (untested := len(self.table) - self.family) > 0:
            text += f"; {untested} undefined"
        return f"{text}; descriptive only, fewer than {DESCRIPTIVE_BELOW} units." if self.descriptive else f"{text}."

    def second_opinion(self) -> pd.DataFrame:
        """Compare the statistic with esda's, on request (importing esda takes about two seconds).

        Returns
        -------
        DataFrame, shape (n_regions, 3)
            ``value`` (ours), ``esda`` and ``difference``; NaN where ours is undefined.
        """
        from awsd_geo.statistics._esda import getis_ord_values as esda_values

        ours = self.table[["value"]]
        if self.reason is not None:
            return ours.assign(esda=np.nan, difference=np.nan)
        theirs = esda_values(self.table["incidents"], self.neighbours, star=self.star).where(ours["value"].notna())
        return ours.assign(esda=theirs, difference=ours["value"] - theirs)


def getis_ord_values(values: pd.Series, neighbours: Any, *, star: bool = True) -> pd.Series:
    r"""Give the standardised Gi* (or Gi) of Ord and Getis, for any numbers and weights of 0 or more.

    .. math:: G_i^* = \frac{\sum_j w_{ij} x_j - \bar{x} W_i}{s \sqrt{(n S_i - W_i^2) / (n - 1)}}

    with W the sum of the weights in the neighbourhood and S that of their squares, the unit itself counted, and mean
    and standard deviation (divisor n) of the whole map. Gi leaves the unit out everywhere, also of n, mean and
    deviation. The unit's own weight is the largest of its neighbours' (1 if they are binary). The value does not
    change if the weights of a unit are multiplied by a number.

    Parameters
    ----------
    values : Series of float, shape (n,)
        The map by unit; not missing.
    neighbours : Series or libpysal.graph.Graph
        Adjacency of the same units, as ``awsd_geo.weights.adjacency`` gives it.
    star : bool, default True
        Gi* instead of Gi.

    Returns
    -------
    Series of float, shape (n,)
        Named ``value``; NaN for an island, where all others are neighbours of equal weight, and where the values are
        all the same.

    Raises
    ------
    InputError
        If a value is missing or the neighbours are not those of the units.

    References
    ----------
    .. [1] Ord, J. K., and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
       application. Geographical Analysis 27 (4), 286-306, equations 5 and 8.
    """
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    if not np.isfinite(numbers).all():
        raise InputError(f"The values are missing at {values.index[~np.isfinite(numbers)][0]!r}. Drop it or fill it.")
    near = align(neighbours, values.index)
    return pd.Series(_standardised(numbers, near, star=star), index=values.index, name="value")


def _standardised(numbers: NDArray[np.float64], near: Neighbours, *, star: bool) -> NDArray[np.float64]:
    n = len(numbers) - (not star)
    if n < 2:
        return np.full(len(numbers), np.nan)
    centred = numbers - numbers.mean()  # the statistic does not change, and squares lose fewer digits
    total, squares = near.total(near.weight), near.total(np.square(near.weight))
    lag = near.total(near.weight * centred[near.neighbour])
    own = 0.0 if star else centred
    if star:
        itself = np.zeros(len(numbers))
        np.maximum.at(itself, near.focal, near.weight)
        total, squares, lag = total + itself, squares + np.square(itself), lag + itself * centred
    mean = (centred.sum() - own) / n
    spread = np.maximum((centred @ centred - np.square(own)) / n - np.square(mean), 0.0)
    error = np.sqrt(spread * np.maximum(n * squares - np.square(total), 0.0) / (n - 1))
    alike = np.full(len(numbers), np.ptp(numbers) == 0) if star else others_alike(numbers)
    flat = alike | (all_are_neighbours(near) | (near.cardinality == 0))
    values: NDArray[np.float64] = np.divide(lag - mean * total, error, out=np.full(len(numbers), np.nan), where=~flat)
    return values


def getis_ord(
    counts: pd.Series,
    neighbours: Any,
    *,
    star: bool = True,
    method: str = "auto",
    permutations: int = 9999,
    seed: int = 0,
    confidence: float = 0.95,
) -> LocalStatistic:
    """Find the units whose neighbourhood holds more, or less, than the map would put there by chance.

    Null hypothesis: given the unit's own value, the values of the others are in any order, each as likely. For
    counts and neighbours of equal weight the law of the neighbour sum is exact (a generating function over the
    counts, ties included; no permutations, no seed); else the neighbours are drawn at random, or in all ways where
    these are few. The two-sided p is twice the smaller tail, at most 1. Labels come from Benjamini and Hochberg's q
    over all defined units. Below 30 units power is next to nothing and the result is marked descriptive.

    Parameters
    ----------
    counts : Series of int or float, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out; or any numbers by unit. Raw
        rates of small populations are noise: smooth them first (``smoothed_rates``).
    neighbours : Series or libpysal.graph.Graph
        Adjacency of the same units, as ``awsd_geo.weights.adjacency`` gives it; weights of 0 or more.
    star : bool, default True
        Gi*, whose value counts the unit itself. The p is that of the neighbours in either case.
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
    LocalStatistic
        Undefined, with a reason, for all units: fewer than 5 incidents, the same number everywhere, all in one
        unit, fewer than three units; for one unit: no neighbour, all others its neighbours, the others all alike.

    Raises
    ------
    InputError
        If the values are not what they should be, or the neighbours are not those of the units.
    RequestError
        If ``method`` is unknown, ``permutations`` below 1, or ``confidence`` not between 0 and 1.

    References
    ----------
    .. [1] Getis, A., and Ord, J. K. (1992). The analysis of spatial association by use of distance statistics.
       Geographical Analysis 24 (3), 189-206.
    .. [2] Ord, J. K., and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
       application. Geographical Analysis 27 (4), 286-306.
    """
    check_confidence(confidence)
    check_choices(method, permutations)
    given = take_map(counts)
    near = align(neighbours, given.index)
    reason = why_no_pattern(given.numbers, whole=given.whole)
    value = _standardised(given.numbers, near, star=star)
    tails = tested(given, near, value, reason, method=method, permutations=permutations, seed=seed)
    columns = given.columns | {"neighbours": near.cardinality} | tails.columns(value)
    words = np.array(["cold", "hot"], dtype=object)[(tails.high < tails.low).astype(int)]

    def why(unit: int) -> str:
        return why_no_neighbourhood(columns["name"][unit], int(near.cardinality[unit]), len(value))

    return LocalStatistic(
        table=labelled(given.index, columns, "p_value", words, why, (1 - confidence, reason)),
        test=tails.test,
        star=star,
        confidence=confidence,
        family=int(np.count_nonzero(~np.isnan(columns["p_value"]))),
        descriptive=len(value) < DESCRIPTIVE_BELOW,
        neighbours=near.given,
        reason=reason,
    )
