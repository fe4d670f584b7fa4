"""The map in headless Chromium with the network cut off, at the desk and on the phone.

The fixture ``visit`` fails a test whose page asked for anything, ran a dialog, or put an error on the console.
"""

import csv
import io
import re
import struct
import subprocess
import tarfile
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from shapely import box

import awsd_geo
from awsd_geo import boundaries, exposure
from awsd_geo.language import words
from awsd_geo.maps import (
    MapText,
    change_layer,
    clusters_layer,
    count_change_layer,
    hotspot_layer,
    incidents_layer,
    points_layer,
    rate_layer,
    region_map,
    share_layer,
)
from awsd_geo.maps.style import contrast
from awsd_geo.statistics import scan

pytestmark = pytest.mark.browser

DESK, PHONE = (1280, 900), (390, 844)


def mali(lang="en", **options):
    regions = awsd_geo.load_regions("MLI", level=1, vintage="2016")
    by_name = {name: key for key, name in regions["name"].items()}
    index = pd.MultiIndex.from_product([regions.index, range(2020, 2023)], names=["region_id", "year"])
    counts = pd.DataFrame({"incidents": 0, "victims": 0}, index=index)
    for name, incidents, victims in [
        ("Mopti", [4, 9, 18], [10, 20, 48]), ("Gao", [1, 0, 10], [2, 0, 18]), ("Bamako", [1, 0, 0], [1, 0, 0]),
    ]:  # fmt: skip
        counts.loc[by_name[name]] = np.column_stack([incidents, victims])
    total = counts["incidents"].groupby("region_id").sum()
    label = pd.Series("not significant", regions.index).where(regions["name"] != "Mopti", "hot")
    gi = pd.DataFrame({"label": label.where(regions["name"] != "Kidal", "undefined"), "value": 1.0, "p_value": 0.031})
    layers = [
        incidents_layer(counts, lang),
        share_layer(pd.DataFrame({"share": total / 43}), lang),
        rate_layer(counts, exposure.denominator(regions, "population"), lang),
        hotspot_layer(gi, lang),
        clusters_layer(scan(counts["incidents"], regions, replicates=99), lang),
        change_layer(counts, 2022, lang),
        count_change_layer(counts, 2022, lang),
    ]
    around = {"neighbours": boundaries.neighbours("MLI"), "towns": boundaries.towns("MLI")}
    text = MapText("Mali", finding="A finding.", subtitle="A subtitle")
    return region_map(regions, layers, text=text, lang=lang, **around | options)


@pytest.fixture
def open_mali(visit, tmp_path):
    def open_map(lang="en", size=DESK, status="final", **options):
        page = visit(mali(lang, status=status).save(tmp_path / "map.html"), *size, **options)
        page.wait_for_selector("[data-ready=true]")
        return page

    return open_map


