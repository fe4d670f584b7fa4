"""The conditions of a selection, each with the reason in words for the rows that it sets aside."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo import schema
from awsd_geo.errors import InputError, RequestError
from awsd_geo.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

FIRST_YEAR = 1997  # AWSD's first year


def parse_date(value: str | dt.date | None) -> dt.date | None:
    """Read a date written YYYY-MM-DD.

    Parameters
    ----------
    value : str, date or None
        The date.

    Returns
    -------
    date or None

    Raises
    ------
    RequestError
        If the text is no date.
    """
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise RequestError(f"{value!r} is not a date. Write it as 2023-03-02 (year-month-day).") from None


def known_on(day: dt.date | None) -> str | None:
    """Give the clock's last reading up to a day: what was entered between the two is not counted."""
    if day is None:
        return None
    from awsd_geo.sources.clock import highest_id

    return highest_id(day).date.isoformat()


def check_years(years: tuple[int, int] | None) -> tuple[int, int] | None:
    """Refuse years the wrong way round or before the database begins."""
    if years is None:
        return None
    first, last = (int(year) for year in years)
    if first > last:
        raise RequestError(f"The years {first}:{last} are the wrong way round. Write {last}:{first}.")
    if last < FIRST_YEAR or first < FIRST_YEAR:
        raise RequestError(f"The years {first}:{last} begin before AWSD does. Its first year is {FIRST_YEAR}.")
    return first, last


def conditions(
    incidents: pd.DataFrame,
    iso3: str | None,
    years: tuple[int, int] | None,
    of_kind: tuple[str, pd.Series],
    means: str | None,
    day: dt.date | None,
) -> Iterator[tuple[str, Any]]:
    """Give each condition in the order in which it sets rows aside, with the reason in words."""
    if day:
        yield _entered_by(incidents, day)
    if iso3:
        yield f"not in {iso3}", incidents["iso3"].eq(iso3).fillna(value=False).to_numpy(dtype=bool)
    if years:
        schema.need(incidents, "year")
        known = incidents["year"].notna().to_numpy()
        yield "without a year", known
        yield outside(years), incidents["year"].between(*years).fillna(value=False).to_numpy(bool)
    kind, victims = of_kind
    if victims.notna().any():
        yield f"nobody {'affected' if kind == 'any' else kind}", (victims > 0).to_numpy(dtype=bool, na_value=False)
    if means:
        yield f"means of attack other than {means}", _of_means(incidents, means)


def outside(years: tuple[int, int]) -> str:
    """Say why a row of another year is set aside."""
    first, last = years
    return f"not in {first}" if first == last else f"outside {first} to {last}"


def _entered_by(incidents: pd.DataFrame, day: dt.date) -> tuple[str, Any]:
    from awsd_geo.sources.clock import highest_id

    if incidents.index.name != "incident_id":
        raise InputError("as_of goes by AWSD's incident IDs. Make them the index incident_id, or leave as_of out.")
    highest = highest_id(day).incident_id
    ids = incidents.index.to_numpy(dtype="float64", na_value=np.nan)
    return f"entered after {day} (incident ID over {highest})", ids <= highest


def _of_means(incidents: pd.DataFrame, means: str) -> Any:
    schema.need(incidents, "means_of_attack")
    labels = incidents["means_of_attack"].dropna().unique()
    hits = [label for label in labels if fold(label) == fold(means)]
    if not hits:
        raise RequestError(f"No incident has the means of attack {means!r}. The file has: {', '.join(sorted(labels))}.")
    return incidents["means_of_attack"].isin(hits).to_numpy(dtype=bool)
