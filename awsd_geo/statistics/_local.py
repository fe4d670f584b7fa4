"""Where neighbourhoods hold more or less than the map: Getis and Ord's Gi and Gi* with exact p-values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError
from awsd_geo.results import RegionalResult
from awsd_geo.statistics._guard import (
    DESCRIPTIVE_BELOW,
    by_region,
    check_confidence,
    why_no_neighbourhood,
    why_no_pattern,
)
from awsd_geo.statistics._multiple import benjamini_hochberg
from awsd_geo.statistics._neighbours import Neighbours, align
from awsd_geo.statistics._subset_sums import neighbour_sum_tails
from awsd_geo.statistics._words import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

LABELS = ("hot", "cold", "not significant", "undefined")


@dataclass(frozen=True, slots=True, eq=False)
class LocalStatistic(RegionalResult):
    """Neighbourhoods that hold more (hot) or less (cold) than the map; ``table`` has one row per unit.

    ``table`` has ``name``, ``kind``, ``incidents``, ``neighbours`` (number), ``value`` (standardised statistic),
    ``p_low`` and ``p_high`` (exact one-sided), ``p_value`` (two-sided: twice the smaller, at most 1), ``q_value``
    (corrected), ``label`` (one of "hot", "cold", "not significant", "undefined") and ``reason`` (where undefined).
    """

    SHOWN: ClassVar[str] = "value"
    test: ClassVar[str] = "exact conditional permutation"
    correction: ClassVar[str] = "Benjamini-Hochberg"
    star: bool  # Gi*, the unit itself counted
    confidence: float  # what it leaves is the false discovery rate of the labels
    family: int  # number of units tested together
    descriptive: bool  # fewer than 30 units: shown, never a headline
    neighbours: pd.Series  # the adjacency, in the order of the table
    reason: str | None  # why it is undefined for every unit, if it is

    def summary(self) -> str:
        """Count the hot and cold spots and say how they were tested."""
        name = "Gi*" if self.star else "Gi"
        if self.reason is not None:
            return f"{name} is undefined. {self.reason}"
        hot, cold = (int((self.table["label"] == label).sum()) for label in LABELS[:2])
        text = (
            f"{name}: {hot} hot and {cold} cold of {self.family} units tested (exact p, {self.correction} at "
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
            ``value`` (ours), ``esda`` and ``difference``; NaN where ours is undefined.
        """
        from awsd_geo.statistics._esda import getis_ord_values as esda_values

        ours = self.table[["value"]]
        if self.reason is not None:
            return ours.assign(esda=np.nan, difference=np.nan)
        theirs = esda_values(self.table["incidents"], self.neighbours, star=self.star).where(ours["value"].notna())
        return ours.assign(esda=theirs, difference=ours["value"] - theirs)


def getis_ord_values(values: pd.Series, neighbours: Any, *, star: bool = True) -> pd.Series:
    r"""Give the standardised Gi* (or Gi) of Ord and Getis with binary weights, for any numbers.

    .. math:: G_i^* = \frac{\sum_j w_{ij} x_j - \bar{x} k}{s \sqrt{(n k - k^2) / (n - 1)}}

    with k units in the neighbourhood, the unit itself counted, and mean and standard deviation (divisor n) of the
    whole map. Gi leaves the unit out everywhere: k neighbours of n - 1 units.

    Parameters
    ----------
    values : Series of float, shape (n,)
        The map by unit; not missing.
    neighbours : Series or libpysal.graph.Graph
        Adjacency of the same units, as ``awsd_geo.weights.adjacency`` gives it, equal weights.
    star : bool, default True
        Gi* instead of Gi.

    Returns
    -------
    Series of float, shape (n,)
        Named ``value``; NaN for an island, where all others are neighbours, and where the values are all the same.

    Raises
    ------
    InputError
        If a value is missing or the neighbours are not those of the units.
    RequestError
        If the neighbours of a unit have unequal weights.

    References
    ----------
    .. [1] Ord, J. K., and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
       application. Geographical Analysis 27 (4), 286-306, equations 5 and 8.
    """
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    if not np.isfinite(numbers).all():
        raise InputError(f"The values are missing at {values.index[~np.isfinite(numbers)][0]!r}. Drop it or fill it.")
    near = align(neighbours, values.index)
    near.check_equal()
    return pd.Series(_standardised(numbers, near, star=star), index=values.index, name="value")


