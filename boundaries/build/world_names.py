"""Names of the world layer: which one is shown, which others lead to the same unit or country."""

from __future__ import annotations

import json
import re
import tarfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

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


def plain(text: str) -> str:
    """Reduce a name to lower-case letters and digits; not awsd_geo's own folding, whose growth must not change keys."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join("".join(kept).split())


def key(name: str) -> str:
    """Give the key of a unit of that name."""
    return plain(name).replace(" ", "-")


def shown(given: Properties, said: Mapping[str, str]) -> str:
    """Choose the name to show: what world.toml says, else the English one without its type, else the source's own."""
    if "name" in said:
        return said["name"]
    english = _LEADING.sub("", _TRAILING.sub("", given["name_en"].strip())).lstrip("'`‘’ ").removeprefix("of ")
    return english or given["name"].strip() or "Other islands"


def apart(units: Sequence[dict[str, Any]]) -> None:
    """Give units of one country that would show one name the source's own name, then their type, then a number."""
    for again in (lambda unit: unit["source_name"], lambda unit: f"{unit['name']} ({unit['type'] or 'other'})"):
        shared = Counter(plain(unit["name"]) for unit in units)
        for unit in units:
            if shared[plain(unit["name"])] > 1:
                unit["name"] = again(unit)
    seen: Counter[str] = Counter()
    for unit in units:
        seen[plain(unit["name"])] += 1
        if (number := seen[plain(unit["name"])]) > 1:
            unit["name"] += f" {number}"


def translated(given: Properties, name: str, without: Sequence[str]) -> dict[str, str]:
    """Give the names in other languages that are not the shown name itself, without those that are said to be wrong."""
    found = {language: given[f"name_{language}"].strip() for language in LANGUAGES}
    return {language: text for language, text in found.items() if text and text not in (name, *without)}


def group(units: Sequence[dict[str, Any]], spellings: Mapping[str, Sequence[str]], own: Mapping[str, Any]) -> None:
    """Add to each unit the names that stand for it and others together."""
    for unit in units:
        unit["groups"] += [name for group in unit["groups"] for name in spellings.get(group, [])]
        unit["groups"] += [name for name, members in own.items() if unit["name"] in members]
    named = {unit["name"] for unit in units}
    if unknown := {name for members in own.values() for name in members} - named:
        raise SystemExit(f"No units {sorted(unknown)} among {sorted(named)}.")


def spellings(given: Properties, name: str, without: Sequence[str]) -> list[str]:
    """Give the source's other spellings, each once and none that differs only in what folding undoes."""
    written = [given["name"], given["name_local"], given["gn_name"], given["gns_name"]]
    written += re.split(r"[|;]", given["name_alt"])
    kept: dict[str, str] = {}
    wrong = {plain(text) for text in (name, *without)}
    for text in (part.strip() for part in written):
        if len(plain(text)) > 1 and plain(text) not in wrong:
            kept.setdefault(plain(text), text)
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
            bearers.setdefault(plain(name), set()).add(iso3)
    english = {plain(name): iso3 for iso3, name in own.items()}
    return {
        iso3: [name for name in names if len(bearers[plain(name)]) == 1 or english.get(plain(name)) == iso3]
        for iso3, names in listed
    }
