"""Neighbours as arrays: what a libpysal Graph or its adjacency says, in the order of the counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS = ("row", "binary", "given")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Pairs of neighbours by position, a unit never its own."""

    ids: pd.Index
    focal: NDArray[np.int64]  # shape (n_pairs,), sorted
    neighbour: NDArray[np.int64]
    weight: NDArray[np.float64]  # over 0
    given: pd.Series  # the adjacency as it came
    cardinality: NDArray[np.int64]  # number of neighbours of each unit, 0 for an island

    def total(self, weighted: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum one number per pair over the pairs of each unit."""
        return np.bincount(self.focal, weights=weighted, minlength=len(self.ids)).astype(np.float64)

    def product(self, maps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the sum over pairs of weight x value x value for each of several maps, shape (m, n) to (m,)."""
        across = np.ascontiguousarray(maps.T)  # one row per unit: every sum below runs along memory
        products = np.zeros(len(maps))
        starts = np.searchsorted(self.focal, np.arange(len(self.ids) + 1))
        for unit, row in enumerate(across):
            lag = np.zeros(len(maps))
            for pair in range(starts[unit], starts[unit + 1]):
                lag += self.weight[pair] * across[self.neighbour[pair]]
            products += row * lag
        return products

    def both_ways(self) -> NDArray[np.float64]:
        """Give for each pair that is linked either way, in both directions, the sum of the two weights."""
        n = len(self.ids)
        there, back = self.focal * n + self.neighbour, self.neighbour * n + self.focal
        _, place = np.unique(np.concatenate([there, back]), return_inverse=True)
        return np.bincount(place, weights=np.concatenate([self.weight, self.weight])).astype(np.float64)

    def adjacency(self) -> pd.Series:
        """Give the adjacency in libpysal's form, in the order of ``ids``, an island as (itself, itself) with 0.

        A libpysal Graph needs the order; what only keeps the neighbours can keep ``given``.
        """
        islands = np.flatnonzero(self.cardinality == 0)
        focal = np.concatenate([self.focal, islands])
        neighbour = np.concatenate([self.neighbour, islands])
        order = np.lexsort((neighbour, focal))
        index = pd.MultiIndex.from_arrays(
            [self.ids[focal[order]], self.ids[neighbour[order]]], names=["focal", "neighbor"]
        )
        weight = np.concatenate([self.weight, np.zeros(len(islands))])[order]
        return pd.Series(weight, index=index, name="weight")

    @property
    def equal(self) -> bool:
        """Whether the neighbours of each unit have one weight, rounding allowed for."""
        mean = self.total(self.weight) / np.maximum(self.cardinality, 1)
        expected = mean[self.focal]
        return bool((np.abs(self.weight - expected) <= 1e-9 * expected).all())

    def weighted(self, how: str) -> Neighbours:
        """Give the same pairs with weights of 1 each, with weights of each unit that sum to 1, or as they are.

        Raises
        ------
        RequestError
            If ``how`` is none of the three.
        """
        if how not in WEIGHTS:
            raise RequestError(f"weights must be one of {', '.join(WEIGHTS)}; it is {how!r}.")
        if how == "given":
            return self
        weight = np.ones(len(self.weight))
        if how == "row":
            weight = self.weight / self.total(self.weight)[self.focal]
        return Neighbours(self.ids, self.focal, self.neighbour, weight, self.given, self.cardinality)


class WeightSums(NamedTuple):
    """The three sums of weights that moments are made of (Cliff and Ord 1981, chapter 1)."""

    s0: float  # all weights
    s1: float  # half the squares of w_ij + w_ji
    s2: float  # squares of row sum + column sum


def weight_sums(near: Neighbours) -> WeightSums:
    """Sum the weights."""
    columns = np.bincount(near.neighbour, weights=near.weight, minlength=len(near.ids))
    s1 = np.square(near.both_ways()).sum() / 2
    return WeightSums(float(near.weight.sum()), float(s1), float(np.square(near.total(near.weight) + columns).sum()))


def align(neighbours: Any, ids: pd.Index) -> Neighbours:
    """Bring neighbours into the order of the counts.

    Parameters
    ----------
    neighbours : Series or libpysal.graph.Graph
        An adjacency, Series "weight" with the index (focal, neighbor), an island as (itself, itself) with weight 0,
        or anything that has one as ``.adjacency``.
    ids : Index, shape (n,)
        The units that were counted.

    Returns
    -------
    Neighbours
        Self-neighbours left out.

    Raises
    ------
    InputError
        If it is no adjacency, its units are not those counted, or a weight is negative or missing.
    """
    given = getattr(neighbours, "adjacency", neighbours)
    if not isinstance(given, pd.Series) or not isinstance(given.index, pd.MultiIndex) or given.index.nlevels != 2:
        raise InputError(
            "neighbours must be a libpysal Graph or its adjacency. Use awsd_geo.weights.adjacency(regions)."
        )
    focal, neighbour = (_places(given.index, level, ids) for level in (0, 1))
    strange = given.index[(focal < 0) | (neighbour < 0)]
    absent = ids[np.bincount(focal[focal >= 0], minlength=len(ids)) == 0]
    if len(strange) or len(absent):
        where = f"name {strange[0]}, which was not counted" if len(strange) else f"lack {absent[0]!r}"
        raise InputError(f"The neighbours {where}. Make them from the regions that the incidents were counted in.")
    weight = given.to_numpy(dtype=float)
    if not ((weight >= 0) & (weight < np.inf)).all():
        raise InputError("A weight is negative, infinite or missing. Weights must be 0 or more.")
    pair = focal * len(ids) + neighbour
    if not (pair[1:] > pair[:-1]).all():
        order = np.argsort(pair, kind="stable")
        focal, neighbour, weight, pair = (column[order] for column in (focal, neighbour, weight, pair))
        if (pair[1:] == pair[:-1]).any():
            raise InputError("The neighbours name a pair twice. Keep one of the two.")
    kept = (weight > 0) & (focal != neighbour)
    if not kept.all():
        focal, neighbour, weight = focal[kept], neighbour[kept], weight[kept]
    size = np.bincount(focal, minlength=len(ids)).astype(np.int64)
    return Neighbours(ids, focal, neighbour, weight, given.copy(deep=False), size)


def _places(index: pd.MultiIndex, level: int, ids: pd.Index) -> NDArray[np.int64]:
    """Give the place in ``ids`` of each entry of a level, -1 for none; each label is looked up once."""
    codes = np.asarray(index.codes[level])
    places = ids.get_indexer(index.levels[level]).astype(np.int64)
    return np.append(places, -1)[codes]  # code -1, a missing label, is the last
