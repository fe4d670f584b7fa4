"""How we know: where every number comes from, what was set aside, what was tested, what could have been missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.report import evidence, gathering
from awsd_geo.report.lede import apart_kind, unit_kind
from awsd_geo.report.placing import placing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsd_geo.report.wording import Wording

SHORT = 12  # characters of a digest on the map's page


def how_we_know(findings: dict[str, Any], say: Wording) -> list[tuple[str, list[str]]]:
    """Make the block "How we know".

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    list of (str, list of str)
        Term and its sentences, in the order of the page.
    """
    parts = [
        ("source", _source(findings, say)),
        ("disclosure", disclosure(findings, say)),
        ("state", _as_of(findings, say)),
        ("geocoding", placing(findings, say)),
        ("boundaries", _boundaries(findings, say)),
        ("tests", evidence.tests(findings, say)),
        ("p_values", evidence.p_values(findings, say)),
        ("concentration", evidence.spread(findings, say)),
        ("clusters", gathering.clusters_in_full(findings, say)),
        ("change", gathering.change_in_full(findings, say) if findings["incidents"] else []),
        ("missed", evidence.missed(findings, say)),
        ("denominators", evidence.denominators(findings, say)),
        ("repeat", evidence.repeat(findings, say)),
        ("notes", [say.translated(note) + "." for note in findings["notes"]]),
    ]
    return [(say.get(f"how.{key}"), sentences) for key, sentences in parts if sentences]


def _source(findings: dict[str, Any], say: Wording) -> list[str]:
    given = findings["provenance"]["input"]
    sentences = source_file(findings, say)
    for title, field in (("aside", "rows_set_aside"), ("repairs", "repairs"), ("not_selected", "rows_not_selected")):
        sentences += _rows(say.get(f"how.{title}"), given[field], say)
    return sentences


def source_file(findings: dict[str, Any], say: Wording) -> list[str]:
    """Name the file with its digest, the rows read and used, and the date that the data reach."""
    return _file(findings, findings["provenance"]["input"], say)


def disclosure(findings: dict[str, Any], say: Wording) -> list[str]:
    """Say what was held back from whom: the threshold, how many numbers, the last days; never which, or why each."""
    told = findings.get("disclosure")
    if not told:
        return []
    sentences = [say.get(f"suppressed.for.{told['audience']}")] if told["data"] == "own" else []
    below, numbers = told["suppress_below"], told["numbers"]
    if below:
        key = "hidden" if told["hidden"] else "none"
        counts = {"hidden": say.number(told["hidden"]), "numbers": say.number(numbers)}
        sentences.append(say.say(f"suppressed.{key}", below=below, values=below, **counts))
    if told["embargo_days"]:
        sentences.append(say.counted("suppressed.embargo", told["embargo_days"]))
    return sentences


def _file(findings: dict[str, Any], given: dict[str, Any], say: Wording) -> list[str]:
    if given["rows_read"] is None:
        name, used = say.translated(given["name"]), say.number(given["rows_used"])
        how = say.get("how.data_to_from")[findings["data_to_from"]]
        reach = say.say("how.data_to", date=say.date(findings["data_to"]), how=how)
        return [say.say("suppressed.source", name=name, used=used), reach]
    digest = say.say("how.digest", sha256=given["sha256"]) if given["sha256"] else ""
    read, used = say.number(given["rows_read"]), say.number(given["rows_used"])
    source = say.say("how.source_text", name=say.translated(given["name"]), digest=digest, read=read, used=used)
    how = say.get("how.data_to_from")[findings["data_to_from"]]
    return [source, say.say("how.data_to", date=say.date(findings["data_to"]), how=how)]


def _rows(title: str, entries: Iterable[dict[str, Any]], say: Wording) -> list[str]:
    counted = [
        say.counted("how.aside_rows", entry["rows"], why=say.translated(entry["why"]))
        for entry in entries
        if entry["rows"]
    ]
    return [say.say("how.rows", title=title, rows=say.parted(counted))] if counted else []


def _as_of(findings: dict[str, Any], say: Wording) -> list[str]:
    if findings["as_of"] is None:
        return [say.get("how.as_of_none")] if findings["status"] != "example" else []
    return [say.say("how.as_of_text", date=say.date(findings["data_to"]))]


def boundaries_in_short(findings: dict[str, Any], say: Wording) -> list[str]:
    """Name the frame, its units, its dates, and whether it is approximate."""
    approximate = findings["provenance"]["boundaries"]["approximate"]
    return [_frame(findings, say)] + [say.get("how.approximate")] * bool(approximate)


def _frame(findings: dict[str, Any], say: Wording) -> str:
    frame, units = findings["provenance"]["boundaries"], findings["regions"]
    counted = [say.counted(f"unit.{unit_kind(findings)}", units["total"])] if units["total"] else []
    apart = units["districts_total"]
    counted += [say.counted(f"unit.{apart_kind(findings)}", apart)] if apart else []
    named = say.frame(frame["vintage"])
    return say.say("how.boundaries_text", vintage=named, units=say.listed(counted), valid=_valid(frame, say))


def _boundaries(findings: dict[str, Any], say: Wording) -> list[str]:
    frame, sentences = findings["provenance"]["boundaries"], [_frame(findings, say)]
    if frame["default"] and frame["valid_from"]:
        expired = frame["valid_to"] is not None and frame["valid_to"] < f"{findings['years'][1]}-12-31"
        sentences.append(say.get("how.boundaries_expired" if expired else "how.boundaries_default"))
    if frame["approximate"]:
        sentences.append(say.get("how.approximate"))
    return [*sentences, *say.own(frame, "note")]


def _valid(frame: dict[str, Any], say: Wording) -> str:
    if not frame["valid_from"]:
        return ""
    start = say.date(frame["valid_from"])
    if not frame["valid_to"]:
        return say.say("how.valid_from", start=start)
    return say.say("how.valid_between", start=start, end=say.date(frame["valid_to"]))


def source_line(findings: dict[str, Any], say: Wording) -> str:
    """Name the file with a short digest, the date that the data reach and the rows set aside, for the map's page."""
    given = findings["provenance"]["input"]
    short = given | {"sha256": f"{given['sha256'][:SHORT]}…" if given["sha256"] else ""}
    source, reach = _file(findings, short, say)
    aside = _rows(say.get("how.aside"), given["rows_set_aside"], say) or [say.get("how.aside_none")]
    if given["rows_read"] is None:
        aside = disclosure(findings, say)
    return " ".join([say.say("how.rows", title=say.get("how.source"), rows=source.removesuffix(".")), reach, *aside])


