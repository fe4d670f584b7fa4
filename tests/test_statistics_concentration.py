"""Concentration: indices, shares, the exact max-cell test, denominators."""

import itertools
import json
from fractions import Fraction
from math import comb, factorial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._maxcell import critical_counts, critical_level, max_cell, some_cell_reaches, upper_tail

MALI = {"Mopti": 31, "Gao": 11, "Ségou": 4, "Tombouctou": 5, "Ménaka": 1, "Kayes": 1, "Bamako": 1}
MALI |= dict.fromkeys(["Kidal", "Koulikoro", "Sikasso", "Taoudénit"], 0)


def mali() -> pd.Series:
    """Give the published totals of Mali 2017-2022 in the frame of 2016, with 2 incidents that have no place."""
    ids = {name: f"MLI-2016-{name.lower()}" for name in MALI}
    counts = pd.Series({ids[name]: number for name, number in MALI.items()}, name="incidents")
    kind = {"Bamako": "district"}
    counts.attrs = {
        "regions": {ids[name]: {"name": name, "kind": kind.get(name, "region")} for name in MALI},
        "located": 54,
        "total": 56,
    }
    return counts


def outcomes(n: int, cells: int):
    """Give every way in which n incidents fall into cells."""
    for bars in itertools.combinations(range(n + cells - 1), cells - 1):
        ends = (-1, *bars, n + cells - 1)
        yield tuple(right - left - 1 for left, right in itertools.pairwise(ends))


def chance(outcome: tuple[int, ...], shares: list[Fraction]) -> Fraction:
    """Give the multinomial probability of an outcome in fractions."""
    result = Fraction(factorial(sum(outcome)))
    for number, share in zip(outcome, shares, strict=True):
        result *= share**number / factorial(number)
    return result


def tail(count: int, n: int, share: Fraction) -> Fraction:
    return sum((comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count, n + 1)), Fraction(0))


def enumerated(counts: tuple[int, ...], weights: tuple[int, ...]) -> float:
    """Give the p of the max-cell test from its definition: all outcomes, in fractions."""
    n, shares = sum(counts), [Fraction(weight, sum(weights)) for weight in weights]
    tails = [[tail(count, n, share) for count in range(n + 1)] for share in shares]
    smallest = min(row[count] for row, count in zip(tails, counts, strict=True))
    extreme = (o for o in outcomes(n, len(counts)) if min(t[c] for t, c in zip(tails, o, strict=True)) <= smallest)
    return float(sum((chance(outcome, shares) for outcome in extreme), Fraction(0)))


@pytest.mark.parametrize(
    ("counts", "weights"),
    [
        ((5, 1, 0, 2), (1, 1, 1, 1)),
        ((5, 1, 0, 2), (4, 3, 1, 2)),
        ((6, 0, 0, 0, 1), (1, 1, 1, 1, 1)),
        ((0, 2, 3), (1, 7, 2)),
        ((0, 8), (1, 3)),
        ((3, 3, 1), (1, 1, 1)),
        ((1, 1, 9, 1), (9, 1, 1, 5)),
    ],
)
def test_max_cell_p_is_that_of_full_enumeration(counts, weights):
    p = statistics.concentration(pd.Series(counts), exposure=pd.Series(weights, dtype=float)).p_value
    assert p == pytest.approx(enumerated(counts, weights), rel=1e-13)


def test_thirty_of_fifty_three_in_one_of_ten_equal_units_is_6_in_10_to_the_16():
    counts = pd.Series([30, 11, 4, 4, 1, 1, 1, 1, 0, 0])
    exact = 10 * tail(30, 53, Fraction(1, 10))  # two units cannot both hold 30 of 53, so nothing is counted twice
    assert float(exact) == pytest.approx(6.018e-16, rel=1e-3)
    assert statistics.concentration(counts).p_value == pytest.approx(float(exact), rel=1e-13)


