"""The question of the Signal Alert of 2 March 2023 on the real file; expected values are the published claims and,
where they give none, counts made by hand from the rows of Mali."""

import pandas as pd
import pytest

import awsd_geo as ag

pytestmark = pytest.mark.realdata
YEARS = (2017, 2022)


@pytest.fixture(scope="module")
def incidents(shared):
    return ag.read_incidents(shared / "data/awsd/awsd_global_2025-08-26.csv")


@pytest.fixture(scope="module")
def today(incidents):
    return ag.alert(incidents, country="MLI", years=YEARS, kind="kidnapped", vintage="2016").findings


@pytest.fixture(scope="module")
def then(incidents):
    made = ag.alert(incidents, country="MLI", years=YEARS, kind="kidnapped", vintage="2016", as_of="2023-03-02")
    return made.findings


def test_the_first_claim_of_the_published_alert_rises_but_not_by_every_test(then):
    """Published: "Abductions of aid workers in Mali has increased significantly over the last 6 years."."""
    # By the exact Poisson trend it has; allowing for years that cluster, and by the order of the years, not quite.
    assert then["trend"]["p_value"] == pytest.approx(1.8e-4, rel=0.02)
    assert then["trend"]["robust"]["quasi_poisson_p"] == pytest.approx(0.059, abs=0.0005)
    assert then["trend"]["robust"]["quasi_poisson_df"] == 4
    assert then["trend"]["robust"]["mann_kendall_p"] == pytest.approx(0.056, abs=0.0005)
    assert then["trend"]["verdict"] == "possible rise"


def test_the_second_claim_of_the_published_alert_holds(then, today):
    # Published: "reported in 6 out of 10 regions in Mali during the period".
    for found in (then, today):
        assert found["regions"] == {
            "total": 10, "with_incidents": 6, "districts_total": 1, "districts_with_incidents": 1,
        }  # fmt: skip


def test_the_third_claim_of_the_published_alert_holds(then, today):
    # Published: "with 57% of incidents occurring in the region of Mopti".
    for found, incidents, located in ((then, 30, 53), (today, 31, 54)):
        assert (found["epicentre"]["name"], found["epicentre"]["incidents"]) == ("Mopti", incidents)
        assert found["located"] == located
        assert f"{found['epicentre']['share']:.0%}" == "57%"
        assert found["epicentre"]["p_value"] < 1e-15


def test_totals_of_the_file_of_2025(today):
    assert (today["incidents"], today["victims"], today["located"], today["unlocated"]) == (56, 139, 54, 2)
    assert list(today["by_year"].values()) == [1, 4, 8, 13, 17, 13]
    assert today["trend"]["rate_ratio_per_year"] == pytest.approx(1.41, abs=0.005)
    assert today["unlocated_reasons"] == [
        {"why": "No place is named; the point stands for the country as a whole.", "incidents": 1},
        {"why": "No place is named; there is no point.", "incidents": 1},
    ]
    assert sum(region["incidents"] for region in today["by_region"]) == today["located"]
    assert sum(region["victims"] for region in today["by_region"]) + today["unlocated_victims"] == today["victims"]


def test_the_database_as_it_stood_on_the_day_of_the_alert(then):
    assert (then["incidents"], then["located"]) == (54, 53)
    assert list(then["by_year"].values()) == [1, 4, 8, 13, 17, 11]
    assert (then["data_to"], then["data_to_from"], then["status"]) == ("2023-03-02", "as of", "provisional")
    assert then["years_provisional"] == [2022]


def test_a_date_of_which_nothing_is_known_is_told_by_the_day_that_is_known(incidents):
    # The clock of incident IDs has no reading from October 2016 to September 2020.
    made = ag.alert(incidents, country="MLI", years=(2010, 2016), as_of="2019-06-01")
    assert made.summary().splitlines()[1].startswith("As known on 3 October 2016: from 2010 to 2016, ")
    page = made.html()
    assert "3 October 2016: incidents entered by that day" in page
    assert "No incident ID of 2019-06-01 is known, so the database is shown as it stood on 2016-10-03." in page


def test_ids_may_be_words(incidents):
    mali = incidents[incidents["iso3"] == "MLI"]
    worded = mali.set_axis(pd.Index([f"row {ident}" for ident in mali.index], name="incident_id"))
    found = ag.alert(worded, country="MLI", years=YEARS, vintage="2016").findings
    assert [entry["incident_id"] for entry in found["conflicts"]["incidents"]] == ["row 2550", "row 2553"]


def test_two_points_contradict_their_text_and_lose(today):
    # Dialloube is in Mopti, its point in Koulikoro; Kalaban Koura is a quarter of Bamako, its point in Koulikoro.
    assert [(entry["incident_id"], entry["why"].split(";")[0]) for entry in today["conflicts"]["incidents"]] == [
        (2550, "The text says Bamako"),
        (2553, "The text says Mopti"),
    ]


