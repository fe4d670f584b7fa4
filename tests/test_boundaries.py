"""Countries, frames, units: what is shipped, and that it is what the law and other maps say."""

import subprocess
import sys
import tomllib
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
import shapely

import awsd_geo.boundaries.country as country_module
from awsd_geo import schema
from awsd_geo.boundaries import (
    countries,
    default_vintage,
    find_country,
    load_regions,
    membership,
    neighbours,
    place_names,
    towns,
)
from awsd_geo.boundaries.census import residents
from awsd_geo.boundaries.model import WORLD
from awsd_geo.errors import InputError, RequestError
from awsd_geo.exposure import denominator

VINTAGES = {"1991": 9, "2016": 11, "2023": 20}
EVERY_FILE = [(1, "1991"), (1, "2016"), (1, "2023"), (2, "2016"), (3, "2016")]

# km2 of the official outline (Mali's national geography as OCHA publishes it), 2016 frame
OFFICIAL_KM2 = {
    "tombouctou": 206_466,
    "taoudenit": 292_808,
    "kidal": 150_139,
    "kayes": 122_568,
    "gao": 100_705,
    "koulikoro": 90_533,
    "mopti": 79_241,
    "menaka": 77_905,
    "sikasso": 72_002,
    "segou": 61_696,
    "bamako": 246,
}


FOLDERS = [country for country in countries() if country.vintages[0].name != WORLD]


@pytest.mark.parametrize("country", FOLDERS, ids=lambda country: country.iso3)
def test_every_country_folder_keeps_its_promises(country):
    """Walks over all folders by itself, so that a new country is tested without a new test."""
    stated = country.facts["sha256"]
    for vintage in country.vintages:
        for level in country.levels:
            regions = load_regions(country, level=level.number, vintage=vintage.name)
            schema.check(regions, schema.REGIONS)
            assert regions.index.is_unique
            assert regions.index.is_monotonic_increasing
            assert shapely.is_valid(regions.geometry).all()
            assert shapely.coverage_is_valid(regions.geometry.to_numpy())
            whole = shapely.get_parts(shapely.coverage_union_all(regions.geometry.to_numpy()))
            assert len(whole) == country.facts["build"]["cells"].get("parts", 1)
            assert shapely.get_num_interior_rings(whole).sum() == country.facts["build"]["cells"].get("holes", 0)
            assert not regions.duplicated(["name", "parent_id"]).any()
            assert stated[vintage.files[level.number]] == regions.attrs["sha256"][vintage.files[level.number]]
            assert set(regions.index) == set(membership(country)[f"level_{level.number}_{vintage.name}"])
            if level.number > 1:
                above = load_regions(country, level=level.number - 1, vintage=vintage.name)
                assert set(regions["parent_id"]) <= set(above.index)
    for file, digest in stated.items():
        assert sha256((country.folder / file).read_bytes()).hexdigest() == digest, file


def test_frames_follow_one_another_without_a_gap_of_a_day():
    for country in FOLDERS:
        for older, newer in zip(country.vintages, country.vintages[1:], strict=False):
            assert (newer.valid_from - older.valid_to).days == 1
        last = country.vintages[-1]
        assert last.valid_to is None or "not drawn" in last.note  # a reform that we have no lines of


@pytest.mark.parametrize(("vintage", "number"), VINTAGES.items())
def test_mali_has_the_units_of_each_frame(vintage, number):
    regions = load_regions("MLI", vintage=vintage)
    assert len(regions) == number
    assert regions["kind"].value_counts().to_dict() == {"region": number - 1, "district": 1}
    assert regions.loc[f"MLI-{vintage}-bamako", "kind"] == "district"
    assert regions.attrs["approximate"] == (vintage == "2023")
    assert len(load_regions("MLI", level=2, vintage=vintage)) == 50
    assert len(load_regions("MLI", level=3, vintage=vintage)) == 701


@pytest.mark.parametrize(("level", "vintage"), EVERY_FILE)
def test_units_fit_without_gap_or_overlap(level, vintage):
    shapes = load_regions("MLI", level=level, vintage=vintage).geometry.to_numpy()
    whole = shapely.union_all(shapes)
    assert shapely.coverage_is_valid(shapes)
    assert len(whole.interiors) == 0
    assert shapely.area(shapes).sum() == pytest.approx(whole.area, rel=1e-12)


@pytest.mark.parametrize(("level", "vintage"), EVERY_FILE)
def test_files_keep_the_right_hand_rule_and_five_decimals(level, vintage):
    shapes = load_regions("MLI", level=level, vintage=vintage).geometry
    assert all(part.exterior.is_ccw for shape in shapes for part in shapely.get_parts(shape))
    points = shapely.get_coordinates(shapes)
    assert (points == points.round(5)).all()


def test_outlines_keep_the_detail_of_the_source():
    """The recipe gives about 19,265 vertices; dropping crumbs, cleaning again and rounding leave 19,251."""
    shapes = load_regions("MLI", level=3, vintage="2016").geometry
    assert shapely.get_num_coordinates(shapes).sum() == 19_251
    assert len(shapely.get_parts(shapes)) == 702  # one commune has two parts