def active_label(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def tab_to(page, start):
    for _ in range(60):
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
    for _ in range(60):
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
    incidents = words(lang)["map"]["incidents"]
    assert shown[incidents["incidents"]] == "31"
    assert shown[incidents["victims"]] == "78"
    panel.locator("summary").click()
    shown = dict(zip(panel.locator("dt").all_inner_texts(), panel.locator("dd").all_inner_texts(), strict=True))
    assert shown[words(lang)["map"]["share"]["title"]] == ("72.1%" if lang == "en" else "72,1\u202f%")
    assert panel.get_by_role("button", name=close).is_visible()
    assert page.locator("path[aria-label^='Mopti']").get_attribute("aria-expanded") == "true"
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


KEYS = ["incidents", "share", "rate", "hotspot", "clusters", "change", "both"]


def colours_and_hatches(page):
    """Give what fills the regions, and what fills the keys of the legend: a colour, or the hatch of a class."""
    read = """where => [...document.querySelectorAll(where)].map(one => {
        const fill = one.dataset.hatch ? `url(#${one.dataset.hatch})` : getComputedStyle(one).fill;
        const hatch = fill.match(/#([\\w-]+)/);
        return hatch ? "hatch " + document.getElementById(hatch[1]).id
          : one.matches(".awsd-key") ? getComputedStyle(one).backgroundColor : fill;
    })"""
    return (
        set(page.evaluate(read, "path[role=button]")),
        page.evaluate(read, ".awsd-legend .awsd-key:not(.awsd-badge)"),
    )


def test_the_legend_follows_the_layer_and_names_every_colour_and_hatch_in_the_map(open_mali):
    page = open_mali("fr")
    radios = page.locator(".awsd-switch input")
    radios.first.focus()
    for number, part in enumerate(KEYS):
        if number:
            page.keyboard.press("ArrowRight")
        assert radios.nth(number).is_checked()
        years = {"before": "2020–2021", "after": "2022"}
        assert page.locator(".awsd-legend h3").all_inner_texts() == [words("fr")["map"][part]["unit"].format(**years)]
        fills, keys = colours_and_hatches(page)
        assert fills <= set(keys)
        assert len(keys) == len(set(keys))
        assert page.locator(".awsd-key-none").count() == (1 if part == "hotspot" else 0)
        assert (page.locator(".awsd-legend .awsd-badge").count() > 0) == (part == "clusters")
        assert (page.locator(".awsd-grid").count() > 0) == (part == "both")
    radios.nth(3).check(force=True)
    assert "Gi* n’est donné ici qu’à titre descriptif" in page.locator(".awsd-legend").inner_text()
    assert page.locator("path[aria-label='Mopti, Points chauds: point chaud']").count() == 1


def test_a_cluster_has_a_line_around_it_and_its_rank_only_on_its_layer(open_mali):
    page = open_mali()
    assert page.locator("path.awsd-cluster").count() == 0
    choose(page, 4)
    assert page.locator("path.awsd-cluster").count() >= 2
    assert page.locator(".awsd-anchor .awsd-badge").first.inner_text() == "1"
    assert "observed" in page.locator(".awsd-group").first.inner_text()
    line = page.locator("path.awsd-cluster-line").first.bounding_box()
    mopti = page.locator("path[aria-label^='Mopti']").bounding_box()
    assert line["x"] == pytest.approx(mopti["x"], abs=3)
    assert line["width"] == pytest.approx(mopti["width"], abs=5)
    choose(page, 0)
    assert page.locator("path.awsd-cluster").count() == 0


# --- the years ----------------------------------------------------------------------------------------------------


def test_the_slider_leads_map_labels_panel_and_table_by_keyboard(open_mali):
    page = open_mali()
    assert page.locator(".awsd-time output").inner_text() == "Whole period, 2020–2022"
    legend = page.locator(".awsd-legend").inner_text()
    page.locator("path[aria-label^='Mopti']").focus()
    page.keyboard.press("Enter")
    page.locator(".awsd-time input").focus()
    seen = []
    for year, incidents in ((2020, 4), (2021, 9), (2022, 18)):
        page.keyboard.press("ArrowRight")
        assert page.locator(".awsd-time input").get_attribute("aria-valuetext") == f"Numbers of {year}"
        path = page.locator(f"path[aria-label='Mopti, Incidents ({year}): {incidents}']")
        assert path.count() == 1
        seen.append(path.evaluate("path => getComputedStyle(path).fill"))
        assert page.locator(".awsd-label:visible", has_text="Mopti").locator(".awsd-mark").inner_text() == str(
            incidents
        )
        assert page.locator(".awsd-panel dd").first.inner_text() == str(incidents)
        assert f"Incidents: {incidents} · Rank 1 of 11" in page.locator(".awsd-rank").inner_text()
        row = page.locator("tbody tr", has_text="Mopti").locator("td:visible").all_inner_texts()
        assert row[0] == str(incidents)
        assert len(row) == 2, "columns of the whole period are left out"
        assert page.locator(".awsd-legend").inner_text() == legend, "classes stay as they are"
        now = page.locator("rect.awsd-bar-now")
        assert now.count() == 1
    assert len(set(seen)) > 1
    page.keyboard.press("Home")
    assert page.locator("path[aria-label='Mopti, Incidents: 31']").count() == 1
    assert len(page.locator("tbody tr", has_text="Mopti").locator("td:visible").all_inner_texts()) > 10


def test_play_shows_year_after_year_and_stops_at_the_last(open_mali):
    page = open_mali()
    page.clock.install()
    button = page.locator(".awsd-play")
    button.click()
    assert button.inner_text() == "Pause"
    shown = [page.locator(".awsd-time output").inner_text()]
    for _ in range(2):
        page.clock.run_for(1150)
        shown.append(page.locator(".awsd-time output").inner_text())
    assert shown == ["Numbers of 2020", "Numbers of 2021", "Numbers of 2022"]
    assert button.inner_text() == "Play the years"
    button.click()
    assert page.locator(".awsd-time output").inner_text() == "Numbers of 2020", "it begins anew"
    button.click()
    page.clock.run_for(5000)
    assert page.locator(".awsd-time output").inner_text() == "Numbers of 2020", "it stands still"


def test_who_asks_for_less_motion_has_the_slider_but_no_play(open_mali):
    page = open_mali(reduced_motion="reduce")
    assert page.locator(".awsd-play").is_hidden()
    page.locator(".awsd-time input").focus()
    page.keyboard.press("End")
    assert page.locator(".awsd-time output").inner_text() == "Numbers of 2022"


def test_a_layer_without_years_shows_the_whole_period_and_says_so(open_mali):
    page = open_mali()
    page.locator(".awsd-time input").focus()
    page.keyboard.press("End")
    choose(page, 1)
    assert page.locator(".awsd-time input").is_disabled()
    assert page.locator(".awsd-only").inner_text() == "This layer shows the whole period."
    assert page.locator(".awsd-time output").inner_text() == "Whole period, 2020–2022"
    assert page.locator("tbody td:visible").count() > 50


def test_the_chart_is_said_in_words(open_mali):
    page = open_mali("fr")
    chart = page.locator(".awsd-bars")
    said = "Tous les lieux, incidents localisés. Incidents par année. 2020\u00a0: 6, 2021\u00a0: 9, 2022\u00a0: 28"
    assert chart.get_attribute("aria-label") == said
    page.locator("path[aria-label^='Gao']").click()
    assert chart.get_attribute("aria-label").endswith("2020\u00a0: 1, 2021\u00a0: 0, 2022\u00a0: 10")


# --- finding ------------------------------------------------------------------------------------------------------


def test_a_region_is_found_without_its_accents_and_by_keyboard(open_mali):
    page = open_mali()
    box = page.get_by_role("combobox")
    box.focus()
    page.keyboard.type("TAOUDEN")
    assert page.locator("[role=option]").all_inner_texts() == ["Taoudénit"]
    page.keyboard.press("Enter")
    assert page.locator(".awsd-panel h3").inner_text().startswith("Taoudénit")
    assert page.locator("[role=listbox]").is_hidden()
    box.fill("o")
    names = page.locator("[role=option]").all_inner_texts()
    assert len(names) > 3
    page.keyboard.press("ArrowDown")
    second = page.locator("[role=option][aria-selected=true]")
    assert second.inner_text() == names[1]
    assert box.get_attribute("aria-activedescendant") == second.get_attribute("id")
    page.keyboard.press("Escape")
    assert page.locator("[role=listbox]").is_hidden()
    box.fill("Atlantis")
    assert page.locator("[role=option]").all_inner_texts() == ["No place of that name"]
    page.keyboard.press("Enter")
    assert page.locator(".awsd-panel h3").inner_text().startswith("Taoudénit")


def test_the_table_leads_to_the_map_and_back(open_mali):
    page = open_mali()
    page.locator("tbody button", has_text="Gao").click()
    assert page.locator(".awsd-panel h3").inner_text().startswith("Gao")
    assert active_label(page).startswith("Gao")
    frame = page.locator(".awsd-frame").bounding_box()
    assert frame["y"] + frame["height"] > 60
    assert page.locator(".awsd-chosen-row").count() == 1
    page.get_by_role("button", name="Show in the table").click()
    assert page.evaluate("document.activeElement.textContent") == "Gao"
    row = page.locator("tbody tr", has_text="Gao").bounding_box()
    assert 0 <= row["y"] <= 900


# --- downloads ----------------------------------------------------------------------------------------------------


def saved(page, kind):
    with page.expect_download() as waiting:
        page.locator(f".awsd-downloads [data-kind={kind}]").click()
    return waiting.value.suggested_filename, waiting.value.path()


def test_the_shown_table_is_saved_as_csv(open_mali):
    page = open_mali("fr")
    name, path = saved(page, "csv")
    assert name == "map-incidents.csv"
    text = path.read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[0][:3] == ["Région", "Incidents", "Victimes"]
    assert {len(row) for row in rows} == {len(rows[0])}
    assert next(row for row in rows if row[0] == "Mopti")[1:4] == ["31", "78", "72,1\u202f%"]
    page.locator(".awsd-time input").focus()
    page.keyboard.press("End")
    name, path = saved(page, "csv")
    assert name == "map-incidents-2022.csv"
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";"))
    assert next(row for row in rows if row[0] == "Mopti") == ["Mopti", "18", "48"]


