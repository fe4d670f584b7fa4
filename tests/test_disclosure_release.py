"""Suppression in the alert: its files are a function of what is published, and nobody gets behind them."""

import csv
import io
import json
import re
import runpy
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import awsd_geo as ag
from awsd_geo.disclosure import TOTAL, attack, policy
from awsd_geo.disclosure._system import cells_of, system, trees
from awsd_geo.language import words
from awsd_geo.report.release import UNPLACED, old_enough, release
from awsd_geo.report.wording import Wording

MADE = runpy.run_path(str(Path(__file__).with_name("suppression_pairs.py")))
PAIRS, FIRST, incidents = MADE["PAIRS"], MADE["FIRST"], MADE["incidents"]
SCHEMA = json.loads(files("awsd_geo.report").joinpath("findings.schema.json").read_text(encoding="utf-8"))
BELOW = 5
FRENCH = Wording("fr")


def alert_of(grid, *, other=False, **asked):
    years = asked.pop("years", (FIRST, FIRST + len(grid[0]) - 1))
    asked = {"country": "MLI", "vintage": "2016", "years": years, "data": "own"} | asked
    return ag.alert(incidents(grid, other=other), **asked)


@pytest.fixture(scope="module")
def first():
    """Give the alert of the first table of each pair."""
    return [alert_of(one) for one, _ in PAIRS]


@pytest.fixture(scope="module")
def example():
    return ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2016", data="own")


# --- nobody can tell two tables apart -----------------------------------------------------------------------------


@pytest.mark.parametrize("case", range(len(PAIRS)))
def test_files_of_tables_with_other_hidden_numbers_are_the_same_to_the_byte(case, first, tmp_path):
    one, two = PAIRS[case]
    assert one != two
    made, other = first[case], alert_of(two, other=True)
    assert made.release.table.equals(other.release.table)
    for lang in ("en", "fr"):
        written = [each.save(tmp_path / name / lang, lang=lang) for name, each in (("a", made), ("b", other))]
        for left, right in zip(*written, strict=True):
            assert left.read_bytes() == right.read_bytes(), left.name
        assert made.summary(lang=lang) == other.summary(lang=lang)
        assert made.map(lang=lang).html() == other.map(lang=lang).html()
    assert made._repr_html_() == other._repr_html_()


def _as_file(grid, folder, *, other):
    """Write incidents as a file of the AWSD's form, both under one name."""
    folder.mkdir()
    table = incidents(grid, other=other).reset_index()
    names = {
        "incident_id": "Incident ID", "year": "Year", "month": "Month", "day": "Day", "country_code": "Country Code",
        "country": "Country", "region": "Region", "city": "City", "latitude": "Latitude", "longitude": "Longitude",
        "total_kidnapped": "Total kidnapped", "total_killed": "Total killed", "total_affected": "Total affected",
    }  # fmt: skip
    path = folder / "security_incidents_2025-06-01.csv"
    table[list(names)].rename(columns=names).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("case", [1, 5])
@pytest.mark.parametrize("command", ["alert", "map", "picture"])
def test_the_command_line_says_the_same_of_both(case, command, tmp_path, monkeypatch):
    from awsd_geo.cli import app

    said, written = [], []
    last = FIRST + len(PAIRS[case][0][0]) - 1
    for name, grid, other in (("a", PAIRS[case][0], False), ("b", PAIRS[case][1], True)):
        path = _as_file(grid, tmp_path / name, other=other)
        monkeypatch.chdir(tmp_path / name)
        name, out = {"alert": ("alert", "out"), "map": ("map", "map.html"), "picture": ("map", "map.svg")}[command]
        asked = [name, str(path), "--years", f"{FIRST}:{last}", "--vintage", "2016", "--own-data"]
        made = CliRunner().invoke(app, [*asked, "--out", out])
        assert made.exit_code == 0, made.exception
        said.append(made.output)
        found = sorted(each for each in path.parent.rglob("*") if each.is_file() and each != path)
        written.append([each.read_bytes() for each in found])
    assert said[0] == said[1]
    assert written[0] == written[1]
    assert len(written[0]) == (5 if command == "alert" else 1)


# --- what an attacker finds ---------------------------------------------------------------------------------------


