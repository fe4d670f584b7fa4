"""The part of the findings that says where: units, epicentre, denominators, neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo import signals
from awsd_geo.report.findings_placing import incidents_by_placing, share_by_placing
from awsd_geo.report.plain import pair, plain, text_or_none, told, whole

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.report.analysis import Analysis
    from awsd_geo.statistics import Concentration

DESCRIPTIVE_BELOW = 30  # units
CLASSES = {"hot": "hot spot", "cold": "cold spot", "not significant": "not significant", "undefined": "undefined"}


def by_region(made: Analysis) -> list[dict[str, Any]]:
    """Give every unit of the frame with its numbers, most incidents first, then by name."""
    from awsd_geo.statistics import rates
    from awsd_geo.text import fold

    table = made.denominators.results["equal"].table
    people, area = made.exposures["population"], made.exposures["area"]
    per = rates(table["incidents"], people / 100_000)
    victims = made.located["victims"].groupby(made.located["region_id"]).agg(told)
    years = made.counts["incidents"].unstack("year")  # noqa: PD010 - one column a year is meant
    reason = people.attrs.get("reason") or "The number of residents is not known."
    rows = [
        {
            "region_id": str(ident),
            "name": str(row.name_),
            "kind": str(row.kind),
            "incidents": int(row.incidents),
            "victims": whole(victims.get(ident, 0)),
            "share": plain(row.share),
            "share_ci": pair((row.share_low, row.share_high)),
            "incidents_by_placing": incidents_by_placing(made, ident),
            "population": plain(people[ident]),
            "area_km2": plain(area[ident]),
            "rate_per_100k": plain(per["rate"][ident]),
            "rate_ci": pair((per["low"][ident], per["high"][ident])),
            "rate_reason": reason if plain(per["rate"][ident]) is None else None,
            "gi_star": gi_star(made.local.table.loc[ident]),
            "by_year": {str(year): int(number) for year, number in years.loc[ident].items()},
        }
        for ident, row in zip(table.index, table.rename(columns={"name": "name_"}).itertuples(), strict=True)
    ]
    return sorted(rows, key=lambda row: (-row["incidents"], fold(row["name"])))


def gi_star(row: pd.Series) -> dict[str, Any]:
    """Write the Gi* of one unit as the contract has it."""
    return {
        "z": plain(row["value"]),
        "p_value": plain(row["p_value"]),
        "q_value": plain(row["q_value"]),
        "class": CLASSES[str(row["label"])],
        "reason": text_or_none(row["reason"]),
    }


def epicentre(made: Analysis, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Write the unit with the most incidents and its test, against every denominator."""
    equal = made.denominators.results["equal"]
    first = rows[0] if rows[0]["incidents"] else dict.fromkeys(rows[0])
    tied = [row["name"] for row in rows[1:] if row["incidents"] == rows[0]["incidents"] and row["incidents"]]
    runner_up = rows[1]["name"] if len(rows) > 1 and rows[1]["incidents"] else None
    compared = {name: _denominator(made, name, first["region_id"]) for name in made.denominators.results}
    return {
        **{name: first[name] for name in ("region_id", "name", "kind", "incidents", "share", "share_ci")},
        "interval": f"Clopper-Pearson, {equal.confidence:.0%}",
        "share_by_placing": share_by_placing(made, first["region_id"]),
        "p_value": plain(equal.p_value),
        "test": equal.test,
        "tied": tied,
        "runner_up": runner_up,
        "lead_p_value": plain(equal.lead_p_value),
        "reason": equal.reason,
        "by_denominator": compared,
        "denominators_agree": made.denominators.agree,
    }


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
        "reason": exposure.attrs.get("reason", found.reason) if exposure.isna().all() else found.reason,
    }


def _rank(ratios: pd.Series, region_id: str | None) -> int | None:
    if region_id is None or plain(ratios[region_id]) is None:
        return None
    return int((ratios > ratios[region_id]).sum()) + 1


def unevenness(found: Concentration) -> dict[str, Any]:
    """Write how unevenly incidents are spread, as the contract has it."""
    return {"gini": plain(found.gini), "hhi": plain(found.hhi), "reason": found.reason}


def autocorrelation(made: Analysis) -> dict[str, Any]:
    """Write the global Moran as the contract has it."""
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


def local_statistics(made: Analysis) -> dict[str, Any]:
    """Say how the Gi* classes were made."""
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


def clusters(made: Analysis) -> list[dict[str, Any]] | None:
    """Write the clusters of each scan: the most likely, and others that are more than chance; None where undefined."""
    done = {name: found for name, found in made.scans.items() if found.reason is None}
    if not done:
        return None
    return [
        _cluster(name, row)
        for name, found in done.items()
        for row in found.clusters.to_dict("records")
        if row["rank"] == 1 or row["p_value"] < signals.ALPHA
    ]


def _cluster(denominator: str, row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "denominator": denominator,
        "rank": int(row["rank"]),
        "regions": [str(ident) for ident in row["regions"]],
        "names": [str(name) for name in row["names"]],
        "observed": int(row["observed"]),
        "expected": plain(row["expected"]),
        "relative_risk": plain(row["relative_risk"]),
        "llr": plain(row["llr"]),
        "p_value": plain(row["p_value"]),
    }