def test_a_p_where_the_dynamic_programme_takes_over_joins_the_sum_of_tails():
    # Of 20 cells at most one can hold 60 of 100: the sum of the tails is exact on either side of the switch at 1e-13.
    for count in range(24, 34):
        shares = np.full(20, 0.05)
        single = 20 * float(upper_tail(np.array(count), 100, 0.05))
        pairs = 190 * float(upper_tail(np.array(count), 100, 0.05)) ** 2
        p = some_cell_reaches(np.full(20, count), 100, shares)
        assert single - pairs <= p * (1 + 1e-12)
        assert p <= single * (1 + 1e-12)


def test_the_binomial_tail_is_exact_far_out():
    assert float(upper_tail(np.array(200), 500, 0.1)) == pytest.approx(
        float(tail(200, 500, Fraction(1, 10))), rel=1e-12
    )
    assert upper_tail(np.array([0, 3]), 2, 0.5).tolist() == [1.0, 0.0]


def test_critical_count_is_the_first_whose_tail_is_small_enough():
    shares = np.array([0.1, 0.2, 0.7])
    for level in (0.3, 0.05, 1e-6, 1e-30):
        found = critical_counts(level, 12, shares)
        for share, count in zip((Fraction(1, 10), Fraction(1, 5), Fraction(7, 10)), found, strict=True):
            assert next(k for k in range(14) if tail(k, 12, share) <= level) == count


@pytest.mark.parametrize("weights", [(1, 1, 1, 1), (5, 3, 1, 1)])
def test_size_with_no_clustering_is_at_most_the_level(weights):
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    found = Fraction(0)
    for outcome in outcomes(9, 4):
        if max_cell(np.array(outcome), np.array([float(share) for share in shares]))[1] <= 0.05:
            found += chance(outcome, shares)
    assert 0.005 < found <= 0.05


def test_shares_and_intervals_are_those_of_scipy():
    table = statistics.concentration(mali()).table
    for name, number in MALI.items():
        row = table[table["name"] == name].iloc[0]
        low, high = stats.binomtest(number, 54).proportion_ci(0.95, method="exact")
        assert (row["incidents"], row["share"]) == (number, number / 54)
        assert row["share_low"] == pytest.approx(low, rel=1e-10)
        assert row["share_high"] == pytest.approx(high, rel=1e-10)
        assert row["p"] == pytest.approx(stats.binomtest(number, 54, 1 / 11, alternative="greater").pvalue, rel=1e-10)
        assert row["ratio"] == pytest.approx(number / (54 / 11))


def test_summary_counts_regions_and_districts_apart_and_what_is_not_placed():
    assert f"{float(11 * tail(31, 54, Fraction(1, 11))):.1e}" == "7.5e-18"  # two units cannot both hold 31 of 54
    result = statistics.concentration(mali())
    assert (result.regions_with_incidents, result.regions) == (6, 10)
    assert (result.districts_with_incidents, result.districts) == (1, 1)
    assert result.summary() == (
        "6 of 10 regions with incidents, and 1 of 1 district; 57% (31 of 54) in Mopti (95% CI 43 to 71%); "
        "p 7.5e-18 against equal rates (exact max-cell test); 54 of 56 incidents located."
    )


def test_counts_by_year_are_summed_and_the_unplaced_of_these_years_are_counted():
    index = pd.MultiIndex.from_product([["a", "b"], [2020, 2021]], names=["region_id", "year"])
    counts = pd.Series([4, 3, 1, 0], index=index)
    counts.attrs = {"located": 8, "total": 11, "unlocated_by_year": {2020: 2, 2021: 1}}
    result = statistics.concentration(counts)
    assert result.table["incidents"].to_dict() == {"a": 7, "b": 1}
    assert (result.located, result.total) == (8, 11)
    later = statistics.concentration(counts.loc[:, [2021]])
    assert (later.located, later.total) == (3, 4)


def test_the_number_not_placed_is_unknown_for_a_part_of_the_counts():
    counts = mali().iloc[:4]
    counts.attrs = mali().attrs
    result = statistics.concentration(counts)
    assert result.total is None
    assert "located" not in result.summary()


