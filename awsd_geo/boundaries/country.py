"""What is known of a country: its names, its frames by date, its levels, its notice."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from awsd_geo.boundaries import own
from awsd_geo.boundaries.folders import read_folders
from awsd_geo.boundaries.model import WORLD, Country, Level, Vintage
from awsd_geo.boundaries.world import read_world
from awsd_geo.errors import InputError, RequestError
from awsd_geo.text import fold

__all__ = ["WORLD", "Country", "Level", "Vintage", "countries", "default_vintage", "find_country"]

PACKAGE = Path(__file__).resolve().parents[1]
PLACES = (PACKAGE / "_boundaries", PACKAGE.parent / "boundaries")  # in an installed wheel; in the repo (editable)


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
    """List the countries that awsd_geo has boundaries of, by ISO3: every one of ISO 3166-1 with people, and Kosovo.

    A country that has a folder of its own has the frames of that folder, another the one frame "world"; the user's own
    frames are added to either.

    Examples
    --------
    >>> known = {country.iso3: country for country in countries()}
    >>> [vintage.name for vintage in known["MLI"].vintages], [vintage.name for vintage in known["AFG"].vintages]
    (['1991', '2016', '2023'], ['world'])
    """
    place, added = data_folder(), set(own.user_countries())
    every = sorted((_shipped(place) | _added(place)).items())
    return [_with_own(country) if iso3 in added else country for iso3, country in every]


def find_country(text: str | Country) -> Country:
    """Find a country by its ISO3 or ISO2 code, or by its name in any language that is known.

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
        If there is none; the message lists close names, or says why a name of the AWSD is no country of the layer.

    Examples
    --------
    >>> find_country("mali").iso3, find_country("République du Mali").iso3, find_country("ML").iso3
    ('MLI', 'MLI', 'MLI')
    >>> find_country("Soudan du Sud").iso3, find_country("Occupied Palestinian Territories").iso3
    ('SSD', 'PSE')
    """
    if isinstance(text, Country):
        return text
    shipped = _shipped(place := data_folder())
    if text.strip().upper() in shipped:
        return _with_own(shipped[text.strip().upper()])
    known = _by_name(place)
    if (wanted := fold(text)) in known:
        return _with_own(shipped[known[wanted]])
    for country in _added(place).values():
        if wanted in (fold(country.iso3), fold(country.names["en"])):
            return _with_own(country)
    close = dict.fromkeys(known[name] for name in get_close_matches(wanted, known, n=3, cutoff=0.7))
    hint = f" Did you mean {' or '.join(_label(shipped[iso3]) for iso3 in close)}?" if close else ""
    raise RequestError(
        f"No boundaries for the country {text!r}.{_why_not(wanted) or hint}"
        f" There are {len(shipped)}, each by ISO 3166 code or by name: `awsd-geo regions MLI` lists one."
    )


def default_vintage(country: str | Country, on: date, *, level: int | None = None) -> Vintage:
    """Give the frame in force on a day.

    Parameters
    ----------
    country : str or Country
        As in `find_country`.
    on : date
        The day; usually the last of the period.
    level : int, optional
        Only frames that have this level; any where left out.

    Returns
    -------
    Vintage
        The newest that began by that day; one that is not for a date only where there is no other.

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
    fitting = [vintage for vintage in found.vintages if level is None or level in vintage.files]
    for vintage in reversed(fitting):
        if vintage.valid_from is None or vintage.valid_from <= on:
            return vintage
    if not fitting:
        found.level(-1 if level is None else level)
    oldest = fitting[0]
    raise RequestError(
        f"{found.names['en']} has no boundaries for {on:%Y-%m-%d}: the oldest are in force from "
        f"{oldest.valid_from:%Y-%m-%d}. Name a vintage: {', '.join(vintage.name for vintage in fitting)}."
    )


def rows(country: Country, table: str) -> list[dict[str, str]]:
    """Read one of the tables that ``[tables]`` of country.toml names, as text; none where it names none."""
    if table not in country.facts["tables"]:
        return []
    with (country.folder / country.facts["tables"][table]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _label(country: Country) -> str:
    return f"{country.iso3} ({country.names['en']})"


def _shipped(place: Path) -> dict[str, Country]:
    """Give the countries of the world layer, each with its own folder's frames where it has one."""
    return {**read_world(place), **read_folders(place)}


def _with_own(country: Country) -> Country:
    """Add the frames that the user has added to the country, read anew each time."""
    if not (added := own.user_vintages(country.iso3)):
        return country
    return replace(country, vintages=tuple(sorted([*country.vintages, *added], key=_began)))


def _added(place: Path) -> dict[str, Country]:
    """Give the countries that only the user knows, by ISO3."""
    return {iso3: own.user_country(iso3) for iso3 in own.user_countries() if iso3 not in _shipped(place)}


def _began(vintage: Vintage) -> date:
    return vintage.valid_from or date.min


@lru_cache(maxsize=4)
def _by_name(place: Path) -> dict[str, str]:
    """Give ISO3 by folded code or name; a folder's names before the world layer's, English names before others."""
    known: dict[str, str] = {}
    for source in (read_world(place), read_folders(place)):
        other = {fold(name): iso3 for iso3, country in source.items() for name in _other_names(country)}
        plain = {fold(name): iso3 for iso3, country in source.items() for name in (country.names["en"], country.iso2)}
        known |= other | plain | {fold(iso3): iso3 for iso3 in source}
    known.pop("", None)
    return known


def _other_names(country: Country) -> Iterator[str]:
    yield from country.names.values()
    yield from country.aliases


def _why_not(wanted: str) -> str:
    """Say why a name that the AWSD uses stands for no one country."""
    from awsd_geo.boundaries.awsd import unmapped

    reason = unmapped(wanted)
    return f" {reason}" if reason else ""
