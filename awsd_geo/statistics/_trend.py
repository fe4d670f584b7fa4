"""Is it growing: one rate ratio per year, and three tests that have to agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from awsd_geo.results import Result
from awsd_geo.statistics._guard import by_region, by_year, check_confidence, why_no_trend
from awsd_geo.statistics._loglinear import STEEPEST, LogLinear
from awsd_geo.statistics._mann_kendall import mann_kendall_p, sen_slope
from awsd_geo.statistics._words import probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

POWER = 0.8
VERDICTS = (
    "increase",
    "increase, not confirmed by all tests",
    "no clear change",
    "decrease",
    "decrease, not confirmed by all tests",
    "undefined",
)


@dataclass(frozen=True, slots=True, eq=False)
class Trend(Result):
    """Whether incidents grow from year to year; ``table`` has the index ``year``.

    ``table`` has ``incidents`` and ``fitted`` (incidents, the log-linear trend).
    """

    test: ClassVar[str] = "exact conditional Poisson"
    rate_ratio: float  # per year, maximum likelihood; 1.4 is 40 % more each year; infinite if all in the last year
    interval: tuple[float, float]  # exact, of the rate ratio
    p_value: float  # two-sided, exact if incidents come independently
    dispersion: float  # Pearson's; 1 if years vary as independent incidents do, over 1 if more
    quasi_poisson_p: float  # two-sided, t with n_years - 2 degrees of freedom: allows for the dispersion
    quasi_poisson_interval: tuple[float, float]
    mann_kendall_p: float  # two-sided, exact: uses the order of the years alone
    sen_slope: float  # incidents per year
    smallest_detectable: float  # rate ratio per year that this total had an 80 % chance to show; infinite if none
    verdict: str  # one of VERDICTS
    incidents: int
    confidence: float  # of the intervals; the verdict takes what it leaves as its level
    reason: str | None  # what is undefined and why, if something is
    left_out: int = 0  # incidents without a place, if the counts were by region and said so

    def summary(self) -> str:
        """State the finding in one sentence: how much, how sure, whether the tests agree."""
        years = self.table.index
        start = f"{self.incidents} incidents in {years[0]} to {years[-1]}"
        if self.left_out:
            start += f" ({self.left_out} without a place left out; count_by_year() has them)"
        if self.verdict == "undefined":
            return f"{start}: no trend is given. {self.reason}"
        low, high = self.interval
        ratio = f"each year {self.rate_ratio:.2f} times the one before"
        if not 0 < self.rate_ratio < np.inf:
            ratio = f"all in the {'last' if self.rate_ratio else 'first'} year, so that no ratio can be named"
        level = f"{round(100 * self.confidence, 1):g}%"
        return f"{start}, {ratio} ({level} CI {low:.2f} to {high:.2f}): {self.verdict}. {self._tests()}"

    def _tests(self) -> str:
        text = f"p {probability(self.p_value)} ({self.test}); "
        if np.isnan(self.quasi_poisson_p):
            text += "quasi-Poisson undefined; "
        else:
            text += (
                f"{probability(self.quasi_poisson_p)} allowing for dispersion {self.dispersion:.1f} (quasi-Poisson); "
            )
        text += f"{probability(self.mann_kendall_p)} by the order of the years (exact Mann-Kendall)."
        if self.verdict == "no clear change" and np.isfinite(self.smallest_detectable):
            text += f" A ratio of {self.smallest_detectable:.2f} a year would have been found with 80% power."
        elif self.verdict == "no clear change":
            text += " So few incidents could not have shown any trend."
        return text


def trend(counts: pd.Series, *, confidence: float = 0.95) -> Trend:
    """Test whether incidents grow or fall from year to year.

    The exact test conditions on the total: given it, the counts are multinomial, and the sum over incidents of
    their year decides [1]_. It holds if incidents come independently. Often they come in clusters, so that two
    tests stand beside it: quasi-Poisson regression [2]_, which widens the error by how much years vary around the
    trend, and Mann-Kendall, which uses only their order (with 4 years or fewer it cannot fall below 0.05). The
    verdict is "increase" or "decrease" where all three find it, "..., not confirmed by all tests" where the exact
    test does and another does not, else "no clear change". A test that is undefined does not speak against.

    Parameters
    ----------
    counts : Series of int, shape (n_years,) or (n_regions * n_years,)
        Incidents by ``year``, or by ``region_id`` and ``year`` (then summed over the regions), zeros written out;
        incidents without a place belong in the first form.
    confidence : float, default 0.95
        Of the intervals; the verdict takes what it leaves (0.05) as its level.

    Returns
    -------
    Trend
        Undefined, with a ``reason``, for fewer than 3 years or 5 incidents.

    Raises
    ------
    InputError
        If the counts are not what they should be, or a year within the series has no row.
    RequestError
        If ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Cox, D. R., and Lewis, P. A. W. (1966). The Statistical Analysis of Series of Events. London: Methuen.
    .. [2] McCullagh, P., and Nelder, J. A. (1989). Generalized Linear Models, 2nd edition. London: Chapman & Hall,
       section 6.2.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import trend
    >>> found = trend(pd.Series({2019: 2, 2020: 5, 2021: 6, 2022: 11}))
    >>> round(found.rate_ratio, 2), found.verdict
    (1.65, 'increase, not confirmed by all tests')
    """
    check_confidence(confidence)
    series = by_year(counts)
    years, total = len(series), int(series.sum())
    left_out = _left_out(counts)
    if (reason := why_no_trend(years, total)) is not None:
        return _undefined(series, confidence, reason, left_out)
    law = LogLinear(years, total)
    observed = int(series.to_numpy() @ np.arange(years))
    slope = law.slope(observed)
    low, high = (float(np.exp(end)) for end in law.interval(observed, confidence))
    fitted = total * law.weights(float(np.clip(slope, -STEEPEST, STEEPEST)))
    p_value, rank_p = law.p_value(observed), mann_kendall_p(series.to_numpy())
    dispersion, quasi_p, quasi_interval = _quasi_poisson(series.to_numpy(), fitted, slope, confidence)
    return Trend(
        table=pd.DataFrame({"incidents": series, "fitted": fitted}),
        rate_ratio=float(np.exp(slope)),
        interval=(low, high),
        p_value=p_value,
        dispersion=dispersion,
        quasi_poisson_p=quasi_p,
        quasi_poisson_interval=quasi_interval,
        mann_kendall_p=rank_p,
        sen_slope=sen_slope(series.to_numpy()),
        smallest_detectable=float(np.exp(law.detectable(1 - confidence, POWER))),
        verdict=_verdict(slope, 1 - confidence, p_value, quasi_p, rank_p),
        incidents=total,
        confidence=confidence,
        reason=_why_no_dispersion(series) if np.isnan(quasi_p) else None,
        left_out=left_out,
    )


def _quasi_poisson(
    series: NDArray[np.int64], fitted: NDArray[np.float64], slope: float, confidence: float
) -> tuple[float, float, tuple[float, float]]:
    freedom = len(series) - 2
    dispersion = float(np.sum((series - fitted) ** 2 / fitted) / freedom)
    if dispersion < 1e-12 or not np.isfinite(slope):
        return dispersion, np.nan, (np.nan, np.nan)
    steps = np.arange(len(series)) - fitted @ np.arange(len(series)) / fitted.sum()
    error = float(np.sqrt(dispersion / np.sum(fitted * steps**2)))
    margin = float(stdtrit(freedom, (1 + confidence) / 2)) * error
    return (
        dispersion,
        float(2 * stdtr(freedom, -abs(slope) / error)),
        (float(np.exp(slope - margin)), float(np.exp(slope + margin))),
    )


def _why_no_dispersion(series: pd.Series) -> str:
    if series.min() == series.max():
        return "Every year has the same number: how years vary, and so the quasi-Poisson test, is undefined."
    return "No year departs from the fitted trend: how years vary, and so the quasi-Poisson test, is undefined."


def _verdict(slope: float, level: float, exact: float, *others: float) -> str:
    if exact >= level:
        return "no clear change"
    direction = "increase" if slope > 0 else "decrease"
    confirmed = all(np.isnan(other) or other < level for other in others)
    return direction if confirmed else f"{direction}, not confirmed by all tests"


def _left_out(counts: pd.Series) -> int:
    """Give the incidents that counts by region cannot hold, as far as the counts say so."""
    if counts.index.nlevels == 1:
        return 0
    frame = by_region(counts)
    return 0 if frame.total is None else frame.total - frame.located


def _undefined(series: pd.Series, confidence: float, reason: str, left_out: int) -> Trend:
    nothing = dict.fromkeys(("rate_ratio", "p_value", "dispersion", "quasi_poisson_p", "mann_kendall_p"), np.nan)
    return Trend(
        table=pd.DataFrame({"incidents": series, "fitted": np.nan}),
        **nothing,
        interval=(np.nan, np.nan),
        quasi_poisson_interval=(np.nan, np.nan),
        sen_slope=np.nan,
        smallest_detectable=np.nan,
        verdict="undefined",
        incidents=int(series.sum()),
        confidence=confidence,
        reason=reason,
        left_out=left_out,
    )
