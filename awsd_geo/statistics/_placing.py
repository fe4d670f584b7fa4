"""How far a finding depends on where the incidents fell that could not be placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.results import RegionalResult
from awsd_geo.statistics._concentration import concentration
from awsd_geo.statistics._guard import by_region, check_exposure
from awsd_geo.statistics._guard_placing import check_unplaced
from awsd_geo.statistics._placing_scan import scan_by_placing
from awsd_geo.statistics._words import one_of_many, percent, probability

if TYPE_CHECKING:
    from awsd_geo.statistics._concentration import Concentration
    from awsd_geo.statistics._guard import Frame
    from awsd_geo.statistics._placing_ways import Ways

UNDEFINED_P: dict[str, Any] = {"p_value": np.nan, "smallest_p": np.nan, "largest_p": np.nan}


@dataclass(frozen=True, slots=True, eq=False)
class PlacingSensitivity(RegionalResult):
    """What can be said whichever way the unplaced incidents fall; ``table`` has one row per unit of the frame.

    ``table`` has ``name``, ``kind``, ``firm`` (incidents placed there), ``lowest`` and ``highest`` (over all ways in
    which the unplaced can fall), ``expected`` (by the weights of the candidates), ``share`` (0 to 1, firm of the
    located), ``share_lowest`` and ``share_highest`` (of all, the unplaced included) and ``can_lead`` (whether the unit
    has the most incidents, alone or with others, in some way).
    """

    SHOWN: ClassVar[str] = "highest"
    test: ClassVar[str] = "exact max-cell"
    leader: str | None  # region_id of the unit with the most placed incidents; None if tied or none is placed
    located: int  # incidents placed
    unplaced: int  # incidents that fall in one of their candidates
    outside: int  # incidents that lie in no unit; they are in no number here
    p_value: float  # of the largest excess, the placed alone
    smallest_p: float  # over all ways, exact
    largest_p: float  # over all ways, exact: itself a valid p-value whatever the truth is
    scan_regions: tuple[str, ...]  # most likely cluster, the placed alone; none if there is no scan
    scan_p: float  # of that cluster; NaN if there is no scan
    scan_smallest_p: float  # over the ways looked at
    scan_largest_p: float
    scan_ways: int  # ways looked at: all of them, or sets drawn by the weights
    scan_all_ways: bool  # whether these are all ways
    scan_same: int  # of them with the same most likely cluster
    scan_overlapping: int  # of them with a most likely cluster that shares a unit with it
    scan_same_chance: float  # chance by the weights that the cluster is the same; NaN if there is no scan
    denominator: str  # "equal", "population", "area", "given"
    reason: str | None  # why there is no test, if there is none

    @property
    def share(self) -> float:
        """Share (0 to 1) of the located incidents in the leader; NaN without one."""
        return self._of_leader("share")

    @property
    def share_range(self) -> tuple[float, float]:
        """Smallest and largest share of the leader over all ways, of all incidents; NaN without a leader."""
        return self._of_leader("share_lowest"), self._of_leader("share_highest")

    @property
    def can_lead(self) -> tuple[str, ...]:
        """The region_ids of the units that have the most incidents, alone or with others, in some way."""
        return tuple(self.table.index[self.table["can_lead"]])

    @property
    def leader_certain(self) -> bool:
        """Whether the leader has more incidents than any other unit in every way."""
        return self.leader is not None and self.can_lead == (self.leader,)

    def _of_leader(self, column: str) -> float:
        return np.nan if self.leader is None else float(self.table[column].to_dict()[self.leader])

    def summary(self) -> str:
        """State in words how far the finding depends on the placing."""
        parts = [self._leads(), self._tests(), self._scans()]
        return " ".join(part for part in parts if part)

    def _leads(self) -> str:
        if self.leader is None:
            return "No unit leads among the placed incidents."
        name, (low, high) = self.table["name"][self.leader], map(percent, self.share_range)
        total = self.located + self.unplaced
        count = f"{percent(self.share)} ({self.table['firm'][self.leader]} of {self.located}) in {name}"
        if not self.unplaced:
            return f"{count}; every incident is placed."
        ways = f"{low[:-1]} to {high} of all {total} whichever way the {self.unplaced} unplaced fall"
        if self.leader_certain:
            return f"{count}; {ways}, and it leads in every way."
        others = one_of_many(self.table["name"][[unit for unit in self.can_lead if unit != self.leader]])
        return f"{count}; {ways}, but {others} can have as many or more."

    def _tests(self) -> str:
        if self.reason is not None:
            return f"Not tested: {self.reason}"
        low, high = probability(self.smallest_p), probability(self.largest_p)
        return f"p {low} to {high} over all ways ({self.test} test; {probability(self.p_value)} for the placed alone)."

    def _scans(self) -> str:
        if not self.scan_ways:
            return ""
        ways = f"all {self.scan_ways} ways" if self.scan_all_ways else f"{self.scan_ways} sets drawn by the weights"
        same, p = f"the same in {self.scan_same}", probability(self.scan_largest_p)
        return (
            f"The most likely cluster is {same}, overlaps in {self.scan_overlapping} of {ways}; p at most {p} in them."
        )


def placing_sensitivity(
    counts: pd.Series,
    unplaced: pd.DataFrame,
    *,
    where: Any = None,
    exposure: pd.Series | None = None,
    sets: int = 200,
    replicates: int = 999,
    seed: int = 0,
) -> PlacingSensitivity:
    """Say how far a concentration, and a cluster, depend on where the unplaced incidents fell.

    Every number about shares, the leader and the max-cell test is exact over all ways in which the unplaced can
    fall in their candidates, however many ways there are: bounds need no weights and no draws. The largest p over
    all ways is at least the p of the way that came true, so it is itself a valid p-value, whatever the weights [1]_.
    That is what to report. Rubin's rules do not hold for p-values of such tests, and the median p over imputed
    tables rejects too often [2]_, so neither is given.

    For the scan all ways are looked at where there are at most ``sets``, else ``sets`` tables are drawn by the
    weights; then the largest p is of these tables only, and is no bound. Given the number of incidents the maps of
    chance are the same for all ways, and are drawn once.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,) or (n_regions * n_years,)
        Placed incidents by ``region_id``, or by ``region_id`` and ``year``, zeros written out.
    unplaced : DataFrame
        Of ``awsd_geo.counts.unplaced``: ``candidates`` (tuple of region_ids), ``incidents``, and
        ``candidate_weights`` (equal where left out). Those without a candidate lie in no unit and are set apart.
    where : GeoDataFrame, DataFrame or mapping, optional
        Places of the regions, as for ``scan``; without them there is no scan.
    exposure : Series of float, shape (n_regions,), optional
        Denominator by ``region_id``; equal by default.
    sets : int, default 200
        Ways looked at for the scan.
    replicates : int, default 999
        Maps of chance of the scan.
    seed : int, default 0
        Of both.

    Returns
    -------
    PlacingSensitivity
        Undefined tests are NaN with a ``reason``, as for ``concentration`` of the placed incidents. Shares and
        their range need only one placed incident.

    Raises
    ------
    InputError
        If the counts, the unplaced, the places or the exposure are not what they should be.
    RequestError
        If ``sets`` or ``replicates`` is below 1.

    References
    ----------
    .. [1] Berger, R. L., and Boos, D. D. (1994). P values maximized over a confidence set for the nuisance
       parameter. Journal of the American Statistical Association 89 (427), 1012-1016.
    .. [2] Austin, P. C., Eekhout, I., and van Buuren, S. (2025). Evaluating the median p-value method for assessing
       the statistical significance of tests when using multiple imputation. Journal of Applied Statistics 52 (6),
       1161-1176.
    .. [3] Horowitz, J. L., and Manski, C. F. (2000). Nonparametric analysis of randomized experiments with missing
       covariate and outcome data. Journal of the American Statistical Association 95 (449), 77-84 (bounds without
       assumptions on what is missing).

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import placing_sensitivity
    >>> counts = pd.Series({"Mopti": 8, "Gao": 2, "Kayes": 0, "Kidal": 1})
    >>> lost = pd.DataFrame({"candidates": [("Mopti", "Gao")], "incidents": [2]})
    >>> found = placing_sensitivity(counts, lost)
    >>> [round(share, 3) for share in found.share_range], found.leader_certain
    ([0.615, 0.769], True)
    """
    if sets < 1 or replicates < 1:
        raise RequestError("sets and replicates must be whole numbers of 1 or more, for example 200 and 999.")
    frame = by_region(counts)
    ways, outside = check_unplaced(unplaced, counts, frame)
    firm = concentration(counts, exposure=exposure)
    scanned = scan_by_placing(frame, ways, where, exposure, sets, replicates, seed, reason=firm.reason)
    return PlacingSensitivity(
        table=_table(frame, ways),
        leader=_leader(frame),
        located=frame.n,
        unplaced=int(ways.number.sum()),
        outside=outside,
        denominator=firm.denominator,
        reason=firm.reason,
        **_p_values(firm, ways, frame, exposure),
        **scanned,
    )


def _leader(frame: Frame) -> str | None:
    first = frame.counts.index[frame.counts == frame.counts.max()]
    return first[0] if frame.n and len(first) == 1 else None


def _table(frame: Frame, ways: Ways) -> pd.DataFrame:
    lowest, highest, expected = ways.reach()
    columns = {"name": frame.names, "kind": frame.kinds, "firm": frame.counts}
    table = pd.DataFrame(columns, index=frame.counts.index).assign(lowest=lowest, highest=highest, expected=expected)
    table["share"] = frame.counts / frame.n if frame.n else np.nan
    for name, reached in (("lowest", lowest), ("highest", highest)):
        table[f"share_{name}"] = reached / ways.total if ways.total else np.nan
    return table.assign(can_lead=ways.can_lead() if ways.total else False)


def _p_values(firm: Concentration, ways: Ways, frame: Frame, exposure: pd.Series | None) -> dict[str, Any]:
    if firm.reason is not None:
        return UNDEFINED_P
    weights = np.ones(len(frame.counts)) if exposure is None else check_exposure(exposure, frame.counts.index)
    smallest, largest = ways.p_range(weights / weights.sum())
    return {"p_value": firm.p_value, "smallest_p": smallest, "largest_p": largest}
