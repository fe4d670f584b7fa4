"""What must hold for any counts whatever: hypothesis looks for a case where it does not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsd_geo import statistics

UNITS = 6
COUNTS = st.lists(st.integers(0, 12), min_size=UNITS, max_size=UNITS)
PEOPLE = st.lists(st.integers(1, 1000), min_size=UNITS, max_size=UNITS)
ORDERS = st.permutations(range(UNITS))
PLACES = pd.DataFrame({"x": [0.0, 1, 2, 0, 1, 2], "y": [0.0, 0, 0, 1, 1, 1]}, index=list("abcdef"))
LINKS = [("a", "b"), ("b", "c"), ("d", "e"), ("e", "f"), ("a", "d"), ("b", "e"), ("c", "f")]


def series(values, ids="abcdef"):
    return pd.Series(values, index=pd.Index(list(ids), name="region_id"))


def links(rename=None):
    names = rename or {name: name for name in "abcdef"}
    pairs = [(names[a], names[b]) for one, other in LINKS for a, b in ((one, other), (other, one))]
    index = pd.MultiIndex.from_tuples(pairs, names=["focal", "neighbor"])
    return pd.Series(1, index=index, name="weight")


def every_p(counts, people, near, places):
    """Give all p-values of the tests by region, by name of the test."""
    scan = statistics.scan(counts, places, exposure=people, replicates=99)
    found = {
        "max-cell": [statistics.concentration(counts, exposure=people).p_value],
        "scan": [*scan.clusters["p_value"], *([] if scan.reason else [scan.p_value])],
        "Moran": [statistics.moran(counts, near).p_greater],
        "Geary": [statistics.geary(counts, near).p_value],
    }
    for name in ("getis_ord", "local_moran", "local_join_counts"):
        found[name] = getattr(statistics, name)(counts, near).table["p_value"].tolist()
    return found


@settings(max_examples=60, deadline=None)
@given(COUNTS, PEOPLE)
def test_every_p_is_over_0_and_at_most_1_or_undefined(counts, people):
    for name, values in every_p(series(counts), series(people), links(), PLACES).items():
        given = [p for p in values if not np.isnan(p)]
        assert all(0 < p <= 1 for p in given), name


@settings(max_examples=60, deadline=None)
@given(COUNTS, PEOPLE)
def test_other_names_for_the_regions_change_no_number(counts, people):
    rename = dict(zip("abcdef", "uvwxyz", strict=True))
    ours = every_p(series(counts), series(people), links(), PLACES)
    theirs = every_p(series(counts, "uvwxyz"), series(people, "uvwxyz"), links(rename), PLACES.rename(rename))
    for name, values in ours.items():
        np.testing.assert_array_equal(values, theirs[name], err_msg=name)


@settings(max_examples=60, deadline=None)
@given(COUNTS, PEOPLE, ORDERS)
def test_another_order_of_the_rows_moves_exact_numbers_with_them(counts, people, order):
    ids = [list("abcdef")[place] for place in order]
    ours, moved = series(counts), series(counts).reindex(ids)
    one, other = (statistics.concentration(each, exposure=series(people)) for each in (ours, moved))
    assert other.p_value == pytest.approx(one.p_value, rel=1e-9, nan_ok=True)
    pd.testing.assert_frame_equal(other.table.reindex(one.table.index), one.table, rtol=1e-9)
    for name in ("getis_ord", "local_moran", "local_join_counts"):
        one, other = (getattr(statistics, name)(each, links()).table for each in (ours, moved))
        pd.testing.assert_frame_equal(other.reindex(one.index), one, rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(COUNTS, PEOPLE, st.sampled_from([0.001, 3, 1e6, 0.25, 1024]))
def test_people_counted_in_another_unit_change_no_p(counts, people, factor):
    ours = every_p(series(counts), series(people), links(), PLACES)
    theirs = every_p(series(counts), series(people) * factor, links(), PLACES)
    if factor in (0.001, 3, 1e6):
        # These round a share in its last bit. Where a share of what is left is one half, that bit decides which of two
        # ways numpy draws it by, so that other maps of the same law are drawn. Powers of 2 round nothing.
        ours.pop("scan")
    for name, values in ours.items():
        np.testing.assert_allclose(values, theirs[name], rtol=1e-9, err_msg=name)


@settings(max_examples=60, deadline=None)
@given(COUNTS, PEOPLE, st.integers(0, UNITS - 1), st.data())
def test_a_region_that_is_split_adds_no_incident_and_no_share(counts, people, place, data):
    part = data.draw(st.integers(0, counts[place]))
    parts = [*counts, part]
    parts[place] -= part
    whole = statistics.concentration(series(counts))
    split = statistics.concentration(series(parts, "abcdefg"))
    assert split.located == whole.located
    assert split.table["share"].sum() == pytest.approx(whole.table["share"].sum(), nan_ok=True)
    assert not split.table["share"].max() > whole.table["share"].max() + 1e-12


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 15), min_size=3, max_size=8))
def test_time_turned_round_turns_a_trend_round(counts):
    forward, backward = (
        statistics.trend(pd.Series(values, index=range(2000, 2000 + len(counts)))) for values in (counts, counts[::-1])
    )
    for name in ("p_value", "quasi_poisson_p", "mann_kendall_p"):
        assert getattr(backward, name) == pytest.approx(getattr(forward, name), rel=1e-6, nan_ok=True)
    if np.isfinite(forward.rate_ratio) and forward.rate_ratio > 0:
        assert backward.rate_ratio * forward.rate_ratio == pytest.approx(1, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(1, 50), st.integers(0, 30), st.integers(1, 50))
def test_two_rates_do_not_care_which_is_named_first(a, time_a, b, time_b):
    one, other = statistics.two_rates(a, time_a, b, time_b), statistics.two_rates(b, time_b, a, time_a)
    assert other.p_value == pytest.approx(one.p_value, rel=1e-9, nan_ok=True)
    assert np.isnan(one.p_value) or 0 < one.p_value <= 1
