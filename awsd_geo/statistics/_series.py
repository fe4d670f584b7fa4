"""Long series: counts by week, month or any other step, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._guard import check_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def by_period(counts: pd.Series) -> pd.Series:
    """Check counts, sum them over the regions, if they have regions, and order them; no period left out.

    Raises
    ------
    InputError
        If they are no counts, the periods are neither a PeriodIndex nor whole numbers, or one is left out.
    """
    checked = check_counts(counts)
    if checked.index.nlevels > 1:
        checked = checked.groupby(level="year" if "year" in checked.index.names else -1).sum()
    ordered = checked.sort_index()
    if isinstance(ordered.index, pd.PeriodIndex):
        steps = ordered.index.asi8 if hasattr(ordered.index, "asi8") else ordered.index.astype("int64")
    elif pd.api.types.is_integer_dtype(ordered.index.dtype):
        steps = ordered.index.to_numpy()
    else:
        raise InputError(
            "A long series needs counts by period: a PeriodIndex (dates.to_period('M')) or consecutive whole numbers."
        )
    gap = np.flatnonzero(np.diff(np.asarray(steps)) != 1)
    if len(gap):
        raise InputError(
            f"The counts have no row after {ordered.index[gap[0]]}. Write a zero if nothing happened then."
        )
    return ordered.rename_axis("period")


def check_whole(name: str, value: int, least: int) -> int:
    """Refuse an option that is no whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise RequestError(f"{name} must be a whole number of {least} or more; it is {value!r}.")
    return int(value)


def check_over(name: str, value: float, least: float, below: float = np.inf) -> float:
    """Refuse an option that does not lie between two bounds."""
    if isinstance(value, bool) or not least < value < below:
        bound = f"between {least:g} and {below:g}" if np.isfinite(below) else f"over {least:g}"
        raise RequestError(f"{name} must lie {bound}; it is {value!r}.")
    return float(value)


def why_too_short(length: int, needed: int, unit: str = "periods") -> str | None:
    """Say that the series is too short for its baseline, if so."""
    if length >= needed:
        return None
    return f"Only {length} {unit}: the baseline and the first one to be judged take {needed}."
