"""Class breaks and layers, worked out by hand."""

from itertools import combinations, pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsd_geo.errors import InputError, RequestError
from awsd_geo.language import words
from awsd_geo.maps import Layer, hotspot_layer, incidents_layer, rate_layer, share_layer
from awsd_geo.maps.breaks import class_limits, class_of, round_between
from awsd_geo.maps.style import CATEGORICAL, SEQUENTIAL, contrast, ink_on, luminance


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


def test_rates_are_per_100000_and_undefined_without_residents():
    population = by_region(a=200_000, b=0, c=None)
    population.attrs["source"] = "Census 2022"
    layer = rate_layer(by_region(a=3, b=1, c=1), population)
    assert layer.values["a"] == 1.5
    assert layer.text("a") == "1.50"
    assert layer.values.isna().to_dict() == {"a": False, "b": True, "c": True}
    assert layer.reasons.to_dict() == dict.fromkeys("bc", "There is no population figure for this region.")
    assert layer.sources == ("Population: Census 2022",)


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
    assert layer.facts["Gi* p-value"].dropna().to_list() == ["< 0.001", "0.020", "0.500"]
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


def test_labels_on_every_class_have_a_contrast_of_4_5():
    for palette in [*SEQUENTIAL.values(), *CATEGORICAL.values()]:
        for colour in (*palette.light, *palette.dark):
            assert contrast(colour, ink_on(colour)) >= 4.5, colour
