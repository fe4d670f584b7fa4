"""Ranges and imputed counts, by hand and by going through every way in which the unplaced can fall."""

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.counts import unplaced
from awsd_geo.geocoding import reweigh

FRAME = ("West", "East", "Far")
W, E, F = "TOY-west", "TOY-east", "TOY-far"


@pytest.fixture
def regions(toy_regions):
    return toy_regions(*FRAME)


def table(*rows, **columns):
    """Make placed incidents: region_id, year, candidates, weights a row."""
    given = pd.DataFrame(rows, columns=["region_id", "year", "candidates", "candidate_weights"])
    made = given.astype({"region_id": "string", "year": "Int64", "candidates": object, "candidate_weights": object})
    return made.assign(victims=range(1, len(made) + 1), **columns)


@pytest.fixture
def located():
    return table(
        (W, 2020, (W,), (1.0,)),
        (W, 2021, (W,), (1.0,)),
        (E, 2021, (E,), (1.0,)),
        (None, 2020, (W, E), (0.25, 0.75)),
        (None, 2021, (W, E, F), (0.5, 0.25, 0.25)),
        (None, 2021, (F,), (1.0,)),  # not placed, but nowhere else
        (None, 2021, (), ()),  # in no unit of the frame
    )


def test_the_range_by_hand(located, regions):
    found = ag.count_range(located, regions)
    assert found.index.tolist() == [(unit, year) for unit in (W, E, F) for year in (2020, 2021)]
    assert found["firm"].tolist() == [1, 1, 0, 1, 0, 0]
    assert found["lowest"].tolist() == [1, 1, 0, 1, 0, 1]
    assert found["highest"].tolist() == [2, 2, 1, 2, 0, 2]
    assert found["expected"].tolist() == [1.25, 1.5, 0.75, 1.25, 0, 1.25]
    assert found.dtypes.astype(str).tolist() == ["int64", "int64", "int64", "float64"]
    assert (found.attrs["total"], found.attrs["located"], found.attrs["outside"]) == (7, 3, 1)
    assert found["firm"].tolist() == ag.count(located, regions)["incidents"].tolist()


def test_the_range_is_what_all_assignments_together_reach(located, regions):
    lost = located[located["region_id"].isna() & (located["candidates"].map(len) > 0)]
    reached, chances = {}, Counter()
    for choice in itertools.product(*(range(len(units)) for units in lost["candidates"])):
        ids = [units[pick] for units, pick in zip(lost["candidates"], choice, strict=True)]
        chance = np.prod([weights[pick] for weights, pick in zip(lost["candidate_weights"], choice, strict=True)])
        filled = located["region_id"].fillna(pd.Series(ids, index=lost.index, dtype="string"))
        counts = ag.count(located.assign(region_id=filled), regions)["incidents"]
        for cell, number in counts.items():
            reached.setdefault(cell, set()).add(number)
            chances[cell] += chance * number
    found = ag.count_range(located, regions)
    assert found["lowest"].tolist() == [min(reached[cell]) for cell in found.index]
    assert found["highest"].tolist() == [max(reached[cell]) for cell in found.index]
    assert found["expected"].tolist() == pytest.approx([chances[cell] for cell in found.index])


def test_the_unplaced_are_gathered_by_year_and_candidates(located, regions):
    again = pd.concat([located, located.iloc[3:5]])
    found = unplaced(again, regions)
    assert found[["year", "candidates", "incidents"]].to_numpy().tolist() == [
        [2020, (W, E), 2], [2021, (W, E, F), 2], [2021, (F,), 1], [2021, (), 1],
    ]  # fmt: skip
    assert found["candidate_weights"].tolist() == [(0.25, 0.75), (0.5, 0.25, 0.25), (1.0,), ()]


def test_without_doubt_columns_any_unit_is_possible(located, regions):
    bare = located.drop(columns=["candidates", "candidate_weights"])
    found = ag.count_range(bare, regions).groupby("region_id", sort=False).sum()
    assert found["highest"].tolist() == [6, 5, 4]
    assert found["expected"].tolist() == pytest.approx([2 + 4 / 3, 1 + 4 / 3, 4 / 3])
    missing = located.assign(candidates=None, candidate_weights=None)
    pd.testing.assert_frame_equal(ag.count_range(missing, regions), ag.count_range(bare, regions))


def test_lists_as_read_from_a_file_are_candidates_too(located, regions):
    listed = located.assign(
        candidates=located["candidates"].map(list), candidate_weights=located["candidate_weights"].map(np.array)
    )
    pd.testing.assert_frame_equal(ag.count_range(listed, regions), ag.count_range(located, regions))


def test_where_all_are_placed_the_range_is_the_count(located, regions):
    placed = located[located["region_id"].notna()]
    found = ag.count_range(placed, regions)
    for name in ("lowest", "highest", "expected"):
        assert found[name].tolist() == found["firm"].tolist()
    assert len(unplaced(placed, regions)) == 0
    first, second = ag.impute(placed, regions, sets=2)
    pd.testing.assert_frame_equal(first, second)
    assert first["incidents"].tolist() == found["firm"].tolist()


