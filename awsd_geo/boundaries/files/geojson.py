"""Read GeoJSON without GDAL, which would take a file of another format for it."""

from __future__ import annotations

import json
from typing import Any

from awsd_geo.boundaries.files.layer import MOST_UNITS, Layer
from awsd_geo.errors import InputError
from awsd_geo.sources.opening import shown

_HINT = "Give a GeoJSON FeatureCollection of polygons."


def read_geojson(file: str, data: bytes) -> Layer:
    """Read a FeatureCollection or a single Feature.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    data : bytes
        Its content.

    Returns
    -------
    Layer
        Without a member ``crs`` it is in WGS84, as RFC 7946 has it; the older form's member is kept to.

    Raises
    ------
    InputError
        If it is not JSON, not GeoJSON, nested too deeply, or a geometry cannot be read.
    """
    import numpy as np
    import pandas as pd

    content = _parse(file, data)
    features = _features(file, content)
    shapes = np.empty(len(features), dtype=object)
    for number, feature in enumerate(features):
        shapes[number] = _shape(file, number + 1, feature.get("geometry"))
    given = [feature["properties"] if isinstance(feature.get("properties"), dict) else {} for feature in features]
    rows = [{_readable(name): _readable(value) for name, value in row.items()} for row in given]
    return Layer(file, pd.DataFrame(rows, index=range(len(rows))), shapes, _crs(file, content))


def _readable(value: Any) -> Any:
    r"""Put U+FFFD for half of a surrogate pair, which JSON can escape (``\ud800``) but no text can hold."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value


def _parse(file: str, data: bytes) -> dict[str, Any]:
    if b"\0" in data:
        raise InputError(f"{file} holds null bytes, so it is no text. {_HINT}")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file} is not in UTF-8 (byte {error.start:,}). Save it as UTF-8, as GeoJSON must be."
        ) from None
    except RecursionError:
        raise InputError(f"{file} is nested far deeper than any GeoJSON, so it was not read. {_HINT}") from None
    except ValueError as error:
        raise InputError(
            f"{file} is not valid JSON ({shown(error, 120)}). It may have been cut off: get it again."
        ) from None
    if not isinstance(content, dict):
        raise InputError(f"{file} is JSON, but not GeoJSON. {_HINT}")
    return content


def _features(file: str, content: dict[str, Any]) -> list[dict[str, Any]]:
    kind = content.get("type")
    features = [content] if kind == "Feature" else content.get("features")
    if kind not in ("FeatureCollection", "Feature") or not isinstance(features, list):
        what = {"Topology": "TopoJSON", "gdal_streamed_alg": "a command to GDAL"}.get(str(kind), "not GeoJSON")
        raise InputError(f"{file} is JSON of the type {shown(kind)!r}, which is {what}. {_HINT}")
    if len(features) > MOST_UNITS:
        raise InputError(f"{file} has {len(features):,} features; at most {MOST_UNITS:,} units can be read.")
    for number, feature in enumerate(features):
        if not isinstance(feature, dict):
            raise InputError(f"Feature {number + 1} of {file} is no GeoJSON feature. {_HINT}")
    return features


def _shape(file: str, number: int, geometry: Any) -> Any:
    import numpy as np
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    if geometry is None:
        return None
    try:
        with np.errstate(invalid="ignore"):  # what is no number is found, and named, later
            return shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        told = shown(error, 100)
        raise InputError(f"The geometry of feature {number} of {file} cannot be read ({told}). Repair it.") from None


def _crs(file: str, content: dict[str, Any]) -> Any:
    """Read the member ``crs`` of the older form (2008); null there means that there is none."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if "crs" not in content:
        return CRS.from_epsg(4326)
    given = content["crs"]
    if given is None:
        return None
    try:
        return CRS.from_user_input(str(given["properties"]["name"]))
    except (CRSError, TypeError, KeyError) as error:
        raise InputError(f"The CRS of {file} is not known ({shown(error, 100)}). Save it in EPSG:4326.") from None
