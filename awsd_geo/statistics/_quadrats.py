"""Whether equal parts of a window hold equal numbers of points: the quadrat test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._guard import SMALLEST_P
from awsd_geo.statistics._guard_points import check_replicates, shared_places, why_no_points
from awsd_geo.statistics._planar import laid_flat
from awsd_geo.statistics._window import Window, inside, window_of
from awsd_geo.statistics._words import percent, probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ENOUGH = 5  # points expected in each part, for the chi-squared distribution to hold


@dataclass(frozen=True, slots=True, eq=False)
class QuadratTest(Result):
    """Points by part of the window; ``table`` has one row per part: ``column``, ``row``, ``points``, ``expected``."""

    chi_squared: float
    degrees_of_freedom: int
    p_chi_squared: float  # two-sided: twice the smaller tail, at most 1
    p_clustered: float  # upper tail of chi-squared: numbers differ more than by chance
    p_regular: float  # lower tail: they differ less
    p_value: float  # upper tail by simulation: holds however few points are expected
    points: int
    at_shared_places: float  # share of the points that lie exactly where another lies
    replicates: int
    seed: int
    reason: str | None

    def summary(self) -> str:
        """State the statistic and its p."""
        if self.reason is not None:
            return f"The quadrat test is undefined. {self.reason}"
        few = self.table["expected"].min() < ENOUGH
        note = f"; below {ENOUGH} points expected in a part, the chi-squared p is rough" if few else ""
        shared = f"; {percent(self.at_shared_places)} share their exact place" if self.at_shared_places > 0 else ""
        return (
            f"Chi-squared over {len(self.table)} parts of the window is {self.chi_squared:.1f} with "
            f"{self.degrees_of_freedom} degrees of freedom: as uneven by chance with p {probability(self.p_value)} "
            f"({self.replicates} simulations){note}{shared}."
        )


def quadrat_test(
    points: Any, window: Any, *, shape: tuple[int, int] | None = None, replicates: int = 9999, seed: int = 0
) -> QuadratTest:
    """Test whether the number of points differs between parts of the window more than by chance.

    Parameters
    ----------
    points : array of shape (n, 2), DataFrame with ``longitude`` and ``latitude``, or geopandas points
        An array is flat already; degrees are laid flat with the window, equal-area, in metres.
    window : (x from, y from, x to, y to), polygon, or regions
        Where points could have been, in the same coordinates.
    shape : (int, int), optional
        Number of columns and of rows; by default as many of each, 2 to 10, that 5 points are expected in each part.
    replicates : int, default 9999
        Simulations of the multinomial distribution, beside chi-squared.
    seed : int, default 0
        Of the simulations.

    Returns
    -------
    QuadratTest
        Undefined, with a reason, for fewer than 5 points or points all at one place.

    Raises
    ------
    InputError
        If a point lies outside the window, or either is not what it should be.
    RequestError
        If ``shape`` is not two numbers above 0 with at least two parts, or ``replicates`` is below 1.

    Notes
    -----
    A part holds its left and lower sides; the last parts hold their right and upper sides too. A polygon's parts
    expect points by their area within it.

    References
    ----------
    .. [1] Greig-Smith, P. (1952). The use of random and contiguous quadrats in the study of the structure of plant
       communities. Annals of Botany 16, 293-316.
    """
    check_replicates(replicates)
    flat, outline = laid_flat(points, window)
    view = window_of(outline)
    places = inside(flat, view)
    reason = why_no_points(places)
    columns, rows = _shape(shape, len(places))
    table = _counted(places, view, columns, rows)
    known = _tested(table, replicates, seed) if reason is None else _nothing(len(table))
    return QuadratTest(
        table=table,
        points=len(places),
        at_shared_places=shared_places(places),
        replicates=replicates,
        seed=seed,
        reason=reason,
        **known,
    )


def _shape(shape: tuple[int, int] | None, n: int) -> tuple[int, int]:
    if shape is None:
        side = int(np.clip(np.sqrt(n / ENOUGH), 2, 10))
        return side, side
    if len(shape) != 2 or any(int(k) != k or k < 1 for k in shape) or shape[0] * shape[1] < 2:
        raise RequestError(f"shape must be the number of columns and of rows, for example (3, 3); it is {shape!r}.")
    return int(shape[0]), int(shape[1])


def _counted(points: Floats, window: Window, columns: int, rows: int) -> pd.DataFrame:
    """Count points in each part, and expect them by area."""
    x, y = np.linspace(0, window.width, columns + 1), np.linspace(0, window.height, rows + 1)
    column = np.clip(np.searchsorted(x, points[:, 0], side="right") - 1, 0, columns - 1)
    row = np.clip(np.searchsorted(y, points[:, 1], side="right") - 1, 0, rows - 1)
    counts = np.bincount(column * rows + row, minlength=columns * rows)
    area = _areas(window, x, y)
    table = pd.DataFrame(
        {
            "column": np.repeat(np.arange(1, columns + 1), rows),
            "row": np.tile(np.arange(1, rows + 1), columns),
            "points": counts,
            "expected": len(points) * area / area.sum(),
        },
        index=pd.RangeIndex(1, columns * rows + 1, name="part"),
    )
    return pd.DataFrame(table[area > 1e-12 * area.sum()])


def _areas(window: Window, x: Floats, y: Floats) -> Floats:
    import shapely

    if window.rectangle:
        return np.ones((len(x) - 1) * (len(y) - 1))
    left, low = (side.ravel() for side in np.meshgrid(x[:-1], y[:-1], indexing="ij"))
    right, high = (side.ravel() for side in np.meshgrid(x[1:], y[1:], indexing="ij"))
    return np.asarray(shapely.area(shapely.intersection(window.shape, shapely.box(left, low, right, high))))


def _nothing(parts: int) -> dict[str, Any]:
    names = ("chi_squared", "p_chi_squared", "p_clustered", "p_regular", "p_value")
    return {**dict.fromkeys(names, np.nan), "degrees_of_freedom": parts - 1}


def _tested(table: pd.DataFrame, replicates: int, seed: int) -> dict[str, Any]:
    from scipy.special import chdtr, chdtrc

    expected = table["expected"].to_numpy()
    chi_squared = float((np.square(table["points"].to_numpy() - expected) / expected).sum())
    n, chance, as_far = int(table["points"].sum()), np.random.default_rng(seed), 0
    for first in range(0, replicates, 1000):
        drawn = chance.multinomial(n, expected / expected.sum(), size=min(1000, replicates - first))
        values = (np.square(drawn - expected) / expected).sum(axis=1)
        as_far += int((values >= chi_squared * (1 - 1e-12)).sum())
    df = len(table) - 1
    upper, lower = (max(float(tail(df, chi_squared)), SMALLEST_P) for tail in (chdtrc, chdtr))
    return {
        "chi_squared": chi_squared,
        "degrees_of_freedom": df,
        "p_chi_squared": min(2 * min(upper, lower), 1.0),
        "p_clustered": upper,
        "p_regular": lower,
        "p_value": (as_far + 1) / (replicates + 1),
    }
