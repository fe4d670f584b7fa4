"""The exact law of a neighbour sum: k values drawn without replacement from the rest of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

LARGEST_TABLE = 20_000_000  # sizes times sums of one table: 160 MB
LONGEST_WORK = 4e9  # numbers added, about two seconds


def subset_sums(values: Whole, repeats: Whole, most: int, largest: int) -> Floats:
    """Count, by size and sum, the subsets of a multiset.

    The generating function over value v with m repeats is the sum of binomial(m, c) y^c z^(c v); the product of
    them has the number of k-subsets with sum s as the coefficient of y^k z^s [1]_. Each factor is scaled by
    q^c (1 - q)^(m - c), a coin toss per unit, which keeps all numbers in range and cancels within a row. Only
    positive terms are added.

    Parameters
    ----------
    values, repeats : ndarray of int, shape (n_distinct,)
        The multiset.
    most : int
        Largest size of subset.
    largest : int
        Largest sum.

    Returns
    -------
    ndarray of float, shape (most + 1, largest + 1)
        Row k is proportional to the number of k-subsets by sum.

    References
    ----------
    .. [1] Streitberg, B., and Roehmel, J. (1986). Exact distributions for permutation and rank tests. Statistical
       Software Newsletter 12 (1), 10-17 (the shift algorithm).
    """
    return _with_all(_empty(most, largest), values, repeats, _coin(repeats, most))


def leave_one_out(values: Whole, repeats: Whole, most: int, largest: int) -> Iterator[tuple[int, Floats]]:
    """Give ``subset_sums`` with one unit of each value left out, for every value in turn.

    Halving: the factors of one half of the values are multiplied in before the other half is looked at, so that D
    values take D log D multiplications instead of D squared.
    """
    coin = _coin(repeats, most)
    waiting = [(_empty(most, largest), 0, len(values))]
    while waiting:
        table, low, high = waiting.pop()
        if high - low == 1:
            yield low, _with(table, int(values[low]), int(repeats[low]) - 1, coin)
            continue
        middle = (low + high) // 2
        left, right = slice(low, middle), slice(middle, high)
        waiting.append((_with_all(table, values[right], repeats[right], coin), low, middle))
        waiting.append((_with_all(table, values[left], repeats[left], coin), middle, high))


def neighbour_sum_tails(counts: Whole, cardinality: Whole, sums: Whole) -> tuple[Floats, Floats] | None:
    """Give, for each unit, the exact chance of a neighbour sum as low, and as high, as the one seen.

    Conditional on the unit's own count: its k neighbours are a draw of k from the other n - 1 units. Ties count
    in both tails. Units with the same count share one table: D distinct values, at most k neighbours and sums to
    S take O(D log D k^2 S) time.

    Parameters
    ----------
    counts : ndarray of int, shape (n,)
        The map.
    cardinality : ndarray of int, shape (n,)
        Number of neighbours, k.
    sums : ndarray of int, shape (n,)
        Sum over the neighbours.

    Returns
    -------
    low, high : ndarray of float, shape (n,)
        P(sum <= seen) and P(sum >= seen), over 0, at most 1; None if the law needs too much memory or time.
    """
    ordered = np.argsort(counts, kind="stable")
    sorted_counts = counts[ordered]
    starts = np.flatnonzero(np.r_[True, sorted_counts[1:] != sorted_counts[:-1]])
    values, repeats = sorted_counts[starts], np.diff(np.r_[starts, len(counts)])
    most = int(cardinality.max())
    largest = int(sorted_counts[len(counts) - most :].sum())
    size_of = (most + 1) * (largest + 1)
    if size_of > LARGEST_TABLE or size_of * most * len(values) * np.log2(len(values) + 1) > LONGEST_WORK:
        return None
    low, high = np.ones(len(counts)), np.ones(len(counts))
    for own, table in leave_one_out(values, repeats, most, largest):
        same = ordered[starts[own] : starts[own] + repeats[own]]
        size, seen = cardinality[same], sums[same]
        below, above = np.cumsum(table, axis=1), np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
        whole = below[size, -1]
        low[same], high[same] = below[size, seen] / whole, above[size, seen] / whole
    # Added up from the other end, the whole can come out larger by rounding.
    return np.minimum(low, 1.0), np.minimum(high, 1.0)


def _empty(most: int, largest: int) -> Floats:
    table = np.zeros((most + 1, largest + 1))
    table[0, 0] = 1.0
    return table


def _coin(repeats: Whole, most: int) -> float:
    return min(most / max(int(repeats.sum()), 1), 0.5)


def _with_all(table: Floats, values: Whole, repeats: Whole, coin: float) -> Floats:
    for value, repeat in zip(values.tolist(), repeats.tolist(), strict=True):
        table = _with(table, value, repeat, coin)
    return table


def _with(table: Floats, value: int, repeat: int, coin: float) -> Floats:
    sizes, sums = table.shape
    chosen = np.arange(min(repeat, sizes - 1) + 1)
    ways = _ways(repeat, len(chosen), coin)
    grown: Floats = ways[0] * table
    for size in range(1, len(chosen)):
        shift = size * value
        if shift >= sums:
            break
        grown[size:, shift:] += ways[size] * table[: sizes - size, : sums - shift]
    return grown


def _ways(repeat: int, sizes: int, coin: float) -> Floats:
    """Give binomial(repeat, c) times the odds to the c, for c from 0, as shares of the largest: only products."""
    chosen = np.arange(sizes - 1)
    grows = (repeat - chosen) / (chosen + 1) * (coin / (1 - coin))
    top = int(np.count_nonzero(grows > 1))
    down = np.cumprod(1 / grows[:top][::-1])[::-1]
    ways: Floats = np.concatenate([down, [1.0], np.cumprod(grows[top:])])
    return ways
