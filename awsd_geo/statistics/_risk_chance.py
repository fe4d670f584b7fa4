"""What chance alone would make of a surface of relative risk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.statistics._guard_points import why_no_points
from awsd_geo.statistics._kernel import smoothed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from awsd_geo.statistics._kernel import Grid

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

TOLERANCE = 0.05  # pointwise p within which a cell is in a tolerance area
TIE = 1e-9  # densities this close, relative to the highest, are tied: rounding of the FFT
CELLS_AT_ONCE = 2_000_000  # numbers of replicates held at a time


@dataclass(frozen=True, slots=True)
class Chance:
    """How the simulations are made."""

    replicates: int
    seed: int
    labels: bool  # shuffle the labels of cases and controls, or draw cases from the population


def why_no_risk(cases: Floats, people: Floats) -> str | None:
    """Say why a relative risk is undefined, if it is."""
    few = why_no_points(cases, "case")
    if few is not None and "one place" not in few:
        return few
    if len(people) < 2 or bool((people == people[0]).all()):
        return "The population is nil or at one place: nothing to compare the cases with."
    return None


def exceedances(
    cases: Floats, places: Floats, heavy: Floats, width: float, grid: Grid, known: Truth, chance: Chance
) -> tuple[Floats, Floats, float, int]:
    """Count how often chance gives as high, and as low, a density of cases in each cell.

    At a place the ratio rises with the density of cases when the population (or all cases and controls together)
    is given, so densities of cases are compared. The largest excess over all cells gives one p for the map: times the
    kernel's effective area 4 pi h^2 a density is a number of cases whose variance is its mean, as Poisson's, and
    2 sqrt(number + 3/8) brings its variance to 1 nearly everywhere (Anscombe 1948), so that one case in an empty
    quarter does not outweigh twenty in a town.

    Returns
    -------
    p_higher, p_lower : ndarray, shape (rows, columns)
    p_value : float
    cell : int
        Flat number of the cell with the largest excess.
    """
    spots, pull = _pool(cases, places, heavy, labels=chance.labels)
    expected = smoothed(grid.binned(spots, pull), grid, width)
    seen = smoothed(grid.binned(cases) / len(cases), grid, width)
    tie = TIE * float(expected.max())
    per_density = len(cases) * 4 * np.pi * width**2
    usual = _stable(expected[known] * per_density)
    excess = _stable(seen[known] * per_density) - usual
    top, cell = float(excess.max()), int(np.flatnonzero(known)[excess.argmax()])
    higher, lower, as_far = np.ones(seen.shape), np.ones(seen.shape), 1
    for fields in _drawn(spots, pull, len(cases), grid, chance):
        drawn = smoothed(fields, grid, width)
        higher += (drawn >= seen - tie).sum(axis=0)
        lower += (drawn <= seen + tie).sum(axis=0)
        far = (_stable(drawn[:, known] * per_density) - usual).max(axis=1)
        as_far += int((far >= top - TIE * abs(top)).sum())
    runs = chance.replicates + 1
    return higher / runs, lower / runs, as_far / runs, cell


def _stable(number: Floats) -> Floats:
    return np.asarray(2 * np.sqrt(number + 0.375))


def _pool(cases: Floats, places: Floats, heavy: Floats, *, labels: bool) -> tuple[Floats, Floats]:
    if not labels:
        return places, heavy / heavy.sum()
    n = len(cases) + len(places)
    return np.concatenate([cases, places]), np.full(n, 1 / n)


def _drawn(spots: Floats, pull: Floats, n: int, grid: Grid, chance: Chance) -> Iterator[Floats]:
    """Put simulated cases on the grid, some replicates at a time."""
    random = np.random.default_rng(chance.seed)
    cells, shares = grid.corners(spots)
    size = grid.rows * grid.columns
    step = max(CELLS_AT_ONCE // size, 1)
    for first in range(0, chance.replicates, step):
        fields = np.empty((min(step, chance.replicates - first), size))
        for field in fields:
            if chance.labels:
                chosen = random.permutation(len(spots))[:n]
                field[:] = np.bincount(cells[:, chosen].ravel(), shares[:, chosen].ravel(), size)
            else:
                number = random.multinomial(n, pull)
                hit = np.flatnonzero(number)
                field[:] = np.bincount(cells[:, hit].ravel(), (shares[:, hit] * number[hit]).ravel(), size)
        yield fields.reshape(-1, grid.rows, grid.columns) / n


def tolerance_areas(p_higher: Floats, p_lower: Floats, grid: Grid) -> Iterator[tuple[str, Any, Any]]:
    """Find connected cells beyond tolerance.

    Yields
    ------
    side : str
        "higher" or "lower".
    cells : ndarray of int
        Flat numbers of the cells.
    shape : shapely geometry
        Their outline in flat metres.
    """
    import shapely
    from scipy.ndimage import find_objects, label

    def on_ground(corners: Floats) -> Floats:
        return (corners - 0.5) * grid.cell_m + [grid.left, grid.low]

    for side, p in (("higher", p_higher), ("lower", p_lower)):
        areas, number = label(np.nan_to_num(p, nan=1.0) <= TOLERANCE)
        for name, part in enumerate(find_objects(areas, number), start=1):
            row, column = np.nonzero(areas[part] == name)
            row, column = row + part[0].start, column + part[1].start
            whole = shapely.union_all(shapely.box(column, row, column + 1, row + 1))
            yield side, row * grid.columns + column, shapely.transform(whole, on_ground)
