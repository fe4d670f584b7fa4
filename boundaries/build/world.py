"""Make the world layer again: ``python -m boundaries.build.world [--check] [--packages DIR]``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely

from . import packages, topology, world_names, world_shapes
from .world_countries import commonest_kind, table

FOLDER = Path(__file__).resolve().parents[1] / "world"
OUTLINES = "admin0.topojson"
Unit = dict[str, Any]


def build(out: Path, archives: Path) -> dict[str, str]:
    """Make every file of the layer that is made, not written.

    Parameters
    ----------
    out : Path
        Where the files go.
    archives : Path
        Where the packages are, or are downloaded to.

    Returns
    -------
    dict
        File name → sha256.
    """
    facts = tomllib.loads((FOLDER / "world.toml").read_text(encoding="utf-8"))
    how = facts["build"]
    source = packages.fetch(how["units"], archives)
    units = [unit for unit in _units(source, facts) if unit["iso3"] not in facts["left_out"]]
    units = world_shapes.moved(units, facts["moved"])
    world_shapes.simplify(units, how["tolerance"], how["decimals"])
    by_country: dict[str, list[Unit]] = {}
    for unit in units:
        by_country.setdefault(unit["iso3"], []).append(unit)
    made = [_write(out, iso3, named, facts) for iso3, named in sorted(by_country.items())]
    names = world_names.countries(packages.archive(how["names"], archives), how["names"]["member"])
    (out / "countries.csv").write_text(table(by_country, names, facts), encoding="utf-8", newline="\n")
    outlines = world_shapes.outlines(by_country, how["tolerance_countries"])
    topology.write(
        out / OUTLINES,
        [({"key": iso3}, shape) for iso3, shape in outlines.items()],
        decimals=world_shapes.OUTLINE_DECIMALS,
        more={"notice": facts["notice"]["long"]},
    )
    return {file: packages.sha256(out / file) for file in sorted([*made, "countries.csv", OUTLINES])}


def _units(source: Path, facts: Mapping[str, Any]) -> list[Unit]:
    """Read the source's units, each with its country and names."""
    units = []
    for feature in json.loads(source.read_text(encoding="utf-8"))["features"]:
        given = feature["properties"]
        said = facts["units"].get(given["adm1_code"], {})
        name = world_names.shown(given, said)
        code = said.get("iso_3166_2", given["iso_3166_2"])
        units.append(
            {
                "iso3": said.get("iso3", facts["countries"].get(given["adm0_a3"], given["adm0_a3"])),
                "code": given["adm1_code"],
                "admin": given["admin"],
                "admin_code": given["adm0_a3"],
                "into": said.get("into"),
                "name": name,
                "source_name": given["name"] or name,
                "type": given["type_en"],
                "iso_3166_2": "" if "X" in code[3:4] or code.startswith("-") else code,
                "names": world_names.translated(given, name, said.get("without", [])),
                "spellings": world_names.spellings(given, name, said.get("without", [])),
                "said": said.get("spellings", []),
                "groups": [given["region"]] if given["region"] else [],
                "shape": shapely.from_geojson(json.dumps(feature["geometry"])),
            }
        )
    return units


def _write(out: Path, iso3: str, units: list[Unit], facts: Mapping[str, Any]) -> str:
    """Write the units of one country."""
    world_names.apart(units)
    shared = Counter(unit["iso_3166_2"] for unit in units)
    kind = commonest_kind(iso3, units, facts)
    world_names.group(units, facts["group_spellings"].get(iso3, {}), facts["groups"].get(iso3, {}))
    features = []
    for unit in units:
        properties = {"key": world_names.key(unit["name"]), "name": unit["name"], "kind": kind}
        if unit["iso_3166_2"] and shared[unit["iso_3166_2"]] == 1:
            properties["iso_3166_2"] = unit["iso_3166_2"]
        features.append((properties | _others(unit, units), unit["shape"]))
    if len({feature[0]["key"] for feature in features}) < len(features):
        raise SystemExit(f"{iso3}: two units have one key.")
    file = f"{iso3}.topojson"
    topology.write(out / file, features, decimals=facts["build"]["decimals"], more={"notice": facts["notice"]["short"]})
    return file


def _others(unit: Unit, units: list[Unit]) -> dict[str, Any]:
    """Give the other names of a unit, without those that are the shown name of another, save what world.toml says."""
    taken = {world_names.key(other["name"]) for other in units}
    names = {language: text for language, text in unit["names"].items() if _free(text, unit, taken)}
    also = [text for text in unit["spellings"] if world_names.key(text) not in taken]
    told = [*unit["said"], *(text for text in also if text not in unit["said"])]
    found = {"names": names, "spellings": told, "groups": unit["groups"]}
    return {key: value for key, value in found.items() if value}


def _free(text: str, unit: Unit, taken: set[str]) -> bool:
    """Say whether a name is no other unit's shown name."""
    return world_names.key(text) == world_names.key(unit["name"]) or world_names.key(text) not in taken


def _state(digests: Mapping[str, str]) -> None:
    """Write the digests into world.toml, whose last table is ``[sha256]``."""
    path = FOLDER / "world.toml"
    head, _, _ = path.read_text(encoding="utf-8").partition("\n[sha256]\n")
    lines = "".join(f'"{file}" = "{digest}"\n' for file, digest in digests.items())
    path.write_text(f"{head}\n[sha256]\n{lines}", encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the files are made, or are what ``--check`` makes."""
    parser = argparse.ArgumentParser(prog="python -m boundaries.build.world", description=__doc__)
    parser.add_argument("--check", action="store_true", help="build aside and compare the digests")
    parser.add_argument("--packages", type=Path, help="folder that holds, or keeps, the downloaded packages")
    options: Any = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        archives = (options.packages or Path(temporary)).resolve()
        if not options.check:
            _state(build(FOLDER, archives))
            return 0
        aside = Path(temporary) / "made"
        aside.mkdir()
        made = build(aside, archives)
    stated = tomllib.loads((FOLDER / "world.toml").read_text(encoding="utf-8"))["sha256"]
    differing = [
        file
        for file in sorted({*made, *stated})
        if not made.get(file) == stated.get(file) == packages.sha256(FOLDER / file)
    ]
    print("differ: " + ", ".join(differing) if differing else "every file is made again, byte for byte")
    return len(differing) > 0


if __name__ == "__main__":
    sys.exit(main())
