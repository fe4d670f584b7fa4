"""From an analysis to ``findings.json``: every number of an alert, by the contract ``awsd-geo/findings/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo import signals
from awsd_geo.completeness import data_to, is_partial, is_provisional
from awsd_geo.report.findings_placing import placing
from awsd_geo.report.findings_when import by_year_detail, change, trend
from awsd_geo.report.findings_where import autocorrelation, by_region, clusters, epicentre, local_statistics, unevenness
from awsd_geo.report.plain import settled, told
from awsd_geo.report.provenance_of import provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from awsd_geo.disclosure import Policy
    from awsd_geo.report.analysis import Analysis

SCHEMA = "awsd-geo/findings/1"
CONFLICTS_LISTED = 50


def findings(made: Analysis, given: Policy | None = None) -> dict[str, Any]:
    """Write an analysis as the dict of ``findings.json``.

    Parameters
    ----------
    made : Analysis
        What the steps gave.
    given : Policy, optional
        Of the audience, which the findings name unless it is the default: a published database, to the public.

    Returns
    -------
    dict
        By the contract in ``docs/findings.md``; numbers are plain Python numbers of ten significant digits, what is
        undefined is None.
    """
    found: dict[str, Any] = settled(_found(made, own=given is not None and given.data == "own"))
    return found if given is None or given.usual else found | {"disclosure": disclosed(given)}


def disclosed(given: Policy) -> dict[str, Any]:
    """Say to whom findings are shown, and what was held back; no number is hidden."""
    return {
        "audience": given.audience,
        "data": given.data,
        "suppress_below": given.suppress_below,
        "embargo_days": given.embargo_days,
        "numbers": None,
        "hidden": 0,
        "shares_of": "located",
        "halves": [],
        "halves_p_value": None,
        "suppressed": [],
        "reason": None,
    }


def _found(made: Analysis, *, own: bool) -> dict[str, Any]:
    selection = made.located.attrs["selection"]
    reach, reach_from = data_to(made.incidents, made.as_of)
    equal = made.denominators.results["equal"]
    rows = by_region(made)
    return {
        "schema": SCHEMA,
        "status": _status(made),
        "country": selection["country"],
        "country_name": country_name(made.regions),
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
        "placing": placing(made),
        "years_provisional": [year for year in made.by_year.index.tolist() if is_provisional(year, reach)],
        "years_partial": [year for year in made.by_year.index.tolist() if is_partial(year, reach)],
        "regions": {
            "total": equal.regions,
            "with_incidents": equal.regions_with_incidents,
            "districts_total": equal.districts,
            "districts_with_incidents": equal.districts_with_incidents,
        },
        "by_year": {str(year): int(number) for year, number in made.by_year.items()},
        "by_year_detail": by_year_detail(made),
        "by_region": rows,
        "shares_reason": None if equal.located else "No incident could be placed.",
        "epicentre": epicentre(made, rows),
        "concentration": unevenness(equal),
        "trend": trend(made.trend),
        "change": change(made),
        "autocorrelation": autocorrelation(made),
        "local_statistics": local_statistics(made),
        "clusters": clusters(made),
        "clusters_reason": made.scans["equal"].reason,
        "signals": [signal.to_dict() for signal in signals.fire(_evidence(made))],
        "notes": noted(selection),
        "provenance": provenance(made, own=own),
    }


def _evidence(made: Analysis) -> signals.Evidence:
    return signals.Evidence(
        place=made.located.attrs["selection"]["country"],
        years=made.years,
        where=made.denominators.results["equal"],
        when=made.trend,
        cluster=made.scans["equal"],
        shares=made.shares,
    )


def noted(selection: Mapping[str, Any]) -> list[str]:
    """Say where the state of a date is not known that of another is shown."""
    asked, known = selection["as_of"], selection["as_of_known"]
    if asked == known:
        return []
    return [f"No incident ID of {asked} is known, so the database is shown as it stood on {known}."]


def _status(made: Analysis) -> str:
    if made.incidents.attrs.get("source", {}).get("status") == "example":
        return "example"
    reach, _ = data_to(made.incidents, made.as_of)
    return "provisional" if is_provisional(made.years[1], reach) else "final"


def country_name(regions: gpd.GeoDataFrame) -> dict[str, str]:
    """Give the name of the country in both languages."""
    from awsd_geo.boundaries import find_country

    names = find_country(regions.attrs["country"]).names
    return {lang: names[lang] for lang in ("en", "fr")}


def _totals(made: Analysis) -> dict[str, Any]:
    located = made.located
    missing = located["region_id"].isna()
    why = located.loc[missing, "why"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    how = located["matched_by"].value_counts()
    conflicts = located.loc[located["conflict"], "why"]
    not_placed = int((located["conflict"] & missing).sum())
    return {
        "incidents": len(located),
        "victims": told(located["victims"]),
        "located": int((~missing).sum()),
        "unlocated": int(missing.sum()),
        "unlocated_victims": told(located.loc[missing, "victims"]),
        "unlocated_reasons": [{"why": str(text), "incidents": int(number)} for text, number in why.items()],
        "placed_by": {name: int(how.get(name, 0)) for name in ("text+point", "text", "point", "snapped", "none")},
        "conflicts": {
            "count": len(conflicts),
            "not_placed": not_placed,
            "incidents": [
                {"incident_id": ident if isinstance(ident, str) else int(ident), "why": str(text)}
                for ident, text in conflicts.sort_index().head(CONFLICTS_LISTED).items()
            ],
        },
    }
