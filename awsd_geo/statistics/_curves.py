"""Ripley's K of one pattern of points, with the four usual edge corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._window import Window

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

CORRECTIONS = ("none", "border", "isotropic", "translation")
MOST_WEIGHT = 100.0  # no pair counts for more, as in spatstat


def usual_radii(n: int, window: Window) -> Floats:
    """Choose 51 distances from 0 to where K can still be estimated (a quarter of the shorter side, or fewer points)."""
    most = min(window.width, window.height) / 4
    return np.linspace(0, min(most, np.sqrt(1000 * window.area / (np.pi * n))), 51)


def k_curve(points: Floats, window: Window, radii: Floats, correction: str) -> Floats:
    """Estimate K at each distance.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        Relative to the window's corner.
    window : Window
    radii : ndarray, shape (k,)
        Rising.
    correction : {"none", "border", "isotropic", "translation"}

    Returns
    -------
    ndarray, shape (k,)
        NaN where the correction cannot reach so far.
    """
    focal, other, distance = _pairs(points, float(radii[-1]))
    place = np.searchsorted(radii, distance, side="left")
    n, area = len(points), window.area
    if correction == "border":
        return _border(window.to_border(points), focal, place, radii, n / area)
    weight = _weights(points, window, focal, other, distance, correction)
    sums = np.bincount(place, weights=weight, minlength=len(radii) + 1)[: len(radii)].cumsum()
    return np.where(radii < _reach(window, correction), sums * area / (n * (n - 1)), np.nan)


def _pairs(points: Floats, most: float) -> tuple[Whole, Whole, Floats]:
    """Find all ordered pairs of points up to a distance."""
    from scipy.spatial import cKDTree

    one_way = cKDTree(points).query_pairs(most * (1 + 1e-9), output_type="ndarray").astype(np.int64)
    pairs = np.concatenate([one_way, one_way[:, ::-1]])
    between = points[pairs[:, 0]] - points[pairs[:, 1]]
    return pairs[:, 0], pairs[:, 1], np.sqrt(np.square(between).sum(axis=1))


def _weights(
    points: Floats, window: Window, focal: Whole, other: Whole, distance: Floats, correction: str
) -> Floats | None:
    if correction == "none":
        return None
    if correction == "translation":
        half = len(focal) // 2  # the second half are the same pairs the other way round
        share = np.tile(window.overlap(points[focal[:half]] - points[other[:half]]), 2) / window.area
    else:
        share = window.share_of_circles(points, focal, distance)
    return np.asarray(1 / np.clip(share, 1 / MOST_WEIGHT, None))


def _reach(window: Window, correction: str) -> float:
    """Say up to where a correction is without bias."""
    import shapely

    if correction == "isotropic":
        return float(shapely.minimum_bounding_radius(window.shape))
    return window.diameter / 2 if correction == "translation" else np.inf


def _border(depth: Floats, focal: Whole, place: Whole, radii: Floats, density: float) -> Floats:
    """Count only round points that lie deeper inside than the distance."""
    last = np.searchsorted(radii, depth, side="left")  # the first distance that reaches the border
    size = len(radii) + 1
    counts = place < last[focal]
    begun = np.bincount(place[counts], minlength=size).cumsum()
    ended = np.bincount(last[focal[counts]], minlength=size).cumsum()
    deep = len(depth) - np.bincount(last, minlength=size).cumsum()
    pairs, points = (begun - ended)[: len(radii)], deep[: len(radii)]
    return np.where(points > 0, pairs / np.where(points > 0, points, 1) / density, np.nan)
