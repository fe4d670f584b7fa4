"""The most likely cluster of the scan, over the ways in which the unplaced incidents can fall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.statistics._scan_many import scan_many
from awsd_geo.statistics._scan_problem import pose
from awsd_geo.statistics._scan_where import locate
from awsd_geo.statistics._scan_windows import Windows

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from awsd_geo.statistics._guard import Frame
    from awsd_geo.statistics._placing_ways import Ways

NONE: dict[str, Any] = {
    "scan_regions": (), "scan_p": np.nan, "scan_smallest_p": np.nan, "scan_largest_p": np.nan, "scan_ways": 0,
    "scan_all_ways": False, "scan_same": 0, "scan_overlapping": 0, "scan_same_chance": np.nan,
}  # fmt: skip


def scan_by_placing(
    frame: Frame,
    ways: Ways,
    where: Any,
    exposure: pd.Series | None,
    sets: int,
    replicates: int,
    seed: int,
    *,
    reason: str | None,
) -> dict[str, Any]:
    """Give the fields of the scan of a ``PlacingSensitivity``.

    Parameters
    ----------
    frame : Frame
        Firm counts.
    ways : Ways
        In the same order.
    where, exposure, sets, replicates, seed
        As in ``placing_sensitivity``.
    reason : str or None
        Why nothing is tested, if so.

    Returns
    -------
    dict
        Without places or with a reason: what stands for no scan.
    """
    if where is None or reason is not None:
        return NONE
    ordered = frame.sorted()
    problem = pose(ordered, locate(where, ordered.counts.index), exposure, None, None)
    order = frame.counts.index.get_indexer(ordered.counts.index)
    every = ways.count() <= sets
    counts, chance = _looked_at(ways, sets, seed, every=every)
    options = (Windows(), replicates, seed)
    (alone,), (p,) = scan_many(problem, ordered.counts.to_numpy()[None, :], *options)
    different, which = np.unique(counts[:, order], axis=0, return_inverse=True)
    clusters, p_values = scan_many(problem, different, *options)
    same = np.array([set(cluster) == set(alone) for cluster in clusters])[which]
    shared = np.array([bool(set(cluster) & set(alone)) for cluster in clusters])[which]
    return {
        "scan_regions": alone,
        "scan_p": float(p),
        "scan_smallest_p": float(p_values.min()),
        "scan_largest_p": float(p_values.max()),
        "scan_ways": len(counts),
        "scan_all_ways": every,
        "scan_same": int(same.sum()),
        "scan_overlapping": int(shared.sum()),
        "scan_same_chance": float(min(chance @ same, 1.0)),
    }


def _looked_at(ways: Ways, sets: int, seed: int, *, every: bool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give the counts that are scanned, and the chance of each."""
    if every:
        return ways.all()
    return ways.drawn(sets, seed), np.full(sets, 1 / sets)
