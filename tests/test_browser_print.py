"""The alert on paper: one A4 page, legible, with everything that a reader must have, printed as a user would."""

import io
import re
import shutil

import pypdf
import pytest

import awsd_geo as ag
from awsd_geo.errors import InputError, RequestError
from awsd_geo.report import pdf
from awsd_geo.report.wording import Wording

pytestmark = pytest.mark.browser

A4 = (595, 842)  # points, 210 by 297 mm
SMALLEST = 7.5  # points


def aruba():
    """Give 20 incidents of Aruba, a country of one unit in the world layer: the example's own, moved there."""
    incidents = ag.example().head(20)
    moved = incidents.assign(country="Aruba", country_code="AW", iso3="ABW", latitude=12.5, longitude=-69.97)
    moved = moved.assign(region=None, district=None, city=None)
    moved.attrs = incidents.attrs
    return ag.alert(moved, country="ABW", years=(2017, 2022))


CASES = {
    1: aruba,
    11: lambda: ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2016"),
    20: lambda: ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2023"),
}
REAL = {
    "SSD": {"country": "SSD", "years": (2019, 2024), "kind": "any"},
    "AFG": {"country": "AFG", "years": (2019, 2024), "kind": "any"},
    "ETH": {"country": "ETH", "years": (2019, 2024), "kind": "any"},
    "MLI, two provisional years, one not complete": {"country": "MLI", "years": (2019, 2025), "kind": "any"},
    "MLI, all years": {"country": "MLI", "years": (1997, 2025), "kind": "any", "vintage": "2016"},
    "MLI, as of": {"country": "MLI", "years": (2017, 2022), "vintage": "2016", "as_of": "2023-03-02"},
    "NER, few": {"country": "NER", "years": (2019, 2024)},
    "SEN, none": {"country": "SEN", "years": (2019, 2024)},
}


@pytest.fixture(scope="module")
def made():
    return {units: make() for units, make in CASES.items()}


@pytest.fixture(scope="module")
def real(shared):
    incidents = ag.read_incidents(shared / "data" / "awsd" / "awsd_global_2025-08-26.csv")
    return lambda asked: ag.alert(incidents, **asked)


@pytest.fixture(scope="module", autouse=True)
def program():
    if not any(map(shutil.which, pdf.PROGRAMS)):
        pytest.skip("Chromium is not installed")


def printed(alert, lang):
    return pypdf.PdfReader(io.BytesIO(alert.pdf(lang=lang)))


def text_of(sheet):
    """Give the text of a page without spaces and line breaks, which a PDF does not keep."""
    return re.sub(r"\s+", "", sheet.extract_text())


def bare(text):
    return re.sub(r"\s+", "", text)


def sizes(sheet):
    found = []

    def note(text, scale, place, _font, size):
        if text.strip():
            found.append((round(size * abs(place[3] or place[1]) * abs(scale[3] or scale[1]), 2), text.strip()))

    sheet.extract_text(visitor_text=note)
    return found


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("units", CASES)
def test_an_alert_is_one_a4_page(made, units, lang):
    assert len(made[units].findings["by_region"]) == units
    [sheet] = printed(made[units], lang).pages
    assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A4
    assert min(sizes(sheet))[0] >= SMALLEST - 0.01, min(sizes(sheet))


@pytest.mark.realdata
@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("case", REAL)
def test_an_alert_of_real_data_is_one_a4_page(real, case, lang):
    [sheet] = printed(real(REAL[case]), lang).pages
    assert min(sizes(sheet))[0] >= SMALLEST - 0.01, min(sizes(sheet))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_a_reader_must_have_is_on_paper(made, lang):
    findings, say = made[11].findings, Wording(lang)
    [sheet] = printed(made[11], lang).pages
    text = text_of(sheet)
    given = findings["provenance"]
    for needed in (
        given["input"]["sha256"],
        say.translated(given["citation"]),
        say.own(given["boundaries"], "notice_short")[0],
        say.say("how.repeat_text", seed=0, versions=f"awsd_geo {ag.__version__}"),
        say.get("how.tests"),
        "9,999" if lang == "en" else "9999",
        "Benjamini-",
        say.get("paper.abridged"),
        *[say.get(f"foot.{key}") for key in ("kidnapped", "detained", "provisional", "victims", "disclaimer")],
    ):
        assert bare(needed).replace("-", "") in text.replace("-", ""), needed
    assert bare(say.get("context.empty")) not in text
    for unit in findings["by_region"]:
        assert bare(unit["name"]) in text


