"""Class breaks and layers, worked out by hand."""

from itertools import combinations, pairwise
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsd_geo.errors import InputError, RequestError
from awsd_geo.language import words
from awsd_geo.maps import (
    Layer,
    change_layer,
    clusters_layer,
    compare_by_region,
    count_change_layer,
    hotspot_layer,
    incidents_layer,
    local_moran_layer,
    rate_layer,
    share_layer,
)
from awsd_geo.maps.breaks import class_limits, class_of, round_between
from awsd_geo.maps.layer import in_common
from awsd_geo.maps.style import SEQUENTIAL, hatch_of, luminance
from awsd_geo.statistics import smoothed_rates


def by_region(**values):
    return pd.Series(values, dtype=float).rename_axis("region_id")


def test_breaks_part_small_counts_where_they_part_themselves():
    # Sorted: 1 1 1 4 5 11 31. Five different values give five classes; limits are the roundest numbers between
    # 1 and 4 (2), 4 and 5 (4), 5 and 11 (10), 11 and 31 (20).
    assert class_limits([31, 11, 1, 5, 4, 1, 1, 0, 0]) == (2, 4, 10, 20, 31)


def test_breaks_are_fewer_where_values_are_fewer():
    assert class_limits([3, 3, 0]) == (3,)
    assert class_limits([1, 2]) == (1, 2)
    assert class_limits([0, 0]) == ()
    assert class_limits([]) == ()


@given(st.lists(st.integers(1, 40), min_size=1, max_size=9), st.integers(1, 4))
def test_breaks_have_the_least_squares_within_classes_of_all_partitions(values, most):
    # Second opinion: all ways to part the sorted different values into as many classes, one by one.
    levels = sorted(set(values))
    classes = min(most, len(levels))

    def within(groups):
        return sum(sum((value - sum(group) / len(group)) ** 2 for value in group) for group in groups)

    def part(cuts):
        edges = [0, *cuts, len(levels)]
        return [[v for v in values if v in levels[a:b]] for a, b in pairwise(edges)]

    best = min(within(part(cuts)) for cuts in combinations(range(1, len(levels)), classes - 1))
    limits = class_limits(values, most)
    found = [[v for v in values if class_of(v, limits) == k] for k in range(1, len(limits) + 1)]
    assert len(limits) == classes
    assert all(found)
    assert within(found) == pytest.approx(best, abs=1e-6)


@given(st.floats(1e-6, 1e6), st.floats(1.0001, 100))
def test_a_round_limit_lies_between(low, factor):
    assert low <= round_between(low, low * factor) < low * factor


def test_zero_and_missing_are_classes_of_their_own():
    layer = Layer("k", "T", by_region(a=0, b=3, c=None, d=9))
    assert layer.classes(["a", "b", "c", "d", "not there"]) == [0, 1, -1, 2, -1]
    assert [layer.text(key) for key in "abcd"] == ["0", "3", "no data", "9"]
    assert layer.legend() == [("awsd-zero-0", "0"), ("awsd-ember-0", "1–5"), ("awsd-ember-4", "6–9")]


def test_a_map_of_zeros_has_one_class():
    assert Layer("k", "T", by_region(a=0, b=0)).legend() == [("awsd-zero-0", "0")]


def test_incidents_are_summed_over_the_years_and_unplaced_ones_noted():
    index = pd.MultiIndex.from_tuples([("a", 2020), ("a", 2021), ("b", 2020), ("b", 2021)], names=["region_id", "year"])
    counts = pd.DataFrame({"incidents": [1, 3, 0, 0], "victims": [2, 1204, 0, 0]}, index=index)
    counts.attrs = {"located": 4, "total": 6}
    layer = incidents_layer(counts)
    assert layer.values.to_dict() == {"a": 4, "b": 0}
    assert layer.facts.loc["a"].to_dict() == {"Incidents": "4", "Victims": "1,206"}
    assert layer.notes == ("2 of 6 incidents could not be placed and are not on the map.",)
    counts.attrs["located"] = 5
    assert incidents_layer(counts).notes == ("1 of 6 incidents could not be placed and is not on the map.",)
    counts.attrs["located"] = 6
    assert incidents_layer(counts).notes == ()


def test_a_plain_series_makes_an_incidents_layer():
    assert incidents_layer(by_region(a=4)).facts.to_dict() == {"Incidents": {"a": "4"}}


def test_shares_show_their_interval_in_both_languages():
    table = pd.DataFrame({"share": [31 / 54, 0], "share_low": [0.432, 0], "share_high": [0.708, 0.066]}, ["m", "k"])
    assert share_layer(table).facts.loc["m"].to_dict() == {
        "Share of incidents": "57.4%",
        "95% interval of the share": "43.2–70.8%",
    }
    assert share_layer(table, "fr").facts.loc["m"].to_dict() == {
        "Part des incidents": "57,4\u202f%",
        "Intervalle à 95\u202f% de la part": "43,2 à 70,8\u202f%",
    }


