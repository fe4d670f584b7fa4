"""The spatial scan: ratios by hand, p against all maps of tiny multinomials, zones, choices, messages."""

import subprocess
import sys
from itertools import product
from math import comb, factorial, log, prod

import numpy as np
import pandas as pd
import pytest

from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics import Windows, scan
from awsd_geo.statistics._scan_chance import BLOCK, Chance, Null, draw, simulate
from awsd_geo.statistics._scan_likelihood import Likelihood, bernoulli_llr, poisson_llr
from awsd_geo.statistics._scan_search import Search
from awsd_geo.statistics._scan_zones import circles, euclidean

LINE = pd.DataFrame({"x": [0.0, 1, 2.1, 3.3, 4.6], "y": 0.0}, index=list("abcde"))
SKEWED = pd.Series([9, 1, 0, 2, 0], index=LINE.index)
PEOPLE = pd.Series([5.0, 4, 3, 2, 1], index=LINE.index)


def random_map(n: int, cases: int, seed: int = 1):
    chance = np.random.default_rng(seed)
    where = pd.DataFrame(chance.random((n, 2)), columns=["x", "y"], index=[f"u{k}" for k in range(n)])
    people = pd.Series(chance.lognormal(0, 1, n), index=where.index)
    return pd.Series(chance.multinomial(cases, people / people.sum()), index=where.index), where, people


# --- ratios ---------------------------------------------------------------------------------------------------------


def test_poisson_ratio_by_hand():
    # 8 of 11 where 2.75 are expected: 8 ln(8 / 2.75) + 3 ln(3 / 8.25).
    high = 8 * log(8 / 2.75) + 3 * log(3 / 8.25)
    assert poisson_llr(8, 2.75, 11) == pytest.approx(high, rel=1e-14)
    assert poisson_llr(8, 2.75, 11, direction="low") == 0
    assert poisson_llr(1, 2.75, 11) == 0
    low = log(1 / 2.75) + 10 * log(10 / 8.25)
    assert poisson_llr(1, 2.75, 11, direction="low") == pytest.approx(low, rel=1e-14)
    assert poisson_llr(1, 2.75, 11, direction="both") == pytest.approx(low, rel=1e-14)
    assert poisson_llr(0, 2.0, 11, direction="low") == pytest.approx(11 * log(11 / 9), rel=1e-14)


def test_bernoulli_ratio_by_hand():
    # 6 cases of 8 persons inside, 2 of 12 outside, against 8 of 20 everywhere: the three binomial likelihoods.
    inside, outside = 6 * log(6 / 8) + 2 * log(2 / 8), 2 * log(2 / 12) + 10 * log(10 / 12)
    everywhere = 8 * log(8 / 20) + 12 * log(12 / 20)
    assert bernoulli_llr(6, 3.2, 8, 20) == pytest.approx(inside + outside - everywhere, rel=1e-14)
    assert bernoulli_llr(6, 3.2, 8, 20, direction="low") == 0


def test_ratio_is_exact_for_a_small_excess_among_many():
    # 1,000,001 where 1,000,000 of 2,000,000 are expected: the first term of the series, (1)^2 / 2 (1/E + 1/(C - E)).
    assert poisson_llr(1_000_001, 1_000_000.0, 2_000_000) == pytest.approx(1e-6, rel=1e-5)


@pytest.mark.parametrize("population", [None, 100])
@pytest.mark.parametrize("llr", [0.5, 3.0])
def test_counts_that_reach_a_ratio_are_found_by_search(population, llr):
    model = Likelihood(40, population, "both")
    every = np.arange(41)
    for expected in np.random.default_rng(0).uniform(0.01, 39.9, 60):
        reached = model.ratio(every, np.full(41, expected)) >= llr
        enough = np.searchsorted(model.largest_expectations(llr), expected)
        few = np.searchsorted(model.smallest_expectations(llr), expected, side="right") - 1
        wanted = (every >= enough) | (every <= few)
        if population is not None:  # of 100 persons, those in the zone bound the cases
            size = expected * population / 40
            possible = (every <= size) & (40 - every <= population - size)
            reached, wanted = reached[possible], wanted[possible]
        assert (reached == wanted).all()


