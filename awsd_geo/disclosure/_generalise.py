"""Show less detail: coarser units, longer periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.errors import InputError, RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def generalise(counts: pd.DataFrame, *, parents: Mapping[Any, Any] | None = None, years: int = 1) -> pd.DataFrame:
    """Sum counts by the units above, by periods of several years, or both.

    Parameters
    ----------
    counts : DataFrame of int
        Index (``region_id``, ``year``), complete, such as :func:`awsd_geo.count` gives.
    parents : mapping or Series, optional
        The unit above each ``region_id``, such as ``regions["parent_id"]``.
    years : int, default 1
        Length of the periods, counted from the first year; the last may be shorter. Its label is its first year.

    Returns
    -------
    DataFrame
        The same columns; victims are missing where they are missing in every part with incidents. ``attrs`` keep
        what they say of incidents in no region, by period.

    Raises
    ------
    InputError
        If a unit has no unit above.
    RequestError
        If the periods have no length, or nothing is asked.

    Examples
    --------
    >>> import pandas as pd
    >>> index = pd.MultiIndex.from_product([["A1", "A2", "B1"], [2021, 2022]], names=["region_id", "year"])
    >>> counts = pd.DataFrame({"incidents": [1, 0, 2, 1, 0, 4]}, index)
    >>> generalise(counts, parents={"A1": "A", "A2": "A", "B1": "B"}, years=2)["incidents"].to_dict()
    {('A', 2021): 4, ('B', 2021): 4}
    """
    schema.need(counts.reset_index(), "region_id", "year")
    if years < 1:
        raise RequestError(f"Periods of {years} years do not exist. Give 1 or more.")
    if parents is None and years == 1:
        raise RequestError("Nothing coarser is asked. Give parents=, years=, or both.")
    region, year = (counts.index.get_level_values(name) for name in ("region_id", "year"))
    first = int(year.min()) if len(year) else 0
    units = region if parents is None else region.map(dict(parents))
    if units.isna().any():
        alone = sorted({str(name) for name in region[units.isna()]})
        raise InputError(f"No unit stands above {', '.join(alone[:5])}. Name one for each, or keep the finer level.")
    periods = first + (year - first) // years * years
    summed = counts.groupby([units.rename("region_id"), periods.rename("year")], sort=False).sum(min_count=1)
    summed = summed.astype(counts.dtypes.to_dict())
    kept = {str(name): value for name, value in counts.attrs.items() if name != "regions" or parents is None}
    summed.attrs.clear()
    summed.attrs |= _by_period(kept, first, years)
    return summed


def _by_period(attrs: dict[str, Any], first: int, years: int) -> dict[str, Any]:
    if "unlocated_by_year" not in attrs:
        return attrs
    periods: dict[int, int] = {}
    for year, number in attrs["unlocated_by_year"].items():
        label = first + (int(year) - first) // years * years
        periods[label] = periods.get(label, 0) + number
    return attrs | {"unlocated_by_year": periods}
