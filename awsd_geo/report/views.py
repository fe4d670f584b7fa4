"""The table by place, and the question whether a share is a risk: findings in, plain text for the template out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.report import gathering
from awsd_geo.report.lede import suppresses, unit_kind

if TYPE_CHECKING:
    from awsd_geo.report.wording import Wording

MOST_ROWS = 30  # with more units, those without an incident share one row
PAPER_ROWS = 14  # with more units, those without an incident share one row on paper, and so do the last with some
SMALL = 0.005
SUPPRESSED = "Suppressed: "  # how the reasons begin of what is not undefined
MOST_NAMES = 24  # of units without an incident, by name on paper
DENOMINATORS = ("equal", "population", "area", "given")


def table(findings: dict[str, Any], say: Wording) -> dict[str, Any]:
    """Make the table by place: every unit, one row for unplaced incidents, and totals that add up.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    dict
        ``caption``, ``heads``, ``rows``, ``others``, ``rest`` (rows of the printed page), ``unlocated``, ``total``,
        ``notes`` and ``cluster``.
    """
    units = findings["by_region"]
    shown = units if len(units) <= MOST_ROWS else [unit for unit in units if unit["incidents"] != 0]
    hidden, hides = len(units) - len(shown), findings.get("disclosure", {}).get("suppressed", [])
    lost, total = (
        {
            "name": say.get(f"table.{key}"),
            "incidents": _optional(findings[incidents], say, hidden=incidents in hides),
            "victims": _optional(findings[victims], say, hidden=victims in hides),
        }
        for key, incidents, victims in (
            ("unlocated", "unlocated", "unlocated_victims"),
            ("total", "incidents", "victims"),
        )
    )
    beyond, rest = _on_paper(units, say)
    period, frame = say.period(findings["years"]), say.frame(findings["vintage"])
    caption = say.say("table.caption", period=period, vintage=frame)
    return {
        "caption": caption,
        "heads": _heads(findings, say),
        "rows": [_row(unit, unit_kind(findings), say) | {"beyond": unit["region_id"] in beyond} for unit in shown],
        "rest": rest,
        "others": say.counted("table.others", hidden) if hidden else "",
        "unlocated": lost,
        "total": total,
        "notes": _notes(findings, say),
        "cluster": gathering.clusters(findings, say),
    }


def _on_paper(units: list[dict[str, Any]], say: Wording) -> tuple[set[str], list[dict[str, str]]]:
    """Choose the units that have no row of their own on paper, and sum them in one or two rows."""
    if len(units) <= PAPER_ROWS:
        return set(), []
    hit, quiet = (
        [unit for unit in units if unit["incidents"] != 0],
        [unit for unit in units if unit["incidents"] == 0],
    )
    last = hit[PAPER_ROWS:] if len(hit) > PAPER_ROWS + 1 else []  # a row in place of one unit would spare nothing
    rest = [_sum(last, say)] * bool(last)
    if quiet:
        name = say.counted("table.others", len(quiet))
        if len(quiet) <= MOST_NAMES:
            name = say.say("how.rows", title=name, rows=", ".join(unit["name"] for unit in quiet)).removesuffix(".")
        rest.append({"name": name, "without": "without"})
    return {unit["region_id"] for unit in [*last, *quiet]}, rest


def _sum(units: list[dict[str, Any]], say: Wording) -> dict[str, str]:
    shares, hidden = [unit["share"] for unit in units], any("share" in unit.get("suppressed", ()) for unit in units)
    return {
        "name": say.counted("table.rest", len(units)),
        "without": "",
        "incidents": _total(units, "incidents", say),
        "victims": _total(units, "victims", say),
        "share": say.get("chart.hidden") if hidden else say.share(None if None in shares else sum(shares), 1),
    }


def _total(units: list[dict[str, Any]], column: str, say: Wording) -> str:
    values = [unit[column] for unit in units]
    hidden = any(column in unit.get("suppressed", ()) for unit in units)
    return _optional(None if None in values else sum(values), say, hidden=hidden)


def _heads(findings: dict[str, Any], say: Wording) -> list[str]:
    place, victims = f"unit.{unit_kind(findings)}.column", f"kind.{findings['kind']}.column"
    keys = (place, "table.incidents", victims, "table.share_interval", "table.rate", "table.gi_star")
    return [say.get(key) for key in keys]


def _row(unit: dict[str, Any], counted: str, say: Wording) -> dict[str, Any]:
    """Write one row; a unit that stands beside those that are counted says what it is."""
    kind, hides = say.get(f"unit.{unit['kind']}.column").lower(), unit.get("suppressed", ())
    mark, of_gi = say.get("chart.hidden"), unit["gi_star"]["class"]
    return {
        "name": unit["name"] if unit["kind"] == counted else say.say("table.apart", name=unit["name"], kind=kind),
        "incidents": _optional(unit["incidents"], say, hidden="incidents" in hides),
        "victims": _optional(unit["victims"], say, hidden="victims" in hides),
        "share": mark if "share" in hides else say.share(unit["share"], 1),
        "width": f"{100 * (unit['share'] or 0):.1f}",
        "interval": say.between(unit["share_ci"]) if unit["share_ci"] else "",
        "rate": mark if "rate_per_100k" in hides else say.factor(unit["rate_per_100k"]),
        "gi": mark if of_gi == "suppressed" else say.get("gi")[of_gi],
        "gi_short": mark if of_gi == "suppressed" else say.get("gi_short")[of_gi],
        "mark": "undefined" if of_gi == "suppressed" else of_gi.replace(" ", "-"),
        "quiet": unit["incidents"] == 0,
    }


def _optional(value: int | None, say: Wording, *, hidden: bool = False) -> str:
    return str(say.get("chart.hidden" if hidden else "dash")) if value is None else say.number(value)


def _notes(findings: dict[str, Any], say: Wording) -> list[str]:
    local, notes = findings["local_statistics"], []
    if suppresses(findings):
        below = findings["disclosure"]["suppress_below"]
        notes.append(say.say("suppressed.note", mark=say.get("chart.hidden"), below=below))
    interval = say.translated(findings["epicentre"]["interval"])
    if findings["located"]:
        notes.append(say.say("table.note_share", located=say.number(findings["located"]), interval=interval))
    elif findings["located"] is None:
        notes.append(say.say("table.note_share_all", n=say.number(findings["incidents"]), interval=interval))
    notes.append(_rate_note(findings, say))
    if local["reason"] is None:
        notes.append(say.say("table.note_gi", correction=say.translated(local["correction"])))
    if local["descriptive"] and local["reason"] is None:
        notes.append(say.get("table.note_gi_descriptive"))
    return notes


def _rate_note(findings: dict[str, Any], say: Wording) -> str:
    reasons = [unit["rate_reason"] for unit in findings["by_region"] if unit["rate_per_100k"] is None]
    if reasons and len(reasons) == len(findings["by_region"]):
        return say.say("table.note_no_rate", reason=say.translated(reasons[0]))
    return str(say.get("table.note_rate"))


def risk(findings: dict[str, Any], say: Wording) -> dict[str, Any]:
    """Set the denominators beside one another and say whether they agree.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    dict
        ``heads``, ``rows`` (cells, or a reason where undefined) and ``sentences``.
    """
    given = findings["epicentre"]["by_denominator"]
    heads = [say.get(f"risk.{key}") for key in ("expected_in", "stands_out", "has", "ratio", "p")]
    rows = [_comparison(key, given[key], say) for key in DENOMINATORS if key in given]
    ranks = [_rank(key, given[key], findings, say) for key in DENOMINATORS[1:] if key in given]
    sentences = [_agreement(findings, say), *filter(None, ranks), say.get("risk.presence")]
    return {"heads": heads, "rows": rows, "sentences": sentences}


def _comparison(key: str, entry: dict[str, Any], say: Wording) -> dict[str, Any]:
    name = say.get(f"risk.{key}")
    if entry["p_value"] is None:
        reason = say.translated(entry["reason"])
        hidden = str(entry["reason"]).startswith(SUPPRESSED)
        told = reason if hidden else f"{say.get('not_defined')} ({reason})"
        return {"name": name, "reason": told, "cells": []}
    expected = entry["expected_share"]
    small = 0 < expected < SMALL  # "0%" of the area would not be true
    shares = f"{say.share(entry['share'])} / {say.share(expected, 1 if small else 0)}"
    ratio = say.say("factor", value=say.factor(entry["ratio"], 1))
    return {"name": name, "reason": "", "cells": [entry["name"], shares, ratio, say.p(entry["p_value"])]}


def _agreement(findings: dict[str, Any], say: Wording) -> str:
    centre = findings["epicentre"]
    if centre["denominators_agree"] is None and suppresses(findings):
        return str(say.get("suppressed.agree"))
    if centre["denominators_agree"] is None:
        return str(say.get("risk.agree_none"))
    return say.say("risk.agree" if centre["denominators_agree"] else "risk.agree_not", place=centre["name"])


def _rank(key: str, entry: dict[str, Any], findings: dict[str, Any], say: Wording) -> str:
    if entry["epicentre_rank"] is None or entry["epicentre_ratio"] is None:
        return ""
    values = {
        "by": say.get(f"risk.by.{key}"),
        "place": findings["epicentre"]["name"],
        "ratio": say.factor(entry["epicentre_ratio"], 1),
    }
    if entry["epicentre_rank"] == 1 or entry["highest_ratio"] is None:
        return say.say("risk.rank_first", **values) if entry["epicentre_rank"] == 1 else ""
    return say.say(
        "risk.rank",
        rank=say.number(entry["epicentre_rank"]),
        highest=entry["highest_name"],
        highest_ratio=say.factor(entry["highest_ratio"], 1),
        incidents=say.counted("incidents", entry["highest_incidents"]),
        **values,
    )
