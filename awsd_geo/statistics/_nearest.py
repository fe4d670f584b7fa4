"""How far each point's nearest other point is, against chance: the index of Clark and Evans."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.results import Result
from awsd_geo.statistics._guard_points import check_replicates, shared_places, why_no_points
from awsd_geo.statistics._planar import laid_flat
from awsd_geo.statistics._window import Window, inside, window_of
from awsd_geo.statistics._words import percent, probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ClarkEvans(Result):
    """The index of Clark and Evans; ``table`` has one row per way of correction: ``ratio``, ``z``, ``p``.

    A ratio below 1 means closer than chance, above 1 farther apart. Rows: ``naive`` (no correction: too high near
    borders), ``donnelly`` (corrected for the border; rectangles only), ``simulated`` (against points scattered over
    this very window; its p is Monte Carlo).
    """

    ratio_naive: float
    ratio_donnelly: float  # missing where the window is no rectangle
    mean_distance: float  # to the nearest other point, in the unit of the coordinates
    p_value: float  # two-sided, by simulation in the window
    points: int
    at_shared_places: float  # share of the points that lie exactly where another lies
    replicates: int
    seed: int
    reason: str | None

    def summary(self) -> str:
        """State the ratio and its p."""
        if self.reason is not None:
            return f"The index of Clark and Evans is undefined. {self.reason}"
        ratio = float(self.table["ratio"]["simulated"])
        note = f"; {percent(self.at_shared_places)} share their exact place" if self.at_shared_places > 0 else ""
        return (
            f"The nearest other point is on average {ratio:.2f} times as far as for points scattered over the window "
            f"(p {probability(self.p_value)}, two-sided, {self.replicates} simulations){note}."
        )


def clark_evans(points: Any, window: Any, *, replicates: int = 999, seed: int = 0) -> ClarkEvans:
    """Compare the mean distance to the nearest other point with that of scattered points.

    Parameters
    ----------
    points : array of shape (n, 2), DataFrame with ``longitude`` and ``latitude``, or geopandas points
        An array is flat already; degrees are laid flat with the window, equal-area, in metres.
    window : (x from, y from, x to, y to), polygon, or regions
        Where points could have been, in the same coordinates.
    replicates : int, default 999
        Simulations.
    seed : int, default 0
        Of the simulations.

    Returns
    -------
    ClarkEvans
        Undefined, with a reason, for fewer than 5 points or points all at one place.

    Raises
    ------
    InputError
        If a point lies outside the window, or either is not what it should be.
    RequestError
        If ``replicates`` is below 1.

    References
    ----------
    .. [1] Clark, P. J., and Evans, F. C. (1954). Distance to nearest neighbor as a measure of spatial relationships
       in populations. Ecology 35, 445-453: mean 1 / (2 sqrt(density)), variance (4 - pi) / (4 pi density n).
    .. [2] Donnelly, K. (1978). Simulations to determine the variance and edge-effect of total nearest neighbour
       distance. In: Hodder, I. (ed.), Simulation Studies in Archaeology, 91-95: mean 0.5 sqrt(A / n) +
       (0.0514 + 0.0412 / sqrt(n)) P / n, variance 0.0703 A / n^2 + 0.037 P sqrt(A / n^5).
    """
    check_replicates(replicates)
    flat, shape = laid_flat(points, window)
    view = window_of(shape)
    places = inside(flat, view)
    reason = why_no_points(places)
    known = _computed(places, view, replicates, seed) if reason is None else _nothing()
    return ClarkEvans(
        points=len(places),
        at_shared_places=shared_places(places),
        replicates=replicates,
        seed=seed,
        reason=reason,
        **known,
    )


def _nothing() -> dict[str, Any]:
    rows = pd.Index(["naive", "donnelly", "simulated"], name="correction")
    names = ("ratio_naive", "ratio_donnelly", "mean_distance", "p_value")
    return {"table": pd.DataFrame(np.nan, index=rows, columns=["ratio", "z", "p"]), **dict.fromkeys(names, np.nan)}


def _computed(points: Floats, window: Window, replicates: int, seed: int) -> dict[str, Any]:
    seen, n, area = mean_nearest(points), len(points), window.area
    chance = np.random.default_rng(seed)
    means = np.array([mean_nearest(window.random(n, chance)) for _ in range(replicates)])
    low, high = (int(count) + 1 for count in ((means <= seen).sum(), (means >= seen).sum()))
    p_value = min(2 * min(low, high) / (replicates + 1), 1.0)
    naive = _against(seen, 0.5 * sqrt(area / n), (4 - np.pi) * area / (4 * np.pi * n * n))
    donnelly = (np.nan, np.nan, np.nan)
    if window.rectangle:
        border = (0.0514 + 0.0412 / sqrt(n)) * window.perimeter / n
        variance = 0.0703 * area / n**2 + 0.037 * window.perimeter * sqrt(area / n**5)
        donnelly = _against(seen, 0.5 * sqrt(area / n) + border, variance)
    spread = float(means.std(ddof=1)) if replicates > 1 else np.nan
    mean = float(means.mean())
    simulated = (seen / mean, (seen - mean) / spread, p_value)
    rows = pd.Index(["naive", "donnelly", "simulated"], name="correction")
    return {
        "table": pd.DataFrame([naive, donnelly, simulated], index=rows, columns=["ratio", "z", "p"]),
        "ratio_naive": naive[0],
        "ratio_donnelly": donnelly[0],
        "mean_distance": seen,
        "p_value": p_value,
    }


def _against(seen: float, expected: float, variance: float) -> tuple[float, float, float]:
    """Give ratio, z and its two-sided normal p."""
    z = (seen - expected) / sqrt(variance)
    return seen / expected, z, max(erfc(abs(z) / sqrt(2)), float(np.finfo(float).tiny))


def mean_nearest(points: Floats) -> float:
    """Give the mean distance from each point to its nearest other point."""
    from scipy.spatial import cKDTree

    return float(cKDTree(points).query(points, k=2)[0][:, 1].mean())
