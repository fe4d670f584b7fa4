"""Two rates: C-test, mid-p, E-test, intervals of the ratio, and two periods."""

import csv
import itertools
import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.special import betaincinv
from statsmodels.stats.rates import confint_poisson_2indep, etest_poisson_2indep
from statsmodels.stats.rates import test_poisson_2indep as poisson_2indep

from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError

FIELDS = {
    "p_greater": "p_greater",
    "p_two_minlike": "p_value",
    "midp_greater": "mid_p_greater",
    "etest_two": "e_test_p",
    "p_less": "p_less",
    "p_two_doubled": "p_doubled",
    "midp_two_doubled": "mid_p",
    "etest_greater": "e_test_p_greater",
}
PAIRS = [(60, 51477.5, 30, 54308.7), (9, 2, 3, 4), (7, 1, 0, 1), (1, 1, 5, 5), (20, 3, 15, 4), (0, 1, 8, 3)]


def case(shared) -> dict:
    return json.loads((shared / "data" / "reference" / "poisson_two_rates" / "expected.json").read_text())


def groups(name: str) -> list[float]:
    (a, per_a), (b, per_b) = (part.split("/") for part in name.split(" vs "))
    return [int(a), float(per_a), int(b), float(per_b)]


@pytest.mark.realdata
def test_the_36_checks_of_two_rates_of_the_reference_case(shared):
    # Case poisson_two_rates: own exact computation there; the E-test agrees with statsmodels 0.15.0.
    checks = [c for c in case(shared)["checks"] if " vs " in c["name"]]
    assert len(checks) == 36
    for check in checks:
        name, _, field = check["name"].rpartition(" ")
        found = statistics.two_rates(*groups(name))
        assert getattr(found, FIELDS[field]) == pytest.approx(check["value"], rel=check["rtol"]), check["name"]


@pytest.mark.realdata
def test_the_other_p_values_that_the_reference_case_lists(shared):
    compared = 0
    for name, values in case(shared)["reference"].items():
        found = statistics.two_rates(*groups(name))
        for field, value in values.items():
            if field in FIELDS:
                assert getattr(found, FIELDS[field]) == pytest.approx(value, rel=1e-9), (name, field)
                compared += 1
    assert compared == 72


@pytest.mark.realdata
def test_the_pairs_of_the_checks_are_those_of_the_inputs(shared):
    with (shared / "data" / "reference" / "poisson_two_rates" / "inputs.csv").open() as file:
        rows = [[float(cell) for cell in row.values()] for row in csv.DictReader(file)]
    assert rows == [groups(name) for name in case(shared)["reference"]]


@pytest.mark.realdata
def test_corrections_of_the_reference_case(shared):
    # Benjamini and Hochberg (1995), 15 p-values: 4 found by theirs, 3 by Bonferroni's and by Holm's.
    known = {check["name"]: check["value"] for check in case(shared)["checks"]}
    p_values = pd.Series(known["bh1995_p"])
    assert (statistics.benjamini_hochberg(p_values) <= 0.05).sum() == known["bh1995_rejected_q05"]
    assert (p_values * len(p_values) <= 0.05).sum() == known["bonferroni_rejected_05"]
    assert (statistics.holm(p_values) <= 0.05).sum() == known["bonferroni_rejected_05"]


@pytest.mark.parametrize(("a", "per_a", "b", "per_b"), PAIRS)
def test_exact_p_and_interval_are_scipys_binomial_ones(a, per_a, b, per_b):
    found = statistics.two_rates(a, per_a, b, per_b)
    share = per_a / (per_a + per_b)
    assert found.p_value == pytest.approx(stats.binomtest(a, a + b, share).pvalue, rel=1e-9)
    low = betaincinv(a, b + 1, 0.025) if a else 0.0
    high = betaincinv(a + 1, b, 0.975) if b else 1.0
    with np.errstate(divide="ignore"):
        expected = tuple(np.divide(end, 1 - end) * per_b / per_a for end in (low, high))
    assert found.interval == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("a", "per_a", "b", "per_b"), PAIRS)
