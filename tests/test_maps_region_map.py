"""A map of regions as a page, a part of a page, and a folium map."""

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import awsd_geo
from awsd_geo import boundaries, exposure, maps, statistics, weights
from awsd_geo.errors import InputError, RequestError
from awsd_geo.maps import MapText, assemble, incidents_layer, region_map
from awsd_geo.maps.arcs import decode
from awsd_geo.maps.geometry import MOST_VERTICES, dots, inner_lines, label_point, simplify_together

# Bytes of a page with all layers, years, neighbours, towns and table, plain and gzipped: 11, 20, 50 and 701 units.
BUDGETS = {
    (1, "2016"): (300_000, 90_000),
    (1, "2023"): (320_000, 96_000),
    (2, "2016"): (450_000, 120_000),
    (3, "2016"): (1_500_000, 300_000),
}


@pytest.fixture
def toy_map(toy_regions):
    def make(*names, counts=None, text=None, regions=None, **options):
        frame = toy_regions(*names) if regions is None else regions
        values = pd.Series(counts or range(len(frame)), frame.index, name="incidents")
        return region_map(frame, [incidents_layer(values)], text=text or MapText("T"), **options)

    return make


def full_map(vintage="2016", lang="en", level=1):
    """All layers for the public, years, neighbours and towns of Mali, with made-up counts."""
    regions = awsd_geo.load_regions("MLI", level=level, vintage=vintage)
    index = pd.MultiIndex.from_product([regions.index, range(2017, 2023)], names=["region_id", "year"])
    incidents = np.random.default_rng(1).poisson(np.repeat(np.arange(len(regions)) % 7 / 3, 6))
    counts = pd.DataFrame({"incidents": incidents, "victims": 2 * incidents}, index=index)
    adjacency, total = weights.adjacency(regions), counts["incidents"]
    layers = [
        maps.incidents_layer(counts, lang),
        maps.share_layer(statistics.concentration(total).table, lang),
        maps.rate_layer(counts, exposure.denominator(regions, "population"), lang),
        maps.clusters_layer(statistics.scan(total, regions, replicates=99), lang),
        maps.hotspot_layer(statistics.getis_ord(total, adjacency).table, lang),
        maps.local_moran_layer(statistics.local_moran(total, adjacency, permutations=99).table, lang),
        maps.change_layer(counts, 2020, lang),
        maps.count_change_layer(counts, 2020, lang),
    ]
    around, towns = boundaries.neighbours("MLI"), boundaries.towns("MLI")
    text = MapText("Mali", finding="F" * 200, subtitle="S" * 80, notes=("N" * 200,), sources=("O" * 200,))
    return region_map(regions, layers, text=text, lang=lang, neighbours=around, towns=towns)


def contents(page):
    return json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)[1])


@pytest.mark.parametrize(
    ("level", "vintage", "lang"),
    [(1, "2016", "en"), (1, "2016", "fr"), (1, "2023", "fr"), (2, "2016", "fr"), (3, "2016", "en")],
)
def test_pages_with_all_layers_and_years_keep_to_their_budgets(level, vintage, lang):
    page = full_map(vintage, lang, level).html().encode()
    plain, zipped = BUDGETS[level, vintage]
    assert len(page) <= plain
    assert len(gzip.compress(page, 9)) <= zipped


