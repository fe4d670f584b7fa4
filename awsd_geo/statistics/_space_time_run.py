"""What all space-time scans share: checks of the choices, the run, and the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.statistics._cylinder_find import apart, compare, evaluate
from awsd_geo.statistics._cylinders import Cylinders
from awsd_geo.statistics._scan_likelihood import DIRECTIONS, Likelihood
from awsd_geo.statistics._space_time_result import COLUMNS, SpaceTimeScan
from awsd_geo.statistics._time_trend import TRENDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._cylinder_find import Ratios
    from awsd_geo.statistics._cylinder_null import Draw
    from awsd_geo.statistics._cylinders import Shapes
    from awsd_geo.statistics._scan_chance import Chance
    from awsd_geo.statistics._scan_windows import Windows
    from awsd_geo.statistics._space_time_problem import Grid, Periods

    Floats = NDArray[np.float64]

NO_ZONE = "No zone is small enough. Let zones hold a larger share of the exposure."


@dataclass(frozen=True, slots=True)
class Plan:
    """The choices of a scan."""

    model: str
    cases: Grid
    windows: Windows
    periods: Periods
    direction: str
    replicates: int
    stop_after: int | None
    seed: int
    trend: str = "none"

    def check(self) -> Plan:
        """Refuse what is no choice.

        Raises
        ------
        RequestError
            If a choice is unknown or outside its range.
        """
        if self.direction not in DIRECTIONS:
            raise RequestError(f"Unknown direction {self.direction!r}. Choose from: {', '.join(DIRECTIONS)}.")
        if self.trend not in TRENDS:
            raise RequestError(f"Unknown trend {self.trend!r}. Choose from: {', '.join(TRENDS)}.")
        if self.replicates < 1 or (self.stop_after is not None and self.stop_after < 1):
            raise RequestError("replicates and stop_after must be whole numbers of 1 or more, for example 9999 and 10.")
        if self.windows.shape == "elliptic":
            raise RequestError("Windows of a space-time scan are circular or flexible. Choose one of them.")
        self.windows.check(len(self.cases.ids))
        self.periods.check(len(self.cases.labels))
        return self

    def undefined(self, reason: str) -> SpaceTimeScan:
        """Give a result without a cluster, and why."""
        return self._result([], np.nan, reason, reason, 0, None, None)

    def run(
        self, shapes: Shapes, expected: Floats, sizes: Floats, draw: Draw, trend_ratio: float | None = None
    ) -> SpaceTimeScan:
        """Scan the map and maps of chance.

        Parameters
        ----------
        shapes : Shapes
            Zones.
        expected : ndarray of float, shape (n_units, n_periods)
            Sums to the cases.
        sizes : ndarray of float, shape (n_units,)
            What limits the size of a zone.
        draw : callable
            Gives maps under the null hypothesis.
        trend_ratio : float, optional
            What the expectations are adjusted for.
        """
        if not shapes.order:
            return self.undefined(NO_ZONE)
        number, looks = len(self.cases.labels), self.periods.looks
        model = Likelihood(self.cases.total, None, self.direction, self.windows.fewest)
        since = 0 if looks is None else number - looks
        cylinders = Cylinders(shapes, model, expected, self.periods.length(number), since)
        every = evaluate(cylinders, self.cases.counts, alive=looks is not None)
        options = (self.replicates, self.stop_after, self.seed)
        chance = compare(cylinders, draw, float(every.llr.max(initial=0.0)), options)
        shares = shapes.members @ (sizes / sizes.sum())
        reported = apart(cylinders, every.where(shares[every.zone] <= self.windows.reported_share * (1 + 1e-9)))
        rows = self._rows(cylinders, reported, chance, shares)
        p_value = rows[0]["p_value"] if rows else 1.0
        return self._result(rows, p_value, chance.why_no_gumbel(), None, len(cylinders), chance, trend_ratio)

    def _rows(self, cylinders: Cylinders, found: Ratios, chance: Chance, shares: Floats) -> list[dict[str, Any]]:
        cases, total, rows = self.cases, self.cases.total, []
        p_values = chance.p_values(found.llr)
        curve = np.full(len(p_values), np.nan) if chance.why_no_gumbel() else chance.gumbel(found.llr)
        for k, p in enumerate(p_values.tolist()):
            if k and p >= 1:
                break
            units, expected = cylinders.shapes.order[found.zone[k]], float(found.expected[k])
            observed = int(found.observed[k])
            outside = (total - observed) / (total - expected) if expected < total else np.nan
            risk = observed / expected / outside if outside else np.inf
            rows.append({
                "rank": k + 1,
                "regions": tuple(cases.ids[units]),
                "names": tuple(cases.names[unit] for unit in units),
                "start": cases.labels[found.first[k]],
                "end": cases.labels[found.last[k] - 1],
                "periods": int(found.last[k] - found.first[k]),
                "direction": "high" if observed > expected else "low",
                "observed": observed,
                "expected": expected,
                "ratio": observed / expected,
                "relative_risk": np.nan if self.model == "space-time permutation" else risk,
                "llr": float(found.llr[k]),
                "p_value": p,
                "p_gumbel": float(curve[k]),
                **self._recurrence(p),
                "exposure_share": float(shares[found.zone[k]]),
            })  # fmt: skip
        return rows

    def _recurrence(self, p: float) -> dict[str, float]:
        """Give 1 / p, the p of a single look; in days too where the labels tell how long a period is.

        With k looks allowed for, p of a single look is 1 - (1 - p) ** (1 / k).
        """
        if self.periods.looks is None:
            return {"recurrence_interval": np.nan, "recurrence_days": np.nan}
        single = -np.expm1(np.log1p(-p) / self.periods.looks) if p < 1 else 1.0
        days = np.nan if self.cases.days is None else float(self.cases.days.mean())
        return {"recurrence_interval": 1 / single, "recurrence_days": days / single}

    def _result(
        self, rows: list[dict[str, Any]], p_value: float, no_curve: str | None, reason: str | None, cylinders: int,
        chance: Chance | None, trend_ratio: float | None,
    ) -> SpaceTimeScan:  # fmt: skip
        return SpaceTimeScan(
            table=pd.DataFrame(rows, columns=list(COLUMNS)),
            p_value=p_value,
            gumbel_reason=no_curve,
            model=self.model,
            direction=self.direction,
            trend=self.trend,
            trend_ratio=trend_ratio,
            longest=self.periods.length(len(self.cases.labels)),
            looks=self.periods.looks,
            cylinders=cylinders,
            replicates=0 if chance is None else len(chance.maxima),
            stopped=chance is not None and chance.stopped,
            seed=self.seed,
            located=self.cases.total,
            reason=reason,
        )
