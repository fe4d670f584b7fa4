"""Rates of counts over a denominator, with exact intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from awsd_geo.statistics._guard import check_confidence, check_counts, check_exposure


def rates(counts: pd.Series, exposure: pd.Series, *, confidence: float = 0.95) -> pd.DataFrame:
    """Divide counts by a denominator, with Garwood's exact Poisson interval.

    Parameters
    ----------
    counts : Series of int, shape (n_regions,)
        Incidents by ``region_id``.
    exposure : Series of float, shape (n_regions,)
        Denominator by ``region_id``, in any unit, such as residents.
    confidence : float, default 0.95
        Of the interval, half of the rest on either side.

    Returns
    -------
    DataFrame
        ``rate``, ``low``, ``high`` per unit of the exposure; NaN where the exposure is missing or 0.

    Raises
    ------
    InputError
        If the counts or the exposure are not what they should be.
    RequestError
        If ``confidence`` does not lie between 0 and 1.

    References
    ----------
    .. [1] Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28 (3/4), 437-442.

    Examples
    --------
    >>> import pandas as pd
    >>> from awsd_geo.statistics import rates
    >>> rates(pd.Series({"Mopti": 31}), pd.Series({"Mopti": 1.974684})).round(1).values.tolist()
    [[15.7, 10.7, 22.3]]
    """
    check_confidence(confidence)
    checked = check_counts(counts)
    per = check_exposure(exposure, checked.index).copy()
    per[~(per > 0)] = np.nan
    number, half = checked.to_numpy(dtype=float), (1 - confidence) / 2
    low = np.where(number > 0, gammaincinv(np.maximum(number, 1), half), 0.0)
    columns = {"rate": number / per, "low": low / per, "high": gammaincinv(number + 1, 1 - half) / per}
    return pd.DataFrame(columns, index=checked.index)
