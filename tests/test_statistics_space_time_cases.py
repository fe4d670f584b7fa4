"""Space-time scans of published cases: every check of SaTScan 10.3.2 (and of the papers it repeats)."""

import json

import numpy as np
import pandas as pd
import pytest

from awsd_geo.statistics import (
    Periods,
    Windows,
    expected_by_strata,
    person_time,
    space_time_permutation,
    space_time_scan,
    temporal_scan,
)

pytestmark = pytest.mark.realdata
YEARS = pd.period_range("1973", "1991", freq="Y")


def checks(folder) -> dict[str, dict]:
    return {check["name"]: check for check in json.loads((folder / "expected.json").read_text())["checks"]}


def agrees(value, check) -> bool:
    return value == pytest.approx(check["value"], rel=check.get("rtol", 0), abs=check.get("atol", 0))


@pytest.fixture(scope="module")
def new_mexico(shared) -> dict:
    """Cases and expected counts by county and year: ages and sexes at one rate, population interpolated in days."""
    folder = shared / "data/reference/nm_brain_cancer"
    read = {"sep": r"\s+", "header": None}
    cases = pd.read_csv(folder / "nm.cas", names=["county", "cases", "year", "age", "sex"], **read)
    people = pd.read_csv(folder / "nm.pop", names=["county", "year", "people", "age", "sex"], **read)
    where = pd.read_csv(folder / "nm.geo", names=["county", "latitude", "longitude"], **read).set_index("county")
    census = people.pivot_table(index=["county", "age", "sex"], columns="year", values="people", aggfunc="sum")
    census.columns = [f"19{year}-07-01" for year in census]  # mid-year, as SaTScan takes years
    expected = expected_by_strata(cases.groupby(["age", "sex"])["cases"].sum(), person_time(census, YEARS))
    every = pd.MultiIndex.from_product([where.index, range(1973, 1992)], names=["county", "year"])
    counts = cases.groupby(["county", "year"])["cases"].sum().reindex(every, fill_value=0)
    expected = expected.set_axis(range(1973, 1992), axis=1).stack().rename_axis(["county", "year"])
    return {"counts": counts, "where": where, "expected": expected, "checks": checks(folder)}


def test_expected_counts_of_new_mexico_sum_to_the_cases(new_mexico):
    assert new_mexico["expected"].sum() == pytest.approx(1175)


def test_space_time_clusters_of_new_mexico_agree_with_satscan_and_kulldorff_1998(new_mexico):
    counts, where, check = new_mexico["counts"], new_mexico["where"], new_mexico["checks"]
    found = space_time_scan(counts, where, exposure=new_mexico["expected"])
    first = found.table.iloc[0]
    assert sorted(first["regions"]) == sorted(check["spacetime.cluster1.ids"]["value"])
    assert [first["start"], first["end"]] == check["spacetime.cluster1.years"]["value"]
    assert first["observed"] == check["spacetime.cluster1.cases"]["value"]
    assert agrees(first["expected"], check["spacetime.cluster1.expected"])
    assert agrees(first["llr"], check["spacetime.cluster1.llr"])
    assert agrees(first["p_value"], check["spacetime.cluster1.p"])
    assert round(first["relative_risk"], 2) == 1.42
    assert agrees(found.table["llr"][1], check["spacetime.cluster2.llr"])
    assert found.table["regions"][1] == ("Chaves",)


def test_temporal_cluster_of_new_mexico_agrees_with_satscan(new_mexico):
    found = temporal_scan(new_mexico["counts"], exposure=new_mexico["expected"])
    first = found.table.iloc[0]
    assert agrees(first["llr"], new_mexico["checks"]["temporal.llr"])
    assert [first["start"], first["end"]] == new_mexico["checks"]["temporal.years"]["value"]
    assert first["p_value"] == pytest.approx(0.0307, abs=0.006)  # SaTScan, 9,999 replicates


def test_prospective_cluster_of_new_mexico_agrees_with_satscan(new_mexico):
    found = space_time_scan(
        new_mexico["counts"], new_mexico["where"], exposure=new_mexico["expected"], periods=Periods(looks=1)
    )
    first = found.table.iloc[0]
    assert agrees(first["llr"], new_mexico["checks"]["prospective.cluster1.llr"])
    assert first["p_value"] == pytest.approx(0.0097, abs=0.004)  # SaTScan
    assert first["recurrence_days"] == pytest.approx(365.25 / first["p_value"])


def test_trend_adjusted_cluster_of_new_mexico_agrees_with_satscan(new_mexico):
    found = space_time_scan(
        new_mexico["counts"], new_mexico["where"], exposure=new_mexico["expected"], trend="log-linear", replicates=999
    )
    assert agrees(found.table["llr"][0], new_mexico["checks"]["trend_adjusted.cluster1.llr"])
    assert found.trend_ratio == pytest.approx(1.01230, abs=5e-6)  # SaTScan: 1.230 % a year
    assert found.table["llr"].head(4).round(6).tolist() == [8.062448, 5.014673, 4.524071, 3.922729]  # SaTScan's list


