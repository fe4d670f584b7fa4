"""All ways in which unplaced incidents can fall, and what the counts can be in any of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, xlogy

from awsd_geo.statistics._guard import SMALLEST_P
from awsd_geo.statistics._maxcell import SAME, critical_counts, some_cell_reaches, upper_tail

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

MANY = 10**12  # ways: no list of so many is made
CLOSE = 1e-10  # of two tails, relative: bisection ends


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Firm counts by unit, and groups of incidents that fall each in one of the candidates of its group."""

    firm: Whole  # shape (n_units,)
    candidates: list[Whole]  # of each group: units
    weights: list[Floats]  # of each group, summing to 1
    number: Whole  # incidents of each group

    @property
    def total(self) -> int:
        """Incidents, those that are not placed included."""
        return int(self.firm.sum() + self.number.sum())

    def reach(self) -> tuple[Whole, Whole, Floats]:
        """Give the lowest, the highest and the expected count of each unit."""
        lowest, highest, expected = self.firm.copy(), self.firm.copy(), self.firm.astype(np.float64)
        for units, weights, number in zip(self.candidates, self.weights, self.number, strict=True):
            lowest[units] += number * (len(units) == 1)
            highest[units] += number
            expected[units] += number * weights
        return lowest, highest, expected

    def fits(self, most: Whole) -> bool:
        """Say whether the incidents can fall so that no unit has more than its number in ``most``.

        That is a transport problem: it has an answer if the largest flow from the groups through their candidates
        into what room the units have left carries every incident [1]_.

        References
        ----------
        .. [1] Gale, D. (1957). A theorem on flows in networks. Pacific Journal of Mathematics 7 (2), 1073-1082.
        """
        room = most - self.firm
        if (room < 0).any():
            return False
        some = np.flatnonzero(self.number)
        if (self.reach()[1] <= most).all():  # no unit can go beyond
            return True
        if len(some) < 2:
            return all(int(room[self.candidates[group]].sum()) >= self.number[group] for group in some.tolist())
        return self._flow(room, some) == int(self.number.sum())

    def _flow(self, room: Whole, some: Whole) -> int:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import maximum_flow

        joined = np.concatenate([self.candidates[group] for group in some])
        units, place = np.unique(joined, return_inverse=True)
        sizes = [len(self.candidates[group]) for group in some]
        groups = np.arange(1 + len(units), 1 + len(units) + len(some))  # 0 is the source, 1 to n the units
        sink = 1 + len(units) + len(some)
        number, ends = self.number[some], np.arange(1, 1 + len(units))
        heads = np.concatenate([np.zeros(len(some), np.int64), np.repeat(groups, sizes), ends])
        tails = np.concatenate([groups, 1 + place, np.full(len(units), sink)])
        edges = np.concatenate([number, np.repeat(number, sizes), np.minimum(room[units], number.sum())])
        edges, heads, tails = (each.astype(np.int32) for each in (edges, heads, tails))  # older SciPy takes no other
        graph = csr_array((edges, (heads, tails)), (sink + 1, sink + 1))
        return int(maximum_flow(graph, 0, sink).flow_value)

    def can_lead(self) -> NDArray[np.bool_]:
        """Say of each unit whether it has the most incidents, alone or with others, in some way."""
        lowest, highest, _ = self.reach()
        return np.array(
            [highest[unit] >= lowest.max() and self._leads(unit, int(highest[unit])) for unit in range(len(self.firm))]
        )

    def _leads(self, unit: int, count: int) -> bool:
        """Give the unit all that it can have, and see whether the rest can stay at or below that."""
        own = np.array([unit in units for units in self.candidates], dtype=bool)
        firm = self.firm.copy()
        firm[unit] = count
        return Ways(firm, self.candidates, self.weights, np.where(own, 0, self.number)).fits(np.full(len(firm), count))

    def p_range(self, shares: Floats) -> tuple[float, float]:
        """Give the smallest and the largest p of the max-cell test over all ways, exact for any number of them.

        The statistic is the smallest of the units' binomial tails, and p grows with it. It is least where the unit
        that can go farthest gets all that it can. It is largest where no unit goes far: for each level, that no tail
        is below it means that no unit has more than so many, which is a transport problem; the level is bisected.

        Parameters
        ----------
        shares : ndarray of float, shape (n_units,)
            Probability of each unit, all over 0, sum 1.

        Returns
        -------
        smallest, largest : float
        """
        n, highest = self.total, self.reach()[1]
        least = max(float(upper_tail(highest, n, shares).min()), SMALLEST_P)
        low, high = np.log(least), 0.0
        while high - low > CLOSE:
            middle = (low + high) / 2
            most = critical_counts(float(np.exp(middle)) * (1 - 3 * SAME), n, shares) - 1
            low, high = (middle, high) if self.fits(most) else (low, middle)
        smallest, largest = (_p(level, n, shares) for level in (least, float(np.exp(low))))
        return smallest, max(smallest, largest)

    def count(self) -> int:
        """Count the ways, incidents of a group being alike; beyond 10**12 it is enough to know that."""
        ways = 1
        for units, number in zip(self.candidates, self.number.tolist(), strict=True):
            ways *= comb(number + len(units) - 1, number)
            if ways > MANY:
                break
        return ways

    def all(self) -> tuple[Whole, Floats]:
        """Give the counts of every way, shape (n_ways, n_units), and the chance of each by the weights."""
        counts, chances = self.firm[None, :], np.ones(1)
        for units, weights, number in zip(self.candidates, self.weights, self.number.tolist(), strict=True):
            shared = _shared(number, len(units))
            added = np.zeros((len(shared), len(self.firm)), dtype=np.int64)
            added[:, units] = shared
            log = gammaln(number + 1) + (xlogy(shared, weights) - gammaln(shared + 1.0)).sum(axis=1)
            counts = (counts[:, None] + added).reshape(-1, len(self.firm))
            chances = (chances[:, None] * np.exp(log)).ravel()
        return counts, chances

    def drawn(self, sets: int, seed: int) -> Whole:
        """Draw counts by the weights, shape (sets, n_units)."""
        chance = np.random.default_rng(seed)
        counts = np.repeat(self.firm[None, :], sets, axis=0)
        for units, weights, number in zip(self.candidates, self.weights, self.number, strict=True):
            counts[:, units] += chance.multinomial(number, weights / weights.sum(), size=sets)
        return counts


def _p(level: float, n: int, shares: Floats) -> float:
    """Give the chance that some unit's tail is at this level or below."""
    if level <= SMALLEST_P * (1 + SAME):
        return SMALLEST_P
    return some_cell_reaches(critical_counts(level, n, shares), n, shares)


def _shared(number: int, among: int) -> Whole:
    """Give every way to share a number among some, shape (n_ways, among): bars between stars."""
    bars = np.array(list(combinations(range(number + among - 1), among - 1)), dtype=np.int64)
    bars = bars.reshape(comb(number + among - 1, number), among - 1)
    ends = np.column_stack([np.full(len(bars), -1), bars, np.full(len(bars), number + among - 1)])
    return np.diff(ends, axis=1) - 1
