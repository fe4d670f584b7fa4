"""To which date the data reach, and which years are therefore not complete."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from awsd_geo.errors import RequestError
from awsd_geo.incidents import parse_date
from awsd_geo.sources import highest_id

if TYPE_CHECKING:
    import pandas as pd


def data_to(incidents: pd.DataFrame, as_of: str | dt.date | None = None) -> tuple[dt.date, str]:
    """Say to which date the data reach, and how that is known.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table.
    as_of : str or date, optional
        The date whose state of knowledge is used, if the file is newer.

    Returns
    -------
    date : date
    how : {"as of", "file name", "incident id clock", "latest incident", "example"}
    """
    source = incidents.attrs.get("source", {})
    known = parse_date(source.get("data_to")) or _latest(incidents)
    how = "example" if source.get("status") == "example" else source.get("data_to_from", "latest incident")
    day = parse_date(as_of)
    if day is not None and (then := highest_id(day).date) <= known:
        return then, "as of"  # the last reading of the clock up to that day: nothing entered since is counted
    return known, how


def is_partial(year: int, reach: dt.date) -> bool:
    """Say whether the data end before the year does."""
    return reach < dt.date(year, 12, 31)


def is_provisional(year: int, reach: dt.date) -> bool:
    """Say whether a year is too recent to be complete: less than a full year has passed since its end.

    Half of the incidents are entered more than 46 days after they happened, 40 % after 90 days and 30 % after 180
    (entries of September 2020 to August 2022, by the incident IDs of dated downloads).
    """
    return reach < dt.date(year + 1, 12, 31)


def full_years(by_year: pd.Series, incidents: pd.DataFrame, as_of: str | dt.date | None = None) -> pd.Series:
    """Leave out the years that the data do not cover to their end: a part of a year is no fall.

    Parameters
    ----------
    by_year : Series of int
        Incidents by ``year``.
    incidents : DataFrame
        The table that they come from, which says to which date it reaches.
    as_of : str or date, optional
        As for :func:`awsd_geo.select`.

    Returns
    -------
    Series of int
        Those of the years that are over; all of them where none is.
    """
    reach, _ = data_to(incidents, as_of)
    over = [not is_partial(int(year), reach) for year in by_year.index]
    return by_year[over] if any(over) else by_year


def _latest(incidents: pd.DataFrame) -> dt.date:
    """Give the day of the latest incident; the end of its month, or year, where no more is known."""
    if "year" not in incidents or not incidents["year"].notna().any():
        raise RequestError("No incident has a year, so no period can be chosen.")
    names = [name for name in ("year", "month", "day") if name in incidents]
    dates = incidents[names].dropna(subset="year").astype("float64").fillna(0)
    year, month, day = (int(part) for part in (*dates.sort_values(names).iloc[-1], 0, 0)[:3])
    if month and day:
        return dt.date(year, month, day)
    after = dt.date(year + (month in (0, 12)), month % 12 + 1, 1) if month else dt.date(year + 1, 1, 1)
    return after - dt.timedelta(days=1)
