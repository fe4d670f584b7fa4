"""Shares of two periods: Fisher's exact test, spread over regions, new regions."""

import itertools
import subprocess
import sys
from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

import awsd_geo as ag
from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError


def counts(earlier, later, names="abcdefghij") -> pd.Series:
    index = pd.MultiIndex.from_product([list(names[: len(earlier)]), [2019, 2022]], names=["region_id", "year"])
    return pd.Series(np.column_stack([earlier, later]).ravel(), index=index)


MOPTI = counts([10, 2], [20, 21], names=["Mopti", "other"])


@pytest.mark.parametrize(
    ("hits", "totals"), [((10, 20), (12, 41)), ((0, 6), (9, 20)), ((3, 3), (8, 9)), ((5, 0), (7, 9))]
)
def test_fishers_p_and_odds_ratio_are_scipys(hits, totals):
    rest = [totals[0] - hits[0], totals[1] - hits[1]]
    found = statistics.compare_shares(counts([hits[0], rest[0]], [hits[1], rest[1]]), split=2020, region="a")
    table = [[hits[1], rest[1]], [hits[0], rest[0]]]
    assert found.p_value == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)
    assert found.p_less == pytest.approx(stats.fisher_exact(table, alternative="less").pvalue, rel=1e-9)
    assert found.p_greater == pytest.approx(stats.fisher_exact(table, alternative="greater").pvalue, rel=1e-9)
    theirs = stats.contingency.odds_ratio(table, kind="conditional")
    assert found.odds_ratio == pytest.approx(theirs.statistic, rel=1e-6)
    assert found.interval == pytest.approx(tuple(theirs.confidence_interval(0.95)), rel=1e-5)


def test_the_interval_of_the_difference_is_newcombes_of_statsmodels():
    found = statistics.compare_shares(MOPTI, split=2020)
    assert found.difference == pytest.approx(20 / 41 - 10 / 12)
    assert found.difference_interval == pytest.approx(
        confint_proportions_2indep(20, 41, 10, 12, method="newcomb"), rel=1e-9
    )


def test_newcombes_published_example():
    # Newcombe (1998), table II, method 10, case (a): 56 of 70 less 48 of 80, interval 0.0524 to 0.3339.
    found = statistics.compare_shares(counts([48, 32], [56, 14]), split=2020, region="a")
    assert tuple(round(end, 4) for end in found.difference_interval) == (0.0524, 0.3339)


def test_mid_p_halves_the_table_seen():
    found = statistics.compare_shares(MOPTI, split=2020)
    law = stats.hypergeom(53, 41, 30)
    assert found.mid_p == pytest.approx(2 * (law.cdf(19) + law.pmf(20) / 2), rel=1e-9)


def test_the_share_of_mopti_fell_in_words():
    assert statistics.compare_shares(MOPTI, split=2020).summary() == (
        "Mopti: 10 of 12 (83%) in 2019, 20 of 41 (49%) in 2022; -35 percentage points (95% CI -53 to -3), fallen, "
        "p 0.048 (Fisher's exact test)."
    )


@pytest.mark.realdata
def test_mopti_held_10_of_12_and_then_20_of_41_as_of_march_2023(shared):
    incidents = ag.read_incidents(shared / "data" / "awsd" / "awsd_global_2025-08-26.csv")
    mali = ag.select(incidents, country="MLI", years=(2017, 2022), kind="kidnapped", as_of="2023-03-02")
    regions = ag.load_regions("MLI", level=1, vintage="2016")
    table = ag.count(ag.geocode(mali, regions), regions, years=(2017, 2022))
    found = statistics.compare_shares(table["incidents"], split=2020)
    assert found.region == "Mopti"
    assert found.table["incidents"].tolist() == [10, 20]
    assert found.table["total"].tolist() == [12, 41]
    assert found.p_value == pytest.approx(stats.fisher_exact([[10, 2], [20, 21]]).pvalue, rel=1e-9)
    assert found.verdict == "fallen"
    assert statistics.spread(table["incidents"], split=2020).same_later < 0.5


def test_no_says_what_could_have_been_found():
    found = statistics.compare_shares(counts([10, 12], [14, 15]), split=2020, region="a")
    assert found.verdict == "no clear change"
    rejected = [x for x in range(2, 25) if stats.fisher_exact([[x, 29 - x], [24 - x, x - 2]]).pvalue <= 0.05]
    for odds in (found.smallest_detectable, found.largest_detectable):
        law = stats.nchypergeom_fisher(51, 29, 24, odds)
        assert sum(law.pmf(x) for x in rejected) == pytest.approx(0.8, rel=1e-5)
    assert "times the earlier would have been found with 80% power" in found.summary()


