"""What a notebook shows: results as markup that is safe and complete without trust, pages in a frame."""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.display import Shown, card, text, written
from awsd_geo.maps import MapText, incidents_layer, region_map

HOSTILE = "<script>alert(1)</script>{{7*7}}`\"'&<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def counts():
    incidents = ag.select(ag.example(), country="MLI", years=(2017, 2022), kind="kidnapped")
    regions = ag.load_regions("MLI", level=1, vintage="2016")
    return ag.count(ag.geocode(incidents, regions), regions, years=(2017, 2022)), regions


class Tags(HTMLParser):
    """Take down every tag with its attributes, and the text."""

    def __init__(self, markup):
        super().__init__()
        self.found, self.said = [], ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said += data


@dataclass(frozen=True, slots=True)
class Toy(Shown):
    table: pd.DataFrame
    rate_ratio: float
    interval: tuple[float, float]
    years: tuple[int, int]
    reason: str | None
    label: str

    def summary(self):
        return f"Found {HOSTILE}."


def toy(rows=2):
    table = pd.DataFrame(
        {HOSTILE: [0.123456] * rows, "n": [float("nan")] * rows}, pd.Index([HOSTILE] * rows, name="id")
    )
    return Toy(table, 1.23456, (0.5, float("inf")), (2017, 2022), None, HOSTILE)


def test_a_card_says_the_sentence_the_numbers_and_the_table():
    said = Tags(card(toy(12))).said
    for part in (
        "Toy",
        f"Found {HOSTILE}.",
        "rate ratio1.235",
        "interval0.5 to inf",
        "years2017 to 2022",
        "0.1235",
        "–",
    ):
        assert part in said
    assert "reason" not in said
    assert "The first 10 of 12 rows: to_frame() gives all." in said
    assert said.count("0.1235") == 10


def test_a_card_shows_hostile_texts_as_they_are_and_has_nothing_that_runs_or_loads():
    marked = Tags(card(toy()))
    assert {tag for tag, _ in marked.found} <= {"div", "strong", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert {name for _, attrs in marked.found for name in attrs} == {"style"}
    assert "url(" not in card(toy())
    assert marked.said.count(HOSTILE) == 5  # sentence, field, heading, two rows
    assert not re.search(r"(?<!-)color\s*:\s*#|background", card(toy()))  # colours are those of light or dark around it


def test_a_terminal_gets_the_same_as_text():
    assert toy()._repr_mimebundle_() == {"text/plain": text(toy()), "text/html": card(toy())}
    assert text(toy()).splitlines()[:3] == ["Toy", f"Found {HOSTILE}.", "rate ratio: 1.235"]


def test_cells_of_every_kind_are_written():
    values = [pd.NA, pd.NaT, float("nan"), True, 2022, 31.0, 1234567, ["a", "b"], 1e-9, pd.Timestamp("2022-01-02")]
    expected = ["–", "–", "–", "yes", "2022", "31", "1,234,567", "a, b", "1e-09", "2022-01-02 00:00:00"]
    assert [written(value) for value in values] == expected


def test_every_result_of_an_alert_shows_itself():
    made = ag.alert(ag.example(), country="MLI", years=(2017, 2022), kind="kidnapped").analysis
    results = [
        made.trend, made.denominators, *made.scans.values(), *made.placings.values(), made.shares, made.spread,
        made.local, made.moran, ag.disclosure.suppress(made.counts["incidents"]), ag.disclosure.policy("public"),
        ag.disclosure.embargo(made.incidents, days=30, on="2023-01-01"),
    ]  # fmt: skip
    for result in results:
        said = Tags(card(result)).said
        assert result.summary() in said
        assert len(card(result)) < 20_000, type(result)
    assert "Scan" in card(made.scans["equal"])


def test_what_is_secret_in_a_suppression_is_not_shown(counts):
    table = pd.Series([3, 400, 2, 300], pd.Index(list("abcd"), name="region_id"), name="incidents")
    found = ag.disclosure.suppress(table, below=5)
    assert found.primary >= 1
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", card(found))
    assert not {"3", "2"} & set(cells)


def test_maps_and_alerts_stand_in_a_frame_that_can_reach_nothing(counts):
    table, regions = counts
    drawn = region_map(regions, [incidents_layer(table)], text=MapText(HOSTILE, "Most are in Mopti."))
    made = ag.alert(ag.example(), country="MLI", years=(2017, 2022), kind="kidnapped")
    for shown, page, said in (
        (drawn, drawn.html(), "Most are in Mopti."),
        (made, made.html(), made.summary().splitlines()[1]),
    ):
        marked = Tags(shown._repr_html_())
        (tag, attrs), *others = marked.found
        assert (tag, others) == ("iframe", [])
        assert attrs["sandbox"] == "allow-scripts allow-downloads"  # above all not allow-same-origin
        assert attrs["srcdoc"] == page
        assert said in html.unescape(marked.said)
        assert len(repr(shown)) < 300
    french = Tags(made.map(lang="fr")._repr_html_()).said
    assert french.startswith("DONNÉES D’EXEMPLE\u00a0: ")
    assert french.endswith("(La page elle-même s’affiche là où ce carnet est approuvé\u00a0: File, Trust Notebook.)")
    assert Tags(made._repr_html_()).said.startswith("EXAMPLE DATA: ")  # which must not get lost with the page


def test_the_how_to_page_runs_as_it_stands(tmp_path, monkeypatch):
    page = Path(__file__).resolve().parents[1] / "docs" / "howto" / "notebook.md"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)
    assert len(blocks) == 6
    assert {"carte.html", "carte-bureaux.html", "out"} == {path.name for path in tmp_path.iterdir()}
    assert "&#123;région&#125;" in (tmp_path / "carte-bureaux.html").read_text(encoding="utf-8")
