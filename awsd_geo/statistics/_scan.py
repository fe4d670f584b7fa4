"""The spatial scan statistic: where incidents cluster, found by looking everywhere and tested as such."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.statistics._guard import by_region
from awsd_geo.statistics._scan_find import scan_in_rounds, scan_once
from awsd_geo.statistics._scan_likelihood import DIRECTIONS
from awsd_geo.statistics._scan_problem import pose
from awsd_geo.statistics._scan_result import SIGNIFICANT, Scan
from awsd_geo.statistics._scan_where import locate, named_by
from awsd_geo.statistics._scan_windows import Windows

if TYPE_CHECKING:
    from awsd_geo.statistics._guard import Frame
    from awsd_geo.statistics._scan_find import Found
    from awsd_geo.statistics._scan_problem import Problem

CIRCLES = Windows()
SECONDARY = ("apart", "gini", "iterative")
COLUMNS = (
    "rank", "regions", "names", "direction", "observed", "expected", "relative_risk", "llr", "p_value", "p_gumbel",
    "exposure_share", "radius",
)  # fmt: skip


def scan(
    counts: pd.Series,
    where: Any,
    *,
    exposure: pd.Series | None = None,
    expected: pd.Series | None = None,
    controls: pd.Series | None = None,
    windows: Windows = CIRCLES,
    direction: str = "high",
    secondary: str = "apart",
    replicates: int = 9999,
    stop_after: int | None = None,
    seed: int = 0,
) -> Scan:
    """Find the zones where incidents cluster, and how often chance alone gives one as strong anywhere.

    Every circle around every unit is looked at, up to half of the exposure. The statistic is the largest log
    likelihood ratio of a zone against the rest. Its p-value is the share of maps drawn under the null hypothesis
    whose largest ratio, wherever it is, is as large or larger (ties count): (r + 1) / (m + 1). So it is corrected
    for having looked everywhere. Secondary clusters are compared with the same maxima, which makes their p cautious.

    Poisson model: given their total, incidents fall in units by exposure (or by ``expected``). With ``controls`` the
    Bernoulli model: given both totals, cases are drawn by lot among cases and controls.

    The cluster of each centre that is most likely is a candidate; candidates are reported from the best on as long
    as they share no unit with one reported before, and as long as some map of chance stays below them.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,) or (n_regions * n_years,)
        Incidents (not victims) by ``region_id``, or by ``region_id`` and ``year``, zeros written out.
    where : GeoDataFrame, DataFrame or mapping
        Regions: circles are drawn around the centroid of each outline, or around a point inside it where the
        centroid is outside. Or a table by ``region_id`` with longitude and latitude (or lon and lat) in degrees, or
        x and y. Degrees give distances along great circles. Or for each unit the units nearest to it, itself first.
    exposure : Series of float, shape (n_regions,), optional
        Denominator by ``region_id``; equal by default. A unit without exposure may have no incident.
    expected : Series of float, shape (n_regions,), optional
        Expected counts, for example adjusted for age; scaled to the number of incidents. ``exposure`` then only
        limits the size of a zone; without it, the expected counts do.
    controls : Series of int, shape (n_regions,), optional
        Who was no case, for the Bernoulli model.
    windows : Windows, optional
        Shape and size of the zones, and the fewest incidents (2) of a cluster. Circles up to half by default.
    direction : {"high", "low", "both"}
        Look for more, for fewer, or for either.
    secondary : {"apart", "gini", "iterative"}
        Clusters that do not overlap; those of the largest size whose significant clusters have the highest Gini
        coefficient; or leave each significant cluster out, scan the rest anew, and so on until one is not
        significant (0.05) or there are ten: expected counts and p are then those of the rest.
    replicates : int, default 9999
        Maps of chance.
    stop_after : int, optional
        End once so many maps have reached the most likely cluster (Besag and Clifford): p is then r / m. A p that
        is not small needs few maps; 10 or more.
    seed : int, default 0
        Of the maps of chance.

    Returns
    -------
    Scan
        Undefined (fewer than 5 incidents, one region, the same rate everywhere, incidents where there is no
        exposure): no cluster, NaN and a ``reason``.

    Raises
    ------
    InputError
        If the counts, places, exposures or controls are not what they should be.
    RequestError
        If a choice is unknown or outside its range.

    References
    ----------
    .. [1] Kulldorff, M. (1997). A spatial scan statistic. Communications in Statistics: Theory and Methods 26 (6),
       1481-1496.
    .. [2] Zhang, Z., Assuncao, R., and Kulldorff, M. (2010). Spatial scan statistics adjusted for multiple
       clusters. Journal of Probability and Statistics 2010, 642379.
    .. [3] Han, J., et al. (2016). Using Gini coefficient to determining optimal cluster reporting sizes for spatial
       scan statistics. International Journal of Health Geographics 15, 27.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import scan
    >>> counts = pd.Series({"Mopti": 8, "Gao": 2, "Kayes": 0, "Kidal": 1})
    >>> where = pd.DataFrame({"x": [0, 5, -8, 6], "y": [0, 1, 0, 4]}, index=counts.index)
    >>> found = scan(counts, where, replicates=999)
    >>> found.regions, round(float(found.clusters["llr"][0]), 3)
    (('Mopti',), 5.508)
    """
    _check(direction, secondary, replicates, stop_after)
    frame = named_by(where, by_region(counts))
    ordered = frame.sorted()  # maps are drawn unit by unit: another order of the rows must not give another p
    problem = pose(ordered, locate(where, ordered.counts.index), exposure, expected, controls)
    windows.check(len(frame.counts))
    found, reason = None, problem.why_undefined()
    if reason is None:
        options = (windows, direction, replicates, stop_after, seed)
        if secondary == "iterative":
            found = scan_in_rounds(problem, *options)
        else:
            found = scan_once(problem, *options, gini=secondary == "gini")
        reason = None if found.zones else "No zone is small enough. Let zones hold a larger share of the exposure."
    return _result(frame, problem, found if reason is None else None, reason, direction, secondary, seed)


def _check(direction: str, secondary: str, replicates: int, stop_after: int | None) -> None:
    if direction not in DIRECTIONS:
        raise RequestError(f"Unknown direction {direction!r}. Choose from: {', '.join(DIRECTIONS)}.")
    if secondary not in SECONDARY:
        raise RequestError(f"Unknown choice of clusters {secondary!r}. Choose from: {', '.join(SECONDARY)}.")
    if replicates < 1 or (stop_after is not None and stop_after < 1):
        raise RequestError("replicates and stop_after must be whole numbers of 1 or more, for example 9999 and 10.")


def _result(
    frame: Frame, problem: Problem, found: Found | None, reason: str | None, direction: str, secondary: str, seed: int
) -> Scan:
    rows = [] if found is None else [{"rank": rank, **row} for rank, row in enumerate(found.rows, start=1)]
    clusters = pd.DataFrame(rows, columns=list(COLUMNS))
    chance = None if found is None else found.chance
    return Scan(
        table=_table(frame, problem, rows, undefined=found is None),
        clusters=clusters,
        p_value=np.nan if found is None else rows[0]["p_value"] if rows else 1.0,
        gumbel_reason=reason if chance is None else chance.why_no_gumbel(),
        model="poisson" if problem.denominator != "controls" else "bernoulli",
        direction=direction,
        secondary=secondary,
        reported_share=None if found is None else found.size,
        denominator=problem.denominator,
        unit=problem.where.unit,
        zones=0 if found is None else found.zones,
        replicates=0 if chance is None else len(chance.maxima),
        stopped=chance is not None and chance.stopped,
        seed=seed,
        located=frame.located,
        total=frame.total,
        reason=reason,
    )


def _table(frame: Frame, problem: Problem, rows: list[dict[str, Any]], *, undefined: bool) -> pd.DataFrame:
    columns = {"name": frame.names, "kind": frame.kinds, "incidents": frame.counts}
    table = pd.DataFrame(columns, index=frame.counts.index)
    if undefined:
        return table.assign(expected=np.nan, ratio=np.nan, cluster=0, p_value=np.nan, label="undefined")
    shares = pd.Series(problem.expected / problem.expected.sum(), problem.where.ids)
    expected = shares.reindex(frame.counts.index).to_numpy() * frame.n
    ratio = np.divide(frame.counts.to_numpy(), expected, out=np.full(len(expected), np.nan), where=expected > 0)
    table = table.assign(expected=expected, ratio=ratio, cluster=0, p_value=np.nan, label="not significant")
    for row in rows:
        members = list(row["regions"])
        table.loc[members, ["cluster", "p_value"]] = [row["rank"], row["p_value"]]
        if row["p_value"] <= SIGNIFICANT:
            table.loc[members, "label"] = row["direction"]
    return table.astype({"cluster": np.int64})
