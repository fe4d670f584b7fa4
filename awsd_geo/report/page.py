"""The alert page: findings in, one self-contained HTML page out, in English or French."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from awsd_geo.errors import InputError, RequestError
from awsd_geo.incidents.conditions import parse_date
from awsd_geo.maps.page import assemble
from awsd_geo.maps.style import accent_rules
from awsd_geo.report import gathering, views
from awsd_geo.report.chart import FEW_YEARS, yearly_chart
from awsd_geo.report.context import context_markup
from awsd_geo.report.figures import figures
from awsd_geo.report.lede import headline, lede
from awsd_geo.report.lede_when import years_left_out
from awsd_geo.report.paper import how_on_paper
from awsd_geo.report.provenance import footnotes, how_we_know, sources
from awsd_geo.report.wording import Wording

if TYPE_CHECKING:
    import datetime as dt

    import jinja2

    from awsd_geo.maps.fragment import Fragment

SCHEMA = "awsd-geo/findings/1"
FEW_UNITS = 12  # with a table of so many rows a sheet has room for a larger map


def alert_page(
    findings: dict[str, Any],
    *,
    lang: str = "en",
    map_fragment: Fragment | None = None,
    context: str | None = None,
    issued: str | dt.date | None = None,
) -> str:
    """Write the Signal Alert page from the findings alone.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1`` (``docs/findings.md``). Every number on the page comes from it.
    lang : {"en", "fr"}, default "en"
        Language of the page.
    map_fragment : Fragment, optional
        The map, of :meth:`awsd_geo.maps.RegionMap.fragment`, in the same language. Without it the page has no map.
    context : str, optional
        The analyst's own words, Markdown, as for :func:`awsd_geo.report.context.context_markup`. The page invents no
        causes: without a text the place for it says whose it is, and is left out of the printed page.
    issued : str or date, optional
        Date of issue; without it the page says that it is a draft (the example's page says nothing).

    Returns
    -------
    str
        A whole HTML document that makes no request, the same for the same findings.

    Raises
    ------
    InputError
        If the findings are not of this contract.
    RequestError
        If there is no such language, or the date of issue is none or before the date that the data reach.
    """
    if findings.get("schema") != SCHEMA:
        raise InputError(
            f"These findings follow {findings.get('schema')!r}, not {SCHEMA!r}. Make them again with this version."
        )
    say = Wording(lang)
    view = _view(findings, say, map_fragment, context)
    body = _template().render(**view, strip=_strip(findings, say, parse_date(issued)))
    return assemble(
        title=f"{headline(findings, say)} · {say.get('product')}",
        lang=lang,
        head_css=[*(map_fragment.css if map_fragment else ()), accent_rules() + _stylesheet()],
        body=body,
        scripts=map_fragment.scripts if map_fragment else (),
    )


def _view(findings: dict[str, Any], say: Wording, fragment: Fragment | None, context: str | None) -> dict[str, Any]:
    from markupsafe import Markup

    under_the_map = sources(findings, say) if fragment else []  # printed once only
    return {
        "words": say.strings,
        "status": findings["status"],
        "headline": headline(findings, say),
        "lede": lede(findings, say),
        "cautions": _cautions(findings, say),
        "figures": figures(findings, say),
        "chart": Markup(yearly_chart(findings, say)),  # noqa: S704 - every text in it is escaped by chart.py
        "chart_caption": _chart_caption(findings, say),
        "change": gathering.change(findings, say),
        "map": Markup(fragment.body) if fragment else "",  # noqa: S704 - escaped by maps.markup
        "roomy": len(findings["by_region"]) <= FEW_UNITS and not context,
        "table": views.table(findings, say),
        "risk": views.risk(findings, say),
        "context": Markup(context_markup(context or "")),  # noqa: S704 - markup of context.py alone, texts escaped
        "how": how_we_know(findings, say),
        "paper": how_on_paper(findings, say),
        "footnotes": [(note, note in under_the_map) for note in footnotes(findings, say)],
        "notice": findings["provenance"]["boundaries"]["notice"],
        "generated": say.say("foot.generated", version=findings["provenance"]["versions"]["awsd_geo"]),
    }


def _strip(findings: dict[str, Any], say: Wording, issued: dt.date | None) -> list[tuple[str, str]]:
    subject = say.get(f"kind.{findings['kind']}.name")
    cells = [
        ("country", findings["country_name"][say.lang]),
        ("period", say.period(findings["years"])),
        ("kind", f"{subject} ({findings['means']})" if findings["means"] else subject),
        ("boundaries", say.say("strip.frame", vintage=say.frame(findings["vintage"]))),
    ]
    if findings["as_of"] is None:
        cells.append(("data_to", say.date(findings["data_to"])))
    else:
        cells.append(("as_of", say.date(findings["data_to"])))  # what is known of the date asked for
    if issued is not None or findings["status"] != "example":
        cells.append(("issued", _issued(findings, say, issued)))
    audience = findings.get("disclosure", {}).get("audience", "public")
    cells.append(("audience", say.get(f"audience.{audience}")))
    return [(say.get(f"strip.{key}"), value) for key, value in cells]


def _issued(findings: dict[str, Any], say: Wording, day: dt.date | None) -> str:
    if day is None:
        return str(say.get("strip.draft"))
    if day.isoformat() < findings["data_to"]:
        raise RequestError(
            f"The data reach {findings['data_to']}: the alert cannot be issued on {day}. Give a later day."
        )
    return say.date(day.isoformat())


def _cautions(findings: dict[str, Any], say: Wording) -> list[str]:
    cautions = []
    for key in ("provisional", "partial"):
        if years := findings[f"years_{key}"]:
            form = "one" if len(years) == 1 else "other"
            cautions.append(say.say(f"{key}.{form}", years=say.listed(map(str, years))))
    boundaries = findings["provenance"]["boundaries"]
    if boundaries["approximate"]:
        cautions.append(say.say("approximate.short", vintage=say.frame(boundaries["vintage"])))
    return cautions


def _chart_caption(findings: dict[str, Any], say: Wording) -> str:
    years = findings["by_year_detail"]
    if findings["victims"] is None or len(years) > FEW_YEARS:
        caption = str(say.get("chart.caption_short"))
    else:
        victims = say.get(f"kind.{findings['kind']}.victims").lower()
        caption = say.say("chart.caption", victims=victims)
    if any(year["provisional"] for year in years):
        caption += " " + say.get("chart.hatched")
    if any(year["incidents"] is None for year in years):
        caption += " " + say.say("suppressed.caption", mark=say.get("chart.hidden"))
    if any(year["partial"] for year in years):
        caption += " " + say.get("chart.starred")
    if years_left_out(findings):
        caption += " " + say.say("chart.trend_years", period=say.period(findings["trend"]["years"]))
    return caption


@cache
def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=False)
    return environment.from_string(_read("alert.html.jinja"))


def _stylesheet() -> str:
    return _read("alert.css")


def _read(name: str) -> str:
    return files("awsd_geo.report").joinpath("templates", name).read_text(encoding="utf-8")
