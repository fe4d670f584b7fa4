"""Which years a report covers, and in which frame."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from awsd_geo.completeness import data_to
from awsd_geo.errors import RequestError
from awsd_geo.incidents import select
from awsd_geo.incidents.conditions import FIRST_YEAR

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

USUAL_YEARS = 6  # as in the Signal Alert of 2 March 2023


def period(
    incidents: pd.DataFrame,
    country: str | None,
    years: tuple[int, int] | None = None,
    as_of: str | dt.date | None = None,
) -> tuple[int, int]:
    """Choose the years: those asked for, else the last six full years in which the country has incidents.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table.
    country : str or None
        Code or name; None for all countries.
    years : tuple of int, optional
        First and last year asked for.
    as_of : str or date, optional
        The date whose state of knowledge is used.

    Returns
    -------
    tuple of int
        First and last year, both included.

    Raises
    ------
    RequestError
        If a year was asked for that the data do not reach, if no year was asked for and the country has no incident
        in a full year, or if the example is asked for its past.
    """
    if as_of is not None and incidents.attrs.get("source", {}).get("status") == "example":
        raise RequestError("The built-in example has no past: as_of goes with a file of the database.")
    reach, _ = data_to(incidents, as_of)
    if years is not None:
        if years[1] > reach.year:
            raise RequestError(
                f"The data end on {reach}, so {years[1]} cannot be counted. Choose years up to {reach.year}."
            )
        return years
    there = select(incidents, country=country, as_of=as_of)["year"].dropna()
    full = there[there < reach.year]
    if full.empty:
        there_is = f" in {country}" if country else ""
        raise RequestError(f"The file has no full year with an incident{there_is}. Name the years: 2017:2022.")
    last = int(full.max())
    return max(last - USUAL_YEARS + 1, FIRST_YEAR), last


def frame(
    country: str, *, level: int = 1, vintage: str | None = None, years: tuple[int, int] | None = None
) -> gpd.GeoDataFrame:
    """Load the frame asked for, else the one in force on the last day of the period.

    Parameters
    ----------
    country : str
        Code or name.
    level : int, default 1
        1 regions, 2 the level below, and so on.
    vintage : str, optional
        Year in which the frame came into force.
    years : tuple of int, optional
        The period.

    Returns
    -------
    GeoDataFrame
        As ``awsd_geo.load_regions`` gives it.
    """
    from awsd_geo.boundaries import load_regions

    return load_regions(country, level=level, vintage=vintage, on=dt.date(years[1], 12, 31) if years else None)


def half_of(years: tuple[int, int]) -> int:
    """Give the first year of the second half of a period; of an odd number of years that half has one more."""
    return years[0] + (years[1] - years[0] + 1) // 2