@pytest.mark.parametrize(
    ("vintage", "expected"),
    [
        ("1991", {"Mopti": 31, "Gao": 12, "Tombouctou": 5, "Ségou": 4, "Bamako": 1, "Kayes": 1}),
        ("2016", {"Mopti": 31, "Gao": 11, "Ménaka": 1, "Tombouctou": 5, "Ségou": 4, "Bamako": 1, "Kayes": 1}),
    ],
)
def test_each_frame_holds_the_same_incidents(incidents, vintage, expected):
    found = ag.alert(incidents, country="Mali", years=YEARS, vintage=vintage).findings
    assert {region["name"]: region["incidents"] for region in found["by_region"] if region["incidents"]} == expected


def test_the_frame_of_2023_is_approximate_and_splits_mopti_in_three(incidents):
    made = ag.alert(incidents, country="ML", years=YEARS, vintage="2023")
    by_name = {region["name"]: region["incidents"] for region in made.findings["by_region"]}
    assert by_name["Mopti"] + by_name["Bandiagara"] + by_name["Douentza"] == 31
    assert made.findings["regions"]["total"] == 19
    assert made.findings["provenance"]["boundaries"]["approximate"] is True
    sentence = "The boundaries of 2023 are approximate here"
    assert sentence in made.html()
    assert sentence.replace("2023", "2016") not in ag.alert(incidents, country="ML", years=YEARS, vintage="2016").html()


def test_the_frame_in_force_at_the_end_of_the_period_is_the_default(incidents):
    found = ag.alert(incidents, country="MLI", years=YEARS).findings
    assert (found["vintage"], found["provenance"]["boundaries"]["default"]) == ("2016", True)
    assert ag.alert(incidents, country="MLI", years=(2018, 2023)).findings["vintage"] == "2023"


def test_the_six_years_up_to_the_last_full_one_are_the_default(incidents):
    found = ag.alert(incidents, country="MLI").findings
    assert (found["years"], found["status"]) == ([2019, 2024], "provisional")


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("vintage", ["1991", "2016", "2023"])
def test_every_incident_with_a_place_text_is_placed(incidents, vintage, level):
    mali = ag.select(incidents, country="MLI")
    located = ag.geocode(mali, ag.load_regions("MLI", level=level, vintage=vintage))
    without_text = located[["region", "district", "city"]].isna().all(axis=1)
    assert (len(located), int(without_text.sum())) == (129, 3)
    assert located.loc[without_text, "region_id"].isna().all()
    assert located.loc[~without_text, "region_id"].notna().all()
    assert located.loc[located["region_id"].isna(), "why"].notna().all()


def test_population_of_2022_leaves_mopti_ahead_of_gao_per_resident(today):
    # 31 / 1,974,684 is 1.57 and 11 / 727,517 is 1.51 per 100,000 (RGPH5 2022): close, and Mopti leads.
    rates = {region["name"]: region["rate_per_100k"] for region in today["by_region"]}
    assert rates["Mopti"] == pytest.approx(1.5699, abs=1e-4)
    assert rates["Gao"] == pytest.approx(1.5120, abs=1e-4)


def test_the_share_of_mopti_whichever_way_the_unplaced_fall(then, today):
    # Today 31 of 54 placed and 2 not: 31 / 56 to 33 / 56. Then 30 of 53 placed and 1 not: 30 / 54 to 31 / 54.
    for found, low, high in ((today, 31 / 56, 33 / 56), (then, 30 / 54, 31 / 54)):
        assert found["epicentre"]["share_by_placing"] == pytest.approx([low, high])
        assert found["placing"]["leader_certain"] is True
        assert found["placing"]["can_lead"] == ["Mopti"]
        lost = found["unlocated"]
        assert found["placing"]["unplaced"] == lost
        for region in found["by_region"]:  # a country centroid and a missing point bound nothing
            assert region["incidents_by_placing"] == [region["incidents"], region["incidents"] + lost]
        for denominator in ("equal", "population"):
            tested = found["placing"]["by_denominator"][denominator]
            assert tested["smallest_p"] <= found["epicentre"]["by_denominator"][denominator]["p_value"]
            assert tested["largest_p"] < 1e-12
            assert tested["cluster"]["overlapping"] == tested["cluster"]["ways"] == {1: 11, 2: 66}[lost]
        assert found["placing"]["by_denominator"]["equal"]["cluster"]["same_chance"] == pytest.approx(1)


def test_two_conflicts_are_likely_and_two_unplaced_unknown(today):
    assert today["placing"]["confidence"] == {"sure": 52, "likely": 2, "ambiguous": 0, "unknown": 2}


def test_the_page_says_what_the_unplaced_could_change(incidents):
    made = ag.alert(incidents, country="MLI", years=YEARS, kind="kidnapped", vintage="2016")
    assert "Wherever the 2 incidents that are not placed fell, Mopti has 55% to 59% of all 56 and leads." in made.html()
