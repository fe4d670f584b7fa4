"""How many points lie to the left of a place and below a height, for many places and heights at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


def count_dominated(places: Whole, heights: Floats, left_of: Whole, below: Floats) -> Whole:
    """Count the points with place <= ``left_of`` and height < ``below``.

    A wavelet matrix [1]_: the points by place, their heights as ranks; one bit of the rank at a time, from the
    highest, the points are parted by that bit, and each question is followed to its part. N points and Q questions
    take O((N + Q) log N) time, whatever the answers.

    Parameters
    ----------
    places : ndarray of int, shape (n_points,)
        From 0.
    heights : ndarray of float, shape (n_points,)
        Any numbers.
    left_of : ndarray of int, shape (n_questions,)
        Places.
    below : ndarray of float, shape (n_questions,)
        Heights.

    Returns
    -------
    ndarray of int, shape (n_questions,)
        Exact counts.

    References
    ----------
    .. [1] Claude, F., Navarro, G., and Ordonez, A. (2015). The wavelet matrix: an efficient wavelet tree for large
       alphabets. Information Systems 47, 15-32.
    """
    short = places.astype(np.uint16) if places.max(initial=0) < 1 << 16 else places  # short numbers sort sooner
    order = np.argsort(short, kind="stable")
    levels, ranks = np.unique(heights, return_inverse=True)
    ranks = ranks[order].astype(np.int32)
    limit = np.searchsorted(levels, below, side="left").astype(np.int32)  # ranks below it count
    low, high = np.zeros(len(left_of), dtype=np.int64), np.searchsorted(places[order], left_of, side="right")
    counted = np.where(limit == len(levels), high, 0)
    open_ = limit < len(levels)
    for bit in reversed(range(max(int(len(levels) - 1).bit_length(), 1))):
        ones = (ranks >> bit & 1).astype(bool)
        zeros_before = np.concatenate([[0], np.cumsum(~ones)])
        zeros_low, zeros_high = zeros_before[low], zeros_before[high]
        up = (limit >> bit & 1).astype(bool)
        counted += np.where(up & open_, zeros_high - zeros_low, 0)  # with a 0 where the limit has a 1: below it
        zeros = zeros_before[-1]
        low = np.where(up, zeros + low - zeros_low, zeros_low)
        high = np.where(up, zeros + high - zeros_high, zeros_high)
        ranks = np.concatenate([ranks[~ones], ranks[ones]])
    return counted
