"""Places of one's own: what a file may hold, what it is refused for, and what it changes."""

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.geocoding.gazetteer import Gazetteer
from awsd_geo.geocoding.names import place_names

FILE = "name,latitude,longitude,parent,alternate_names\nHamlet,0.5,1.5,,Hameau|Dorp\nLonely,,,West,\n"


@pytest.fixture
def gazetteer(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(FILE, encoding="utf-8")
    return Gazetteer.read(path, complete=True)


def test_a_place_of_a_file_is_known_by_each_of_its_names(gazetteer, toy_regions, toy_incidents):
    table = toy_incidents(city=["Hamlet", "hameau", "DORP", "Lonely", "Nowhere"], coordinate_issue=["missing"] * 5)
    located = ag.geocode(table, toy_regions("West", "East"), gazetteer=gazetteer)
    assert located["region_id"].fillna("").tolist() == ["TOY-east", "TOY-east", "TOY-east", "TOY-west", ""]


def test_an_incomplete_list_makes_likely_but_not_sure(gazetteer, toy_regions):
    names = place_names(toy_regions("West", "East"), Gazetteer(gazetteer.settlements))
    reading = names.read((None, None, "Hamlet"))
    assert (reading.likely, reading.ambiguous) == ({"TOY-east"}, True)


def test_a_place_with_a_point_outside_every_unit_is_not_known(toy_regions):
    table = pd.DataFrame({"name": ["Far"], "latitude": [50.0], "longitude": [50.0]})
    names = place_names(toy_regions("West"), Gazetteer.of(table, complete=True))
    assert names.read((None, None, "Far")).unknown == ("Far",)


def test_towns_of_a_country_can_be_left_out():
    regions = ag.load_regions("MLI", level=2, vintage="2016")
    own = pd.DataFrame({"name": ["Sévaré"], "latitude": [16.27], "longitude": [-0.05]})  # in Gao, on purpose
    assert place_names(regions).read((None, None, "Sévaré")).likely == {"MLI-2016-cercle-mopti"}
    both = place_names(regions, Gazetteer.of(own)).read((None, None, "Sévaré"))
    assert both.likely == {"MLI-2016-cercle-mopti", "MLI-2016-cercle-gao"}
    alone = place_names(regions, Gazetteer.of(own, instead=True)).read((None, None, "Sévaré"))
    assert alone.likely == {"MLI-2016-cercle-gao"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,latitude\nA,1\n", "lacks longitude. A gazetteer has name, latitude, longitude."),
        ("name,latitude,longitude\n,1,1\n", "row 2: the name is empty. Give it or take the row out."),
        ("name,latitude,longitude\nA,1,1\nB,,\n", "row 3: 'B' has neither a point nor a parent. Give one of them."),
        ("name,latitude,longitude\nA,north,1\n", "row 2: latitude is 'north'; it must be degrees from -90 to 90."),
        ("name,latitude,longitude\nA,1,181\n", "row 2: longitude is '181'; it must be degrees from -180 to 180."),
        ("name,latitude,longitude\nA,inf,1\n", "row 2: latitude is 'inf'; it must be degrees from -90 to 90."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_row(tmp_path, text, message):
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ag.InputError) as refused:
        Gazetteer.read(path)
    assert str(path) in str(refused.value)
    assert message in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ag.InputError, match="cannot be read as a gazetteer"):
        Gazetteer.read(tmp_path / "none.csv")


def test_a_frame_of_ones_own_knows_its_spellings(toy_regions, toy_incidents):
    regions = toy_regions("West", "East").assign(name_fr=["Ouest-du-Pays", None], spellings=["", "Levant|Orient"])
    table = toy_incidents(region=["Ouest du pays", "levant", "ORIENT"], coordinate_issue=["missing"] * 3)
    assert ag.geocode(table, regions)["region_id"].tolist() == ["TOY-west", "TOY-east", "TOY-east"]
