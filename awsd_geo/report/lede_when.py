"""The sentence of the lede about the trend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsd_geo.report.wording import Wording


def when(findings: dict[str, Any], say: Wording) -> str:
    """Make the sentence of the lede that says whether incidents rise or fall.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    str
        The factor, its interval and the three tests; what could have been shown; the years left out.
    """
    trend = findings["trend"]
    if trend["verdict"] == "suppressed":
        return say.say("lede.trend_undefined", reason=say.translated(trend["reason"])) + _by_half(findings, say)
    if trend["verdict"] == "undefined":
        return say.say("lede.trend_undefined", reason=say.translated(trend["reason"]))
    robust = trend["robust"]
    tests = {"quasi": say.p(robust["quasi_poisson_p"]), "kendall": say.p(robust["mann_kendall_p"])}
    if not trend["rate_ratio_per_year"]:
        sentence = say.say("lede.trend_no_ratio", p=say.p(trend["p_value"]), **tests)
        return sentence + _detectable(trend, say) + _left_out(findings, say)
    sentence = say.say(
        f"lede.trend_{trend['verdict'].replace(' ', '_')}",
        factor=say.factor(trend["rate_ratio_per_year"]),
        interval=say.interval(trend["ci"], "factor", 2),
        p=say.p(trend["p_value"]),
        doubters=say.say(f"lede.doubt_{_doubter(findings)}", **tests),
        **tests,
    )
    return sentence + _detectable(trend, say) + _left_out(findings, say)


def _by_half(findings: dict[str, Any], say: Wording) -> str:
    """Say how many incidents the halves of the period had, where they are shown and over."""
    told = findings["disclosure"]
    if told["halves_p_value"] is None:
        return ""
    (before, after), p = told["halves"], say.p(told["halves_p_value"])
    numbers = {"before": say.number(before["incidents"]), "after": say.number(after["incidents"])}
    years = {"earlier": say.period(before["years"]), "later": say.period(after["years"])}
    return " " + say.say("suppressed.halves", p=p, **numbers, **years)


def _left_out(findings: dict[str, Any], say: Wording) -> str:
    left = years_left_out(findings)
    if not left:
        return ""
    form = "one" if len(left) == 1 else "other"
    return say.say(f"lede.left_out.{form}", years=say.listed(map(str, left)))


def years_left_out(findings: dict[str, Any]) -> list[int]:
    """Give the years of the period that the trend leaves out, not being covered to their end."""
    tested = findings["trend"]["years"]
    if tested is None:
        return []
    return [year["year"] for year in findings["by_year_detail"] if not tested[0] <= year["year"] <= tested[1]]


def _detectable(trend: dict[str, Any], say: Wording) -> str:
    if trend["verdict"] != "no clear change":
        return ""
    if trend["smallest_detectable"] is None:
        return str(say.get("lede.undetectable"))
    return say.say("lede.detectable", factor=say.factor(trend["smallest_detectable"]), power=say.share(trend["power"]))


def _doubter(findings: dict[str, Any]) -> str:
    robust, alpha = findings["trend"]["robust"], findings["alpha"]
    quasi, kendall = robust["quasi_poisson_p"], robust["mann_kendall_p"]
    if quasi is None and kendall is None:
        return "untested"
    if quasi is not None and quasi < alpha:
        return "kendall"
    return "quasi" if kendall is not None and kendall < alpha else "both"
