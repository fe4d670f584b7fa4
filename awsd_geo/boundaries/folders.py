"""Countries that have a folder of their own: their country.toml, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from awsd_geo.boundaries.model import Country, Level, Vintage


@lru_cache(maxsize=4)
def read_folders(place: Path) -> dict[str, Country]:
    """Give the countries that have a folder, by ISO3."""
    found = (_read(path.parent) for path in sorted(place.glob("*/country.toml")))
    return {country.iso3: country for country in found}


def _read(folder: Path) -> Country:
    facts = tomllib.loads((folder / "country.toml").read_text(encoding="utf-8"))
    levels = (Level(int(number), level["kind"], level["column"]) for number, level in facts["levels"].items())
    frames = (_vintage(folder, name, table) for name, table in facts["vintages"].items())
    return Country(
        iso3=facts["iso3"],
        iso2=facts["iso2"],
        names=facts["names"],
        aliases=tuple(facts["aliases"]),
        vintages=tuple(sorted(frames, key=lambda vintage: str(vintage.valid_from))),
        levels=tuple(sorted(levels, key=lambda level: level.number)),
        folder=folder,
        facts=facts,
    )


def _vintage(folder: Path, name: str, table: Mapping[str, Any]) -> Vintage:
    def by_level(field: str) -> dict[int, str]:
        return {int(number): text for number, text in table.get(field, {}).items()}

    return Vintage(
        name=name,
        valid_from=table["valid_from"],
        valid_to=table.get("valid_to"),
        approximate=table["approximate"],
        note=table["note"],
        note_fr=table["note_fr"],
        files=by_level("files"),
        level_notes=by_level("level_notes"),
        level_notes_fr=by_level("level_notes_fr"),
        folder=folder,
    )
