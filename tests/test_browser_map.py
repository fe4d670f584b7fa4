"""The map in headless Chromium with the network cut off, at the desk and on the phone.

The fixture ``visit`` fails a test whose page asked for anything, ran a dialog, or put an error on the console.
"""

import numpy as np
import pandas as pd
import pytest
from shapely import box

import awsd_geo
from awsd_geo import boundaries, exposure
from awsd_geo.language import words
from awsd_geo.maps import MapText, hotspot_layer, incidents_layer, rate_layer, region_map, share_layer

pytestmark = pytest.mark.browser

DESK, PHONE = (1280, 900), (390, 844)
HOSTILE = [
    "{{7*7}}</script><img src=x onerror=alert(1)>",
    "`${alert(1)}`",
    "\"'><svg/onload=alert(1)>",
    "{% raw %}{{ cycler.__init__ }}",
    "a\u2028b\u2029c",
    "<!--<script>",
    "__proto__",
    "]]>&lt;b&gt;&amp;",
    "\\u003cb\\u003e\\",
    "{#x#}${{}}",
]


def mali(lang="en", **options):
    regions = awsd_geo.load_regions("MLI", level=1, vintage="2016")
    counts = pd.DataFrame({"incidents": 0, "victims": 0}, index=regions.index)
    by_name = {name: key for key, name in regions["name"].items()}
    for name, incidents, victims in [("Mopti", 31, 78), ("Gao", 11, 20), ("Bamako", 1, 1)]:
        counts.loc[by_name[name]] = [incidents, victims]
    label = pd.Series("not significant", regions.index).where(regions["name"] != "Mopti", "hot")
    gi = pd.DataFrame({"label": label.where(regions["name"] != "Kidal", "undefined"), "value": 1.0, "p_value": 0.031})
    layers = [
        incidents_layer(counts, lang),
        share_layer(pd.DataFrame({"share": counts["incidents"] / 43}), lang),
        rate_layer(counts, exposure.denominator(regions, "population"), lang),
        hotspot_layer(gi, lang),
    ]
    around = {"neighbours": boundaries.neighbours("MLI"), "towns": boundaries.towns("MLI")}
    return region_map(regions, layers, text=MapText("Mali"), lang=lang, **around | options)


@pytest.fixture
def open_mali(visit, tmp_path):
    def open_map(lang="en", size=DESK, **options):
        page = visit(mali(lang).save(tmp_path / "map.html"), *size, **options)
        page.wait_for_selector("[data-ready=true]")
        return page

    return open_map


