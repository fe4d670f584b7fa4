"""Is the rate of the later years another than that of the earlier ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from awsd_geo.statistics._guard import by_year, check_confidence
from awsd_geo.statistics._periods import check_split, exposure_by_year, why_one_sided, words
from awsd_geo.statistics._two_rates import TwoRates, compared, rates_table

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


def compare_periods(
    counts: pd.Series, *, split: int, exposure: pd.Series | None = None, confidence: float = 0.95
) -> TwoRates:
    """Compare the rate of the years from ``split`` on with that of the years before, exactly.

    As ``two_rates``, the later period over the earlier one; years beside it vary more than independent incidents
    would, which ``dispersion`` and ``quasi_poisson_p`` show. A split that was chosen because the counts change
    there makes the p too small: use ``change_point``, which searches for it.

    Parameters
    ----------
    counts : Series of int, shape (n_years,) or (n_regions * n_years,)
        Incidents by ``year``, or by ``region_id`` and ``year`` (then summed), zeros written out.
    split : int
        First year of the later period.
    exposure : Series of float, shape (n_years,), optional
        By year, such as the share of it that was observed or the workers present; by default every year alike.
    confidence : float, default 0.95
        Of the intervals.

    Returns
    -------
    TwoRates
        No test, with a ``reason``, below 5 incidents or where no year lies on one side of the split.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.
    RequestError
        If ``split`` is no year or ``confidence`` does not lie between 0 and 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import compare_periods
    >>> found = compare_periods(pd.Series({2019: 2, 2020: 5, 2021: 6, 2022: 11}), split=2021)
    >>> round(found.ratio, 2), round(found.p_value, 3)
    (2.43, 0.064)
    """
    check_confidence(confidence)
    series, first = by_year(counts), check_split(split)
    years, numbers = series.index.to_numpy(), series.to_numpy()
    weights = exposure_by_year(exposure, series.index)
    later = years >= first
    sides = (later, ~later)
    sums = tuple(int(numbers[side].sum()) for side in sides)
    exposures = tuple(float(weights[side].sum()) or np.nan for side in sides)  # a period without years has none
    table = rates_table(sums, exposures, (words(years[later]), words(years[~later])), confidence)
    return compared(table, confidence, _quasi_poisson(numbers, weights, later), why_one_sided(years, first))


def _quasi_poisson(
    numbers: NDArray[np.int64], weights: NDArray[np.float64], later: NDArray[np.bool_]
) -> tuple[float, float]:
    """Give the dispersion of the years within the periods and the p of the log ratio that allows for it."""
    freedom = len(numbers) - 2
    if freedom < 1 or not later.any() or later.all():
        return np.nan, np.nan
    sums = [(numbers[side].sum(), weights[side].sum()) for side in (later, ~later)]
    if not all(count for count, _ in sums):
        return np.nan, np.nan
    fitted = weights * np.where(later, sums[0][0] / sums[0][1], sums[1][0] / sums[1][1])
    dispersion = float(np.sum((numbers - fitted) ** 2 / fitted) / freedom)
    if dispersion < 1e-12:
        return dispersion, np.nan
    slope = np.log(sums[0][0] / sums[0][1] / (sums[1][0] / sums[1][1]))
    error = np.sqrt(dispersion * (1 / sums[0][0] + 1 / sums[1][0]))
    return dispersion, float(2 * stdtr(freedom, -abs(slope) / error))