# --- p against all maps ---------------------------------------------------------------------------------------------


def zones_by_hand(where, sizes):
    """Give all circles around each unit with at most half, as sets, straight from the definition."""
    found = set()
    for centre in where.index:
        far = np.hypot(where["x"] - where["x"][centre], where["y"] - where["y"][centre])
        for radius in far:
            zone = frozenset(where.index[far <= radius + 1e-9])
            if sizes[list(zone)].sum() <= sizes.sum() / 2 + 1e-9:
                found.add(zone)
    return found


def best_by_hand(counts, zones, sizes, direction, population=None):
    cases = counts.sum()
    best = 0.0
    for zone in zones:
        c, e = counts[list(zone)].sum(), sizes[list(zone)].sum() / sizes.sum() * cases
        if c > e and (direction == "low" or c < 2):
            continue
        if c < e and direction == "high":
            continue
        model = Likelihood(int(cases), population, "both", 0)
        best = max(best, float(model.ratio(c, e)))
    return best


@pytest.mark.parametrize("direction", ["high", "low", "both"])
def test_p_agrees_with_all_maps_of_six_incidents_in_four_units(direction):
    # 4^6 = 4,096 orders of six incidents among four units, weighted by exposure.
    where, sizes = LINE.iloc[:4], pd.Series([3.0, 2, 1, 4], index=list("abcd"))
    observed = pd.Series([3, 1, 2, 0], index=where.index)
    zones, shares = zones_by_hand(where, sizes), sizes / sizes.sum()
    reached = best_by_hand(observed, zones, sizes, direction)
    exact = 0.0
    for cells in product(range(7), repeat=4):
        if sum(cells) == 6:
            weight = factorial(6) / prod(map(factorial, cells)) * float(np.prod(shares.to_numpy() ** np.array(cells)))
            drawn = best_by_hand(pd.Series(cells, index=where.index), zones, sizes, direction)
            exact += weight * (drawn >= reached * (1 - 1e-9))
    found = scan(observed, where, exposure=sizes, direction=direction, replicates=39_999)
    assert found.clusters["llr"][0] == pytest.approx(reached, rel=1e-12)
    assert found.p_value == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 39_999))


def test_bernoulli_p_agrees_with_all_draws_of_cases():
    # 5 cases among 3 + 3 + 4 + 5 persons: the multivariate hypergeometric, all of it.
    where, sizes = LINE.iloc[:4], pd.Series([3, 3, 4, 5], index=list("abcd"))
    observed = pd.Series([3, 1, 1, 0], index=where.index)
    zones = zones_by_hand(where, sizes)
    reached = best_by_hand(observed, zones, sizes, "high", 15)
    exact = 0.0
    for cells in product(*(range(size + 1) for size in sizes)):
        if sum(cells) == 5:
            weight = prod(comb(int(size), cell) for size, cell in zip(sizes, cells, strict=True)) / comb(15, 5)
            drawn = best_by_hand(pd.Series(cells, index=where.index), zones, sizes, "high", 15)
            exact += weight * (drawn >= reached * (1 - 1e-9))
    found = scan(observed, where, controls=sizes - observed, replicates=39_999)
    assert found.model == "bernoulli"
    assert found.clusters["llr"][0] == pytest.approx(reached, rel=1e-12)
    assert found.p_value == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 39_999))


