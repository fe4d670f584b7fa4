"""Which finest units a unit or a place name stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from awsd_geo.boundaries.country import Country, find_country, rows
from awsd_geo.text import fold, slug

if TYPE_CHECKING:
    import pandas as pd

TOWN = "town"


class PlaceName(NamedTuple):
    """One name and what it stands for; a row of `place_names`."""

    name: str
    level: str
    cells: tuple[str, ...]
    vintages: tuple[str, ...]


def membership(country: str | Country) -> pd.DataFrame:
    """Say in which unit of every level and frame each finest unit lies.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.

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
    cells, finest = rows(found, "membership"), found.levels[-1]
    table = {"name": [row["name"] for row in cells], "parent": [row[found.levels[-2].column] for row in cells]}
    for level in found.levels:
        for vintage in found.vintages:
            column = level.column.format(vintage=vintage.name)
            table[f"level_{level.number}_{vintage.name}"] = [
                found.unit_id(vintage.name, level.number, row["key"] if level is finest else slug(row[column]))
                for row in cells
            ]
    return pd.DataFrame(table, index=pd.Index([row["key"] for row in cells], name="cell"))


def place_names(country: str | Country) -> pd.DataFrame:
    """List every place name that is known of a country and the finest units that it stands for.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.

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
    cells = rows(found, "membership")
    proper = [*_units(found, cells), *_towns(found)]
    table = pd.DataFrame([*proper, *_aliases(found, cells, proper)], columns=list(PlaceName._fields))
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
        the gazetteer has none), ``alternate_names`` (tuple), ``cell`` (the finest unit it lies in).
        ``attrs["notice"]`` (``notice_fr``) is the source.
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
            "cell": [row["cell"] for row in listed],
        },
        index=pd.Index([int(row["geonameid"]) for row in listed], name="geonameid"),
    )
    made = find_country(country).facts["build"]["towns"]
    table.attrs = {"notice": made["notice"], "notice_fr": made.get("notice_fr")}
    return table


def _units(country: Country, cells: Sequence[Mapping[str, str]]) -> Iterator[PlaceName]:
    """Give the names of all units; one that several frames share is given once."""
    for level in country.levels:
        frames: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for vintage in country.vintages:
            column = level.column.format(vintage=vintage.name)
            members: dict[tuple[str, str], list[str]] = {}
            for row in cells:
                own = row["key"] if level is country.levels[-1] else ""
                members.setdefault((row[column], own), []).append(row["key"])
            for (name, _), keys in members.items():
                frames.setdefault((name, tuple(keys)), []).append(vintage.name)
        for (name, found), names in frames.items():
            yield PlaceName(name, level.kind, found, tuple(names))


def _towns(country: Country) -> Iterator[PlaceName]:
    """Give the names of the gazetteer's towns and of those that country.toml adds."""
    always = tuple(vintage.name for vintage in country.vintages)
    for row in rows(country, "towns"):
        for name in (row["name"], *filter(None, row["alternate_names"].split("|"))):
            yield PlaceName(name, TOWN, (row["cell"],), always)
    for town in country.facts.get("settlements", []):
        for name in (town["name"], *town["spellings"]):
            yield PlaceName(name, TOWN, (town["cell"],), always)


def _aliases(country: Country, cells: Sequence[Mapping[str, str]], proper: Sequence[PlaceName]) -> Iterator[PlaceName]:
    """Give each spelling the meanings of the name it stands for, narrowed to a level and a unit above if told."""
    above = {row["key"]: row[country.levels[-2].column] for row in cells}
    for alias in country.facts["aliases_of"]:
        wanted, kind = fold(alias["name"]), country.level(alias["level"]).kind if "level" in alias else None
        for place in proper:
            if fold(place.name) != wanted or (kind and place.level != kind):
                continue
            if "within" in alias and {above[cell] for cell in place.cells} != {alias["within"]}:
                continue
            yield from (place._replace(name=spelling) for spelling in alias["spellings"])
