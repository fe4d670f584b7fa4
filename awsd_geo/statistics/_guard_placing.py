"""The check of what is known of incidents that could not be placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from awsd_geo.counts.candidates import Candidates
from awsd_geo.errors import InputError
from awsd_geo.statistics._placing_ways import Ways

if TYPE_CHECKING:
    from awsd_geo.statistics._guard import Frame


def check_unplaced(unplaced: pd.DataFrame, counts: pd.Series, frame: Frame) -> tuple[Ways, int]:
    """Bring the unplaced incidents into the order of the counts.

    Parameters
    ----------
    unplaced : DataFrame
        ``candidates``, ``incidents`` and, if known, ``candidate_weights`` and ``year``.
    counts : Series
        The firm counts as they were given.
    frame : Frame
        The same by region.

    Returns
    -------
    ways : Ways
        In the order of the frame.
    outside : int
        Incidents that lie in no unit.

    Raises
    ------
    InputError
        If it is no such table, or of other years than the counts.
    """
    if not isinstance(unplaced, pd.DataFrame) or not {"candidates", "incidents"} <= set(unplaced.columns):
        raise InputError(
            "unplaced must be a table with candidates and incidents. Give awsd_geo.counts.unplaced(located, regions)."
        )
    numbers = pd.to_numeric(unplaced["incidents"], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if not ((numbers >= 0) & (numbers == np.floor(numbers))).all():
        raise InputError("The incidents of unplaced must be whole numbers of 0 or more. Count them first.")
    _check_years(unplaced, counts)
    some = Candidates.of(unplaced, pd.DataFrame(index=frame.counts.index))
    number = np.bincount(some.group, weights=numbers, minlength=len(some.units)).astype(np.int64)
    kept = [group for group, units in enumerate(some.units) if units and number[group]]
    ways = Ways(
        frame.counts.to_numpy(),
        [some.codes[group] for group in kept],
        [np.asarray(some.weights[group], dtype=np.float64) for group in kept],
        number[kept],
    )
    return ways, int(number.sum() - number[kept].sum())


def _check_years(unplaced: pd.DataFrame, counts: pd.Series) -> None:
    if "year" not in unplaced.columns or "year" not in counts.index.names:
        return
    others = set(unplaced.loc[unplaced["incidents"] > 0, "year"]) - set(counts.index.get_level_values("year"))
    if others:
        raise InputError(f"unplaced has incidents of {min(others)}, which was not counted. Give both the same years.")
