"""Choose incidents: by country, years, kind, means, and as the database stood on a date."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.errors import InputError, RequestError
from awsd_geo.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

FIRST_YEAR = 1997  # AWSD's first year


def select(
    incidents: pd.DataFrame,
    *,
    country: str | None = None,
    years: tuple[int, int] | None = None,
    kind: str = "any",
    means: str | None = None,
    as_of: str | dt.date | None = None,
) -> pd.DataFrame:
    """Keep the incidents that a question is about, and count what was set aside and why.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table of :func:`awsd_geo.read_incidents`.
    country : str, optional
        ISO 3166-1 alpha-3 or alpha-2 code, or a name ("Mali"); all countries where left out.
    years : tuple of int, optional
        First and last year, both included.
    kind : {"any", "killed", "wounded", "kidnapped", "detained", "abducted"}, default "any"
        Outcome. An incident is of a kind if it has at least one such victim. "abducted" is kidnapped or detained:
        since 2025 AWSD counts holding by state or de facto authorities apart [1]_.
    means : str, optional
        Keep one means of attack, such as "Kidnapping" (case and accents do not matter).
    as_of : str or date, optional
        The database as it stood on that date: rows whose incident ID is at most the highest ID known then, IDs
        being given in order of entry. Later edits of cells are not undone. Where no ID of that very date is known,
        the last known before it counts, and ``attrs["selection"]["as_of_known"]`` has its date.

    Returns
    -------
    DataFrame
        The chosen rows with a column ``victims`` (number of victims of the kind). ``attrs["selection"]`` says
        what was asked and how many rows each condition set aside.

    Raises
    ------
    RequestError
        If a choice does not exist, the years are the wrong way round, or the table holds no such country.
    InputError
        If the table lacks the columns that the kind needs.

    References
    ----------
    .. [1] Humanitarian Outcomes, Aid Worker Security Database, field definitions of 2025.
    """
    schema.check(incidents, schema.INCIDENTS)
    years = _years(years)
    day = parse_date(as_of)
    victims = victims_of(incidents, kind)
    keep = victims.notna()
    aside: list[dict[str, Any]] = []
    iso3 = None if country is None else resolve_country(incidents, country)
    for why, fits in _conditions(incidents, iso3, years, (kind, victims), means, day):
        aside.append({"why": why, "rows": int((keep & ~fits).sum())})
        keep &= fits
    chosen = incidents.loc[keep].assign(victims=victims[keep])
    chosen.attrs["selection"] = {
        "country": iso3,
        "years": list(years) if years else None,
        "kind": kind,
        "means": means,
        "as_of": day.isoformat() if day else None,
        "as_of_known": _known(day),
        "rows": len(chosen),
        "rows_set_aside": [entry for entry in aside if entry["rows"]],
    }
    return chosen


def victims_of(incidents: pd.DataFrame, kind: str) -> pd.Series:
    """Count the victims of a kind, row by row.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table.
    kind : str
        A key of ``schema.KINDS``.

    Returns
    -------
    Series of Int64
        Victims; an empty cell counts as none. Before 2025 "abducted" is "kidnapped", which then held both.

    Raises
    ------
    RequestError
        If there is no such kind.
    InputError
        If the table has none of the columns of that kind.
    """
    if kind not in schema.KINDS:
        raise RequestError(f"There is no kind of incident {kind!r}. Choose one of {', '.join(schema.KINDS)}.")
    wanted = schema.KINDS[kind]
    there = [
        name for name in wanted if name in incidents.columns and (incidents.empty or incidents[name].notna().any())
    ]
    if not there:
        what = "affected" if kind == "any" else kind
        raise InputError(
            f"The file cannot say who was {what}: it has no column {' or '.join(wanted)}. Choose another kind, or "
            "download the database again (detained is counted apart only since 2025)."
        )
    return incidents[there].fillna(0).sum(axis=1).astype("Int64")


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
    """
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
        held = incidents["country"].value_counts()
        listed = ", ".join(f"{name} ({rows})" for name, rows in held.head(5).items())
        raise RequestError(f"The file has no incident in {country}; it holds {listed or 'no incident at all'}.")
    return str(iso3)


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


def _known(day: dt.date | None) -> str | None:
    """Give the clock's last reading up to a day: what was entered between the two is not counted."""
    if day is None:
        return None
    from awsd_geo.sources.clock import highest_id

    return highest_id(day).date.isoformat()


def _years(years: tuple[int, int] | None) -> tuple[int, int] | None:
    if years is None:
        return None
    first, last = (int(year) for year in years)
    if first > last:
        raise RequestError(f"The years {first}:{last} are the wrong way round. Write {last}:{first}.")
    if last < FIRST_YEAR or first < FIRST_YEAR:
        raise RequestError(f"The years {first}:{last} begin before AWSD does. Its first year is {FIRST_YEAR}.")
    return first, last


def _conditions(
    incidents: pd.DataFrame,
    iso3: str | None,
    years: tuple[int, int] | None,
    of_kind: tuple[str, pd.Series],
    means: str | None,
    day: dt.date | None,
) -> Iterator[tuple[str, Any]]:
    """Give each condition in the order in which it sets rows aside, with the reason in words."""
    import numpy as np

    if day:
        from awsd_geo.sources.clock import highest_id

        highest = highest_id(day).incident_id
        ids = incidents.index.to_numpy(dtype="float64", na_value=np.nan)
        yield f"entered after {day} (incident ID over {highest})", ids <= highest
    if iso3:
        yield f"not in {iso3}", incidents["iso3"].eq(iso3).fillna(value=False).to_numpy(dtype=bool)
    if years:
        known = incidents["year"].notna().to_numpy()
        yield "without a year", known
        yield f"outside {years[0]} to {years[1]}", incidents["year"].between(*years).fillna(value=False).to_numpy(bool)
    kind, victims = of_kind
    yield f"nobody {'affected' if kind == 'any' else kind}", (victims > 0).to_numpy(dtype=bool)
    if means:
        yield f"means of attack other than {means}", _of_means(incidents, means)


def _of_means(incidents: pd.DataFrame, means: str) -> Any:
    labels = incidents["means_of_attack"].dropna().unique()
    hits = [label for label in labels if fold(label) == fold(means)]
    if not hits:
        raise RequestError(f"No incident has the means of attack {means!r}. The file has: {', '.join(sorted(labels))}.")
    return incidents["means_of_attack"].isin(hits).to_numpy(dtype=bool)
