"""Candidate cylinders of a space-time scan: zones times runs of periods, and the largest ratio of many maps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from os import cpu_count
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from awsd_geo.statistics._scan_likelihood import Likelihood
    from awsd_geo.statistics._scan_zones import Zones

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Counts = NDArray[Any]  # unsigned, as small as the total allows
    Found = tuple[Whole, ...]  # first period, length, map and count

PILOT = 32  # maps that find the level at which most maps have something to show
STEP = 0.8  # from one level to the next lower one
KEPT = 1 << 25  # smallest counts that are kept rather than made anew for every block of maps
THREADED = 1 << 26  # comparisons from which on threads are worth it
COMPILED = 1 << 29  # comparisons from which on compiled code is worth its start, where numba is installed
ROOM = 1 << 16  # runs of one zone that compiled code may find


@dataclass(frozen=True, slots=True)
class Line:
    """One sequence of units; at some of its places a zone ends that no other line has."""

    units: list[int]
    zones: list[int]  # number of the zone that ends here, -1 for none


@dataclass(frozen=True, slots=True)
class Shapes:
    """Zones without repetition, and which of them overlap."""

    lines: list[Line]
    members: NDArray[np.bool_]  # shape (n_zones, n_units)
    order: list[Whole]  # units of each zone, from the centre outward


def distinct(zones: Zones, matters: NDArray[np.bool_]) -> Shapes:
    """Keep one of the zones that differ only by units that cannot matter (nothing is expected there): the smallest.

    Parameters
    ----------
    zones : Zones
        Sequences of units.
    matters : ndarray of bool, shape (n_units,)
        Units where something is expected.
    """
    chosen: dict[int, tuple[int, int, int]] = {}
    for number, (units, ends) in enumerate(zones.sequences()):
        mask = 0
        for place, unit in enumerate(units.tolist()):
            mask |= (1 << unit) if matters[unit] else 0
            if ends[place] and mask and (mask not in chosen or place < chosen[mask][0]):
                chosen[mask] = (place, number, place)
    at = {(number, place): zone for zone, (_, number, place) in enumerate(sorted(chosen.values()))}
    lines, order = [], {}
    for number, (units, _) in enumerate(zones.sequences()):
        ids = [at.get((number, place), -1) for place in range(len(units))]
        last = max((place for place, zone in enumerate(ids) if zone >= 0), default=-1)
        if last >= 0:
            lines.append(Line(units[: last + 1].tolist(), ids[: last + 1]))
            order.update({zone: units[: place + 1] for place, zone in enumerate(ids) if zone >= 0})
    members = np.zeros((len(order), zones.units), dtype=bool)
    for zone, units in order.items():
        members[zone, units] = True
    return Shapes(lines, members, [order[zone] for zone in range(len(order))])


class Cylinders:
    """All cylinders: a zone and a run of whole periods.

    The largest ratio of a map is found by comparing counts with the smallest ones that reach a certain level; only
    cylinders that pass are evaluated. The level is one that nearly all maps reach; those that do not are looked at
    again at lower ones. So the result does not depend on it. Time: zones times runs times maps, each a subtraction
    and a comparison of small integers.

    Parameters
    ----------
    shapes : Shapes
        Zones.
    model : Likelihood
        Poisson, with the total.
    expected : ndarray of float, shape (n_units, n_periods)
        Sums to the total.
    longest : int
        Periods of the longest run.
    since : int
        Runs end in this period (by position) or later.
    """

    def __init__(self, shapes: Shapes, model: Likelihood, expected: Floats, longest: int, since: int = 0) -> None:
        self.shapes, self.model = shapes, model
        self.units, self.periods = expected.shape
        lengths = range(1, longest + 1)
        self.starts = [(max(since + 1 - length, 0), self.periods + 1 - length) for length in lengths]
        self.first = np.concatenate([np.arange(*start) for start in self.starts])
        self.last = self.first + np.repeat(lengths, [stop - start for start, stop in self.starts])
        self.upto = self._running(expected)
        sums = [self.upto[0] * 0] * len(shapes.order)
        for line in shapes.lines:
            here = np.cumsum(self.upto[line.units], axis=0)
            for place, zone in enumerate(line.zones):
                if zone >= 0:
                    sums[zone] = here[place]
        self.zone_upto = np.array(sums)  # shape (n_zones, n_periods + 1)
        self.kind = np.min_scalar_type(model.total + 1)
        self._cuts: dict[tuple[float, bool, int], Counts] = {}
        self._limits: dict[tuple[float, bool], Floats] = {}

    def __len__(self) -> int:
        """Give the number of cylinders."""
        return len(self.zone_upto) * len(self.first)

    @staticmethod
    def _running(values: NDArray[Any]) -> NDArray[Any]:
        """Add up over the periods (axis 1), starting with 0."""
        sums = np.zeros((values.shape[0], values.shape[1] + 1, *values.shape[2:]), dtype=values.dtype)
        np.cumsum(values, axis=1, out=sums[:, 1:])
        return sums

    def expected(self, zone: Whole | int, first: Whole, last: Whole) -> Floats:
        """Give the expectation of zones in runs of periods from ``first`` up to, not with, ``last``."""
        sums: Floats = self.zone_upto[zone, last] - self.zone_upto[zone, first]
        return sums

    def maxima(self, blocks: Iterable[NDArray[Any]]) -> Floats:
        """Give the largest ratio of each map.

        Parameters
        ----------
        blocks : iterable of ndarray of int, each of shape (n_units * n_periods, n_maps)
            Cases of each unit and period, the periods of a unit together.
        """
        best, rest, level = [np.zeros(0)], [], 0.0
        for maps in blocks:
            upto = self._running(maps.reshape(self.units, self.periods, -1).astype(self.kind))
            level = level or max(self._descend(upto[:, :, :PILOT], np.log(len(self) + 2) / 2).min(), 0.05)
            best.append(self._largest(upto, level))
            rest.append(upto[:, :, best[-1] < level])
        largest = np.concatenate(best)
        if (again := np.flatnonzero(largest < level)).size:
            largest[again] = self._descend(np.concatenate(rest, axis=2), level * STEP)
        return largest

    def _descend(self, upto: Counts, level: float) -> Floats:
        """Lower the level until every map reaches it; at 0 all cylinders are evaluated."""
        best, todo = np.zeros(upto.shape[2]), np.arange(upto.shape[2])
        while len(todo):
            level = level if level >= 0.05 else 0.0
            best[todo] = self._largest(np.ascontiguousarray(upto[:, :, todo]), level)
            todo, level = todo[best[todo] < level], level * STEP
        return best

    def _largest(self, upto: Counts, level: float) -> Floats:
        """Give the largest ratio of each map as far as it reaches the level."""
        high = [True] * (self.model.direction != "low") + [False] * (self.model.direction != "high")
        for upward in high:
            self._limit(level, upward)
        threads = min(cpu_count() or 1, 8) if len(self) * upto.shape[2] > THREADED else 1
        parts = [self.shapes.lines[k::threads] for k in range(threads)]
        best = np.zeros(upto.shape[2])
        with ThreadPoolExecutor(threads) as pool:
            for found in pool.map(lambda lines: self._over(lines, upto, level, high), parts):
                np.maximum(best, found, out=best)
        return best

    def _over(self, lines: list[Line], upto: Counts, level: float, high: list[bool]) -> Floats:
        """Give the largest ratios over some lines."""
        best, here = np.zeros(upto.shape[2]), np.empty(upto.shape[1:], dtype=self.kind)
        hits = self._finder(upto.shape[2])
        for line in lines:
            here[:] = 0
            for unit, zone in zip(line.units, line.zones, strict=True):
                np.add(here, upto[unit], out=here)
                for upward in high if zone >= 0 else []:
                    first, length, column, count = hits(here, self._cut(zone, level, high=upward), upward)
                    if len(first):
                        ratio = self.model.ratio(count, self.expected(zone, first, first + length))
                        np.maximum.at(best, column, ratio)
        return best

    def _finder(self, maps: int) -> Callable[[Counts, Counts, bool], Found]:
        """Give what finds the runs that pass, compiled where that is worth it."""
        run = np.empty((self.periods, maps), dtype=self.kind)
        passed = np.empty(run.shape, dtype=bool)

        def plain(here: Counts, cuts: Counts, high: bool) -> Found:  # noqa: FBT001
            return self._hits(here, run, passed, cuts, high=high)

        if len(self) * maps < COMPILED or find_spec("numba") is None:
            return plain
        from awsd_geo.statistics._cylinder_fast import passing

        starts, room = np.array(self.starts), np.empty((4, ROOM), dtype=np.int64)

        def compiled(here: Counts, cuts: Counts, high: bool) -> Found:  # noqa: FBT001
            number = passing(here, starts, cuts, high, room)
            return tuple(room[:, :number]) if number <= ROOM else plain(here, cuts, high)

        return compiled

    def _hits(self, here: Counts, run: Counts, passed: NDArray[np.bool_], cuts: Counts, *, high: bool) -> Found:
        """Give first period, length, map and count of the runs that pass the cut."""
        compare, done = np.greater_equal if high else np.less, 0
        found: list[tuple[Whole, ...]] = [(np.zeros(0, dtype=np.int64),) * 4]
        for length, (start, stop) in enumerate(self.starts, 1):
            n = stop - start
            np.subtract(here[start + length : stop + length], here[start:stop], out=run[:n])
            compare(run[:n], cuts[done : done + n, None], out=passed[:n])
            done += n
            if passed[:n].any():
                flat = np.flatnonzero(passed[:n])
                row, column = np.divmod(flat, run.shape[1])
                found.append((start + row, np.full(len(flat), length), column, run.reshape(-1)[flat].astype(np.int64)))
        return tuple(np.concatenate(part) for part in zip(*found, strict=True)) if found[1:] else found[0]

    def _cut(self, zone: int, level: float, *, high: bool) -> Counts:
        """Give for each run the smallest count that may reach the level (high), or the first that is too large."""
        if (key := (level, high, zone)) in self._cuts:
            return self._cuts[key]
        expected = self.expected(zone, self.first, self.last)
        if level == 0.0:
            counts = np.maximum(np.floor(expected), 0) if high else np.ceil(expected) + 1
        else:
            counts = np.searchsorted(self._limits[level, high], expected, side="left" if high else "right")
        fewest = self.model.fewest if high else 0
        cuts = np.clip(counts, fewest, self.model.total + 1).astype(self.kind)
        if len(self) <= KEPT:
            self._cuts[key] = cuts
        return cuts

    def _limit(self, level: float, high: bool) -> None:  # noqa: FBT001
        if level > 0.0 and (level, high) not in self._limits:
            make = self.model.largest_expectations if high else self.model.smallest_expectations
            self._limits[level, high] = make(level)
