"""Neighbourhood statistics: Gi and Gi*, Moran, and the corrections for looking more than once."""

import itertools
import json
import subprocess
import sys
from math import comb, factorial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._orders import MOST_ORDERS, all_orders, number_of_orders, random_orders
from awsd_geo.statistics._subset_sums import leave_one_out, subset_sums


def adjacency(pairs, units) -> pd.Series:
    """Give an adjacency from unordered pairs; a unit in none of them is an island."""
    both = sorted({*pairs, *((b, a) for a, b in pairs)})
    alone = [(unit, unit) for unit in units if not any(unit in pair for pair in pairs)]
    index = pd.MultiIndex.from_tuples([*both, *alone], names=["focal", "neighbor"])
    return pd.Series([1.0] * len(both) + [0.0] * len(alone), index=index, name="weight")


def ring(*numbers: int) -> tuple[pd.Series, pd.Series]:
    """Give counts of units in a ring, each with two neighbours."""
    units = [f"r{i:02}" for i in range(len(numbers))]
    pairs = [(unit, units[(i + 1) % len(units)]) for i, unit in enumerate(units)]
    return pd.Series(numbers, index=pd.Index(units, name="region_id")), adjacency(pairs, units)


def test_tied_zeros_have_p_3_in_36():
    # The neighbours of r01 have 0 and 0. Of the 9 other units 3 have 0: comb(3, 2) of comb(9, 2) draws are as low.
    # Counting permutations that are as high instead, all of them, gives 1 in 10,000 at 9,999 permutations.
    counts, near = ring(0, 4, 0, 2, 7, 0, 3, 9, 1, 5)
    table = statistics.getis_ord(counts, near).table
    assert comb(3, 2) / comb(9, 2) == pytest.approx(0.083, abs=5e-4)
    assert table.loc["r01", "p_low"] == pytest.approx(3 / 36, rel=1e-14)
    assert table.loc["r01", "p_high"] == 1
    assert table.loc["r01", "p_value"] == pytest.approx(6 / 36, rel=1e-14)
    assert table.loc["r01", "label"] == "not significant"


@pytest.mark.parametrize("star", [True, False])
@pytest.mark.parametrize("numbers", [(0, 0, 3, 5, 5, 1, 0, 2), (1, 0, 0, 0, 9, 8, 0), (2, 2, 2, 2, 2, 3)])
def test_local_p_is_that_of_all_draws_and_value_that_of_the_definition(numbers, star):
    counts, near = ring(*numbers)
    table = statistics.getis_ord(counts, near, star=star).table
    n = len(numbers)
    for i in range(n):
        others = [numbers[j] for j in range(n) if j != i]
        draws = [sum(draw) for draw in itertools.combinations(others, 2)]
        seen = numbers[i - 1] + numbers[(i + 1) % n]
        row = table.iloc[i]
        base, size, total = (numbers, 3, seen + numbers[i]) if star else (others, 2, seen)
        spread = np.std(base) * np.sqrt((len(base) * size - size**2) / (len(base) - 1))
        if spread == 0:
            assert np.isnan(row["value"])
            assert row["reason"] == f"All units but r{i:02} have the same number: there is nothing to compare."
            continue
        assert row["value"] == pytest.approx((total - size * np.mean(base)) / spread, rel=1e-12)
        assert row["p_low"] == pytest.approx(sum(draw <= seen for draw in draws) / len(draws), rel=1e-12)
        assert row["p_high"] == pytest.approx(sum(draw >= seen for draw in draws) / len(draws), rel=1e-12)


def test_subsets_are_counted_by_size_and_sum():
    values, repeats = np.array([0, 1, 4]), np.array([3, 2, 2])
    table = subset_sums(values, repeats, 4, 10)
    for size in range(5):
        sums = [sum(draw) for draw in itertools.combinations(np.repeat(values, repeats).tolist(), size)]
        expected = np.bincount(sums, minlength=11) / len(sums)
        assert table[size] / table[size].sum() == pytest.approx(expected, rel=1e-12)


