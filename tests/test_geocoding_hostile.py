"""Texts that are no places, or are many: they never crash, and never win against a clear answer."""

from functools import lru_cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import awsd_geo as ag
from awsd_geo import boundaries
from awsd_geo.geocoding.names import place_names
from awsd_geo.text import fold, place_key

NONSENSE = [
    "", " ", "NULL", "nan", "None", "N/A", "-", "?", "...", "😀", "🇲🇱 🏴‍☠️", "x" * 10_000, "Mopti " * 2_000, "-" * 5_000,
    "between " * 500, "a-b" * 3_000, "((((((((", ",,,,;;;;", "{{7*7}}", "{% for x in y %}", "${jndi:ldap://x}",
    "'; DROP TABLE regions;--", "<script>alert(1)</script>", "\x00\x01\x02", "\u202eitpoM", "مدينة غير معروفة",
    "עיר לא ידועה", "12345", "km of", "km 12", "999999999999 km NE of", "12 km of of of", "\ud800".encode(
        "utf-8", "replace"
    ).decode(),
]  # fmt: skip


@lru_cache
def frame(level):
    return ag.load_regions("MLI", level=level, vintage="2016")


@lru_cache
def names(level):
    return place_names(frame(level))


@pytest.mark.parametrize("text", NONSENSE)
@pytest.mark.parametrize("level", [1, 2])
def test_nonsense_names_nothing_and_takes_nothing_away(level, text):
    clear = names(level).read(("Mopti", "Djenné", None)).units
    assert len(clear) == 1
    assert names(level).read(("Mopti", "Djenné", text)).units == clear
    if fold(text).split(" ")[0] != "mopti":
        assert names(level).read((text, text, text)).units == frozenset()


@pytest.mark.parametrize("text", ["{{7*7}}", "\u202eitpoM", "😀", "NULL", "x" * 10_000])
def test_nonsense_goes_through_a_whole_table(toy_incidents, text):
    table = toy_incidents(
        region=[text, "Mopti"], district=[text, None], city=[text, text], coordinate_issue=["missing"] * 2
    )
    located = ag.geocode(table, frame(1))
    assert located["region_id"].fillna("").tolist() == ["", "MLI-2016-mopti"]


def test_a_city_that_has_the_name_of_any_unit_never_beats_region_and_district():
    # Every name of every region, cercle and commune of Mali, as a city in Djenné, Mopti.
    for name in boundaries.place_names("MLI")["name"]:
        reading = names(2).read(("Mopti", "Djenné", name))
        assert reading.units == {"MLI-2016-cercle-djenne"}, name
        assert names(1).read(("Mopti", "Djenné", name)).units == {"MLI-2016-mopti"}, name


def test_a_region_is_not_the_town_or_commune_of_its_name():
    for region in ag.load_regions("MLI", level=1, vintage="2016")["name"]:
        for other in (region, f"Commune de {region}", region.upper(), f"  {region} "):
            assert f"MLI-2016-{fold(region)}" in names(1).read((region, None, other)).units


@pytest.mark.parametrize(("column", "units"), [(0, {"mopti"}), (1, {"mopti"}), (2, None)])
def test_mopti_is_a_region_a_cercle_or_a_town_by_its_column(column, units):
    texts = [None, None, None]
    texts[column] = "Mopti"
    reading = names(1).read(tuple(texts))
    if units:
        assert reading.units == {f"MLI-2016-{unit}" for unit in units}
    else:
        assert (reading.likely, reading.ambiguous) == ({"MLI-2016-mopti"}, True)  # another Mopti may be meant
    cercle = names(2).read(tuple(texts))
    assert (len(cercle.units) == 1) == (column == 1)


def test_missing_texts_of_every_sort_are_missing(toy_incidents):
    table = toy_incidents(region=[None, pd.NA, float("nan"), "nan"], coordinate_issue=["missing"] * 4)
    located = ag.geocode(table, frame(1))
    assert located["region_id"].isna().all()
    assert located["why"].str.startswith("No place is named").tolist() == [True, True, True, False]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_keeps_what_region_and_district_say(text):
    for level, unit in ((1, "MLI-2016-mopti"), (2, "MLI-2016-cercle-djenne")):
        assert names(level).read(("Mopti", "Djenné", text)).units == {unit}


WORDS = ["between", "and", "km", "38", "SW", "of", "Gao", "Mopti", "road", "-", "/", ",", "(", ")", "near", "border"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9))
def test_any_phrase_is_read_and_its_weights_are_a_distribution(parts):
    for level in (1, 2):
        reading = names(level).read((None, None, " ".join(parts)))
        assert reading.likely <= reading.units
        if reading.weights is not None:
            assert set(reading.weights) == set(reading.units)
            assert sum(reading.weights.values()) == pytest.approx(1)


@given(st.text(max_size=60))
def test_the_key_of_any_text_is_letters_and_digits(text):
    key, marks = place_key(text)
    assert " " not in key
    assert all(mark in key for mark in marks)
