"""Local Moran, local join counts, Geary, general G: against all orders of seven units, esda, and reference cases."""

import itertools
import json
import subprocess
import sys
from math import comb, perm

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics import _draws
from awsd_geo.statistics._dominance import count_dominated
from awsd_geo.statistics._neighbours import align
from awsd_geo.statistics._saddlepoint import _tails as saddlepoint_of
from awsd_geo.statistics._subset_sums import neighbour_sum_tails

PAIRS = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "g"), ("a", "c"), ("b", "e")]
UNITS = list("abcdefg")
TIED = pd.Series([5, 4, 3, 0, 1, 0, 0], index=UNITS)
REAL = pd.Series([0.3, 0.1, 0.2, 0.7, 0.1, 0.6, 0.3], index=UNITS)  # sums tie only up to rounding: 0.1 + 0.2 and 0.3


def adjacency(pairs, units, weights=None) -> pd.Series:
    """Give an adjacency from unordered pairs, weights by pair."""
    both = sorted({*pairs, *((b, a) for a, b in pairs)})
    alone = [(unit, unit) for unit in units if not any(unit in pair for pair in pairs)]
    index = pd.MultiIndex.from_tuples([*both, *alone], names=["focal", "neighbor"])
    weight = np.ones(len(both)) if weights is None else weights[: len(both)]
    return pd.Series([*weight, *([0.0] * len(alone))], index=index, name="weight")


EQUAL = adjacency(PAIRS, UNITS)
UNEQUAL = adjacency(PAIRS, UNITS, np.tile([1.0, 2.0, 0.5, 1.5, 0.25], 4))


def matrix_of(near, units, *, row=False) -> np.ndarray:
    matrix = np.zeros((len(units), len(units)))
    for (focal, neighbour), weight in near.items():
        matrix[units.index(focal), units.index(neighbour)] = weight
    return matrix / matrix.sum(axis=1, keepdims=True) if row else matrix


def all_orders_of_the_others(values, unit):
    """Give every map in which the unit keeps its value, one per permutation of the others."""
    others = [value for place, value in enumerate(values) if place != unit]
    for order in itertools.permutations(others):
        yield np.array([*order[:unit], values[unit], *order[unit:]])


def lattice(rows, columns) -> pd.Series:
    """Give queen neighbours of a grid."""
    pairs = [
        (row * columns + column, (row + down) * columns + column + right)
        for row in range(rows) for column in range(columns) for down, right in ((0, 1), (1, -1), (1, 0), (1, 1))
        if row + down < rows and 0 <= column + right < columns
    ]  # fmt: skip
    return adjacency(pairs, range(rows * columns))


@pytest.mark.parametrize("divisor", ["n", "n - 1"])
@pytest.mark.parametrize("weights", ["row", "binary", "given"])
@pytest.mark.parametrize("near", [EQUAL, UNEQUAL], ids=["equal", "unequal"])
@pytest.mark.parametrize("values", [TIED, REAL], ids=["counts", "real"])
def test_local_moran_is_that_of_the_definition_and_its_p_and_moments_those_of_all_orders(
    values, near, weights, divisor
):
    result = statistics.local_moran(values, near, weights=weights, divisor=divisor)
    chosen = (near > 0).astype(float) if weights == "binary" else near
    matrix = matrix_of(chosen, UNITS, row=weights == "row")

    def local(order, unit):
        z = order - order.mean()
        return z[unit] * (matrix[unit] @ z) / ((z @ z) / (7 - (divisor == "n - 1")))

    assert result.test == "exact conditional permutation"
    for unit in range(7):
        seen = local(values.to_numpy(dtype=float), unit)
        draws = np.array([local(order, unit) for order in all_orders_of_the_others(values.to_numpy(), unit)])
        row = result.table.iloc[unit]
        assert row["value"] == pytest.approx(seen, rel=1e-12)
        assert row["expected"] == pytest.approx(draws.mean(), rel=1e-9)
        assert row["variance"] == pytest.approx(draws.var(), rel=1e-9)
        above, below = (draws >= seen - 1e-9).mean(), (draws <= seen + 1e-9).mean()
        if values.iloc[unit] < values.mean():
            above, below = below, above
        assert row["p_high"] == pytest.approx(above, rel=1e-12)
        assert row["p_low"] == pytest.approx(below, rel=1e-12)
        assert row["p_value"] == pytest.approx(min(2 * min(above, below), 1), rel=1e-12)


