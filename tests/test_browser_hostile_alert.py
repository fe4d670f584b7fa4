"""Every hostile text in every text of an alert: findings, context, incidents file and boundary file.

The fixture ``visit`` fails a test whose page asked for anything, ran a dialog or a script of a text, violated its
policy or put an error on the console.
"""

import csv
import io
import json
import re
import runpy
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo import schema
from awsd_geo.maps.audit import audit
from awsd_geo.report.context import context_markup
from awsd_geo.report.page import alert_page

pytestmark = pytest.mark.browser

CORPUS = runpy.run_path(str(Path(__file__).with_name("hostile.py")))
HOSTILE, written, cell = (CORPUS[name] for name in ("HOSTILE", "written", "cell"))
MADE = runpy.run_path(str(Path(__file__).with_name("findings_example.py")))
ELEMENTS = """() => Object.fromEntries([..."script style img iframe svg object embed link base meta form a".split(" ")]
    .map(tag => [tag, document.querySelectorAll(tag).length]))"""
HANDLERS = """() => [...document.querySelectorAll("*")].flatMap(each => [...each.attributes])
    .filter(each => each.name.startsWith("on")).map(each => each.name)"""
SAID = """() => Object.fromEntries(["h1", ".strip dd", ".lede", ".places tbody th", ".risk td", ".how .whole dd",
    "footer li", ".context p", "title", ".generated"].map(where => [where,
    [...document.querySelectorAll(where)].map(each => each.textContent)]))"""
FRENCH = re.compile("[ \u00a0\u202f]+")


def read(page, script):
    return json.loads(page.evaluate(f"() => JSON.stringify(({script})())"))


# --- the page, from findings --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_findings_show_as_they_are_wherever_a_text_can_stand(visit, tmp_path, lang):
    page, harmless = None, None
    texts = {"harmless": "Harmless"} | dict(list(HOSTILE.items())[lang == "fr" :: 2])
    for number, (name, text) in enumerate(texts.items()):
        path = tmp_path / f"{number}.html"
        path.write_bytes(alert_page(MADE["hostile"](text), lang=lang, context=None).encode())
        assert audit(path).problems == (), name
        page = visit(path, on=page)
        elements, said = read(page, ELEMENTS), read(page, SAID)
        harmless = harmless or elements
        assert elements == harmless, name
        assert read(page, HANDLERS) == [], name
        shown = written(text)
        assert said[".strip dd"][0] == shown, name
        assert said[".places tbody th"][0] == shown, name
        assert shown in said["footer li"][-1], name
        titled = ["h1", "title"] if lang == "en" else []  # in French the place of this one is not in its headline
        for where in (*titled, ".lede", ".how .whole dd", ".risk td", ".generated"):
            whole = " ".join(said[where])
            assert shown in whole or FRENCH.sub(" ", shown) in FRENCH.sub(" ", whole), (name, where)


