"""Open a boundary file: what it is is told from its first bytes, never from the ending of its name."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from awsd_geo.boundaries.files.archives import unpack
from awsd_geo.boundaries.files.geojson import read_geojson
from awsd_geo.boundaries.files.layer import LARGEST_FILE, LARGEST_UNPACKED, MOST_UNITS, Layer, choose
from awsd_geo.errors import DependencyError, InputError
from awsd_geo.sources.opening import shown

FORMATS = "GeoJSON, GeoPackage (.gpkg), a zipped shapefile or GeoParquet"
_REFUSED = (
    (b"\x00\x00\x27\x0a", "one part of a shapefile; zip its .shp, .shx, .dbf and .prj together"),
    (b"<", "XML or a web page, such as KML, GML or a file that points GDAL to other files"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a gzip archive; unpack it"),
    (b"Rar!", "a RAR archive; unpack it"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it"),
    (b"\xd0\xcf\x11\xe0", "an old workbook"),
    (b"fgb", "FlatGeobuf"),
    (b"version https://git-lfs", "a pointer to a file that was not fetched; download the file itself"),
)


def open_layer(path: str | os.PathLike[str], *, layer: str | None, level: int) -> tuple[Layer, str]:
    """Read one layer of a file.

    Parameters
    ----------
    path : path
        The file.
    layer : str, optional
        Which layer, where the file has several.
    level : int
        The level sought where no layer is named.

    Returns
    -------
    Layer
    str
        SHA-256 of the file.

    Raises
    ------
    InputError
        If there is no such file, it is of no known format, damaged, too large or not what its name says.
    DependencyError
        If it is GeoParquet and pyarrow is not installed.
    """
    given = _existing(path)
    file = shown(given.name)
    with given.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    with tempfile.TemporaryDirectory(prefix="awsd-geo-") as folder:
        if _start(given).startswith((b"PK\x03\x04", b"PK\x05\x06")):
            given = unpack(file, given, Path(folder), layer=layer, level=level)
            found = _read(file, given, Path(folder), layer=None, level=level)
        else:
            found = _read(file, given, Path(folder), layer=layer, level=level)
    if not len(found.table):
        raise InputError(f"{file} has no feature. Give a file with the units of level {level}.")
    if len(found.table) > MOST_UNITS:
        raise InputError(f"{file} has {len(found.table):,} features; at most {MOST_UNITS:,} units can be read.")
    return found, digest


def _existing(path: str | os.PathLike[str]) -> Path:
    text = os.fspath(path)
    if not text or "\0" in text:
        raise InputError("The path of the file is empty or holds a null character. Give the path of a boundary file.")
    if text.lower().startswith(("http://", "https://", "ftp://", "/vsi")):
        raise InputError(f"{shown(text)} is an address, not a file. Download it first, then give the file.")
    found = Path(text)
    try:
        if found.is_dir():
            raise InputError(f"{shown(text, 200)} is a folder. Name the file in it; zip a shapefile's parts together.")
        size = found.stat().st_size
        if size > LARGEST_FILE:
            raise InputError(f"{shown(found.name)} is larger than {LARGEST_FILE // 2**20} MiB. Simplify it first.")
        if not size:
            raise InputError(f"{shown(found.name)} is empty. Give {FORMATS}.")
        found.open("rb").close()
    except FileNotFoundError:
        raise InputError(f"There is no file {shown(text, 200)}. Check the path and its spelling.") from None
    except OSError as error:
        raise InputError(f"{shown(found.name)} cannot be read ({error.strerror or error}).") from None
    return found


def _start(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(4096)


def _read(file: str, path: Path, folder: Path, *, layer: str | None, level: int) -> Layer:
    """Read by what the first bytes say; GDAL only ever sees a copy under a name of ours."""
    start = _start(path)
    if start.startswith(b"SQLite format 3\0"):
        return _geopackage(file, path, folder / "copy.gpkg", layer=layer, level=level)
    if start.startswith(b"PAR1"):
        return _geoparquet(file, path)
    if start.startswith(b"\x00\x00\x27\x0a") and path.parent == folder:
        return _with_gdal(file, path, "ESRI Shapefile", None)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", b"[")):
        return read_geojson(file, path.read_bytes())
    for mark, what in _REFUSED:
        if start.startswith(mark) or text.startswith(mark):
            raise InputError(f"{file} is {what}. Give {FORMATS}.")
    raise InputError(f"{file} is of no format that can be read. Give {FORMATS}.")


def _geopackage(file: str, path: Path, copy: Path, *, layer: str | None, level: int) -> Layer:
    import pyogrio
    from pyogrio.errors import DataSourceError

    if _start(path)[68:72] not in (b"GPKG", b"GP10", b"GP11"):  # application_id of the database
        raise InputError(f"{file} is a database, but no GeoPackage. Give {FORMATS}.")
    shutil.copyfile(path, copy)  # so that the database's own helper files appear nowhere else
    try:
        with _quiet():
            names = [str(name) for name, kind in pyogrio.list_layers(copy) if kind is not None]
    except (DataSourceError, ValueError, RuntimeError) as error:
        raise InputError(f"{file} is a damaged GeoPackage ({shown(error, 100)}). Get it again.") from None
    if not names:
        raise InputError(f"{file} has no layer with geometries. Give {FORMATS}.")
    return _with_gdal(file, copy, "GPKG", choose(file, names, layer=layer, level=level))


def _with_gdal(file: str, path: Path, driver: str, layer: str | None) -> Layer:
    import pyogrio
    from pyogrio.errors import DataSourceError
    from shapely.errors import ShapelyError

    try:
        with _quiet():
            _look_first(file, pyogrio.read_info(path, layer=layer), driver)
            table = pyogrio.read_dataframe(path, layer=layer)
    except InputError:
        raise
    except UnboundLocalError:  # of pyogrio, for a CRS that GDAL cannot read
        raise InputError(
            f"The CRS of {file} cannot be read. Set it again (in QGIS: Layer, Set CRS) and save."
        ) from None
    except (DataSourceError, ShapelyError, ValueError, RuntimeError) as error:
        raise InputError(f"{file} is damaged or cannot be read ({shown(error, 120)}). Get it again.") from None
    if "geometry" not in table.columns:
        raise InputError(f"{file} has no geometries. Give the polygons of the units.")
    return Layer(file, table.drop(columns="geometry"), table.geometry.to_numpy(), table.crs)


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out GDAL's notes on columns and rings; what matters of them is checked later."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _look_first(file: str, told: dict[str, Any], driver: str) -> None:
    """Refuse what GDAL takes for another format, and far too many features."""
    if told["driver"] != driver:
        raise InputError(f"{file} looks like {driver}, but GDAL takes it for {shown(told['driver'])}: not read.")
    if told["features"] > MOST_UNITS:
        raise InputError(f"{file} has {told['features']:,} features; at most {MOST_UNITS:,} units can be read.")


def _geoparquet(file: str, path: Path) -> Layer:
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise DependencyError(
            f"{file} is GeoParquet, which needs pyarrow. Install that (pip install pyarrow), or save it as GeoPackage."
        ) from None
    import geopandas as gpd

    try:
        _refuse_huge(file, parquet.read_metadata(path))
        table = gpd.read_parquet(path)
    except InputError:
        raise
    except (ValueError, OSError, KeyError, TypeError) as error:
        raise InputError(f"{file} is Parquet, but not GeoParquet, or damaged ({shown(error, 120)}).") from None
    return Layer(file, table.drop(columns=table.geometry.name), table.geometry.to_numpy(), table.crs)


def _refuse_huge(file: str, about: Any) -> None:
    unpacked = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
    if unpacked > LARGEST_UNPACKED or about.num_rows > MOST_UNITS:
        raise InputError(f"{file} would unpack to {unpacked // 2**20:,} MiB ({about.num_rows:,} rows): not read.")