@pytest.mark.parametrize("layer", [0, 3, 4, 6])
def test_the_picture_is_saved_as_svg_with_legend_and_sources_and_nothing_to_load(open_mali, layer):
    page = open_mali(status="example")
    choose(page, layer)
    name, path = saved(page, "svg")
    assert name == f"map-{KEYS[layer]}.svg"
    tree = ElementTree.parse(path)
    texts = [text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")]
    whole = " ".join(texts)
    for said in ("EXAMPLE DATA", "Mali", "A finding.", "Mopti", "ALGERIA", "Sources:", "imply no opinion"):
        assert said in whole
    assert page.locator(".awsd-legend h3").inner_text() in whole
    svg = path.read_text(encoding="utf-8")
    assert not re.search(r"<(script|style|image|foreignObject|a)\b|\shref=|\son\w+=|\sstyle=", svg)
    assert set(re.findall(r"url\(([^)]*)\)", svg)) <= {f"#{each}" for each in re.findall(r'id="([^"]+)"', svg)}
    paths = list(tree.iter("{http://www.w3.org/2000/svg}path"))
    assert len(paths) > 15


def test_the_picture_is_saved_as_png_of_twice_the_size(open_mali):
    page = open_mali()
    name, path = saved(page, "png")
    assert name == "map-incidents.png"
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert width > 1500
    assert height > 1200


def test_cells_that_a_spreadsheet_would_run_are_neutralised(visit, tmp_path, toy_regions):
    names = ["=1+1", "+1", "-1", "@x", "\tx", 'a"b,c', "plain"]
    regions = toy_regions(*names)
    counts = pd.Series(range(7), regions.index, name="incidents")
    page = visit(region_map(regions, [incidents_layer(counts)], text=MapText("T")).save(tmp_path / "map.html"))
    page.wait_for_selector("[data-ready=true]")
    _, path = saved(page, "csv")
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", 'a"b,c', "plain"]


# --- print --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("layer", [0, 4, 6])
def test_it_prints_on_one_a4_page_across_with_legend_and_sources(open_mali, lang, layer):
    page = open_mali(lang, status="example")
    choose(page, layer)
    page.emulate_media(media="print")
    for kept in (".awsd-legend", ".awsd-credits", "h1", ".awsd-banner"):
        assert page.locator(kept).is_visible()
    for gone in (".awsd-switch", ".awsd-search", ".awsd-play", ".awsd-downloads", ".awsd-table"):
        assert page.locator(gone).is_hidden()
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 1
    width, height = (float(part) for part in re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", data).groups())
    assert (width, height) == (pytest.approx(842, abs=2), pytest.approx(595, abs=2))


# --- for everybody ------------------------------------------------------------------------------------------------

TEXT_AND_GROUND = """() => [...document.querySelectorAll("body *")].filter(one => !one.closest(".leaflet-container")
    && one.checkVisibility() && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
    && !one.matches(".awsd-hidden, script, :disabled, option")).map(one => {
        let ground = one;
        while (ground && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
        const ink = one instanceof SVGElement ? getComputedStyle(one).fill : getComputedStyle(one).color;
        return [one.className.baseVal ?? one.className, one.textContent.trim().slice(0, 30), ink,
            getComputedStyle(ground || document.body).backgroundColor];
    })"""


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_text_has_a_contrast_of_4_5(open_mali, colours):
    page = open_mali(status="example", color_scheme=colours)
    page.get_by_role("combobox").fill("o")
    page.locator("path[aria-label^='Mopti']").click()
    for number in (0, 4, 6):
        choose(page, number)
        found = page.evaluate(TEXT_AND_GROUND)
        assert len(found) > 80
        for place, text, *colour in found:
            ink, ground = (
                "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", each)[:3]) for each in colour
            )
            assert contrast(ink, ground) >= 4.5, (place, text, ink, ground)


