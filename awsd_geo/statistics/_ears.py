"""EARS C1, C2 and C3: is this period above the mean of the few before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.statistics._alarms import ALARM, QUIET, UNDEFINED, Alarms
from awsd_geo.statistics._guard import why_too_few
from awsd_geo.statistics._series import by_period, check_over, check_whole, why_too_short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LAGS = {"C1": 0, "C2": 2, "C3": 2}  # periods left out between the baseline and the one that is judged
THRESHOLDS = {"C1": 3.0, "C2": 3.0, "C3": 2.0}
SHORTEST = 3  # baseline


def ears(counts: pd.Series, *, method: str = "C2", baseline: int = 7, threshold: float | None = None) -> Alarms:
    """Find periods that stand above a short baseline, by the Early Aberration Reporting System [1]_.

    C1 is the count less the mean of the ``baseline`` periods just before it, over their standard deviation (divisor
    n - 1); C2 leaves out the two periods before, so that a slow rise does not raise its own baseline; C3 sums what
    C2 exceeds 1 by in the period and the two before it (nothing where it does not). An alarm is C1 or C2 over 3, C3
    over 2. The thresholds come from the normal distribution and are too low for small counts: with means below
    about 5 many alarms are false.

    Parameters
    ----------
    counts : Series of int, shape (n_periods,) or (n_regions * n_periods,)
        Incidents by day, week or month: a PeriodIndex or consecutive whole numbers, zeros written out.
    method : {"C1", "C2", "C3"}, default "C2"
        See above.
    baseline : int, default 7
        Periods, at least 3.
    threshold : float, optional
        By default 3 for C1 and C2 and 2 for C3.

    Returns
    -------
    Alarms
        ``statistic`` is C1, C2 or C3; ``threshold`` the count above which it is an alarm (for C3 the count that
        would bring the sum over the threshold, 0 where it is over already). Undefined, with a reason, where a
        baseline is constant, and for all where the series is too short or holds fewer than 5 incidents.

    Raises
    ------
    InputError
        If the counts are not what they should be.
    RequestError
        If an option is not one of those above.

    References
    ----------
    .. [1] Hutwagner, L., Thompson, W., Seeman, G. M., and Treadwell, T. (2003). The bioterrorism preparedness and
       response Early Aberration Reporting System (EARS). Journal of Urban Health 80 (Supplement 1), i89-i96.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import ears
    >>> found = ears(pd.Series([2, 3, 1, 2, 4, 2, 3, 9]), method="C1")
    >>> round(float(found.table["statistic"].iloc[-1]), 2), found.table["label"].iloc[-1]
    (6.73, 'alarm')
    """
    if method not in LAGS:
        raise RequestError(f"method must be one of {', '.join(LAGS)}; it is {method!r}.")
    length = check_whole("baseline", baseline, SHORTEST)
    limit = THRESHOLDS[method] if threshold is None else check_over("threshold", threshold, 0)
    series = by_period(counts)
    lag = LAGS[method]
    needed = length + lag + 1 + 2 * (method == "C3")
    reason = why_too_short(len(series), needed) or why_too_few(int(series.sum()))
    values = series.to_numpy(dtype=float)
    mean, deviation = _baselines(values, length, lag)
    z = np.divide(values - mean, deviation, out=np.full(len(values), np.nan), where=deviation > 0)
    statistic, count = z, mean + limit * deviation
    if method == "C3":
        over = np.maximum(z - 1, 0.0)  # NaN stays
        before = _before(over, 1) + _before(over, 2)
        statistic, count = over + before, np.where(before > limit, 0.0, mean + deviation * (limit - before + 1))
    table = pd.DataFrame({"incidents": series, "expected": mean, "threshold": count, "statistic": statistic})
    known = np.isfinite(statistic) & (reason is None)
    table.loc[~known, ["expected", "threshold", "statistic"]] = np.nan
    table["label"] = np.where(known, np.where(statistic > limit, ALARM, QUIET), UNDEFINED)
    table["reason"] = pd.Series(_why(known, needed), index=table.index, dtype=object)
    name = f"EARS {method}"
    return Alarms(table, method=name, parameters={"baseline": length, "threshold": limit}, reason=reason)


def _baselines(values: Floats, length: int, lag: int) -> tuple[Floats, Floats]:
    """Give the mean and standard deviation of the baseline of each period, NaN where there is none."""
    mean, deviation = np.full(len(values), np.nan), np.full(len(values), np.nan)
    first = length + lag
    if len(values) > first:
        windows = np.lib.stride_tricks.sliding_window_view(values, length)[: len(values) - first]
        mean[first:], deviation[first:] = windows.mean(axis=1), windows.std(axis=1, ddof=1)
        deviation[first:][np.ptp(windows, axis=1) == 0] = 0.0
    return mean, deviation


def _before(values: Floats, steps: int) -> Floats:
    return np.concatenate([np.full(min(steps, len(values)), np.nan), values[:-steps]])


def _why(known: NDArray[np.bool_], needed: int) -> list[str | None]:
    early = "Too early: the baseline is not complete."
    flat = "The baseline is constant: how far a count departs from it cannot be measured."
    return [None if is_known else early if place < needed - 1 else flat for place, is_known in enumerate(known)]