def test_rates_are_smoothed_and_the_panel_says_by_how_much():
    # Without a gamma law to fit by hand, the posterior mean is checked from its parts: (y + shape) / (n + shape / mean)
    # with the law that the fit reports.
    population = by_region(a=200_000, b=1_000, c=0, d=400_000)
    population.attrs["source"] = "Census 2022"
    incidents = by_region(a=30, b=2, c=1, d=9)
    layer = rate_layer(incidents, population)
    fit = smoothed_rates(incidents.astype(int), population.where(population > 0), method="gamma")
    for key in "abd":
        by_hand = (incidents[key] + fit.shape) / (population[key] + fit.shape / fit.rate)
        assert layer.values[key] == pytest.approx(100_000 * by_hand)
    mean, raw = 100_000 * fit.rate, 200.0  # of b: 2 in 1,000 residents
    assert mean < layer.values["b"] < (mean + raw) / 1.5
    drawn = fit.table.loc["a", "shrinkage"]  # 30 in 200,000 moves little
    assert drawn < 0.05
    assert layer.values["a"] == pytest.approx(15 + drawn * (mean - 15))
    assert layer.facts.loc["b", "The same, before smoothing"] == "200.00"
    assert layer.facts.loc["b", "Drawn to the mean by"].endswith("%")
    assert layer.values.isna().to_dict() == {"a": False, "b": False, "c": True, "d": False}
    assert layer.reasons.to_dict() == {"c": "There is no population figure for this region."}
    assert layer.sources == ("Population: Census 2022",)
    assert layer.notes[0].startswith("Rates were drawn to the mean (")


def test_rates_of_too_few_incidents_are_not_shown():
    layer = rate_layer(by_region(a=1, b=1), by_region(a=1000, b=2000))
    assert layer.values.isna().all()
    assert layer.notes == ("Too few incidents or populations to smooth a rate.",)
    assert set(layer.reasons) == {"Too few incidents or populations to smooth a rate."}


def years(**values):
    index = pd.MultiIndex.from_product([list(values), [2019, 2020, 2021, 2022]], names=["region_id", "year"])
    return pd.Series([n for row in values.values() for n in row], index, name="incidents")


def test_change_is_of_the_yearly_numbers_and_tested_exactly():
    counts = years(a=[2, 2, 9, 11], b=[3, 3, 2, 3], c=[0, 0, 0, 0])
    table = compare_by_region(counts, 2021)
    assert table["change"].to_dict() == {"a": 8.0, "b": -0.5, "c": 0.0}
    # a: 4 before, 20 after; given 24, each period takes one with p = 1/2: 2 * P(X <= 4) = 2 * (1 + 24 + 276 + 2024 +
    # 10626) / 2**24.
    assert table.loc["a", "p_value"] == pytest.approx(2 * (1 + 24 + 276 + 2024 + 10626) / 2**24)
    assert table.loc["a", "ratio"] == 5
    assert table.loc["a", "q_value"] == pytest.approx(2 * table.loc["a", "p_value"])  # two tests: c has too few
    assert table["way"].to_dict() == {"a": "rising", "b": "steady", "c": "steady"}
    assert table.attrs == {"before": (2019, 2020), "after": (2021, 2022)}


def test_the_change_layer_diverges_and_hatches_falls():
    layer = change_layer(years(a=[2, 2, 9, 11], b=[3, 3, 2, 3], c=[0, 0, 0, 0]), 2021)
    assert layer.unit == "Change in incidents a year, 2019–2020 to 2021–2022"
    assert [layer.text(key) for key in "abc"] == ["+8.0", "−0.5", "0"]
    # Sizes 8 and 0.5: two classes each way, parted at the roundest number between.
    assert [text for _, text in layer.legend()] == ["+5 to +8", "0 to +5", "0 (no change)", "−5 to 0", "−8 to −5"]
    assert layer.classes(list("abc")) == [0, 3, 2]
    assert [hatch_of(style) for style, _ in layer.legend()] == ["", "", "", "down", "down"]
    assert layer.facts.loc["a"].to_list()[:4] == ["4", "20", "+8.0", "5.0"]
    assert layer.notes == ("1 region changed more than chance explains, all regions allowed for.",)
    assert pd.isna(layer.facts.loc["c", "Change: p-value"])


