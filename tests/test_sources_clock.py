"""Incident IDs as a clock; the expected ticks are read by eye from the table of facts."""

import datetime as dt

import pytest

from awsd_geo.errors import RequestError
from awsd_geo.sources import date_of, highest_id
from awsd_geo.sources.clock import last_tick


def test_the_alerts_own_day_knows_id_3717():
    tick = highest_id(dt.date(2023, 3, 2))
    assert (tick.incident_id, tick.date) == (3717, dt.date(2023, 3, 2))
    assert tick.basis.startswith("inferred")


def test_between_two_dates_the_earlier_one_counts_and_is_named():
    assert highest_id(dt.date(2023, 12, 31)).date == dt.date(2023, 3, 2)
    assert highest_id(dt.date(2019, 1, 1))[::2] == (2167, dt.date(2016, 10, 3))


def test_of_two_facts_on_one_day_the_full_download_counts():
    tick = highest_id(dt.date(2021, 9, 6))
    assert (tick.incident_id, tick.basis) == (3378, "full AWSD download of that date")


def test_the_inverse_gives_the_first_day_at_which_an_id_was_seen():
    assert date_of(3717).date == dt.date(2023, 3, 2)
    assert date_of(3718).date == dt.date(2024, 11, 10)
    assert date_of(1).date == dt.date(2016, 10, 3)
    assert date_of(5183) is None
    assert last_tick().incident_id == 5182


@pytest.mark.parametrize("day", [dt.date(2016, 10, 2), dt.date(2025, 8, 27)])
def test_outside_its_range_the_clock_refuses_and_names_the_range(day):
    with pytest.raises(RequestError, match=r"reaches from 2016-10-03 to 2025-08-26\. Choose a date in that range"):
        highest_id(day)
