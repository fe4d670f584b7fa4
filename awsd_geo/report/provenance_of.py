"""Where every number of an alert comes from: file, frame, tests, seed, versions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries import former_states
from awsd_geo.disclosure import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsd_geo.report.analysis import Analysis
    from awsd_geo.report.release import Release
    from awsd_geo.report.release_findings import Found
    from awsd_geo.report.release_where import Whole
    from awsd_geo.statistics import Concentration, Spread, Trend, TwoShares

CITATION = (
    "Humanitarian Outcomes ({year}), Aid Worker Security Database, https://www.aidworkersecurity.org/, CC BY as "
    "published on the Humanitarian Data Exchange."
)
EXAMPLE_CITATION = (
    "Simulated incidents made by the developers of awsd_geo; not data of the Aid Worker Security Database."
)

OWN_CITATION = "Incidents recorded by whoever publishes this; not a publication of the Aid Worker Security Database."


def provenance(made: Analysis, *, own: bool = False) -> dict[str, Any]:
    """Say where the numbers come from.

    Parameters
    ----------
    made : Analysis
        What the steps gave.
    own : bool, default False
        Whether the incidents are the user's own, not those of a published database.

    Returns
    -------
    dict
        By the contract in ``docs/findings.md``.
    """
    source = made.incidents.attrs.get("source", {})
    year = str(source.get("data_to", made.years[1]))[:4]
    cited = citation(year, example=source.get("status") == "example", own=own)
    return _provenance(made, _input(made), _tests(made), cited)


def released(made: Release, found: Found, *, led: bool) -> dict[str, Any]:
    """Say where the numbers of a release come from: neither file nor rows, which tell of more than the table.

    Parameters
    ----------
    made : Release
        What is published.
    found : tuple
        The test of the largest share, of the trend, of the leading share, and those of all units; None where not made.
    led : bool
        Whether the lead of the first unit over the second was tested.

    Returns
    -------
    dict
        By the contract in ``docs/findings.md``.
    """
    given: dict[str, Any] = {
        "name": "built-in example" if made.example else "file not named",
        "sha256": "",
        "form": "",
        "rows_read": None,
        "rows_used": made.number(TOTAL),
        "rows_set_aside": [],
        "repairs": [],
        "rows_not_selected": [],
    }
    cited = citation(made.data_to[:4], example=made.example, own=made.policy.data == "own")
    return _provenance(made, given, _tests_of_release(found, led=led), cited)


def _provenance(
    made: Analysis | Release, given: dict[str, Any], tests: list[dict[str, Any]], cited: str
) -> dict[str, Any]:
    return {
        "input": given,
        "boundaries": _boundaries(made),
        "tests": tests,
        "weights": "queen contiguity: units that share a line or a point",
        "seed": made.seed,
        "replicates": max((test["replicates"] for test in tests if test["replicates"]), default=None),
        "versions": versions(),
        "citation": cited,
    }


def citation(year: str, *, example: bool, own: bool) -> str:
    """Say how to cite the incidents."""
    return EXAMPLE_CITATION if example else OWN_CITATION if own else CITATION.format(year=year)


def versions() -> dict[str, str]:
    """Name what makes the files: awsd_geo, and Leaflet, which stands in the pages.

    No other program is named. Which Python, numpy or folium there was changes no byte of them, and
    ``awsd-geo --version`` tells it.
    """
    from awsd_geo import __version__
    from awsd_geo.maps.assets import leaflet_version

    return {"awsd_geo": __version__, "leaflet": leaflet_version()}


def _input(made: Analysis) -> dict[str, Any]:
    source = made.incidents.attrs.get("source", {})
    return {
        "name": source.get("name", "a table in memory"),
        "sha256": source.get("sha256", ""),
        "form": source.get("form", "table"),
        "rows_read": int(source.get("rows_read", len(made.incidents))),
        "rows_used": len(made.located),
        "rows_set_aside": _counted(source.get("rows_set_aside", [])),
        "repairs": _counted(source.get("repairs", [])),
        "rows_not_selected": made.located.attrs["selection"]["rows_set_aside"],
    }


def _counted(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep of each entry the reason and the number of rows: which rows they are is no part of the findings."""
    return [{"why": entry["why"], "rows": entry["rows"]} for entry in entries]


