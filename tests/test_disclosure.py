"""Disclosure control: what is suppressed, that it cannot be undone, and that no less could be."""

from itertools import chain, combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import awsd_geo as ag
from awsd_geo.disclosure import TOTAL, attack, suppress


def counts(rows: list[list[int]], *, name: str = "incidents", letters: str = "ABCDEFGH") -> pd.Series:
    index = pd.MultiIndex.from_product(
        [list(letters[: len(rows)]), list(range(2020, 2020 + len(rows[0])))], names=["region_id", "year"]
    )
    return pd.Series(np.ravel(rows), index, name=name)


def hidden(made) -> set:
    shown = made.table["status"] == "suppressed"
    return {cell[1:] for cell in made.table.index[shown]}


def by_subtraction(table: pd.DataFrame) -> int:
    """Undo suppression with a pencil: fill each row or column of which one cell alone is missing; count the filled."""
    grid, filled = table["value"].droplevel("measure").unstack("year").astype("Float64"), 0
    for _ in range(grid.size):
        before = filled
        for axis in (grid, grid.T):
            parts = axis.drop(columns=TOTAL).columns if TOTAL in axis.columns else axis.columns
            for label in axis.index:
                line = axis.loc[label, [*parts, TOTAL]]
                if line.isna().sum() == 1:
                    gone = line.index[line.isna()][0]
                    total = line[parts].sum() if gone == TOTAL else line[TOTAL] - line.drop(TOTAL).sum()
                    row, column = (label, gone) if axis is grid else (gone, label)
                    grid.loc[row, column] = total
                    filled += 1
                    break
        if filled == before:
            return filled
    return filled


def test_four_corners_of_a_square_are_suppressed_where_one_is_small():
    # 1 needs another cell in its row and its column, and these need each other: with 9, 8 and 31 that is all four.
    made = suppress(counts([[1, 9], [8, 31]]), below=3)
    assert (made.primary, made.complementary, made.method) == (1, 3, "exact")
    assert hidden(made) == {("A", 2020), ("A", 2021), ("B", 2020), ("B", 2021)}
    # By hand: A2020 = t, A2021 = 10 - t, B2020 = 9 - t, B2021 = 30 + t, each at least 1: t from 1 to 8.
    found = made.attack().droplevel("measure")
    assert found.loc[("A", 2020)].tolist() == [1, 8, 7]
    assert found.loc[("A", 2021)].tolist() == [2, 9, 7]
    assert found.loc[("B", 2021)].tolist() == [31, 38, 7]


def test_the_cheapest_of_several_rectangles_is_taken():
    # Small cell A2020; rectangles with B: 5 + 6 + 20 = 31, with C: 5 + 7 + 8 = 20; C's is cheaper.
    made = suppress(counts([[1, 5, 50], [6, 20, 50], [7, 8, 50]]), below=2, width=1)
    assert hidden(made) == {("A", 2020), ("A", 2021), ("C", 2020), ("C", 2021)}


def test_the_attack_on_the_table_of_fischetti_and_salazar():
    # Their table of enterprises by activity and region, four cells suppressed: by hand II-A = t from 0 to 25,
    # II-C = 30 - t, III-A = 25 - t, III-C = 4 + t.
    rows = [[20, 50, 10, 80], [8, 19, 22, 49], [17, 32, 12, 61], [45, 101, 44, 190]]
    index = pd.MultiIndex.from_product(
        [["n"], ["I", "II", "III", TOTAL], ["A", "B", "C", TOTAL]], names=["measure", "activity", "region"]
    )
    table = pd.DataFrame({"value": pd.array(np.ravel(rows), dtype="Int64"), "status": "published"}, index)
    gone = [("n", "II", "A"), ("n", "II", "C"), ("n", "III", "A"), ("n", "III", "C")]
    table.loc[gone, "value"], table.loc[gone, "status"] = pd.NA, "suppressed"
    found = attack(table, zeros="suppressed")
    assert found["low"].tolist() == [0, 5, 0, 4]
    assert found["high"].tolist() == [25, 30, 25, 29]


def test_three_ways_of_counting_at_once():
    # Region, year and means with all totals shown and all eight cells hidden: what one gains its neighbours lose, so
    # that the cells move together, up by at most 2 (the least of those that then fall) and down by at most 5.
    values = [5, 2, 3, 6, 9, 7, 8, 4]
    index = pd.MultiIndex.from_product(
        [["A", "B"], [2020, 2021], ["gun", "bomb"]], names=["region_id", "year", "means"]
    )
    table = suppress(pd.Series(values, index, name="incidents") + 10, below=2).table
    table["value"] -= [10 * 2 ** cell.count(TOTAL) for cell in table.index]
    inner = [cell for cell in table.index if TOTAL not in cell]
    table.loc[inner, "value"], table.loc[inner, "status"] = pd.NA, "suppressed"
    found = attack(table, zeros="suppressed")
    assert found["width"].eq(7).all()
    assert found.loc[("incidents", "A", 2020, "gun")].tolist() == [0, 7, 7]


