"""Pages of ours that someone has changed: the audit and its command fail on each."""

import json
import re

import pytest
from typer.testing import CliRunner

import awsd_geo as ag
from awsd_geo.maps.audit import audit
from awsd_geo.maps.page import digest, payload


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


def _allow(tamper):
    """Change a page, then give the policy the hashes of all its scripts and styles: a browser runs it all."""

    def change(page: str) -> str:
        page = tamper(page)
        for kind in ("script", "style"):
            parts = re.findall(rf"(?s)<{kind}(?: type=\"(?:module|importmap)\")?>(.*?)</{kind}>", page)
            hashes = " ".join(_quoted(part) for part in parts)
            page = re.sub(rf"{kind}-src [^;]*;", lambda _, k=kind, h=hashes: f"{k}-src {h};", page, count=1)
        return page

    return change


def _layer(**more):
    """Change the first layer of the map."""

    def change(data):
        data["layers"][0].update(more)

    return _map(change)


def _map(change):
    """Change the data of the map in place."""

    def tamper(page: str) -> str:
        found = re.search(r'(<script type="application/json"[^>]*>)(.*?)</script>', page)
        data = json.loads(found[2])
        change(data)
        return page.replace(found[2], payload(data))

    return tamper


PLACES = [[14.3512, -3.6123], [14.4843, -4.1829], [16.2717, -0.0447]]
FLAT = [degrees for place in PLACES for degrees in place]
STRANGE = "awsd_geo does not write"
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
    "a changed script that the policy allows": (
        _allow(_put("<script>", "<script>steal();")),
        f"(script 1) that {STRANGE}",
    ),
    "a changed map script that the policy allows": (
        _allow(_put("awsdGeoMap(map_", "steal();awsdGeoMap(map_")),
        STRANGE,
    ),
    "a map script of another option": (_allow(_put("zoomControl: false", "zoomControl: steal()")), STRANGE),
    "another script that the policy allows": (_allow(_add("<script>steal()</script>")), f"(script 4) that {STRANGE}"),
    "a module that the policy allows": (_allow(_add('<script type="module">steal()</script>')), STRANGE),
    "a map of imports": (_allow(_add('<script type="importmap">{"imports":{}}</script>')), STRANGE),
    "a changed style that the policy allows": (_allow(_put("<style>", "<style>.caution{display:none}")), STRANGE),
    "a style that says something": (_allow(_put("</head>", '<style>p::after{content:"57"}</style></head>')), STRANGE),
    "a script allowed for later": (
        _put("script-src ", f"script-src {_quoted('steal()')} "),
        "allows a script that does",
    ),
    "a background that loads, in escapes": (_style("p{background:\\75 r\\6c(//x.org/a.png)}"), "would load something"),
    "a drawing as background": (_style("p{background:url(data:image/svg+xml,<svg/>)}"), "would load something"),
    "a drawing as picture": (_add('<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="x">'), "would be loaded"),
    "a drawing as picture, hidden": (_add('<img src="data:image/png,<svg onload=x()>" alt="x">'), "would be loaded"),
    "a part of a drawing from elsewhere": (
        _add('<svg><use href="data:image/svg+xml,x#x"/></svg>'),
        "can run something",
    ),
    "a link to elsewhere": (
        _add('<a href="https://example.org/?x">x</a>'),
        f"links to 'https://example.org/?x': {STRANGE[:8]}",
    ),
    "a link that keeps the scheme": (_add('<a href="//example.org">x</a>'), "links to '//example.org'"),
    "a comment": (_add("<!-- Three staff of the agency -->"), "has a comment"),
    "a picture behind a comment that a browser closes": (_add("<!--><img src=x onerror=x()>-->"), "has a comment"),
    "a picture behind a section of XML": (_add("<![CDATA[><img src=x onerror=x()>]]>"), "has a comment"),
    "a picture behind an instruction": (_add("<?x ><img src=x onerror=x()>?>"), "has a comment"),
    "a picture behind a style in the title": (
        _put("<title>", "<title><style></title><img src=x></style>"),
        "in different ways",
    ),
    "a picture behind a style for no scripts": (
        _add("<noscript><style></noscript><img src=x onerror=x()></style></noscript>"),
        "in different ways",
    ),
    "a picture behind a field of text": (_add('<textarea><p title="</textarea><img src=x>">'), "<textarea> stands"),
    "an event handler behind a slash": (_add("<p/onclick=x()>x</p>"), "in different ways"),
    "an event handler behind a quote": (_add("<p title='a'onclick=x()>x</p>"), "in different ways"),
    "an attribute given twice": (_add('<p class="a" class="b">x</p>'), "in different ways"),
    "another encoding": (_put('charset="utf-8"', 'charset="iso-2022-jp"'), "another encoding than UTF-8"),
    "another encoding as of old": (
        _add('<meta http-equiv="content-type" content="text/html; charset=utf-7">'),
        "another encoding than UTF-8",
    ),
    "a shadow tree": (_add('<template shadowrootmode="open"><p>x</p></template>'), "<template> stands"),
    "rows in an attribute": (_add('<p data-rows="Gao, 4 May">x</p>'), f"the attribute data-rows, which {STRANGE}"),
    "rows in the head": (_put("</head>", '<meta name="description" content="x"></head>'), f"a <meta> that {STRANGE}"),
    "degrees in words": (_add("<p>At 14.3512, -3.6123 on the road.</p>"), "may be where something happened"),
    "degrees in an attribute": (_add('<p title="14.3512° N, 3.6123° W">x</p>'), "may be where something happened"),
    "degrees in French": (_add("<p>Latitude 14,3512 ; longitude -3,6123</p>"), "may be where something happened"),
    "degrees in a fact": (
        _map(lambda data: data["regions"][0]["facts"].__setitem__(0, "14.3512 -3.6123")),
        "may be where something",
    ),
    "degrees by key": (_data(rows=[{"lat": 14.35, "lng": -3.61}]), "have lat, which holds places"),
    "a list of points": (_data(finest=PLACES), "have a list of points"),
    "a list of points as numbers": (_data(finest=FLAT), "are not those of a map"),
    "points in a known place": (_layer(values=PLACES), "are not those of a map"),
    "points as towns": (
        _map(lambda data: data["towns"].extend({"name": "", "at": place} for place in 5 * PLACES)),
        "main towns",
    ),
    "points as one town": (
        _map(lambda data: data["towns"][0].update(at=FLAT)),
        "more places than its regions",
    ),
    "points as lines": (_map(lambda data: data["arcs"].append("gkxBvkjB")), "lines that are of no outline"),
    "points of a layer": (_layer(points="gkxBvkjB"), "for internal use only"),
    "texts beside the facts": (
        _map(lambda data: data["regions"][0]["facts"].append("Three staff")),
        "more facts than its table",
    ),
    "texts as lines": (_map(lambda data: data["finer"].append("Three staff")), "a line that is none"),
    "data beside those of the map": (
        _add('<script type="application/json">{"x":"Three staff"}</script>'),
        "are not those of a map",
    ),
    "a tag in the data": (_put('"finding":"', '"finding":"<!--<script>'), "have an open <"),
    "an element with NUL in its name": (_add("<p\x00onclick=x()>x</p>"), "in different ways"),
    "an end tag without a name": (_add("</><p>x</p>"), "in different ways"),
    "an end tag of no script": (_add("</script>"), "in different ways"),
    "a sign that opens nothing": (_add("<1>"), "in different ways"),
    "an end tag with more in it": (_add("<p>x</p onclick=x()>"), "in different ways"),
    "plain text to the end": (_add("<plaintext>"), "in different ways"),
    "a colour from elsewhere": (_add('<svg><rect fill="url(https://example.org#a)"/></svg>'), "would be loaded"),
    "a colour from elsewhere, in escapes": (_add(r'<svg><rect fill="\75rl(//x.org#a)"/></svg>'), "would be loaded"),
    "who follows a link is told from where": (
        _put('name="referrer" content="no-referrer"', 'name="referrer" content="unsafe-url"'),
        "changes what a browser",
    ),
    "names looked up ahead": (
        _add('<meta http-equiv="x-dns-prefetch-control" content="on">'),
        "changes what a browser does",
    ),
    "a box for files": (_add('<input type="file">'), "<input> stands in the page"),
    "a hidden value": (_add('<input type="hidden" value="Three staff">'), "<input> stands in the page"),
    "rules of what to load ahead": (
        _allow(_add('<script type="speculationrules">{"prefetch":[{"urls":["https://x.org"]}]}</script>')),
        "The hash of",
    ),
    "details over a table as cells": (_add("<table><tr><td>Details</td></tr></table>"), "the column details"),
    "identifiers in a table": (_add("<table><tr><th>Incident ID</th></tr></table>"), "the column incident_id"),
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