@pytest.mark.parametrize("star", [True, False])
@pytest.mark.parametrize("values", [TIED, REAL], ids=["counts", "real"])
def test_gi_of_unequal_weights_has_the_p_of_all_orders(values, star):
    table = statistics.getis_ord(values, UNEQUAL, star=star).table
    matrix = matrix_of(UNEQUAL, UNITS)
    for unit in range(7):
        seen = matrix[unit] @ values.to_numpy()
        sums = np.array([matrix[unit] @ order for order in all_orders_of_the_others(values.to_numpy(), unit)])
        assert table["p_high"].iloc[unit] == pytest.approx((sums >= seen - 1e-9).mean(), rel=1e-12)
        assert table["p_low"].iloc[unit] == pytest.approx((sums <= seen + 1e-9).mean(), rel=1e-12)
        if not star:  # standardised by the moments of all orders
            assert table["value"].iloc[unit] == pytest.approx((seen - sums.mean()) / sums.std(), rel=1e-9)


@pytest.mark.parametrize("star", [True, False])
def test_gi_of_unequal_weights_is_that_of_ord_and_getis(star):
    # Equations 5 and 8 of 1995, weight by weight; esda 2.9 takes the variance of binary weights for all weights.
    near = lattice(6, 7)
    near = near * np.random.default_rng(3).uniform(0.5, 2, len(near))
    values = np.random.default_rng(4).gamma(2, 3, 42)
    matrix = matrix_of(near, list(range(42)))
    if star:
        matrix += np.diag(matrix.max(axis=1))
    ours = statistics.getis_ord_values(pd.Series(values), near, star=star)
    for unit in range(42):
        kept = np.arange(42) if star else np.delete(np.arange(42), unit)
        weights, x, n = matrix[unit, kept], values[kept], len(kept)
        error = x.std() * np.sqrt((n * (weights**2).sum() - weights.sum() ** 2) / (n - 1))
        assert ours[unit] == pytest.approx((weights @ x - weights.sum() * x.mean()) / error, rel=1e-9)


def test_the_value_does_not_change_if_all_weights_are_doubled():
    twice = statistics.getis_ord_values(REAL, UNEQUAL * 2)
    assert twice.to_numpy() == pytest.approx(statistics.getis_ord_values(REAL, UNEQUAL).to_numpy(), rel=1e-12)


@pytest.mark.parametrize("kind", ["queen", "knn", "band"])
@pytest.mark.parametrize("equal", [True, False])
def test_random_draws_are_counted_as_one_by_one(kind, equal, monkeypatch):
    monkeypatch.setattr(_draws, "BATCH", 700)  # two batches
    chance = np.random.default_rng(7)
    n, draws, many = 60, 999, {"queen": 8, "knn": 5, "band": 20}[kind]
    near = lattice(6, 10)
    if kind != "queen":
        step = range(1, 6) if kind == "knn" else range(1, 21)
        pairs = [(i, (i + k) % n) for i in range(n) for k in step]
        near = pd.Series(1.0, index=pd.MultiIndex.from_tuples(pairs, names=["focal", "neighbor"]), name="weight")
    near = near if equal else near * chance.uniform(0.5, 2, len(near)).round(1)
    values = chance.integers(0, 4, n) / 4.0  # heavily tied
    monkeypatch.setattr(_draws, "MANY_UNITS", 0 if kind != "queen" else 2)  # steps for many, one by one for few
    aligned = align(near, pd.RangeIndex(n)).weighted("row")
    low, high, exact = _draws.drawn_tails(values, aligned, draws, 11)
    generator = np.random.default_rng(11)
    table = np.concatenate([_draws.random_draws(n - 1, many, part, generator) for part in (700, 299)])
    matrix = matrix_of(near, list(range(n)), row=True)
    for unit in range(n):
        weights = matrix[unit][matrix[unit] > 0]
        sums = np.delete(values, unit)[table[:, : len(weights)]] @ weights
        seen = matrix[unit] @ values
        assert not exact[unit]
        assert low[unit] == ((sums <= seen + 1e-9).sum() + 1) / 1000
        assert high[unit] == ((sums >= seen - 1e-9).sum() + 1) / 1000


