"""How incidents were placed, which are not, and which names contradict their points."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsd_geo.report.wording import Wording

MOST_REASONS = 5  # of conflicts, and of reasons why incidents are not placed; the counts are complete
MOST_NAMES = 3  # of units that one text fits
_SEVERAL = re.compile(r"The text fits (?P<names>.+?) or (?P<last>.+?); ")


def placing(findings: dict[str, Any], say: Wording) -> list[str]:
    """Say how many incidents were placed by what, which are not, and where name and point disagree.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    list of str
        No sentence where there is no incident.
    """
    if not findings["incidents"]:
        return []
    if findings["placed_by"]["none"] is None:
        return _suppressed(findings, say)
    whichever = _whichever_way(findings, say)
    return [_placed(findings, say), _unplaced(findings, say), *whichever, _conflicts(findings, say)]


def placed_and_doubt(findings: dict[str, Any], say: Wording) -> list[str]:
    """Say in short how many were placed, how many texts and points disagree, and what the unplaced could change."""
    if not findings["incidents"]:
        return []
    if findings["placed_by"]["none"] is None:
        return _suppressed(findings, say)
    count = findings["conflicts"]["count"]
    conflicts = say.counted("paper.conflicts", count) if count else say.get("how.conflicts_none")
    return [_placed(findings, say), *_whichever_way(findings, say), conflicts]


def _suppressed(findings: dict[str, Any], say: Wording) -> list[str]:
    """Say how many were placed, if that is shown, and that nothing else is told of single incidents."""
    located, incidents = findings["located"], say.number(findings["incidents"])
    if located is None:
        return [say.say("suppressed.placing", incidents=incidents)]
    return [say.say("suppressed.placed", located=say.number(located), incidents=incidents)]


def _placed(findings: dict[str, Any], say: Wording) -> str:
    by = [
        say.say(f"how.by.{key}", n=say.number(count))
        for key, count in findings["placed_by"].items()
        if count and key != "none"
    ]
    located, incidents = say.number(findings["located"]), say.number(findings["incidents"])
    return say.say("how.geocoding_text", located=located, incidents=incidents, by=", ".join(by) or say.get("none"))


def _unplaced(findings: dict[str, Any], say: Wording) -> str:
    if not findings["unlocated"]:
        return str(say.get("how.unlocated_none"))
    given = findings["unlocated_reasons"]
    reasons = [
        say.say("how.unlocated_one", n=say.number(entry["incidents"]), why=reason(entry["why"], say))
        for entry in given[:MOST_REASONS]
    ]
    if rest := sum(entry["incidents"] for entry in given[MOST_REASONS:]):
        reasons.append(say.counted("more", rest))
    return say.say("how.unlocated", list=", ".join(reasons))


def _whichever_way(findings: dict[str, Any], say: Wording) -> list[str]:
    """Say what share the first place has wherever the unplaced fell, and whether it leads then."""
    centre, doubt = findings["epicentre"], findings.get("placing")
    if not doubt or not doubt["unplaced"] or not centre.get("share_by_placing"):
        return []
    ends = centre["share_by_placing"]
    decimals = 1 if len({say.share(end) for end in ends}) == 1 else 0
    shown = {say.share(end, decimals) for end in ends}
    values = {
        "place": centre["name"],
        "interval": shown.pop() if len(shown) == 1 else say.between(ends, decimals=decimals),
        "total": say.number(findings["located"] + doubt["unplaced"]),
    }
    if doubt["leader_certain"]:
        return [say.counted("how.placing_certain", doubt["unplaced"], **values)]
    others = [name for name in doubt["can_lead"] if name != centre["name"]]
    return [say.counted("how.placing_open", doubt["unplaced"], names=say.some(others, MOST_NAMES), **values)]


def _conflicts(findings: dict[str, Any], say: Wording) -> str:
    given = findings["conflicts"]
    count, lost = given["count"], given["not_placed"]
    if not count:
        return str(say.get("how.conflicts_none"))
    reasons = Counter(reason(entry["why"], say) for entry in given["incidents"])  # not which: a page names no incident
    shown = reasons.most_common(MOST_REASONS)
    listed = [say.say("how.conflict", n=say.number(times), why=why) for why, times in shown]
    if more := count - sum(times for _, times in shown):
        listed.append(say.counted("more", more))
    key = "conflicts" if not lost else "conflicts_lost" if lost == count else "conflicts_both"
    numbers = {"placed": say.number(count - lost), "lost": say.number(lost)}
    return say.counted(f"how.{key}", count, list=say.parted(listed), **numbers)


def reason(why: str, say: Wording) -> str:
    """Say a reason in the page's language; of many units that a text fits the first few are named."""

    def shortened(found: re.Match[str]) -> str:
        names = [*found["names"].split(", "), found["last"]]
        if len(names) <= MOST_NAMES:
            return found[0]
        rest = say.counted("more", len(names) - MOST_NAMES)
        return f"The text fits {', '.join(names[:MOST_NAMES])} or {rest}; "

    return say.translated(_SEVERAL.sub(shortened, why, count=1))
