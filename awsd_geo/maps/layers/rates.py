"""Rates per resident, drawn to the mean where residents are few: raw ones of small populations are mostly chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.language import number, percent
from awsd_geo.maps.layer import Layer
from awsd_geo.maps.layers.common import as_table, strings_of, totals, written

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.statistics import SmoothedRates

PER = 100_000  # residents


def rate_layer(counts: pd.DataFrame | pd.Series, population: pd.Series, lang: str = "en") -> Layer:
    """Show incidents per 100,000 residents over the whole period, smoothed by empirical Bayes.

    The gamma law of Clayton and Kaldor as :func:`awsd_geo.statistics.smoothed_rates` fits it. The map never shades a
    raw rate; the panel gives it beside the smoothed one, and says by how much that was drawn to the mean.

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
        Smoothed rates in classes. Not a yearly rate: divide by the years of the period for that. Without a rate for
        any region where incidents or populations are too few to smooth.

    Raises
    ------
    InputError
        If a DataFrame has no column ``incidents``.

    References
    ----------
    .. [1] Clayton, D., and Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks for use in
       disease mapping. Biometrics 43 (3), 671-681.
    """
    from awsd_geo.statistics import smoothed_rates

    incidents = totals(as_table(counts, "rate")["incidents"]).dropna().astype(int)
    residents = population.astype(float).reindex(incidents.index)
    residents = residents.where(residents > 0)
    found = smoothed_rates(incidents.rename_axis("region_id"), residents, method="gamma")
    named = population.attrs.get(f"source_{lang}") or population.attrs.get("source") or ""
    return smoothed_layer(found, residents, lang, source=str(named) if residents.notna().any() else "")


def smoothed_layer(found: SmoothedRates, residents: pd.Series, lang: str = "en", source: str = "") -> Layer:
    """Show rates that are smoothed already, with their shrinkage in the panel.

    Parameters
    ----------
    found : SmoothedRates
        With residents as the exposure.
    residents : Series
        Indexed by ``region_id``.
    lang : {"en", "fr"}
        Language of the page.
    source : str
        Of the residents, cited under the map.

    Returns
    -------
    Layer
    """
    import pandas as pd

    strings, table = strings_of("rate", lang), found.table
    rates = PER * table["smoothed"]
    facts = {strings["fact"]: written(rates, "rate", lang)}
    if "smoothed_low" in table.columns:
        facts[strings["interval"]] = _between(table, lang)
    facts[strings["raw"]] = written(PER * table["raw"], "rate", lang)
    facts[strings["shrinkage"]] = table["shrinkage"].map(lambda part: percent(part, lang), na_action="ignore")
    facts[strings["residents"]] = written(residents, "count", lang)
    why = pd.Series(strings["undefined"], index=table.index[rates.isna()], dtype=object)
    if found.reason is not None:
        why[:] = strings["too_few"]
    return Layer(
        key="rate",
        title=strings["title"],
        unit=strings["unit"],
        description=strings["description"],
        values=rates,
        palette="plum",
        format="rate",
        facts=pd.DataFrame(facts),
        reasons=why,
        notes=_notes(found, strings, lang),
        sources=(strings["source"].format(source=source),) if source else (),
        lang=lang,
    )


def _between(table: pd.DataFrame, lang: str) -> pd.Series:
    form = strings_of("rate", lang)["between"]
    ends = [(PER * table[name]).map(lambda rate: number(rate, lang, decimals=2), na_action="ignore")
            for name in ("smoothed_low", "smoothed_high")]  # fmt: skip
    return ends[0].combine(ends[1], lambda low, high: form.format(low=low, high=high) if low == low else low)


def _notes(found: SmoothedRates, strings: dict[str, str], lang: str) -> tuple[str, ...]:
    """Say how far the rates were drawn to the mean."""
    if found.reason is not None:
        return (strings["too_few"],)
    drawn = found.table["shrinkage"].dropna()
    mean = number(PER * found.rate, lang, decimals=2)
    if found.between == 0:
        return (strings["all_alike"].format(mean=mean),)
    return (strings["drawn"].format(low=percent(drawn.min(), lang), high=percent(drawn.max(), lang), mean=mean),)
