"""Names of the world layer: which one is shown, which others lead to the same unit or country."""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from awsd_geo.text import fold

_SAME = "ar bn de el en es fa fr he hi hu id it ja ko nl pl pt ru sv tr uk ur vi zh"
LANGUAGES = dict(zip(_SAME.split(), _SAME.split(), strict=True)) | {"zht": "zh-Hant"}
"""Language of Natural Earth's columns → of the names of countries (CLDR)."""
_TYPES = (
    "Autonomous Province|Autonomous Region|Autonomous Oblast|Oblast|Krai|Economic Prefecture|Prefecture|Province|"
    "Governorate|District|Department|Region|State|County|Voivodeship|Division|Zone|Municipality|Parish"
)
_TRAILING = re.compile(rf"(?<=\w) (?:{_TYPES})$")
_LEADING = re.compile(rf"^(?:{_TYPES}) of (?:the )?")
Properties = Mapping[str, Any]


def shown(given: Properties, said: Mapping[str, str]) -> str:
    """Choose the name to show: what world.toml says, else the English one without its type, else the source's own."""
    if "name" in said:
        return said["name"]
    english = _LEADING.sub("", _TRAILING.sub("", given["name_en"].strip()))
    return english or given["name"].strip() or "Other islands"


def apart(units: Sequence[dict[str, Any]]) -> None:
    """Give units of one country that would show one name the source's own name, then their type, then a number."""
    for again in (lambda unit: unit["source_name"], lambda unit: f"{unit['name']} ({unit['type'] or 'other'})"):
        shared = Counter(fold(unit["name"]) for unit in units)
        for unit in units:
            if shared[fold(unit["name"])] > 1:
                unit["name"] = again(unit)
    seen: Counter[str] = Counter()
    for unit in units:
        seen[fold(unit["name"])] += 1
        if (number := seen[fold(unit["name"])]) > 1:
            unit["name"] += f" {number}"


def translated(given: Properties, name: str) -> dict[str, str]:
    """Give the names in other languages that are not the shown name itself; wrong ones are not told from right."""
    found = {language: given[f"name_{language}"].strip() for language in LANGUAGES}
    return {language: text for language, text in found.items() if text and text != name}


def spellings(given: Properties, name: str) -> list[str]:
    """Give the source's other spellings, each once and none that differs only in what folding undoes."""
    written = [given["name"], given["name_local"], given["gn_name"], given["gns_name"]]
    written += re.split(r"[|;]", given["name_alt"])
    kept: dict[str, str] = {}
    for text in (part.strip() for part in written):
        if len(fold(text)) > 1 and fold(text) != fold(name):
            kept.setdefault(fold(text), text)
    return list(kept.values())


def countries(archive: Path, member: str) -> dict[str, dict[str, str]]:
    """Read the names of countries in every language: language of Natural Earth → two-letter code → name."""
    with tarfile.open(archive) as packed:
        found = {}
        for language, code in LANGUAGES.items():
            file = packed.extractfile(member.format(language=code))
            content = json.load(file)["main"] if file else {}
            (named,) = content.values()
            found[language] = named["localeDisplayNames"]["territories"]
    return found


def unshared(named: Iterable[tuple[str, Iterable[str]]], own: Mapping[str, str]) -> dict[str, list[str]]:
    """Keep of each country's names those that no other country bears, or that is its English name.

    Parameters
    ----------
    named : iterable of (iso3, names)
        All names.
    own : mapping
        ISO3 → English name.
    """
    listed = [(iso3, list(dict.fromkeys(names))) for iso3, names in named]
    bearers: dict[str, set[str]] = {}
    for iso3, names in listed:
        for name in names:
            bearers.setdefault(fold(name), set()).add(iso3)
    english = {fold(name): iso3 for iso3, name in own.items()}
    return {
        iso3: [name for name in names if len(bearers[fold(name)]) == 1 or english.get(fold(name)) == iso3]
        for iso3, names in listed
    }