def claims(made, folder):
    """Read every number of the table by place and year that stands in some file: (measure, unit, when) -> number."""
    folder.mkdir(exist_ok=True)
    texts = {path.name: path.read_text(encoding="utf-8") for path in made.save(folder)}
    units = {unit["name"]: unit["region_id"] for unit in json.loads(texts["findings.json"])["by_region"]}
    found = [
        *_of_findings(json.loads(texts["findings.json"])),
        *_of_csv(texts["regions.csv"]),
        *_of_geojson(json.loads(texts["regions.geojson"])),
        *_of_page(texts["alert.html"], units),
        *_of_map(texts["alert.html"], units),
        *_of_map(texts["map.html"], units),
    ]
    numbers = {}
    for cell, number in found:
        if number is not None:
            assert numbers.setdefault(cell, number) == number, cell
    return numbers


def _of_findings(told):
    for name, unit, measure in (
        ("incidents", TOTAL, "incidents"), ("victims", TOTAL, "victims"), ("unlocated", UNPLACED, "incidents"),
        ("unlocated_victims", UNPLACED, "victims"),
    ):  # fmt: skip
        yield (measure, unit, TOTAL), told[name]
    for year in told["by_year_detail"]:
        yield ("incidents", TOTAL, year["year"]), year["incidents"]
        yield ("victims", TOTAL, year["year"]), year["victims"]
        yield ("incidents", UNPLACED, year["year"]), year["unlocated"]
    for half in told["disclosure"]["halves"]:
        when = half["years"][0] if half["years"][0] == half["years"][1] else "-".join(map(str, half["years"]))
        yield ("incidents", TOTAL, when), half["incidents"]
        yield ("victims", TOTAL, when), half["victims"]
    for unit in told["by_region"]:
        yield ("incidents", unit["region_id"], TOTAL), unit["incidents"]
        yield ("victims", unit["region_id"], TOTAL), unit["victims"]
        for year, number in unit["by_year"].items():
            yield ("incidents", unit["region_id"], int(year)), number
        if unit["share"] is not None and told["located"] is None:
            yield ("incidents", unit["region_id"], TOTAL), round(unit["share"] * told["incidents"])
    for half in filter(None, (told["change"]["earlier"], told["change"]["later"])):
        when = half["years"][0] if half["years"][0] == half["years"][1] else "-".join(map(str, half["years"]))
        yield ("incidents", told["change"]["region_id"], when), half["incidents"]


def _of_record(record, unit):
    for name, text in record.items():
        found = re.fullmatch(r"(incidents|victims)(?:_(\d{4}))?", name)
        if found and text not in ("", None):
            yield (found[1], unit, int(found[2]) if found[2] else TOTAL), int(text)


def _of_csv(text):
    for record in csv.DictReader(io.StringIO(text)):
        yield from _of_record(record, record["region_id"] or UNPLACED)


def _of_geojson(told):
    yield ("incidents", UNPLACED, TOTAL), told["unlocated"]
    for feature in told["features"]:
        yield from _of_record(feature["properties"], feature["id"])


def _whole(text):
    return int(text) if re.fullmatch(r"\d+", text) else None


def _of_page(page, units):
    table = re.search(r'<section class="places".*?</section>', page, re.DOTALL)[0]
    for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL):
        heads, texts = re.findall(r"<th.*?>(.*?)</th>", row), re.findall(r'<td class="number">(.*?)</td>', row)
        unit = {"Place not known": UNPLACED, "Total": TOTAL}.get(heads[0]) or units.get(heads[0].split(" (")[0])
        if unit and len(texts) >= 2:
            yield ("incidents", unit, TOTAL), _whole(texts[0])
            yield ("victims", unit, TOTAL), _whole(texts[1])
    chart = re.search(r'<desc id="chart-text">(.*?)</desc>', page)[1]
    for year, number in re.findall(r"(\d{4}): (\d+) incident", chart):
        yield ("incidents", TOTAL, int(year)), int(number)


def _of_map(page, units):
    data = json.loads(re.search(r'<script type="application/json" id="data-\w+">(.*?)</script>', page, re.DOTALL)[1])
    names = [units[unit["name"]] for unit in data["regions"]]
    measures = {"Incidents": "incidents", "Victims": "victims"}
    for column, (_, heading) in enumerate(data["headings"]):
        for place, unit in enumerate(names if heading in measures else []):
            yield (measures[heading], unit, TOTAL), _whole(data["regions"][place]["facts"][column])
            for year, texts in zip(data["years"], data["yearly"].get(str(column), []), strict=False):
                yield (measures[heading], unit, year), _whole(texts[place])
    layer = data["layers"][0]
    for place, unit in enumerate(names):
        yield ("incidents", unit, TOTAL), layer["values"][place]
        yield ("incidents", unit, TOTAL), _whole(layer["shown"][place])
        for year, of in zip(data["years"], layer["years"] or [], strict=False):
            yield ("incidents", unit, year), of["values"][place]


