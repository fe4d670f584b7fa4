"""Every result by region draws itself, still and interactive, on the outlines it was made from."""

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

import awsd_geo as ag
from awsd_geo import maps, statistics
from awsd_geo.errors import InputError
from awsd_geo.maps.layers.of_result import layer_of
from awsd_geo.results import RegionalResult

NAMES = [f"Place {letter}" for letter in "ABCDEFGHIJKL"]
HITS = [31, 11, 5, 4, 1, 1, 1, 0, 0, 0, 2, 24]
PEOPLE = [9e5, 2e5, 1e5, 3e5, 2e5, 2e5, 5e5, 1e5, 1e5, 2e5, 2e5, 1e5]


@pytest.fixture
def regions(toy_regions):
    grid = toy_regions(*NAMES)
    grid.geometry = [box(place % 4, place // 4, place % 4 + 1, place // 4 + 1) for place in range(12)]
    return grid


@pytest.fixture
def results(regions):
    counts = pd.Series(HITS, regions.index)
    people = pd.Series(PEOPLE, regions.index)
    near = ag.weights.adjacency(regions)
    index = pd.MultiIndex.from_product([regions.index, range(2015, 2023)], names=["region_id", "year"])
    yearly = pd.Series(np.random.default_rng(3).poisson(np.repeat(HITS, 8) / 4), index, name="incidents")
    unplaced = pd.DataFrame({"candidates": [tuple(regions.index[:2])], "incidents": [3]})
    made = [
        statistics.concentration(counts),
        statistics.scan(counts, regions, replicates=99),
        statistics.getis_ord(counts, near, permutations=99),
        statistics.getis_ord_g(counts, near, permutations=99),
        statistics.local_moran(counts, near, permutations=99),
        statistics.moran(counts, near, permutations=99),
        statistics.geary(counts, near, permutations=99),
        statistics.local_join_counts(counts, near, at_least=5),
        statistics.smoothed_rates(counts, people),
        statistics.besag_newell(counts, people, regions, size=10),
        statistics.probability_map(counts, people),
        statistics.emerging_hot_spots(yearly, near),
        statistics.spread(yearly, split=2019, replicates=99),
        statistics.placing_sensitivity(counts, unplaced),
    ]
    return {type(result): result for result in made}


def every_kind(of=RegionalResult):
    for kind in of.__subclasses__():
        yield kind
        yield from every_kind(kind)


def test_every_result_that_shows_a_column_is_tested(results):
    # By name: a dataclass with slots leaves the class behind that it was made from.
    known = {kind.__name__ for kind in every_kind() if kind.SHOWN and kind.__module__.startswith("awsd_geo.")}
    assert known == {kind.__name__ for kind in results}


def test_every_result_is_drawn_with_its_title_its_summary_and_the_words_of_its_layer(results, regions):
    for kind, result in results.items():
        axes = result.plot(regions)
        drawn = " ".join(text.get_text() for text in axes.texts)
        layer = layer_of(result)
        assert layer.title in drawn, kind
        assert " ".join(result.summary().split()) in drawn, kind
        for style, text in layer.legend():
            assert text in drawn or style == "awsd-zero-0", (kind, text)


def test_every_result_is_drawn_as_an_interactive_map_too(results, regions):
    for result in results.values():
        assert "awsdGeoMap" in result.explore(regions).get_root().render()


def test_what_is_undefined_is_said_to_be(results, regions):
    found = results[statistics.LocalJoinCounts]
    assert (found.table["label"] == "undefined").any()  # units without an incident of their own
    assert "undefined" in [text.get_text() for text in found.plot(regions).texts]


def test_falls_and_rises_of_shares_are_in_percentage_points(regions):
    years = pd.MultiIndex.from_product([regions.index, (2019, 2020)], names=["region_id", "year"])
    counts = pd.Series(0, years)
    counts.iloc[[0, 1, 2, 3]] = [8, 2, 2, 8]  # the first falls from 80 % to 20 %, the second rises so
    texts = [text.get_text() for text in statistics.spread(counts, split=2020, replicates=99).plot(regions).texts]
    assert {"−60.0", "+60.0"} <= set(texts)


def test_a_result_that_is_undefined_everywhere_is_drawn(regions):
    found = statistics.getis_ord(pd.Series(3, regions.index), ag.weights.adjacency(regions))
    assert found.reason is not None
    assert "undefined" in [text.get_text() for text in found.plot(regions).texts]


def test_outlines_in_another_coordinate_system_are_drawn_and_without_one_refused(results, regions):
    found = results[statistics.Concentration]
    plain = regions[["geometry"]]
    texts = [text.get_text() for text in found.plot(plain.to_crs(3857)).texts]
    assert "Share of incidents" in texts
    with pytest.raises(InputError, match="no named CRS"):
        found.plot(plain.set_crs(None, allow_override=True))


def test_it_is_drawn_on_axes_that_are_given_and_returns_them(results, regions):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 6))
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for result in results.values():
        assert result.plot(regions, ax=axes) is axes
        axes.clear()


def test_the_axes_can_be_written_to_a_file(results, regions, tmp_path):
    axes = results[statistics.Concentration].plot(regions)
    assert maps.save_plot(axes, tmp_path / "share.svg").read_text(encoding="utf-8").startswith("<?xml")
