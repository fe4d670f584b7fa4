"""Clusters of the scan statistic: outlined and ranked on top of the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.language import number
from awsd_geo.maps.layer import Layer, Outline
from awsd_geo.maps.layers.common import p_value, ratio, strings_of, written

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.statistics import Scan

SIGNIFICANT = 0.05
_NAMED = 3  # regions of a cluster that the legend names


def clusters_layer(found: Scan, lang: str = "en") -> Layer:
    """Show the clusters that a scan found, on a choropleth of the counts that it was made from.

    Parameters
    ----------
    found : Scan
        As of :func:`awsd_geo.statistics.scan`. Clusters with p up to 0.05 have a whole line; of the others only the
        most likely is drawn, with a broken line, and said to be not significant.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        Panel and table give each region's cluster with observed, expected, relative risk and p; a region in none has
        a dash. Where the scan is undefined, counts without clusters and a note.
    """
    strings = strings_of("clusters", lang)
    clusters = found.clusters
    drawn = clusters[(clusters["p_value"] <= SIGNIFICANT) | (clusters["rank"] == 1)]
    return Layer(
        key="clusters",
        title=strings["title"],
        unit=strings["unit"],
        description=strings["description"],
        values=found.table["incidents"].astype(float),
        palette="ember",
        format="count",
        facts=_facts(found.table, drawn, strings, lang),
        notes=_notes(found, drawn, strings),
        outlines=tuple(_outline(row, strings, lang) for row in drawn.to_dict("records")),
        lang=lang,
    )


def _texts(row: dict[Any, Any], lang: str) -> dict[str, str]:
    return {
        "observed": number(row["observed"], lang),
        "expected": number(row["expected"], lang, decimals=1),
        "relative_risk": ratio(row["relative_risk"], lang),
        "p": p_value(row["p_value"], lang),
    }


def _outline(row: dict[Any, Any], strings: dict[str, str], lang: str) -> Outline:
    names = list(row["names"])
    said = ", ".join(names[:_NAMED])
    if len(names) > _NAMED:
        said = strings["more"].format(names=said, n=number(len(names) - _NAMED, lang))
    faint = row["p_value"] > SIGNIFICANT
    equals = "" if row["p_value"] < 0.001 else "=\u00a0"
    text = strings["one_faint" if faint else "one"].format(names=said, equals=equals, **_texts(row, lang))
    return Outline(str(row["rank"]), tuple(row["regions"]), text, faint=faint)


def _facts(table: pd.DataFrame, drawn: pd.DataFrame, strings: dict[str, str], lang: str) -> pd.DataFrame:
    import pandas as pd

    names = ("rank", "observed", "expected", "relative_risk", "p")
    facts = pd.DataFrame(index=table.index, columns=[strings[f"fact_{name}"] for name in names], dtype=object)
    for row in drawn.to_dict("records"):
        texts = {"rank": str(row["rank"]), **_texts(row, lang)}
        for name in names:
            facts.loc[list(row["regions"]), strings[f"fact_{name}"]] = texts[name]
    return facts.assign(**{strings["fact_own"]: written(table["expected"], "rate", lang)})


def _notes(found: Scan, drawn: pd.DataFrame, strings: dict[str, str]) -> tuple[str, ...]:
    if found.reason is not None:
        return (strings["undefined"],)
    how = strings.get(f"against_{found.denominator.replace(' ', '_')}", strings["against_given"])
    return (how,) if len(drawn) else (how, strings["none"])