class Words(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.text = ""
        self.feed(text)
        self.close()

    def handle_data(self, data):
        self.text += data


def test_a_context_shows_as_markdown_renders_it_and_nothing_of_it_runs(visit, tmp_path):
    paragraphs = [f"Before {text}" for text in HOSTILE.values()]
    path = tmp_path / "alert.html"
    path.write_bytes(alert_page(MADE["example"](), context="\n\n".join(paragraphs)).encode())
    assert audit(path).problems == ()
    page = visit(path)
    assert read(page, HANDLERS) == []
    assert page.locator(".context :is(a, img, script, svg, style, iframe, form, input)").count() == 0
    shown = read(page, "() => [...document.querySelectorAll('.context p:not(.small)')].map(each => each.textContent)")
    assert shown == [Words(written(context_markup(text))).text for text in paragraphs]
    plain = [text for text in HOSTILE.values() if not re.search(r"[\\*_`&\[]|\s\s|[\r\n]", text)]
    assert len(plain) >= 30
    assert [text for text in plain if f"Before {written(text).rstrip()}" not in shown] == []


# --- from files to files ------------------------------------------------------------------------------------------

NAMES = [text[:150] for text in HOSTILE.values()]
FILE = "x<img src=q onerror=alert(1)>'\"{{7*7}}`${1}`&lt;.csv"  # what a file may be called
SECRET = "zeta omicron lambda kappa theta iota upsilon epsilon"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make an alert of a file of incidents and boundaries that are hostile in every text, in both languages."""
    path = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWSD_GEO_DATA", str(path / "own"))
        (path / "own.geojson").write_text(json.dumps(boundaries()), encoding="utf-8")
        regions = ag.boundaries.from_file(
            path / "own.geojson", country="SDN", level=1, vintage="2001", name_column="name", id_column="code"
        )
        ag.boundaries.add(regions, valid_from=date(2001, 1, 1), country_name=NAMES[0])
        write_incidents(path / FILE)
        incidents = ag.read_incidents(path / FILE)
        made = ag.alert(incidents, country="SDN", years=(2017, 2022), vintage="2001")
        for lang in ("en", "fr"):
            made.save(path / lang, lang=lang, context="\n\n".join(text for text in NAMES if "![" not in text))
        yield path, incidents, regions, made


SIDE = 0.75  # degrees


def corner(place):
    """Give longitude and latitude of the corner of a square in Sudan."""
    return 25.5 + SIDE * (place % 9), 11.5 + SIDE * (place // 9)


def boundaries():
    features = []
    for place, text in enumerate(NAMES):
        x, y = corner(place)
        ring = [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]
        columns = {"name": f"{text} {place}", "code": f"{place}{text[:20]}", text: text}
        features.append(
            {"type": "Feature", "properties": columns, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    return {"type": "FeatureCollection", "features": features}


def write_incidents(path):
    """Write one incident for each text, which stands in every column of text, known or not."""
    columns = [column for column in schema.INCIDENTS.columns if column.source_name]
    heads = ["Incident ID", *(column.source_name for column in columns), *(text for text in HOSTILE.values() if text)]
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(written(head).replace("\n", " ") for head in heads)
        for place, text in enumerate(HOSTILE.values()):
            text = written(text)  # what UTF-8 can hold
            given = {column.source_name: text for column in columns if column.dtype == "text"}
            given |= {
                "Incident ID": 9001 + place,
                "Year": 2017 + place % 6,
                "Month": 1 + place % 12,
                "Day": 1 + place % 28,
            }
            given |= {
                "Country Code": "SD",
                "Country": "Sudan",
                "Total kidnapped": 1,
                "Total affected": 1,
            }
            given |= {
                "Latitude": round(corner(place)[1] + 0.31234, 5),
                "Longitude": round(corner(place)[0] + 0.34321, 5),
            }
            given |= {"Actor name": f"Xeno {text}", "Details": f"{SECRET} {text}"}
            given["Nationals killed"] = text if place % 2 else 1  # no number at all
            writer.writerow([given.get(head, text) for head in heads])


def test_the_names_are_read_as_names_and_the_rows_are_used(folder):
    _, incidents, regions, made = folder
    assert len(regions) == len(NAMES)
    assert all(name.isprintable() or "\u200d" in name for name in regions["name"])
    assert made.findings["incidents"] == len(HOSTILE)
    assert made.findings["located"] > 0.9 * len(HOSTILE)
    assert len(incidents.columns) > len(schema.INCIDENTS.columns) + 60, "unknown columns are kept"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_pages_of_hostile_files_show_names_as_they_are_and_nothing_of_the_rows(folder, visit, lang):
    path, incidents, regions, _ = folder
    told = [*schema.INCIDENTS.required, "details", "actor_name", "month", "day", "latitude", "longitude"]
    short = incidents["details"].str.count(r"\w+") < 14  # of longer ones the words are names of regions too
    for name in ("alert.html", "map.html"):
        found = audit(path / lang / name, against=incidents.loc[short, told])
        assert found.compared.rows > 40
        assert found.problems == (), name
        page = visit(path / lang / name)
        page.wait_for_selector("[data-ready=true]")
        assert SECRET not in page.content()
        labels = read(page, "() => [...document.querySelectorAll('path[role=button]')].map(p => p.ariaLabel)")
        for unit, label in zip(regions["name"], labels, strict=True):
            assert label.startswith(f"{unit}, "), name
        assert read(page, HANDLERS) == []
        assert page.locator("img, iframe, object, embed, form, link, base").count() == 0
        if name == "alert.html":
            heads = read(page, "() => [...document.querySelectorAll('.places tbody th')].map(h => h.textContent)")
            assert len(set(heads) & set(regions["name"])) > 60, "as many as have an incident"
            assert FILE in page.locator(".how").text_content()
        assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"


def test_the_files_beside_the_pages_hold_names_and_nothing_of_the_rows(folder):
    path, _, regions, _ = folder
    for name in ("regions.csv", "regions.geojson", "findings.json"):
        text = (path / "en" / name).read_text(encoding="utf-8")
        assert SECRET not in text
        assert "Xeno" not in text
    rows = list(csv.reader(io.StringIO((path / "en/regions.csv").read_text(encoding="utf-8"), newline="")))
    assert {row[1] for row in rows[1:-1]} == {cell(name) for name in regions["name"]}
    features = json.loads((path / "en/regions.geojson").read_text(encoding="utf-8"))["features"]
    assert {each["properties"]["name"] for each in features} == set(regions["name"])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_table_that_is_hostile_in_every_column_gives_pages_without_a_word_of_it(visit, tmp_path, lang):
    texts = [text for text in HOSTILE.values() if text != HOSTILE["half of a pair"]]  # which pandas cannot hold
    incidents = ag.example()
    kept = {"country", "country_code", "iso3", "coordinate_issue"}
    for shift, column in enumerate(schema.INCIDENTS.columns):
        if column.dtype == "text" and column.name not in kept:
            incidents[column.name] = pd.Series(
                [f"{SECRET} {texts[(shift + row) % len(texts)]}" for row in range(len(incidents))], incidents.index
            )
    incidents[[f"extra {text}" for text in texts]] = SECRET
    incidents.attrs["source"] = incidents.attrs["source"] | {"name": texts[0]}
    made = ag.alert(incidents, country="MLI", years=(2017, 2022))
    assert made.findings["located"] > 0, "placed by its point, whatever its text says"
    page = None
    for path in made.save(tmp_path, lang=lang):
        assert SECRET not in path.read_text(encoding="utf-8"), path.name
        if path.suffix == ".html":
            found = audit(path, against=incidents)
            assert found.problems == ()
            page = visit(path, on=page)
            page.wait_for_selector("[data-ready=true]")
            assert read(page, HANDLERS) == []
