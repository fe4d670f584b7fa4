"""Gi* of bins whose neighbourhood counts the bin itself, with the exact p of Ord and Getis's own null."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from awsd_geo.statistics._guard import SMALLEST_P
from awsd_geo.statistics._subset_sums import subset_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

LARGEST_TABLE = 20_000_000  # sizes times sums; beyond it p is by the normal approximation


def gi_star(counts: Whole, size: Whole, sums: Whole) -> tuple[Floats, Floats]:
    """Give Gi* and its two-sided p for neighbourhoods of ``size`` bins with ``sums``.

    Null hypothesis: the counts of all bins, that of the bin itself too, are in any order, each as likely; mean and
    variance of Gi* are those of this null. A neighbourhood is then a draw of ``size`` from all bins, and the law of
    its sum is exact by generating function, ties included; p is twice the smaller tail, at most 1.

    Parameters
    ----------
    counts : ndarray of int, shape (n,)
        Of all bins.
    size, sums : ndarray of int, shape (n,)
        Number of bins in each neighbourhood, 0 where it is undefined, and their sum.

    Returns
    -------
    value, p_value : ndarray of float, shape (n,)
        NaN where the neighbourhood is undefined or everything, and where all counts are the same.
    """
    n = len(counts)
    spread = float(np.std(counts))
    known = (size > 0) & (size < n) & (spread > 0)
    value, p_value = np.full(n, np.nan), np.full(n, np.nan)
    if not known.any():
        return value, p_value
    k, s = size[known], sums[known]
    value[known] = (s - k * counts.mean()) / (spread * np.sqrt((n * k - k**2) / (n - 1)))
    distinct, repeats = np.unique(counts, return_counts=True)
    most = int(k.max())
    largest = int(np.sort(counts)[::-1][:most].sum())
    if (most + 1) * (largest + 1) > LARGEST_TABLE:
        p_value[known] = 2 * ndtr(-np.abs(value[known]))
    else:
        table = subset_sums(distinct, repeats, most, largest)
        upto = np.cumsum(table, axis=1)
        onward = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
        p_value[known] = 2 * np.minimum(upto[k, s], onward[k, s]) / upto[k, -1]
    return value, np.where(known, np.clip(p_value, SMALLEST_P, 1.0), np.nan)
