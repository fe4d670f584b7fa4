"""Corrections for looking more than once: Benjamini-Hochberg and Holm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def benjamini_hochberg(p_values: pd.Series) -> pd.Series:
    """Give Benjamini and Hochberg's adjusted p-values (q): reject q <= 0.05 to hold the false discovery rate at 5 %.

    Parameters
    ----------
    p_values : Series of float, shape (n,)
        The family. NaN (undefined) stays NaN and does not count towards the size of the family.

    Returns
    -------
    Series of float, shape (n,)
        Named ``q_value``, same index, at least p and at most 1.

    Raises
    ------
    InputError
        If a value lies outside 0 to 1.

    References
    ----------
    .. [1] Benjamini, Y., and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
       Statistical Society B 57 (1), 289-300.

    Examples
    --------
    >>> import pandas as pd
    >>> benjamini_hochberg(pd.Series([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values, ranks, order = _ranked(p_values)
    raised = values * len(values) / ranks
    running = np.minimum.accumulate(raised[order][::-1])[::-1]
    return _placed(running, order, p_values, "q_value")


def holm(p_values: pd.Series) -> pd.Series:
    """Give Holm's adjusted p-values: reject those <= 0.05 to hold the chance of any false rejection at 5 %.

    Parameters
    ----------
    p_values : Series of float, shape (n,)
        The family. NaN (undefined) stays NaN and does not count towards the size of the family.

    Returns
    -------
    Series of float, shape (n,)
        Named ``p_adjusted``, same index, at least p and at most 1.

    Raises
    ------
    InputError
        If a value lies outside 0 to 1.

    References
    ----------
    .. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
       Statistics 6 (2), 65-70.

    Examples
    --------
    >>> import pandas as pd
    >>> holm(pd.Series([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    values, ranks, order = _ranked(p_values)
    raised = values * (len(values) - ranks + 1)
    return _placed(np.maximum.accumulate(raised[order]), order, p_values, "p_adjusted")


def _ranked(p_values: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    values = p_values.dropna().to_numpy(dtype=float)
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        raise InputError(f"A p-value must lie between 0 and 1, not {values[wrong][0]:g}. Give p-values, not z-scores.")
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = np.arange(1, len(values) + 1)
    return values, ranks, order


def _placed(adjusted: NDArray[np.float64], order: NDArray[np.int64], p_values: pd.Series, name: str) -> pd.Series:
    defined = p_values.notna().to_numpy()
    column = np.full(len(p_values), np.nan)
    column[np.flatnonzero(defined)[order]] = np.minimum(adjusted, 1.0)
    return pd.Series(column, index=p_values.index, name=name)
