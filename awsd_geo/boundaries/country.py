"""What is known of a country: its names, its frames by date, its levels, its notice."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from awsd_geo.errors import InputError, RequestError
from awsd_geo.text import fold

PACKAGE = Path(__file__).resolve().parents[1]
PLACES = (PACKAGE / "_boundaries", PACKAGE.parent / "boundaries")  # in an installed wheel; in the repo (editable)


@dataclass(frozen=True, slots=True)
class Vintage:
    """One frame of a country, in force from one day to another."""

    name: str  # the year in which it came into force
    valid_from: date
    valid_to: date | None  # last day; None while in force
    approximate: bool  # the lines are not those of the law
    note: str
    note_fr: str
    files: Mapping[int, str]  # level → file in the country's folder
    level_notes: Mapping[int, str]  # what is to be said of one level only
    level_notes_fr: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a country's units."""

    number: int  # 1 for the first below the country
    kind: str  # what a unit of it is called
    column: str  # of the table of membership; may hold {vintage}


@dataclass(frozen=True, slots=True, eq=False)
class Country:
    """A country that awsd_geo has boundaries of; ``facts`` is the whole of its country.toml."""

    iso3: str
    iso2: str
    names: Mapping[str, str]  # language → name
    aliases: tuple[str, ...]
    vintages: tuple[Vintage, ...]  # oldest first
    levels: tuple[Level, ...]
    folder: Path
    facts: Mapping[str, Any]

    def vintage(self, name: str) -> Vintage:
        """Give the frame of a name, or refuse and say which there are.

        Raises
        ------
        RequestError
            If the country has no such frame.
        """
        for vintage in self.vintages:
            if vintage.name == str(name):
                return vintage
        known = ", ".join(vintage.name for vintage in self.vintages)
        raise RequestError(f"{self.names['en']} has no boundary vintage {str(name)!r}. There are: {known}.")

    def level(self, number: int) -> Level:
        """Give the level of a number, or refuse and say which there are.

        Raises
        ------
        RequestError
            If the country has no such level.
        """
        for level in self.levels:
            if level.number == number:
                return level
        known = ", ".join(f"{level.number} ({level.kind})" for level in self.levels)
        raise RequestError(f"{self.names['en']} has no boundary level {number!r}. There are: {known}.")

    def unit_id(self, vintage: str, level: int, key: str) -> str:
        """Give the ``region_id`` of a unit: ``MLI-2016-mopti``, ``MLI-2016-cercle-mopti``."""
        middle = "" if level == self.levels[0].number else f"{self.level(level).kind}-"
        return f"{self.iso3}-{vintage}-{middle}{key}"


def data_folder() -> Path:
    """Find the folder that holds a folder for each country.

    Raises
    ------
    InputError
        If the boundary files are not there.
    """
    for place in PLACES:
        if any(place.glob("*/country.toml")):
            return place
    raise InputError(f"No boundary files in {PLACES[0]} or {PLACES[1]}. Install awsd-geo again.")


def countries() -> list[Country]:
    """List the countries that awsd_geo has boundaries of, by ISO3.

    Examples
    --------
    >>> [country.iso3 for country in countries()]
    ['MLI']
    """
    return list(_scan(data_folder()))


def find_country(text: str | Country) -> Country:
    """Find a country by its ISO3 or ISO2 code, or by its name in any language that its folder gives.

    Parameters
    ----------
    text : str or Country
        Case, accents and punctuation make no difference. A Country is given back.

    Returns
    -------
    Country

    Raises
    ------
    RequestError
        If there is none; the message lists close names and what there is.

    Examples
    --------
    >>> find_country("mali").iso3, find_country("République du Mali").iso3, find_country("ML").iso3
    ('MLI', 'MLI', 'MLI')
    """
    if isinstance(text, Country):
        return text
    known = {
        fold(name): country
        for country in countries()
        for name in (country.iso3, country.iso2, *country.names.values(), *country.aliases)
    }
    if (wanted := fold(text)) in known:
        return known[wanted]
    close = dict.fromkeys(known[name] for name in get_close_matches(wanted, known, n=3))
    hint = f" Did you mean {' or '.join(_label(country) for country in close)}?" if close else ""
    there = ", ".join(_label(country) for country in countries())
    raise RequestError(f"No boundaries for the country {text!r}.{hint} There are: {there}.")


def default_vintage(country: str | Country, on: date) -> Vintage:
    """Give the frame in force on a day.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.
    on : date
        The day; usually the last of the period.

    Returns
    -------
    Vintage

    Raises
    ------
    RequestError
        If the day is before the oldest frame.

    Examples
    --------
    >>> default_vintage("MLI", date(2022, 12, 31)).name
    '2016'
    """
    found = find_country(country)
    for vintage in reversed(found.vintages):
        if vintage.valid_from <= on:
            return vintage
    oldest = found.vintages[0]
    raise RequestError(
        f"{found.names['en']} has no boundaries for {on:%Y-%m-%d}: the oldest are in force from "
        f"{oldest.valid_from:%Y-%m-%d}. Name a vintage: {', '.join(vintage.name for vintage in found.vintages)}."
    )


def rows(country: Country, table: str) -> list[dict[str, str]]:
    """Read one of the tables that ``[tables]`` of country.toml names, as text."""
    with (country.folder / country.facts["tables"][table]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _label(country: Country) -> str:
    return f"{country.iso3} ({country.names['en']})"


@lru_cache(maxsize=4)
def _scan(folder: Path) -> tuple[Country, ...]:
    return tuple(_read(path.parent) for path in sorted(folder.glob("*/country.toml")))


def _read(folder: Path) -> Country:
    facts = tomllib.loads((folder / "country.toml").read_text(encoding="utf-8"))
    levels = (Level(int(number), level["kind"], level["column"]) for number, level in facts["levels"].items())
    vintages = sorted((_vintage(name, table) for name, table in facts["vintages"].items()), key=lambda v: v.valid_from)
    return Country(
        iso3=facts["iso3"],
        iso2=facts["iso2"],
        names=facts["names"],
        aliases=tuple(facts["aliases"]),
        vintages=tuple(vintages),
        levels=tuple(sorted(levels, key=lambda level: level.number)),
        folder=folder,
        facts=facts,
    )


def _vintage(name: str, table: Mapping[str, Any]) -> Vintage:
    def by_level(field: str) -> dict[int, str]:
        return {int(number): text for number, text in table.get(field, {}).items()}

    return Vintage(
        name=name,
        valid_from=table["valid_from"],
        valid_to=table.get("valid_to"),
        approximate=table["approximate"],
        note=table["note"],
        note_fr=table["note_fr"],
        files=by_level("files"),
        level_notes=by_level("level_notes"),
        level_notes_fr=by_level("level_notes_fr"),
    )