# --- compared with a file -----------------------------------------------------------------------------------------

DETAILS = "Armed men stopped a convoy near the ferry and took two drivers with them"


@pytest.fixture
def incidents(toy_incidents):
    """Give three incidents, of which a page may say nothing but the number."""
    return toy_incidents(
        ids=[10412, 10413, 77], year=[2021, 2022, 2022], month=[3, 12, 7], day=[4, 31, None],
        details=[DETAILS, "Driver shot and wounded", "Robbery"], actor_name=["Katiba Serma", "IS", "Unknown"],
        latitude=[14.351234, 16.27, None], longitude=[-3.612345, -0.04, None],
        region=["Mopti", "Gao", "Gao"], city=["Konna", "Gao", None],
    )  # fmt: skip


LEAKS = {
    "a sentence": (_add("<p>It is said that armed men STOPPED a convoy, near the ferry!</p>"), "words of details"),
    "a sentence over elements": (
        _add("<p>stopped a <em>convoy</em></p><p>near the ferry and took two</p>"), "words of details"),
    "a sentence in a label": (_add(f'<p aria-label="{DETAILS}">x</p>'), "words of details"),
    "a sentence in the data": (
        _map(lambda data: data["regions"][0]["facts"].__setitem__(0, DETAILS)), "words of details"),
    "short details": (_add("<p>A driver, shot and wounded.</p><p>driver shot and wounded</p>"), "words of details"),
    "an actor": (_add("<p>By the katiba SERMA, it is said.</p>"), "1 actor name"),
    "an actor in the data": (_layer(description="Katiba Serma"), "1 actor name"),
    "a day": (_add("<p>On 4 March 2021.</p>"), "the day of the incidents in line 2"),
    "a day in figures": (_add("<p>2021-03-04</p>"), "the day"),
    "a day in French": (_add("<p>le 4 mars 2021</p>"), "the day"),
    "a day in short": (_add("<p>Mar 4, 2021; 04/03/2021</p>"), "the day"),
    "a point": (_add("<p>(14.3512 / -3.6123)</p>"), "the coordinates of the incidents in line 2"),
    "a point by its length first": (_add("<p>-3.61234, 14.35123</p>"), "the coordinates"),
    "an identifier": (_add("<p>Incident 10413.</p>"), "the ID of the incidents in line 3"),
}  # fmt: skip


