"""The law of a weighted neighbour sum without a draw: a saddlepoint approximation to all orders of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, ndtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._neighbours import Neighbours

    Floats = NDArray[np.float64]

TIE = 1e-11  # sums this close, relative to their range, are tied
STEPS = 200  # of Newton's method; about ten are needed
CLOSE = 1e-3  # deviations from the mean within which the formula loses its digits and is taken on both sides


def saddlepoint_tails(values: Floats, near: Neighbours) -> tuple[Floats, Floats]:
    """Approximate, for each unit, the chance of a neighbour sum as low, and as high, as the one seen.

    Every other unit is put at one of the neighbours' places or elsewhere, as if independently; given that each place
    is filled as often as there is room, all orders are as likely. Skovgaard's double saddlepoint formula [1]_ then
    gives the tail of the sum; for equal weights it is that of Booth and Butler [2]_. It takes sums as continuous, so
    that a tie counts about half; at the largest and the smallest possible sum the chance is exact.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        The map.
    near : Neighbours
        With the weights of the sum.

    Returns
    -------
    low, high : ndarray of float, shape (n,)
        1 for a unit without neighbours, or whose sum cannot vary.

    References
    ----------
    .. [1] Skovgaard, I. M. (1987). Saddlepoint expansions for conditional distributions. Journal of Applied
       Probability 24 (4), 875-887.
    .. [2] Booth, J. G., and Butler, R. W. (1990). Randomization distributions and saddlepoint approximations in
       generalized linear models. Biometrika 77 (4), 787-796.
    """
    tails = np.ones((2, len(values)))
    starts = np.searchsorted(near.focal, np.arange(len(values) + 1))
    for unit in range(len(values)):
        pairs = slice(starts[unit], starts[unit + 1])
        weights = near.weight[pairs]
        if len(weights):
            seen = float(weights @ values[near.neighbour[pairs]])
            tails[:, unit] = _tails(np.delete(values, unit), weights, seen)
    return tails[0], tails[1]


def _tails(others: Floats, weights: Floats, seen: float) -> tuple[float, float]:
    places = np.sort(np.concatenate([weights, np.zeros(len(others) - len(weights))]))
    ordered = np.sort(others)
    largest, smallest = float(places @ ordered), float(places @ ordered[::-1])
    tie = TIE * max(abs(largest), abs(smallest), largest - smallest)
    if largest - smallest <= tie:
        return 1.0, 1.0
    bottom, top = _chance_of_order(places, ordered[::-1]), _chance_of_order(places, ordered)
    if seen >= largest - tie:
        return 1.0, top
    if seen <= smallest + tie:
        return bottom, 1.0
    low, high = _Sum.of(others, weights).tails(seen)
    return float(np.clip(low, bottom, 1.0)), float(np.clip(high, top, 1.0))


def _chance_of_order(places: Floats, ordered: Floats) -> float:
    """Give the chance that a random order puts values at weights like this one, equal values and weights alike."""
    _, rooms = np.unique(places, return_counts=True)
    _, alike = np.unique(ordered, return_counts=True)
    _, both = np.unique(np.column_stack([places, ordered]), axis=0, return_counts=True)
    ways = gammaln(rooms + 1).sum() + gammaln(alike + 1).sum() - gammaln(both + 1).sum() - gammaln(len(places) + 1)
    return float(np.exp(ways))


@dataclass(frozen=True, slots=True)
class _Sum:
    """A sum of weight x value; one column per different weight, the first for elsewhere."""

    scores: Floats  # shape (n_others, 1 + n_weights): weight x value
    room: Floats  # shape (1 + n_weights,): places with this weight
    mean: float
    deviation: float

    @classmethod
    def of(cls, others: Floats, weights: Floats) -> _Sum:
        """Sort the weights into places."""
        different, room = np.unique(weights, return_counts=True)
        n, centre, spread = len(others), others.mean(), others.var()
        mean = float(centre * weights.sum())
        variance = spread * (n * (weights @ weights) - weights.sum() ** 2) / (n - 1)
        places = np.concatenate([[n - len(weights)], room]).astype(float)
        return cls(np.outer(others, np.concatenate([[0.0], different])), places, mean, float(np.sqrt(variance)))

    def tails(self, seen: float) -> tuple[float, float]:
        """Give the chance of a sum as low, and as high, as the one seen."""
        near_mean = abs(seen - self.mean) < CLOSE * self.deviation
        sides = [self.mean + side * CLOSE * self.deviation for side in (-1, 1)] if near_mean else [seen]
        low, high = np.mean([self._skovgaard(side) for side in sides], axis=0)
        return float(low), float(high)

    def _skovgaard(self, seen: float) -> tuple[float, float]:
        tilt, fall, curve = self._saddle(seen)
        share = self.room[1:] / self.room.sum()  # the room elsewhere follows from the others
        flat = self.room.sum() * (np.diag(share) - np.outer(share, share))
        root = np.sign(tilt) * np.sqrt(max(-2 * fall, 0.0))
        other = tilt * np.sqrt(np.linalg.det(curve) / np.linalg.det(flat))
        shift = np.exp(-(root**2) / 2) / np.sqrt(2 * np.pi) * (1 / other - 1 / root)
        return float(ndtr(root) - shift), float(ndtr(-root) + shift)

    def _saddle(self, seen: float) -> tuple[float, float, Floats]:
        """Minimise the cumulant function less what is given, by Newton's method with halved steps."""
        scores, seen = self.scores / self.deviation, seen / self.deviation
        given = np.concatenate([self.room[1:], [seen]])
        point = np.zeros(len(given))
        value, slope, curve = self._cumulant(point, scores, given)
        for _ in range(STEPS):
            step = np.linalg.solve(curve, slope)
            gain = float(slope @ step)
            if gain < 1e-20:
                break
            size = 1.0
            while (new := self._cumulant(point - size * step, scores, given))[0] > value - 1e-4 * size * gain:
                size /= 2
                if size < 1e-10:
                    return float(point[-1]), value, curve
            point, (value, slope, curve) = point - size * step, new
        return float(point[-1]), value, curve

    def _cumulant(self, point: Floats, scores: Floats, given: Floats) -> tuple[float, Floats, Floats]:
        """Give the function, its slope and its curvature; ``point`` has a tilt per place and one for the sum."""
        tilts = np.concatenate([[0.0], point[:-1]]) + point[-1] * scores + np.log(self.room / self.room.sum())
        top = tilts.max(axis=1, keepdims=True)
        chance = np.exp(tilts - top)
        total = chance.sum(axis=1, keepdims=True)
        chance /= total
        held, expected = chance[:, 1:], (chance * scores).sum(axis=1)
        means = np.column_stack([held, expected])
        curve = -(means.T @ means)
        cross = (held * scores[:, 1:]).sum(axis=0)
        curve[:-1, :-1] += np.diag(held.sum(axis=0))
        curve[:-1, -1] += cross
        curve[-1, :-1] += cross
        curve[-1, -1] += (chance * np.square(scores)).sum()
        value = float((top + np.log(total)).sum() - point @ given)
        return value, means.sum(axis=0) - given, curve