@pytest.mark.parametrize("case", range(len(PAIRS)))
def test_an_attacker_with_all_files_finds_no_hidden_number(case, first, tmp_path):
    _attacked(first[case], tmp_path / "all")


def test_an_attacker_finds_nothing_in_the_example_either(example, tmp_path):
    numbers = _attacked(example, tmp_path / "all")
    assert numbers["incidents", "MLI-2016-mopti", TOTAL] == 31  # what may be read is read
    assert numbers["victims", TOTAL, TOTAL] == 139
    assert numbers["incidents", TOTAL, "2020-2022"] == 43


def _attacked(made, folder):
    """Put all that stands in the files to the solver, and what a reader knows: the form of the table, zeros shown."""
    published, numbers = made.release.table, claims(made, folder)
    assert set(numbers) <= set(published.index)
    guessed = published.assign(value=pd.array([numbers.get(cell) for cell in published.index], dtype="Int64"))
    known = guessed["value"].notna()
    assert (guessed["value"][known] == published["value"][known]).all()
    # What is not hidden but stands in no file (halves of units) is known to be there: give it to the attacker too.
    guessed["value"] = guessed["value"].fillna(published["value"])
    assert (guessed["value"].isna() == (published["status"] != "published")).all()
    halves = {year: label for years, label in made.release.halves if isinstance(label, str)
              for year in range(years[0], years[1] + 1)}  # fmt: skip
    found = attack(guessed, hierarchy={"year": halves})
    assert len(found) == made.findings["disclosure"]["hidden"]
    assert (found["width"] >= BELOW - 1).all()
    return numbers


def _by_pencil(made):
    """Fill every cell that stands alone in a sum, again and again: rows, columns, halves, for victims too."""
    table, halves = made.release.table, {}
    for years, label in made.release.halves:
        halves |= {year: label for year in range(years[0], years[1] + 1) if isinstance(label, str)}
    units = [*made.release.regions.index, UNPLACED]
    leaves = pd.MultiIndex.from_product([units, made.release.span], names=["region_id", "year"])
    levels = trees(leaves, {"year": halves})
    cells = cells_of(levels, ["incidents", "victims"])
    sums = system(cells, levels).equations.toarray()
    values = table["value"].reindex(cells).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    filled = True
    while filled:
        filled = False
        for row in sums:
            there = np.flatnonzero(row)
            lost = there[np.isnan(values[there])]
            if len(lost) == 1:
                others = there[there != lost[0]]
                values[lost[0]] = -(row[others] @ values[others]) / row[lost[0]]
                filled = True
    return pd.Series(values, cells)


@pytest.mark.parametrize("case", range(len(PAIRS)))
def test_subtraction_over_rows_columns_halves_and_victims_gives_nothing(case, first):
    made = first[case]
    after = _by_pencil(made)
    hidden = made.release.table.index[made.release.table["status"] == "suppressed"]
    assert len(hidden)
    assert after[hidden].isna().all()


def test_what_is_left_out_and_small_cannot_be_worked_out_either(first, example):
    for made in [*first, example]:
        after = _by_pencil(made)
        spared = made.release.table.index[made.release.table["status"] == "left out"]
        assert (after[spared].isna() | (after[spared] >= BELOW)).all()


# --- what is said -------------------------------------------------------------------------------------------------


def test_findings_keep_the_contract_and_have_every_field(example, first):
    whole = ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2016").findings
    for made in [example, *first]:
        jsonschema.validate(made.findings, SCHEMA)
        assert list(made.findings) == list(SCHEMA["properties"])
    lacking = [path for path in _paths(whole) if path not in set(_paths(example.findings))]
    inside = ("/clusters/", "/signals/", "/provenance/tests/", "/unlocated_reasons/", "/conflicts/incidents/",
              "/change/earlier/", "/change/later/", "/placing/by_denominator/", "/rows_not_selected/")  # fmt: skip
    assert [path for path in lacking if not any(part in path for part in inside)] == []


