"""The script that makes a map and draws our layer on it: ours alone, so that no version of folium changes a page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from awsd_geo.maps.geometry import Bounds

ZOOM = 5
OPTIONS: dict[str, bool | float] = {
    "zoom_control": False,
    "attribution_control": False,
    "scroll_wheel_zoom": False,
    "track_resize": False,
    "zoom_snap": 0.05,
    "zoom_delta": 0.5,
}
"""Options of the Leaflet map by folium's names, the same on our pages and on a ``folium.Map``."""


def centre(bounds: Bounds) -> list[float]:
    """Give latitude and longitude of the middle, in degrees rounded to 4 decimals.

    Examples
    --------
    >>> centre((-12.0, 10.0, 4.0, 25.0))
    [17.5, -4.0]
    """
    west, south, east, north = bounds
    return [round((south + north) / 2, 4), round((west + east) / 2, 4)]


def call(ident: str) -> str:
    """Write the call that draws the layer on the map of that name."""
    return f'awsdGeoMap(map_{ident}, "{ident}");'


def script(ident: str, middle: list[float]) -> str:
    """Write the script of a page: a Leaflet map in the element ``map_<ident>``, then the call that draws on it.

    Parameters
    ----------
    ident : str
        What the ids are made of: letters and digits.
    middle : list of float
        Latitude and longitude in degrees.

    Returns
    -------
    str
        The same JavaScript for the same id and place, whatever is installed.
    """
    named = {re.sub("_(.)", lambda found: found[1].upper(), name): value for name, value in OPTIONS.items()}
    options = ", ".join(f"{name}: {json.dumps(value)}" for name, value in named.items())
    start = f"center: {json.dumps(middle)}, zoom: {ZOOM}, {options}"
    return f'var map_{ident} = L.map("map_{ident}", {{{start}}});\n{call(ident)}'
