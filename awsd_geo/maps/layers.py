"""The layers of the Signal Alert map, each a function of tables: incidents, share, rate, local statistic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.errors import InputError
from awsd_geo.language import number, percent, words
from awsd_geo.maps.layer import Layer, write_value

if TYPE_CHECKING:
    import pandas as pd

HOTSPOT_LABELS = ("hot", "cold", "not significant", "undefined")
DESCRIPTIVE_BELOW = 30
"""Units below which a local statistic only describes (DESIGN, section 4)."""


def _words(key: str, lang: str) -> dict[str, Any]:
    return dict(words(lang)["map"][key])


def _columns(table: pd.DataFrame, needed: tuple[str, ...], layer: str) -> None:
    absent = [name for name in needed if name not in table.columns]
    if absent:
        raise InputError(
            f"The table of the layer {layer} lacks the column {absent[0]}. It has: "
            f"{', '.join(map(str, table.columns))}."
        )


def _totals(values: pd.Series) -> pd.Series:
    """Sum over the years, if the index has years; a region without any value stays missing."""
    if values.index.nlevels == 1:
        return values
    return values.groupby(level="region_id", sort=False).sum(min_count=1)


def _written(values: pd.Series, form: Any, lang: str) -> pd.Series:
    return values.astype(float).map(lambda value: write_value(value, form, lang), na_action="ignore")


def incidents_layer(counts: pd.DataFrame | pd.Series, lang: str = "en") -> Layer:
    """Show the number of incidents of each region over all years.

    Parameters
    ----------
    counts : DataFrame or Series
        Indexed by ``region_id``, or by ``region_id`` and ``year`` (summed). A DataFrame has ``incidents`` and
        may have ``victims``. ``attrs`` with ``located`` and ``total`` add the note on unplaced incidents.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        Counts in classes, zero apart; the panel also names the victims.

    Raises
    ------
    InputError
        If a DataFrame has no column ``incidents``.
    """
    import pandas as pd

    strings = _words("incidents", lang)
    table = counts.to_frame("incidents") if isinstance(counts, pd.Series) else counts
    _columns(table, ("incidents",), "incidents")
    sums = {name: _totals(table[name]) for name in ("incidents", "victims") if name in table.columns}
    facts = pd.DataFrame({strings[name]: _written(values, "count", lang) for name, values in sums.items()})
    return Layer(
        key="incidents",
        title=strings["title"],
        unit=strings["unit"],
        description=strings["description"],
        values=sums["incidents"].astype(float),
        palette="ember",
        format="count",
        facts=facts,
        notes=_unplaced(counts.attrs, strings, lang),
        lang=lang,
    )


def _unplaced(attrs: dict[Any, Any], strings: dict[str, Any], lang: str) -> tuple[str, ...]:
    """Say how many incidents could not be placed, where the table knows it."""
    located, total = attrs.get("located"), attrs.get("total")
    if located is None or total is None or located >= total:
        return ()
    sentence = strings["unplaced_one" if total - located == 1 else "unplaced"]
    return (sentence.format(missing=number(total - located, lang), total=number(total, lang)),)


def share_layer(table: pd.DataFrame, lang: str = "en") -> Layer:
    """Show each region's share of all placed incidents.

    Parameters
    ----------
    table : DataFrame
        Indexed by ``region_id``, with ``share`` (0 to 1), and ``share_low`` and ``share_high`` where the panel
        shall show the 95 % interval; as in ``statistics.concentration(...).table``.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        Shares in classes, zero apart.

    Raises
    ------
    InputError
        If there is no column ``share``.
    """
    import pandas as pd

    strings = _words("share", lang)
    _columns(table, ("share",), "share")
    texts = _written(table["share"], "percent", lang)
    facts = {strings["title"]: texts}
    if {"share_low", "share_high"} <= set(table.columns):
        facts[strings["interval"]] = _interval(table["share_low"], table["share_high"], lang)
    return Layer(
        key="share",
        title=strings["title"],
        unit=strings["unit"],
        description=strings["description"],
        values=table["share"].astype(float),
        palette="lagoon",
        format="percent",
        facts=pd.DataFrame(facts),
        lang=lang,
    )


def _interval(low: pd.Series, high: pd.Series, lang: str) -> pd.Series:
    form = words(lang)["map"]["range"]
    bottom = low.astype(float).map(lambda value: number(100 * value, lang, decimals=1), na_action="ignore")
    top = high.astype(float).map(lambda value: percent(value, lang, decimals=1), na_action="ignore")
    return bottom.combine(top, lambda one, other: form.format(low=one, high=other) if one == one else one)


def rate_layer(counts: pd.DataFrame | pd.Series, population: pd.Series, lang: str = "en") -> Layer:
    """Show incidents per 100,000 residents over the whole period.

    Parameters
    ----------
    counts : DataFrame or Series
        As for :func:`incidents_layer`.
    population : Series
        Residents, indexed by ``region_id``; missing or zero leaves the rate undefined there, and the map says so.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        Rates in classes, zero apart. Not a yearly rate: divide by the years of the period for that.

    Raises
    ------
    InputError
        If a DataFrame has no column ``incidents``.
    """
    import pandas as pd

    strings = _words("rate", lang)
    table = counts.to_frame("incidents") if isinstance(counts, pd.Series) else counts
    _columns(table, ("incidents",), "rate")
    incidents = _totals(table["incidents"]).astype(float)
    residents = population.astype(float).reindex(incidents.index)
    rates = 100_000 * incidents / residents.where(residents > 0)
    facts = {strings["fact"]: _written(rates, "rate", lang), strings["residents"]: _written(residents, "count", lang)}
    source = population.attrs.get("source")
    return Layer(
        key="rate",
        title=strings["title"],
        unit=strings["unit"],
        description=strings["description"],
        values=rates,
        palette="plum",
        format="rate",
        facts=pd.DataFrame(facts),
        reasons=pd.Series(strings["undefined"], index=rates.index[rates.isna() & incidents.notna()], dtype=object),
        sources=(strings["source"].format(source=source),) if source else (),
        lang=lang,
    )


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
    import pandas as pd

    strings = _words("hotspot", lang)
    _columns(table, ("label", "value"), "hotspot")
    labels = {name: strings[name.replace(" ", "_")] for name in HOTSPOT_LABELS[:3]}
    wrong = sorted(set(table["label"].dropna().astype(str)) - set(HOTSPOT_LABELS))
    if wrong:
        raise InputError(f"The layer hotspot has the label {wrong[0]!r}. Allowed: {', '.join(HOTSPOT_LABELS)}.")
    facts = {strings["fact"]: table["label"].map({**labels, "undefined": strings["undefined"]})}
    for name in ("p_value", "q_value"):
        if name in table.columns:
            facts[strings[name]] = table[name].astype(float).map(lambda p: _p_value(p, lang), na_action="ignore")
    return Layer(
        key="hotspot",
        title=strings["title"],
        unit=strings["unit"],
        description=strings["description"],
        values=table["label"].astype(object).where(table["label"] != "undefined"),
        kind="classes",
        palette="hotspot",
        labels=labels,
        facts=pd.DataFrame(facts),
        missing=strings["undefined"],
        reasons=table["reason"].dropna() if "reason" in table.columns else None,
        notes=(strings["descriptive"],) if len(table) < DESCRIPTIVE_BELOW else (),
        lang=lang,
    )


def _p_value(value: float, lang: str) -> str:
    return f"< {number(0.001, lang, decimals=3)}" if value < 0.001 else number(value, lang, decimals=3)
