"""Texts alone against a list of settlements: what is answered is right, what is unsure is ambiguous.

The same for the whole database is measured by benchmarks/placing.py.
"""

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.geocoding.names import place_names
from awsd_geo.geocoding.points import unit_of_points

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def settlements(shared):
    return pd.read_csv(shared / "data/gazetteer/whosonfirst_localities_mli.csv").dropna(subset="name")


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("columns", [(), ("region",), ("region", "cercle")])
def test_at_most_one_in_a_hundred_answers_is_wrong(settlements, level, columns):
    regions = ag.load_regions("MLI", level=level, vintage="2016")
    names = place_names(regions)
    units, _ = unit_of_points(regions, settlements["lon"].to_numpy(), settlements["lat"].to_numpy())
    given = [settlements[name].astype(object).where(settlements[name].notna(), None) for name in columns]
    given += [[None] * len(settlements)] * (2 - len(columns))
    asked = list(zip(*given, settlements["name"], strict=True))
    names.prepare(asked)
    readings = [names.read(texts) for texts in asked]
    known = [(reading, unit) for reading, unit in zip(readings, units, strict=True) if unit and reading.units]
    answered = [(reading.units, unit) for reading, unit in known if len(reading.units) == 1]
    wrong = sum(unit not in given for given, unit in answered)
    assert wrong <= 0.01 * len(answered)
    assert sum(unit in reading.units for reading, unit in known) >= 0.99 * len(known)
    if len(columns) >= level:  # where the units are named, nearly all are answered
        assert len(answered) > 0.85 * len(settlements)
