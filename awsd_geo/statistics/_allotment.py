"""Which incidents of each region fell in the later period, if chance alone allotted them: exact, or Monte Carlo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from awsd_geo.statistics._guard import SMALLEST_P

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

MOST_STATES = 200_000  # sums and scores held at once by the exact law
BATCH = 1 << 21  # numbers held at once by the Monte Carlo


def allotment_tails(
    totals: Whole, later: int, scores: Sequence[Whole], seen: int, *, replicates: int, seed: int
) -> tuple[float, float, bool]:
    """Give P(score <= seen) and P(score >= seen) where chance allots the incidents to two periods.

    Given the number of incidents of each region and of each period, every choice of which incidents are the later
    ones is as likely (a multivariate hypergeometric). A score is a sum of one whole number per region, which
    depends on how many of its incidents are later. Its exact law is built region by region, as the weights of the
    pairs (later incidents, score) so far; where more than 200,000 pairs would be held, random allotments take its
    place, with (r + 1) / (m + 1) and ties counted in both tails. Whole numbers throughout: ties are exact.

    Parameters
    ----------
    totals : ndarray of int, shape (n_regions,)
        Incidents of each region in both periods together.
    later : int
        Incidents of the later period.
    scores : sequence of ndarray of int, shapes (totals[i] + 1,)
        Score of region i by its number of later incidents.
    seen : int
        The score of the data.
    replicates, seed : int
        Of the Monte Carlo, where it is needed.

    Returns
    -------
    low, high : float
        Over 0 to 1.
    exact : bool
        Whether no Monte Carlo was needed.
    """
    law = _exact(totals, later, scores)
    if law is not None:
        values, weights = law
        whole = weights.sum()
        low, high = weights[values <= seen].sum() / whole, weights[values >= seen].sum() / whole
        return min(max(float(low), SMALLEST_P), 1.0), min(max(float(high), SMALLEST_P), 1.0), True
    low = high = 1
    for values in _random(totals, later, scores, replicates, seed):
        low, high = low + int(np.sum(values <= seen)), high + int(np.sum(values >= seen))
    return low / (replicates + 1), high / (replicates + 1), False


def _exact(totals: Whole, later: int, scores: Sequence[Whole]) -> tuple[Whole, Floats] | None:
    """Give each score and its weight, or None where too many have to be held."""
    extent = [int(np.abs(score).max()) for score in scores]
    if sum(extent) * (later + 1) >= 2**61:
        return None
    n = int(totals.sum())
    number: Whole = np.zeros(1, dtype=np.int64)
    score: Whole = np.zeros(1, dtype=np.int64)
    weight: Floats = np.ones(1)
    left = n
    for total, own in zip(totals.tolist(), scores, strict=True):
        left -= total
        if len(number) * (total + 1) > 20 * MOST_STATES:
            return None
        x = np.arange(total + 1)
        number, score = (number[:, None] + x).ravel(), (score[:, None] + own).ravel()
        weight = (weight[:, None] * _coin(total, later / n)).ravel()
        kept = (number <= later) & (number + left >= later)
        key: Whole
        key, place = np.unique(score[kept] * (later + 1) + number[kept], return_inverse=True)
        if len(key) > MOST_STATES:
            return None
        weight = np.bincount(place, weights=weight[kept]).astype(np.float64)
        score, number = key // (later + 1), key % (later + 1)
    return score, weight


def _coin(total: int, chance: float) -> Floats:
    x = np.arange(total + 1.0)
    ways = gammaln(total + 1) - gammaln(x + 1) - gammaln(total - x + 1)
    weights: Floats = np.exp(ways + xlogy(x, chance) + xlog1py(total - x, -chance))
    return weights


def _random(totals: Whole, later: int, scores: Sequence[Whole], replicates: int, seed: int) -> list[Whole]:
    chance = np.random.default_rng(seed)
    batch = max(BATCH // len(totals), 1)
    drawn = []
    for done in range(0, replicates, batch):
        tables = chance.multivariate_hypergeometric(
            totals, later, size=min(batch, replicates - done), method="marginals"
        )
        drawn.append(sum((own[column] for own, column in zip(scores, tables.T, strict=True)), start=np.zeros(1, int)))
    return drawn
