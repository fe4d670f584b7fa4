"""From an analysis to ``findings.json``: every number of an alert, by the contract ``awsd-geo/findings/1``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from awsd_geo import signals
from awsd_geo.report.periods import data_to, is_partial, is_provisional
from awsd_geo.report.provenance_of import provenance

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.report.analysis import Analysis
    from awsd_geo.statistics import Concentration, Trend

SCHEMA = "awsd-geo/findings/1"
VERDICTS = {
    "increase": "rise",
    "increase, not confirmed by all tests": "possible rise",
    "decrease": "fall",
    "decrease, not confirmed by all tests": "possible fall",
    "no clear change": "no clear change",
    "undefined": "undefined",
}
CLASSES = {"hot": "hot spot", "cold": "cold spot", "not significant": "not significant", "undefined": "undefined"}
CONFLICTS_LISTED = 50


def findings(made: Analysis) -> dict[str, Any]:
    """Write an analysis as the dict of ``findings.json``.

    Parameters
    ----------
    made : Analysis
        What the steps gave.

    Returns
    -------
    dict
        By the contract in ``docs/findings.md``; numbers are plain Python numbers, what is undefined is None.
    """
    selection = made.located.attrs["selection"]
    reach, reach_from = data_to(made.incidents, made.as_of)
    equal = made.denominators.results["equal"]
    rows = by_region(made)
    return {
        "schema": SCHEMA,
        "status": _status(made),
        "country": selection["country"],
        "country_name": _country_name(made),
        "years": list(made.years),
        "kind": selection["kind"],
        "means": selection["means"],
        "vintage": made.regions.attrs["vintage"],
        "level": int(made.regions.attrs["level"]),
        "as_of": selection["as_of"],
        "data_to": reach.isoformat(),
        "data_to_from": reach_from,
        "alpha": signals.ALPHA,
        **_totals(made),
        "years_provisional": [year for year in made.by_year.index.tolist() if is_provisional(year, reach)],
        "years_partial": [year for year in made.by_year.index.tolist() if is_partial(year, reach)],
        "regions": {
            "total": equal.regions,
            "with_incidents": equal.regions_with_incidents,
            "districts_total": equal.districts,
            "districts_with_incidents": equal.districts_with_incidents,
        },
        "by_year": {str(year): int(number) for year, number in made.by_year.items()},
        "by_year_detail": _by_year_detail(made),
        "by_region": rows,
        "shares_reason": None if equal.located else "No incident could be placed.",
        "epicentre": _epicentre(made, rows),
        "concentration": {"gini": plain(equal.gini), "hhi": plain(equal.hhi), "reason": equal.reason},
        "trend": trend(made.trend),
        "autocorrelation": _autocorrelation(made),
        "local_statistics": _local_statistics(made),
        "clusters": None,
        "clusters_reason": "The scan statistic is not part of this version.",
        "signals": [signal.to_dict() for signal in signals.fire(selection["country"], made.years, equal, made.trend)],
        "notes": _notes(selection),
        "provenance": provenance(made),
    }


def _notes(selection: dict[str, Any]) -> list[str]:
    asked, known = selection["as_of"], selection["as_of_known"]
    if asked == known:
        return []
    return [f"No incident ID of {asked} is known, so the database is shown as it stood on {known}."]


def plain(value: Any) -> float | None:
    """Give a number as JSON has it: NaN and infinite are None."""
    number = float(value)
    return number if math.isfinite(number) else None


def pair(ends: tuple[Any, Any]) -> list[float | None] | None:
    """Give an interval as a list; None where both ends are undefined."""
    low, high = plain(ends[0]), plain(ends[1])
    return None if low is None and high is None else [low, high]


def whole(value: Any) -> int | None:
    """Give a count; None where it is missing."""
    import pandas as pd

    return None if pd.isna(value) else int(value)


def _status(made: Analysis) -> str:
    if made.incidents.attrs.get("source", {}).get("status") == "example":
        return "example"
    reach, _ = data_to(made.incidents, made.as_of)
    return "provisional" if is_provisional(made.years[1], reach) else "final"


def _country_name(made: Analysis) -> dict[str, str]:
    from awsd_geo.boundaries import find_country

    names = find_country(made.regions.attrs["country"]).names
    return {lang: names[lang] for lang in ("en", "fr")}


def _totals(made: Analysis) -> dict[str, Any]:
    located = made.located
    missing = located["region_id"].isna()
    why = located.loc[missing, "why"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    how = located["matched_by"].value_counts()
    conflicts = located.loc[located["conflict"], "why"]
    return {
        "incidents": len(located),
        "victims": whole(located["victims"].sum()),
        "located": int((~missing).sum()),
        "unlocated": int(missing.sum()),
        "unlocated_victims": whole(located.loc[missing, "victims"].sum()),
        "unlocated_reasons": [{"why": str(text), "incidents": int(number)} for text, number in why.items()],
        "placed_by": {name: int(how.get(name, 0)) for name in ("text+point", "text", "point", "snapped", "none")},
        "conflicts": {
            "count": len(conflicts),
            "incidents": [
                {"incident_id": int(ident), "why": str(text)}
                for ident, text in conflicts.sort_index().head(CONFLICTS_LISTED).items()
            ],
        },
    }


def _by_year_detail(made: Analysis) -> list[dict[str, Any]]:
    reach, _ = data_to(made.incidents, made.as_of)
    victims = made.located.groupby("year")["victims"].sum()
    unlocated = made.counts.attrs["unlocated_by_year"]
    return [
        {
            "year": year,
            "incidents": number,
            "victims": int(victims.get(year, 0)),
            "unlocated": unlocated[year],
            "provisional": is_provisional(year, reach),
            "partial": is_partial(year, reach),
        }
        for year, number in zip(made.by_year.index.tolist(), made.by_year.tolist(), strict=True)
    ]


def by_region(made: Analysis) -> list[dict[str, Any]]:
    """Give every unit of the frame with its numbers, most incidents first, then by name."""
    from awsd_geo.statistics import rates
    from awsd_geo.text import fold

    table = made.denominators.results["equal"].table
    people, area = made.exposures["population"], made.exposures["area"]
    per = rates(table["incidents"], people / 100_000)
    victims = made.counts["victims"].groupby(level="region_id", sort=False).sum()
    years = made.counts["incidents"].unstack("year")  # noqa: PD010 - one column a year is meant
    reason = people.attrs.get("reason") or "The number of residents is not known."
    rows = [
        {
            "region_id": str(ident),
            "name": str(row.name_),
            "kind": str(row.kind),
            "incidents": int(row.incidents),
            "victims": whole(victims[ident]),
            "share": plain(row.share),
            "share_ci": pair((row.share_low, row.share_high)),
            "population": plain(people[ident]),
            "area_km2": plain(area[ident]),
            "rate_per_100k": plain(per["rate"][ident]),
            "rate_ci": pair((per["low"][ident], per["high"][ident])),
            "rate_reason": reason if plain(per["rate"][ident]) is None else None,
            "gi_star": _gi_star(made.local.table.loc[ident]),
            "by_year": {str(year): int(number) for year, number in years.loc[ident].items()},
        }
        for ident, row in zip(table.index, table.rename(columns={"name": "name_"}).itertuples(), strict=True)
    ]
    return sorted(rows, key=lambda row: (-row["incidents"], fold(row["name"])))


def _gi_star(row: pd.Series) -> dict[str, Any]:
    return {
        "z": plain(row["value"]),
        "p_value": plain(row["p_value"]),
        "q_value": plain(row["q_value"]),
        "class": CLASSES[str(row["label"])],
        "reason": text_or_none(row["reason"]),
    }


def text_or_none(value: Any) -> str | None:
    """Give a text; None where it is missing or empty."""
    return str(value) if isinstance(value, str) and value else None


def _epicentre(made: Analysis, rows: list[dict[str, Any]]) -> dict[str, Any]:
    equal = made.denominators.results["equal"]
    first = rows[0] if rows[0]["incidents"] else dict.fromkeys(rows[0])
    tied = [row["name"] for row in rows[1:] if row["incidents"] == rows[0]["incidents"] and row["incidents"]]
    compared = {name: _denominator(made, name, first["region_id"]) for name in made.denominators.results}
    return {
        **{name: first[name] for name in ("region_id", "name", "kind", "incidents", "share", "share_ci")},
        "interval": f"Clopper-Pearson, {equal.confidence:.0%}",
        "p_value": plain(equal.p_value),
        "test": equal.test,
        "tied": tied,
        "reason": equal.reason,
        "by_denominator": compared,
        "denominators_agree": _agree(list(compared.values())),
    }


def _agree(compared: list[dict[str, Any]]) -> bool | None:
    defined = [entry for entry in compared if entry["reason"] is None]
    if len(defined) < 2:
        return None
    leaders = {entry["region_id"] for entry in defined}
    return len(leaders) == 1 and None not in leaders and all(entry["p_value"] < signals.ALPHA for entry in defined)


def _denominator(made: Analysis, name: str, epicentre: str | None) -> dict[str, Any]:
    found: Concentration = made.denominators.results[name]
    table, exposure = found.table, made.exposures[name]
    leader = found.epicentre or (found.ties[0] if found.ties else None)
    highest = found.highest_ratio
    row = None if leader is None else table.loc[leader]
    ratios = table["ratio"]
    return {
        "region_id": leader,
        "name": None if row is None else str(row["name"]),
        "kind": None if row is None else str(row["kind"]),
        "incidents": None if row is None else int(row["incidents"]),
        "share": None if row is None else plain(row["share"]),
        "expected_share": None if row is None else plain(row["expected"] / found.located),
        "ratio": None if row is None else plain(row["ratio"]),
        "p_value": plain(found.p_value),
        "test": found.test,
        "highest_name": None if highest is None else str(table.loc[highest, "name"]),
        "highest_ratio": None if highest is None else plain(ratios[highest]),
        "highest_incidents": None if highest is None else int(table.loc[highest, "incidents"]),
        "epicentre_ratio": None if epicentre is None else plain(ratios[epicentre]),
        "epicentre_rank": _rank(ratios, epicentre),
        "unit": exposure.attrs.get("unit"),
        "source": exposure.attrs.get("source"),
        "note": exposure.attrs.get("note"),
        "note_fr": exposure.attrs.get("note_fr"),
        "reason": found.reason,
    }


def _rank(ratios: pd.Series, region_id: str | None) -> int | None:
    if region_id is None or plain(ratios[region_id]) is None:
        return None
    return int((ratios > ratios[region_id]).sum()) + 1


def trend(found: Trend) -> dict[str, Any]:
    """Write a trend as the contract has it."""
    from awsd_geo.statistics import Trend as Result

    return {
        "rate_ratio_per_year": plain(found.rate_ratio),
        "ci": pair(found.interval),
        "p_value": plain(found.p_value),
        "test": Result.test,
        "interval": f"exact conditional, {found.confidence:.0%}",
        "robust": {
            "quasi_poisson_p": plain(found.quasi_poisson_p),
            "quasi_poisson_df": None if plain(found.quasi_poisson_p) is None else len(found.table) - 2,
            "quasi_poisson_ci": pair(found.quasi_poisson_interval),
            "mann_kendall_p": plain(found.mann_kendall_p),
            "mann_kendall_s": _kendall_s(found),
            "dispersion": plain(found.dispersion),
        },
        "verdict": VERDICTS[found.verdict],
        "smallest_detectable": plain(found.smallest_detectable),
        "power": 0.8,
        "reason": found.reason,
    }


def _kendall_s(found: Trend) -> float | None:
    """Mann-Kendall's S: pairs of years that rise less pairs that fall."""
    if plain(found.mann_kendall_p) is None:
        return None
    counts = found.table["incidents"].tolist()
    return float(sum((b > a) - (b < a) for i, a in enumerate(counts) for b in counts[i + 1 :]))


def _autocorrelation(made: Analysis) -> dict[str, Any]:
    found = made.moran
    return {
        "moran_i": plain(found.moran_i),
        "expected": plain(found.expected),
        "p_value": plain(found.p_greater),
        "test": found.test,
        "units": len(made.regions),
        "descriptive": bool(found.descriptive),
        "reason": found.reason,
    }


def _local_statistics(made: Analysis) -> dict[str, Any]:
    table = made.local.table
    return {
        "test": made.local.test,
        "family_size": made.local.family,
        "correction": made.local.correction,
        "hot_spots": int((table["label"] == "hot").sum()),
        "cold_spots": int((table["label"] == "cold").sum()),
        "descriptive": bool(made.local.descriptive),
        "reason": made.local.reason,
    }
