"""The block on how the numbers were made, as it stands on paper: what a reader must have, and where the rest is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.report import evidence
from awsd_geo.report.placing import placed_and_doubt
from awsd_geo.report.provenance import boundaries_in_short, disclosure, source_file

if TYPE_CHECKING:
    from awsd_geo.report.wording import Wording


def how_on_paper(findings: dict[str, Any], say: Wording) -> list[tuple[str, list[str]]]:
    """Make the block "How we know" for one A4 page.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    list of (str, list of str)
        Term and its sentences: file and digest, rows, placing, boundaries, tests, what was missed, seed. The last
        says that it is abridged, and where the whole is.
    """
    parts = [
        ("source", _source(findings, say)),
        ("disclosure", disclosure(findings, say)),
        ("geocoding", placed_and_doubt(findings, say)),
        ("boundaries", boundaries_in_short(findings, say)),
        ("tests", _tests(findings, say)),
        ("missed", evidence.missed(findings, say)),
        ("repeat", _repeat(findings, say)),
    ]
    return [(say.get(f"how.{key}"), sentences) for key, sentences in parts if sentences]


def _source(findings: dict[str, Any], say: Wording) -> list[str]:
    given = findings["provenance"]["input"]
    counted = [
        say.say("how.rows", title=say.get(f"how.{title}"), rows=say.counted("paper.rows", rows))
        for title, field in (("aside", "rows_set_aside"), ("not_selected", "rows_not_selected"))
        if (rows := sum(entry["rows"] for entry in given[field]))
    ]
    return [*source_file(findings, say), *counted]


def _tests(findings: dict[str, Any], say: Wording) -> list[str]:
    """Name each test once, by how its p-value comes about, then what was corrected."""
    tests = findings["provenance"]["tests"]
    groups: dict[str, list[str]] = {}
    for test in tests:
        groups.setdefault(evidence.how_made(test, say), []).append(say.translated(test["name"]))
    if not groups:
        return []
    named = [f"{', '.join(dict.fromkeys(names))} ({how})" for how, names in groups.items()]
    corrected = [
        say.say("paper.corrected", correction=say.translated(test["correction"]), size=say.number(test["family_size"]))
        for test in tests
        if test["correction"]
    ]
    return [say.parted(named) + ".", *dict.fromkeys(corrected)]


def _repeat(findings: dict[str, Any], say: Wording) -> list[str]:
    given = findings["provenance"]
    version = f"awsd_geo {given['versions']['awsd_geo']}"
    return [say.say("how.repeat_text", seed=given["seed"], versions=version), say.get("paper.abridged")]
