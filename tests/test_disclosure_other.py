"""Embargo, coarser units, and what each audience may be given."""

import datetime as dt
from itertools import pairwise

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.disclosure import AUDIENCES, check_columns, embargo, generalise, policy

INCIDENTS = pd.DataFrame(
    {
        "year": [2024, 2024, 2024, 2024, 2023, 2024, pd.NA, 2023],
        "month": [2, 2, 3, 2, pd.NA, pd.NA, 1, 2],
        "day": [9, 10, 1, pd.NA, pd.NA, pd.NA, 1, 30],
    },
    dtype="Int64",
)


def test_an_embargo_leaves_out_the_last_days_and_what_may_have_been_in_them():
    # 30 days before 11 March 2024 is 10 February. Left: 9 and 10 February 2024, the year 2023 (its last day is
    # 31 December), and February 2023 whose 30th does not exist. Not known to be old: February 2024, the year 2024.
    made = embargo(INCIDENTS, 30, on="2024-03-11")
    assert made.incidents.index.tolist() == [0, 1, 4, 7]
    assert made.last_day == dt.date(2024, 2, 10)
    assert (made.held_back, made.may_be, made.undated) == (4, 2, 1)
    assert made.summary() == (
        "4 incidents up to 2024-02-10 are left; 4 are held back: later, or (2) possibly later because the day is not "
        "known, or (1) without a year."
    )
    assert made.to_frame() is made.incidents


def test_the_leap_day_and_no_days():
    assert embargo(INCIDENTS.iloc[[3]], 0, on=dt.date(2024, 2, 28)).held_back == 1
    assert embargo(INCIDENTS.iloc[[3]], 0, on=dt.date(2024, 2, 29)).held_back == 0


def test_a_table_with_years_alone_counts_as_of_their_end():
    years = pd.DataFrame({"year": [2022, 2023]})
    assert embargo(years, 10, on="2024-01-05").held_back == 1
    assert embargo(years, 5, on="2024-01-05").held_back == 0


def test_the_data_reach_no_further_than_the_embargo():
    table = INCIDENTS.copy()
    table.attrs["source"] = {"data_to": "2024-03-11", "data_to_from": "file name", "name": "x.csv"}
    made = embargo(table, 30, on="2024-03-11").incidents.attrs["source"]
    aside = [{"why": "later than 2024-02-10, or possibly so: under embargo", "rows": 4}]
    assert made == {"data_to": "2024-02-10", "data_to_from": "embargo", "name": "x.csv", "rows_set_aside": aside}
    assert table.attrs["source"]["data_to"] == "2024-03-11"
    old = embargo(table, 0, on="2024-05-01").incidents.attrs["source"]
    assert old["data_to"] == "2024-03-11"


def test_embargoes_that_are_at_fault_are_named():
    with pytest.raises(ag.RequestError, match="An embargo of -1 days does not exist"):
        embargo(INCIDENTS, -1, on="2024-03-11")
    with pytest.raises(ag.RequestError, match="2024-13-11"):
        embargo(INCIDENTS, 1, on="2024-13-11")
    with pytest.raises(ag.RequestError, match="counted back from a date"):
        embargo(INCIDENTS, 1, on=None)
    with pytest.raises(ag.InputError, match="year"):
        embargo(INCIDENTS[["day"]], 1, on="2024-03-11")


def _counts(**by_region: list[int]) -> pd.DataFrame:
    years = range(2020, 2020 + len(next(iter(by_region.values()))))
    index = pd.MultiIndex.from_product([list(by_region), years], names=["region_id", "year"])
    values = [value for row in by_region.values() for value in row]
    table = pd.DataFrame({"incidents": values, "victims": pd.array(values, dtype="Int64") * 2}, index)
    table.attrs = {"regions": {"A1": {}}, "unlocated_by_year": {2020: 1, 2021: 0, 2022: 2}, "total": 9}
    return table


def test_counts_are_summed_to_coarser_units_and_periods():
    counts = _counts(A1=[1, 0, 2], A2=[0, 3, 0], B1=[1, 1, 1])
    above = {"A1": "A", "A2": "A", "B1": "B"}
    by_unit = generalise(counts, parents=above)
    assert by_unit["incidents"].to_dict() == {
        ("A", 2020): 1, ("A", 2021): 3, ("A", 2022): 2, ("B", 2020): 1, ("B", 2021): 1, ("B", 2022): 1,
    }  # fmt: skip
    assert by_unit.attrs["unlocated_by_year"] == {2020: 1, 2021: 0, 2022: 2}
    assert "regions" not in by_unit.attrs
    both = generalise(counts, parents=pd.Series(above), years=2)
    assert both["incidents"].to_dict() == {("A", 2020): 4, ("A", 2022): 2, ("B", 2020): 2, ("B", 2022): 1}
    assert both["victims"].tolist() == [8, 4, 4, 2]
    assert both.attrs["unlocated_by_year"] == {2020: 1, 2022: 2}
    assert both["incidents"].dtype == counts["incidents"].dtype


def test_unknown_victims_stay_unknown():
    counts = _counts(A1=[1, 0], B1=[2, 0])
    counts["victims"] = pd.array([pd.NA, pd.NA, 5, pd.NA], dtype="Int64")
    made = generalise(counts, years=2)["victims"]
    assert made.isna().tolist() == [True, False]
    assert made.iloc[1] == 5


def test_what_cannot_be_coarser_is_named():
    counts = _counts(A1=[1, 0], B1=[2, 0])
    with pytest.raises(ag.InputError, match="No unit stands above B1"):
        generalise(counts, parents={"A1": "A"})
    with pytest.raises(ag.RequestError, match="Nothing coarser is asked"):
        generalise(counts)
    with pytest.raises(ag.RequestError, match="Periods of 0 years"):
        generalise(counts, years=0)


def test_a_stricter_audience_is_given_no_more():
    order = [policy(name, data=data) for data in ("own", "published") for name in AUDIENCES]
    for stricter, laxer in pairwise(order):
        if stricter.audience == "internal":
            continue
        assert stricter.finest_level <= laxer.finest_level
        assert stricter.rows <= laxer.rows
        assert stricter.suppress_below >= laxer.suppress_below
        assert stricter.embargo_days >= laxer.embargo_days
        assert stricter.coordinate_decimals <= laxer.coordinate_decimals
        assert all(map(laxer.allows, stricter.columns))


def test_no_audience_but_internal_is_given_columns_of_single_incidents():
    from awsd_geo.maps.audit import FORBIDDEN

    for audience in AUDIENCES[:2]:
        given = policy(audience)
        allowed = {"month"} if given.time == "month" else set()
        assert {name for name in FORBIDDEN if given.allows(name)} == allowed
        with pytest.raises(ag.RequestError, match=f"audience '{audience}' may not be given details, actor_name"):
            check_columns(["region_id", "details", "actor_name"], audience=audience)
    check_columns(["details", "latitude"], audience="internal")
    check_columns(["region_id", "incidents"])


def test_the_default_is_the_public():
    assert policy().audience == "public"
    assert policy(data="own").summary() == (
        "public: Anyone. Totals by region and year. Units of level 1 at most; cells below 5 suppressed; the last 30 "
        "days held back."
    )
    with pytest.raises(ag.RequestError, match=r"no audience 'all'\. Choose one of public, partner, internal"):
        policy("all")
    with pytest.raises(ag.RequestError, match=r"no data 'x'\. Choose one of published, own"):
        policy(data="x")
