"""What stands where on the map: names on their own land, circles apart, all in a laptop's window; light pictures."""

from itertools import combinations
from math import hypot

import numpy as np
import pandas as pd
import pytest
from shapely import box

import awsd_geo
from awsd_geo import boundaries
from awsd_geo.maps import MapText, clusters_layer, incidents_layer, points_layer, region_map
from awsd_geo.maps.geometry import label_point
from awsd_geo.statistics import scan

pytestmark = pytest.mark.browser

LAPTOP, PHONE, FOUR_K = (1280, 800), (390, 844), (3840, 2160)
LAND = """(name) => {
  const label = [...document.querySelectorAll(".awsd-label, .awsd-country")].find((each) =>
    each.querySelector(".awsd-name").textContent === name && each.getBoundingClientRect().width);
  if (!label) return null;
  const box = label.getBoundingClientRect(), found = new Set(), steps = [...Array(21).keys()].map((step) => step / 20);
  for (const path of document.querySelectorAll("path.awsd-region:not(.awsd-ring)")) {
    const at = path.getScreenCTM().inverse();
    const under = steps.some((x) => steps.some((y) => path.isPointInFill(
      new DOMPoint(box.left + x * box.width, box.top + y * box.height).matrixTransform(at))));
    if (under) found.add(path.getAttribute("aria-label").split(",")[0]);
  }
  return [...found];
}"""  # the regions under a label, looked at in 441 points


def counts_of(regions, seed=1):
    numbers = np.random.default_rng(seed).poisson(4, len(regions))
    return pd.Series(numbers, regions.index, name="incidents")


@pytest.fixture
def open_country(visit, tmp_path):
    def open_map(country, size=LAPTOP, level=1, counts=None, **options):
        regions = awsd_geo.load_regions(country, level=level)
        layer = incidents_layer(counts_of(regions) if counts is None else counts.reindex(regions.index, fill_value=0))
        around = {"neighbours": boundaries.neighbours(country), "towns": boundaries.towns(country)}
        drawn = region_map(regions, [layer], text=MapText("T"), **around)
        page = visit(drawn.save(tmp_path / f"{country}.html"), *size, **options)
        page.wait_for_selector("[data-ready=true]")
        return page

    return open_map


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
@pytest.mark.parametrize("country", ["MLI", "SSD"])
def test_the_name_of_a_country_around_stands_on_no_region(open_country, country, size):
    page = open_country(country, size)
    names = page.locator(".awsd-country:visible .awsd-name").all_text_contents()
    assert len(names) > 2
    assert {name: page.evaluate(LAND, name) for name in names} == {name: [] for name in names}


def test_a_label_whose_place_is_taken_moves_within_its_own_region(visit, tmp_path, toy_regions):
    band = box(0, 0, 12, 0.7)
    _, middle = label_point(band)  # some 30 pixels under the middle of the other: their labels would overlap
    regions = toy_regions("Band", "Upper").set_geometry([band, box(middle - 0.5, 0.7, middle + 0.5, 0.95)], crs=4326)
    counts = pd.Series([1, 9], regions.index, name="incidents")
    page = visit(region_map(regions, [incidents_layer(counts)], text=MapText("T")).save(tmp_path / "map.html"), *LAPTOP)
    page.wait_for_selector("[data-ready=true]")
    labels = page.locator(".awsd-label:visible")
    assert sorted(labels.all_inner_texts()) == ["Band\n1", "Upper\n9"]
    assert page.evaluate(LAND, "Band") == ["Band"]
    one, other = (
        box(b["x"], b["y"], b["x"] + b["width"], b["y"] + b["height"])
        for b in (labels.nth(place).bounding_box() for place in range(2))
    )
    assert not one.intersects(other)


def test_a_long_name_takes_two_lines_in_the_page_and_in_the_picture(open_country):
    page = open_country("SSD")
    long, short = (page.locator(".awsd-label:visible .awsd-name", has_text=name) for name in ("Central Eq", "Lakes"))
    assert long.bounding_box()["height"] > 1.8 * short.bounding_box()["height"]
    picture = svg_of(page)
    assert ">Central<" in picture
    assert ">Equatoria<" in picture
    assert ">Lakes<" in picture


def test_no_dot_of_a_town_lies_under_the_name_of_a_region(open_country):
    page = open_country("MLI")
    boxes, dots = page.evaluate("""() => ["label", "dot"].map((kind) => [...document.querySelectorAll(".awsd-" + kind)]
        .map((each) => each.getBoundingClientRect()).filter((box) => box.width)
        .map(({ left, top, right, bottom }) => [left, top, right, bottom]))""")
    middles = [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in dots]
    under = [(x, y) for x, y in middles for left, top, right, bottom in boxes if left < x < right and top < y < bottom]
    assert len(boxes) > 8
    assert len(dots) > 3
    assert under == []


def test_of_many_regions_those_with_incidents_are_named_first_however_narrow(open_country):
    regions = awsd_geo.load_regions("MLI", level=3)
    narrow = regions.geometry.bounds.eval("maxx - minx").nsmallest(40).index
    hit = regions.loc[narrow[~regions.loc[narrow, "parent_id"].duplicated()]].iloc[:5]
    page = open_country("MLI", level=3, counts=pd.Series(7, hit.index, name="incidents"))
    shown = page.locator(".awsd-label:visible .awsd-name").all_text_contents()
    assert len(set(shown) & set(hit["name"])) >= 4
    assert page.locator(".awsd-label:visible .awsd-mark:visible", has_text="7").count() >= 3