def test_two_processes_write_the_same_bytes():
    code = (
        "import hashlib, pandas as pd, awsd_geo\n"
        "from awsd_geo.maps import MapText, incidents_layer, region_map\n"
        "regions = awsd_geo.load_regions('MLI', level=1, vintage='2016')\n"
        "index = pd.MultiIndex.from_product([regions.index, [2020, 2021]], names=['region_id', 'year'])\n"
        "layer = incidents_layer(pd.Series(range(len(index)), index))\n"
        "drawn = region_map(regions, [layer], text=MapText('Mali'))\n"
        "for text in (drawn.html(), drawn.to_folium().get_root().render()):\n"
        "    print(hashlib.sha256(text.encode()).hexdigest())\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_a_map_says_the_same_each_time_it_is_asked(toy_map):
    drawn = toy_map("A", "B")
    assert drawn.html() == drawn.html()
    assert drawn.fragment() == drawn.fragment()


def test_maps_that_differ_have_ids_that_differ(toy_map):
    assert toy_map("A", "B").ident != toy_map("A", "C").ident


def test_it_is_a_real_folium_map_that_loads_nothing(toy_map):
    drawn = toy_map("A", "B").to_folium()
    assert isinstance(drawn, folium.Map)
    text = drawn.get_root().render()
    assert not re.search(r"<(script|link|img)[^>]*\s(src|href)=", text)
    assert text.count("L.map(") - text.count("L.map=") == 1
    assert re.findall(r'id="(map_[0-9a-f]+)"', text) == [drawn.get_name()]


def test_shapes_can_be_added_to_the_folium_map(toy_map):
    drawn = toy_map("A", "B").to_folium()
    folium.CircleMarker([0.5, 0.5]).add_to(drawn)
    assert "L.circleMarker(" in drawn.get_root().render()


def test_no_text_of_the_data_is_compiled_by_jinja(toy_regions):
    name = "{{7*7}}{% raw %}{# x #}"
    regions = toy_regions(name, "B")
    drawn = region_map(regions, [incidents_layer(pd.Series([1, 2], regions.index))], text=MapText(name))
    for text in (drawn.to_folium().get_root().render(), drawn.html()):
        assert "49" not in re.sub(r"<style>.*?</style>|<script>.*?</script>|[0-9a-f]{10}", "", text, flags=re.DOTALL)
        assert contents(text)["regions"][0]["name"] == name
        assert "&#123;&#123;7*7}}&#123;% raw %}&#123;# x #}" in text


def test_a_part_stands_in_another_page_beside_another_part(toy_map):
    one, other = toy_map("A", "B").fragment(), toy_map("A", "C").fragment()
    text = assemble(
        title="Both",
        lang="en",
        head_css=[*one.css, *other.css],
        body=one.body + other.body,
        scripts=[*one.scripts, *other.scripts],
    )
    assert text.count("Leaflet 1.9") == 1
    ids = re.findall(r'\sid="([^"]*)"', one.body + other.body)
    assert len(ids) == len(set(ids)) == 12
    assert "<h1" not in one.body


def test_a_saved_page_is_the_page(toy_map, tmp_path):
    drawn = toy_map("A")
    assert drawn.save(tmp_path / "map.html").read_text(encoding="utf-8") == drawn.html()


def test_a_notebook_gets_a_sandboxed_frame(toy_map):
    frame = toy_map("A")._repr_html_()
    assert 'sandbox="allow-scripts allow-downloads"' in frame
    assert frame.count("<") == 2  # its own tags only
    assert '">T. (The page itself' in frame  # what is read where frames are taken away


def test_the_table_below_holds_every_number_and_the_notes_stand_under_the_map(toy_regions):
    regions = toy_regions("A & B", "C").assign(kind=["region", "district"])
    regions.attrs |= {"approximate": True, "note": "Drawn by former units.", "valid_from": "2016-01-19"}
    regions.attrs["notice_short"] = "Boundaries: the office, CC BY 4.0"
    counts = pd.DataFrame({"incidents": [31, 0], "victims": [78, 0]}, index=regions.index)
    counts.attrs = {"located": 31, "total": 33}
    text = MapText("T", finding="F", subtitle="S", notes=("N",), sources=("Office (2025)",))
    page = region_map(regions, [incidents_layer(counts)], text=text, status="example").html()
    assert '<tr><th scope="row">A &amp; B</th><td>31</td><td>78</td></tr>' in page
    assert "<li>N</li><li>2 of 33 incidents could not be placed and are not on the map.</li>" in page
    assert "<li>Drawn by former units.</li></ul>" in page
    assert "Sources: Office (2025). Boundaries: the office, CC BY 4.0. Boundaries in force since 2016." in page
    assert "imply no opinion on the legal status of any territory" in page
    assert "<strong>EXAMPLE DATA</strong>" in page
    assert [region["kind"] for region in contents(page)["regions"]] == ["Region", "District"]


def test_a_provisional_french_page_says_so_and_a_final_one_has_no_banner(toy_map):
    assert "<strong>PROVISOIRE</strong>" in toy_map("A", lang="fr", status="provisional").html()
    assert '<p class="awsd-banner' not in toy_map("A").html()


def test_regions_without_a_row_are_no_data(toy_regions):
    regions = toy_regions("A", "B")
    layer = incidents_layer(pd.Series([4], regions.index[:1]))
    drawn = contents(region_map(regions, [layer], text=MapText("T")).html())["layers"][0]
    assert drawn["index"] == [1, -1]
    assert drawn["shown"] == ["4", "no data"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"status": "draft"}, RequestError, "no status 'draft'. Choose one of final, provisional, example"),
        ({"lang": "de"}, RequestError, "no language 'de'"),
        ({"layers": []}, RequestError, "A map needs at least one layer"),
        ({"twice": True}, RequestError, "Two layers have one key among incidents, incidents"),
        ({"other": True}, InputError, "has the region 'X', which the frame lacks"),
        ({"crs": 3857}, InputError, "not in EPSG:4326"),
        ({"empty": True}, InputError, "The region TOY-b has no area to draw"),
    ],
)
def test_what_makes_no_map_is_refused(toy_regions, change, error, message):
    regions = toy_regions("A", "B")
    layers = change.get("layers", [incidents_layer(pd.Series([1, 2], regions.index))])
    if "twice" in change:
        layers *= 2
    if "other" in change:
        layers = [incidents_layer(pd.Series([1], ["X"]))]
    if "crs" in change:
        regions = regions.set_crs(3857, allow_override=True)
    if "empty" in change:
        regions.loc["TOY-b", "geometry"] = shapely.Polygon()
    options = {name: value for name, value in change.items() if name in {"status", "lang"}}
    with pytest.raises(error, match=message):
        region_map(regions, layers, text=MapText("T"), **options)


