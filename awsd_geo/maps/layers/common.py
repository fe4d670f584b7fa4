"""What several layers share: their words, the columns they need, sums over years, and how numbers are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.errors import InputError
from awsd_geo.language import number, percent, words
from awsd_geo.language.known import translated
from awsd_geo.maps.classes import write_value

if TYPE_CHECKING:
    import pandas as pd


def strings_of(key: str, lang: str) -> dict[str, Any]:
    """Give the words of one layer."""
    return dict(words(lang)["map"][key])


def reason(why: str, lang: str) -> str:
    """Say in the page's language why a statistic is undefined: a sentence of its own."""
    if lang == "en":
        return why
    said = translated(why, lang)
    return f"{said[:1].upper()}{said[1:]}."


def need(table: pd.DataFrame, columns: tuple[str, ...], layer: str) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    InputError
        Naming the first that is absent.
    """
    absent = [name for name in columns if name not in table.columns]
    if absent:
        raise InputError(
            f"The table of the layer {layer} lacks the column {absent[0]}. It has: "
            f"{', '.join(map(str, table.columns))}."
        )


def as_table(counts: pd.DataFrame | pd.Series, layer: str) -> pd.DataFrame:
    """Give counts as a table with the column ``incidents``."""
    import pandas as pd

    table = counts.to_frame("incidents") if isinstance(counts, pd.Series) else counts
    need(table, ("incidents",), layer)
    return table


def totals(values: pd.Series) -> pd.Series:
    """Sum over the years, if the index has years; a region without any value stays missing."""
    if values.index.nlevels == 1:
        return values
    return values.groupby(level="region_id", sort=False).sum(min_count=1)


def years_apart(values: pd.Series) -> pd.DataFrame:
    """Give values by region, one column a year; a region keeps its place, a year without a row is missing."""
    order = values.index.get_level_values("region_id").unique()
    table = values.astype(float).unstack("year").reindex(order)  # noqa: PD010 - a missing value stays missing
    table.columns = [int(year) for year in table.columns]
    return table[sorted(table.columns)]


def written(values: pd.Series, form: Any, lang: str) -> pd.Series:
    """Write values as the panel shows them; missing ones stay missing."""
    return values.astype(float).map(lambda value: write_value(value, form, lang), na_action="ignore")


def known_sums(table: pd.DataFrame, name: str) -> pd.Series:
    """Sum a column over the years; of a table with suppressed numbers, give the sums that it says may be shown."""
    given = table.attrs.get("suppressed")
    return totals(table[name]) if given is None else given[name]


def suppressed_note(lang: str) -> str:
    """Say that some numbers are not shown."""
    return str(strings_of("suppressed", lang)["note"])


def interval(low: pd.Series, high: pd.Series, lang: str) -> pd.Series:
    """Write intervals of shares."""
    form = words(lang)["map"]["range"]
    bottom = low.astype(float).map(lambda value: number(100 * value, lang, decimals=1), na_action="ignore")
    top = high.astype(float).map(lambda value: percent(value, lang, decimals=1), na_action="ignore")
    return bottom.combine(top, lambda one, other: form.format(low=one, high=other) if one == one else one)


def p_value(value: float, lang: str) -> str:
    """Write a p-value with three decimals, very small ones as "< 0.001"."""
    return f"<\u00a0{number(0.001, lang, decimals=3)}" if value < 0.001 else number(value, lang, decimals=3)


def ratio(value: float, lang: str) -> str:
    """Write a ratio with one decimal, an infinite one as its sign."""
    return "∞" if value == float("inf") else number(value, lang, decimals=1)


def unplaced(attrs: dict[Any, Any], lang: str) -> tuple[str, ...]:
    """Say how many incidents could not be placed, where the table knows it."""
    located, total = attrs.get("located"), attrs.get("total")
    if located is None or total is None or located >= total:
        return ()
    sentence = strings_of("incidents", lang)["unplaced_one" if total - located == 1 else "unplaced"]
    return (sentence.format(missing=number(total - located, lang), total=number(total, lang)),)
