"""Names of the files of an alert, as written down by hand."""

import runpy
from pathlib import Path

from awsd_geo.report.names import file_names

example = runpy.run_path(str(Path(__file__).with_name("findings_example.py")))["example"]


def test_the_plain_names_are_those_of_the_contract():
    names = file_names(example(), "fr")
    assert list(names) == ["alert.html", "map.html", "regions.csv", "regions.geojson", "findings.json", "alert.pdf"]
    assert all(plain == written for plain, written in names.items())


def test_long_names_say_country_product_kind_period_and_language():
    names = file_names(example(), "en", long=True)
    assert names["alert.html"] == "mli-alert-kidnapped-2017-2022-en.html"
    assert names["alert.pdf"] == "mli-alert-kidnapped-2017-2022-en.pdf"
    assert names["map.html"] == "mli-map-kidnapped-2017-2022-en.html"
    assert names["regions.geojson"] == "mli-regions-kidnapped-2017-2022.geojson"
    assert names["findings.json"] == "mli-findings-kidnapped-2017-2022.json"


def test_what_would_overwrite_another_alert_is_in_the_name():
    asked = {"means": "Aerial bombardment / Été", "years": [2022, 2022], "level": 2, "as_of": "2023-03-02"}
    names = file_names(example() | asked, "fr", long=True)
    assert names["alert.html"] == "mli-alert-kidnapped-aerial-bombardment-ete-2022-level-2-as-of-2023-03-02-fr.html"
    assert len(set(names.values())) == len(names)
