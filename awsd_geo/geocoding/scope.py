"""What one text can mean, given what coarser texts leave: a name, or a phrase of names on the ground."""

from __future__ import annotations

from dataclasses import dataclass

from awsd_geo.geocoding.directory import ALIKE, EXACT, TOWN, Cells, Match, Place
from awsd_geo.geocoding.meaning import ALIKE_CHANCE, EXACT_CHANCE, INSIDE_CHANCE, SEAT_CHANCE, Meaning, Meanings
from awsd_geo.geocoding.phrases import BETWEEN, BORDER, EITHER, OFFSET, PAIR, PLACE, Phrase, parts_of, variants
from awsd_geo.text import fold

MEANT_BY = {"region": 1, "district": 2}  # the depth that a column is for; "city" is for what lies below
PRECISION = ("region", "district", "settlement")  # of a column and of a depth; the finer of the two holds
ROUGH = "district"  # precision of a phrase that says where between, or how far from, places something is


def meaning_of(meanings: Meanings, text: str, column: str, within: Cells | None) -> Meaning | None:
    """Give what a text means, or None where it names nothing that is known.

    Parameters
    ----------
    meanings : Meanings
        What is known of the frame.
    text : str
        As written.
    column : str
        "region", "district" or "city": for which places the column is.
    within : frozenset of str or None
        The cells that coarser texts leave.
    """
    scope = Scope(meanings, column, within)
    if (match := scope.find(text, alike=False)) and match.inside:
        return scope.meaning(match)
    found: Meaning | None = None
    parts = parts_of(text)
    for number, ways in enumerate(parts):
        before = parts[number - 1][0].names[0] if number else ""
        meaning = scope.part(tuple(way._replace(names=_filled(way.names, before)) for way in ways))
        found = meaning if found is None else found if meaning is None else _both(found, meaning, within)
    return found or (scope.meaning(match) if match else None)


