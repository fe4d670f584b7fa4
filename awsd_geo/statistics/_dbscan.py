"""DBSCAN, exact, on distinct places with weights: dense squares are settled whole, only loose places look around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Truth = NDArray[np.bool_]

AT_ONCE = 20_000_000  # pairs of neighbours held at a time


def distinct(points: NDArray[np.generic], weights: Floats) -> tuple[Whole, Whole, Floats, Whole]:
    """Put rows that are the same together.

    Returns
    -------
    first : ndarray of int, shape (n_places,)
        A row of each place, the first in the order given; rising.
    place : ndarray of int, shape (n,)
        The place of each row.
    weight : ndarray, shape (n_places,)
    order : ndarray of int, shape (n,)
        The rows sorted by their last number, then the one before: what is near is near in memory.
    """
    order = np.lexsort(points.T)  # stable, so that the first of a run is the first given
    rows = points[order]
    new = np.append(np.ones(min(len(rows), 1), dtype=bool), (rows[1:] != rows[:-1]).any(axis=1))
    first = order[new]
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    place = np.empty(len(points), dtype=np.int64)
    place[order] = rank[np.cumsum(new) - 1]
    held = np.asarray(np.bincount(place, weights=weights, minlength=len(first)), dtype=np.float64)
    return np.sort(first), place, held, order


def dbscan(points: Floats, weight: Floats, radius: float, least: float) -> tuple[Whole, Truth]:
    """Find the clusters of Ester et al. (1996).

    Two places in one cube of side radius / sqrt(3) are always neighbours. So a cube that holds ``least`` is all cores
    of one cluster, its pairs need not be looked at, and cost stays near n log n however dense the places are.

    Parameters
    ----------
    points : ndarray, shape (n, 3)
        Distinct places.
    weight : ndarray, shape (n,)
        Of each place, above 0.
    radius : float
        Places at most so far apart are neighbours.
    least : float
        A place is a core if its own weight and its neighbours' come to this.

    Returns
    -------
    labels : ndarray of int, shape (n,)
        0, 1, ... in the order of each cluster's first core; -1 for noise. A place that is no core but near cores of
        several clusters goes to the first of these, as scikit-learn has it.
    core : ndarray of bool, shape (n,)
    """
    n = len(points)
    cubes = np.floor(points / (radius / np.sqrt(3) * (1 - 1e-9)))
    first, cube, held, order = distinct(cubes, weight)
    dense = held >= least
    core = dense[cube]
    loose = order[~core[order]]
    near = Neighbours(points, order, loose, radius)
    inside = np.zeros(n)
    for a, b in near:
        inside += np.bincount(a, weights=weight[b], minlength=n)
    core[loose] = inside[loose] >= least
    group = np.where(dense[cube], first[cube], np.arange(n))
    for a, b in near:
        both = core[a] & core[b] & ((a < b) | dense[cube[b]])  # each pair of loose places once
        group = joined(group, a[both], b[both])
    group = joined(group, *_between_cubes(points, cube, first, cubes, group, radius, dense))
    labels = _numbered(group, core)
    reached = np.full(n, n)
    for a, b in near:
        edge = ~core[a] & core[b]
        np.minimum.at(reached, a[edge], labels[b[edge]])
    return np.where(core, labels, np.where(reached < n, reached, -1)), core


class Neighbours:
    """Some places with all their neighbours, each with itself too; in batches, kept if there is only one."""

    def __init__(self, points: Floats, order: Whole, mine: Whole, radius: float) -> None:
        from scipy.spatial import cKDTree

        self._points, self._order, self._mine, self._radius = points, order, mine, radius
        self._tree = cKDTree(points[order], balanced_tree=False)
        sample = mine[:: max(len(mine) // 5000, 1)]  # tells how many pairs to expect
        found = int(cKDTree(points[sample]).count_neighbors(self._tree, radius)) if len(mine) else 0
        self._steps = -(-found * len(mine) // (AT_ONCE * max(len(sample), 1)))
        self._only = self._batch(0) if self._steps == 1 else None

    def _batch(self, first: int) -> tuple[Whole, Whole]:
        from scipy.spatial import cKDTree

        mine = self._mine[first :: self._steps]
        tree = self._tree if len(mine) == len(self._points) else cKDTree(self._points[mine])
        found = tree.sparse_distance_matrix(self._tree, self._radius, output_type="ndarray")
        return mine[found["i"]], self._order[found["j"]]

    def __iter__(self) -> Iterator[tuple[Whole, Whole]]:
        if self._only is not None:
            yield self._only
            return
        for first in range(self._steps):
            yield self._batch(first)


def joined(group: Whole, a: Whole, b: Whole) -> Whole:
    """Join the groups of a and b, pair by pair; a group is named by its first member."""
    root = group.copy()
    while True:
        one, other = root[a], root[b]
        apart = one != other
        if not apart.any():
            return root
        a, b, one, other = a[apart], b[apart], one[apart], other[apart]
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while ((further := root[root]) != root).any():
            root = further


def _between_cubes(
    points: Floats, cube: Whole, first: Whole, cubes: Floats, group: Whole, radius: float, dense: Truth
) -> tuple[Whole, Whole]:
    """Find pairs of dense cubes that touch: their first places stand for them."""
    from scipy.spatial import cKDTree

    which = np.flatnonzero(dense)
    if len(which) < 2:
        return which[:0], which[:0]
    pairs = which[cKDTree(cubes[first[which]]).query_pairs(2.5, p=np.inf, output_type="ndarray")]
    one, other = first[pairs[:, 0]], first[pairs[:, 1]]
    close = np.square(points[one] - points[other]).sum(axis=1) <= radius**2 * (1 - 1e-9)
    root = joined(group, one[close], other[close])
    open_pairs = pairs[root[one] != root[other]]
    order = np.argsort(cube, kind="stable")
    ends = np.cumsum(np.bincount(cube, minlength=len(first)))
    trees: dict[int, cKDTree] = {}
    for k in np.unique(open_pairs).tolist():
        trees[k] = cKDTree(points[order[ends[k - 1] if k else 0 : ends[k]]])
    touch = np.array([trees[i].count_neighbors(trees[j], radius) > 0 for i, j in open_pairs.tolist()], dtype=bool)
    linked = open_pairs[touch]
    return np.append(one[close], first[linked[:, 0]]), np.append(other[close], first[linked[:, 1]])


def _numbered(group: Whole, core: Truth) -> Whole:
    """Give the groups of cores the numbers 0, 1, ... in the order of their first core; others get -1."""
    labels = np.full(len(group), -1)
    labels[core] = np.unique(group[core], return_inverse=True)[1]
    return labels
