"""Who was harmed, row by row, and what of a row is never passed on."""

from __future__ import annotations

import pandas as pd

from awsd_geo import schema
from awsd_geo.errors import InputError, RequestError

WITHHELD_IN = "PSE"


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
        Victims; an empty cell counts as none, and all are missing for "any" in a table that counts nobody. Before
        2025 "abducted" is "kidnapped", which then held both.

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
    if kind == "any" and not set(wanted) & set(incidents.columns):
        return pd.Series(pd.NA, index=incidents.index, dtype="Int64")
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


def withhold(incidents: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Take city and point off the rows of the Occupied Palestinian Territories.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table, or any other.

    Returns
    -------
    incidents : DataFrame
        The same rows.
    withheld : int
        How many of them lost something.

    References
    ----------
    .. [1] Humanitarian Data Exchange, organisation AWSD: Latitude, Longitude and City of Palestine are left blank.
    """
    if "iso3" not in incidents.columns:
        return incidents, 0
    there = incidents["iso3"].eq(WITHHELD_IN).fillna(value=False).astype(bool)
    names = [name for name in ("city", "latitude", "longitude") if name in incidents.columns]
    withheld = int((there & incidents[names].notna().any(axis=1)).sum())
    if not withheld:
        return incidents, 0
    kept = incidents.assign(**{name: incidents[name].mask(there) for name in names})
    if "coordinate_issue" in kept.columns:
        kept["coordinate_issue"] = kept["coordinate_issue"].mask(there, "missing")
    return kept, withheld
