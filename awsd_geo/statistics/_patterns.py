"""The 17 patterns of emerging hot and cold spots, from the states of one unit over time."""

from __future__ import annotations

from functools import lru_cache
from math import factorial, prod
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from awsd_geo.errors import InputError
from awsd_geo.statistics._mann_kendall import orders_by_inversions, score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

KINDS = ("new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical")
PATTERNS = (*(f"{kind} {side} spot" for side in ("hot", "cold") for kind in KINDS), "no pattern")
STATES = ("hot", "cold", "neither")
TRENDS = ("up", "down", "none")
MOST = 0.9  # share of the steps for the four patterns of lasting spots
EXACT_STEPS = 60  # beyond it Mann-Kendall's p is by the normal approximation
DIGITS = 9  # z-scores that agree so far are tied


def emerging_pattern(states: Sequence[str], *, trend: str = "none") -> str:
    """Name the pattern of one unit.

    In this order, for a hot spot: **new**, hot in the last step for the first time; **intensifying**,
    **diminishing** or **persistent**, hot in 90 % of the steps and in the last, the z-scores rising, falling or
    neither; **consecutive**, hot in an unbroken run of at least two steps to the last and never before;
    **oscillating**, hot in the last step and cold in some before; **sporadic**, hot in the last step and on and off
    before; **historical**, hot in 90 % of the steps but not in the last. A cold spot is the mirror image: cold for
    hot, and as its z-scores lie below 0, it intensifies where they fall and diminishes where they rise. A unit that
    meets two definitions gets the one named first, and what it is in the last step comes before what it was: hot for
    the first time after having been cold is new.

    Parameters
    ----------
    states : sequence of {"hot", "cold", "neither"}, shape (n_steps,)
        In order of time.
    trend : {"up", "down", "none"}, default "none"
        Of the z-scores.

    Returns
    -------
    str
        One of the 17 patterns, such as "new hot spot", or "no pattern".

    Raises
    ------
    InputError
        If there is no step, or a state or the trend is none of those above.

    References
    ----------
    .. [1] Esri (2024). How Emerging Hot Spot Analysis works. ArcGIS Pro documentation.

    Examples
    --------
    >>> from awsd_geo.statistics import emerging_pattern
    >>> emerging_pattern(["cold"] * 10, trend="down")
    'intensifying cold spot'
    """
    strange = [state for state in states if state not in STATES]
    if strange or not len(states) or trend not in TRENDS:
        raise InputError(
            f"States must be among {', '.join(STATES)}, at least one, and trend among {', '.join(TRENDS)}."
        )
    sides = (("hot", "cold", "up"), ("cold", "hot", "down"))
    for side, other, grows in sorted(sides, key=lambda named: named[0] != states[-1]):  # what it is now comes first
        spots = [state == side for state in states]
        if sum(spots) and (kind := _kind(spots, opposite=other in states, trend=trend, grows=grows)) is not None:
            return f"{kind} {side} spot"
    return "no pattern"


def _kind(spots: list[bool], *, opposite: bool, trend: str, grows: str) -> str | None:
    number, lasting = sum(spots), sum(spots) >= MOST * len(spots) - 1e-9
    if not spots[-1]:
        return "historical" if lasting else None
    if number == 1:
        return "new"
    if lasting:
        return {grows: "intensifying", "none": "persistent"}.get(trend, "diminishing")
    if all(spots[-number:]):
        return "consecutive"
    return "oscillating" if opposite else "sporadic"


def trend_of(z: Floats) -> tuple[int, float]:
    """Give Kendall's S of a series of z-scores and its two-sided p, exact to 60 steps, ties included.

    Longer series take the normal approximation with the variance corrected for ties and a continuity correction.
    """
    rounded = np.round(z, DIGITS)
    _, ranks, repeats = np.unique(rounded, return_inverse=True, return_counts=True)
    s, sizes = score(ranks), tuple(sorted(repeats.tolist()))
    if len(rounded) <= EXACT_STEPS:
        return s, _tail(sizes)[abs(s)]
    n = len(rounded)
    variance = (n * (n - 1) * (2 * n + 5) - sum(m * (m - 1) * (2 * m + 5) for m in sizes)) / 18
    return s, 1.0 if variance == 0 or s == 0 else float(2 * ndtr(-(abs(s) - 1) / np.sqrt(variance)))


@lru_cache(maxsize=256)
def _tail(sizes: tuple[int, ...]) -> dict[int, float]:
    """Give P(abs(S) >= s) for every s that can be, for groups of ties of these sizes."""
    orders = orders_by_inversions(list(sizes))
    pairs, whole = len(orders) - 1, factorial(sum(sizes)) // prod(map(factorial, sizes))
    tail, more = {}, 0
    for inversions in range((pairs // 2) + 1):
        s = pairs - 2 * inversions
        more += orders[inversions] * (2 if s else 1)
        tail[s] = more / whole
    return tail
