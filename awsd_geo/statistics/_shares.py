"""Has a region's share of the incidents changed between two periods: Fisher's exact test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from scipy.special import betaincinv, ndtri

from awsd_geo.results import Result
from awsd_geo.statistics._discrete import Tilted, hypergeometric
from awsd_geo.statistics._guard import check_confidence, why_too_few
from awsd_geo.statistics._periods import check_region, periods
from awsd_geo.statistics._words import one_of_many, percent, probability

if TYPE_CHECKING:
    from awsd_geo.statistics._discrete import Tails
    from awsd_geo.statistics._periods import Periods

POWER = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class TwoShares(Result):
    """One region's share in two periods; ``table`` has the two periods, the earlier first.

    ``table`` has ``incidents`` (of the region), ``total`` (of all regions), ``share``, ``low`` and ``high``
    (Clopper-Pearson interval).
    """

    test: ClassVar[str] = "Fisher's exact test"
    region_id: str | None  # None if undefined
    region: str  # its name
    difference: float  # later share less earlier share
    difference_interval: tuple[float, float]  # Newcombe's hybrid score interval
    odds_ratio: float  # later over earlier, conditional maximum likelihood
    interval: tuple[float, float]  # exact, of the odds ratio; leaves out 1 exactly if p_doubled is below the level
    p_value: float  # two-sided: all tables as unlikely as the one seen
    p_doubled: float  # two-sided, twice the smaller tail
    p_greater: float  # the share has not risen
    p_less: float  # the share has not fallen
    mid_p: float  # two-sided, twice the smaller
    smallest_detectable: float  # odds ratio over 1 that these totals had an 80 % chance to show; infinite if none
    largest_detectable: float  # odds ratio under 1, likewise; 0 if none
    confidence: float
    reason: str | None  # why there is no test, if there is none

    @property
    def verdict(self) -> str:
        """Whether the share has "risen" or "fallen", "no clear change", or "undefined"."""
        if np.isnan(self.p_value):
            return "undefined"
        if self.p_value >= 1 - self.confidence:
            return "no clear change"
        return "risen" if self.p_greater < self.p_less else "fallen"

    def summary(self) -> str:
        """State the finding in one or two sentences."""
        if self.reason is not None:
            return f"No share is compared. {self.reason}"
        parts = [
            f"{row['incidents']:.0f} of {row['total']:.0f} ({percent(row['share'])}) in {period}"
            for period, row in self.table.iterrows()
        ]
        low, high = (f"{100 * end:+.0f}" for end in self.difference_interval)
        level = f"{round(100 * self.confidence, 1):g}%"
        text = (
            f"{self.region}: {parts[0]}, {parts[1]}; {100 * self.difference:+.0f} percentage points ({level} CI {low} "
            f"to {high}), {self.verdict}, p {probability(self.p_value)} ({self.test})."
        )
        return text + self._could_have_found()

    def _could_have_found(self) -> str:
        if self.verdict != "no clear change":
            return ""
        down, up = self.largest_detectable, self.smallest_detectable
        found = [f"{up:.1f} or more"] * bool(np.isfinite(up)) + [f"{down:.2f} or less"] * (down > 0)
        if not found:
            return " So few incidents could not have shown any change."
        return f" Odds {' or '.join(found)} times the earlier would have been found with 80% power."


def compare_shares(counts: pd.Series, *, split: int, region: str | None = None, confidence: float = 0.95) -> TwoShares:
    """Test whether a region's share of all incidents changed between the years before ``split`` and from it on.

    Given the number in either period and the number in the region, the region's later incidents are hypergeometric
    if its share stayed the same [1]_. Growth of the country cancels. ``p_value`` adds up the tables that are as
    unlikely as the one seen, as R and scipy do; ``p_doubled``, as a rule larger, belongs to ``interval``.

    By default the region is the one with the most incidents in both periods together. That choice uses nothing but
    what the test holds fixed, so that its p needs no correction. It does if the region, or the split, was chosen
    because its share changed: then ``spread`` tests all regions together.

    Parameters
    ----------
    counts : Series of int, shape (n_regions * n_years,)
        Incidents by ``region_id`` and ``year``, zeros written out.
    split : int
        First year of the later period.
    region : region_id, optional
        By default the region with the most incidents.
    confidence : float, default 0.95
        Of the intervals.

    Returns
    -------
    TwoShares
        Undefined, with a ``reason``: fewer than 5 incidents, a period without incidents, all or none of the
        incidents in the region, several regions that share the first place and none named.

    Raises
    ------
    InputError
        If the counts are not what they should be.
    RequestError
        If the region was not counted, ``split`` is no year or ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical Society 98 (1),
       39-82.
    .. [2] Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions:
       comparison of eleven methods. Statistics in Medicine 17 (8), 873-890, method 10.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import compare_shares
    >>> index = pd.MultiIndex.from_product([["Mopti", "other"], [2019, 2022]], names=["region_id", "year"])
    >>> found = compare_shares(pd.Series([10, 20, 2, 21], index=index), split=2020)
    >>> found.region, round(found.difference, 2), round(found.p_value, 3)
    ('Mopti', -0.35, 0.048)
    """
    check_confidence(confidence)
    cut = periods(counts, split)
    chosen, reason = _choose(cut, region)
    if reason is not None or chosen is None:
        return _undefined(cut, chosen, confidence, reason)
    hits = tuple(int(cut.table[period][chosen]) for period in ("earlier", "later"))
    table = _table(cut, hits, confidence)
    law, smallest = hypergeometric(cut.totals[1], cut.totals[0], sum(hits))
    place = hits[1] - smallest
    down, up = law.detectable(0.0, 1 - confidence, POWER)
    return TwoShares(
        table=table,
        region_id=chosen,
        region=str(cut.table["name"][chosen]),
        difference=float(table["share"].iloc[1] - table["share"].iloc[0]),
        difference_interval=newcombe(hits[1], cut.totals[1], hits[0], cut.totals[0], confidence),
        odds_ratio=float(np.exp(law.estimate(place))),
        interval=_odds(law, place, confidence),
        **_p_values(law.tails(place, 0.0)),
        smallest_detectable=float(np.exp(up)),
        largest_detectable=float(np.exp(down)),
        confidence=confidence,
        reason=None,
    )


def newcombe(count_a: int, n_a: int, count_b: int, n_b: int, confidence: float) -> tuple[float, float]:
    """Give Newcombe's hybrid score interval of the difference of two shares, the first less the second."""
    z = float(ndtri((1 + confidence) / 2))

    def wilson(count: int, n: int) -> tuple[float, float]:
        middle = count + z * z / 2
        margin = z * np.sqrt(count * (n - count) / n + z * z / 4)
        return max((middle - margin) / (n + z * z), 0.0), min((middle + margin) / (n + z * z), 1.0)

    a, b = count_a / n_a, count_b / n_b
    (low_a, high_a), (low_b, high_b) = wilson(count_a, n_a), wilson(count_b, n_b)
    return (
        float(a - b - np.hypot(a - low_a, high_b - b)),
        float(a - b + np.hypot(high_a - a, b - low_b)),
    )


