"""What every result can do: tables, still maps, and the hand-over to the interactive map."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from awsd_geo import results, statistics
from awsd_geo.errors import InputError


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


def texts_of(axes):
    return [text.get_text() for text in axes.texts]


def test_plot_draws_every_region_and_names_what_has_no_value(regions):
    axes = result(a=5, b=1, c=2).plot(regions)
    assert {"Share of incidents", "62.5%", "12.5%", "25.0%", "no data"} <= set(texts_of(axes))  # of 8; d not counted


def test_plot_of_what_is_undefined_everywhere_has_no_class_but_no_data(regions):
    texts = texts_of(result(a=0, b=0).plot(regions))
    assert "no data" in texts
    assert not any("%" in text for text in texts if "confidence" not in text and len(text) < 8)


def test_plot_is_drawn_by_what_is_registered(regions, monkeypatch):
    monkeypatch.setattr(results, "_PLOTTERS", [])
    results.register_plotter(lambda found, outlines, axes: (found.SHOWN, len(outlines), axes))
    assert result(a=5, b=1).plot(regions) == ("share", 4, None)


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
