"""Class limits for a choropleth: natural breaks of the positive values, moved to round numbers; zero stands apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CLASSES = 5
"""More shades than this cannot be told apart on a map."""


def class_limits(values: Sequence[float], most: int = MOST_CLASSES) -> tuple[float, ...]:
    """Find the upper limits of the classes of positive values.

    Parameters
    ----------
    values : sequence of float
        Values of the regions. Zeros, negative and missing values are left out: they are classes of their own.
    most : int, default 5
        Number of classes at most; fewer where there are fewer different values.

    Returns
    -------
    tuple of float
        Rising upper limits, inclusive; the last is the largest value. Each of the others is the roundest number
        that lies between two neighbouring groups. Empty where nothing is positive.

    References
    ----------
    .. [1] Fisher (1958), On grouping for maximum homogeneity, JASA 53: 789-798 (the optimum that Jenks' natural
       breaks seek), found exactly by dynamic programming.

    Examples
    --------
    >>> class_limits([0, 0, 1, 1, 4, 31])
    (2.0, 20.0, 31.0)
    """
    positive, number = np.unique([value for value in values if value > 0], return_counts=True)
    if positive.size == 0:
        return ()
    starts = _natural_starts(positive, number, min(most, positive.size))
    inner = [round_between(positive[start - 1], positive[start]) for start in starts]
    return (*inner, float(positive[-1]))


def _natural_starts(levels: np.ndarray, number: np.ndarray, classes: int) -> list[int]:
    """Give where each class but the first begins, so that the squares within classes are smallest.

    ``levels`` are the different values, rising, and ``number`` how often each occurs: equal values share a class.
    """
    size = levels.size
    counted = np.append(0, np.cumsum(number))
    sums, squares = np.append(0, np.cumsum(number * levels)), np.append(0, np.cumsum(number * levels**2))
    best = squares[1:] - sums[1:] ** 2 / counted[1:]  # one class over the first n levels
    came_from = np.zeros((classes, size), dtype=int)
    for k in range(1, classes):
        rounds = np.full(size, math.inf)
        for end in range(k, size):
            begin = np.arange(k, end + 1)
            within = (
                squares[end + 1]
                - squares[begin]
                - (sums[end + 1] - sums[begin]) ** 2 / (counted[end + 1] - counted[begin])
            )
            total = best[begin - 1] + within
            chosen = int(np.argmin(total))
            rounds[end], came_from[k, end] = total[chosen], begin[chosen]
        best = rounds
    starts, end = [], size - 1
    for k in range(classes - 1, 0, -1):
        starts.append(int(came_from[k, end]))
        end = starts[-1] - 1
    return starts[::-1]


def round_between(low: float, high: float) -> float:
    """Find the roundest number from ``low`` (inclusive) up to ``high`` (exclusive).

    Parameters
    ----------
    low, high : float
        0 < low < high.

    Returns
    -------
    float
        The multiple of the largest step 1, 2 or 5 times a power of ten that fits, or ``low`` itself.

    Examples
    --------
    >>> round_between(11, 31), round_between(0.021, 0.034), round_between(4, 5)
    (20.0, 0.03, 4.0)
    """
    for exponent in range(math.floor(math.log10(high)), -9, -1):
        for lead in (5, 2, 1):
            step = lead * 10.0**exponent
            candidate = round(math.ceil(round(low / step, 9)) * step, max(0, -exponent))
            if low <= candidate < high:
                return candidate
    return float(low)


def class_of(value: float, limits: Sequence[float]) -> int:
    """Give the class of a value: 0 for zero, 1 for the first class and so on, -1 for a missing value.

    Examples
    --------
    >>> [class_of(value, (2.0, 20.0, 31.0)) for value in (0, 1, 2, 3, 31, float("nan"))]
    [0, 1, 1, 2, 3, -1]
    """
    if math.isnan(value):
        return -1
    if value <= 0:
        return 0
    return 1 + sum(value > limit for limit in limits[:-1])
