"""How far a finding depends on the placing: by hand, and against every assignment of every unplaced incident."""

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import awsd_geo as ag
from awsd_geo.statistics import concentration, placing_sensitivity, scan
from awsd_geo.statistics._maxcell import max_cell
from awsd_geo.statistics._placing_ways import Ways, _shared

UNITS = list("abcd")
PLACES = pd.DataFrame({"x": [0.0, 1, 2, 4], "y": [0.0, 0, 1, 0]}, index=UNITS)
PEOPLE = pd.Series([4.0, 3, 2, 1], index=UNITS)


def counts(*numbers):
    return pd.Series(numbers, index=pd.Index(UNITS, name="region_id"))


def lost(*groups):
    """Make the table of the unplaced: candidates as a word, number, and weights if given."""
    table = pd.DataFrame({"candidates": [tuple(group[0]) for group in groups], "incidents": [g[1] for g in groups]})
    weights = [group[2] if len(group) > 2 else None for group in groups]
    return table.assign(candidate_weights=pd.Series(weights, dtype=object))


def every_assignment(firm, groups):
    """Give the counts and the chance of every assignment, each incident on its own."""
    alone = [(units, weights) for units, number, weights in groups for _ in range(number)]
    for choice in itertools.product(*(range(len(units)) for units, _ in alone)):
        reached, chance = np.array(firm), 1.0
        for (units, weights), pick in zip(alone, choice, strict=True):
            reached[UNITS.index(units[pick])] += 1
            chance *= weights[pick]
        yield tuple(reached.tolist()), chance


def test_the_published_example_by_hand():
    # 31 of 54 placed in Mopti, 2 anywhere: 31 / 56 = 55.4 % to 33 / 56 = 58.9 %.
    regions = ag.load_regions("MLI", vintage="2016")
    located = ag.geocode(ag.select(ag.example(), country="MLI", years=(2017, 2022), kind="kidnapped"), regions)
    firm = ag.count(located, regions)["incidents"]
    found = placing_sensitivity(firm, ag.counts.unplaced(located, regions), where=regions)
    assert found.share_range == (31 / 56, 33 / 56)
    assert (found.leader, found.located, found.unplaced, found.outside) == ("MLI-2016-mopti", 54, 2, 0)
    assert found.leader_certain
    assert found.summary().startswith(
        "57% (31 of 54) in Mopti; 55 to 59% of all 56 whichever way the 2 unplaced fall, and it leads in every way."
    )
    # Two alike in 11 units: 11 * 12 / 2 ways. Mopti alone is the cluster in each, as the scan itself says.
    assert (found.scan_ways, found.scan_all_ways, found.scan_same, found.scan_overlapping) == (66, True, 66, 66)
    assert found.scan_same_chance == pytest.approx(1)
    assert found.scan_regions == scan(firm, regions, replicates=999).regions


def test_a_small_map_by_hand():
    # 5, 3, 1, 0 placed; two that can be b or c, one that can only be d.
    found = placing_sensitivity(counts(5, 3, 1, 0), lost(("bc", 2, (0.25, 0.75)), ("d", 1)))
    assert found.table["lowest"].tolist() == [5, 3, 1, 1]
    assert found.table["highest"].tolist() == [5, 5, 3, 1]
    assert found.table["expected"].tolist() == [5, 3.5, 2.5, 1]
    assert found.share == 5 / 9
    assert found.share_range == (5 / 12, 5 / 12)
    assert found.can_lead == ("a", "b")  # b reaches 5 too
    assert not found.leader_certain
    assert "but b can have as many or more" in found.summary()


GROUPS = st.lists(
    st.tuples(st.sets(st.sampled_from(UNITS), min_size=1), st.integers(1, 2)), min_size=0, max_size=2
).map(lambda groups: [(tuple(sorted(units)), number) for units, number in groups])


def weighted(groups):
    """Give unequal weights: 1, 2, 3, ... parts."""
    return [
        (units, number, tuple((place + 1) / (len(units) * (len(units) + 1) / 2) for place in range(len(units))))
        for units, number in groups
    ]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4), GROUPS, st.booleans())
