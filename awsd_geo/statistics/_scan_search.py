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

BATCH = 512  # places looked at in one go, if a sequence is not longer
SMALLEST_BATCH = 16
GOLDEN = 0.6180339887498949  # its multiples are spread evenly
WARM = 2  # batches after which maps are sorted by what they have reached
GROUPS = 8  # of maps that are compared with the same ratio
LADDER = np.array([0, 0.125, 0.25, 0.5, 0.75, *np.arange(1, 6, 0.5), 6, 7, 8, 10, 12, 16, 24, 32, 64, 128, 256])
GRID = 1 << 16  # cells, or one for each case, that expectations are sorted into for a threshold
SAMPLED = 256  # counts for which the threshold is solved; between them a convex function is below its chord


@dataclass(frozen=True, slots=True)
class Batch:
    """Some whole sequences, their places one after another."""

    start: int  # in the order in which places are looked at
    stop: int
    members: list[int]
    fresh: list[bool]  # a sequence starts here


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
        self._batches: list[Batch] = []
        self._cuts: dict[tuple[float, bool], Counts] = {}
        self._ladder: tuple[Floats, Floats, Floats] | None = None

    def ratios(self, counts: Whole) -> Floats:
        """Give the log likelihood ratio of every place for one map, 0 where no zone ends."""
        llr = self.null.model.ratio(self.zones.sums(counts), self.at)
        return np.where(self.zones.ends, llr if self.weight is None else llr * self.weight, 0.0)

    def maxima(self, maps: Counts) -> Floats:
        """Give the largest ratio of each map, shape (n_units, m) to (m,), to about 1e-15 times the cases."""
        if not self._batches:
            self._prepare()
        order, best = np.arange(maps.shape[1]), np.zeros((1, maps.shape[1]))
        rows, room = list(maps), self._room(maps)
        for number, batch in enumerate(self._batches):
            if number == WARM and maps.shape[1] >= 4 * GROUPS:
                order = _weakest_first(best[0])
                best = best[0][order].reshape(GROUPS, -1)
                maps = np.ascontiguousarray(maps[:, order])
                rows, room = list(maps), self._room(maps)
            _add_up(batch, rows, list(room))
            self._raise(best, room[: batch.stop - batch.start], batch)
        largest = np.zeros(order.max() + 1)
        largest[order] = best.ravel()
        return largest

    def _prepare(self) -> None:
        """Bring the places into the order in which they are looked at."""
        self._batches, places = _batches(self.zones, self.order)
        self._grain = max(1, GRID // self.null.model.total)  # whole, so that counts are on the grid
        self._cell = (self.at[places] * self._grain).astype(np.int64)
        self._places, self._ends = places, self.zones.ends[places]
        self._log_in, self._log_out = self.log_in[places], self.log_out[places]

    def _room(self, maps: Counts) -> Counts:
        longest = max((batch.stop - batch.start for batch in self._batches), default=0)
        return np.empty((longest, maps.shape[1]), dtype=maps.dtype)

    def _raise(self, best: Floats, sums: Counts, batch: Batch) -> None:
        """Evaluate what may exceed the smallest of the best so far in its group of maps."""
        direction, groups = self.null.model.direction, sums.reshape(len(sums), len(best), -1)
        lowest = LADDER[np.searchsorted(LADDER, best.min(axis=1), side="right") - 1].tolist()
        if direction == "low":
            passed = groups <= self._of_groups(batch, lowest, sums.dtype, high=False)
        else:
            passed = groups >= self._of_groups(batch, lowest, sums.dtype, high=True)
        if direction == "both":
            passed |= groups <= self._of_groups(batch, lowest, sums.dtype, high=False)
        flat = np.flatnonzero(passed)
        line, column = np.divmod(flat, sums.shape[1])
        np.maximum.at(best.reshape(-1), column, self._value(np.take(sums, flat), line + batch.start))

    def _value(self, count: Counts, line: Whole) -> Floats:
        model = self.null.model
        if model.population is None:
            llr: Floats = np.take(self.entropy, count) - count * np.take(self._log_in, line)
            llr -= (model.total - count) * np.take(self._log_out, line)
        else:
            llr = model.ratio(count, np.take(self.at, self._places[line]))
        return llr if self.weight is None else llr * np.take(self.weight, self._places[line])

    def _of_groups(self, batch: Batch, lowest: list[float], dtype: Any, *, high: bool) -> Counts:
        """Give the counts from which on (high) or up to which a zone may reach a ratio, by place and group."""
        cuts = [self._cut(llr, dtype, high=high)[batch.start : batch.stop] for llr in lowest]
        return np.stack(cuts, axis=1)[:, :, None]

    def _cut(self, llr: float, dtype: Any, *, high: bool) -> Counts:
        """Give those counts for every place, cautiously: a zone may pass that does not reach the ratio."""
        if (llr, high) not in self._cuts:
            total = self.null.model.total
            grid = np.arange(total * self._grain + 2) / self._grain
            if high:
                counts = np.maximum(np.searchsorted(self._largest(llr), grid)[self._cell], self.null.model.fewest)
            else:
                counts = np.searchsorted(self._smallest(llr), grid, side="right")[self._cell + 1] - 1
            never = np.iinfo(dtype).max if high else -1
            self._cuts[llr, high] = np.where(self._ends, counts, never).astype(dtype)
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


def _add_up(batch: Batch, rows: list[Counts], room: list[Counts]) -> None:
    """Write the counts of all places of a batch, one row a place."""
    add, copy = np.add, np.copyto
    before = room[-1]
    for unit, fresh, here in zip(batch.members, batch.fresh, room, strict=False):
        if fresh:
            copy(here, rows[unit])
        else:
            add(before, rows[unit], here)
        before = here


def _weakest_first(best: Floats) -> Whole:
    """Sort maps by what they have reached; the last is repeated until the groups are alike in size."""
    order = np.argsort(best, kind="stable")
    return np.concatenate([order, np.repeat(order[-1:], -len(order) % GROUPS)])


def _batches(zones: Zones, order: Whole) -> tuple[list[Batch], Whole]:
    """Give runs of sequences, small ones first so that all maps soon have something to beat, and all their places."""
    lengths = np.diff(zones.starts)[order]
    stops = np.cumsum(lengths)
    first = stops - lengths
    places = np.arange(len(zones.members)) + np.repeat(zones.starts[:-1][order] - first, lengths)
    fresh = np.zeros(len(places), dtype=bool)
    fresh[first] = True
    members, batches, start, most = zones.members[places], [], 0, SMALLEST_BATCH
    for stop in stops.tolist():
        if stop - start >= most or stop == len(places):
            batches.append(Batch(start, stop, members[start:stop].tolist(), fresh[start:stop].tolist()))
            start, most = stop, min(2 * most, BATCH)
    return batches, places
