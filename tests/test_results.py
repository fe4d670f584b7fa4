"""What every result can do: tables, still maps, and the hand-over to the interactive map."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from awsd_geo import results, statistics
from awsd_geo.errors import InputError


@pytest.fixture(autouse=True)
def _no_window(monkeypatch):
    import matplotlib as mpl

    mpl.use("Agg")
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture
def regions() -> gpd.GeoDataFrame:
    squares = [box(i, 0, i + 1, 1) for i in range(4)]
    return gpd.GeoDataFrame(geometry=squares, index=pd.Index(list("abcd"), name="region_id"), crs=4326)


def result(**numbers: int) -> statistics.Concentration:
    return statistics.concentration(pd.Series(numbers))


def test_the_table_is_a_copy():
    found = result(a=5, b=1)
    frame = found.to_frame()
    frame["share"] = 0.0
    assert found.table["share"].tolist() == pytest.approx([5 / 6, 1 / 6])


def test_a_result_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        result(a=5, b=1).p_value = 0.5


def test_a_base_result_still_has_a_summary():
    assert results.Result(pd.DataFrame({"a": [1, 2]})).summary() == "Result of 2 rows."


def test_plot_draws_every_region_and_hatches_what_has_no_value(regions):
    axes = result(a=5, b=1, c=2).plot(regions)
    assert axes.get_title() == "share"
    hatches = [collection.get_hatch() for collection in axes.collections]
    assert hatches.count("///") == 1  # the region d, which was not counted


def test_plot_of_what_is_undefined_everywhere_is_grey(regions):
    axes = result(a=0, b=0).plot(regions)
    assert [collection.get_hatch() for collection in axes.collections] == ["///"]


def test_regions_of_another_frame_are_refused(regions):
    with pytest.raises(InputError, match="lack 1 of the 2 units of this result, the first is 'x'"):
        result(a=5, x=1).plot(regions)


def test_explore_hands_over_to_what_is_registered(regions, monkeypatch):
    monkeypatch.setattr(results, "_EXPLORERS", [])
    results.register_explorer(lambda found, outlines: ("first", found, outlines))
    results.register_explorer(lambda found, outlines: (found.SHOWN, len(outlines)))
    assert result(a=5, b=1).explore(regions) == ("share", 4)


def test_names_come_from_the_counts_and_fall_back_on_ids():
    counts = pd.Series({"a": 5, "b": 1})
    counts.attrs = {"regions": {"a": {"name": "Mopti", "kind": "region"}}}
    table = statistics.concentration(counts).table
    assert table["name"].tolist() == ["Mopti", "b"]
    assert not np.isnan(table["share"]).any()
