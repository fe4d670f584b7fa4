"""Placing on a toy map of one-degree squares, worked out by hand; 0.01 degree is about 1.1 km there."""

import geopandas as gpd
import pandas as pd
import pytest

import awsd_geo as ag


def placed(table, regions):
    return ag.geocode(table, regions)[["region_id", "matched_by", "conflict", "why"]].iloc[0].tolist()


def test_text_and_point_that_agree_place_together(toy_incidents, toy_regions):
    table = toy_incidents(region=["Éast"], longitude=[1.5], latitude=[0.5])
    assert placed(table, toy_regions("West", "East"))[:3] == ["TOY-east", "text+point", False]


def test_text_alone_places_where_there_is_no_point(toy_incidents, toy_regions):
    table = toy_incidents(region=["east region"], coordinate_issue=["missing"])
    assert placed(table, toy_regions("West", "East"))[:3] == ["TOY-east", "text", False]


def test_a_point_that_contradicts_the_text_loses_and_is_reported(toy_incidents, toy_regions):
    table = toy_incidents(region=["East"], longitude=[0.5], latitude=[0.5])
    assert placed(table, toy_regions("West", "East")) == [
        "TOY-east", "text", True, "The text says East; the point lies in West, 56 km away. Placed by the text.",
    ]  # fmt: skip


def test_a_point_alone_places_where_no_text_is_known(toy_incidents, toy_regions):
    table = toy_incidents(city=["Nowhere"], longitude=[0.5], latitude=[0.5])
    assert placed(table, toy_regions("West", "East"))[:3] == ["TOY-west", "point", False]


@pytest.mark.parametrize(
    ("issue", "why"),
    [
        ("country_centroid", "No place is named; the point stands for the country as a whole."),
        ("lat_equals_lon", "No place is named; the point has the same latitude and longitude, an error of entry."),
        ("coarse", "No place is named; the point is given to a tenth of a degree only."),
    ],
)
def test_a_flagged_point_alone_places_nothing(toy_incidents, toy_regions, issue, why):
    table = toy_incidents(longitude=[0.5], latitude=[0.5], coordinate_issue=[issue])
    region_id, *rest = placed(table, toy_regions("West"))
    assert pd.isna(region_id)
    assert rest == ["none", False, why]


def test_a_point_just_outside_snaps_and_says_so(toy_incidents, toy_regions):
    table = toy_incidents(longitude=[1.01], latitude=[0.5])
    region_id, how, _, why = placed(table, toy_regions("West"))
    assert (region_id, how) == ("TOY-west", "snapped")
    assert why == "No place is named; the point lies 1.1 km outside every unit and is given to the nearest."


def test_a_point_far_outside_is_flagged_and_places_nothing(toy_incidents, toy_regions):
    table = toy_incidents(longitude=[1.05], latitude=[0.5])
    located = ag.geocode(table, toy_regions("West"))
    assert located["region_id"].isna().all()
    assert list(located["coordinate_issue"]) == ["outside_country"]
    assert list(table["coordinate_issue"]) == ["none"]  # the input is as it was


def test_a_text_that_fits_two_units_is_narrowed_by_the_point(toy_incidents, toy_regions):
    regions = toy_regions("West", "East", "Far")
    regions.loc["TOY-east", "name"] = "West"  # two homonyms
    table = toy_incidents(
        region=["West"] * 4, longitude=[1.5, 2.5, None, 1.5], latitude=[0.5, 0.5, None, 0.5],
        coordinate_issue=["none", "none", "missing", "country_centroid"],
    )  # fmt: skip
    located = ag.geocode(table, regions)
    assert located["region_id"].fillna("").tolist() == ["TOY-east", "", "", ""]
    assert located["matched_by"].tolist() == ["text+point", "none", "none", "none"]
    assert located["conflict"].tolist() == [False, True, False, False]
    assert located["why"].iloc[2] == "The text fits West or West; there is no point."


def test_a_border_point_goes_to_the_first_unit_of_the_frame(toy_incidents, toy_regions):
    table = toy_incidents(longitude=[1.0], latitude=[0.5])
    assert placed(table, toy_regions("West", "East"))[0] == "TOY-west"


