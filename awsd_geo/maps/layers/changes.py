"""Change between two periods: rises and falls of each region, alone or together with its number of incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.errors import InputError, RequestError
from awsd_geo.language import number, words
from awsd_geo.maps.breaks import class_limits
from awsd_geo.maps.classes import write_value
from awsd_geo.maps.layer import Layer
from awsd_geo.maps.layers.common import as_table, p_value, ratio, strings_of, totals, written, years_apart

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT = 0.05  # false discovery rate of "rising" and "falling"
_WAYS = ("falling", "steady", "rising")
_SIZES = ("few", "some", "many")
_ARROWS = {"falling": " ▼", "steady": "", "rising": " ▲"}


def compare_by_region(counts: pd.DataFrame | pd.Series, split: int) -> pd.DataFrame:
    """Compare the later years with the earlier ones in each region, exactly, and correct for the number of regions.

    Parameters
    ----------
    counts : DataFrame or Series
        Incidents by ``region_id`` and ``year``, zeros written out.
    split : int
        First year of the later period.

    Returns
    -------
    DataFrame
        Indexed by ``region_id``: ``before`` and ``after`` (incidents), ``change`` (of incidents a year), ``ratio`` (of
        the yearly numbers), ``p_value`` (exact conditional binomial; missing below 5 incidents), ``q_value`` (Benjamini
        and Hochberg) and ``way`` ("rising" or "falling" where q is at most 0.05, else "steady"). ``attrs`` hold
        ``before`` and ``after``, the first and last year of each period.

    Raises
    ------
    InputError
        If the counts have no years.
    RequestError
        If a period has no year.
    """
    import pandas as pd

    from awsd_geo.statistics import benjamini_hochberg, two_rates

    table = as_table(counts, "change")
    if table.index.nlevels == 1:
        raise InputError("Change needs counts by region_id and year. Give those of awsd_geo.count(..., years=...).")
    by_year = years_apart(table["incidents"])
    years = [int(year) for year in by_year.columns]
    early, late = ([year for year in years if (year >= split) == side] for side in (False, True))
    if not early or not late:
        raise RequestError(f"No year lies on one side of the split {split}. The years are {years[0]} to "
                           f"{years[-1]}.")  # fmt: skip
    sums = pd.DataFrame({"before": by_year[early].sum(axis=1), "after": by_year[late].sum(axis=1)})
    pairs = {tuple(pair) for pair in sums.astype(int).to_numpy().tolist()}
    found = {pair: two_rates(pair[1], len(late), pair[0], len(early)) for pair in pairs}
    of_region = [found[int(before), int(after)] for before, after in sums.to_numpy()]
    result = sums.assign(
        change=sums["after"] / len(late) - sums["before"] / len(early),
        ratio=[each.ratio for each in of_region],
        p_value=[each.p_value for each in of_region],
    )
    result["q_value"] = benjamini_hochberg(result["p_value"])
    clear = result["q_value"] <= SIGNIFICANT
    result["way"] = [_WAYS[1 + (sign > 0) - (sign < 0)] if sure else "steady"
                     for sign, sure in zip(result["change"], clear, strict=True)]  # fmt: skip
    result.attrs = {"before": (early[0], early[-1]), "after": (late[0], late[-1])}
    return result


def change_layer(counts: pd.DataFrame | pd.Series, split: int, lang: str = "en") -> Layer:
    """Show by how many incidents a year each region rose or fell between two periods.

    Parameters
    ----------
    counts : DataFrame or Series
        Incidents by ``region_id`` and ``year``, zeros written out.
    split : int
        First year of the later period.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        Rises in one hue, falls in another and hatched; the panel gives both numbers, ratio, p and corrected p.

    Raises
    ------
    InputError
        If the counts have no years.
    RequestError
        If a period has no year.
    """
    strings, table = strings_of("change", lang), compare_by_region(counts, split)
    before, after = (_period(table.attrs[side], lang) for side in ("before", "after"))
    clear = int((table["way"] != "steady").sum())
    said = strings["clear_one" if clear == 1 else "clear" if clear else "clear_none"]
    return Layer(
        key="change",
        title=strings["title"],
        unit=strings["unit"].format(before=before, after=after),
        description=strings["description"],
        values=table["change"],
        kind="diverging",
        palette="balance",
        format="change",
        facts=_facts(table, (before, after), strings, lang),
        notes=(said.format(n=number(clear, lang)),),
        lang=lang,
    )


def count_change_layer(counts: pd.DataFrame | pd.Series, split: int, lang: str = "en") -> Layer:
    """Show number and change together: three classes of incidents by falling, no clear change and rising.

    A region is called rising or falling only where the exact test finds so after correction for all regions; with few
    incidents most have "no clear change". Shade says how many, hue and hatch say which way.

    Parameters
    ----------
    counts, split, lang
        As for :func:`change_layer`.

    Returns
    -------
    Layer
        Nine classes, and one for no incident at all.

    Raises
    ------
    InputError
        If the counts have no years.
    RequestError
        If a period has no year.
    """
    strings, table = strings_of("both", lang), compare_by_region(counts, split)
    before, after = (_period(table.attrs[side], lang) for side in ("before", "after"))
    total = totals(as_table(counts, "change")["incidents"]).astype(float).reindex(table.index)
    limits = class_limits(total.tolist(), 3)
    sizes = total.map(lambda value: min(sum(value > limit for limit in limits[:-1]), 2))
    values = (sizes.map(dict(enumerate(_SIZES))) + " " + table["way"]).where(total > 0, "none")
    rows = _size_words(limits, lang)
    columns = tuple(strings[way] for way in _WAYS)
    labels = {
        f"{size} {way}": strings["cell"].format(count=row, way=column)
        for size, row in zip(_SIZES, rows, strict=False)
        for way, column in zip(_WAYS, columns, strict=True)
    }
    return Layer(
        key="both",
        title=strings["title"],
        unit=strings["unit"].format(before=before, after=after),
        description=strings["description"],
        values=values,
        kind="classes",
        palette="cross",
        labels=_padded(labels, len(rows)) | {"none": strings["none"]},
        facts=_facts(table, (before, after), strings_of("change", lang), lang),
        marks=written(total, "count", lang) + table["way"].map(_ARROWS),
        grid=(rows, columns),
        lang=lang,
    )


def _padded(labels: dict[str, str], rows: int) -> dict[str, str]:
    """Keep every class in its place in the palette where the counts have fewer than three classes."""
    absent = {f"{size} {way}": "" for size in _SIZES[rows:] for way in _WAYS}
    return labels | absent


def _size_words(limits: tuple[float, ...], lang: str) -> tuple[str, ...]:
    strings, low, texts = words(lang)["map"], 1.0, []
    for limit in limits:
        bottom, top = (write_value(end, "count", lang) for end in (low, limit))
        texts.append(top if low >= limit else strings["range"].format(low=bottom, high=top))
        low = limit + 1
    return tuple(texts)


def _period(years: tuple[int, int], lang: str) -> str:
    """Write the first and last year of a period."""
    return str(years[0]) if years[0] == years[1] else words(lang)["map"]["years"].format(first=years[0], last=years[1])


def _facts(table: pd.DataFrame, periods: tuple[str, str], strings: dict[str, Any], lang: str) -> pd.DataFrame:
    import pandas as pd

    ratios = table["ratio"].where(table["before"] + table["after"] > 0)
    columns = {
        strings["fact_period"].format(period=periods[0]): written(table["before"], "count", lang),
        strings["fact_period"].format(period=periods[1]): written(table["after"], "count", lang),
        strings["fact_change"]: written(table["change"], "change", lang),
        strings["fact_ratio"]: ratios.map(lambda value: ratio(value, lang), na_action="ignore"),
        strings["fact_p"]: table["p_value"].map(lambda p: p_value(p, lang), na_action="ignore"),
        strings["fact_q"]: table["q_value"].map(lambda p: p_value(p, lang), na_action="ignore"),
    }
    return pd.DataFrame(columns)
