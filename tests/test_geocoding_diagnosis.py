"""Points far outside their country: squares by hand, then all rows of the real file."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from awsd_geo.errors import InputError, RequestError
from awsd_geo.geocoding.diagnosis import diagnose

# Squares of ten degrees: A borders on B; C lies apart, so that only a slip of the pen leads there.
BOXES = {"AAA": (20, 10, 30, 20), "BBB": (30, 10, 40, 20), "CCC": (-35, 40, -25, 50)}
COUNTRIES = gpd.GeoDataFrame(
    {"name": ["Aland", "Bland", "Cland"]},
    index=pd.Index(BOXES, name="iso3"),
    geometry=[shapely.box(*box) for box in BOXES.values()],
    crs="EPSG:4326",
)


def one(longitude, latitude, iso3="AAA", **options):
    table = pd.DataFrame({"iso3": [iso3], "longitude": [longitude], "latitude": [latitude]}, dtype=object)
    return diagnose(table.astype({"longitude": "Float64", "latitude": "Float64"}), COUNTRIES, **options).iloc[0]


@pytest.mark.parametrize(
    ("longitude", "latitude", "error", "lies_in"),
    [
        (25, 15, "none", "AAA"),
        (30.2, 15, "none", "BBB"),  # 21 km over the border
        (35, 15, "wrong_country", "BBB"),
        (25, -15, "wrong_sign", None),
        (-25, 15, "wrong_sign", None),
        (-25, -15, "wrong_sign", None),
        (15, 25, "swapped", None),
        (5, 15, "lost_digit", None),  # 25
        (25, 2, "lost_digit", None),  # 12
        (25, 9.5, "not_on_land", None),  # 55 km off the coast, though 19.5 would lie inside
        (33, 33, "lat_equals_lon", None),
        (-30, 45, "wrong_country", "CCC"),
        (-30, 85, "not_on_land", None),
    ],
)
def test_each_mistake_is_named(longitude, latitude, error, lies_in):
    found = one(longitude, latitude)
    assert (found["error"], found["lies_in"] if pd.notna(found["lies_in"]) else None) == (error, lies_in)
    assert pd.isna(found["why"]) == (error == "none")


def test_the_sentences():
    # A degree along the equator is 111.3 km; five degrees at 15 north are 5 x 111.3 x cos 15 = 538 km.
    assert one(35, 15)["why"] == "The point lies in Bland, 538 km outside Aland, its neighbour."
    assert one(5, 15)["why"].endswith(
        "outside Aland; with one more digit in front of the longitude (25) it would lie in it."
    )
    assert one(5, 15, iso3="BBB")["why"].endswith("of the longitude (35) it would lie in it.")
    assert one(25, -15)["why"].endswith("; with the other sign of the latitude it would lie in it.")
    assert one(33, 33)["why"].endswith("outside Aland: its latitude and longitude are the same number.")


def test_several_digits_are_all_told():
    wide = gpd.GeoDataFrame({"name": ["Wide"]}, index=["WWW"], geometry=[shapely.box(12, 0, 34, 9)], crs="EPSG:4326")
    table = pd.DataFrame({"iso3": ["WWW"], "longitude": [3.5], "latitude": [4.0]})
    assert "(13.5 or 23.5 or 33.5)" in diagnose(table, wide)["why"].iloc[0]


def test_what_cannot_be_judged_is_not_judged():
    assert one(None, 15)["error"] == "none"
    assert np.isnan(one(None, 15)["km_outside"])
    assert one(25, 15, iso3=None)["error"] == "none"
    found = one(25, 15, iso3="ZZZ")
    assert (found["error"], found["lies_in"]) == ("no_outline", "AAA")
    assert found["why"] == "No outline of ZZZ is known."


def test_the_distance_may_be_chosen_and_nothing_is_changed():
    assert one(30.2, 15, far_km=20)["error"] == "wrong_country"
    with pytest.raises(RequestError, match="far_km"):
        one(25, 15, far_km=0)
    with pytest.raises(InputError, match="iso3"):
        diagnose(pd.DataFrame({"longitude": [1.0]}), COUNTRIES)
    table = pd.DataFrame({"iso3": ["AAA"], "longitude": [35.0], "latitude": [15.0]})
    before = table.copy()
    diagnose(table, COUNTRIES)
    pd.testing.assert_frame_equal(table, before)
