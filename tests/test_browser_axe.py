"""axe-core finds nothing on the alert page, and whoever has no mouse reaches all of it.

axe-core (Deque, MPL-2.0) is fetched by npm into a temporary folder and is no part of the package.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

import awsd_geo as ag

pytestmark = [pytest.mark.browser, pytest.mark.network]

VERSION = "4.10.3"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations', 'incomplete']})"
WORDS = "# Why\n\nA *curfew*, [as OCHA says](https://www.unocha.org/mali).\n\n- one\n- two\n\n> Quoted.\n\n`code`"


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    subprocess.run(
        [npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", f"axe-core@{VERSION}"],
        cwd=folder,
        check=True,
        timeout=180,
    )
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def alert():
    return ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2016")


@pytest.fixture
def open_alert(visit, alert, tmp_path):
    def open_case(lang="en", context=WORDS, width=1280, **options):
        path = Path(tmp_path / f"{lang}.html")
        path.write_bytes(alert.html(lang=lang, context=context).encode())
        page = visit(path, width, **options)
        page.wait_for_selector("[data-ready=true]")
        return page

    return open_case


def told(results):
    return [
        (found["id"], found["help"], [(node["target"], node["failureSummary"]) for node in found["nodes"]])
        for found in results
    ]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_axe_finds_no_violation(open_alert, axe, lang, scheme, width):
    page = open_alert(lang, width=width, color_scheme=scheme)
    page.evaluate(axe)
    found = page.evaluate(RUN, RULES)
    assert told(found["violations"]) == []
    assert {entry["id"] for entry in found["incomplete"]} <= {"color-contrast"}  # texts over the drawn map


def test_axe_finds_no_violation_where_the_context_is_empty_or_the_page_is_printed(open_alert, axe):
    page = open_alert(context=None)
    page.evaluate(axe)
    assert told(page.evaluate(RUN, RULES)["violations"]) == []
    page.emulate_media(media="print")
    assert told(page.evaluate(RUN, RULES)["violations"]) == []


@pytest.mark.parametrize("name", ["alert.html", "map.html"])
def test_axe_finds_no_violation_where_numbers_are_suppressed(visit, axe, tmp_path, name):
    ag.alert(ag.example(), country="MLI", years=(2017, 2022), vintage="2016", data="own").save(tmp_path)
    page = visit(tmp_path / name)
    page.wait_for_selector("[data-ready=true]")
    page.evaluate(axe)
    assert told(page.evaluate(RUN, RULES)["violations"]) == []
