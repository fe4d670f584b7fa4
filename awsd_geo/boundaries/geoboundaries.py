"""Boundaries from geoBoundaries: its description first, then the file, checked against it and kept in a cache."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.files import from_file
from awsd_geo.boundaries.files.country import find_place
from awsd_geo.errors import InputError, RequestError
from awsd_geo.sources.fetching import RefusalError, fetch, replace
from awsd_geo.sources.opening import shown

if TYPE_CHECKING:
    import geopandas as gpd

API = "https://www.geoboundaries.org/api/current"
RELEASES = ("gbOpen", "gbHumanitarian", "gbAuthoritative")
LARGEST_DESCRIPTION = 1024 * 1024  # bytes
LARGEST_FILE = 512 * 1024 * 1024
_INSTEAD = "download the file in a browser from https://www.geoboundaries.org and give it to `awsd-geo boundaries add`"
_POINTER = re.compile(rb"version https://git-lfs\S*\s+oid sha256:([0-9a-f]{64})\s+size (\d+)\s*")
_ON_GITHUB = re.compile(r"https://github\.com/([^/]+)/([^/]+)/raw/([^/]+)/(.+)")


def from_geoboundaries(
    country: str,
    *,
    level: int = 1,
    release: str = "gbOpen",
    vintage: str | None = None,
    url: str = API,
    pause: float = 2.0,
) -> gpd.GeoDataFrame:
    """Fetch the boundaries of a country from geoBoundaries.

    Parameters
    ----------
    country : str
        ISO3, ISO2 or name.
    level : int
        1 for the first level below the country, and so on.
    release : {"gbOpen", "gbHumanitarian", "gbAuthoritative"}
        Open data; what OCHA gives; what the UN's SALB gives (not for commercial use). Each set has its own licence.
    vintage : str, optional
        What to call the frame; by default the year that geoBoundaries says the boundaries represent.
    url : str
        Address of the API.
    pause : float, default 2
        Seconds before a second try, doubled before a third.

    Returns
    -------
    GeoDataFrame
        As `from_file` gives it, with licence and source in ``attrs["notice"]``, and ``attrs["geoboundaries"]``: what
        geoBoundaries says of the set (boundaryID, boundaryLicense, boundarySource, ...). Give it to `add` to keep it.

    Raises
    ------
    RequestError
        If the country, level or release is not known, or geoBoundaries has no such set.
    InputError
        If it cannot be reached, or what it sends is not what it described (checksum, number of units, country).

    References
    ----------
    .. [1] Runfola, D. et al. (2020). geoBoundaries: A global database of political administrative boundaries. PLoS ONE
       15(4): e0231866.
    """
    if release not in RELEASES:
        raise RequestError(f"There is no release {shown(release)!r} of geoBoundaries. Choose {', '.join(RELEASES)}.")
    place = find_place(country)
    about = _describe(f"{url}/{release}/{place.iso3}/ADM{level}/", place.name, release, level, pause)
    if about.get("boundaryISO") != place.iso3 or about.get("boundaryType") != f"ADM{level}":
        raise InputError(f"geoBoundaries described another set ({shown(about.get('boundaryID'))}). Nothing was kept.")
    year = re.search(r"\d{4}", str(about.get("boundaryYearRepresented", "")))
    if vintage is None and year is None:
        raise RequestError("geoBoundaries does not say which year the set is of. Name the frame: vintage='2020'.")
    named = vintage or (year.group() if year else "")
    address = str(about["gjDownloadURL"])
    kept = _place_in_cache(address, str(about.get("boundaryID")))
    cached = _whole(kept)
    content = cached or _content(address, pause)
    with tempfile.TemporaryDirectory(prefix="awsd-geo-") as passing:
        path = Path(passing) / kept.name
        path.write_bytes(content)
        regions = from_file(path, country=place.iso3, level=level, vintage=named)
    if (told := str(about.get("admUnitCount", ""))).isdigit() and int(told) != len(regions):
        raise InputError(f"geoBoundaries said {int(told):,} units and sent {len(regions):,}. Nothing was kept.")
    if cached is None and cache_folder():
        _keep(kept, content)
    regions.attrs |= _notice(about, release) | {"geoboundaries": about}
    return regions


def cache_folder() -> Path | None:
    """Give the folder for files that can be fetched again; None where nothing is to be kept.

    Returns
    -------
    Path or None
        What the environment variable AWSD_GEO_CACHE names (None where that is empty or "off"), else the place for
        such files that the operating system gives to every program of a user.
    """
    named = os.environ.get("AWSD_GEO_CACHE")
    if named is not None:
        return None if named.strip().lower() in {"", "off"} else Path(named).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("awsd_geo", appauthor=False)


def _describe(address: str, name: str, release: str, level: int, pause: float) -> dict[str, Any]:
    try:
        answer = fetch(address, instead=_INSTEAD, accept="application/json", largest=LARGEST_DESCRIPTION, pause=pause)
    except RefusalError as error:
        if error.code == 404:
            raise RequestError(
                f"geoBoundaries has no level {level} of {name} in {release}. Try another level."
            ) from None
        raise
    try:
        about = json.loads(answer)
    except (ValueError, RecursionError):
        about = None
    if not isinstance(about, dict) or not str(about.get("gjDownloadURL", "")).startswith(("https://", "http://")):
        raise InputError(f"geoBoundaries did not answer as it used to ({shown(answer[:60])}). You can {_INSTEAD}.")
    return about


def _place_in_cache(address: str, boundary_id: str) -> Path:
    """Name the file of a set; another build of it has another address and so another name."""
    plain = re.sub("[^A-Za-z0-9-]", "_", boundary_id)[:60]
    return (cache_folder() or Path()) / "geoboundaries" / f"{plain}-{_sha256(address.encode())[:8]}.geojson"


def _whole(path: Path) -> bytes | None:
    """Give a file of the cache; None where there is none that is as it was written."""
    digest = path.with_suffix(".sha256")
    if cache_folder() is None or not (path.is_file() and digest.is_file()):
        return None
    content = path.read_bytes()
    return content if _sha256(content) == digest.read_text("ascii", "replace").strip() else None


def _keep(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        told = f"{path.parent} cannot be made ({error.strerror})."
        raise InputError(f"{told} Name another folder in AWSD_GEO_CACHE, or switch it off there.") from None
    replace(path, content)
    replace(path.with_suffix(".sha256"), _sha256(content).encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _content(address: str, pause: float) -> bytes:
    """Fetch a file; where the server gives a pointer with a checksum instead, what it points to, checked."""
    content = fetch(address, instead=_INSTEAD, largest=LARGEST_FILE, pause=pause)
    if not (pointer := _POINTER.fullmatch(content)):
        return content
    on_github = _ON_GITHUB.fullmatch(address)
    if on_github is None:
        raise InputError(f"geoBoundaries sent a pointer instead of the file. You can {_INSTEAD}.")
    meant = "https://media.githubusercontent.com/media/{}/{}/{}/{}".format(*on_github.groups())
    content = fetch(meant, instead=_INSTEAD, largest=LARGEST_FILE, pause=pause)
    check_content(content, pointer.group(1).decode(), int(pointer.group(2)))
    return content


def check_content(content: bytes, sha256: str, size: int) -> None:
    """Refuse a file that is not the one described.

    Parameters
    ----------
    content : bytes
        What was fetched.
    sha256 : str
        Its checksum, as described.
    size : int
        Bytes, as described.

    Raises
    ------
    InputError
        If either differs.
    """
    if len(content) != size or _sha256(content) != sha256:
        raise InputError(f"The file from geoBoundaries is not the one described ({len(content):,} bytes). Try again.")


def _notice(about: dict[str, Any], release: str) -> dict[str, str]:
    """Say whose boundaries these are and under which licence."""
    said = {name: shown(about.get(name) or "not stated", 200) for name in _SAID}
    what = f"geoBoundaries {release} {said['boundaryID']} ({said['boundaryYearRepresented']})"
    return {
        "notice": (
            f"Boundaries: {what}, www.geoboundaries.org; licence: {said['boundaryLicense']}; source: "
            f"{said['boundarySource']}. Runfola et al. (2020), PLoS ONE 15(4): e0231866. The boundaries imply "
            "no opinion on the status of any territory."
        ),
        "notice_short": f"Boundaries: {what}, {said['boundaryLicense']}, from {said['boundarySource']}.",
        "notice_short_fr": f"Limites\u00a0: {what}, {said['boundaryLicense']}, d’après {said['boundarySource']}.",
    }


_SAID = ("boundaryID", "boundaryYearRepresented", "boundaryLicense", "boundarySource")