def test_many_vertices_are_simplified_together_so_that_no_gap_opens():
    # Two halves of a disc with a wavy common line of 12,001 vertices: after simplifying they still fit.
    y = np.linspace(0, 1, 12_001)
    line = np.column_stack([0.05 * np.sin(40 * y), y])
    left = shapely.Polygon([*line, (-1, 1), (-1, 0)])
    right = shapely.Polygon([*line, (1, 1), (1, 0)])
    simple = simplify_together([left, right])
    assert shapely.get_num_coordinates(simple).sum() <= MOST_VERTICES
    assert shapely.coverage_is_valid(simple)


def test_a_label_stands_inside_its_region_even_where_the_centroid_does_not():
    ring = shapely.Polygon([(0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (1, 1), (1, 4), (0, 4)])
    lat, lon = label_point(ring)
    assert not ring.contains(ring.centroid)
    assert ring.contains(shapely.Point(lon, lat))


def test_towns_are_the_largest_without_suburbs_and_spelt_as_their_region():
    towns = pd.DataFrame(
        {
            "name": ["Small", "Timbuktu", "Suburb", "Big", "Abroad"],
            "lat": [1, 4, 8.1, 8, 50],
            "lon": [1, 4, 8.1, 8, 50],
            "population": [10, 100, 500, 1000, 9999],
            "alternate_names": [(), ("Tombouctou", "Tombuctu"), (), (), ()],
        }
    )
    assert [town["name"] for town in dots(towns, (0, 0, 10, 10), ["Tombouctou"])] == ["Big", "Tombouctou", "Small"]
    with pytest.raises(InputError, match="The table of towns lacks the column lat"):
        dots(pd.DataFrame({"name": ["A"]}), (0, 0, 1, 1))


def test_neighbours_are_cut_to_the_view_and_named_in_the_language_of_the_page(toy_map):
    around = gpd.GeoDataFrame(
        {"name": ["Algeria"], "name_fr": ["Algérie"]}, geometry=[shapely.box(-90, 1, 90, 80)], crs=4326
    )
    drawn = contents(toy_map("A", "B", neighbours=around, lang="fr").html())
    around = drawn["neighbours"]
    assert [unit["name"] for unit in around["units"]] == ["Algérie"]
    first = decode(around["arcs"][0])[:2]
    assert all(abs(value) <= 100_000 for value in first)


def test_results_by_region_explore_as_a_folium_map(toy_regions):
    from awsd_geo.statistics import concentration

    regions = toy_regions("A", "B", "C")
    found = concentration(pd.Series([8, 1, 0], regions.index, name="incidents"))
    drawn = found.explore(regions)
    assert isinstance(drawn, folium.Map)
    assert contents(drawn.get_root().render())["layers"][0]["shown"] == ["88.9%", "11.1%", "0%"]


def test_scans_smoothed_rates_and_local_moran_explore_with_layers_of_their_own(toy_regions):
    regions = toy_regions("A", "B", "C", "D", "E", "F")
    counts = pd.Series([9, 8, 1, 0, 0, 1], regions.index, name="incidents")
    residents = pd.Series(1e5, regions.index)
    results = {
        "clusters": statistics.scan(counts, regions, replicates=99),
        "rate": statistics.smoothed_rates(counts, residents),
        "hotspot": statistics.getis_ord(counts, weights.adjacency(regions)),
    }
    for key, found in results.items():
        page = found.explore(regions).get_root().render()
        assert [layer["key"] for layer in contents(page)["layers"]] == [key]


def test_the_page_of_one_region_is_pinned_by_its_digest_of_ids_only(toy_map):
    drawn = toy_map("A")
    data = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', drawn.body, re.DOTALL)[1]
    marked = "\n".join(["en", "final", repr(MapText("T")), data])
    assert drawn.ident == hashlib.sha256(marked.encode()).hexdigest()[:10]


def by_year(regions, *rows):
    index = pd.MultiIndex.from_product([regions.index, [2020, 2021]], names=["region_id", "year"])
    return pd.Series([value for row in rows for value in row], index, name="incidents")


def test_the_years_have_the_classes_of_the_whole_period_and_the_table_knows_them(toy_regions):
    regions = toy_regions("A", "B", "C")
    page = region_map(regions, [incidents_layer(by_year(regions, (4, 0), (1, 1), (0, 0)))], text=MapText("T")).html()
    data = contents(page)
    layer = data["layers"][0]
    assert data["years"] == [2020, 2021]
    # Values 4, 2 and, by year, 4, 1, 1: classes 1, 2 and 3 to 4. B is in the second; in each year in the first.
    assert [text for _, text, _ in layer["classes"]] == ["0", "1", "2", "3–4"]
    assert layer["index"] == [3, 2, 0]
    assert [year["index"] for year in layer["years"]] == [[3, 1, 0], [0, 1, 0]]
    assert data["yearly"] == {"0": [["4", "1", "0"], ["0", "1", "0"]]}
    assert '<input type="range" id="time-' in page
    assert 'max="2"' in page


def test_a_year_that_a_region_lacks_is_no_data_in_that_year(toy_regions):
    regions = toy_regions("A", "B")
    counts = by_year(regions, (4, 1), (2, 3)).iloc[:3]
    data = contents(region_map(regions, [incidents_layer(counts)], text=MapText("T")).html())
    assert data["layers"][0]["years"][1] == {"index": [1, -1], "values": [1, None], "shown": ["1", "no data"]}
    assert data["yearly"]["0"][1] == ["1", "–"]


def test_without_years_there_is_no_slider(toy_map):
    assert '<input type="range"' not in toy_map("A", "B").html()


def test_lines_of_a_finer_level_are_those_within_one_region(toy_regions):
    finer = toy_regions("A1", "A2", "B1", "B2").assign(parent_id=["A", "A", "B", "B"])
    regions = toy_regions("A", "B")
    regions.geometry = [shapely.box(0, 0, 2, 1), shapely.box(2, 0, 4, 1)]
    ends = [decode(text) for text in inner_lines(finer)]
    assert sorted(line[0] for line in ends) == [10_000, 30_000]  # not 2 degrees east, where A and B meet
    assert len(inner_lines(finer.drop(columns="parent_id"))) == 3
    drawn = region_map(
        regions, [incidents_layer(pd.Series([1, 2], regions.index))], text=MapText("T"), finer=finer
    ).html()
    assert len(contents(drawn)["finer"]) == 2
    assert "Thin lines: units of the next level." in drawn


def test_points_are_refused_but_for_internal_pages_which_say_so_and_hold_nothing_but_coordinates(toy_regions):
    regions = toy_regions("A", "B")
    counts = pd.Series([2, 1], regions.index, name="incidents")
    located = pd.DataFrame({"latitude": [0.5, 0.25, 0.5, None], "longitude": [1.5, 0.5, 1.5, 1], "details": "secret"})
    located["coordinate_issue"] = ["none", "none", "country_centroid", "missing"]
    for audience in ("public", "partner"):
        with pytest.raises(RequestError, match=f"refused for the audience '{audience}'"):
            maps.points_layer(located, counts, audience=audience)
    with pytest.raises(RequestError, match="no audience 'all'"):
        maps.points_layer(located, counts, audience="all")
    layer = maps.points_layer(located, counts, audience="internal")
    page = region_map(regions, [layer], text=MapText("T")).html()
    assert "<strong>INTERNAL</strong>" in page
    assert "secret" not in page
    drawn = contents(page)
    assert decode(drawn["layers"][0]["points"]) == [5000, 2500, 10000, 2500]  # from west to east, as steps
    assert "2 of 4 incidents have no usable point and no circle." in drawn["layers"][0]["notes"]


def test_an_outline_of_a_region_that_the_frame_lacks_is_refused(toy_regions):
    regions = toy_regions("A")
    layer = maps.Layer("k", "T", pd.Series([1], regions.index), outlines=(maps.Outline("1", ("X",), "x"),))
    with pytest.raises(InputError, match="has the region 'X', which the frame lacks"):
        region_map(regions, [layer], text=MapText("T"))


@pytest.mark.parametrize(("level", "lang", "heading"), [(1, "en", "Region"), (2, "fr", "Cercle"), (3, "en", "Commune")])
def test_the_table_is_headed_by_the_kind_of_its_units(level, lang, heading):
    regions = awsd_geo.load_regions("MLI", level=level, vintage="2016")
    page = region_map(regions, [incidents_layer(pd.Series(0, regions.index))], text=MapText("T"), lang=lang).html()
    assert f'<th scope="col">{heading}</th>' in page
    assert contents(page)["words"]["table_region"] == heading


def test_our_page_and_folium_make_the_map_with_the_same_options(toy_map):
    # The page words what the folium map holds in one way; folium's own wording differs from version to version.
    drawn = toy_map("A", "B")
    ours = re.search(r"L\.map\(\"map_\w+\", \{(.*?)\}\)", drawn.html())[1]
    text = drawn.to_folium().get_root().render()
    theirs = re.search(r"L\.map\(\s*\"map_\w+\",\s*\{(.*?)\n\s*\}\s*\);", text, re.DOTALL)[1]
    options = dict(re.findall(r"(\w+): (\[[^]]*\]|[\w.]+)", ours))
    for name, value in options.items():
        assert re.search(rf'"?\b{name}"?: {re.escape(value)},', theirs), name
    assert len(options) == 8


def test_a_page_draws_the_folium_map_as_it_is(toy_map, monkeypatch):
    drawn, made = toy_map("A", "B"), folium.Map

    def other(**given):
        return made(**given | {"zoom_start": 7, "zoom_control": True, "location": [1, 2]})

    monkeypatch.setattr(folium, "Map", other)
    assert "center: [1.0, 2.0], zoom: 7, zoomControl: true, attributionControl: false" in drawn.html()
