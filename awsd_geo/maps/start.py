"""The script that makes a folium map and draws our layer on it, in words that no version of folium changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

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
"""Options of the Leaflet map by folium's names."""


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


def script(ident: str, middle: list[float], given: Mapping[str, Any] | None = None) -> str:
    """Write the script of a page: a Leaflet map in the element ``map_<ident>``, then the call that draws on it.

    Parameters
    ----------
    ident : str
        What the ids are made of: letters and digits.
    middle : list of float
        Latitude and longitude in degrees.
    given : mapping of str to any, optional
        ``zoom`` and the options, by folium's or by Leaflet's names; by default our own.

    Returns
    -------
    str
        The same JavaScript for the same map, whatever is installed.
    """
    held = {_plain(name): value for name, value in (given or {"zoom": ZOOM, **OPTIONS}).items()}
    options = ", ".join(f"{_leaflet(name)}: {json.dumps(held[_plain(name)])}" for name in ("zoom", *OPTIONS))
    start = f"center: {json.dumps(middle)}, {options}"
    return f'var map_{ident} = L.map("map_{ident}", {{{start}}});\n{call(ident)}'


def _leaflet(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
