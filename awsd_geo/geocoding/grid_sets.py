"""What decides in the cells of a grid that an outline touches: one straight edge, or else a few candidate units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from awsd_geo.geocoding.grid_build import same_edges
from awsd_geo.geocoding.grid_cover import SEVERAL

if TYPE_CHECKING:
    from awsd_geo.geocoding.grid_cover import Cover


class Sets(NamedTuple):
    """What decides in touched cells; the first sets have one edge, with one unit or none on either side."""

    starts: Any  # where the candidates of each set begin in members; one more at the end
    members: Any  # positions of candidate units, ascending in each set
    edges: Any  # the edge of each of the first sets, by position
    sides: Any  # shape (2, n): the unit to the left and to the right of it; -1 none


def decide(cover: Cover, pairs: tuple[Any, Any]) -> tuple[Any, Any, Sets]:
    """Find what decides in each touched cell.

    Parameters
    ----------
    cover : Cover
        Units along the rows, and the edges.
    pairs : tuple of array of int64
        Cells, and the edges that pass through them.

    Returns
    -------
    touched : array of int64, shape (n_touched,)
        The cells, each once, sorted.
    which : array of int64, shape (n_touched,)
        The set of each cell.
    sets : Sets
        Each set once.
    """
    cells, edge = pairs
    order = np.argsort(cells, kind="stable")
    cells, edge = cells[order], edge[order]
    begin = np.flatnonzero(np.diff(cells, prepend=-1))
    touched = cells[begin]
    ends = np.append(begin[1:], len(cells))
    kind, sides, single = _single_edges(cover, touched, edge, begin)
    first, member = _candidates(cover, touched, np.repeat(np.arange(len(touched)), ends - begin), edge)
    marks = np.bitwise_xor.reduceat(cover.marks[member], first[:-1])
    kinds = np.where(single >= 0, kind, marks + np.uint64(2**63))  # all of single edges come before all others
    _, example, which = np.unique(kinds, return_index=True, return_inverse=True)
    sizes = np.diff(first)[example]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    members = member[np.repeat(first[example] - starts[:-1], sizes) + np.arange(starts[-1])]
    simple = example[single[example] >= 0]
    return touched, which, Sets(starts, members, single[simple], sides[:, simple])


def _single_edges(cover: Cover, touched: Any, edge: Any, begin: Any) -> tuple[Any, Any, Any]:
    """Find the cells with one edge: a number for what decides there, the units aside, the edge (else -1)."""
    number = same_edges(cover.edges)[edge]
    alone = np.maximum.reduceat(number, begin) == np.minimum.reduceat(number, begin)
    units = np.bitwise_xor.reduceat(cover.marks[cover.edges.unit[edge]], begin)
    sides = np.full((2, len(touched)), SEVERAL, dtype=np.int64)
    sides[:, alone] = cover.sides(touched[alone], number[begin[alone]], units[alone])
    single = np.where(alone & (sides != SEVERAL).all(axis=0), number[begin], -1)
    count = cover.frame.units + 1
    kind = (np.maximum(single, 0) * count + np.maximum(sides[0] + 1, 0)) * count + np.maximum(sides[1] + 1, 0)
    return kind.astype(np.uint64), sides, single


def _candidates(cover: Cover, touched: Any, cell: Any, edge: Any) -> tuple[Any, Any]:
    """Gather the units that the points of each touched cell may be in: where each begins, and all."""
    count = cover.frame.units
    whole = cover.whole(touched)
    keys = np.concatenate([cell * count + cover.edges.unit[edge], whole[0] * count + whole[1]])
    keys = np.sort(keys)
    cell, unit = np.divmod(keys[np.flatnonzero(np.diff(keys, prepend=-1))], count)
    return np.searchsorted(cell, np.arange(len(touched) + 1)), unit
