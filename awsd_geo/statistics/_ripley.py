"""Whether points lie closer together, or farther apart, than chance: Ripley's K and L with a global envelope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._curves import CORRECTIONS, k_curve, usual_radii
from awsd_geo.statistics._guard import check_confidence
from awsd_geo.statistics._guard_points import check_replicates, shared_places, why_no_points
from awsd_geo.statistics._planar import laid_flat
from awsd_geo.statistics._window import Window, inside, window_of
from awsd_geo.statistics._words import percent, probability

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RipleyK(Result):
    """Ripley's K; ``table`` has one row per distance, index ``radius``.

    Columns: ``expected`` (pi r^2, with no pattern); K with each correction: ``none``, ``border``, ``isotropic``,
    ``translation``; and for the correction that is tested ``l`` = sqrt(K / pi), ``l_simulated`` (mean of the
    simulations), ``l_low``, ``l_high`` (the global envelope).
    """

    correction: str  # the one that is tested
    p_value: float  # of the largest distance between L and its mean, over all radii (maximum absolute deviation)
    largest: float  # radius where L lies farthest from its mean
    direction: str  # "clustered", "regular", or "undefined", at that radius
    points: int
    at_shared_places: float  # share of the points that lie exactly where another lies
    confidence: float
    replicates: int
    seed: int
    reason: str | None

    def summary(self) -> str:
        """State the largest deviation and its p."""
        if self.reason is not None:
            return f"Ripley's K is undefined. {self.reason}"
        beyond = self.p_value <= 1 - self.confidence
        way = {"clustered": "closer together", "regular": "farther apart"}[self.direction]
        text = (
            f"{self.points} points lie {way} than scattered points would, most at distance {self.largest:g}"
            if beyond
            else f"{self.points} points cannot be told from points scattered evenly over the window"
        )
        shared = f"; {percent(self.at_shared_places)} share their exact place, which by itself counts as clustering"
        note = shared if self.at_shared_places > 0 else ""
        return (
            f"{text} (p {probability(self.p_value)}, {self.replicates} simulations, all distances as one test){note}."
        )


def ripley_k(
    points: Any,
    window: Any,
    *,
    radii: Any = None,
    correction: str = "isotropic",
    replicates: int = 199,
    confidence: float = 0.95,
    seed: int = 0,
) -> RipleyK:
    """Test whether points are clustered or spread out, at any distance up to a quarter of the window.

    K(r) is the mean number of other points within r of a point, over the mean number in a unit of area; with no
    pattern it is pi r^2. Points near the border have fewer neighbours in view, which the corrections make good. The
    simulations scatter as many points evenly over the window; the deviation of L = sqrt(K / pi) from the mean of all
    curves, at its largest over all radii, gives one p for the whole curve.

    Parameters
    ----------
    points : array of shape (n, 2), DataFrame with ``longitude`` and ``latitude``, or geopandas points
        An array is flat already (metres or any unit); degrees are laid flat with the window, equal-area, in metres.
    window : (x from, y from, x to, y to), polygon, or regions
        Where points could have been, in the same coordinates. The result depends on it as much as on the points.
    radii : sequence of float, optional
        Rising distances from 0 or above; by default 51 up to a quarter of the window's shorter side.
    correction : {"isotropic", "translation", "border", "none"}
        The one that is tested; the table has all four.
    replicates : int, default 199
        Simulations.
    confidence : float, default 0.95
        Of the envelope: L leaves it somewhere with this much chance at most when there is no pattern.
    seed : int, default 0
        Of the simulations.

    Returns
    -------
    RipleyK
        Undefined, with a reason, for fewer than 5 points or points all at one place. K is missing where a correction
        cannot reach: isotropic from the radius of the circle round the window, translation from half the diagonal,
        border where no point lies so deep.

    Raises
    ------
    InputError
        If a point lies outside the window, or either is not what it should be.
    RequestError
        If a choice is not one of those above.

    Notes
    -----
    A pair counts at r if its distance is at most r, in floating point: on a lattice, choose radii between the
    lattice's own distances. Weights of pairs are capped at 100. Translation on a polygon of many corners is slow.

    References
    ----------
    .. [1] Ripley, B. D. (1977). Modelling spatial patterns. Journal of the Royal Statistical Society B 39, 172-212.
    .. [2] Ohser, J. (1983). On estimators for the reduced second moment measure of point processes. Mathematische
       Operationsforschung und Statistik, Series Statistics 14, 63-71 (translation).
    .. [3] Baddeley, A., Diggle, P. J., Hardegen, A., Lawrence, T., Milne, R. K., and Nair, G. (2014). On tests of
       spatial pattern based on simulation envelopes. Ecological Monographs 84, 477-489.
    """
    _check(correction, replicates, confidence)
    flat, shape = laid_flat(points, window)
    view = window_of(shape)
    places = inside(flat, view)
    distances = _distances(radii, len(places), view)
    reason = why_no_points(places)
    table, known = _computed(
        places, view, distances, correction, (replicates, confidence, seed), defined=reason is None
    )
    return RipleyK(
        table=table,
        correction=correction,
        points=len(places),
        at_shared_places=shared_places(places),
        confidence=confidence,
        replicates=replicates,
        seed=seed,
        reason=reason,
        **known,
    )


def _check(correction: str, replicates: int, confidence: float) -> None:
    if correction not in CORRECTIONS:
        raise RequestError(f"correction must be one of {', '.join(CORRECTIONS)}; it is {correction!r}.")
    check_confidence(confidence)
    check_replicates(replicates)
    if int((1 - confidence) * (replicates + 1) + 1e-9) < 1:
        raise RequestError(f"{replicates} replicates are too few for an envelope of {confidence:g}. Take 199 or more.")


def _distances(radii: Any, n: int, window: Window) -> Floats:
    if radii is None:
        return usual_radii(max(n, 1), window)
    distances = np.atleast_1d(np.asarray(radii, dtype=float))
    if distances.ndim != 1 or not len(distances) or not np.isfinite(distances).all():
        raise InputError("radii must be a list of numbers, for example [10000, 20000, 50000].")
    if distances[0] < 0 or (np.diff(distances) <= 0).any() or distances[-1] == 0:
        raise InputError("radii must rise from 0 or more, none twice.")
    return distances


def _computed(
    points: Floats, window: Window, radii: Floats, tested: str, choice: tuple[int, float, int], *, defined: bool
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Fill the table and the test, or leave both empty."""
    table = pd.DataFrame({"expected": np.pi * radii**2}, index=pd.Index(radii, name="radius"))
    for name in CORRECTIONS:
        table[name] = k_curve(points, window, radii, name) if defined else np.nan
    if not defined:
        empty = dict.fromkeys(("l", "l_simulated", "l_low", "l_high"), np.nan)
        return table.assign(**empty), {"p_value": np.nan, "largest": np.nan, "direction": "undefined"}
    replicates, confidence, seed = choice
    chance = np.random.default_rng(seed)
    curves = np.empty((replicates + 1, len(radii)))
    curves[0] = table[tested]
    for row in range(1, replicates + 1):
        curves[row] = k_curve(window.random(len(points), chance), window, radii, tested)
    return _envelope(table, np.sqrt(curves / np.pi), confidence)


def _envelope(table: pd.DataFrame, curves: Floats, confidence: float) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Compare the first curve with the others: all are exchangeable when there is no pattern."""
    known = np.isfinite(curves).all(axis=0)
    simulated = np.where(known, curves[1:].mean(axis=0), np.nan)
    middle = curves.mean(axis=0)
    away = np.abs(curves - middle)[:, known].max(axis=1) * len(curves) / (len(curves) - 1)
    as_far = int((away[1:] >= away[0] * (1 - 1e-12)).sum())
    rank = int((1 - confidence) * len(curves) + 1e-9)
    wide = np.sort(away[1:])[-rank]
    at = int(np.argmax(np.where(known, np.abs(curves[0] - middle), -1)))
    filled = table.assign(
        l=curves[0], l_simulated=simulated, l_low=np.clip(simulated - wide, 0, None), l_high=simulated + wide
    )
    return filled, {
        "p_value": (as_far + 1) / len(curves),
        "largest": float(table.index[at]),
        "direction": "clustered" if curves[0, at] >= middle[at] else "regular",
    }
