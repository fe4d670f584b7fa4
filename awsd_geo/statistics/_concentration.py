"""Where incidents gather: shares with exact intervals, and whether the largest is more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from awsd_geo.results import RegionalResult
from awsd_geo.statistics._guard import (
    SMALLEST_P,
    by_region,
    check_confidence,
    check_exposure,
    why_no_exposure,
    why_not_concentrated,
)
from awsd_geo.statistics._indices import gini, hhi, lorenz
from awsd_geo.statistics._leader import lead_p_value
from awsd_geo.statistics._maxcell import SAME, critical_counts, critical_level, max_cell
from awsd_geo.statistics._words import one_of_many, percent, plural, probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._guard import Frame

FOUND_AT = 0.05  # level at which a region would have been found, for the smallest detectable share
POWER = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Concentration(RegionalResult):
    """Where incidents gather; ``table`` has one row per unit of the frame.

    ``table`` has ``name``, ``kind``, ``incidents``, ``share`` (0 to 1, of the located incidents), ``share_low`` and
    ``share_high`` (Clopper-Pearson interval), ``expected`` (incidents, at equal rates), ``ratio`` (location quotient:
    observed over expected) and ``p`` (the unit's own one-sided binomial tail, for a unit named beforehand).
    """

    SHOWN: ClassVar[str] = "share"
    test: ClassVar[str] = "exact max-cell"
    epicentre: str | None  # region_id of the unit with the strongest excess; None if tied or undefined
    ties: tuple[str, ...]  # region_ids that share the first place, if more than one
    p_value: float  # of the test, corrected for looking at all units
    smallest_detectable: float  # where p is over 0.05: the share that would have been found with 80 % power
    confidence: float  # of the intervals
    denominator: str  # "equal", "population", "area", "given"
    located: int  # incidents in all units
    total: int | None  # with those that no unit could be found for; None if not known
    gini: float
    hhi: float
    lorenz: pd.DataFrame
    reason: str | None  # why there is no test, if there is none

    @property
    def incidents(self) -> int:
        """Incidents of the epicentre, or of each of the ties if they have the same number; else 0."""
        return int(self._of_first("incidents", 0))

    @property
    def share(self) -> float:
        """Share (0 to 1) of the located incidents in the epicentre, or in each of the ties; NaN if undefined."""
        return float(self._of_first("share", np.nan))

    @property
    def interval(self) -> tuple[float, float]:
        """Clopper-Pearson interval of ``share``; not corrected for the region being picked by its count."""
        return float(self._of_first("share_low", np.nan)), float(self._of_first("share_high", np.nan))

    @property
    def lead_p_value(self) -> float:
        """Whether the unit with the most incidents leads the next one by more than chance; NaN if undefined."""
        return np.nan if self.reason is not None else lead_p_value(self.table["incidents"].to_numpy())

    @property
    def highest_ratio(self) -> str | None:
        """The region_id with the largest ratio; None if tied or undefined."""
        ratio = self.table["ratio"]
        highest = ratio.index[ratio >= ratio.max() * (1 - SAME)]
        return highest[0] if len(highest) == 1 else None

    @property
    def regions(self) -> int:
        """Number of units of the kind that is counted: the commonest, a district only where all are districts."""
        return int((self.table["kind"] == self._counted()).sum())

    @property
    def regions_with_incidents(self) -> int:
        """Number of units of that kind with an incident."""
        return int(((self.table["kind"] == self._counted()) & (self.table["incidents"] > 0)).sum())

    @property
    def districts(self) -> int:
        """Number of units that stand beside those: Bamako, a district, beside regions; a capital beside states."""
        return len(self.table) - self.regions

    @property
    def districts_with_incidents(self) -> int:
        """Number of the units beside them with an incident."""
        return int((self.table["incidents"] > 0).sum()) - self.regions_with_incidents

    def _of_first(self, column: str, otherwise: float) -> float:
        first = list(self.ties) if self.ties else [self.epicentre] if self.epicentre is not None else []
        values = self.table.loc[first, column].unique()
        return values[0] if len(values) == 1 else otherwise

    def summary(self) -> str:
        """State the finding in one sentence: where, how sure, out of how many."""
        parts = [self._reach(), self._lead(), self._test(), self._placed()]
        return "; ".join(part for part in parts if part) + "."

    def _counted(self) -> str:
        proper = self.table["kind"][lambda kinds: (kinds != "district") | (kinds == "district").all()]
        return str(proper.value_counts().sort_index().idxmax()) if len(proper) else "unit"

    def _reach(self) -> str:
        text = f"{self.regions_with_incidents} of {self.regions} {plural(self._counted(), 2)} with incidents"
        if apart := sorted({*self.table["kind"]} - {self._counted()}):
            noun = plural(apart[0] if len(apart) == 1 else "unit", self.districts)
            text += f", and {self.districts_with_incidents} of {self.districts} {noun}"
        return text

    def _lead(self) -> str:
        if self.ties:
            names = one_of_many(self.table.loc[list(self.ties), "name"])
            return f"{names} share the first place" + (f" with {self.incidents} each" if self.incidents else "")
        if self.epicentre is None:
            return ""
        low, high = (percent(end) for end in self.interval)
        name = str(self.table["name"][self.epicentre])
        level = f"{round(100 * self.confidence, 1):g}%"
        return f"{percent(self.share)} ({self.incidents} of {self.located}) in {name} ({level} CI {low[:-1]} to {high})"

    def _test(self) -> str:
        if self.reason is not None:
            return f"not tested ({self.reason.rstrip('.')})"
        known = {"equal": "equal rates", "given": "equal rates by the exposure given"}
        against = known.get(self.denominator, f"equal rates by {self.denominator}")
        text = f"p {probability(self.p_value)} against {against} ({self.test} test)"
        if not np.isnan(self.smallest_detectable):
            text += f"; a share of {percent(self.smallest_detectable)} would have been found with 80% power"
        return text

    def _placed(self) -> str:
        if self.total is None:
            return ""
        return f"{self.located} of {self.total} incidents located"


def concentration(counts: pd.Series, *, exposure: pd.Series | None = None, confidence: float = 0.95) -> Concentration:
    """Find where incidents gather, and whether the strongest excess is more than chance.

    Null hypothesis: every incident falls in a unit with probability equal to the unit's share of the exposure,
    independently (a multinomial). All units of the frame are cells of the test, districts too. The statistic is
    the smallest of the units' one-sided binomial tails, with equal shares the largest count; its p is exact (see
    ``awsd_geo.statistics._maxcell``) and accounts for the region having been found by looking.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,) or (n_regions * n_years,)
        Incidents (not victims, who come in groups) by ``region_id``, or by ``region_id`` and ``year``, zeros
        written out. ``attrs`` as ``awsd_geo.count`` sets them give names, kinds and the number not placed.
    exposure : Series of float, shape (n_regions,), optional
        Denominator by ``region_id``, over 0, in any unit; ``attrs["denominator"]`` names it. By default equal.
    confidence : float, default 0.95
        Of the intervals of the shares.

    Returns
    -------
    Concentration
        Undefined parts are NaN with a ``reason``: fewer than 5 incidents, one region, the same rate everywhere, a
        region without exposure. Shares and their intervals need only one incident.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.
    RequestError
        If ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Clopper, C. J., and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the
       case of the binomial. Biometrika 26 (4), 404-413.
    .. [2] Levin, B. (1981). A representation for multinomial cumulative distribution functions. Annals of
       Statistics 9 (5), 1123-1126.
    .. [3] Tippett, L. H. C. (1931). The Methods of Statistics. London: Williams & Norgate (smallest p).

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import concentration
    >>> found = concentration(pd.Series({"Mopti": 8, "Gao": 2, "Kayes": 0, "Kidal": 1}))
    >>> found.epicentre, round(found.p_value, 4)
    ('Mopti', 0.0048)
    """
    check_confidence(confidence)
    frame = by_region(counts)
    weights = np.ones(len(frame.counts)) if exposure is None else check_exposure(exposure, frame.counts.index)
    reason = why_no_exposure(weights, frame.names) or why_not_concentrated(frame.counts.to_numpy(), weights)
    table, p_value, smallest = _tested(_table(frame, confidence), weights, undefined=reason is not None)
    lowest = table["p"].min()
    first = tuple(table.index[table["p"] <= lowest * (1 + SAME)]) if reason is None else ()
    return Concentration(
        table=table,
        epicentre=first[0] if len(first) == 1 else None,
        ties=first if len(first) > 1 else (),
        p_value=p_value,
        smallest_detectable=smallest,
        confidence=confidence,
        denominator="equal" if exposure is None else str(exposure.attrs.get("denominator", "given")),
        located=frame.located,
        total=frame.total,
        gini=gini(counts, exposure),
        hhi=hhi(counts),
        lorenz=lorenz(counts, exposure),
        reason=reason,
    )


def _table(frame: Frame, confidence: float) -> pd.DataFrame:
    counts, n, half = frame.counts.to_numpy(), frame.n, (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        share = counts / n if n else np.full(len(counts), np.nan)
    low = np.where(counts > 0, betaincinv(np.maximum(counts, 1), n - counts + 1, half), 0.0)
    high = np.where(counts < n, betaincinv(counts + 1, np.maximum(n - counts, 1), 1 - half), 1.0)
    columns = {"name": frame.names, "kind": frame.kinds, "incidents": frame.counts, "share": share}
    table = pd.DataFrame(columns, index=frame.counts.index)
    return table.assign(share_low=low if n else np.nan, share_high=high if n else np.nan)


def _tested(table: pd.DataFrame, weights: NDArray[np.float64], *, undefined: bool) -> tuple[pd.DataFrame, float, float]:
    if undefined:
        return table.assign(expected=np.nan, ratio=np.nan, p=np.nan), np.nan, np.nan
    counts, shares = table["incidents"].to_numpy(), weights / weights.sum()
    n = int(counts.sum())
    tails, p_value = max_cell(counts, shares)
    expected = n * shares
    table = table.assign(expected=expected, ratio=counts / expected, p=np.maximum(tails, SMALLEST_P))
    smallest = _smallest_detectable(n, shares, int(tails.argmin())) if p_value > FOUND_AT else np.nan
    return table, p_value, smallest


def _smallest_detectable(n: int, shares: NDArray[np.float64], leader: int) -> float:
    needed = int(critical_counts(critical_level(FOUND_AT, n, shares), n, shares)[leader])
    return float(betaincinv(needed, n - needed + 1, POWER)) if needed <= n else np.nan
