"""Suppression attacked by an outsider who writes down every incident as an unknown of its own.

The solver here shares nothing with ``awsd_geo.disclosure``: its unknowns are the cells by unit and year alone, all of
them, and every published number is an equation in these.
"""

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

import awsd_geo as ag
from awsd_geo.disclosure import TOTAL, suppress
from awsd_geo.report.release import UNPLACED, _suppressed, halves_of, label_of

FIRST = 2019
WORLDS = [  # incidents by unit (the last: in no unit) and year; victims beyond one an incident; threshold
    ([[6, 2, 4], [1, 0, 3], [2, 7, 1], [1, 0, 2]], [[1, 0, 2], [0, 0, 0], [3, 0, 1], [0, 0, 0]], 5),
    ([[9, 3, 1, 4], [0, 2, 2, 0], [5, 1, 6, 3], [2, 2, 0, 1]], [[0] * 4] * 4, 5),
    ([[2, 3], [4, 4], [1, 9], [0, 0]], [[1, 1], [0, 2], [0, 0], [0, 0]], 3),
    ([[13], [4], [2], [7], [3]], [[5], [0], [1], [0], [0]], 10),
    ([[3, 0, 2, 1, 6, 2], [8, 7, 9, 4, 3, 12], [0, 1, 0, 0, 2, 3], [1, 0, 0, 2, 0, 1]], [[0] * 6] * 4, 5),
]


def published(incidents, more, below):
    """Give the table that may be shown, its years, and the true numbers."""
    true = {"incidents": np.array(incidents)}
    true["victims"] = true["incidents"] + np.array(more) * (true["incidents"] > 0)
    units = [*(f"unit {number}" for number in range(1, len(incidents))), UNPLACED]
    years = (FIRST, FIRST + len(incidents[0]) - 1)
    index = pd.MultiIndex.from_product([units, range(years[0], years[1] + 1)], names=["region_id", "year"])
    counts = pd.DataFrame({name: numbers.ravel() for name, numbers in true.items()}, index)
    return _suppressed(counts, years, below), years, true


class Outsider:
    """Whoever has the table: each cell by unit and year is an unknown, each number shown an equation."""

    def __init__(self, table, years):
        self.units = [unit for unit in table.index.unique("region_id") if unit != TOTAL]
        self.shape = (2, len(self.units), years[1] - years[0] + 1)
        self.years, self.size = years, int(np.prod(self.shape))
        self.spans = {label_of(half): half for half in halves_of(years)} | {TOTAL: years}
        hidden = table["status"] != "published"
        known = table["value"].fillna(0).astype("int64")
        parts = [self.part(cell) for cell in table.index]
        beside = np.eye(self.size)[self.size // 2 :] - np.eye(self.size)[: self.size // 2]  # victims less incidents
        least = np.concatenate([np.where(hidden, 1, known), np.zeros(self.size // 2)])
        most = np.concatenate([np.where(hidden, np.inf, known), np.full(self.size // 2, np.inf)])
        self.rules = LinearConstraint(np.vstack([*parts, beside]), least, most)

    def part(self, cell):
        """Mark the unknowns that a cell of the table is the sum of."""
        measure, unit, when = cell
        first, last = self.spans.get(when, (when, when))
        marks = np.zeros(self.shape)
        row = slice(None) if unit == TOTAL else self.units.index(unit)
        marks[int(measure == "victims"), row, first - self.years[0] : last - self.years[0] + 1] = 1.0
        return marks.ravel()

    def possible(self, marks, true, enough):
        """Give the values that a sum of unknowns can have around the true one, until there are enough."""
        found, steps = [true], {1: 0, -1: 0}
        for sign in (1, -1):
            while len(found) < enough and self.fits(marks, true + sign * (steps[sign] + 1)):
                steps[sign] += 1
                found.append(true + sign * steps[sign])
        return sorted(found)

    def fits(self, marks, value):
        """Say whether a table fits in which these unknowns sum to a value: a question without a goal.

        Asked for the greatest value of a sum, the solver of scipy 1.17 now and then calls one greatest that is not.
        """
        asked = LinearConstraint(marks[None, :], value, value)
        found = milp(
            np.zeros(self.size),
            constraints=[self.rules, asked],
            bounds=Bounds(0, np.inf),
            integrality=np.ones(self.size),
        )
        return found.status == 0


@pytest.mark.parametrize("world", range(len(WORLDS)))
def test_no_suppressed_number_is_enclosed_by_whoever_counts_incident_by_incident(world):
    incidents, more, below = WORLDS[world]
    table, years, true = published(incidents, more, below)
    outsider = Outsider(table, years)
    hidden = table.index[table["status"] == "suppressed"]
    assert len(hidden)
    truth = np.stack([true["incidents"], true["victims"]]).ravel()
    for cell in hidden:
        marks = outsider.part(cell)
        assert len(outsider.possible(marks, int(marks @ truth), below)) == below, cell


@pytest.mark.parametrize("world", range(len(WORLDS)))
def test_small_sums_that_are_no_cells_stay_as_wide(world):
    incidents, more, below = WORLDS[world]
    table, years, true = published(incidents, more, below)
    outsider = Outsider(table, years)
    sums = [outsider.part(cell) for cell in table.index[table["status"] == "left out"]]  # of a unit in half the period
    sums += [  # what was placed in a year
        outsider.part(("incidents", TOTAL, year)) - outsider.part(("incidents", UNPLACED, year))
        for year in range(years[0], years[1] + 1)
    ]
    truth = np.stack([true["incidents"], true["victims"]]).ravel()
    for marks in sums:
        if 0 < marks @ truth < below:
            assert len(outsider.possible(marks, int(marks @ truth), below)) == below


def test_a_pickled_or_exported_table_holds_nothing_under_its_missing_numbers():
    index = pd.MultiIndex.from_product([["Gao", "Mopti", "Kayes"], [2021, 2022]], names=["region_id", "year"])
    one, two = (
        suppress(pd.Series(numbers, index, name="incidents"), below=5).to_frame()
        for numbers in ([3, 9, 9, 8, 3, 6], [2, 10, 9, 8, 4, 5])
    )
    assert one.equals(two)
    assert pickle.dumps(one) == pickle.dumps(two)


def test_an_alert_handed_on_as_an_object_holds_no_hidden_number():
    made = ag.alert(ag.example(), country="MLI", years=(2021, 2022), vintage="2016", data="own")
    value = pickle.loads(pickle.dumps(made)).release.table["value"].array
    assert len(set(value._data[value._mask])) == 1
