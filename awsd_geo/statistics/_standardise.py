"""Person-time between censuses, and expected counts adjusted for age, sex or other strata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DAY = np.timedelta64(1, "D")


def person_time(population: pd.DataFrame, periods: pd.PeriodIndex) -> pd.DataFrame:
    """Give the person-days of each row in each period, the population interpolated linearly between its dates.

    Before the first date and after the last the population is that of the date. The integral over a period is exact:
    a date within the period bends the line there.

    Parameters
    ----------
    population : DataFrame of float, shape (n_rows, n_dates)
        Residents by unit (and stratum), one column per census date (something that pandas reads as a date, taken as
        the beginning of that day; give mid-year, 1 July, where only the year is known).
    periods : PeriodIndex, shape (n_periods,)
        Calendar periods.

    Returns
    -------
    DataFrame, shape (n_rows, n_periods)
        Person-days, with the index of ``population``.

    Raises
    ------
    InputError
        If a number is missing or negative, a date is given twice, or the periods are no calendar periods.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import person_time
    >>> census = pd.DataFrame({"2020-01-01": [100.0], "2022-01-01": [173.1]}, index=["Mopti"])
    >>> person_time(census, pd.period_range("2020", "2021", freq="Y")).round().loc["Mopti"].tolist()
    [43298.0, 56520.0]
    """
    if not isinstance(periods, pd.PeriodIndex):
        raise InputError('periods must be calendar periods. Give pandas.period_range("2017", "2022", freq="Y").')
    values = population.to_numpy(dtype=float)
    if not (values >= 0).all():
        raise InputError("The population has a missing or negative number. Correct it.")
    dates = (pd.DatetimeIndex(population.columns).to_numpy().astype("M8[D]") - np.datetime64(0, "D")) / DAY
    order = np.argsort(dates)
    if (np.diff(dates[order]) <= 0).any():
        raise InputError("The population names a date twice. Give one column per date.")
    starts, ends = (
        (stamps.to_numpy().astype("M8[D]") - np.datetime64(0, "D")) / DAY
        for stamps in (periods.start_time, (periods + 1).start_time)
    )
    weights = np.array([_weights(*span, dates[order]) for span in zip(starts, ends, strict=True)])
    return pd.DataFrame(values[:, order] @ weights.T, index=population.index, columns=periods)


def _weights(start: float, end: float, dates: Floats) -> Floats:
    """Give for each date the integral over the period of its share in the interpolation."""
    bends = np.unique(np.concatenate([[start, end], dates[(dates > start) & (dates < end)]]))
    shares = np.array([np.interp(bends, dates, one) for one in np.eye(len(dates))])
    integral: Floats = np.trapezoid(shares, bends, axis=1)
    return integral


def expected_by_strata(cases: pd.Series, exposure: pd.DataFrame) -> pd.DataFrame:
    """Give the counts expected if each stratum had the same rate everywhere and always (indirect standardisation).

    Parameters
    ----------
    cases : Series of int
        Cases in all by stratum: one index level per characteristic, such as age and sex.
    exposure : DataFrame of float
        Person-time; rows by ``region_id`` and then the same levels as ``cases``, columns by period.

    Returns
    -------
    DataFrame, shape (n_regions, n_periods)
        Sums to the cases.

    Raises
    ------
    InputError
        If a stratum has cases but no person-time.

    References
    ----------
    .. [1] Breslow, N. E., and Day, N. E. (1987). Statistical Methods in Cancer Research II. Lyon: IARC, section 2.3.
    """
    levels: Any = [0]
    strata = exposure.index.droplevel(levels)
    person_time_in = exposure.sum(axis=1).groupby(strata).sum()
    known = cases.groupby(level=list(range(cases.index.nlevels))).sum()
    without = known[known > 0].index.difference(person_time_in[person_time_in > 0].index)
    if len(without):
        raise InputError(f"The stratum {without[0]!r} has cases but no person-time. Give its exposure.")
    rates = known.reindex(person_time_in.index, fill_value=0) / person_time_in.where(person_time_in > 0, 1.0)
    weighted = exposure.mul(rates.reindex(strata).to_numpy(), axis=0)
    return weighted.groupby(level=0, sort=False).sum()