def test_everything_that_can_be_clicked_is_reached_by_tab(open_mali):
    page = open_mali()
    tab_to(page, "Mopti")
    page.keyboard.press("Enter")
    page.evaluate("document.activeElement.blur()")
    wanted = page.locator(
        "button:visible, summary:visible, input[type=range], input[type=text], path[role=button]"
    ).count()
    page.evaluate("window.reached = new Set(); addEventListener('focusin', event => reached.add(event.target))")
    for _ in range(wanted + 12):
        page.keyboard.press("Tab")
    reached = page.evaluate(
        "[...reached].filter(one => one.matches('button, summary, [type=range], [type=text], path')).length"
    )
    assert reached == wanted
    outlines = page.evaluate(
        "[...reached].filter(one => one.matches(':focus') && getComputedStyle(one).outlineStyle === 'none').length"
    )
    assert outlines == 0


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """Give the source of axe-core, fetched for the test alone."""
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run(["npm", "pack", "axe-core@4", "--silent"], cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("axe-core-*.tgz"))) as archive:
        return archive.extractfile("package/axe.min.js").read().decode("utf-8")


@pytest.mark.network
@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize(("lang", "colours"), [("en", "light"), ("fr", "dark")])
def test_axe_finds_no_violation_on_any_layer(open_mali, axe, lang, colours, size):
    page = open_mali(lang, size, status="example", color_scheme=colours)
    page.evaluate(axe)  # past the policy of the page, which allows no script but its own
    for number in range(len(KEYS)):
        choose(page, number)
        if number == 1:
            page.locator("path[role=button]").first.focus()
            page.keyboard.press("Enter")
        if number == 2:
            page.get_by_role("combobox").fill("o")
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations)")
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


