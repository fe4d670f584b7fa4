"""Counts cut into an earlier and a later period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._guard import by_region, check_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray


NO_YEAR = "no year"


@dataclass(frozen=True, slots=True)
class Periods:
    """Counts by unit in two periods; either may be empty."""

    table: pd.DataFrame  # index region_id; name, kind, earlier, later
    earlier: str  # "2017 to 2019"
    later: str

    @property
    def totals(self) -> tuple[int, int]:
        """Incidents of all units in the earlier and in the later period."""
        return int(self.table["earlier"].sum()), int(self.table["later"].sum())


def check_split(split: int) -> int:
    """Refuse a first year of the later period that is no year."""
    if isinstance(split, bool) or not isinstance(split, (int, np.integer)):
        raise RequestError(f"split must be the first year of the later period, such as 2020; it is {split!r}.")
    return int(split)


def words(years: NDArray[np.int64]) -> str:
    """Write the first and last of some years."""
    if not len(years):
        return NO_YEAR
    return str(years.min()) if years.min() == years.max() else f"{years.min()} to {years.max()}"


def why_one_sided(years: NDArray[np.int64], split: int) -> str | None:
    """Say that all years lie on one side of the split, if so."""
    if (years < split).any() and (years >= split).any():
        return None
    return f"The counts hold {words(years)}: nothing lies on the other side of {split} to compare with."


def periods(counts: pd.Series, split: int) -> Periods:
    """Sum counts by region and year over the years before ``split`` and over those from it on.

    Raises
    ------
    InputError
        If the counts have no region or no year.
    RequestError
        If ``split`` is no year.
    """
    first = check_split(split)
    checked = check_counts(counts)
    if "year" not in checked.index.names or checked.index.nlevels < 2:
        raise InputError("Two periods need counts by region_id and year. Use awsd_geo.count.")
    years = checked.index.get_level_values("year").to_numpy()
    if not np.issubdtype(years.dtype, np.integer):
        raise InputError(f"Years must be whole numbers, not {years.dtype}. Convert the level year of the index.")
    frame = by_region(checked)
    later = by_region(checked.where(years >= first, 0)).counts
    columns = {"name": frame.names, "kind": frame.kinds, "earlier": frame.counts - later, "later": later}
    return Periods(pd.DataFrame(columns), words(years[years < first]), words(years[years >= first]))


def check_region(region: str, table: pd.DataFrame) -> str:
    """Refuse a region that was not counted."""
    if region not in table.index:
        raise RequestError(f"{region!r} is not among the regions counted, such as {table.index[0]!r}.")
    return region


def exposure_by_year(exposure: pd.Series | None, years: pd.Index) -> NDArray[np.float64]:
    """Align the exposure of each year, such as the share of it that was observed; by default 1 a year.

    Raises
    ------
    InputError
        If it is no Series by year, or a year has none over 0.
    """
    if exposure is None:
        return np.ones(len(years))
    if not isinstance(exposure, pd.Series) or not exposure.index.is_unique:
        raise InputError("exposure must be a pandas Series by year, each year once.")
    if exposure.dtype == bool or not pd.api.types.is_numeric_dtype(exposure.dtype):
        raise InputError(f"exposure must hold numbers, not {exposure.dtype}. Convert it with pandas.to_numeric.")
    values = exposure.reindex(years).to_numpy(dtype=float, na_value=np.nan)
    wrong = ~((values > 0) & np.isfinite(values))
    if wrong.any():
        raise InputError(f"exposure must be over 0 for every year counted; {years[wrong][0]} has {values[wrong][0]:g}.")
    return values