def _paths(told, where=""):
    if isinstance(told, dict):
        for name, value in told.items():
            yield f"{where}/{name}"
            yield from _paths(value, f"{where}/{name}")
    elif isinstance(told, list):
        for value in told:
            yield from _paths(value, f"{where}/")


def test_the_example_says_what_can_be_said(example):
    told = example.findings
    assert told["epicentre"]["name"] == "Mopti"
    assert told["epicentre"]["share"] == pytest.approx(31 / 56)
    # Clopper-Pearson by scipy's binomtest of 31 in 56.
    assert told["epicentre"]["share_ci"] == pytest.approx([0.4147, 0.6866], abs=1e-4)
    assert (told["located"], told["unlocated"], told["disclosure"]["shares_of"]) == (None, None, "incidents")
    assert told["regions"] == {"total": 10, "with_incidents": 6, "districts_total": 1, "districts_with_incidents": 1}
    assert [unit["name"] for unit in told["by_region"]] == [
        "Mopti", "Bamako", "Gao", "Kayes", "Ménaka", "Ségou", "Tombouctou", "Kidal", "Koulikoro", "Sikasso",
        "Taoudénit",
    ]  # fmt: skip
    # 13 in three years, then 43 in three: scipy's binomtest of 43 in 56.
    assert told["disclosure"]["halves_p_value"] == pytest.approx(7.333218e-5)
    assert told["provenance"]["input"]["sha256"] == ""
    for name in ("concentration", "trend", "change", "autocorrelation", "local_statistics"):
        assert told[name]["reason"].startswith("Suppressed: "), name
    assert {test["name"] for test in told["provenance"]["tests"]} == {"exact max-cell"}
    assert [signal["rule"] for signal in told["signals"]] == ["epicentre"]
    assert "located" not in told["signals"][0]["sentence"]


def test_the_max_cell_test_allows_for_unplaced_incidents_that_are_not_counted(example):
    # 31 of 56 in the first of 11 cells, by the independence bound: 11 * P(Bin(56, 1/11) >= 31), exact to 1e-13.
    from scipy.stats import binom

    told = example.findings["epicentre"]
    assert told["p_value"] == pytest.approx(11 * binom.sf(30, 56, 1 / 11), rel=1e-6)
    placed = ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2016").findings["epicentre"]["p_value"]
    assert told["p_value"] > placed  # 31 of 54


def test_a_leader_that_a_hidden_unit_may_pass_is_not_named(first, example):
    # 6 of 13 are shown; the hidden 2 and 5 sum to 7, so that one of them may be 6 as well.
    told = first[5].findings["epicentre"]
    assert told["name"] is None
    assert told["reason"] == "Suppressed: another place may have as many incidents."
    assert "Which place has the most is not shown" in first[5].summary()
    # With 13 of 20 the others, 7 in five units, could be no more than 3 each: it is hidden to protect them.
    assert first[6].findings["epicentre"]["name"] is None
    # Of the example 31 of 56 are shown; what is left is 25 in seven rows, of which none can be more than 19.
    assert example.findings["epicentre"]["name"] == "Mopti"


def test_what_is_left_bounds_many_hidden_units_as_well(first, example, monkeypatch):
    from awsd_geo.report import release_leader

    for made in [*first, example]:
        exact = release_leader.most_hidden(made.release)
        with monkeypatch.context() as patch:
            patch.setattr(release_leader, "MANY", 0)
            assert exact <= release_leader.most_hidden(made.release) < np.inf
    # Of 56 in the example 31 are shown; 25 are left for seven hidden rows, of which one has 19 at most.
    monkeypatch.setattr(release_leader, "MANY", 0)
    assert release_leader.most_hidden(example.release) == 19


