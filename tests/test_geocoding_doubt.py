"""The doubt columns on a toy map of one-degree squares, each rule by hand."""

from types import SimpleNamespace

import pandas as pd
import pytest

import awsd_geo as ag
from awsd_geo.geocoding import cases, doubt_as_text, placing, reweigh
from awsd_geo.geocoding.names import Reading

FRAME = ("West", "East", "Far")
ANYWHERE = ("TOY-west", "TOY-east", "TOY-far")


def doubts(table, regions):
    columns = ["candidates", "candidate_weights", "location_precision", "confidence"]
    return ag.geocode(table, regions)[columns].iloc[0].tolist()


def one(toy_incidents, *, issue="none", at=None, **texts):
    longitude, latitude = at or (None, None)
    issue = "missing" if at is None and issue == "none" else issue
    columns = {name: [text] for name, text in texts.items()}
    return toy_incidents(longitude=[longitude], latitude=[latitude], coordinate_issue=[issue], **columns)


@pytest.mark.parametrize(
    ("given", "precision", "confidence"),
    [
        ({"region": "East", "at": (1.5, 0.5)}, "point", "sure"),  # text and point agree
        ({"region": "East"}, "region", "sure"),
        ({"district": "East"}, "district", "sure"),
        ({"region": "East", "city": "East"}, "settlement", "sure"),
        ({"region": "East", "city": "Nowhere"}, "region", "sure"),  # the city is not known, the region is
        ({"at": (1.5, 0.5)}, "point", "sure"),  # a point alone, nothing against it
        ({"city": "Nowhere", "at": (1.5, 0.5)}, "point", "likely"),  # ... beside a text that is not known
        ({"at": (1.5, 1.01)}, "point", "likely"),  # just outside every unit
        ({"region": "East", "at": (0.5, 0.5)}, "region", "likely"),  # the point contradicts the text
        ({"region": "East", "at": (9.0, 0.5)}, "region", "likely"),  # ... from outside of every unit
        ({"region": "East", "city": "West"}, "region", "likely"),  # a finer text contradicts the coarser
        ({"region": "East", "at": (1.5, 0.5), "issue": "coarse"}, "region", "sure"),  # no better than the text
        ({"region": "East", "at": (0.5, 0.5), "issue": "country_centroid"}, "region", "sure"),
    ],
)
def test_a_placed_incident_has_one_candidate_and_a_word_for_what_speaks_against_it(
    toy_incidents, toy_regions, given, precision, confidence
):
    found = doubts(one(toy_incidents, **given), toy_regions(*FRAME))
    assert found == [("TOY-east",), (1.0,), precision, confidence]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"city": "Nowhere"},
        {"at": (1.5, 0.5), "issue": "country_centroid"},
        {"at": (1.5, 0.5), "issue": "coarse"},  # a flagged point bounds nothing
        {"at": (0.5, 0.5), "issue": "lat_equals_lon"},
        {"issue": "unreadable"},
    ],
)
def test_where_nothing_narrows_it_any_unit_of_the_frame_is_possible(toy_incidents, toy_regions, given):
    units, weights, precision, confidence = doubts(one(toy_incidents, **given), toy_regions(*FRAME))
    assert (units, precision, confidence) == (ANYWHERE, "unknown", "unknown")
    assert weights == pytest.approx((1 / 3,) * 3)


def test_a_point_outside_a_frame_of_no_known_country_lies_in_none_of_its_units(toy_incidents, toy_regions):
    assert doubts(one(toy_incidents, at=(9.0, 0.5)), toy_regions(*FRAME)) == [(), (), "unknown", "unknown"]


def test_a_town_named_like_a_unit_is_likely_there_but_nothing_proves_it(toy_incidents, toy_regions):
    # A frame lists its units, not the settlements: another town of the name may lie in any unit.
    found = doubts(one(toy_incidents, city="East"), toy_regions(*FRAME))
    assert found == [ANYWHERE, pytest.approx((0.2, 0.6, 0.2)), "settlement", "ambiguous"]


