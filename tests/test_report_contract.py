"""The contract of findings.json: schema, documentation, and the hand-written findings of the other tests."""

import json
import runpy
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

import awsd_geo

MADE = runpy.run_path(str(Path(__file__).with_name("findings_example.py")))
SCHEMA = json.loads(files("awsd_geo.report").joinpath("findings.schema.json").read_text(encoding="utf-8"))
DOCS = Path(__file__).parents[1] / "docs" / "findings.md"
CASES = {
    "example": MADE["example"](),
    "as of 2023": MADE["as_of_2023"](),
    "none": MADE["few"]({}, [2017, 2022]),
    "three": MADE["few"]({"Mopti": 3}, [2017, 2022]),
    "one year": MADE["few"]({"Mopti": 2, "Gao": 2}, [2022, 2022]),
    "hostile": MADE["hostile"]("{{7*7}}"),
    "suppressed": MADE["suppressed"](),
}


def test_the_schema_is_itself_valid():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("case", CASES)
def test_hand_written_findings_keep_the_schema(case):
    jsonschema.validate(CASES[case], SCHEMA)


def objects(node):
    if isinstance(node, dict):
        if "properties" in node:
            yield node
        for value in node.values():
            yield from objects(value)


def test_every_field_is_described():
    silent = [
        name
        for node in objects(SCHEMA)
        for name, field in node["properties"].items()
        if not field.get("description") and "$ref" not in field
    ]
    assert silent == []


def test_every_object_is_closed():
    assert all(node["additionalProperties"] is False for node in objects(SCHEMA))


@pytest.mark.skipif(not DOCS.is_file(), reason="the documentation is not beside the tests")
def test_every_field_stands_in_the_documentation():
    text = DOCS.read_text(encoding="utf-8")
    absent = [name for node in objects(SCHEMA) for name in node["properties"] if f"| `{name}` |" not in text]
    assert absent == []


def test_a_number_that_is_not_a_number_breaks_the_schema():
    findings = MADE["example"]()
    findings["trend"]["p_value"] = "NaN"
    with pytest.raises(jsonschema.ValidationError, match="is not of type"):
        jsonschema.validate(findings, SCHEMA)


def test_counts_of_the_example_add_up():
    findings = CASES["example"]
    placed = sum(unit["incidents"] for unit in findings["by_region"])
    assert placed + findings["unlocated"] == findings["incidents"] == sum(findings["by_year"].values()) == 56
    victims = sum(unit["victims"] for unit in findings["by_region"]) + findings["unlocated_victims"]
    assert victims == findings["victims"] == sum(year["victims"] for year in findings["by_year_detail"]) == 139


def test_the_alert_of_the_built_in_example_keeps_the_contract():
    made = awsd_geo.alert(awsd_geo.example(), country="MLI", years=(2017, 2022), kind="kidnapped", vintage="2016")
    jsonschema.validate(made.findings, SCHEMA)
    assert list(made.findings) == [name for name in SCHEMA["properties"] if name != "disclosure"]
    by_hand = CASES["example"]
    for field in ("incidents", "victims", "located", "unlocated", "regions", "by_year"):
        assert made.findings[field] == by_hand[field]
    assert [unit["name"] for unit in made.findings["by_region"]] == [unit["name"] for unit in by_hand["by_region"]]
    for field in ("rate_ratio_per_year", "ci", "p_value"):
        assert made.findings["trend"][field] == pytest.approx(by_hand["trend"][field], rel=1e-3)


def test_an_alert_without_incidents_lists_no_test_and_no_replicates():
    made = awsd_geo.alert(awsd_geo.example(), country="MLI", years=(2017, 2022), kind="detained")
    jsonschema.validate(made.findings, SCHEMA)
    assert (made.findings["provenance"]["tests"], made.findings["provenance"]["replicates"]) == ([], None)
    assert "seed None" not in made.html()


def test_the_lead_of_mopti_over_gao_is_in_the_findings_of_the_example():
    # 31 against 11: twice the chance of 31 or more heads in 42 throws is 0.0029 (scipy.stats.binom).
    made = awsd_geo.alert(awsd_geo.example(), country="MLI", years=(2017, 2022), kind="kidnapped", vintage="2016")
    assert made.findings["epicentre"]["runner_up"] == "Gao"
    assert made.findings["epicentre"]["lead_p_value"] == pytest.approx(0.002887, abs=1e-6)
    drawn = {test["name"]: test["replicates"] for test in made.findings["provenance"]["tests"] if test["replicates"]}
    assert drawn == {"scan statistic": 9999}
    assert made.findings["provenance"]["replicates"] == 9999


def test_a_conflict_that_no_name_decides_counts_as_not_placed():
    # "Mopti" of before 2023 is today's Mopti, Bandiagara or Douentza; a point in Kayes lies in none of them.
    incidents = awsd_geo.example().copy()
    mopti = incidents.index[incidents["region"] == "Mopti"][:2]
    incidents.loc[mopti, ["district", "city"]] = None
    incidents.loc[mopti, ["latitude", "longitude"]] = [14.45123, -11.43456]
    made = awsd_geo.alert(incidents, country="MLI", years=(2017, 2022), vintage="2023").findings
    assert (made["conflicts"]["count"], made["conflicts"]["not_placed"], made["unlocated"]) == (2, 2, 4)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_page_is_made_of_suppressed_findings_written_by_hand(lang):
    from awsd_geo.report.page import alert_page
    from awsd_geo.report.tables import regions_csv

    page = alert_page(CASES["suppressed"], lang=lang)
    assert page.count({"en": "[c]", "fr": "[s]"}[lang]) > 30
    assert "None" not in page.replace("None of these is", "")
    assert regions_csv(CASES["suppressed"]).splitlines()[1].startswith("MLI-2016-mopti,Mopti,region,31,78,")


def test_no_count_is_null_unless_it_is_suppressed():
    for case in ("example", "as of 2023", "none", "three", "one year"):
        told = CASES[case]
        counts = [told["located"], told["unlocated"], *told["placed_by"].values(), *told["by_year"].values()]
        assert None not in [*counts, *(unit["incidents"] for unit in told["by_region"])]


def test_victims_that_no_incident_tells_are_unknown_and_not_nought():
    incidents = awsd_geo.example()
    told = [name for name in incidents if name.startswith(("nationals_", "internationals_", "total_"))]
    silent = incidents.drop(columns=told)
    silent.attrs = incidents.attrs
    made = awsd_geo.alert(silent, country="MLI", years=(2017, 2022), kind="any")
    findings = made.findings
    assert (findings["victims"], findings["unlocated_victims"]) == (None, None)
    assert {unit["name"]: unit["victims"] for unit in findings["by_region"]} == {
        unit["name"]: None if unit["incidents"] else 0 for unit in findings["by_region"]
    }
    assert [year["victims"] for year in findings["by_year_detail"]] == [None] * 6
    assert made.summary().splitlines()[1] == (
        "From 2017 to 2022, 56 major incidents were recorded, in 6 of 10 regions and in 1 district."
    )
    assert "Victims" not in made.map().html()
