"""The files beside the page: regions as CSV and GeoJSON, the findings as JSON, all written or none."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsd_geo.errors import InputError
from awsd_geo.report.cells import safe_cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

DECIMALS = 5  # of a degree: about a metre
_PLAIN = ("region_id", "name", "kind", "incidents", "victims", "share", "population", "area_km2", "rate_per_100k")


def region_record(unit: dict[str, Any]) -> dict[str, Any]:
    """Flatten one unit of the findings to plain columns.

    Parameters
    ----------
    unit : dict
        An entry of ``by_region``.

    Returns
    -------
    dict
        Shares from 0 to 1, rates per 100,000 residents, intervals in two columns, then one column a year.
    """
    record = {key: unit[key] for key in _PLAIN}
    for name in ("share_ci", "rate_ci"):
        low, high = unit[name] or (None, None)
        record.update({name.replace("_ci", "_low"): low, name.replace("_ci", "_high"): high})
    low, high = unit.get("incidents_by_placing") or (None, None)
    record.update({"incidents_lowest": low, "incidents_highest": high})
    record.update({f"gi_star_{key}": unit["gi_star"][key] for key in ("z", "p_value", "q_value", "class")})
    record |= {f"incidents_{year}": count for year, count in unit["by_year"].items()}
    return record | {"suppressed": " ".join(unit["suppressed"])} if "suppressed" in unit else record


def regions_csv(findings: dict[str, Any]) -> str:
    """Write the table by place as CSV: every unit, then the incidents in no unit, so that the columns add up.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.

    Returns
    -------
    str
        UTF-8 text without a byte order mark, by RFC 4180; an empty cell is undefined or unknown. The last row has
        an empty ``region_id``. The last column is the status of the data: example, provisional or final.
    """
    records = [region_record(unit) for unit in findings["by_region"]]
    lost = {"name": "(not placed)", "incidents": findings["unlocated"], "victims": findings["unlocated_victims"]}
    lost |= {f"incidents_{year['year']}": year["unlocated"] for year in findings["by_year_detail"]}
    lost |= {"suppressed": " ".join(_hidden_of_unplaced(findings))}
    heads = [*(list(records[0]) if records else list(lost)), "status"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    for record in [*records, lost]:
        writer.writerow([safe_cell((record | {"status": findings["status"]}).get(head)) for head in heads])
    return text.getvalue()


def _hidden_of_unplaced(findings: dict[str, Any]) -> list[str]:
    given = findings.get("disclosure", {}).get("suppressed", [])
    whole = [name for name, field in (("incidents", "unlocated"), ("victims", "unlocated_victims")) if field in given]
    years = [year for year in findings["by_year_detail"] if "unlocated" in year.get("suppressed", ())]
    return [*whole, *(f"incidents_{year['year']}" for year in years)]


def regions_geojson(findings: dict[str, Any], regions: gpd.GeoDataFrame) -> str:
    """Write the regions with their numbers as GeoJSON (RFC 7946): WGS84, five decimals, outer rings anticlockwise.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    regions : GeoDataFrame
        The frame, index ``region_id``.

    Returns
    -------
    str
        A FeatureCollection in the order of the findings, one feature a line. It has the foreign members ``status``
        (example, provisional, final), ``notice`` (of the boundaries), ``citation`` (of the incidents) and
        ``unlocated`` (incidents in no unit).

    Raises
    ------
    InputError
        If a region of the findings is not in the frame.
    """
    absent = [unit["region_id"] for unit in findings["by_region"] if unit["region_id"] not in regions.index]
    if absent:
        raise InputError(f"The regions lack {', '.join(absent[:5])}. Give the frame that the findings were made in.")
    features = [
        _compact(
            {
                "type": "Feature",
                "id": unit["region_id"],
                "properties": region_record(unit),
                "geometry": _geometry(regions.geometry[unit["region_id"]]),
            }
        )
        for unit in findings["by_region"]
    ]
    given = findings["provenance"]
    told = {
        "status": findings["status"],
        "notice": given["boundaries"]["notice"],
        "citation": given["citation"],
        "unlocated": findings["unlocated"],
    }
    head = _compact({"type": "FeatureCollection"} | told).removesuffix("}")
    return head + ',"features":[\n' + ",\n".join(features) + "\n]}\n"


def _compact(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _geometry(shape: Any) -> dict[str, Any]:
    """Give a polygon as GeoJSON, rounded, its rings wound by the right-hand rule (RFC 7946, section 3.1.6)."""
    from shapely import orient_polygons
    from shapely.geometry import mapping

    given = mapping(orient_polygons(shape))
    return {"type": given["type"], "coordinates": _rounded(given["coordinates"])}


def _rounded(part: Any) -> Any:
    if isinstance(part[0], (int, float)):
        return [round(float(value), DECIMALS) for value in part[:2]]
    return [_rounded(each) for each in part]


def findings_json(findings: dict[str, Any]) -> str:
    """Write the findings in the order of the contract, indented, with a line end at the end.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.

    Returns
    -------
    str
        UTF-8 text.

    Raises
    ------
    ValueError
        If a number is NaN or infinite: what is undefined must be None.
    """
    return json.dumps(findings, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def write_all(folder: str | os.PathLike[str], texts: Mapping[str, str | bytes]) -> list[Path]:
    """Write files together: all are written beside their places first, then put there; a failure changes none.

    Parameters
    ----------
    folder : path
        Made if it is not there.
    texts : mapping of str to str or bytes
        File name → contents; text is written as UTF-8.

    Returns
    -------
    list of Path
        The files, in the order given.

    Raises
    ------
    InputError
        If the folder or a file in it cannot be written to. Older files then stay as they were.
    """
    home = Path(folder)
    mark = uuid.uuid4().hex[:8]
    targets = [home / name for name in texts]
    parts = [home / f".{name}.{mark}.part" for name in texts]
    try:
        home.mkdir(parents=True, exist_ok=True)
        for target in targets:
            if target.is_dir():
                raise InputError(f"{target} is a folder; a file is to be written there. Choose another folder.")
        for part, text in zip(parts, texts.values(), strict=True):
            part.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        _put(parts, targets, mark)
    except OSError as error:
        raise InputError(f"Cannot write into {home}: {error.strerror}. Choose another folder.") from error
    finally:
        _remove(parts)
    return targets


def _put(parts: list[Path], targets: list[Path], mark: str) -> None:
    """Put every part in its place; if one fails, put the older files back."""
    olds = [target.with_name(f".{target.name}.{mark}.old") for target in targets]
    done: list[tuple[Path, Path]] = []
    try:
        for part, target, old in zip(parts, targets, olds, strict=True):
            if target.exists():
                shutil.copy2(target, old)
            done.append((target, old))
            part.replace(target)
    except OSError:
        for target, old in done:
            if old.exists():
                old.replace(target)
            else:
                target.unlink(missing_ok=True)
        raise
    finally:
        _remove(olds)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_file():
            path.unlink()