def tables(totals, later):
    """Give every table of later counts with these margins, with the number of ways."""
    for row in itertools.product(*(range(total + 1) for total in totals)):
        if sum(row) == later:
            ways = 1
            for total, x in zip(totals, row, strict=True):
                ways *= comb(total, x)
            yield row, ways


@pytest.mark.parametrize(
    ("earlier", "later"),
    [([9, 0, 1, 0], [4, 5, 3, 4]), ([5, 1, 0], [1, 2, 4]), ([2, 2, 2, 2], [6, 0, 0, 1]), ([3, 0], [2, 4])],
)
def test_spread_is_that_of_all_tables_counted_in_fractions(earlier, later):
    n1, n2 = sum(earlier), sum(later)
    totals = [a + b for a, b in zip(earlier, later, strict=True)]

    def same(row, n):
        return Fraction(sum(x * (x - 1) for x in row), n * (n - 1))

    def change(row):
        return same(row, n2) - same([t - x for t, x in zip(totals, row, strict=True)], n1)

    def hit(row):
        return sum(x > 0 for x in row) - sum(x < t for t, x in zip(totals, row, strict=True))

    law, whole = list(tables(totals, n2)), comb(n1 + n2, n2)
    found = statistics.spread(counts(earlier, later), split=2020)
    less = Fraction(sum(w for row, w in law if change(row) <= change(later)), whole)
    greater = Fraction(sum(w for row, w in law if change(row) >= change(later)), whole)
    more = Fraction(sum(w for row, w in law if hit(row) >= hit(later)), whole)
    fewer = Fraction(sum(w for row, w in law if hit(row) <= hit(later)), whole)
    assert (found.p_less, found.p_greater) == pytest.approx((float(less), float(greater)), rel=1e-12)
    assert found.p_value == pytest.approx(min(2 * float(min(less, greater)), 1), rel=1e-12)
    assert found.hit_p_greater == pytest.approx(float(more), rel=1e-12)
    assert found.hit_p == pytest.approx(min(2 * float(min(more, fewer)), 1), rel=1e-12)
    expected = Fraction(sum(w * sum(x > 0 for x in row) for row, w in law), whole)
    assert found.hit_later_expected == pytest.approx(float(expected), rel=1e-12)
    for place, region in enumerate(found.table.index):
        gain = Fraction(sum(w for row, w in law if row[place] >= later[place]), whole)
        assert found.table.loc[region, "p_gain"] == pytest.approx(float(gain), rel=1e-12)
    assert found.exact


def test_a_new_region_is_tested_by_the_chance_that_none_of_its_incidents_came_before():
    found = statistics.spread(counts([12, 8, 0], [4, 3, 9]), split=2020)
    chance = Fraction(comb(27, 20), comb(36, 20))  # all 20 earlier ones among the 27 elsewhere
    assert found.table.loc["c", "p_gain"] == pytest.approx(float(chance), rel=1e-12)
    assert found.table["p_gain_adjusted"]["c"] == pytest.approx(3 * float(chance), rel=1e-12)
    assert found.new_regions == ("c",)
    assert "None before, some now: c; more than chance in c (Holm over 3 regions)." in found.summary()


def test_a_new_region_within_chance_is_named_with_what_it_would_have_needed():
    found = statistics.spread(counts([12, 8, 0], [14, 9, 1]), split=2020)
    enough = [k for k in range(1, 25) if Fraction(comb(44 - k, 20), comb(44, 20)) <= Fraction(1, 60)]
    assert found.smallest_new == enough[0]
    assert (
        f"in none more than chance (Holm over 3 regions), {enough[0]} in one of them would have been."
        in found.summary()
    )


def test_many_regions_go_through_monte_carlo_with_the_same_answer_in_two_runs(monkeypatch):
    chance = np.random.default_rng(5)
    series = counts(chance.poisson(2, 10), chance.poisson(4, 10))
    monkeypatch.setattr("awsd_geo.statistics._allotment.MOST_STATES", 50)
    first, again = (statistics.spread(series, split=2020, replicates=1999) for _ in range(2))
    assert not first.exact
    assert (first.p_less, first.hit_p) == (again.p_less, again.hit_p)
    monkeypatch.undo()
    exact = statistics.spread(series, split=2020)
    assert exact.exact
    assert first.p_less == pytest.approx(exact.p_less, abs=4 * np.sqrt(0.25 / 1999))
    assert first.hit_p_greater == pytest.approx(exact.hit_p_greater, abs=4 * np.sqrt(0.25 / 1999))


