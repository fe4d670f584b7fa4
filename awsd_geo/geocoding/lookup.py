"""Where to look for the names that are alike: in a table of their segments, or through all of one length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from awsd_geo.geocoding.segments import MOST_EDITS, Strings, partition, probes, salt, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsd_geo.geocoding.segments import Probe

BATCH = 1 << 16
"""Texts, probes, candidates or pairs in work at a time: so many fit in a processor's cache."""
PROBE, CANDIDATE = 6.0, 4.0
"""What a probe and a candidate cost, in comparisons of two bags side by side (measured)."""
CROWDED = 0.03
"""Where more of the pairs side by side may be alike, rapidfuzz scores them all together."""

ROUNDING = 1e-6
"""How far below the cutoff rapidfuzz is asked: it drops a similarity that equals its cutoff where rounding so wills."""
NOTHING = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float64))
Found = tuple[Any, Any, Any]  # rows of the texts, rows of the names, similarity


class Look(NamedTuple):
    """What to do for the texts of one length."""

    probes: list[Probe]
    salts: Any  # array of uint64, one for each probe
    lengths: list[int]  # of the names to be gone through
    edits: list[int]  # for each of these lengths


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
        self._crowd: dict[tuple[int, int], Any] = {}
        self._looks: dict[int, Look] = {}
        keys, rows = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for length, mine in self._rows.items():
            for edits in self._partitions(length):
                table = self._segments(length, edits)
                self._crowd[length, edits] = [_crowd(column) for column in table.T]
                keys.append(table.ravel())
                rows.append(np.repeat(mine, edits + 1))
        self._fill(np.concatenate(keys), np.concatenate(rows))

    def matches(self, texts: Strings) -> Iterator[Found]:
        """Give the pairs of a text and a name that are alike, each once, with their similarity."""
        for length in np.unique(texts.length).tolist():
            rows = np.flatnonzero(texts.length == length)
            look = self._look(length)
            step = max(1, BATCH // max(1, len(look.probes)))
            for first in range(0, len(rows) if look.probes else 0, step):
                yield from self._probed(texts, rows[first : first + step], look)
            for names, edits in zip(look.lengths, look.edits, strict=True):
                yield from self._scanned(texts, rows, self._rows[names], edits)

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

    def _fill(self, keys: Any, rows: Any) -> None:
        """Sort the table, and note where the keys with the same first bits begin."""
        bits = max(4, len(keys).bit_length() + 1)
        order = np.argsort(keys, kind="stable")
        self._keys, self._entry, self._shift = keys[order], rows[order], np.uint64(64 - bits)
        self._bucket = np.zeros((1 << bits) + 1, dtype=np.int32 if len(keys) < 1 << 31 else np.int64)
        counts = np.bincount((keys >> self._shift).astype(np.int64), minlength=1 << bits)
        np.cumsum(counts, out=self._bucket[1:])

    def _look(self, length: int) -> Look:
        """Decide, for each length that the names may have, by what one expects, what is the less work."""
        if length in self._looks:
            return self._looks[length]
        look = Look([], None, [], [])
        for name, rows in self._rows.items():
            edits = edits_allowed(max(length, name), self.at_least)
            if abs(length - name) > edits:
                continue
            crowd = self._crowd.get((name, edits))
            places = [] if crowd is None else probes(length, name, edits)
            if crowd is None or sum(PROBE + CANDIDATE * crowd[probe.number] for probe in places) > len(rows):
                look.lengths.append(name)
                look.edits.append(edits)
            else:
                look.probes.extend(places)
        self._looks[length] = look._replace(
            salts=np.concatenate([np.zeros(0, np.uint64), *(salt(p.length, p.edits, [p.number]) for p in look.probes)])
        )
        return self._looks[length]

    def _probed(self, texts: Strings, rows: Any, look: Look) -> Iterator[Found]:
        """Look up the texts' segments, drop names with other letters, and score the rest."""
        _, edits, _, at, size = np.array(look.probes).T
        keys = (texts.segments(rows, at, size) + look.salts).ravel()
        place = (keys >> self._shift).astype(np.int64)
        first = self._bucket[place]
        count = self._bucket[place + 1] - first
        asked = np.flatnonzero(count)
        pairs = []
        for some in pieces(count[asked]):
            mine = asked[some]
            entry = ranges(first[mine], count[mine])
            probe = np.repeat(mine, count[mine])
            same = self._keys[entry] == keys[probe]
            name, (row, which) = self._entry[entry[same]], np.divmod(probe[same], len(at))
            row = rows[row]
            near = within(edits[which], texts.bag[row], self._names.bag[name])
            pairs.append(row[near] * len(self._names.length) + name[near])
        if pairs:
            yield from self._scored(texts, *np.divmod(np.unique(np.concatenate(pairs)), len(self._names.length)))

    def _scanned(self, texts: Strings, rows: Any, names: Any, edits: int) -> Iterator[Found]:
        """Go through all names of one length; score those with nearly the same letters."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        step = max(1, 16 * BATCH // len(names))
        for first in range(0, len(rows), step):
            some = rows[first : first + step]
            near = within(edits, texts.bag[some][:, None], self._names.bag[names])
            if np.count_nonzero(near) <= CROWDED * near.size:
                row, name = np.divmod(np.flatnonzero(near), len(names))
                yield from self._scored(texts, some[row], names[name])
                continue
            score = process.cdist(
                texts.texts[some].tolist(),
                self._names.texts[names].tolist(),
                scorer=OSA.normalized_similarity,
                score_cutoff=max(0.0, self.at_least - ROUNDING),
                dtype=np.float64,
            )
            row, name = np.nonzero(score >= self.at_least)
            yield some[row], names[name], score[row, name]

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


def ranges(first: Any, count: Any) -> Any:
    """Give the whole numbers from each first on, so many of each.

    Examples
    --------
    >>> ranges(np.array([7, 0]), np.array([2, 3])).tolist()
    [7, 8, 0, 1, 2]
    """
    end = np.cumsum(count, dtype=np.int64)
    return np.arange(end[-1] if len(end) else 0) + np.repeat(first - (end - count), count)


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