def test_a_table_of_one_small_number_hides_all_its_totals():
    made = suppress(counts([[0, 1], [0, 0]]), below=3)
    assert hidden(made) == {("A", 2021), ("A", TOTAL), (TOTAL, 2021), (TOTAL, TOTAL)}
    assert np.isinf(made.attack()["high"]).all()
    assert made.attack()["low"].eq(1).all()


def test_nothing_small_nothing_suppressed():
    made = suppress(counts([[0, 5], [7, 9]]), below=5)
    assert (made.table["status"] == "published").all()
    assert made.method == "none needed"
    assert made.attack().empty
    assert made.summary() == "No cell of 9 is suppressed: none is below 5."
    assert made.table.loc[("incidents", TOTAL, TOTAL), "value"] == 21


def test_the_summary_says_why_and_gives_nothing_away():
    made = suppress(counts([[1, 9], [8, 31]]), below=3)
    assert made.summary() == (
        "4 of 9 cells are suppressed: counts below 3, and others from which these could be worked out. At least 3 "
        "values remain possible for each."
    )
    assert "secret" not in repr(made)
    assert made.secret.loc[("incidents", "A", 2020)].tolist() == [1, "primary", "fewer than 3"]
    assert made.secret.loc[("incidents", "B", 2021), "why"] == "a suppressed cell could be worked out from it"
    assert list(made.to_frame()) == ["value", "status"]


def test_zeros_are_shown_or_hidden():
    rows = [[0, 6, 9], [8, 7, 9], [9, 9, 9]]
    assert hidden(suppress(counts(rows), below=3)) == set()
    made = suppress(counts(rows), below=3, zeros="suppressed")
    assert ("A", 2020) in hidden(made)
    assert made.attack()["low"].min() == 0
    assert made.attack()["width"].min() >= 2


def test_totals_of_units_above_are_protected_too():
    # Two units of P: the small one is P's total less the other; Q has three large ones, of which none need be hidden.
    table = counts([[1, 20], [30, 40], [50, 60], [70, 80], [90, 10]])
    above = {"A": "P", "B": "P", "C": "Q", "D": "Q", "E": "Q"}
    made = suppress(table, below=5, hierarchy={"region_id": above})
    assert hidden(made) == {("A", 2020), ("A", 2021), ("B", 2020), ("B", 2021)}
    assert made.table.loc[("incidents", "P", 2020), "value"] == 31
    assert made.attack()["width"].min() >= 4
    as_series = suppress(table, below=5, hierarchy={"region_id": pd.Series({**above, "X": None})})
    assert as_series.table.equals(made.table)
    assert as_series.attack().equals(made.attack())
    alone = suppress(table, below=5)
    assert "P" not in alone.table.index.get_level_values("region_id")


def test_halves_of_the_period_are_totals_as_well():
    # 2020 + 2021 is shown, so that a small 2020 cannot be protected by 2021 alone in other halves.
    table = counts([[1, 9, 30, 31], [8, 31, 30, 32]])
    made = suppress(table, below=3, hierarchy={"year": {2020: "first", 2021: "first", 2022: "last", 2023: "last"}})
    assert hidden(made) == {(region, year) for region in "AB" for year in (2020, 2021)}


def test_victims_do_not_betray_incidents():
    # A2020: 2 incidents with 2 victims. Were the victims shown, at most 2 incidents would be possible.
    table = pd.DataFrame({"incidents": counts([[2, 9], [8, 31]]), "victims": counts([[2, 20], [18, 90]])})
    made = suppress(table, below=3)
    assert made.linked
    gone = made.table["status"] == "suppressed"
    assert (gone.loc["incidents"] == gone.loc["victims"]).all()
    found = made.attack()
    assert found["width"].min() >= 2
    # With incidents at most victims: by hand t from 1 to 9 for both, so that t(incidents) <= t(victims).
    assert found.loc[("incidents", "A", 2020)].tolist() == [1, 9, 8]


def test_unknown_victims_are_said_to_be_unknown():
    victims = counts([[20, 9], [18, 90]]).astype("Int64")
    victims.iloc[1] = pd.NA
    made = suppress(pd.DataFrame({"incidents": counts([[7, 9], [8, 31]]), "victims": victims}), below=3)
    assert made.table.loc[("victims", "A", 2021), "status"] == "unknown"
    assert made.table.loc[("victims", "A", TOTAL), "value"] == 20
    assert made.attack().empty