def test_e_test_is_statsmodels(a, per_a, b, per_b):
    found = statistics.two_rates(a, per_a, b, per_b)
    for alternative, p_value in (("two-sided", found.e_test_p), ("larger", found.e_test_p_greater)):
        theirs = etest_poisson_2indep(a, per_a, b, per_b, method="wald", alternative=alternative)[1]
        assert p_value == pytest.approx(theirs, rel=1e-7), alternative


def test_e_test_of_thousands_is_not_truncated():
    # The plain double sum over all counts within 12 standard deviations.
    a, b = 5150, 4890
    one, other = np.meshgrid(np.arange(4200, 5900), np.arange(4200, 5900), indexing="ij")
    law = stats.poisson.pmf(one, 5020) * stats.poisson.pmf(other, 5020)
    far = np.abs(one - other) / np.sqrt(one + other) >= abs(a - b) / np.sqrt(a + b) - 1e-12
    assert statistics.two_rates(a, 1, b, 1).e_test_p == pytest.approx(law[far].sum(), rel=1e-8)


def test_one_sided_e_tests_overlap_in_the_outcomes_as_far_as_the_one_seen():
    found = statistics.two_rates(12, 1, 4, 1)
    pairs = itertools.product(range(80), repeat=2)
    ties = [(i, j) for i, j in pairs if i + j > 0 and (i - j) * 4 == 8 * np.sqrt(i + j)]
    both = sum(stats.poisson.pmf(i, 8) * stats.poisson.pmf(j, 8) for i, j in ties)
    assert found.e_test_p_greater + found.e_test_p_less == pytest.approx(1 + both, rel=1e-12)


def test_mid_p_interval_leaves_half_of_5_percent_in_either_mid_tail():
    found = statistics.two_rates(12, 2, 4, 3)
    for ratio, above in zip(found.mid_p_interval, (True, False), strict=True):
        law = stats.binom(16, ratio * 2 / (ratio * 2 + 3))
        tail = law.sf(12) if above else law.cdf(11)
        assert tail + law.pmf(12) / 2 == pytest.approx(0.025, rel=1e-9)
    assert found.interval[0] < found.mid_p_interval[0] < found.ratio < found.mid_p_interval[1] < found.interval[1]


def test_ratio_lies_within_the_score_interval_of_statsmodels_too():
    found = statistics.two_rates(41, 28010, 15, 19017)
    low, high = confint_poisson_2indep(41, 28010, 15, 19017, method="score")
    assert low < found.ratio < high
    assert found.ratio == pytest.approx(poisson_2indep(41, 28010, 15, 19017, method="score").ratio)


def test_smallest_detectable_ratio_has_80_percent_power():
    found = statistics.two_rates(6, 1, 5, 1)
    assert found.verdict == "no clear difference"
    rejected = [x for x in range(12) if stats.binomtest(x, 11).pvalue <= 0.05]
    for ratio in (found.smallest_detectable, found.largest_detectable):
        law = stats.binom(11, ratio / (1 + ratio))
        assert sum(law.pmf(x) for x in rejected) == pytest.approx(0.8, rel=1e-9)
    assert found.smallest_detectable == pytest.approx(1 / found.largest_detectable)
    assert "would have been found with 80% power" in found.summary()


def test_so_few_incidents_that_no_difference_could_show():
    # 5 incidents of equal exposure: even 5 to 0 has 2 / 32.
    found = statistics.two_rates(3, 1, 2, 1)
    assert (found.smallest_detectable, found.largest_detectable) == (np.inf, 0)
    assert found.summary().endswith("So few incidents could not have shown any difference.")


def test_a_group_without_incidents_has_no_ratio_but_an_interval():
    found = statistics.two_rates(7, 1, 0, 1)
    assert found.ratio == np.inf
    least = 0.025 ** (1 / 7)  # the share whose seventh power is 2.5 %
    assert found.interval == (pytest.approx(least / (1 - least)), np.inf)
    assert "one has none, so that no ratio can be named" in found.summary()


def test_swapping_the_groups_turns_the_ratio_over():
    one, other = statistics.two_rates(12, 2, 4, 3), statistics.two_rates(4, 3, 12, 2)
    assert one.ratio == pytest.approx(1 / other.ratio)
    assert (one.p_value, one.p_greater, one.e_test_p) == pytest.approx((other.p_value, other.p_less, other.e_test_p))
    assert one.interval == pytest.approx(tuple(1 / end for end in other.interval[::-1]))