def test_map_and_slider_stand_in_the_window_of_a_laptop(visit, tmp_path):
    made = awsd_geo.alert(awsd_geo.example(), country="MLI", years=(2017, 2022))
    page = visit(made.map(lang="fr").save(tmp_path / "map.html"), *LAPTOP)
    page.wait_for_selector("[data-ready=true]")
    frame, slider = (page.locator(part).bounding_box() for part in (".awsd-frame", ".awsd-time input"))
    assert frame["height"] >= 400
    assert slider["y"] + slider["height"] <= LAPTOP[1]


def test_signs_grow_with_the_letters_on_a_wide_screen(open_country):
    rings = {}
    for size in (LAPTOP, FOUR_K):
        page = open_country("MLI", size)
        rings[size] = page.locator("path.awsd-ring:visible").bounding_box()["width"]
        assert page.locator(".awsd-label:visible", has_text="Bamako").count() == 1
    assert rings[FOUR_K] == pytest.approx(1.75 * rings[LAPTOP], rel=0.1)


def test_circles_of_points_lie_apart_though_a_line_between_cells_runs_through_their_group(visit, tmp_path, toy_regions):
    regions = toy_regions("A", "B")
    chance = np.random.default_rng(0)
    places = pd.DataFrame({"latitude": chance.uniform(0.1, 0.9, 400), "longitude": chance.uniform(0.1, 1.9, 400)})
    layer = points_layer(places, pd.Series([200, 200], regions.index, name="incidents"), audience="internal")
    page = visit(region_map(regions, [layer], text=MapText("T")).save(tmp_path / "map.html"))
    page.wait_for_selector("[data-ready=true]")
    middles = page.locator("path.awsd-point").evaluate_all("""all => all.map((one) => one.getBoundingClientRect())
        .map((box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2])""")
    assert len(middles) > 20
    assert min(hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(middles, 2)) > 20
    assert sum(map(int, page.locator(".awsd-many").all_text_contents())) == 400


def svg_of(page):
    with page.expect_download() as waiting:
        page.locator(".awsd-downloads [data-kind=svg]").click()
    return waiting.value.path().read_text(encoding="utf-8")


def test_a_picture_saved_from_a_dark_page_is_the_light_one_and_the_page_stays_dark(open_country):
    light, dark = (open_country("MLI", color_scheme=scheme) for scheme in ("light", "dark"))
    assert svg_of(dark) == svg_of(light)
    assert dark.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 27)"
    assert dark.evaluate("getComputedStyle(document.querySelector('.awsd-map')).getPropertyValue('--paper')") != "#fff"


def test_a_region_keeps_its_colour_from_incidents_to_clusters(visit, tmp_path):
    made = awsd_geo.alert(awsd_geo.example(), country="MLI", years=(2017, 2022), vintage="2016")
    counts, regions = made.analysis.counts, made.analysis.regions
    layers = [incidents_layer(counts), clusters_layer(scan(counts["incidents"], regions, replicates=99))]
    page = visit(region_map(regions, layers, text=MapText("T")).save(tmp_path / "map.html"))
    page.wait_for_selector("[data-ready=true]")
    colours = []
    for number in range(2):
        page.locator(".awsd-switch input").nth(number).check()
        colours.append(
            page.locator("path[role=button]").evaluate_all("all => all.map((one) => getComputedStyle(one).fill)")
        )
    assert colours[0] == colours[1]
    assert len(set(colours[0])) > 3


@pytest.mark.parametrize("size", [(1920, 1080), LAPTOP, PHONE])
def test_a_map_is_printed_whole_with_land_to_its_edges_whatever_the_window(open_country, size):
    page = open_country("MLI", size)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    frame = page.locator(".awsd-frame").bounding_box()
    regions = page.locator("path[role=button]").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map((b) => [b.left, b.top, b.right, b.bottom])"
    )
    left, top = min(one[0] for one in regions), min(one[1] for one in regions)
    right, bottom = max(one[2] for one in regions), max(one[3] for one in regions)
    assert frame["x"] < left
    assert frame["y"] < top
    assert right < frame["x"] + frame["width"]
    assert bottom < frame["y"] + frame["height"]
    assert bottom - top > 0.8 * frame["height"]  # fitted to the printed frame, not to another
    drawn = page.locator(".leaflet-awsd-around-pane svg").bounding_box()
    assert drawn["x"] + drawn["width"] >= frame["x"] + frame["width"]
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "12.5px"
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.style.fontSize") == ""


def test_names_in_the_tables_of_the_alert_are_not_cut_on_a_tablet(visit, tmp_path):
    made = awsd_geo.alert(awsd_geo.example(), country="MLI", years=(2017, 2022), vintage="2016")
    (tmp_path / "alert.html").write_text(made.html(lang="fr"), encoding="utf-8")
    page = visit(tmp_path / "alert.html", 768, 1024)
    heads = page.locator("tbody th").locator("visible=true")
    lines = heads.evaluate_all("""all => all.map((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        return [one.textContent, new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size]; })""")
    assert len(lines) > 12
    assert [text for text, number in lines if number > len(text.split())] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 768
