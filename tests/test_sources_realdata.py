"""Every real AWSD file reads, and what was found in it is pinned.

The expected numbers come from a route of their own: the csv module (for the workbook, zipfile and ElementTree on the
sheet's XML), rules written by hand for each count, no pandas and nothing of awsd_geo.
"""

import functools

import pytest

from awsd_geo.schema import INCIDENTS, check
from awsd_geo.sources import check_report
from awsd_geo.sources import read_incidents as read_anew

pytestmark = pytest.mark.realdata
read_incidents = functools.cache(read_anew)  # nothing here alters a table

GLOBAL_2025 = "awsd_global_2025-08-26.csv"
TRIMMED = "blanks around a cell taken off"
DETAILS = "blanks or empty lines around Details taken off"
ENTITIES = "HTML left-overs in Details written out"
RESPELLED = "label spelled otherwise, read as AWSD's usual label"
STRAY = "stray signs around a coordinate taken off"
PAIR = "latitude and longitude in one cell told apart"
MALI = [1, 4, 8, 13, 17, 13, 12, 9]

FILES = {  # name → form, rows, date, flags of coordinates, repairs, Mali's rows, Mali's kidnapping incidents from 2017
    "awsd_global_2016-10-03.csv": (
        "S1",
        2088,
        "2016-10-03",
        {"none": 1677, "missing": 8, "lat_equals_lon": 5, "country_centroid": 303, "coarse": 95},
        {
            TRIMMED: 519,
            ENTITIES: 11,
            STRAY: 1,
            PAIR: 1,
            "letter code of 2016 written out": 2088,
            "text not in UTF-8, read as Windows-1252": 2,
        },
        12,
        [],
    ),
    "awsd_global_2020-11-25.csv": (
        "S2",
        3002,
        "2020-11-25",
        {"none": 2538, "missing": 15, "unreadable": 2, "lat_equals_lon": 8, "country_centroid": 332, "coarse": 107},
        {TRIMMED: 195, DETAILS: 108, ENTITIES: 90, RESPELLED: 46, STRAY: 2, PAIR: 1},
        50,
        [1, 4, 8, 8],
    ),
    "awsd_global_2021-09-06.csv": (
        "S3",
        3246,
        "2021-09-06",
        {"none": 2782, "missing": 6, "lat_equals_lon": 8, "country_centroid": 340, "coarse": 110},
        {TRIMMED: 204, DETAILS: 594, ENTITIES: 247, RESPELLED: 39, STRAY: 1},
        70,
        [1, 4, 8, 13, 12],
    ),
    "awsd_global_2024-11-10_makeovermonday.xlsx": (
        "S4",
        4153,
        "2024-11-10",
        {"none": 3663, "missing": 14, "lat_equals_lon": 6, "country_centroid": 344, "coarse": 126},
        {TRIMMED: 226, DETAILS: 1132, ENTITIES: 14, RESPELLED: 32},
        121,
        [1, 4, 8, 13, 17, 13, 12, 3],
    ),
    GLOBAL_2025: (
        "S5",
        4954,
        "2025-08-26",
        {"none": 4455, "missing": 13, "lat_equals_lon": 6, "country_centroid": 353, "coarse": 127},
        {TRIMMED: 246, DETAILS: 905, ENTITIES: 23, RESPELLED: 30},
        129,
        MALI,
    ),
    "awsd_AFG_hdx-form_2025-08-26.csv": (
        "hdx",
        617,
        "2025-08-26",
        {"none": 574, "missing": 1, "country_centroid": 31, "coarse": 11},
        {TRIMMED: 100, DETAILS: 59, ENTITIES: 3, RESPELLED: 4, "the text nan read as no coordinate": 1},
        0,
        [],
    ),
    "awsd_MLI_2025-08-26.csv": (
        "S5",
        129,
        "2025-08-26",
        {"none": 126, "missing": 1, "country_centroid": 2},
        {TRIMMED: 4, DETAILS: 61, ENTITIES: 1, RESPELLED: 1},
        129,
        MALI,
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_what_each_real_file_holds(shared, name):
    form, rows, date, issues, repairs, mali_rows, kidnappings = FILES[name]
    incidents = read_incidents(shared / "data" / "awsd" / name)
    check(incidents, INCIDENTS)
    source = incidents.attrs["source"]
    assert (source["name"], source["form"], source["rows_read"], len(incidents)) == (name, form, rows, rows)
    assert (source["rows_set_aside"], source["columns_unknown"]) == ([], [])
    assert (source["data_to"], source["data_to_from"]) == (date, "file name")
    assert incidents["coordinate_issue"].value_counts().to_dict() == issues
    assert {entry["why"]: entry["rows"] for entry in source["repairs"]} == repairs
    mali = incidents[incidents["iso3"] == "MLI"]
    assert len(mali) == mali_rows
    kidnapped = mali[(mali["total_kidnapped"] > 0) & (mali["year"] >= 2017)]
    assert kidnapped.groupby("year").size().tolist() == kidnappings
    assert incidents.index[incidents["duplicate_id"]].tolist() == ([4664, 4664] if name == GLOBAL_2025 else [])
    assert check_report(incidents).future == ()


def test_columns_that_a_vintage_lacks_are_missing_and_not_zero(shared):
    old = read_incidents(shared / "data" / "awsd" / "awsd_global_2016-10-03.csv")
    assert old[["total_detained", "motive", "actor_type", "nngo", "country_code"]].isna().all(axis=None)
    assert old["lngo_nrcs"].notna().all()


def test_one_file_in_two_encodings_reads_both(shared):
    """Latin-1 letters in rows 1194 and 1883 of the 2016 file, UTF-8 letters elsewhere; seen in a hex dump."""
    old = read_incidents(shared / "data" / "awsd" / "awsd_global_2016-10-03.csv")
    texts = old[["region", "district", "city", "details"]].fillna("").agg(" ".join, axis=1)
    assert texts.str.contains("Camotán").any()
    assert not texts.str.contains("Ã|�", regex=True).any()
    latin = [entry for entry in old.attrs["source"]["repairs"] if entry["why"].startswith("text not in UTF-8")]
    assert latin[0]["first_rows"] == [1194, 1883]


def test_namibia_is_a_country_and_not_a_missing_value(shared):
    incidents = read_incidents(shared / "data" / "awsd" / GLOBAL_2025)
    namibia = incidents[incidents["country"] == "Namibia"]
    assert (namibia["country_code"].tolist(), namibia["iso3"].tolist()) == (["NA"], ["NAM"])


def test_every_country_of_every_file_has_its_code_but_kashmir_and_blanks(shared):
    for name in FILES:
        incidents = read_incidents(shared / "data" / "awsd" / name)
        without = incidents[incidents["iso3"].isna()]
        assert set(without["country"].dropna()) <= {"Kashmir"}
        assert (incidents[incidents["country"] == "Chechnya"]["iso3"] == "RUS").all()


def test_the_names_of_the_json_interface_read_as_the_same_table(shared, tmp_path):
    path = shared / "data" / "awsd" / "awsd_MLI_2025-08-26.csv"
    incidents = read_incidents(path)
    header, _, rest = path.read_bytes().partition(b"\n")
    renamed = tmp_path / "incidents_2025-08-26.csv"
    renamed.write_bytes(header.lower().replace(b" ", b"_") + b"\n" + rest)
    again = read_incidents(renamed)
    assert again.attrs["source"]["form"] == "snake_case"
    assert again.equals(incidents)


def test_a_table_that_we_wrote_reads_as_it_was(shared, tmp_path):
    incidents = read_incidents(shared / "data" / "awsd" / "awsd_global_2020-11-25.csv")
    ours = tmp_path / "ours_2020-11-25.csv"
    incidents.to_csv(ours)
    again = read_incidents(ours)
    assert again.equals(incidents)
    assert again.attrs["source"]["repairs"] == []
