"""Where points are dense: a kernel density round in metres, corrected for the window's border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._guard_points import check_length, shared_places, why_no_points
from awsd_geo.statistics._kernel import Grid, covered, flat_outline, grid_of, smoothed
from awsd_geo.statistics._planar import flat_system, in_degrees, to_degrees, to_metres
from awsd_geo.statistics._words import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class KernelDensity(Result):
    """A surface of density; ``table`` has one row, its peak: ``longitude``, ``latitude``, ``per_km2``."""

    per_km2: Floats  # (rows, columns), rows from the south; missing outside the window
    grid: Grid | None  # where the cells are, in flat metres of ``grid.system``
    bandwidth_m: float
    points: int
    weight: float
    at_shared_places: float  # share of the points that lie exactly where another lies
    reason: str | None

    def summary(self) -> str:
        """State where the density peaks."""
        if self.reason is not None:
            return f"The density is undefined. {self.reason}"
        peak = self.table.iloc[0]
        shared = f"; {percent(self.at_shared_places)} share their exact place" if self.at_shared_places > 0 else ""
        return (
            f"{self.points} points are densest near longitude {peak['longitude']:.2f}, latitude {peak['latitude']:.2f} "
            f"(bandwidth {self.bandwidth_m / 1000:.0f} km){shared}. This shows where they are many, not where risk "
            "is high."
        )


def kernel_density(
    points: Any, *, bandwidth_m: float | None = None, weights: Any = None, window: Any = None, cells: int = 128
) -> KernelDensity:
    """Smooth points into a surface with a Gaussian kernel that is a circle on the ground.

    The points are laid flat in an equal-area projection round their middle, so that a kilometre is one in every
    direction (within 0.4 % over a country 2,000 km wide), dropped on a grid and smoothed by FFT.

    Parameters
    ----------
    points : array of shape (n, 2), DataFrame with ``longitude`` and ``latitude``, or geopandas points
        Degrees, longitude first.
    bandwidth_m : float, optional
        Standard deviation of the kernel, metres; by default that of the points times n^(-1/6).
    weights : sequence of float, optional
        Of each point, 0 or more.
    window : (west, south, east, north), polygon, or regions, optional
        In degrees. With it density is corrected for the part of the kernel that falls outside; without it the grid
        reaches 3 bandwidths beyond the points and nothing needs correcting.
    cells : int, default 128
        Of the grid, along its longer side.

    Returns
    -------
    KernelDensity
        Undefined, with a reason, for fewer than 5 points, or all at one place where no bandwidth is given.

    Raises
    ------
    InputError
        If the points are not what they should be, lie outside the window or too far apart for a flat map.
    RequestError
        If a cell would be larger than the bandwidth, or a choice is not one of those above.

    References
    ----------
    .. [1] Scott, D. W. (1992). Multivariate Density Estimation. New York: Wiley, section 6.3 (bandwidth).
    .. [2] Diggle, P. J. (1985). A kernel method for smoothing point process data. Applied Statistics 34, 138-147.
    .. [3] Wand, M. P. (1994). Fast computation of multivariate kernel estimators. Journal of Computational and
       Graphical Statistics 3, 433-445 (binning).
    """
    if bandwidth_m is not None:
        check_length(bandwidth_m, "bandwidth_m")
    degrees, _ = in_degrees(points)
    heavy = checked_weights(weights, len(degrees))
    reason = why_no_points(degrees)
    if bandwidth_m is not None and reason is not None and len(degrees) >= 5:
        reason = None  # one place is enough where the bandwidth is known
    if reason is None and not heavy.sum() > 0:
        reason = "All weights are 0: there is nothing to smooth."
    known = _nothing() if reason is not None else _computed(degrees, heavy, bandwidth_m, window, cells)
    return KernelDensity(
        points=len(degrees),
        weight=float(heavy.sum()),
        at_shared_places=shared_places(degrees),
        reason=reason,
        **known,
    )


def checked_weights(weights: Any, n: int, what: str = "weights") -> Floats:
    """Read weights of 0 or more, one for each point; 1 where none are given."""
    if weights is None:
        return np.ones(n)
    values = np.asarray(weights, dtype=float)
    if values.shape != (n,) or not (np.isfinite(values) & (values >= 0)).all():
        raise InputError(f"{what} must be {n} numbers of 0 or more, one for each point.")
    return values


def usual_bandwidth(metres: Floats, weights: Floats, n: int) -> float:
    """Give the normal reference: the standard deviation (mean of both axes) times n^(-1/6)."""
    mean = np.average(metres, axis=0, weights=weights)
    spread = float(np.sqrt(np.average(np.square(metres - mean), axis=0, weights=weights).mean()))
    if not spread > 0:
        raise RequestError("All points with weight are at one place: give bandwidth_m, for example 50000.")
    return float(spread * n ** (-1 / 6))


def refuse_outside(metres: Floats, shape: Any, what: str) -> None:
    """Refuse points outside the window.

    Raises
    ------
    InputError
        If there is one.
    """
    import shapely

    if shape is None:
        return
    shapely.prepare(shape)
    out = ~shapely.intersects_xy(shape, metres)
    if out.any():
        raise InputError(
            f"{int(out.sum())} of {len(metres)} {what} lie outside the window. Leave them out, or widen the window."
        )


def _nothing() -> dict[str, Any]:
    columns = ["longitude", "latitude", "per_km2"]
    return {
        "table": pd.DataFrame(columns=columns, dtype=float),
        "per_km2": np.full((0, 0), np.nan),
        "grid": None,
        "bandwidth_m": np.nan,
    }


def _computed(degrees: Floats, weights: Floats, bandwidth_m: float | None, window: Any, cells: int) -> dict[str, Any]:
    system = flat_system(degrees)
    metres = to_metres(degrees, system)
    shape = None if window is None else flat_outline(window, system)
    refuse_outside(metres, shape, "points")
    width = usual_bandwidth(metres, weights, len(metres)) if bandwidth_m is None else float(bandwidth_m)
    grid = grid_of(metres, shape, system, width, cells)
    density = smoothed(grid.binned(metres, weights), grid, width) * 1e6
    if shape is not None:
        inside = covered(shape, grid)
        in_view = smoothed(inside.astype(float), grid, width) * grid.cell_m**2
        density = np.where(inside, density / np.where(inside, in_view, 1), np.nan)
    peak = int(np.nanargmax(density))
    place = place_of(peak, grid)
    row = {"longitude": [place[0]], "latitude": [place[1]], "per_km2": [float(density.flat[peak])]}
    return {"table": pd.DataFrame(row), "per_km2": density, "grid": grid, "bandwidth_m": width}


def place_of(cell: int, grid: Grid) -> tuple[float, float]:
    """Give longitude and latitude of a cell's middle."""
    at = np.array([[grid.x_m[cell % grid.columns], grid.y_m[cell // grid.columns]]])
    longitude, latitude = to_degrees(at, grid.system)[0]
    return float(longitude), float(latitude)