@pytest.fixture(scope="module")
def fever(shared):
    """Fever in New York; the sample's own parameter file limits zones to 3 km (rsatscan's vignette prints it)."""
    folder = shared / "data/reference/nyc_fever"
    read = {"sep": r"\s+", "header": None}
    where = pd.read_csv(folder / "NYCfever.geo", names=["zip", "latitude", "longitude"], dtype={0: str}, **read)
    where = where.set_index("zip")
    cases = pd.read_csv(folder / "NYCfever.cas", names=["zip", "cases", "day"], dtype={0: str}, parse_dates=[2], **read)
    every = pd.MultiIndex.from_product([where.index, pd.period_range("2001-11-01", "2001-11-24", freq="D")])
    counts = cases.groupby(["zip", cases["day"].dt.to_period("D")])["cases"].sum().reindex(every, fill_value=0)
    return counts, where, checks(folder)


def test_prospective_permutation_scan_of_fever_agrees_with_satscan(fever):
    counts, where, check = fever
    limits = {"windows": Windows(largest_radius=3), "periods": Periods(longest=7, looks=1)}
    found = space_time_permutation(counts, where, **limits)
    first = found.table.iloc[0]
    assert agrees(first["llr"], check["cluster1.statistic"])
    assert sorted(first["regions"]) == check["cluster1.ids"]["value"]
    assert [str(first["start"]), str(first["end"])] == check["cluster1.window"]["value"]
    assert first["observed"] == check["cluster1.cases"]["value"]
    assert agrees(first["expected"], check["cluster1.expected"])
    assert agrees(first["p_value"], check["cluster1.p"])
    assert agrees(first["recurrence_days"], check["cluster1.recurrence_interval_days"])
    assert agrees(found.table["llr"][1], check["cluster2.statistic"])
    assert found.table["llr"][2] == pytest.approx(2.137259, rel=1e-6)  # SaTScan's third
    half = space_time_permutation(counts, where, periods=Periods(longest=7, looks=1), replicates=99)
    assert half.table["llr"][0] == first["llr"]  # without the radius the same cluster, the p is larger


@pytest.fixture(scope="module", params=["epicentre", "null"])
def ten_regions(request, shared):
    folder = shared / "data/reference/synthetic_ten_regions"
    regions = pd.read_csv(folder / "regions.csv").set_index("region").rename(columns={"x_km": "x", "y_km": "y"})
    events = pd.read_csv(folder / f"events_{request.param}.csv", parse_dates=["date"])
    every = pd.MultiIndex.from_product([regions.index, pd.period_range("2017Q1", "2022Q4", freq="Q")])
    counts = events.groupby(["region", events["date"].dt.to_period("Q")]).size().reindex(every, fill_value=0)
    return request.param, counts, regions, checks(folder)


def time_frame(row) -> str:
    first, last = row["start"].start_time, row["end"].end_time
    return f"{first.year}/{first.month}/{first.day} to {last.year}/{last.month}/{last.day}"


def test_permutation_scan_of_ten_regions_agrees_with_satscan(ten_regions):
    name, counts, regions, check = ten_regions
    first = space_time_permutation(counts, regions).table.iloc[0]
    assert agrees(first["llr"], check[f"syn_{name}_stp.llr"])
    assert list(first["regions"]) == check[f"syn_{name}_stp.ids"]["value"]
    assert time_frame(first) == check[f"syn_{name}_stp.time_frame"]["value"]
    assert agrees(first["p_value"], check[f"syn_{name}_stp.p"])


def test_space_time_scan_of_ten_regions_agrees_with_satscan(ten_regions):
    name, counts, regions, check = ten_regions
    found = space_time_scan(counts, regions, exposure=regions["population"])
    first = found.table.iloc[0]
    if name == "null":  # SaTScan's whole list, though not a check
        assert found.table["llr"].round(6).tolist()[:5] == [4.014176, 3.585556, 3.444816, 3.296718, 2.447628]
        assert first["p_value"] == pytest.approx(0.763, abs=0.04)
        return
    assert agrees(first["llr"], check["syn_epicentre_st_poisson.llr"])
    assert list(first["regions"]) == check["syn_epicentre_st_poisson.ids"]["value"]
    assert time_frame(first) == check["syn_epicentre_st_poisson.time_frame"]["value"]
    assert agrees(first["p_value"], check["syn_epicentre_st_poisson.p"])
    assert np.isclose(first["relative_risk"], 14.58, atol=0.005)
