"""Space-time scan statistics: where and when incidents cluster, looking back or at what goes on at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.statistics._cylinder_null import Shuffled, Stratified
from awsd_geo.statistics._cylinders import Line, Shapes, distinct
from awsd_geo.statistics._scan_chance import Null
from awsd_geo.statistics._scan_likelihood import Likelihood
from awsd_geo.statistics._scan_where import locate
from awsd_geo.statistics._scan_windows import Windows, zones
from awsd_geo.statistics._space_time_problem import (
    Periods,
    exposures,
    grid,
    series,
    why_no_permutation,
    why_undefined,
)
from awsd_geo.statistics._space_time_run import Plan
from awsd_geo.statistics._time_trend import adjusted

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.statistics._space_time_result import SpaceTimeScan

CIRCLES = Windows()
RUNS = Periods()


def space_time_scan(
    counts: pd.Series,
    where: Any,
    *,
    exposure: pd.Series | None = None,
    windows: Windows = CIRCLES,
    periods: Periods = RUNS,
    trend: str = "none",
    direction: str = "high",
    replicates: int = 9999,
    stop_after: int | None = None,
    seed: int = 0,
) -> SpaceTimeScan:
    """Find the zones and runs of periods where incidents cluster, and how often chance gives one as strong.

    A candidate is a cylinder: a zone of the spatial scan in a run of whole periods, up to half of the exposure and
    half of the periods. The statistic is the largest log likelihood ratio of a cylinder against all the rest; p is
    the share of maps drawn under the null hypothesis whose largest ratio is as large or larger (ties count). Null
    hypothesis: given their total, incidents fall in places and periods by the expectation. A rise everywhere is
    found as a cluster unless the expectations are adjusted for the trend. Clusters are reported from the best on, as
    long as they share no unit in a period with one before.

    Time grows with zones times runs of periods times maps.

    Parameters
    ----------
    counts : Series of int, shape (n_regions * n_periods,)
        Incidents (not victims) by ``region_id`` and period, zeros written out. Periods are years, pandas periods, or
        anything that sorts.
    where : GeoDataFrame, DataFrame or mapping
        Places of the regions, as in `awsd_geo.statistics.scan`.
    exposure : Series of float, optional
        By ``region_id`` (then it holds in every period, by its days where periods are calendar ones), or by
        ``region_id`` and period: person-time or expected counts. Equal by default.
    windows : Windows, optional
        Shape (circular or flexible) and size of the zones, and the fewest incidents (2) of a cluster.
    periods : Periods, optional
        Longest run, and whether the scan looks back (default) or only at what goes on at the end (prospective).
    trend : {"none", "log-linear", "nonparametric"}
        What all regions share is taken out: a log-linear trend by maximum likelihood, held fixed; or any course, by
        keeping the total of each period also on the maps of chance.
    direction : {"high", "low", "both"}
        Look for more, for fewer, or for either.
    replicates : int, default 9999
        Maps of chance.
    stop_after : int, optional
        End once so many maps have reached the most likely cluster (Besag and Clifford): p is then r / m.
    seed : int, default 0
        Of the maps of chance.

    Returns
    -------
    SpaceTimeScan
        Undefined (fewer than 5 incidents, one region or period, the same rate everywhere and always, a region
        without exposure, a trend without a finite estimate): no cluster, NaN and a ``reason``.

    Raises
    ------
    InputError
        If the counts, places or exposures are not what they should be.
    RequestError
        If a choice is unknown or outside its range.

    References
    ----------
    .. [1] Kulldorff, M., Athas, W. F., Feuer, E. J., Miller, B. A., and Key, C. R. (1998). Evaluating cluster alarms:
       a space-time scan statistic and brain cancer in Los Alamos, New Mexico. American Journal of Public Health 88
       (9), 1377-1380.
    .. [2] Kulldorff, M. (2001). Prospective time periodic geographical disease surveillance using a scan statistic.
       Journal of the Royal Statistical Society A 164 (1), 61-72.
    """
    cases = grid(counts)
    options = (windows, periods, direction, replicates, stop_after, seed)
    plan = Plan("space-time poisson", cases, *options, trend).check()
    place = locate(where, cases.ids)
    at_risk = exposures(exposure, cases)
    if (reason := why_undefined(cases, at_risk, spatial=True)) is not None:
        return plan.undefined(reason)
    expected, ratio = adjusted(cases.counts, at_risk, trend)
    if not np.isfinite(expected).all():
        return plan.undefined("The trend has no finite estimate: all incidents are in the first or the last period.")
    sizes = at_risk.sum(axis=1)
    shapes = distinct(zones(place, windows, sizes), sizes > 0)
    if trend == "nonparametric":
        return plan.run(shapes, expected, sizes, Stratified(cases.counts, expected).maps)
    return plan.run(shapes, expected, sizes, Null(Likelihood(cases.total), expected.ravel()).maps, ratio)


def space_time_permutation(
    counts: pd.Series,
    where: Any,
    *,
    windows: Windows = CIRCLES,
    periods: Periods = RUNS,
    direction: str = "high",
    replicates: int = 9999,
    stop_after: int | None = None,
    seed: int = 0,
) -> SpaceTimeScan:
    """Find the zones and runs of periods with more incidents than the totals of both would give.

    For incidents without a known population: a cylinder expects the incidents of its zone times those of its run by
    all incidents. Maps of chance shuffle the times over the places. So places that are always worse and times that
    are worse everywhere are no cluster, and a change of exposure in one place alone is taken for one. Zones hold up
    to half of the incidents.

    Parameters
    ----------
    counts : Series of int, shape (n_regions * n_periods,)
        Incidents by ``region_id`` and period, zeros written out.
    where : GeoDataFrame, DataFrame or mapping
        Places of the regions, as in `awsd_geo.statistics.scan`.
    windows, periods, direction, replicates, stop_after, seed
        As in `space_time_scan`.

    Returns
    -------
    SpaceTimeScan
        Undefined (fewer than 5 incidents, all in one region or one period): no cluster, NaN and a ``reason``.

    Raises
    ------
    InputError
        If the counts or places are not what they should be.
    RequestError
        If a choice is unknown or outside its range.

    References
    ----------
    .. [1] Kulldorff, M., Heffernan, R., Hartman, J., Assuncao, R., and Mostashari, F. (2005). A space-time
       permutation scan statistic for disease outbreak detection. PLoS Medicine 2 (3), e59.
    """
    cases = grid(counts)
    options = (windows, periods, direction, replicates, stop_after, seed)
    plan = Plan("space-time permutation", cases, *options).check()
    place = locate(where, cases.ids)
    flat = np.ones(cases.counts.shape)
    if (reason := why_no_permutation(cases) or why_undefined(cases, flat, spatial=True)) is not None:
        return plan.undefined(reason)
    sizes = cases.counts.sum(axis=1).astype(float)
    expected = sizes[:, None] * cases.counts.sum(axis=0)[None, :] / cases.total
    shapes = distinct(zones(place, windows, sizes), sizes > 0)
    return plan.run(shapes, expected, sizes, Shuffled(cases.counts).maps)


def temporal_scan(
    counts: pd.Series,
    *,
    exposure: pd.Series | None = None,
    periods: Periods = RUNS,
    direction: str = "high",
    replicates: int = 9999,
    stop_after: int | None = None,
    seed: int = 0,
) -> SpaceTimeScan:
    """Find the run of periods where incidents cluster in time, all places together.

    Parameters
    ----------
    counts : Series of int, shape (n_periods,) or (n_regions * n_periods,)
        Incidents by period, or by ``region_id`` and period (then summed), zeros written out.
    exposure : Series of float, shape (n_periods,), optional
        By period; equal by default (by days where periods are calendar ones).
    periods, direction, replicates, stop_after, seed
        As in `space_time_scan`.

    Returns
    -------
    SpaceTimeScan
        Undefined (fewer than 5 incidents, one period, the same rate always): no cluster, NaN and a ``reason``.

    Raises
    ------
    InputError
        If the counts or exposures are not what they should be.
    RequestError
        If a choice is unknown or outside its range.

    References
    ----------
    .. [1] Naus, J. I. (1965). The distribution of the size of the maximum cluster of points on a line. Journal of
       the American Statistical Association 60 (310), 532-538.
    .. [2] Kulldorff, M., et al. (1998). American Journal of Public Health 88 (9), 1377-1380.
    """
    cases = series(counts)
    plan = Plan("temporal poisson", cases, CIRCLES, periods, direction, replicates, stop_after, seed).check()
    at_risk = exposures(exposure, cases)
    if (reason := why_undefined(cases, at_risk, spatial=False)) is not None:
        return plan.undefined(reason)
    expected, _ = adjusted(cases.counts, at_risk, "none")
    one = Shapes([Line([0], [0])], np.ones((1, 1), dtype=bool), [np.zeros(1, dtype=np.int64)])
    return plan.run(one, expected, np.ones(1), Null(Likelihood(cases.total), expected.ravel()).maps)
