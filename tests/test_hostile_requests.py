"""Hostile texts where a word is expected: each is refused with one message, and nothing else happens."""

import runpy
from pathlib import Path

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.maps import Layer, MapText, incidents_layer, points_layer, region_map

CORPUS = runpy.run_path(str(Path(__file__).with_name("hostile.py")))
HOSTILE = CORPUS["HOSTILE"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_choice_that_is_none_is_refused_in_one_message(name, toy_regions, tmp_path):
    text, incidents = HOSTILE[name], ag.example()
    regions = toy_regions("A", "B")
    counts = pd.Series([1, 2], regions.index, name="incidents")
    values = pd.Series([1.0, 2.0], regions.index)
    places = pd.DataFrame({"latitude": [0.5], "longitude": [0.5]})
    layer = incidents_layer(counts)
    asked = [
        lambda: ag.alert(incidents, country=text),
        lambda: ag.alert(incidents, country="MLI", kind=text),
        lambda: ag.alert(incidents, country="MLI", means=text),
        lambda: ag.alert(incidents, country="MLI", vintage=text),
        lambda: ag.alert(incidents, country="MLI", as_of=text),
        lambda: ag.alert(incidents, country="MLI", audience=text),
        lambda: ag.load_regions(text),
        lambda: ag.boundaries.from_file(tmp_path / "x.geojson", country=text, level=1, vintage="2020"),
        lambda: ag.select(incidents, kind=text),
        lambda: incidents_layer(counts, text),
        lambda: points_layer(places, counts, audience=text),
        lambda: region_map(regions, [layer], text=MapText("T"), lang=text),
        lambda: region_map(regions, [layer], text=MapText("T"), status=text),
        lambda: Layer(key="x", title="x", values=values, kind=text),
        lambda: Layer(key="x", title="x", values=values, palette=text),
        lambda: Layer(key="x", title="x", values=values, format=text),
    ]
    for number, ask in enumerate(asked):
        try:
            ask()
        except ag.AwsdGeoError as error:
            assert len(str(error)) < 4000, number  # noqa: PT017
            continue
        raise AssertionError(f"{number} was taken")
