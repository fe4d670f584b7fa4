"""The tables that travel between the steps: their columns, types, units and allowed values, and one check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("killed", "wounded", "kidnapped", "detained")
KINDS: dict[str, tuple[str, ...]] = {
    "killed": ("total_killed",),
    "wounded": ("total_wounded",),
    "kidnapped": ("total_kidnapped",),
    "detained": ("total_detained",),
    "abducted": ("total_kidnapped", "total_detained"),
    "any": ("total_affected",),
}
"""Kind of incident → the columns that sum to its victims; an incident is of the kind if that sum is over 0."""

COORDINATE_ISSUES = (
    "none",
    "missing",
    "unreadable",
    "lat_equals_lon",
    "country_centroid",
    "outside_country",
    "coarse",
)
MATCHED_BY = ("text+point", "text", "point", "snapped", "none")
PRECISIONS = ("point", "settlement", "district", "region", "country", "unknown")
CONFIDENCES = ("sure", "likely", "ambiguous", "unknown")  # from most to least
REGION_KINDS = (
    *("country", "region", "state", "province", "governorate", "prefecture", "district", "area", "city"),
    *("cercle", "department", "county", "territory", "locality", "arrondissement", "woreda", "subdistrict", "lga"),
    *("commune", "unit"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    dtype: (
        str  # "text", "count" (nullable whole number >= 0), "degrees", "flag", "whole" (nullable), "units", "weights"
    )
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    source_name: str | None = None  # what AWSD's own files call it


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one of the tables, and the names of its index levels."""

    name: str
    index: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def required(self) -> list[str]:
        """Names of the columns that must be there."""
        return [column.name for column in self.columns if column.required]


def _awsd(source_name: str, dtype: str, meaning: str, *, required: bool = False) -> Column:
    name = source_name.lower().replace("/", "_").replace(" ", "_")
    return Column(name, dtype, meaning, required, (), source_name)


def _staff(group: str) -> tuple[Column, ...]:
    parts = [_awsd(f"{group} {outcome}", "count", f"{group} staff {outcome}") for outcome in OUTCOMES]
    return (*parts, _awsd(f"Total {group.lower()}", "count", f"{group} staff affected"))


INCIDENTS = Table(
    "incidents",
    ("incident_id",),
    (
        _awsd("Year", "whole", "year of the incident", required=True),
        _awsd("Month", "whole", "month, 1 to 12; missing where not known"),
        _awsd("Day", "whole", "day of the month; missing where not known"),
        _awsd("Country Code", "text", "ISO 3166-1 alpha-2 as AWSD gives it (XK for Kosovo)"),
        _awsd("Country", "text", "AWSD's own country name", required=True),
        _awsd("Region", "text", "first-level place name, as written"),
        _awsd("District", "text", "second-level place name, as written"),
        _awsd("City", "text", "settlement, road or description, as written"),
        _awsd("UN", "count", "victims from UN agencies"),
        _awsd("INGO", "count", "victims from international NGOs"),
        _awsd("LNGO/NRCS", "count", "victims from local NGOs and national societies (to 2020 only)"),
        _awsd("ICRC", "count", "victims from the ICRC"),
        _awsd("IFRC", "count", "victims from the IFRC (to 2020 only)"),
        _awsd("NRCS and IFRC", "count", "victims from national societies and the IFRC (since 2021)"),
        _awsd("NNGO", "count", "victims from national NGOs (since 2021)"),
        _awsd("Other", "count", "victims from other organisations"),
        *_staff("Nationals"),
        *_staff("Internationals"),
        *[_awsd(f"Total {outcome}", "count", f"victims {outcome}") for outcome in OUTCOMES],
        _awsd("Total affected", "count", "all victims"),
        *[_awsd(f"Gender {gender}", "count", f"victims, {gender.lower()}") for gender in ("Male", "Female", "Unknown")],
        _awsd("Means of attack", "text", "AWSD's label; the letter codes of 2016 are written out"),
        _awsd("Attack context", "text", "AWSD's label; the letter codes of 2016 are written out"),
        _awsd("Location", "text", "AWSD's label of the kind of place; the letter codes of 2016 are written out"),
        _awsd("Latitude", "degrees", "WGS84, missing where unreadable"),
        _awsd("Longitude", "degrees", "WGS84, missing where unreadable"),
        _awsd("Motive", "text", "AWSD's label (since 2022)"),
        _awsd("Actor type", "text", "AWSD's label (since 2020)"),
        _awsd("Actor name", "text", "free text; never published"),
        _awsd("Details", "text", "free text; never published"),
        _awsd("Verified", "text", "Yes, Pending or Archived"),
        _awsd("Source", "text", "kind of source"),
        Column(
            "iso3", "text", "ISO 3166-1 alpha-3 from the code or the name; missing where neither decides", required=True
        ),
        Column("coordinate_issue", "text", "what is wrong with the point", required=True, allowed=COORDINATE_ISSUES),
        Column("duplicate_id", "flag", "another row has the same incident_id", required=True),
        Column("source_row", "whole", "line of the file's table, the header being 1", required=True),
    ),
)