def test_bounds_are_those_of_all_assignments(firm, groups, by_people):
    groups, exposure = weighted(groups), PEOPLE if by_people else None
    ways = dict.fromkeys(way for way, _ in every_assignment(firm, groups))
    found = placing_sensitivity(counts(*firm), lost(*groups), exposure=exposure)
    total = sum(next(iter(ways)))
    table = np.array(list(ways))
    assert found.table["lowest"].tolist() == table.min(axis=0).tolist()
    assert found.table["highest"].tolist() == table.max(axis=0).tolist()
    if total:
        leads = {unit for way in ways for unit, number in zip(UNITS, way, strict=True) if number == max(way)}
        assert set(found.can_lead) == leads
    if found.reason is None:
        shares = np.ones(4) / 4 if exposure is None else PEOPLE.to_numpy() / PEOPLE.sum()
        p_values = [max_cell(np.array(way), shares)[1] for way in ways]
        assert found.smallest_p == pytest.approx(min(p_values), rel=1e-8)
        assert found.largest_p == pytest.approx(max(p_values), rel=1e-8)
        assert found.p_value == concentration(counts(*firm), exposure=exposure).p_value


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4), GROUPS, st.permutations(UNITS))
def test_another_order_of_units_and_of_candidates_changes_no_number(firm, groups, order):
    groups = weighted(groups)
    turned = [(units[::-1], number, weights[::-1]) for units, number, weights in groups[::-1]]
    one = placing_sensitivity(counts(*firm), lost(*groups), where=PLACES, replicates=19)
    other = placing_sensitivity(counts(*firm).reindex(order), lost(*turned), where=PLACES, replicates=19)
    pd.testing.assert_frame_equal(other.table.reindex(UNITS), one.table)
    assert other.leader == one.leader
    for name in ("smallest_p", "largest_p", "scan_p", "scan_largest_p", "scan_same", "scan_ways", "scan_same_chance"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-8, nan_ok=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4), GROUPS)
def test_ways_are_listed_once_each_with_their_chance(firm, groups):
    groups = weighted(groups)
    chances = Counter()
    for way, chance in every_assignment(firm, groups):
        chances[way] += chance
    listed = Ways(
        np.array(firm),
        [np.array([UNITS.index(unit) for unit in units]) for units, _, _ in groups],
        [np.array(weights) for _, _, weights in groups],
        np.array([number for _, number, _ in groups], dtype=int),
    )
    table, chance = listed.all()
    assert len(table) == listed.count()
    seen = Counter()
    for way, part in zip(table.tolist(), chance, strict=True):
        seen[tuple(way)] += part
    assert seen.keys() == chances.keys()
    assert all(seen[way] == pytest.approx(chances[way]) for way in seen)


def test_sharing_three_among_two_and_none_among_one():
    assert _shared(3, 2).tolist() == [[0, 3], [1, 2], [2, 1], [3, 0]]
    assert _shared(2, 1).tolist() == [[2]]
    assert _shared(0, 3).tolist() == [[0, 0, 0]]


def test_the_scan_of_every_way_is_that_of_scan_itself():
    firm, groups = (9, 2, 1, 2), weighted([(("a", "d"), 2), (("b", "c"), 1)])
    found = placing_sensitivity(counts(*firm), lost(*groups), where=PLACES, replicates=199)
    each = {way: scan(counts(*way), PLACES, replicates=199) for way, _ in every_assignment(firm, groups)}
    alone = scan(counts(*firm), PLACES, replicates=199)
    assert (found.scan_regions, found.scan_p) == (alone.regions, alone.p_value)
    assert (found.scan_ways, found.scan_all_ways) == (len(each), True)
    assert found.scan_same == sum(set(one.regions) == set(alone.regions) for one in each.values())
    assert found.scan_overlapping == sum(bool(set(one.regions) & set(alone.regions)) for one in each.values())
    assert found.scan_smallest_p == min(one.p_value for one in each.values())
    assert found.scan_largest_p == max(one.p_value for one in each.values())
    chance = sum(part for way, part in every_assignment(firm, groups) if set(each[way].regions) == set(alone.regions))
    assert found.scan_same_chance == pytest.approx(chance)


def test_too_many_ways_are_drawn_by_the_weights_and_said_to_be():
    groups = lost(("abcd", 6, (0.0, 0.0, 0.0, 1.0)), ("abcd", 6))
    found = placing_sensitivity(counts(9, 2, 1, 2), groups, where=PLACES, sets=50, replicates=99, seed=4)
    assert (found.scan_ways, found.scan_all_ways) == (50, False)
    assert found.scan_same_chance == pytest.approx(found.scan_same / 50)
    assert "of 50 sets drawn by the weights" in found.summary()
    again = placing_sensitivity(counts(9, 2, 1, 2), groups, where=PLACES, sets=50, replicates=99, seed=4)
    assert [getattr(again, name) for name in ("scan_same", "scan_overlapping", "scan_largest_p")] == [
        getattr(found, name) for name in ("scan_same", "scan_overlapping", "scan_largest_p")
    ]
    # The first six are in d for sure by their weights, but bounds take any candidate whatever its weight.
    assert found.table["highest"].tolist() == [21, 14, 13, 14]