def test_rows_keep_their_order_and_duplicates_of_an_id_stay(toy_incidents, toy_regions):
    table = toy_incidents(ids=[7, 7, 3], region=["East", "West", "East"], coordinate_issue=["missing"] * 3)
    located = ag.geocode(table, toy_regions("West", "East"))
    assert list(located.index) == [7, 7, 3]
    assert located["region_id"].tolist() == ["TOY-east", "TOY-west", "TOY-east"]


def test_a_table_with_neither_text_nor_point_is_refused(toy_regions):
    with pytest.raises(ag.InputError, match="neither a place text"):
        ag.geocode(pd.DataFrame({"year": [2020]}), toy_regions("West"))


def test_a_plain_table_of_points_is_placed(toy_regions):
    plain = pd.DataFrame({"longitude": [0.5, 1.5, 7.0, 0.5], "latitude": [0.4, 0.5, 0.5, 0.5], "year": 2020})
    located = ag.geocode(plain, toy_regions("West", "East"))
    assert located["region_id"].fillna("").tolist() == ["TOY-west", "TOY-east", "", ""]
    assert located["coordinate_issue"].tolist() == ["none", "none", "outside_country", "lat_equals_lon"]
    counts = ag.count(located, toy_regions("West", "East"), years=(2020, 2020))
    assert counts["incidents"].tolist() == [1, 1]
    assert counts["victims"].isna().all()  # the table counts nobody
    assert (counts.attrs["located"], counts.attrs["total"]) == (2, 4)


def test_a_frame_of_points_in_any_crs_is_placed(toy_regions):
    points = gpd.GeoDataFrame({"year": [2020]}, geometry=gpd.points_from_xy([1.5], [0.5]), crs=4326)
    for given in (points, points.to_crs(3857)):
        assert ag.geocode(given, toy_regions("West", "East"))["region_id"].tolist() == ["TOY-east"]
    with pytest.raises(ag.InputError, match="have no CRS"):
        ag.geocode(points.set_crs(None, allow_override=True), toy_regions("West"))
    with pytest.raises(ag.InputError, match="something else than points"):
        ag.geocode(points.to_crs(3857).buffer(1).to_frame("geometry").set_geometry("geometry"), toy_regions("West"))


def test_a_shipped_frame_that_lost_its_attrs_is_known_by_its_ids(toy_incidents):
    regions = ag.load_regions("MLI", vintage="2016")
    bare = regions.copy()
    bare.attrs = {}
    table = toy_incidents(region=["Gao", "Gao"], district=["Menaka", "Gao"], coordinate_issue=["missing"] * 2)
    for frame in (regions, bare):
        assert ag.geocode(table, frame)["region_id"].tolist() == ["MLI-2016-menaka", "MLI-2016-gao"]


def test_a_point_that_is_not_there_places_nothing_though_no_flag_says_so(toy_incidents, toy_regions):
    table = toy_incidents(longitude=[None], latitude=[None], coordinate_issue=["none"])
    located = ag.geocode(table, toy_regions("West"))
    assert located["coordinate_issue"].tolist() == ["missing"]
    region_id, *rest = placed(table, toy_regions("West"))
    assert pd.isna(region_id)
    assert rest == ["none", False, "No place is named; there is no point."]


def test_a_frame_that_points_cannot_be_looked_up_in_is_refused(toy_incidents, toy_regions):
    table, regions = toy_incidents(longitude=[0.5], latitude=[0.5]), toy_regions("West")
    with pytest.raises(ag.InputError, match=r"The regions are in WGS 84 / UTM zone 31N.* Use to_crs\(4326\)"):
        ag.geocode(table, regions.to_crs(32631))
    with pytest.raises(ag.InputError, match="no CRS"):
        ag.geocode(table, regions.set_crs(None, allow_override=True))
    with pytest.raises(ag.InputError, match="'TOY-west' stands twice"):
        ag.geocode(table, pd.concat([regions, regions]))
