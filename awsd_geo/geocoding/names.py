"""Place texts: which units of a frame a name can stand for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsd_geo.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

FIELDS = ("region", "district", "city")
# Which sort of place a column names, the likeliest first: "Mopti" as a region is not the town of Mopti.
SORTS: dict[str, tuple[str, ...]] = {
    "region": ("region", "cercle", "commune", "town"),
    "district": ("cercle", "region", "commune", "town"),
    "city": ("commune", "town", "cercle", "region"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the place text of an incident allows."""

    units: frozenset[str]  # region_ids that the text can stand for; empty where no text is known
    used: tuple[str, ...] = ()  # the texts that were understood
    unknown: tuple[str, ...] = ()  # the texts that name nothing known
    against: tuple[str, ...] = ()  # the texts that contradict a coarser one
    weights: Mapping[str, float] | None = None  # region_id -> weight, summing to 1; None is equal among units
    precision: str | None = None  # "settlement", "district", "region" or "country": the finest text that was used
    ambiguous: bool = False  # a text fits several places that are not one inside the other, none clearly ahead


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """The names of a country's places, each with the smallest units (cells) that it covers."""

    cells: dict[tuple[str, str], frozenset[str]]  # (sort, folded name) -> cells
    unit_of: dict[str, str]  # cell -> region_id in the frame asked for
    _read: dict[tuple[str | None, ...], Reading] = field(default_factory=dict)

    def read(self, texts: tuple[str | None, ...]) -> Reading:
        """Narrow the cells by region, then district, then city; a finer text that contradicts is left aside."""
        if texts not in self._read:
            self._read[texts] = self._narrow(texts)
        return self._read[texts]

    def _narrow(self, texts: tuple[str | None, ...]) -> Reading:
        cells: frozenset[str] | None = None
        used: list[str] = []
        unknown: list[str] = []
        against: list[str] = []
        for column, text in zip(FIELDS, texts, strict=True):
            if not text:
                continue
            options = [self.cells[key] for sort in SORTS[column] if (key := (sort, fold(text))) in self.cells]
            fitting = [option if cells is None else option & cells for option in options]
            best = next((option for option in fitting if option), None)
            if best is not None:
                cells = best
                used.append(text)
            else:
                (against if options else unknown).append(text)
        units = frozenset(self.unit_of[cell] for cell in cells or ())
        return Reading(units, tuple(used), tuple(unknown), tuple(against))


def place_names(regions: gpd.GeoDataFrame) -> PlaceNames:
    """Gather the names that can stand for the units of a frame.

    Parameters
    ----------
    regions : GeoDataFrame
        A frame of :func:`awsd_geo.load_regions`, whose country's own gazetteer is used, or any frame of the
        schema, whose own names are then all that is known.

    Returns
    -------
    PlaceNames
    """
    from awsd_geo import boundaries

    if (frame := frame_of(regions)) is None:
        own: dict[tuple[str, str], frozenset[str]] = {}
        for region_id, name in regions["name"].items():
            for sort in SORTS["region"]:
                own[sort, fold(name)] = own.get((sort, fold(name)), frozenset()) | {region_id}
        return PlaceNames(own, {region_id: region_id for region_id in regions.index})
    country, vintage, level = frame
    column = boundaries.membership(country)[f"level_{level}_{vintage}"]
    known = boundaries.place_names(country)[["name", "level", "cells"]]
    kinds = [one.kind for one in boundaries.find_country(country).levels]  # the words for levels 1, 2, 3 differ
    known = known.assign(level=known["level"].replace(dict(zip(kinds, SORTS["region"][: len(kinds)], strict=True))))
    return PlaceNames(
        _merged(known.itertuples(index=False, name=None)),
        dict(zip(column.index.tolist(), column.tolist(), strict=True)),
    )


def frame_of(regions: gpd.GeoDataFrame) -> tuple[str, str, int] | None:
    """Say which shipped frame these regions are, also where their ``attrs`` were lost on the way.

    Parameters
    ----------
    regions : GeoDataFrame
        Any frame of the schema.

    Returns
    -------
    tuple of (country, vintage, level) or None
        None where they are no shipped frame, or only a part of one that says so nowhere.
    """
    from awsd_geo import boundaries

    attrs = regions.attrs
    if {"country", "vintage", "level"} <= attrs.keys():
        return str(attrs["country"]), str(attrs["vintage"]), int(attrs["level"])
    vintages, levels = regions["vintage"].unique(), regions["level"].unique()
    if len(regions) == 0 or len(vintages) != 1 or len(levels) != 1:
        return None
    for country in boundaries.countries():
        if all(str(region_id).startswith(f"{country.iso3}-{vintages[0]}-") for region_id in regions.index):
            column = f"level_{levels[0]}_{vintages[0]}"
            member = boundaries.membership(country)
            if column in member and set(regions.index) <= set(member[column]):
                return country.iso3, str(vintages[0]), int(levels[0])
    return None


def _merged(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, str], frozenset[str]]:
    """Join the cells of places that share a name and a sort: homonyms are all candidates."""
    cells: dict[tuple[str, str], frozenset[str]] = {}
    for name, sort, some in rows:
        key = (sort, fold(name))
        cells[key] = cells.get(key, frozenset()) | frozenset(some)
    return cells
