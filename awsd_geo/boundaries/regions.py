"""The units of a country as a table of polygons."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.country import Country, Vintage, default_vintage, find_country

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry


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
    found.level(level)
    frame = found.vintage(vintage) if vintage is not None else default_vintage(found, on or date.today())
    units, shapes, digest = _read(found.folder / frame.files[level])
    table = pd.DataFrame(
        {
            "name": [unit["name"] for unit in units],
            "level": level,
            "vintage": frame.name,
            "kind": [unit["kind"] for unit in units],
            "parent_id": _above(found, frame, units, level - 1) if level > 1 else None,
            "level_1_id": _above(found, frame, units, 1),
            **{system: [unit.get(system) for unit in units] for system in found.facts["code_systems"]},
        },
        index=pd.Index([found.unit_id(frame.name, level, unit["key"]) for unit in units], name="region_id"),
    )
    texts = ["parent_id", *found.facts["code_systems"]]
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
        to a window around the country. Adjacent ones reach a little beneath it. ``attrs["notice"]`` (and
        ``notice_fr``) is the source.
    """
    import geopandas as gpd
    import pandas as pd

    found = find_country(country)
    file = found.facts["tables"]["neighbours"]
    units, shapes, digest = _read(found.folder / file)
    columns = {name: [unit[name] for unit in units] for name in ("name", "name_fr", "adjacent")}
    index = pd.Index([unit["key"] for unit in units], name="iso3")
    around = gpd.GeoDataFrame(columns, index=index, geometry=shapes, crs="EPSG:4326")
    made = found.facts["build"]["neighbours"]
    around.attrs = {"notice": made["notice"], "notice_fr": made.get("notice_fr"), "sha256": {file: digest}}
    return around


def _read(path: Path) -> tuple[list[dict[str, Any]], Sequence[BaseGeometry], str]:
    """Read properties, shapes and digest of a GeoJSON of ours, without GDAL, which may guess another format."""
    import shapely

    content = path.read_bytes()
    text = content.decode("utf-8")
    units = [feature["properties"] for feature in json.loads(text)["features"]]
    return units, shapely.get_parts(shapely.from_geojson(text)), hashlib.sha256(content).hexdigest()


def _above(country: Country, vintage: Vintage, units: Sequence[Mapping[str, Any]], level: int) -> list[str]:
    """Give the ids of the units of a level that hold these; those of the level itself are their own."""
    column = country.level(level).column.format(vintage=vintage.name)
    return [country.unit_id(vintage.name, level, unit.get(column, unit["key"])) for unit in units]


def _attributes(country: Country, vintage: Vintage, level: int) -> dict[str, Any]:
    """Gather what must be said wherever these units are shown."""
    notice = country.facts["notice"]
    return {
        "country": country.iso3,
        "vintage": vintage.name,
        "level": level,
        "approximate": vintage.approximate,
        "note": " ".join(filter(None, (vintage.note, vintage.level_notes.get(level)))),
        "note_fr": " ".join(filter(None, (vintage.note_fr, vintage.level_notes_fr.get(level)))),
        "notice": notice["long"],
        "notice_short": notice["short"],
        "notice_short_fr": notice["short_fr"],
        "valid_from": vintage.valid_from.isoformat(),
        "valid_to": vintage.valid_to.isoformat() if vintage.valid_to else None,
    }
