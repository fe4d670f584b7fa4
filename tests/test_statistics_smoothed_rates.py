"""Smoothed rates, probability maps, Besag and Newell: hand cases, statsmodels, and reference cases."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from awsd_geo import statistics
from awsd_geo.errors import InputError, RequestError
from awsd_geo.statistics._gamma_poisson import fit_gamma_poisson

COUNTS = pd.Series({"a": 30, "b": 2, "c": 9})
PEOPLE = pd.Series({"a": 9.0, "b": 0.2, "c": 6.0})


def chain(*units) -> pd.Series:
    pairs = [*pairwise(units), *pairwise(units[::-1])]
    index = pd.MultiIndex.from_tuples(pairs, names=["focal", "neighbor"])
    return pd.Series(1, index=index, name="weight")


def test_marshall_by_hand():
    # m = 41 / 15.2; a = sum n (r - m)^2 / 15.2 - m / (15.2 / 3); weight a / (a + m / n).
    result = statistics.smoothed_rates(COUNTS, PEOPLE)
    m, raw, n = 41 / 15.2, np.array([30 / 9, 10, 1.5]), np.array([9, 0.2, 6])
    a = (n * (raw - m) ** 2).sum() / 15.2 - m / (15.2 / 3)
    weight = a / (a + m / n)
    table = result.table
    assert (result.rate, result.between) == pytest.approx((m, a), rel=1e-12)
    assert table["shrinkage"].to_numpy() == pytest.approx(1 - weight, rel=1e-12)
    assert table["smoothed"].to_numpy() == pytest.approx(m + weight * (raw - m), rel=1e-12)
    assert result.summary() == (
        "Rates of 3 units were drawn to the mean by 24% to 93% (global empirical Bayes); b is highest before and after."
    )
    assert result.descriptive


def test_rates_that_differ_no_more_than_chance_become_the_mean():
    result = statistics.smoothed_rates(pd.Series({"a": 5, "b": 6, "c": 4}), pd.Series({"a": 5, "b": 5, "c": 5}))
    assert result.between == 0
    assert result.table["smoothed"].tolist() == pytest.approx([1, 1, 1])
    assert result.table["shrinkage"].tolist() == [1, 1, 1]
    assert result.summary().endswith("they differ no more than chance would have them differ.")
    gamma = statistics.smoothed_rates(pd.Series([5, 6, 4]), pd.Series([5, 5, 5]), method="gamma")
    assert gamma.shape == np.inf
    assert gamma.table["smoothed"].tolist() == pytest.approx([1, 1, 1])


def test_the_small_unit_is_drawn_most():
    for method in ("global", "gamma"):
        table = statistics.smoothed_rates(COUNTS, PEOPLE, method=method).table
        assert table["shrinkage"].rank(ascending=False).sort_values().index.tolist() == ["b", "c", "a"]
        assert (table["smoothed"].clip(table[["raw", "mean"]].min(axis=1), table[["raw", "mean"]].max(axis=1))
                == table["smoothed"]).all()  # fmt: skip


def test_local_smoothing_by_hand():
    # Around a: a and b. Deviations are each from the mean of its own neighbourhood, as spdep has it.
    table = statistics.smoothed_rates(COUNTS, PEOPLE, method="local", neighbours=chain("a", "b", "c")).table
    mean = np.array([32 / 9.2, 41 / 15.2, 11 / 6.2])
    squares = np.array([9, 0.2, 6]) * (np.array([30 / 9, 10, 1.5]) - mean) ** 2
    between = max((squares[0] + squares[1]) / 9.2 - mean[0] / (9.2 / 2), 0)
    weight = between / (between + mean[0] / 9)
    assert table.loc["a", "mean"] == pytest.approx(mean[0])
    assert table.loc["a", "smoothed"] == pytest.approx(mean[0] + weight * (30 / 9 - mean[0]), rel=1e-12)


def test_a_unit_alone_keeps_no_raw_rate():
    near = chain("a", "b")
    near.loc[("c", "c")] = 0
    result = statistics.smoothed_rates(COUNTS, PEOPLE, method="local", neighbours=near)
    assert np.isnan(result.table.loc["c", "smoothed"])
    assert result.table.loc["c", "reason"] == "c has no neighbour with an exposure: nothing to borrow from."
    assert result.table["smoothed"].notna().sum() == 2
    no_people = statistics.smoothed_rates(COUNTS, PEOPLE.drop("b"), method="local", neighbours=chain("a", "b", "c"))
    assert no_people.table["smoothed"].isna().all()


def test_gamma_poisson_is_the_negative_binomial_of_statsmodels():
    import statsmodels.api as sm

    chance = np.random.default_rng(3)
    exposure = chance.uniform(0.5, 20, 80)
    counts = chance.poisson(exposure * chance.gamma(2.5, 1 / 2.5, 80)).astype(float)
    mean, shape = fit_gamma_poisson(counts, exposure)
    model = sm.NegativeBinomial(counts, np.ones((80, 1)), offset=np.log(exposure))
    fit = model.fit(disp=0, gtol=1e-8, start_params=[np.log(mean), 1 / shape])
    assert np.log(mean) == pytest.approx(fit.params[0], abs=1e-6)
    assert 1 / shape == pytest.approx(fit.params[1], rel=1e-5)
    best = model.loglike(np.array([np.log(mean), 1 / shape]))
    for factor in (0.999, 1.001):
        assert model.loglike(np.array([np.log(mean * factor), 1 / shape])) < best
        assert model.loglike(np.array([np.log(mean), factor / shape])) < best


def test_gamma_intervals_are_those_of_the_posterior():
    chance = np.random.default_rng(3)
    exposure = pd.Series(chance.uniform(0.5, 20, 30))
    counts = pd.Series(chance.poisson(exposure * chance.gamma(2.5, 1 / 2.5, 30)))
    result = statistics.smoothed_rates(counts, exposure, method="gamma", confidence=0.9)
    law = stats.gamma(counts + result.shape, scale=1 / (exposure + result.shape / result.rate))
    assert result.table["smoothed"].to_numpy() == pytest.approx(law.mean(), rel=1e-12)
    assert result.table["smoothed_low"].to_numpy() == pytest.approx(law.ppf(0.05), rel=1e-9)
    assert result.table["smoothed_high"].to_numpy() == pytest.approx(law.ppf(0.95), rel=1e-9)


def test_smoothing_comes_nearer_to_the_true_rates_than_raw_rates():
    chance = np.random.default_rng(0)
    exposure = pd.Series(chance.choice([0.3, 1, 5, 30], 200))
    truth = chance.gamma(8, 1 / 8, 200)
    counts = pd.Series(chance.poisson(exposure * truth))
    for method in ("global", "gamma"):
        table = statistics.smoothed_rates(counts, exposure, method=method).table
        assert ((table["smoothed"] - truth) ** 2).mean() < 0.2 * ((table["raw"] - truth) ** 2).mean()


@given(numbers=st.lists(st.integers(0, 40), min_size=4, max_size=9), factor=st.floats(1e-6, 1e6))
@settings(max_examples=40, deadline=None)
def test_the_unit_of_the_exposure_changes_nothing(numbers, factor):
    counts, people = pd.Series(numbers), pd.Series(np.arange(1.0, len(numbers) + 1))
    for method in ("global", "gamma"):
        one = statistics.smoothed_rates(counts, people, method=method)
        other = statistics.smoothed_rates(counts, people * factor, method=method)
        if one.reason is None:
            scaled = other.table["smoothed"].to_numpy() * factor
            assert scaled == pytest.approx(one.table["smoothed"].to_numpy(), rel=1e-6, abs=1e-12)
    one, other = (statistics.probability_map(counts, people * unit) for unit in (1, factor))
    assert one.table["p_value"].to_numpy() == pytest.approx(other.table["p_value"].to_numpy(), rel=1e-6, nan_ok=True)


def test_what_cannot_be_smoothed_is_refused():
    with pytest.raises(RequestError, match="method must be one of global, local, gamma; it is 'marshall'"):
        statistics.smoothed_rates(COUNTS, PEOPLE, method="marshall")
    with pytest.raises(RequestError, match="Local smoothing needs neighbours"):
        statistics.smoothed_rates(COUNTS, PEOPLE, method="local")
    with pytest.raises(InputError, match="'b' has -1"):
        statistics.smoothed_rates(COUNTS, pd.Series({"a": 1, "b": -1, "c": 2}))


def test_the_probability_map_is_poisson():
    result = statistics.probability_map(COUNTS, PEOPLE)
    expected = 41 / 15.2 * PEOPLE.to_numpy()
    table = result.table
    assert table["p_low"].to_numpy() == pytest.approx(stats.poisson.cdf([30, 2, 9], expected), rel=1e-12)
    assert table["p_high"].to_numpy() == pytest.approx(stats.poisson.sf([29, 1, 8], expected), rel=1e-12)
    assert table["choynowski"].tolist() == [*table["p_high"][:2], table["p_low"].iloc[2]]
    assert table["ratio"].to_numpy() == pytest.approx([30, 2, 9] / expected)
    assert table["low"].iloc[0] == pytest.approx(stats.chi2.ppf(0.025, 60) / 2 / expected[0], rel=1e-9)
    assert table["label"].tolist() == ["not significant"] * 3
    assert result.summary().startswith("0 of 3 units have more incidents, 0 fewer,")
    clear = statistics.probability_map(pd.Series([40, 2, 0, 3]), pd.Series([10, 10, 10, 10]))
    assert clear.table["label"].tolist() == ["high", "low", "low", "low"]
    assert clear.table["p_high"].iloc[2] == 1


def test_besag_and_newell_by_hand():
    # In a row: a 5, b 1, c 0, d 4; each expects 2.5. To reach 5: a; b with a and c (at one distance); c and its two;
    # d with c and b.
    counts = pd.Series({"a": 5, "b": 1, "c": 0, "d": 4})
    where = pd.DataFrame({"x": [0.0, 1, 2, 3], "y": 0.0}, index=list("abcd"))
    result = statistics.besag_newell(counts, pd.Series(1.0, index=list("abcd")), where, size=5)
    table = result.table
    assert table["units"].tolist() == [1, 3, 3, 3]
    assert set(table.loc["b", "members"]) == {"a", "b", "c"}
    assert table["observed"].tolist() == [5, 6, 5, 5]
    assert table["p_value"].to_numpy() == pytest.approx(stats.poisson.sf(4, [2.5, 7.5, 7.5, 7.5]), rel=1e-12)
    assert table.loc["b", "p_observed"] == pytest.approx(stats.poisson.sf(5, 7.5), rel=1e-12)
    assert result.summary().startswith("Around 0 of 4 units 5 incidents lie closer together than chance")


def test_besag_and_newell_takes_an_order_and_says_where_it_ends():
    counts = pd.Series({"a": 5, "b": 1, "c": 0, "d": 4})
    order = {"a": ["a", "b"], "b": ["b", "a"], "c": ["c", "d"], "d": ["d", "c", "b"]}
    table = statistics.besag_newell(counts, pd.Series(1.0, index=list("abcd")), order, size=5).table
    assert table.loc["b", "members"] == ("b", "a")
    assert table.loc["d", "members"] == ("d", "c", "b")
    assert table.loc["c", "reason"] == "The order of c ends before 5 incidents."
    assert (table.loc["c", "label"], table.loc["c", "units"]) == ("undefined", 0)
    with pytest.raises(RequestError, match="size must be 1 incident or more"):
        statistics.besag_newell(counts, pd.Series(1.0, index=list("abcd")), order, size=0)
    many = statistics.besag_newell(counts, pd.Series(1.0, index=list("abcd")), order, size=11)
    assert many.reason == "Only 10 incidents: no neighbourhood can hold 11."


@pytest.mark.realdata
class TestReferenceCases:
    """Cases auckland_infant_mortality (spdep 1.2-7) and penn_lung_cancer (SpatialEpi 1.2.8)."""

    @pytest.fixture
    def auckland(self, shared):
        folder = shared / "data" / "reference" / "auckland_infant_mortality"
        case = json.loads((folder / "expected.json").read_text())
        data = pd.read_csv(folder / "data.csv", index_col="id")
        pairs = pd.read_csv(folder / "neighbors.csv")
        index = pd.MultiIndex.from_arrays([pairs["id"], pairs["neighbor"]], names=["focal", "neighbor"])
        near = pd.Series(1, index=index, name="weight")
        return case, data["deaths_77_85"], 9.0 * data["under5_1981"], near

    def test_global_and_local_empirical_bayes(self, auckland):
        case, deaths, people, near = auckland
        checks = {check["name"]: check["value"] for check in case["checks"]}
        areas = pd.DataFrame(case["reference"]["area"])
        whole = statistics.smoothed_rates(deaths, people)
        assert (whole.between, whole.rate) == pytest.approx((checks["EBest.a"], checks["EBest.b"]), rel=1e-8)
        assert whole.table["smoothed"].to_numpy() == pytest.approx(areas["eb"].to_numpy(), rel=1e-8)
        assert whole.table["smoothed"].iloc[:10].tolist() == pytest.approx(checks["eb_first10"], rel=1e-8)
        local = statistics.smoothed_rates(deaths, people, method="local", neighbours=near).table
        assert local["smoothed"].to_numpy() == pytest.approx(areas["eb_local"].to_numpy(), rel=1e-8)
        assert local["smoothed"].iloc[:10].tolist() == pytest.approx(checks["eb_local_first10"], rel=1e-8)

    def test_moran_of_raw_and_of_smoothed_rates(self, auckland):
        case, deaths, people, near = auckland
        smoothed = statistics.smoothed_rates(deaths, people).table["smoothed"]
        for name, values in (("raw", deaths / people), ("eb", smoothed)):
            result, expected = statistics.moran(values, near, permutations=99), case["reference"][f"moran_{name}_W"]
            check = next(check for check in case["checks"] if check["name"] == f"moran_{name}.I")
            assert result.moran_i == pytest.approx(check["value"], rel=check["rtol"])
            assert (result.variance, result.z_normal) == pytest.approx(
                (expected["VI_rand"], expected["z_norm"]), rel=1e-8
            )

    def test_probability_map_and_choynowski(self, auckland):
        case, deaths, people, _ = auckland
        areas = pd.DataFrame(case["reference"]["area"])
        table = statistics.probability_map(deaths, people).table
        first = next(check for check in case["checks"] if check["name"] == "pmap_first10")
        assert table["p_low"].iloc[:10].tolist() == pytest.approx(first["value"], rel=first["rtol"])
        for ours, theirs in {"p_low": "pmap", "choynowski": "choynowski", "expected": "expected"}.items():
            assert table[ours].to_numpy() == pytest.approx(areas[theirs].to_numpy(), rel=1e-8)
        assert (100 * table["ratio"]).to_numpy() == pytest.approx(areas["relrisk"].to_numpy(), rel=1e-8)

    def test_besag_and_newell(self, shared):
        folder = shared / "data" / "reference" / "penn_lung_cancer"
        case = json.loads((folder / "expected.json").read_text())
        check = next(check for check in case["checks"] if check["name"] == "besag_newell_k1250_min_p")
        expected = case["reference"]["R"]["besag_newell_k1250"]
        data = pd.read_csv(folder / "data.csv", index_col="county")
        where = data[["x_grid", "y_grid"]].set_axis(["x", "y"], axis=1)
        table = statistics.besag_newell(data["cases"], data["expected_strata"], where, size=1250).table
        assert table["p_observed"].min() == pytest.approx(check["value"], rel=check["rtol"])
        assert table["p_observed"].to_numpy() == pytest.approx(np.array(expected["p"]), rel=1e-6)
        assert table["units"].tolist() == expected["m"]
        assert (table["p_value"] >= table["p_observed"]).all()
