"""Descriptive indices of concentration: Gini, Lorenz curve, Herfindahl-Hirschman, Hoover, Theil, location quotient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from awsd_geo.statistics._guard import by_region, check_exposure

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shares(counts: pd.Series, exposure: pd.Series | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give each region's share of the incidents and of the exposure; NaN throughout where either is undefined."""
    numbers = by_region(counts).counts
    weights = np.ones(len(numbers)) if exposure is None else check_exposure(exposure, numbers.index)
    total = numbers.sum()
    incidents = numbers.to_numpy() / total if total else np.full(len(numbers), np.nan)
    return incidents, weights / weights.sum() if (weights > 0).all() else np.full(len(numbers), np.nan)


def lorenz(counts: pd.Series, exposure: pd.Series | None = None) -> pd.DataFrame:
    """Give the Lorenz curve of incidents against regions, or against an exposure.

    Parameters
    ----------
    counts : Series of int
        Incidents by ``region_id``, or by ``region_id`` and ``year``.
    exposure : Series of float, optional
        Denominator by ``region_id``, over 0; by default every region counts the same.

    Returns
    -------
    DataFrame, shape (n_regions + 1, 2)
        ``exposure`` and ``incidents``: cumulative shares from 0 to 1, regions in order of their rate, lowest first;
        the index names the region that each step adds (the first row, the origin, is ""). NaN where undefined.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.

    References
    ----------
    .. [1] Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of the American
       Statistical Association 9 (70), 209-219.
    """
    frame = by_region(counts)
    incidents, weights = shares(counts, exposure)
    order = np.argsort(incidents / weights, kind="stable")
    steps = {
        "exposure": np.concatenate(([0.0], np.cumsum(weights[order]))),
        "incidents": np.concatenate(([0.0], np.cumsum(incidents[order]))),
    }
    return pd.DataFrame(steps, index=pd.Index(["", *frame.counts.index[order]], name="region_id"))


def gini(counts: pd.Series, exposure: pd.Series | None = None) -> float:
    r"""Give the Gini index: twice the area between the Lorenz curve and the diagonal.

    The population formula, without the factor n / (n - 1): all incidents in one of n equal regions give (n - 1) / n.

    .. math:: G = \frac{1}{2} \sum_i \sum_j q_i q_j \left| \frac{s_i}{q_i} - \frac{s_j}{q_j} \right|

    with the shares s of incidents and q of exposure.

    Parameters
    ----------
    counts : Series of int
        Incidents by ``region_id``, or by ``region_id`` and ``year``.
    exposure : Series of float, optional
        Denominator by ``region_id``, over 0; by default every region counts the same.

    Returns
    -------
    float
        0 (same rate everywhere) to below 1; NaN where no region has an incident or one has no exposure.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.

    References
    ----------
    .. [1] Gini, C. (1914). Sulla misura della concentrazione e della variabilità dei caratteri. Atti del Reale
       Istituto Veneto di Scienze, Lettere ed Arti 73, 1203-1248.
    """
    curve = lorenz(counts, exposure)
    width = np.diff(curve["exposure"])
    height = curve["incidents"].to_numpy()
    return float(max(1.0 - np.sum(width * (height[1:] + height[:-1])), 0.0)) if not np.isnan(height).any() else np.nan


def hhi(counts: pd.Series) -> float:
    """Give the Herfindahl-Hirschman index: the sum of the squared shares of incidents.

    Parameters
    ----------
    counts : Series of int
        Incidents by ``region_id``, or by ``region_id`` and ``year``.

    Returns
    -------
    float
        1 / n (the same everywhere) to 1 (all in one region): the chance that two incidents drawn with replacement
        fell in the same region. NaN where no region has an incident.

    Raises
    ------
    InputError
        If the counts are not what they should be.

    References
    ----------
    .. [1] Hirschman, A. O. (1964). The paternity of an index. American Economic Review 54 (5), 761-762.
    """
    return float(np.sum(shares(counts, None)[0] ** 2))


def hoover(counts: pd.Series, exposure: pd.Series | None = None) -> float:
    """Give the Hoover index: the share of incidents that would have to move for equal rates everywhere.

    Parameters
    ----------
    counts : Series of int
        Incidents by ``region_id``, or by ``region_id`` and ``year``.
    exposure : Series of float, optional
        Denominator by ``region_id``, over 0; by default every region counts the same.

    Returns
    -------
    float
        Half the sum of the absolute differences of the shares, 0 to below 1; NaN where undefined.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.

    References
    ----------
    .. [1] Hoover, E. M. (1936). The measurement of industrial localization. Review of Economics and Statistics 18
       (4), 162-171.
    """
    incidents, weights = shares(counts, exposure)
    return float(np.abs(incidents - weights).sum() / 2)


def theil(counts: pd.Series, exposure: pd.Series | None = None) -> float:
    """Give the Theil index T: the mean information (in nats) that the shares of incidents hold over the exposure's.

    Parameters
    ----------
    counts : Series of int
        Incidents by ``region_id``, or by ``region_id`` and ``year``.
    exposure : Series of float, optional
        Denominator by ``region_id``, over 0; by default every region counts the same.

    Returns
    -------
    float
        The sum of s ln(s / q) over regions, 0 for no incident being 0; 0 or more; NaN where undefined.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.

    References
    ----------
    .. [1] Theil, H. (1967). Economics and Information Theory. Amsterdam: North-Holland.
    """
    incidents, weights = shares(counts, exposure)
    logs = np.log(np.where(incidents == 0, 1.0, incidents / weights))
    return float(np.sum(incidents * logs + 0.0 * weights))


def location_quotient(counts: pd.Series, exposure: pd.Series | None = None) -> pd.Series:
    """Give each region's share of the incidents over its share of the exposure.

    Parameters
    ----------
    counts : Series of int
        Incidents by ``region_id``, or by ``region_id`` and ``year``.
    exposure : Series of float, optional
        Denominator by ``region_id``, over 0; by default every region counts the same.

    Returns
    -------
    Series of float, shape (n_regions,)
        1 where a region has its part, 2 where it has twice that; NaN where undefined.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.

    References
    ----------
    .. [1] Florence, P. S. (1939). Report on the location of industry. London: Political and Economic Planning.
    """
    incidents, weights = shares(counts, exposure)
    return pd.Series(incidents / weights, index=by_region(counts).counts.index, name="location_quotient")
