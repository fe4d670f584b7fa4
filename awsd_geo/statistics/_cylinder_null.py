"""Null hypotheses of the space-time scans beside Poisson: times shuffled over cases, or totals of periods kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Draw = Callable[[int, np.random.Generator], NDArray[Any]]

BLOCK = 1000  # maps drawn at once; each block has its own stream, so that memory never changes a number
AT_ONCE = 1 << 21  # cases shuffled at once


@dataclass(frozen=True, slots=True)
class Shuffled:
    """The times of the cases in any order over their places: totals of units and of periods stay (permutation)."""

    counts: Whole  # shape (n_units, n_periods)

    def maps(self, number: int, chance: np.random.Generator) -> NDArray[Any]:
        """Draw maps, shape (n_units * n_periods, number)."""
        unit, period = np.nonzero(self.counts)
        repeats = self.counts[unit, period]
        offsets, periods = np.repeat(unit, repeats) * self.counts.shape[1], np.repeat(period, repeats)
        maps = np.empty((self.counts.size, number), dtype=np.int32)
        step = max(AT_ONCE // max(len(periods), 1), 1)
        for start in range(0, number, step):
            some = np.arange(start, min(start + step, number))
            times = chance.permuted(np.broadcast_to(periods, (len(some), len(periods))), axis=1)
            cells = offsets + times + (some - start)[:, None] * self.counts.size
            flat = np.bincount(cells.ravel(), minlength=len(some) * self.counts.size)
            maps[:, some] = flat.reshape(len(some), -1).T
        return maps


@dataclass(frozen=True, slots=True)
class Stratified:
    """Cases fall in units by their expectation, in each period as many as there were (time-stratified Poisson)."""

    counts: Whole  # shape (n_units, n_periods)
    expected: Floats  # the same shape

    def maps(self, number: int, chance: np.random.Generator) -> NDArray[Any]:
        """Draw maps, shape (n_units * n_periods, number)."""
        maps = np.zeros((*self.counts.shape, number), dtype=np.int32)
        for period, cases in enumerate(self.counts.sum(axis=0)):
            if cases:
                shares = self.expected[:, period] / self.expected[:, period].sum()
                maps[:, period] = chance.multinomial(cases, shares, size=number).T
        return maps.reshape(self.counts.size, number)


def draws(draw: Draw, replicates: int, seed: int) -> Iterator[NDArray[Any]]:
    """Give maps under the null hypothesis, block by block, always the same."""
    for block, start in enumerate(range(0, replicates, BLOCK)):
        yield draw(min(BLOCK, replicates - start), np.random.default_rng([seed, block]))
