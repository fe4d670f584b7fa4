"""From a release to ``findings.json``: every number is named here and made from the published table alone.

What no function here computes is null: a field that is added to the contract later is not written under suppression
before somebody decides here what may be said.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from awsd_geo import schema, signals
from awsd_geo.completeness import is_partial, is_provisional
from awsd_geo.report import findings_where, release_leader, release_when, release_where
from awsd_geo.report.analysis import SCANNED, exposures_of
from awsd_geo.report.findings import SCHEMA, country_name, noted
from awsd_geo.report.findings import disclosed as plainly_disclosed
from awsd_geo.report.plain import settled
from awsd_geo.report.provenance_of import released
from awsd_geo.report.release import SUPPRESSED, UNPLACED

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.report.release import Release
    from awsd_geo.report.release_where import Whole
    from awsd_geo.statistics import Concentration, Trend, TwoShares

PLACED_BY = ("text+point", "text", "point", "snapped", "none")


def release_findings(made: Release) -> dict[str, Any]:
    """Write a release as the dict of ``findings.json``.

    Parameters
    ----------
    made : Release
        What is published.

    Returns
    -------
    dict
        By the contract in ``docs/findings.md``: what could give away a hidden number is None.
    """
    found: dict[str, Any] = settled(_found(made))
    return found


def _found(made: Release) -> dict[str, Any]:
    exposures = exposures_of(made.regions)
    tests, most = release_where.whole(made, exposures), release_leader.most_hidden(made)
    rows = release_where.by_region(made, exposures, tests)
    equal = tests.denominators.results["equal"] if tests else release_leader.equal_shares(made, most)
    when, shares = release_when.found_trend(made), release_when.found_shares(made, release_leader.leader(made, most))
    first = _epicentre(made, exposures, rows, (tests, equal, most))
    units = {year["year"]: year for year in release_when.by_year_detail(made)}
    return {
        "schema": SCHEMA,
        **_question(made),
        "alpha": signals.ALPHA,
        **release_where.unplaced(made),
        **_placing(),
        "years_provisional": [year for year in made.span if is_provisional(year, made.reach)],
        "years_partial": [year for year in made.span if is_partial(year, made.reach)],
        "regions": release_where.presence(made),
        "by_year": {str(year): entry["incidents"] for year, entry in units.items()},
        "by_year_detail": list(units.values()),
        "by_region": rows,
        "shares_reason": None if release_where.base(made) else "No incident could be placed.",
        "epicentre": first,
        **_whole(tests),
        "trend": release_when.trend(when),
        "change": release_when.change(made, shares),
        **_neighbours(made, tests),
        "signals": _signals(made, (equal, when, shares, tests)),
        "notes": noted(made.selection),
        "provenance": released(made, (equal, when, shares, tests), led=first["lead_p_value"] is not None),
        "disclosure": disclosed(made),
    }


def _question(made: Release) -> dict[str, Any]:
    status = "provisional" if is_provisional(made.years[1], made.reach) else "final"
    return {
        "status": "example" if made.example else status,
        "country": made.selection["country"],
        "country_name": country_name(made.regions),
        "years": list(made.years),
        "kind": made.selection["kind"],
        "means": made.selection["means"],
        "vintage": made.regions.attrs["vintage"],
        "level": int(made.regions.attrs["level"]),
        "as_of": made.selection["as_of"],
        "data_to": made.data_to,
        "data_to_from": made.data_to_from,
    }


def _placing() -> dict[str, Any]:
    """Write nothing of single incidents: how each was placed, or why not."""
    untold = {"smallest_p": None, "largest_p": None, "test": "exact max-cell", "cluster": None, "reason": SUPPRESSED}
    return {
        "unlocated_reasons": [],
        "placed_by": dict.fromkeys(PLACED_BY),
        "conflicts": {"count": None, "not_placed": None, "incidents": []},
        "placing": {
            "unplaced": None,
            "outside": None,
            "confidence": dict.fromkeys(schema.CONFIDENCES),
            "precision": dict.fromkeys(schema.PRECISIONS),
            "leader_certain": None,
            "can_lead": [],
            "by_denominator": {name: dict(untold) for name in SCANNED},
        },
    }


def _epicentre(
    made: Release,
    exposures: dict[str, pd.Series],
    rows: list[dict[str, Any]],
    found: tuple[Whole | None, Concentration | None, float],
) -> dict[str, Any]:
    tests, equal, most = found
    if tests is not None:
        return findings_where.epicentre(tests, rows)  # type: ignore[arg-type] # it has what of an analysis is needed
    return release_leader.epicentre(made, exposures, rows, equal, most)


def _whole(tests: Whole | None) -> dict[str, Any]:
    if tests is None:
        return {"concentration": {"gini": None, "hhi": None, "reason": SUPPRESSED}}
    return {"concentration": findings_where.unevenness(tests.denominators.results["equal"])}


def _neighbours(made: Release, tests: Whole | None) -> dict[str, Any]:
    """Write Moran's I, Gi* and clusters where every unit is shown."""
    if tests is not None:
        return {
            "autocorrelation": findings_where.autocorrelation(tests),  # type: ignore[arg-type]
            "local_statistics": findings_where.local_statistics(tests),  # type: ignore[arg-type]
            "clusters": findings_where.clusters(tests),  # type: ignore[arg-type]
            "clusters_reason": tests.scans["equal"].reason,
        }
    few, size = len(made.regions) < findings_where.DESCRIPTIVE_BELOW, len(made.regions)
    nothing = dict.fromkeys(("moran_i", "expected", "p_value"))
    return {
        "autocorrelation": nothing
        | {"test": "none", "units": size, "descriptive": few, "reason": SUPPRESSED},
        "local_statistics": {
            "test": "none", "family_size": 0, "correction": "Benjamini-Hochberg", "hot_spots": None,
            "cold_spots": None, "descriptive": few, "reason": SUPPRESSED,
        },
        "clusters": None,
        "clusters_reason": SUPPRESSED,
    }  # fmt: skip


Found = tuple["Concentration | None", "Trend | None", "TwoShares | None", "Whole | None"]


def _signals(made: Release, found: Found) -> list[dict[str, Any]]:
    """Test the rules on what is published; the family is of those that could be tested."""
    equal, when, shares, tests = found
    seen = signals.Evidence(
        place=made.selection["country"],
        years=made.years,
        where=equal,
        when=when,
        cluster=tests.scans["equal"] if tests else None,
        shares=shares,
    )
    fired = signals.fire(seen)
    if made.located() is None:  # shares are of all incidents
        fired = [replace(each, sentence=each.sentence.replace("located ", "")) for each in fired]
    return [each.to_dict() for each in fired]


def disclosed(made: Release) -> dict[str, Any]:
    """Say to whom what is shown, and how much of the table is hidden."""
    hidden = int((made.table["status"] == "suppressed").sum())
    return plainly_disclosed(made.policy) | {
        "numbers": int((made.table["status"] != "left out").sum()),
        "hidden": hidden,
        "shares_of": "incidents" if made.located() is None else "located",
        "halves": release_when.halves(made),
        "halves_p_value": release_when.halves_p_value(made),
        "suppressed": [
            name
            for name, value in release_where.unplaced(made).items()
            if value is None and (name == "located" or made.hides(UNPLACED))
        ],
        "reason": SUPPRESSED if hidden else None,
    }
