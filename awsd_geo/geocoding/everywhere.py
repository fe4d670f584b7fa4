"""A whole file, of any number of countries: each incident in the frame of its own country."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.errors import RequestError
from awsd_geo.geocoding.diagnosis import diagnose

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

NO_COUNTRY = "The row names no country."
TEXTS = ("region_id", "matched_by", "why", "location_precision", "confidence")


def geocode_by_country(incidents: pd.DataFrame, *, level: int = 1, on: dt.date | None = None) -> pd.DataFrame:
    """Place every incident of a file in the frame of its own country, or say why not.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table, with ``iso3``.
    level : int, default 1
        Level of the units; a country that lacks it has its incidents unplaced, with that reason.
    on : date, optional
        The frames in force on this day; by default on the last day of the latest year in the table.

    Returns
    -------
    DataFrame
        The same rows in the same order, with all columns of :func:`awsd_geo.geocode`, and with ``km_outside``,
        ``point_error`` and ``point_why``: points over 50 km outside their country and what mistake would explain
        them (`awsd_geo.geocoding.diagnosis.diagnose`), or "later_country" for a point in what was then a part of the
        country and is now a country of its own. ``attrs["frames"]`` names the frame of each country.

    Raises
    ------
    InputError
        If a table does not keep its schema.
    """
    import numpy as np
    import pandas as pd

    from awsd_geo.boundaries.around import country_outlines

    schema.need(incidents, "iso3")
    day = on or _last_day(incidents)
    order = pd.Series(np.arange(len(incidents)))
    parts, frames = [], {}
    for iso3, places in order.groupby(incidents["iso3"].astype(object).fillna("").to_numpy(), sort=True):
        part, frame = _in_country(str(iso3), incidents.iloc[places.to_numpy()], level, day)
        parts.append(part.assign(_row=places.to_numpy()))
        frames[iso3] = frame
    located = pd.concat(parts).sort_values("_row").drop(columns="_row") if parts else incidents.copy()
    far = diagnose(incidents, country_outlines())[["km_outside", "error", "why", "lies_in"]]
    far = _later_countries(incidents, far)
    located[["km_outside", "point_error", "point_why"]] = far.drop(columns="lies_in").set_axis(located.index)
    located.attrs = {**incidents.attrs, "frames": frames}
    return located


def _last_day(incidents: pd.DataFrame) -> dt.date:
    if "year" not in incidents.columns or not incidents["year"].notna().any():
        return dt.date.today()
    return dt.date(int(incidents["year"].max()), 12, 31)


def _in_country(iso3: str, rows: pd.DataFrame, level: int, day: dt.date) -> tuple[pd.DataFrame, str | None]:
    """Place the incidents of one country."""
    from awsd_geo import boundaries
    from awsd_geo.geocoding import geocode

    if not iso3:
        return _unplaced(rows, NO_COUNTRY), None
    try:
        vintage = boundaries.default_vintage(iso3, day, level=level)
        regions: gpd.GeoDataFrame = boundaries.load_regions(iso3, level=level, vintage=vintage.name)
    except RequestError as error:
        return _unplaced(rows, str(error)), None
    return geocode(rows, regions), vintage.name


def _unplaced(rows: pd.DataFrame, why: str) -> pd.DataFrame:
    import pandas as pd

    nowhere: pd.Series = pd.Series([()] * len(rows), index=rows.index, dtype=object)
    texts = dict(zip(TEXTS, (None, "none", why, "unknown", "unknown"), strict=True))
    said: dict[str, Any] = {name: pd.Series(text, index=rows.index, dtype="string") for name, text in texts.items()}
    return rows.assign(**said, conflict=False, candidates=nowhere, candidate_weights=nowhere)


def _later_countries(incidents: pd.DataFrame, far: pd.DataFrame) -> pd.DataFrame:
    """Tell points in a part of a country that has since become one of its own from mistakes."""
    import pandas as pd

    from awsd_geo.boundaries import find_country
    from awsd_geo.boundaries.awsd import former_states

    errors, remarks = (far[name].astype(object).to_numpy(copy=True) for name in ("error", "why"))
    known = zip(incidents["iso3"].astype(object), far["lies_in"].astype(object), _days(incidents), strict=True)
    for row, (iso3, holder, day) in enumerate(known):
        if errors[row] != "wrong_country":
            continue
        untils = [entry["until"] for entry in former_states(holder, (0, 0)) if entry["other"] == iso3]
        if untils and day <= int(f"{max(untils):%Y%m%d}"):
            names = [find_country(code).names["en"] for code in (holder, iso3)]
            errors[row] = "later_country"
            remarks[row] = f"The point lies in {names[0]}, which was a part of {names[1]} until {max(untils)}."
    texts = {"error": pd.array(errors, dtype="string"), "why": pd.array(remarks, dtype="string")}
    return far.assign(**texts)


def _days(incidents: pd.DataFrame) -> list[int]:
    """Give the date of each incident as yyyymmdd; the last day that it can be where a part is missing."""
    days = [0] * len(incidents)
    for name, last, scale in (("year", 9999, 10_000), ("month", 12, 100), ("day", 31, 1)):
        if name in incidents.columns:
            part = incidents[name].astype("Int64").fillna(last).astype(int).tolist()
        else:
            part = [last] * len(incidents)
        days = [day + scale * number for day, number in zip(days, part, strict=True)]
    return days


def placing_by_country(located: pd.DataFrame) -> pd.DataFrame:
    """Count by country how the incidents were placed.

    Parameters
    ----------
    located : DataFrame
        From :func:`geocode_by_country`, or from :func:`awsd_geo.geocode` with ``iso3``.

    Returns
    -------
    DataFrame of int
        Index ``iso3`` ("" for none), most incidents first. ``incidents`` = ``placed`` + ``ambiguous`` + ``unplaced``.
        ``by_text_and_point``, ``by_text``, ``by_point`` and ``snapped`` sum to ``placed``; ``conflict`` (text and
        point disagree; a part of the others), ``country_centroid`` and ``point_far_outside`` count rows of any sort.

    Raises
    ------
    InputError
        If a column is absent.
    """
    import pandas as pd

    schema.need(located, "iso3", "region_id", "matched_by", "conflict", "confidence", "coordinate_issue")
    placed, by = located["region_id"].notna(), located["matched_by"]
    ambiguous = ~placed & located["confidence"].eq("ambiguous")
    far = located["point_error"].ne("none") if "point_error" in located.columns else False
    flags = {
        "incidents": True,
        "placed": placed,
        "by_text_and_point": by.eq("text+point"),
        "by_text": by.eq("text"),
        "by_point": by.eq("point"),
        "snapped": by.eq("snapped"),
        "ambiguous": ambiguous,
        "unplaced": ~placed & ~ambiguous,
        "conflict": located["conflict"],
        "country_centroid": located["coordinate_issue"].eq("country_centroid"),
        "point_far_outside": far,
    }
    table = pd.DataFrame(flags, index=located.index).fillna(value=False).astype("int64")
    summed = table.groupby(located["iso3"].astype(object).fillna("").rename("iso3")).sum()
    return summed.sort_values(["incidents", "placed"], ascending=False, kind="stable")
