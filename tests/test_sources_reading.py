"""One oddity a test, on small made-up files; the expected values are written by hand."""

import hashlib
import io

import numpy as np
import pandas as pd
import pytest

from awsd_geo.schema import INCIDENTS, check
from awsd_geo.sources import check_report, read_incidents
from awsd_geo.sources.coordinates import read_points
from awsd_geo.sources.ledger import Ledger

PLAIN = {
    "Incident ID": "1",
    "Year": "2020",
    "Month": "5",
    "Day": "6",
    "Country Code": "ML",
    "Country": "Mali",
    "Region": "Mopti",
    "District": "Mopti",
    "City": "Sevare",
    "Total kidnapped": "2",
    "Means of attack": "Kidnapping",
    "Latitude": "14.53",
    "Longitude": "-4.09",
    "Details": "x",
    "Verified": "Yes",
    "Source": "Media",
}
HEADER = ",".join(PLAIN)


def record(**cells):
    """Write one row, cells by the snake_case name of their column."""
    given = {name: cells.get(name.lower().replace(" ", "_"), plain) for name, plain in PLAIN.items()}
    return ",".join('"' + str(cell).replace('"', '""') + '"' for cell in given.values())


def read(*rows, header=HEADER, end="\n", name=None):
    content = io.BytesIO(end.join([header, *rows, ""]).encode())
    if name:
        content.name = name
    return read_incidents(content)


def repairs(incidents):
    return {entry["why"]: entry["rows"] for entry in incidents.attrs["source"]["repairs"]}


def aside(incidents):
    return {entry["why"]: entry["rows"] for entry in incidents.attrs["source"]["rows_set_aside"]}


