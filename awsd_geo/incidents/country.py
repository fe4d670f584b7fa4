"""Which country is meant, in the words of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo import schema
from awsd_geo.errors import RequestError
from awsd_geo.text import fold

if TYPE_CHECKING:
    import pandas as pd


def resolve_country(incidents: pd.DataFrame, country: str) -> str:
    """Find the ISO 3166-1 alpha-3 code of a country that the table holds.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table.
    country : str
        Code or name.

    Returns
    -------
    str
        Alpha-3 code as in the column ``iso3``.

    Raises
    ------
    RequestError
        If no country is called so, or the table has no incident there.
    InputError
        If the table has no column ``iso3``.
    """
    schema.need(incidents, "iso3")
    sought = fold(country)
    columns = [name for name in ("iso3", "country_code", "country") if name in incidents.columns]
    for *texts, iso3 in incidents[columns].assign(code=incidents["iso3"]).drop_duplicates().itertuples(index=False):
        if sought and isinstance(iso3, str) and sought in {fold(text) for text in texts if isinstance(text, str)}:
            return iso3
    return _country_by_name(incidents, country)


def _country_by_name(incidents: pd.DataFrame, country: str) -> str:
    from awsd_geo.boundaries import find_country

    iso3 = find_country(country).iso3  # raises RequestError where nobody knows the name
    if not incidents["iso3"].eq(iso3).any():
        held = incidents["country" if "country" in incidents.columns else "iso3"].value_counts()
        listed = ", ".join(f"{name} ({rows})" for name, rows in held.head(5).items())
        raise RequestError(f"The file has no incident in {country}; it holds {listed or 'no incident at all'}.")
    return str(iso3)