LOCATED = Table(
    "located incidents",
    ("incident_id",),
    (
        Column("year", "whole", "year of the incident", required=True),
        Column("region_id", "text", "the unit it is placed in; missing where not placed", required=True),
        Column("matched_by", "text", "what placed it", required=True, allowed=MATCHED_BY),
        Column("conflict", "flag", "text and point disagree", required=True),
        Column("why", "text", "a sentence where not placed or in conflict, else missing", required=True),
        Column("candidates", "units", "tuple of region_ids where it can be; none where in no unit of the frame"),
        Column("candidate_weights", "weights", "tuple of their weights, summing to 1; by rule, not by other incidents"),
        Column("location_precision", "text", "the finest thing that is known of its place", allowed=PRECISIONS),
        Column("confidence", "text", "how sure the placing is, from most to least", allowed=CONFIDENCES),
    ),
)

REGIONS = Table(
    "regions",
    ("region_id",),
    (
        Column("name", "text", "name with its accents", required=True),
        Column("level", "whole", "0 country, 1 the first below it (regions, states), 2 and 3 the next", required=True),
        Column("vintage", "text", "year in which the frame came into force", required=True),
        Column("kind", "text", "what the unit is", required=True, allowed=REGION_KINDS),
        Column("parent_id", "text", "region_id of the unit above; missing at level 1", required=True),
        Column("geometry", "geometry", "polygon or multipolygon, EPSG:4326", required=True),
    ),
)

COUNTS = Table(
    "counts",
    ("region_id", "year"),
    (
        Column("incidents", "count", "number of incidents, zeros written out", required=True),
        Column("victims", "count", "number of victims of the kind; missing where the file cannot say", required=True),
    ),
)


def check(table: pd.DataFrame, schema: Table) -> None:
    """Refuse a table that does not keep its schema.

    Parameters
    ----------
    table : DataFrame
        The table at the door of a step.
    schema : Table
        One of ``INCIDENTS``, ``LOCATED``, ``REGIONS``, ``COUNTS``.

    Raises
    ------
    InputError
        If the index is named otherwise, a required column is absent, or a labelled column holds a label that
        is not allowed. The message names the table, the columns and the first rows at fault.
    """
    if tuple(table.index.names) != schema.index:
        raise InputError(
            f"The {schema.name} table must have the index {', '.join(schema.index)}; it has "
            f"{', '.join(str(name) for name in table.index.names)}. Use set_index()."
        )
    absent = [name for name in schema.required if name not in table.columns]
    if absent:
        raise InputError(
            f"The {schema.name} table lacks the column{'s' * (len(absent) > 1)} {', '.join(absent)}. "
            f"It has: {', '.join(map(str, table.columns))}."
        )
    for column in schema.columns:
        if column.allowed and column.name in table.columns:
            values = table[column.name]
            wrong = values.notna() & ~values.isin(column.allowed)
            if wrong.any():
                raise InputError(
                    f"The {schema.name} table has {values[wrong].iloc[0]!r} in column {column.name} "
                    f"({wrong.sum()} rows). Allowed: {', '.join(column.allowed)}."
                )


def need(table: pd.DataFrame, *columns: str) -> None:
    """Refuse a table that lacks what a step needs of it, whatever else it has.

    Parameters
    ----------
    table : DataFrame
        Any table.
    *columns : str
        Names of the columns.

    Raises
    ------
    InputError
        If one is absent.
    """
    absent = [name for name in columns if name not in table.columns]
    if absent:
        raise InputError(
            f"The table lacks the column{'s' * (len(absent) > 1)} {', '.join(absent)}. "
            f"It has: {', '.join(map(str, table.columns))}. Rename yours."
        )