def test_places_that_share_a_row_on_paper_are_counted_and_summed(made):
    text = text_of(printed(made[20], "en").pages[0])
    quiet = [unit["name"] for unit in made[20].findings["by_region"] if not unit["incidents"]]
    assert len(quiet) == 11
    assert bare("11 other places without an incident: " + ", ".join(quiet)) in text


@pytest.mark.realdata
def test_the_last_places_of_a_long_table_are_summed_on_paper(real):
    alert = real(REAL["AFG"])
    hit = [unit["incidents"] for unit in alert.findings["by_region"] if unit["incidents"]]
    text = text_of(printed(alert, "en").pages[0])
    assert bare(f"{len(hit) - 14} other places, together {sum(hit[14:])}") in text
    assert bare(f"{34 - len(hit)} other places without an incident") in text


def test_a_short_context_is_printed_and_a_long_one_runs_over(made):
    words = "The analyst wrote this. " * 25  # 100 words
    [sheet] = pypdf.PdfReader(io.BytesIO(made[11].pdf(context=words))).pages
    assert bare("Written by the analyst; not computed.") in text_of(sheet)
    assert pdf.pages(made[11].pdf(context="A paragraph.\n\n" * 200)) > 1


def test_the_same_page_gives_the_same_bytes_and_the_date_of_the_data(made):
    page = made[11].html()
    first, second = (pdf.to_pdf(page, date="2025-08-26") for _ in range(2))
    assert first == second
    assert pdf.pages(first) == 1
    told = pypdf.PdfReader(io.BytesIO(first)).metadata
    assert (told["/CreationDate"][:16], told["/Title"][:4]) == ("D:20250826000000", "Mali")


def test_a_machine_without_chromium_is_told_what_to_do(made, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RequestError, match=r"needs Chromium or Chrome, and none of .* is on PATH\. Install one, or"):
        made[11].save(tmp_path / "out", pdf=True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sleep 20", r"had not printed the page after 0\.5 seconds"),
        ("echo no display >&2; exit 1", r"made no PDF: no display\. Print alert\.html from a browser window"),
        ("exit 3", r"made no PDF: exit code 3"),
    ],
)
def test_a_chromium_that_fails_is_an_error_of_one_line(monkeypatch, tmp_path, script, said):
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(InputError, match=said):
        pdf.to_pdf("<p>x</p>", date="2025-08-26", seconds=0.5)


def test_the_command_writes_pdf_context_and_long_names(tmp_path):
    from typer.testing import CliRunner

    from awsd_geo.cli import app

    words = tmp_path / "context.md"
    words.write_text("**Curfew** since May.", encoding="utf-8")
    asked = ["--years", "2017:2022", "--context", str(words), "--pdf", "--long-names", "--lang", "fr"]
    done = CliRunner().invoke(app, ["alert", *asked, "--out", str(tmp_path / "out")])
    assert (done.exit_code, "Note:" in done.output) == (0, False), done.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "mli-alert-kidnapped-2017-2022-fr.html",
        "mli-alert-kidnapped-2017-2022-fr.pdf",
        "mli-findings-kidnapped-2017-2022.json",
        "mli-map-kidnapped-2017-2022-fr.html",
        "mli-regions-kidnapped-2017-2022.csv",
        "mli-regions-kidnapped-2017-2022.geojson",
    ]
    page = (tmp_path / "out" / "mli-alert-kidnapped-2017-2022-fr.html").read_text(encoding="utf-8")
    assert "<p><strong>Curfew</strong> since May.</p>" in page


def test_names_on_the_map_are_measured_as_they_are_printed(made, visit, tmp_path):
    (tmp_path / "alert.html").write_text(made[11].html(), encoding="utf-8")
    page = visit(tmp_path / "alert.html")
    page.wait_for_selector("[data-ready=true]")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    look = """() => [...document.querySelectorAll('.awsd-label, .awsd-town, .awsd-country')]
        .filter((label) => !label.className.includes('awsd-off'))
        .map((label) => [label.textContent, getComputedStyle(label).fontSize, getComputedStyle(label).fontFamily])"""
    before = page.evaluate(look)
    page.emulate_media(media="print")
    assert page.evaluate(look) == before
    names = {name for name, _, _ in before}
    assert {"Mopti31", "Gao11", "Ségou4", "Kayes1", "Ménaka1"} <= names