def test_number_and_change_together_have_a_grid():
    layer = count_change_layer(years(a=[2, 2, 9, 11], b=[3, 3, 2, 3], c=[0, 0, 0, 0], d=[0, 0, 0, 1]), 2021)
    assert layer.grid == (("1–10", "11–20", "21–24"), ("falling", "no clear change", "rising"))
    assert layer.values.to_dict() == {"a": "many rising", "b": "some steady", "c": "none", "d": "few steady"}
    assert layer.marks.to_dict() == {"a": "24 ▲", "b": "11", "c": "0", "d": "1"}
    assert layer.text("a") == "21–24, rising"
    assert layer.classes(list("abcd")) == [8, 4, 9, 1]
    few = count_change_layer(years(a=[1, 1, 1, 1], c=[0, 0, 0, 0]), 2021)
    assert few.grid[0] == ("1–4",)
    assert few.classes(["a", "c"]) == [1, 9]


def test_change_without_two_periods_is_refused():
    with pytest.raises(RequestError, match=r"No year lies on one side of the split 2019\. The years are 2019 to 2022"):
        change_layer(years(a=[1, 1, 1, 1]), 2019)
    with pytest.raises(InputError, match="Change needs counts by region_id and year"):
        change_layer(by_region(a=1), 2019)


def found_clusters(p_values, reason=None):
    """A scan's result as the layer reads it, without running one."""
    clusters = pd.DataFrame(
        {
            "rank": range(1, len(p_values) + 1),
            "regions": [("a", "b", "c", "d"), ("e",)][: len(p_values)],
            "names": [("A", "B", "C", "D"), ("E",)][: len(p_values)],
            "observed": [31, 4][: len(p_values)],
            "expected": [4.909, 1.5][: len(p_values)],
            "relative_risk": [13.48, float("inf")][: len(p_values)],
            "p_value": p_values,
        }
    )
    table = pd.DataFrame({"incidents": [20, 5, 5, 1, 4], "expected": [1.0] * 5}, index=list("abcde"))
    return SimpleNamespace(clusters=clusters, table=table, reason=reason, denominator="population")


def test_clusters_are_outlined_ranked_and_said_with_their_numbers():
    layer = clusters_layer(found_clusters([0.0001, 0.03]))
    assert [(outline.mark, outline.region_ids, outline.faint) for outline in layer.outlines] == [
        ("1", ("a", "b", "c", "d"), False), ("2", ("e",), False),
    ]  # fmt: skip
    assert layer.outlines[0].text == (
        "A, B, C and 1 more: 31 observed, 4.9 expected, relative risk 13.5, p\u00a0<\u00a00.001"
    )
    assert "relative risk ∞, p\u00a0=\u00a00.030" in layer.outlines[1].text
    assert layer.facts.loc["a"].to_list() == ["1", "31", "4.9", "13.5", "<\u00a00.001", "1.00"]
    assert layer.notes == ("Expected: each region takes its share of the residents.",)


def test_only_the_likeliest_of_clusters_that_chance_explains_is_drawn_and_faintly():
    layer = clusters_layer(found_clusters([0.2, 0.4]))
    assert [outline.faint for outline in layer.outlines] == [True]
    assert layer.outlines[0].text.endswith("(not significant)")
    none = clusters_layer(found_clusters([]))
    assert none.outlines == ()
    assert none.notes[1] == "No cluster was found."
    undefined = clusters_layer(found_clusters([], reason="Only 3 incidents"))
    assert undefined.notes == ("Too few incidents or regions for a scan.",)


def test_local_moran_has_five_classes_of_which_each_has_its_own_hatch():
    table = pd.DataFrame({"label": ["high-high", "low-high", "undefined"], "value": 1.0}, index=list("abc"))
    layer = local_moran_layer(table)
    assert [text for _, text in layer.legend()] == [
        "high among high", "low among low", "high among low", "low among high", "not significant",
    ]  # fmt: skip
    assert layer.classes(list("abc")) == [0, 3, -1]
    assert [hatch_of(style) for style, _ in layer.legend()] == ["up", "down", "cross", "dots", ""]


def test_years_are_apart_only_where_there_are_two():
    layer = incidents_layer(years(a=[1, 0, 2, 5], b=[0, 0, 0, 0]))
    assert layer.by_year.loc["a"].to_dict() == {2019: 1, 2020: 0, 2021: 2, 2022: 5}
    assert layer.facts_by_year[2022].to_dict() == {"Incidents": {"a": "5", "b": "0"}}
    one = years(a=[1, 0, 2, 5]).loc[:, [2019]]
    assert incidents_layer(one).by_year is None


