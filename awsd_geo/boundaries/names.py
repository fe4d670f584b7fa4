"""Which finest units a unit or a place name stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.country import Country, Vintage, find_country, rows
from awsd_geo.boundaries.names_of_files import PlaceName, membership_of_files, names_of_files
from awsd_geo.text import fold, slug

if TYPE_CHECKING:
    import pandas as pd

TOWN = "town"


def membership(country: str | Country, *, vintage: str | None = None) -> pd.DataFrame:
    """Say in which unit of every level and frame each finest unit lies.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.
    vintage : str, optional
        A frame. Frames of one folder are made of the same finest units; the table has those of the folder that this
        frame comes from, by default the country's own (or the world layer's).

    Returns
    -------
    DataFrame, shape (n_cells, 2 + n_levels * n_vintages)
        Index ``cell``: the keys of the finest units (in Mali ``<cercle>-<commune>``). ``name``, ``parent`` (name
        of the unit above) and one column ``level_<level>_<vintage>`` each, holding a ``region_id``.

    Examples
    --------
    >>> membership("MLI").loc["menaka-menaka", ["level_1_1991", "level_1_2016"]].tolist()
    ['MLI-1991-gao', 'MLI-2016-menaka']
    """
    import pandas as pd

    found = find_country(country)
    frames = _frames(found, vintage)
    if not frames or frames[0].folder != found.folder or not (cells := rows(found, "membership")):
        return membership_of_files(found, frames)
    finest = found.levels[-1]
    table = {"name": [row["name"] for row in cells], "parent": [row[_column_above(found)] for row in cells]}
    for level in found.levels:
        for frame in frames:
            column = level.column.format(vintage=frame.name)
            table[f"level_{level.number}_{frame.name}"] = [
                found.unit_id(frame.name, level.number, row["key"] if level is finest else slug(row[column]))
                for row in cells
            ]
    return pd.DataFrame(table, index=pd.Index([row["key"] for row in cells], name="cell"))


def place_names(country: str | Country, *, vintage: str | None = None) -> pd.DataFrame:
    """List every place name that is known of a country and the finest units that it stands for.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.
    vintage : str, optional
        As in `membership`: whose finest units the names stand for.

    Returns
    -------
    DataFrame
        ``name``; ``folded`` (by `awsd_geo.text.fold`); ``level``: the kind of the level ("region", "cercle",
        "commune" in Mali) or "town"; ``cells``: tuple of keys as in `membership`; ``vintages``: tuple of the
        frames in which it stands for just these. A name that a frame gave to another set of cells is another row,
        and so is one that is used at several levels. Aliases are rows like the names themselves; a spelling that
        differs only in what folding undoes is not repeated.

    Examples
    --------
    >>> names = place_names("MLI").query("folded == 'timbuktu' and level == 'region'")
    >>> names["vintages"].tolist()
    [('1991',), ('2016', '2023')]
    """
    import pandas as pd

    found = find_country(country)
    frames = _frames(found, vintage)
    if not frames or frames[0].folder != found.folder or not (cells := rows(found, "membership")):
        known = list(names_of_files(found, frames))
    else:
        proper = [*_units(found, frames, cells), *_towns(found, frames)]
        known = [*proper, *_aliases(found, cells, proper)]
    table = pd.DataFrame(known, columns=list(PlaceName._fields))
    table.insert(1, "folded", table["name"].map(fold))
    return table.drop_duplicates(["folded", "level", "cells"], ignore_index=True)


def towns(country: str | Country) -> pd.DataFrame:
    """List the towns of a country that the gazetteer holds.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.

    Returns
    -------
    DataFrame
        Index ``geonameid``; ``name``, ``lat``, ``lon`` (degrees, WGS84), ``population`` (residents; missing where
        the gazetteer has none), ``alternate_names`` (tuple), ``cell`` (the finest unit it lies in; missing for a city
        larger than that, which places nothing by itself but is drawn on maps).
        ``attrs["notice"]`` (``notice_fr``) is the source, or says why there are none.
    """
    import pandas as pd

    listed = rows(find_country(country), "towns")
    table = pd.DataFrame(
        {
            "name": [row["name"] for row in listed],
            "lat": [float(row["lat"]) for row in listed],
            "lon": [float(row["lon"]) for row in listed],
            "population": pd.array([int(row["population"]) or None for row in listed], dtype="Int64"),
            "alternate_names": [tuple(filter(None, row["alternate_names"].split("|"))) for row in listed],
            "cell": pd.array([row["cell"] or None for row in listed], dtype="string"),
        },
        index=pd.Index([int(row["geonameid"]) for row in listed], name="geonameid"),
    )
    table.attrs = _towns_notice(find_country(country))
    return table


def _towns_notice(country: Country) -> dict[Any, Any]:
    if "towns" in country.facts["tables"]:
        made = country.facts["build"]["towns"]
        return {"notice": made["notice"], "notice_fr": made.get("notice_fr")}
    notice = country.facts["notice"]
    return {"notice": notice.get("towns"), "notice_fr": notice.get("towns_fr")}


def _frames(country: Country, vintage: str | None) -> list[Vintage]:
    """Give the frames that share their finest units with one frame, by default with the country's own."""
    folder = country.folder if vintage is None else country.vintage(vintage).folder
    alike = [frame for frame in country.vintages if frame.folder == folder]
    if folder == country.folder:
        return alike
    return [frame for frame in alike if frame.name == vintage]


def _column_above(country: Country) -> str:
    """Name the column of the units above the finest ones; in the newest frame where they change with it."""
    return country.levels[-2].column.format(vintage=country.vintages[-1].name)


def _units(country: Country, vintages: Sequence[Vintage], cells: Sequence[Mapping[str, str]]) -> Iterator[PlaceName]:
    """Give the names of all units; one that several frames share is given once."""
    for level in country.levels:
        frames: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for vintage in vintages:
            column = level.column.format(vintage=vintage.name)
            members: dict[tuple[str, str], list[str]] = {}
            for row in cells:
                own = row["key"] if level is country.levels[-1] else ""
                members.setdefault((row[column], own), []).append(row["key"])
            for (name, _), keys in members.items():
                frames.setdefault((name, tuple(keys)), []).append(vintage.name)
        for (name, found), names in frames.items():
            yield PlaceName(name, level.kind, found, tuple(names))


def _towns(country: Country, vintages: Sequence[Vintage]) -> Iterator[PlaceName]:
    """Give the names of the gazetteer's towns and of those that country.toml adds."""
    always = tuple(vintage.name for vintage in vintages)
    for row in filter(itemgetter("cell"), rows(country, "towns")):
        for name in (row["name"], *filter(None, row["alternate_names"].split("|"))):
            yield PlaceName(name, TOWN, (row["cell"],), always)
    for town in country.facts.get("settlements", []):
        for name in (town["name"], *town["spellings"]):
            yield PlaceName(name, TOWN, (town["cell"],), always)


def _aliases(country: Country, cells: Sequence[Mapping[str, str]], proper: Sequence[PlaceName]) -> Iterator[PlaceName]:
    """Give each spelling the meanings of the name it stands for, narrowed to a level and a unit above if told."""
    above = {row["key"]: row[_column_above(country)] for row in cells}
    for alias in country.facts.get("aliases_of", []):
        wanted, kind = fold(alias["name"]), country.level(alias["level"]).kind if "level" in alias else None
        for place in proper:
            if fold(place.name) != wanted or (kind and place.level != kind):
                continue
            if "within" in alias and {above[cell] for cell in place.cells} != {alias["within"]}:
                continue
            yield from (place._replace(name=spelling) for spelling in alias["spellings"])
