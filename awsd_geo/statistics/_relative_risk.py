"""Where cases are more than the population explains: the ratio of two kernel densities, tolerance by simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError
from awsd_geo.results import Result
from awsd_geo.statistics._density import checked_weights, place_of, refuse_outside, usual_bandwidth
from awsd_geo.statistics._guard_points import check_length, check_replicates, shared_places
from awsd_geo.statistics._kernel import Grid, covered, flat_outline, grid_of, smoothed
from awsd_geo.statistics._planar import flat_system, in_degrees, to_metres
from awsd_geo.statistics._risk_chance import Chance, exceedances, tolerance_areas, why_no_risk
from awsd_geo.statistics._words import percent, probability

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_EXPECTED = 0.1  # cases under the kernel, below which the population counts as nil


@dataclass(frozen=True, slots=True, eq=False)
class RelativeRiskSurface(Result):
    """A surface of relative risk; ``table`` has one row per tolerance area, index ``area`` from 1.

    Columns: ``side`` ("higher", "lower"), ``km2``, ``risk`` at its extreme, ``longitude`` and ``latitude`` of that,
    ``p_pointwise`` there. About 1 in 10 places of a map without any pattern lie in such areas: ``p_value`` tells
    whether the map as a whole has more than chance.
    """

    risk: Floats  # (rows, columns), rows from the south; 1 is the average, missing where undefined
    pointwise_higher: Floats  # pointwise, same shape
    pointwise_lower: Floats
    p_value: float  # of the largest excess anywhere on the map: corrected for having looked everywhere
    peak: tuple[float, float]  # longitude and latitude of that excess
    peak_risk: float
    grid: Grid | None
    bandwidth_m: float
    cases: int
    cases_without_population: int  # where the ratio is undefined
    at_shared_places: float  # share of the cases that lie exactly where another lies
    null: str  # how the simulations are made
    replicates: int
    seed: int
    reason: str | None

    def summary(self) -> str:
        """State the largest excess and its p."""
        if self.reason is not None:
            return f"The relative risk is undefined. {self.reason}"
        if self.p_value > 0.05:
            said = "No place has more cases than the population and chance explain"
        else:
            at = f"longitude {self.peak[0]:.2f}, latitude {self.peak[1]:.2f}"
            often = f"{self.peak_risk:.1f} times the average"
            said = f"Cases are more than the population explains, most near {at} ({often})"
        lone = self.cases_without_population
        without = f"; {lone} case{'s' * (lone > 1)} where there is next to no population" if lone else ""
        shared = f"; {percent(self.at_shared_places)} share their exact place" if self.at_shared_places > 0 else ""
        return (
            f"{said} (p {probability(self.p_value)} for the largest excess anywhere, {self.null}, "
            f"bandwidth {self.bandwidth_m / 1000:.0f} km){without}{shared}."
        )

    def areas(self) -> gpd.GeoDataFrame:
        """Give the tolerance areas as polygons in degrees, with the columns of the table."""
        import geopandas as gpd

        if self.grid is None:
            return gpd.GeoDataFrame(self.table, geometry=gpd.GeoSeries([], crs=4326))
        shapes = [shape for _, _, shape in tolerance_areas(self.pointwise_higher, self.pointwise_lower, self.grid)]
        return gpd.GeoDataFrame(self.table, geometry=gpd.GeoSeries(shapes, self.table.index, self.grid.system)).to_crs(
            4326
        )


def relative_risk_surface(
    cases: Any,
    population: Any,
    *,
    bandwidth_m: float | None = None,
    weights: Any = None,
    window: Any = None,
    cells: int = 128,
    replicates: int = 199,
    seed: int = 0,
) -> RelativeRiskSurface:
    """Divide the density of cases by that of the population, both smoothed with one round kernel.

    With ``weights`` (inhabitants, aid workers) the simulations draw as many cases from the population's places, in
    proportion to them; without, the population is a sample of controls and the labels of cases and controls are
    shuffled. One kernel and one window for both: the correction for the border is the same above and below, and
    cancels.

    Parameters
    ----------
    cases, population : array of shape (n, 2), DataFrame with ``longitude`` and ``latitude``, or geopandas points
        Degrees, longitude first.
    bandwidth_m : float, optional
        Standard deviation of the kernel, metres; by default the population's times (number of cases)^(-1/6).
    weights : sequence of float, optional
        Inhabitants of each place of ``population``, 0 or more.
    window : (west, south, east, north), polygon, or regions, optional
        In degrees; nothing is shown outside.
    cells : int, default 128
        Of the grid, along its longer side.
    replicates : int, default 199
        Simulations.
    seed : int, default 0
        Of the simulations.

    Returns
    -------
    RelativeRiskSurface
        Undefined as a whole, with a reason, for fewer than 5 cases, no population, or all of it at one place; undefined
        in a cell where fewer than 0.1 cases would be expected under the kernel (its effective area is 4 pi h^2).

    Raises
    ------
    InputError
        If the points are not what they should be, lie outside the window or too far apart for a flat map.
    RequestError
        If a cell would be larger than the bandwidth, or ``replicates`` is below 19.

    References
    ----------
    .. [1] Bithell, J. F. (1990). An application of density estimation to geographical epidemiology. Statistics in
       Medicine 9, 691-701.
    .. [2] Kelsall, J. E., and Diggle, P. J. (1995). Kernel estimation of relative risk. Bernoulli 1, 3-16 (tolerance
       contours).
    """
    check_replicates(replicates, least=19)
    if bandwidth_m is not None:
        check_length(bandwidth_m, "bandwidth_m")
    where, _ = in_degrees(cases, "cases")
    people, _ = in_degrees(population, "places of the population")
    heavy = checked_weights(weights, len(people))
    reason = why_no_risk(where, people[heavy > 0])
    known = _nothing()
    if reason is None:
        flat = _laid(where, people, heavy, bandwidth_m, window, cells)
        known = _computed(*flat, chance=Chance(replicates, seed, labels=weights is None))
    return RelativeRiskSurface(
        cases=len(where),
        at_shared_places=shared_places(where),
        null="labels of cases and controls shuffled" if weights is None else "cases drawn from the population",
        replicates=replicates,
        seed=seed,
        reason=reason,
        **known,
    )


def _laid(
    where: Floats, people: Floats, heavy: Floats, bandwidth_m: float | None, window: Any, cells: int
) -> tuple[Floats, Floats, Floats, float, Grid, Any]:
    """Lay cases, population and window flat on one grid."""
    people, heavy = people[heavy > 0], heavy[heavy > 0]
    system = flat_system(np.concatenate([where, people]))
    flat, places = to_metres(where, system), to_metres(people, system)
    shape = None if window is None else flat_outline(window, system)
    refuse_outside(flat, shape, "cases")
    refuse_outside(places, shape, "places of the population")
    width = usual_bandwidth(places, heavy, len(flat)) if bandwidth_m is None else float(bandwidth_m)
    grid = grid_of(np.concatenate([flat, places]), shape, system, width, cells)
    return flat, places, heavy, width, grid, shape


def _nothing() -> dict[str, Any]:
    empty = np.full((0, 0), np.nan)
    columns = {"side": str, "km2": float, "risk": float, "longitude": float, "latitude": float, "p_pointwise": float}
    table = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()}, index=_index(0))
    known = {"table": table, "risk": empty, "pointwise_higher": empty, "pointwise_lower": empty, "grid": None}
    known |= {"peak": (np.nan, np.nan), "peak_risk": np.nan}
    return {**known, "p_value": np.nan, "bandwidth_m": np.nan, "cases_without_population": 0}


def _index(n: int) -> pd.RangeIndex:
    return pd.RangeIndex(1, n + 1, name="area")


def _computed(
    flat: Floats, places: Floats, heavy: Floats, width: float, grid: Grid, shape: Any, *, chance: Chance
) -> dict[str, Any]:
    masses = np.stack([grid.binned(flat) / len(flat), grid.binned(places, heavy) / heavy.sum()])
    seen, people = smoothed(masses, grid, width)
    known = people * len(flat) * 4 * np.pi * width**2 >= LEAST_EXPECTED
    if shape is not None:
        known &= covered(shape, grid)
    if not known.any():
        raise InputError("No cell of the window has any population. Check the window, or take a larger bandwidth_m.")
    higher, lower, p_value, peak = exceedances(flat, places, heavy, width, grid, known, chance)
    risk = np.where(known, seen / np.where(known, people, 1), np.nan)
    pointwise_higher, pointwise_lower = (np.where(known, p, np.nan) for p in (higher, lower))
    cells, shares = grid.corners(flat)
    lone = int((~known.ravel()[cells[shares.argmax(axis=0), np.arange(len(flat))]]).sum())
    return {
        "table": _table(risk, pointwise_higher, pointwise_lower, grid),
        "risk": risk,
        "pointwise_higher": pointwise_higher,
        "pointwise_lower": pointwise_lower,
        "p_value": p_value,
        "peak": place_of(peak, grid),
        "peak_risk": float(risk.flat[peak]),
        "grid": grid,
        "bandwidth_m": width,
        "cases_without_population": lone,
    }


def _table(risk: Floats, pointwise_higher: Floats, pointwise_lower: Floats, grid: Grid) -> pd.DataFrame:
    """Describe each tolerance area."""
    rows = []
    for side, cells, _ in tolerance_areas(pointwise_higher, pointwise_lower, grid):
        values = risk.flat[cells]
        at = int(cells[values.argmax() if side == "higher" else values.argmin()])
        p = (pointwise_higher if side == "higher" else pointwise_lower).flat[at]
        rows.append((side, len(cells) * grid.cell_m**2 / 1e6, float(risk.flat[at]), *place_of(at, grid), float(p)))
    if not rows:
        return pd.DataFrame(_nothing()["table"])
    columns = ["side", "km2", "risk", "longitude", "latitude", "p_pointwise"]
    return pd.DataFrame(rows, columns=columns, index=_index(len(rows)))
