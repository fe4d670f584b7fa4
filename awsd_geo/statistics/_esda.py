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

TRANSFORMS = {"row": "r", "binary": "b", "given": "o"}


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


def moran_values(values: pd.Series, adjacency: pd.Series, *, weights: str) -> pd.Series:
    """Give esda's global Moran.

    Parameters
    ----------
    values : Series, shape (n,)
        The map, by unit.
    adjacency : Series
        Neighbours of these units.
    weights : {"row", "binary", "given"}
        Weights of each unit sum to 1, are 1 each, or as they are.

    Returns
    -------
    Series of float
        ``moran_i``, ``expected``, ``variance`` and ``z`` under randomisation, ``variance_normal``, ``z_normal``.
    """
    from esda.moran import Moran

    graph = _graph(adjacency)
    ordered = values.reindex(graph.unique_ids).to_numpy(dtype=float)
    result = Moran(ordered, graph, transformation=TRANSFORMS[weights], permutations=0)
    numbers = {
        "moran_i": result.I,
        "expected": result.EI,
        "variance": result.VI_rand,
        "z": result.z_rand,
        "variance_normal": result.VI_norm,
        "z_normal": result.z_norm,
    }
    return pd.Series(numbers, name="esda", dtype=float)


def local_moran_values(values: pd.Series, adjacency: pd.Series, *, weights: str) -> pd.Series:
    """Give esda's local Moran, whose variance has the divisor n - 1.

    Parameters
    ----------
    values, adjacency, weights
        As in `moran_values`.

    Returns
    -------
    Series of float, shape (n,)
        ``Moran_Local.Is``.
    """
    from esda.moran import Moran_Local

    graph = _graph(adjacency)
    ordered = values.reindex(graph.unique_ids)
    result = Moran_Local(ordered.to_numpy(dtype=float), graph, transformation=TRANSFORMS[weights], permutations=0)
    return pd.Series(result.Is, index=ordered.index, name="esda").reindex(values.index)


def geary_values(values: pd.Series, adjacency: pd.Series, *, weights: str) -> pd.Series:
    """Give esda's Geary.

    Parameters
    ----------
    values, adjacency, weights
        As in `moran_values`.

    Returns
    -------
    Series of float
        ``geary_c``, ``expected``, ``variance``, ``variance_normal``.
    """
    from esda.geary import Geary

    graph = _graph(adjacency)
    ordered = values.reindex(graph.unique_ids).to_numpy(dtype=float)
    result = Geary(ordered, graph, transformation=TRANSFORMS[weights], permutations=0)
    numbers = {
        "geary_c": result.C,
        "expected": result.EC,
        "variance": result.VC_rand,
        "variance_normal": result.VC_norm,
    }
    return pd.Series(numbers, name="esda", dtype=float)


def general_g_values(values: pd.Series, adjacency: pd.Series) -> pd.Series:
    """Give esda's general G with binary weights, without its variance, which follows other sums.

    Parameters
    ----------
    values : Series, shape (n,)
        The map, by unit.
    adjacency : Series
        Neighbours of these units.

    Returns
    -------
    Series of float
        ``general_g`` and ``expected``.
    """
    from esda.getisord import G

    graph = _graph(adjacency)
    result = G(values.reindex(graph.unique_ids).to_numpy(dtype=float), graph.to_W(), permutations=0)
    return pd.Series({"general_g": result.G, "expected": result.EG}, name="esda", dtype=float)


def _graph(adjacency: pd.Series) -> Graph:
    """Give a Graph of a copy, for esda writes into the weights that it is given; focal units in blocks, as it asks."""
    from libpysal.graph import Graph

    order = pd.factorize(adjacency.index.get_level_values(0))[0]
    return Graph(adjacency.iloc[np.argsort(order, kind="stable")].copy())
