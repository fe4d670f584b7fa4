"""What in a page belongs to single incidents: columns in its data or over its tables, places on its map."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from awsd_geo.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

FORBIDDEN = ("details", "actor_name", "latitude", "longitude", "city", "day", "month", "source_row")
"""Columns of single incidents; as a key of a page's data or the head of a table they would publish rows."""

_NAMES = frozenset(FORBIDDEN) - {"city", "day", "month"}
"""Of these, those that are no word of a sentence: as a text of their own they head a column."""


def row_problems(data_texts: list[str], heads: list[str]) -> Iterator[str]:
    """Find what belongs to single incidents in a page.

    Parameters
    ----------
    data_texts : list of str
        Its JSON.
    heads : list of str
        The heads of its tables.

    Yields
    ------
    str
        Each problem, in a sentence.
    """
    for name in sorted({_column(text) for text in heads} & set(FORBIDDEN)):
        yield f"A table of the page has the column {name}, which belongs to single incidents."
    for text in data_texts:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            yield "The data of the page are not JSON."
            continue
        for name in sorted(set(_keys(data)) & set(FORBIDDEN) | set(_texts(data)) & _NAMES):
            yield f"The data of the page have the column {name}, which belongs to single incidents."
        if _has_points(data):
            yield "The page shows places of single incidents; it is for internal use only."


def _has_points(data: Any) -> bool:
    """Whether a layer of a map of ours has points."""
    layers = data.get("layers") if isinstance(data, dict) else None
    return isinstance(layers, list) and any(isinstance(each, dict) and each.get("points") for each in layers)


def _keys(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield _column(name)
            yield from _keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from _keys(value)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str) and len(data) < 20:  # no longer than a heading
        yield _column(data)
    for value in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(value)


@lru_cache(maxsize=4096)
def _column(heading: str) -> str:
    """Write a heading as the columns are written: "Actor name", "Détails"."""
    return "_".join(fold(heading.replace("_", " ")).split())
