"""The AWSD's own country names and codes, and what became of countries since: facts, kept as data."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from awsd_geo.boundaries.country import data_folder
from awsd_geo.boundaries.world import FOLDER, read_facts
from awsd_geo.text import fold


class AwsdCountry(NamedTuple):
    """A country as the AWSD writes it, and what it is here."""

    name: str  # empty where the AWSD leaves the country blank
    code: str  # two letters, empty where the AWSD gives none
    iso3: str | None  # None where no one country can be told
    unit: str | None  # ISO 3166-2 of the one unit of the country that is meant, where it is not all of it
    note: str  # why it is so; empty where nothing needs saying


def awsd_countries() -> list[AwsdCountry]:
    """List every pair of country name and code in the AWSD's files of 2016 to 2025.

    Examples
    --------
    >>> [(known.iso3, known.unit) for known in awsd_countries() if known.name == "Chechnya"]
    [('RUS', 'RU-CE')]
    """
    return list(_read(data_folder() / FOLDER / "awsd.csv"))


def unmapped(name: str) -> str:
    """Say why a name of the AWSD stands for no one country; empty where it does, or is no name of the AWSD.

    Examples
    --------
    >>> unmapped("Kashmir")[:33], unmapped("Mali")
    ('The AWSD writes it without a code', '')
    """
    notes = {fold(known.name): known.note for known in awsd_countries() if known.name and known.iso3 is None}
    return notes.get(fold(name), "")


def former_states(iso3: str, years: tuple[int, int]) -> list[dict[str, Any]]:
    """Say which other country a country was one with during some of the years.

    Parameters
    ----------
    iso3 : str
        The country.
    years : tuple of int
        First and last year.

    Returns
    -------
    list of dict
        ``other`` (ISO3), ``until`` (last day together), ``note`` and ``note_fr``; empty where there is none.
    """
    told = read_facts(data_folder() / FOLDER).get("formerly", [])
    return [entry for entry in told if entry["country"] == iso3 and years[0] <= entry["until"].year]


@lru_cache(maxsize=4)
def _read(path: Path) -> tuple[AwsdCountry, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            AwsdCountry(row["name"], row["code"], row["iso3"] or None, row["unit"] or None, row["note"])
            for row in csv.DictReader(file)
        )
