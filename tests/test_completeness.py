"""To which date the data reach, by hand."""

import datetime as dt

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo import completeness


def test_a_year_is_partial_until_it_is_over_and_provisional_for_a_year_more():
    assert completeness.is_partial(2022, dt.date(2022, 12, 30))
    assert not completeness.is_partial(2022, dt.date(2022, 12, 31))
    assert completeness.is_provisional(2022, dt.date(2023, 12, 30))
    assert not completeness.is_provisional(2022, dt.date(2023, 12, 31))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"year": [2020, 2021], "month": [12, 2], "day": [31, 5]}, dt.date(2021, 2, 5)),
        ({"year": [2020, 2021], "month": [12, 2], "day": [31, None]}, dt.date(2021, 2, 28)),
        ({"year": [2020, 2021], "month": [1, 12], "day": [1, None]}, dt.date(2021, 12, 31)),
        ({"year": [2020, 2021], "month": [12, None], "day": [31, None]}, dt.date(2021, 12, 31)),
        ({"year": [2020, 2021]}, dt.date(2021, 12, 31)),
    ],
)
def test_a_table_that_says_nothing_reaches_to_its_latest_incident(columns, expected):
    assert completeness.data_to(pd.DataFrame(columns)) == (expected, "latest incident")


def test_a_past_day_reaches_to_the_last_reading_of_the_clock(toy_incidents):
    table = toy_incidents(year=[2024])
    assert completeness.data_to(table, "2023-06-01") == (dt.date(2023, 3, 2), "as of")


def test_a_part_of_a_year_is_left_out_of_a_trend(toy_incidents):
    table = toy_incidents(year=[2019, 2020, 2021, 2022, 2023])
    table.attrs["source"] = {"data_to": "2023-03-02", "data_to_from": "file name"}
    by_year = ag.count_by_year(table)
    assert completeness.full_years(by_year, table).index.tolist() == [2019, 2020, 2021, 2022]
    assert completeness.full_years(by_year[[2023]], table).index.tolist() == [2023]


@pytest.mark.realdata
def test_a_partial_year_does_not_turn_into_a_fall(shared):
    incidents = ag.read_incidents(shared / "data/awsd/awsd_MLI_2025-08-26.csv")
    found = ag.alert(incidents, country="MLI", years=(2019, 2025), kind="any").findings
    assert (found["years_partial"], found["trend"]["years"]) == ([2025], [2019, 2024])
    full = ag.alert(incidents, country="MLI", years=(2019, 2024), kind="any").findings
    assert found["trend"]["p_value"] == full["trend"]["p_value"]
    assert found["trend"]["verdict"] == "no clear change"
