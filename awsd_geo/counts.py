"""From placed incidents to a complete table: every region and every year, zeros written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.errors import InputError, RequestError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


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
    import pandas as pd

    schema.need(located, "region_id", "year")
    first, last = _period(located, years)
    _refuse_strangers(located, regions)
    _refuse_other_years(located, first, last)
    index = pd.MultiIndex.from_product([regions.index, range(first, last + 1)], names=schema.COUNTS.index)
    placed = located[located["region_id"].notna()]
    cells = [placed["region_id"].astype(object), placed["year"].astype("int64")]
    table = pd.DataFrame(
        {
            "incidents": placed.groupby(cells, sort=False).size().reindex(index, fill_value=0).astype("int64"),
            "victims": _victims(placed).groupby(cells, sort=False).sum(min_count=1).reindex(index, fill_value=0),
        },
        index=index,
    )
    table.attrs.update(_attrs(located, regions, first, last))
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
    first, last = _period(located, years)
    _refuse_other_years(located, first, last)
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


def _period(located: pd.DataFrame, years: tuple[int, int] | None) -> tuple[int, int]:
    chosen = years or located.attrs.get("selection", {}).get("years")
    if chosen is None:
        if not located["year"].notna().any():
            raise RequestError("No incident has a year. Say which years to count: years=(2017, 2022).")
        chosen = (located["year"].min(), located["year"].max())
    first, last = (int(year) for year in chosen)
    if first > last:
        raise RequestError(f"The years {first}:{last} are the wrong way round. Write {last}:{first}.")
    return first, last


def _refuse_strangers(located: pd.DataFrame, regions: gpd.GeoDataFrame) -> None:
    strangers = located["region_id"].dropna()
    strangers = strangers[~strangers.isin(regions.index)]
    if len(strangers):
        raise InputError(
            f"{len(strangers)} incidents are in regions that the frame does not have, such as {strangers.iloc[0]!r}. "
            "Count with the frame that they were geocoded in."
        )


def _refuse_other_years(located: pd.DataFrame, first: int, last: int) -> None:
    outside = ~located["year"].between(first, last).fillna(value=False).astype(bool)
    if outside.any():
        raise RequestError(
            f"{int(outside.sum())} incidents lie outside {first} to {last} or have no year. Select the years first."
        )


def _victims(placed: pd.DataFrame) -> pd.Series:
    import pandas as pd

    for name in ("victims", "total_affected"):
        if name in placed.columns:
            return placed[name].astype("Int64")
    return pd.Series(pd.NA, index=placed.index, dtype="Int64")


def _attrs(located: pd.DataFrame, regions: gpd.GeoDataFrame, first: int, last: int) -> dict[str, Any]:
    unlocated = located.loc[located["region_id"].isna(), "year"].value_counts()
    kept = {name: located.attrs[name] for name in ("source", "selection") if name in located.attrs}
    return kept | {
        "frame": dict(regions.attrs),
        "regions": {
            region_id: {"name": name, "kind": kind}
            for region_id, name, kind in zip(regions.index, regions["name"], regions["kind"], strict=True)
        },
        "located": int(located["region_id"].notna().sum()),
        "total": len(located),
        "unlocated_by_year": {year: int(unlocated.get(year, 0)) for year in range(first, last + 1)},
    }
