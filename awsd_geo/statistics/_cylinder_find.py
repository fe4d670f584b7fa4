"""One space-time scan: the clusters as rows, and the maps of chance that they are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.statistics._cylinder_null import draws
from awsd_geo.statistics._scan_chance import Chance
from awsd_geo.statistics._scan_likelihood import SAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._cylinder_null import Draw
    from awsd_geo.statistics._cylinders import Cylinders

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

MOST_CLUSTERS = 20
ZONES = 256  # evaluated at once


@dataclass(frozen=True, slots=True)
class Ratios:
    """Cylinders that depart from their expectation in the direction asked, in no order."""

    zone: Whole
    first: Whole  # period, by position
    last: Whole  # period after the last
    observed: Whole
    expected: Floats
    llr: Floats

    def where(self, kept: NDArray[Any]) -> Ratios:
        """Keep some of them."""
        return Ratios(*(getattr(self, name)[kept] for name in self.__slots__))


def evaluate(cylinders: Cylinders, counts: Whole, *, alive: bool) -> Ratios:
    """Give the log likelihood ratio of every cylinder, those of 0 left out.

    Parameters
    ----------
    cylinders : Cylinders
        What is looked at.
    counts : ndarray of int, shape (n_units, n_periods)
        Cases.
    alive : bool
        Only cylinders that go on at the end.
    """
    upto = np.zeros((counts.shape[0], counts.shape[1] + 1), dtype=np.int64)
    np.cumsum(counts, axis=1, out=upto[:, 1:])
    runs = np.flatnonzero(cylinders.last == cylinders.periods) if alive else np.arange(len(cylinders.last))
    first, last = cylinders.first[runs], cylinders.last[runs]
    found = []
    for start in range(0, len(cylinders.shapes.order), ZONES):
        sums = cylinders.shapes.members[start : start + ZONES].astype(np.int64) @ upto
        zone = np.arange(start, start + len(sums))[:, None]
        observed, expected = sums[:, last] - sums[:, first], cylinders.expected(zone, first, last)
        llr = cylinders.model.ratio(observed, expected)
        row, run = np.nonzero(llr > 0)
        found.append((row + start, first[run], last[run], observed[row, run], expected[row, run], llr[row, run]))
    return Ratios(*(np.concatenate(part) for part in zip(*found, strict=True)))


def apart(cylinders: Cylinders, ratios: Ratios) -> Ratios:
    """Take the most likely cylinder, leave out what shares a unit in a period with it, and so on.

    Of cylinders that are as likely as each other, the one of fewest units, then of fewest periods, then the first.
    """
    sizes = cylinders.shapes.members.sum(axis=1)
    kept: list[np.int64] = []
    left = np.arange(len(ratios.llr))
    while len(left) and len(kept) < MOST_CLUSTERS:
        llr = ratios.llr[left]
        tied = left[llr >= llr.max() * (1 - SAME)]
        zone, first, last = ratios.zone[tied], ratios.first[tied], ratios.last[tied]
        best = tied[np.lexsort((first, zone, last - first, sizes[zone]))[0]]
        kept.append(best)
        shared = (cylinders.shapes.members @ cylinders.shapes.members[ratios.zone[best]])[ratios.zone[left]]
        at_once = (ratios.first[left] < ratios.last[best]) & (ratios.last[left] > ratios.first[best])
        left = left[~(shared & at_once)]
    return ratios.where(np.array(kept, dtype=np.int64))


def compare(cylinders: Cylinders, draw: Draw, observed: float, options: tuple[int, int | None, int]) -> Chance:
    """Draw maps of chance; if told, only until some have reached the observed ratio.

    Parameters
    ----------
    cylinders : Cylinders
        What is looked at on each map.
    draw : callable
        Gives maps under the null hypothesis.
    observed : float
        Largest ratio seen.
    options : tuple
        Replicates, the number of maps to stop after (or None), and the seed.
    """
    replicates, stop_after, seed = options
    rounding = 1e-15 * cylinders.model.total
    if stop_after is None:
        return Chance(cylinders.maxima(draws(draw, replicates, seed)), stopped=False, rounding=rounding)
    maxima = np.zeros(0)
    for maps in draws(draw, replicates, seed):
        maxima = np.concatenate([maxima, cylinders.maxima([maps])])
        reached = np.flatnonzero(maxima >= observed * (1 - SAME) - rounding)
        if len(reached) >= stop_after:
            return Chance(maxima[: reached[stop_after - 1] + 1], stopped=True, rounding=rounding)
    return Chance(maxima, stopped=False, rounding=rounding)