def test_kept_cells_stay_and_too_many_are_refused():
    table = counts([[1, 5, 50], [6, 20, 50], [7, 8, 50]])
    made = suppress(table, below=2, width=1, keep=[("incidents", "C", 2020)])
    assert ("C", 2020) not in hidden(made)
    with pytest.raises(ag.RequestError, match="1 cells are too small to be shown and cannot be protected"):
        suppress(counts([[1, 9], [8, 31]]), below=3, keep=[("incidents", "B", 2021), *_margins(2, 2)])
    with pytest.raises(ag.RequestError, match=r"is to be kept but is below 3"):
        suppress(counts([[1, 9], [8, 31]]), below=3, keep=[("incidents", "A", 2020)])
    with pytest.raises(
        ag.RequestError, match=r"keep names \('A', 1\), which is no cell: write measure, region_id, year"
    ):
        suppress(counts([[1, 9], [8, 31]]), below=3, keep=[("A", 1)])


def _margins(rows: int, columns: int) -> list:
    lines = [("incidents", "ABCD"[row], TOTAL) for row in range(rows)]
    return [*lines, *(("incidents", TOTAL, 2020 + column) for column in range(columns)), ("incidents", TOTAL, TOTAL)]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"below": 1}, ag.RequestError, "below=1 hides nothing"),
        ({"width": 0}, ag.RequestError, "width=0 protects nothing"),
        ({"zeros": "no"}, ag.RequestError, "zeros='no' does not exist. Choose one of shown, suppressed"),
        ({"lose": "x"}, ag.RequestError, "lose='x' does not exist"),
        ({"hierarchy": {"unit": {}}}, ag.InputError, "The hierarchy names 'unit', but the counts are indexed by"),
        ({"hierarchy": {"region_id": {"A": "B"}}}, ag.InputError, "'B' is counted itself and stands above 'A'"),
        ({"hierarchy": {"region_id": {"A": "P", "P": "P"}}}, ag.InputError, "'P' stands above itself"),
    ],
)
def test_choices_that_are_at_fault_are_named(change, error, message):
    with pytest.raises(error, match=message):
        suppress(counts([[1, 9], [8, 31]]), **change)


def test_tables_that_are_at_fault_are_named():
    good = counts([[1, 9], [8, 31]])
    with pytest.raises(ag.InputError, match="The counts have 3 rows, which is not one for each of region_id x year"):
        suppress(good.iloc[:3])
    with pytest.raises(ag.InputError, match="negative or not whole"):
        suppress(good - 2)
    with pytest.raises(ag.InputError, match="a missing number"):
        suppress(good.astype("Int64").where(good > 1))
    with pytest.raises(ag.InputError, match="has the label 'total'"):
        suppress(good.rename({"A": TOTAL}))
    made = suppress(good, below=3).table
    with pytest.raises(ag.InputError, match="lacks cells or totals"):
        attack(made.iloc[:-1])
    wrong = made.assign(value=made["value"].where(made.index != ("incidents", TOTAL, TOTAL), 7))
    with pytest.raises(ag.InputError, match="A total that is published is not the sum of its parts"):
        attack(wrong)
    wrong = made.assign(value=made["value"].where(made.index != ("incidents", "A", TOTAL), 1))
    with pytest.raises(ag.InputError, match="No table of counts fits what is published"):
        attack(wrong.assign(status=made["status"].where(made.index != ("incidents", TOTAL, TOTAL), "suppressed")))


def test_the_order_of_rows_does_not_matter():
    table = counts([[1, 5, 50], [6, 20, 50], [7, 8, 50]])
    mixed = table.iloc[[8, 0, 4, 2, 1, 3, 7, 6, 5]]
    assert (
        suppress(mixed, below=2)
        .table.sort_index(key=lambda labels: labels.map(str))
        .equals(suppress(table, below=2).table.sort_index(key=lambda labels: labels.map(str)))
    )


tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 12), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


