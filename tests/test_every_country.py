"""The alert of every country with incidents in the real file, from the boundaries that come with awsd_geo."""

import json
import re
import subprocess
import sys
import warnings
from importlib.resources import files

import jsonschema
import pytest

import awsd_geo as ag
from awsd_geo.report import Question

pytestmark = pytest.mark.realdata

SIX = {"SSD": "South Sudan", "AFG": "Afghanistan", "SOM": "Somalia", "SYR": "Syria", "SDN": "Sudan", "COD": "DR Congo"}
SCHEMA = json.loads(files("awsd_geo.report").joinpath("findings.schema.json").read_text(encoding="utf-8"))
FILES = ["alert.html", "findings.json", "map.html", "regions.csv", "regions.geojson"]


@pytest.fixture(scope="module")
def incidents(shared):
    return ag.read_incidents(shared / "data/awsd/awsd_global_2025-08-26.csv")


def read_aloud(page):
    """Give the text of a page, without scripts and styles."""
    return re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", page)


@pytest.mark.parametrize("iso3", SIX)
def test_an_alert_is_made_of_a_country_that_is_not_mali(iso3, incidents, tmp_path):
    made = ag.alert(incidents, country=SIX[iso3], kind="any")
    assert sorted(path.name for path in made.save(tmp_path)) == FILES
    found = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    assert found["country"] == iso3
    assert found["located"] >= 0.95 * found["incidents"]
    assert found["regions"]["with_incidents"] >= 5
    assert not found["epicentre"]["by_denominator"]["population"]["p_value"]
    assert "census" in found["epicentre"]["by_denominator"]["population"]["reason"]
    for page in (read_aloud((tmp_path / name).read_text(encoding="utf-8")) for name in ("alert.html", "map.html")):
        assert not re.search(r"\bMali\b|\bMLI\b|\bnan\b|\bNone\b(?! of these)|\{|frame of world", page)
        assert "Natural Earth" in page  # the countries around, at least


def test_every_incident_is_placed_or_it_is_said_why(incidents):
    """Every country that the file names, all its years; 95 countries, of which one has no code and no boundaries."""
    located = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for iso3 in sorted(incidents["iso3"].dropna().unique()):
            asked = Question(iso3, kind="any", years=(1997, 2025), vintage=newest(iso3))
            placed, regions, _ = ag.report.place(incidents, asked)
            assert len(placed) > 0
            assert placed["region_id"].dropna().isin(regions.index).all()
            assert placed.loc[placed["region_id"].isna(), "why"].notna().all()
            located += int(placed["region_id"].notna().sum())
    assert located >= 0.9 * len(incidents)


def newest(iso3):
    """Name the newest frame: some countries have none that was in force in 1997."""
    return ag.boundaries.find_country(iso3).vintages[-1].name


@pytest.mark.parametrize("iso3", ["TJK", "ESH", "AZE", "FJI", "RUS", "PSE"])
def test_countries_with_little_to_say_have_a_page_too(iso3, incidents, tmp_path):
    """No incident placed, one unit, one incident, the 180th meridian, points withheld."""
    made = ag.alert(incidents, country=iso3, kind="any")
    for lang in ("en", "fr"):
        made.save(tmp_path, lang=lang)
        assert not re.search(
            r"\bnan\b|\bNone\b(?! of these)|\bMali\b", read_aloud((tmp_path / "alert.html").read_text("utf-8"))
        )
    assert made.findings["incidents"] >= 1
    assert (tmp_path / "map.html").stat().st_size < 1_500_000


def test_the_usual_years_do_not_begin_before_the_database_does(incidents):
    assert ag.report.period(incidents, "TJK") == (1997, 2001)


def run(*arguments):
    command = [sys.executable, "-W", "error", "-c", "from awsd_geo.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_command_takes_a_country_of_the_world_layer(shared, tmp_path):
    file = shared / "data/awsd/awsd_global_2025-08-26.csv"
    of = ("--country", "Afghanistan", "--kind", "any")
    alert = run("alert", file, *of, "--out", tmp_path)
    assert (alert.returncode, alert.stderr) == (0, "")
    assert alert.stdout.startswith("Afghanistan: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == FILES
    assert run("map", file, *of, "--out", tmp_path / "map-alone.html").returncode == 0
    geocode = run("geocode", file, *of)
    assert re.match(r"\d+ of 75 incidents placed in \d+ of 34 units \(frame of world\)", geocode.stdout)
    regions = run("regions", "Afghanistan")
    assert "AFG-world-kabul" in regions.stdout
    assert "34 units of AFG, frame of world" in regions.stdout
    refused = run("alert", file, "--country", "Kashmir")
    assert refused.returncode == 2
    assert "divided between India, Pakistan and China" in refused.stderr
