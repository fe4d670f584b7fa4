"""Put boundaries into the user's data folder, and take them out again; a frame changes whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.files.country import Place, find_place
from awsd_geo.boundaries.frames_of_own import LevelUnits, arrange, code_systems, units_of
from awsd_geo.boundaries.own import FACTS, own_folder, read_facts
from awsd_geo.boundaries.toml import write_toml
from awsd_geo.errors import InputError, RequestError
from awsd_geo.sources.fetching import replace as put
from awsd_geo.sources.opening import shown

if TYPE_CHECKING:
    import geopandas as gpd

GIVEN = "given"


def add(
    regions: gpd.GeoDataFrame,
    *,
    valid_from: date | None = None,
    country_name: str | None = None,
    notice: Mapping[str, str] | None = None,
    replace: bool = False,
) -> list[Path]:
    """Keep boundaries in the user's data folder, so that `load_regions` and `alert` know them from then on.

    Levels above that the file names (as OCHA's do) and that the frame does not have are made by joining units.

    Parameters
    ----------
    regions : GeoDataFrame
        As `from_file` gives it.
    valid_from : date, optional
        First day of the frame; by default 1 January of the year that the vintage is named by.
    country_name : str, optional
        Name of a country that awsd_geo does not know.
    notice : mapping, optional
        ``long``, ``short``, ``short_fr``: what must be said wherever the boundaries are shown; by default the name of
        the file and that the user answers for its licence.
    replace : bool, default False
        Replace the level of the frame if it was added before.

    Returns
    -------
    list of Path
        The files of the levels that were written, the one given first.

    Raises
    ------
    RequestError
        If the level is there already, the vintage is one that comes with awsd_geo, or the country has no name.
    InputError
        If the table does not keep the schema or the folder cannot be written to.
    """
    from awsd_geo import schema

    schema.check(regions, schema.REGIONS)
    if lacking := [name for name in ("country", "vintage", "level") if name not in regions.attrs]:
        raise InputError(f"The regions do not say their {', '.join(lacking)} (attrs). Make them with from_file().")
    place, vintage, level = find_place(regions.attrs["country"]), regions.attrs["vintage"], regions.attrs["level"]
    _refuse_shipped(place, vintage)
    folder = own_folder() / place.iso3 / vintage
    facts = read_facts(folder) if (folder / FACTS).is_file() else _new(place, vintage, country_name)
    _refuse_twice(facts, level, replace=replace)
    if valid_from is not None:
        facts["valid_from"] = valid_from
    kept = {
        int(number): one for number, one in facts["levels"].items() if one["made"] == GIVEN and int(number) != level
    }
    about = {number: dict(one) for number, one in kept.items()} | {level: _about(regions, notice)}
    given = {number: LevelUnits.read(folder / one["file"]) for number, one in kept.items()}
    levels = arrange(given | {level: units_of(regions, place)}, place)
    for number in sorted(set(levels) - set(about)):
        below = min(one for one in about if one > number)
        about[number] = about[below] | {"made": f"joined from level {below}", "repairs": []}
    return _write(folder, facts, levels, about, first=level)


def remove(country: str, vintage: str, *, level: int | None = None) -> list[Path]:
    """Take boundaries of the user's own out of the data folder.

    Parameters
    ----------
    country : str
        ISO3, ISO2 or name.
    vintage : str
        The frame.
    level : int, optional
        Only this level, and those above it that were joined from it; all where left out.

    Returns
    -------
    list of Path
        What was deleted.

    Raises
    ------
    RequestError
        If the user has added no such boundaries.
    """
    place = find_place(country)
    folder = own_folder() / place.iso3 / str(vintage)
    if Path(str(vintage)).name != str(vintage) or not (folder / FACTS).is_file():
        raise RequestError(
            f"You have added no boundaries of {place.name}, {shown(vintage)}. See awsd-geo boundaries list."
        )
    facts = read_facts(folder)
    if level is not None and str(level) not in facts["levels"]:
        raise RequestError(f"Your {vintage} of {place.name} has no level {level}; it has {', '.join(facts['levels'])}.")
    kept = {number: one for number, one in facts["levels"].items() if _stays(int(number), one, level)}
    gone = [folder / one["file"] for number, one in facts["levels"].items() if number not in kept]
    if not kept:
        shutil.rmtree(folder)
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()
        return gone
    put(folder / FACTS, write_toml(facts | {"levels": kept}).encode("utf-8"))
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def _stays(number: int, about: Mapping[str, Any], level: int | None) -> bool:
    return level is not None and number != level and about["made"] != f"joined from level {level}"


def _refuse_shipped(place: Place, vintage: str) -> None:
    from awsd_geo.boundaries.country import find_country

    if place.kinds:
        shipped = [
            frame.name for frame in find_country(place.iso3).vintages if own_folder() not in frame.folder.parents
        ]
        if vintage in shipped:
            raise RequestError(
                f"{place.name} has a frame of {vintage} that comes with awsd_geo. Name yours otherwise: {vintage}-own."
            )


def _refuse_twice(facts: Mapping[str, Any], level: int, *, replace: bool) -> None:
    before = facts["levels"].get(str(level))
    if before and before["made"] == GIVEN and not replace:
        raise RequestError(
            f"Level {level} of the frame {facts['vintage']} of {facts['country_name']} was added on {before['added']} "
            f"from {before['source']}. Replace it with replace=True (--replace), or name another vintage."
        )


def _new(place: Place, vintage: str, country_name: str | None) -> dict[str, Any]:
    if not place.known and not country_name:
        raise RequestError(
            f"No country {place.iso3} is known. Check the code, or give the country's name: country_name=... "
            "(--country-name)."
        )
    return {
        "iso3": place.iso3,
        "country_name": place.name if place.known else shown(country_name, 100),
        "vintage": vintage,
        "valid_from": date(int(vintage[:4]), 1, 1),
        "levels": {},
    }


def _about(regions: gpd.GeoDataFrame, notice: Mapping[str, str] | None) -> dict[str, Any]:
    """Say of a level what cannot be read from its units."""
    attrs = regions.attrs
    source, digest = next(iter(attrs.get("sha256", {}).items()), ("a table", ""))
    own = {"long": attrs.get("notice"), "short": attrs.get("notice_short"), "short_fr": attrs.get("notice_short_fr")}
    said = {
        f"notice_{name}": str(text or f"Boundaries: {source}.") for name, text in (own | dict(notice or {})).items()
    }
    return {
        "made": GIVEN,
        "source": source,
        "source_sha256": digest,
        "added": date.today(),
        **said,
        "code_systems": code_systems(regions),
        "repairs": list(attrs.get("repairs", [])),
    }


def _write(
    folder: Path,
    facts: dict[str, Any],
    levels: Mapping[int, LevelUnits],
    about: dict[int, dict[str, Any]],
    *,
    first: int,
) -> list[Path]:
    """Write the levels beside what is there, then say in one step that they are the frame, then clear away."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made ({error.strerror}). Name another folder in AWSD_GEO_DATA.") from None
    new: dict[str, Any] = {}
    for number, units in sorted(levels.items()):
        content = units.geojson(about[number]["notice_long"]).encode("utf-8")
        digest = hashlib.sha256(content).hexdigest()
        file = f"level_{number}.{digest[:8]}.geojson"
        put(folder / file, content)
        kind = units.properties[0]["kind"]
        new[str(number)] = about[number] | {"file": file, "sha256": digest, "units": len(units.shapes), "kind": kind}
    put(folder / FACTS, write_toml(facts | {"levels": new}).encode("utf-8"))
    used = {one["file"] for one in new.values()}
    for path in folder.glob("level_*.geojson"):
        if path.name not in used:
            path.unlink(missing_ok=True)
    return [folder / new[str(number)]["file"] for number in sorted(new, key=lambda one: (int(one) != first, int(one)))]
