"""Is the rate of one group or period another than that of a second: exact tests and intervals of the ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from awsd_geo.errors import InputError
from awsd_geo.results import Result
from awsd_geo.statistics._discrete import binomial
from awsd_geo.statistics._etest import e_test
from awsd_geo.statistics._guard import check_confidence, why_too_few
from awsd_geo.statistics._words import probability

if TYPE_CHECKING:
    from awsd_geo.statistics._discrete import Tails

POWER = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class TwoRates(Result):
    """Two Poisson rates compared; ``table`` has the two groups, the first over the second being the ratio.

    ``table`` has ``incidents``, ``exposure``, ``rate``, ``low`` and ``high`` (Garwood's exact interval).
    """

    test: ClassVar[str] = "C-test, exact conditional binomial"
    ratio: float  # first rate over second; infinite if the second has no incident
    interval: tuple[float, float]  # exact; leaves out 1 exactly if p_doubled is below 1 - confidence
    mid_p_interval: tuple[float, float]  # shorter, its coverage close to the level rather than at least it
    p_value: float  # two-sided: all outcomes as unlikely as the one seen
    p_doubled: float  # two-sided, twice the smaller tail
    p_greater: float  # the first rate is not the higher
    p_less: float  # the first rate is not the lower
    mid_p: float  # two-sided, twice the smaller
    mid_p_greater: float
    mid_p_less: float
    e_test_p: float  # two-sided
    e_test_p_greater: float
    e_test_p_less: float
    dispersion: float  # Pearson's, of the years within the periods; NaN where years are not known
    quasi_poisson_p: float  # two-sided, allows for the dispersion, t with n_years - 2 degrees of freedom
    smallest_detectable: float  # ratio over 1 that this total had an 80 % chance to show; infinite if none
    largest_detectable: float  # ratio under 1, likewise; 0 if none
    confidence: float
    reason: str | None  # why there is no test, if there is none

    @property
    def verdict(self) -> str:
        """Whether the first rate is "higher" or "lower" than the second, "no clear difference", or "undefined"."""
        if np.isnan(self.p_value):
            return "undefined"
        if self.p_value >= 1 - self.confidence:
            return "no clear difference"
        return "higher" if self.p_greater < self.p_less else "lower"

    def summary(self) -> str:
        """State the finding in one or two sentences: the ratio, how sure, and what could have been found."""
        (one, other), (a, b) = self.table.index, self.table["incidents"]
        if self.reason is not None:
            return f"{a} incidents in {one} and {b} in {other}: not tested. {self.reason}"
        low, high = self.interval
        level = f"{round(100 * self.confidence, 1):g}%"
        ratio = f"the rate in {one} is {self.ratio:.2f} times that in {other}"
        if not 0 < self.ratio < np.inf:
            ratio = "one has none, so that no ratio can be named"
        text = (
            f"{a} incidents in {one} and {b} in {other}: {ratio} ({level} CI {low:.2f} to {high:.2f}), "
            f"{self.verdict}, p {probability(self.p_value)} ({self.test})"
        )
        if not np.isnan(self.quasi_poisson_p):
            text += f", {probability(self.quasi_poisson_p)} allowing for dispersion {self.dispersion:.1f} between years"
        return f"{text}.{self._could_have_found()}"

    def _could_have_found(self) -> str:
        if self.verdict != "no clear difference":
            return ""
        down, up = self.largest_detectable, self.smallest_detectable
        found = [f"{up:.2f} or more"] * bool(np.isfinite(up)) + [f"{down:.2f} or less"] * (down > 0)
        if not found:
            return " So few incidents could not have shown any difference."
        return f" A ratio of {' or '.join(found)} would have been found with 80% power."


def two_rates(
    count_a: int,
    exposure_a: float,
    count_b: int,
    exposure_b: float,
    *,
    confidence: float = 0.95,
    names: tuple[str, str] = ("a", "b"),
) -> TwoRates:
    """Compare two Poisson rates, exactly.

    Given their sum, the first count is binomial with the first group's share of the exposure if the rates are
    equal (the C-test [1]_). ``p_value`` adds up the outcomes that are as unlikely as the one seen, as R's
    ``poisson.test`` does; ``p_doubled``, as a rule larger, belongs to ``interval``, which is Clopper and Pearson's
    turned into a ratio. Mid-p halves the weight of the outcome seen: less cautious, not guaranteed. The E-test [2]_
    (Wald statistic, unpooled variance, plug-in pooled rate) is more powerful for few incidents, and may exceed its
    level slightly. All assume that incidents come independently.

    Parameters
    ----------
    count_a, count_b : int
        Incidents.
    exposure_a, exposure_b : float
        Time, residents or workers that they are counted over, over 0, in one unit.
    confidence : float, default 0.95
        Of the intervals; the verdict takes what it leaves as its level.
    names : tuple of str, default ("a", "b")
        Of the groups, for the table and the sentence.

    Returns
    -------
    TwoRates
        No test, with a ``reason``, below 5 incidents; the rates and their ratio are given all the same.

    Raises
    ------
    InputError
        If a count is no whole number of 0 or more, or an exposure not over 0.
    RequestError
        If ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Przyborowski, J., and Wilenski, H. (1940). Homogeneity of results in testing samples from Poisson series.
       Biometrika 31 (3/4), 313-323.
    .. [2] Krishnamoorthy, K., and Thomson, J. (2004). A more powerful test for comparing two Poisson means.
       Journal of Statistical Planning and Inference 119 (1), 23-35.
    .. [3] Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28 (3/4), 437-442.

    Examples
    --------
    >>> from awsd_geo.statistics import two_rates
    >>> found = two_rates(12, 1, 4, 1)
    >>> round(found.ratio, 1), round(found.p_greater, 4), round(found.e_test_p, 4)
    (3.0, 0.0384, 0.046)
    """
    check_confidence(confidence)
    counts = tuple(_count(number) for number in (count_a, count_b))
    exposures = tuple(_exposure(number) for number in (exposure_a, exposure_b))
    return compared(rates_table(counts, exposures, names, confidence), confidence)


def _number(value: object) -> float:
    known = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    return float(value) if known else np.nan  # type: ignore[arg-type]


def _count(value: object) -> int:
    number = _number(value)
    if not 0 <= number <= 2**53 or number != int(number):
        raise InputError(f"A count must be a whole number of 0 or more, not {value!r}. Count incidents first.")
    return int(number)


def _exposure(value: object) -> float:
    if not 0 < (number := _number(value)) < np.inf:
        raise InputError(f"An exposure must be a number over 0, not {value!r}. Give the time or the residents.")
    return number


def rates_table(
    counts: tuple[int, ...], exposures: tuple[float, ...], names: tuple[str, str], confidence: float
) -> pd.DataFrame:
    """Give counts, exposures and rates with Garwood's interval."""
    number, per, half = np.array(counts, dtype=np.int64), np.array(exposures), (1 - confidence) / 2
    low = np.where(number > 0, gammaincinv(np.maximum(number, 1), half), 0.0) / per
    columns = {"incidents": number, "exposure": per, "rate": number / per, "low": low}
    return pd.DataFrame(
        columns | {"high": gammaincinv(number + 1.0, 1 - half) / per}, index=pd.Index(names, name="group")
    )


def compared(
    table: pd.DataFrame, confidence: float, quasi: tuple[float, float] = (np.nan, np.nan), why: str | None = None
) -> TwoRates:
    """Compare the two rows of a table; ``quasi`` is the dispersion and its p, ``why`` why there is no test."""
    (a, b), (per_a, per_b) = (int(count) for count in table["incidents"]), table["exposure"]
    even = float(np.log(per_a / per_b))
    law, reason = binomial(a + b), why or why_too_few(a + b)
    known = a + b > 0 and not np.isnan(even)
    nothing = (np.nan, np.nan)
    exact, mid = (law.interval(a, confidence, mid=mid) if known else nothing for mid in (False, True))
    down, up = law.detectable(even, 1 - confidence, POWER) if reason is None else nothing
    with np.errstate(divide="ignore"):
        ratio = float(np.divide(a * per_b, b * per_a)) if known else np.nan
    return TwoRates(
        table=table,
        ratio=ratio,
        interval=_ratios(exact, even),
        mid_p_interval=_ratios(mid, even),
        **_p_values(law.tails(a, even) if reason is None else None),
        **_e_test((a, per_a, b, per_b) if reason is None else None),
        dispersion=quasi[0],
        quasi_poisson_p=quasi[1] if reason is None else np.nan,
        smallest_detectable=float(np.exp(up - even)),
        largest_detectable=float(np.exp(down - even)),
        confidence=confidence,
        reason=reason,
    )


def _ratios(thetas: tuple[float, float], even: float) -> tuple[float, float]:
    low, high = (float(np.exp(theta - even)) for theta in thetas)
    return low, high


def _p_values(tails: Tails | None) -> dict[str, float]:
    names = {
        "p_value": "minimum_likelihood", "p_doubled": "doubled", "p_greater": "greater", "p_less": "less",
        "mid_p": "mid", "mid_p_greater": "mid_greater", "mid_p_less": "mid_less",
    }  # fmt: skip
    return {field: getattr(tails, tail) if tails else np.nan for field, tail in names.items()}


def _e_test(groups: tuple[int, float, int, float] | None) -> dict[str, float]:
    p_values = (np.nan,) * 3 if groups is None else e_test(*groups)
    return dict(zip(("e_test_p", "e_test_p_greater", "e_test_p_less"), p_values, strict=True))