def homonyms(toy_regions):
    regions = toy_regions(*FRAME)
    regions.loc["TOY-far", "name"] = "West"
    return regions


@pytest.mark.parametrize("at", [None, (1.5, 0.5)])  # no point, or one that lies in neither
def test_a_text_that_fits_two_units_keeps_both(toy_incidents, toy_regions, at):
    table = one(toy_incidents, region="West", at=at)
    assert doubts(table, homonyms(toy_regions)) == [("TOY-west", "TOY-far"), (0.5, 0.5), "region", "ambiguous"]


def test_a_rounded_point_that_chooses_among_homonyms_leaves_some_doubt(toy_incidents, toy_regions):
    table = one(toy_incidents, region="West", at=(2.5, 0.5), issue="coarse")
    assert doubts(table, homonyms(toy_regions)) == [("TOY-far",), (1.0,), "region", "likely"]


def test_a_point_that_chooses_among_homonyms_leaves_no_doubt(toy_incidents, toy_regions):
    table = one(toy_incidents, region="West", at=(2.5, 0.5))
    assert doubts(table, homonyms(toy_regions)) == [("TOY-far",), (1.0,), "point", "sure"]


def read_as(monkeypatch, reading):
    names = SimpleNamespace(read=lambda _: reading, prepare=list)
    monkeypatch.setattr(cases, "place_names", lambda *_: names)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (  # 3 of 4 cells lie in East: weights are scaled and stand in the frame's order
            Reading(frozenset({"TOY-east", "TOY-west"}), weights={"TOY-east": 3, "TOY-west": 1}, precision="district"),
            [("TOY-west", "TOY-east"), (0.25, 0.75), "district", "ambiguous"],
        ),
        (
            Reading(frozenset({"TOY-east", "TOY-west"}), weights={}, precision="settlement", ambiguous=True),
            [("TOY-west", "TOY-east"), (0.5, 0.5), "settlement", "ambiguous"],
        ),
        (
            Reading(frozenset({"TOY-east"}), precision="settlement", ambiguous=True),
            [("TOY-east",), (1.0,), "settlement", "likely"],
        ),
        (
            Reading(frozenset(ANYWHERE), precision="country"),
            [ANYWHERE, (1 / 3, 1 / 3, 1 / 3), "country", "unknown"],
        ),
    ],
)
def test_weights_precision_and_ambiguity_of_the_names_are_used(
    toy_incidents, toy_regions, monkeypatch, reading, expected
):
    read_as(monkeypatch, reading)
    assert doubts(one(toy_incidents, city="anything"), toy_regions(*FRAME)) == expected


def test_in_a_country_that_is_known_the_whole_of_it_is_possible_but_nothing_for_another(toy_incidents):
    table = toy_incidents(
        iso3=["MLI", "MLI", "BFA"], longitude=[None, 40.0, None], latitude=[None, 0.5, None],
        coordinate_issue=["missing", "none", "missing"],
    )  # fmt: skip
    regions = ag.load_regions("MLI", vintage="2016")
    located = ag.geocode(table, regions)
    assert located["candidates"].tolist() == [tuple(regions.index), tuple(regions.index), ()]
    assert located["location_precision"].tolist() == ["country", "country", "unknown"]
    assert located["confidence"].tolist() == ["unknown"] * 3


def test_old_mopti_is_one_of_three_of_the_units_of_2023(toy_incidents):
    table = toy_incidents(region=["Mopti"], coordinate_issue=["missing"])
    units, weights, precision, confidence = doubts(table, ag.load_regions("MLI", vintage="2023"))
    assert set(units) == {"MLI-2023-mopti", "MLI-2023-bandiagara", "MLI-2023-douentza"}
    assert sum(weights) == pytest.approx(1)
    assert (precision, confidence) == ("region", "ambiguous")


