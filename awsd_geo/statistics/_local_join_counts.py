"""Where units with an incident lie beside others with one: local join counts with their exact law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from awsd_geo.errors import RequestError
from awsd_geo.results import RegionalResult
from awsd_geo.statistics._guard import DESCRIPTIVE_BELOW, by_region, check_confidence, why_no_neighbourhood, why_too_few
from awsd_geo.statistics._local_test import all_are_neighbours, labelled
from awsd_geo.statistics._neighbours import align
from awsd_geo.statistics._subset_sums import neighbour_sum_tails
from awsd_geo.statistics._words import percent

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]

NOT_HIT = "{} has no such incident itself: only units with one are tested."


@dataclass(frozen=True, slots=True, eq=False)
class LocalJoinCounts(RegionalResult):
    """Units with an incident beside others with one; ``table`` has one row per unit.

    ``table`` has ``name``, ``kind``, ``present`` (bool), ``neighbours`` (number), ``value`` (neighbours with one, 0
    for a unit without), ``expected`` (given the number of units with one), ``p_value`` (one-sided: as many or more),
    ``q_value``, ``label`` (one of "high-high", "not significant", "undefined") and ``reason`` (where undefined).
    """

    SHOWN: ClassVar[str] = "value"
    test: ClassVar[str] = "exact hypergeometric"
    correction: ClassVar[str] = "Benjamini-Hochberg"
    confidence: float  # what it leaves is the false discovery rate of the labels
    family: int  # number of units tested together
    descriptive: bool  # fewer than 30 units: shown, never a headline
    reason: str | None  # why it is undefined for every unit, if it is

    def summary(self) -> str:
        """Count the clusters and say how they were tested."""
        if self.reason is not None:
            return f"Local join counts are undefined. {self.reason}"
        found = int((self.table["label"] == "high-high").sum())
        text = (
            f"Local join counts: {found} of {self.family} units tested lie among more units with incidents than chance "
            f"would have it (exact p, {self.correction} at {percent(1 - self.confidence)})"
        )
        return f"{text}; descriptive only, fewer than {DESCRIPTIVE_BELOW} units." if self.descriptive else f"{text}."


def local_join_counts(
    counts: pd.Series, neighbours: Any, *, at_least: int = 1, confidence: float = 0.95
) -> LocalJoinCounts:
    """Find the units with an incident that have more neighbours with one than chance would have it.

    Null hypothesis: given that the unit has one, and how many of all units have, those others lie anywhere, each
    choice as likely; the number among its k neighbours is hypergeometric, and p is its upper tail.

    Parameters
    ----------
    counts : Series of int or bool, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``; or by ``region_id`` whether there is one.
    neighbours : Series or libpysal.graph.Graph
        Adjacency of the same units, as ``awsd_geo.weights.adjacency`` gives it; every weight over 0 counts as 1.
    at_least : int, default 1
        Incidents from which on a unit counts as one that has them.
    confidence : float, default 0.95
        What it leaves is the false discovery rate of the labels.

    Returns
    -------
    LocalJoinCounts
        Undefined, with a reason, for all units: fewer than three, fewer than 5 incidents, none or all or only one of
        the units with incidents; for one unit: none itself, no neighbour, all others its neighbours.

    Raises
    ------
    InputError
        If the counts are not what they should be, or the neighbours are not those of the units.
    RequestError
        If ``at_least`` is below 1 or ``confidence`` not between 0 and 1.

    References
    ----------
    .. [1] Anselin, L., and Li, X. (2019). Operational local join count statistics for cluster detection. Journal of
       Geographical Systems 21 (2), 189-210.
    """
    check_confidence(confidence)
    if at_least < 1:
        raise RequestError(f"at_least must be 1 or more, for it marks the units with incidents; it is {at_least}.")
    flags = counts.dtype == bool
    frame = by_region(counts.astype("int64") if flags else counts)
    present = frame.counts.to_numpy() >= at_least
    near = align(neighbours, frame.counts.index).weighted("binary")
    reason = (None if flags else why_too_few(frame.n)) or _why_no_joins(present, at_least)
    joins = near.total(present[near.neighbour].astype(float)).astype(np.int64)
    fixed = ~present | (near.cardinality == 0) | all_are_neighbours(near)
    p_value = np.full(len(present), np.nan)
    if reason is None and (law := neighbour_sum_tails(present.astype(np.int64), near.cardinality, joins)) is not None:
        p_value = np.where(fixed, np.nan, law[1])
    value = np.where((near.cardinality == 0) | (reason is not None), np.nan, np.where(present, joins, 0.0))
    share = (present.sum() - 1) / max(len(present) - 1, 1)
    columns = {"name": frame.names.to_numpy(), "kind": frame.kinds.to_numpy(), "present": present}
    columns |= {"neighbours": near.cardinality, "value": value, "p_value": p_value}
    columns["expected"] = np.where(np.isnan(p_value), np.nan, share * near.cardinality)

    def why(unit: int) -> str:
        if not present[unit]:
            return NOT_HIT.format(columns["name"][unit])
        return why_no_neighbourhood(columns["name"][unit], int(near.cardinality[unit]), len(present))

    words = np.full(len(present), "high-high", dtype=object)
    return LocalJoinCounts(
        table=labelled(frame.counts.index, columns, "p_value", words, why, (1 - confidence, reason)),
        confidence=confidence,
        family=int(np.count_nonzero(~np.isnan(p_value))),
        descriptive=len(present) < DESCRIPTIVE_BELOW,
        reason=reason,
    )


def _why_no_joins(present: Flags, at_least: int) -> str | None:
    units, hit = len(present), int(present.sum())
    enough = "an incident" if at_least == 1 else f"{at_least} incidents or more"
    if units < 3:
        return f"Only {units} region{'s' * (units > 1)}: neighbours need at least three."
    if hit < 2:
        return f"{'One region has' if hit else 'No region has'} {enough}: there is no pair to join."
    if hit == units:
        return f"Every region has {enough}: there is no pattern to compare with."
    return None
