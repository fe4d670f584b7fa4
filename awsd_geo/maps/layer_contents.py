"""One layer as plain lists for the payload: classes, texts, and the same for each year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.maps.arcs import SCALE, encode
from awsd_geo.maps.style import hatch_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from awsd_geo.maps.layer import Layer


def years_of(layers: Sequence[Layer]) -> list[int]:
    """List the years that any layer knows apart, rising; the positions of the slider."""
    return sorted({int(year) for layer in layers if layer.by_year is not None for year in layer.by_year.columns})


def layer_contents(layer: Layer, region_ids: list[str], years: list[int]) -> dict[str, Any]:
    """Write one layer for the payload; ``index`` is each region's place in ``classes``, -1 for no data."""
    index = layer.classes(region_ids)
    reasons = {} if layer.reasons is None else layer.reasons.to_dict()
    texts = [layer.text(key) for key in region_ids]
    ordered = layer.kind == "sequential"
    return {
        "key": layer.key,
        "title": layer.title,
        "unit": layer.unit,
        "description": layer.description,
        "notes": list(layer.notes),
        "missing": layer.no_data,
        "hides": layer.hides,
        "classes": [[style, text, hatch_of(style)] for style, text in layer.legend()],
        "zero": ordered and layer.by_year is None and 0 not in index,
        "grid": None if layer.grid is None else [list(side) for side in layer.grid],
        "index": index,
        "shown": texts,
        "marks": _marks(layer, region_ids, index, texts),
        "reasons": [str(reasons.get(key, "")) for key in region_ids] if reasons else [],
        "values": _numbers(layer.values, region_ids) if ordered else None,
        "years": _by_year(layer, region_ids, years),
        "outlines": [
            {
                "mark": outline.mark,
                "regions": [region_ids.index(key) for key in outline.region_ids],
                "text": outline.text,
                "faint": outline.faint,
            }
            for outline in layer.outlines
        ],
        "points": _points(layer.points),
    }


def _marks(layer: Layer, region_ids: list[str], index: list[int], texts: list[str]) -> list[str]:
    """Give what stands on the map: nothing where there are no data, nor for the last label, "not significant"."""
    if layer.marks is not None:
        marks = layer.marks.dropna().to_dict()
        return [str(marks.get(key, "")) for key in region_ids]
    quiet = list((layer.labels or {}).values())[-1:]
    return ["" if place < 0 or text in quiet else text for place, text in zip(index, texts, strict=True)]


def _numbers(values: pd.Series, region_ids: list[str]) -> list[float | int | None]:
    numbers = values.astype(float).reindex(region_ids).tolist()
    return [None if n != n else int(n) if n == int(n) else float(f"{n:.6g}") for n in numbers]


def _by_year(layer: Layer, region_ids: list[str], years: list[int]) -> list[dict[str, Any]] | None:
    if layer.by_year is None:
        return None
    table = layer.by_year.reindex(columns=years)
    found = []
    for year in years:
        values = table[year].reindex(region_ids)
        index, numbers = layer.classes(region_ids, values), _numbers(values, region_ids)
        texts = [layer.write(value) for value in values]
        same = texts == [str(number) for number in numbers]
        found.append({"index": index, "values": numbers, "shown": None if same else texts})
    return found


def _points(points: np.ndarray | None) -> str:
    """Write points as steps of whole numbers, from west to east; their order in the data is lost on purpose."""
    if points is None or not len(points):
        return ""
    whole = np.rint(np.asarray(points, dtype=float) * SCALE).astype(np.int64)
    ordered = whole[np.lexsort((whole[:, 1], whole[:, 0]))]
    return encode(np.diff(ordered, axis=0, prepend=[[0, 0]]).ravel().tolist())
