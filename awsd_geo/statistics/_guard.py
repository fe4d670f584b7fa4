"""The one place that checks what goes into a statistic and decides where it is undefined, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FEWEST_INCIDENTS = 5  # below it no test is made
FEWEST_YEARS = 3  # below it no trend is fitted
DESCRIPTIVE_BELOW = 30  # units; fewer, and autocorrelation is described but makes no headline
SMALLEST_P = float(np.finfo(float).tiny)  # 2.2e-308: a p below it is given as this, for p is never 0


@dataclass(frozen=True, slots=True)
class Frame:
    """Counts by region after the check, with what is known of the regions."""

    counts: pd.Series  # int64, index region_id
    names: pd.Series  # text, same index
    kinds: pd.Series  # text, same index
    located: int
    total: int | None  # with the incidents that no region could be found for; None if that is not known

    @property
    def n(self) -> int:
        """Sum of the counts."""
        return int(self.counts.sum())

    def sorted(self) -> Frame:
        """Give the same regions in the order of their ids."""
        ids = sorted(self.counts.index, key=lambda region_id: (str(type(region_id)), region_id))
        return replace(self, counts=self.counts[ids], names=self.names[ids], kinds=self.kinds[ids])


def check_counts(counts: pd.Series) -> pd.Series:
    """Refuse what is not a count per unit.

    Parameters
    ----------
    counts : Series of int
        Incidents by ``region_id``, by ``year``, or by both.

    Returns
    -------
    Series of int64
        A new series with the same index and ``attrs``.

    Raises
    ------
    InputError
        If it is no Series, is empty, has a missing, negative or broken number, or names a unit twice.
    """
    if not isinstance(counts, pd.Series):
        raise InputError(f"Counts must be a pandas Series, not {type(counts).__name__}. Give counts['incidents'].")
    if counts.empty:
        raise InputError("The counts are empty. Give one row per region, zeros written out.")
    if not counts.index.is_unique:
        raise InputError(f"The counts name {counts.index[counts.index.duplicated()][0]!r} twice. Sum them first.")
    if counts.isna().any():
        raise InputError(f"The counts are missing at {counts.index[counts.isna()][0]!r}. Write a zero, or drop it.")
    if counts.dtype == bool or not pd.api.types.is_numeric_dtype(counts.dtype):
        raise InputError(f"Counts must be whole numbers, not {counts.dtype}. Count incidents first.")
    values = counts.to_numpy(dtype=float)
    wrong = (values < 0) | (values != np.floor(values)) | (values > 2**53)  # an infinite count is over 2**53
    if wrong.any():
        raise InputError(
            f"Counts must be whole numbers of 0 or more; {counts.index[wrong][0]!r} has {values[wrong][0]:g}. "
            "Give incidents, not rates or shares."
        )
    checked = pd.Series(values.astype(np.int64), index=counts.index.copy(), name=counts.name)
    checked.attrs = dict(counts.attrs)
    return checked


def check_confidence(confidence: float) -> None:
    """Refuse a level of confidence that is not between 0 and 1."""
    if not 0 < confidence < 1:
        raise RequestError(f"confidence must lie between 0 and 1, for example 0.95; it is {confidence!r}.")


def by_region(counts: pd.Series) -> Frame:
    """Check counts and sum them over the years, if they have years."""
    checked = check_counts(counts)
    if list(checked.index.names) == ["year"]:
        raise InputError("These counts are by year; this statistic needs counts by region_id.")
    known = checked.attrs.get("regions", {})
    years = checked.index.get_level_values("year") if "year" in checked.index.names else None
    if checked.index.nlevels > 1:
        level = "region_id" if "region_id" in checked.index.names else 0
        summed = checked.groupby(level=level, sort=False).sum()
    else:
        summed = checked.copy()
    ids = summed.index = summed.index.rename("region_id")
    named = [known.get(i, {}).get("name", str(i)) for i in ids] if known else list(map(str, ids.tolist()))
    kind = [known.get(i, {}).get("kind", "region") for i in ids] if known else "region"
    names = pd.Series(named, index=ids, name="name", dtype=object)
    kinds = pd.Series(kind, index=ids, name="kind", dtype=object)
    located = int(summed.sum())
    return Frame(summed, names, kinds, located, _total(checked.attrs, located, years))


def by_year(counts: pd.Series) -> pd.Series:
    """Check counts and sum them over the regions, if they have regions; years in order, none left out."""
    checked = check_counts(counts)
    if checked.index.nlevels > 1:
        checked = checked.groupby(level="year" if "year" in checked.index.names else -1).sum()
    if not pd.api.types.is_integer_dtype(checked.index.dtype):
        raise InputError("A trend needs counts by year: an index, or a level of it, of whole numbers called year.")
    ordered = checked.sort_index().rename_axis("year")
    absent = sorted(set(range(int(ordered.index[0]), int(ordered.index[-1]))) - set(ordered.index))
    if absent:
        raise InputError(f"The counts have no row for {absent[0]}. Write a zero if nothing happened in that year.")
    return ordered


def _total(attrs: Mapping[Any, Any], located: int, years: pd.Index | None) -> int | None:
    by_year = attrs.get("unlocated_by_year")
    if isinstance(by_year, dict) and years is not None and attrs.get("located") is not None:
        known = {int(year): int(number) for year, number in by_year.items()}
        return located + sum(known.get(int(year), 0) for year in years.unique())
    if attrs.get("located", located) != located:
        return None  # a part of the counts, or victims: how many were not placed is not known here
    total = attrs.get("total", located)
    return int(total) if isinstance(total, (int, np.integer)) else None


def check_exposure(exposure: pd.Series, regions: pd.Index) -> NDArray[np.float64]:
    """Align a denominator with the regions; a region that it lacks is missing.

    Raises
    ------
    InputError
        If it is no Series by ``region_id``, names a region twice, or has a negative or infinite number.
    """
    if not isinstance(exposure, pd.Series):
        raise InputError(f"exposure must be a pandas Series by region_id, not {type(exposure).__name__}.")
    if not exposure.index.is_unique:
        raise InputError(f"exposure names {exposure.index[exposure.index.duplicated()][0]!r} twice. Sum it first.")
    if exposure.dtype == bool or not pd.api.types.is_numeric_dtype(exposure.dtype):
        raise InputError(f"exposure must hold numbers, not {exposure.dtype}. Convert it with pandas.to_numeric.")
    values = exposure.reindex(regions).to_numpy(dtype=float, na_value=np.nan, copy=True)
    wrong = (values < 0) | np.isinf(values)
    if wrong.any():
        raise InputError(f"exposure must be 0 or more; {regions[wrong][0]!r} has {values[wrong][0]:g}. Correct it.")
    return values


def why_no_exposure(values: NDArray[np.float64], names: pd.Series) -> str | None:
    """Say which regions have no denominator, if any."""
    without = [str(name) for name in names[~(values > 0)]]
    if not without:
        return None
    return f"No exposure is known for {', '.join(without[:5])}{', ...' if len(without) > 5 else ''}: no rate compares."


def why_too_few(n: int) -> str | None:
    """Say that there are too few incidents for a test, if so."""
    if n == 0:
        return "No incident in any region: nothing to compare."
    if n < FEWEST_INCIDENTS:
        return f"Only {n} incident{'s' * (n > 1)}: a test needs at least {FEWEST_INCIDENTS}."
    return None


def why_not_concentrated(counts: NDArray[np.int64], weights: NDArray[np.float64]) -> str | None:
    """Say why a concentration test is undefined, if it is: one region, too few incidents, the same rate everywhere."""
    if len(counts) < 2:
        return "Only one region: a share needs others beside it."
    if (few := why_too_few(int(counts.sum()))) is not None:
        return few
    rates = counts / weights
    if np.ptp(rates) <= 1e-12 * rates.max():
        return "Every region has the same number for its exposure: none stands out."
    return None


def why_no_pattern(values: NDArray[np.float64], *, whole: bool) -> str | None:
    """Say why an autocorrelation is undefined on a map, if it is.

    Parameters
    ----------
    values : ndarray, shape (n,)
        The map.
    whole : bool
        Whether the values are counts of incidents, so that too few of them count as too few.
    """
    if len(values) < 3:
        return f"Only {len(values)} region{'s' * (len(values) > 1)}: neighbours need at least three."
    if whole and (few := why_too_few(int(values.sum()))) is not None:
        return few
    if np.ptp(values) == 0:
        return "Every region has the same number: there is no pattern to compare with."
    if np.count_nonzero(values) == 1:
        return "All incidents are in one region: the others are the same, so neighbours cannot be compared."
    return None


def why_no_neighbourhood(name: object, neighbours: int, units: int) -> str:
    """Say why a local statistic is undefined for one unit."""
    if neighbours == 0:
        return f"{name} has no neighbour."
    if neighbours == units - 1:
        return f"All other units are neighbours of {name}: nothing is left to compare with."
    return f"All units but {name} have the same number: there is nothing to compare."


def why_islands(names: pd.Series, neighbours: NDArray[np.int64]) -> str | None:
    """Say which units have no neighbour, if any."""
    islands = [str(name) for name in names[neighbours == 0]]
    if not islands:
        return None
    more = ", ..." if len(islands) > 5 else ""
    return f"No neighbour is known for {', '.join(islands[:5])}{more}: leave such units out, or give them neighbours."


def why_no_trend(years: int, n: int) -> str | None:
    """Say why a trend is undefined, if it is."""
    if years < FEWEST_YEARS:
        return f"Only {years} year{'s' * (years > 1)}: a trend needs at least {FEWEST_YEARS}."
    return why_too_few(n)


def why_no_interaction(n: int, *, one_place: bool, one_time: bool) -> str | None:
    """Say why events cannot interact in space and time, if so."""
    if n == 0:
        return "No event: nothing to compare."
    if (few := why_too_few(n)) is not None:
        return few
    if one_place:
        return "All events are at one place: none is nearer than another."
    return "All events are at one time: none is sooner than another." if one_time else None
