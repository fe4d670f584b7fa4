"""Signals: which rules fire, and the family that they are corrected in."""

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo import signals, statistics

YEARS = (2017, 2022)


def by_region(**numbers):
    return pd.Series(numbers).rename_axis("region_id")


def by_year(*numbers):
    return pd.Series(numbers, index=pd.RangeIndex(2017, 2017 + len(numbers), name="year"))


def fired(where, when, **more):
    seen = signals.Evidence("MLI", YEARS, statistics.concentration(where), statistics.trend(when), **more)
    return {signal.rule: signal for signal in signals.fire(seen)}


def test_an_epicentre_and_a_rise_fire_with_corrected_p_values():
    found = fired(by_region(Mopti=31, Gao=11, Kayes=1, Kidal=0), by_year(1, 4, 8, 13, 17, 19))
    assert set(found) == {"epicentre", "trend"}
    centre, rise = found["epicentre"], found["trend"]
    assert (centre.place, centre.value, centre.baseline) == ("Mopti", pytest.approx(31 / 43), 0.25)
    assert centre.sentence == "72% of the located incidents (31 of 43) are in Mopti."
    # Benjamini-Hochberg over two tests: the smaller p is doubled, the larger stays
    assert centre.q_value == pytest.approx(2 * centre.p_value)
    assert rise.q_value == rise.p_value


def test_a_rise_that_one_test_does_not_confirm_does_not_fire():
    found = fired(by_region(Mopti=30, Gao=11, Kayes=1, Kidal=0), by_year(1, 4, 8, 13, 17, 11))
    assert set(found) == {"epicentre"}
    assert found["epicentre"].q_value == pytest.approx(2 * found["epicentre"].p_value)


def halves(before, before_all, after, after_all):
    index = pd.MultiIndex.from_product([["Mopti", "others"], [2019, 2020]], names=["region_id", "year"])
    counts = pd.Series([before, after, before_all - before, after_all - after], index=index)
    return statistics.compare_shares(counts, split=2020)


def test_a_share_that_falls_fires_if_it_stands_beside_the_other_rules():
    quiet = by_region(Mopti=4, Gao=3, Kayes=3), by_year(4, 3, 3)
    found = fired(*quiet, shares=halves(18, 20, 15, 41))["spread"]
    assert (found.place, found.value, found.baseline) == ("Mopti", pytest.approx(15 / 41), 0.9)
    assert found.sentence == (
        "Mopti had 18 of 20 incidents in the first half of the period and 15 of 41 in the second."
    )
    # 10 of 12 and then 20 of 41: Fisher's p of 0.048 does not stand where the family has three tests
    assert fired(*quiet, shares=halves(10, 12, 20, 41)) == {}


def test_a_cluster_fires(toy_regions):
    regions = toy_regions("a", "b", "c", "d", "e", "f")
    counts = pd.Series([9, 8, 0, 1, 0, 1], index=regions.index)
    found = fired(by_region(Mopti=4, Gao=3, Kayes=3), by_year(4, 3, 3), cluster=statistics.scan(counts, regions))
    assert set(found) == {"cluster"}
    assert (found["cluster"].place, found["cluster"].value) == ("MLI", 17)


def test_nothing_fires_where_nothing_can_be_tested():
    assert fired(by_region(Mopti=1, Gao=1), by_year(1, 0, 1)) == {}


def test_watch_ranks_countries_and_corrects_for_all_of_them(toy_incidents):
    rows = [("MLI", 2017 + year) for year in range(6) for _ in range(1 + 4 * year)]
    rows += [("NER", 2017 + k % 6) for k in range(12)] + [("TCD", 2017)] * 4 + [(None, 2018)]
    table = toy_incidents(
        iso3=[iso3 for iso3, _ in rows], year=[year for _, year in rows], country=[str(iso3) for iso3, _ in rows]
    )
    found = signals.watch(table, years=YEARS)
    assert list(found.table.index) == ["MLI", "NER", "TCD"]
    assert found.table["incidents"].tolist() == [66, 12, 4]
    assert (found.tested, found.elsewhere) == (2, 1)
    mali = found.table.loc["MLI"]
    assert mali["q_value"] == pytest.approx(2 * mali["p_value"])  # the smaller of two
    assert found.table["q_value"].isna().tolist() == [False, False, True]  # 4 incidents are too few
    assert found.summary().startswith("3 countries with incidents (all kinds) in 2017 to 2022, 2 tested: MLI (")
    assert " Without a country code, in no row: 1." in found.summary()


def test_watch_refuses_years_the_wrong_way_round(toy_incidents):
    with pytest.raises(ag.RequestError, match="Write 2017:2022"):
        signals.watch(toy_incidents(), years=(2022, 2017))


def test_watch_leaves_out_a_year_that_is_not_over_and_says_so(toy_incidents):
    table = toy_incidents(year=[2019, 2020, 2021, 2022, 2022, 2023])
    table.attrs["source"] = {"data_to": "2023-03-02", "data_to_from": "file name"}
    found = signals.watch(table, years=(2019, 2023))
    assert (found.years, found.left_out, found.provisional) == ((2019, 2022), (2023,), True)
    assert found.table["incidents"].tolist() == [5]
    assert "Left out, since the data end before it does: 2023." in found.summary()
    assert "2022 is provisional and probably too low" in found.summary()