def test_a_tiny_p_is_exact():
    assert statistics.two_rates(100, 1, 0, 1).p_greater == pytest.approx(0.5**100, rel=1e-10)


def test_three_incidents_are_not_tested_but_their_rates_are_given():
    found = statistics.two_rates(2, 1, 1, 1)
    assert found.reason == "Only 3 incidents: a test needs at least 5."
    assert found.verdict == "undefined"
    assert found.ratio == 2
    assert np.isfinite(found.interval).all()
    assert np.isnan([found.p_value, found.e_test_p, found.smallest_detectable]).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((1.5, 1, 2, 1), "must be a whole number of 0 or more, not 1.5"),
        ((-1, 1, 2, 1), "must be a whole number of 0 or more, not -1"),
        ((True, 1, 2, 1), "not True"),
        (("7", 1, 2, 1), "not '7'"),
        ((1, 0, 2, 1), "An exposure must be a number over 0, not 0"),
        ((1, 1, 2, float("nan")), "An exposure must be a number over 0, not nan"),
    ],
)
def test_what_is_no_count_or_exposure_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        statistics.two_rates(*given)


def yearly(*numbers: int, first: int = 2017) -> pd.Series:
    return pd.Series(numbers, index=pd.Index(range(first, first + len(numbers)), name="year"))


def test_two_periods_are_two_rates_with_their_years_as_exposure():
    found = statistics.compare_periods(yearly(1, 4, 8, 13, 17, 11), split=2020)
    plain = statistics.two_rates(41, 3, 13, 3)
    assert list(found.table.index) == ["2020 to 2022", "2017 to 2019"]
    assert (found.p_value, found.interval, found.e_test_p) == (plain.p_value, plain.interval, plain.e_test_p)
    assert found.summary().startswith(
        "41 incidents in 2020 to 2022 and 13 in 2017 to 2019: the rate in 2020 to 2022 is 3.15 times that in 2017 to "
        "2019 (95% CI 1.66 to 6.41), higher, p 0.00018"
    )


def test_a_part_of_a_year_weighs_as_its_part():
    exposure = pd.Series({2021: 1.0, 2022: 1.0, 2023: 0.25})
    found = statistics.compare_periods(yearly(8, 10, 6, first=2021), split=2023, exposure=exposure)
    assert found.ratio == pytest.approx(6 / 0.25 / 9)


def test_quasi_poisson_of_two_periods_is_that_of_statsmodels():
    numbers = np.array([1, 4, 8, 13, 17, 11])
    found = statistics.compare_periods(yearly(*numbers), split=2020)
    design = sm.add_constant((np.arange(6) >= 3).astype(float))
    fit = sm.GLM(numbers, design, family=sm.families.Poisson()).fit(scale="X2", use_t=True, tol=1e-14)
    assert found.dispersion == pytest.approx(fit.scale, rel=1e-9)
    assert found.quasi_poisson_p == pytest.approx(fit.pvalues[1], rel=1e-7)


def test_a_split_outside_the_years_is_a_reason_and_no_year_an_error():
    found = statistics.compare_periods(yearly(5, 6, 7), split=2030)
    assert found.reason == "The counts hold 2017 to 2019: nothing lies on the other side of 2030 to compare with."
    assert np.isnan(found.ratio)
    with pytest.raises(RequestError, match="first year of the later period, such as 2020; it is '2020'"):
        statistics.compare_periods(yearly(5, 6, 7), split="2020")


def test_an_exposure_that_lacks_a_year_is_refused():
    with pytest.raises(InputError, match="over 0 for every year counted; 2019 has nan"):
        statistics.compare_periods(yearly(5, 6, 7), split=2018, exposure=pd.Series({2017: 1.0, 2018: 1.0}))


def test_twice_the_smaller_tail_may_be_less_than_the_p_by_likelihood():
    # None of 200 at a share of 1 %: 0.99 ** 200 = 0.134 is doubled; by likelihood 4 or more (0.142) come to it.
    found = statistics.two_rates(0, 1.0, 200, 99.0)
    assert found.p_doubled == pytest.approx(2 * 0.99**200, rel=1e-12)
    assert found.p_value == pytest.approx(stats.binomtest(0, 200, 0.01).pvalue, rel=1e-9)
    assert found.p_value > found.p_doubled
