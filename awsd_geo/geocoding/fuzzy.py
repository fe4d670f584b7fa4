"""Names alike: for many texts at once, all names that are at least so similar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import RequestError
from awsd_geo.geocoding.lookup import NOTHING, Lookup
from awsd_geo.geocoding.segments import ranges
from awsd_geo.geocoding.strings import BATCH, Strings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """For each text the names that are alike, the best first, ties in the order of the names."""

    starts: Any  # array of int64, shape (n_texts + 1,): text i has the matches starts[i] to starts[i + 1] - 1
    entries: Any  # array of int64, shape (n_matches,): positions in the names
    scores: Any  # array of float64, shape (n_matches,): similarity, from at_least to 1


class NameIndex:
    """An index over folded names that finds, for many texts, all names at least so alike.

    The similarity is 1 - d / (letters of the longer), d being the optimal string alignment distance [1]_ [2]_: how
    many letters to put in, leave out or replace, or neighbours to swap, no letter twice. The names and scores found
    are those of ``rapidfuzz.process.cdist`` with ``scorer=OSA.normalized_similarity``, all that reach the cutoff.

    Parameters
    ----------
    names : sequence of str
        Names, folded as the texts will be (:func:`awsd_geo.text.fold`). A name may stand more than once.

    Raises
    ------
    InputError
        If one is not a str.

    Notes
    -----
    Chosen on 3,435 other spellings of places in Mali against 11,884 names (Who's On First, ``benchmarks/names.py``).
    At cutoffs by which 1, 2 and 5 names per text are alike on average, the right one was among them in 42, 52 and
    66 %; by Levenshtein's distance in 42, 52 and 66 %, by the longest common subsequence in 40, 52 and 62 %
    (``fuzz.ratio``) or 42, 50 and 63 % (over the longer name), by Jaro-Winkler's in 37, 48 and 61 %. The right name
    led alone in 44.5 %, by ``fuzz.ratio`` in 45.6 %. At 0.8, a name of 5 to 9 letters may differ by one edit, of 10
    to 14 by two.

    Among 10,000 names made of syllables, a text takes about 2, 5 and 20 microseconds at 0.9, 0.8 and 0.7
    (``benchmarks/names.py``); rapidfuzz, comparing all with all, takes 95. From some thousand names on the time
    grows with their number. Among a hundred names, or at 0.5 and lower, there is nothing to be saved.

    References
    ----------
    .. [1] Boytsov (2011), Indexing methods for approximate dictionary searching, ACM J. Exp. Algorithmics 16, 1.1.
    .. [2] Damerau (1964), A technique for computer detection and correction of spelling errors, CACM 7(3), 171-176.

    Examples
    --------
    >>> found = NameIndex(["gao", "mopti", "douentza"]).search(["duentza", "motpi", "kayes"])
    >>> found.starts.tolist(), found.entries.tolist(), found.scores.tolist()
    ([0, 1, 2, 2], [2, 1], [0.875, 0.8])
    """

    def __init__(self, names: Sequence[str]) -> None:
        strings = Strings.of(names)
        place: dict[str, int] = {}
        which = np.fromiter((place.setdefault(name, len(place)) for name in names), np.int64, len(names))
        self._order = np.argsort(which, kind="stable")  # positions of the same name side by side
        self._copies = np.bincount(which, minlength=len(place))
        self._first = np.cumsum(self._copies) - self._copies
        self._names = Strings.of(list(place)) if len(place) < len(names) else strings
        self._lookups: dict[float, Lookup] = {}

    def search(self, texts: Sequence[str], *, at_least: float = 0.8) -> Matches:
        """Find for each text the names that are at least so alike.

        Parameters
        ----------
        texts : sequence of str
            Texts, folded as the names are. Give all in one call, and each once (see `distinct`): a call takes a
            millisecond however few they are, and a text given twice is sought twice.
        at_least : float, default 0.8
            The least similarity, over 0 up to 1. The lower, the slower: see ``benchmarks/names.py``.

        Returns
        -------
        Matches

        Raises
        ------
        InputError
            If a text is not a str.
        RequestError
            If ``at_least`` is not over 0 and at most 1.
        """
        if not 0 < at_least <= 1:
            raise RequestError(f"at_least is {at_least}; it must be over 0 and at most 1. 0.8 is usual.")
        if at_least not in self._lookups:
            self._lookups[at_least] = Lookup(self._names, at_least)
        found = [NOTHING]
        for first in range(0, len(texts), BATCH):
            some = Strings.of(texts[first : first + BATCH])
            found += [(row + first, name, score) for row, name, score in self._lookups[at_least].matches(some)]
        row, name, score = (np.concatenate(columns) for columns in zip(*found, strict=True))
        return self._sorted(len(texts), row, name, score)

    def _sorted(self, n_texts: int, row: Any, name: Any, score: Any) -> Matches:
        """Give every copy of a name, and put the best first."""
        copies = self._copies[name]
        entry = self._order[ranges(self._first[name], copies)]
        row, score = np.repeat(row, copies), np.repeat(score, copies)
        order = np.lexsort((entry, -score, row))
        starts = np.zeros(n_texts + 1, dtype=np.int64)
        np.cumsum(np.bincount(row, minlength=n_texts), out=starts[1:])
        return Matches(starts, entry[order], score[order])


def distinct(texts: pd.Series) -> tuple[Any, list[str]]:
    """Reduce a column to its distinct texts, so that each is sought once.

    Parameters
    ----------
    texts : Series of str or category, shape (n,)
        A column; missing allowed.

    Returns
    -------
    codes : array of int, shape (n,)
        For each row the position of its text among the distinct ones; -1 where missing.
    texts : list of str
        The distinct texts, by first occurrence (of a categorical column: its categories).

    Notes
    -----
    A million rows with 3,000 texts take some 20 ms in a column of str that pyarrow holds (which pandas does wherever
    pyarrow is installed), 45 ms in one of Python objects, and nothing in a categorical one.

    Examples
    --------
    >>> import pandas as pd
    >>> distinct(pd.Series(["gao", None, "mopti", "gao"]))
    (array([ 0, -1,  1,  0]), ['gao', 'mopti'])
    """
    import pandas as pd

    if isinstance(texts.dtype, pd.CategoricalDtype):
        return texts.cat.codes.to_numpy(), texts.cat.categories.tolist()
    python = getattr(texts.dtype, "storage", "") == "python"  # pandas then takes longer than for its plain objects
    codes, found = pd.factorize(texts.to_numpy(dtype=object) if python else texts)
    return codes, list(found)
