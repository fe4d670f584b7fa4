"""Every level of a country, dissolved from its finest units by the table of membership."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from awsd_geo.text import slug

from .geojson import Feature

Row = Mapping[str, str]


def units(
    country: Mapping[str, Any],
    rows: Sequence[Row],
    codes: Sequence[Row],
    shapes: Mapping[str, shapely.Geometry],
    *,
    file: str,
) -> list[Feature]:
    """Make the units that one file of the country holds.

    Parameters
    ----------
    country : mapping
        The parsed country.toml.
    rows, codes : sequence of mapping
        The country's tables of membership (one row a finest unit, which may be made of several shapes) and of codes.
    shapes : mapping
        Shape id → clean polygon.
    file : str
        Name of the file as the vintages of country.toml list it.

    Returns
    -------
    list of (properties, geometry)
        Properties: ``key``, ``name``, ``kind``, the keys of the units above it, its codes by system.
    """
    number, vintages = _uses(country, file)
    level, finest = country["levels"][number], number == max(country["levels"])
    column = level["column"].format(vintage=vintages[0])
    members: dict[str, list[Row]] = {}
    for row in rows:
        members.setdefault(row["key"] if finest else slug(row[column]), []).append(row)
    return [
        (
            {"key": key, "name": inside[0][column], "kind": level.get("other_kinds", {}).get(key, level["kind"])}
            | _above(country, inside, number)
            | (_own_codes(country, inside[0]) if finest else _codes(codes, key, number, vintages)),
            shapely.coverage_union_all([shapes[shape_id] for row in inside for shape_id in row["shape_id"].split()]),
        )
        for key, inside in members.items()
    ]


def _uses(country: Mapping[str, Any], file: str) -> tuple[str, list[str]]:
    """Find which level a file holds, and the vintages that use it."""
    uses = [
        (number, name)
        for name, vintage in country["vintages"].items()
        for number, used in vintage["files"].items()
        if used == file
    ]
    return uses[0][0], [name for _, name in uses]


def _above(country: Mapping[str, Any], inside: Sequence[Row], number: str) -> dict[str, str]:
    """Name the units above by their columns; where the members differ, the one that holds most of them."""
    columns = [
        upper["column"].format(vintage=vintage)
        for above, upper in country["levels"].items()
        if above < number
        for vintage in country["vintages"]
    ]
    return {column: slug(Counter(row[column] for row in inside).most_common(1)[0][0]) for column in columns}


def _own_codes(country: Mapping[str, Any], row: Row) -> dict[str, str]:
    """Give the codes of a finest unit, which stand in the table of membership."""
    return {system: row[system] for system in country["code_systems"] if row.get(system)}


def _codes(codes: Sequence[Row], key: str, number: str, vintages: Sequence[str]) -> dict[str, str]:
    """Give the codes of a unit that hold in every vintage that uses the file."""
    return {
        row["system"]: row["code"]
        for row in codes
        if row["key"] == key and row["level"] == number and set(vintages) <= set(row["vintages"].split())
    }
