"""What the page says first: a headline of at most ten words, and two or three sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.report.lede_when import when

if TYPE_CHECKING:
    from awsd_geo.report.wording import Wording

MOST_WORDS = 10
MOST_TIED = 3
FEWEST_INCIDENTS = 5  # a place with fewer is not held up as having a higher rate
_KIND_OF_LEVEL = ("country", "region", "cercle", "commune")


def unit_kind(findings: dict[str, Any]) -> str:
    """Name the kind of unit that "6 of 10" counts: the commonest; a district only where there is nothing else."""
    kinds = [unit["kind"] for unit in findings["by_region"]]
    counted = [kind for kind in kinds if kind != "district"] or kinds
    return str(max(sorted(set(counted)), key=counted.count)) if counted else _KIND_OF_LEVEL[findings["level"]]


def apart_kind(findings: dict[str, Any]) -> str:
    """Name the kind of the units that are counted apart from the others: Bamako, a district, beside ten regions."""
    apart = {unit["kind"] for unit in findings["by_region"]} - {unit_kind(findings)}
    return str(apart.pop()) if len(apart) == 1 else "unit" if apart else "district"


def epicentre_stands(findings: dict[str, Any]) -> bool:
    """Say whether the rule "epicentre" fired: the largest share is more than chance after the correction."""
    return any(signal["rule"] == "epicentre" for signal in findings["signals"])


def epicentre_leads(findings: dict[str, Any]) -> bool:
    """Say whether the first unit has the largest share by more than chance, rather than the runner-up."""
    p = findings["epicentre"]["lead_p_value"]
    return p is not None and p < findings["alpha"]


def suppresses(findings: dict[str, Any]) -> bool:
    """Say whether small numbers are suppressed, so that what is None may be hidden rather than undefined."""
    return bool(findings.get("disclosure", {}).get("hidden"))


def headline(findings: dict[str, Any], say: Wording) -> str:
    """Make the headline from the verdicts alone.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    str
        At most ten words, unless one name alone is longer.
    """
    kind = findings["kind"]
    plural = say.get(f"kind.{kind}.plural")
    country = findings["country_name"][say.lang]
    values = {
        "country": country,
        "period": say.period(findings["years"]),
        "plural": plural,
        "uneven": say.get(f"kind.{kind}.uneven"),
        "Plural": plural[0].upper() + plural[1:],
        "place": findings["epicentre"]["name"],
        "unit": say.get(f"unit.{findings['epicentre']['kind'] or unit_kind(findings)}.column").lower(),
        "count": say.counted(f"kind.{kind}.incident", findings["incidents"]),
        "none": (none := say.get(f"kind.{kind}.incident.none")),
        "None": none[0].upper() + none[1:],
    }
    given: list[str] = say.get(f"headline.{_headline_key(findings)}")
    names = dict.fromkeys([country, dict(say.get("short_names")).get(country, country)])
    forms = [form.format(**values | {"country": name}) for form in given for name in names]
    return next((form for form in forms if count_words(form) <= MOST_WORDS), forms[-1])


def _headline_key(findings: dict[str, Any]) -> str:
    if findings["incidents"] == 0:
        return "none"
    verdict = str(findings["trend"]["verdict"]).replace(" ", "_")
    verdict = "undefined" if verdict == "suppressed" else verdict
    if epicentre_stands(findings):
        return f"{verdict}_place" if epicentre_leads(findings) else f"{verdict}_uneven"
    if verdict == "undefined" and suppresses(findings):
        return "suppressed"
    return "few" if verdict == "undefined" and findings["epicentre"]["p_value"] is None else verdict


def count_words(text: str) -> int:
    """Count words; a lone punctuation mark, as before a French colon, is none."""
    return sum(any(sign.isalnum() for sign in part) for part in text.split())


def lede(findings: dict[str, Any], say: Wording) -> list[str]:
    """Make the two or three sentences under the headline from computed numbers alone.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    say : Wording
        The page's language.

    Returns
    -------
    list of str
        How many and where; the epicentre with its interval and p-value; the trend with its verdict.
    """
    if findings["incidents"] == 0:
        return [_as_of(_nothing(findings, say), findings, say)]
    sentences = [_as_of(_how_many(findings, say), findings, say)]
    if _of(findings):
        sentences.append(_where(findings, say) + _per_resident(findings, say))
    sentences.append(when(findings, say))
    if suppresses(findings):
        sentences.append(say.say("suppressed.lede", below=findings["disclosure"]["suppress_below"]))
    return sentences


def _of(findings: dict[str, Any]) -> int:
    """Give what shares are of: the placed incidents, or all where the number of these is suppressed."""
    return int(findings["incidents"] if findings["located"] is None else findings["located"])


def _as_of(sentence: str, findings: dict[str, Any], say: Wording) -> str:
    if findings["as_of"] is None:
        return sentence
    inner = sentence[0].lower() + sentence[1:]
    return say.say("lede.as_of", date=say.date(findings["data_to"]), sentence=inner)


def _nothing(findings: dict[str, Any], say: Wording) -> str:
    incidents = say.get(f"kind.{findings['kind']}.incident.none")
    return say.say("lede.none", span=say.span(findings["years"]), incidents=incidents)


def _how_many(findings: dict[str, Any], say: Wording) -> str:
    kind, victims = findings["kind"], ""
    if findings["victims"] is not None:
        counted = say.counted(f"kind.{kind}.victim", findings["victims"])
        victims = say.say("lede.victims", victims=counted)
    return say.counted(
        "lede.count",
        findings["incidents"],
        span=say.span(findings["years"]),
        incidents=say.counted(f"kind.{kind}.incident", findings["incidents"]),
        victims=victims,
        places=places(findings, say),
    )


def places(findings: dict[str, Any], say: Wording) -> str:
    """Say in how many regions, and apart from them in how many districts or other units beside them."""
    if findings["located"] == 0:
        return str(say.get("lede.nowhere"))
    units = findings["regions"]
    total = say.number(units["total"])
    regions = say.counted(f"unit.{unit_kind(findings)}.of", units["with_incidents"], total=total)
    if not units["districts_with_incidents"]:
        return say.say("lede.places", regions=regions)
    districts = say.counted(f"unit.{apart_kind(findings)}", units["districts_with_incidents"])
    return say.say("lede.places_and", regions=regions, districts=districts)


def _where(findings: dict[str, Any], say: Wording) -> str:
    centre, located = findings["epicentre"], _of(findings)
    if centre["incidents"] is None:
        return say.say("suppressed.leader", reason=say.translated(centre["reason"]))
    verdict = _chance(findings, say)
    values = {"k": say.number(centre["incidents"]), "located": say.number(located), "verdict": verdict}
    if len(centre["tied"]) >= MOST_TIED:
        return say.say("lede.tied_many", n=say.number(1 + len(centre["tied"])), **values)
    if centre["tied"]:
        return say.say("lede.tied", places=say.listed([centre["name"], *centre["tied"]]), **values)
    key = "place" if centre["incidents"] < located else "place_all" if located > 1 else "place_only"
    key += "_located" if findings["unlocated"] else ""
    return say.say(
        f"lede.{key}",
        place=centre["name"],
        share=say.share(centre["share"]),
        interval=say.interval(centre["share_ci"]),
        **values,
    )


def _chance(findings: dict[str, Any], say: Wording) -> str:
    centre = findings["epicentre"]
    p = centre["p_value"]
    if p is None:
        return say.say("lede.untested", reason=say.translated(centre["reason"]))
    if p >= findings["alpha"]:
        return say.say("lede.not_more", p=say.p(p))
    return say.say("lede.more", p=say.p(p)) + _but(findings, say)


def _but(findings: dict[str, Any], say: Wording) -> str:
    """Say what keeps a share that is more than chance from the headline, if something does."""
    centre = findings["epicentre"]
    if centre["tied"]:
        return ""
    if not epicentre_stands(findings):
        return str(say.get("lede.more_uncorrected"))
    if epicentre_leads(findings) or centre["lead_p_value"] is None:
        return ""
    key = "lede.lead" if centre["runner_up"] else "lede.lead_alone"
    return say.say(key, runner_up=centre["runner_up"], p=say.p(centre["lead_p_value"]))


def _per_resident(findings: dict[str, Any], say: Wording) -> str:
    other = findings["epicentre"]["by_denominator"]["population"]
    if not epicentre_stands(findings) or other["p_value"] is None:
        return ""
    if other["p_value"] >= findings["alpha"]:
        return say.say("lede.per_resident_unclear", p=say.p(other["p_value"]))
    if other["region_id"] == findings["epicentre"]["region_id"]:
        return _exceeded(other, say)
    return say.say("lede.per_resident", place=other["name"], p=say.p(other["p_value"]))


def _exceeded(other: dict[str, Any], say: Wording) -> str:
    """Say that another place has more incidents per resident, unless it has so few that the rate says nothing."""
    if other["epicentre_rank"] in (None, 1) or (other["highest_incidents"] or 0) < FEWEST_INCIDENTS:
        return ""
    incidents = say.counted("incidents", other["highest_incidents"])
    return say.say("lede.per_resident_higher", place=other["highest_name"], incidents=incidents)
