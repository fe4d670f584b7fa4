"""One chunk of rows on its way to sums: the same selecting, placing and counting as for a table in memory."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from awsd_geo import schema
from awsd_geo.counts import count
from awsd_geo.errors import InputError, RequestError
from awsd_geo.geocoding import geocode
from awsd_geo.geocoding.door import complete
from awsd_geo.incidents import select
from awsd_geo.incidents.conditions import outside
from awsd_geo.scale.columns import NUMBERS
from awsd_geo.scale.sums import Sums

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


_DATE = re.compile(
    r"\s*(?:(\d{4})(?:[-/.T ].*|\s*)|(\d{4})\d{4}\s*|\d{1,2}[-/. ](?:\d{1,2}|[^\W\d]+)[-/., ]+(\d{4})(?:\D.*)?)$",
    re.DOTALL,
)
"""2020-05-03, 2020/05, 20200503, 03.05.2020, 3 May 2020, each with or without a time: the year is the same whichever
of the other two is the day."""


class Question(NamedTuple):
    """What is asked of every chunk."""

    years: tuple[int, int] | None
    kind: str

    @classmethod
    def of(cls, years: tuple[int, int] | None, kind: str) -> Question:
        """Check the choices before anything is read."""
        if kind not in schema.KINDS:
            raise RequestError(f"There is no kind of incident {kind!r}. Choose one of {', '.join(schema.KINDS)}.")
        if years is None:
            return cls(None, kind)
        first, last = (int(year) for year in years)
        if first > last:
            raise RequestError(f"The years {first}:{last} are the wrong way round. Write {last}:{first}.")
        return cls((first, last), kind)


def sums_of(table: pd.DataFrame, regions: gpd.GeoDataFrame, question: Question) -> Sums:
    """Count one chunk.

    Parameters
    ----------
    table : DataFrame
        With our own names of columns.
    regions : GeoDataFrame
        The frame.
    question : Question
        Years and kind.

    Returns
    -------
    Sums
    """
    table = typed(table)
    kind_known = bool(table[[name for name in schema.KINDS[question.kind] if name in table]].notna().any(axis=None))
    kept, aside = _of_years(table, question.years)
    chosen = select(_counted(kept, question.kind), kind=question.kind)
    selection = chosen.attrs.pop("selection")
    aside.update({entry["why"]: entry["rows"] for entry in selection["rows_set_aside"]})
    more = {"read": len(table), "withheld": selection["withheld"], "kind_known": kind_known, "aside": aside}
    if chosen.empty:
        return Sums.nothing(len(regions), **more)
    located = geocode(chosen, regions)
    return Sums.of(
        count(located, regions, years=question.years),
        why=_tally(located.loc[located["region_id"].isna(), "why"]),
        matched_by=_tally(located["matched_by"]),
        conflicts=int(located["conflict"].sum()),
        **more,
    )


def refuse_unknown_kind(sums: Sums, kind: str, columns: tuple[str, ...]) -> None:
    """Refuse a file that has the columns of a kind but never a number in them, as `victims_of` does for a table."""
    named = [name for name in schema.KINDS[kind] if name in columns]
    if sums.read and not sums.kind_known and (named or kind != "any"):
        raise InputError(
            f"The file cannot say who was {'affected' if kind == 'any' else kind}: there is no number in "
            f"{' or '.join(named or schema.KINDS[kind])}. Choose another kind."
        )


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """Read numbers from text, find the year of dates, and mark points that cannot be read.

    Parameters
    ----------
    table : DataFrame
        With our own names of columns.

    Returns
    -------
    DataFrame
        The same rows, ``year`` in whole numbers, missing where there is none.
    """
    texts = {name: table[name] for name in NUMBERS if name in table.columns}
    numbers = {name: _numbers(values) for name, values in texts.items()}
    kept = table.assign(**numbers)
    if "year" not in kept.columns and "date" in kept.columns:
        kept["year"] = _years(kept["date"])
    kept = kept.drop(columns="date", errors="ignore")
    if "year" not in kept.columns:
        raise InputError(f"There is no year and no date among the columns {', '.join(map(str, table.columns))}.")
    kept["year"] = _whole(kept["year"])
    spoilt = np.zeros(len(kept), dtype=bool)
    for name in {"longitude", "latitude"} & set(texts):
        spoilt |= (texts[name].notna() & numbers[name].isna()).to_numpy()
    if "coordinate_issue" not in kept.columns and spoilt.any():
        kept = complete(kept)
        kept.loc[spoilt, "coordinate_issue"] = "unreadable"
    return kept


def _numbers(values: pd.Series) -> pd.Series:
    """Give a column as numbers; what is none is missing."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(values):
        return values
    return pd.Series([_number(text) for text in values.astype(object)], values.index, dtype="float64")


def _number(text: Any) -> float:
    try:
        return float("nan" if "_" in str(text) else text)  # Python alone reads 1_0 as a number
    except (TypeError, ValueError):
        return float("nan")


def _years(dates: pd.Series) -> pd.Series:
    """Find the year of dates that are dates, or text that has it first or last; each distinct text is read once."""
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(dates):
        return pd.Series(dates.dt.year, dates.index)
    code, texts = pd.factorize(dates.astype(object))
    found = [_DATE.match(str(text)) for text in texts]
    years = np.array([float(next(filter(None, match.groups()))) if match else np.nan for match in found] + [np.nan])
    return pd.Series(years[code], dates.index)


def _whole(years: pd.Series) -> pd.Series:
    import pandas as pd

    values = years.to_numpy(dtype=np.float64, na_value=np.nan)
    good = np.isfinite(values) & (values == np.floor(values)) & (np.abs(values) < 10_000)
    return pd.Series(pd.array(np.where(good, values, 0).astype(np.int64), dtype="Int64"), years.index).where(good)


def _of_years(table: pd.DataFrame, years: tuple[int, int] | None) -> tuple[pd.DataFrame, Counter[str]]:
    """Set rows of other years aside, in the words of `awsd_geo.select`."""
    known = table["year"].notna().to_numpy()
    aside = Counter({"without a year": int((~known).sum())})
    if years is None:
        return table[known], aside
    inside = table["year"].between(*years).fillna(value=False).to_numpy(dtype=bool)
    aside[outside(years)] = int((known & ~inside).sum())
    return table[inside], aside


def _counted(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Write 0 where a chunk has no number at all: another chunk of the file has, and then an empty cell is 0."""
    blank = [name for name in schema.KINDS[kind] if name in table.columns and not table[name].notna().any()]
    return table.assign(**dict.fromkeys(blank, 0)) if blank and len(table) else table


def _tally(texts: pd.Series) -> Counter[str]:
    counted = texts.value_counts()
    return Counter(dict(zip(map(str, counted.index), map(int, counted.to_numpy()), strict=True)))