@pytest.mark.parametrize("case", LEAKS)
def test_what_belongs_to_a_row_of_the_file_is_found(case, ours, incidents, tmp_path):
    tamper, problem = LEAKS[case]
    path, changed = tmp_path / "page.html", tamper(ours)
    assert changed != ours
    path.write_bytes(ours.encode("utf-8"))
    found = audit(path, against=incidents)
    assert found.problems == ()
    assert found.summary().splitlines()[-1] == (
        "Compared with 3 incidents: runs of 8 words of every text column, short details, actor names, dates with a "
        "day, coordinates, IDs from 1000. Not looked for: details of under 4 words (1); actor names that are short, "
        "words of our pages or places (1); IDs below 1000 (1)."
    )
    path.write_bytes(changed.encode("utf-8"))
    problems = audit(path, against=incidents).problems
    assert any(problem in text for text in problems), problems


@pytest.mark.parametrize(
    "said", ["Gao", "Mopti and Konna", "is", "In March 2021", "10,412 people", "Robbery", "14.3, -3.6"]
)
def test_words_that_anyone_may_say_are_no_leak(said, ours, incidents, tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(_add(f"<p>{said}</p>")(ours).encode("utf-8"))
    assert audit(path, against=incidents).problems == ()


def test_the_command_compares_with_a_file(folder, tmp_path):
    from awsd_geo.cli import app

    file = tmp_path / "file.csv"
    file.write_text(
        f"Incident ID,Year,Month,Day,Country Code,Country,Details\n10412,2021,3,4,ML,Mali,{DETAILS}\n", encoding="utf-8"
    )
    good = CliRunner().invoke(app, ["audit", str(folder / "alert.html"), "--against", str(file)])
    assert good.exit_code == 0
    assert "Compared with 1 incidents" in good.stdout
    page = tmp_path / "page.html"
    page.write_bytes(_add(f"<p>{DETAILS}</p>")((folder / "alert.html").read_text("utf-8")).encode("utf-8"))
    bad = CliRunner().invoke(app, ["audit", str(page), "--against", str(file)])
    assert "words of details of the incidents in line 2" in str(bad.exception)


def test_a_page_of_another_version_passes_only_where_that_is_allowed(ours, tmp_path):
    path = tmp_path / "page.html"
    older = _allow(_put("<script>", "<script>let older = 1;"))(ours)
    path.write_bytes(re.sub('content="awsd_geo [^"]*"', 'content="awsd_geo 0.0.1"', older).encode("utf-8"))
    found = audit(path)
    assert len(found.problems) == 1
    assert "It says that it was made by awsd_geo 0.0.1; its scripts are not known here." in found.problems[0]
    allowed = audit(path, other_version=True)
    assert allowed.problems == ()
    assert "Not known, and allowed as of another version: The page has a script (script 1)" in allowed.summary()
    path.write_bytes(older.encode("utf-8"))
    assert "Someone changed it." in audit(path).problems[0]


def test_a_page_that_is_padded_to_hide_its_end_is_refused(ours, tmp_path, monkeypatch):
    monkeypatch.setattr("awsd_geo.maps.audit._LARGEST", 1000)
    path = tmp_path / "page.html"
    path.write_bytes(ours.encode("utf-8"))
    with pytest.raises(ag.InputError, match="no page of awsd_geo has over 1,000"):
        audit(path)


@pytest.mark.realdata
@pytest.mark.parametrize("country", ["MLI", "AFG", "SYR", "PSE", "COD", "PHL"])
def test_pages_of_the_real_file_hold_nothing_of_its_rows(country, shared, tmp_path):
    incidents = ag.read_incidents(shared / "data/awsd/awsd_global_2025-08-26.csv")
    made = ag.alert(incidents, country=country, kind="any")
    for lang in ("en", "fr"):
        made.save(tmp_path, lang=lang)
        for name in ("alert.html", "map.html"):
            assert audit(tmp_path / name, against=incidents).problems == ()
