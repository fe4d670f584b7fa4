"""Emerging hot spots: Gi* in space and time, and what became of each unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.results import RegionalResult
from awsd_geo.statistics._cube import bins_tested, empty_bins, take_cube
from awsd_geo.statistics._guard import (
    DESCRIPTIVE_BELOW,
    FEWEST_YEARS,
    by_region,
    check_confidence,
    why_no_neighbourhood,
    why_no_pattern,
)
from awsd_geo.statistics._neighbours import align
from awsd_geo.statistics._patterns import PATTERNS, emerging_pattern, trend_of
from awsd_geo.statistics._series import check_whole
from awsd_geo.statistics._words import one_of_many

if TYPE_CHECKING:
    from awsd_geo.statistics._guard import Frame
    from awsd_geo.statistics._neighbours import Neighbours

WINDOWS = ("cube", "step")
CORRECTIONS = ("benjamini-hochberg", "none")
DESCRIPTIVE_STEPS = 10  # fewer, and 90 % of the steps are all of them, and a trend can hardly be found


@dataclass(frozen=True, slots=True, eq=False)
class EmergingHotSpots(RegionalResult):
    """What became of each unit; ``table`` has one row per unit.

    ``table`` has ``name``, ``kind``, ``incidents``, ``label`` (one of the 17 patterns, or "undefined"),
    ``hot_steps``, ``cold_steps``, ``last`` ("hot", "cold" or "neither"), ``trend`` of the z-scores ("up", "down" or
    "none"), ``mann_kendall_p`` (two-sided, exact to 60 steps) and ``reason`` (where an island is undefined).
    """

    SHOWN: ClassVar[str] = "label"
    bins: pd.DataFrame  # index region_id and year: incidents, value (z), p_value, q_value, state
    window: str  # what a bin is compared with: the whole "cube" of units and years, or the units in its own "step"
    lag: int  # steps before its own that count as neighbours of a bin
    correction: str
    family: int  # number of bins tested together (in each step, for the window "step")
    steps: int
    confidence: float
    descriptive: bool  # fewer than 10 steps or 30 units: shown, never a headline
    reason: str | None  # why it is undefined for every unit, if it is

    def summary(self) -> str:
        """Count the patterns, name their units, and say how far they can be trusted."""
        if self.reason is not None:
            return f"Emerging hot spots are undefined. {self.reason}"
        parts = [
            f"{len(found)} {pattern}{'s' * (len(found) > 1)} ({one_of_many(found)})"
            for pattern in PATTERNS[:-1]
            if len(found := self.table["name"][self.table["label"] == pattern])
        ]
        quiet = int((self.table["label"] == PATTERNS[-1]).sum())
        text = "; ".join([*parts, f"{quiet} of {len(self.table)} units without a pattern"])
        return f"Over {self.steps} years: {text}.{self._weakness()}"

    def _weakness(self) -> str:
        weak = []
        if self.steps < DESCRIPTIVE_STEPS:
            weak.append(f"{self.steps} steps (below {DESCRIPTIVE_STEPS} one more year renames most patterns)")
        if len(self.table) < DESCRIPTIVE_BELOW:
            weak.append(f"{len(self.table)} units (below {DESCRIPTIVE_BELOW} Gi* finds next to nothing)")
        return f" Descriptive only: {' and '.join(weak)}." if weak else ""


def emerging_hot_spots(
    counts: pd.Series,
    neighbours: Any,
    *,
    window: str = "cube",
    lag: int | None = None,
    correction: str = "benjamini-hochberg",
    confidence: float = 0.95,
) -> EmergingHotSpots:
    """Sort units into the 17 patterns of emerging hot spot analysis.

    A bin is a unit in a year. Each gets Gi* [1]_ over its neighbourhood: the unit and its neighbours, in that year
    and in the ``lag`` years before. With the window "cube" it is compared with all bins, so that in a country that
    grows as a whole late bins are hot and early ones cold; with "step" with the units of its own year, so that only
    where incidents are counts. The p of a bin is exact: how often a draw of as many bins from all of them has such a
    sum. (Unlike ``getis_ord``, whose p looks at the neighbours alone, given the bin's own count.) A bin is hot or
    cold where it stands after the correction; a unit's pattern follows from its hot and cold years and from
    Mann-Kendall's test of its z-scores (``emerging_pattern``) [2]_. Neighbouring bins share incidents, so that the
    z-scores of successive years are not independent and the trend test is too sure of itself; a lag makes that
    worse.

    Few steps make the patterns shaky: below 10, "90 % of the steps" is every step, and one more year changes most
    names. Below 30 units Gi* has next to no power. Such results are marked descriptive.

    Parameters
    ----------
    counts : Series of int, shape (n_regions * n_years,)
        Incidents by ``region_id`` and ``year``, every region in every year, zeros written out.
    neighbours : Series or libpysal.graph.Graph
        Adjacency of the same units, as ``awsd_geo.weights.adjacency`` gives it.
    window : {"cube", "step"}, default "cube"
        What a bin is compared with.
    lag : int, optional
        Years before that belong to the neighbourhood; by default 1 for "cube", and 0, as it has to be, for "step".
    correction : {"benjamini-hochberg", "none"}, default "benjamini-hochberg"
        Over all bins of the cube, or of a step.
    confidence : float, default 0.95
        What it leaves is the level of the bins and of the trends.

    Returns
    -------
    EmergingHotSpots
        Undefined, with a ``reason``, for fewer than 3 years and where Gi* is undefined on the whole: fewer than 5
        incidents, the same number everywhere, all in one bin, fewer than three units. A bin that is undefined is
        neither hot nor cold; a unit all of whose bins are, is undefined.

    Raises
    ------
    InputError
        If the counts are not what they should be, a region lacks a year, or the neighbours are of other units.
    RequestError
        If an option is none of those above.

    References
    ----------
    .. [1] Ord, J. K., and Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
       application. Geographical Analysis 27 (4), 286-306.
    .. [2] Esri (2024). How Emerging Hot Spot Analysis works. ArcGIS Pro documentation.
    """
    check_confidence(confidence)
    steps_before = _check_choices(window, lag, correction)
    frame, cube = by_region(counts), take_cube(counts)
    near = align(neighbours, cube.index)
    reason = _why_not(cube)
    bins, family = bins_tested(cube, near, window, steps_before) if reason is None else (empty_bins(cube), 0)
    column = "q_value" if correction == CORRECTIONS[0] else "p_value"
    state = np.where(bins["value"] > 0, "hot", "cold")
    bins["state"] = np.where(bins[column] <= 1 - confidence, state, "neither")
    table = _patterns(frame, bins, near, 1 - confidence)
    return EmergingHotSpots(
        table=table,
        bins=bins,
        window=window,
        lag=steps_before,
        correction=correction,
        family=family,
        steps=cube.shape[1],
        confidence=confidence,
        descriptive=cube.shape[1] < DESCRIPTIVE_STEPS or len(cube) < DESCRIPTIVE_BELOW,
        reason=reason,
    )


def _check_choices(window: str, lag: int | None, correction: str) -> int:
    if window not in WINDOWS:
        raise RequestError(f"window must be one of {', '.join(WINDOWS)}; it is {window!r}.")
    if correction not in CORRECTIONS:
        raise RequestError(f"correction must be one of {', '.join(CORRECTIONS)}; it is {correction!r}.")
    chosen = (window == "cube") * 1 if lag is None else check_whole("lag", lag, 0)
    if window == "step" and chosen:
        raise RequestError("A bin that is compared with its own year can have no neighbours in others: leave lag at 0.")
    return chosen


def _why_not(cube: pd.DataFrame) -> str | None:
    if cube.shape[1] < FEWEST_YEARS:
        return (
            f"Only {cube.shape[1]} year{'s' * (cube.shape[1] > 1)}: a pattern over time needs at least {FEWEST_YEARS}."
        )
    in_all = why_no_pattern(cube.sum(axis=1).to_numpy(dtype=float), whole=True)
    return in_all or why_no_pattern(cube.to_numpy(dtype=float).ravel(), whole=True)


def _patterns(frame: Frame, bins: pd.DataFrame, near: Neighbours, level: float) -> pd.DataFrame:
    rows = [_unit(own, level) for _, own in bins.groupby(level="region_id", sort=False)]
    table = pd.DataFrame({"name": frame.names, "kind": frame.kinds, "incidents": frame.counts})
    table = table.join(pd.DataFrame(rows, index=table.index))
    blank = table["label"] == "undefined"
    table.loc[blank, ["last", "trend"]] = "undefined"
    steps = ["hot_steps", "cold_steps"]
    table[steps] = table[steps].mask(blank)
    why = [why_no_neighbourhood(name, 0, len(table)) for name in table["name"]]
    return table.assign(
        reason=pd.Series(why, index=table.index, dtype=object).where(blank & (near.cardinality == 0), None)
    )


def _unit(own: pd.DataFrame, level: float) -> dict[str, Any]:
    known = own["value"].dropna().to_numpy()
    states = own["state"].tolist()
    direction, p_value = "none", np.nan
    if len(known) >= FEWEST_YEARS:
        s, p_value = trend_of(known)
        if p_value < level:
            direction = "up" if s > 0 else "down"
    return {
        "label": emerging_pattern(states, trend=direction) if len(known) else "undefined",
        "hot_steps": states.count("hot"),
        "cold_steps": states.count("cold"),
        "last": states[-1],
        "trend": direction,
        "mann_kendall_p": p_value,
    }
