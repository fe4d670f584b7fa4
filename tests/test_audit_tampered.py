"""Pages of ours that someone has changed: the audit and its command fail on each."""

import json
import re

import pytest
from typer.testing import CliRunner

import awsd_geo as ag
from awsd_geo.maps.audit import audit
from awsd_geo.maps.page import digest


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("pages")
    ag.alert(ag.example(), country="MLI", years=(2017, 2022)).save(path)
    return path


@pytest.fixture(params=["alert.html", "map.html"])
def ours(folder, request) -> str:
    return (folder / request.param).read_bytes().decode("utf-8")


POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="[^"]*">')


def _add(part: str):
    return lambda page: page.replace("</body>", part + "</body>")


def _put(old: str, new: str):
    return lambda page: page.replace(old, new, 1)


def _move(before: str, after: str):
    """Put the policy between two texts, away from where it stands."""

    def tamper(page: str) -> str:
        policy = POLICY.search(page)[0]
        return page.replace(policy, "").replace("</title>", f"</title>{before}{policy}{after}", 1)

    return tamper


def _data(**more):
    """Add to the data of the map."""
    text = json.dumps(more)[1:-1]
    return lambda page: re.sub(r'(<script type="application/json"[^>]*>\{)', lambda found: f"{found[0]}{text},", page)


def _style(source: str):
    """Add a style, and its hash to the policy."""
    return lambda page: page.replace("style-src ", f"style-src {_quoted(source)} ", 1).replace(
        "</head>", f"<style>{source}</style></head>", 1
    )


def _quoted(source: str) -> str:
    return "'" + digest(source).strip("'") + "'"


TAMPERED = {
    "a picture from elsewhere": (_add('<img src="https://example.org/a.png">'), "would be loaded"),
    "a script from elsewhere": (_add('<script src="https://example.org/a.js"></script>'), "would be loaded"),
    "a changed script": (_put("<script>", "<script>fetch('https://example.org');"), "The hash of script"),
    "another script": (_add("<script>stolen()</script>"), "The hash of script"),
    "a changed style": (_put("<style>", "<style>body{display:none}"), "The hash of style"),
    "no policy": (lambda page: POLICY.sub("", page), "has no Content-Security-Policy"),
    "a policy that only reports": (_put("-Policy", "-Policy-Report-Only"), "has no Content-Security-Policy"),
    "a policy in a comment": (_move("<!--", "-->"), "has no Content-Security-Policy"),
    "a policy at the end": (_move("", ""), "does not stand first"),
    "a policy in a template": (_move("<template>", "</template>"), "does not stand first"),
    "a policy given twice": (_put(' content="', ' content="" content="'), "does not begin from default-src"),
    "a lax policy": (_put("script-src ", "script-src 'unsafe-inline' "), "allows unsafe-inline for script-src"),
    "a policy that lets data out": (_put("img-src", "connect-src https:; img-src"), "allows https: for connect-src"),
    "an event handler": (_put("<body", '<body onload="stolen()"'), "has the event handler onload"),
    "an event handler in capitals": (_add("<p ONCLICK=stolen()>x</p>"), "has the event handler onclick"),
    "a link that runs": (_add('<a href="javascript:stolen()">x</a>'), "which can run something"),
    "a link that runs past control characters": (_add('<a href="\x01java\tscript:x()">x</a>'), "can run something"),
    "a link that is changed": (_add('<svg><a><set attributeName="href" to="x"/></a></svg>'), "changes 'href'"),
    "a picture in a drawing": (_add('<svg><image href="https://example.org/a.png"/></svg>'), "would be loaded"),
    "a style that loads": (_style("@import 'https://example.org/a.css';"), "would load something"),
    "a background that loads": (_style("p{background:url(//example.org/a.png)}"), "would load something"),
    "a form": (_add('<form action="https://example.org"></form>'), "would be loaded"),
    "a frame": (_add('<iframe srcdoc="x"></iframe>'), "<iframe> stands in the page"),
    "another base": (_put("<title>", '<base href="https://example.org/"><title>'), "<base> stands in the page"),
    "sent elsewhere": (_add('<meta http-equiv="refresh" content="0;url=https://example.org">'), "meta refresh"),
    "fetched ahead": (_put("<title>", '<link rel="dns-prefetch" href="//x.org"><title>'), "<link> stands in the page"),
    "details in the data": (_data(details=["Three staff were stopped"]), "have the column details"),
    "actors in the data": (_data(rows=[{"Actor name": "x"}]), "have the column actor_name"),
    "headings in the data": (_data(extra=["Détails", "Latitude"]), "have the column details"),
    "points in the data": (_data(rows=[{"Latitude": 14.35, "Longitude": -3.61}]), "have the column latitude"),
    "days in a table": (_add("<table><tr><th>Day</th></tr><tr><td>4</td></tr></table>"), "the column day"),
    "actors in a table": (_add("<table><tr><th>Actor name</th></tr></table>"), "the column actor_name"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_a_tampered_page_fails(case, ours, tmp_path):
    tamper, problem = TAMPERED[case]
    path, changed = tmp_path / "page.html", tamper(ours)
    assert changed != ours
    path.write_bytes(ours.encode("utf-8"))
    assert audit(path).problems == ()
    path.write_bytes(changed.encode("utf-8"))
    problems = audit(path).problems
    assert any(problem in text for text in problems), problems


@pytest.mark.parametrize("case", ["a picture from elsewhere", "a changed script", "no policy", "details in the data"])
def test_the_command_fails_on_a_tampered_page_and_names_why(case, folder, tmp_path):
    from awsd_geo.cli import app

    tamper, problem = TAMPERED[case]
    page = (folder / "alert.html").read_bytes().decode("utf-8")
    (tmp_path / "page.html").write_bytes(tamper(page).encode("utf-8"))
    found = CliRunner().invoke(app, ["audit", str(tmp_path / "page.html")])
    assert isinstance(found.exception, ag.InputError)
    assert problem in str(found.exception)
    good = CliRunner().invoke(app, ["audit", str(folder / "alert.html")])
    assert good.exit_code == 0