def test_every_row_keeps_what_the_columns_promise(shared_table, toy_regions):
    located = ag.geocode(shared_table, homonyms(toy_regions))
    placed = located["region_id"].notna()
    assert located.loc[placed, "candidates"].tolist() == [(unit,) for unit in located.loc[placed, "region_id"]]
    assert set(located.loc[placed, "confidence"]) <= {"sure", "likely"}
    assert set(located.loc[~placed, "confidence"]) <= {"ambiguous", "unknown"}
    for units, weights in zip(located["candidates"], located["candidate_weights"], strict=True):
        assert len(units) == len(weights)
        assert not units or sum(weights) == pytest.approx(1)
    for column in ag.schema.LOCATED.columns:
        assert column.name in located
    ag.schema.check(located, ag.schema.LOCATED)


@pytest.fixture
def shared_table(toy_incidents):
    return toy_incidents(
        region=["West", "East", None, "West", "Nowhere", None],
        longitude=[None, 0.5, 1.5, 2.5, 2.01, 9.0],
        latitude=[None, 0.5, 0.5, 0.5, 1.01, 0.5],
        coordinate_issue=["missing", "none", "none", "coarse", "none", "none"],
    )


def test_rows_decided_together_are_decided_as_each_alone(shared_table, toy_regions):
    regions = homonyms(toy_regions)
    whole = ag.geocode(pd.concat([shared_table] * 3), regions)
    alone = pd.concat([ag.geocode(shared_table.iloc[[row % 6]], regions) for row in range(18)])
    pd.testing.assert_frame_equal(whole, alone)


def test_the_columns_go_through_parquet_and_back(shared_table, toy_regions, tmp_path):
    pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra scale)")
    regions = homonyms(toy_regions)
    located = ag.geocode(shared_table, regions)
    located.to_parquet(tmp_path / "placed.parquet")
    back = pd.read_parquet(tmp_path / "placed.parquet")
    pd.testing.assert_frame_equal(
        doubt_as_text(back), doubt_as_text(located), check_dtype=False, check_index_type=False
    )
    pd.testing.assert_frame_equal(ag.count_range(back, regions), ag.count_range(located, regions))
    people = pd.Series(1.0, index=regions.index)
    assert reweigh(back, people)["candidate_weights"].iloc[0] == (0.5, 0.5)


def test_each_distinct_case_is_decided_once(shared_table, toy_regions, monkeypatch):
    decided = []
    place = placing.Rules.place
    monkeypatch.setattr(placing.Rules, "place", lambda rules, case: decided.append(case) or place(rules, case))
    ag.geocode(pd.concat([shared_table] * 500), homonyms(toy_regions))
    assert len(decided) == len(set(map(repr, decided))) == 6


def test_a_table_without_a_row_keeps_its_columns(shared_table, toy_regions):
    empty = ag.geocode(shared_table.iloc[:0], toy_regions(*FRAME))
    assert len(empty) == 0
    assert {"region_id", "why", "candidates", "confidence"} <= set(empty.columns)


def test_in_a_file_of_text_candidates_are_text(shared_table, toy_regions):
    text = doubt_as_text(ag.geocode(shared_table, homonyms(toy_regions)))
    assert text["candidates"].tolist() == ["TOY-west; TOY-far", "TOY-east", "TOY-east", "TOY-far", "TOY-far", ""]
    assert text["candidate_weights"].tolist() == ["0.5; 0.5", "1", "1", "1", "1", ""]
    anywhere = doubt_as_text(ag.geocode(shared_table.assign(region=None).iloc[[0]], toy_regions(*FRAME)))
    assert anywhere[["candidates", "candidate_weights"]].iloc[0].tolist() == ["any", "equal"]
    with pytest.raises(ag.InputError, match="lacks the columns candidates, candidate_weights, confidence"):
        doubt_as_text(shared_table)