def test_points_are_counted_as_one_by_one():
    chance = np.random.default_rng(0)
    places, heights = chance.integers(0, 50, 1000), chance.integers(0, 30, 1000) / 7
    left_of, below = chance.integers(0, 60, 500), chance.integers(-3, 40, 500) / 7
    expected = [((places <= place) & (heights < height)).sum() for place, height in zip(left_of, below, strict=True)]
    assert count_dominated(places, heights, left_of, below).tolist() == expected
    assert count_dominated(places[:1], heights[:1], np.array([99]), np.array([99.0])).tolist() == [1]


def test_many_units_with_many_neighbours_have_more_orders_than_a_machine_number():
    # 899 x 898 x ... x 892 is beyond 2 ** 63; p stays a share of the random draws.
    near = lattice(30, 30)
    near = near * np.random.default_rng(1).uniform(0.5, 2, len(near))
    values = pd.Series(np.random.default_rng(2).uniform(size=900))
    found = statistics.local_moran(values, near, method="permutation", permutations=99).table["p_low"]
    assert found.dtype == float
    assert np.abs(found * 100 - np.round(found * 100)).max() < 1e-9
    assert found.between(0.01, 1).all()


@pytest.mark.parametrize(("others", "size"), [(5, 3), (70, 65)])
def test_draws_have_no_place_twice_and_are_uniform(others, size):
    table = _draws.random_draws(others, size, 6000, np.random.default_rng(0))
    assert table.shape == (6000, size)
    assert (np.diff(np.sort(table, axis=1), axis=1) > 0).all()
    for column in (0, size - 1):
        assert stats.chisquare(np.bincount(table[:, column], minlength=others)).pvalue > 0.001
    if size == 3:
        orders = np.unique(table @ [25, 5, 1], return_counts=True)[1]
        assert len(orders) == perm(5, 3)
        assert stats.chisquare(orders).pvalue > 0.001


def test_draws_come_near_the_exact_p_and_say_their_seed():
    values = pd.Series(np.random.default_rng(2).poisson(2, 42))
    near = lattice(6, 7)
    exact = statistics.local_moran(values, near)
    drawn = statistics.local_moran(values, near, method="permutation", seed=3)
    assert exact.test == "exact conditional permutation"
    assert drawn.test == "conditional permutation, 9999 replicates, seed 3"
    assert drawn.table["p_high"].to_numpy() == pytest.approx(exact.table["p_high"].to_numpy(), abs=4 * 0.5 / 100)
    again = statistics.local_moran(values, near, method="permutation", seed=3)
    pd.testing.assert_frame_equal(drawn.table, again.table)
    assert (
        statistics.local_moran(values, near, method="permutation", seed=4).table["p_high"] != drawn.table["p_high"]
    ).any()


def test_the_same_seed_gives_the_same_bytes_in_another_process_and_with_one_thread():
    code = """
import numpy as np, pandas as pd, hashlib
from awsd_geo import statistics
pairs = [(i, (i + k) % 400) for i in range(400) for k in (1, 2, 3, 7, 396)]
near = pd.Series(np.random.default_rng(0).uniform(1, 2, 2000), name="weight",
                 index=pd.MultiIndex.from_tuples(pairs, names=["focal", "neighbor"]))
values = pd.Series(np.random.default_rng(1).normal(size=400))
p = statistics.local_moran(values, near, weights="given", permutations=999).table["p_value"].to_numpy()
print(hashlib.sha256(p.tobytes()).hexdigest())
"""
    import os

    shown = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
        ).stdout
        for threads in ("1", "2")
    }  # fmt: skip
    assert len(shown) == 1


