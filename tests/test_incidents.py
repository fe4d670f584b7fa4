"""Selecting: each condition by hand on a few rows."""

import datetime as dt

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.incidents.conditions import outside


def test_years_are_inclusive_and_what_is_left_out_is_counted(toy_incidents):
    table = toy_incidents(year=[2016, 2017, 2022, 2023, None], total_kidnapped=[1, 2, 3, 4, 5])
    chosen = ag.select(table, years=(2017, 2022), kind="kidnapped")
    assert list(chosen["year"]) == [2017, 2022]
    assert chosen.attrs["selection"]["rows_set_aside"] == [
        {"why": "without a year", "rows": 1},
        {"why": "outside 2017 to 2022", "rows": 2},
    ]


def test_rows_of_other_years_are_named_by_the_years_asked_for():
    assert (outside((2017, 2022)), outside((2012, 2012))) == ("outside 2017 to 2022", "not in 2012")


def test_victims_are_those_of_the_kind(toy_incidents):
    table = toy_incidents(
        total_killed=[1, 0, 0], total_kidnapped=[2, 3, 0], total_detained=[0, 4, 0], total_affected=[3, 7, 0]
    )
    assert list(ag.select(table, kind="killed")["victims"]) == [1]
    assert list(ag.select(table, kind="kidnapped")["victims"]) == [2, 3]
    assert list(ag.select(table, kind="abducted")["victims"]) == [2, 7]
    assert list(ag.select(table)["victims"]) == [3, 7]


def test_abducted_before_2025_is_kidnapped_which_then_held_both(toy_incidents):
    table = toy_incidents(total_kidnapped=[2, 0]).drop(columns="total_detained", errors="ignore")
    assert list(ag.select(table, kind="abducted")["victims"]) == [2]


def test_a_file_without_the_kinds_column_is_refused(toy_incidents):
    table = toy_incidents(total_kidnapped=[1])
    with pytest.raises(ag.InputError, match=r"no column total_detained\. Choose another kind"):
        ag.select(table, kind="detained")
    nobody = table.assign(total_affected=pd.array([None], dtype="Int64"))
    with pytest.raises(ag.InputError, match="The file cannot say who was affected: it has no column total_affected"):
        ag.select(nobody)


def test_a_country_is_found_by_code_and_by_name(toy_incidents):
    table = toy_incidents(
        iso3=["MLI", "NER", None], country_code=["ML", "NE", None], country=["Mali", "Niger", "Kashmir"]
    )
    for text in ("MLI", "mli", "ML", "Mali", "mali"):
        assert list(ag.select(table, country=text).index) == [1]
    assert ag.select(table, country="NER").attrs["selection"] == {
        "country": "NER", "years": None, "kind": "any", "means": None, "as_of": None, "as_of_known": None,
        "rows": 1, "withheld": 0,
        "rows_set_aside": [{"why": "not in NER", "rows": 2}],
    }  # fmt: skip


def test_a_country_that_the_file_does_not_hold_is_refused_with_what_it_holds(toy_incidents):
    table = toy_incidents(iso3=["AFG"], country_code=["AF"], country=["Afghanistan"])
    with pytest.raises(ag.RequestError, match=r"no incident in Mali; it holds Afghanistan \(1\)"):
        ag.select(table, country="Mali")
    with pytest.raises(ag.RequestError, match="Atlantis"):
        ag.select(table, country="Atlantis")


def test_as_of_keeps_what_had_been_entered_by_then(toy_incidents):
    table = toy_incidents(ids=[3716, 3717, 3718, None])
    chosen = ag.select(table, as_of="2023-03-02")
    assert list(chosen.index) == [3716, 3717]
    assert chosen.attrs["selection"]["rows_set_aside"] == [
        {"why": "entered after 2023-03-02 (incident ID over 3717)", "rows": 2}
    ]
    assert list(ag.select(table, as_of=dt.date(2023, 3, 2)).index) == [3716, 3717]


def test_a_means_of_attack_is_found_whatever_its_case(toy_incidents):
    table = toy_incidents(means_of_attack=["Kidnapping", "Shooting"])
    assert list(ag.select(table, means="kidnapping").index) == [1]
    with pytest.raises(ag.RequestError, match="The file has: Kidnapping, Shooting"):
        ag.select(table, means="Poison")


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"years": (2022, 2017)}, "the wrong way round. Write 2017:2022"),
        ({"years": (1950, 1960)}, "Its first year is 1997"),
        ({"kind": "robbed"}, "no kind of incident 'robbed'. Choose one of killed"),
        ({"as_of": "2 March"}, "'2 March' is not a date. Write it as 2023-03-02"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused(toy_incidents, choice, message):
    with pytest.raises(ag.RequestError, match=message):
        ag.select(toy_incidents(), **choice)


def test_the_input_is_not_altered(toy_incidents):
    table = toy_incidents(year=[2016, 2017])
    before = table.copy(deep=True)
    ag.select(table, years=(2017, 2017), kind="kidnapped")
    assert table.equals(before)
    assert table.attrs == before.attrs


def test_a_date_between_two_readings_of_the_clock_is_shown_as_the_earlier(toy_incidents):
    chosen = ag.select(toy_incidents(ids=[2167, 2168]), as_of="2018-01-01")
    assert list(chosen.index) == [2167]
    assert chosen.attrs["selection"]["as_of_known"] == "2016-10-03"


def test_palestine_loses_city_and_point_and_the_rows_are_counted(toy_incidents):
    table = toy_incidents(
        iso3=["PSE", "PSE", "MLI"], region=["Gaza", "Gaza", "Gao"], city=["x", None, "y"],
        latitude=[31.5, None, 16.2], longitude=[34.5, None, -0.1], coordinate_issue=["none", "missing", "none"],
    )  # fmt: skip
    chosen = ag.select(table)
    assert chosen.attrs["selection"]["withheld"] == 1
    assert chosen["city"].fillna("").tolist() == ["", "", "y"]
    assert chosen["latitude"].isna().tolist() == chosen["longitude"].isna().tolist() == [True, True, False]
    assert chosen["coordinate_issue"].tolist() == ["missing", "missing", "none"]
    assert chosen["region"].tolist() == ["Gaza", "Gaza", "Gao"]
    assert table["city"].tolist()[0] == "x"  # the input is as it was


def test_a_plain_table_needs_only_what_is_asked_of_it():
    plain = pd.DataFrame({"year": [2019, 2020], "iso3": ["MLI", "NER"]})
    chosen = ag.select(plain, country="MLI", years=(2019, 2020))
    assert len(chosen) == 1
    assert chosen["victims"].isna().all()
    with pytest.raises(ag.InputError, match="lacks the column iso3"):
        ag.select(plain[["year"]], country="MLI")
    with pytest.raises(ag.InputError, match="as_of goes by AWSD's incident IDs"):
        ag.select(plain, as_of="2023-03-02")
