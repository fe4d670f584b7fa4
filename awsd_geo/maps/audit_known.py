"""The scripts and styles that awsd_geo writes, told from any others by their text alone."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from awsd_geo.maps import assets, start
from awsd_geo.maps.style import CATEGORICAL, DIVERGING, SEQUENTIAL, accent_rules, colour_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

_IDENT = re.compile(r"\bmap_([0-9a-f]{10})\b")
_CENTRE = re.compile(r"center: \[(-?[0-9.]{1,20}), (-?[0-9.]{1,20})\]")
_ALERT = "report/templates/alert.css"  # of the page that stands around the map of an alert


def strangers(scripts: list[str], styles: list[str]) -> Iterator[str]:
    """Name each script and style that this version of awsd_geo does not write.

    Parameters
    ----------
    scripts, styles : list of str
        Those of a page.

    Yields
    ------
    str
        Such as "script 3".
    """
    for place, source in enumerate(scripts, start=1):
        if source not in (assets.leaflet_script(), assets.scripts()) and source != _map_script(source):
            yield f"script {place}"
    for place, source in enumerate(styles, start=1):
        if source not in _styles() and source != _colours(source):
            yield f"style {place}"


def versions() -> str:
    """Name the programs whose scripts and styles are known."""
    from importlib.metadata import version

    programs = ("awsd-geo", "xstatic-leaflet")
    return ", ".join(f"{name} {version(name)}" for name in programs)


def _map_script(source: str) -> str:
    """Write the script that makes a map anew, for the name and the centre that one has: all else is constant."""
    ident, centre = _IDENT.search(source), _CENTRE.search(source)
    if ident is None or centre is None:
        return ""
    return start.script(ident[1], [float(centre[1]), float(centre[2])])


@lru_cache(maxsize=1)
def _styles() -> frozenset[str]:
    alert = files("awsd_geo").joinpath(_ALERT).read_text(encoding="utf-8")
    return frozenset(
        {assets.leaflet_styles(), assets.tight("map.css"), assets.tight("page.css"), accent_rules() + alert}
    )


def _colours(source: str) -> str:
    """Write the colours anew, of the palettes that are named in a style."""
    palettes = {*SEQUENTIAL, *DIVERGING, *CATEGORICAL} & set(re.findall(r"^\.awsd-([a-z_]+)-0", source, re.MULTILINE))
    return colour_rules(palettes) if palettes else ""
