"""The constant parts of every map page: Leaflet from its installed package, our own script and stylesheets."""

from __future__ import annotations

import re
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
