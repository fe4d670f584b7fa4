"""The built-in example against the issue's published totals, and against the script that makes it."""

import importlib.util
from pathlib import Path

from awsd_geo.boundaries import load_regions
from awsd_geo.sources import check_report, example

TOP = Path(__file__).resolve().parents[1]
YEARS = range(2017, 2023)
TOTALS = {  # incidents and victims by year, as published; Ménaka and Gao are told apart by the point
    "Mopti": ([0, 3, 7, 8, 8, 5], [0, 6, 21, 23, 20, 8]),
    "Gao": ([0, 0, 1, 3, 5, 2], [0, 0, 1, 4, 12, 3]),
    "Ménaka": ([0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 1]),
    "Tombouctou": ([0, 0, 0, 1, 2, 2], [0, 0, 0, 4, 3, 4]),
    "Ségou": ([0, 0, 0, 1, 2, 1], [0, 0, 0, 2, 6, 9]),
    "Bamako": ([0, 1, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]),
    "Kayes": ([0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 4]),
}


def placed():
    """Give the example's rows with a place, joined to the region of 2016 that holds the point."""
    import geopandas as gpd

    incidents = example()
    points = gpd.points_from_xy(incidents["longitude"].to_numpy(float), incidents["latitude"].to_numpy(float))
    frame = gpd.GeoDataFrame(incidents, geometry=points, crs="EPSG:4326")
    frame = frame[(frame["coordinate_issue"] == "none").to_numpy()]
    return frame.sjoin(load_regions("MLI", level=1, vintage="2016")[["name", "geometry"]], predicate="within")


def test_the_example_has_the_published_totals_by_region_and_year():
    found = placed()
    assert len(found) == 54
    assert set(found["name"]) == set(TOTALS)
    for region, (incidents, victims) in TOTALS.items():
        rows = found[found["name"] == region]
        assert [int((rows["year"] == year).sum()) for year in YEARS] == incidents
        assert [int(rows.loc[rows["year"] == year, "total_kidnapped"].sum()) for year in YEARS] == victims


def test_two_incidents_have_no_place_one_of_them_only_the_countrys_centre():
    incidents = example()
    without = incidents[incidents["region"].isna()]
    assert without["year"].tolist() == [2017, 2022]
    assert without["total_kidnapped"].tolist() == [2, 5]
    assert without["coordinate_issue"].tolist() == ["country_centroid", "missing"]
    assert without[["district", "city"]].isna().all(axis=None)


def test_the_texts_are_those_of_the_commune_in_which_the_point_lies_as_awsd_writes_them():
    import unicodedata

    found = placed().drop(columns=["index_right", "region_id", "name"], errors="ignore")
    cercles = load_regions("MLI", level=2, vintage="2016")[["name", "geometry"]]
    found = found.sjoin(cercles, predicate="within")
    plain = found["name"].map(lambda name: unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode())
    assert (found["district"] == plain).all()
    assert set(found.loc[found["district"] == "Menaka", "region"]) == {"Gao"}
    assert found["city"].isna().all()
    assert set(found["region"]) == {"Mopti", "Gao", "Tombouctou", "Segou", "Bamako", "Kayes"}


def test_the_numbers_of_each_incident_add_up():
    incidents = example()
    kidnapped = incidents["total_kidnapped"]
    assert (kidnapped >= 1).all()
    assert incidents[["un", "ingo", "icrc", "nrcs_and_ifrc", "nngo", "other"]].sum(axis=1).equals(kidnapped)
    assert incidents[["gender_male", "gender_female", "gender_unknown"]].sum(axis=1).equals(kidnapped)
    assert incidents[["total_nationals", "total_internationals"]].sum(axis=1).equals(kidnapped)
    assert incidents[["nationals_kidnapped", "internationals_kidnapped"]].sum(axis=1).equals(kidnapped)
    assert incidents["total_affected"].equals(kidnapped)
    assert (incidents[["total_killed", "total_wounded", "total_detained"]] == 0).all(axis=None)


def test_the_example_says_in_every_place_that_it_is_one():
    incidents = example()
    source = incidents.attrs["source"]
    assert (source["status"], source["form"], source["data_to"]) == ("example", "S5", "2025-08-26")
    assert (source["repairs"], source["rows_set_aside"], source["columns_unknown"]) == ([], [], [])
    assert incidents["details"].unique().tolist() == ["EXAMPLE DATA: simulated, not a real incident"]
    assert incidents["means_of_attack"].unique().tolist() == ["Kidnapping"]
    assert incidents.index.tolist() == list(range(1, 57))
    assert check_report(incidents).summary().startswith("EXAMPLE DATA: simulated")


def test_the_script_makes_the_very_same_file():
    script = TOP / "boundaries" / "build" / "make_example.py"
    spec = importlib.util.spec_from_file_location("make_example", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.text().encode() == (TOP / "awsd_geo" / "sources" / "example.csv").read_bytes()
