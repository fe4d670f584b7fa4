"""Names alike: the index finds what rapidfuzz finds when it compares everything with everything."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

from awsd_geo.errors import InputError, RequestError
from awsd_geo.geocoding import lookup
from awsd_geo.geocoding.fuzzy import NameIndex, distinct
from awsd_geo.geocoding.lookup import edits_allowed, pieces
from awsd_geo.geocoding.segments import partition, probes

CUTOFFS = st.sampled_from([0.8, 0.9, 0.7, 0.75, 2 / 3, 0.5, 0.3, 1.0, 0.85, 0.01])
FEW = st.text("abn ", max_size=24)  # few letters: much is alike
ANY = st.text(st.characters(), max_size=12)  # NUL, marks, emoji and lone surrogates too


def reference(texts, names, at_least):
    """Compare everything with everything; rows of (text, name, score), the best first, ties by place."""
    score = process.cdist(texts, names, scorer=OSA.normalized_similarity, dtype=np.float64)
    row, name = np.nonzero(score >= at_least)
    return sorted(zip(row.tolist(), name.tolist(), score[row, name].tolist(), strict=True), key=by_score)


def by_score(match):
    return match[0], -match[2], match[1]


def listed(found):
    """Rows of (text, name, score) in the order of the answer."""
    row = np.repeat(np.arange(len(found.starts) - 1), np.diff(found.starts))
    return list(zip(row.tolist(), found.entries.tolist(), found.scores.tolist(), strict=True))


def check(texts, names, at_least):
    found = listed(NameIndex(names).search(texts, at_least=at_least))
    assert found == (reference(texts, names, at_least) if texts and names else [])


@contextmanager
def forced(way):
    """Have all names sought by probes, all gone through and scored in pairs, or all of a length together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookup, "PROBE", 0 if way == "probes" else 1e9)
        patch.setattr(lookup, "CANDIDATE", 0 if way == "probes" else 1e9)
        patch.setattr(lookup, "CROWDED", -1 if way == "together" else 1)
        patch.setattr(lookup, "BATCH", 7)  # so that the work is cut in pieces
        yield


@pytest.mark.parametrize("way", ["probes", "pairs", "together"])
@settings(max_examples=150, deadline=None)
@given(texts=st.lists(FEW, max_size=30), names=st.lists(FEW, max_size=60), at_least=CUTOFFS)
def test_it_finds_what_comparing_everything_finds(way, texts, names, at_least):
    with forced(way):
        check(texts, names, at_least)


@pytest.mark.parametrize("way", ["probes", "pairs", "together"])
@settings(max_examples=100, deadline=None)
@given(texts=st.lists(ANY, max_size=20), names=st.lists(ANY, max_size=20), at_least=CUTOFFS)
def test_it_finds_the_same_for_any_letters(way, texts, names, at_least):
    with forced(way):
        check(texts + names[:5], names + texts[:5], at_least)


@pytest.mark.parametrize("way", ["probes", "pairs"])
@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.text("abcdefgh ", min_size=4, max_size=40))
def test_a_name_edited_in_places_is_found(way, data, name):
    text = name
    for _ in range(data.draw(st.integers(1, 6))):
        text = data.draw(st.sampled_from(sorted(edited(text))))
    with forced(way):
        for at_least in (0.8, 0.7, 0.85):
            check([text], [name, name[::-1]], at_least)


def test_hand_worked_similarities():
    index = NameIndex(["mopti", "gao", "timbuktu", "", "mopti"])
    found = index.search(["motpi", "gaoo", "", "timbukt", "xyz"], at_least=0.75)
    # a swap is one edit of 5; one letter too many of 4; nothing is nothing; one letter too few of 8
    assert listed(found) == [(0, 0, 0.8), (0, 4, 0.8), (1, 1, 0.75), (2, 3, 1.0), (3, 2, 0.875)]


def test_a_similarity_equal_to_the_cutoff_is_alike():
    # rapidfuzz 3.14.6 gives 0 for this pair at a cutoff of 0.8, and 0.8 without one
    found = NameIndex(["mopti", "abcdefghij", "abcdefghijklmno"]).search(["moptj", "abcdefghxy", "abcdefghijklxyz"])
    assert listed(found) == [(0, 0, 0.8), (1, 1, 0.8), (2, 2, 0.8)]


