"""The user's own frames: kept in the user's data folder, and found beside those that come with awsd_geo.

A frame is a folder, ``boundaries/<ISO3>/<vintage>``, with a ``frame.toml`` and a GeoJSON for each level.
"""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries.model import Country, Level, Vintage
from awsd_geo.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

VARIABLE = "AWSD_GEO_DATA"
FACTS = "frame.toml"
NOTE = "These boundaries were added by the user."
NOTE_FR = "Ces limites ont été ajoutées par l’utilisateur."
_CODE = re.compile(r"[A-Z]{3}")


def own_folder() -> Path:
    """Give the folder that holds the user's own boundaries, whether it is there or not.

    Returns
    -------
    Path
        ``boundaries`` in the folder that the environment variable AWSD_GEO_DATA names, else in the place for data
        that the operating system gives to every program of a user.
    """
    if given := os.environ.get(VARIABLE):
        return Path(given).expanduser() / "boundaries"
    from platformdirs import user_data_path

    return user_data_path("awsd_geo", appauthor=False) / "boundaries"


def user_countries() -> list[str]:
    """List the ISO3 codes of the countries that the user has added boundaries of.

    Raises
    ------
    InputError
        If the folder of the user's data may not be read.
    """
    folder = own_folder()
    try:
        homes = list(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise InputError(f"{folder}, with boundaries of yours, cannot be read ({error.strerror}).") from None
    return sorted(home.name for home in homes if _CODE.fullmatch(home.name) and _frames(home))


def user_vintages(iso3: str) -> list[Vintage]:
    """Give the frames that the user has added to a country, oldest first.

    Parameters
    ----------
    iso3 : str
        ISO 3166-1 alpha-3 code.

    Returns
    -------
    list of Vintage

    Raises
    ------
    InputError
        If the file that describes a frame is damaged.
    """
    found = [_vintage(folder, read_facts(folder)) for folder in _frames(own_folder() / iso3)]
    return sorted(found, key=lambda vintage: (vintage.valid_from or date.min, vintage.name))


def user_country(iso3: str) -> Country:
    """Give a country of which nothing is known but what the user has added.

    Parameters
    ----------
    iso3 : str
        One of `user_countries`.

    Returns
    -------
    Country
        Without population, towns and neighbours.
    """
    facts = read_facts(_frames(own_folder() / iso3)[0])
    name = facts["country_name"]
    blank = {"long": "", "short": "", "short_fr": ""}
    return Country(
        iso3=iso3,
        iso2=iso3,
        names={"en": name, "fr": name},
        aliases=(),
        vintages=(),
        levels=(Level(1, "region"),),
        folder=own_folder() / iso3,
        facts={"iso3": iso3, "code_systems": [], "tables": {}, "aliases_of": [], "notice": blank, "population": _NONE},
    )


_NONE = {
    "unit": "residents",
    "source": "none: the user's own boundaries have no census",
    "note": "",
    "note_fr": "",
    "undefined": "There is no census for these boundaries; give the residents of each unit yourself to have rates.",
}


def own_frames() -> pd.DataFrame:
    """List the user's own boundaries.

    Returns
    -------
    DataFrame
        One row a level of a frame: ``country``, ``vintage``, ``level``, ``kind``, ``units`` (number), ``valid_from``,
        ``made`` ("given" or "joined from level n"), ``source`` (file), ``added`` (date), ``path``.

    Raises
    ------
    InputError
        If the file that describes a frame is damaged.
    """
    import pandas as pd

    rows = []
    for iso3 in user_countries():
        for folder in _frames(own_folder() / iso3):
            facts = read_facts(folder)
            for number, level in sorted(facts["levels"].items(), key=lambda item: int(item[0])):
                about = [level[name] for name in ("kind", "units", "made", "source", "added")]
                path = str(folder / level["file"])
                rows.append([iso3, facts["vintage"], int(number), *about, facts["valid_from"], path])
    names = ["country", "vintage", "level", "kind", "units", "made", "source", "added", "valid_from", "path"]
    return pd.DataFrame(rows, columns=names)


def read_facts(folder: Path) -> dict[str, Any]:
    """Read what a frame's ``frame.toml`` says.

    Parameters
    ----------
    folder : path
        Of a frame.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        If it is damaged.
    """
    path = folder / FACTS
    try:
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
        _vintage(folder, facts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}, which describes boundaries of yours, is damaged ({error}). Delete the folder {folder} and "
            "add the boundaries again."
        ) from None
    return facts


def _frames(home: Path) -> list[Path]:
    """Give the folders of frames of a country."""
    return sorted(path.parent for path in home.glob(f"*/{FACTS}"))


def _vintage(folder: Path, facts: dict[str, Any]) -> Vintage:
    levels = {int(number): level for number, level in facts["levels"].items()}
    finest_first = sorted(levels, reverse=True)
    said = [
        {name: levels[number][f"notice_{name}"] for name in ("long", "short", "short_fr")} for number in finest_first
    ]
    notice = {name: " ".join(dict.fromkeys(one[name] for one in said)) for name in ("long", "short", "short_fr")}
    return Vintage(
        name=facts["vintage"],
        valid_from=facts["valid_from"],
        valid_to=None,
        approximate=False,
        note=NOTE,
        note_fr=NOTE_FR,
        files={number: levels[number]["file"] for number in sorted(levels)},
        level_notes={},
        level_notes_fr={},
        folder=folder,
        levels=tuple(Level(number, levels[number]["kind"]) for number in sorted(levels)),
        notice=notice,
        code_systems=tuple(dict.fromkeys(name for level in levels.values() for name in level["code_systems"])),
    )