@pytest.mark.parametrize("equal", [True, False])
def test_the_saddlepoint_comes_near_draws_from_twenty_units_on(equal):
    near = lattice(4, 5)
    near = near if equal else near * np.random.default_rng(1).uniform(0.5, 2, len(near))
    values = pd.Series(np.random.default_rng(8).gamma(1.5, size=20))
    approximate = statistics.local_moran(values, near, method="saddlepoint")
    drawn = statistics.local_moran(values, near, method="permutation", permutations=40_000)
    assert approximate.test == "conditional saddlepoint approximation"
    for column in ("p_low", "p_high"):
        ratio = approximate.table[column] / drawn.table[column]
        error = 4 * np.sqrt((1 - drawn.table[column]) / drawn.table[column] / 40_000)
        assert ((ratio - 1).abs() < 0.12 + error).all()
    assert approximate.table["p_low"].sub(1).add(approximate.table["p_high"]).abs().max() < 1e-9


def test_the_saddlepoint_is_exact_at_the_ends_of_the_range():
    # Others 1, 2, 3, 3 at weights 1 and 2: the largest sum 3 + 6 in 2 of 12 orders, the smallest 2 + 2 in 1 of 12.
    others = np.array([1.0, 2, 3, 3])
    assert saddlepoint_of(others, np.array([1.0, 2]), 9) == pytest.approx((1, 2 / 12), rel=1e-12)
    assert saddlepoint_of(others, np.array([1.0, 2]), 4) == pytest.approx((1 / 12, 1), rel=1e-12)
    assert saddlepoint_of(others, np.array([1.0, 1]), 6) == pytest.approx((1, 1 / 6), rel=1e-12)
    assert saddlepoint_of(np.ones(4), np.array([1.0, 1]), 2) == (1, 1)


def test_the_saddlepoint_at_the_mean_has_no_hole():
    others = np.random.default_rng(0).gamma(2, size=30)
    mean = others.mean() * 3
    at, beside = (saddlepoint_of(others, np.array([1.0, 2]), value)[1] for value in (mean, mean * (1 + 1e-3)))
    assert at == pytest.approx(beside, abs=2e-3)


def test_p_values_are_valid_under_ties():
    # 300 maps without a pattern, most of them zeros: of one unit's p-values at most 5 % are at most 0.05.
    near = lattice(4, 5)
    p = []
    for seed in range(300):
        counts = pd.Series(np.random.default_rng(seed).poisson(0.7, 20))
        p.append(statistics.local_moran(counts, near).table["p_value"].iloc[7])
    assert np.mean(np.array(p) <= 0.05) <= 0.05


def test_labels_are_words_and_outliers_are_told_from_clusters():
    # 8 x 8: a block of 9s with one 0 in it, all else 0 but one.
    grid = np.zeros((8, 8), dtype=int)
    grid[:4, :4], grid[1, 1], grid[6, 6] = 9, 0, 1
    result = statistics.local_moran(pd.Series(grid.ravel()), lattice(8, 8))
    label = result.table["label"].to_numpy().reshape(8, 8)
    assert label[2, 2] == "high-high"
    assert label[1, 1] == "low-high"
    assert label[5, 5] == "not significant"
    assert set(label.ravel()) <= {"high-high", "low-low", "high-low", "low-high", "not significant"}
    assert (result.table["quadrant"].where(result.table["label"] == "not significant", result.table["label"])
            == result.table["quadrant"]).all()  # fmt: skip
    assert result.summary().startswith("Local Moran: ")
    assert " 1 low-high of 64 units tested (exact p, Benjamini-Hochberg at 5%)." in result.summary()


