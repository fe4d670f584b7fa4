"""What a space-time scan is asked: cases and exposures by unit and period, checked and in one order."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._guard import check_counts, check_exposure, why_too_few

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Periods:
    """Which runs of periods a scan looks at.

    Parameters
    ----------
    longest : float or int, default 0.5
        Longest run: a share of all periods, over 0 to 1, or (a whole number of 1 or more, as int) a number of periods.
    looks : int, optional
        None scans back over the whole study (retrospective). A number makes it prospective: only runs that go on at
        the end are clusters, and p allows for as many looks, one at the end of each of the last so many periods; 1
        allows for no earlier look.
    """

    longest: float = 0.5
    looks: int | None = None

    def check(self, periods: int) -> None:
        """Refuse what is no choice.

        Raises
        ------
        RequestError
            If the longest run is neither a share nor a number of periods, or there were more looks than periods.
        """
        share = isinstance(self.longest, float) and 0 < self.longest <= 1
        number = isinstance(self.longest, int) and not isinstance(self.longest, bool) and self.longest >= 1
        if not share and not number:
            raise RequestError(f"longest must be a share such as 0.5, or 1 period or more; it is {self.longest!r}.")
        if self.looks is not None and not 1 <= self.looks <= periods:
            raise RequestError(f"looks must lie between 1 and the {periods} periods; it is {self.looks!r}.")

    def length(self, periods: int) -> int:
        """Give the number of periods in the longest run."""
        whole = self.longest if isinstance(self.longest, int) else floor(self.longest * periods + 1e-9)
        return min(max(whole, 1), periods)


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts by unit and period, in order."""

    ids: pd.Index
    names: list[str]
    labels: pd.Index  # of the periods
    counts: Whole  # shape (n_units, n_periods)

    @property
    def total(self) -> int:
        """Number of cases."""
        return int(self.counts.sum())

    @property
    def days(self) -> Floats | None:
        """Days in each period, if the labels say so: calendar periods do, years by number on average."""
        if isinstance(self.labels, pd.PeriodIndex):
            return np.asarray((self.labels + 1).start_time - self.labels.start_time) / np.timedelta64(1, "D")
        return np.full(len(self.labels), YEAR_DAYS) if self.labels.name == "year" else None


def grid(counts: pd.Series) -> Grid:
    """Check counts by unit and period, every pair written out, and put the periods in order.

    Raises
    ------
    InputError
        If they are not counts, are not by unit and period, or a pair or a period within the series has no row.
    """
    checked = check_counts(counts)
    if checked.index.nlevels != 2:
        raise InputError("A space-time scan needs counts by region_id and period. Give counts with both levels.")
    ids, labels = (checked.index.get_level_values(level).unique() for level in (0, 1))
    labels = labels.sort_values()
    every = checked.reindex(pd.MultiIndex.from_product([ids, labels]))
    if (lacking := every.isna()).any():
        unit, label = every.index[lacking][0]
        raise InputError(f"{unit!r} has no row for {label!s}. Write a zero.")
    _check_periods(labels)
    known = checked.attrs.get("regions", {})
    names = [str(known.get(unit, {}).get("name", unit)) for unit in ids]
    cells = every.to_numpy().astype(np.int64).reshape(len(ids), len(labels))
    return Grid(ids.rename("region_id"), names, labels, cells)


def series(counts: pd.Series) -> Grid:
    """Check counts by period, or by unit and period (then summed): one unit, periods in order."""
    if isinstance(counts, pd.Series) and counts.index.nlevels == 2:
        units = grid(counts)
        return Grid(pd.Index(["all"]), ["all regions"], units.labels, units.counts.sum(axis=0, keepdims=True))
    checked = check_counts(counts).sort_index()
    _check_periods(checked.index)
    return Grid(pd.Index(["all"]), ["all regions"], checked.index, checked.to_numpy()[None, :])


def _check_periods(labels: pd.Index) -> None:
    numbers: Any = None
    if isinstance(labels, pd.PeriodIndex):
        numbers = labels.astype("int64")
    elif pd.api.types.is_integer_dtype(labels.dtype):
        numbers = labels
    if numbers is not None and (jump := np.flatnonzero(np.diff(numbers) != 1)).size:
        raise InputError(
            f"The counts have no row for the period after {labels[jump[0]]}. Write zeros, or name periods."
        )


def exposures(exposure: pd.Series | None, cases: Grid) -> Floats:
    """Bring exposures into the order of the counts, shape (n_units, n_periods); NaN where there is none.

    One number per unit (or none at all: equal) holds in every period, times its days where the labels are calendar
    periods. Numbers by unit and period are taken as they are: person-time, or expected counts.
    """
    shape, both = cases.counts.shape, isinstance(exposure, pd.Series) and exposure.index.nlevels == 2
    if both and exposure is not None and shape[0] == 1:
        exposure, both = exposure.groupby(level=1).sum(), False
    if both and exposure is not None:
        every = pd.MultiIndex.from_product([cases.ids, cases.labels], names=exposure.index.names)
        return check_exposure(exposure, every).reshape(shape)
    if len(cases.ids) == 1 and exposure is not None:
        return check_exposure(exposure, cases.labels).reshape(shape)
    by_unit = np.ones(shape[0]) if exposure is None else check_exposure(exposure, cases.ids)
    return by_unit[:, None] * (np.ones(shape[1]) if cases.days is None else cases.days)[None, :]


def why_undefined(cases: Grid, expected: Floats, *, spatial: bool) -> str | None:
    """Say why no scan can be made, if so."""
    units, periods = cases.counts.shape
    if spatial and units < 2:
        return "Only one region: a zone needs others beside it."
    if periods < 2:
        return "Only one period: a run of periods needs others beside it."
    lacking = np.isnan(expected) | ((expected == 0) & (cases.counts > 0))
    empty = lacking.any(axis=1) | ~(np.nan_to_num(expected).sum(axis=1) > 0)
    if empty.any():
        without = [name for name, none in zip(cases.names, empty, strict=True) if none]
        more = ", ..." if len(without) > 5 else ""
        return f"No exposure is known for {', '.join(without[:5])}{more}: no rate compares."
    if (few := why_too_few(cases.total)) is not None:
        return few
    rates = cases.counts[expected > 0] / expected[expected > 0]
    if np.ptp(rates) <= 1e-12 * rates.max():
        return "Every region and period has the same number for its exposure: none stands out."
    return None


def why_no_permutation(cases: Grid) -> str | None:
    """Say why times cannot be permuted over places, if so."""
    if (cases.counts.sum(axis=1) > 0).sum() < 2 <= cases.total:
        return "All incidents are in one region: their times have no other place to go."
    if (cases.counts.sum(axis=0) > 0).sum() < 2 <= cases.total:
        return "All incidents are in one period: their places have no other time to go."
    return None
