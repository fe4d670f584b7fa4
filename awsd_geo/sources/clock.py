"""Incident IDs as a clock: they are given in order of entry, so the highest ID tells how far a file reaches."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import NamedTuple

from awsd_geo.errors import RequestError
from awsd_geo.sources.facts import table


class Tick(NamedTuple):
    """The highest Incident ID known at a date."""

    incident_id: int
    basis: str  # where that is known from
    date: dt.date  # when it was seen


@cache
def _ticks() -> tuple[Tick, ...]:
    """Give the clock in order of date, IDs never falling."""
    read = sorted(
        (dt.date.fromisoformat(row["date"]), int(row["max_incident_id"]), row["basis"])
        for row in table("incident_id_clock.csv")
    )
    ticks: list[Tick] = []
    for date, incident_id, basis in read:
        if ticks and incident_id < ticks[-1].incident_id:
            continue
        ticks.append(Tick(incident_id, basis, date))
    return tuple(ticks)


def last_tick() -> Tick:
    """Give the clock's latest entry."""
    return _ticks()[-1]


def highest_id(as_of: dt.date) -> Tick:
    """Give the highest Incident ID that was in the database at a date.

    Parameters
    ----------
    as_of : date
        From 2016-10-03 to 2025-08-26. Between two dates of the clock the earlier one counts; between October 2016 and
        September 2020 the clock has none, so ``date`` of the answer can be years before ``as_of``: look at it.

    Returns
    -------
    Tick
        ``incident_id``, ``basis`` (how it is known) and ``date`` (the clock's date that was used).

    Raises
    ------
    RequestError
        Outside the clock's range.

    Examples
    --------
    >>> highest_id(dt.date(2023, 3, 2)).incident_id
    3717
    """
    ticks = _ticks()
    if not ticks[0].date <= as_of <= ticks[-1].date:
        raise RequestError(
            f"What the database held on {as_of} is not known: the clock of Incident IDs reaches from "
            f"{ticks[0].date} to {ticks[-1].date}. Choose a date in that range."
        )
    return [tick for tick in ticks if tick.date <= as_of][-1]


def date_of(incident_id: int) -> Tick | None:
    """Give the first date of the clock at which an Incident ID was already given.

    Parameters
    ----------
    incident_id : int
        An Incident ID.

    Returns
    -------
    Tick or None
        None where the ID is higher than any that the clock knows.

    Examples
    --------
    >>> date_of(3100).date.isoformat(), date_of(10**6)
    ('2020-11-04', None)
    """
    return next((tick for tick in _ticks() if tick.incident_id >= incident_id), None)
