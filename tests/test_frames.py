"""Crosswalks between frames: shares by hand from the census and from squares, counts that add up, refusals."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from awsd_geo import frames, load_regions
from awsd_geo.boundaries import membership
from awsd_geo.errors import InputError, RequestError

EARLY, LATE, NEW = (load_regions("MLI", vintage=vintage) for vintage in ("1991", "2016", "2023"))


def squares(**west: tuple[float, float]) -> gpd.GeoDataFrame:
    """Give boxes on the equator, by name: from which to which degree east."""
    shapes = [shapely.box(low, 0, high, 1) for low, high in west.values()]
    return gpd.GeoDataFrame({"name": list(west)}, index=list(west), geometry=shapes, crs="EPSG:4326")


def test_the_reform_of_2016_split_two_regions_and_went_back_exactly():
    there, back = frames.crosswalk(EARLY, LATE, by="population"), frames.crosswalk(LATE, EARLY)
    split = there.table[there.table["relation"] == "part"]
    # Census of 2022, by hand: Gao 727,517 and Ménaka 318,876; Tombouctou 974,278 and Taoudénit 100,358.
    assert split["share"].to_dict() == {
        ("MLI-1991-gao", "MLI-2016-gao"): pytest.approx(727517 / (727517 + 318876)),
        ("MLI-1991-gao", "MLI-2016-menaka"): pytest.approx(318876 / (727517 + 318876)),
        ("MLI-1991-tombouctou", "MLI-2016-taoudenit"): pytest.approx(100358 / (974278 + 100358)),
        ("MLI-1991-tombouctou", "MLI-2016-tombouctou"): pytest.approx(974278 / (974278 + 100358)),
    }
    assert not there.exact
    assert there.summary() == (
        "From MLI 1991 to MLI 2016 2 of 9 units are split: Gao into Gao, Ménaka; Tombouctou into Taoudénit, "
        "Tombouctou. Their counts are shared out by population, approximately."
    )
    assert back.exact
    assert back.summary() == "Every unit of MLI 2016 lies in one unit of MLI 1991: counts carry over exactly."
    assert set(back.table["relation"]) == {"same", "whole"}


def test_the_reform_of_2023_is_approximate_but_its_regions_lie_in_those_of_2016():
    there, back = frames.crosswalk(LATE, NEW, by="population"), frames.crosswalk(NEW, LATE)
    mopti = there.table.loc["MLI-2016-mopti", "share"]
    # By hand: Bandiagara 868,916, Douentza 170,189, Mopti 935,579 of 1,974,684.
    assert mopti.to_dict() == {
        "MLI-2023-bandiagara": pytest.approx(868916 / 1974684),
        "MLI-2023-douentza": pytest.approx(170189 / 1974684),
        "MLI-2023-mopti": pytest.approx(935579 / 1974684),
    }
    assert back.exact
    assert there.approximate == back.approximate == ("MLI 2023",)
    assert back.summary().endswith("exactly. The lines of MLI 2023 are approximate.")


def test_counts_of_a_split_unit_are_shared_out_and_said_to_be_uncertain():
    counts = pd.Series({("MLI-2016-mopti", 2022): 10, ("MLI-2016-gao", 2022): 4, ("MLI-2016-gao", 2021): 0})
    counts.index.names = ["region_id", "year"]
    table = frames.crosswalk(LATE, NEW, by="population").apply(counts)
    assert table.loc[("MLI-2023-gao", 2022)].to_dict() == {"incidents": 4, "lowest": 4, "highest": 4, "exact": True}
    row = table.loc[("MLI-2023-mopti", 2022)]
    assert (row["lowest"], row["highest"], row["exact"]) == (0, 10, False)
    assert row["incidents"] == pytest.approx(10 * 935579 / 1974684)
    assert table.loc[("MLI-2023-gao", 2021), "exact"]
    assert "approximately" in table.attrs["crosswalk"]


def test_area_is_that_of_the_finest_units_and_of_the_drawing():
    by_cell = frames.crosswalk(LATE, NEW).table["share"]
    old, new = LATE.copy(), NEW.copy()
    old.attrs, new.attrs = {}, {}
    laid_over = frames.crosswalk(old, new)
    pd.testing.assert_series_equal(laid_over.table["share"], by_cell, rtol=2e-4)
    assert laid_over.old == "a frame of 11 units"


def test_frames_that_know_nothing_of_each_other_are_laid_over_each_other():
    # By hand, along the equator: b (1 to 3) lies half in y; the last hundredth of a is a difference of drawing.
    walk = frames.crosswalk(squares(a=(0, 1.004), b=(1.004, 3)), squares(x=(0, 1), y=(1, 2), z=(2, 3)))
    assert walk.table["share"].to_dict() == {
        ("a", "x"): 1.0, ("b", "y"): pytest.approx(0.996 / 1.996, rel=1e-6),
        ("b", "z"): pytest.approx(1 / 1.996, rel=1e-6),
    }  # fmt: skip
    assert walk.table["relation"].tolist() == ["same", "part", "part"]
    assert walk.slivers == 1
    with pytest.raises(RequestError, match="only area can be shared out"):
        frames.crosswalk(squares(a=(0, 1)), squares(x=(0, 1)), by="population")


def test_residents_of_a_cercle_are_not_known_and_said_so():
    walk = frames.crosswalk(LATE, load_regions("MLI", level=2, vintage="2016"), by="population")
    assert walk.table.loc["MLI-2016-mopti", "share"].isna().all()
    assert walk.table.loc["MLI-2016-bamako", "share"].tolist() == [1.0]
    assert walk.reason
    assert walk.reason in walk.summary()
    counts = pd.Series({"MLI-2016-mopti": 3, "MLI-2016-segou": 0, "MLI-2016-bamako": 1}).rename_axis("region_id")
    table = walk.apply(counts)
    assert table.loc["MLI-2016-cercle-mopti", "incidents"] != table.loc["MLI-2016-cercle-mopti", "incidents"]  # NaN
    assert table.loc["MLI-2016-cercle-segou", "incidents"] == 0  # nothing is shared out
    assert table.loc["MLI-2016-cercle-bamako", "incidents"] == 1


def test_weights_of_your_own_are_by_finest_unit():
    cells = membership("MLI")
    weights = pd.Series(0.0, index=cells.index)
    weights[cells.index[(cells["level_1_2023"] == "MLI-2023-douentza")][:3]] = 2.0
    share = frames.crosswalk(LATE, NEW, by=weights).table["share"]
    assert share["MLI-2016-mopti", "MLI-2023-douentza"] == 1
    assert share["MLI-2016-mopti", "MLI-2023-mopti"] == 0
    with pytest.raises(InputError, match="lack"):
        frames.crosswalk(LATE, NEW, by=weights.iloc[1:])
    with pytest.raises(InputError, match="negative"):
        frames.crosswalk(LATE, NEW, by=weights - 1)


def test_what_is_not_a_frame_or_a_weight_is_refused():
    with pytest.raises(RequestError, match="Unknown weight 'people'"):
        frames.crosswalk(LATE, NEW, by="people")
    with pytest.raises(InputError, match="'MLI-1991-gao' is not in MLI 2016"):
        frames.crosswalk(LATE, NEW).apply(pd.Series({"MLI-1991-gao": 1}).rename_axis("region_id"))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 50), min_size=11, max_size=11), st.sampled_from(["area", "population"]))
def test_no_incident_is_lost_and_the_range_holds_what_is_shared_out(numbers, by):
    counts = pd.Series(numbers, index=LATE.index)
    table = frames.crosswalk(LATE, NEW, by=by).apply(counts)
    assert set(table.index) == set(NEW.index)
    assert table["incidents"].sum() == pytest.approx(counts.sum())
    assert (table["lowest"] <= table["incidents"] + 1e-9).all()
    assert (table["incidents"] <= table["highest"] + 1e-9).all()