@pytest.mark.parametrize("direction", ["high", "low", "both"])
@pytest.mark.parametrize(("n", "cases"), [(8, 5), (40, 30), (40, 126), (40, 127), (40, 3000)])
def test_the_search_by_integers_finds_the_maximum_of_every_map(n, cases, direction):
    # Second opinion: every zone of every map evaluated without any short cut.
    _, where, people = random_map(n, cases)
    sizes = people.to_numpy()
    zones = circles(euclidean(where.to_numpy()), sizes, sizes.sum() / 2)
    search = Search(zones, Null(Likelihood(cases, None, direction), sizes / sizes.sum() * cases))
    maps = search.null.maps(200, np.random.default_rng(0))
    assert (maps.sum(axis=0) == cases).all()
    plain = [search.ratios(column.astype(np.int64)).max() for column in maps.T]
    assert search.maxima(maps) == pytest.approx(plain, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("direction", ["high", "low", "both"])
@pytest.mark.parametrize(("cases", "number"), [(50, 70), (500, 70), (40_000, 300)])  # one, two, four bytes a count
def test_compiled_code_gives_the_same_numbers_to_the_last_bit(cases, number, direction):
    fast = pytest.importorskip("awsd_geo.statistics._scan_fast", reason="numba is not installed", exc_type=ImportError)
    _, where, people = random_map(60, cases)
    sizes = people.to_numpy()
    zones = circles(euclidean(where.to_numpy()), sizes, sizes.sum() / 2)
    search = Search(zones, Null(Likelihood(cases, None, direction), sizes / sizes.sum() * cases))
    maps = search.null.maps(number, np.random.default_rng(0))
    assert fast.maxima(search, maps).tobytes() == search.maxima(maps).tobytes()


def test_maps_follow_the_exposure_however_they_are_drawn():
    # Few cases are placed one by one, many drawn by unit: the mean of 4,000 maps within 5 standard errors.
    shares = np.array([0.5, 0.0, 0.3, 0.15, 0.05])
    for cases in (12, 300):
        maps = Null(Likelihood(cases), shares * cases).maps(4000, np.random.default_rng(0))
        error = np.sqrt(cases * shares * (1 - shares) / 4000)
        assert (np.abs(maps.mean(axis=1) - shares * cases) <= 5 * error).all()


def test_under_no_clustering_at_most_one_map_in_twenty_is_found():
    # 400 maps of 40 incidents in 10 units of unequal exposure; 5 % and three standard errors.
    _, where, people = random_map(10, 40)
    chance = np.random.default_rng(5)
    maps = chance.multinomial(40, people / people.sum(), size=400)
    found = [scan(pd.Series(row, where.index), where, exposure=people, replicates=199).p_value for row in maps]
    assert np.mean(np.array(found) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


# --- seeds, stopping, Gumbel ----------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_in_two_processes():
    code = (
        "import pandas as pd; from awsd_geo.statistics import scan;"
        "f = scan(pd.Series([9, 1, 0, 2, 0]), pd.DataFrame({'x': [0, 1, 2.1, 3.3, 4.6], 'y': 0.0}), replicates=2500);"
        "print(f.p_value.hex(), f.clusters.to_json())"
    )
    first, second = (subprocess.run([sys.executable, "-c", code], capture_output=True, check=True) for _ in "ab")
    assert first.stdout == second.stdout
    assert first.stdout


def test_a_small_map_loads_nothing_heavy():
    code = (
        "import sys, pandas as pd; from awsd_geo.statistics import scan;"
        "scan(pd.Series([9, 1, 0, 2, 0]), pd.DataFrame({'x': [0, 1, 2.1, 3.3, 4.6], 'y': 0.0}), replicates=99);"
        "print([m for m in ('scipy.stats', 'scipy.spatial', 'esda', 'libpysal', 'sklearn', 'numba', 'geopandas') "
        "if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.strip() == b"[]"


def test_another_order_of_the_rows_changes_nothing():
    counts, where, people = random_map(12, 40)
    found = scan(counts, where, exposure=people, replicates=499)
    turned = counts.index[::-1]
    again = scan(counts[turned], where, exposure=people, replicates=499)
    pd.testing.assert_frame_equal(again.clusters, found.clusters)
    pd.testing.assert_frame_equal(again.table.loc[counts.index], found.table)
    assert list(again.table.index) == list(turned)


def test_exposures_in_another_scale_give_the_same_p_though_the_factor_rounds():
    # 1 of 2 is where numpy changes the way it draws: 0.1 + 0.1 + 0.1 is not 0.3.
    where = pd.DataFrame({"x": [0.0, 1.0, 2.5, 4.5], "y": 0.0}, index=list("abcd"))
    counts = pd.Series([60, 20, 10, 10], index=where.index)
    people = pd.Series([3.0, 1.0, 1.0, 1.0], index=where.index)
    p_values = {
        scan(counts, where, exposure=people * factor, replicates=999).p_value for factor in (1, 0.1, 1 / 3, 7.7)
    }
    assert len(p_values) == 1


def test_a_zone_may_need_more_cases_than_there_are():
    found = scan(
        pd.Series([9, 1, 0, 2], index=list("abcd")),
        pd.DataFrame({"x": [0, 1, 2.1, 3.3], "y": 0.0}, index=list("abcd")),
        windows=Windows(fewest=500),
        replicates=99,
    )
    assert found.regions == ()
    assert found.p_value == 1


def test_more_replicates_begin_with_the_same_maps():
    sizes = PEOPLE.to_numpy()
    search = Search(circles(euclidean(LINE.to_numpy()), sizes, 7.5), Null(Likelihood(12), sizes / 15 * 12))
    few = np.concatenate(list(simulate(search, BLOCK, 0)))
    assert (np.concatenate(list(simulate(search, 3 * BLOCK, 0)))[:BLOCK] == few).all()


def test_stopping_ends_with_the_map_that_makes_the_last_hit():
    counts = pd.Series([3, 1, 2, 3, 3], index=LINE.index)
    whole, early = (scan(counts, LINE, stop_after=stop) for stop in (None, 20))
    assert early.stopped
    assert not whole.stopped
    assert early.replicates < whole.replicates == 9999
    assert early.p_value == 20 / early.replicates
    assert early.p_value == pytest.approx(whole.p_value, abs=0.25)
    assert scan(SKEWED, LINE, stop_after=20, replicates=999).replicates == 999


def test_p_counts_ties_and_itself():
    chance = Chance(np.array([1.0, 2.0, 2.0, 3.0]), stopped=False, rounding=0.0)
    assert chance.p_values(np.array([2.0, 3.1, 0.5])).tolist() == [4 / 5, 1 / 5, 1.0]


def test_gumbel_stands_beside_where_maxima_are_not_tied():
    counts, where, people = random_map(60, 2000)
    found = scan(counts, where, exposure=people, replicates=1999)
    assert found.gumbel_reason is None
    assert found.p_gumbel == pytest.approx(found.p_value, abs=0.05)
    tied = scan(SKEWED, LINE)
    assert np.isnan(tied.p_gumbel)
    assert tied.gumbel_reason.startswith("The maxima are heavily tied (")
    few = draw(
        Search(circles(euclidean(LINE.to_numpy()), np.ones(5), 2.5), Null(Likelihood(12), np.full(5, 2.4))),
        1,
        9,
        0,
        None,
    )
    assert few.why_no_gumbel() == "Only 9 replicates: a curve needs at least 99."


# --- what must hold -------------------------------------------------------------------------------------------------


def test_relabelling_and_reordering_units_only_renames_the_clusters():
    counts, where, people = random_map(12, 60)
    plain = scan(counts, where, exposure=people, replicates=99)
    order = np.random.default_rng(3).permutation(12)
    moved = scan(counts.iloc[order], where, exposure=people, replicates=99)
    assert [set(zone) for zone in moved.clusters["regions"]] == [set(zone) for zone in plain.clusters["regions"]]
    assert moved.clusters["llr"].tolist() == pytest.approx(plain.clusters["llr"].tolist(), rel=1e-12)
    renamed = scan(counts.rename("x{}".format), where.rename("x{}".format), exposure=people.rename("x{}".format))
    assert renamed.regions == tuple(f"x{unit}" for unit in plain.regions)


def test_scaling_exposure_or_distance_changes_nothing():
    counts, where, people = random_map(12, 60)
    plain, scaled = (scan(counts, where * s, exposure=people * s, replicates=499) for s in (1, 1024))
    assert plain.clusters.drop(columns="radius").equals(scaled.clusters.drop(columns="radius"))


def test_nothing_that_is_given_is_altered():
    counts, where, people = random_map(12, 60)
    kept = counts.copy(), where.copy(), people.copy()
    scan(counts, where, exposure=people, replicates=99)
    assert counts.equals(kept[0])
    assert where.equals(kept[1])
    assert people.equals(kept[2])


# --- the result -----------------------------------------------------------------------------------------------------


def test_clusters_do_not_overlap_and_the_table_names_them():
    counts = pd.Series([9, 0, 0, 0, 7], index=LINE.index)
    found = scan(counts, LINE, replicates=999)
    assert found.clusters["regions"].tolist() == [("a",), ("e",)]
    assert found.clusters["rank"].tolist() == [1, 2]
    assert found.to_frame().equals(found.clusters)
    assert found.table["cluster"].tolist() == [1, 0, 0, 0, 2]
    assert found.table["label"][["a", "b"]].tolist() == ["high", "not significant"]
    # 9 where 3.2 of 16 are expected, against 7 where 12.8 are: 9 / 3.2 / (7 / 12.8).
    assert found.clusters["relative_risk"][0] == pytest.approx(9 / 3.2 / (7 / 12.8))
    assert found.regions == ("a",)
    assert found.family.startswith(f"all {found.zones} zones")


def test_a_cluster_needs_two_incidents():
    where, people = LINE, pd.Series([0.001, 4, 3, 2, 1], index=LINE.index)
    counts = pd.Series([1, 3, 3, 2, 1], index=LINE.index)
    assert scan(counts, where, exposure=people, replicates=99).regions != ("a",)
    one = scan(counts, where, exposure=people, replicates=99, windows=Windows(fewest=1))
    assert one.regions == ("a",)


def test_of_zones_that_tie_the_smallest_is_reported():
    # b has neither exposure nor incident: with it or without it the ratio is the same.
    people = pd.Series([1.0, 0, 3, 2, 1], index=LINE.index)
    found = scan(pd.Series([9, 0, 1, 1, 1], index=LINE.index), LINE, exposure=people, replicates=99)
    assert found.regions == ("a",)
    assert np.isnan(found.table["ratio"]["b"])


def test_units_without_exposure_may_not_have_incidents():
    people = pd.Series([1.0, 0, 3, 2, 1], index=LINE.index)
    found = scan(pd.Series([9, 1, 1, 1, 1], index=LINE.index), LINE, exposure=people)
    assert found.reason == "No exposure is known for b: no rate compares."
    assert (found.table["label"] == "undefined").all()
    assert found.summary() == "The scan is undefined: No exposure is known for b: no rate compares."


def test_where_no_zone_stands_out_p_is_one():
    # All incidents are in the unit that holds over half of the exposure: no zone may contain it.
    people = pd.Series([9.0, 1, 1, 1, 1], index=LINE.index)
    found = scan(pd.Series([9, 0, 0, 0, 0], index=LINE.index), LINE, exposure=people, replicates=99)
    assert found.p_value == 1
    assert found.reason is None
    assert found.clusters.empty
    assert found.summary() == "No zone has more incidents than expected by the exposure given."
    assert scan(pd.Series([9, 0], index=["a", "b"]), LINE.iloc[:2], windows=Windows(largest_share=0.3)).reason == (
        "No zone is small enough. Let zones hold a larger share of the exposure."
    )


def test_low_clusters_are_found_if_asked():
    counts = pd.Series([8, 9, 8, 8, 0], index=LINE.index)
    low = scan(counts, LINE, direction="low", replicates=999)
    assert low.regions == ("e",)
    assert low.clusters["direction"].tolist()[0] == "low"
    assert low.table["label"]["e"] == "low"
    assert scan(counts, LINE, direction="both", replicates=999).regions == ("e",)


def test_summary_says_what_was_found_and_how_sure():
    text = scan(SKEWED, LINE, replicates=999).summary()
    assert text == (
        "The most likely cluster is a (9 of 12 incidents where 2.4 are expected at equal rates; 12 times the rate "
        "elsewhere); p at most 0.001, no map of chance reached it (scan statistic, 999 maps of chance, corrected for "
        "looking everywhere). Where it ends is uncertain."
    )
    quiet = scan(pd.Series([3, 1, 2, 3, 3], index=LINE.index), LINE, replicates=999).summary()
    assert quiet.startswith("No cluster that chance does not explain: the most likely one, ")
    assert quiet.endswith("That does not show that risk is even.")


def test_expected_counts_replace_the_exposure_but_for_the_size():
    counts = pd.Series([6, 6, 0, 0, 0], index=LINE.index)
    adjusted = pd.Series([1.0, 6, 1, 1, 1], index=LINE.index)
    found = scan(counts, LINE, expected=adjusted, replicates=99)
    assert found.regions == ("a",)  # b holds 0.6 of what is expected: too large
    both = scan(counts, LINE, expected=adjusted, exposure=PEOPLE, replicates=99)
    assert both.clusters["expected"][0] == pytest.approx(1.2)
    assert both.clusters["exposure_share"][0] == pytest.approx(5 / 15)
    assert both.denominator == "expected counts"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"direction": "up"}, "Unknown direction 'up'. Choose from: high, low, both."),
        ({"secondary": "all"}, "Unknown choice of clusters 'all'. Choose from: apart, gini, iterative."),
        ({"replicates": 0}, "replicates and stop_after must be whole numbers of 1 or more, for example 9999 and 10."),
        (
            {"windows": Windows(shape="square")},
            "Unknown shape of windows 'square'. Choose from: circular, elliptic, flexible.",
        ),
        ({"windows": Windows(largest_share=50)}, "largest_share must lie between 0 and 1, for example 0.5; it is 50."),
        (
            {"windows": Windows(largest_radius=-1)},
            "largest_radius and compactness must be 0 or more. Correct the windows.",
        ),
        ({"windows": Windows(fewest=0)}, "fewest and nearest must be whole numbers of 1 or more. Correct the windows."),
        (
            {"controls": PEOPLE.astype(int), "exposure": PEOPLE},
            "Cases and controls have no exposure. Give either controls, or exposure and expected.",
        ),
    ],
)
def test_choices_that_are_none_are_refused(options, said):
    with pytest.raises(RequestError) as refused:
        scan(SKEWED, LINE, **options)
    assert str(refused.value) == said