@settings(max_examples=40, deadline=None)
@given(tables, st.integers(2, 5), st.sampled_from(["shown", "suppressed"]))
def test_no_random_table_can_be_undone(rows, below, zeros):
    made = suppress(counts(rows), below=below, zeros=zeros)
    assert by_subtraction(made.table) == 0
    found = made.attack()
    truth = made.secret["value"].reindex(found.index)
    assert (found["low"] <= truth).all()
    assert (found["high"] >= truth).all()
    assert (found["width"] >= below - 1).all()
    shown = made.table["value"].dropna()
    assert ((shown >= below) | ((shown == 0) & (zeros == "shown"))).all()


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 7), min_size=12, max_size=12), st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_no_random_table_with_units_above_and_victims_can_be_undone(values, more):
    incidents = counts(np.reshape(values, (4, 3)).tolist())
    extra = counts(np.reshape(more, (4, 3)).tolist())
    table = pd.DataFrame({"incidents": incidents, "victims": incidents + extra.where(incidents > 0, 0)})
    made = suppress(table, below=3, hierarchy={"region_id": {"A": "P", "B": "P", "C": "Q", "D": "Q"}})
    assert (made.attack()["width"] >= 2).all()


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=16, max_size=16), st.integers(2, 5))
def test_no_random_table_can_be_undone_where_the_heuristic_protects_it(values, below):
    incidents = counts(np.reshape(values, (4, 4)).tolist())
    above = {"region_id": {"A": "P", "B": "P", "C": "Q", "D": "Q"}, "year": {2020: "first", 2021: "first"}}
    table = pd.DataFrame({"incidents": incidents, "victims": incidents * 2})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("awsd_geo.disclosure._pattern.EXACT_CELLS", 0)
        made = suppress(table, below=below, hierarchy=above)
    assert made.method in {"heuristic", "none needed"}
    assert (made.attack()["width"] >= below - 1).all()


def _possible(values: np.ndarray, pattern: set, least: int) -> dict:
    """Enumerate every table of whole numbers up to 6 that agrees with what is shown: the width of each hidden cell.

    Widths of 1 are asked for values up to 5, and where a cell can move by 1, no other need move by more.
    """
    shape, low, high = values.shape, {}, {}
    inner = [cell for cell in pattern if cell[0] < shape[0] and cell[1] < shape[1]]
    full = _with_totals(values)
    for guess in product(range(least, 7), repeat=len(inner)):
        tried = values.copy()
        for cell, value in zip(inner, guess, strict=True):
            tried[cell] = value
        whole = _with_totals(tried)
        if all(whole[cell] == full[cell] for cell in np.ndindex(full.shape) if cell not in pattern):
            for cell in pattern:
                low[cell] = min(low.get(cell, 10**9), whole[cell])
                high[cell] = max(high.get(cell, -1), whole[cell])
    return {cell: high[cell] - low[cell] for cell in pattern}


def _with_totals(values: np.ndarray) -> np.ndarray:
    tall = np.vstack([values, values.sum(axis=0)])
    return np.column_stack([tall, tall.sum(axis=1)])


@pytest.mark.parametrize("values", [[[1, 4], [3, 5]], [[2, 3], [0, 4]], [[1, 3], [4, 0]], [[3, 1], [1, 3]]])
@pytest.mark.parametrize("lose", ["incidents", "cells"])
def test_nothing_cheaper_protects_by_enumeration(values, lose):
    """Try every pattern of a 2 x 2 table with its totals, and every table that fits each."""
    grid, below = np.array(values), 2
    made = suppress(counts(values), below=below, lose=lose)
    full = _with_totals(grid)
    able = [cell for cell in np.ndindex(full.shape) if full[cell] > 0]
    must = {cell for cell in able if full[cell] < below}
    costs = []
    for chosen in chain.from_iterable(combinations(able, size) for size in range(len(must), len(able) + 1)):
        pattern = set(chosen)
        if must <= pattern and all(wide >= below - 1 for wide in _possible(grid, pattern, 1).values()):
            costs.append(sum(full[cell] if lose == "incidents" else 1 for cell in pattern))
    gone = made.secret[made.secret["role"] != ""]
    assert (gone["value"].sum() if lose == "incidents" else len(gone)) == (min(costs) if must else 0)


def test_a_large_table_is_protected_by_the_heuristic():
    chance = np.random.default_rng(0)
    rows = chance.poisson(chance.gamma(0.5, 6.0, (60, 1)), (60, 8))
    index = pd.MultiIndex.from_product([[f"U{row:02}" for row in range(60)], range(8)], names=["region_id", "year"])
    above = {f"U{row:02}": f"P{row // 10}" for row in range(60)}
    made = suppress(pd.Series(rows.ravel(), index, name="incidents"), below=3, hierarchy={"region_id": above})
    assert made.method == "heuristic"
    assert made.attack()["width"].min() >= 2


