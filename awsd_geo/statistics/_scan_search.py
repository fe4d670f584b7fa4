"""The largest log likelihood ratio of many maps at once, by comparing counts in integers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import xlogy

if TYPE_CHECKING:
    from collections.abc import Iterator

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
SAMPLED = 256  # counts for which the threshold is solved; between them a convex function is below its chord


@dataclass(frozen=True, slots=True)
class Batch:
    """Some whole sequences, their places one after another."""

    places: Whole
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
        self.weight = np.repeat(zones.weights, np.diff(zones.starts)) if (zones.weights != 1).any() else None
        total = null.model.total
        share = np.arange(total + 1) / total
        self.entropy = total * (xlogy(share, share) + xlogy(1 - share, 1 - share))
        inside = np.clip(self.at / total, np.finfo(float).tiny, 1 - np.finfo(float).epsneg)
        self.log_in, self.log_out = np.log(inside), np.log1p(-inside)
        self._batches: list[Batch] = []
        self._steps: dict[float, Whole] = {}
        self._ladder: tuple[Floats, Floats, Floats] | None = None
        self.order = np.argsort(np.arange(len(zones)) * GOLDEN % 1.0, kind="stable")  # neighbours far apart

    def ratios(self, counts: Whole) -> Floats:
        """Give the log likelihood ratio of every place for one map, 0 where no zone ends."""
        llr = self.null.model.ratio(self.zones.sums(counts), self.at)
        return np.where(self.zones.ends, llr if self.weight is None else llr * self.weight, 0.0)

    def maxima(self, maps: Counts) -> Floats:
        """Give the largest ratio of each map, shape (n_units, m) to (m,), to about 1e-15 times the cases."""
        self._batches = self._batches or list(_batches(self.zones, self.order))
        order, best = np.arange(maps.shape[1]), np.zeros((1, maps.shape[1]))
        rows, room = list(maps), self._room(maps)
        for number, batch in enumerate(self._batches):
            if number == WARM and maps.shape[1] >= 4 * GROUPS:
                order = _weakest_first(best[0])
                best = best[0][order].reshape(GROUPS, -1)
                maps = np.ascontiguousarray(maps[:, order])
                rows, room = list(maps), self._room(maps)
            _add_up(batch, rows, list(room))
            self._raise(best, room[: len(batch.places)], batch)
        largest = np.zeros(order.max() + 1)
        largest[order] = best.ravel()
        return largest

    def _room(self, maps: Counts) -> Counts:
        longest = max((len(batch.places) for batch in self._batches), default=0)
        return np.empty((longest, maps.shape[1]), dtype=maps.dtype)

    def _raise(self, best: Floats, sums: Counts, batch: Batch) -> None:
        """Evaluate what may exceed the smallest of the best so far in its group of maps."""
        direction, groups = self.null.model.direction, sums.reshape(len(sums), len(best), -1)
        lowest = LADDER[np.searchsorted(LADDER, best.min(axis=1), side="right") - 1]
        if direction == "low":
            passed = groups <= self._cuts(batch, lowest, sums.dtype, high=False)
        else:
            passed = groups >= self._cuts(batch, lowest, sums.dtype, high=True)
        if direction == "both":
            passed |= groups <= self._cuts(batch, lowest, sums.dtype, high=False)
        flat = np.flatnonzero(passed)
        line, column = np.divmod(flat, sums.shape[1])
        np.maximum.at(best.reshape(-1), column, self._value(np.take(sums, flat), np.take(batch.places, line)))

    def _value(self, count: Counts, place: Whole) -> Floats:
        model = self.null.model
        if model.population is None:
            llr: Floats = np.take(self.entropy, count) - count * np.take(self.log_in, place)
            llr -= (model.total - count) * np.take(self.log_out, place)
        else:
            llr = model.ratio(count, np.take(self.at, place))
        return llr if self.weight is None else llr * np.take(self.weight, place)

    def _cuts(self, batch: Batch, lowest: Floats, dtype: Any, *, high: bool) -> Counts:
        """Give the counts from which on (high) or up to which a zone may reach a ratio, by place and group."""
        steps = np.stack([self._counts(float(llr), high=high)[batch.places] for llr in lowest], axis=1)
        never = np.iinfo(dtype).max if high else -1
        return np.where(self.zones.ends[batch.places, None], steps, never).astype(dtype)[:, :, None]

    def _counts(self, llr: float, *, high: bool) -> Whole:
        """Give those counts for every place, cautiously: a zone may pass that does not reach the ratio."""
        key = llr if high else -1 - llr
        if key not in self._steps:
            if high:
                counts = np.searchsorted(self._largest(llr), self.at)
            else:
                counts = np.searchsorted(self._smallest(llr), self.at, side="right") - 1
            fewest = self.null.model.fewest if high else -1
            self._steps[key] = np.clip(counts, fewest, self.null.model.total + 1)
        return self._steps[key]

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


def _batches(zones: Zones, spread: Whole) -> Iterator[Batch]:
    """Give runs of sequences from all over the map; small ones first, so that all maps soon have something to beat."""
    starts, lengths = zones.starts[:-1], np.diff(zones.starts)
    held: list[Whole] = []
    most = SMALLEST_BATCH
    for sequence in spread:
        held.append(np.arange(starts[sequence], starts[sequence] + lengths[sequence]))
        if sum(map(len, held)) >= most:
            yield _batch(zones, held)
            held, most = [], min(2 * most, BATCH)
    if held:
        yield _batch(zones, held)


def _batch(zones: Zones, runs: list[Whole]) -> Batch:
    places = np.concatenate(runs)
    fresh = np.zeros(len(places), dtype=bool)
    fresh[np.cumsum([0, *map(len, runs[:-1])])] = True
    return Batch(places, zones.members[places].tolist(), fresh.tolist())
