"""Boundaries of the user's own: a file in, a frame that keeps the schema out, with what was repaired.

What cannot be told is refused, naming the unit and what to do; what can be repaired without doubt is, and is said.
Importing this loads neither pandas nor geopandas.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.files.columns import Chosen, choose_columns, texts
from awsd_geo.boundaries.files.country import Place, find_place, outline_of
from awsd_geo.boundaries.files.layer import Layer, Report, some
from awsd_geo.boundaries.files.opening import open_layer
from awsd_geo.boundaries.files.units import Units, read_units
from awsd_geo.errors import InputError, RequestError
from awsd_geo.sources.opening import shown

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["from_file"]

LEVELS = range(1, 6)
VINTAGE = re.compile(r"[0-9]{4}(?:-[0-9a-z]{1,20})?")


def from_file(
    path: str | os.PathLike[str],
    *,
    country: str,
    level: int,
    vintage: str,
    name_column: str | None = None,
    id_column: str | None = None,
    layer: str | None = None,
) -> gpd.GeoDataFrame:
    """Read boundaries of your own, check them, and repair what can be repaired without doubt.

    Parameters
    ----------
    path : path
        GeoJSON, GeoPackage, a zipped shapefile (or zipped GeoJSON), or GeoParquet. The format is told from the
        content.
    country : str
        ISO3, ISO2 or name; or another three-letter code of a country that awsd_geo does not know.
    level : int
        1 for the first level below the country, 2 for the next, up to 5.
    vintage : str
        The year in which the frame came into force, such as "2024"; also "2024-draft".
    name_column, id_column : str, optional
        Columns of names and of ids (codes). Where left out, the columns of OCHA COD-AB, geoBoundaries and GADM are
        recognised; without any id, names serve, if no two are alike.
    layer : str, optional
        Layer of a GeoPackage, or file in an archive, where the only one that names the level is not meant.

    Returns
    -------
    GeoDataFrame, shape (n_units, 8 or more)
        As `awsd_geo.schema.REGIONS`, EPSG:4326, index ``region_id``, sorted by it. Besides ``level_<n>_id`` and
        ``level_<n>_name`` of the units above, ``spellings`` (tuple of further names) and the ids of the file
        (``pcode_<vintage>``, ``shape_id``, ``gid`` or ``code``).
        ``attrs`` as of `load_regions` (country, vintage, level, approximate, note, notice, sha256, ...), and
        ``own`` (True), ``repairs``: list of ``{"what": sentence, "units": names}``, and ``columns``: which
        columns were used.

    Raises
    ------
    InputError
        If the file cannot be read, or is not what it says: no CRS, metres labelled as degrees, another country,
        overlaps beyond slivers, ids that stand twice, and so on. The message says what to do.
    RequestError
        If the country, level or vintage is not understood.
    DependencyError
        If GeoParquet is given without pyarrow, or a repair needs shapely 2.2.

    Examples
    --------
    >>> from_file("bfa_adm2.zip", country="BFA", level=2, vintage="2024")  # doctest: +SKIP
    """
    place = find_place(country)
    if level not in LEVELS or isinstance(level, bool):
        raise RequestError(f"There is no level {level!r}. Give 1 for regions, 2 for the level below, up to 5.")
    if not VINTAGE.fullmatch(str(vintage)):
        raise RequestError(
            f"The vintage {shown(vintage)!r} is not understood. Give the year in which it came into force: 2024."
        )
    read, digest = open_layer(path, layer=layer, level=level)
    report = Report()
    chosen = choose_columns(read.file, read.table, level, name_column, id_column)
    _check_country(read, chosen, place, level)
    units = read_units(read, chosen, report)
    shapes = _checked(read, units, place, report)
    regions = _table(units, chosen, shapes, place, level, str(vintage))
    regions.attrs |= _said(read.file, chosen, str(vintage)) | {
        "country": place.iso3,
        "level": level,
        "sha256": {read.file: digest},
        "repairs": report.entries,
    }
    return regions


def _checked(layer: Layer, units: Units, place: Place, report: Report) -> Any:
    """Run every check of the shapes, each on what the one before has left."""
    from awsd_geo.boundaries.files.coverage import fit_together
    from awsd_geo.boundaries.files.position import check_place, to_degrees
    from awsd_geo.boundaries.files.shapes import make_valid, polygons_only

    file, names = layer.file, units.names
    shapes = polygons_only(file, names, units.shapes, report)
    shapes = to_degrees(file, names, shapes, layer.crs, report)
    shapes = make_valid(file, names, shapes, report)
    shapes = check_place(file, names, shapes, outline_of(place), place.name, report)
    return fit_together(file, names, shapes, report)


def _check_country(layer: Layer, chosen: Chosen, place: Place, level: int) -> None:
    """Refuse a file whose own columns name another country or level."""
    known = {name.lower().replace("_", ""): name for name in map(str, layer.table.columns)}
    for column, meant in (
        ("shapegroup", {place.iso3}),
        ("shapetype", {f"ADM{level}"}),
        ("adm0pcode", {place.iso3, place.iso2}),
        ("gid0", {place.iso3}),
    ):
        if column not in known or chosen.publisher is None or None in meant:
            continue
        others = {text for text in texts(layer.table[known[column]]) if text} - meant
        if others:
            wanted = f"{place.name} ({place.iso3})" if column != "shapetype" else f"level {level}"
            raise InputError(
                f"{layer.file} has {some(sorted(others))} in the column {known[column]}, so it is not of {wanted}. "
                "Give the right file, country and level."
            )


def _table(units: Units, chosen: Chosen, shapes: Any, place: Place, level: int, vintage: str) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd

    blank: list[tuple[str, str] | None] = [None] * len(units.keys)
    ids: dict[str, list[Any]] = {
        f"level_{one}_id": [above and place.unit_id(vintage, one, above[0]) for above in units.above.get(one, blank)]
        for one in range(1, level)
    }
    own = [place.unit_id(vintage, level, key) for key in units.keys]
    ids = ids or {"level_1_id": own}
    names = {f"level_{one}_name": [above and above[1] for above in values] for one, values in units.above.items()}
    table = pd.DataFrame(
        {
            "name": units.names,
            "level": level,
            "vintage": vintage,
            "kind": place.kind(level),
            "parent_id": ids.get(f"level_{level - 1}_id"),  # none at level 1
            **ids,
            **names,
            "spellings": units.others,
            **({chosen.code.format(vintage=vintage): units.codes} if chosen.id else {}),
        },
        index=pd.Index(own, name="region_id"),
    ).astype(dict.fromkeys(("parent_id", *ids, *names), "str"))
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs="EPSG:4326").sort_index()


def _said(file: str, chosen: Chosen, vintage: str) -> dict[str, Any]:
    """Gather what must be said wherever the units are shown, before anybody has said more."""
    source = f"Boundaries: {file}" + (f" (form: {chosen.publisher})" if chosen.publisher else "")
    return {
        "vintage": vintage,
        "approximate": False,
        "note": "",
        "note_fr": "",
        "notice": f"{source}, given by the user, who answers for its licence.",
        "notice_short": f"{source}, given by the user.",
        "notice_short_fr": f"Limites\u00a0: {file}, données par l’utilisateur.",
        "valid_from": f"{vintage[:4]}-01-01",
        "valid_to": None,
        "own": True,
        "columns": {"name": chosen.name, "id": chosen.id, "above": [above.id for above in chosen.above]},
    }
