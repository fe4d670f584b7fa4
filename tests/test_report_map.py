"""The map's page of an alert: what stands on it beside the map."""

import re

import pytest

import awsd_geo as ag
from awsd_geo.report.wording import Wording


def text_of(kind, lang):
    made = ag.alert(ag.example(), country="MLI", years=(2017, 2022), kind=kind)
    return made.map(lang=lang).html()


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(("kind", "has"), [("kidnapped", True), ("abducted", True), ("killed", False)])
def test_the_definition_of_kidnapping_stands_under_the_kinds_that_hold_it(kind, has, lang):
    assert (Wording(lang).get("foot.kidnapped") in text_of(kind, lang)) == has


def test_the_page_names_its_file_and_the_date_that_the_data_reach():
    page = text_of("kidnapped", "en")
    assert re.search(r"<li>Source: Built-in example, SHA-256 [0-9a-f]{12}…; 56 rows read, 56 used\. Data to ", page)
    assert "No row was set aside." in page


def test_sources_that_we_worded_are_french_on_a_french_page():
    page = text_of("kidnapped", "fr")
    for words_of_it in (
        "Incidents simulés par les développeurs",
        "Pays voisins : d’après Natural Earth",
        "Villes : Geo",
    ):
        assert words_of_it in page.replace("\u00a0", " ")
    for words_of_it in ("Simulated incidents", "Made with Natural Earth", "Towns:"):
        assert words_of_it not in page
