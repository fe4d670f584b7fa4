"""The command line as a user runs it: exit codes, messages, files, and what it costs to start."""

import json
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest

FILES = ["alert.html", "findings.json", "map.html", "regions.csv", "regions.geojson"]
HEAVY = {"folium", "esda", "libpysal", "scipy", "matplotlib", "mapclassify", "numba", "sklearn", "pandas", "geopandas"}


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", "from awsd_geo.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_the_alert_of_the_example_writes_five_files_and_says_where(tmp_path):
    ended = run("alert", "--out", "out", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    assert all(f"Wrote {Path('out') / name}" in ended.stdout for name in FILES)
    assert ended.stdout.startswith("Mali: kidnappings rise and concentrate in Mopti")
    found = json.loads((tmp_path / "out/findings.json").read_text(encoding="utf-8"))
    assert (found["status"], found["incidents"], found["epicentre"]["name"]) == ("example", 56, "Mopti")


def test_the_version_is_printed(tmp_path):
    import awsd_geo as ag

    ended = run("--version", cwd=tmp_path)
    lines = ended.stdout.splitlines()
    assert (ended.returncode, lines[0]) == (0, f"awsd-geo {ag.__version__}")
    assert lines[2] == f"python {platform.python_version()}"
    assert {f"{name} {metadata.version(name)}" for name in ("folium", "numpy", "scipy", "shapely")} <= set(lines)


def test_one_means_of_attack_can_be_asked_for(tmp_path):
    assert "54 of 56 incidents placed" in run("geocode", "--means", "kidnapping", cwd=tmp_path).stdout
    ended = run("alert", "--means", "Poison", cwd=tmp_path)
    assert ended.returncode == 2
    assert "No incident has the means of attack 'Poison'. The file has: Kidnapping." in ended.stderr


def test_two_runs_write_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        assert run("alert", "--lang", "fr", "--out", folder, cwd=tmp_path).returncode == 0
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_map_alone_is_the_same_as_the_alerts(tmp_path):
    assert run("map", "--out", "hotspots.html", cwd=tmp_path).returncode == 0
    assert run("alert", "--out", ".", cwd=tmp_path).returncode == 0
    assert (tmp_path / "hotspots.html").read_bytes() == (tmp_path / "map.html").read_bytes()


def test_hotspots_prints_every_test_and_what_esda_says(tmp_path):
    ended = run("hotspots", cwd=tmp_path)
    assert ended.returncode == 0
    for part in (
        "57% (31 of 54) in Mopti",
        "55 to 59% of all 56 whichever way the 2 unplaced fall",
        "1.41 times",
        "Moran's I",
        "Gi*: 0 hot and 0 cold of 11",
        "descriptive only",
    ):
        assert part in ended.stdout
    assert float(ended.stdout.split("esda's values of Gi*: ")[1]) < 1e-12


def test_geocode_writes_how_each_incident_was_placed(tmp_path):
    ended = run("geocode", "--kind", "kidnapped", "--vintage", "1991", "--out", "placed.csv", cwd=tmp_path)
    assert ended.returncode == 0
    assert "54 of 56 incidents placed in 6 of 9 units (frame of 1991); 0 with text and" in ended.stdout
    lines = (tmp_path / "placed.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 57
    assert "region_id,matched_by,conflict,why" in lines[0]
    assert lines[0].endswith("why,candidates,candidate_weights,location_precision,confidence")
    assert "Confidence: sure 54, unknown 2." in ended.stdout
    assert sum(line.endswith(",any,equal,country,unknown") for line in lines) == 2


def test_watch_looks_at_every_country(tmp_path):
    ended = run("watch", "--kind", "kidnapped", "--years", "2017:2022", cwd=tmp_path)
    assert ended.returncode == 0
    assert ended.stdout.startswith("1 country with incidents (kidnapped) in 2017 to 2022, 1 tested: Mali (1.41 a year")


def test_audit_passes_our_pages_and_refuses_others(tmp_path):
    assert run("map", cwd=tmp_path).returncode == 0
    ended = run("audit", "map.html", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    (tmp_path / "other.html").write_text("<html><script>x()</script></html>", encoding="utf-8")
    ended = run("audit", "other.html", cwd=tmp_path)
    assert ended.returncode == 2
    assert "The page has no Content-Security-Policy." in ended.stderr


def test_regions_are_listed_with_their_frames(tmp_path):
    ended = run("regions", "Mali", "--vintage", "2016", cwd=tmp_path)
    assert ended.returncode == 0
    assert "Taoudénit" in ended.stdout
    assert "11 units of MLI, frame of 2016." in ended.stdout
    assert "Frames: 1991, 2016, 2023." in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["alert", "no.csv"], "There is no file no.csv."),
        (["alert", "picture.csv"], "not a CSV table"),
        (["alert", "empty.csv"], "empty.csv is empty."),
        (["alert", "other.csv"], "other.csv lacks the columns Incident ID, Year, Country; its first row has a, b."),
        (["alert", "--country", "Atlantis"], "No boundaries for the country 'Atlantis'. There are 2"),
        (["alert", "--years", "2022:2017"], "The years 2022:2017 are the wrong way round. Write 2017:2022."),
        (["alert", "--years", "now"], "--years now is not understood. Write the first and last year as 2017:2022."),
        (["alert", "--years", "2024:2030"], "The data end on 2025-08-26, so 2030 cannot be counted."),
        (["alert", "--vintage", "1960"], "Mali has no boundary vintage '1960'. There are: 1991, 2016, 2023."),
        (["alert", "--level", "9"], "Mali has no boundary level 9."),
        (["alert", "--kind", "robbed"], "There is no kind of incident 'robbed'."),
        (["alert", "--lang", "de"], "There is no language 'de'. Choose one of en, fr."),
        (["alert", "--as-of", "2023-03-02"], "The built-in example has no past"),
        (["alert", "--out", "empty.csv"], "Cannot write into empty.csv"),
        (["regions", "Atlantis"], "No boundaries for the country 'Atlantis'."),
        (["check", "no.csv"], "There is no file no.csv."),
    ],
)
def test_bad_input_is_one_sentence_on_stderr_and_exit_2(tmp_path, arguments, message):
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    ended = run(*arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("awsd-geo: ")
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.csv", "other.csv", "picture.csv"]


@pytest.mark.parametrize("command", [["alert", "--level", "3", "--seed", "-1"], ["watch", "--most", "0"]])
def test_a_number_out_of_range_is_a_usage_error(tmp_path, command):
    ended = run(*command, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Input should be greater than or equal to" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_fails_leaves_an_earlier_output_whole(tmp_path):
    assert run("alert", "--out", "out", cwd=tmp_path).returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert run("alert", "--vintage", "1960", "--out", "out", cwd=tmp_path).returncode == 2
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_importing_the_library_pulls_in_nothing_heavy(tmp_path):
    code = "import sys, awsd_geo; print([name for name in sys.modules if '.' not in name])"
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert set(eval(ended.stdout)) & HEAVY == set()


def test_the_alert_needs_none_of_what_is_slow_to_import(tmp_path):
    code = (
        "import sys, awsd_geo as ag; ag.alert(ag.example(), country='MLI').save('out');"
        "print([name for name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    slow = {"esda", "libpysal", "mapclassify", "numba", "sklearn", "matplotlib", "scipy.stats"}
    assert set(eval(ended.stdout)) & slow == set()


def test_every_public_name_is_there():
    import awsd_geo as ag

    assert {name for name in ag.__all__ if getattr(ag, name, None) is None} == set()
    assert set(ag.__all__) <= set(dir(ag))


def test_geocode_of_all_countries_says_how_each_row_was_placed(tmp_path):
    ended = run("geocode", "--country", "all", "--out", "placed.csv", cwd=tmp_path)
    assert "54 of 56 incidents placed in the units of 1 country; 0 fit several units, 2 none" in ended.stdout
    table = pd.read_csv(tmp_path / "placed.csv")
    assert {"point_error", "candidates", "confidence"} <= set(table.columns)
    assert len(table) == 56
    refused = run("geocode", "--country", "all", "--vintage", "2016", cwd=tmp_path)
    assert refused.returncode == 2
    assert "--vintage is a frame of one country" in refused.stderr
