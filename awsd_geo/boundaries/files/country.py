"""Which country a boundary file is of, and where that country lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from awsd_geo.boundaries.country import find_country
from awsd_geo.boundaries.own import own_folder
from awsd_geo.errors import AwsdGeoError, RequestError

KINDS = {1: "region", 2: "district", 3: "subdistrict", 4: "locality"}


@dataclass(frozen=True, slots=True)
class Place:
    """A country, as far as it is known."""

    iso3: str
    iso2: str | None
    name: str
    known: bool  # to awsd_geo, or added by the user before
    kinds: tuple[tuple[int, str], ...] = ()  # level -> what a unit of it is called, where that is known

    def kind(self, level: int) -> str:
        """Say what a unit of a level is called: in this country, else in most."""
        return dict(self.kinds).get(level, KINDS.get(level, "unit"))

    def unit_id(self, vintage: str, level: int, key: str) -> str:
        """Give the ``region_id`` of a unit: ``BFA-2024-BF46``, ``BFA-2024-district-BF4601``."""
        return f"{self.iso3}-{vintage}-{'' if level == 1 else f'{self.kind(level)}-'}{key}"


def find_place(text: str) -> Place:
    """Find a country by code or name; an unknown code of three letters is a new country.

    Parameters
    ----------
    text : str
        ISO3, ISO2 or name.

    Returns
    -------
    Place

    Raises
    ------
    RequestError
        If it is neither known nor a code of three capitals.
    """
    try:
        found = find_country(text)
    except RequestError:
        if re.fullmatch("[A-Z]{3}", text.strip()):
            return Place(text.strip(), None, text.strip(), known=False)
        raise
    kinds = tuple((level.number, level.kind) for level in found.levels)
    return Place(found.iso3, found.iso2, found.names["en"], known=True, kinds=kinds)


def outline_of(place: Place) -> Any:
    """Give the outline of a country from the boundaries that come with awsd_geo; None where there are none.

    Parameters
    ----------
    place : Place
        As of `find_place`.

    Returns
    -------
    geometry or None
        In degrees.
    """
    import shapely

    from awsd_geo.boundaries.regions import load_regions

    try:
        found = find_country(place.iso3)
        shipped = [frame for frame in found.vintages if 1 in frame.files and own_folder() not in frame.folder.parents]
        if not shipped:
            return None
        regions = load_regions(found, level=1, vintage=shipped[-1].name)
    except AwsdGeoError:
        return None
    return shapely.union_all(regions.geometry.to_numpy())
