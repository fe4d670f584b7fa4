"""Rates over a denominator."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from awsd_geo import statistics


def test_intervals_are_the_ends_where_either_poisson_tail_holds_half_of_5_percent():
    table = statistics.rates(pd.Series({"a": 7, "b": 0}), pd.Series({"a": 2.0, "b": 4.0}))
    assert table["rate"].tolist() == [3.5, 0.0]
    assert stats.poisson.sf(6, 2 * table.loc["a", "low"]) == pytest.approx(0.025)
    assert stats.poisson.cdf(7, 2 * table.loc["a", "high"]) == pytest.approx(0.025)
    assert table.loc["b", "low"] == 0
    assert table.loc["b", "high"] == pytest.approx(-np.log(0.025) / 4)


def test_a_region_without_residents_has_no_rate():
    table = statistics.rates(pd.Series({"a": 7, "b": 1, "c": 2}), pd.Series({"a": 2.0, "b": 0.0}))
    assert table.loc[["b", "c"]].isna().all(axis=None)


@pytest.mark.realdata
def test_garwoods_intervals_of_the_reference_case(shared):
    # Case poisson_two_rates: published by Garwood (1936).
    path = shared / "data" / "reference" / "poisson_two_rates" / "expected.json"
    checks = [c for c in json.loads(path.read_text())["checks"] if c["name"].startswith("garwood95_")]
    assert len(checks) == 5
    for check in checks:
        number = int(check["name"].rpartition("_")[2])
        row = statistics.rates(pd.Series({"a": number}), pd.Series({"a": 1.0})).loc["a"]
        assert row[["low", "high"]].tolist() == pytest.approx(check["value"], rel=check["rtol"])