def test_the_heuristic_is_not_far_from_the_exact_search(monkeypatch):
    table = counts([[1, 5, 50, 0], [6, 20, 50, 3], [7, 8, 50, 2], [12, 1, 9, 30]])
    best = suppress(table, below=3)
    monkeypatch.setattr("awsd_geo.disclosure._pattern.EXACT_CELLS", 0)
    other = suppress(table, below=3)
    lost = [made.secret.loc[made.secret["role"] != "", "value"].sum() for made in (best, other)]
    assert (best.method, other.method) == ("exact", "heuristic")
    assert lost[0] <= lost[1] <= 2 * lost[0]
    assert other.attack()["width"].min() >= 2


def test_the_example_of_mali_cannot_be_undone():
    mali = ag.select(ag.example(), country="MLI", years=(2017, 2022), kind="kidnapped")
    regions = ag.load_regions("MLI", level=1, vintage="2016")
    made = suppress(ag.count(ag.geocode(mali, regions), regions, years=(2017, 2022))["incidents"], below=3)
    assert made.method == "exact"
    assert by_subtraction(made.table) == 0
    assert made.attack()["width"].min() >= 2
    again = suppress(ag.count(ag.geocode(mali, regions), regions, years=(2017, 2022))["incidents"], below=3)
    assert made.table.equals(again.table)


def test_totals_that_nobody_needs_are_left_out_instead_of_protected():
    # Halves 2020-21 and 2022-23. A2020 is small: with its row, column and both halves shown for every unit it needs
    # A2021, B2020 and B2021 (1 + 9 + 8 + 31 = 49, as in the test of halves above). Where the halves of A and B are
    # not needed, A2022 and B2022 may take the place of the second column: 1 + 6 + 8 + 7 = 22.
    table = counts([[1, 9, 6, 31], [8, 31, 7, 32]])
    halves = {"year": {2020: "first", 2021: "first", 2022: "last", 2023: "last"}}
    spare = [("incidents", unit, half) for unit in "AB" for half in ("first", "last")]
    made = suppress(table, below=3, hierarchy=halves, spare=spare)
    status = made.table["status"].droplevel("measure")
    assert hidden(made) == {(unit, year) for unit in "AB" for year in (2020, 2022)}
    assert made.secret[made.secret["role"] != ""]["value"].sum() == 22
    assert set(status[status == "left out"].index) == {cell[1:] for cell in spare}
    without = suppress(table, below=3, hierarchy=halves)
    assert without.secret[without.secret["role"] != ""]["value"].sum() == 49
    found = made.attack()
    assert (found["width"] >= 2).all()
    assert set(found.index) == set(made.table.index[made.table["status"] == "suppressed"])


def test_a_small_total_that_nobody_needs_is_not_shown():
    # The first half of A is 1 + 1 = 2, below 5: small, and left out.
    table = counts([[1, 1, 20, 30], [20, 30, 20, 30], [25, 20, 20, 20]])
    halves = {"year": {2020: "first", 2021: "first", 2022: "last", 2023: "last"}}
    spare = [("incidents", unit, half) for unit in "ABC" for half in ("first", "last")]
    made = suppress(table, below=5, hierarchy=halves, spare=spare)
    assert made.table.loc[("incidents", "A", "first"), "status"] == "left out"
    assert made.table.loc[("incidents", TOTAL, "first"), "value"] == 97
    assert (made.attack()["width"] >= 4).all()
    with pytest.raises(ag.RequestError, match="spare names"):
        suppress(table, below=5, spare=[("incidents", "Z", TOTAL)])


def test_some_cells_can_be_attacked_alone():
    made = suppress(counts([[1, 5, 50], [6, 20, 50], [7, 8, 50]]), below=2, width=1)
    whole = made.attack()
    one = attack(made.table, cells=[("incidents", "A", 2020)])
    assert one.equals(whole.loc[[("incidents", "A", 2020)]])


@pytest.mark.parametrize("seed", range(6))
def test_leaving_victims_out_of_the_search_loses_nothing(seed, monkeypatch):
    """The same cost as of the search over both: a pattern of incidents that protects victims too is the cheapest."""
    chance = np.random.default_rng(seed)
    rows = chance.poisson(chance.gamma(0.8, 6.0, (4, 1)), (4, 3))
    incidents = counts(rows.tolist())
    table = pd.DataFrame({"incidents": incidents, "victims": incidents + counts(chance.poisson(rows).tolist())})
    made = suppress(table, below=4)
    monkeypatch.setattr("awsd_geo.disclosure._pattern.of_incidents", lambda _: None)
    both = suppress(table, below=4)
    costs = [each.secret.loc[each.secret["role"] != "", "value"].sum() for each in (made, both)]
    assert made.method == both.method
    assert costs[0] == costs[1] or made.method == "exact, widened"
    assert (made.attack()["width"] >= 3).all()
