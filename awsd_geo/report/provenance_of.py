"""Where every number of an alert comes from: file, frame, tests, seed, versions."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsd_geo.report.analysis import Analysis

PROGRAMS = ("awsd-geo", "folium", "geopandas", "numpy", "pandas", "scipy", "shapely")
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
    return {
        "input": _input(made),
        "boundaries": _boundaries(made),
        "tests": _tests(made),
        "weights": "queen contiguity: units that share a line or a point",
        "seed": made.seed,
        "replicates": None if made.moran.exact else made.moran.orders,
        "versions": {"python": platform.python_version()}
        | {name.replace("-", "_"): version(name) for name in PROGRAMS},
        "citation": _citation(made),
    }


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
        "rows_set_aside": source.get("rows_set_aside", []),
        "repairs": source.get("repairs", []),
        "rows_not_selected": made.located.attrs["selection"]["rows_set_aside"],
    }


def _boundaries(made: Analysis) -> dict[str, Any]:
    attrs = made.regions.attrs
    frame = ("vintage", "level", "valid_from", "valid_to", "approximate", "note", "note_fr")
    notices = ("notice", "notice_short", "notice_short_fr", "sha256")
    return {name: attrs.get(name) for name in (*frame, *notices)} | {"default": made.default_frame}


def _tests(made: Analysis) -> list[dict[str, Any]]:
    return [
        _test(made.denominators.results["equal"].test, "Is the largest share of the units more than chance?"),
        _test("exact conditional Poisson", "Do incidents rise or fall from year to year?"),
        _test(
            "quasi-Poisson", "The same, allowing for years that vary more than independent incidents do", exact=False
        ),
        _test("exact Mann-Kendall", "The same, by the order of the years alone"),
        _test(
            made.local.test,
            "Which units have many incidents in and around them?",
            family=("Gi* of all units", made.local.family),
        ),
        _test(made.moran.test, "Do neighbours resemble each other?", exact=made.moran.exact),
    ]


def _test(name: str, question: str, *, exact: bool = True, family: tuple[str, int] | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "question": question,
        "exact": exact,
        "family": family[0] if family else None,
        "family_size": family[1] if family else None,
        "correction": "Benjamini-Hochberg" if family else None,
    }