def test_one_unit_of_each_value_is_left_out_in_turn():
    values, repeats = np.array([0, 1, 4, 5, 9]), np.array([3, 2, 1, 1, 4])
    given = dict(leave_one_out(values, repeats, 3, 27))
    assert set(given) == set(range(5))
    for own, table in given.items():
        expected = subset_sums(values, repeats - (np.arange(5) == own), 3, 27)
        for size in range(4):
            assert table[size] / table[size].sum() == pytest.approx(expected[size] / expected[size].sum(), rel=1e-12)


def test_counts_too_large_for_a_table_of_sums_have_all_draws_looked_at_instead():
    counts, near = ring(10**8, 5, 3, 10**7, 1)
    result = statistics.getis_ord(counts, near)
    assert result.test == "exact conditional permutation"  # 6 draws of 2 from 4
    assert result.table.loc["r00", "p_low"] == pytest.approx(2 / 6)  # 5 + 1 of 5, 3, 10**7, 1: only 3 + 1 is less


def test_large_neighbourhoods_stay_in_range():
    # 600 of 1,199 units: comb(1199, 600) is beyond a float. Half of the units have 1: a hypergeometric law.
    table = subset_sums(np.array([0, 1]), np.array([600, 599]), 600, 599)
    law = table[600] / table[600].sum()
    expected = stats.hypergeom(1199, 599, 600)
    for seen in (250, 300, 350):
        assert law[seen:].sum() == pytest.approx(expected.sf(seen - 1), rel=1e-9)


def test_hot_and_cold_are_labelled_after_the_correction():
    # A ring, three neighbours on either side, 12 of 40 units with 9: comb(11, 6) of comb(39, 6) draws are as high.
    units = [f"r{i:02}" for i in range(40)]
    near = adjacency([(units[i], units[(i + step) % 40]) for i in range(40) for step in (1, 2, 3)], units)
    counts = pd.Series([9] * 12 + [0] * 28, index=units)
    result = statistics.getis_ord(counts, near)
    table = result.table
    assert table["p_high"].iloc[5] == pytest.approx(comb(11, 6) / comb(39, 6), rel=1e-12)
    assert table["q_value"].to_numpy() == pytest.approx(multipletests(table["p_value"], method="fdr_bh")[1], rel=1e-12)
    assert set(table["label"].iloc[3:9]) == {"hot"}
    assert set(table["label"].iloc[14:38]) == {"not significant"}
    hot = (table["label"] == "hot").sum()
    assert result.summary() == f"Gi*: {hot} hot and 0 cold of 40 units tested (exact p, Benjamini-Hochberg at 5%)."
    assert not result.descriptive
    assert set(statistics.getis_ord(9 - counts, near).table["label"].iloc[3:9]) == {"cold"}


def test_few_units_are_described_only():
    result = statistics.getis_ord(*ring(3, 0, 1, 5, 2, 2))
    assert result.descriptive
    assert result.summary().endswith("; descriptive only, fewer than 30 units.")


def test_an_island_is_undefined_and_the_others_are_not():
    counts = pd.Series({"a": 4, "b": 1, "c": 0, "d": 2, "e": 3})
    near = adjacency([("a", "b"), ("b", "c"), ("c", "d")], counts.index)
    result = statistics.getis_ord(counts, near)
    island = result.table.loc["e"]
    assert (island["label"], island["reason"]) == ("undefined", "e has no neighbour.")
    assert np.isnan(island["value"])
    assert np.isnan(island["q_value"])
    assert result.family == 4
    assert result.table["reason"].drop("e").isna().all()
    assert "; 1 undefined" in result.summary()


def test_a_unit_that_borders_on_all_others_has_nothing_to_compare():
    counts = pd.Series({"a": 4, "b": 1, "c": 0, "d": 2})
    near = adjacency([("a", "b"), ("a", "c"), ("a", "d"), ("b", "c")], counts.index)
    row = statistics.getis_ord(counts, near).table.loc["a"]
    assert row["label"] == "undefined"
    assert row["reason"] == "All other units are neighbours of a: nothing is left to compare with."


