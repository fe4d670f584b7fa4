"""Every hostile text in every text of every map page, in headless Chromium with the network cut off.

The fixture ``visit`` fails a test whose page asked for anything, ran a dialog or a script of a text, violated its
policy or put an error on the console. What may become of a text stands in ``hostile.py``.
"""

import csv
import io
import json
import re
import runpy
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from awsd_geo.maps import (
    Layer,
    MapText,
    change_layer,
    clusters_layer,
    count_change_layer,
    hotspot_layer,
    incidents_layer,
    local_moran_layer,
    points_layer,
    rate_layer,
    region_map,
    share_layer,
)
from awsd_geo.maps.audit import audit
from awsd_geo.maps.layer import Outline
from awsd_geo.statistics import scan

pytestmark = pytest.mark.browser

CORPUS = runpy.run_path(str(Path(__file__).with_name("hostile.py")))
HOSTILE, written, drawn, cell = (CORPUS[name] for name in ("HOSTILE", "written", "drawn", "cell"))
TEXTS = list(HOSTILE.values())
COLUMNS = 9  # of the squares that are regions
HARMLESS = [f"R{place}" for place in range(len(TEXTS))]


def squares(names, high=0.0):
    """Give one square of a degree a name, in rows."""
    index = pd.Index([f"T-{place}" for place in range(len(names))], name="region_id")
    columns = {
        "name": pd.Series(names, index, dtype=object), "level": 1, "vintage": "2000", "kind": "region",
        "parent_id": None,
    }  # fmt: skip
    corners = [(place % COLUMNS, high - place // COLUMNS) for place in range(len(names))]
    shapes = [box(x, y, x + 1, y + 1) for x, y in corners]
    return gpd.GeoDataFrame(pd.DataFrame(columns, index), geometry=shapes, crs=4326)


def series(values, index):
    return pd.Series(values, index, dtype=object)


def layer_of(place, text, regions):
    """Give a layer each of whose texts is one hostile text, and whose facts are the texts of all."""
    ids = regions.index
    return Layer(
        key=f"{place} {text}", title=text, values=series(text, ids[:-1]), kind="classes", palette="hotspot", unit=text,
        description=text, labels={text: text}, missing=text, reasons=series(text, ids), notes=(text,), sources=(text,),
        marks=series(text, ids), outlines=(Outline(text, (ids[0],), text),),
        facts=pd.DataFrame({0: series(list(regions["name"]), ids)}).set_axis(pd.Index([text], dtype=object), axis=1),
    )  # fmt: skip


def two_sides(texts, regions):
    """Give a layer whose legend has two sides: three words of each, nine of both."""
    return Layer(
        key=texts[0], title="Sides", values=series("0", regions.index), kind="classes", palette="cross",
        labels={str(place): text for place, text in enumerate(texts[:9])}, grid=(tuple(texts[9:12]), tuple(texts[12:])),
    )  # fmt: skip


def read(page, script, argument=None):
    """Run a script in the page and give its answer, halves of surrogate pairs too."""
    return json.loads(page.evaluate(f"argument => JSON.stringify(({script})(argument))", argument))


def ready(page):
    page.wait_for_selector("[data-ready=true]")
    return page


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    """Write a map with one region, one layer, one note and one neighbour for each text."""
    regions = squares(TEXTS)
    years = pd.MultiIndex.from_product([regions.index, [2020, 2021]], names=["region_id", "year"])
    counts = pd.Series(np.arange(len(years)) % 4, years, name="incidents")
    layers = [incidents_layer(counts), *(layer_of(place, text, regions) for place, text in enumerate(TEXTS))]
    around = squares(TEXTS, high=1.0 + (len(TEXTS) - 1) // COLUMNS)
    around.attrs["notice_short"] = "x"
    text = MapText("T", notes=tuple(TEXTS), sources=tuple(TEXTS))
    made = region_map(regions, layers, text=text, neighbours=around)
    folder = tmp_path_factory.mktemp("gathered")
    made.folium_map.save(folder / "folium.html")
    (folder / "notebook.html").write_text(f"<!DOCTYPE html><title>x</title>{made._repr_html_()}", encoding="utf-8")
    made.save(folder / "map.html")
    return folder


@pytest.fixture(params=["map.html", "folium.html"])
def page(gathered, visit, request):
    return ready(visit(gathered / request.param))


EACH_REGION = """() => [...document.querySelectorAll("path[role=button]")].map(path => {
    path.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    path.dispatchEvent(new MouseEvent("mouseover", { bubbles: true, clientX: 500, clientY: 500 }));
    const panel = document.querySelector(".awsd-panel");
    const first = where => panel.querySelector(where)?.firstChild?.data ?? "";
    const found = { label: path.getAttribute("aria-label"), panel: first("h3"),
        tip: document.querySelector(".awsd-tip strong")?.textContent ?? "",
        chart: panel.querySelector(".awsd-bars")?.getAttribute("aria-label") ?? "",
        facts: [...panel.querySelectorAll("dt, dd")].slice(-4).map(each => each.textContent) };
    path.dispatchEvent(new MouseEvent("mouseout", { bubbles: true }));
    return found;
})"""


def test_each_region_says_its_name_on_map_panel_tip_and_table(page):
    found = read(page, EACH_REGION)
    assert [each["panel"] for each in found] == TEXTS
    assert [each["tip"] for each in found] == TEXTS
    assert [each["label"].rsplit(", Incidents: ", 1)[0] for each in found] == TEXTS
    assert [each["chart"].rsplit(". Incidents by year", 1)[0] for each in found] == TEXTS
    rows = read(page, '() => [...document.querySelectorAll("tbody tr")].map(row => row.firstChild.textContent)')
    assert rows == TEXTS
    cells = read(page, '() => [...document.querySelectorAll("tbody tr")].map(row => row.lastChild.textContent)')
    assert cells == [written(text) for text in TEXTS]
    heads = read(page, '() => [...document.querySelectorAll("thead th")].map(head => head.textContent)')
    assert heads[-len(TEXTS) :] == [written(text) for text in TEXTS]
    titles = read(page, '() => [...document.querySelectorAll("tbody button")].map(button => button.title)')
    assert titles == [f"Show {text} on the map" for text in TEXTS]


def test_notes_and_sources_say_what_was_given(page):
    notes = read(page, '() => [...document.querySelectorAll(".awsd-notes li")].map(note => note.textContent)')
    assert set(notes) >= {written(text) for text in TEXTS}
    credit = page.locator(".awsd-credits").text_content()
    assert [text for text in TEXTS if written(text) not in credit] == []


EACH_SEARCH = """texts => texts.map(text => {
    const input = document.querySelector("[role=combobox]");
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    const options = [...document.querySelectorAll("[role=option]")].map(option => option.textContent);
    const place = options.indexOf(input.value);
    if (place >= 0) document.querySelectorAll("[role=option]")[place].dispatchEvent(new MouseEvent("mousedown"));
    return { typed: input.value, options, chosen: document.querySelector(".awsd-panel h3")?.firstChild.data };
})"""


def test_each_region_is_found_by_its_name(page):
    one_line = [text for text in TEXTS if not re.search("[\r\n]", text)]  # a box of one line drops line ends
    found = read(page, EACH_SEARCH, one_line)
    lost = [
        text
        for text, each in zip(one_line, found, strict=True)
        if each["typed"] != text or text not in each["options"] or each["chosen"] != text
    ]
    assert lost == []


EACH_LAYER = """() => [...document.querySelectorAll(".awsd-switch input")].map(input => {
    input.click();
    const text = where => [...document.querySelectorAll(where)].map(each => each.textContent);
    return { name: text(".awsd-switch label")[Number(input.value)], unit: text(".awsd-legend h3")[0],
        said: text(".awsd-legend p"), keys: text(".awsd-legend li").map(each => each), reason: text(".awsd-reason"),
        badge: text(".awsd-anchor .awsd-badge"), marks: text(".awsd-mark").filter(Boolean).slice(0, 1),
        label: document.querySelector("path[role=button]").getAttribute("aria-label") };
})"""


def test_each_layer_says_its_words_in_switch_legend_panel_and_map(page):
    read(page, EACH_REGION)  # the last region is chosen
    first, *found = read(page, EACH_LAYER)
    assert first["unit"] == "Incidents, 2020–2021" or first["unit"]
    for text, each in zip(TEXTS, found, strict=True):
        assert each["name"] == written(text)
        assert each["unit"] == text
        assert each["said"] == [text, text]
        assert each["keys"] == [text, text, text + text]
        assert each["reason"] == [text]
        assert each["badge"] == [text]
        assert each["label"] == f"{TEXTS[0]}, {text}: {text}"


ELEMENTS = """() => Object.fromEntries([..."script style img iframe svg object embed link base meta form a".split(" ")]
    .map(tag => [tag, document.querySelectorAll(tag).length]))"""
HANDLERS = """() => [...document.querySelectorAll("*")].flatMap(each => [...each.attributes])
    .filter(each => each.name.startsWith("on")).map(each => each.name)"""


def test_a_hostile_page_has_the_elements_of_a_harmless_one(visit, gathered, tmp_path):
    regions = squares(HARMLESS)
    layers = [layer_of(place, text, regions) for place, text in enumerate(HARMLESS)]
    counts = pd.Series(1, pd.MultiIndex.from_product([regions.index, [2020, 2021]], names=["region_id", "year"]))
    harmless = region_map(
        regions, [incidents_layer(counts.rename("incidents")), *layers], text=MapText("T", notes=tuple(HARMLESS)),
        neighbours=squares(HARMLESS, high=1.0 + (len(TEXTS) - 1) // COLUMNS),
    )  # fmt: skip
    pages = [ready(visit(path)) for path in (gathered / "map.html", harmless.save(tmp_path / "harmless.html"))]
    for page in pages:
        read(page, EACH_REGION)
    hostile, plain = (read(page, ELEMENTS) for page in pages)
    assert hostile == plain
    assert [read(page, HANDLERS) for page in pages] == [[], []]
    assert audit(gathered / "map.html").problems == ()


def save(page, kind):
    with page.expect_download() as waiting:
        page.locator(f".awsd-downloads [data-kind={kind}]").click()
    return waiting.value.suggested_filename, waiting.value.path()


def test_the_downloads_hold_the_texts_and_nothing_else(visit, gathered):
    page = ready(visit(gathered / "map.html"))
    name, path = save(page, "csv")
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    half = HOSTILE["half of a pair"]  # what UTF-8 cannot hold
    expected = [cell(text if text != half else written(text)) for text in TEXTS]
    assert name == "map-incidents.csv"
    assert [row[0] for row in rows[1:]] == expected
    assert rows[0][-len(TEXTS) :] == expected
    assert [row[-1] for row in rows[1:]] == expected
    _, path = save(page, "svg")
    tree = ElementTree.parse(path)
    check_picture(tree)
    said = "".join("".join(each.itertext()) for each in tree.iter("{http://www.w3.org/2000/svg}text"))
    said = "".join(said.split())
    assert [text for text in TEXTS if drawn(text) not in said] == [], "the sources stand under the picture"
    assert save(page, "png")[1].stat().st_size > 10_000


def check_picture(tree):
    tags = {element.tag.split("}")[1] for element in tree.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "clipPath", "pattern", "g", "rect", "circle", "path", "text"}
    names = {name.split("}")[-1] for element in tree.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name in {"href", "style", "src"}}


def test_slider_print_and_mouse_work_on_a_hostile_page(visit, gathered):
    page = ready(visit(gathered / "map.html"))
    page.locator(".awsd-time input").focus()
    page.keyboard.press("End")
    labels = read(
        page, '() => [...document.querySelectorAll("path[role=button]")].map(p => p.getAttribute("aria-label"))'
    )
    assert [label.rsplit(", Incidents (2021): ", 1)[0] for label in labels] == TEXTS
    page.locator(".awsd-play").click()
    for place in (0, len(TEXTS) // 2):
        path = page.locator("path[role=button]").nth(place)
        path.hover()
        path.click()
        assert page.locator(".awsd-panel h3").evaluate("head => head.firstChild.data") == TEXTS[place]
        page.get_by_role("button", name="Show in the table").click()
    page.emulate_media(media="print")
    assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"


def test_a_hostile_map_shows_in_a_notebook(visit, gathered):
    page = visit(gathered / "notebook.html")
    page.frame_locator("iframe").locator("[data-ready=true]").wait_for()
    frame = page.frames[1]
    assert [each["panel"] for each in read(frame, EACH_REGION)] == TEXTS
    assert page.locator("body > *").count() == 1


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_texts_of_the_whole_page_show_as_they_are(visit, tmp_path, lang):
    page = None
    for number, (name, text) in enumerate(HOSTILE.items()):
        if number % 2 == (lang == "fr"):
            continue  # half of them in each language
        regions = squares([text, "B"])
        counts = pd.Series([1, 2], regions.index, name="incidents")
        towns = pd.DataFrame({"name": series([text], [0]), "lat": [0.5], "lon": [1.8], "population": [1]})
        around = squares([text, text], high=1.0)
        around.attrs["notice_short"] = regions.attrs["note"] = text
        regions.attrs.update(approximate=True, notice_short=text)
        said = MapText(text, finding=text, subtitle=text, notes=(text,), sources=(text,))
        drawn_map = region_map(
            regions, [incidents_layer(counts, lang)], text=said, lang=lang, towns=towns, neighbours=around
        )
        path = drawn_map.save(tmp_path / f"{number}.html")
        assert audit(path).problems == (), name
        page = ready(visit(path, on=page))
        where = ["h1", ".awsd-finding", ".awsd-subtitle", ".awsd-notes li"]
        assert [page.locator(each).first.text_content() for each in where] == [written(text)] * 4, name
        assert read(page, '() => document.querySelector("title").textContent') == written(text), name
        names = read(page, '() => [...document.querySelectorAll(".awsd-town, .awsd-country")].map(e => e.textContent)')
        assert set(names) == {text}, name
        label = read(page, '() => document.querySelector("[role=region]").getAttribute("aria-label")')
        assert written(text) in label, name
        if number % 8 == 0:
            assert drawn(text) in "".join("".join(ElementTree.parse(save(page, "svg")[1]).getroot().itertext()).split())


def test_every_layer_function_passes_texts_on_as_they_are(visit, tmp_path):
    whole = [text for text in TEXTS if text != HOSTILE["half of a pair"]]  # which a column of pandas cannot hold
    regions = squares(whole)
    index = pd.MultiIndex.from_product([regions.index, [2020, 2021, 2022]], names=["region_id", "year"])
    counts = pd.Series(np.arange(len(index)) % 5, index, name="incidents")
    counts.attrs.update(located=3, total=5)
    labels = pd.DataFrame(
        {"label": "undefined", "value": np.nan, "reason": series(whole, regions.index)}, regions.index
    )
    residents = pd.Series(1e5, regions.index)
    residents.attrs["source"] = "".join(whole)
    places = pd.DataFrame({"latitude": [0.5], "longitude": [0.5], "details": [whole[0]]})
    layers = [
        hotspot_layer(labels), local_moran_layer(labels), rate_layer(counts, residents), incidents_layer(counts),
        share_layer(pd.DataFrame({"share": counts.groupby("region_id").sum() / counts.sum()})),
        clusters_layer(scan(counts, regions, replicates=9)), change_layer(counts, 2022),
        count_change_layer(counts, 2022), points_layer(places, counts, audience="internal"),
        *(two_sides((whole + whole)[start : start + 15], regions) for start in range(0, len(whole), 15)),
    ]  # fmt: skip
    page = ready(visit(region_map(regions, layers, text=MapText("T")).save(tmp_path / "map.html")))
    reasons = """() => [...document.querySelectorAll("path[role=button]")].map(path => {
        path.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
        return document.querySelector(".awsd-reason").textContent; })"""
    assert read(page, reasons) == whole
    seen = []
    for number in range(len(layers)):
        page.locator(".awsd-switch label").nth(number).click()
        labels_said = read(
            page, '() => [...document.querySelectorAll("path[role=button]")].map(p => p.getAttribute("aria-label"))'
        )
        assert all(label.startswith(f"{text}, ") for label, text in zip(labels_said, whole, strict=True))
        seen += read(
            page, '() => [...document.querySelectorAll(".awsd-grid th, .awsd-hidden")].map(e => e.textContent)'
        )
    assert set(whole) <= set(seen)
    assert written("".join(whole)) in page.locator(".awsd-credits").text_content()
    assert audit(tmp_path / "map.html").problems == (
        "The page shows places of single incidents; it is for internal use only.",
    )
