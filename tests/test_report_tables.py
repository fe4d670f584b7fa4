"""The files beside the page."""

import csv
import io
import json
import runpy
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Polygon, is_ccw
from shapely.geometry import shape

from awsd_geo.errors import InputError
from awsd_geo.report import tables

MADE = runpy.run_path(str(Path(__file__).with_name("findings_example.py")))
example, hostile = MADE["example"], MADE["hostile"]
FIVE = ("alert.html", "map.html", "regions.csv", "regions.geojson", "findings.json")


def frame(findings):
    """Give every region a clockwise square with too many decimals."""
    squares = [
        Polygon([(x, 0), (x, 1.123456789), (x + 1, 1.123456789), (x + 1, 0)]) for x in range(len(findings["by_region"]))
    ]
    index = pd.Index([unit["region_id"] for unit in findings["by_region"]], name="region_id")
    return gpd.GeoDataFrame(index=index, geometry=squares, crs=4326)


def test_the_csv_adds_up_with_its_row_of_unplaced_incidents():
    rows = list(csv.DictReader(io.StringIO(tables.regions_csv(example()))))
    assert sum(int(row["incidents"]) for row in rows) == 56
    assert sum(int(row["victims"]) for row in rows) == 139
    assert [sum(int(row[f"incidents_{year}"]) for row in rows) for year in range(2017, 2023)] == [1, 4, 8, 13, 17, 13]
    assert (rows[0]["name"], rows[0]["share_low"], rows[-1]["region_id"]) == ("Mopti", "0.4321", "")


def test_every_row_of_the_csv_says_whether_the_data_are_an_example():
    rows = list(csv.DictReader(io.StringIO(tables.regions_csv(example()))))
    assert {row["status"] for row in rows} == {"example"}
    assert list(rows[0])[-1] == "status"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_that_a_spreadsheet_would_run_are_neutralised(start):
    findings = hostile(f"{start}cmd|' /C calc'!A0")
    rows = list(csv.DictReader(io.StringIO(tables.regions_csv(findings), newline="")))
    assert rows[0]["name"] == f"'{start}cmd|' /C calc'!A0"


def test_geojson_is_rounded_and_wound_by_the_right_hand_rule():
    findings = example()
    made = json.loads(tables.regions_geojson(findings, frame(findings)))
    first = made["features"][0]
    assert [feature["id"] for feature in made["features"]] == [unit["region_id"] for unit in findings["by_region"]]
    assert (first["properties"]["incidents"], first["properties"]["gi_star_class"]) == (31, "not significant")
    assert is_ccw(shape(first["geometry"]).exterior)
    assert [1.0, 1.12346] in first["geometry"]["coordinates"][0]
    assert "crs" not in made
    assert (made["status"], made["unlocated"]) == ("example", 2)
    assert made["notice"] == findings["provenance"]["boundaries"]["notice"]
    assert made["citation"].startswith("Simulated incidents")
    assert list(made)[-1] == "features"
    assert tables.regions_geojson(findings, frame(findings)) == tables.regions_geojson(findings, frame(findings))


def test_geojson_of_another_frame_is_refused():
    with pytest.raises(InputError, match=r"The regions lack MLI-2016-mopti\. Give the frame"):
        tables.regions_geojson(example(), frame(example()).iloc[1:])


def test_findings_keep_their_order_and_never_hold_nan():
    text = tables.findings_json(example())
    assert json.loads(text) == example()
    assert list(json.loads(text))[:4] == ["schema", "status", "country", "country_name"]
    assert text.endswith("}\n")
    assert "Ménaka" in text
    findings = example()
    findings["concentration"]["gini"] = float("nan")
    with pytest.raises(ValueError, match="not JSON compliant"):
        tables.findings_json(findings)


def texts(mark):
    return {name: f"{mark} {name} é\n" for name in FIVE}


def held(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_all_files_are_written_and_nothing_else(tmp_path):
    written = tables.write_all(tmp_path / "new" / "out", texts("one"))
    assert [path.name for path in written] == list(FIVE)
    assert held(tmp_path / "new" / "out") == texts("one")
    tables.write_all(tmp_path / "new" / "out", texts("two"))
    assert held(tmp_path / "new" / "out") == texts("two")


@pytest.mark.parametrize("failing", FIVE)
def test_a_failure_at_any_file_leaves_the_older_files_whole(tmp_path, monkeypatch, failing):
    tables.write_all(tmp_path, texts("old"))
    replace = Path.replace

    def full_disk(self, target):
        if self.suffix == ".part" and Path(target).name == failing:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(InputError, match=r"Cannot write into .*: No space left on device"):
        tables.write_all(tmp_path, texts("new"))
    assert held(tmp_path) == texts("old")


def test_a_failure_in_an_empty_folder_leaves_it_empty(tmp_path, monkeypatch):
    replace = Path.replace

    def full_disk(self, target):
        if Path(target).name == FIVE[-1]:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(InputError):
        tables.write_all(tmp_path, texts("new"))
    assert held(tmp_path) == {}


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="Cannot write into"):
        tables.write_all(tmp_path / "out", texts("new"))
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
    (tmp_path / "findings.json").mkdir()
    with pytest.raises(InputError, match=r"findings\.json is a folder"):
        tables.write_all(tmp_path, texts("new"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["findings.json", "out"]


def test_the_csv_gives_the_range_of_each_place_and_none_for_what_is_in_no_unit():
    rows = list(csv.DictReader(io.StringIO(tables.regions_csv(example()))))
    assert (rows[0]["incidents_lowest"], rows[0]["incidents_highest"]) == ("31", "33")
    assert (rows[-1]["incidents_lowest"], rows[-1]["incidents_highest"]) == ("", "")
    older = example()
    for unit in older["by_region"]:
        del unit["incidents_by_placing"]
    assert next(csv.DictReader(io.StringIO(tables.regions_csv(older))))["incidents_lowest"] == ""