def test_a_tie_names_both_and_no_epicentre():
    result = statistics.concentration(pd.Series({"a": 4, "b": 1, "c": 4, "d": 0}))
    assert result.epicentre is None
    assert result.ties == ("a", "c")
    assert (result.incidents, result.share) == (4, 4 / 9)
    assert "a and c share the first place with 4 each" in result.summary()


def test_a_no_comes_with_the_share_that_would_have_been_found():
    # Ten units, 40 incidents: by enumeration of the counts, 11 is the smallest maximum with p <= 0.05.
    shares = np.full(10, 0.1)
    needed = next(c for c in range(1, 41) if some_cell_reaches(np.full(10, c), 40, shares) <= 0.05)
    result = statistics.concentration(pd.Series([6, 4, 4, 4, 4, 4, 4, 4, 3, 3]))
    assert result.p_value > 0.05
    assert stats.binom.sf(needed - 1, 40, result.smallest_detectable) == pytest.approx(0.8)
    assert "would have been found with 80% power" in result.summary()


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # By hand: 2 * (sum of 42 over k, k from 31 to 42) / 2**42, and the same of 16 from 9.
        ([5, 31, 11, 4], 2 * sum(comb(42, k) for k in range(31, 43)) / 2**42),
        ([7, 9, 0], 2 * sum(comb(16, k) for k in range(9, 17)) / 2**16),
        ([6, 0, 0], 2 / 2**6),  # all in one unit
        ([4, 4, 1], 1.0),  # twice the tail is over 1
    ],
)
def test_the_lead_over_the_runner_up_is_a_fair_coin(counts, expected):
    named = pd.Series(counts, index=[f"r{place}" for place in range(len(counts))])
    assert statistics.concentration(named).lead_p_value == pytest.approx(expected, rel=1e-12)


def test_thirty_one_lead_eleven_and_nine_do_not_lead_seven():
    found = [
        statistics.concentration(pd.Series({"a": first, "b": second, "c": 0})) for first, second in ((31, 11), (9, 7))
    ]
    assert [round(each.lead_p_value, 3) for each in found] == [0.003, 0.804]


@pytest.mark.parametrize("counts", [{"a": 0, "b": 0}, {"a": 3, "b": 0}, {"a": 9}])
def test_the_lead_of_too_few_is_undefined(counts):
    assert np.isnan(statistics.concentration(pd.Series(counts)).lead_p_value)


def test_the_critical_level_is_the_last_that_the_test_finds():
    shares = np.array([0.05, 0.15, 0.3, 0.5])
    level = critical_level(0.05, 30, shares)
    assert some_cell_reaches(critical_counts(level, 30, shares), 30, shares) <= 0.05
    assert some_cell_reaches(critical_counts(1.02 * level, 30, shares), 30, shares) >= 0.05 or level > 0.049


def test_per_resident_another_region_may_exceed_the_epicentre():
    people = pd.Series({"a": 3000.0, "b": 300.0, "c": 3000.0, "d": 3000.0})
    counts = pd.Series({"a": 30, "b": 6, "c": 2, "d": 1})
    found = statistics.by_denominator(counts, {"equal": None, "population": people})
    assert found.table["epicentre"].to_dict() == {"equal": "a", "population": "a"}
    assert found.table["highest_ratio"].to_dict() == {"equal": "a", "population": "b"}
    assert tail(6, 39, Fraction(1, 31)) * 4 < Fraction(1, 20)  # so that b's higher ratio is more than chance
    assert found.table["rival"].fillna("").to_dict() == {"equal": "", "population": "b"}
    assert found.agree is False
    assert f"{enumerated((30, 6, 2, 1), (1, 1, 1, 1)):.1e}" == "6.1e-11"
    assert f"{enumerated((30, 6, 2, 1), (10, 1, 10, 10)):.1e}" == "4.2e-08"
    assert found.summary() == (
        "The denominators do not agree: by equal shares a (3.1 times the expected, p 6.1e-11); by population a "
        "(2.4 times the expected, p 4.2e-8), though b has the higher ratio, 4.8 by 6 incidents."
    )


