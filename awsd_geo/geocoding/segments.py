"""Where a text can keep a segment of a name that is few edits away, and the table of the segments of all names."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from awsd_geo.geocoding.strings import scrambled


class Probe(NamedTuple):
    """One place to look: this segment of the text may be that segment of a name."""

    length: int  # letters of the names sought
    edits: int  # how many edits these names may be away
    number: int  # which of their edits + 1 segments
    at: int  # where in the text it would stand
    size: int  # letters


@lru_cache(maxsize=4096)
def partition(length: int, edits: int) -> tuple[tuple[int, int], ...]:
    """Cut a name so that a text at most so many edits away keeps one of the segments whole.

    Each edit (a letter put in, left out or replaced, or two neighbours swapped) touches one of ``edits + 1``
    segments at most, because a letter lies between any two of them that belongs to neither. So one stays whole.

    Parameters
    ----------
    length : int
        Letters of the name.
    edits : int
        At most so many.

    Returns
    -------
    tuple of (at, size)
        Segments from left to right; empty if the name is too short to leave a letter for each.

    Examples
    --------
    >>> partition(8, 2)  # ab(c)de(f)gh
    ((0, 2), (3, 2), (6, 2))
    """
    size, longer = divmod(length - edits, edits + 1)
    if size < 1:
        return ()
    segments, at = [], 0
    for number in range(edits + 1):
        mine = size + (number > edits - longer)
        segments.append((at, mine))
        at += mine + 1
    return tuple(segments)


def probes(text: int, name: int, edits: int) -> list[Probe]:
    """List where a text can keep a segment of a name.

    Let each edit belong to the segment that it touches, or else to the segment before it. Then the first segment
    number i (from 0) such that the segments up to i own at most i edits owns none itself; i lie left of it and at
    most ``edits - i`` right of it. So it is whole, and has moved by at most i, and by at most ``edits - i`` from
    where the names' ends would put it. This is the partition of Pass-Join [1]_, made to bear swapped neighbours.

    Parameters
    ----------
    text, name : int
        Letters of each.
    edits : int
        At most so many between the two.

    Returns
    -------
    list of Probe

    References
    ----------
    .. [1] Li, Deng, Wang, Feng (2011), Pass-Join: a partition-based method for similarity joins, PVLDB 5(3), 253-264.
    """
    longer = text - name
    found = []
    for number, (at, size) in enumerate(partition(name, edits)):
        low = max(-number, longer - (edits - number), -at)
        high = min(number, longer + (edits - number), text - size - at)
        found += [Probe(name, edits, number, at + move, size) for move in range(low, high + 1)]
    return found


def salt(length: Any, edits: Any, number: Any) -> Any:
    """Make segments differ that belong to names of another length, another partition or another place in it."""
    return scrambled((np.asarray(length, dtype=np.uint64) << 16) + (np.asarray(edits) << 8) + np.asarray(number) + 7)


class Table:
    """For each key the rows that have it.

    Parameters
    ----------
    keys : array of uint64, shape (n,)
        Keys, well mixed in their first bits.
    rows : array of int64, shape (n,)
        The row of each.
    """

    def __init__(self, keys: Any, rows: Any) -> None:
        order = np.argsort(keys, kind="stable")
        self.rows = rows[order]  # those of one key side by side
        self._keys, self._first, self._count = np.unique(keys[order], return_index=True, return_counts=True)
        bits = max(4, len(self._keys).bit_length() + 1)
        self._shift = np.uint64(64 - bits)
        begins = np.bincount((self._keys >> self._shift).astype(np.int64), minlength=1 << bits)
        self._bucket = np.zeros((1 << bits) + 1, dtype=np.int64)
        np.cumsum(begins, out=self._bucket[1:])

    def find(self, keys: Any) -> tuple[Any, Any, Any]:
        """Look up keys: which of them are here, where their rows begin in ``rows``, and how many there are."""
        place = (keys >> self._shift).astype(np.int64)
        first = self._bucket[place]
        count = self._bucket[place + 1] - first
        asked = np.flatnonzero(count)
        which, candidate = np.repeat(asked, count[asked]), ranges(first[asked], count[asked])
        same = np.flatnonzero(self._keys[candidate] == keys[which])
        key = candidate[same]
        return which[same], self._first[key], self._count[key]


def ranges(first: Any, count: Any) -> Any:
    """Give the whole numbers from each first on, so many of each.

    Examples
    --------
    >>> ranges(np.array([7, 0]), np.array([2, 3])).tolist()
    [7, 8, 0, 1, 2]
    """
    end = np.cumsum(count, dtype=np.int64)
    return np.arange(end[-1] if len(end) else 0) + np.repeat(first - (end - count), count)
