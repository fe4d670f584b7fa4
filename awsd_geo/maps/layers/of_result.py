"""The layer that shows a result by region, for ``RegionalResult.plot`` and ``RegionalResult.explore``; in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.maps.layer import Layer
from awsd_geo.maps.layers.clusters import clusters_layer
from awsd_geo.maps.layers.local import hotspot_layer, local_moran_layer
from awsd_geo.maps.layers.rates import smoothed_layer
from awsd_geo.maps.layers.shares import share_layer

if TYPE_CHECKING:
    from awsd_geo.results import RegionalResult
    from awsd_geo.statistics import EmergingHotSpots, Spread

_LABELLED: dict[str, tuple[str, str, str, dict[str, str]]] = {
    # class: title, unit, palette, words of the labels in the order of the palette
    "ProbabilityMap": (
        "Probability map",
        "Incidents beside what the exposure lets expect",
        "hotspot",
        {"high": "more than expected", "low": "fewer than expected", "not significant": "not significant"},
    ),
    "BesagNewell": (
        "Clusters by Besag and Newell",
        "Units that are the centre of a cluster",
        "found",
        {"cluster": "centre of a cluster", "not significant": "not significant"},
    ),
    "LocalJoinCounts": (
        "Local join counts",
        "Units hit whose neighbours are hit too",
        "found",
        {"high-high": "hit among hit", "not significant": "not significant"},
    ),
}
_TITLES = {
    "Geary": "Values compared by Geary's C",
    "GeneralG": "Values compared by general G",
    "Moran": "Values compared by Moran's I",
    "PlacingSensitivity": "Most incidents that each unit can have had",
}
_SIDES = {"hot": "a pattern of hot spots", "cold": "a pattern of cold spots", "none": "no pattern"}


def layer_of(result: RegionalResult) -> Layer:
    """Choose how a result is shown.

    Parameters
    ----------
    result : RegionalResult
        Scans, smoothed rates, shares, changes and results with labels have layers of their own; of others the column
        ``SHOWN`` is shaded.

    Returns
    -------
    Layer
    """
    from awsd_geo import statistics

    if isinstance(result, statistics.Scan):
        return clusters_layer(result)
    if isinstance(result, statistics.SmoothedRates):
        return smoothed_layer(result, result.table["exposure"])
    if isinstance(result, statistics.EmergingHotSpots):
        return _emerging(result)
    if isinstance(result, statistics.Spread):
        return _spread(result)
    if type(result).__name__ in _LABELLED:
        return _labelled(result)
    if isinstance(result, statistics.LocalMoran):
        return local_moran_layer(result.table)
    if {"label", "value"} <= set(result.table.columns):
        return hotspot_layer(result.table)
    return share_layer(result.table) if "share" in result.table.columns and result.SHOWN == "share" else _shaded(result)


def _labelled(result: RegionalResult) -> Layer:
    title, unit, palette, labels = _LABELLED[type(result).__name__]
    values = result.table["label"].astype(object)
    return Layer(
        key=type(result).__name__.lower(),
        title=title,
        unit=unit,
        values=values.where(values != "undefined"),
        kind="classes",
        palette=palette,
        labels=labels,
        missing="undefined",
        marks=values.iloc[:0],  # colour and hatch say it
        reasons=result.table["reason"].dropna(),
    )


def _emerging(result: EmergingHotSpots) -> Layer:
    label = result.table["label"].astype(str)
    side = label.map(lambda text: next((side for side in ("hot", "cold") if f" {side} " in text), "none"))
    pattern = label.str.replace(" spot", "", regex=False)
    return Layer(
        key="emerging",
        title="Emerging hot spots",
        unit=f"What became of each unit over {result.steps} years",
        values=side.astype(object).where(label != "undefined"),
        kind="classes",
        palette="hotspot",
        labels=_SIDES,
        missing="undefined",
        marks=pattern.where(side != "none"),
        notes=("Descriptive: few steps or few units.",) if result.descriptive else (),
    )


def _spread(result: Spread) -> Layer:
    before, after = result.periods
    return Layer(
        key="spread",
        title="Change of the shares",
        unit=f"Change of the share of incidents, {before} to {after}, percentage points",
        values=100 * result.table["change"].astype(float),
        kind="diverging",
        palette="balance",
        format="change",
    )


def _shaded(result: RegionalResult) -> Layer:
    """Shade the column that a result shows: from fall to rise where it has values below zero."""
    values = result.table[result.SHOWN].astype(float)
    name = _TITLES.get(type(result).__name__, result.SHOWN.replace("_", " ").capitalize())
    if (values < 0).any():
        return Layer(result.SHOWN, name, values, kind="diverging", palette="balance", format="change")
    whole = bool((values.dropna() % 1 == 0).all())
    return Layer(result.SHOWN, name, values, format="count" if whole else "rate")
