"""What in a page belongs to single incidents: columns in its data or over its tables, places on its map or in words."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from awsd_geo.maps.audit_contents import content_problems
from awsd_geo.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORBIDDEN = ("details", "actor_name", "latitude", "longitude", "city", "day", "month", "source_row", "incident_id")
"""Columns of single incidents; as a key of a page's data or the head of a table they would publish rows."""

_NAMES = frozenset(FORBIDDEN) - {"city", "day", "month"}
"""Of these, those that are no word of a sentence: as a text of their own they head a column."""
_POINTS = frozenset({"lat", "lng", "lon", "long", "coordinates", "geometry", "geojson", "wkt", "geom"})
_DEGREES = r"[+−-]?\d{1,3}[.,]\d{3,}"
_PAIR = re.compile(rf"(?<![\w.,])({_DEGREES}) ?°? ?[NSns]?[\s,;/|]{{1,3}}(?:lo\w{{0,7}}\W{{1,3}})?({_DEGREES})(?![\w])")
_MANY = 3  # pairs in a row; bounds have two


def read_data(texts: list[str]) -> tuple[list[Any], list[str]]:
    """Read the JSON of a page.

    Parameters
    ----------
    texts : list of str
        As it stands in its scripts.

    Returns
    -------
    data : list
        What could be read.
    problems : list of str
        What could not.
    """
    data, problems = [], []
    for text in texts:
        if "<" in text:
            problems.append("The data of the page have an open <, by which programs read them in different ways.")
        try:
            data.append(json.loads(text))
        except (ValueError, RecursionError):
            problems.append("The data of the page are not JSON.")
    return data, problems


def row_problems(data: list[Any], heads: list[str]) -> Iterator[str]:
    """Find what belongs to single incidents in the data and tables of a page.

    Parameters
    ----------
    data : list
        Of :func:`read_data`.
    heads : list of str
        The cells of its tables.

    Yields
    ------
    str
        Each problem, in a sentence.
    """
    cells = {_column(text) for text in heads if len(text) < 40}
    for name in sorted(cells & set(FORBIDDEN)):
        yield f"A table of the page has the column {name}, which belongs to single incidents."
    for one in data:
        keys = set(_keys(one))
        for name in sorted(keys & set(FORBIDDEN) | set(_short_texts(one)) & _NAMES):
            yield f"The data of the page have the column {name}, which belongs to single incidents."
        for name in sorted(keys & _POINTS):
            yield f"The data of the page have {name}, which holds places."
        if any(_has_pairs(each) for each in _lists(one)):
            yield "The data of the page have a list of points."
        if _has_points(one):
            yield "The page shows places of single incidents; it is for internal use only."


def strange_data(data: list[Any]) -> Iterator[str]:
    """Find data that no map of this version of awsd_geo has."""
    for one in data:
        yield from content_problems(one)


def places_said(texts: Iterable[str]) -> Iterator[str]:
    """Find degrees of latitude and longitude to three decimals or more in what a page says."""
    for found in chain.from_iterable(map(_PAIR.finditer, texts)):
        first, second = (abs(float(part.replace(",", ".").replace("−", "-"))) for part in found.groups())
        if first <= 90 and second <= 180 and max(first, second) > 1:  # two p-values are no place
            yield f"The page says {found[0]!r}, which may be where something happened."


def all_texts(data: Any) -> Iterator[str]:
    """Give every text and every key of the data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from map(str, data)
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from all_texts(value)


def _has_points(data: Any) -> bool:
    """Whether a layer of a map of ours has points."""
    layers = data.get("layers") if isinstance(data, dict) else None
    return isinstance(layers, list) and any(isinstance(each, dict) and each.get("points") for each in layers)


def _lists(data: Any) -> Iterator[list[Any]]:
    if isinstance(data, list):
        yield data
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _lists(value)


def _has_pairs(values: list[Any]) -> bool:
    """Whether a list has several pairs of degrees that are no whole numbers."""
    pairs = [each for each in values if isinstance(each, list) and len(each) == 2]
    return sum(all(isinstance(part, float) and abs(part) <= 180 for part in pair) for pair in pairs) >= _MANY


def _keys(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield _column(name)
            yield from _keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from _keys(value)


def _short_texts(data: Any) -> Iterator[str]:
    return (_column(text) for text in all_texts(data) if len(text) < 20)  # no longer than a heading


@lru_cache(maxsize=4096)
def _column(heading: str) -> str:
    """Write a heading as the columns are written: "Actor name", "Détails"."""
    return "_".join(fold(heading.replace("_", " ")).split())
