"""All places that are known in a frame, found by name: exactly, by another transliteration, or alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from awsd_geo.text import fold, place_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from awsd_geo.geocoding.fuzzy import NameIndex

TOWN = 99  # depth of a settlement: below every level of units
EXACT, TRANSLITERATED, ALIKE = "exact", "transliterated", "alike"
ALIKE_AT_LEAST = 0.8  # similarity of a name that counts as another spelling: one letter in five may differ
AHEAD = 0.1  # how much more alike than any other place it must be
SHORTEST = 5  # letters: below, one letter more or less is another name

Cells = frozenset[str]


class Place(NamedTuple):
    """One meaning of a name."""

    name: str
    depth: int  # 1 for the units of the first level, 2 and so on below them, TOWN for a settlement
    cells: Cells  # the smallest units that it covers, or lies in
    point: tuple[float, float] | None = None  # longitude, latitude
    borrowed: bool = False  # a spelling of the town of the same name


class Match(NamedTuple):
    """The places that a name can stand for, of one depth."""

    places: tuple[Place, ...]
    how: str  # EXACT, TRANSLITERATED or ALIKE
    inside: bool  # they fit what is known already

    @property
    def cells(self) -> Cells:
        """Give the cells of all of them."""
        return frozenset().union(*(place.cells for place in self.places))


@dataclass
class Directory:
    """Places by name; ``find`` is the only way in."""

    places: list[Place]
    _folded: dict[str, list[Place]] = field(default_factory=dict)
    _keyed: dict[str, list[Place]] = field(default_factory=dict)
    _near: dict[str, list[tuple[str, float]]] = field(default_factory=dict)  # keys like a key, sought before

    def __post_init__(self) -> None:
        for place in self.places:
            self._folded.setdefault(fold(place.name), []).append(place)
            self._keyed.setdefault(place_key(place.name)[0], []).append(place)
        self._folded.pop("", None)
        self._keyed.pop("", None)

    def named(self, name: str) -> list[Place]:
        """Give all places of a name, exactly."""
        return self._folded.get(fold(name), [])

    def prepare(self, names: Iterable[str]) -> None:
        """Seek what is like many names at once, which is far quicker than one by one."""
        keys = sorted({place_key(name)[0] for name in names} - self._near.keys() - self._keyed.keys())
        keys = [key for key in keys if len(key) >= SHORTEST]
        found = self._index.search(keys, at_least=ALIKE_AT_LEAST - AHEAD)
        for number, key in enumerate(keys):
            some = slice(found.starts[number], found.starts[number + 1])
            others = (self._keys[entry] for entry in found.entries[some].tolist())
            self._near[key] = list(zip(others, found.scores[some].tolist(), strict=True))

    def find(self, name: str, order: tuple[int, ...], within: Cells | None, *, alike: tuple[int, ...]) -> Match | None:
        """Find what a name stands for.

        An exact name beats another transliteration, and that a name that is merely alike; within each, what fits
        what is known already beats what does not, and a depth that stands earlier in ``order`` one that stands later.

        Parameters
        ----------
        name : str
            As written.
        order : tuple of int
            Depths, the likeliest first.
        within : frozenset of str or None
            The cells that coarser texts leave; None leaves all.
        alike : tuple of int
            Depths at which a name that is only alike may be found.

        Returns
        -------
        Match or None
        """
        exact = _best(self._folded.get(fold(name), []), order, within)
        if exact and exact[1]:
            return Match(exact[0], EXACT, inside=True)
        other = _best(self._keyed.get(place_key(name)[0], []), order, within)
        if other and other[1]:
            return Match(other[0], TRANSLITERATED, inside=True)
        if exact or other:
            places = (exact or other)[0]  # type: ignore[index]
            return Match(places, EXACT if exact else TRANSLITERATED, inside=False)
        return self._alike(name, alike, within)

    def _alike(self, name: str, depths: tuple[int, ...], within: Cells | None) -> Match | None:
        """Find the places whose name is most alike and those that come too near to it."""
        key, marks = place_key(name)
        if len(key) < SHORTEST or not depths:
            return None
        if key not in self._near:
            self.prepare([name])
        rivals = [
            (place, score)
            for other, score in self._near[key]
            for place in self._keyed[other]
            if place.depth in depths and len(other) >= SHORTEST and place_key(place.name)[1] == marks
            if within is None or place.cells & within
        ]
        best = max((score for _, score in rivals), default=0.0)
        if round(best, 9) < ALIKE_AT_LEAST:
            return None
        kept = tuple(dict.fromkeys(place for place, score in rivals if round(best - score, 9) < AHEAD))
        return Match(kept, ALIKE, inside=True)

    @cached_property
    def _keys(self) -> list[str]:
        return list(self._keyed)

    @cached_property
    def _index(self) -> NameIndex:
        from awsd_geo.geocoding.fuzzy import NameIndex

        return NameIndex(self._keys)


def _best(
    places: Iterable[Place], order: tuple[int, ...], within: Cells | None
) -> tuple[tuple[Place, ...], bool] | None:
    """Give the places of the likeliest depth that has one inside, else of the likeliest depth."""
    by_depth: dict[int, list[Place]] = {}
    for place in places:
        by_depth.setdefault(place.depth, []).append(place)
    known = [by_depth[depth] for depth in order if depth in by_depth]
    for some in known:
        if inside := tuple(place for place in some if within is None or place.cells & within):
            return inside, True
    return (tuple(known[0]), False) if known else None
