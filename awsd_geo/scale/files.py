"""Counts of a file larger than memory, read in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from awsd_geo import schema
from awsd_geo.errors import InputError, RequestError
from awsd_geo.scale.chunks import Question, refuse_unknown_kind, sums_of
from awsd_geo.scale.columns import NUMBERS, find_columns
from awsd_geo.scale.progress import bar
from awsd_geo.scale.reading import Source, open_source
from awsd_geo.scale.sums import Sums

if TYPE_CHECKING:
    import os

    import geopandas as gpd
    import pandas as pd

ROWS = 200_000
"""Rows at a time: few enough for 500 MB in all, so many that the work per chunk does not count."""
FORMS = (".parquet", ".pq", ".csv", ".txt", ".gz", ".bz2", ".xz", ".zst")


def count_file(
    path: str | os.PathLike[str],
    regions: gpd.GeoDataFrame,
    *,
    years: tuple[int, int] | None = None,
    kind: str = "any",
    columns: Mapping[str, str] | None = None,
    rows: int = ROWS,
    progress: bool | Callable[[float], None] = False,
) -> pd.DataFrame:
    """Count the incidents and victims of a large file in every region and year, without ever holding all its rows.

    Each chunk goes through :func:`awsd_geo.select`, :func:`awsd_geo.geocode` and :func:`awsd_geo.count`, so that the
    result is the one of the whole table in memory.

    Parameters
    ----------
    path : path
        A CSV (UTF-8, also packed with gzip, bzip2, xz or zstd) or Parquet file, or a folder of such files. An
        AWSD file that fits into memory is better read by :func:`awsd_geo.read_incidents`, which repairs its cells.
    regions : GeoDataFrame
        The frame, such as ``load_regions("MLI", level=1, vintage="2016")``.
    years : tuple of int, optional
        First and last year, both included; where left out, those that occur.
    kind : {"any", "killed", "wounded", "kidnapped", "detained", "abducted"}, default "any"
        Outcome, as in :func:`awsd_geo.select`.
    columns : mapping, optional
        Our name → the file's, for columns that are not found by their name:
        ``columns={"date": "day of event", "region": "admin1"}``. Read are ``longitude`` and ``latitude`` in degrees,
        ``year`` or ``date``, ``region``, ``district``, ``city``, ``iso3``, ``coordinate_issue`` and the numbers of
        victims of the kind; ``lon``, ``lng``, ``lat`` and ``event_date`` are understood, case does not matter.
    rows : int, default 200000
        Rows in a chunk, at most.
    progress : bool or callable, default False
        True draws a bar on stderr if the work takes over two seconds; a function gets the share that is done.

    Returns
    -------
    DataFrame
        As from :func:`awsd_geo.count`: index (``region_id``, ``year``), complete; ``incidents`` and ``victims``.
        ``attrs`` has besides what ``count`` gives ``selection`` (rows set aside, with the reasons),
        ``unlocated_why`` (why incidents are in no unit, with their number), ``matched_by`` and ``conflicts``.

    Raises
    ------
    InputError
        If a file is absent, cannot be read, or lacks a column; the message names it.
    RequestError
        If a choice does not exist or the years are the wrong way round.
    DependencyError
        If the file is Parquet and pyarrow is not installed.
    """
    question = Question.of(years, kind)
    if rows < 1:
        raise RequestError(f"There is no chunk of {rows} rows. Take at least 1.")
    schema.check(regions, schema.REGIONS)
    opened = [(file, open_source(file)) for file in files_of(Path(path))]
    found = [find_columns(source.columns, columns, kind, file.name) for file, source in opened]
    sums = Sums.nothing(len(regions))
    with bar(progress) as tell:
        for number, ((_, source), names) in enumerate(zip(opened, found, strict=True)):
            for part, done in _sums_of_file(source, names, regions, question, rows):
                sums += part
                tell((number + done) / len(opened))
    refuse_unknown_kind(sums, kind, tuple({ours for names in found for ours in names.values()}))
    return sums.table(regions, question.years, kind, Path(path).name)


def _sums_of_file(
    source: Source, names: dict[str, str], regions: gpd.GeoDataFrame, question: Question, rows: int
) -> Iterator[tuple[Sums, float]]:
    """Give the sums of each chunk of a file, and how far it is read."""
    numbers = {theirs for theirs, ours in names.items() if ours in NUMBERS}
    for chunk in source.chunks(list(names), numbers, rows):
        yield sums_of(chunk.table.rename(columns=names), regions, question), chunk.done


def files_of(path: Path) -> list[Path]:
    """Give the file, or the files of a folder in the order of their names.

    Parameters
    ----------
    path : Path
        A file or a folder.

    Returns
    -------
    list of Path

    Raises
    ------
    InputError
        If a folder has none.
    """
    if not path.is_dir():
        return [path]
    inside = sorted(file for file in path.iterdir() if file.suffix.lower() in FORMS and not file.name.startswith("."))
    if not inside:
        raise InputError(f"There is no CSV and no Parquet file in {path}. Name the file.")
    return inside