def test_where_every_incident_is_placed_nothing_depends_on_it():
    found = placing_sensitivity(counts(8, 2, 0, 1), lost(), where=PLACES)
    assert found.smallest_p == pytest.approx(found.p_value, rel=1e-8)
    assert found.largest_p == pytest.approx(found.p_value, rel=1e-8)
    assert found.share_range == (8 / 11, 8 / 11)
    assert (found.scan_ways, found.scan_same, found.scan_all_ways) == (1, 1, True)
    assert "every incident is placed" in found.summary()


def test_incidents_outside_of_the_frame_are_set_apart():
    found = placing_sensitivity(counts(8, 2, 0, 1), lost(("", 3), ("ab", 1)))
    assert (found.outside, found.unplaced, found.share_range) == (3, 1, (8 / 12, 9 / 12))


def test_a_tie_has_no_leader_but_units_that_can_lead():
    found = placing_sensitivity(counts(3, 3, 1, 0), lost(("cd", 1)))
    assert found.leader is None
    assert np.isnan(found.share_range).all()
    assert (found.can_lead, found.leader_certain) == (("a", "b"), False)
    assert found.summary().startswith("No unit leads among the placed incidents.")


def test_many_unplaced_in_many_groups_are_bounded_exactly_and_fast():
    # 12 units; each of 11 groups of 300 can be in unit i or i + 1. All can be kept level, so the largest p is that of
    # the most even counts: 3300 over 12 units is 275 each. A chain: unit 0 takes 275, hands on 25, and so on.
    units = [f"u{number:02}" for number in range(12)]
    firm = pd.Series(0, index=pd.Index(units, name="region_id"))
    firm.iloc[0] = 12  # a few placed, so that there is a test
    groups = pd.DataFrame({"candidates": [(units[i], units[i + 1]) for i in range(11)], "incidents": 300})
    found = placing_sensitivity(firm, groups)
    even = np.full(12, 276)  # 3312 / 12: the firm 12 leave room for 264 of the first group in unit 0
    assert found.largest_p == pytest.approx(max_cell(even, np.ones(12) / 12)[1], rel=1e-8)
    # The smallest: a unit in the chain gets both of its groups, 600, and the others are then below that anyhow.
    uneven = np.array([312, 0, 600, *[300] * 8, 0])
    assert found.smallest_p == pytest.approx(max_cell(uneven, np.ones(12) / 12)[1], rel=1e-8)


def test_a_p_below_the_smallest_number_is_that_number_in_every_way():
    found = placing_sensitivity(counts(100_000, 10, 10, 10), lost(("bcd", 5)))
    assert found.p_value == found.smallest_p == found.largest_p == np.finfo(float).tiny


def test_ways_beyond_count_are_only_said_to_be_many():
    found = placing_sensitivity(counts(9, 2, 1, 2), lost(("abcd", 100_000)), where=PLACES, sets=20, replicates=99)
    assert (found.scan_ways, found.scan_all_ways) == (20, False)
    assert found.table["highest"].tolist() == [100_009, 100_002, 100_001, 100_002]


@pytest.mark.parametrize(
    ("unplaced", "message"),
    [
        ([1, 2], "unplaced must be a table"),
        (pd.DataFrame({"candidates": [("a",)]}), "unplaced must be a table"),
        (lost(("ab", -1)), "whole numbers of 0 or more"),
        (lost(("ab", 0.5)), "whole numbers of 0 or more"),
        (lost(("ax", 1)), "candidate 'x' is no region"),
        (lost(("ab", 1, (0.4, 0.4))), "sum to 0.8"),
    ],
)
def test_what_is_no_table_of_unplaced_incidents_is_refused(unplaced, message):
    with pytest.raises(ag.InputError, match=message):
        placing_sensitivity(counts(5, 1, 1, 0), unplaced)


def test_unplaced_incidents_of_other_years_are_refused():
    index = pd.MultiIndex.from_product([UNITS, [2020, 2021]], names=["region_id", "year"])
    with pytest.raises(ag.InputError, match="has incidents of 2022, which was not counted"):
        placing_sensitivity(pd.Series(2, index=index), lost(("ab", 1)).assign(year=2022))


def test_fewer_than_one_set_or_replicate_is_refused():
    for choice in ({"sets": 0}, {"replicates": 0}):
        with pytest.raises(ag.RequestError, match="whole numbers of 1 or more"):
            placing_sensitivity(counts(5, 1, 1, 0), lost(), **choice)
