"""What was tested and how strong the evidence is, for the block "How we know".

Each function takes the findings (``awsd-geo/findings/1``) and the page's language, and gives sentences; none where
there is nothing to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from awsd_geo.report.wording import Wording


def tests(findings: dict[str, Any], say: Wording) -> list[str]:
    """Name every test, whether it is exact, and the family it is corrected in."""
    named = [_test(test, say) for test in findings["provenance"]["tests"]]
    return [say.parted(named) + "."] if named else []


def _test(test: dict[str, Any], say: Wording) -> str:
    question, name, how = say.translated(test["question"]), say.translated(test["name"]), how_made(test, say)
    if test["correction"] is None:
        return say.say("how.test", question=question, name=name, how=how)
    size, correction = say.number(test["family_size"] or 0), say.translated(test["correction"])
    return say.say("how.test_family", question=question, name=name, how=how, correction=correction, size=size)


def how_made(test: dict[str, Any], say: Wording) -> str:
    """Say whether a test is exact, or how many random draws it makes."""
    if test["replicates"]:
        return say.say("how.replicates", n=say.number(test["replicates"]))
    return str(say.get("how.exact" if test["exact"] else "how.not_exact"))


def p_values(findings: dict[str, Any], say: Wording) -> list[str]:
    """Write the p-values that the page shortens, in full."""
    trend, parts, sentences = findings["trend"], [], []
    if findings["epicentre"]["p_value"] is not None:
        parts.append(say.say("how.p_place", p=say.exact(findings["epicentre"]["p_value"])))
        parts += _lead(findings["epicentre"], say)
    if trend["p_value"] is not None:
        robust = trend["robust"]
        tail = {"quasi": say.exact(robust["quasi_poisson_p"]), "kendall": say.exact(robust["mann_kendall_p"])}
        df = say.get("dash") if robust["quasi_poisson_df"] is None else robust["quasi_poisson_df"]
        parts.append(say.say("how.p_trend", p=say.exact(trend["p_value"]), df=df, **tail))
        if robust["dispersion"] is not None:
            sentences.append(say.say("how.dispersion", value=say.factor(robust["dispersion"])))
    return [say.parted(parts) + ".", *sentences] if parts else []


def _lead(centre: dict[str, Any], say: Wording) -> list[str]:
    if centre["lead_p_value"] is None or centre["runner_up"] is None or centre["tied"]:
        return []
    values = {"place": centre["name"], "runner_up": centre["runner_up"]}
    return [say.say("how.p_lead", p=say.exact(centre["lead_p_value"]), **values)]


def spread(findings: dict[str, Any], say: Wording) -> list[str]:
    """Give the indices of concentration and Moran's I, or why they are undefined."""
    spread, moran = findings["concentration"], findings["autocorrelation"]
    sentences = []
    if spread["gini"] is not None and spread["hhi"] is not None:
        values = {"gini": say.factor(spread["gini"]), "hhi": say.factor(spread["hhi"])}
        sentences.append(say.say("how.concentration_text", **values))
    if moran["moran_i"] is not None:
        numbers = {"value": say.factor(moran["moran_i"]), "expected": say.factor(moran["expected"])}
        sentences.append(say.say("how.moran", p=say.p(moran["p_value"]), **numbers))
        if moran["descriptive"]:
            sentences.append(say.say("how.moran_descriptive", n=say.number(moran["units"])))
    if findings["provenance"]["weights"] and (sentences or not findings["local_statistics"]["reason"]):
        sentences.append(say.say("how.weights", weights=say.translated(findings["provenance"]["weights"])))
    return sentences


def missed(findings: dict[str, Any], say: Wording) -> list[str]:
    """Say the smallest yearly factor that the data could have shown."""
    trend = findings["trend"]
    if trend["smallest_detectable"] is None or trend["power"] is None:
        reason = trend["reason"] if trend["verdict"] in {"undefined", "suppressed"} else None
        return [say.say("how.missed_none", reason=say.translated(reason)) if reason else say.get("how.missed_all")]
    rest = say.share(1 - trend["power"])
    return [say.say("how.missed_text", factor=say.factor(trend["smallest_detectable"]), rest=rest)]


def denominators(findings: dict[str, Any], say: Wording) -> list[str]:
    """Name the source of each denominator."""
    given = findings["epicentre"]["by_denominator"]
    sentences = []
    for key in ("population", "area", "given"):
        if key in given and given[key]["source"]:
            source = say.translated(given[key]["source"])
            sentences.append(say.say("how.denominator", by=say.get(f"risk.source.{key}"), source=source) + ".")
            sentences += say.own(given[key], "note")
    return sentences


def repeat(findings: dict[str, Any], say: Wording) -> list[str]:
    """Give what is needed to make the same numbers again."""
    given = findings["provenance"]
    versions = ", ".join(f"{name} {version}" for name, version in given["versions"].items())
    return [say.say("how.repeat_text", seed=given["seed"], versions=versions)]