def test_headline_and_lede_read_well_in_both_languages(example):
    assert example.summary().splitlines() == [
        "Mali: kidnappings spread unevenly; most in Mopti",
        "From 2017 to 2022, 56 kidnapping incidents were recorded, with 139 aid workers kidnapped, in 6 of 10 regions "
        "and in 1 district.",
        "Mopti accounts for 31 of the 56 (55%; 95% interval 41% to 69%), more than an even spread would give by chance "
        "(p\u00a0<\u00a00.001).",
        "No trend is given: the numbers of some years are suppressed. 2017–2019 had 13, 2020–2022 43 "
        "(p\u00a0<\u00a00.001, exact test of two rates).",
        "Numbers below 5, and others from which they could be worked out, are not shown.",
    ]
    french = example.summary(lang="fr").splitlines()
    p = FRENCH.p(example.findings["disclosure"]["halves_p_value"])
    halves = {"before": "13", "after": "43", "earlier": "2017–2019", "later": "2020–2022"}
    assert french[3].endswith(FRENCH.say("suppressed.halves", p=p, **halves))
    assert french[4] == FRENCH.say("suppressed.lede", below=5)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_pages_say_suppressed_and_never_undefined_or_zero(lang, example):
    say = Wording(lang)
    word, mark = words(lang)["map"]["suppressed"]["text"], say.get("chart.hidden")
    page = example.html(lang=lang)
    body = re.sub(r"<script.*?</script>|<style.*?</style>", "", page, flags=re.DOTALL)
    assert word in body
    assert mark in body
    assert say.say("suppressed.caption", mark=mark) in body
    assert say.get("not_defined") not in body
    assert say.get("verdict.undefined") not in body
    assert "undefined" not in body.replace('class="gi undefined"', "")
    table = re.search(r'<section class="places".*?</section>', body, re.DOTALL)[0]
    gao = re.search(r"<tr><th scope=\"row\">Gao</th>.*?</tr>", table, re.DOTALL)[0]
    assert re.findall(r'<td class="number">(.*?)</td>', gao) == [mark] * 3
    assert 'class="bar" width="0.0"' in gao


def test_how_we_know_says_the_threshold_and_how_many_but_not_which(example):
    page = example.html()
    hidden = example.findings["disclosure"]["hidden"]
    assert f"{hidden} of 212 numbers of the table by place and year are suppressed: those below 5" in page
    assert "The last 30 days are held back." in page
    assert "primary" not in page
    assert "complementary" not in page
    assert "SHA-256" not in page
    assert "Own incidents, for the public." in page
    french = example.html(lang="fr")
    assert FRENCH.say("suppressed.hidden", hidden=hidden, numbers=212, below=5, values=5) in french
    assert FRENCH.counted("suppressed.embargo", 30) in french


def test_tables_say_which_empty_cells_are_suppressed(example, tmp_path):
    written = {path.name: path for path in example.save(tmp_path)}
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(written["regions.csv"].read_text(encoding="utf-8")))}
    assert rows["Gao"]["incidents"] == ""
    assert {"incidents", "victims", "share", "rate_per_100k", "incidents_2021"} <= set(
        rows["Gao"]["suppressed"].split()
    )
    assert rows["Gao"]["incidents_2017"] == "0"
    assert "incidents_2017" not in rows["Gao"]["suppressed"].split()
    assert rows["(not placed)"]["incidents"] == ""
    assert "incidents_2017" in rows["(not placed)"]["suppressed"].split()
    assert rows["Kidal"]["incidents"] == "0"
    drawn = json.loads(written["regions.geojson"].read_text(encoding="utf-8"))
    gao = next(each["properties"] for each in drawn["features"] if each["properties"]["name"] == "Gao")
    assert gao["incidents"] is None
    assert "incidents" in gao["suppressed"].split()


def test_the_map_has_a_class_of_its_own_for_hidden_numbers(example):
    page = example.map().html()
    data = json.loads(re.search(r'id="data-\w+">(.*?)</script>', page, re.DOTALL)[1])
    assert [layer["key"] for layer in data["layers"]] == ["incidents", "share"]
    layer = data["layers"][0]
    assert (layer["missing"], layer["hides"]) == ("suppressed", True)
    names = [unit["name"] for unit in data["regions"]]
    assert layer["index"][names.index("Gao")] == -1
    assert layer["shown"][names.index("Gao")] == "suppressed"
    assert data["regions"][names.index("Gao")]["facts"][0] == "suppressed"
    at_2021 = layer["years"][data["years"].index(2021)]
    assert at_2021["shown"][names.index("Gao")] == "suppressed"
    assert at_2021["values"][names.index("Mopti")] == 8


# --- what is known without the hidden numbers ---------------------------------------------------------------------

LARGE = [[9, 8, 3, 20], [5, 0, 2, 5], [6, 5, 7, 9], [0, 0, 0, 0], [7, 6, 5, 6], [8, 2, 7, 5], [0, 0, 0, 0]]


