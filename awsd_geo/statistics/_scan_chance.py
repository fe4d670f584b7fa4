"""Monte Carlo of the scan statistics: the largest log likelihood ratio of maps drawn under the null hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from awsd_geo.statistics._scan_likelihood import Likelihood
    from awsd_geo.statistics._scan_search import Search

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Counts = NDArray[Any]

BLOCK = 1000  # maps drawn at once; each block has its own stream, so neither threads nor memory change a number
GUIDE = 1 << 14  # cells of the table that finds the unit of a random number
MOST_CONTROLS = 10**9  # numpy's limit for the multivariate hypergeometric


@dataclass(frozen=True, slots=True)
class Null:
    """The null hypothesis: cases fall in units by their expectation, or by lot among cases and controls."""

    model: Likelihood
    expected: Floats  # shape (n_units,), sums to the cases
    sizes: Whole | None = None  # cases and controls of each unit, Bernoulli only

    def maps(self, number: int, chance: np.random.Generator) -> Counts:
        """Draw maps given the total, shape (n_units, number)."""
        n, cases = len(self.expected), self.model.total
        dtype = np.int16 if cases < np.iinfo(np.int16).max else np.int32
        if self.sizes is not None:
            if self.sizes.sum() >= MOST_CONTROLS:
                raise InputError("Cases and controls are 1,000,000,000 or more. Give them as exposure (Poisson).")
            drawn = chance.multivariate_hypergeometric(self.sizes, cases, size=number, method="marginals")
        elif cases <= 4 * n:
            return self._by_case(number, chance).astype(dtype)
        else:
            drawn = chance.multinomial(cases, self.expected / self.expected.sum(), size=number)
        return np.ascontiguousarray(drawn.T, dtype=dtype)

    def _by_case(self, number: int, chance: np.random.Generator) -> Whole:
        """Place each case on its own, which is faster where cases are few."""
        upto = np.cumsum(self.expected) / self.expected.sum()
        upto[np.flatnonzero(self.expected)[-1] :] = 1.0
        guide = np.searchsorted(upto, np.arange(GUIDE) / GUIDE, side="right")
        at = chance.random((self.model.total, number))
        unit = guide[(at * GUIDE).astype(np.int64)]
        while (beyond := at >= upto[unit]).any():
            unit += beyond
        flat = np.bincount((unit * number + np.arange(number)).ravel(), minlength=len(upto) * number)
        return flat.reshape(len(upto), number)


def simulate(search: Search, replicates: int, seed: int) -> Iterator[Floats]:
    """Give the largest ratios of maps under the null hypothesis, block by block, always in the same order."""
    for number, start in enumerate(range(0, replicates, BLOCK)):
        chance = np.random.default_rng([seed, number])
        yield search.maxima(search.null.maps(min(BLOCK, replicates - start), chance))
