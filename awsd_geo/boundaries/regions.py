"""The units of a country as a table of polygons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.country import Country, Vintage, default_vintage, find_country
from awsd_geo.boundaries.shapes import read_units

if TYPE_CHECKING:
    import geopandas as gpd


def load_regions(
    country: str | Country, *, level: int = 1, vintage: str | None = None, on: date | None = None
) -> gpd.GeoDataFrame:
    """Load the units of a country at one level, in one frame.

    Parameters
    ----------
    country : str or Country
        ISO3, ISO2 or a name, as in `find_country`.
    level : int
        1 for regions, 2 and 3 for what lies below them (in Mali cercles and communes).
    vintage : str, optional
        Name of the frame, which is the year in which it came into force. By default the one in force on ``on``.
    on : date, optional
        Only used without ``vintage``; by default today.

    Returns
    -------
    GeoDataFrame, shape (n_units, 7 + number of code systems)
        As `awsd_geo.schema.REGIONS`, EPSG:4326, index ``region_id``, sorted by it; besides ``level_1_id`` (the
        unit of level 1 that it lies in by law, right also where ``parent_id`` cannot say it) and one column a
        code system (``iso_3166_2``, ``pcode_2021``, ...), missing where the code's unit has another outline.
        ``attrs``: country, vintage, level, approximate, note, note_fr, notice, notice_short, notice_short_fr,
        sha256 (by file), valid_from, valid_to.

    Raises
    ------
    RequestError
        If the country, the level or the frame is not known; the message says what there is.

    Examples
    --------
    >>> regions = load_regions("MLI", level=1, vintage="2016")
    >>> len(regions), regions.loc["MLI-2016-segou", "name"], regions.attrs["valid_to"]
    (11, 'Ségou', '2023-03-12')
    """
    import geopandas as gpd
    import pandas as pd

    found = find_country(country)
    frame = _frame(found, level, vintage, on)
    units, shapes, digest = read_units(frame.folder / frame.files[level])
    codes = found.facts["code_systems"] if frame.code_systems is None else frame.code_systems
    table = pd.DataFrame(
        {
            "name": [unit["name"] for unit in units],
            "level": level,
            "vintage": frame.name,
            "kind": [unit["kind"] for unit in units],
            "parent_id": _above(found, frame, units, level, level - 1) if level > 1 else None,
            "level_1_id": _above(found, frame, units, level, 1),
            **{system: [unit.get(system) for unit in units] for system in codes},
        },
        index=pd.Index([found.unit_id(frame.name, level, unit["key"]) for unit in units], name="region_id"),
    )
    texts = ["parent_id", "level_1_id", *codes]
    regions = gpd.GeoDataFrame(table.astype(dict.fromkeys(texts, "str")), geometry=shapes, crs="EPSG:4326")
    regions.attrs = _attributes(found, frame, level) | {"sha256": {frame.files[level]: digest}}
    return regions


def neighbours(country: str | Country) -> gpd.GeoDataFrame:
    """Load the outlines of the countries around, to be drawn beneath a country.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.

    Returns
    -------
    GeoDataFrame
        Index ``iso3``; ``name``, ``name_fr``, ``adjacent`` (touches the country), geometry in EPSG:4326, clipped
        to a window around the country, coarser towards its edges. Adjacent ones reach a little beneath the country.
        ``attrs["notice"]`` (and ``notice_fr``) is the source.
    """
    import geopandas as gpd
    import pandas as pd

    from awsd_geo.boundaries.around import countries_around, widened

    found = find_country(country)
    if (file := found.facts["tables"].get("neighbours")) is None:
        return countries_around(found)
    units, shapes, digest = read_units(found.folder / file)
    columns = {name: [unit[name] for unit in units] for name in ("name", "name_fr", "adjacent")}
    index = pd.Index([unit["key"] for unit in units], name="iso3")
    around = gpd.GeoDataFrame(columns, index=index, geometry=shapes, crs="EPSG:4326")
    made = found.facts["build"]["neighbours"]
    around.attrs = {"notice": made["notice"], "notice_fr": made.get("notice_fr"), "sha256": {file: digest}}
    return widened(around, found.iso3, tuple(around.total_bounds))


def _frame(country: Country, level: int, vintage: str | None, on: date | None) -> Vintage:
    """Choose the frame, and refuse a level that it has not."""
    if vintage is None and not any(level in known.files for known in country.vintages):
        country.level(level)
    frame = country.vintage(vintage) if vintage else default_vintage(country, on or date.today(), level=level)
    country.level(level, frame)
    return frame


def _above(
    country: Country, vintage: Vintage, units: Sequence[Mapping[str, Any]], own: int, level: int
) -> list[str | None]:
    """Give the ids of the units of a level that hold these; those of the level itself are their own."""
    if level == own:
        return [country.unit_id(vintage.name, level, unit["key"]) for unit in units]
    if level not in vintage.files:
        return [None] * len(units)
    column = country.level(level, vintage).column.format(vintage=vintage.name) or f"level_{level}"
    return [country.unit_id(vintage.name, level, unit[column]) if unit.get(column) else None for unit in units]


def _attributes(country: Country, vintage: Vintage, level: int) -> dict[str, Any]:
    """Gather what must be said wherever these units are shown."""
    notice = vintage.notice or country.facts["notice"]
    return {
        "country": country.iso3,
        "vintage": vintage.name,
        "level": level,
        "approximate": vintage.approximate,
        "note": " ".join(filter(None, (vintage.note, vintage.level_notes.get(level)))),
        "note_fr": " ".join(filter(None, (vintage.note_fr, vintage.level_notes_fr.get(level)))),
        "notice": notice["long"],
        "notice_short": notice.get("short"),
        "notice_short_fr": notice.get("short_fr"),
        "valid_from": vintage.valid_from.isoformat() if vintage.valid_from else None,
        "valid_to": vintage.valid_to.isoformat() if vintage.valid_to else None,
    }
