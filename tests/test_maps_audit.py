"""Looking at saved pages again: ours pass; each thing that may be wrong is named."""

import re

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.maps import MapText, change_layer, count_change_layer, incidents_layer, points_layer, region_map
from awsd_geo.maps.audit import audit
from awsd_geo.maps.page import assemble


@pytest.fixture
def page(tmp_path):
    def write(text: str):
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        return path

    return write


GOOD = assemble(title="T", lang="en", head_css=["p{color:red}"], body="<p>x</p>", scripts=["let a = 1;"])


def test_the_alert_and_its_map_pass(tmp_path):
    ag.alert(ag.example(), country="MLI").save(tmp_path)
    for name in ("alert.html", "map.html"):
        found = audit(tmp_path / name)
        assert found.problems == ()
        assert found.scripts > 0
        assert "No request, no event handler" in found.summary()
        assert found.summary().endswith("no column of single incidents in the page's data or over its tables.")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("let a = 1;", "let a = 2;"), "The hash of script 1 is not in the policy"),
        (("p{color:red}", "p{color:blue}"), "The hash of style 1 is not in the policy"),
        (("default-src 'none'", "default-src 'self'"), "does not begin from default-src 'none'"),
        (("script-src ", "script-src 'unsafe-inline' "), "The policy allows unsafe-inline for script-src."),
        (("img-src data:", "img-src https:"), "The policy allows https: for img-src."),
        (("img-src data:", "img-src data: blob:"), "The policy allows blob: for img-src."),
        (("img-src data:", "connect-src *; img-src data:"), "The policy allows * for connect-src."),
        (("script-src ", "script-src 'self' "), "The policy allows self for script-src."),
        (("; base-uri 'none'", ""), "The policy leaves base-uri open"),
        (("<p>x</p>", '<p onclick="x()">x</p>'), "<p> has the event handler onclick."),
        (("<p>x</p>", '<p style="color:red">x</p>'), "<p> has a style attribute"),
        (("<p>x</p>", '<img src="https://example.org/x.png">'), "<img> has src='https://example.org/x.png'"),
        (("<p>x</p>", '<a href=" javascript:x()">x</a>'), "which can run something"),
        (("<p>x</p>", '<link rel="stylesheet" href="x.css">'), "<link> stands in the page"),
        (("<p>x</p>", '<meta http-equiv="refresh" content="0;url=x">'), "meta refresh"),
        (("<p>x</p>", '<script type="application/json">{"a":[{"Details":1}]}</script>'), "the column details"),
        (
            ("<p>x</p>", "<table><tr><th>Region<th> Actor\n<b>Name</b><td>x</table>"),
            "A table of the page has the column actor",
        ),
        (("<p>x</p>", '<script type="application/json">{a}</script>'), "The data of the page are not JSON."),
    ],
)
def test_each_thing_that_may_be_wrong_is_named(page, change, problem):
    assert change[0] in GOOD
    assert audit(page(GOOD), other_version=True).problems == ()
    found = audit(page(GOOD.replace(*change)), other_version=True)  # of another version are its script and its style
    assert len(found.problems) == 1
    assert problem in found.problems[0]


def test_a_page_without_a_policy_is_named(page):
    found = audit(page(re.sub(r"<meta http-equiv=.*?>\n", "", GOOD)), other_version=True)
    assert found.problems == ("The page has no Content-Security-Policy.",)


def test_a_page_as_folium_saves_it_does_not_pass(page, tmp_path):
    import folium

    folium.Map([17, -4]).save(tmp_path / "page.html")
    problems = audit(tmp_path / "page.html").problems
    assert any("Content-Security-Policy" in text for text in problems)
    assert sum("would be loaded" in text or "<link>" in text for text in problems) > 1


def test_a_page_with_places_of_incidents_does_not_pass(page, toy_regions):
    regions = toy_regions("A", "B")
    places = pd.DataFrame({"latitude": [0.5], "longitude": [0.5]})
    layer = points_layer(places, pd.Series([1, 0], regions.index, name="incidents"), audience="internal")
    path = region_map(regions, [layer], text=MapText("T")).save(page(""))
    assert audit(path).problems == ("The page shows places of single incidents; it is for internal use only.",)


def test_a_map_with_every_public_layer_passes(page, toy_regions):
    regions = toy_regions("A", "B", "C")
    index = pd.MultiIndex.from_product([regions.index, [2020, 2021]], names=["region_id", "year"])
    counts = pd.Series([1, 9, 2, 2, 0, 3], index, name="incidents")
    layers = [incidents_layer(counts), change_layer(counts, 2021), count_change_layer(counts, 2021)]
    assert audit(region_map(regions, layers, text=MapText("T")).save(page(""))).problems == ()


@pytest.mark.parametrize(("name", "message"), [("no.html", "Cannot read"), ("text.html", "is no HTML page")])
def test_what_is_no_page_is_refused(tmp_path, name, message):
    (tmp_path / "text.html").write_text("hello", encoding="utf-8")
    with pytest.raises(ag.InputError, match=message):
        audit(tmp_path / name)
