"""What the command line runs on: for those who want to repeat a run exactly, or to report a bug."""

from __future__ import annotations

import platform
import re
from importlib import metadata

import awsd_geo as ag


def environment() -> list[str]:
    """Name awsd_geo, then the machine, Python, and every package that it needs, each with its version.

    Returns
    -------
    list of str
        Such as ``["awsd-geo 0.1.0", "Linux x86_64", "python 3.12.1", "esda 2.9.0", ...]``.
    """
    import shapely

    libraries = [f"geos {shapely.geos_version_string}", *(f"{name} {metadata.version(name)}" for name in _needed())]
    return [
        f"awsd-geo {ag.__version__}",
        f"{platform.system()} {platform.machine()}",
        f"python {platform.python_version()}",
        *libraries,
    ]


def _needed() -> list[str]:
    """Name the packages that awsd_geo asks for, without those of extras; none where it runs without being installed."""
    try:
        asked = metadata.requires("awsd-geo") or []
    except metadata.PackageNotFoundError:
        return []
    return sorted(match[0] for line in asked if "extra ==" not in line and (match := re.match(r"[\w.-]+", line)))
