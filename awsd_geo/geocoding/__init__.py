"""Put incidents into the units of a frame: by their place text first, by their point second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo import schema
from awsd_geo.errors import InputError
from awsd_geo.geocoding.cases import Cases
from awsd_geo.geocoding.door import complete
from awsd_geo.geocoding.doubt import doubt_as_text, reweigh
from awsd_geo.geocoding.everywhere import geocode_by_country, placing_by_country
from awsd_geo.geocoding.gazetteer import Gazetteer
from awsd_geo.geocoding.placing import Placement, Rules
from awsd_geo.geocoding.sentences import reasons

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["Gazetteer", "doubt_as_text", "geocode", "geocode_by_country", "placing_by_country", "reweigh"]


SETS = ("candidates", "candidate_weights")
DOUBT = (*SETS, "location_precision", "confidence")


def geocode(incidents: pd.DataFrame, regions: gpd.GeoDataFrame, *, gazetteer: Gazetteer | None = None) -> pd.DataFrame:
    """Place each incident in a unit of a frame, or say why not, and which units are possible.

    The place text decides where it fits one unit only; where it fits several, the point chooses among them. Where
    there is no text that is known, the point places the incident by itself, unless it is flagged. A point that
    contradicts a text that decides is reported as a conflict, and the text stands.

    Parameters
    ----------
    incidents : DataFrame
        The incidents table, or any table with a place text (``region``, ``district``, ``city``), with ``longitude``
        and ``latitude`` in degrees, or with a geometry of points. ``iso3`` and ``coordinate_issue`` are used where
        they are there.
    regions : GeoDataFrame
        The frame, such as ``load_regions("MLI", level=1, vintage="2016")``.
    gazetteer : Gazetteer, optional
        Places of your own, besides those that come with the country (`Gazetteer.read`).

    Returns
    -------
    DataFrame
        The same rows in the same order, with ``region_id``, ``matched_by``, ``conflict`` and ``why``, and with
        ``coordinate_issue`` set to "outside_country" for a point over 2 km outside every unit. The doubt stands in
        four more columns:

        * ``candidates``: tuple of the region_ids where the incident can be, in the frame's order. The unit itself
          where it is placed; the units that the text fits where that leaves several; every unit of the frame where
          nothing narrows it, for a flagged point bounds nothing; none where it lies in no unit of the frame.
        * ``candidate_weights``: tuple of their weights, summing to 1: those of the place names where they have any
          (such as the number of cells under a name), else equal. Never taken from other incidents.
        * ``location_precision``: "point", "settlement", "district", "region", "country" or "unknown": the finest
          thing that is known of the place.
        * ``confidence``, from most to least: "sure" (placed, with nothing against it), "likely" (placed, but point
          and text disagree, one text contradicts another or is ambiguous, a rounded point chose among several units,
          the point lies just outside every unit, or it stands beside a text that is not known),
          "ambiguous" (the text fits several units), "unknown".

    Raises
    ------
    InputError
        If a table does not keep its schema, a region stands twice, or the regions are not in degrees.
    """
    schema.check(regions, schema.REGIONS)
    _check_frame(regions)
    incidents = complete(incidents)
    cases = Cases.of(incidents, regions, gazetteer)
    rules = Rules.of(regions, cases.country)
    placements = [rules.place(case) for case in cases.distinct]
    located = incidents.assign(
        coordinate_issue=_text(list(schema.COORDINATE_ISSUES), cases.issue, "str"),
        **{name: _column(name, placements, cases) for name in ("region_id", "matched_by", "conflict")},
        why=reasons(placements, cases, regions),
        **{name: _column(name, placements, cases) for name in DOUBT},
    )
    located.attrs["regions"] = dict(regions.attrs)
    return located


def _column(name: str, placements: list[Placement], cases: Cases) -> Any:
    """Give a part of the placements to the rows."""
    values = [getattr(placement, name) for placement in placements]
    if name == "conflict":
        return np.array(values, dtype=bool)[cases.code]
    if name not in SETS:
        return _text(values, cases.code, "string")
    held = np.empty(len(values), dtype=object)
    held[:] = values
    return held[cases.code]


def _text(values: list[str | None], code: Any, dtype: Any) -> Any:
    import pandas as pd

    return pd.array(values, dtype=dtype).take(code)


def _check_frame(regions: gpd.GeoDataFrame) -> None:
    """Refuse a frame that points in degrees cannot be looked up in, or whose units are not told apart."""
    if regions.crs is None:
        raise InputError("The regions have no CRS, so no point can be placed. Use set_crs().")
    if not regions.crs.is_geographic:
        raise InputError(f"The regions are in {regions.crs.name}, the points in degrees. Use to_crs(4326).")
    if (twice := regions.index.duplicated()).any():
        raise InputError(f"The region id {regions.index[twice][0]!r} stands twice. Make the index unique.")
