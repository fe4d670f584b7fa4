"""A file of many countries: each row in the frame of its own country; then the whole real file."""

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo import read_incidents
from awsd_geo.errors import InputError
from awsd_geo.geocoding import geocode_by_country, placing_by_country


@pytest.fixture
def rows(toy_incidents):
    """Give rows whose place is known by hand."""
    return toy_incidents(
        iso3=["MLI", "AFG", None, "ZZZ", "SDN", "SDN", "SDN", "MLI"],
        region=["Mopti", "Kabul", "Mopti", "Mopti", "Central Equatoria", "Central Equatoria", "Khartoum", None],
        longitude=[-4.2, 69.2, -4.2, -4.2, 31.0, 31.0, 2.5, -4.0],
        latitude=[14.5, 34.5, 14.5, 14.5, 4.75, 4.75, 15.6, 17.6],
        year=[2020, 2020, 2020, 2020, 2006, 2012, 2023, 2020],
        coordinate_issue=["none"] * 7 + ["country_centroid"],
    )


def test_each_row_is_placed_in_its_own_country_or_says_why_not(rows):
    located = geocode_by_country(rows)
    assert list(located.index) == list(rows.index)
    assert located["region_id"].fillna("").tolist() == [
        "MLI-2023-mopti", "AFG-world-kabul", "", "", "", "", "SDN-2013-khartoum", "",
    ]  # fmt: skip
    assert located["why"].iloc[2] == "The row names no country."
    assert "'ZZZ'" in located["why"].iloc[3]
    assert located.attrs["frames"]["MLI"] == "2023"
    assert located.attrs["frames"]["ZZZ"] is None


def test_a_point_in_a_country_that_came_later_is_no_mistake(rows):
    errors = geocode_by_country(rows)[["point_error", "point_why"]]
    assert errors["point_error"].tolist() == [
        "none", "none", "none", "no_outline", "later_country", "wrong_country", "lost_digit", "none",
    ]  # fmt: skip
    assert errors["point_why"].iloc[4] == "The point lies in South Sudan, which was a part of Sudan until 2011-07-08."
    assert "with one more digit in front of the longitude (32.5)" in errors["point_why"].iloc[6]


def test_the_day_of_independence_is_the_first_in_the_new_country(toy_incidents):
    dates = [(2011, 7, 8), (2011, 7, 9), (2011, 6, None), (2011, None, None), (2010, None, None)]
    year, month, day = (list(part) for part in zip(*dates, strict=True))
    table = toy_incidents(iso3=["SDN"] * 5, longitude=[31.0] * 5, latitude=[4.75] * 5, year=year, month=month, day=day)
    errors = geocode_by_country(table.astype({"month": "Int64", "day": "Int64"}))["point_error"].tolist()
    assert errors == ["later_country", "wrong_country", "later_country", "wrong_country", "later_country"]


def test_the_table_by_country_adds_up(rows):
    table = placing_by_country(geocode_by_country(rows))
    assert table["incidents"].to_dict() == {"SDN": 3, "MLI": 2, "AFG": 1, "": 1, "ZZZ": 1}
    assert (table["incidents"] == table["placed"] + table["ambiguous"] + table["unplaced"]).all()
    ways = table[["by_text_and_point", "by_text", "by_point", "snapped"]].sum(axis=1)
    assert (ways == table["placed"]).all()
    assert table.loc["SDN", "point_far_outside"] == 3
    assert table.loc["MLI", "country_centroid"] == 1


def test_a_table_without_countries_is_refused(rows):
    with pytest.raises(InputError, match="iso3"):
        geocode_by_country(rows.drop(columns="iso3"))


@pytest.mark.realdata
def test_every_row_of_the_real_file_is_placed_or_reported(shared):
    incidents = read_incidents(shared / "data/awsd/awsd_global_2025-08-26.csv")
    located = geocode_by_country(incidents)
    table = placing_by_country(located)
    assert (len(located), table["incidents"].sum()) == (4954, 4954)
    unplaced = located[located["region_id"].isna()]
    assert unplaced["why"].str.len().gt(10).all()
    assert table["placed"].sum() >= 4500
    centroids = located[located["coordinate_issue"] == "country_centroid"]
    assert len(centroids) >= 345
    assert not centroids["matched_by"].isin(["point", "snapped", "text+point"]).any()
    # By eye, one after the other (the comments name what the row's text says).
    named = {
        2571: "wrong_sign",  # Tari, Papua New Guinea, north of the equator
        3864: "lost_digit",  # Khartoum, 2.5 for 32.5 east
        4827: "lost_digit",  # Gaza, 1.3 for 31.3 north
        4647: "lost_digit",  # Tunis, 6.8 for 36.8 north
        2052: "lat_equals_lon",  # Naandi
        1699: "lat_equals_lon",  # Mieh Mieh
        4614: "wrong_country",  # Port Sudan, told under South Sudan
        2384: "wrong_country",  # Shirak, in Armenia
        422: "later_country",  # Yei, 2006
        4899: "wrong_country",  # Wau, 2025, told under Sudan
        647: "not_on_land",  # Basilan, in the Sulu Sea
    }
    assert located["point_error"].loc[list(named)].to_dict() == named
    far = located["point_error"] != "none"
    assert located.loc[far, "point_why"].notna().all()
    assert isinstance(table, pd.DataFrame)


def test_a_text_of_what_became_another_country_is_not_placed_by_its_point(toy_incidents):
    # Jonglei is in South Sudan, which was a part of Sudan until July 2011; the point is the middle of South Darfur.
    regions = ag.load_regions("SDN", level=1)
    texts = {"region": ["Jonglei", "South Darfur"], "district": ["Akobo", None], "iso3": ["SDN"] * 2}
    rows = toy_incidents(**texts, year=[2008] * 2, longitude=[25.085] * 2, latitude=[11.329] * 2)
    located = ag.geocode(rows, regions)
    assert located["region_id"].fillna("").tolist() == ["", "SDN-2013-south-darfur"]
    assert located["why"].iloc[0] == "The text names a place outside of these units."
    assert located["candidates"].iloc[0] == ()


def test_abyei_which_two_countries_claim_rules_no_text_of_south_sudan_out(toy_incidents):
    rows = toy_incidents(region=["Warrap"], district=["Abyei"], iso3=["SSD"])
    assert ag.geocode(rows, ag.load_regions("SSD", level=1))["region_id"].tolist() == ["SSD-2020-warrap"]