def test_nothing_that_rapidfuzz_finds_at_a_cutoff_is_missed():
    chance = random.Random(1)
    names = ["".join(chance.choices("abdgo", k=chance.randint(1, 12))) for _ in range(300)]
    for at_least in (0.6, 0.7, 0.8, 0.9):
        score = process.cdist(names, names, scorer=OSA.normalized_similarity, score_cutoff=at_least, dtype=np.float64)
        theirs = {(row, name) for row, name in np.argwhere(score > 0).tolist()}
        ours = {match[:2] for match in listed(NameIndex(names).search(names, at_least=at_least))}
        assert theirs <= ours


def test_edits_allowed_agrees_with_counting():
    for letters, at_least in itertools.product(range(1, 60), (0.8, 0.9, 0.7, 2 / 3, 0.01, 1.0)):
        assert edits_allowed(letters, at_least) == max(d for d in range(letters + 1) if 1 - d / letters >= at_least)


def test_every_name_within_two_edits_keeps_a_segment_where_the_probes_look():
    name = "abcdefgh"  # all letters differ: no segment can match by luck
    for text in {two for one in edited(name) for two in edited(one)} | {name}:
        parts = partition(len(name), 2)
        kept = [
            text[look.at : look.at + look.size] == name[parts[look.number][0] :][: look.size]
            for look in probes(len(text), len(name), 2)
        ]
        assert any(kept), text


def edited(word):
    """All words one edit away, new letters being Z."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    yield from (a + "Z" + b for a, b in cuts)
    yield from (a + b[1:] for a, b in cuts if b)
    yield from (a + "Z" + b[1:] for a, b in cuts if b)
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)


def test_many_names_long_ones_and_copies():
    chance = random.Random(0)
    names = ["".join(chance.choices("abdgikmnou ", k=chance.randint(0, 30))) for _ in range(3000)]
    names += [*names[:200], "a" * 10_000, "x" * 9_000, "ab" * 40]
    texts = [next(iter(chance.sample([*edited(name)], 1))) for name in names[:400]]
    texts += ["a" * 9_999 + "b", "a" * 8_001, "x" * 9_000, "ab" * 39 + "ba"]
    for at_least in (0.9, 0.8, 0.6):
        check(texts, names, at_least)


def test_work_is_cut_in_pieces_of_bounded_size():
    counts = np.array([60_000, 10_000, 1, 0, 200_000, 5])
    assert [(piece.start, piece.stop) for piece in pieces(counts)] == [(0, 1), (1, 4), (4, 5), (5, 6)]


@pytest.mark.parametrize("at_least", [0, -0.1, 1.01, float("nan")])
def test_a_similarity_that_means_nothing_is_refused(at_least):
    with pytest.raises(RequestError, match=r"it must be over 0 and at most 1\. 0\.8 is usual"):
        NameIndex(["gao"]).search(["gao"], at_least=at_least)


def test_what_is_no_text_is_named():
    with pytest.raises(InputError, match=r"Name 1 is None, not a text\. Leave out what is missing"):
        NameIndex(["gao", None])
    with pytest.raises(InputError, match="Name 0 is nan"):
        NameIndex(["gao"]).search([float("nan")])
    with pytest.raises(InputError, match=r"'gao' is one text, not a list of them\. Put it in a list"):
        NameIndex(["gao"]).search("gao")


def test_rapidfuzz_is_not_loaded_before_a_search():
    code = "import sys, awsd_geo.geocoding.fuzzy as f; f.NameIndex(['gao']); print('rapidfuzz' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


PYTHON = pd.StringDtype("python", na_value=np.nan)


@pytest.mark.parametrize("dtype", ["str", "object", "category", "string", PYTHON], ids=str)
def test_distinct_texts_of_a_column(dtype):
    codes, texts = distinct(pd.Series(["gao", None, "mopti", "gao"], dtype=dtype))
    assert codes.tolist() == [0, -1, 1, 0]
    assert texts == ["gao", "mopti"]