def test_where_every_unit_is_shown_the_tests_of_units_are_those_of_the_open_alert():
    made, opened = alert_of(LARGE), alert_of(LARGE, audience="internal").findings
    told = made.findings
    assert made.release.complete
    assert told["disclosure"]["hidden"] > 0
    for name in ("concentration", "clusters", "local_statistics", "located", "unlocated"):
        assert told[name] == opened[name], name
    for name in ("p_value", "lead_p_value", "share", "by_denominator", "denominators_agree", "tied", "runner_up"):
        assert told["epicentre"][name] == opened["epicentre"][name], name
    assert told["autocorrelation"]["moran_i"] == opened["autocorrelation"]["moran_i"]
    keys = [layer["key"] for layer in json.loads(
        re.search(r'id="data-\w+">(.*?)</script>', made.map().html(), re.DOTALL)[1]
    )["layers"]]  # fmt: skip
    assert keys[:4] == ["incidents", "share", "rate", "clusters"]


def test_where_nothing_is_small_all_but_single_incidents_is_shown():
    grid = [[9, 8], [5, 7], [0, 0], [0, 0], [6, 5], [0, 0], [0, 0]]
    told = alert_of(grid).findings
    assert (told["disclosure"]["hidden"], told["disclosure"]["reason"]) == (0, None)
    assert told["placed_by"]["text"] is None
    assert told["by_region"][0]["by_year"] == {"2019": 9, "2020": 8}
    assert "No number of the table by place and year is below 5" in alert_of(grid).html()


def test_the_day_of_an_incident_is_not_told_as_the_date_of_the_data(tmp_path):
    made = alert_of(LARGE)
    assert (made.findings["data_to"], made.findings["data_to_from"]) == ("2025", "embargo")
    assert "<dd>2025</dd>" in made.html()
    path = _as_file(LARGE, tmp_path / "x", other=False)
    dated = ag.alert(ag.read_incidents(path), country="MLI", years=(FIRST, 2022), vintage="2016", data="own")
    assert dated.findings["data_to"] == "2025-05-02"  # the file's name less 30 days


def test_victims_that_the_file_does_not_count_are_unknown_and_not_suppressed():
    table = incidents(LARGE).drop(columns=["total_kidnapped", "total_killed", "total_affected"])
    made = ag.alert(table, country="MLI", years=(FIRST, 2022), vintage="2016", kind="any", data="own")
    assert made.findings["victims"] is None
    assert made.findings["disclosure"]["hidden"] > 0
    assert all("victims" not in unit["suppressed"] for unit in made.findings["by_region"])
    assert "with 0" not in made.summary()


def test_limits_can_be_altered():
    from dataclasses import replace

    own = policy("public", data="own")
    assert alert_of(LARGE, audience=replace(own, suppress_below=0)).release is None
    strict = alert_of(LARGE, audience=replace(own, suppress_below=10))
    assert strict.findings["disclosure"]["suppress_below"] == 10
    assert strict.findings["disclosure"]["hidden"] > alert_of(LARGE).findings["disclosure"]["hidden"]
    # The data reach to 4 March 2025; 1,500 days before is 24 January 2021, before the incidents of March 2021.
    held = alert_of(LARGE, audience=replace(own, embargo_days=1500), years=(FIRST, 2021))
    assert held.findings["incidents"] == 35 + 21


def test_a_release_holds_no_incident(example):
    held = [value for value in vars(example.release).values() if isinstance(value, pd.DataFrame)]
    assert all(table.index.names != ["incident_id"] for table in held)
    assert set(example.release.table.columns) == {"value", "status"}
    assert example.release.table.attrs == {}
    assert example.analysis is None


def test_so_few_that_nothing_may_be_shown_is_refused(tmp_path):
    empty = [0, 0]
    with pytest.raises(ag.RequestError, match="fewer than 5 incidents, so that no number may be shown"):
        alert_of([[1, 2], *[empty] * 6])
    with pytest.raises(ag.RequestError, match="fewer than 5 incidents in all units together"):
        alert_of([[1, 2], *[empty] * 5, [4, 5]])
    with pytest.raises(ag.RequestError, match="cannot be shown without giving small numbers away"):
        alert_of([[2, 0], [3, 0], *[empty] * 5])  # each would be known to be from 1 to 4 by their sum alone
    nothing = alert_of([empty] * 7, other=True)
    assert nothing.findings["incidents"] == 0
    assert "no kidnapping incident was recorded" in nothing.summary()


# --- the audience -------------------------------------------------------------------------------------------------