def _choose(cut: Periods, region: str | None) -> tuple[str | None, str | None]:
    """Give the region and why it cannot be compared, if it cannot."""
    both = cut.table["earlier"] + cut.table["later"]
    n = int(both.sum())
    first = both.index[both == both.max()]
    chosen = check_region(region, cut.table) if region is not None else first[0] if len(first) == 1 else None
    if (few := why_too_few(n)) is not None:
        return chosen, few
    for total, period, side in zip(cut.totals, (cut.earlier, cut.later), ("before", "from"), strict=True):
        if total == 0:
            return chosen, f"No incident {side} the split ({period}): there is no share to compare with."
    if chosen is None:
        names = one_of_many(cut.table.loc[first, "name"])
        return None, f"{names} share the first place with {both.max()} each: name the region to compare."
    if both[chosen] in {0, n}:
        how = "Every incident is" if both[chosen] else "No incident is"
        return chosen, f"{how} in {cut.table['name'][chosen]}: its share cannot have changed."
    return chosen, None


def _table(cut: Periods, hits: tuple[int, ...], confidence: float) -> pd.DataFrame:
    x, n, half = np.array(hits), np.array(cut.totals), (1 - confidence) / 2
    low = np.where(x > 0, betaincinv(np.maximum(x, 1), n - x + 1, half), 0.0)
    high = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1), 1 - half), 1.0)
    columns = {"incidents": x, "total": n, "share": x / n, "low": low, "high": high}
    return pd.DataFrame(columns, index=pd.Index([cut.earlier, cut.later], name="period"))


def _odds(law: Tilted, place: int, confidence: float) -> tuple[float, float]:
    low, high = law.interval(place, confidence)
    return float(np.exp(low)), float(np.exp(high))


def _p_values(tails: Tails | None) -> dict[str, float]:
    names = {
        "p_value": "minimum_likelihood", "p_doubled": "doubled", "p_greater": "greater", "p_less": "less",
        "mid_p": "mid",
    }  # fmt: skip
    return {field: getattr(tails, tail) if tails else np.nan for field, tail in names.items()}


def _undefined(cut: Periods, chosen: str | None, confidence: float, reason: str | None) -> TwoShares:
    hits = [np.nan] * 2 if chosen is None else [cut.table[period][chosen] for period in ("earlier", "later")]
    index = pd.Index([cut.earlier, cut.later], name="period")
    table = pd.DataFrame({"incidents": hits, "total": cut.totals}, index=index)
    return TwoShares(
        table=table.assign(share=np.nan, low=np.nan, high=np.nan),
        region_id=chosen,
        region="" if chosen is None else str(cut.table["name"][chosen]),
        difference=np.nan,
        difference_interval=(np.nan, np.nan),
        odds_ratio=np.nan,
        interval=(np.nan, np.nan),
        **_p_values(None),
        smallest_detectable=np.nan,
        largest_detectable=np.nan,
        confidence=confidence,
        reason=reason,
    )
