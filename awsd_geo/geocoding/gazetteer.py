"""Gazetteers: lists of places that are known besides the units of a frame."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

NAME, LATITUDE, LONGITUDE, PARENT, ALTERNATES = "name", "latitude", "longitude", "parent", "alternate_names"


@dataclass(frozen=True, slots=True)
class Settlement:
    """One place of a gazetteer."""

    name: str
    longitude: float | None
    latitude: float | None
    parent: str | None = None  # name of a unit that holds it


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places of your own, to be known besides (or instead of) those that come with a country.

    Parameters
    ----------
    settlements : tuple of Settlement
        The places. A place with several spellings stands once for each.
    complete : bool
        Whether the list holds every place of the country. Then a name that stands in it once is one place; else a
        place of the same name may lie elsewhere, and only the texts of district and region, or the point, make sure.
    instead : bool
        Whether the towns that come with the country are left out.

    Examples
    --------
    >>> Gazetteer((Settlement("Bagourou", -3.507, 14.204),)).settlements[0].name
    'Bagourou'
    """

    settlements: tuple[Settlement, ...]
    complete: bool = False
    instead: bool = False

    @classmethod
    def read(cls, path: str | Path, *, complete: bool = False, instead: bool = False) -> Gazetteer:
        """Read a CSV with ``name``, ``latitude``, ``longitude``, and if you like ``parent`` and ``alternate_names``.

        Parameters
        ----------
        path : str or Path
            UTF-8, comma separated, with a header. Alternate names are parted by ``|``. A place needs a point in
            degrees, or a parent (the name of a unit that holds it).
        complete, instead : bool
            As of the class.

        Raises
        ------
        InputError
            If the file cannot be read, a column is absent, or a row has neither point nor parent; with file and row.
        """
        path = Path(path)
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                listed = list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"{path} cannot be read as a gazetteer: {error}. Give a CSV in UTF-8.") from error
        return cls(_settlements(listed, str(path)), complete, instead)

    @classmethod
    def of(cls, table: pd.DataFrame, *, complete: bool = False, instead: bool = False) -> Gazetteer:
        """Make a gazetteer of a table with the same columns as the file of `read`.

        Raises
        ------
        InputError
            If a column is absent, or a row has neither point nor parent.
        """
        text = table.astype(object).where(table.notna(), None)
        rows = [{str(column): value for column, value in row.items()} for row in text.to_dict("records")]
        return cls(_settlements(rows, "The gazetteer"), complete, instead)


def _settlements(listed: Sequence[Mapping[str, object]], where: str) -> tuple[Settlement, ...]:
    """Check the rows, and give a settlement for each spelling."""
    if listed and (absent := {NAME, LATITUDE, LONGITUDE} - set(listed[0])):
        raise InputError(f"{where} lacks {', '.join(sorted(absent))}. A gazetteer has name, latitude, longitude.")
    found = []
    for number, row in enumerate(listed, start=2):
        at = f"{where}, row {number}"
        name = str(row[NAME] or "").strip()
        if not name:
            raise InputError(f"{at}: the name is empty. Give it or take the row out.")
        longitude, latitude = _degrees(row, LONGITUDE, 180, at), _degrees(row, LATITUDE, 90, at)
        parent = str(row.get(PARENT) or "").strip() or None
        if parent is None and (longitude is None or latitude is None):
            raise InputError(f"{at}: {name!r} has neither a point nor a parent. Give one of them.")
        spellings = [name, *filter(None, str(row.get(ALTERNATES) or "").split("|"))]
        found += [Settlement(spelling.strip(), longitude, latitude, parent) for spelling in dict.fromkeys(spellings)]
    return tuple(found)


def _degrees(row: Mapping[str, object], column: str, most: float, at: str) -> float | None:
    """Read degrees, or None where the cell is empty."""
    text = str(row[column] if row[column] is not None else "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not -most <= value <= most:
        raise InputError(f"{at}: {column} is {text!r}; it must be degrees from -{most:g} to {most:g}.")
    return value
