"""Many strings in one row of letters: any segment hashed by one subtraction, any two strings' letters compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCH = 1 << 16
"""Texts, probes, candidates or pairs in work at a time: so many fit in a processor's cache."""
_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 1 << 64)


@dataclass(frozen=True, slots=True, eq=False)
class Strings:
    """Many strings, laid end to end.

    Letters are told apart by 32 sorts (a to z and the blank have one each), and a bag counts them up to four.
    Putting a letter in or taking one out alters one bit of a bag, replacing one alters two, a swap none.
    """

    texts: Any  # array of object, shape (n,)
    length: Any  # array of int64, shape (n,): code points
    start: Any  # array of int64, shape (n,): where each string begins
    sums: Any  # array of uint64, shape (letters + 1,): running sum of letter * base ** (its place in its string)
    sorts: Any  # array of uint8, shape (letters,): 0 to 31
    bag: Any  # array of uint64, shape (n,): for each sort of letter, is there one, are there two
    more: Any  # array of uint64, shape (n,): ... are there three, are there four

    @classmethod
    def of(cls, texts: Sequence[str]) -> Strings:
        """Lay out strings; any code point may occur, NUL and lone surrogates too."""
        points = np.frombuffer(_joined(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        length = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        end = np.cumsum(length)
        start = end - length
        place = np.arange(len(points)) - np.repeat(start, length)
        sums = np.zeros(len(points) + 1, dtype=np.uint64)
        np.cumsum(scrambled(points) * _powers(_BASE, int(length.max(initial=0)))[place], out=sums[1:])
        sorts = (points & 31).astype(np.uint8)
        return cls(np.array([*texts, None], dtype=object)[:-1], length, start, sums, sorts, *_bags(sorts, length))

    def segments(self, rows: Any, at: Any, size: Any) -> Any:
        """Hash the segments of ``size`` letters from place ``at`` in each of the rows, shape (rows, segments)."""
        begin = self.start[rows][:, None] + at
        shift = _powers(_INVERSE, int(np.max(at, initial=0)) + 1)[at]
        return (self.sums[begin + size] - self.sums[begin]) * shift

    def ends(self, rows: Any, letters: int) -> Any:
        """Give the sorts of letter among the first so many and among the last so many, a bit each, shape (rows,)."""
        reach = np.arange(letters)
        first = self.start[rows][:, None] + reach
        last = (self.start[rows] + self.length[rows])[:, None] - 1 - reach
        bit = np.uint64(1) << np.arange(32, dtype=np.uint64)
        head, tail = (np.bitwise_or.reduce(bit[self.sorts[place]], axis=1) for place in (first, last))
        return head | (tail << np.uint64(32))


def scrambled(numbers: Any) -> Any:
    """Turn numbers into unlike 64-bit numbers (the finalizer of splitmix64, Steele, Lea and Flood 2014)."""
    mixed = numbers.astype(np.uint64) * np.uint64(_BASE)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def apart(one: Any, other: Any) -> Any:
    """Count the bits in which bags of letters differ, shape as numpy broadcasts them."""
    return np.bitwise_count(one ^ other)


def _powers(base: int, count: int) -> Any:
    """Give the first powers of an odd number modulo 2**64, at least one."""
    factors = np.full(max(count, 1), base, dtype=np.uint64)
    factors[0] = 1
    return np.multiply.accumulate(factors)


def _bags(sorts: Any, length: Any) -> tuple[Any, Any]:
    bags, end = np.zeros((2, len(length)), dtype=np.uint64), np.cumsum(length)
    for first in range(0, len(length), BATCH):  # the counts of all at once would take 256 bytes a string
        some = slice(first, first + BATCH)
        begin = end[first] - length[first]
        row = np.repeat(np.arange(len(length[some])) * 32, length[some])
        counts = np.bincount(row + sorts[begin : begin + len(row)], minlength=32 * len(length[some])).reshape(-1, 32)
        for level in range(4):
            bits = np.packbits(counts > level, axis=1).view(np.uint32).reshape(-1).astype(np.uint64)
            bags[level // 2, some] |= bits << np.uint64(level % 2 * 32)
    return bags[0], bags[1]


def _joined(texts: Sequence[str]) -> str:
    if isinstance(texts, str):
        raise InputError(f"{texts!r} is one text, not a list of them. Put it in a list.")
    try:
        return "".join(texts)
    except TypeError:
        row = next(row for row, text in enumerate(texts) if not isinstance(text, str))
        raise InputError(f"Name {row} is {texts[row]!r}, not a text. Leave out what is missing.") from None
