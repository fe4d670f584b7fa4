"""What a map's one JSON payload holds, and the texts that its page needs: from frames to plain lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.errors import InputError, RequestError
from awsd_geo.language import words
from awsd_geo.maps import arcs, geometry
from awsd_geo.maps.layer_contents import layer_contents, years_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from awsd_geo.maps.layer import Layer

SCRIPT_WORDS = (
    "hint", "close", "zoom_in", "zoom_out", "whole", "whole_period", "only_whole", "play", "pause", "year_numbers",
    "by_year", "all_regions", "all_numbers", "rank", "rank_tied", "search_none", "search_found", "to_table", "to_map",
    "csv_separator", "table_title", "sources", "colon",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What is drawn around and within the regions for orientation; each may be absent."""

    neighbours: gpd.GeoDataFrame | None = None
    towns: pd.DataFrame | None = None
    finer: gpd.GeoDataFrame | None = None

    @property
    def frames(self) -> list[Any]:
        """Those that are there, whose notices are cited."""
        return [frame for frame in (self.neighbours, self.towns, self.finer) if frame is not None]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table and one row of the panel."""

    place: int  # of its layer
    heading: str
    texts: list[str]  # one a region
    by_year: list[list[str]] | None  # for each year one a region; None where only the whole period is known


def check_request(regions: gpd.GeoDataFrame, layers: Sequence[Layer]) -> None:
    """Refuse regions and layers that do not make a map.

    Raises
    ------
    InputError
        If the regions do not keep their schema or a layer has a region that the frame lacks.
    RequestError
        If there is no layer, or two have one key.
    """
    schema.check(regions, schema.REGIONS)
    geometry.check_outlines(regions)
    if not layers:
        raise RequestError("A map needs at least one layer, such as incidents_layer(counts).")
    keys = [layer.key for layer in layers]
    if len(set(keys)) < len(keys):
        raise RequestError(f"Two layers have one key among {', '.join(keys)}. Give each its own.")
    for layer in layers:
        outlined = [key for outline in layer.outlines for key in outline.region_ids]
        used = [*layer.values.index, *outlined]  # noqa: PD011 - the layer's own field
        strangers = [key for key in used if key not in regions.index]
        if strangers:
            raise InputError(
                f"The layer {layer.key} has the region {strangers[0]!r}, which the frame lacks. "
                "Give the regions that the table was counted in."
            )


def columns_of(regions: gpd.GeoDataFrame, layers: Sequence[Layer]) -> list[Column]:
    """List the columns of the table.

    Columns that two layers share appear once. A dash stands where a region has no value.
    """
    found: dict[str, Column] = {}
    years, order = years_of(layers), list(regions.index)

    def in_order(texts: dict[Any, Any]) -> list[str]:
        return [str(texts.get(key, "–")) for key in order]

    for place, layer in enumerate(layers):
        columns: dict[str, Any] = {layer.title: {key: layer.text(key) for key in order}}
        if layer.facts is not None:
            columns = {str(name): layer.facts[name].dropna().to_dict() for name in layer.facts.columns}
        for name, texts in columns.items():
            yearly = [(layer.facts_by_year or {}).get(year) for year in years]
            known = bool(years) and all(table is not None and name in table.columns for table in yearly)
            by_year = [in_order(table[name].dropna().to_dict()) for table in yearly if table is not None]
            if name not in found:
                found[name] = Column(place, name, in_order(texts), by_year if known else None)
    return list(found.values())


def contents(regions: gpd.GeoDataFrame, layers: Sequence[Layer], lang: str, around: Around) -> dict[str, Any]:
    """Gather all that the script draws."""
    strings = words(lang)["map"]
    bounds = geometry.bounds_of(regions)
    ids, years = [str(key) for key in regions.index], years_of(layers)
    columns = columns_of(regions, layers)
    return {
        "scale": arcs.SCALE,
        "bounds": [[bounds[1], bounds[0]], [bounds[3], bounds[2]]],
        "words": {name: strings[name] for name in SCRIPT_WORDS}
        | {"whole_period": whole_period(years, lang), "table_region": kind_of_most(regions, lang)},
        "years": years,
        "headings": [[column.place, column.heading] for column in columns],
        "yearly": {str(row): column.by_year for row, column in enumerate(columns) if column.by_year is not None},
        **_units(regions, columns, strings["kinds"]),
        "layers": [layer_contents(layer, ids, years) for layer in layers],
        "neighbours": geometry.surroundings(around.neighbours, bounds, lang) if around.neighbours is not None else None,
        "towns": [] if around.towns is None else geometry.dots(around.towns, bounds, [str(n) for n in regions["name"]]),
        "finer": [] if around.finer is None else geometry.inner_lines(around.finer),
    }


def _units(regions: gpd.GeoDataFrame, columns: list[Column], kinds: dict[str, str]) -> dict[str, Any]:
    outlines = geometry.simplify_together(regions.geometry.to_numpy())
    lines, rings = arcs.share(outlines)
    units = [
        {
            "name": str(name),
            "kind": kinds[kind],
            "rings": parts,
            "at": geometry.label_point(outline),
            "facts": [column.texts[row] for column in columns],
        }
        for row, (name, kind, outline, parts) in enumerate(
            zip(regions["name"], regions["kind"], outlines, rings, strict=True)
        )
    ]
    return {"arcs": lines, "regions": units}


def kind_of_most(regions: gpd.GeoDataFrame, lang: str) -> str:
    """Name the kind of most units, as a heading: "Region", "Cercle"."""
    kinds = regions["kind"].astype(str).tolist()
    return str(words(lang)["map"]["kinds"][max(sorted(set(kinds)), key=kinds.count)])


def whole_period(years: list[int], lang: str) -> str:
    """Name the position of the slider that shows all years."""
    strings = words(lang)["map"]
    if not years:
        return str(strings["whole_period"])
    return str(strings["whole_period_years"].format(first=years[0], last=years[-1]))
