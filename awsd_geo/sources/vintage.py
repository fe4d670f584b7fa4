"""Up to which date a file reaches, and how that is known."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from awsd_geo.sources.clock import date_of, last_tick

if TYPE_CHECKING:
    import pandas as pd

MOST_AFTER = 0.01
"""Share of incidents that may lie after the clock's date by slips of the pen."""

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")


def data_to(name: str, incidents: pd.DataFrame) -> tuple[str | None, str | None]:
    """Find the date up to which a file's data reach.

    Parameters
    ----------
    name : str
        The file's name; AWSD writes the day of the download into it.
    incidents : DataFrame
        Incidents with ``year``, ``month``, ``day``, indexed by ``incident_id``.

    Returns
    -------
    date : str or None
        ``YYYY-MM-DD``; None where nothing tells.
    source : str or None
        "file name"; "incident id clock" (the day at which the file's highest ID was first seen; a lower bound where
        that is beyond the clock); or "latest incident", where there are no IDs or more than 1 % of the incidents are
        later than the clock says, so that the IDs are not AWSD's or run beyond it.
    """
    if in_name := _dates_in(name):
        return in_name[-1].isoformat(), "file name"
    by_clock, latest = _by_clock(incidents), latest_incident(incidents)
    if by_clock and after(incidents, by_clock).sum() <= MOST_AFTER * len(incidents):
        return by_clock.isoformat(), "incident id clock"
    return (latest.isoformat(), "latest incident") if latest else (None, None)


def _by_clock(incidents: pd.DataFrame) -> dt.date | None:
    """Give the day at which the highest ID was first seen, or the clock's last day for an ID beyond it."""
    ids = incidents.index.dropna()
    return (date_of(int(ids.max())) or last_tick()).date if len(ids) else None


def _dates_in(name: str) -> list[dt.date]:
    found = []
    for match in _DATE.finditer(name):
        try:
            found.append(dt.date(*(int(part) for part in match.groups())))
        except ValueError:
            continue
    return found


def latest_incident(incidents: pd.DataFrame) -> dt.date | None:
    """Give the date of the last incident; an unknown month or day counts as the first."""
    dated = incidents[["year", "month", "day"]].dropna(subset=["year"]).fillna(1)
    if dated.empty:
        return None
    year, month, day = dated.sort_values(["year", "month", "day"]).iloc[-1]
    return dt.date(int(year), int(month), int(day))


def after(incidents: pd.DataFrame, date: dt.date) -> pd.Series[bool]:
    """Tell the incidents that lie after a date, judged by what is known of theirs.

    An incident whose day is missing is after it only if its whole month is, and likewise for the month.
    """
    year, month, day = (incidents[part].astype("Float64") for part in ("year", "month", "day"))
    later_day = (month == date.month) & (day > date.day).fillna(False)  # noqa: FBT003
    later = (year > date.year) | ((year == date.year) & ((month > date.month) | later_day).fillna(False))  # noqa: FBT003
    return later.fillna(False).astype(bool)  # noqa: FBT003
