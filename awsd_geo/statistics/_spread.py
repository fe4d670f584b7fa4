"""Do incidents gather less than before, in more regions, in new ones: exact conditional tests of two periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.results import RegionalResult
from awsd_geo.statistics._allotment import allotment_tails
from awsd_geo.statistics._discrete import hypergeometric
from awsd_geo.statistics._gathering import log_chance_of_none, reached, same_region, smallest_new
from awsd_geo.statistics._guard import check_confidence, why_too_few
from awsd_geo.statistics._multiple import holm
from awsd_geo.statistics._periods import NO_YEAR, periods
from awsd_geo.statistics._words import one_of_many, probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._periods import Periods

    Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Spread(RegionalResult):
    """How incidents lie over the regions in two periods; ``table`` has one row per region.

    ``table`` has ``name``, ``kind``, ``earlier``, ``later`` (incidents), ``share_earlier``, ``share_later``,
    ``change`` (of the share), ``new`` (none before, some later), ``p_gain`` (one-sided: the region gained no more
    than chance gives) and ``p_gain_adjusted`` (Holm over the regions with incidents).
    """

    SHOWN: ClassVar[str] = "change"
    test: ClassVar[str] = "exact conditional test of Simpson's index"
    correction: ClassVar[str] = "Holm"
    same_earlier: float  # chance that two incidents of the earlier period fell in one region (Simpson's index)
    same_later: float
    p_value: float  # two-sided, of the change of that chance: twice the smaller tail
    p_less: float  # incidents do not gather less than before
    p_greater: float  # incidents do not gather more than before
    hit_earlier: int  # regions with incidents
    hit_later: int
    hit_later_expected: float  # if the later incidents were a random part of all (rarefaction)
    hit_p: float  # two-sided, of the change of the number of regions hit
    hit_p_greater: float  # no more regions are hit than the numbers of incidents explain
    smallest_new: float  # incidents that a region without any before would have needed; NaN if none would do
    family: int  # regions with incidents, over which p_gain is corrected
    periods: tuple[str, str]
    exact: bool  # False where the p of the index or of the number of regions is Monte Carlo
    replicates: int
    seed: int
    confidence: float
    reason: str | None  # why there is no test, if there is none

    @property
    def new_regions(self) -> tuple[str, ...]:
        """The region_ids with none before whose gain is more than chance after the correction."""
        found = self.table["new"] & (self.table["p_gain_adjusted"] < 1 - self.confidence)
        return tuple(self.table.index[found])

    @property
    def verdict(self) -> str:
        """Whether incidents "gather less" or "gather more" than before, "no clear change", or "undefined"."""
        if np.isnan(self.p_value):
            return "undefined"
        if self.p_value >= 1 - self.confidence:
            return "no clear change"
        return "gather less" if self.p_less < self.p_greater else "gather more"

    def summary(self) -> str:
        """State the finding in two or three sentences."""
        before, after = self.periods
        if self.reason is not None:
            return f"The spread in {after} is not compared with {before}. {self.reason}"
        noun = "units" if (self.table["kind"] == "district").any() else "regions"
        how = "exact" if self.exact else f"{self.replicates} random allotments"
        chance = f"{100 * self.same_earlier:.0f}% in {before}, {100 * self.same_later:.0f}% in {after}"
        return (
            f"Two incidents fell in one region with a chance of {chance}: {self.verdict}, p "
            f"{probability(self.p_value)} ({how}). {self.hit_earlier} {noun} hit, then {self.hit_later} "
            f"({self.hit_later_expected:.1f} expected of so many incidents), p {probability(self.hit_p)}.{self._new()}"
        )

    def _new(self) -> str:
        new = self.table[self.table["new"]]
        if not len(new):
            return " No region is new."
        text = f" None before, some now: {one_of_many(new['name'])}; "
        found = self.table.loc[list(self.new_regions), "name"]
        if len(found):
            return f"{text}more than chance in {one_of_many(found)} ({self.correction} over {self.family} regions)."
        needed = f", {self.smallest_new:.0f} in one of them would have been" * bool(np.isfinite(self.smallest_new))
        return f"{text}in none more than chance ({self.correction} over {self.family} regions){needed}."


def spread(counts: pd.Series, *, split: int, confidence: float = 0.95, replicates: int = 9999, seed: int = 0) -> Spread:
    """Test whether incidents gather less, or in more regions, in the years from ``split`` on than before.

    Null hypothesis: which incidents are the later ones is chance. Given the number of incidents of each region and
    of each period the table of counts is then multivariate hypergeometric, and growth of the country cancels. Three
    things are asked of it: Simpson's index, the chance that two incidents of a period fell in the same region
    [1]_, whose change is the test statistic as in Solow's randomization test [2]_ (here with its exact law where
    that can be held); the number of regions hit, beside what rarefaction [3]_ expects of so many incidents; and,
    region by region, whether it gained more than chance gives (Fisher's one-sided test), which for a region with no
    incident before is the test whether it is new. All assume that incidents come independently.

    Parameters
    ----------
    counts : Series of int, shape (n_regions * n_years,)
        Incidents by ``region_id`` and ``year``, zeros written out.
    split : int
        First year of the later period.
    confidence : float, default 0.95
        What it leaves is the level of the verdicts.
    replicates : int, default 9999
        Random allotments, made only where the exact law has too many values.
    seed : int, default 0
        Of these.

    Returns
    -------
    Spread
        Undefined, with a ``reason``: fewer than 5 incidents, fewer than 2 in a period, all in one region.

    Raises
    ------
    InputError
        If the counts are not what they should be.
    RequestError
        If ``split`` is no year, ``replicates`` below 1, or ``confidence`` not between 0 and 1.

    References
    ----------
    .. [1] Simpson, E. H. (1949). Measurement of diversity. Nature 163, 688.
    .. [2] Solow, A. R. (1993). A simple test for change in community structure. Journal of Animal Ecology 62 (1),
       191-193.
    .. [3] Hurlbert, S. H. (1971). The nonconcept of species diversity: a critique and alternative parameters.
       Ecology 52 (4), 577-586.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import spread
    >>> index = pd.MultiIndex.from_product([["a", "b", "c", "d"], [2019, 2022]], names=["region_id", "year"])
    >>> found = spread(pd.Series([9, 4, 0, 5, 1, 3, 0, 4], index=index), split=2020)
    >>> found.verdict, round(found.p_value, 4), found.table.index[found.table["new"]].tolist()
    ('gather less', 0.0036, ['b', 'd'])
    """
    check_confidence(confidence)
    if replicates < 1:
        raise RequestError(f"replicates must be 1 or more; it is {replicates}. Give 999 or 9999.")
    cut = periods(counts, split)
    reason = _why_not(cut)
    early, late = (cut.table[period].to_numpy() for period in ("earlier", "later"))
    tested, exact = _tests(early, late, replicates, seed) if reason is None else (_nothing(), True)
    table = _table(cut, undefined=reason is not None)
    family = int((early + late > 0).sum())
    return Spread(
        table=table,
        **tested,
        hit_earlier=int((early > 0).sum()),
        hit_later=int((late > 0).sum()),
        smallest_new=smallest_new(cut.totals, (1 - confidence) / max(family, 1)) if reason is None else np.nan,
        family=family if reason is None else 0,
        periods=(cut.earlier, cut.later),
        exact=exact,
        replicates=replicates,
        seed=seed,
        confidence=confidence,
        reason=reason,
    )


def _why_not(cut: Periods) -> str | None:
    before, after = cut.totals
    if (few := why_too_few(before + after)) is not None:
        return few
    for number, period in ((before, cut.earlier), (after, cut.later)):
        if period == NO_YEAR:
            return (
                f"All years are {cut.earlier if cut.later == NO_YEAR else cut.later}: no other period to compare with."
            )
        if number < 2:
            return (
                f"Only {number} incident{'s' * (number != 1)} in {period}: two are needed to say whether they gather."
            )
    if ((cut.table["earlier"] + cut.table["later"]) > 0).sum() < 2:
        return "All incidents are in one region: nothing can have spread or gathered."
    return None


def _tests(early: Whole, late: Whole, replicates: int, seed: int) -> tuple[dict[str, float], bool]:
    hit = early + late > 0
    totals, later = (early + late)[hit], int(late.sum())
    before, n = int(early.sum()), int(totals.sum())
    scores = [same_region(np.arange(total + 1), int(total), before, later) for total in totals]
    seen = sum(int(own[x]) for own, x in zip(scores, late[hit], strict=True))
    less, greater, exact = allotment_tails(totals, later, scores, seen, replicates=replicates, seed=seed)
    hits = [reached(np.arange(total + 1), int(total)) for total in totals]
    more = sum(int(own[x]) for own, x in zip(hits, late[hit], strict=True))
    fewer_p, more_p, exact_too = allotment_tails(totals, later, hits, more, replicates=replicates, seed=seed)
    tested = {
        "same_earlier": float(np.sum(early * (early - 1)) / (before * (before - 1))),
        "same_later": float(np.sum(late * (late - 1)) / (later * (later - 1))),
        "p_value": min(2 * min(less, greater), 1.0),
        "p_less": less,
        "p_greater": greater,
        "hit_later_expected": float(np.sum(1 - np.exp(log_chance_of_none(totals, n, later)))),
        "hit_p": min(2 * min(fewer_p, more_p), 1.0),
        "hit_p_greater": more_p,
    }
    return tested, exact and exact_too


def _nothing() -> dict[str, float]:
    names = ("same_earlier", "same_later", "p_value", "p_less", "p_greater", "hit_later_expected", "hit_p")
    return dict.fromkeys((*names, "hit_p_greater"), np.nan)


def _table(cut: Periods, *, undefined: bool) -> pd.DataFrame:
    table = cut.table.copy()
    for period, total in zip(("earlier", "later"), cut.totals, strict=True):
        table[f"share_{period}"] = table[period] / total if total else np.nan
    table["change"] = table["share_later"] - table["share_earlier"]
    table["new"] = (table["earlier"] == 0) & (table["later"] > 0) & (not undefined)
    table["p_gain"] = np.nan
    if not undefined:
        table["p_gain"] = [
            _gain(*cut.totals, int(x), int(y)) for x, y in zip(table["earlier"], table["later"], strict=True)
        ]
    return table.assign(p_gain_adjusted=holm(table["p_gain"]))


def _gain(before: int, after: int, earlier: int, later: int) -> float:
    if earlier + later == 0:
        return np.nan
    law, smallest = hypergeometric(after, before, earlier + later)
    return law.tails(later - smallest, 0.0).greater
