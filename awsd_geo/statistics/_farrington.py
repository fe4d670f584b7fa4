"""Farrington's method in its flexible form: is this week above what the same season of past years predicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import betainc, gammainc, gammaincc

from awsd_geo.errors import RequestError
from awsd_geo.statistics._alarms import ALARM, QUIET, UNDEFINED, Alarms
from awsd_geo.statistics._guard import why_too_few
from awsd_geo.statistics._quasi_poisson import fit_reweighted
from awsd_geo.statistics._series import by_period, check_over, check_whole, why_too_short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

REWEIGHTED_OVER = 2.58  # Anscombe residual
FEWEST, RECENT = 5, 4  # a period is judged where the last four hold five incidents
FEWEST_YEARS = 3  # for a time trend
SEASONS = {"M": 12, "W": 52, "D": 365, "Q": 4}


def farrington_flexible(
    counts: pd.Series,
    *,
    frequency: int | None = None,
    years: int = 5,
    window: int | None = None,
    blocks: int | None = None,
    skipped: int | None = None,
    alpha: float = 0.005,
) -> Alarms:
    """Find periods above what the same season of the past years predicts, by Farrington's flexible method.

    For each period a quasi-Poisson regression with a log link is fitted to the past ``years`` [1]_ [2]_: a linear
    time trend and a factor of the season, whose base level is the period's own season (``window`` periods to either
    side of the same one in each year), the rest of the year being cut into ``blocks`` - 1 equal parts. The last
    ``skipped`` periods are left out, so that a beginning rise does not raise its own baseline. Counts with a
    standardised Anscombe residual s over 2.58 get the weight 1 / s squared, all weights scaled to their number, and
    the model is fitted again. The trend is dropped if it predicts more than any count of the baseline, or with fewer
    than 3 years. The threshold is the 1 - alpha quantile of a negative binomial with the predicted mean and the
    dispersion of the fit (at least 1, then Poisson); a count above it is an alarm. A period is judged only where the
    last 4 hold at least 5 incidents.

    This is ``farringtonFlexible`` of R's surveillance with ``noPeriods=10, pastWeeksNotIncluded=26,
    weightsThreshold=2.58, pThresholdTrend=1, thresholdMethod="nbPlugin"``, periods counted by place
    (``epochAsDate=FALSE``), but for the score, which is taken on the scale of counts as published: (count -
    expected) / (threshold - expected).

    Parameters
    ----------
    counts : Series of int, shape (n_periods,) or (n_regions * n_periods,)
        Incidents by week or month: a PeriodIndex or consecutive whole numbers, zeros written out.
    frequency : int, optional
        Periods in a year; by default known from a PeriodIndex (weeks 52, months 12), else 52.
    years : int, default 5
        Of the baseline.
    window : int, optional
        Half width of the season, by default 3 for weeks, in proportion for others, at least 1.
    blocks : int, optional
        Levels of the season, by default 10.
    skipped : int, optional
        Periods left out before the one judged, by default half a year.
    alpha : float, default 0.005
        One-sided chance of a false alarm in one period.

    Returns
    -------
    Alarms
        ``table`` also has ``dispersion``, ``trend`` (coefficient per period, 0 where dropped) and ``p_value``
        (one-sided). ``statistic`` is the score, over 1 for an alarm. Undefined, with a reason, where the baseline is
        not complete or holds too little.

    Raises
    ------
    InputError
        If the counts are not what they should be.
    RequestError
        If an option is out of its bounds.

    References
    ----------
    .. [1] Farrington, C. P., Andrews, N. J., Beale, A. D., and Catchpole, M. A. (1996). A statistical algorithm for
       the early detection of outbreaks of infectious disease. Journal of the Royal Statistical Society A 159 (3),
       547-563.
    .. [2] Noufaily, A., Enki, D. G., Farrington, P., Garthwaite, P., Andrews, N., and Charlett, A. (2013). An
       improved algorithm for outbreak detection in multiple surveillance systems. Statistics in Medicine 32 (7),
       1206-1222.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import farrington_flexible
    >>> months = pd.period_range("2015-01", periods=76, freq="M")
    >>> found = farrington_flexible(pd.Series([3, 5, 4, 2] * 18 + [4, 3, 5, 16], index=months))
    >>> found.alarms[-1], float(found.table["threshold"].iloc[-1])
    (Period('2021-04', 'M'), 8.0)
    """
    series = by_period(counts)
    year = _frequency(series.index) if frequency is None else check_whole("frequency", frequency, 2)
    half = max(round(3 * year / 52), 1) if window is None else check_whole("window", window, 0)
    levels = min(10, max(year - 2 * half, 1)) if blocks is None else check_whole("blocks", blocks, 1)
    if year - 2 * half - 1 < levels - 1:
        raise RequestError(f"A year of {year} periods cannot be cut into {levels} blocks with a window of {half}.")
    chosen: dict[str, float] = {
        "frequency": year,
        "years": check_whole("years", years, 1),
        "window": half,
        "blocks": levels,
        "skipped": year // 2 if skipped is None else check_whole("skipped", skipped, 0),
        "alpha": check_over("alpha", alpha, 0, 1),
    }
    first = years * year + half
    reason = why_too_short(len(series), first + 1) or why_too_few(int(series.sum()))
    values = series.to_numpy(dtype=float)
    early = _row(why="Too early: the baseline is not complete.")
    rows = [early if place < first or reason else _judged(values, place, chosen) for place in range(len(series))]
    table = pd.DataFrame(rows, index=series.index).assign(incidents=series)
    order = ["incidents", "expected", "threshold", "statistic", "label", "reason", "dispersion", "trend", "p_value"]
    table["reason"] = table["reason"].astype(object).where(table["reason"].notna(), None)
    return Alarms(table[order], method="Farrington flexible", parameters=chosen, reason=reason)


def _frequency(index: pd.Index) -> int:
    if isinstance(index, pd.PeriodIndex):
        return SEASONS.get(index.freqstr.split("-")[0], 52)
    return 52


def _row(why: str | None = None, **found: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("expected", "threshold", "statistic", "dispersion", "trend", "p_value"), np.nan)
    return empty | {"label": UNDEFINED, "reason": why} | found


def _judged(values: Floats, now: int, chosen: dict[str, float]) -> dict[str, Any]:
    if values[max(now - RECENT + 1, 0) : now + 1].sum() < FEWEST:
        return _row(why=f"Fewer than {FEWEST} incidents in the last {RECENT} periods: not judged.")
    year, half = int(chosen["frequency"]), int(chosen["window"])
    past = np.arange(now - int(chosen["years"]) * year - half, now - int(chosen["skipped"]))
    past = past[past < now]
    level = season(now - past, year, half, int(chosen["blocks"]))
    model = _predicted(values[past], (past - now).astype(float), level, int(chosen["years"]))
    if model is None:
        return _row(why="The same season of the past years holds too little to fit the baseline.")
    mean, dispersion, slope = model
    threshold = quantile(1 - chosen["alpha"], mean, dispersion)
    found = values[now] > threshold
    return _row(
        expected=mean,
        threshold=float(threshold),
        statistic=(values[now] - mean) / (threshold - mean) if threshold > mean else np.nan,
        label=ALARM if found else QUIET,
        dispersion=dispersion,
        trend=slope,
        p_value=_at_least(int(values[now]), mean, dispersion),
    )


def season(ago: Whole, year: int, half: int, blocks: int) -> Whole:
    """Give the level of the season of a period so long ago: 0 the same season, else 1 to ``blocks`` - 1 in order."""
    after = np.mod(-ago, year)
    same = (after <= half) | (after >= year - half)
    if blocks == 1:
        return np.where(same, 0, -1)
    length, rest = divmod(year - 2 * half - 1, blocks - 1)
    ends = np.cumsum([length + (block < rest) for block in range(blocks - 1)])
    return np.where(same, 0, np.searchsorted(ends, after - half - 1, side="right") + 1)


def _predicted(counts: Floats, time: Floats, level: Whole, years: int) -> tuple[float, float, float] | None:
    """Give the mean predicted at time 0, the dispersion and the slope; None where nothing can be fitted."""
    used = level >= 0
    counts, time, level = counts[used], time[used], level[used]
    levels = [block for block in np.unique(level) if counts[level == block].any()]
    if 0 not in levels:
        return None
    kept = np.isin(level, levels)
    silent = (int((~kept).sum()), len(np.unique(level)) - len(levels))
    columns = [np.ones(int(kept.sum())), *((level[kept] == block).astype(float) for block in levels if block)]
    plain = np.column_stack(columns)
    if years >= FEWEST_YEARS:
        trended = fit_reweighted(counts[kept], np.column_stack([plain, time[kept]]), silent, REWEIGHTED_OVER)
        if trended is not None and np.exp(trended.coefficients[0]) <= counts.max():
            return float(np.exp(trended.coefficients[0])), trended.dispersion, float(trended.coefficients[-1])
    level_only = fit_reweighted(counts[kept], plain, silent, REWEIGHTED_OVER)
    return None if level_only is None else (float(np.exp(level_only.coefficients[0])), level_only.dispersion, 0.0)


def _at_least(count: int, mean: float, dispersion: float) -> float:
    if count <= 0:
        return 1.0
    if dispersion == 1:
        return float(gammainc(count, mean))
    return float(betainc(count, mean / (dispersion - 1), 1 - 1 / dispersion))


def quantile(level: float, mean: float, dispersion: float) -> int:
    """Give the smallest count at or below which the law puts at least ``level``."""

    def enough(count: int) -> bool:
        if dispersion == 1:
            return bool(gammaincc(count + 1.0, mean) >= level)
        return bool(betainc(mean / (dispersion - 1), count + 1.0, 1 / dispersion) >= level)

    low, high = -1, 1
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