def test_a_unit_at_the_mean_is_neither_high_nor_low():
    row = statistics.local_moran(pd.Series([1, 2, 3, 2, 5, 0, 1], index=UNITS), EQUAL).table.loc["b"]
    assert (row["label"], row["reason"]) == ("undefined", "b lies at the mean of the map: it is neither high nor low.")
    assert np.isnan(row["p_value"])


@pytest.mark.parametrize("weights", ["row", "binary", "given"])
def test_esda_has_the_same_local_moran(weights):
    near = lattice(6, 7) * np.random.default_rng(3).uniform(0.5, 2, 262)
    values = pd.Series(np.random.default_rng(5).normal(size=42))
    opinion = statistics.local_moran(values, near, weights=weights, permutations=99).second_opinion()
    assert opinion["difference"].abs().max() < 1e-12


def test_an_unknown_choice_is_refused():
    for choice, message in [
        ({"divisor": "n-1"}, 'divisor must be "n" or "n - 1"'),
        ({"method": "normal"}, "method must be one of auto, permutation"),
        ({"weights": "W"}, "weights must be one of row, binary, given"),
        ({"permutations": 0}, "permutations must be at least 1"),
        ({"confidence": 95}, "confidence must lie between 0 and 1"),
    ]:
        with pytest.raises(RequestError, match=message):
            statistics.local_moran(TIED, EQUAL, **choice)
    with pytest.raises(RequestError, match="at_least must be 1 or more"):
        statistics.local_join_counts(TIED, EQUAL, at_least=0)
    with pytest.raises(InputError, match="General G needs values of 0 or more"):
        statistics.getis_ord_g(REAL - 0.5, EQUAL)
    with pytest.raises(InputError, match="must be given once per unit"):
        statistics.local_moran(pd.Series([0.5, 1.0], index=["a", "a"]), EQUAL)
    with pytest.raises(InputError, match="name a pair twice"):
        statistics.local_moran(TIED, pd.concat([EQUAL, EQUAL.iloc[:1]]))


def test_join_counts_are_hypergeometric():
    counts = pd.Series([3, 1, 2, 0, 1, 0, 0], index=UNITS)  # a, b, c, e of 7 are hit
    table = statistics.local_join_counts(counts, EQUAL).table
    assert table["value"].tolist() == [2, 3, 2, 0, 1, 0, 0]
    for unit, neighbours, joins in (("a", 2, 2), ("b", 3, 3), ("c", 3, 2), ("e", 3, 1)):
        expected = stats.hypergeom(6, 3, neighbours).sf(joins - 1)
        assert table.loc[unit, "p_value"] == pytest.approx(expected, rel=1e-12)
        assert table.loc[unit, "expected"] == pytest.approx(neighbours / 2)
    assert table.loc["a", "p_value"] == pytest.approx(comb(3, 2) / comb(6, 2), rel=1e-12)
    assert table.loc["d", "reason"] == "d has no such incident itself: only units with one are tested."
    assert table.loc["d", "label"] == "undefined"


def test_a_sum_that_no_draw_stays_below_has_p_1_and_not_more_by_rounding():
    # Unit 0 has the only sum possible: 5 of its 6 others are drawn, one of which two have incidents.
    pairs = [(0, 1), (0, 2), (0, 3), (0, 4), (0, 6), (1, 6), (2, 3), (2, 5), (2, 6), (3, 4), (3, 6), (4, 5)]
    counts = pd.Series([2, 5, 0, 0, 0, 2, 0])
    table = statistics.local_join_counts(counts, adjacency(pairs, range(7))).table
    assert table["p_value"].dropna().le(1).all()
    assert table["p_value"].tolist()[:2] == [1.0, pytest.approx(3 / 5)]
    for sizes in (counts, counts + 1, counts * 3):
        local = statistics.getis_ord(sizes, adjacency(pairs, range(7))).table
        assert local[["p_low", "p_high", "p_value"]].max(axis=None) <= 1


