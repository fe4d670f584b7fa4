"""The alert page in headless Chromium with the network cut off, at the desk and on the phone.

The fixture ``visit`` fails a test whose page asked for anything, ran a dialog, or put an error on the console.
"""

import runpy
from pathlib import Path

import pandas as pd
import pytest

import awsd_geo
from awsd_geo.maps import MapText, incidents_layer, region_map
from awsd_geo.report.page import alert_page

pytestmark = pytest.mark.browser

MADE = runpy.run_path(str(Path(__file__).with_name("findings_example.py")))
HOSTILE = "`{{7*7}}</script><img src=x onerror=alert(1)>"
CASES = {
    "example": MADE["example"](),
    "as-of": MADE["as_of_2023"](),
    "none": MADE["few"]({}, [2017, 2022]),
    "three": MADE["few"]({"Mopti": 3}, [2017, 2022]),
    "hostile": MADE["hostile"](HOSTILE),
}


def fragment(findings, lang):
    regions = awsd_geo.load_regions("MLI", level=1, vintage="2016")
    incidents = {unit["region_id"]: unit["incidents"] for unit in findings["by_region"]}
    counts = pd.DataFrame({"incidents": pd.Series(incidents).reindex(regions.index), "victims": 0})
    made = region_map(regions, [incidents_layer(counts, lang)], text=MapText("Mali"), lang=lang)
    return made.fragment()


@pytest.fixture
def open_alert(visit, tmp_path):
    def open_case(case, lang="en", width=1280, **options):
        findings = CASES[case]
        page = alert_page(findings, lang=lang, map_fragment=fragment(findings, lang), context=HOSTILE)
        (tmp_path / "alert.html").write_bytes(page.encode())
        shown = visit(tmp_path / "alert.html", width, **options)
        shown.wait_for_selector("[data-ready=true]")
        return shown

    return open_case


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("case", "lang"), [("example", "en"), ("as-of", "fr"), ("none", "fr"), ("three", "en")])
def test_a_page_needs_no_sideways_scrolling(open_alert, case, lang, width):
    page = open_alert(case, lang, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1


def test_the_tables_of_the_example_fit_a_phone(open_alert):
    for lang in ("en", "fr"):
        page = open_alert("example", lang, 390)
        assert page.evaluate("[...document.querySelectorAll('.scroll')].every(e => e.scrollWidth <= e.clientWidth)")


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_texts_are_shown_as_they_are(open_alert, width):
    page = open_alert("hostile", width=width)
    assert page.locator("#places tr").count() == page.locator("img").count() == 0
    assert page.locator(".places tbody th").first.inner_text() == HOSTILE
    assert page.locator(".context p").first.inner_text() == HOSTILE
    assert HOSTILE in page.locator(".lede").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def luminance(colour):
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(", ")]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(open_alert, scheme):
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5 to 1."""
    page = open_alert("as-of", color_scheme=scheme)
    ground = luminance(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    for place in (
        "h1",
        ".lede",
        ".small",
        ".caution",
        ".status",
        ".figures .note",
        ".quiet td",
        ".how dd",
        "footer li",
    ):
        text = luminance(page.evaluate(f"getComputedStyle(document.querySelector('{place}')).color"))
        assert (max(text, ground) + 0.05) / (min(text, ground) + 0.05) >= 4.5, place


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_printed_map_is_whole(open_alert, lang):
    page = open_alert("as-of", lang)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    frame, *shapes = page.evaluate(
        """[document.querySelector('.folium-map'), ...document.querySelectorAll('path.leaflet-interactive')]
        .map(e => e.getBoundingClientRect().toJSON())"""
    )
    assert (frame["width"], frame["height"]) == (274, 194)  # 276 by 196 without the border
    drawn = [each for each in shapes if each["height"]]
    assert len(drawn) >= 11
    outside = [each for each in drawn if each["top"] < frame["top"] or each["bottom"] > frame["bottom"]]
    assert (frame, outside) == (frame, [])


def test_the_map_stands_where_it_was_after_printing_and_after_a_change_of_size(open_alert):
    page = open_alert("as-of")
    place = """() => { const frame = document.querySelector('.folium-map').getBoundingClientRect();
        const shape = document.querySelector('path.leaflet-interactive').getBoundingClientRect();
        return [shape.x - frame.x, shape.y - frame.y, shape.width, shape.height] }"""
    page.wait_for_timeout(300)
    before = page.evaluate(place)
    page.pdf(prefer_css_page_size=True)
    page.wait_for_timeout(500)  # longer than a slide of Leaflet's, 250 ms
    assert page.evaluate(place) == pytest.approx(before, abs=2)
    for width in (900, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)
    assert page.evaluate(place) == pytest.approx(before, abs=2)


def test_whatever_can_be_used_is_reached_by_the_tab_key_and_shows_it(open_alert):
    page = open_alert("as-of")
    wanted = page.evaluate(
        """[...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')]
        .filter(e => !e.disabled && e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden'
            && e.tabIndex >= 0 && !(e.type === 'radio' && !e.checked)).length"""
    )
    step = """(() => { const e = document.activeElement, style = getComputedStyle(e);
        window.seen = window.seen || new Set(); const first = !window.seen.has(e); window.seen.add(e);
        const next = e.nextElementSibling ? getComputedStyle(e.nextElementSibling) : style;
        return [e === document.body || !first, e.outerHTML.slice(0, 90),
            [style, next].some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1)
            || e.matches('.skip, path') ]; })()"""
    reached = []
    for _ in range(wanted + 30):
        page.keyboard.press("Tab")
        done, what, shown = page.evaluate(step)
        if done:
            break
        reached.append((what, shown))
    assert len(reached) >= wanted
    assert [what for what, shown in reached if not shown] == []
