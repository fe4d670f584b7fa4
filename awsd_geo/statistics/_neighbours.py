"""Neighbours as arrays: what a libpysal Graph or its adjacency says, in the order of the counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Pairs of neighbours by position, a unit never its own."""

    ids: pd.Index
    focal: NDArray[np.int64]  # shape (n_pairs,), sorted
    neighbour: NDArray[np.int64]
    weight: NDArray[np.float64]  # over 0

    @property
    def cardinality(self) -> NDArray[np.int64]:
        """Number of neighbours of each unit, 0 for an island."""
        return np.bincount(self.focal, minlength=len(self.ids)).astype(np.int64)

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
        """Give the adjacency in libpysal's form, in the order of ``ids``, an island as (itself, itself) with 0."""
        islands = np.flatnonzero(self.cardinality == 0)
        focal = np.concatenate([self.focal, islands])
        neighbour = np.concatenate([self.neighbour, islands])
        order = np.lexsort((neighbour, focal))
        index = pd.MultiIndex.from_arrays(
            [self.ids[focal[order]], self.ids[neighbour[order]]], names=["focal", "neighbor"]
        )
        weight = np.concatenate([self.weight, np.zeros(len(islands))])[order]
        return pd.Series(weight, index=index, name="weight")

    def check_equal(self) -> None:
        """Refuse weights that differ between the neighbours of one unit."""
        sums = self.total(self.weight)
        mean = np.divide(sums, self.cardinality, out=np.zeros_like(sums), where=self.cardinality > 0)
        wrong = ~np.isclose(self.weight, mean[self.focal], rtol=1e-9, atol=0)
        if wrong.any():
            raise RequestError(
                f"The neighbours of {self.ids[self.focal[wrong][0]]!r} have unequal weights; the exact p of a local "
                "statistic needs equal ones. Give contiguity, or the k nearest, without distance weights."
            )


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
    if not isinstance(given, pd.Series) or given.index.nlevels != 2 or not given.index.is_unique:
        raise InputError(
            "neighbours must be a libpysal Graph or its adjacency. Use awsd_geo.weights.adjacency(regions)."
        )
    focal, neighbour = (ids.get_indexer(given.index.get_level_values(level)) for level in (0, 1))
    strange = given.index[(focal < 0) | (neighbour < 0)]
    absent = ids[~np.isin(np.arange(len(ids)), focal)]
    if len(strange) or len(absent):
        where = f"name {strange[0]}, which was not counted" if len(strange) else f"lack {absent[0]!r}"
        raise InputError(f"The neighbours {where}. Make them from the regions that the incidents were counted in.")
    weight = given.to_numpy(dtype=float)
    if not (weight >= 0).all():
        raise InputError("A weight is negative or missing. Weights must be 0 or more.")
    kept = np.flatnonzero((weight > 0) & (focal != neighbour))
    kept = kept[np.lexsort((neighbour[kept], focal[kept]))]
    return Neighbours(ids, focal[kept], neighbour[kept], weight[kept])
