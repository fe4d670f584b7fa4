"""The user's own frames: kept, found again by every step and every command, replaced and removed whole."""

import datetime as dt
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

import awsd_geo as ag
from awsd_geo.boundaries import add, find_country, from_file, load_regions, own_frames, place_names, remove
from awsd_geo.boundaries.own import user_countries, user_vintages
from awsd_geo.boundaries.toml import write_toml
from awsd_geo.errors import InputError, RequestError

SQUARES = {  # four squares in Kenya, two in each of two counties above
    "KE0101": ("Kitui Nord", "KE01", "Kitui", box(37, -1, 38, 0)),
    "KE0102": ("Kitui Sud", "KE01", "Kitui", box(37, -2, 38, -1)),
    "KE0201": ("Tana River", "KE02", "Garissa", box(38, -1, 39, 0)),
    "KE0202": ("Hola", "KE02", "Garissa", box(38, -2, 39, -1)),
}


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """Keep boundaries in a folder of the test's own."""
    monkeypatch.setenv("AWSD_GEO_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def fine(tmp_path):
    """A file of level 2 in the form of OCHA COD-AB."""
    rows = [
        {"ADM2_EN": name, "ADM2_PCODE": code, "ADM1_EN": above, "ADM1_PCODE": key, "geometry": shape}
        for code, (name, key, above, shape) in SQUARES.items()
    ]
    gpd.GeoDataFrame(rows, crs=4326).to_file(tmp_path / "ken_adm2.geojson")
    return tmp_path / "ken_adm2.geojson"


@pytest.fixture
def coarse(tmp_path):
    """A file of level 1 whose codes are not those of the file of level 2."""
    shapes = [box(37, -2, 38, 0), box(38, -2, 39, 0)]
    gpd.GeoDataFrame({"n": ["West", "East"]}, geometry=shapes, crs=4326).to_file(tmp_path / "ken.gpkg")
    return tmp_path / "ken.gpkg"


def read(path, level=2, **options):
    return from_file(path, country="KEN", level=level, vintage="2024", **options)


def test_what_is_kept_is_loaded_again_the_same(fine):
    given = read(fine)
    paths = add(given)
    found = load_regions("KEN", level=2, vintage="2024")
    assert found.index.tolist() == given.index.tolist()
    assert found.index[0] == "KEN-2024-district-KE0101"
    assert found["name"].tolist() == given["name"].tolist()
    assert found["pcode_2024"].tolist() == list(SQUARES)
    assert found["parent_id"].tolist() == ["KEN-2024-KE01", "KEN-2024-KE01", "KEN-2024-KE02", "KEN-2024-KE02"]
    assert shapely.equals(found.geometry.to_numpy(), given.geometry.to_numpy()).all()
    assert "ken_adm2.geojson (form: OCHA COD-AB), given by the user" in found.attrs["notice"]
    assert found.attrs["valid_from"] == "2024-01-01"
    assert [path.name.split(".")[0] for path in paths] == ["level_2", "level_1"]


def test_levels_above_that_the_file_names_are_made_by_joining(fine):
    add(read(fine))
    above = load_regions("KEN", level=1, vintage="2024")
    assert above["name"].to_dict() == {"KEN-2024-KE01": "Kitui", "KEN-2024-KE02": "Garissa"}
    assert shapely.equals(above.geometry.to_numpy(), [box(37, -2, 38, 0), box(38, -2, 39, 0)]).all()
    listed = own_frames().set_index("level")
    assert listed["made"].to_dict() == {1: "joined from level 2", 2: "given"}
    assert listed["units"].to_dict() == {1: 2, 2: 4}


def test_a_level_that_is_given_later_takes_the_place_of_the_joined_one(fine, coarse):
    """Its codes are others, so each unit is given to the unit above that holds a point of it."""
    add(read(fine))
    add(read(coarse, level=1, name_column="n"))
    assert load_regions("KEN", level=1, vintage="2024")["name"].tolist() == ["East", "West"]
    below = load_regions("KEN", level=2, vintage="2024")
    assert below["parent_id"].tolist() == ["KEN-2024-west"] * 2 + ["KEN-2024-east"] * 2


def test_the_order_in_which_levels_are_added_makes_no_difference(fine, coarse):
    add(read(coarse, level=1, name_column="n"))
    add(read(fine))
    first = load_regions("KEN", level=2, vintage="2024")
    remove("KEN", "2024")
    add(read(fine))
    add(read(coarse, level=1, name_column="n"))
    assert load_regions("KEN", level=2, vintage="2024").drop(columns="geometry").equals(first.drop(columns="geometry"))


def test_names_of_units_and_of_those_above_are_place_names(fine):
    add(read(fine))
    names = place_names("KEN", vintage="2024").set_index("name")["cells"]
    assert names["Hola"] == ("KE0202",)
    assert names["Kitui"] == ("KE0101", "KE0102")


def test_incidents_are_placed_in_own_units_by_text_and_by_point(fine, toy_incidents):
    add(read(fine))
    table = toy_incidents(
        country=["Kenya"] * 3, country_code=["KE"] * 3, iso3=["KEN"] * 3, region=["Garissa", None, "Kitui"],
        district=["Hola", None, None], latitude=[None, -0.5, -1.5], longitude=[None, 37.5, 37.5],
    )  # fmt: skip
    located = ag.geocode(table, load_regions("KEN", level=2, vintage="2024"))
    assert located["region_id"].tolist() == [
        "KEN-2024-district-KE0202",
        "KEN-2024-district-KE0101",
        "KEN-2024-district-KE0102",
    ]


def test_boundaries_that_are_not_kept_can_be_used_all_the_same(fine, toy_incidents):
    """Also by the names of the units above that their file gives; Kitui has two units, and the point chooses."""
    table = toy_incidents(
        country=["Kenya"] * 2, country_code=["KE"] * 2, iso3=["KEN"] * 2, region=["Garissa", "Kitui"],
        district=["Tana River", None], latitude=[None, -1.5], longitude=[None, 37.5],
    )  # fmt: skip
    located = ag.geocode(table, read(fine))
    assert located["region_id"].tolist() == ["KEN-2024-district-KE0201", "KEN-2024-district-KE0102"]
    assert located["matched_by"].tolist() == ["text", "text+point"]
    assert own_frames().empty


def test_a_frame_is_the_default_from_its_first_day_on(fine):
    add(read(fine), valid_from=dt.date(2024, 7, 1))
    assert load_regions("KEN", on=dt.date(2024, 6, 30)).attrs["vintage"] == "world"
    assert load_regions("KEN", on=dt.date(2024, 7, 1)).attrs["vintage"] == "2024"
    assert find_country("Kenya").vintages[-1].valid_from == dt.date(2024, 7, 1)


def test_a_level_is_replaced_only_if_told_and_the_old_file_is_gone(fine, data):
    add(read(fine))
    with pytest.raises(RequestError, match=r"Level 2 of the frame 2024 of Kenya was added on .* from ken_adm2.geojson"):
        add(read(fine))
    before = sorted(path.name for path in data.rglob("*"))
    changed = read(fine)
    changed["name"] = changed["name"].str.upper()
    add(changed, replace=True)
    assert load_regions("KEN", level=2, vintage="2024")["name"].tolist()[-1] == "HOLA"
    after = sorted(path.name for path in data.rglob("*"))
    assert len(before) == len(after)
    assert before != after


def test_a_frame_that_comes_with_awsd_geo_is_not_hidden(tmp_path):
    shape = box(-8, 13, -7, 14)
    gpd.GeoDataFrame({"n": ["a"]}, geometry=[shape], crs=4326).to_file(tmp_path / "a.geojson")
    regions = from_file(tmp_path / "a.geojson", country="MLI", level=1, vintage="2016", name_column="n")
    with pytest.raises(RequestError, match=r"Mali has a frame of 2016 that comes with awsd_geo. Name yours otherwise"):
        add(regions)


def test_a_country_that_nobody_knows_needs_a_name(tmp_path):
    gpd.GeoDataFrame({"n": ["a"]}, geometry=[box(0, 0, 1, 1)], crs=4326).to_file(tmp_path / "a.geojson")
    regions = from_file(tmp_path / "a.geojson", country="QZZ", level=1, vintage="2020", name_column="n")
    with pytest.raises(RequestError, match=r"No country QZZ is known. Check the code, or give the country's name"):
        add(regions)
    add(regions, country_name="Freedonia")
    assert find_country("freedonia").iso3 == "QZZ"
    assert load_regions("QZZ")["name"].tolist() == ["a"]
    assert user_countries() == ["QZZ"]


def test_an_alert_can_be_made_of_a_country_that_nobody_knows(tmp_path, toy_incidents):
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    gpd.GeoDataFrame({"n": ["Alpha", "Beta"]}, geometry=shapes, crs=4326).to_file(tmp_path / "a.geojson")
    regions = from_file(tmp_path / "a.geojson", country="QZZ", level=1, vintage="2010", name_column="n")
    add(regions, country_name="Freedonia")
    incidents = toy_incidents(
        year=[2015, 2016, 2017] * 3, region=["Alpha"] * 7 + ["Beta"] * 2, country=["Freedonia"] * 9, iso3=["QZZ"] * 9
    )
    made = ag.alert(incidents, country="Freedonia", years=(2015, 2017), kind="kidnapped")
    assert made.findings["epicentre"]["name"] == "Alpha"
    assert [unit["incidents"] for unit in made.findings["by_region"]] == [7, 2]
    made.save(tmp_path / "out")


def test_a_frame_or_one_level_is_removed(fine, coarse, data):
    add(read(fine))
    add(read(coarse, level=1, name_column="n"))
    assert [path.name.split(".")[0] for path in remove("Kenya", "2024", level=2)] == ["level_2"]
    assert own_frames()["level"].tolist() == [1]
    remove("KEN", "2024")
    assert (user_vintages("KEN"), list((data / "boundaries").iterdir())) == ([], [])
    with pytest.raises(RequestError, match="You have added no boundaries of Kenya, 2024"):
        remove("KEN", "2024")
    with pytest.raises(RequestError, match="You have added no boundaries"):
        remove("KEN", "../..")


def test_with_a_finer_level_its_joined_levels_go_too(fine):
    add(read(fine))
    assert len(remove("KEN", "2024", level=2)) == 2
    assert own_frames().empty


def test_a_damaged_description_is_said_with_what_to_do(fine, data):
    add(read(fine))
    (data / "boundaries/KEN/2024/frame.toml").write_text("vintage = ", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"frame.toml, which describes boundaries of yours, is damaged .* Delete the folder"
    ):
        load_regions("KEN", vintage="2024")
    assert len(load_regions("MLI", vintage="2016")) == 11


def test_a_write_that_fails_leaves_the_frame_as_it_was(fine, data, monkeypatch):
    add(read(fine))
    before = {path.name: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    changed = read(fine)
    changed["name"] = "x"

    def full(*_):
        raise InputError("No space.")

    monkeypatch.setattr("awsd_geo.boundaries.keeping.write_toml", full)
    with pytest.raises(InputError, match="No space"):
        add(changed, replace=True)
    assert before.items() <= {path.name: path.read_bytes() for path in data.rglob("*") if path.is_file()}.items()
    assert "Hola" in load_regions("KEN", level=2, vintage="2024")["name"].tolist()


def test_the_file_is_in_the_form_of_those_that_come_with_awsd_geo(fine, data):
    add(read(fine))
    content = json.loads(next(data.rglob("level_2.*.geojson")).read_text(encoding="utf-8"))
    assert list(content) == ["type", "notice", "features"]
    properties = content["features"][0]["properties"]
    assert properties == {
        "key": "KE0101", "name": "Kitui Nord", "kind": "district", "level_1": "KE01", "pcode_2024": "KE0101",
    }  # fmt: skip


@pytest.mark.parametrize("text", ['a"b\\c', "tab\tnew\nline", "é مبتي 🜁", "\x7f\x01", "[x]\n#", "\ud800"])
def test_any_text_survives_in_toml(text):
    facts = {
        "a": text,
        "b": {"c": [text], "d": {"1": {"e": True, "f": 3, "g": dt.date(2024, 1, 2)}}},
        "h": [{"i": text}],
    }
    expected = text.encode("utf-8", "replace").decode("utf-8")
    read_again = tomllib.loads(write_toml(facts))
    assert read_again["a"] == read_again["b"]["c"][0] == read_again["h"][0]["i"] == expected
    assert read_again["b"]["d"]["1"] == {"e": True, "f": 3, "g": dt.date(2024, 1, 2)}


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text() | st.integers(0) | st.booleans()))
def test_any_facts_survive_in_toml(facts):
    assert tomllib.loads(write_toml(facts)) == facts
    assert tomllib.loads(write_toml({"a": [facts, {"b": [*map(str, facts)]}]})) == {
        "a": [facts, {"b": [*map(str, facts)]}]
    }


