"""Clusters of points by great circle: DBSCAN on distinct places with weights, and HDBSCAN through scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import DependencyError, InputError, RequestError
from awsd_geo.results import Result
from awsd_geo.statistics._dbscan import dbscan, distinct
from awsd_geo.statistics._guard_points import check_length, why_no_points
from awsd_geo.statistics._planar import chord, in_degrees, on_sphere, way_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

METHODS = ("dbscan", "hdbscan")
_NO_SKLEARN = 'HDBSCAN needs scikit-learn 1.3 or later. Install it with: pip install "awsd-geo[points]".'
_COLUMNS = ("points", "weight", "places", "longitude", "latitude", "reach_m")


@dataclass(frozen=True, slots=True, eq=False)
class PointClusters(Result):
    """Clusters of points; ``table`` has one row per cluster, index ``cluster`` from 1.

    Columns: ``points`` (rows of the input), ``weight`` (their sum), ``places`` (distinct ones), ``longitude`` and
    ``latitude`` of the weighted middle, ``reach_m`` (from there to the farthest point, along the great circle).
    """

    labels: pd.Series  # Int64, the index of the input; missing where a point is in no cluster
    core: pd.Series  # bool, whether the point's surroundings are dense themselves
    method: str
    radius_m: float  # missing for hdbscan
    min_points: float
    points: int
    places: int  # distinct
    weight: float
    reason: str | None

    def summary(self) -> str:
        """State how many clusters there are and what lies outside of them."""
        if self.reason is not None:
            return f"Clusters are undefined. {self.reason}"
        number, inside = len(self.table), int(self.table["points"].sum())
        rule = (
            f"at least {self.min_points:g} within {self.radius_m / 1000:g} km" if self.method == "dbscan" else "HDBSCAN"
        )
        note = f"; the {self.points} points are at {self.places} places" if self.places < self.points else ""
        return (
            f"{number} cluster{'s' * (number != 1)} with {inside} of {self.points} points ({rule}){note}. "
            "This describes where points are dense; it is no test against chance."
        )


def cluster_points(
    points: Any, *, radius_m: float | None = None, min_points: float = 5, weights: Any = None, method: str = "dbscan"
) -> PointClusters:
    """Find clusters of points by their distance along the great circle.

    DBSCAN: a point is a core if at least ``min_points`` (itself with them) lie within ``radius_m``; cores within
    ``radius_m`` of one another make a cluster, and points near a core belong to it. Points at one place are put
    together first, so ten incidents geocoded to one town are ten points there. Distances are chords of the unit
    sphere, so neither degrees nor the date line matter; the radius of the sphere is 6,371,008.8 m.

    Parameters
    ----------
    points : array of shape (n, 2), DataFrame with ``longitude`` and ``latitude``, or geopandas points
        Degrees, longitude first.
    radius_m : float
        Needed by DBSCAN, metres.
    min_points : float, default 5
        DBSCAN: points (or weight) that make a core. HDBSCAN: the smallest cluster.
    weights : sequence of float, optional
        Of each point, above 0; 1 by default. DBSCAN only.
    method : {"dbscan", "hdbscan"}
        HDBSCAN finds clusters of differing density; it needs scikit-learn 1.3 or later.

    Returns
    -------
    PointClusters
        Undefined, with a reason, for fewer than 5 points or points all at one place.

    Raises
    ------
    DependencyError
        If HDBSCAN is asked for and scikit-learn is absent or too old.
    InputError
        If points or weights are not what they should be.
    RequestError
        If a choice is not one of those above.

    References
    ----------
    .. [1] Ester, M., Kriegel, H.-P., Sander, J., and Xu, X. (1996). A density-based algorithm for discovering clusters
       in large spatial databases with noise. KDD-96, 226-231.
    .. [2] Gunawan, A. (2013). A faster algorithm for DBSCAN. Technische Universiteit Eindhoven (dense squares).
    .. [3] Campello, R. J. G. B., Moulavi, D., and Sander, J. (2013). Density-based clustering based on hierarchical
       density estimates. PAKDD 2013, 160-172.
    """
    degrees, index = in_degrees(points)
    weight = _weights(weights, len(degrees))
    radius = _check(radius_m, min_points, method, weighted=weights is not None)
    degrees[:, 0] = np.where(degrees[:, 0] == -180, 180, degrees[:, 0])
    first, place, held, _ = distinct(degrees, weight)
    spots = on_sphere(degrees[first])
    reason = why_no_points(degrees)
    if reason is not None:
        labels, core = np.full(len(degrees), -1), np.zeros(len(degrees), dtype=bool)
    elif method == "dbscan":
        of_place, core_place = dbscan(spots, held, chord(radius), min_points)
        labels, core = of_place[place], core_place[place]
    else:
        labels = _hdbscan(degrees, int(min_points))
        core = labels >= 0
    return PointClusters(
        table=_table(labels, weight, first, spots[place]),
        labels=pd.Series(labels + 1, index=index, name="cluster", dtype="Int64").where(labels >= 0),
        core=pd.Series(core, index=index, name="core"),
        method=method,
        radius_m=radius,
        min_points=min_points,
        points=len(degrees),
        places=len(first),
        weight=float(weight.sum()),
        reason=reason,
    )


def _check(radius_m: float | None, min_points: float, method: str, *, weighted: bool) -> float:
    if method not in METHODS:
        raise RequestError(f"method must be dbscan or hdbscan; it is {method!r}.")
    if not min_points > 0 or (method == "hdbscan" and (min_points < 2 or int(min_points) != min_points)):
        raise RequestError(f"min_points must be above 0, and for hdbscan a whole number from 2; it is {min_points!r}.")
    if method == "hdbscan":
        if weighted or radius_m is not None:
            raise RequestError("HDBSCAN takes neither weights nor radius_m. Leave them out, or use dbscan.")
        return float("nan")
    if radius_m is None:
        raise RequestError("DBSCAN needs radius_m, for example radius_m=20000.")
    check_length(radius_m, "radius_m")
    return float(radius_m)


def _weights(weights: Any, n: int) -> Floats:
    if weights is None:
        return np.ones(n)
    values = np.asarray(weights, dtype=float)
    if values.shape != (n,) or not (np.isfinite(values) & (values > 0)).all():
        raise InputError(f"weights must be {n} numbers above 0, one for each point.")
    return values


def _hdbscan(degrees: Floats, smallest: int) -> Whole:
    """Run scikit-learn's HDBSCAN by great circle, clusters numbered in the order of their first point."""
    try:
        from sklearn.cluster import HDBSCAN
    except ImportError as error:
        raise DependencyError(_NO_SKLEARN) from error
    if len(degrees) < smallest:
        return np.full(len(degrees), -1)
    model = HDBSCAN(min_cluster_size=smallest, metric="haversine", algorithm="ball_tree", copy=True)
    found = np.asarray(model.fit(np.radians(degrees[:, ::-1])).labels_, dtype=np.int64)
    names, first = np.unique(found[found >= 0], return_index=True)
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(names))
    return np.where(found >= 0, rank[found] if len(names) else -1, -1)


def _table(labels: Whole, weight: Floats, first: Whole, spots: Floats) -> pd.DataFrame:
    """Describe each cluster."""
    inside = np.flatnonzero(labels >= 0)
    which, number = labels[inside], int(labels.max(initial=-1)) + 1
    at, heavy = spots[inside], weight[inside]
    mean = np.column_stack([np.bincount(which, weights=heavy * at[:, k], minlength=number) for k in range(3)])
    mean = mean / np.linalg.norm(mean, axis=1, keepdims=True)
    reach = np.zeros(number)
    np.maximum.at(reach, which, way_m(np.linalg.norm(at - mean[which], axis=1)))
    of_place = labels[first]
    columns = (
        np.bincount(which, minlength=number),
        np.bincount(which, weights=heavy, minlength=number),
        np.bincount(of_place[of_place >= 0], minlength=number),
        np.degrees(np.arctan2(mean[:, 1], mean[:, 0])),
        np.degrees(np.arcsin(np.clip(mean[:, 2], -1, 1))),
        reach,
    )
    index = pd.RangeIndex(1, number + 1, name="cluster")
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)), index=index)