def test_one_stray_incident_in_a_small_region_is_no_rival():
    area = pd.Series({"a": 30.0, "b": 0.5, "c": 30.0, "d": 30.0})
    found = statistics.by_denominator(pd.Series({"a": 30, "b": 1, "c": 2, "d": 1}), {"equal": None, "area": area})
    assert tail(1, 34, Fraction(1, 181)) * 4 > Fraction(1, 20)
    assert found.table["highest_ratio"].to_dict() == {"equal": "a", "area": "b"}
    assert found.agree is True
    assert found.summary().endswith("though b has the higher ratio, 5.3 by 1 incident.")


def test_denominators_agree_where_one_region_leads_in_all():
    counts = pd.Series({"a": 30, "b": 4, "c": 2})
    found = statistics.by_denominator(counts, {"equal": None, "area": pd.Series({"a": 1.0, "b": 2.0, "c": 1.5})})
    assert found.agree is True
    assert found.summary().startswith("The denominators agree: by equal shares a (2.5 times the expected, p ")
    assert found.results["area"].denominator == "area"


def test_an_excess_that_the_population_explains_is_no_agreement():
    people = pd.Series({"a": 80.0, "b": 10.0, "c": 10.0})
    found = statistics.by_denominator(pd.Series({"a": 33, "b": 4, "c": 3}), {"equal": None, "population": people})
    assert found.table["p_value"]["equal"] < 0.05 < found.table["p_value"]["population"]
    assert found.agree is False


def test_a_denominator_that_lacks_a_region_leaves_the_verdict_open():
    found = statistics.by_denominator(pd.Series({"a": 9, "b": 4}), {"equal": None, "population": pd.Series({"a": 5.0})})
    assert found.agree is None
    assert found.reason == "By population: No exposure is known for b: no rate compares."
    assert "by population undefined (No exposure is known for b: no rate compares)" in found.summary()


def test_denominators_that_are_defined_may_agree_beside_one_that_is_not():
    counts, part = pd.Series({"a": 30, "b": 4}), pd.Series({"a": 5.0})
    area = pd.Series({"a": 1.0, "b": 2.0})
    found = statistics.by_denominator(counts, {"equal": None, "population": part, "area": area})
    assert found.agree is True
    assert found.reason.startswith("By population: ")


def test_regions_may_be_numbered():
    counts, people = pd.Series({3: 20, 5: 6, 8: 1}), pd.Series({3: 100.0, 5: 5.0, 8: 100.0})
    found = statistics.by_denominator(counts, {"equal": None, "population": people})
    assert found.table["highest_ratio"].to_dict() == {"equal": 3, "population": 5}
    assert "though 5 has the higher ratio" in found.summary() or found.results["population"].epicentre == 5


def test_no_denominator_is_refused():
    with pytest.raises(RequestError, match="Give at least one"):
        statistics.by_denominator(pd.Series({"a": 9, "b": 4}), {})


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([1, 2], "must be a pandas Series, not list"),
        (pd.Series([], dtype=int), "The counts are empty"),
        (pd.Series([1, 2], index=["a", "a"]), "name 'a' twice. Sum them first"),
        (pd.Series([1, None], index=["a", "b"]), "missing at 'b'. Write a zero, or drop it"),
        (pd.Series([1.5, 2]), "0 has 1.5. Give incidents, not rates or shares"),
        (pd.Series([1, -2]), "1 has -2"),
        (pd.Series([1, np.inf]), "1 has inf"),
        (pd.Series([True, False]), "not bool"),
        (pd.Series(["1", "2"]), "must be whole numbers, not"),
        (pd.Series([1, 2], index=pd.Index([2020, 2021], name="year")), "needs counts by region_id"),
    ],
)
def test_what_is_not_a_count_is_refused_with_a_way_out(counts, message):
    with pytest.raises(InputError, match=message):
        statistics.concentration(counts)