def test_a_folder_that_may_not_be_read_is_said(data, monkeypatch):
    (data / "boundaries").mkdir(parents=True)

    def locked(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", locked)
    with pytest.raises(InputError, match=r"with boundaries of yours, cannot be read \(Permission denied\)"):
        user_countries()


# --- the commands -------------------------------------------------------------------------------------------------


def run(*arguments, cwd):
    command = [sys.executable, "-W", "error", "-c", "from awsd_geo.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_add_list_alert_and_remove_as_commands(tmp_path, fine, toy_incidents):
    told = run(
        "boundaries", "add", fine.name, "--country", "KEN", "--level", "2", "--vintage", "2024",
        "--valid-from", "2024-01-01", cwd=tmp_path,
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("4 units of KEN, level 2, frame of 2024.\nWrote ")
    listed = run("boundaries", "list", cwd=tmp_path).stdout
    assert "joined from level 2" in listed
    assert "Frames: world, 2024." in run("regions", "KEN", "--vintage", "2024", "--level", "2", cwd=tmp_path).stdout
    rows = "\n".join(f"{row},{2018 + row % 6},Kenya,KE,Garissa,Hola,1,1,-1.5,38.5" for row in range(12))
    head = "Incident ID,Year,Country,Country Code,Region,District,Total kidnapped,Total affected,Latitude,Longitude\n"
    (tmp_path / "x.csv").write_text(head + rows + "\n", encoding="utf-8")
    ended = run(
        "alert", "x.csv", "--country", "KEN", "--years", "2018:2023", "--vintage", "2024", "--level", "2",
        "--out", "out", cwd=tmp_path,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads((tmp_path / "out/findings.json").read_text(encoding="utf-8"))
    assert found["epicentre"]["region_id"] == "KEN-2024-district-KE0202"
    assert "given by the user" in found["provenance"]["boundaries"]["notice"]
    assert "Deleted" in run("boundaries", "remove", "--country", "KEN", "--vintage", "2024", cwd=tmp_path).stdout
    assert "You have added no boundaries" in run("boundaries", "list", cwd=tmp_path).stdout


def test_a_refused_file_is_one_sentence_exit_2_and_nothing_written(tmp_path, data):
    (tmp_path / "a.geojson").write_text("<OGRVRTDataSource/>", encoding="utf-8")
    ended = run("boundaries", "add", "a.geojson", "--country", "KEN", "--vintage", "2024", cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("awsd-geo: a.geojson is XML or a web page")
    assert ended.stderr.count("\n") == 1
    assert not data.exists()


def test_repairs_are_told(tmp_path):
    shapes = [box(37, -1, 38, 0), box(37.999, -1, 39, 0)]
    gpd.GeoDataFrame({"n": ["a", "b"]}, geometry=shapes, crs=4326).to_file(tmp_path / "a.geojson")
    ended = run(
        "boundaries", "add", "a.geojson", "--country", "Kenya", "--vintage", "2024", "--name-column", "n", cwd=tmp_path
    )
    assert "Note: overlaps of neighbours (1, 12.4 km2 in all) cut: a, b." in ended.stdout


def test_the_how_to_page_runs(tmp_path, monkeypatch, capsys):
    """Its Python is run as it stands; its commands are those that there are."""
    from awsd_geo.cli import boundaries

    page = (Path(__file__).parents[1] / "docs/howto/own-boundaries.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(page.split("```python\n")[1].split("```")[0], {})
    assert "KEN    2013" in capsys.readouterr().out
    assert own_frames().empty
    for command in boundaries.own.registered_commands:
        assert f"boundaries {command.name}" in page
