"""Which units the names of a frame stand for where its files say it themselves (the world layer's, the user's)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from awsd_geo.boundaries.model import Country, Vintage
from awsd_geo.boundaries.shapes import read_units
from awsd_geo.text import fold

if TYPE_CHECKING:
    import pandas as pd

_ALTERNATIVES = re.compile(r"[()\[\]/]")


class PlaceName(NamedTuple):
    """One name and what it stands for; a row of `place_names`."""

    name: str
    level: str
    cells: tuple[str, ...]
    vintages: tuple[str, ...]


def membership_of_files(country: Country, frames: Sequence[Vintage]) -> pd.DataFrame:
    """Say in which unit of every level each finest unit of a frame lies, by the properties of its file.

    Parameters
    ----------
    country : Country
        The country.
    frames : sequence of Vintage
        Frames with the same finest units; one.

    Returns
    -------
    DataFrame
        As `awsd_geo.boundaries.membership`. A unit says the units above it as ``level_<number>``.
    """
    import pandas as pd

    table: dict[str, list[str | None]] = {"name": [], "parent": []}
    keys: list[str] = []
    for frame in frames:
        finest, *above = sorted((level.number for level in country.levels_of(frame)), reverse=True)
        units = _properties(frame, finest)
        keys = [unit["key"] for unit in units]
        parents = _named(frame, above[0]) if above else {}
        table["name"] = [unit["name"] for unit in units]
        table["parent"] = [parents.get(unit.get(f"level_{above[0]}", "")) if above else None for unit in units]
        for number in sorted((finest, *above)):
            own = keys if number == finest else [unit.get(f"level_{number}") for unit in units]
            table[f"level_{number}_{frame.name}"] = [
                country.unit_id(frame.name, number, key) if key else None for key in own
            ]
    return pd.DataFrame(table, index=pd.Index(keys, name="cell"))


def names_of_files(country: Country, frames: Sequence[Vintage]) -> Iterator[PlaceName]:
    """Give each unit's name, its names in other languages and its other spellings, with the cells that it holds."""
    for frame in frames:
        levels = country.levels_of(frame)
        finest = max(level.number for level in levels)
        cells = _properties(frame, finest)
        for level in levels:
            for unit in _properties(frame, level.number):
                inside = [unit] if level.number == finest else _inside(cells, level.number, unit["key"])
                keys = tuple(cell["key"] for cell in inside)
                for name in _names(unit):
                    yield PlaceName(name, level.kind, keys, (frame.name,))
        yield from _groups(cells, levels[0].kind, frame.name)


def _groups(cells: Sequence[Mapping[str, Any]], kind: str, vintage: str) -> Iterator[PlaceName]:
    """Give the names that stand for several units together, such as a former region of today's districts."""
    members: dict[str, list[str]] = {}
    for cell in cells:
        for name in cell.get("groups", []):
            members.setdefault(name, []).append(cell["key"])
    for name, keys in members.items():
        yield PlaceName(name, kind, tuple(keys), (vintage,))


def _inside(cells: Sequence[Mapping[str, Any]], level: int, key: str) -> list[Mapping[str, Any]]:
    return [cell for cell in cells if cell.get(f"level_{level}") == key]


def _names(unit: Mapping[str, Any]) -> list[str]:
    """Give every name of a unit, also each part of "Homs (Hims)" and "Viti/Vitina"."""
    written = [unit["name"], *unit.get("names", {}).values(), *unit.get("spellings", [])]
    parts = [part.strip() for name in written for part in _ALTERNATIVES.split(name)]
    kept = {fold(name): name for name in reversed([*written, *parts]) if len(fold(name)) > 1}
    return list(reversed(kept.values()))


def _named(frame: Vintage, level: int) -> dict[str, str]:
    return {unit["key"]: unit["name"] for unit in _properties(frame, level)}


def _properties(frame: Vintage, level: int) -> tuple[dict[str, Any], ...]:
    path = frame.folder / frame.files[level]
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: Path, changed: int) -> tuple[dict[str, Any], ...]:  # noqa: ARG001 - read anew when the file changes
    return tuple(read_units(path).properties)
