"""An alert under embargo: what is too fresh is in none of its files."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

import awsd_geo as ag

COLUMNS = ["Incident ID", "Year", "Month", "Day", "Country Code", "Country", "Region", "Total kidnapped", "Details"]
DATED = [(1, 2019, 5, 1), (2, 2020, 3, 4), (3, 2021, 7, 8), (4, 2021, 8, 9), (5, 2022, 1, 2)]
FRESH = [(6, 2022, 12, 20), (7, 2022, 12, None), (8, 2022, None, None)]  # the last two can be as late as 31 December


@pytest.fixture
def file(tmp_path):
    rows = [(*when, "ML", "Mali", "Gao" if when in FRESH else "Mopti", 1, "x") for when in DATED + FRESH]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"Month": "Int64", "Day": "Int64"})
    path = tmp_path / "security_incidents_2022-12-31.csv"
    table.to_csv(path, index=False)
    return path


def _run(file, folder, *more: str) -> dict[str, str]:
    from awsd_geo.cli import app

    asked = ["alert", str(file), "--country", "MLI", "--years", "2019:2022", "--out", str(folder), *more]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0, found.exception
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_what_is_under_embargo_is_in_no_file(file, tmp_path):
    all_of_them, held = _run(file, tmp_path / "all"), _run(file, tmp_path / "held", "--embargo-days", "30")
    before, after = (json.loads(files["findings.json"]) for files in (all_of_them, held))
    assert (before["incidents"], after["incidents"]) == (8, 5)
    assert after["by_year"] == {"2019": 1, "2020": 1, "2021": 2, "2022": 1}
    assert (after["data_to"], after["data_to_from"]) == ("2022-12-01", "embargo")
    assert after["years_partial"] == [2022]
    assert after["provenance"]["input"]["rows_set_aside"][-1] == {
        "why": "later than 2022-12-01, or possibly so: under embargo",
        "rows": 3,
    }
    gao = {unit["name"]: unit["incidents"] for unit in after["by_region"]}
    assert (gao["Gao"], gao["Mopti"]) == (0, 5)
    csv = {line.split(",")[1]: line.split(",")[3] for line in held["regions.csv"].splitlines()}
    assert (csv["Gao"], csv["Mopti"]) == ("0", "5")
    drawn = {each["properties"]["name"]: each["properties"] for each in json.loads(held["regions.geojson"])["features"]}
    assert (drawn["Gao"]["incidents"], drawn["Gao"]["incidents_2022"]) == (0, 0)
    assert "held back" not in all_of_them["alert.html"]
    assert "1 December 2022 (later incidents are held back)" in held["alert.html"]
    assert "3 rows (later than 1 December 2022, or possibly so: under embargo)" in held["alert.html"].replace(
        "2022-12-01", "1 December 2022"
    )


def test_the_page_is_that_of_a_file_that_never_had_them(file, tmp_path):
    """The map, which says nothing of the file, is the same to the byte."""
    held = _run(file, tmp_path / "held", "--embargo-days", "30")
    table = pd.read_csv(file)
    older = tmp_path / "security_incidents_2022-12-01.csv"
    table[table["Incident ID"] <= 5].to_csv(older, index=False)
    never = _run(older, tmp_path / "never")
    one, other = (json.loads(files["findings.json"]) for files in (held, never))
    for name in ("provenance", "data_to_from"):
        one.pop(name), other.pop(name)
    assert one.pop("disclosure")["embargo_days"] == 30
    assert one == other
    assert held["regions.csv"] == never["regions.csv"]
    assert held["regions.geojson"] == never["regions.geojson"]


def test_the_embargo_is_said_in_french(file, tmp_path):
    page = _run(file, tmp_path / "fr", "--embargo-days", "30", "--lang", "fr")["alert.html"]
    assert "1er décembre 2022 (les incidents plus récents ne sont pas publiés)" in page
    assert "sous embargo" in page
    assert "under embargo" not in page


def test_findings_under_embargo_keep_the_contract(file, tmp_path):
    from importlib.resources import files

    import jsonschema

    held = _run(file, tmp_path / "held", "--embargo-days", "30")
    schema = json.loads(files("awsd_geo.report").joinpath("findings.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(held["findings.json"]), schema)


def test_the_example_and_the_map_know_the_embargo(tmp_path):
    from awsd_geo.cli import app

    made = CliRunner().invoke(
        app, ["map", "--embargo-days", "400", "--years", "2017:2021", "--out", str(tmp_path / "m.html")]
    )
    assert made.exit_code == 0, made.exception
    late = CliRunner().invoke(
        app, ["map", "--embargo-days", "1400", "--years", "2017:2022", "--out", str(tmp_path / "n.html")]
    )
    assert isinstance(late.exception, ag.RequestError)
    assert "2022 cannot be counted" in str(late.exception)