def active_label(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def tab_to(page, start):
    for _ in range(40):
        page.keyboard.press("Tab")
        if (active_label(page) or "").startswith(start):
            return
    raise AssertionError(f"Tab never reached {start}")


def choose(page, number):
    page.locator(".awsd-switch label").nth(number).click()


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_it_opens_without_a_network_and_without_sideways_scrolling(open_mali, lang, size):
    page = open_mali(lang, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.locator("path[role=button]").count() == 11


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_every_region_is_reached_by_tab_and_says_its_name_and_number(open_mali, size):
    page = open_mali(size=size)
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "button":
            reached.append(active_label(page))
    names = awsd_geo.load_regions("MLI", level=1, vintage="2016")["name"]
    assert {label.split(",")[0] for label in reached if "Incidents" in label} == set(names)
    assert "Mopti, Incidents: 31" in reached


@pytest.mark.parametrize(("lang", "close"), [("en", "Close"), ("fr", "Fermer")])
def test_enter_opens_the_numbers_and_escape_closes_them(open_mali, lang, close):
    page = open_mali(lang)
    tab_to(page, "Mopti")
    assert page.locator("path.awsd-focus").count() > 0, "the focus can be seen"
    page.keyboard.press("Enter")
    panel = page.locator(".awsd-panel")
    assert panel.locator("h3").inner_text().startswith("Mopti")
    shown = dict(zip(panel.locator("dt").all_inner_texts(), panel.locator("dd").all_inner_texts(), strict=True))
    incidents, share = words(lang)["map"]["incidents"], words(lang)["map"]["share"]
    assert shown[incidents["incidents"]] == "31"
    assert shown[incidents["victims"]] == "78"
    assert shown[share["title"]] == ("72.1%" if lang == "en" else "72,1\u202f%")
    assert panel.get_by_role("button", name=close).is_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("Escape")
    assert panel.locator("h3").count() == 0
    assert active_label(page).startswith("Mopti"), "the focus stays on the region"


def test_the_close_button_gives_the_focus_back(open_mali):
    page = open_mali()
    tab_to(page, "Gao")
    page.keyboard.press("Enter")
    page.locator(".awsd-close").focus()
    page.keyboard.press("Enter")
    assert page.locator(".awsd-panel h3").count() == 0
    assert active_label(page).startswith("Gao")


def test_the_legend_follows_the_layer_and_names_every_colour_in_the_map(open_mali):
    page = open_mali("fr")
    radios = page.locator(".awsd-switch input")
    radios.first.focus()
    for number, part in enumerate(["incidents", "share", "rate", "hotspot"]):
        if number:
            page.keyboard.press("ArrowRight")
        assert radios.nth(number).is_checked()
        assert page.locator(".awsd-legend h3").all_inner_texts() == [words("fr")["map"][part]["unit"]]
        keys = page.locator(".awsd-key").evaluate_all("keys => keys.map(key => getComputedStyle(key).backgroundColor)")
        fills = page.locator("path[role=button]").evaluate_all("all => all.map(path => getComputedStyle(path).fill)")
        assert {fill for fill in fills if not fill.startswith("url")} <= set(keys)
        hatched = [fill for fill in fills if fill.startswith("url")]
        assert len(hatched) == (1 if part == "hotspot" else 0)
        assert page.locator(".awsd-key-none").count() == len(hatched)
    assert "Gi* n’est donné ici qu’à titre descriptif" in page.locator(".awsd-legend").inner_text()
    assert page.locator("path[aria-label='Mopti, Points chauds: point chaud']").count() == 1


def test_bamako_is_ringed_labelled_and_answers_a_click(open_mali):
    for size in (DESK, PHONE):
        page = open_mali(size=size)
        rings = page.locator("path.awsd-ring:visible")
        assert rings.count() == 1
        rings.first.click()
        assert page.locator(".awsd-panel h3").inner_text().startswith("Bamako")
        assert page.locator(".awsd-label:visible", has_text="Bamako").count() == 1


def test_a_touch_opens_the_panel_over_the_page_and_leaves_the_map_in_view(open_mali):
    page = open_mali(size=PHONE, has_touch=True, is_mobile=True)
    page.locator(".awsd-label", has_text="Mopti").scroll_into_view_if_needed()
    place = page.locator(".awsd-label", has_text="Mopti").bounding_box()
    page.touchscreen.tap(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    assert page.locator(".awsd-panel h3").inner_text().startswith("Mopti")
    frame, panel = page.locator(".awsd-frame").bounding_box(), page.locator(".awsd-panel").bounding_box()
    assert frame["y"] >= 0
    assert frame["y"] + frame["height"] <= panel["y"] + 1


def test_hovering_names_the_region_and_its_value(open_mali):
    page = open_mali()
    choose(page, 1)
    page.locator("path[aria-label^='Taoudénit']").hover()
    assert page.locator(".awsd-tip").inner_text().split("\n") == ["Taoudénit", "Share of incidents: 0%"]
    page.mouse.move(5, 5)
    page.locator(".awsd-tip").wait_for(state="detached")


def test_zooming_in_and_back_to_the_whole_country_works(open_mali):
    page = open_mali()
    before = page.locator("path[aria-label^='Gao']").bounding_box()
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(500)
    assert page.locator("path[aria-label^='Gao']").bounding_box()["width"] > 1.2 * before["width"]
    page.get_by_role("button", name="Show the whole area").click()
    page.wait_for_timeout(300)
    assert page.locator("path[aria-label^='Gao']").bounding_box()["width"] == pytest.approx(before["width"], abs=2)


@pytest.mark.parametrize("size", [("0", "0"), ("20px", "300px"), ("300px", "20px")])
def test_a_map_too_small_to_show_anything_breaks_nothing_and_is_whole_again_later(open_mali, size):
    page = open_mali()
    scale = page.locator(".leaflet-control-scale-line").inner_text()
    squeeze = """([width, height]) => Object.assign(document.querySelector(".leaflet-container").style,
        { width, height, minWidth: width && "0", minHeight: height && "0" })"""
    page.evaluate(squeeze, list(size))
    page.wait_for_timeout(200)
    page.evaluate(squeeze, ["", ""])
    page.wait_for_timeout(200)
    assert page.locator(".leaflet-control-scale-line").inner_text() == scale


def test_labels_never_overlap(open_mali):
    for size in (DESK, PHONE):
        page = open_mali(size=size)
        boxes = page.locator(".awsd-label:visible, .awsd-country:visible, .awsd-town:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"
        )
        shapes = [box(*corners) for corners in boxes]
        pairs = [(one, other) for place, one in enumerate(shapes) for other in shapes[:place]]
        assert len(shapes) > 9
        assert max(one.intersection(other).area for one, other in pairs) == 0


def test_a_dark_page_is_dark(open_mali):
    page = open_mali(color_scheme="dark")
    back, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert (back, ink) == ("rgb(20, 24, 27)", "rgb(233, 230, 223)")


def test_without_scripts_the_numbers_stand_in_the_table(visit, tmp_path):
    page = visit(mali().save(tmp_path / "map.html"), java_script_enabled=False)
    assert page.get_by_role("row", name="Mopti 31 78 72.1%").count() == 1
    assert page.get_by_text("The interactive map needs JavaScript").is_visible()


def test_it_opens_in_the_sandboxed_frame_of_a_notebook(visit, tmp_path):
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8>{mali()._repr_html_()}", encoding="utf-8")
    page = visit(path)
    page.frame_locator("iframe").locator("[data-ready=true]").wait_for()
    assert page.frame_locator("iframe").locator("path[role=button]").count() == 11


def test_the_page_that_folium_saves_works_as_well(visit, tmp_path):
    import folium

    drawn = mali().folium_map
    folium.CircleMarker([14.5, -4.2], radius=30, color="black").add_to(drawn)
    drawn.save(tmp_path / "folium.html")
    page = visit(tmp_path / "folium.html")
    page.wait_for_selector("[data-ready=true]")
    assert page.locator("path[role=button]").count() == 11
    assert page.locator("path[stroke=black]").count() == 1


def hostile_map(toy_regions, text):
    regions = toy_regions(text, "B", "C")
    counts = pd.Series([5, 2, 0], regions.index, name="incidents")
    gi = pd.DataFrame({"label": ["hot", "cold", "undefined"], "value": np.nan, "reason": text}, index=regions.index)
    residents = pd.Series([1e5, 2e5, None], regions.index)
    residents.attrs["source"] = text
    layers = [incidents_layer(counts), hotspot_layer(gi), rate_layer(counts, residents)]
    around = regions.assign(geometry=regions.translate(yoff=1)).iloc[:1]
    towns = pd.DataFrame({"name": [text], "lat": [0.2], "lon": [1.5], "population": [1]})
    words_ = MapText(text, finding=text, subtitle=text, notes=(text,), sources=(text,))
    return region_map(regions, layers, text=words_, neighbours=around, towns=towns)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("by_folium", [False, True])
def test_hostile_texts_show_as_they_are_and_run_nothing(visit, tmp_path, toy_regions, text, by_folium):
    drawn, path = hostile_map(toy_regions, text), tmp_path / "map.html"
    if by_folium:
        drawn.folium_map.save(path)
    else:
        drawn.save(path)
    page = visit(path)
    page.wait_for_selector("[data-ready=true]")
    once = ["h1", ".awsd-finding", ".awsd-subtitle", "tbody th >> nth=0", ".awsd-notes li >> nth=0"]
    once += [".awsd-label .awsd-name >> nth=0", ".awsd-town .awsd-name", ".awsd-country .awsd-name"]
    assert {where: page.locator(where).text_content() for where in once} == dict.fromkeys(once, text)
    assert text in page.locator(".awsd-credits").text_content()
    shape = page.locator("path[role=button]").first
    assert shape.get_attribute("aria-label") == f"{text}, Incidents: 5"
    shape.focus()
    page.keyboard.press("Enter")
    assert page.locator(".awsd-panel h3").text_content() == f"{text}Region"
    shape.hover()
    assert page.locator(".awsd-tip strong").text_content() == text
    page.locator("path[role=button]").nth(2).focus()
    page.keyboard.press("Enter")
    choose(page, 1)
    assert page.locator(".awsd-reason").text_content() == text
    assert page.locator("img").count() == 0
