"""The spatial scan against SaTScan and SpatialEpi on shared cases, and on Mali."""

import json

import numpy as np
import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.exposure import denominator
from awsd_geo.statistics import scan

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="session")
def case(shared):
    """Give the folder of a case and its checks by name."""

    def of(name):
        folder = shared / "data" / "reference" / name
        return folder, {check["name"]: check for check in json.loads((folder / "expected.json").read_text())["checks"]}

    return of


def agrees(value, check) -> bool:
    return value == pytest.approx(check["value"], rel=check.get("rtol", 0), abs=check.get("atol", 0))


@pytest.fixture(scope="module")
def penn(case):
    folder, checks = case("penn_lung_cancer")
    return pd.read_csv(folder / "data.csv").set_index("county"), checks


def test_crude_poisson_scan_of_pennsylvania_agrees_with_satscan_and_spatialepi(penn):
    table, checks = penn
    found = scan(table["cases"], table[["lon", "lat"]], exposure=table["population"], replicates=999).clusters
    for rank in (0, 1):
        assert sorted(found["regions"][rank]) == checks[f"crude.cluster{rank + 1}.ids"]["value"]
        assert agrees(found["llr"][rank], checks[f"crude.cluster{rank + 1}.llr_poisson"])
    assert found["observed"][0] == checks["crude.cluster1.cases"]["value"]
    # SaTScan's own list ends with these; venango (4.35) is never the best of its centre.
    assert found["regions"].tolist()[2:] == [("potter", "cameron"), ("blair",)]
    assert found["llr"].tolist()[2:] == pytest.approx([2.102996, 1.582721], rel=1e-6)
    # SaTScan: p 0.0031 and 8.4e-14, by its Gumbel curve through 9,999 maxima.
    assert found["p_gumbel"][1] == pytest.approx(0.0031, abs=0.0015)
    assert np.log10(found["p_gumbel"][0]) == pytest.approx(-13, abs=2)


def test_bernoulli_ratio_of_pennsylvania_agrees_with_spatialepi(penn):
    table, checks = penn
    controls = table["population"] - table["cases"]
    found = scan(table["cases"], table[["lon", "lat"]], controls=controls, replicates=99)
    assert agrees(found.clusters["llr"][0], checks["crude.cluster1.llr_bernoulli"])
    assert found.clusters["llr"][1] == pytest.approx(9.65777862569007, rel=1e-6)  # SpatialEpi
    assert sorted(found.regions) == checks["crude.cluster1.ids"]["value"]


@pytest.mark.parametrize("coordinates", [["lon", "lat"], ["x_grid", "y_grid"]])
def test_scan_by_strata_of_pennsylvania_agrees_with_satscan_and_spatialepi(penn, coordinates):
    table, checks = penn
    where = table[coordinates].set_axis(["lon", "lat"] if "lon" in coordinates else ["x", "y"], axis=1)
    found = scan(table["cases"], where, expected=table["expected_strata"]).clusters
    assert sorted(found["regions"][0]) == checks["adjusted.cluster1.ids"]["value"]
    assert sorted(found["regions"][1]) == checks["crude.cluster1.ids"]["value"]
    for rank in (0, 1):
        assert agrees(found["llr"][rank], checks[f"adjusted.cluster{rank + 1}.llr_poisson"])
    assert agrees(found["p_value"][1], checks["adjusted.cluster2.p"])


def test_strata_add_up_to_the_expected_counts_that_were_given(penn, shared):
    # Indirect standardisation by race, sex and age, from the strata themselves.
    table, checks = penn
    strata = pd.read_csv(shared / "data" / "reference" / "penn_lung_cancer" / "strata.csv")
    both = strata.groupby(["race", "gender", "age"])[["cases", "population"]].transform("sum")
    expected = (strata["population"] * both["cases"] / both["population"]).groupby(strata["county"]).sum()
    found = scan(table["cases"], table[["lon", "lat"]], expected=expected, replicates=99).clusters
    assert agrees(found["llr"][0], checks["adjusted.cluster1.llr_poisson"])


