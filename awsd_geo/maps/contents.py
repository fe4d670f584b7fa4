"""What a map's one JSON payload holds, and the texts that its page needs: from frames to plain lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.errors import InputError, RequestError
from awsd_geo.language import words
from awsd_geo.maps import geometry

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from awsd_geo.maps.layer import Layer

_SCRIPT_WORDS = ("hint", "close", "zoom_in", "zoom_out", "whole")


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
        strangers = layer.values.index.difference(regions.index)  # noqa: PD011 - the layer's own field
        if len(strangers):
            raise InputError(
                f"The layer {layer.key} has the region {strangers[0]!r}, which the frame lacks. "
                "Give the regions that the table was counted in."
            )


def facts(regions: gpd.GeoDataFrame, layers: Sequence[Layer]) -> list[tuple[int, str, list[str]]]:
    """List the columns of the table: position of the layer, heading, and one text a region.

    Columns that two layers share appear once. A dash stands where a region has no value.
    """
    found: list[tuple[int, str, list[str]]] = []
    for place, layer in enumerate(layers):
        columns: dict[str, Any] = {layer.title: {key: layer.text(key) for key in regions.index}}
        if layer.facts is not None:
            columns = {str(name): layer.facts[name].dropna().to_dict() for name in layer.facts.columns}
        for name, texts in columns.items():
            if name not in {heading for _, heading, _ in found}:
                found.append((place, name, [str(texts.get(key, "–")) for key in regions.index]))
    return found


def layer_contents(layer: Layer, region_ids: list[str]) -> dict[str, Any]:
    """Write one layer for the payload; ``index`` is each region's place in ``classes``, -1 for no data."""
    index = layer.classes(region_ids)
    legend = [list(row) for row in layer.legend()]
    reasons = {} if layer.reasons is None else layer.reasons.to_dict()
    texts = [layer.text(key) for key in region_ids]
    quiet = list((layer.labels or {}).values())[-1:]  # the last label, "not significant", is not written on the map
    return {
        "key": layer.key,
        "title": layer.title,
        "unit": layer.unit,
        "description": layer.description,
        "notes": list(layer.notes),
        "missing": layer.no_data,
        "classes": legend,
        "zero": layer.kind == "sequential" and 0 not in index,
        "index": index,
        "shown": texts,
        "marks": ["" if place < 0 or text in quiet else text for place, text in zip(index, texts, strict=True)],
        "reasons": [str(reasons.get(key, "")) for key in region_ids],
    }


def contents(
    regions: gpd.GeoDataFrame,
    layers: Sequence[Layer],
    lang: str,
    neighbours: gpd.GeoDataFrame | None,
    towns: pd.DataFrame | None,
) -> dict[str, Any]:
    """Gather all that the script draws."""
    strings = words(lang)["map"]
    bounds = geometry.bounds_of(regions)
    outlines = geometry.simplify_together(regions.geometry.to_numpy())
    columns = facts(regions, layers)
    ids = [str(key) for key in regions.index]
    return {
        "scale": geometry.SCALE,
        "bounds": [[bounds[1], bounds[0]], [bounds[3], bounds[2]]],
        "words": {name: strings[name] for name in _SCRIPT_WORDS},
        "headings": [[place, heading] for place, heading, _ in columns],
        "regions": [
            {
                "name": str(name),
                "kind": strings["kinds"][kind],
                "rings": geometry.steps(outline),
                "at": geometry.label_point(outline),
                "facts": [texts[row] for _, _, texts in columns],
            }
            for row, (name, kind, outline) in enumerate(zip(regions["name"], regions["kind"], outlines, strict=True))
        ],
        "layers": [layer_contents(layer, ids) for layer in layers],
        "neighbours": [] if neighbours is None else geometry.surroundings(neighbours, bounds, lang),
        "towns": [] if towns is None else geometry.dots(towns, bounds, [str(name) for name in regions["name"]]),
    }
