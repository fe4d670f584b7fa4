"""Classes of local statistics: a colour and a hatch for each, "not significant" plain, undefined as no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.errors import InputError
from awsd_geo.maps.layer import Layer
from awsd_geo.maps.layers.common import need, p_value, reason, strings_of

if TYPE_CHECKING:
    import pandas as pd

HOTSPOT_LABELS = ("hot", "cold", "not significant")
MORAN_LABELS = ("high-high", "low-low", "high-low", "low-high", "not significant")
DESCRIPTIVE_BELOW = 30
"""Units below which a local statistic only describes (DESIGN, section 4)."""


def hotspot_layer(table: pd.DataFrame, lang: str = "en") -> Layer:
    """Show where a local statistic (Getis-Ord Gi*) finds high or low neighbourhoods.

    Parameters
    ----------
    table : DataFrame
        Indexed by ``region_id``, with ``label`` ("hot", "cold", "not significant", "undefined"), ``value`` (the
        statistic), and ``p_value``, ``q_value`` and ``reason`` where known.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        Labels as classes; undefined is shown as no data. Below 30 units the legend says "descriptive".

    Raises
    ------
    InputError
        If there is no column ``label`` or ``value``, or a label is not one of the four.
    """
    return _classes(table, "hotspot", HOTSPOT_LABELS, lang)


def local_moran_layer(table: pd.DataFrame, lang: str = "en") -> Layer:
    """Show which regions are like their neighbours, or unlike them, by local Moran's I.

    Parameters
    ----------
    table : DataFrame
        As of ``statistics.local_moran(...).table``: ``label`` ("high-high", "low-low", "high-low", "low-high", "not
        significant", "undefined"), ``value``, and ``p_value``, ``q_value`` and ``reason`` where known.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        As of :func:`hotspot_layer`.

    Raises
    ------
    InputError
        If there is no column ``label`` or ``value``, or a label is not one of the six.
    """
    return _classes(table, "moran", MORAN_LABELS, lang)


def _classes(table: pd.DataFrame, key: str, allowed: tuple[str, ...], lang: str) -> Layer:
    import pandas as pd

    strings = strings_of(key, lang)
    need(table, ("label", "value"), key)
    labels = {name: strings[name.replace(" ", "_").replace("-", "_")] for name in allowed}
    wrong = sorted(set(table["label"].dropna().astype(str)) - {*allowed, "undefined"})
    if wrong:
        raise InputError(f"The layer {key} has the label {wrong[0]!r}. Allowed: {', '.join(allowed)}, undefined.")
    facts = {strings["fact"]: table["label"].map({**labels, "undefined": strings["undefined"]})}
    for name in ("p_value", "q_value"):
        if name in table.columns:
            facts[strings[name]] = table[name].astype(float).map(lambda p: p_value(p, lang), na_action="ignore")
    return Layer(
        key=key,
        title=strings["title"],
        unit=strings["unit"],
        description=strings["description"],
        values=table["label"].astype(object).where(table["label"] != "undefined"),
        kind="classes",
        palette=key,
        labels=labels,
        facts=pd.DataFrame(facts),
        missing=strings["undefined"],
        reasons=table["reason"].dropna().map(lambda why: reason(why, lang)) if "reason" in table.columns else None,
        notes=(strings["descriptive"],) if len(table) < DESCRIPTIVE_BELOW else (),
        lang=lang,
    )