@dataclass
class Scope:
    """One text's column, and what is known already."""

    meanings: Meanings
    column: str
    within: Cells | None

    def find(self, name: str, *, alike: bool = True) -> Match | None:
        """Find a name as this column means it."""
        units = range(1, self.meanings.depth + 1)
        meant = MEANT_BY.get(self.column, TOWN)
        if meant == TOWN:
            order = (*(depth for depth in units if depth > 2), TOWN, *(depth for depth in (2, 1) if depth in units))
            fuzzy = order
        else:
            order = (*sorted(units, key=lambda depth: (depth != meant, depth)), TOWN)
            fuzzy = tuple(depth for depth in units if depth <= meant)
        return self.meanings.directory.find(name, order, self.within, alike=fuzzy if alike else ())

    def best(self, name: str) -> Match | None:
        """Find a name, else what is left of it without "near", "village" and the like, else one that is alike."""
        options = [name, *variants(name)[::-1]]
        exact = [match for option in options if (match := self.find(option, alike=False))]
        inside = [match for match in exact if match.inside]
        alike = (match for option in options if (match := self.find(option)))
        return next(iter(inside or exact), None) or next(alike, None)

    def meaning(self, match: Match) -> Meaning:
        """Say what a single name means."""
        cells = match.cells if self.within is None or not match.inside else match.cells & self.within
        units = self.meanings.units(cells)
        several = len(match.places) > 1 and len(units) > 1
        finer = max(MEANT_BY.get(self.column, 3), min(match.places[0].depth, 3))
        alike = match.how == ALIKE
        alike_to = match.places[0].name if alike else None
        listed = not alike and match.places[0].depth == MEANT_BY.get(self.column)
        known = Meaning(cells, self.sure(match), PRECISION[finer - 1], not alike, several, alike_to)
        return known._replace(listed=listed, chance=self._chance(match))

    def sure(self, match: Match) -> bool:
        """Say whether a name can hardly be another place's.

        Units are listed in full, settlements are not: the name of a unit in a column for units is sure. That of a
        settlement is sure in a coarse frame where it is the name of the district that is named above it, for then
        the seat is meant, and where the list of settlements is complete. Elsewhere another place may have the name.
        """
        if self.column in MEANT_BY:
            return all(place.depth < TOWN for place in match.places)
        if match.how == EXACT and self.meanings.level < self.meanings.depth and self._is_own_seat(match):
            return True
        return self.meanings.complete and match.how != ALIKE and len({place.cells for place in match.places}) == 1

    def _is_own_seat(self, match: Match) -> bool:
        """Say whether a town has the name of the district that is all that is left."""
        named = self.meanings.directory.named(match.places[0].name)
        return any(place.depth == 2 and not place.borrowed and place.cells == self.within for place in named)

    def _chance(self, match: Match) -> float:
        """Say how likely it is that a settlement's name means the known place."""
        if match.how == ALIKE:
            return ALIKE_CHANCE
        if self.within is not None and match.how == EXACT and self._is_seat(match):
            return SEAT_CHANCE
        return INSIDE_CHANCE if self.meanings.inside_one(self.within) else EXACT_CHANCE

    def _is_seat(self, match: Match) -> bool:
        """Say whether a town has the name of a unit, inside what is known, that it lies in."""
        named = [place for place in self.meanings.directory.named(match.places[0].name) if place.cells & match.cells]
        seats = [place for place in named if place.depth <= 2 and not place.borrowed]
        inside = any(match.cells & (self.within or match.cells) <= place.cells for place in seats)
        return inside and any(place.depth == TOWN for place in named)

    def part(self, ways: tuple[Phrase, ...]) -> Meaning | None:
        """Give the meaning of the way of reading whose names are known best."""
        found: list[tuple[tuple[bool, bool, bool], Meaning]] = []
        for way in ways:
            matches = [self.find(name, alike=False) if way.kind == PLACE else self.best(name) for name in way.names]
            known = [match for match in matches if match]
            if known:
                meaning = self.phrase(way, matches)
                fits = self.within is None or bool(meaning.cells & self.within)
                found.append(((not fits, len(known) < len(matches), not meaning.exact), meaning))
        if found:
            return min(found, key=lambda scored: scored[0])[1]
        match = self.find(ways[0].names[0])
        return self.meaning(match) if match else None

    def phrase(self, way: Phrase, matches: list[Match | None]) -> Meaning:
        """Give the meaning of a phrase some of whose names are known."""
        known = [match for match in matches if match]
        if way.kind == OFFSET:
            return self._offset(way, known[0])
        if way.kind == BORDER and len(way.names) == 2 and len(known) == 2:
            return self._border(way)
        if way.kind in (BETWEEN, PAIR, EITHER, BORDER) and len(way.names) > 1:
            return self._several(way, known)
        return self.meaning(known[0])

    def _several(self, way: Phrase, known: list[Match]) -> Meaning:
        """Join the places of a phrase; what lies on the straight line between two is possible too."""
        cells = frozenset().union(*(match.cells for match in known))
        exact = all(match.how != ALIKE for match in known)
        together = len(self.meanings.units(cells)) == 1
        if way.kind in (BETWEEN, PAIR) and len(known) == 2 and not together:
            ends = [self.meanings.point_of(match) for match in known]
            cells |= self.meanings.on_ground(self.meanings.ground.along(*ends))
        proven = exact and way.kind != PAIR and len(known) == len({fold(name) for name in way.names})
        sure = proven and (together or self.within is not None)
        rough = "settlement" if way.kind == EITHER else ROUGH
        return Meaning(cells, sure, rough, exact, not together)

    def _offset(self, way: Phrase, match: Match) -> Meaning:
        """Give the units in which a place may lie that is some way from another."""
        if way.km is None:
            return self.meaning(match)._replace(precision=ROUGH)
        point = self.meanings.point_of(match)
        ground = self.meanings.ground
        cells = self.meanings.on_ground(ground.away(point, way.km, way.bearing))
        core = self.meanings.on_ground(ground.spot(point, way.km, way.bearing))
        exact = match.how != ALIKE
        one_place = len({place.cells for place in match.places}) == 1
        sure = exact and one_place and self.within is not None
        return Meaning(cells, sure, ROUGH, exact, open=True, core=core)

    def _border(self, way: Phrase) -> Meaning:
        """Give the units on both sides of a border; of two names the units that touch are meant."""
        sides = [self.meanings.directory.named(name) for name in way.names]
        for depth in range(self.meanings.depth, 0, -1):
            groups = [self.meanings.units(_cells(side, depth)) for side in sides]
            if touching := self.meanings.ground.touching(*groups):
                return Meaning(self.meanings.on_ground(touching), self.within is not None, ROUGH, open=True)
        known = [match for name in way.names if (match := self.best(name))]
        return self._several(way, known)


def _cells(places: list[Place], depth: int) -> Cells:
    return frozenset().union(*(place.cells for place in places if place.depth == depth))


def _filled(names: tuple[str, ...], before: str) -> tuple[str, ...]:
    """Put the name of the part before where a part has none: "Kitgum (15 km north)"."""
    return tuple(name or before for name in names)


def _both(one: Meaning, other: Meaning, within: Cells | None) -> Meaning:
    """Join two parts of a text: what both leave; where they contradict each other, what fits, else the first."""
    left = one.cells & other.cells
    if left and (within is None or left & within):
        finer = one if len(one.cells) <= len(other.cells) else other
        return finer._replace(cells=left, sure=one.sure or other.sure or (one.exact and other.exact))
    if within is not None and not one.cells & within and other.cells & within:
        return other
    return one
