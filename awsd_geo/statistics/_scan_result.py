"""What a scan found: clusters, the table by unit, and one sentence about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from awsd_geo.results import RegionalResult
from awsd_geo.statistics._scan_likelihood import SAME
from awsd_geo.statistics._words import one_of_many, probability

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT = 0.05  # p up to which a cluster is called one


@dataclass(frozen=True, slots=True, eq=False)
class Scan(RegionalResult):
    """Where incidents cluster, and how often chance alone gives a cluster as strong anywhere on the map.

    ``clusters`` has one row per cluster, the most likely first: ``rank``, ``regions`` (tuple of region_ids, from the
    centre outward), ``names``, ``direction`` ("high" or "low"), ``observed``, ``expected``, ``relative_risk`` (rate
    inside over rate outside; infinite if all incidents are inside), ``llr`` (log likelihood ratio; for an ellipse
    after its penalty), ``p_value``, ``p_gumbel``, ``exposure_share`` (0 to 1) and ``radius`` (of the farthest unit
    from the centre; km, or the unit of the coordinates).

    ``table`` has one row per unit: ``name``, ``kind``, ``incidents``, ``expected``, ``ratio`` (observed over
    expected), ``cluster`` (rank; 0 where in none), ``p_value`` (of that cluster) and ``label`` ("high" or "low" where
    the cluster's p is at most 0.05, else "not significant"; "undefined").
    """

    SHOWN: ClassVar[str] = "cluster"
    test: ClassVar[str] = "scan statistic"
    clusters: pd.DataFrame
    p_value: float  # of the most likely cluster; 1 if no zone departs in the direction asked
    gumbel_reason: str | None  # why there is no ``p_gumbel``, if there is none
    model: str  # "poisson", "bernoulli"
    direction: str  # "high", "low", "both"
    secondary: str  # how the clusters were chosen
    reported_share: float | None  # size chosen by the Gini index
    denominator: str  # "equal", "population", "area", "given", "expected counts", "controls"
    unit: str  # of the radius: "km", or "" for the unit of the coordinates
    zones: int  # distinct places where a zone ends; the same zone may be reached from several centres
    replicates: int  # maps drawn under the null hypothesis
    stopped: bool  # whether drawing ended early
    seed: int
    located: int  # incidents in all units
    total: int | None  # with those that no unit could be found for; None if not known
    reason: str | None  # why there is no scan, if there is none

    def to_frame(self) -> pd.DataFrame:
        """Give the clusters, one row each, as a copy that may be altered."""
        return self.clusters.copy()

    @property
    def regions(self) -> tuple[str, ...]:
        """The region_ids of the most likely cluster; none if there is none."""
        return tuple(self.clusters["regions"].iloc[0]) if len(self.clusters) else ()

    @property
    def p_gumbel(self) -> float:
        """The p of the most likely cluster by a Gumbel curve through the maxima of chance; NaN if none fits."""
        return float(self.clusters["p_gumbel"].iloc[0]) if len(self.clusters) else float("nan")

    @property
    def family(self) -> str:
        """What the p-values are corrected for."""
        return f"all {self.zones:,} zones looked at: each p is that of the strongest zone anywhere on a map of chance"

    def summary(self) -> str:
        """State the finding in one sentence."""
        if self.reason is not None:
            return f"The scan is undefined: {self.reason}"
        words = {"high": "more", "low": "fewer", "both": "more or fewer"}[self.direction]
        if not len(self.clusters):
            return f"No zone has {words} incidents than expected {self._against()}."
        first = self.clusters.iloc[0]
        if self.p_value > SIGNIFICANT:
            return (
                f"No cluster that chance does not explain: the most likely one, {self._cluster(first)}, has p "
                f"{probability(self.p_value)} ({self._how()}). That does not show that risk is even."
            )
        return (
            f"The most likely cluster is {self._cluster(first)}; p {self._p()} ({self._how()})"
            f"{self._others()}. Where it ends is uncertain."
        )

    def _against(self) -> str:
        known = {"equal": "at equal rates", "given": "by the exposure given", "controls": "among cases and controls"}
        return known.get(self.denominator, f"by {self.denominator}")

    def _cluster(self, row: pd.Series) -> str:
        risk = row["relative_risk"]
        times = "all of them there" if risk == float("inf") else f"{risk:.2g} times the rate elsewhere"
        return (
            f"{one_of_many(row['names'])} ({row['observed']} of {self.located} incidents where "
            f"{row['expected']:.3g} are expected {self._against()}; {times})"
        )

    def _p(self) -> str:
        lowest = 1 / (self.replicates + 1)
        if not self.stopped and self.p_value <= lowest * (1 + SAME):
            return f"at most {probability(lowest)}, no map of chance reached it"
        return probability(self.p_value)

    def _how(self) -> str:
        return f"{self.test}, {self.replicates:,} maps of chance, corrected for looking everywhere"

    def _others(self) -> str:
        found = self.clusters.iloc[1:]
        found = found[found["p_value"] <= SIGNIFICANT]
        if not len(found):
            return ""
        tied = int((found["llr"] >= self.clusters["llr"].iloc[0] * (1 - SAME)).sum())
        names = "; ".join(
            f"{one_of_many(row['names'])} (p {probability(row['p_value'])})" for _, row in found.iterrows()
        )
        return f"; apart from it {names}" + (", as likely as the first" if tied else "")
