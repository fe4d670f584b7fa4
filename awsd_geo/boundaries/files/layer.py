"""A layer of a boundary file, as it was read and before it is trusted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsd_geo.errors import InputError
from awsd_geo.sources.opening import shown

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LARGEST_FILE = 512 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 1024 * 1024 * 1024  # bytes
MOST_UNITS = 100_000
_OTHER = re.compile(r"line|point|label|capital|pplp|centroid|admbndl|admbndp", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """What a file says: properties, shapes and CRS, unchecked."""

    file: str  # its name, for messages
    table: pd.DataFrame  # the properties, one row a feature
    shapes: np.ndarray[Any, np.dtype[np.object_]]  # shapely geometries or None
    crs: Any  # a pyproj CRS, or None where the file has none


@dataclass(slots=True)
class Report:
    """What was repaired, in the order in which it was."""

    entries: list[dict[str, Any]] = field(default_factory=list)

    def add(self, what: str, units: Sequence[str]) -> None:
        """Note one sort of repair and the units it was made in."""
        self.entries.append({"what": what, "units": list(units)})


def some(names: Sequence[object], most: int = 3) -> str:
    """Name a few and say how many more there are."""
    listed = ", ".join(shown(name, 40) for name in names[:most])
    return listed + (f" and {len(names) - most} more" if len(names) > most else "")


def choose(file: str, names: Sequence[str], *, layer: str | None, level: int) -> str:
    """Choose the layer of a file that has several: the one named, the only one, or the only one of the level.

    Parameters
    ----------
    file : str
        Name of the file.
    names : sequence of str
        Layers, without folder and ending.
    layer : str, optional
        The name asked for; case makes no difference.
    level : int
        1 for regions, and so on; sought as adm1, admin1, level_1.

    Returns
    -------
    str
        One of ``names``.

    Raises
    ------
    InputError
        If none or several fit; the message lists what there is.
    """
    if layer is not None:
        if fitting := [name for name in names if name.casefold() == layer.casefold()]:
            return fitting[0]
        raise InputError(f"{file} has no layer {shown(layer)!r}. It has: {some(names, 20)}.")
    if len(set(names)) == 1:
        return names[0]
    marked = re.compile(rf"(?:adm|admin|level|lvl)[ _-]?{level}(?!\d)", re.IGNORECASE)
    fitting = [name for name in names if marked.search(name)]
    fitting = [name for name in fitting if not _OTHER.search(name)] or fitting
    if len(set(fitting)) == 1:
        return fitting[0]
    raise InputError(
        f"{file} has several layers, and which one holds level {level} is not clear: {some(names, 20)}. "
        f"Name one: layer={shown(names[0])!r} (--layer)."
    )
