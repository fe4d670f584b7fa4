"""The constant parts of every map page: Leaflet from its installed package, our own script and stylesheets."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from pathlib import Path

SCRIPTS = ("shapes.js", "labels.js", "time.js", "search.js", "table.js", "picture.js", "points.js", "layer.js")


def _leaflet(name: str) -> str:
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR, name).read_text(encoding="utf-8")


@cache
def leaflet_script() -> str:
    """Give Leaflet's minified source without its pointer to a source map (which a debugger would request)."""
    return re.sub(r"\n//# sourceMappingURL=.*", "", _leaflet("leaflet.js"))


def leaflet_version() -> str:
    """Give the version that Leaflet's own source names: that of its Python package can be another.

    Examples
    --------
    >>> leaflet_version().split(".")[0]
    '1'
    """
    found = re.search(r"Leaflet (\d+\.\d+\.\d+)", leaflet_script()[:300])
    return found[1] if found else "unknown"


@cache
def leaflet_styles() -> str:
    """Give Leaflet's stylesheet without comments and without any address that a browser could request."""
    plain = re.sub(r"/\*.*?\*/", "", _leaflet("leaflet.css"), flags=re.DOTALL)
    plain = re.sub(r"url\([^)]*\)", "none", plain)
    return re.sub(r"\s*\n\s*", "\n", plain).strip()


def _picture(name: str) -> str:
    """Give one of Leaflet's pictures as an address that holds it."""
    from xstatic.pkg import leaflet

    return "data:image/png;base64," + b64encode(Path(leaflet.BASE_DIR, "images", name).read_bytes()).decode()


@cache
def folium_script() -> str:
    """Give what folium's markers and popups call, with the pictures that they would fetch."""
    files_of = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png", "shadowUrl": "marker-shadow.png"}
    pins = json.dumps({option: _picture(name) for option, name in files_of.items()})
    return tight("folium.js").replace("__PINS__", pins)


@cache
def folium_styles() -> str:
    """Give the picture of folium's LayerControl, which Leaflet's stylesheet would fetch."""
    return f".leaflet-control-layers-toggle{{background-image:url({_picture('layers.png')})}}"


@cache
def own(name: str) -> str:
    """Read one of the package's own files, such as ``layer.js`` or ``map.css``."""
    return files("awsd_geo.maps").joinpath(name).read_text(encoding="utf-8")


@cache
def tight(name: str) -> str:
    """Read one of our own files without the comments and blanks that begin its lines.

    No text of ours goes over the end of a line, and no comment stands between code on one; so this needs no parser.
    """
    plain = re.sub(r"^\s*/\*.*?\*/\s*?$", "", own(name), flags=re.DOTALL | re.MULTILINE)
    plain = re.sub(r"^\s*//.*$|\s+// .*$", "", plain, flags=re.MULTILINE)
    return re.sub(r"\s*\n\s*", "\n", plain).strip()


@cache
def scripts() -> str:
    """Join the parts of our own script, each a file for one noun; the last one draws the map."""
    return "\n".join(tight(name) for name in SCRIPTS)
