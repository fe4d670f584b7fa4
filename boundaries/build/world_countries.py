"""The table of countries of the world layer: codes, kind and number of units, window, names in every language."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from . import world_names

CODES = Path(__file__).resolve().parents[2] / "awsd_geo" / "sources" / "countries.csv"
WINDOW = ("west", "south", "east", "north")
ALWAYS = ("en", "fr")  # languages of the pages: these names stay even where two countries share one
Units = Sequence[Mapping[str, Any]]


def table(by_country: Mapping[str, Units], named: Mapping[str, Mapping[str, str]], facts: Mapping[str, Any]) -> str:
    """Write the table as CSV, sorted by ISO3.

    Parameters
    ----------
    by_country : mapping
        ISO3 → units with ``shape``, ``type``, ``admin`` and ``admin_code``.
    named : mapping
        Language → two-letter code → name.
    facts : mapping
        The parsed world.toml.

    Returns
    -------
    str
        Names that two countries share are left out of both, unless one of them is so called in English.
    """
    listed = _listed()
    iso2 = {row["iso3"]: row["iso2"] for row in listed if row["iso3"] and row["iso2"]}
    if missing := sorted(set(by_country) - set(iso2)):
        raise SystemExit(f"No ISO 3166-1 code for {missing}. Say in world.toml which country each is.")
    names = {iso3: _names(iso3, iso2[iso3], named, facts) for iso3 in by_country}
    others = {iso3: _others(iso3, iso2[iso3], units, (listed, named, facts)) for iso3, units in by_country.items()}
    kept = world_names.unshared(
        ((iso3, [*names[iso3].values(), *others[iso3]]) for iso3 in by_country),
        {iso3: names[iso3]["en"] for iso3 in by_country},
    )
    text = io.StringIO()
    columns = ["iso3", "iso2", "kind", "units", *WINDOW, *(f"name_{language}" for language in named), "aliases"]
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for iso3, units in sorted(by_country.items()):
        row: dict[str, Any] = {"iso3": iso3, "iso2": iso2[iso3], "kind": commonest_kind(iso3, units, facts)}
        window = np.round(shapely.total_bounds([unit["shape"] for unit in units]), 3).tolist()
        row |= {"units": len(units)} | dict(zip(WINDOW, window, strict=True))
        unique = {lang: name for lang, name in names[iso3].items() if lang in ALWAYS or name in kept[iso3]}
        row |= {f"name_{language}": name for language, name in unique.items()}
        row["aliases"] = "|".join(name for name in kept[iso3] if name and name not in unique.values())
        writer.writerow(row)
    return text.getvalue()


def commonest_kind(iso3: str, units: Units, facts: Mapping[str, Any]) -> str:
    """Give the kind that world.toml says, else the one that most units of the country have; "unit" if none has most."""
    if iso3 in facts["country_kinds"]:
        return str(facts["country_kinds"][iso3])
    (kind, times), *_ = Counter(facts["kinds"].get(unit["type"], "unit") for unit in units).most_common()
    return kind if times > len(units) / 2 else "unit"


def _listed() -> list[dict[str, str]]:
    """Read the codes and names that awsd_geo knows from the AWSD and ISO 3166-1."""
    with CODES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _names(iso3: str, iso2: str, named: Mapping[str, Mapping[str, str]], facts: Mapping[str, Any]) -> dict[str, str]:
    said = facts["country_names"].get(iso3, {})
    return {language: said.get(language) or known.get(iso2, "") for language, known in named.items()}


def _others(iso3: str, iso2: str, units: Units, sources: tuple[Any, Any, Any]) -> list[str]:
    """Give further names: the AWSD's and ISO's, CLDR's other English ones, the source's own, those of world.toml."""
    listed, named, facts = sources
    found = [row["name"] for row in listed if row["iso3"] == iso3]
    found += [named["en"].get(f"{iso2}{form}", "") for form in ("", "-alt-short", "-alt-variant")]
    found += [unit["admin"] for unit in units if unit["admin_code"] == iso3][:1]
    return [*found, *facts["country_aliases"].get(iso3, [])]