@pytest.mark.parametrize("star", [True, False])
def test_the_values_are_those_of_esda(star):
    rng = np.random.default_rng(1)
    counts = pd.Series(rng.poisson(3, 60), index=[f"u{i}" for i in rng.permutation(60)])
    pairs = [(counts.index[i], counts.index[j]) for i, j in rng.integers(0, 60, (150, 2)) if i != j]
    near = adjacency(pairs, counts.index)
    opinion = statistics.getis_ord(counts, near, star=star).second_opinion()
    assert opinion["value"].notna().sum() > 50
    assert opinion["difference"].abs().max() < 1e-12


def test_the_adjacency_of_a_graph_will_do_and_is_not_altered():
    from libpysal.graph import Graph

    counts, near = ring(4, 0, 1, 6, 2, 2)
    graph = Graph(near)
    before = graph.adjacency.copy()
    result = statistics.getis_ord(counts, graph)
    pd.testing.assert_frame_equal(result.table, statistics.getis_ord(counts, near).table)
    result.second_opinion()
    statistics.moran(counts, graph).second_opinion()
    pd.testing.assert_series_equal(graph.adjacency, before)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda near: near.to_frame(), "must be a libpysal Graph or its adjacency"),
        (lambda near: near.drop("r02"), "lack 'r02'. Make them from the regions"),
        (lambda near: near.rename(index={"r02": "x"}), "which was not counted. Make them from the regions"),
        (lambda near: -near, "A weight is negative, infinite or missing"),
    ],
)
def test_neighbours_of_other_units_are_refused_with_a_way_out(change, message):
    counts, near = ring(3, 0, 1, 5, 2)
    for statistic in (statistics.getis_ord, statistics.moran):
        with pytest.raises(InputError, match=message):
            statistic(counts, change(near))


def test_missing_values_are_refused():
    counts, near = ring(3, 0, 1, 5, 2)
    broken = counts.astype(float).where(counts != 5)
    with pytest.raises(InputError, match="missing at 'r03'"):
        statistics.getis_ord_values(broken, near)
    with pytest.raises(InputError, match="missing at 'r03'"):
        statistics.moran(broken, near)


@pytest.mark.parametrize("weights", ["row", "binary"])
def test_moran_up_to_nine_units_is_that_of_all_orders(weights):
    units = list("abcdefg")
    near = adjacency([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "g"), ("a", "c")], units)
    values = pd.Series([5, 4, 3, 0, 1, 0, 0], index=units)
    result = statistics.moran(values, near, weights=weights)
    matrix = np.zeros((7, 7))
    for focal, neighbour in near.index:
        matrix[units.index(focal), units.index(neighbour)] = 1
    if weights == "row":
        matrix /= matrix.sum(axis=1, keepdims=True)

    def index_of(order):
        z = np.array(order) - np.mean(order)
        return 7 / matrix.sum() * (z @ matrix @ z) / (z @ z)

    all_of_them = np.array([index_of(order) for order in itertools.permutations(values)])
    seen = index_of(values)
    assert result.moran_i == pytest.approx(seen, rel=1e-12)
    assert result.expected == pytest.approx(all_of_them.mean(), rel=1e-9)
    assert result.variance == pytest.approx(all_of_them.var(), rel=1e-9)
    assert result.p_greater == pytest.approx((all_of_them >= seen - 1e-9).mean(), rel=1e-12)
    assert result.p_less == pytest.approx((all_of_them <= seen + 1e-9).mean(), rel=1e-12)
    assert result.exact
    assert result.test == "exact permutation"


def test_every_order_that_can_be_told_apart_comes_once():
    values = np.array([0.0, 0.0, 1.0, 2.0, 2.0])
    (orders,) = all_orders(values)
    assert sorted(map(tuple, orders)) == sorted(set(itertools.permutations(values)))
    assert number_of_orders(values) == len(orders) == 30
    assert number_of_orders(np.arange(9.0)) == MOST_ORDERS == factorial(9)


