"""The largest log likelihood ratio of many maps at once, by comparing counts in integers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import xlogy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._scan_chance import Null
    from awsd_geo.statistics._scan_zones import Zones

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Counts = NDArray[Any]  # small integers, int16 or int32

CELLS = 4096  # places in a batch, if its sequences are short
FEWEST_ABREAST, MOST_ABREAST = 32, 128  # sequences walked abreast
STEPS = 32  # after which what has passed is evaluated
GOLDEN = 0.6180339887498949  # its multiples are spread evenly
WARM = 2  # batches after which maps are sorted by what they have reached; they have 2 and 4 sequences
GROUPS = 8  # of maps that are compared with the same ratio
LADDER = np.array([0, 0.125, 0.25, 0.5, 0.75, *np.arange(1, 6, 0.5), 6, 7, 8, 10, 12, 16, 24, 32, 64, 128, 256])
GRID = 1 << 16  # cells, or one for each case, that expectations are sorted into for a threshold
SAMPLED = 256  # counts for which the threshold is solved; between them a convex function is below its chord


@dataclass(frozen=True, slots=True)
class Batch:
    """Sequences walked abreast; where one ends before the longest, its units and places are those after the last."""

    members: Whole  # shape (n_steps, n_sequences)
    places: Whole  # same shape


class Search:
    """Finds the largest log likelihood ratio of many maps at once, adding up along the zones' sequences.

    A zone needs a smallest count to reach a given ratio (a largest one where it is low). So maps are first compared
    in integers with what the worst of them has reached so far, and only what passes is evaluated: about one zone
    in a hundred.

    Cost: the number of places times the number of maps, each an addition and a comparison of small integers.
    """

    def __init__(self, zones: Zones, null: Null) -> None:
        self.zones, self.null = zones, null
        self.at = zones.sums(null.expected)  # expectation at each place
        total = null.model.total
        share = np.arange(total + 1) / total
        self.entropy = total * (xlogy(share, share) + xlogy(1 - share, 1 - share))
        inside = np.clip(self.at / total, np.finfo(float).tiny, 1 - np.finfo(float).epsneg)
        self.log_in, self.log_out = np.log(inside), np.log1p(-inside)
        self.weight = np.repeat(zones.weights, np.diff(zones.starts)) if (zones.weights != 1).any() else None
        self.order = np.argsort(np.arange(len(zones)) * GOLDEN % 1.0, kind="stable")  # neighbours far apart
        grain = max(1, GRID // total)  # whole, so that counts are on the grid
        self.grid, self.cell = np.arange(total * grain + 2) / grain, (self.at * grain).astype(np.int64)
        self.closed = np.flatnonzero(~zones.ends)
        self._batches: list[Batch] = []
        self._cuts: dict[tuple[float, bool], Counts] = {}
        self._ladder: tuple[Floats, Floats, Floats] | None = None

    def ratios(self, counts: Whole) -> Floats:
        """Give the log likelihood ratio of every place for one map, 0 where no zone ends."""
        sums, llr = self.zones.sums(counts), np.zeros(len(self.at))
        wanted = {"high": sums > self.at, "low": sums < self.at, "both": sums != self.at}
        some = np.flatnonzero(self.zones.ends & wanted[self.null.model.direction])
        llr[some] = self.null.model.ratio(sums[some], self.at[some])
        return llr if self.weight is None else llr * self.weight

    def maxima(self, maps: Counts) -> Floats:
        """Give the largest ratio of each map, shape (n_units, m) to (m,), to about 1e-15 times the cases."""
        self._batches = self._batches or _batches(self.zones, self.order)
        order, best = np.arange(maps.shape[1]), np.zeros((1, maps.shape[1]))
        maps = np.concatenate([maps, np.zeros_like(maps[:1])])  # an empty unit after the last
        for number, batch in enumerate(self._batches):
            if number == WARM and maps.shape[1] >= 4 * GROUPS:
                order = _weakest_first(best[0])
                best = best[0][order].reshape(GROUPS, -1)
                maps = np.ascontiguousarray(maps[:, order])
            self._walk(batch, maps, best)
        largest = np.zeros(order.max() + 1)
        largest[order] = best.ravel()
        return largest

    def _walk(self, batch: Batch, maps: Counts, best: Floats) -> None:
        """Add the counts up along the sequences of a batch, and raise what is the best so far."""
        sums = np.zeros((batch.members.shape[1], maps.shape[1]), dtype=maps.dtype)
        entered, passed = np.empty_like(sums), np.empty((len(sums), *best.shape), dtype=bool)
        groups, flat_sums, flat_passed = sums.reshape(passed.shape), sums.reshape(-1), passed.reshape(-1)
        for first in range(0, len(batch.members), STEPS):
            places = batch.places[first : first + STEPS]
            tests = self._tests(places, best, maps.dtype)
            found = []
            for step, members in enumerate(batch.members[first : first + STEPS]):
                maps.take(members, axis=0, out=entered, mode="clip")
                np.add(sums, entered, out=sums)
                for compare, cuts in tests:
                    compare(groups, cuts[step], out=passed)
                    hits = flat_passed.nonzero()[0]
                    if len(hits):
                        found.append((step, hits, flat_sums[hits]))
            self._raise(best, places, found)

    def _tests(self, places: Whole, best: Floats, dtype: Any) -> list[tuple[Any, Counts]]:
        """Give the comparisons to make, with the counts by step, sequence and group of maps."""
        lowest = LADDER[np.searchsorted(LADDER, best.min(axis=1), side="right") - 1].tolist()
        tests = []
        for direction, compare in (("high", np.greater_equal), ("low", np.less_equal)):
            if self.null.model.direction in (direction, "both"):
                cuts = np.empty((*places.shape, len(lowest), 1), dtype=dtype)
                for group, llr in enumerate(lowest):
                    cuts[..., group, 0] = self._cut(llr, dtype, high=direction == "high").take(places, mode="clip")
                tests.append((compare, cuts))
        return tests

    def _raise(self, best: Floats, places: Whole, found: list[tuple[int, Whole, Counts]]) -> None:
        """Evaluate what may exceed the smallest of the best so far in its group of maps."""
        if not found:
            return
        steps = np.repeat([step for step, _, _ in found], [len(hits) for _, hits, _ in found])
        sequence, column = np.divmod(np.concatenate([hits for _, hits, _ in found]), best.size)
        counts = np.concatenate([sums for _, _, sums in found])
        np.maximum.at(best.reshape(-1), column, self._value(counts, places[steps, sequence]))

    def _value(self, count: Counts, place: Whole) -> Floats:
        model = self.null.model
        if model.population is None:
            llr: Floats = np.take(self.entropy, count) - count * np.take(self.log_in, place)
            llr -= (model.total - count) * np.take(self.log_out, place)
        else:
            llr = model.ratio(count, np.take(self.at, place))
        return llr if self.weight is None else llr * np.take(self.weight, place)

    def _cut(self, llr: float, dtype: Any, *, high: bool) -> Counts:
        """Give the counts from which on (high) or up to which a place may reach a ratio, and one that none reaches.

        Cautiously: a zone may pass that does not reach the ratio, but none is missed.
        """
        if (llr, high) not in self._cuts:
            never = np.iinfo(dtype).max if high else -1
            if high:
                counts = np.searchsorted(self._largest(llr), self.grid[:-1])
                counts = np.clip(counts, self.null.model.fewest, never)
            else:
                counts = np.searchsorted(self._smallest(llr), self.grid[1:], side="right") - 1
            cuts = np.full(len(self.at) + 1, never, dtype=dtype)
            counts.astype(dtype).take(self.cell, out=cuts[:-1], mode="clip")
            cuts[self.closed] = never
            self._cuts[llr, high] = cuts
        return self._cuts[llr, high]

    def _sampled(self) -> tuple[Whole, Whole]:
        total = self.null.model.total
        return np.arange(total + 1), np.unique(np.linspace(0, total, SAMPLED).astype(np.int64))

    def _largest(self, llr: float) -> Floats:
        """Give the largest expectations of every count, from chords; for a ratio of 0 the counts themselves."""
        every, some = self._sampled()
        if llr == 0:
            return np.nextafter(every, -1.0)
        model = replace(self.null.model, fewest=0)
        return np.interp(every, some, model.largest_expectations(llr, some, 16))

    def _smallest(self, llr: float) -> Floats:
        """Give the smallest expectations of every count, from chords; for a ratio of 0 the counts themselves."""
        every, some = self._sampled()
        if llr == 0:
            return np.nextafter(every, np.inf)
        model = replace(self.null.model, fewest=0)
        return np.interp(every, some, model.smallest_expectations(llr, some, 16))

    def thresholds(self) -> tuple[Floats, Floats, Floats]:
        """Give the ratios of the ladder, and for each the largest and smallest expectations of every count."""
        if self._ladder is None:
            largest = np.stack([self._largest(float(llr)) for llr in LADDER])
            self._ladder = (LADDER, largest, np.stack([self._smallest(float(llr)) for llr in LADDER]))
        return self._ladder


def _weakest_first(best: Floats) -> Whole:
    """Sort maps by what they have reached; the last is repeated until the groups are alike in size."""
    order = np.argsort(best, kind="stable")
    return np.concatenate([order, np.repeat(order[-1:], -len(order) % GROUPS)])


def _batches(zones: Zones, order: Whole) -> list[Batch]:
    """Put sequences abreast: a few from all over the map first, so that all maps soon have something to beat."""
    lengths = np.diff(zones.starts)
    warm, rest = order[:6], order[6:]
    rest = rest[np.argsort(lengths[rest], kind="stable")]
    groups = [warm[:2], warm[2:]]
    while len(rest):
        abreast = int(np.clip(CELLS // lengths[rest[0]], FEWEST_ABREAST, MOST_ABREAST))
        groups.append(rest[:abreast])
        rest = rest[abreast:]
    members = np.append(zones.members, zones.units)
    return [_batch(zones, members, group, lengths[group]) for group in groups if len(group)]


def _batch(zones: Zones, members: Whole, group: Whole, lengths: Whole) -> Batch:
    step = np.arange(lengths.max())[:, None]
    places = np.where(step < lengths, zones.starts[group] + step, len(zones.members))
    return Batch(members[places], places)
