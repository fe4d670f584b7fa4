"""What a country, a frame and a level are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from awsd_geo.errors import RequestError

WORLD = "world"
"""Name of the frame that every country without a folder of its own has."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a country's units."""

    number: int  # 1 for the first below the country
    kind: str  # what a unit of it is called
    column: str = ""  # of the table of membership; may hold {vintage}; empty where the files say it themselves


@dataclass(frozen=True, slots=True)
class Vintage:
    """One frame of a country, in force from one day to another."""

    name: str  # the year in which it came into force
    valid_from: date | None  # None where the frame is not for a date
    valid_to: date | None  # last day; None while in force
    approximate: bool  # the lines are not those of the law
    note: str
    note_fr: str
    files: Mapping[int, str]  # level → file in the frame's folder
    level_notes: Mapping[int, str]  # what is to be said of one level only
    level_notes_fr: Mapping[int, str]
    folder: Path  # where its files are: the country's own, the world layer's or the user's
    levels: tuple[Level, ...] = ()  # its own, where they are not the country's
    notice: Mapping[str, str] = field(default_factory=dict)  # its own long, short, short_fr, where not the country's
    code_systems: tuple[str, ...] | None = None  # its own, where not the country's


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

    def levels_of(self, vintage: Vintage) -> tuple[Level, ...]:
        """Give the levels that a frame has: its own, else the country's."""
        return tuple(level for level in vintage.levels or self.levels if level.number in vintage.files)

    def level(self, number: int, vintage: Vintage | None = None) -> Level:
        """Give the level of a number (of a frame), or refuse and say which there are.

        Raises
        ------
        RequestError
            If the country, or the frame, has no such level.
        """
        there = self.levels if vintage is None else self.levels_of(vintage)
        for level in there:
            if level.number == number:
                return level
        known = ", ".join(f"{level.number} ({level.kind})" for level in there)
        frame = f" in the frame of {vintage.name}" if vintage is not None and vintage.levels else ""
        raise RequestError(f"{self.names['en']} has no boundary level {number!r}{frame}. There are: {known}.")

    def unit_id(self, vintage: str, level: int, key: str) -> str:
        """Give the ``region_id`` of a unit: ``MLI-2016-mopti``, ``MLI-2016-cercle-mopti``."""
        frame = self.vintage(vintage)
        first = min(known.number for known in (*self.levels, *frame.levels))
        middle = "" if level == first else f"{self.level(level, frame).kind}-"
        return f"{self.iso3}-{vintage}-{middle}{key}"