@pytest.mark.parametrize("vintage", VINTAGES)
def test_every_level_is_made_of_whole_communes(vintage):
    communes = load_regions("MLI", level=3, vintage=vintage)
    for level in (1, 2):
        regions = load_regions("MLI", level=level, vintage=vintage)
        inside = membership("MLI").set_index(f"level_3_{vintage}")[f"level_{level}_{vintage}"]
        for region_id, members in communes.groupby(inside.reindex(communes.index)):
            made = shapely.coverage_union_all(members.geometry.to_numpy())
            assert shapely.equals(made, regions.geometry[region_id]), region_id


def test_areas_are_the_official_ones():
    """Within 2 %, Bamako (246 km2, drawn coarsely) within 5 %."""
    area = denominator(load_regions("MLI", vintage="2016"), "area")
    for key, official in OFFICIAL_KM2.items():
        assert area[f"MLI-2016-{key}"] == pytest.approx(official, rel=0.05 if key == "bamako" else 0.02), key
    assert area.sum() == pytest.approx(1_254_307, rel=0.001)


def test_salam_is_of_taoudenit_though_its_cercle_is_of_tombouctou():
    salam = load_regions("MLI", level=3, vintage="2016").loc["MLI-2016-commune-tombouctou-salam"]
    assert salam["parent_id"] == "MLI-2016-cercle-tombouctou"
    assert salam["level_1_id"] == "MLI-2016-taoudenit"
    cercles = load_regions("MLI", level=2, vintage="2016")
    assert cercles.loc["MLI-2016-cercle-tombouctou", "parent_id"] == "MLI-2016-tombouctou"
    assert "Salam" in cercles.attrs["note"]
    assert "Salam" in cercles.attrs["note_fr"]
    assert "Salam" not in load_regions("MLI", level=2, vintage="1991").attrs["note"]


def test_a_code_is_given_only_where_its_unit_has_that_outline():
    old, middle, new = (load_regions("MLI", vintage=vintage) for vintage in VINTAGES)
    assert middle["iso_3166_2"].notna().all()
    assert middle.loc["MLI-2016-menaka", ["iso_3166_2", "pcode_2021"]].tolist() == ["ML-9", "ML10"]
    assert old.loc["MLI-1991-gao", "pcode_2015"] == "ML07"
    assert old["pcode_2021"].isna()["MLI-1991-gao"]  # the code of 2021 is Gao without Ménaka
    assert new.loc["MLI-2023-bamako", ["pcode_2021", "pcode_2023"]].tolist() == ["ML09", "ML00"]
    assert new["iso_3166_2"].isna()["MLI-2023-mopti"]  # ML-5 is the Mopti of before 2023
    cercles = load_regions("MLI", level=2, vintage="2016")
    assert cercles.loc["MLI-2016-cercle-mopti", ["pcode_2015", "pcode_2021"]].tolist() == ["ML0501", "ML0506"]


def test_attributes_say_what_must_travel_with_the_units():
    attributes = load_regions("MLI", vintage="2016").attrs
    assert attributes["valid_from"] == "2016-01-19"
    assert attributes["valid_to"] == "2023-03-12"
    assert "MLI-ADM3-61693064" in attributes["notice"]
    assert "CC BY 4.0" in attributes["notice_short"]
    assert load_regions("MLI", vintage="2023").attrs["valid_to"] is None


@pytest.mark.parametrize(
    "text", ["MLI", "ml", "Mali", "MALI", " mali ", "République du Mali", "Republic of Mali", "مالي"]
)
def test_a_country_is_found_by_code_and_by_name_in_any_language(text):
    assert find_country(text).iso3 == "MLI"


def test_an_unknown_country_is_refused_with_close_names():
    with pytest.raises(RequestError, match=r"No boundaries for the country 'Malli'\. Did you mean MLI \(Mali\)"):
        find_country("Malli")
    with pytest.raises(
        RequestError, match=r"^No boundaries for the country 'Xanadu'\. There are \d+, each by ISO 3166 code"
    ):
        find_country("Xanadu")


def test_an_unknown_vintage_or_level_is_refused_with_what_there_is():
    with pytest.raises(RequestError, match=r"^Mali has no boundary vintage '2020'. There are: 1991, 2016, 2023\.$"):
        load_regions("MLI", vintage="2020")
    with pytest.raises(
        RequestError, match=r"no boundary level 7. There are: 1 \(region\), 2 \(cercle\), 3 \(commune\)"
    ):
        load_regions("MLI", level=7)


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (date(1997, 1, 1), "1991"),
        (date(2016, 1, 18), "1991"),
        (date(2016, 1, 19), "2016"),
        (date(2023, 3, 12), "2016"),
        (date(2023, 3, 13), "2023"),
    ],
)
def test_the_default_frame_is_the_one_in_force(on, name):
    assert default_vintage("MLI", on).name == name
    assert load_regions("MLI", on=on).attrs["vintage"] == name


