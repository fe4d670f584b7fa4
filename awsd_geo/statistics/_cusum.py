"""The Poisson cumulative sum: has the rate risen, period after period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.statistics._alarms import ALARM, QUIET, UNDEFINED, Alarms
from awsd_geo.statistics._crossing import poisson_weights
from awsd_geo.statistics._guard import why_too_few
from awsd_geo.statistics._series import by_period, check_over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PARTS = 10  # the reference value is rounded to tenths, so that the chain has whole states and its run length is exact
MOST_STATES = 2_000


def poisson_cusum(
    counts: pd.Series,
    *,
    expected: float,
    ratio: float = 2.0,
    run_length: float = 100.0,
    limit: float | None = None,
) -> Alarms:
    """Watch a series for a lasting rise of its rate, by Lucas's Poisson cumulative sum.

    S is 0 at first and grows by the count less the reference value k in each period, never below 0; S over the limit
    h is an alarm, after which S begins at 0 again. k = (m1 - m0) / (ln m1 - ln m0), rounded to tenths, is best for a
    rise from ``expected`` m0 to m1 = ``ratio`` m0 [1]_. By default h is the smallest tenth with which, while nothing
    changes, an alarm comes no sooner than every ``run_length`` periods on average: the run length is exact, by the
    Markov chain of S [2]_. ``expected`` has to be known from elsewhere, or from earlier periods: a mean of the
    watched series itself hides the rise.

    Parameters
    ----------
    counts : Series of int, shape (n_periods,) or (n_regions * n_periods,)
        Incidents by week, month or year: a PeriodIndex or consecutive whole numbers, zeros written out.
    expected : float
        Mean per period while nothing has changed, over 0.
    ratio : float, default 2
        Rise that is to be found soon, over 1.
    run_length : float, default 100
        Periods between false alarms, on average, at least.
    limit : float, optional
        h, a multiple of a tenth; instead of ``run_length``.

    Returns
    -------
    Alarms
        ``statistic`` is S before it is set back, ``threshold`` h. ``parameters`` has k, h and the exact average run
        lengths without the rise and with it. Undefined, with a reason, below 5 incidents.

    Raises
    ------
    InputError
        If the counts are not what they should be.
    RequestError
        If an option is out of its bounds, or no limit below 200 has the run length asked for.

    References
    ----------
    .. [1] Lucas, J. M. (1985). Counted data CUSUM's. Technometrics 27 (2), 129-144.
    .. [2] Brook, D., and Evans, D. A. (1972). An approach to the probability distribution of cusum run length.
       Biometrika 59 (3), 539-549.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import poisson_cusum
    >>> found = poisson_cusum(pd.Series([1, 0, 2, 1, 3, 3, 4]), expected=1, limit=4)
    >>> found.table["statistic"].tolist(), found.table.index[found.table["label"] == "alarm"].tolist()
    ([0.0, 0.0, 0.6, 0.2, 1.8, 3.4, 6.0], [6])
    """
    mean, rise = check_over("expected", expected, 0), check_over("ratio", ratio, 1)
    series = by_period(counts)
    step = max(round(PARTS * mean * (rise - 1) / np.log(rise)), 1)
    high = _smallest_limit(mean, step, check_over("run_length", run_length, 1)) if limit is None else _tenths(limit)
    reason = why_too_few(int(series.sum()))
    sums = _sums(series.to_numpy(), step, high)
    label = np.where(sums > high, ALARM, QUIET) if reason is None else UNDEFINED
    table = pd.DataFrame({"incidents": series, "expected": mean, "threshold": high / PARTS, "statistic": sums / PARTS})
    if reason is not None:
        table[["threshold", "statistic"]] = np.nan
    table = table.assign(label=label, reason=None)
    parameters = {
        "expected": mean,
        "ratio": rise,
        "k": step / PARTS,
        "h": high / PARTS,
        "run_length_unchanged": average_run_length(mean, step, high),
        "run_length_after_rise": average_run_length(mean * rise, step, high),
    }
    return Alarms(table, method="Poisson CUSUM", parameters=parameters, reason=reason)


def average_run_length(mean: float, step: int, limit: int) -> float:
    """Give the mean number of periods to the first alarm from S = 0, exactly.

    S is in tenths: states 0 to ``limit``; the mean run lengths L solve L = 1 + P L, with P the chance to go from one
    state to another without an alarm.
    """
    states = np.arange(limit + 1)
    most = (limit + step) // PARTS
    chance = poisson_weights(np.arange(most + 1), mean)
    passing = np.zeros((limit + 1, limit + 1))
    for count, probability in enumerate(chance):
        to = np.maximum(states + PARTS * count - step, 0)
        kept = to <= limit
        passing[states[kept], to[kept]] += probability
    return float(np.linalg.solve(np.eye(limit + 1) - passing, np.ones(limit + 1))[0])


def _sums(numbers: NDArray[np.int64], step: int, limit: int) -> NDArray[np.int64]:
    """Give S in tenths, before it is set back after an alarm."""
    sums, current = np.zeros(len(numbers), dtype=np.int64), 0
    for place, number in enumerate(numbers.tolist()):
        sums[place] = current = max(current + PARTS * number - step, 0)
        current = 0 if current > limit else current
    return sums


def _smallest_limit(mean: float, step: int, run_length: float) -> int:
    low, high = -1, 1
    while average_run_length(mean, step, high) < run_length:
        low, high = high, 2 * high
        if high > MOST_STATES:
            raise RequestError(
                f"No limit below {MOST_STATES // PARTS} has a run length of {run_length:g}: ask for a shorter one."
            )
    while high - low > 1:
        middle = (low + high) // 2
        enough = average_run_length(mean, step, middle) >= run_length
        low, high = (low, middle) if enough else (middle, high)
    return high


def _tenths(limit: float) -> int:
    tenths = round(PARTS * check_over("limit", limit, 0, MOST_STATES / PARTS + 1e-9))
    if abs(tenths - PARTS * limit) > 1e-9:
        raise RequestError(f"limit must be a multiple of {1 / PARTS:g}; it is {limit!r}.")
    return tenths
