"""Which names can be within a few edits of a text: strings as hashes of their segments, and the places to look."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_EDITS = 8
"""Names that may differ by more edits are all compared: so many segments would be too short to tell names apart."""

_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 1 << 64)


@dataclass(frozen=True, slots=True, eq=False)
class Strings:
    """Many strings, laid end to end, so that any segment of any of them is hashed by one subtraction."""

    texts: Any  # array of object, shape (n,)
    length: Any  # array of int64, shape (n,): code points
    start: Any  # array of int64, shape (n,): where each string begins
    sums: Any  # array of uint64, shape (letters + 1,): running sum of letter * base ** (its place in its string)
    bag: Any  # array of uint64, shape (n,): for each of 32 sorts of letter, is there one, are there two

    @classmethod
    def of(cls, texts: Sequence[str]) -> Strings:
        """Lay out strings; any code point may occur, NUL and lone surrogates too."""
        points = np.frombuffer(_joined(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        length = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        end = np.cumsum(length)
        start = end - length
        place = np.arange(len(points)) - np.repeat(start, length)
        sums = np.zeros(len(points) + 1, dtype=np.uint64)
        np.cumsum(scrambled(points) * powers(_BASE, int(length.max(initial=0)))[place], out=sums[1:])
        return cls(np.array([*texts, None], dtype=object)[:-1], length, start, sums, _bags(points, length))

    def segments(self, rows: Any, at: Any, size: Any) -> Any:
        """Hash the segments of ``size`` letters from place ``at`` in each of the rows, shape (rows, segments)."""
        begin = self.start[rows][:, None] + at
        shift = powers(_INVERSE, int(np.max(at, initial=0)) + 1)[at]
        return (self.sums[begin + size] - self.sums[begin]) * shift


class Probe(NamedTuple):
    """One place to look: this segment of the text may be that segment of a name."""

    length: int  # letters of the names sought
    edits: int  # how many edits these names may be away
    number: int  # which of their edits + 1 segments
    at: int  # where in the text it would stand
    size: int  # letters


@lru_cache(maxsize=4096)
def partition(length: int, edits: int) -> tuple[tuple[int, int], ...]:
    """Cut a name so that a name at most so many edits away keeps one of the segments whole.

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


def powers(base: int, count: int) -> Any:
    """Give the first powers of an odd number modulo 2**64, at least one."""
    factors = np.full(max(count, 1), base, dtype=np.uint64)
    factors[0] = 1
    return np.multiply.accumulate(factors)


def scrambled(numbers: Any) -> Any:
    """Turn numbers into unlike 64-bit numbers (the finalizer of splitmix64, Steele, Lea and Flood 2014)."""
    mixed = numbers.astype(np.uint64) * np.uint64(_BASE)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def within(edits: Any, one: Any, other: Any) -> Any:
    """Say where two bags of letters allow that few edits: each edit puts in and takes out one letter at most."""
    return (np.bitwise_count(one & ~other) <= edits) & (np.bitwise_count(other & ~one) <= edits)


def _bags(points: Any, length: Any) -> Any:
    """Reduce each string to its letters, counted to two, by 32 sorts: a-z and the blank each have their own."""
    row = np.repeat(np.arange(len(length)) * 32, length)
    counts = np.bincount(row + (points & 31), minlength=32 * len(length)).reshape(len(length), 32)
    return np.packbits(np.hstack([counts > 0, counts > 1]), axis=1).view(np.uint64).reshape(-1)


def _joined(texts: Sequence[str]) -> str:
    try:
        return "".join(texts)
    except TypeError:
        row = next(row for row, text in enumerate(texts) if not isinstance(text, str))
        raise InputError(f"Name {row} is {texts[row]!r}, not a text. Leave out what is missing.") from None