def test_too_many_persons_for_the_bernoulli_model_are_refused():
    with pytest.raises(InputError, match=r"^Cases and controls are 1,000,000,000 or more. Give them as exposure"):
        scan(SKEWED, LINE, controls=PEOPLE.astype(int) * 10**9)


def test_without_controls_the_bernoulli_model_is_undefined():
    assert (
        scan(SKEWED, LINE, controls=SKEWED * 0).reason == "There is no control: every unit has the same share of cases."
    )
    assert scan(SKEWED, LINE, controls=SKEWED.drop("c")).reason == "No exposure is known for c: no rate compares."


def test_clusters_are_named_by_the_outlines_where_the_counts_do_not_name_them(toy_regions):
    regions = toy_regions("Mopti", "Gao", "Kayes", "Kidal")
    counts = pd.Series([12, 1, 0, 1], regions.index, name="incidents")
    found = scan(counts, regions, replicates=99)
    assert found.clusters["names"][0] == ("Mopti",)
    assert found.clusters["regions"][0] == ("TOY-mopti",)
    counts.attrs["regions"] = {"TOY-mopti": {"name": "Mopti (before 2023)", "kind": "region"}}
    assert scan(counts, regions, replicates=99).clusters["names"][0] == ("Mopti (before 2023)",)
