"""Choose incidents: by country, years, kind, means, and as the database stood on a date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.incidents.conditions import check_years, conditions, known_on, parse_date
from awsd_geo.incidents.country import resolve_country
from awsd_geo.incidents.victims import victims_of, withhold

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

__all__ = ["parse_date", "resolve_country", "select", "victims_of", "withhold"]


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
        The incidents table of :func:`awsd_geo.read_incidents`, or any table that has what the choices need:
        ``iso3`` or ``country``, ``year``, the columns of the kind (none for "any"), ``means_of_attack``, and for
        ``as_of`` the index ``incident_id``.
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
        what was asked and how many rows each condition set aside. Rows of the Occupied Palestinian Territories lose
        city and point, as they do where the database is published on the Humanitarian Data Exchange; ``withheld``
        counts them.

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
    years = check_years(years)
    day = parse_date(as_of)
    victims = victims_of(incidents, kind)
    keep = victims.notna() | (kind == "any")
    aside: list[dict[str, Any]] = []
    iso3 = None if country is None else resolve_country(incidents, country)
    for why, fits in conditions(incidents, iso3, years, (kind, victims), means, day):
        aside.append({"why": why, "rows": int((keep & ~fits).sum())})
        keep &= fits
    chosen, withheld = withhold(incidents.loc[keep].assign(victims=victims[keep]))
    chosen.attrs["selection"] = {
        "country": iso3,
        "years": list(years) if years else None,
        "kind": kind,
        "means": means,
        "as_of": day.isoformat() if day else None,
        "as_of_known": known_on(day),
        "rows": len(chosen),
        "withheld": withheld,
        "rows_set_aside": [entry for entry in aside if entry["rows"]],
    }
    return chosen
