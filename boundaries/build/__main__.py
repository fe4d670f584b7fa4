"""Make a country's boundary files again: ``python -m boundaries.build MLI [BFA ...] [--check] [--packages DIR]``."""

from __future__ import annotations

import argparse
import csv
import re
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import cells, geojson, levels, neighbours, packages, towns

TOP = Path(__file__).resolve().parents[1]


def build(folder: Path, out: Path, archives: Path) -> dict[str, str]:
    """Make every file of a country that is made, not written.

    Parameters
    ----------
    folder : Path
        The country's folder: country.toml and the tables written by hand.
    out : Path
        Where the files go.
    archives : Path
        Where the packages are, or are downloaded to.

    Returns
    -------
    dict
        File name → sha256.
    """
    country = tomllib.loads((folder / "country.toml").read_text(encoding="utf-8"))
    sources, tables = country["build"], country["tables"]
    rows, codes = _rows(folder / tables["membership"]), _rows(folder / tables["codes"])
    shapes = cells.clean(cells.read(packages.fetch(sources["cells"], archives), sources["cells"]), sources["cells"])
    whole = cells.whole(shapes, sources["cells"])
    if sorted(shapes) != sorted(shape_id for row in rows for shape_id in row["shape_id"].split()):
        raise SystemExit(f"{tables['membership']} and the package do not hold the same units.")
    files = {file for vintage in country["vintages"].values() for file in vintage["files"].values()}
    for file in sorted(files):
        units = levels.units(country, rows, codes, shapes, file=file)
        geojson.write(out / file, units, notice=country["notice"]["long"])
    around = sources["neighbours"]
    found = neighbours.neighbours(country, packages.fetch(around, archives), whole)
    geojson.write(out / tables["neighbours"], found, notice=around["notice"], decimals=around["decimals"])
    left_out = sources["towns"].get("left_out", ())
    cities = packages.fetch(sources["towns"], archives)
    places = towns.towns(cities, country["iso2"], rows, shapes, left_out=left_out)
    (out / tables["towns"]).write_text(places, encoding="utf-8", newline="\n")
    return {file: packages.sha256(out / file) for file in sorted({*files, tables["neighbours"], tables["towns"]})}


def check(folder: Path, archives: Path) -> list[str]:
    """Build aside and name the files whose digest is not the one in country.toml, or not the file's own."""
    stated = tomllib.loads((folder / "country.toml").read_text(encoding="utf-8"))["sha256"]
    with tempfile.TemporaryDirectory() as aside:
        made = build(folder, Path(aside), archives)
    return [
        file
        for file in sorted({*made, *stated})
        if not made.get(file) == stated.get(file) == packages.sha256(folder / file)
    ]


def state(folder: Path, digests: Mapping[str, str]) -> None:
    """Write the digests into country.toml, whose last table is ``[sha256]``."""
    path = folder / "country.toml"
    lines = "".join(f'"{file}" = "{digest}"\n' for file, digest in digests.items())
    text = re.sub(r"(?s)(\n\[sha256\]\n).*", rf"\g<1>{lines}", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8", newline="\n")


def folder_of(country: str) -> Path:
    """Find the folder of a country, or say why there is none.

    Raises
    ------
    SystemExit
        If there is none: with the reason of ``refused.toml`` where the country's set may not be shipped.
    """
    if (TOP / country / "country.toml").exists():
        return TOP / country
    if (refused := tomllib.loads((TOP / "refused.toml").read_text(encoding="utf-8")).get(country)) is None:
        raise SystemExit(f"There is no {country}/country.toml. boundaries/README.md says how to add a country.")
    raise SystemExit(
        f"{refused['name']} is refused ({refused['set']}, {refused['units']} units): {refused['reason']} "
        f"It would need {refused['would_need']}. Its first-level units come from the world layer."
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the files are made, or are what ``--check`` makes."""
    parser = argparse.ArgumentParser(prog="python -m boundaries.build", description=__doc__)
    parser.add_argument("countries", nargs="*", default=["MLI"], help="names of folders")
    parser.add_argument("--check", action="store_true", help="build aside and compare the digests")
    parser.add_argument("--packages", type=Path, help="folder that holds, or keeps, the downloaded packages")
    options: Any = parser.parse_args(arguments)
    folders = [folder_of(country) for country in options.countries]
    with tempfile.TemporaryDirectory() as temporary:
        archives = (options.packages or Path(temporary)).resolve()
        return max(_check(folder, archives) if options.check else _make(folder, archives) for folder in folders)


def _check(folder: Path, archives: Path) -> int:
    differing = check(folder, archives)
    found = "differ: " + ", ".join(differing) if differing else "every file is made again, byte for byte"
    print(f"{folder.name}: {found}")
    return int(len(differing) > 0)


def _make(folder: Path, archives: Path) -> int:
    digests = build(folder, folder, archives)
    state(folder, digests)
    for file in digests:
        print(f"{folder / file}  {(folder / file).stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
