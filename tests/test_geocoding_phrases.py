"""Place phrases, on a toy map of one-degree squares: where each may be, worked out by hand (0.1 degree is 11 km)."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from awsd_geo.geocoding.gazetteer import Gazetteer, Settlement
from awsd_geo.geocoding.names import place_names
from awsd_geo.geocoding.phrases import parts_of

TOWNS = Gazetteer(
    (
        Settlement("Alpha", 0.5, 0.5),  # West
        Settlement("Beta", 1.5, 0.5),  # Middle
        Settlement("Gamma", 2.5, 0.5),  # East
        Settlement("Delta", 0.2, 0.2),  # West
        Settlement("Port Omega", 2.2, 0.2),  # East
        Settlement("Twin", 0.8, 0.8),  # West ...
        Settlement("Twin", 2.8, 0.8),  # ... and East
    ),
    complete=True,
)


def frame(*units):
    index = pd.Index([f"TOY-{name.lower()}" for name in units], name="region_id")
    columns = {"name": units, "level": 1, "vintage": "2000", "kind": "region", "parent_id": None}
    squares = [box(column, 0, column + 1, 1) for column in range(len(units))]
    return gpd.GeoDataFrame(columns, index=index, geometry=squares, crs=4326)


@pytest.fixture(scope="module")
def names():
    return place_names(frame("West", "Middle", "East"), TOWNS)


def units(names, city, region=None):
    return {unit.removeprefix("TOY-") for unit in names.read((region, None, city)).units}


@pytest.mark.parametrize(
    ("text", "kind", "of"),
    [
        ("Between Ansongo and Gao", "between", ("ansongo", "gao")),
        ("entre Ségou et Niono", "between", ("segou", "niono")),
        ("Btwn Dadaab & Hagadera", "between", ("dadaab", "hagadera")),
        ("Between the towns of Nawa and al-Yadudah", "between", ("nawa", "al-yadudah")),
        ("Road from Baghdad to Najaf", "between", ("baghdad", "najaf")),
        ("Kidal-Gao Road", "between", ("kidal", "gao")),
        ("Gao-Ansongo axis", "between", ("gao", "ansongo")),
        ("axe Gao - Ansongo", "between", ("gao", "ansongo")),
        ("Yei–Maridi road", "between", ("yei", "maridi")),
        ("Kabul-Pul-e Khumri road", "between", ("kabul", "pul-e khumri")),
        ("Bama to Maiduguri", "between", ("bama", "maiduguri")),
        ("Mopti-Timbuktu border", "border", ("mopti", "timbuktu")),
        ("Parou/Songobia bridge", "either", ("parou", "songobia bridge")),
        ("Kidal Airport", "near", ("kidal",)),
        ("near Zamzam refugee camp", "near", ("zamzam",)),
    ],
)
def test_a_phrase_is_taken_apart(text, kind, of):
    assert (kind, of) in {(way.kind, way.names) for way in parts_of(text)[0]}


@pytest.mark.parametrize(
    ("text", "of", "km", "bearing"),
    [
        ("38 km SW of Bankass", "bankass", 38, 225),
        ("NE 50km of Tenenkou", "tenenkou", 50, 45),
        ("35km from Diffa", "diffa", 35, None),
        ("à 38 km au sud-ouest de Bankass", "bankass", 38, 225),
        ("31 miles from Pagak", "pagak", 31 * 1.609344, None),
        ("80 km East of Ag Geneina", "ag geneina", 80, 90),
        ("10km south of Abala", "abala", 10, 180),
        ("South of Torit", "torit", None, 180),
    ],
)
def test_a_distance_and_a_direction_are_read(text, of, km, bearing):
    found = [way for way in parts_of(text)[0] if way.kind == "offset"]
    assert found[0].names == (of,)
    assert found[0].km == (pytest.approx(km) if km else None)
    assert found[0].bearing == bearing


def test_a_distance_in_brackets_is_from_the_name_before(names):
    # 110 km east of Alpha (0.5, 0.5) is 0.99 degrees east of it, in Middle; 22.5 degrees to either side is 46 km.
    assert units(names, "Alpha (110 km East)", "Middle") == {"middle"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alpha", {"west"}),
        ("near Alpha", {"west"}),
        ("Alpha (near)", {"west"}),
        ("Alpha village", {"west"}),
        ("Alpha and Delta", {"west"}),
        ("Between Alpha and Delta", {"west"}),
        ("Port Omega", {"east"}),  # "Port" is a word for a place, but this is its name
    ],
)
def test_a_phrase_inside_one_unit_decides(names, text, expected):
    assert units(names, text) == expected
    assert not names.read((None, None, text)).ambiguous


def test_a_way_between_two_units_may_be_in_any_that_the_line_meets(names):
    reading = names.read(("East", None, "Between Alpha and Gamma"))
    assert reading.units == {"TOY-east"}  # the region says which
    alone = names.read((None, None, "Between Alpha and Gamma"))
    assert (alone.likely, alone.ambiguous) == ({"TOY-west", "TOY-middle", "TOY-east"}, True)
    assert alone.weights is None  # all three units of the frame alike: nothing is narrowed


def test_a_known_end_alone_makes_its_unit_likely_and_no_more(names):
    reading = names.read((None, None, "Between Alpha and Nowhere"))
    assert (reading.likely, reading.ambiguous) == ({"TOY-west"}, True)
    assert reading.weights == pytest.approx({"TOY-west": 0.6, "TOY-middle": 0.2, "TOY-east": 0.2})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20 km east of Alpha", {"west"}),  # (0.68, 0.5), 13 km around: up to 0.8
        ("50 km east of Alpha", {"west", "middle"}),  # (0.95, 0.5), 26 km around
        ("110 km east of Alpha", {"middle"}),  # (1.49, 0.5), 51 km around: from 1.03 to 1.95
        ("15 km from Beta", {"middle"}),  # 21.5 km around (1.5, 0.5)
        ("60 km from Beta", {"west", "middle", "east"}),  # 71 km around
    ],
)
def test_a_distance_leaves_the_units_that_its_doubt_meets(names, text, expected):
    meaning = names.read((None, None, text))
    found = {unit.removeprefix("TOY-") for unit in meaning.likely or meaning.units}
    assert found == expected


def test_a_border_is_where_the_units_touch(names):
    assert units(names, "West-Middle border", "West") == {"west"}
    assert names.read((None, None, "West-Middle border")).likely == {"TOY-west", "TOY-middle"}


@pytest.mark.parametrize(("region", "expected"), [("West", {"west"}), ("East", {"east"})])
def test_homonyms_are_solved_by_what_lies_above(names, region, expected):
    assert units(names, "Twin", region) == expected


def test_homonyms_that_nothing_solves_are_ambiguous(names):
    reading = names.read((None, None, "Twin"))
    assert (reading.likely, reading.ambiguous) == ({"TOY-west", "TOY-east"}, True)


def test_a_comma_narrows_from_either_side(names):
    assert units(names, "Twin, East") == units(names, "East, Twin") == {"east"}


def test_a_name_that_is_only_alike_is_said_and_never_beats_an_exact_one():
    names = place_names(frame("Tombali", "Mopti", "Kayes"), TOWNS)  # Alpha in Tombali, Beta in Mopti
    assert names.read(("Mopty", None, None)).read_as == (("Mopty", "Mopti"),)
    assert units(names, "Beta", "Mopty") == {"mopti"}
    # The region is only alike to Mopti, the city exactly a town in Tombali: neither may stand alone.
    assert units(names, "Alpha", "Mopty") == {"tombali", "mopti"}


def test_a_name_that_is_alike_to_two_is_ambiguous_and_a_short_one_is_alike_to_none():
    names = place_names(frame("Kombali", "Tombali", "Gao"))
    reading = names.read(("Rombali", None, None))
    assert (reading.units, reading.ambiguous) == ({"TOY-kombali", "TOY-tombali"}, True)
    assert names.read(("Goa", None, None)).unknown == ("Goa",)


def test_directions_are_never_alike():
    names = place_names(frame("North Kivu", "South Kivu").set_axis(pd.Index(["A", "B"], name="region_id")))
    assert names.read(("Nord-Kivu", None, None)).units == {"A"}
    assert names.read(("South Kivuu", None, None)).units == {"B"}
    assert names.read(("Sud Kivou", None, None)).units == {"B"}
    assert names.read(("East Kivu", None, None)).units == frozenset()
    assert names.read(("Kivu", None, None)).units == frozenset()
