"""Unpack the one layer that is asked for from a zip archive, after its sizes have been looked at."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from awsd_geo.boundaries.files.layer import LARGEST_UNPACKED, choose, some
from awsd_geo.errors import InputError
from awsd_geo.sources.opening import shown

MOST_MEMBERS = 2_000
LARGEST_RATIO = 200  # unpacked to packed; tables padded with blanks reach 50
_SMALL = 16 * 1024 * 1024  # bytes; below this no ratio matters
_READ = (".geojson", ".json", ".gpkg", ".shp", ".parquet", ".geoparquet")  # the likelier whole first
_SIDE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_CHUNK = 1024 * 1024


def unpack(file: str, path: Path, folder: Path, *, layer: str | None, level: int) -> Path:
    """Unpack a layer into a folder, under a name of ours.

    Parameters
    ----------
    file : str
        Name of the archive, for messages.
    path : path
        The archive.
    folder : path
        Where to unpack to.
    layer : str, optional
        Name of the member without ending, where there are several.
    level : int
        The level sought where no layer is named.

    Returns
    -------
    Path
        The unpacked file; the parts of a shapefile lie beside it.

    Raises
    ------
    InputError
        If the archive is damaged, locked, far larger unpacked than packed, names places outside itself, or has no
        layer that can be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(file, archive)
            chosen = _choose(file, members, layer=layer, level=level)
            parts = _parts(file, members, chosen)
            for part in parts:
                _write(file, archive, members[part], folder / f"layer{part.suffix.lower()}")
            return folder / f"layer{chosen.suffix.lower()}"
    except InputError:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise InputError(f"{file} is a damaged zip archive ({shown(error, 100)}). Get it again.") from None


def _members(file: str, archive: zipfile.ZipFile) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """List the members of an archive that can be unpacked without harm."""
    listed = [member for member in archive.infolist() if not member.is_dir()]
    if len(listed) > MOST_MEMBERS:
        raise InputError(f"{file} holds {len(listed):,} files. Zip only the boundaries.")
    for member in listed:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in member.filename:
            raise InputError(f"{file} names a place outside itself ({shown(member.filename)}), so it was not unpacked.")
        if member.flag_bits & 0x1:
            raise InputError(f"{file} is locked with a password. Unpack it, and zip it again without one.")
    unpacked = sum(member.file_size for member in listed)
    packed = max(1, sum(member.compress_size for member in listed), 1)
    if unpacked > LARGEST_UNPACKED:
        raise InputError(f"{file} would unpack to {unpacked // 2**20:,} MiB, so it was not. Zip only the boundaries.")
    if unpacked > _SMALL and unpacked > LARGEST_RATIO * packed:
        raise InputError(
            f"{file} would unpack to {unpacked // packed:,} times its size, as no boundaries do, so it was not."
        )
    kept = {PurePosixPath(member.filename.replace("\\", "/")): member for member in listed}
    return {name: member for name, member in kept.items() if "__MACOSX" not in name.parts and name.name[0] != "."}


def _choose(
    file: str, members: dict[PurePosixPath, zipfile.ZipInfo], *, layer: str | None, level: int
) -> PurePosixPath:
    readable = [name for name in members if name.suffix.lower() in _READ]
    if not readable:
        nested = any(name.suffix.lower() == ".zip" for name in members)
        hint = (
            "Unpack it once: it holds another archive." if nested else "Zip a shapefile with its .dbf, .shx and .prj."
        )
        raise InputError(
            f"{file} holds no shapefile, GeoJSON or GeoPackage, but {some([*map(str, members)]) or 'nothing'}. {hint}"
        )
    stem = choose(file, [name.stem for name in readable], layer=layer, level=level)
    fitting = sorted(
        (name for name in readable if name.stem == stem), key=lambda name: _READ.index(name.suffix.lower())
    )
    first = fitting[0]
    if sum(name.suffix.lower() == first.suffix.lower() for name in fitting) > 1:
        raise InputError(
            f"{file} holds several {first.name}: {some([*map(str, fitting)])}. Zip only the one to be read."
        )
    return first


def _parts(file: str, members: dict[PurePosixPath, zipfile.ZipInfo], chosen: PurePosixPath) -> list[PurePosixPath]:
    """Gather the files that make one layer."""
    if chosen.suffix.lower() != ".shp":
        return [chosen]
    beside = [name for name in members if name.parent == chosen.parent and name.stem == chosen.stem]
    parts = [name for name in beside if name.suffix.lower() in _SIDE]
    if not any(name.suffix.lower() == ".dbf" for name in parts):
        raise InputError(f"{file} lacks the .dbf of {chosen.name}, which holds the names. Zip all its parts.")
    return parts


def _write(file: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Unpack one member, and stop where it grows beyond what it says of itself."""
    left = member.file_size
    try:
        with archive.open(member) as source, target.open("wb") as written:
            while left >= 0 and (chunk := source.read(_CHUNK)):
                left -= len(chunk)
                written.write(chunk)
    except (RuntimeError, zlib.error, lzma.LZMAError) as error:  # a lock, or damage
        raise InputError(f"{file} cannot be unpacked ({shown(error, 100)}). Get it again.") from None
    if left < 0:
        raise InputError(f"{file} lies about the size of {shown(member.filename)}. Get it again.")
