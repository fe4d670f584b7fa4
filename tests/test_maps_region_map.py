"""A map of regions as a page, a part of a page, and a folium map."""

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
from awsd_geo import boundaries, exposure
from awsd_geo.errors import InputError, RequestError
from awsd_geo.maps import MapText, assemble, hotspot_layer, incidents_layer, rate_layer, region_map, share_layer
from awsd_geo.maps.geometry import MOST_VERTICES, dots, label_point, simplify_together, steps

MOST_BYTES = 400_000


@pytest.fixture
def toy_map(toy_regions):
    def make(*names, counts=None, text=None, regions=None, **options):
        frame = toy_regions(*names) if regions is None else regions
        values = pd.Series(counts or range(len(frame)), frame.index, name="incidents")
        return region_map(frame, [incidents_layer(values)], text=text or MapText("T"), **options)

    return make


def full_map(vintage="2016", lang="en", level=1):
    """All layers, neighbours and towns of Mali, with made-up counts."""
    regions = awsd_geo.load_regions("MLI", level=level, vintage=vintage)
    counts = pd.Series(np.arange(len(regions)) % 7, regions.index, name="incidents")
    gi = pd.DataFrame({"label": "not significant", "value": 0.5, "p_value": 0.4, "q_value": 0.6}, index=regions.index)
    residents = exposure.denominator(regions, "population")
    layers = [
        incidents_layer(counts, lang),
        share_layer(pd.DataFrame({"share": counts / counts.sum()}), lang),
        rate_layer(counts, residents, lang),
        hotspot_layer(gi, lang),
    ]
    around, towns = boundaries.neighbours("MLI"), boundaries.towns("MLI")
    return region_map(regions, layers, text=MapText("Mali"), lang=lang, neighbours=around, towns=towns)


def contents(page):
    return json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)[1])


@pytest.mark.parametrize("vintage", ["1991", "2016", "2023"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_page_of_mali_with_all_layers_is_at_most_400_kb(vintage, lang):
    assert len(full_map(vintage, lang).html().encode()) <= MOST_BYTES


def test_two_processes_write_the_same_bytes():
    code = (
        "import hashlib, pandas as pd, awsd_geo\n"
        "from awsd_geo.maps import MapText, incidents_layer, region_map\n"
        "regions = awsd_geo.load_regions('MLI', level=1, vintage='2016')\n"
        "layer = incidents_layer(pd.Series(range(len(regions)), regions.index))\n"
        "drawn = region_map(regions, [layer], text=MapText('Mali'))\n"
        "for text in (drawn.html(), drawn.folium_map.get_root().render()):\n"
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
    drawn = toy_map("A", "B").folium_map
    assert isinstance(drawn, folium.Map)
    text = drawn.get_root().render()
    assert not re.search(r"<(script|link|img)[^>]*\s(src|href)=", text)
    assert text.count("L.map(") - text.count("L.map=") == 1
    assert re.findall(r'id="(map_[0-9a-f]+)"', text) == [drawn.get_name()]


def test_shapes_can_be_added_to_the_folium_map(toy_map):
    drawn = toy_map("A", "B").folium_map
    folium.CircleMarker([0.5, 0.5]).add_to(drawn)
    assert "L.circleMarker(" in drawn.get_root().render()


def test_no_text_of_the_data_is_compiled_by_jinja(toy_regions):
    name = "{{7*7}}{% raw %}{# x #}"
    regions = toy_regions(name, "B")
    drawn = region_map(regions, [incidents_layer(pd.Series([1, 2], regions.index))], text=MapText(name))
    for text in (drawn.folium_map.get_root().render(), drawn.html()):
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
    assert len(ids) == len(set(ids)) == 8
    assert "<h1" not in one.body


def test_a_saved_page_is_the_page(toy_map, tmp_path):
    drawn = toy_map("A")
    assert drawn.save(tmp_path / "map.html").read_text(encoding="utf-8") == drawn.html()


def test_a_notebook_gets_a_sandboxed_frame(toy_map):
    frame = toy_map("A")._repr_html_()
    assert 'sandbox="allow-scripts"' in frame
    assert frame.count("<") == 2


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


def test_outlines_are_steps_from_vertex_to_vertex_holes_included():
    ring = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)], [[(0.2, 0.2), (0.2, 0.4), (0.4, 0.4)]])
    assert steps(ring) == [[[0, 0, 10000, 0, 0, 10000, -10000, 0], [2000, 2000, 0, 2000, 2000, 0]]]


def test_a_speck_below_the_resolution_is_left_out():
    assert steps(shapely.box(0, 0, 0.00001, 0.00001)) == []


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
    assert drawn["neighbours"][0]["name"] == "Algérie"
    first = drawn["neighbours"][0]["rings"][0][0][:2]
    assert all(abs(value) <= 100_000 for value in first)


def test_results_by_region_explore_as_a_folium_map(toy_regions):
    from awsd_geo.statistics import concentration

    regions = toy_regions("A", "B", "C")
    found = concentration(pd.Series([8, 1, 0], regions.index, name="incidents"))
    drawn = found.explore(regions)
    assert isinstance(drawn, folium.Map)
    assert contents(drawn.get_root().render())["layers"][0]["shown"] == ["88.9%", "11.1%", "0%"]


def test_the_page_of_one_region_is_pinned_by_its_digest_of_ids_only(toy_map):
    drawn = toy_map("A")
    data = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', drawn.body, re.DOTALL)[1]
    marked = "\n".join(["en", "final", repr(MapText("T")), data])
    assert drawn.ident == hashlib.sha256(marked.encode()).hexdigest()[:10]
