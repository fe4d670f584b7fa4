"""Where every number of an alert comes from: file, frame, tests, seed, versions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from awsd_geo.boundaries import former_states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsd_geo.report.analysis import Analysis

CITATION = (
    "Humanitarian Outcomes ({year}), Aid Worker Security Database, https://www.aidworkersecurity.org/, CC BY as "
    "published on the Humanitarian Data Exchange."
)
EXAMPLE_CITATION = (
    "Simulated incidents made by the developers of awsd_geo; not data of the Aid Worker Security Database."
)


def provenance(made: Analysis) -> dict[str, Any]:
    """Say where the numbers come from.

    Parameters
    ----------
    made : Analysis
        What the steps gave.

    Returns
    -------
    dict
        By the contract in ``docs/findings.md``.
    """
    tests = _tests(made)
    return {
        "input": _input(made),
        "boundaries": _boundaries(made),
        "tests": tests,
        "weights": "queen contiguity: units that share a line or a point",
        "seed": made.seed,
        "replicates": max((test["replicates"] for test in tests if test["replicates"]), default=None),
        "versions": versions(),
        "citation": _citation(made),
    }


def versions() -> dict[str, str]:
    """Name what makes the files: awsd_geo, and Leaflet, which stands in the pages.

    No other program is named. Which Python, numpy or folium there was changes no byte of them, and
    ``awsd-geo --version`` tells it.
    """
    from awsd_geo import __version__
    from awsd_geo.maps.assets import leaflet_version

    return {"awsd_geo": __version__, "leaflet": leaflet_version()}


def _citation(made: Analysis) -> str:
    source = made.incidents.attrs.get("source", {})
    if source.get("status") == "example":
        return EXAMPLE_CITATION
    return CITATION.format(year=str(source.get("data_to", made.years[1]))[:4])


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


def _boundaries(made: Analysis) -> dict[str, Any]:
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
    where, local, moran = made.denominators.results["equal"], made.local, made.moran
    asked: list[tuple[str | None, dict[str, Any]]] = [
        (where.reason, _test(where.test, "Is the largest share of the units more than chance?")),
        (where.reason, _test("rank verification", "Does the first unit lead the second?")),
        *_tests_of_time(made),
        (
            local.reason,
            _test(
                local.test,
                "Which units have many incidents in and around them?",
                family=("Gi* of all units", local.family),
            ),
        ),
        (
            moran.reason,
            _test(
                "exact permutation" if moran.exact else "permutation",
                "Do neighbours resemble each other?",
                replicates=None if moran.exact else moran.orders,
            ),
        ),
        *[
            (found.reason, _test(found.test, _CLUSTERS[name], replicates=found.replicates))
            for name, found in made.scans.items()
        ],
    ]
    return [test for reason, test in asked if reason is None]


_CLUSTERS = {
    "equal": "Where do incidents cluster, all units taken alike?",
    "population": "Where do incidents cluster in proportion to residents?",
}


def _tests_of_time(made: Analysis) -> Iterator[tuple[str | None, dict[str, Any]]]:
    trend, uneven = made.trend, "The same, allowing for years that vary more than independent incidents do"
    yield trend.reason, _test("exact conditional Poisson", "Do incidents rise or fall from year to year?")
    if not math.isnan(trend.quasi_poisson_p):
        yield trend.reason, _test("quasi-Poisson", uneven, exact=False)
    if not math.isnan(trend.mann_kendall_p):
        yield trend.reason, _test("exact Mann-Kendall", "The same, by the order of the years alone")
    if made.shares is not None:
        yield made.shares.reason, _test(made.shares.test, "Did the share of the first unit change?")
    if made.spread is not None:
        drawn = None if made.spread.exact else made.spread.replicates
        yield (
            made.spread.reason,
            _test(made.spread.test, "Do incidents gather more or less than before?", replicates=drawn),
        )


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
