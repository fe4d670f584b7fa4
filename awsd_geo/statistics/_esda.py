"""The only module that knows esda: its values as a second opinion, never its p-values.

Importing esda takes about two seconds, so that nothing here is on the way to a result; it is called on request.
No permutations are asked of it, so that nothing compiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from libpysal.graph import Graph


def getis_ord_values(values: pd.Series, adjacency: pd.Series, *, star: bool) -> pd.Series:
    """Give esda's standardised Gi or Gi* with binary weights.

    Parameters
    ----------
    values : Series, shape (n,)
        The map, by unit.
    adjacency : Series
        Neighbours of these units.
    star : bool
        Gi*, which counts the unit itself, instead of Gi.

    Returns
    -------
    Series of float, shape (n,)
        ``G_Local.Zs``.
    """
    from esda.getisord import G_Local

    graph = _graph(adjacency)
    ordered = values.reindex(graph.unique_ids)
    with np.errstate(invalid="ignore", divide="ignore"):  # it divides by 0 at islands
        result = G_Local(ordered.to_numpy(dtype=float), graph, transform="B", permutations=0, star=star)
    return pd.Series(result.Zs, index=ordered.index, name="esda").reindex(values.index)


def moran_values(values: pd.Series, adjacency: pd.Series, *, standardised: bool) -> pd.Series:
    """Give esda's global Moran.

    Parameters
    ----------
    values : Series, shape (n,)
        The map, by unit.
    adjacency : Series
        Neighbours of these units.
    standardised : bool
        Weights of each unit sum to 1, instead of being 1 each.

    Returns
    -------
    Series of float
        ``moran_i``, ``expected``, ``variance`` and ``z`` under randomisation, ``variance_normal``, ``z_normal``.
    """
    from esda.moran import Moran

    graph = _graph(adjacency)
    ordered = values.reindex(graph.unique_ids).to_numpy(dtype=float)
    result = Moran(ordered, graph, transformation="r" if standardised else "b", permutations=0)
    numbers = {
        "moran_i": result.I,
        "expected": result.EI,
        "variance": result.VI_rand,
        "z": result.z_rand,
        "variance_normal": result.VI_norm,
        "z_normal": result.z_norm,
    }
    return pd.Series(numbers, name="esda", dtype=float)


def _graph(adjacency: pd.Series) -> Graph:
    from libpysal.graph import Graph

    return Graph(adjacency.copy())  # a copy, for esda writes into the weights that it is given
