"""How names alike are found: by the segments they must share, or among all of one length; then scored by rapidfuzz."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from awsd_geo.geocoding.segments import Table, partition, probes, ranges, salt
from awsd_geo.geocoding.strings import BATCH, apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsd_geo.geocoding.strings import Strings

MOST_EDITS = 8
"""Names that may differ by more edits are all compared: so many segments would be too short to tell names apart."""
PROBE, CANDIDATE = 6.0, 4.0
"""What a probe and a candidate cost, in comparisons of two bags side by side (measured)."""
CROWDED = 0.08
"""Where more of the pairs side by side have like letters, rapidfuzz scores them all together."""
MOST_ENDS = 15
"""Letters at either end whose sorts are compared apart, at most."""
ROUNDING = 1e-6
"""How far below the cutoff rapidfuzz is asked: it drops a similarity that equals its cutoff where rounding so wills."""

NOTHING = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float64))
Found = tuple[Any, Any, Any]  # rows of the texts, rows of the names, similarity


class Look(NamedTuple):
    """What to do for the texts of one length."""

    at: Any  # array of int64, shape (n_probes,): place in the text
    size: Any  # array of int64, shape (n_probes,): letters
    salt: Any  # array of uint64, shape (n_probes,)
    edits: Any  # array of int64, shape (n_probes,)
    bits: Any  # array of int64, shape (n_probes,): in how many bits the bags may differ
    scans: list[tuple[int, int]]  # (letters of the names to be gone through, edits)
    ends: int  # letters at either end that no edit touches both of


class Query(NamedTuple):
    """Texts of one length."""

    texts: Strings
    rows: Any  # array of int64, shape (n,): which of the texts
    ends: Any  # array of uint64, for every text: the sorts of letter at its ends
    look: Look


class Lookup:
    """Finds, among many names, those at least so alike to each of many texts.

    Parameters
    ----------
    names : Strings
        Distinct names.
    at_least : float
        The least similarity.
    """

    def __init__(self, names: Strings, at_least: float) -> None:
        self.at_least = at_least
        self._names = names
        self._rows = {length: np.flatnonzero(names.length == length) for length in np.unique(names.length).tolist()}
        self._crowd: dict[tuple[int, int], list[float]] = {}
        self._looks: dict[int, Look] = {}
        self._ends: dict[int, Any] = {}
        keys, rows = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for length, mine in self._rows.items():
            for edits in self._partitions(length):
                segments = self._segments(length, edits)
                self._crowd[length, edits] = [_crowd(column) for column in segments.T]
                keys.append(segments.ravel())
                rows.append(np.repeat(mine, edits + 1))
        self._table = Table(np.concatenate(keys), np.concatenate(rows))
        self._bags = names.bag[self._table.rows]  # in the table's order, to be read in one go

    def matches(self, texts: Strings) -> Iterator[Found]:
        """Give the pairs of a text and a name that are alike, each once, with their similarity."""
        ends = np.zeros(len(texts.length), dtype=np.uint64)
        for length in np.unique(texts.length).tolist():
            query = Query(texts, np.flatnonzero(texts.length == length), ends, self._look(length))
            ends[query.rows] = texts.ends(query.rows, query.look.ends)
            step = max(1, BATCH // max(1, len(query.look.at)))
            for first in range(0, len(query.rows) if len(query.look.at) else 0, step):
                yield from self._probed(query, query.rows[first : first + step])
            for names, edits in query.look.scans:
                yield from self._scanned(query, self._rows[names], edits)

    def _partitions(self, length: int) -> list[int]:
        """List into how many segments, less one, names of a length must be cut for texts as long or longer."""
        found, text = set[int](), length
        while (edits := edits_allowed(text, self.at_least)) <= MOST_EDITS and text - length <= edits:
            if partition(length, edits):
                found.add(edits)
            text += 1
        return sorted(found)

    def _segments(self, length: int, edits: int) -> Any:
        """Give the keys of all segments of the names of a length, shape (names, edits + 1)."""
        at, size = np.array(partition(length, edits)).T
        hashes = self._names.segments(self._rows[length], at, size)
        return hashes + salt(length, edits, np.arange(edits + 1))

    def _look(self, length: int) -> Look:
        """Decide, for each length that the names may have, by what one expects, what is the less work."""
        if length in self._looks:
            return self._looks[length]
        places, scans, shortest = [], [], length
        for name, rows in self._rows.items():
            edits = edits_allowed(max(length, name), self.at_least)
            if abs(length - name) > edits:
                continue
            shortest = min(shortest, name)
            crowd = self._crowd.get((name, edits))
            mine = [] if crowd is None else probes(length, name, edits)
            if crowd is None or sum(PROBE + CANDIDATE * crowd[probe.number] for probe in mine) > len(rows):
                scans.append((name, edits))
            else:
                places += mine
        names, most, number, at, size = np.array(places, dtype=np.int64).reshape(-1, 5).T
        bits = 2 * most - np.abs(length - names)
        ends = max(0, min(MOST_ENDS, (shortest - 1) // 2))
        self._looks[length] = Look(at, size, salt(names, most, number), most, bits, scans, ends)
        return self._looks[length]

    def _probed(self, query: Query, rows: Any) -> Iterator[Found]:
        """Look up some texts' segments, drop names with other letters, and score the rest."""
        texts, _, _, look = query
        which, first, count = self._table.find((texts.segments(rows, look.at, look.size) + look.salt).ravel())
        row, probe = np.divmod(which, len(look.at))
        row, bits = rows[row], look.bits[probe].astype(np.uint8)
        bag, pairs = texts.bag[row], [NOTHING[0]]
        for some in pieces(count):
            entry = ranges(first[some], count[some])
            like = apart(self._bags[entry], np.repeat(bag[some], count[some])) <= np.repeat(bits[some], count[some])
            kept = np.flatnonzero(like)
            hit = some.start + np.searchsorted(np.cumsum(count[some]), kept, side="right")
            one, name = row[hit], self._table.rows[entry[kept]]
            like = self._like(query, one, name, look.edits[probe[hit]], bits[hit])
            pairs.append(one[like] * len(self._names.length) + name[like])
        both = np.unique(np.concatenate(pairs))
        yield from self._scored(texts, *np.divmod(both, len(self._names.length)))

    def _scanned(self, query: Query, names: Any, edits: int) -> Iterator[Found]:
        """Go through all names of one length; score those with like letters."""
        texts, rows, _, _ = query
        bag, bits = self._names.bag[names], 2 * edits - abs(int(texts.length[rows[0]] - self._names.length[names[0]]))
        step = max(1, 2 * BATCH // len(names))
        for first in range(0, len(rows), step):
            some = rows[first : first + step]
            near = apart(texts.bag[some][:, None], bag) <= bits
            if np.count_nonzero(near) > CROWDED * near.size:
                yield from self._all_scored(texts, some, names)
                continue
            row, name = np.divmod(np.flatnonzero(near), len(names))
            row, name = some[row], names[name]
            like = self._like(query, row, name, edits, bits)
            yield from self._scored(texts, row[like], name[like])

    def _like(self, query: Query, row: Any, name: Any, edits: Any, bits: Any) -> Any:
        """Say which pairs have like letters, counted up to four, and like sorts of letter at both ends.

        An edit alters at most two of the letters at one end; none alters both ends, a letter being between them.
        """
        texts, names, letters = query.texts, self._names, query.look.ends
        like = apart(texts.bag[row], names.bag[name]) + apart(texts.more[row], names.more[name]) <= bits
        if letters not in self._ends:
            long = np.flatnonzero(names.length > 2 * letters)
            self._ends[letters] = np.zeros(len(names.length), dtype=np.uint64)
            self._ends[letters][long] = names.ends(long, letters)
        return like & (apart(query.ends[row], self._ends[letters][name]) <= 2 * edits)

    def _all_scored(self, texts: Strings, rows: Any, names: Any) -> Iterator[Found]:
        """Score each text with each name."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        score = process.cdist(
            texts.texts[rows].tolist(),
            self._names.texts[names].tolist(),
            scorer=OSA.normalized_similarity,
            score_cutoff=max(0.0, self.at_least - ROUNDING),
            dtype=np.float64,
        )
        row, name = np.divmod(np.flatnonzero(score >= self.at_least), len(names))
        yield rows[row], names[name], score[row, name]

    def _scored(self, texts: Strings, row: Any, name: Any) -> Iterator[Found]:
        """Score pairs one by one and keep those that are alike."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        for first in range(0, len(row), BATCH):
            one, other = row[first : first + BATCH], name[first : first + BATCH]
            score = process.cpdist(
                texts.texts[one].tolist(),
                self._names.texts[other].tolist(),
                scorer=OSA.normalized_similarity,
                score_cutoff=max(0.0, self.at_least - ROUNDING),
                dtype=np.float64,
            )
            alike = score >= self.at_least
            yield one[alike], other[alike], score[alike]


def edits_allowed(longer: int, at_least: float) -> int:
    """Count the edits after which two names, the longer of so many letters, are still at least so alike.

    Examples
    --------
    >>> [edits_allowed(letters, 0.8) for letters in (4, 5, 9, 10, 15)]
    [0, 1, 1, 2, 3]
    """
    if longer == 0:
        return 0
    edits = min(longer, int((1 - at_least) * longer) + 1)
    while 1 - edits / longer < at_least:
        edits -= 1
    return edits


def pieces(counts: Any) -> Iterator[slice]:
    """Cut a row of counts so that each piece adds up to a batch or so, for bounded memory."""
    done = np.cumsum(counts, dtype=np.int64)
    first = 0
    while first < len(counts):
        limit = BATCH + (done[first - 1] if first else 0)
        last = max(first + 1, int(np.searchsorted(done, limit, side="right")))
        yield slice(first, last)
        first = last


def _crowd(keys: Any) -> float:
    """Say how many of the names share a segment with one of them, on average."""
    counts = np.unique(keys, return_counts=True)[1]
    return float((counts.astype(np.float64) ** 2).sum() / len(keys))