# --- sizes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [PHONE, DESK, (3840, 2160)])
def test_every_layer_fits_from_the_phone_to_4k(open_mali, size):
    page = open_mali(size=size)
    for number in range(len(KEYS)):
        choose(page, number)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    if size[0] == 3840:
        assert page.locator(".awsd-frame").bounding_box()["width"] > 1100
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") > 24


def test_701_communes_answer_and_only_names_that_have_room_are_in_the_page(visit, tmp_path):
    regions = awsd_geo.load_regions("MLI", level=3, vintage="2016")
    counts = pd.Series(np.arange(len(regions)) % 5, regions.index, name="incidents")
    page = visit(region_map(regions, [incidents_layer(counts)], text=MapText("T")).save(tmp_path / "map.html"))
    page.wait_for_selector("[data-ready=true]")
    assert page.locator("path[role=button]").count() == len(regions)
    assert page.locator(".awsd-label").count() < 150
    page.get_by_role("combobox").fill("dialloube")
    page.keyboard.press("Enter")
    assert "Dialloub" in page.locator(".awsd-panel h3").inner_text()
    page.get_by_role("button", name="Show in the table").click()
    assert "Dialloub" in page.evaluate("document.activeElement.textContent")
    assert page.locator("tbody tr").count() == len(regions)
    assert page.locator(".awsd-chosen-row").count() == 1


def test_the_long_table_is_made_without_being_asked_for_and_stands_in_the_page_without_scripts(visit, tmp_path):
    regions = awsd_geo.load_regions("MLI", level=3, vintage="2016")
    counts = pd.Series(1, regions.index, name="incidents")
    path = region_map(regions, [incidents_layer(counts)], text=MapText("T")).save(tmp_path / "map.html")
    assert visit(path, java_script_enabled=False).locator("tbody tr").count() == len(regions)
    page = visit(path, height=500)
    page.locator("tbody tr").nth(len(regions) - 1).wait_for(state="attached")


def test_points_gather_to_circles_that_part_when_zooming_in(visit, tmp_path, toy_regions):
    regions = toy_regions("A", "B")
    places = pd.DataFrame({"latitude": [0.5] * 30 + [0.52] * 20, "longitude": [0.5] * 30 + [0.52] * 20})
    layer = points_layer(places, pd.Series([50, 0], regions.index, name="incidents"), audience="internal")
    page = visit(region_map(regions, [layer], text=MapText("T")).save(tmp_path / "map.html"))
    page.wait_for_selector("[data-ready=true]")
    assert page.locator(".awsd-many").all_inner_texts() == ["50"]
    for _ in range(6):
        page.get_by_role("button", name="Zoom in").click()
        page.wait_for_timeout(350)
    assert sorted(page.locator(".awsd-many").all_inner_texts()) in (["20", "30"], ["30"], ["20"], [])


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
    assert page.locator(".awsd-time, .awsd-search, .awsd-downloads").locator("visible=true").count() == 0
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