def test_random_orders_do_not_depend_on_the_batch(monkeypatch):
    whole = np.concatenate(list(random_orders(np.arange(12.0), 50, 3)))
    monkeypatch.setattr("awsd_geo.statistics._orders.BATCH", 84)
    parts = list(random_orders(np.arange(12.0), 50, 3))
    assert len(parts) == 8
    assert (np.concatenate(parts) == whole).all()


def test_moran_by_chance_comes_near_the_exact_p_and_says_its_seed(monkeypatch):
    counts, near = ring(6, 5, 2, 0, 1, 0, 2, 3)
    exact = statistics.moran(counts, near)
    monkeypatch.setattr("awsd_geo.statistics._orders.MOST_ORDERS", 0)
    chance = statistics.moran(counts, near, permutations=9999, seed=5)
    assert not chance.exact
    assert chance.p_greater == pytest.approx(exact.p_greater, abs=4 * np.sqrt(0.25 / 9999))
    assert chance.p_greater * 10_000 == pytest.approx(round(chance.p_greater * 10_000))
    assert "two-sided, permutation, 9999 replicates, seed 5" in chance.summary()
    assert statistics.moran(counts, near, seed=5).p_greater == chance.p_greater


def test_moran_with_an_island_is_undefined():
    counts = pd.Series({"a": 4, "b": 1, "c": 0, "d": 2})
    result = statistics.moran(counts, adjacency([("a", "b"), ("b", "c")], counts.index))
    assert np.isnan(result.p_value)
    assert result.reason == "No neighbour is known for d: leave such units out, or give them neighbours."


@pytest.mark.parametrize(
    ("choice", "message"),
    [({"weights": "r"}, "must be one of row, binary, given"), ({"permutations": 0}, "at least 1")],
)
def test_an_unknown_choice_is_refused(choice, message):
    with pytest.raises(RequestError, match=message):
        statistics.moran(*ring(3, 0, 1, 5, 2), **choice)


