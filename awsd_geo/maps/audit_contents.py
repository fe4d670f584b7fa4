"""The data of a map as the audit knows them: which keys there are, and no more places than units and main towns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from awsd_geo.maps.contents import SCRIPT_WORDS
from awsd_geo.maps.geometry import MOST_TOWNS

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"[A-Za-z0-9_-]*")  # of arcs.encode
_TEXT, _WHOLE, _FLAG = {str}, {int}, {bool}
_NUMBER = {int, float}
_AT = [_NUMBER]
_RINGS = [[[_WHOLE]]]
_VALUES = [{int, float, type(None)}]
_LAYER = {
    **dict.fromkeys(("key", "title", "unit", "description", "missing", "points"), _TEXT),
    **{name: [_TEXT] for name in ("notes", "shown", "marks", "reasons")},
    "classes": [[_TEXT]],
    **dict.fromkeys(("zero", "hides"), _FLAG),
    "grid": [[_TEXT]],
    "index": [_WHOLE],
    "values": _VALUES,
    "years": [{"index": [_WHOLE], "values": _VALUES, "shown": [_TEXT]}],
    "outlines": [{"mark": _TEXT, "regions": [_WHOLE], "text": _TEXT, "faint": _FLAG}],
}
_AROUND = {"arcs": [_TEXT], "units": [{"name": _TEXT, "rings": _RINGS, "at": _AT}]}
_MAP = {
    "scale": _WHOLE,
    "bounds": [_AT],
    "words": dict.fromkeys((*SCRIPT_WORDS, "whole_period", "table_region"), _TEXT),
    "years": [_WHOLE],
    "headings": [[{int, str}]],
    "arcs": [_TEXT],
    "regions": [{"name": _TEXT, "kind": _TEXT, "rings": _RINGS, "at": _AT, "facts": [_TEXT]}],
    "layers": [_LAYER],
    "neighbours": _AROUND,
    "towns": [{"name": _TEXT, "at": _AT}],
    "finer": [_TEXT],
    "about": {"title": _TEXT, "finding": _TEXT, "subtitle": _TEXT, "banners": [_TEXT]},
}


def content_problems(data: Any) -> Iterator[str]:
    """Find what the data of a page have beyond what the map of this version of awsd_geo has.

    Parameters
    ----------
    data : JSON-able
        As read.

    Yields
    ------
    str
        Each problem, in a sentence.
    """
    whole = dict(data) if isinstance(data, dict) else data
    yearly = whole.pop("yearly", {}) if isinstance(whole, dict) else {}
    columns = {key: [[_TEXT]] for key in yearly if re.fullmatch("[0-9]{1,3}", key)} if isinstance(yearly, dict) else {}
    found = [*_misfits(whole, _MAP, ""), *_misfits(yearly, columns, "yearly")]
    if found:
        first = found[0] or "its beginning"
        yield f"The data of the page are not those of a map of this version of awsd_geo ({first})."
        return
    yield from _places(whole)


def _misfits(value: Any, pattern: Any, where: str) -> Iterator[str]:
    """Name the places at which a value is other than its pattern: a set of types, a list of one, a dict of some."""
    if isinstance(pattern, set):
        if type(value) not in pattern:
            yield where
    elif value is None:
        return
    elif isinstance(pattern, list):
        if not isinstance(value, list):
            yield where
            return
        for each in value:
            yield from _misfits(each, pattern[0], where)
    elif not isinstance(value, dict):
        yield where
    else:
        yield from (f"{where} {key}".strip() for key in value.keys() ^ pattern.keys())
        for key in value.keys() & pattern.keys():
            yield from _misfits(value[key], pattern[key], f"{where} {key}".strip())


def _places(data: dict[str, Any]) -> Iterator[str]:
    around = data["neighbours"] or {"arcs": [], "units": []}
    lines = [*data["arcs"], *around["arcs"], *data["finer"]]
    if not all(_LINE.fullmatch(text) for text in [*lines, *(layer["points"] for layer in data["layers"])]):
        yield "The data of the page have a line that is none."
    for arcs, units in ((data["arcs"], data["regions"]), (around["arcs"], around["units"])):
        drawn = {max(arc, ~arc) for unit in units for part in unit["rings"] for ring in part for arc in ring}
        if drawn != set(range(len(arcs))):
            yield "The data of the page have lines that are of no outline."
    points = [unit["at"] for unit in (*data["regions"], *around["units"], *data["towns"]) if unit["at"] is not None]
    if len(data["towns"]) > MOST_TOWNS or any(len(point) != 2 for point in [*points, *data["bounds"]]):
        yield "The data of the page have more places than its regions and main towns."
    if len(data["bounds"]) != 2 or any(len(unit["facts"]) != len(data["headings"]) for unit in data["regions"]):
        yield "The data of the page have more facts than its table."
