"""From placed incidents to a complete table: every region and every year, zeros written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo import schema
from awsd_geo.counts.doubt import count_range, impute, unplaced
from awsd_geo.counts.rows import Rows, period, refuse_other_years

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["count", "count_by_year", "count_range", "describe", "impute", "unplaced"]


def count(located: pd.DataFrame, regions: gpd.GeoDataFrame, *, years: tuple[int, int] | None = None) -> pd.DataFrame:
    """Count incidents and victims in every region and year.

    Parameters
    ----------
    located : DataFrame
        Incidents with ``region_id`` and ``year``, such as :func:`awsd_geo.geocode` returns. ``victims`` is summed
        where there is such a column, else ``total_affected``.
    regions : GeoDataFrame
        The frame that the incidents were placed in.
    years : tuple of int, optional
        First and last year, both included; where left out, those that were selected, else the years that occur.

    Returns
    -------
    DataFrame
        Index (``region_id``, ``year``), complete and in the frame's order; ``incidents`` and ``victims``.
        ``attrs`` holds the names and kinds of the regions, ``located`` and ``total`` (incidents of those years),
        and ``unlocated_by_year``, so that no incident drops out unseen.

    Raises
    ------
    InputError
        If a placed incident is in a region that the frame does not have, or has no year.
    RequestError
        If the years are the wrong way round or incidents lie outside them.
    """
    rows = Rows.of(located, regions, years)
    table = rows.tally().table(rows.index)
    table.attrs.update(rows.attrs())
    return table


def count_by_year(located: pd.DataFrame, *, years: tuple[int, int] | None = None) -> pd.Series:
    """Count incidents in every year, those without a place included: what a trend is made from.

    Parameters
    ----------
    located : DataFrame
        Incidents with ``year``, placed or not.
    years : tuple of int, optional
        First and last year, both included; where left out, those that were selected, else the years that occur.

    Returns
    -------
    Series of int
        Index ``year``, complete, zeros written out.

    Raises
    ------
    InputError
        If there is no column ``year``.
    RequestError
        If the years are the wrong way round or incidents lie outside them.
    """
    schema.need(located, "year")
    first, last = period(located, years)
    refuse_other_years(located, first, last)
    by_year = located["year"].dropna().astype("int64").value_counts()
    return by_year.reindex(range(first, last + 1), fill_value=0).astype("int64").rename_axis("year").rename("incidents")


def describe(counts: pd.Series | pd.DataFrame) -> dict[str, dict[str, str]]:
    """Give the name and kind of each region of a counts table.

    Parameters
    ----------
    counts : Series or DataFrame
        Counts whose index has ``region_id`` as its first or only level.

    Returns
    -------
    dict
        ``region_id`` → ``{"name": ..., "kind": ...}``; a table that says nothing is named by its ids, kind "region".
    """
    known = counts.attrs.get("regions", {})
    ids = counts.index.get_level_values(0).unique()
    return {region_id: known.get(region_id, {"name": str(region_id), "kind": "region"}) for region_id in ids}
