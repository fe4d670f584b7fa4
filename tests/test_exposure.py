"""Denominators."""

import math

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from awsd_geo.boundaries import load_regions
from awsd_geo.errors import InputError, RequestError
from awsd_geo.exposure import denominator


@pytest.fixture(scope="module")
def regions():
    return load_regions("MLI", vintage="2016")


def test_equal_counts_every_region_once(regions):
    exposure = denominator(regions)
    assert exposure.tolist() == [1.0] * 11
    assert exposure.name == "exposure"
    assert exposure.index.equals(regions.index)
    assert exposure.attrs["denominator"] == "equal"


def test_population_is_the_census_summed_into_the_frame(regions):
    """Mopti of 2016 is Mopti, Douentza and Bandiagara of the census: 935,579 + 170,189 + 868,916."""
    exposure = denominator(regions, "population")
    assert exposure["MLI-2016-mopti"] == 1_974_684
    assert exposure.attrs["unit"] == "residents"
    assert "RGPH5" in exposure.attrs["source"]
    assert "larger Bamako" in exposure.attrs["note"]
    assert "Bamako élargi" in exposure.attrs["note_fr"]
    assert "reason" not in exposure.attrs


@pytest.mark.parametrize("level", [2, 3])
def test_population_below_the_regions_is_undefined_and_says_why(level):
    exposure = denominator(load_regions("MLI", level=level, vintage="2016"), "population")
    assert exposure.isna().all()
    assert "no figure for a cercle or a commune" in exposure.attrs["reason"]


def test_a_selection_of_regions_gets_its_own_values(regions):
    some = regions.loc[["MLI-2016-gao", "MLI-2016-mopti"]]
    assert denominator(some, "population").tolist() == [727_517, 1_974_684]


def test_area_is_that_of_the_ellipsoid():
    """A one degree cell at the equator by the closed formula for the zone between two parallels of WGS84.

    The upper edge of the polygon is a geodesic, which bulges north of the parallel by 0.003 % of the area.
    """
    b, e2 = 6356.752314245, 0.00669437999014
    sine, e = math.sin(math.radians(1)), math.sqrt(e2)
    zone = math.radians(1) * b**2 / 2 * (sine / (1 - e2 * sine**2) + math.atanh(e * sine) / e)
    square = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], index=["a"], crs="EPSG:4326")
    exposure = denominator(square, "area")
    assert exposure["a"] == pytest.approx(zone, rel=5e-5)
    assert exposure.attrs["unit"] == "km2"
    assert denominator(square.to_crs("EPSG:3857"), "area")["a"] == pytest.approx(exposure["a"], rel=1e-9)


def test_values_of_your_own_are_put_in_order_and_keep_their_unit(regions):
    given = pd.Series(range(11), index=regions.index[::-1])
    given.attrs = {"unit": "aid workers"}
    exposure = denominator(regions, given)
    assert exposure.index.equals(regions.index)
    assert exposure.iloc[-1] == 0
    assert exposure.attrs == {"denominator": "given", "unit": "aid workers", "source": "the user"}
    assert denominator(regions, dict.fromkeys(regions.index, 2)).attrs["unit"] == "units"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"MLI-2016-gao": None}, "The exposure of MLI-2016-gao is negative or not a number"),
        ({"MLI-2016-gao": -1}, "The exposure of MLI-2016-gao is negative or not a number"),
        ({"MLI-2016-gao": float("inf")}, "The exposure of MLI-2016-gao is negative or not a number"),
        ({"Gao": 1}, "The exposure names Gao, not among the regions"),
    ],
)
def test_wrong_values_of_your_own_are_refused(regions, change, message):
    with pytest.raises(InputError, match=message):
        denominator(regions, dict.fromkeys(regions.index, 1.0) | change)


def test_values_that_lack_regions_or_are_all_zero_are_refused(regions):
    with pytest.raises(InputError, match="lacks MLI-2016-gao, MLI-2016-kayes, MLI-2016-kidal and 7 more"):
        denominator(regions, {"MLI-2016-bamako": 1.0})
    with pytest.raises(InputError, match="0 everywhere"):
        denominator(regions, dict.fromkeys(regions.index, 0))
    with pytest.raises(InputError, match="names 'MLI-2016-gao' twice"):
        denominator(regions, pd.Series([1, 2], index=["MLI-2016-gao", "MLI-2016-gao"]))


def test_wrong_requests_are_refused(regions):
    with pytest.raises(RequestError, match=r"Unknown denominator 'gdp'. Choose from: equal, population, area, or give"):
        denominator(regions, "gdp")
    bare = regions.copy()
    bare.attrs = {}
    with pytest.raises(RequestError, match="do not say their country, vintage, level"):
        denominator(bare, "population")
    with pytest.raises(InputError, match="no CRS"):
        denominator(gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], index=["a"]), "area")
