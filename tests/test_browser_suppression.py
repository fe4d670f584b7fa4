"""Pages with suppressed numbers in a browser: what is hidden looks hidden, at every position of the slider."""

import pytest

import awsd_geo as ag
from awsd_geo.language import words
from awsd_geo.report import pdf

LANGUAGES = ("en", "fr")
pytestmark = pytest.mark.browser

WORDS = {
    lang: (words(lang)["map"]["suppressed"]["text"], words(lang)["alert"]["chart"]["hidden"]) for lang in LANGUAGES
}


@pytest.fixture(scope="module")
def made():
    return ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2016", data="own")


@pytest.fixture
def open_page(visit, made, tmp_path):
    def open_one(name, lang="en", **options):
        made.save(tmp_path, lang=lang)
        page = visit(tmp_path / name, **options)
        page.wait_for_selector("[data-ready=true]")
        return page

    return open_one


def _to(page, place):
    page.locator("input[type=range]").evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }",
        str(place),
    )


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_alert_says_suppressed_and_no_cell_of_its_tables_is_empty(open_page, lang):
    word, mark = WORDS[lang]
    page = open_page("alert.html", lang)
    assert mark in page.locator(".places .small").first.inner_text()
    assert word in page.locator(".awsd-legend").inner_text()
    for row in page.locator(".places tbody tr:not(.unlocated):not(.paper)").all():
        texts = row.locator("td").all_inner_texts()
        assert all(text.strip() for text in texts), texts
    gao = page.locator(".places tr", has_text="Gao").first.locator("td")
    assert [text.strip() for text in gao.all_inner_texts()[:4]] == [mark] * 4
    assert page.locator(".chart .count").all_text_contents()[:3] == [mark] * 3
    assert page.locator(".chart rect.bar").count() == 3  # 2020, 2021 and 2022 alone have a bar


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_map_hides_at_every_position_of_the_slider(open_page, made, lang):
    word, _ = WORDS[lang]
    page = open_page("map.html", lang)
    table, units = made.release, list(made.release.regions.index)
    for place, when in enumerate(["total", *table.span]):
        _to(page, place)
        rows = page.locator(".awsd-table tbody tr")
        for row, unit in zip(rows.all(), units, strict=True):
            number = table.number(unit, when)
            assert row.locator("td").first.inner_text() == (word if number is None else str(number))
        for name, unit in zip(table.regions["name"], units, strict=True):
            label = page.locator(f"path[aria-label^='{name},']").first.get_attribute("aria-label")
            assert label.endswith(word) == (table.number(unit, when) is None), label
            filled = page.locator(f"path[aria-label^='{name},']").first.get_attribute("fill")
            assert filled.startswith("url(#") == (table.number(unit, when) is None), name


def test_the_panel_ranks_nothing_and_its_bars_are_hatched_where_hidden(open_page):
    page = open_page("map.html")
    bars = page.locator(".awsd-bars rect")
    hatched = [bars.nth(place).get_attribute("fill") for place in range(6)]
    # In 2017 no region has an incident; of the sums of all other years a part is hidden.
    assert [bool(fill and fill.startswith("url(#")) for fill in hatched] == [False] + [True] * 5
    assert page.locator(".awsd-bars").get_attribute("aria-label").count("suppressed") == 5
    page.locator("path[aria-label^='Mopti,']").first.dispatch_event("click")
    assert page.locator(".awsd-rank").inner_text() == "Incidents: 31"
    said = page.locator(".awsd-bars").get_attribute("aria-label")
    assert said.endswith("2017: 0, 2018: suppressed, 2019: suppressed, 2020: suppressed, 2021: 8, 2022: suppressed")
    fills = [page.locator(".awsd-bars rect").nth(place).get_attribute("fill") for place in range(6)]
    assert [bool(fill) for fill in fills] == [False, True, True, True, False, True]


def test_what_is_downloaded_hides_the_same(open_page):
    page = open_page("map.html")
    with page.expect_download() as found:
        page.locator("button[data-kind=csv]").click()
    text = found.value.path().read_text(encoding="utf-8-sig")
    line = next(line for line in text.splitlines() if line.startswith(("Gao", '"Gao')))
    assert line.count("suppressed") >= 3


def test_the_legend_names_what_is_hidden_in_single_years_only(visit, tmp_path):
    import runpy
    from pathlib import Path

    helpers = runpy.run_path(str(Path(__file__).with_name("suppression_pairs.py")))
    grid = [[9, 8, 3, 20], [5, 0, 2, 5], [6, 5, 7, 9], [0, 0, 0, 0], [7, 6, 5, 6], [8, 2, 7, 5], [0, 0, 0, 0]]
    alert = ag.alert(helpers["incidents"](grid), country="MLI", years=(2019, 2022), vintage="2016", data="own")
    assert alert.release.complete
    page = visit(alert.map().save(tmp_path / "map.html"))
    page.wait_for_selector("[data-ready=true]")
    assert "suppressed" in page.locator(".awsd-legend").inner_text()


def test_a_phone_shows_it_without_scrolling_sideways(open_page):
    page = open_page("alert.html", "fr", width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_it_prints_on_one_page(made, lang):
    assert pdf.pages(made.pdf(lang=lang)) == 1