def test_hot_spots_are_words_and_undefined_is_no_data():
    table = pd.DataFrame(
        {
            "label": ["hot", "cold", "not significant", "undefined"],
            "value": [3, -3, 0, None],
            "p_value": [0.0004, 0.02, 0.5, None],
            "reason": [None, None, None, "An island."],
        },
        index=list("abcd"),
    )
    layer = hotspot_layer(table)
    assert [text for _, text in layer.legend()] == ["hot spot", "cold spot", "not significant"]
    assert layer.classes(list("abcd")) == [0, 1, 2, -1]
    assert layer.facts["Gi* p-value"].dropna().to_list() == ["<\u00a00.001", "0.020", "0.500"]
    assert layer.reasons.to_dict() == {"d": "An island."}
    assert layer.notes == ("Gi* is descriptive here: fewer than 30 units.",)
    many = pd.DataFrame({"label": "hot", "value": 1.0}, index=range(30))
    assert hotspot_layer(many).notes == ()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: incidents_layer(pd.DataFrame({"n": [1]})), InputError, "layer incidents lacks the column incidents"),
        (lambda: share_layer(pd.DataFrame({"n": [1]})), InputError, "layer share lacks the column share. It has: n"),
        (lambda: hotspot_layer(pd.DataFrame({"label": ["warm"], "value": [1]})), InputError, "has the label 'warm'"),
        (lambda: Layer("k", "T", by_region(a=-1)), InputError, "values below zero, which shades cannot show"),
        (lambda: Layer("k", "T", pd.Series([1, 2], ["a", "a"])), InputError, "has the region a more than once"),
        (lambda: Layer("k", "T", by_region(a=1), palette="jet"), RequestError, "no sequential palette 'jet'"),
        (lambda: Layer("k", "T", by_region(a=1), kind="dots"), RequestError, "no kind of layer 'dots'"),
        (lambda: Layer("k", "T", by_region(a=1), format="hex"), RequestError, "no format 'hex'"),
        (
            lambda: Layer("k", "T", pd.Series({"a": "x"}), kind="classes", palette="hotspot", labels={"y": "Y"}),
            InputError,
            "has the value 'x'. Allowed: y",
        ),
    ],
)
def test_what_no_layer_can_show_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_legends_read_right_in_french():
    layer = share_layer(pd.DataFrame({"share": [0.01, 0.07, 0.574]}, list("abc")), "fr")
    assert [text for _, text in layer.legend()] == [
        "0\u202f%", "jusqu’à 5\u202f%", "5 à 50\u202f%", "50 à 57,4\u202f%",
    ]  # fmt: skip


def test_both_languages_have_the_same_strings_with_the_same_blanks():
    def flat(table, path=()):
        for key, value in table.items():
            yield from flat(value, (*path, key)) if isinstance(value, dict) else [((*path, key), value)]

    english, french = dict(flat(words("en")["map"])), dict(flat(words("fr")["map"]))
    assert english.keys() == french.keys()
    for key, text in english.items():
        blanks = {part.split("}")[0] for part in text.split("{")[1:]}
        assert blanks == {part.split("}")[0] for part in french[key].split("{")[1:]}, key


def test_french_strings_keep_the_signs_that_follow_a_space_on_the_line():
    def texts(table):
        for value in table.values():
            yield from texts(value) if isinstance(value, dict) else [value]

    assert [text for text in texts(words("fr")["map"]) if any(f" {sign}" in text for sign in ":;?!%»")] == []


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_lightness_alone_orders_the_shades(name):
    light, dark = (
        [luminance(colour) for colour in shades] for shades in (SEQUENTIAL[name].light, SEQUENTIAL[name].dark)
    )
    assert light == sorted(light, reverse=True)
    assert dark == sorted(dark)
    assert all(abs(a - b) > 0.02 for shades in (light, dark) for a, b in pairwise(shades))


def test_layers_of_the_same_numbers_share_their_classes():
    yearly = pd.DataFrame({2021: [4.0, 1.0, 0.0], 2022: [27.0, 4.0, 3.0]}, index=list("abc"))
    total = by_region(a=31, b=5, c=3)
    shown = Layer(key="incidents", title="I", values=total, by_year=yearly)
    same = Layer(key="clusters", title="C", values=total[["c", "a", "b"]])
    other = Layer(key="others", title="O", values=by_region(a=31, b=5, c=4))
    rates = Layer(key="rate", title="R", values=total, format="rate")
    assert same.limits != shown.limits  # of three numbers, not of nine
    found = in_common([same, shown, other, rates])
    assert found[0].limits == found[1].limits == shown.limits
    assert [layer.limits for layer in found[2:]] == [other.limits, rates.limits]


def test_no_source_of_residents_is_cited_where_there_are_none():
    population = by_region(a=float("nan"), b=float("nan"))
    population.attrs["source"] = "none: the world layer has no census"
    assert rate_layer(by_region(a=3, b=4), population).sources == ()


def test_the_source_of_residents_is_cited_in_the_language_of_the_page():
    population = by_region(a=1000, b=2000)
    population.attrs |= {"source": "table 2.3", "source_fr": "tableau 2.3"}
    assert rate_layer(by_region(a=3, b=4), population, "fr").sources == ("Population\u00a0: tableau 2.3",)
    assert rate_layer(by_region(a=3, b=4), population, "en").sources == ("Population: table 2.3",)
