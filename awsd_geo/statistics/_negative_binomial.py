"""Is it growing if years vary more than independent incidents do: negative binomial regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from awsd_geo.errors import RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._guard import SMALLEST_P, by_year, check_confidence, why_no_trend
from awsd_geo.statistics._loglinear import STEEPEST, root
from awsd_geo.statistics._overdispersed import Overdispersed
from awsd_geo.statistics._periods import exposure_by_year
from awsd_geo.statistics._words import probability

if TYPE_CHECKING:
    from awsd_geo.statistics._overdispersed import Fit

POWER = 0.8
DISPERSIONS = ("likelihood", "moments")


@dataclass(frozen=True, slots=True, eq=False)
class NegativeBinomialTrend(Result):
    """A log-linear trend of overdispersed counts; ``table`` has the index ``year``.

    ``table`` has ``incidents``, ``exposure`` and ``fitted`` (incidents, the trend).
    """

    rate_ratio: float  # per year
    interval: tuple[float, float]
    p_value: float  # two-sided
    smallest_detectable: float  # rate ratio per year with an 80 % chance to be found, by Wald's approximation
    alpha: float  # the variance of a year is mean + alpha * mean squared; 0 is Poisson
    log_likelihood: float
    dispersion: str  # how alpha was estimated, "likelihood" or "moments"
    incidents: int
    confidence: float
    reason: str | None  # why it is undefined, if it is

    @property
    def test(self) -> str:
        """How the p-value is made."""
        if self.dispersion == "moments":
            return "negative binomial, Wald test with t"
        return "negative binomial, likelihood ratio"

    @property
    def verdict(self) -> str:
        """Whether incidents show an "increase", a "decrease", "no clear change", or it is "undefined"."""
        if np.isnan(self.p_value):
            return "undefined"
        if self.p_value >= 1 - self.confidence:
            return "no clear change"
        return "increase" if self.rate_ratio > 1 else "decrease"

    def summary(self) -> str:
        """State the finding in one or two sentences."""
        years = self.table.index
        start = f"{self.incidents} incidents in {years[0]} to {years[-1]}"
        if self.reason is not None:
            return f"{start}: no negative binomial trend is given. {self.reason}"
        low, high = self.interval
        level = f"{round(100 * self.confidence, 1):g}%"
        text = (
            f"{start}, each year {self.rate_ratio:.2f} times the one before ({level} CI {low:.2f} to {high:.2f}): "
            f"{self.verdict}, p {probability(self.p_value)} ({self.test})."
        )
        if self.verdict == "no clear change":
            text += f" A ratio of about {self.smallest_detectable:.2f} a year would have been found with 80% power."
        if self.alpha == 0:
            text += " The years vary no more than independent incidents do, so that this is a Poisson trend."
        return text


def negative_binomial_trend(
    counts: pd.Series,
    *,
    exposure: pd.Series | None = None,
    dispersion: str = "likelihood",
    confidence: float = 0.95,
) -> NegativeBinomialTrend:
    """Test whether incidents grow from year to year, where years vary more than independent incidents would.

    Counts are negative binomial with mean exp(a + b year) and variance mean + alpha mean squared [1]_. By
    "likelihood" all three are estimated by maximum likelihood, p is that of the likelihood ratio and the interval is
    where the profile likelihood falls by as much; alpha is then estimated too low from few years, and p too small:
    with fewer than about ten years read it beside ``trend``. By "moments" alpha is that at which Pearson's
    statistic equals its degrees of freedom [2]_; p and interval are Wald's with n_years - 2 degrees of freedom of t.

    Parameters
    ----------
    counts : Series of int, shape (n_years,) or (n_regions * n_years,)
        Incidents by ``year``, or by ``region_id`` and ``year`` (then summed), zeros written out.
    exposure : Series of float, shape (n_years,), optional
        By year, such as the share of it that was observed or the workers present; by default every year alike.
    dispersion : {"likelihood", "moments"}, default "likelihood"
        How alpha is estimated.
    confidence : float, default 0.95
        Of the interval; the verdict takes what it leaves as its level.

    Returns
    -------
    NegativeBinomialTrend
        Undefined, with a ``reason``, for fewer than 3 years or 5 incidents, all incidents in the first or last
        year, or, by "likelihood", every year alike.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.
    RequestError
        If ``dispersion`` is neither, or ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of Statistics 15
       (3), 209-225.
    .. [2] Breslow, N. E. (1984). Extra-Poisson variation in log-linear models. Applied Statistics 33 (1), 38-44.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import negative_binomial_trend
    >>> found = negative_binomial_trend(pd.Series([1, 9, 2, 14, 6, 25, 9, 40], index=range(2015, 2023)))
    >>> round(found.rate_ratio, 2), round(found.alpha, 2), found.verdict
    (1.39, 0.3, 'increase')
    """
    check_confidence(confidence)
    if dispersion not in DISPERSIONS:
        raise RequestError(f"dispersion must be one of {', '.join(DISPERSIONS)}; it is {dispersion!r}.")
    series = by_year(counts)
    weights = exposure_by_year(exposure, series.index)
    n = int(series.sum())
    table = pd.DataFrame({"incidents": series, "exposure": weights, "fitted": np.nan})
    reason = why_no_trend(len(series), n) or _why_no_slope(series)
    if reason is not None:
        nothing = dict.fromkeys(("rate_ratio", "p_value", "alpha", "log_likelihood", "smallest_detectable"), np.nan)
        return NegativeBinomialTrend(
            table, **nothing, interval=(np.nan, np.nan), dispersion=dispersion, incidents=n, confidence=confidence,
            reason=reason,
        )  # fmt: skip
    model = Overdispersed(series.to_numpy(dtype=float), np.log(weights))
    fit = model.fit(moments=dispersion == "moments")
    tested = _wald if dispersion == "moments" else _likelihood_ratio
    p_value, interval = tested(model, fit, confidence)
    return NegativeBinomialTrend(
        table=table.assign(fitted=fit.mean),
        rate_ratio=float(np.exp(fit.slope)),
        interval=interval,
        p_value=float(min(max(p_value, SMALLEST_P), 1.0)),
        smallest_detectable=_detectable(fit, len(series) - 2 if dispersion == "moments" else np.inf, confidence),
        alpha=fit.alpha,
        log_likelihood=fit.log_likelihood,
        dispersion=dispersion,
        incidents=n,
        confidence=confidence,
        reason=None,
    )


def _why_no_slope(series: pd.Series) -> str | None:
    n = series.sum()
    if n in {series.iloc[0], series.iloc[-1]}:
        return f"All incidents are in the {'first' if n == series.iloc[0] else 'last'} year: no ratio can be named."
    return None


def _detectable(fit: Fit, freedom: float, confidence: float) -> float:
    quantile = ndtri((1 + confidence) / 2) if np.isinf(freedom) else stdtrit(freedom, (1 + confidence) / 2)
    return float(np.exp((quantile + ndtri(POWER)) * fit.error))


def _wald(model: Overdispersed, fit: Fit, confidence: float) -> tuple[float, tuple[float, float]]:
    freedom = len(model.counts) - 2
    margin = float(stdtrit(freedom, (1 + confidence) / 2)) * fit.error
    p_value = float(2 * stdtr(freedom, -abs(fit.slope) / fit.error))
    return p_value, (float(np.exp(fit.slope - margin)), float(np.exp(fit.slope + margin)))


def _likelihood_ratio(model: Overdispersed, fit: Fit, confidence: float) -> tuple[float, tuple[float, float]]:
    fall = float(ndtri((1 + confidence) / 2)) ** 2 / 2

    def fallen(slope: float) -> float:
        return fit.log_likelihood - model.at(slope).log_likelihood

    def end(step: float) -> float:
        far = fit.slope + step
        while fallen(far) < fall and abs(far) < STEEPEST:
            far, step = far + step, 2 * step
        if fallen(far) < fall:
            return float(np.copysign(np.inf, step))
        return float(np.exp(root(lambda slope: fallen(slope) - fall, *sorted((fit.slope, far)))))

    low, high = end(-max(fit.error, 0.01)), end(max(fit.error, 0.01))
    return float(2 * ndtr(-np.sqrt(2 * max(fallen(0.0), 0.0)))), (max(low, 0.0), high)