def test_monte_carlo_gives_the_same_bytes_in_another_process(monkeypatch):
    program = (
        "import pandas as pd; from awsd_geo import statistics; from awsd_geo.statistics import _allotment;"
        "_allotment.MOST_STATES = 2;"
        "index = pd.MultiIndex.from_product([list('abcd'), [2019, 2022]], names=['region_id', 'year']);"
        "series = pd.Series([9, 4, 0, 5, 1, 3, 0, 4], index=index);"
        "found = statistics.spread(series, split=2020, replicates=499, seed=7);"
        "print(found.exact, found.p_less.hex(), found.p_greater.hex(), found.hit_p.hex())"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    monkeypatch.setattr("awsd_geo.statistics._allotment.MOST_STATES", 2)
    found = statistics.spread(counts([9, 0, 1, 0], [4, 5, 3, 4]), split=2020, replicates=499, seed=7)
    assert other.split() == ["False", found.p_less.hex(), found.p_greater.hex(), found.hit_p.hex()]


def test_small_problems_import_nothing_heavy():
    program = (
        "import sys; import pandas as pd; from awsd_geo import statistics as s;"
        "index = pd.MultiIndex.from_product([list('abcd'), range(2017, 2021)], names=['region_id', 'year']);"
        "counts = pd.Series([1, 2, 3, 4] * 4, index=index); pairs = [('ab'), ('ba'), ('bc'), ('cb'), ('cd'), ('dc')];"
        "near = pd.Series(1, index=pd.MultiIndex.from_tuples([tuple(pair) for pair in pairs]));"
        "s.two_rates(5, 1, 3, 1); s.compare_periods(counts, split=2019); s.spread(counts, split=2019);"
        "s.compare_shares(counts, split=2019, region='a'); s.change_point(counts); s.prediction_limits(counts);"
        "s.negative_binomial_trend(counts); s.emerging_hot_spots(counts, near); s.poisson_cusum(counts, expected=4);"
        "s.ears(counts); s.farrington_flexible(counts);"
        "print([name for name in ('scipy.stats', 'numba', 'esda', 'libpysal', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_growth_alone_is_no_spread():
    found = statistics.spread(counts([6, 3, 1, 0], [60, 30, 10, 1]), split=2020)
    assert found.verdict == "no clear change"


@pytest.mark.parametrize(
    ("earlier", "later", "reason"),
    [
        ([2, 1], [0, 1], "Only 4 incidents: a test needs at least 5."),
        ([1, 0], [5, 4], "Only 1 incident in 2019: two are needed to say whether they gather."),
        ([5, 0], [4, 0], "All incidents are in one region: nothing can have spread or gathered."),
    ],
)
def test_what_cannot_spread_says_why(earlier, later, reason):
    found = statistics.spread(counts(earlier, later), split=2020)
    assert found.reason == reason
    assert found.verdict == "undefined"
    assert found.table["p_gain"].isna().all()


@pytest.mark.parametrize(
    ("earlier", "later", "region", "reason"),
    [
        ([0, 0], [5, 4], "a", "No incident before the split (2019): there is no share to compare with."),
        ([5, 0], [4, 0], "a", "Every incident is in a: its share cannot have changed."),
        ([5, 0], [4, 0], "b", "No incident is in b: its share cannot have changed."),
        ([3, 2], [1, 2], None, "a and b share the first place with 4 each: name the region to compare."),
    ],
)
def test_a_share_that_cannot_be_compared_says_why(earlier, later, region, reason):
    found = statistics.compare_shares(counts(earlier, later), split=2020, region=region)
    assert found.reason == reason
    assert found.verdict == "undefined"
    assert reason in found.summary()


def test_wrong_requests_are_refused_with_a_way_out():
    with pytest.raises(RequestError, match="'z' is not among the regions counted, such as 'a'"):
        statistics.compare_shares(counts([5, 2], [4, 1]), split=2020, region="z")
    with pytest.raises(InputError, match="need counts by region_id and year"):
        statistics.compare_shares(pd.Series({"a": 4}), split=2020)
    with pytest.raises(RequestError, match="replicates must be 1 or more"):
        statistics.spread(MOPTI, split=2020, replicates=0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=6), st.randoms())
@settings(max_examples=60, deadline=None)
def test_p_is_a_probability_and_relabelling_permutes(pairs, chance):
    series = counts([a for a, _ in pairs], [b for _, b in pairs])
    before = series.copy()
    found = statistics.spread(series, split=2020)
    pd.testing.assert_series_equal(series, before)
    order = list(series.index.get_level_values(0).unique())
    chance.shuffle(order)
    again = statistics.spread(series.loc[order], split=2020)
    if found.reason is None:
        assert 0 < found.p_value <= 1
        assert 0 < found.hit_p <= 1
        assert again.p_less == pytest.approx(found.p_less, rel=1e-9)
        pd.testing.assert_frame_equal(again.table.loc[found.table.index], found.table)
    else:
        assert np.isnan(found.p_value)
