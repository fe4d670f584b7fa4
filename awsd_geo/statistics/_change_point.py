"""When did the rate change: the likeliest single change, its exact p, and the posterior of its year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from scipy.special import gammaln, logsumexp

from awsd_geo.errors import RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._guard import by_year, check_confidence, why_no_trend
from awsd_geo.statistics._largest_step import SAME, detectable_step, largest_step_p, log_likelihood_ratio
from awsd_geo.statistics._periods import exposure_by_year
from awsd_geo.statistics._words import percent, probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

POWER = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class ChangePoint(Result):
    """A single change of the rate; ``table`` has the index ``year``.

    ``table`` has ``incidents``, ``exposure`` and, for a change at the beginning of that year (NaN for the first),
    ``rate_before``, ``rate_after``, ``log_likelihood_ratio`` and ``posterior`` (0 to 1, they sum to 1).
    """

    test: ClassVar[str] = "exact conditional test of the largest likelihood ratio"
    year: int | None  # first year of the new rate; None if tied or undefined
    ratio: float  # of the rate from then on to the rate before; infinite if nothing was before
    log_likelihood_ratio: float  # the largest
    p_value: float  # exact, corrected for the year being found by looking
    smallest_detectable: float  # where there is no clear change: rise in mid-series with an 80 % chance to be found
    credible_years: tuple[int, ...]  # the fewest years that hold at least ``confidence`` of the posterior
    probability_of_change: float  # posterior, change and no change being as likely before
    prior: tuple[float, float]  # shape and rate of the gamma prior of either rate
    incidents: int
    confidence: float
    reason: str | None  # why it is undefined, if it is

    @property
    def verdict(self) -> str:
        """Whether the rate shows a "rise", a "fall", "no clear change", or is "undefined"."""
        if np.isnan(self.p_value):
            return "undefined"
        if self.p_value >= 1 - self.confidence:
            return "no clear change"
        if self.year is None:
            return "a change, its year not clear"
        return "rise" if self.ratio > 1 else "fall"

    def summary(self) -> str:
        """State the finding in one or two sentences."""
        years = self.table.index
        start = f"{self.incidents} incidents in {years[0]} to {years[-1]}"
        if self.reason is not None:
            return f"{start}: no change is sought. {self.reason}"
        credible = ", ".join(str(year) for year in self.credible_years[:6]) + ", ..." * (len(self.credible_years) > 6)
        where = "several years are as likely"
        if self.year is not None:
            times = f"{self.ratio:.2f} times" if np.isfinite(self.ratio) else "after none"
            where = f"the likeliest change of rate is in {self.year} ({times} the rate before)"
        return (
            f"{start}: {where}, {self.verdict}, p {probability(self.p_value)} ({self.test}). If the rate changed once, "
            f"it was in {credible} ({percent(self.confidence)} credible).{self._could_have_found()}"
        )

    def _could_have_found(self) -> str:
        if np.isnan(self.smallest_detectable):
            return ""
        if np.isinf(self.smallest_detectable):
            return " So few incidents could not have shown any change."
        return f" A rise to {self.smallest_detectable:.1f} times in mid-series would have been found with 80% power."


def change_point(
    counts: pd.Series,
    *,
    exposure: pd.Series | None = None,
    prior: tuple[float, float] | None = None,
    confidence: float = 0.95,
) -> ChangePoint:
    """Find the year in which the rate of incidents most likely changed, and whether it changed at all.

    For each year the Poisson likelihood of two rates, before it and from it on, is compared with that of one rate;
    the largest log likelihood ratio is the statistic [1]_. Given the total, the counts of one rate are multinomial
    in proportion to the exposure, which gives the exact p that some year reaches so large a ratio: the year was
    found by looking, and p accounts for it. No Monte Carlo is needed.

    Beside it the posterior of the year [2]_: each year as likely before, either rate with a gamma prior. By default
    its shape is 1 and its mean the mean rate of the series, so that it weighs as much as one incident.
    ``probability_of_change`` compares with one rate under the same prior; it depends on the prior far more than the
    posterior of the year does. A trend, or several changes, is not what this looks for: it finds one step.

    Parameters
    ----------
    counts : Series of int, shape (n_years,) or (n_regions * n_years,)
        Incidents by ``year``, or by ``region_id`` and ``year`` (then summed), zeros written out.
    exposure : Series of float, shape (n_years,), optional
        By year, such as the share of it that was observed; by default every year alike.
    prior : tuple of float, optional
        Shape and rate of the gamma prior of either rate, both over 0.
    confidence : float, default 0.95
        Of the credible years; the verdict takes what it leaves as its level.

    Returns
    -------
    ChangePoint
        Undefined, with a ``reason``, for fewer than 3 years or 5 incidents, or where every year has the same rate.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.
    RequestError
        If the prior is none or ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Worsley, K. J. (1986). Confidence regions and tests for a change-point in a sequence of exponential family
       random variables. Biometrika 73 (1), 91-104.
    .. [2] Raftery, A. E., and Akman, V. E. (1986). Bayesian analysis of a Poisson process with a change-point.
       Biometrika 73 (1), 85-89.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import change_point
    >>> found = change_point(pd.Series({2017: 1, 2018: 2, 2019: 1, 2020: 9, 2021: 8, 2022: 10}))
    >>> found.year, round(found.p_value, 5), found.credible_years
    (2020, 6e-05, (2020,))
    """
    check_confidence(confidence)
    series = by_year(counts)
    weights = exposure_by_year(exposure, series.index)
    numbers, n = series.to_numpy(), int(series.sum())
    shape, rate = _check_prior(prior, n, float(weights.sum()))
    table = pd.DataFrame({"incidents": series, "exposure": weights})
    reason = why_no_trend(len(series), n) or _why_flat(numbers, weights)
    if reason is not None:
        return _undefined(table, confidence, (shape, rate), reason)
    earlier, covered = np.cumsum(numbers)[:-1], np.cumsum(weights)[:-1]
    ratios = log_likelihood_ratio(earlier, covered / weights.sum(), n)
    largest = float(ratios.max())
    first = np.flatnonzero(ratios >= largest * (1 - SAME)) + 1
    log_posterior, log_none = _posterior(earlier, covered, n, float(weights.sum()), (shape, rate))
    posterior = np.exp(log_posterior - logsumexp(log_posterior))
    table = _filled(table, earlier, covered, ratios, posterior)
    p_value = largest_step_p(largest, weights / weights.sum(), n)
    quiet = p_value >= 1 - confidence
    smallest = detectable_step(weights / weights.sum(), n, 1 - confidence, POWER) if quiet else np.nan
    average = float(logsumexp(log_posterior) - np.log(len(earlier)))
    return ChangePoint(
        table=table,
        year=int(series.index[first[0]]) if len(first) == 1 else None,
        ratio=_ratio(table.iloc[first[0]]) if len(first) == 1 else np.nan,
        log_likelihood_ratio=largest,
        p_value=p_value,
        smallest_detectable=smallest,
        credible_years=_credible(table["posterior"].iloc[1:], confidence),
        probability_of_change=float(1 / (1 + np.exp(min(log_none - average, 700.0)))),
        prior=(shape, rate),
        incidents=n,
        confidence=confidence,
        reason=None,
    )


def _check_prior(prior: tuple[float, float] | None, n: int, exposure: float) -> tuple[float, float]:
    if prior is None:
        return 1.0, exposure / max(n, 1)
    shape, rate = prior
    if not (0 < shape < np.inf and 0 < rate < np.inf):
        raise RequestError(f"prior must be a shape and a rate, both over 0; it is {prior!r}.")
    return float(shape), float(rate)


def _why_flat(numbers: NDArray[np.int64], weights: Floats) -> str | None:
    rates = numbers / weights
    if np.ptp(rates) <= 1e-12 * rates.max():
        return "Every year has the same rate: there is no change to find."
    return None


def _posterior(
    earlier: NDArray[np.int64], covered: Floats, n: int, exposure: float, prior: tuple[float, float]
) -> tuple[Floats, float]:
    """Give the log marginal likelihoods of a change at each year, and of none, up to one constant."""
    shape, rate = prior

    def marginal(number: NDArray[np.int64] | int, time: Floats | float) -> Floats:
        value: Floats = (
            shape * np.log(rate) - gammaln(shape) + gammaln(shape + number) - (shape + number) * np.log(rate + time)
        )
        return value

    return marginal(earlier, covered) + marginal(n - earlier, exposure - covered), float(marginal(n, exposure))


def _filled(
    table: pd.DataFrame, earlier: NDArray[np.int64], covered: Floats, ratios: Floats, posterior: Floats
) -> pd.DataFrame:
    n, exposure = int(table["incidents"].sum()), float(table["exposure"].sum())
    columns = {"rate_before": earlier / covered, "rate_after": (n - earlier) / (exposure - covered)}
    columns |= {"log_likelihood_ratio": ratios, "posterior": posterior}
    return table.join(pd.DataFrame(columns, index=table.index[1:]))


def _ratio(row: pd.Series) -> float:
    return float(row["rate_after"] / row["rate_before"]) if row["rate_before"] > 0 else np.inf


def _credible(posterior: pd.Series, confidence: float) -> tuple[int, ...]:
    ordered = posterior.sort_values(ascending=False, kind="stable")
    needed = int(np.searchsorted(ordered.cumsum().to_numpy(), confidence * (1 - 1e-12))) + 1
    return tuple(sorted(int(year) for year in ordered.index[:needed]))


def _undefined(table: pd.DataFrame, confidence: float, prior: tuple[float, float], reason: str) -> ChangePoint:
    empty = dict.fromkeys(("rate_before", "rate_after", "log_likelihood_ratio", "posterior"), np.nan)
    return ChangePoint(
        table=table.assign(**empty),
        year=None,
        ratio=np.nan,
        log_likelihood_ratio=np.nan,
        p_value=np.nan,
        smallest_detectable=np.nan,
        credible_years=(),
        probability_of_change=np.nan,
        prior=prior,
        incidents=int(table["incidents"].sum()),
        confidence=confidence,
        reason=reason,
    )
