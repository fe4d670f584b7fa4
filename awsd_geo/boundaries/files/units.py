"""The features of a layer as units: names, keys, the units above, and no two alike."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.files.columns import Above, Chosen, texts
from awsd_geo.boundaries.files.layer import Layer, Report, some
from awsd_geo.errors import InputError
from awsd_geo.sources.opening import shown
from awsd_geo.text import slug

if TYPE_CHECKING:
    import numpy as np

LONGEST = 200  # characters of a name or an id
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What is known of each unit, in the order of the file."""

    names: list[str]
    keys: list[str]  # what is last in a region_id
    codes: list[str | None]  # the ids as the file has them
    others: list[tuple[str, ...]]  # further names
    above: dict[int, list[tuple[str, str] | None]]  # level above -> key and name of the unit of it
    shapes: np.ndarray[Any, np.dtype[np.object_]]


def read_units(layer: Layer, chosen: Chosen, report: Report) -> Units:
    """Read names and ids; parts of one unit that stand as features of their own are put together.

    Parameters
    ----------
    layer : Layer
        As it was read.
    chosen : Chosen
        Which columns hold what.
    report : Report
        Receives the units that were put together.

    Returns
    -------
    Units

    Raises
    ------
    InputError
        If a name or an id is missing or far too long, or an id stands for units of several names.
    """
    names = _whole(layer, chosen.name, "name")
    codes = _whole(layer, chosen.id, "id") if chosen.id else None
    others = [texts(layer.table[column]) for column in chosen.others]
    further = zip(*others, strict=True) if others else [()] * len(names)
    units = Units(
        names,
        [_key(text) for text in codes or names],
        list(codes) if codes else [None] * len(names),
        [_further(name, row) for name, row in zip(names, further, strict=True)],
        {one.level: _units_above(layer, one) for one in chosen.above},
        layer.shapes,
    )
    return _one_each(layer.file, units, chosen, report)


def _units_above(layer: Layer, above: Above) -> list[tuple[str, str] | None]:
    pairs = zip(texts(layer.table[above.id]), texts(layer.table[above.name]), strict=True)
    return [(_key(code), name[:LONGEST]) if code and name and _key(code) else None for code, name in pairs]


def _whole(layer: Layer, column: str, what: str) -> list[str]:
    """Read a column in which nothing may be missing."""
    values = texts(layer.table[column])
    lacking = [row + 1 for row, value in enumerate(values) if value is None or not slug(value)]
    if lacking:
        raise InputError(
            f"{layer.file} has {len(lacking)} feature{'s' * (len(lacking) > 1)} without {_article(what)} in the column "
            f"{shown(column)} (feature {some(lacking, 5)}). Fill it in, or take the features out."
        )
    if long := [value for value in values if value and len(value) > LONGEST]:
        raise InputError(
            f"{layer.file} has {_article(what)} of {len(long[0]):,} characters ({shown(long[0], 40)}) in the column "
            f"{shown(column)}; at most {LONGEST} are read. Is it the right column?"
        )
    return [str(value) for value in values]


def _article(what: str) -> str:
    return f"an {what}" if what == "id" else f"a {what}"


def _key(text: str) -> str:
    """Give the part of a region_id: a code as it is, anything else folded."""
    return text if _PLAIN.fullmatch(text) and any(map(str.isdigit, text)) else slug(text)


def _further(name: str, row: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(other[:LONGEST] for other in dict.fromkeys(filter(None, row)) if other != name)


def _one_each(file: str, units: Units, chosen: Chosen, report: Report) -> Units:
    """See that no two units have one key, after putting together the parts of one unit."""
    counted = Counter(units.keys)
    twice = [key for key, number in counted.items() if number > 1]
    if not twice:
        return units
    for key in twice:
        rows = [row for row, one in enumerate(units.keys) if one == key]
        same = {(units.names[row], *(above[row] for above in units.above.values())) for row in rows}
        if len(same) > 1 or chosen.id is None:
            raise InputError(_alike(file, units, chosen, key, counted[key]))
    report.add("features with the same id and name put together", [units.names[units.keys.index(key)] for key in twice])
    return _joined(units)


def _alike(file: str, units: Units, chosen: Chosen, key: str, number: int) -> str:
    found = [units.names[row] for row, one in enumerate(units.keys) if one == key]
    if chosen.id is None:
        return (
            f"{file} has {number} units called {shown(found[0])!r} and no column of ids to tell them apart. Name one: "
            "id_column=... (--id-column)."
        )
    return (
        f"{file} has the id {shown(key)!r} {number} times in the column {shown(chosen.id)} (for {some(found)}). Give "
        "each unit an id of its own, or name another column: id_column=... (--id-column)."
    )


def _joined(units: Units) -> Units:
    import numpy as np
    import shapely

    rows: dict[str, list[int]] = {}
    for row, key in enumerate(units.keys):
        rows.setdefault(key, []).append(row)
    shapes = np.empty(len(rows), dtype=object)
    for place, members in enumerate(rows.values()):
        parts = [
            part for row in members if units.shapes[row] is not None for part in shapely.get_parts(units.shapes[row])
        ]
        valid = shapely.make_valid(parts) if parts else []
        shapes[place] = units.shapes[members[0]] if len(members) == 1 else shapely.union_all(valid)
    first = [members[0] for members in rows.values()]
    kept: dict[str, Any] = {
        field: [getattr(units, field)[row] for row in first] for field in ("names", "keys", "codes", "others")
    }
    above = {level: [values[row] for row in first] for level, values in units.above.items()}
    return replace(units, **kept, above=above, shapes=shapes)
