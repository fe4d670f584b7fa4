"""The constant parts of every map page: Leaflet from its installed package, our own script and stylesheets."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path


def _leaflet(name: str) -> str:
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR, name).read_text(encoding="utf-8")


@cache
def leaflet_script() -> str:
    """Give Leaflet's minified source without its pointer to a source map (which a debugger would request)."""
    return re.sub(r"\n//# sourceMappingURL=.*", "", _leaflet("leaflet.js"))


@cache
def leaflet_styles() -> str:
    """Give Leaflet's stylesheet without comments and without any address that a browser could request."""
    plain = re.sub(r"/\*.*?\*/", "", _leaflet("leaflet.css"), flags=re.DOTALL)
    plain = re.sub(r"url\([^)]*\)", "none", plain)
    return re.sub(r"\s*\n\s*", "\n", plain).strip()


@cache
def own(name: str) -> str:
    """Read one of the package's own files: ``layer.js``, ``map.css`` or ``page.css``."""
    return files("awsd_geo.maps").joinpath(name).read_text(encoding="utf-8")