def _standardised(numbers: NDArray[np.float64], near: Neighbours, *, star: bool) -> NDArray[np.float64]:
    size, n = near.cardinality + star, len(numbers) - (not star)
    if n < 2:
        return np.full(len(numbers), np.nan)
    centred = numbers - numbers.mean()  # the statistic does not change, and squares lose fewer digits
    own = 0.0 if star else centred
    mean = (centred.sum() - own) / n
    spread = np.maximum((centred @ centred - np.square(own)) / n - np.square(mean), 0.0)
    excess = near.total(centred[near.neighbour]) + (centred if star else 0.0) - mean * size
    error = np.sqrt(spread * (n * size - size**2) / (n - 1))
    flat = (near.cardinality == 0) | (size == n) | _alike(numbers, star=star)
    values: NDArray[np.float64] = np.divide(excess, error, out=np.full(len(numbers), np.nan), where=~flat)
    return values


def _alike(numbers: NDArray[np.float64], *, star: bool) -> NDArray[np.bool_]:
    """Say where all units, or for Gi all others, have the same number."""
    distinct, group, repeats = np.unique(numbers, return_inverse=True, return_counts=True)
    alike: NDArray[np.bool_] = len(distinct) - (repeats[group] == 1) * (not star) <= 1
    return alike


def getis_ord(counts: pd.Series, neighbours: Any, *, star: bool = True, confidence: float = 0.95) -> LocalStatistic:
    """Find the units whose neighbourhood holds more, or less, than the map would put there by chance.

    Null hypothesis: given the unit's own count, the counts of the others are in any order, each as likely. The law
    of the neighbour sum is then exact (a generating function over the counts, ties included; no permutations, no
    seed). The two-sided p is twice the smaller tail, at most 1. Labels come from Benjamini and Hochberg's q over
    all defined units. Below 30 units power is next to nothing and the result is marked descriptive.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out. Not rates: rates of small
        populations are noise.
    neighbours : Series or libpysal.graph.Graph
        Adjacency of the same units, as ``awsd_geo.weights.adjacency`` gives it, equal weights.
    star : bool, default True
        Gi*, whose value counts the unit itself. The p is that of the neighbours in either case.
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
        If the counts are not what they should be, or the neighbours are not those of the units.
    RequestError
        If the neighbours of a unit have unequal weights, or ``confidence`` is not between 0 and 1.

    References
    ----------
    .. [1] Getis, A., and Ord, J. K. (1992). The analysis of spatial association by use of distance statistics.
       Geographical Analysis 24 (3), 189-206.
    .. [2] Ord, J. K., and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
       application. Geographical Analysis 27 (4), 286-306.
    """
    check_confidence(confidence)
    frame = by_region(counts)
    near = align(neighbours, frame.counts.index)
    near.check_equal()
    numbers = frame.counts.to_numpy()
    reason = why_no_pattern(numbers.astype(float), whole=True)
    table = pd.DataFrame({"name": frame.names, "kind": frame.kinds, "incidents": frame.counts})
    table["neighbours"] = near.cardinality
    tested = _tested(numbers, near, frame.names, star=star, confidence=confidence, reason=reason)
    return LocalStatistic(
        table=table.join(tested),
        star=star,
        confidence=confidence,
        family=int(tested["p_value"].notna().sum()),
        descriptive=len(table) < DESCRIPTIVE_BELOW,
        neighbours=near.adjacency(),
        reason=reason,
    )


def _tested(
    counts: NDArray[np.int64], near: Neighbours, names: pd.Series, *, star: bool, confidence: float, reason: str | None
) -> pd.DataFrame:
    columns = ["value", "p_low", "p_high", "p_value", "q_value"]
    if reason is not None:
        return pd.DataFrame(np.nan, index=names.index, columns=columns).assign(label="undefined", reason=reason)
    values = _standardised(counts.astype(float), near, star=star)
    sums = near.total(counts[near.neighbour].astype(float)).astype(np.int64)
    low, high = (np.where(np.isnan(values), np.nan, p) for p in neighbour_sum_tails(counts, near.cardinality, sums))
    p_value = np.minimum(2 * np.minimum(low, high), 1.0)
    table = pd.DataFrame({"value": values, "p_low": low, "p_high": high, "p_value": p_value}, index=names.index)
    table["q_value"] = benjamini_hochberg(table["p_value"])
    found = table["q_value"] <= 1 - confidence
    direction = np.where(table["p_high"] < table["p_low"], "hot", "cold")
    label = np.where(found, direction, "not significant")
    why = [why_no_neighbourhood(name, size, len(names)) for name, size in zip(names, near.cardinality, strict=True)]
    table["label"] = np.where(np.isnan(values), "undefined", label)
    table["reason"] = pd.Series(why, index=names.index, dtype=object).where(np.isnan(values), None)
    return table