def brain_cancer(folder):
    """Give cases, expected cases by age and sex over 1973 to 1991, mean population and coordinates by county.

    The population is that of mid-year, interpolated linearly in days and held constant after the last; each year
    counts with the mean of its first day and of the next year's (so does SaTScan: 1,344,288 on average).
    """
    read = {"sep": r"\s+", "header": None}
    cases = pd.read_csv(folder / "nm.cas", names=["county", "cases", "year", "age", "sex"], **read)
    people = pd.read_csv(folder / "nm.pop", names=["county", "year", "people", "age", "sex"], **read)
    where = pd.read_csv(folder / "nm.geo", names=["county", "latitude", "longitude"], **read).set_index("county")
    edges = np.array([pd.Timestamp(f"{year}-01-01").toordinal() for year in range(1973, 1993)])
    known = [pd.Timestamp(f"19{year}-07-01").toordinal() for year in sorted(people["year"].unique())]
    groups = people.pivot_table(index=["county", "age", "sex"], columns="year", values="people", aggfunc="sum")
    table = groups.fillna(0).to_numpy()
    mean = np.array([np.trapezoid(np.interp(edges, known, row), edges) for row in table]) / (edges[-1] - edges[0])
    groups = groups.assign(mean=mean)["mean"]
    rate = cases.groupby(["age", "sex"])["cases"].sum() / groups.groupby(["age", "sex"]).sum()
    expected = (groups * rate.reindex(groups.index.droplevel("county")).fillna(0).to_numpy()).groupby("county").sum()
    total = cases.groupby("county")["cases"].sum().reindex(where.index).fillna(0).astype(int)
    return total, expected, groups.groupby("county").sum(), where


def test_spatial_scan_of_new_mexico_agrees_with_satscan(case):
    folder, checks = case("nm_brain_cancer")
    cases, expected, people, where = brain_cancer(folder)
    found = scan(cases, where, expected=expected, exposure=people)
    assert found.clusters["observed"][0] == checks["spatial.cluster1.cases"]["value"]
    assert agrees(found.clusters["llr"][0], checks["spatial.cluster1.llr"])
    assert agrees(found.p_value, checks["spatial.cluster1.p"])
    assert found.clusters["regions"].tolist()[1:3] == [("Chaves",), ("RioArriba", "LosAlamos")]  # SaTScan's list


@pytest.mark.parametrize("events", ["epicentre", "null"])
@pytest.mark.parametrize("kind", ["population", "equal"])
def test_ten_regions_agree_with_satscan(case, events, kind):
    folder, checks = case("synthetic_ten_regions")
    regions = pd.read_csv(folder / "regions.csv").set_index("region")
    happened = pd.read_csv(folder / f"events_{events}.csv")["region"].value_counts()
    counts = happened.reindex(regions.index).fillna(0).astype(int)
    where = regions[["x_km", "y_km"]].set_axis(["x", "y"], axis=1)
    found = scan(counts, where, exposure=regions["population"] if kind == "population" else None)
    name = f"syn_{events}_spatial_{kind}"
    assert list(found.regions) == checks[f"{name}.ids"]["value"]
    assert agrees(found.clusters["llr"][0], checks[f"{name}.llr"])
    assert agrees(found.p_value, checks[f"{name}.p"])


@pytest.fixture(scope="module")
def mali(shared):
    incidents = ag.read_incidents(shared / "data" / "awsd" / "awsd_MLI_2025-08-26.csv")
    return ag.select(incidents, country="MLI", years=(2017, 2022), kind="kidnapped", as_of="2023-03-02")


@pytest.mark.parametrize(
    ("vintage", "kind", "names", "observed", "llr"),
    [
        ("2016", "equal", ["Mopti"], 30, 37.856),
        ("2016", "population", ["Gao", "Kidal", "Mopti", "Ménaka", "Tombouctou"], 47, 62.535),
        ("1991", "equal", ["Mopti"], 30, 32.353),
        ("1991", "population", ["Gao", "Kidal", "Mopti", "Tombouctou"], 47, 61.425),
    ],
)
def test_most_likely_cluster_of_mali(mali, vintage, kind, names, observed, llr):
    regions = ag.load_regions("MLI", level=1, vintage=vintage)
    counts = ag.count(ag.geocode(mali, regions), regions, years=(2017, 2022))["incidents"]
    found = scan(counts, regions, exposure=denominator(regions, kind))
    first = found.clusters.iloc[0]
    assert sorted(first["names"]) == names
    assert (first["observed"], found.located) == (observed, 53)
    share = first["exposure_share"]  # the ratio by the definition, from the shares alone
    by_hand = observed * np.log(observed / 53 / share) + (53 - observed) * np.log((1 - observed / 53) / (1 - share))
    assert first["llr"] == pytest.approx(by_hand)
    assert first["llr"] == pytest.approx(llr, abs=0.001)
    assert found.p_value == 1 / 10_000
    assert found.denominator == kind
    assert found.unit == "km"
