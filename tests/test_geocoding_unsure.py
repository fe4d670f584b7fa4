"""What becomes of a name that nothing confirms, or that is only alike, once there is a point: on toy squares."""

from fnmatch import fnmatch

import pytest

import awsd_geo as ag
from awsd_geo.geocoding.gazetteer import Gazetteer, Settlement
from awsd_geo.report.wording import Wording

TOWNS = Gazetteer((Settlement("Alpha", 0.5, 0.5), Settlement("Beta", 1.5, 0.5)))


def placed(toy_incidents, regions, *, gazetteer=TOWNS, **columns):
    columns = {name: [value] for name, value in columns.items()}
    located = ag.geocode(toy_incidents(**columns), regions, gazetteer=gazetteer)
    found = located[["region_id", "matched_by", "confidence", "conflict", "why"]].astype(object)
    return found.where(found.notna(), None).iloc[0].tolist()


@pytest.fixture
def regions(toy_regions):
    return toy_regions("Tombali", "Mopti", "Kayes")


def test_a_point_where_the_name_is_known_confirms_it(toy_incidents, regions):
    found = placed(toy_incidents, regions, city="Alpha", longitude=0.6, latitude=0.5)
    assert found == ["TOY-tombali", "text+point", "sure", False, None]


def test_a_point_elsewhere_means_another_place_of_the_name(toy_incidents, regions):
    found = placed(toy_incidents, regions, city="Alpha", longitude=2.5, latitude=0.5)
    assert found == ["TOY-kayes", "point", "likely", False, None]


def test_a_coarse_point_confirms_but_does_not_move_it(toy_incidents, regions):
    given = {"city": "Alpha", "latitude": 0.5, "coordinate_issue": "coarse"}
    assert placed(toy_incidents, regions, longitude=0.5, **given)[:2] == ["TOY-tombali", "text+point"]
    assert placed(toy_incidents, regions, longitude=2.5, **given) == [
        None, "none", "ambiguous", False,
        "The text fits Tombali best, but nothing confirms it; the point is given to a tenth of a degree only.",
    ]  # fmt: skip


def test_without_a_point_it_is_ambiguous_and_says_where_it_is_likely(toy_incidents, regions):
    found = placed(toy_incidents, regions, city="Alpha", coordinate_issue="missing")
    why = "The text fits Tombali best, but nothing confirms it; there is no point."
    assert found == [None, "none", "ambiguous", False, why]


def test_the_finest_text_and_a_good_point_decide_against_the_region(toy_incidents, regions):
    found = placed(toy_incidents, regions, region="Mopti", city="Alpha", longitude=0.6, latitude=0.5)
    why = "A coarser text says Mopti; the finest and the point say Tombali. Placed by these two."
    assert found == ["TOY-tombali", "text+point", "likely", True, why]


@pytest.mark.parametrize("issue", ["coarse", "country_centroid", "missing", "lat_equals_lon"])
def test_a_flagged_point_does_not(toy_incidents, regions, issue):
    given = {"region": "Mopti", "city": "Alpha", "longitude": 0.6, "latitude": 0.5, "coordinate_issue": issue}
    assert placed(toy_incidents, regions, **given)[:3] == ["TOY-mopti", "text", "likely"]


def test_a_name_that_is_only_alike_says_so_and_never_overrules_a_point_in_silence(toy_incidents, regions):
    alone = placed(toy_incidents, regions, region="Mopty", coordinate_issue="missing")
    assert alone == ["TOY-mopti", "text", "likely", False, "The text is read as Mopti, the name most like it."]
    borne_out = placed(toy_incidents, regions, region="Mopty", longitude=1.5, latitude=0.5)
    assert borne_out == ["TOY-mopti", "text+point", "sure", False, None]
    against = placed(toy_incidents, regions, region="Mopty", longitude=0.5, latitude=0.5)
    assert against[:4] == ["TOY-mopti", "text", "likely", True]


def test_many_units_are_not_all_listed_in_a_sentence(toy_incidents, toy_regions):
    regions = toy_regions(*(f"Unit{letter}" for letter in "abcdefghijklmnopqrst")).assign(spellings="Everywhere")
    found = placed(toy_incidents, regions, gazetteer=None, region="Everywhere", coordinate_issue="missing")
    assert found[4].startswith("The text fits Unita, Unitb, ")
    assert found[4].endswith(" or 8 others; there is no point.")


@pytest.mark.parametrize("longitude", [None, -4.5])
def test_a_text_outside_a_part_of_a_frame_places_nothing_there(toy_incidents, longitude):
    part = ag.load_regions("MLI", level=2, vintage="2016").loc[["MLI-2016-cercle-mopti", "MLI-2016-cercle-gao"]]
    issue = "missing" if longitude is None else "none"
    given = {"longitude": longitude, "latitude": longitude and 14.5, "coordinate_issue": issue, "iso3": "MLI"}
    found = placed(toy_incidents, part, gazetteer=None, region="Mopti", district="Djenné", **given)
    assert found == [None, "none", "unknown", False, "The text names a place outside of these units."]
    assert placed(toy_incidents, part, gazetteer=None, region="Mopti", district="Mopti", **given)[0] == part.index[0]
    placed(toy_incidents, part, gazetteer=None, region="Mopti", city="Djenné", **given)  # partly outside: no crash


@pytest.mark.parametrize(
    "why",
    [
        "A coarser text says Mopti; the finest and the point say Tombali. Placed by these two",
        "The text fits Kayes by its coarser part; the finest part and the point say Tombali. Placed by these two",
        "The text is read as Mopti, the name most like it",
        "The text names a place outside of these units",
        "The text fits Tombali best, but nothing confirms it; there is no point",
    ],
)
def test_every_reason_is_said_in_french_too(why):
    patterns = [known["is"] for known in Wording("fr").get("known")]
    assert any(
        fnmatch(why, pattern) and pattern.count("*") <= 2 and pattern != "The text fits *; *" for pattern in patterns
    )