@pytest.mark.filterwarnings("ignore:The alternative hypothesis:DeprecationWarning")
def test_join_counts_take_presence_and_a_threshold_and_equal_those_of_esda():
    from esda.join_counts_local import Join_Counts_Local
    from libpysal.graph import Graph

    counts = pd.Series(np.random.default_rng(0).poisson(1.2, 42))
    near = lattice(6, 7)
    result = statistics.local_join_counts(counts >= 2, near)
    pd.testing.assert_frame_equal(result.table, statistics.local_join_counts(counts, near, at_least=2).table)
    theirs = Join_Counts_Local(connectivity=Graph(near).to_W(), permutations=9, seed=1).fit((counts >= 2).astype(int))
    assert result.table["value"].tolist() == theirs.LJC.tolist()
    assert result.summary().startswith("Local join counts: 0 of ")


@pytest.mark.parametrize("statistic", ["geary", "getis_ord_g"])
@pytest.mark.parametrize("weights", ["row", "binary", "given"])
def test_global_statistics_of_seven_units_are_those_of_all_orders(statistic, weights):
    near = UNEQUAL if weights == "given" else EQUAL
    result = getattr(statistics, statistic)(TIED, near, weights=weights)
    matrix = matrix_of(near, UNITS, row=weights == "row")

    def value(x):
        if statistic == "geary":
            squared = (matrix * np.square(x[:, None] - x)).sum()
            return 6 * squared / (2 * matrix.sum() * np.square(x - x.mean()).sum())
        return x @ matrix @ x / (x.sum() ** 2 - x @ x)

    every = np.array([value(np.array(order)) for order in itertools.permutations(TIED.to_numpy(dtype=float))])
    seen = value(TIED.to_numpy(dtype=float))
    assert (result.geary_c if statistic == "geary" else result.general_g) == pytest.approx(seen, rel=1e-12)
    assert result.expected == pytest.approx(every.mean(), rel=1e-9)
    assert result.variance == pytest.approx(every.var(), rel=1e-9)
    assert result.p_greater == pytest.approx((every >= seen - 1e-9).mean(), rel=1e-12)
    assert result.p_less == pytest.approx((every <= seen + 1e-9).mean(), rel=1e-12)
    assert result.test == "exact permutation"
    assert result.summary().endswith("; descriptive only, fewer than 30 units.")


def test_geary_and_general_g_by_chance_say_their_seed_and_equal_those_of_esda():
    from awsd_geo.statistics._esda import general_g_values

    near, values = lattice(6, 7), pd.Series(np.random.default_rng(5).gamma(2, size=42))
    geary = statistics.geary(values, near, permutations=99, seed=2)
    assert "permutation, 99 replicates, seed 2" in geary.summary()
    assert geary.second_opinion()["difference"].abs().max() < 1e-12
    general = statistics.getis_ord_g(values, near, permutations=99)
    theirs = general_g_values(values, near)
    assert [general.general_g, general.expected] == pytest.approx(theirs.tolist(), rel=1e-12)
    assert (general.p_greater * 100) == pytest.approx(round(general.p_greater * 100))


def test_three_units_have_no_variance_of_all_orders_but_an_exact_p():
    near = adjacency([("a", "b"), ("b", "c")], list("abc"))
    for result in (statistics.geary(pd.Series([1, 5, 2], index=list("abc")), near),
                   statistics.getis_ord_g(pd.Series([1, 5, 2], index=list("abc")), near)):  # fmt: skip
        assert np.isnan(result.variance)
        assert 0 < result.p_value <= 1


