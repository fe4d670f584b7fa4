"""The exact law of a neighbour sum: k values drawn without replacement from the rest of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]


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
    table = np.zeros((most + 1, largest + 1))
    table[0, 0] = 1.0
    q = min(most / max(int(repeats.sum()), 1), 0.5)
    for value, repeat in zip(values.tolist(), repeats.tolist(), strict=True):
        chosen = np.arange(min(repeat, most) + 1)
        ways = np.exp(
            gammaln(repeat + 1) - gammaln(chosen + 1) - gammaln(repeat - chosen + 1)
            + xlogy(chosen, q) + xlog1py(repeat - chosen, -q)
        )  # fmt: skip
        grown = ways[0] * table
        for size in range(1, len(chosen)):
            shift = size * value
            if shift > largest:
                break
            grown[size:, shift:] += ways[size] * table[: most + 1 - size, : largest + 1 - shift]
        table = grown
    return table


def neighbour_sum_tails(counts: Whole, cardinality: Whole, sums: Whole) -> tuple[Floats, Floats]:
    """Give, for each unit, the exact chance of a neighbour sum as low, and as high, as the one seen.

    Conditional on the unit's own count: its k neighbours are a draw of k from the other n - 1 units. Ties count
    in both tails. Units with the same count share one table: D distinct values, at most k neighbours and sums to
    S take O(D^2 k^2 S).

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
        P(sum <= seen) and P(sum >= seen), both over 0.
    """
    values, group, repeats = np.unique(counts, return_inverse=True, return_counts=True)
    low, high = np.ones(len(counts)), np.ones(len(counts))
    for own in range(len(values)):
        others = repeats - (np.arange(len(values)) == own)
        units = np.flatnonzero(group == own)
        most = int(cardinality[units].max())
        largest = int(np.sort(np.repeat(values, others))[::-1][:most].sum())
        table = subset_sums(values, others, most, largest)
        for unit in units:
            row, seen = table[cardinality[unit]], sums[unit]
            below, above = row[:seen].sum(), row[seen + 1 :].sum()
            whole = below + row[seen] + above
            low[unit], high[unit] = (below + row[seen]) / whole, (row[seen] + above) / whole
    return low, high
