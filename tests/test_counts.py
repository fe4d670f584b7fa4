"""Counting on a toy map, by hand."""

import pytest

import awsd_geo as ag


def located(toy_incidents, toy_regions):
    table = toy_incidents(
        year=[2020, 2020, 2022, 2022], region=["West", "West", "East", None], total_kidnapped=[1, 2, 3, 4],
        coordinate_issue=["missing"] * 4,
    )  # fmt: skip
    return ag.geocode(ag.select(table, kind="kidnapped", years=(2020, 2022)), toy_regions("West", "East", "Quiet"))


def test_every_region_and_year_is_there_with_zeros_written_out(toy_incidents, toy_regions):
    counts = ag.count(located(toy_incidents, toy_regions), toy_regions("West", "East", "Quiet"))
    assert counts["incidents"].tolist() == [2, 0, 0, 0, 0, 1, 0, 0, 0]
    assert counts["victims"].tolist() == [3, 0, 0, 0, 0, 3, 0, 0, 0]
    assert counts.index.names == ["region_id", "year"]


def test_incidents_that_were_not_placed_are_stated_by_year(toy_incidents, toy_regions):
    attrs = ag.count(located(toy_incidents, toy_regions), toy_regions("West", "East", "Quiet"))["incidents"].attrs
    assert (attrs["located"], attrs["total"]) == (3, 4)
    assert attrs["unlocated_by_year"] == {2020: 0, 2021: 0, 2022: 1}


def test_a_frame_that_is_not_the_one_of_the_geocoding_is_refused(toy_incidents, toy_regions):
    with pytest.raises(ag.InputError, match="3 incidents are in regions that the frame does not have"):
        ag.count(located(toy_incidents, toy_regions), toy_regions("North"))


def test_incidents_outside_the_years_are_refused_not_dropped(toy_incidents, toy_regions):
    with pytest.raises(ag.RequestError, match="2 incidents lie outside 2020 to 2021"):
        ag.count(located(toy_incidents, toy_regions), toy_regions("West", "East", "Quiet"), years=(2020, 2021))


def test_names_come_from_the_frame_or_else_from_the_ids(toy_incidents, toy_regions):
    counts = ag.count(located(toy_incidents, toy_regions), toy_regions("West", "East", "Quiet"))["incidents"]
    assert ag.counts.describe(counts)["TOY-west"] == {"name": "West", "kind": "region"}
    bare = counts.copy()
    bare.attrs = {}
    assert ag.counts.describe(bare)["TOY-west"] == {"name": "TOY-west", "kind": "region"}


def test_by_year_counts_the_incidents_without_a_place_too(toy_incidents, toy_regions):
    placed = located(toy_incidents, toy_regions)
    assert ag.count_by_year(placed).to_dict() == {2020: 2, 2021: 0, 2022: 2}
    with pytest.raises(ag.RequestError, match="2 incidents lie outside 2020 to 2021"):
        ag.count_by_year(placed, years=(2020, 2021))