@pytest.mark.parametrize(
    ("exposure", "message"),
    [
        ([1.0, 2.0], "must be a pandas Series by region_id, not list"),
        (pd.Series([1.0, 2.0], index=["a", "a"]), "names 'a' twice"),
        (pd.Series({"a": "many", "b": "few"}), "must hold numbers, not"),
        (pd.Series({"a": 1.0, "b": -2.0}), "'b' has -2"),
        (pd.Series({"a": 1.0, "b": np.inf}), "'b' has inf"),
    ],
)
def test_what_is_not_an_exposure_is_refused_with_a_way_out(exposure, message):
    with pytest.raises(InputError, match=message):
        statistics.concentration(pd.Series({"a": 4, "b": 5}), exposure=exposure)


def test_a_confidence_that_is_none_is_refused():
    with pytest.raises(RequestError, match=r"between 0 and 1, for example 0\.95; it is 95"):
        statistics.concentration(pd.Series([4, 5]), confidence=95)


def test_indices_worked_out_by_hand():
    # Shares 0, 1/4, 3/4 of three regions. Lorenz: 0, 0, 1/4, 1; twice the area under it 1/3 (0 + 1/4 + 5/4) = 1/2.
    counts = pd.Series({"a": 0, "b": 1, "c": 3})
    assert statistics.gini(counts) == pytest.approx(1 / 2)
    assert statistics.hhi(counts) == pytest.approx(10 / 16)
    assert statistics.hoover(counts) == pytest.approx(5 / 12)  # 3/4 - 1/3
    assert statistics.theil(counts) == pytest.approx(np.log(3 / 4) / 4 + 3 * np.log(9 / 4) / 4)
    assert statistics.location_quotient(counts).tolist() == pytest.approx([0, 3 / 4, 9 / 4])
    curve = statistics.lorenz(counts)
    assert curve["incidents"].tolist() == pytest.approx([0, 0, 1 / 4, 1])
    assert curve.index.tolist() == ["", "a", "b", "c"]


def test_indices_are_undefined_without_incidents_or_exposure():
    nothing, some = pd.Series({"a": 0, "b": 0}), pd.Series({"a": 1, "b": 4})
    partly = pd.Series({"a": 1.0, "b": np.nan})
    for name in ("gini", "hoover", "theil"):
        assert np.isnan(getattr(statistics, name)(nothing))
        assert np.isnan(getattr(statistics, name)(some, partly))
    assert np.isnan(statistics.hhi(nothing))
    assert statistics.location_quotient(some, partly).isna().all()


@given(
    counts=st.lists(st.integers(0, 40), min_size=2, max_size=8),
    weights=st.lists(st.integers(1, 50), min_size=8, max_size=8),
    scale=st.sampled_from([1e-6, 3.0, 1e9]),
    shuffled=st.randoms(use_true_random=False),
)
@settings(max_examples=80, deadline=None)
def test_p_is_a_probability_and_neither_order_nor_unit_of_the_exposure_matters(counts, weights, scale, shuffled):
    series = pd.Series(counts, index=[f"r{i}" for i in range(len(counts))])
    exposure = pd.Series(weights[: len(counts)], index=series.index, dtype=float)
    before = (series.copy(), exposure.copy())
    result = statistics.concentration(series, exposure=exposure)
    pd.testing.assert_series_equal(series, before[0])
    pd.testing.assert_series_equal(exposure, before[1])
    assert np.isnan(result.p_value) == (result.reason is not None)
    assert np.isnan(result.p_value) or 0 < result.p_value <= 1
    order = shuffled.sample(list(series.index), len(series))
    other = statistics.concentration(series[order], exposure=exposure * scale)
    assert other.p_value == pytest.approx(result.p_value, rel=1e-9, nan_ok=True)
    assert (other.epicentre, set(other.ties)) == (result.epicentre, set(result.ties))
    pd.testing.assert_frame_equal(other.table.loc[series.index], result.table)