def test_the_table_keeps_the_schema_and_says_where_it_is_from():
    content = (HEADER + "\n" + record() + "\n").encode()
    incidents = read_incidents(content)
    check(incidents, INCIDENTS)
    assert incidents.columns.tolist() == [column.name for column in INCIDENTS.columns]
    assert incidents.attrs["source"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert incidents.index.dtype == "Int64"
    assert incidents.loc[1, ["year", "month", "day", "total_kidnapped"]].tolist() == [2020, 5, 6, 2]
    assert incidents.loc[1, ["latitude", "longitude"]].tolist() == [14.53, -4.09]
    assert incidents.loc[1, "iso3"] == "MLI"
    assert incidents["total_killed"].isna().all()


def test_an_hxl_row_is_not_counted_and_not_lost_from_the_row_numbers():
    incidents = read("#event+id,#date+year" + "," * 14, record(), record(incident_id=2))
    assert incidents.attrs["source"]["rows_read"] == 2
    assert incidents["source_row"].tolist() == [3, 4]
    assert aside(incidents) == {}


def test_rows_that_hold_no_incident_are_set_aside_by_reason():
    incidents = read(
        record(),
        "",
        "," * 15,
        HEADER,
        "#event+id,#date+year" + "," * 14,
        record() + ",surplus",
        " , ," + "," * 13 + "end of data",
    )
    assert len(incidents) == 1
    assert incidents.attrs["source"]["rows_read"] == 7
    assert aside(incidents) == {
        "wholly blank row": 2,
        "header row repeated": 1,
        "row of HXL tags below the data's first row": 1,
        "more cells than the header has columns": 1,
        "no incident: Incident ID, Year and Country are all blank": 1,
    }
    numbers = {entry["why"]: entry["first_rows"] for entry in incidents.attrs["source"]["rows_set_aside"]}
    assert numbers["header row repeated"] == [5]


def test_empty_cells_beyond_the_header_are_nothing():
    incidents = read(record() + ",,,")
    assert (len(incidents), aside(incidents)) == (1, {})


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_row_end_reads_alike_and_line_ends_within_a_cell_become_lf(end):
    incidents = read(record(details="one\r\ntwo"), record(incident_id=2), end=end)
    assert len(incidents) == 2
    assert incidents.loc[1, "details"] == "one\ntwo"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_by_the_names_of_the_columns(delimiter):
    row = delimiter.join(f'"{cell}"' for cell in (PLAIN | {"City": "a,b;c\td"}).values())
    incidents = read(row, header=HEADER.replace(",", delimiter))
    assert incidents.loc[1, "city"] == "a,b;c\td"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_encodings_read_alike(encoding):
    incidents = read_incidents((HEADER + "\n" + record(city="Ségou") + "\n").encode(encoding))
    assert incidents.loc[1, "city"] == "Ségou"
    assert repairs(incidents) == {}


def test_each_cell_is_utf8_or_windows_1252_by_itself_and_even_within_a_cell():
    rows = [
        record(region="REGION", city="Ségou").encode().replace(b"REGION", b"S\xe9gou"),
        record(incident_id=2, city="Ségou MIXED").encode().replace(b"MIXED", b"\x93Ni\xf1o\x94 \x81"),
        record(incident_id=3, city="Ménaka").encode(),
    ]
    incidents = read_incidents(b"\n".join([HEADER.encode(), *rows]))
    assert incidents.loc[1, ["region", "city"]].tolist() == ["Ségou", "Ségou"]
    assert incidents.loc[2, "city"] == "Ségou “Niño” \x81"
    assert incidents.loc[3, "city"] == "Ménaka"
    assert repairs(incidents) == {"text not in UTF-8, read as Windows-1252": 2}


def test_text_is_trimmed_blank_is_missing_and_places_called_nan_stay():
    incidents = read(
        record(region="Gao ", district="   ", city="Nan"),
        record(incident_id=2, city="NULL", country_code="NA", country="Namibia"),
    )
    assert incidents.loc[1, "region"] == "Gao"
    assert incidents.loc[1, "district"] is pd.NA
    assert incidents["city"].tolist() == ["Nan", "NULL"]
    assert incidents.loc[2, ["country_code", "iso3"]].tolist() == ["NA", "NAM"]
    assert repairs(incidents) == {"blanks around a cell taken off": 1}


def test_html_left_overs_in_details_are_written_out_and_only_there():
    incidents = read(record(details="A&nbsp;&amp; B &lt;i&gt;", city="A &amp; B"))
    assert incidents.loc[1, "details"] == "A & B <i>"
    assert incidents.loc[1, "city"] == "A &amp; B"
    assert repairs(incidents) == {"HTML left-overs in Details written out": 1}


def test_labels_codes_and_variants_read_as_awsds_usual_label():
    incidents = read(
        record(means_of_attack="KK", verified="Pen", source="Offial report"),
        record(incident_id=2, means_of_attack="Rape/sexual assault ", verified="Arc", source="media"),
        record(incident_id=3, means_of_attack="VBIED-S ", source="ACLED "),
        record(incident_id=4, means_of_attack="Something new"),
    )
    assert incidents["means_of_attack"].tolist() == [
        "Kidnap-killing",
        "Rape/sexual assault",
        "Vehicle-born IED",
        "Something new",
    ]
    assert incidents["verified"].tolist() == ["Pending", "Archived", "Yes", "Yes"]
    assert incidents["source"].tolist() == ["Official Report", "Media", "ACLED", "Media"]
    assert repairs(incidents) == {
        "blanks around a cell taken off": 2,
        "label spelled otherwise, read as AWSD's usual label": 2,
        "letter code of 2016 written out": 2,
    }


def test_numbers_that_cannot_be_read_are_missing_with_the_reason_and_the_row_stays():
    incidents = read(
        record(incident_id="x1", year="20200", month="13", day="32", total_kidnapped="-2"),
        record(incident_id=2, total_kidnapped="1.5"),
        record(incident_id="3.0", month="Feb", day="30", total_kidnapped="2.0"),
        record(incident_id=4, total_kidnapped="nan", month="", day=""),
    )
    assert incidents.index.tolist() == [pd.NA, 2, 3, 4]
    assert incidents["total_kidnapped"].tolist() == [pd.NA, pd.NA, 2, pd.NA]
    assert incidents["month"].tolist() == [pd.NA, 5, 2, pd.NA]
    assert incidents["day"].tolist() == [pd.NA, 6, pd.NA, pd.NA]
    assert repairs(incidents) == {
        "Incident ID is not a whole number, left missing": 1,
        "count is not a whole number from 0, left missing": 2,
        "day is not a day, left missing": 1,
        "month is not a month, left missing": 1,
        "no such date: the day is left missing": 1,
        "year is not a year from 1900 to 2100, left missing": 1,
    }


@pytest.mark.parametrize(
    ("year", "month", "day", "stays"),
    [
        (2020, 2, 29, True),
        (2021, 2, 29, False),
        (2000, 2, 29, True),
        (1900, 2, 29, False),
        (2021, 4, 31, False),
        (2021, "", 31, True),
    ],
)
def test_days_follow_the_calendar(year, month, day, stays):
    assert read(record(year=year, month=month, day=day))["day"].notna().all() == stays


@pytest.mark.parametrize(
    ("lat", "lon", "point", "issue", "repaired"),
    [
        ("14.53", "-4.09", (14.53, -4.09), "none", None),
        ("", "", None, "missing", None),
        ("nan", "nan", None, "missing", "the text nan read as no coordinate"),
        ("14.53", "", None, "missing", "latitude or longitude alone, left missing"),
        (
            "11.919424, 24.933643",
            "24.933643)",
            (11.919424, 24.933643),
            "none",
            "latitude and longitude in one cell told apart",
        ),
        ("11.919424, 24.933643", "", (11.919424, 24.933643), "none", "latitude and longitude in one cell told apart"),
        ("11.919424, 24.933643", "25.1", None, "unreadable", None),
        ("16.001944, ", "43.196111", (16.001944, 43.196111), "none", "stray signs around a coordinate taken off"),
        ("36.035 \t \t", "43.25", (36.035, 43.25), "none", "blanks around a cell taken off"),
        ("0,42", "43.25", (0.42, 43.25), "none", "decimal comma in a coordinate read as a point"),
        ("-3222733", "-4565257", None, "unreadable", None),
        ("15.99", "641778", None, "unreadable", None),
        ("91", "10", None, "unreadable", None),
        ("12.5 N", "3.25", None, "unreadable", None),
        ("inf", "3.25", None, "unreadable", None),
        ("13.51", "13.51", (13.51, 13.51), "lat_equals_lon", None),
        ("13.5", "2", (13.5, 2.0), "coarse", None),
        ("13.5", "2.11", (13.5, 2.11), "none", None),
        ("-90", "180", (-90.0, 180.0), "coarse", None),
    ],
)
def test_points_are_repaired_only_where_that_is_safe(lat, lon, point, issue, repaired):
    incidents = read(record(latitude=lat, longitude=lon))
    found = incidents.loc[1]
    assert found["coordinate_issue"] == issue
    if point:
        assert (found["latitude"], found["longitude"]) == point
    else:
        assert found[["latitude", "longitude"]].isna().all()
    if repaired:
        assert repaired in repairs(incidents)
    else:
        assert repairs(incidents) == {}


def test_a_point_without_any_place_text_is_the_countrys_centre():
    nowhere = {"region": "", "district": " ", "city": ""}
    incidents = read(
        record(**nowhere),
        record(incident_id=2, latitude="17.5", longitude="-4", **nowhere),
        record(incident_id=3, latitude="5.11", longitude="5.11", **nowhere),
        record(incident_id=4, latitude="", longitude="", **nowhere),
    )
    assert incidents["coordinate_issue"].tolist() == [
        "country_centroid",
        "country_centroid",
        "lat_equals_lon",
        "missing",
    ]


def test_without_place_columns_no_point_is_called_a_countrys_centre():
    incidents = read_incidents(b"ID,Year,Country,Latitude,Longitude\n1,2020,Mali,14.53,-4.09\n")
    assert incidents["coordinate_issue"].tolist() == ["none"]
    assert incidents.attrs["source"]["form"] == "other"


def test_country_codes_come_from_the_code_then_the_name():
    incidents = read(
        record(country_code="XK", country="Kosovo"),
        record(incident_id=2, country_code="", country="DR Congo"),
        record(incident_id=3, country_code="", country="Chechnya"),
        record(incident_id=4, country_code="", country="Kashmir"),
        record(incident_id=5, country_code="", country=""),
        record(incident_id=6, country_code="NE", country="Mali"),
    )
    assert incidents["iso3"].tolist() == ["XKX", "COD", "RUS", pd.NA, pd.NA, "NER"]
    assert repairs(incidents) == {"country code and country name disagree, the code counts": 1}


def test_ids_that_occur_twice_are_kept_and_flagged():
    incidents = read(
        record(), record(city="Gao"), record(incident_id=2), record(incident_id=""), record(incident_id="")
    )
    assert incidents["duplicate_id"].tolist() == [True, True, False, False, False]
    report = check_report(incidents)
    assert report.duplicate_ids == {1: 2}
    assert "Incident ID 1 stands on 2 rows; all are kept and flagged (duplicate_id)." in report.summary()


def test_unknown_columns_are_kept_as_text_under_a_plain_name():
    incidents = read(record() + ",07,b", header=HEADER + ",My Own Column,My own column")
    assert incidents.columns[-2:].tolist() == ["my_own_column", "my_own_column_again"]
    assert incidents.loc[1, "my_own_column"] == "07"
    assert incidents.attrs["source"]["columns_unknown"] == ["my_own_column", "my_own_column_again"]


def test_the_headers_of_the_old_web_table_are_understood():
    header = "ID,Year Sort descending,Month,Country,LNGO and NRCS,Total national staff,Total victims"
    incidents = read_incidents((header + "\n7,2018,Jan,Mali,1,2,3\n").encode())
    assert incidents.loc[7, ["year", "month", "lngo_nrcs", "total_nationals", "total_affected"]].tolist() == [
        2018,
        1,
        1,
        2,
        3,
    ]


def test_what_earlier_steps_knew_of_a_point_survives_writing_and_reading():
    incidents = read(record(latitude="641778"), record(incident_id=2), record(incident_id=3))
    incidents.loc[3, "coordinate_issue"] = "outside_country"
    again = read_incidents(io.StringIO(incidents.to_csv()))
    assert again["coordinate_issue"].tolist() == ["unreadable", "none", "outside_country"]
    pd.testing.assert_frame_equal(again, incidents)


def test_the_date_of_the_data_is_in_the_name_else_told_by_the_ids_else_by_the_latest_incident():
    def known(**cells):
        source = read(record(**cells), name=cells.pop("name", None)).attrs["source"]
        return source["data_to"], source["data_to_from"]

    assert known(name="security_incidents_2024-11-10.csv") == ("2024-11-10", "file name")
    assert known(name="security_incidents2016-10-03.csv") == ("2016-10-03", "file name")
    assert known(name="2024-13-45.csv", incident_id=3700) == ("2023-03-02", "incident id clock")
    assert known(incident_id=999999, year=2027, month=3, day="") == ("2027-03-01", "latest incident")
    assert known(incident_id=999999) == ("2025-08-26", "incident id clock")
    assert known(incident_id=1) == ("2020-05-06", "latest incident")  # ID 1 was there in 2016: no AWSD ID
    assert known(incident_id="", month="", day="") == ("2020-01-01", "latest incident")
    assert known(incident_id="", year="") == (None, None)


def test_dates_after_the_files_own_are_reported():
    incidents = read(
        record(year=2026),
        record(incident_id=2, year=2025, month=9, day=""),
        record(incident_id=3, year=2025, month=8, day=27),
        record(incident_id=4, year=2025, month=8, day=""),
        record(incident_id=5, year=2025, month="", day=""),
        record(incident_id=6, year=2025, month=8, day=26),
        name="security_incidents_2025-08-26.csv",
    )
    report = check_report(incidents)
    assert report.future == (1, 2, 3)
    assert "3 incidents dated after 2025-08-26: ID 1, 2, 3." in report.summary()


def test_the_report_is_readable_and_its_frame_holds_every_count():
    incidents = read(
        record(),
        record(),
        "",
        record(incident_id=2, latitude="641778", source="media", country_code="", country="Kashmir"),
    )
    report = check_report(incidents)
    assert report.summary() == (
        "<buffer>: table with some of AWSD's columns\n"
        "4 rows read, 3 incidents in 2 countries, 2020 to 2020.\n"
        "Data to 2020-05-06 (known from: latest incident).\n"
        "Most incidents: Mali 2, Kashmir 1.\n"
        "\n"
        "Set aside (no incident):\n"
        "  1  wholly blank row\n"
        "\n"
        "Read otherwise than written:\n"
        "  1  label spelled otherwise, read as AWSD's usual label\n"
        "\n"
        "Points:\n"
        "  2  nothing wrong with the point\n"
        "  1  point cannot be read, left missing\n"
        "\n"
        "Incident ID 1 stands on 2 rows; all are kept and flagged (duplicate_id).\n"
        "1 row equal to an earlier row in every column; kept.\n"
        "1 incident in a place that has no country code (such as Kashmir).\n"
        f"Columns that this form does not have: {', '.join(report.columns_missing)}."
    )
    frame = report.to_frame().set_index(["about", "what"])["rows"]
    assert frame["coordinates", "unreadable"] == 1
    assert frame["set aside", "wholly blank row"] == 1
    assert frame["rows", "equal to an earlier row"] == 1
    assert frame["duplicate id", "1"] == 2


def test_points_on_one_latitude_keep_their_own_longitudes():
    # pandas 3.0.0 takes texts that differ only after a NUL for the same, so no NUL may join two cells.
    cells = {"latitude": ["4.5", "4.5", "", "4.5"], "longitude": ["18", "20.25", "", "18"]}
    latitude, longitude = (np.array(column, dtype=object) for column in cells.values())
    points = read_points(latitude, longitude, np.arange(4), Ledger())
    assert points.longitude[[0, 1, 3]].tolist() == [18, 20.25, 18]
    assert points.latitude[[0, 1, 3]].tolist() == [4.5, 4.5, 4.5]
    assert points.issue.tolist() == ["coarse", "none", "missing", "coarse"]