def test_a_day_before_the_oldest_frame_is_refused():
    with pytest.raises(RequestError, match="no boundaries for 1985-06-30: the oldest are in force from 1991-08-08"):
        default_vintage("MLI", date(1985, 6, 30))


def test_missing_boundary_files_are_said_to_be_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(country_module, "PLACES", (tmp_path, tmp_path))
    with pytest.raises(InputError, match="No boundary files"):
        countries()


def test_importing_boundaries_is_light():
    code = "import sys, awsd_geo.boundaries; print({'pandas', 'geopandas', 'shapely', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def names_of(folded):
    table = place_names("MLI")
    return table[table["folded"] == folded]


def test_a_name_stands_for_another_set_of_communes_in_another_frame():
    mopti = names_of("mopti").set_index("level")
    regions = mopti.loc["region"]
    assert regions["vintages"].tolist() == [("1991", "2016"), ("2023",)]
    assert [len(cells) for cells in regions["cells"]] == [108, 44]
    assert len(mopti.loc["cercle", "cells"]) == 15
    assert mopti.loc["commune", "cells"] == mopti.loc["town", "cells"] == ("mopti-mopti",)


@pytest.mark.parametrize(
    ("alias", "level", "cells"),
    [
        ("timbuctoo", "commune", ("tombouctou-tombouctou",)),
        ("taoudenie", "region", ("tombouctou-salam",)),
        ("nampala", "commune", ("niono-nampalari",)),
        ("severe", "town", ("mopti-mopti",)),
        ("togue coumbe", "commune", ("tenenkou-toguere-coumbe",)),
    ],
)
def test_aliases_stand_for_what_their_name_stands_for(alias, level, cells):
    found = names_of(alias)
    assert found.loc[found["level"] == level, "cells"].tolist() == [cells]


def test_homonym_communes_are_rows_of_their_own():
    bamba = names_of("bamba")
    assert set(bamba.loc[bamba["level"] == "commune", "cells"]) == {("koro-bamba",), ("bourem-bamba",)}
    diedougou = names_of("diedougou")
    assert (diedougou["level"] == "commune").sum() == 4


def test_every_alias_of_the_folder_is_a_place_name():
    known = set(place_names("MLI")["name"])
    for alias in find_country("MLI").facts["aliases_of"]:
        assert names_of(country_module.fold(alias["name"])).size, alias["name"]
        folded = {country_module.fold(spelling) for spelling in alias["spellings"]}
        assert folded <= set(place_names("MLI")["folded"]), alias
    assert "Timbuktu" in known


def test_towns_lie_in_mali_and_in_the_commune_they_name():
    places = towns("MLI")
    assert len(places) == 92
    communes = load_regions("MLI", level=3, vintage="2016").geometry
    ids = membership("MLI")["level_3_2016"].reindex(places["cell"])
    points = shapely.points(places["lon"], places["lat"])
    assert shapely.intersects(communes[ids].to_numpy(), points).all()
    assert "GeoNames" in places.attrs["notice"]


def test_neighbours_leave_no_gap_around_mali():
    around, outline = neighbours("MLI"), shapely.union_all(load_regions("MLI", vintage="2016").geometry)
    assert set(around.index[around["adjacent"]]) == {"DZA", "BFA", "CIV", "GIN", "MRT", "NER", "SEN"}
    assert around.is_valid.all()
    window = shapely.union_all([*around.geometry, outline])
    holes = [ring for part in shapely.get_parts(window) for ring in part.interiors]
    assert sum(hole.area for hole in map(shapely.Polygon, holes) if hole.distance(outline) == 0) * 111**2 < 1  # km2
    # With 3 degrees around Mali is 20.8 tall (7.1 to 28). A window 1.7 times as wide as tall is 35.4 / cos 17.6 = 37.1
    # degrees wide and ends 18.6 east of the middle, -4.0; west of it is ocean. The coarse lines end near its edge.
    _, south, east, north = around.total_bounds
    assert east == pytest.approx(14.6, abs=0.1)
    assert south < 7.1
    assert north > 28
    assert (find_country("MLI").folder / "neighbours.geojson").stat().st_size <= 40_000


def test_the_census_sums_to_the_printed_total_in_every_frame():
    """22,395,488 is the sum of the twenty printed rows (the printed total is one more)."""
    for vintage, number in VINTAGES.items():
        people = residents("MLI", vintage=vintage)
        assert people.sum() == 22_395_488
        assert len(people) == number
        assert sum(people.attrs["estimated"].values()) == 941_335


def test_the_readme_of_the_boundaries_carries_the_notice_of_every_country():
    top = Path(__file__).parents[1]
    for path in (top / "boundaries").glob("*/country.toml"):
        notice = tomllib.loads(path.read_text(encoding="utf-8"))["notice"]["long"]
        assert notice in (top / "boundaries" / "README.md").read_text(encoding="utf-8")
        assert notice in (top / "DATA-LICENSE.md").read_text(encoding="utf-8")


def test_airport_codes_are_no_place_names():
    assert not set(place_names("MLI")["folded"]) & {"tom", "bko", "nrm", "mzi"}
