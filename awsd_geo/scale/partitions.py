"""Counts of a dask table, partition by partition, on the threads of one machine or on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.errors import DependencyError, InputError
from awsd_geo.scale.chunks import Question, refuse_unknown_kind, sums_of
from awsd_geo.scale.columns import find_columns
from awsd_geo.scale.sums import Sums

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

_TOGETHER = 16  # sums that are added in one task


def count_partitions(
    table: Any,
    regions: gpd.GeoDataFrame,
    *,
    years: tuple[int, int] | None = None,
    kind: str = "any",
    columns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Count the incidents and victims of a dask table in every region and year.

    Every partition goes through the same functions as a table in memory and as :func:`count_file`; only sums travel.
    The work runs where dask is told to run: on the cluster of the ``distributed.Client`` that is open, else on threads.

    Parameters
    ----------
    table : dask.dataframe.DataFrame or dask_geopandas.GeoDataFrame
        Such as ``dask.dataframe.read_parquet("events/")``; with ``longitude`` and ``latitude`` in degrees, or a
        geometry of points.
    regions : GeoDataFrame
        The frame.
    years, kind, columns
        As in :func:`count_file`.

    Returns
    -------
    DataFrame
        As from :func:`count_file`.

    Raises
    ------
    DependencyError
        If dask is not installed.
    InputError
        If it is no dask table, or lacks a column.
    RequestError
        If a choice does not exist or the years are the wrong way round.
    """
    try:
        import dask
    except ImportError:
        raise DependencyError("This needs dask. Install it: pip install 'awsd-geo[scale]'.") from None
    if not hasattr(table, "to_delayed") or not hasattr(table, "columns"):
        raise InputError("This is no dask table. For a table in memory use geocode() and count().")
    question = Question.of(years, kind)
    schema.check(regions, schema.REGIONS)
    there, geometry = [str(name) for name in table.columns], _geometry_of(table)
    names = find_columns([*there, *(("longitude", "latitude") if geometry else ())], columns, kind, "the dask table")
    wanted = [*(name for name in names if name in there), *geometry]
    frame, one = dask.delayed(regions), dask.delayed(_sums_of_partition)
    parts = [one(partition, names, frame, question) for partition in table[wanted].to_delayed()]
    add = dask.delayed(_added)
    while len(parts) > 1:
        parts = [add(parts[begin : begin + _TOGETHER]) for begin in range(0, len(parts), _TOGETHER)]
    (sums,) = dask.compute(*parts) if parts else (Sums.nothing(len(regions)),)
    refuse_unknown_kind(sums, kind, tuple(names.values()))
    return sums.table(regions, question.years, kind, "the dask table")


def _geometry_of(table: Any) -> list[str]:
    """Give the column of points of a dask_geopandas table, where its coordinates are not columns already."""
    named = {str(name).lower() for name in table.columns}
    if {"longitude", "latitude"} & named or not hasattr(table, "geometry"):
        return []
    return [str(table.geometry.name)]


def _sums_of_partition(
    table: pd.DataFrame, names: dict[str, str], regions: gpd.GeoDataFrame, question: Question
) -> Sums:
    return sums_of(table.rename(columns=names), regions, question)


def _added(parts: list[Sums]) -> Sums:
    """Add sums in order."""
    first, *more = parts
    for part in more:
        first += part
    return first
