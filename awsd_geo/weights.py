"""Which regions are neighbours; one policy for those that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from awsd_geo.errors import InputError, RequestError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from libpysal.graph import Graph

KINDS = ("queen", "rook")


def adjacency(regions: gpd.GeoDataFrame, *, kind: str = "queen") -> pd.Series:
    """Find the neighbours of each region, with shapely alone.

    Parameters
    ----------
    regions : GeoDataFrame, shape (n_regions,)
        Polygons with a unique index, as from `awsd_geo.load_regions`.
    kind : {"queen", "rook"}
        Neighbours share at least a point, or at least a line. Polygons that overlap are neighbours in both.

    Returns
    -------
    Series of int, shape (2 * n_pairs + n_isolates,)
        Named ``weight``, in the form of libpysal's ``Graph.adjacency``: a MultiIndex (``focal``, ``neighbor``),
        both directions of each pair, 1 each. A region without neighbour is kept as (itself, itself) with
        weight 0. In the order of the regions. ``attrs``: kind, isolates (list of ids).

    Raises
    ------
    RequestError
        If the kind is not known.
    InputError
        If an id stands twice in the index, or a region has no geometry.

    Examples
    --------
    >>> from awsd_geo.boundaries import load_regions
    >>> near = adjacency(load_regions("MLI", vintage="2016"))
    >>> near.loc["MLI-2016-mopti"].index.tolist()
    ['MLI-2016-segou', 'MLI-2016-tombouctou']
    """
    import pandas as pd

    if kind not in KINDS:
        raise RequestError(f"Unknown kind of neighbours {kind!r}. Choose from: {', '.join(KINDS)}.")
    _check(regions)
    focal, neighbor = _touching(np.asarray(regions.geometry.array), line=kind == "rook")
    isolates = np.setdiff1d(np.arange(len(regions)), focal)
    focal, neighbor = np.concatenate([focal, isolates]), np.concatenate([neighbor, isolates])
    order = np.lexsort((neighbor, focal))
    ids = regions.index.to_numpy()
    index = pd.MultiIndex.from_arrays([ids[focal[order]], ids[neighbor[order]]], names=["focal", "neighbor"])
    near = pd.Series((focal != neighbor)[order].astype(np.int64), index=index, name="weight")
    near.attrs = {"kind": kind, "isolates": ids[isolates].tolist()}
    return near


def graph(regions: gpd.GeoDataFrame, *, kind: str = "queen") -> Graph:
    """Give the neighbours as a libpysal Graph, for use with esda and the rest of PySAL.

    Parameters
    ----------
    regions : GeoDataFrame
        As in `adjacency`.
    kind : {"queen", "rook"}
        As in `adjacency`.

    Returns
    -------
    libpysal.graph.Graph
        Binary; isolates are kept (``Graph.isolates``).

    Raises
    ------
    RequestError, InputError
        As `adjacency`.
    """
    from libpysal.graph import Graph

    return Graph(adjacency(regions, kind=kind))


def pairs(near: pd.Series) -> int:
    """Count the pairs of neighbours, each once.

    Parameters
    ----------
    near : Series
        From `adjacency`.

    Returns
    -------
    int

    Examples
    --------
    >>> from awsd_geo.boundaries import load_regions
    >>> pairs(adjacency(load_regions("MLI", vintage="2016")))
    15
    """
    return int((near > 0).sum()) // 2


def _check(regions: gpd.GeoDataFrame) -> None:
    """Refuse what has no unambiguous neighbours."""
    if (twice := regions.index.duplicated()).any():
        raise InputError(f"The region id {regions.index[twice][0]!r} stands twice. Make the index unique.")
    if (absent := (regions.geometry.isna() | regions.geometry.is_empty)).any():
        raise InputError(f"The region {regions.index[absent][0]!r} has no geometry. Drop it or give it one.")


def _touching(shapes: np.ndarray, *, line: bool) -> tuple[np.ndarray, np.ndarray]:
    """Give both directions of each pair of shapes that meet, in a line if told."""
    import shapely

    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    if line:
        meet = shapely.length(shapely.intersection(shapes[first], shapes[second])) > 0
        first, second = first[meet], second[meet]
    return np.concatenate([first, second]), np.concatenate([second, first])
