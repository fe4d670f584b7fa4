"""How surprising each count is if every unit had the rate of the whole: probability map, Choynowski's, and SMR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from scipy.special import gammainc, pdtr

from awsd_geo.results import RegionalResult
from awsd_geo.statistics._guard import by_region, check_confidence, check_exposure, why_too_few
from awsd_geo.statistics._multiple import benjamini_hochberg
from awsd_geo.statistics._rates import rates
from awsd_geo.statistics._words import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ProbabilityMap(RegionalResult):
    """Counts against what the rate of the whole would give; ``table`` has one row per unit.

    ``table`` has ``name``, ``kind``, ``incidents``, ``exposure``, ``expected``, ``ratio`` (SMR, incidents per
    expected) with its exact interval ``low`` and ``high``, ``p_low`` (as few or fewer: spdep's ``pmap``), ``p_high``
    (as many or more), ``choynowski`` (``p_low`` below what is expected, else ``p_high``), ``p_value`` (twice the
    smaller, at most 1), ``q_value``, ``label`` ("high", "low", "not significant", "undefined") and ``reason``.
    """

    SHOWN: ClassVar[str] = "choynowski"
    test: ClassVar[str] = "exact Poisson"
    correction: ClassVar[str] = "Benjamini-Hochberg"
    rate: float  # of the whole, per unit of the exposure
    confidence: float  # of the intervals; what it leaves is the false discovery rate of the labels
    family: int  # number of units tested together
    reason: str | None  # why it is undefined for every unit, if it is

    def summary(self) -> str:
        """Count the units with more and with fewer than expected."""
        if self.reason is not None:
            return f"The probability map is undefined. {self.reason}"
        high, low = (int((self.table["label"] == label).sum()) for label in ("high", "low"))
        return (
            f"{high} of {self.family} units have more incidents, {low} fewer, than the rate of the whole would give "
            f"them ({self.test}, {self.correction} at {percent(1 - self.confidence)})."
        )


def probability_map(counts: pd.Series, exposure: pd.Series, *, confidence: float = 0.95) -> ProbabilityMap:
    """Give the Poisson chance of each count if every unit had the rate of the whole.

    A map of these shows surprise, not risk: a large unit can surprise with a rate hardly above the whole's. The rate
    of the whole includes the unit itself, which makes p a little too large for a unit that is much of the whole.
    Incidents that come in groups make p too small.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,) or (n_regions * n_years,)
        Incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out.
    exposure : Series of float, shape (n_regions,)
        Denominator by ``region_id``, such as residents, or incidents expected by age or other strata.
    confidence : float, default 0.95
        Of the intervals; what it leaves is the false discovery rate of the labels.

    Returns
    -------
    ProbabilityMap
        Undefined, with a reason, for all units: fewer than 5 incidents, fewer than two units with an exposure; for one
        unit: its exposure missing or 0.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.
    RequestError
        If ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Choynowski, M. (1959). Maps based on probabilities. Journal of the American Statistical Association 54
       (286), 385-388.
    .. [2] Bailey, T. C., and Gatrell, A. C. (1995). Interactive Spatial Data Analysis. Harlow: Longman, section 8.3.
    """
    check_confidence(confidence)
    frame = by_region(counts)
    per = check_exposure(exposure, frame.counts.index)
    per[~(per > 0)] = np.nan
    known = ~np.isnan(per)
    number = frame.counts.to_numpy(dtype=float)
    reason = why_too_few(int(number[known].sum()))
    if reason is None and known.sum() < 2:
        reason = "Fewer than two units have an exposure: there is nothing to compare."
    table = pd.DataFrame({"name": frame.names, "kind": frame.kinds, "incidents": frame.counts, "exposure": per})
    rate = float(number[known].sum() / per[known].sum()) if reason is None else np.nan
    expected = rate * per
    ratios = rates(frame.counts, pd.Series(expected, index=table.index), confidence=confidence)
    table = table.assign(expected=expected, ratio=ratios["rate"], low=ratios["low"], high=ratios["high"])
    table = _tested(table, number, 1 - confidence)
    why = np.full(len(table), reason, dtype=object)
    if reason is None:
        why[~known] = [f"No exposure is known for {name}: it has no rate." for name in frame.names[~known]]
    return ProbabilityMap(
        table=table.assign(reason=pd.Series(why, index=table.index, dtype=object)),
        rate=rate,
        confidence=confidence,
        family=int(table["p_value"].notna().sum()),
        reason=reason,
    )


def _tested(table: pd.DataFrame, number: Floats, level: float) -> pd.DataFrame:
    expected = table["expected"].to_numpy()
    p_low, p_high = poisson_tails(number, expected)
    p_value = np.minimum(2 * np.minimum(p_low, p_high), 1.0)
    table = table.assign(p_low=p_low, p_high=p_high, choynowski=np.where(number < expected, p_low, p_high))
    table = table.assign(p_value=p_value)
    table["q_value"] = benjamini_hochberg(table["p_value"])
    words = np.where(number > expected, "high", "low")
    label = np.where(table["q_value"].to_numpy() <= level, words, "not significant")
    return table.assign(label=np.where(np.isnan(p_value), "undefined", label))


def poisson_tails(number: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Give P(X <= number) and P(X >= number) of Poisson counts; NaN where the mean is."""
    low = pdtr(number, mean)
    high = np.where(number > 0, gammainc(np.maximum(number, 1), mean), np.where(np.isnan(mean), np.nan, 1.0))
    return low, high