def definitions(findings: dict[str, Any], say: Wording) -> list[str]:
    """Say what AWSD counts as kidnapping and detention, under the kinds that hold them."""
    keys = {"kidnapped": ["kidnapped", "detained", "kidnapped_series"], "abducted": ["kidnapped", "detained"]}
    keys["detained"] = ["detained"]
    return [say.get(f"foot.{key}") for key in keys.get(findings["kind"], [])]


def footnotes(findings: dict[str, Any], say: Wording) -> list[str]:
    """Give the standing notes: definitions, provisional years, citation, licence, disclaimer.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    list of str
        The kidnapping definition stands only under kinds that hold kidnapping.
    """
    return [
        *definitions(findings, say),
        *[say.get(f"foot.{key}") for key in ("provisional", "victims", "causes")],
        *sources(findings, say),
        say.get("foot.disclaimer"),
        say.get(f"foot.not_awsd{_made_up(findings)}"),
    ]


def sources(findings: dict[str, Any], say: Wording) -> list[str]:
    """Give citation and licences, which stand under the map too."""
    given, made_up = findings["provenance"], _made_up(findings)
    return [
        say.say(f"foot.citation{made_up}", citation=say.translated(given["citation"])),
        say.say(f"foot.licence{made_up}", notice=say.own(given["boundaries"], "notice_short")[0]),
    ]


def _made_up(findings: dict[str, Any]) -> str:
    if findings["status"] == "example":
        return "_example"
    return "_own" if findings.get("disclosure", {}).get("data") == "own" else ""