@pytest.mark.realdata
class TestReferenceCase:
    """Case concentration_indices: numpy and PySAL's inequality 1.1.2 agree."""

    @pytest.fixture
    def case(self, shared):
        folder = shared / "data" / "reference" / "concentration_indices"
        checks = {c["name"]: c for c in json.loads((folder / "expected.json").read_text())["checks"]}
        ten = pd.read_csv(folder / "ten_regions.csv", index_col="region")
        return checks, ten, pd.read_csv(folder / "nc.csv", index_col="FIPSNO")

    def test_all_its_checks(self, case):
        checks, ten, carolina = case
        events, people = ten["events"], ten["population"]
        ours = {
            "gini_counts": statistics.gini(events),
            "gini_sids74": statistics.gini(carolina["SID74"]),
            "gini_vs_population": statistics.gini(events, people),
            "gini_vs_area": statistics.gini(events, ten["area_km2"]),
            "hhi": statistics.hhi(events),
            "theil_vs_population": statistics.theil(events, people),
            "hoover_population": statistics.hoover(events, people),
            "gini_sids_vs_births": statistics.gini(carolina["SID74"], carolina["BIR74"]),
            "LQ": statistics.location_quotient(events, people).to_dict(),
            "gini_all_in_one_n10": statistics.gini(pd.Series([7] + [0] * 9)),
            "gini_constant": statistics.gini(pd.Series([4] * 10)),
        }
        assert ours.keys() == checks.keys()
        for name, check in checks.items():
            assert ours[name] == pytest.approx(check["value"], rel=check.get("rtol"), abs=check.get("atol", 0)), name

    def test_the_result_carries_the_same_indices(self, case):
        checks, ten, _ = case
        result = statistics.concentration(ten["events"], exposure=ten["population"])
        assert result.gini == pytest.approx(checks["gini_vs_population"]["value"], rel=1e-9)
        assert result.hhi == pytest.approx(checks["hhi"]["value"], rel=1e-9)


@pytest.mark.realdata
def test_the_synthetic_control_is_significant_against_equal_shares_but_not_by_population(shared):
    # Case synthetic_ten_regions, drawn by population: SaTScan 10.3.2 finds 0.008 equal and 0.84 by population.
    folder = shared / "data" / "reference" / "synthetic_ten_regions"
    regions = pd.read_csv(folder / "regions.csv", index_col="region")

    def counted(name):
        return pd.read_csv(folder / name)["region"].value_counts().reindex(regions.index, fill_value=0)

    null, epicentre = counted("events_null.csv"), counted("events_epicentre.csv")
    assert statistics.concentration(null, exposure=regions["population"]).p_value > 0.5
    assert statistics.concentration(epicentre).epicentre == "R5"
    assert statistics.concentration(epicentre).p_value < 1e-10


def test_the_commonest_kind_is_counted_and_the_others_stand_beside_it():
    """Two states, a county and a city beside them; districts are counted where there is nothing else."""
    import pandas as pd

    from awsd_geo.statistics import concentration

    def reach(*kinds):
        ids = [f"T-{number}" for number in range(len(kinds))]
        index = pd.MultiIndex.from_product([ids, [2020]], names=["region_id", "year"])
        counts = pd.Series([3, *[1] * (len(kinds) - 1)], index=index)
        counts.attrs = {
            "regions": {
                region_id: {"name": region_id, "kind": kind} for region_id, kind in zip(ids, kinds, strict=True)
            }
        }
        return concentration(counts).summary().split(";")[0]

    assert reach("state", "state", "city") == "2 of 2 states with incidents, and 1 of 1 city"
    assert reach("county", "county") == "2 of 2 counties with incidents"
    assert reach("district", "district") == "2 of 2 districts with incidents"
    assert reach("state", "state", "city", "area") == "2 of 2 states with incidents, and 2 of 2 units"