def test_neither_numba_nor_esda_is_loaded_by_a_statistic():
    code = """
import sys, pandas as pd
from awsd_geo import statistics
c = pd.Series([3, 0, 1, 5, 2])
i = pd.MultiIndex.from_tuples([(k, (k + s) % 5) for k in range(5) for s in (1, 4)], names=["focal", "neighbor"])
w = pd.Series(1, index=i, name="weight")
statistics.concentration(c), statistics.getis_ord(c, w), statistics.moran(c, w)
statistics.trend(pd.Series([1, 2, 5], index=[2019, 2020, 2021]))
print([name for name in ("numba", "esda", "libpysal", "scipy.stats", "geopandas", "matplotlib") if name in sys.modules])
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("method", ["holm", "fdr_bh"])
def test_corrections_are_those_of_statsmodels(method):
    p = pd.Series(np.random.default_rng(0).uniform(size=40) ** 2).round(2)  # rounded, so that some are tied
    ours = statistics.holm(p) if method == "holm" else statistics.benjamini_hochberg(p)
    assert ours.to_numpy() == pytest.approx(multipletests(p, method=method)[1], rel=1e-12)


def test_undefined_p_does_not_count_towards_the_family():
    p = pd.Series({"a": 0.03, "b": np.nan, "c": 0.01})
    assert statistics.benjamini_hochberg(p).to_dict() == pytest.approx({"a": 0.03, "b": np.nan, "c": 0.02}, nan_ok=True)
    assert statistics.holm(p).to_dict() == pytest.approx({"a": 0.03, "b": np.nan, "c": 0.02}, nan_ok=True)


def test_what_is_no_p_value_is_refused():
    with pytest.raises(InputError, match=r"between 0 and 1, not 1\.5. Give p-values"):
        statistics.holm(pd.Series([0.5, 1.5]))


@given(numbers=st.lists(st.integers(0, 12), min_size=5, max_size=11), shuffled=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_relabelling_permutes_the_results_and_p_is_a_probability(numbers, shuffled):
    counts, near = ring(*numbers)
    before = (counts.copy(), near.copy())
    local, whole = statistics.getis_ord(counts, near), statistics.moran(counts, near, permutations=99)
    pd.testing.assert_series_equal(counts, before[0])
    pd.testing.assert_series_equal(near, before[1])
    assert ((local.table["p_value"] > 0) & (local.table["p_value"] <= 1) | local.table["p_value"].isna()).all()
    assert np.isnan(whole.p_value) or 0 < whole.p_value <= 1
    order = shuffled.sample(list(counts.index), len(counts))
    other = statistics.getis_ord(counts[order], near)
    pd.testing.assert_frame_equal(other.table.loc[counts.index], local.table, rtol=1e-9, check_dtype=False)
    if whole.exact:
        again = statistics.moran(counts[order], near)
        assert again.p_value == pytest.approx(whole.p_value, rel=1e-9)


@pytest.mark.realdata
class TestReferenceCases:
    """Cases columbus_crime (spdep 1.2-7 and esda 2.10 agree) and poisson_two_rates (Benjamini and Hochberg 1995)."""

    @pytest.fixture
    def columbus(self, shared):
        folder = shared / "data" / "reference" / "columbus_crime"
        checks = {c["name"]: c for c in json.loads((folder / "expected.json").read_text())["checks"]}
        pairs = pd.read_csv(folder / "neighbors.csv")
        index = pd.MultiIndex.from_arrays([pairs["id"], pairs["neighbor"]], names=["focal", "neighbor"])
        crime = pd.read_csv(folder / "data.csv", index_col="POLYID")["CRIME"]
        return checks, crime, pd.Series(1, index=index, name="weight")

    @pytest.mark.parametrize(("name", "star"), [("Gi_z", False), ("Gstar_z", True)])
    def test_gi(self, columbus, name, star):
        checks, crime, near = columbus
        ours = statistics.getis_ord_values(crime, near, star=star)
        assert ours.to_numpy() == pytest.approx(np.array(checks[name]["value"]), rel=checks[name]["rtol"])

    @pytest.mark.parametrize(("case", "weights"), [("moran_W", "row"), ("moran_B", "binary")])
    def test_moran(self, columbus, case, weights):
        checks, crime, near = columbus
        result = statistics.moran(crime, near, weights=weights, permutations=99)
        for name, value in {"I": result.moran_i, "VI_rand": result.variance, "z_rand": result.z}.items():
            check = checks[f"{case}.{name}"]
            assert value == pytest.approx(check["value"], rel=check["rtol"])

    @pytest.mark.parametrize(("case", "weights"), [("moran_W", "row"), ("moran_B", "binary")])
    def test_moran_of_esda_as_second_opinion(self, columbus, case, weights):
        from awsd_geo.statistics._esda import moran_values

        checks, crime, near = columbus
        opinion = statistics.moran(crime, near, weights=weights, permutations=99).second_opinion()
        assert opinion["difference"].abs().max() < 1e-12
        theirs = moran_values(crime, near, weights=weights)
        for name, column in {"VI_norm": "variance_normal", "z_norm": "z_normal"}.items():
            check = checks[f"{case}.{name}"]
            assert theirs[column] == pytest.approx(check["value"], rel=check["rtol"])

    def test_benjamini_hochberg_rejects_four_and_bonferroni_three_of_fifteen(self, shared):
        path = shared / "data" / "reference" / "poisson_two_rates" / "expected.json"
        checks = {c["name"]: c["value"] for c in json.loads(path.read_text())["checks"]}
        p = pd.Series(checks["bh1995_p"])
        assert (statistics.benjamini_hochberg(p) <= 0.05).sum() == checks["bh1995_rejected_q05"]
        assert (p * len(p) <= 0.05).sum() == (statistics.holm(p) <= 0.05).sum() == checks["bonferroni_rejected_05"]