def test_the_exact_law_of_many_neighbours_keeps_its_digits():
    # 0 and 1 on 3,000 units, 400 neighbours: hypergeometric to 12 digits, also far in the tail.
    counts = np.array([1] * 900 + [0] * 2100)
    sums = np.full(3000, 170)
    _, high = neighbour_sum_tails(counts, np.full(3000, 400), sums)
    assert high[0] == pytest.approx(stats.hypergeom(2999, 899, 400).sf(169), rel=1e-9)
    assert high[-1] == pytest.approx(stats.hypergeom(2999, 900, 400).sf(169), rel=1e-9)


def test_small_problems_load_no_heavy_library():
    code = """
import sys, pandas as pd
from awsd_geo import statistics as s
c = pd.Series([3, 0, 1, 5, 2])
i = pd.MultiIndex.from_tuples([(k, (k + d) % 5) for k in range(5) for d in (1, 4)], names=["focal", "neighbor"])
w = pd.Series(1, index=i, name="weight")
s.local_moran(c, w), s.local_moran(c / 2, w), s.local_join_counts(c, w), s.geary(c, w), s.getis_ord_g(c, w)
s.smoothed_rates(c, c + 1.0), s.probability_map(c, c + 1.0), s.smoothed_rates(c, c + 1.0, method="gamma")
s.besag_newell(c, c + 1.0, pd.DataFrame({"x": range(5), "y": 0.0}), size=3)
print([name for name in ("numba", "esda", "libpysal", "scipy.stats", "sklearn", "geopandas") if name in sys.modules])
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.realdata
class TestColumbus:
    """Case columbus_crime: spdep 1.2-7, and where named esda 2.10, agree."""

    @pytest.fixture
    def columbus(self, shared):
        folder = shared / "data" / "reference" / "columbus_crime"
        checks = {c["name"]: c for c in json.loads((folder / "expected.json").read_text())["checks"]}
        pairs = pd.read_csv(folder / "neighbors.csv")
        index = pd.MultiIndex.from_arrays([pairs["id"], pairs["neighbor"]], names=["focal", "neighbor"])
        crime = pd.read_csv(folder / "data.csv", index_col="POLYID")["CRIME"]
        return checks, crime, pd.Series(1, index=index, name="weight")

    @pytest.mark.parametrize(("case", "weights"), [("moran_W", "row"), ("moran_B", "binary")])
    def test_moran_under_normality(self, columbus, case, weights):
        checks, crime, near = columbus  # spdep and esda agree
        result = statistics.moran(crime, near, weights=weights, permutations=99)
        for name, value in {"VI_norm": result.variance_normal, "z_norm": result.z_normal}.items():
            check = checks[f"{case}.{name}"]
            assert value == pytest.approx(check["value"], rel=check["rtol"])

    def test_geary(self, columbus):
        checks, crime, near = columbus  # spdep and esda agree
        check = checks["geary_W.C"]
        assert statistics.geary(crime, near, permutations=99).geary_c == pytest.approx(
            check["value"], rel=check["rtol"]
        )

    def test_general_g(self, columbus):
        checks, crime, near = columbus  # spdep alone: the variance of esda follows other sums
        check = checks["globalG_B.z"]
        assert statistics.getis_ord_g(crime, near, permutations=99).z == pytest.approx(
            check["value"], rel=check["rtol"]
        )

    @pytest.mark.parametrize(("name", "column"), [("localmoran_Ii", "value"), ("localmoran_z_cond", "z")])
    def test_local_moran(self, columbus, name, column):
        checks, crime, near = columbus  # spdep; esda times n / (n - 1) for the value
        result = statistics.local_moran(crime, near, permutations=99)
        expected = np.array(checks[name]["value"])
        assert result.table[column].to_numpy() == pytest.approx(expected, rel=checks[name]["rtol"])
        if column == "value":
            assert result.second_opinion()["difference"].abs().max() < 1e-12
            other = statistics.local_moran(crime, near, divisor="n - 1", permutations=99)
            assert other.table["value"].to_numpy() == pytest.approx(expected * 48 / 49, rel=1e-8)
            assert other.table["z"].to_numpy() == pytest.approx(result.table["z"].to_numpy(), rel=1e-12)