def _boundaries(made: Analysis | Release) -> dict[str, Any]:
    attrs = made.regions.attrs
    frame = ("vintage", "level", "valid_from", "valid_to", "approximate", "note", "note_fr")
    notices = ("notice", "notice_short", "notice_short_fr", "sha256")
    told = {name: attrs.get(name) for name in (*frame, *notices)} | {"default": made.default_frame}
    for entry in former_states(str(attrs.get("country")), made.years):
        for name in ("note", "note_fr"):
            told[name] = " ".join(filter(None, (told[name], entry[name])))
    return told


def _tests(made: Analysis) -> list[dict[str, Any]]:
    """List the tests that were made; one that is undefined was not."""
    of_spread = [(made.spread.reason, _test_of_spread(made.spread))] if made.spread is not None else []
    asked = [*_largest(made.denominators.results["equal"]), *_tests_of_time(made.trend, made.shares), *of_spread]
    return [test for reason, test in [*asked, *_of_units(made)] if reason is None]


def _tests_of_release(found: Found, *, led: bool) -> list[dict[str, Any]]:
    equal, when, shares, whole = found
    largest = list(_largest(equal)) if equal is not None else []
    asked = [*largest[: 1 + led], *_tests_of_time(when, shares)]
    return [test for reason, test in [*asked, *(_of_units(whole) if whole is not None else ())] if reason is None]


def _largest(where: Concentration) -> Iterator[tuple[str | None, dict[str, Any]]]:
    yield where.reason, _test(where.test, "Is the largest share of the units more than chance?")
    yield where.reason, _test("rank verification", "Does the first unit lead the second?")


def _of_units(made: Analysis | Whole) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Give the tests that need the number of every unit."""
    local, moran, neighbours = made.local, made.moran, "Do neighbours resemble each other?"
    question, family = "Which units have many incidents in and around them?", ("Gi* of all units", local.family)
    yield local.reason, _test(local.test, question, family=family)
    name, drawn = ("exact permutation", None) if moran.exact else ("permutation", moran.orders)
    yield moran.reason, _test(name, neighbours, replicates=drawn)
    for each, found in made.scans.items():
        yield found.reason, _test(found.test, _CLUSTERS[each], replicates=found.replicates)


_CLUSTERS = {
    "equal": "Where do incidents cluster, all units taken alike?",
    "population": "Where do incidents cluster in proportion to residents?",
}


def _tests_of_time(trend: Trend | None, shares: TwoShares | None) -> Iterator[tuple[str | None, dict[str, Any]]]:
    uneven = "The same, allowing for years that vary more than independent incidents do"
    if trend is not None:
        yield trend.reason, _test("exact conditional Poisson", "Do incidents rise or fall from year to year?")
        if not math.isnan(trend.quasi_poisson_p):
            yield trend.reason, _test("quasi-Poisson", uneven, exact=False)
        if not math.isnan(trend.mann_kendall_p):
            yield trend.reason, _test("exact Mann-Kendall", "The same, by the order of the years alone")
    if shares is not None:
        yield shares.reason, _test(shares.test, "Did the share of the first unit change?")


def _test_of_spread(spread: Spread) -> dict[str, Any]:
    drawn = None if spread.exact else spread.replicates
    return _test(spread.test, "Do incidents gather more or less than before?", replicates=drawn)


def _test(
    name: str,
    question: str,
    *,
    exact: bool = True,
    family: tuple[str, int] | None = None,
    replicates: int | None = None,
) -> dict[str, Any]:
    return {
        "name": name,
        "question": question,
        "exact": exact and replicates is None,
        "family": family[0] if family else None,
        "family_size": family[1] if family else None,
        "correction": "Benjamini-Hochberg" if family else None,
        "replicates": replicates,
    }
