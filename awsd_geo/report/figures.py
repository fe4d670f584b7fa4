"""The key figures under the lede."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from awsd_geo.report.lede import MOST_TIED, apart_kind, suppresses, unit_kind

if TYPE_CHECKING:
    from awsd_geo.report.wording import Wording


class Figure(NamedTuple):
    """One key figure: the value, what it is, and its interval or an empty text."""

    value: str
    label: str
    note: str


def figures(findings: dict[str, Any], say: Wording) -> list[Figure]:
    """Give the key figures.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    list of Figure
        Incidents, victims (where the file knows them), places, the epicentre's share, the yearly factor.
    """
    kind = findings["kind"]
    shown = [_counted(f"kind.{kind}.incident", findings["incidents"], say)]
    if findings["victims"] is not None:
        shown.append(_counted(f"kind.{kind}.victim", findings["victims"], say))
    return [*shown, _places_figure(findings, say), _share_figure(findings, say), _trend_figure(findings, say)]


def _counted(key: str, count: int, say: Wording) -> Figure:
    value = say.number(count)
    return Figure(value, say.counted(key, count).removeprefix(value).strip(), "")


def _places_figure(findings: dict[str, Any], say: Wording) -> Figure:
    units = findings["regions"]
    label = say.counted(f"unit.{unit_kind(findings)}", units["total"]).removeprefix(say.number(units["total"])).strip()
    note = ""
    if units["districts_with_incidents"]:
        counted = say.counted(f"unit.{apart_kind(findings)}", units["districts_with_incidents"])
        note = say.say("figures.districts", districts=counted)
    return Figure(f"{units['with_incidents']}/{units['total']}", f"{label} {say.get('figures.regions')}", note)


def _share_figure(findings: dict[str, Any], say: Wording) -> Figure:
    centre = findings["epicentre"]
    if centre["share"] is None and suppresses(findings):
        return Figure(say.get("chart.hidden"), say.get("figures.share_none"), say.get("verdict.suppressed"))
    if centre["share"] is None or len(centre["tied"]) >= MOST_TIED:
        return Figure(say.share(centre["share"]), say.get("figures.share_none"), "")
    key = "figures.share_tied" if centre["tied"] else "figures.share"
    key += "_all" if findings["located"] is None else ""
    label = say.say(key, place=centre["name"], places=say.listed([centre["name"], *centre["tied"]]))
    return Figure(
        say.share(centre["share"]), label, say.interval(centre["share_ci"], short=True) if centre["share_ci"] else ""
    )


def _trend_figure(findings: dict[str, Any], say: Wording) -> Figure:
    trend = findings["trend"]
    verdict = say.get(f"verdict.{trend['verdict'].replace(' ', '_')}")
    if trend["verdict"] == "suppressed":
        return Figure(say.get("chart.hidden"), say.get("figures.trend"), verdict)
    if not trend["rate_ratio_per_year"]:
        return Figure(say.get("dash"), say.get("figures.trend"), verdict)
    value = say.say("factor", value=say.factor(trend["rate_ratio_per_year"]))
    return Figure(value, say.say("figures.rate", verdict=verdict), say.interval(trend["ci"], "factor", 2, short=True))