def test_the_default_is_a_published_database_for_the_public_and_hides_nothing():
    asked = {"country": "MLI", "years": (2017, 2022), "vintage": "2016"}
    plain = ag.alert(ag.example(), **asked)
    said = ag.alert(ag.example(), **asked, audience=policy("public"))
    assert plain.findings == said.findings
    assert "disclosure" not in plain.findings
    assert "<dt>Audience</dt><dd>public</dd>" in plain.html()
    inside = ag.alert(ag.example(), **asked, audience="internal")
    assert inside.findings == plain.findings | {"disclosure": inside.findings["disclosure"]}
    assert inside.html() == plain.html().replace("<dd>public</dd>", "<dd>internal</dd>")
    assert inside.map().html() == plain.map().html()
    french = plain.html(lang="fr")
    assert f"<dt>{FRENCH.get('strip.audience')}</dt><dd>{FRENCH.get('audience.public')}</dd>" in french


def test_own_data_are_not_cited_as_the_database():
    inside = alert_of(LARGE, audience="internal")
    page = inside.html()
    assert "not a publication of the Aid Worker Security Database" in page
    assert "Incident data: Humanitarian Outcomes, CC BY" not in page
    assert "Own incidents, for internal use." in page
    assert FRENCH.translated(inside.findings["provenance"]["citation"]) in inside.html(lang="fr")
    assert FRENCH.translated(inside.findings["provenance"]["citation"]).startswith("Incidents recensés")


@pytest.mark.parametrize(("audience", "finest"), [("public", 1), ("partner", 2)])
def test_units_finer_than_an_audience_may_have_are_refused_of_own_data_alone(audience, finest):
    with pytest.raises(ag.RequestError, match=rf"level {finest} at most, not {finest + 1}\. Ask for level {finest} "):
        alert_of(LARGE, audience=audience, level=finest + 1)
    made = ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2016", level=finest + 1)
    assert made.findings["level"] == finest + 1


def test_a_partner_sees_more_than_the_public(example):
    partner = ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2016", audience="partner", data="own")
    told = partner.findings["disclosure"]
    assert (told["suppress_below"], told["embargo_days"]) == (3, 14)
    assert 0 < told["hidden"] < example.findings["disclosure"]["hidden"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["alert", "--audience", "all"], "There is no audience 'all'. Choose one of public, partner, internal."),
        (["alert", "--suppress-below", "1"], "Suppression below 1 hides nothing. Choose 2 or more"),
        (["alert", "--own-data", "--level", "2"], "level 1 at most, not 2. Ask for level 1 (--level 1)"),
        (["map", "--own-data", "--audience", "partner", "--level", "3"], "level 2 at most, not 3"),
        (["alert", "--own-data", "--years", "2017:2017"], "fewer than 5 incidents, so that no number may be shown"),
        (["map", "--own-data", "--years", "2017:2017"], "fewer than 5 incidents, so that no number may be shown"),
        (["hotspots", "--own-data"], "hotspots prints tests that need the number of every unit"),
        (["hotspots", "--suppress-below", "3"], "'public' may not be given numbers below 3"),
    ],
)
def test_what_may_not_be_shown_is_refused_in_one_message_and_nothing_is_written(
    options, message, tmp_path, monkeypatch
):
    from awsd_geo.cli import app

    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(app, options)
    assert isinstance(made.exception, ag.RequestError)
    assert message in str(made.exception)
    assert not list(tmp_path.iterdir())


def test_options_of_the_command_line_go_before_the_policy(tmp_path):
    from awsd_geo.cli import app

    asked = ["alert", "--own-data", "--suppress-below", "0", "--embargo-days", "0", "--out", str(tmp_path)]
    assert CliRunner().invoke(app, [*asked, "--years", "2017:2022"]).exit_code == 0
    told = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert (told["disclosure"]["suppress_below"], told["disclosure"]["embargo_days"]) == (0, 0)
    assert told["located"] == 54


def test_the_audit_passes_pages_with_suppressed_numbers(example, tmp_path):
    from awsd_geo.maps.audit import audit

    for lang in ("en", "fr"):
        for path in example.save(tmp_path / lang, lang=lang)[:2]:
            assert audit(path).problems == ()


def test_an_embargo_comes_before_the_table():
    left, how = old_enough(incidents(LARGE), 1300, None)
    assert how == "latest incident"
    from awsd_geo.report.analysis import Question

    made = release(left, Question("MLI", (FIRST, 2021), vintage="2016"), policy("public", data="own"), how)
    assert made.data_to == "2021"
