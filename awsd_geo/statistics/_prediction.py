"""Is the current year outside what the years before it would lead one to expect: exact prediction limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import betainc, betaln, gammaln

from awsd_geo.errors import RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._guard import SMALLEST_P, by_year, check_confidence, why_too_few
from awsd_geo.statistics._periods import exposure_by_year, words
from awsd_geo.statistics._words import probability

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MODELS = ("poisson", "negative binomial")
TOO_LARGE = 10_000_000  # incidents beyond which a limit is not sought


@dataclass(frozen=True, slots=True, eq=False)
class Prediction(Result):
    """What the past years predict for one year; ``table`` has the index ``year``.

    ``table`` has ``incidents``, ``exposure`` and ``use`` ("past", "predicted" or "not used").
    """

    year: int
    observed: int
    expected: float  # mean rate of the past years times the exposure of the year
    limits: tuple[float, float]  # numbers that the year may show without standing out, both ends included
    p_value: float  # two-sided, twice the smaller tail: below 1 - confidence exactly if the year is outside
    p_greater: float  # the year is not above the past
    p_less: float  # the year is not below the past
    model: str  # "poisson" or "negative binomial"
    dispersion: float  # variance over mean that the limits allow for; 1 for Poisson
    confidence: float
    reason: str | None  # why it is undefined, if it is

    @property
    def test(self) -> str:
        """How the limits are made."""
        return f"exact conditional {self.model} limits"

    @property
    def verdict(self) -> str:
        """Whether the year is "above" or "below" the limits, "within" them, or "undefined"."""
        if np.isnan(self.p_value):
            return "undefined"
        low, high = self.limits
        return "above" if self.observed > high else "below" if self.observed < low else "within"

    def summary(self) -> str:
        """State the finding in one sentence."""
        if self.reason is not None:
            return f"{self.observed} incidents in {self.year}: not compared with the years before. {self.reason}"
        past = words(self.table.index[self.table["use"] == "past"].to_numpy())
        low, high = self.limits
        level = f"{round(100 * self.confidence, 1):g}%"
        part = float(self.table["exposure"][self.year]) / float(
            self.table["exposure"][self.table["use"] == "past"].mean()
        )
        scaled = f" in {100 * part:.0f}% of a year" if part < 0.995 else ""
        text = f" allowing for dispersion {self.dispersion:.1f}" if self.dispersion > 1 else ""
        return (
            f"{self.observed} incidents in {self.year}{scaled}, {self.expected:.1f} expected after {past}: "
            f"{self.verdict} the {level} prediction limits of {low:.0f} to {high:.0f}{text} "
            f"(p {probability(self.p_value)})."
        )


def prediction_limits(
    counts: pd.Series,
    *,
    year: int | None = None,
    exposure: pd.Series | None = None,
    model: str = "poisson",
    dispersion: float | None = None,
    confidence: float = 0.95,
) -> Prediction:
    """Say what number of incidents a year may show, given the years before it, without standing out.

    If nothing changed, the year's number given its sum with the past is binomial with the year's part of the exposure,
    which frees the limits of the unknown rate: they hold the year's number with at least the confidence asked for
    [1]_ [2]_. A year of which a part is observed has a smaller exposure. Where years vary more than independent
    incidents do, "negative binomial" takes the size of a year's law in proportion to its exposure; then the number is
    beta-binomial given the sum. Its size is the past mean over the dispersion (variance over mean) less 1; the mean's
    uncertainty there, and the dispersion's, are left out, so that 95 % is approximate. By default the dispersion is
    estimated from the past years (Pearson's statistic over its degrees of freedom, at least 1). A trend of the past is
    not carried forward.

    Parameters
    ----------
    counts : Series of int, shape (n_years,) or (n_regions * n_years,)
        Incidents by ``year``, or by ``region_id`` and ``year`` (then summed), zeros written out.
    year : int, optional
        To be predicted, by default the last; years after it are not used.
    exposure : Series of float, shape (n_years,), optional
        By year, such as the share of it that was observed (0.25 for three months); by default every year alike.
    model : {"poisson", "negative binomial"}, default "poisson"
        Of how years vary.
    dispersion : float, optional
        Variance over mean, 1 or more, where it is known; only for "negative binomial".
    confidence : float, default 0.95
        Of the limits, half of the rest on either side.

    Returns
    -------
    Prediction
        Undefined, with a ``reason``: no year before it; fewer than 5 incidents in all; for an estimated dispersion
        fewer than 3 past years; where years vary more than by chance, no past year with an incident.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.
    RequestError
        If the year was not counted, ``model`` is neither, ``dispersion`` is below 1 or not asked for, or
        ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Nelson, W. (1970). Confidence intervals for the ratio of two Poisson means and Poisson predictor
       intervals. IEEE Transactions on Reliability R-19 (2), 42-49.
    .. [2] Krishnamoorthy, K., and Peng, J. (2011). Improved closed-form prediction intervals for binomial and
       Poisson distributions. Journal of Statistical Planning and Inference 141 (5), 1709-1718, section 3.1.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import prediction_limits
    >>> found = prediction_limits(pd.Series({2019: 4, 2020: 6, 2021: 5, 2022: 14}))
    >>> found.limits, found.verdict
    ((1.0, 11.0), 'above')
    """
    check_confidence(confidence)
    _check_model(model, dispersion)
    series = by_year(counts)
    weights = pd.Series(exposure_by_year(exposure, series.index), index=series.index)
    now = int(series.index[-1]) if year is None else year
    if now not in series.index:
        raise RequestError(f"{now!r} is not among the years counted, {words(series.index.to_numpy())}.")
    past = series.index < now
    use = np.where(past, "past", np.where(series.index == now, "predicted", "not used"))
    table = pd.DataFrame({"incidents": series, "exposure": weights, "use": use})
    x, y = int(series[past].sum()), int(series[now])
    varies = model == MODELS[1] and dispersion != 1
    reason = _why_not(series[past], x + y, varies=varies, estimated=varies and dispersion is None)
    found: dict[str, float] = dict.fromkeys(("expected", "p_value", "p_greater", "p_less", "dispersion"), np.nan)
    limits = (np.nan, np.nan)
    if reason is None:
        spread = _dispersion(table[past], dispersion) if model == MODELS[1] else 1.0
        part = float(weights[now] / (weights[past].sum() + weights[now]))
        tails = _binomial_tails(x, part) if spread == 1 else _beta_binomial_tails(x, part, spread)
        limits, (less, greater) = _limits(tails, (1 - confidence) / 2), tails(y)
        two_sided = min(2 * min(less, greater), 1.0)
        found = {"expected": x * part / (1 - part), "p_value": two_sided, "p_greater": greater, "p_less": less}
        found["dispersion"] = spread
    return Prediction(
        table=table, year=now, observed=y, limits=limits, model=model, confidence=confidence, reason=reason, **found
    )


def _check_model(model: str, dispersion: float | None) -> None:
    if model not in MODELS:
        raise RequestError(f"model must be one of {', '.join(MODELS)}; it is {model!r}.")
    if dispersion is not None and (model == MODELS[0] or not 1 <= dispersion < np.inf):
        raise RequestError(f"dispersion must be 1 or more, for a negative binomial model; it is {dispersion!r}.")


def _why_not(past: pd.Series, n: int, *, varies: bool, estimated: bool) -> str | None:
    if not len(past):
        return "No year lies before it."
    if (few := why_too_few(n)) is not None:
        return few
    if estimated and len(past) < 3:
        return f"Only {len(past)} year{'s' * (len(past) > 1)} before it: how years vary needs at least 3."
    if varies and not past.sum():
        return "No incident in the years before it: how years vary is not known."
    return None


def _dispersion(past: pd.DataFrame, given: float | None) -> float:
    if given is not None:
        return given
    fitted = past["exposure"] * past["incidents"].sum() / past["exposure"].sum()
    return max(float(((past["incidents"] - fitted) ** 2 / fitted).sum() / (len(past) - 1)), 1.0)


def _binomial_tails(x: int, part: float) -> Callable[[int], tuple[float, float]]:
    """Give the function of P(Y <= y) and P(Y >= y) where Y given x + y is binomial."""

    def tails(y: int) -> tuple[float, float]:
        less = float(betainc(x, y + 1.0, 1 - part)) if x else 1.0
        greater = float(betainc(y, x + 1.0, part)) if y else 1.0
        return max(less, SMALLEST_P), max(greater, SMALLEST_P)

    return tails


def _beta_binomial_tails(x: int, part: float, dispersion: float) -> Callable[[int], tuple[float, float]]:
    """Give the function of P(Y <= y) and P(Y >= y) where Y given x + y is beta-binomial.

    The size of the law of the past is its mean over (dispersion - 1), taken at the number seen, over 0.
    """
    before = x / (dispersion - 1)
    now = before * part / (1 - part)

    def tails(y: int) -> tuple[float, float]:
        k, n = np.arange(x + y + 1.0), x + y
        log = betaln(k + now, n - k + before) - betaln(now, before)
        log += gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
        law = np.exp(log)
        return float(min(max(law[: y + 1].sum(), SMALLEST_P), 1)), float(min(max(law[y:].sum(), SMALLEST_P), 1))

    return tails


def _limits(tails: Callable[[int], tuple[float, float]], half: float) -> tuple[float, float]:
    """Give the smallest and the largest number neither tail of which is below ``half``."""

    def first(holds: Callable[[int], bool]) -> int:
        high = 1
        while not holds(high) and high < TOO_LARGE:
            high *= 2
        low = -1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(middle) else (middle, high)
        return high

    lowest = first(lambda y: tails(y)[0] >= half)
    above = first(lambda y: tails(y)[1] < half)
    return float(lowest), float(above - 1) if above < TOO_LARGE else np.inf
