"""Scores of how incidents lie over the regions, one whole number per region, and chances of none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]


def same_region(x: Whole, total: int, before: int, later: int) -> Whole:
    """Give the part of a region in the change of Simpson's index, as a whole number for each later count."""
    kind = object if before + later > 40_000 else np.int64  # the fourth power of the total has to fit
    after, earlier = x.astype(kind), (total - x).astype(kind)
    score: Whole = after * (after - 1) * (before * (before - 1)) - earlier * (earlier - 1) * (later * (later - 1))
    return score


def reached(x: Whole, total: int) -> Whole:
    """Say whether a region is hit later (1) less whether it was hit before (1)."""
    return (x > 0).astype(np.int64) - (x < total)


def log_chance_of_none(totals: Whole, n: int, drawn: int) -> NDArray[np.float64]:
    """Give the log of the chance that none of a region's incidents is among those drawn."""
    rest = n - totals
    possible = rest >= drawn
    log = gammaln(rest + 1.0) - gammaln(np.maximum(rest - drawn, 0) + 1.0) - gammaln(n + 1.0) + gammaln(n - drawn + 1.0)
    return np.where(possible, log, -np.inf)


def smallest_new(totals: tuple[int, int], level: float) -> float:
    """Give the smallest number, all of it later, whose gain is found at this level; NaN if there is none."""
    before, later = totals
    number = np.arange(1, later + 1)
    enough = np.flatnonzero(log_chance_of_none(number, before + later, before) <= np.log(level))
    return float(number[enough[0]]) if len(enough) else np.nan
