"""What a space-time scan found: clusters with their time, and one sentence about the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from awsd_geo.results import Result
from awsd_geo.statistics._scan_likelihood import SAME
from awsd_geo.statistics._words import one_of_many, probability

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT = 0.05  # p up to which a cluster is called one
COLUMNS = (
    "rank", "regions", "names", "start", "end", "periods", "direction", "observed", "expected", "ratio",
    "relative_risk", "llr", "p_value", "p_gumbel", "recurrence_interval", "recurrence_days", "exposure_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class SpaceTimeScan(Result):
    """Where and when incidents cluster, and how often chance alone gives a cluster as strong anywhere and at any time.

    ``table`` has one row per cluster, the most likely first; none overlaps a better one in both space and time.
    Columns: ``rank``, ``regions`` (tuple of region_ids, from the centre outward), ``names``, ``start`` and ``end``
    (labels of the first and the last period), ``periods``, ``direction`` ("high" or "low"), ``observed``,
    ``expected``, ``ratio`` (observed by expected), ``relative_risk`` (rate inside by rate elsewhere and at other
    times; missing for permutation, which knows no rate), ``llr`` (log likelihood ratio; for permutation a statistic
    of the same form), ``p_value``, ``p_gumbel``, ``recurrence_interval`` (prospective: one cluster as strong is
    expected by chance in so many periods), ``recurrence_days`` (the same in days, where the labels tell how long a
    period is), ``exposure_share`` (of the zone, 0 to 1).
    """

    test: ClassVar[str] = "space-time scan statistic"
    p_value: float  # of the most likely cluster; 1 if none departs in the direction asked
    gumbel_reason: str | None  # why there is no ``p_gumbel``, if there is none
    model: str  # "space-time poisson", "space-time permutation", "temporal poisson"
    direction: str  # "high", "low", "both"
    trend: str  # "none", "log-linear", "nonparametric": what the expectations are adjusted for
    trend_ratio: float | None  # log-linear: rate of each period by the one before
    longest: int  # periods of the longest run looked at
    looks: int | None  # prospective: looks that p allows for
    cylinders: int  # looked at
    replicates: int  # maps drawn under the null hypothesis
    stopped: bool  # whether drawing ended early
    seed: int
    located: int  # incidents
    reason: str | None  # why there is no scan, if there is none

    @property
    def regions(self) -> tuple[Any, ...]:
        """The region_ids of the most likely cluster; none if there is none."""
        return tuple(self.table["regions"].iloc[0]) if len(self.table) else ()

    @property
    def family(self) -> str:
        """What the p-values are corrected for."""
        looks = "" if self.looks is None else f" at {self.looks} look{'s' * (self.looks > 1)}"
        return f"all {self.cylinders:,} zones and runs of periods looked at{looks}"

    def summary(self) -> str:
        """State the finding in one sentence."""
        if self.reason is not None:
            return f"The scan is undefined: {self.reason}"
        if not len(self.table):
            words = {"high": "more", "low": "fewer", "both": "more or fewer"}[self.direction]
            return f"At no place and time are there {words} incidents than expected."
        first = self.table.iloc[0]
        if self.p_value > SIGNIFICANT:
            return (
                f"No cluster that chance does not explain: the most likely one, {self._cluster(first)}, has p "
                f"{probability(self.p_value)} ({self._how()}). That does not show that risk is even."
            )
        return (
            f"The most likely cluster is {self._cluster(first)}; p {self._p()} ({self._how()}){self._again(first)}. "
            "Where and when it begins and ends is uncertain."
        )

    def _cluster(self, row: pd.Series) -> str:
        when = str(row["start"]) if row["periods"] == 1 else f"{row['start']} to {row['end']}"
        return (
            f"{one_of_many(row['names'])} in {when} ({row['observed']} of {self.located} incidents where "
            f"{row['expected']:.3g} are expected)"
        )

    def _p(self) -> str:
        lowest = 1 / (self.replicates + 1)
        if not self.stopped and self.p_value <= lowest * (1 + SAME):
            return f"at most {probability(lowest)}, no map of chance reached it"
        return probability(self.p_value)

    def _how(self) -> str:
        test = self.model.replace("poisson", "scan").replace("permutation", "permutation scan")
        return f"{test}, {self.replicates:,} maps of chance, corrected for looking everywhere and at all times"

    def _again(self, row: pd.Series) -> str:
        if self.looks is None:
            return ""
        return f"; by chance one as strong is expected once in {row['recurrence_interval']:,.3g} periods"