def test_imputed_counts_place_all_that_can_be_placed(located, regions):
    tables = ag.impute(located, regions, sets=50, seed=3)
    found = ag.count_range(located, regions)
    for number, counts in enumerate(tables):
        assert counts["incidents"].sum() == 6
        assert counts["victims"].sum() == 1 + 2 + 3 + 4 + 5 + 6
        assert (counts["incidents"] >= found["lowest"]).all()
        assert (counts["incidents"] <= found["highest"]).all()
        assert counts.attrs["imputed"] == {"set": number, "sets": 50, "seed": 3}
        assert (counts.attrs["located"], counts.attrs["total"]) == (6, 7)
        assert counts.attrs["unlocated_by_year"] == {2020: 0, 2021: 1}
    mean = np.mean([counts["incidents"] for counts in ag.impute(located, regions, sets=4000)], axis=0)
    assert mean == pytest.approx(found["expected"].to_numpy(), abs=0.03)  # over 3 standard errors of 0.008


def test_the_same_seed_gives_the_same_tables_and_another_seed_others(located, regions):
    many, few = ag.impute(located, regions, sets=30, seed=5), ag.impute(located, regions, sets=10, seed=5)
    for one, other in zip(many[:10], few, strict=True):
        assert one["incidents"].to_numpy().tobytes() == other["incidents"].to_numpy().tobytes()
    others = ag.impute(located, regions, sets=30, seed=6)
    assert any((one != other).any(axis=None) for one, other in zip(many, others, strict=True))


def test_an_imputed_table_is_the_count_of_the_table_so_filled(located, regions):
    # Victims of 2020: the incident of 4 falls in West or East; so its victims go with it, missing where not told.
    untold = located.assign(victims=pd.array([1, 2, 3, None, 5, 6, 7], dtype="Int64"))
    for counts in ag.impute(untold, regions, sets=20):
        fell = E if counts.loc[(E, 2020), "incidents"] else W
        assert pd.isna(counts.loc[(E, 2020), "victims"]) == (fell == E)
        assert counts.loc[(W, 2020), "victims"] == 1


def test_a_candidate_of_no_weight_is_never_drawn(regions):
    sure = table(*[(None, 2020, (W, E, F), (0.0, 1.0, 0.0))] * 200)
    for counts in ag.impute(sure, regions, sets=5):
        assert counts["incidents"].tolist() == [0, 200, 0]


@pytest.mark.parametrize(
    ("units", "weights", "message"),
    [
        ((W, "TOY-gone"), (0.5, 0.5), "candidate 'TOY-gone' is no region of the frame"),
        ((W, E), (0.5,), "The 2 candidates .* have the weights"),
        ((W, E), (1.5, -0.5), "Give one of 0 or more each"),
        ((W, E), (0.5, 0.4), "sum to 0.9"),
        ((W, W), (0.5, 0.5), "name a region twice"),
        ("TOY-west", (1.0,), "are text"),
    ],
)
def test_candidates_that_cannot_be_are_refused(regions, units, weights, message):
    with pytest.raises(ag.InputError, match=message):
        ag.count_range(table((None, 2020, units, weights)), regions)


def test_fewer_than_one_set_is_refused(located, regions):
    with pytest.raises(ag.RequestError, match="sets must be a whole number of 1 or more"):
        ag.impute(located, regions, sets=0)


def test_weights_do_not_come_from_other_incidents(regions):
    # A hundred incidents in West change nothing for the one that can be West or East.
    one = (None, 2020, (W, E), (0.5, 0.5))
    few, many = table(one), table(one, *[(W, 2020, (W,), (1.0,))] * 100)
    added = [ag.count_range(rows, regions).eval("expected - firm").tolist() for rows in (few, many)]
    assert added[0] == added[1] == [0.5, 0.5, 0]


def test_geocoded_incidents_are_counted_with_their_range(toy_incidents, toy_regions):
    regions = toy_regions(*FRAME)
    regions.loc[F, "name"] = "West"
    rows = toy_incidents(region=["West", "East", None], coordinate_issue=["missing"] * 3)
    found = ag.count_range(ag.geocode(rows, regions), regions)
    assert found["firm"].tolist() == [0, 1, 0]
    assert found["highest"].tolist() == [2, 2, 2]
    assert found["expected"].tolist() == pytest.approx([1 / 2 + 1 / 3, 1 + 1 / 3, 1 / 2 + 1 / 3])


def test_weights_of_your_own_change_what_is_expected_not_what_is_possible(located, regions):
    people = pd.Series({W: 10, E: 30, F: 60})
    ours, theirs = ag.count_range(located, regions), ag.count_range(reweigh(located, people), regions)
    assert theirs[["firm", "lowest", "highest"]].equals(ours[["firm", "lowest", "highest"]])
    # 2020: one in West or East, 10 : 30. 2021: one anywhere, 10 : 30 : 60, one in Far, one in no unit.
    assert theirs["expected"].tolist() == pytest.approx([1.25, 1.1, 0.75, 1.3, 0, 1.6])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({W: 1, E: 1}, "'TOY-far' has the weight nan"),
        ({W: 1, E: -1, F: 1}, "'TOY-east' has the weight -1"),
        ({W: 0, E: 0, F: 1}, "All of the candidates .* have the weight 0"),
    ],
)
def test_weights_that_cannot_be_are_refused(located, weights, message):
    with pytest.raises(ag.InputError, match=message):
        reweigh(located, pd.Series(weights, dtype=float))
