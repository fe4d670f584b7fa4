"""Clusters of the scan statistic, and how the leading unit's share changed: findings in, sentences out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsd_geo.report.wording import Wording

MOST_NAMES = 5  # of a cluster


def change(findings: dict[str, Any], say: Wording) -> str:
    """Say how the leading unit's share changed between the halves of the period; empty where undefined.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    str
        One sentence with its p-value, which is not corrected for the other rules.
    """
    found = findings["change"]
    if found["p_value"] is None:
        return ""
    numbers = {
        f"{half}{name}": value
        for half in ("earlier", "later")
        for name, value in (
            ("", say.number(found[half]["incidents"])),
            ("_total", say.number(found[half]["total"])),
            ("_years", say.period(found[half]["years"])),
        )
    }
    verdict = say.get("gathering.verdict")[found["verdict"]]
    return say.say("gathering.change", place=found["name"], verdict=verdict, p=say.p(found["p_value"]), **numbers)


def change_in_full(findings: dict[str, Any], say: Wording) -> list[str]:
    """Give the difference of the shares, whether it stands beside the other rules, and what all places say."""
    found = findings["change"]
    if found["p_value"] is None:
        reason = say.translated(found["reason"])
        sentences = [say.say("gathering.change_none", reason=reason)]
    else:
        points = [None if end is None else 100 * end for end in found["difference_ci"]]
        values = {"place": found["name"], "difference": say.number(100 * found["difference"])}
        interval = say.between(points, "number")
        sentences = [say.say("gathering.difference", interval=interval, p=say.exact(found["p_value"]), **values)]
        if found["verdict"] != "no clear change":
            stands = any(signal["rule"] == "spread" for signal in findings["signals"])
            sentences.append(say.get(f"gathering.{'stands' if stands else 'stands_not'}"))
    if found["spread_p_value"] is not None:
        key = "changed" if found["spread_p_value"] < findings["alpha"] else "changed_not"
        sentences.append(say.say(f"gathering.{key}", p=say.p(found["spread_p_value"])))
    if found["new_regions"]:
        sentences.append(say.say("gathering.new", names=say.some(found["new_regions"], MOST_NAMES)))
    return sentences


def clusters(findings: dict[str, Any], say: Wording) -> str:
    """Name the most likely cluster of each scan and whether chance gives as much; empty without a scan.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    str
        One sentence, and one that says that the edge of a cluster is uncertain.
    """
    first = [found for found in findings["clusters"] or () if found["rank"] == 1]
    if not first:
        return ""
    parts = [
        say.say(
            "gathering.cluster_part",
            by=say.get(f"gathering.by.{found['denominator']}"),
            names=say.some(found["names"], MOST_NAMES),
            p=say.p(found["p_value"]),
            chance=_chance(found, findings, say),
        )
        for found in first
    ]
    edge = say.get("gathering.edge") if _any_stands(findings) else ""
    return " ".join(filter(None, [say.say("gathering.cluster", parts=say.parted(parts)), edge]))


def clusters_in_full(findings: dict[str, Any], say: Wording) -> list[str]:
    """Give every cluster with its numbers, or why there is none."""
    if findings["clusters"] is None:
        return [say.say("how.clusters_none", reason=say.translated(findings["clusters_reason"]))]
    if not findings["clusters"]:
        return [say.get("how.clusters_empty")]
    sentences = [_cluster(found, findings, say) for found in findings["clusters"]]
    edge = [say.get("gathering.edge")] if _any_stands(findings) else []
    return [*sentences, say.get("how.clusters_p"), *edge]


def _cluster(found: dict[str, Any], findings: dict[str, Any], say: Wording) -> str:
    by = say.get(f"gathering.by.{found['denominator']}")
    return say.say(
        "how.clusters_found" if found["rank"] == 1 else "how.clusters_also",
        by=by[0].upper() + by[1:],
        names=say.some(found["names"], MOST_NAMES),
        incidents=say.counted("incidents", found["observed"]),
        expected=say.factor(found["expected"], 1),
        p=say.p(found["p_value"]),
        chance=_chance(found, findings, say),
    )


def _chance(found: dict[str, Any], findings: dict[str, Any], say: Wording) -> str:
    return "" if _stands(found, findings) else str(say.get("gathering.chance"))


def _stands(found: dict[str, Any], findings: dict[str, Any]) -> bool:
    return found["p_value"] is not None and found["p_value"] < findings["alpha"]


def _any_stands(findings: dict[str, Any]) -> bool:
    return any(_stands(found, findings) for found in findings["clusters"] or ())
