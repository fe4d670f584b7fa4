"""Place texts: which units of a frame the texts of region, district and city leave, read one inside the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from awsd_geo.geocoding.directory import Cells
from awsd_geo.geocoding.meaning import Meaning, Meanings
from awsd_geo.geocoding.phrases import parts_of
from awsd_geo.geocoding.scope import meaning_of

FIELDS = ("region", "district", "city")
MOST_WEIGHED = 2_000  # units: over more, weights of every text would fill the memory, and say little; they are equal


@dataclass(frozen=True, slots=True)
class Reading:
    """What the place text of an incident allows."""

    units: frozenset[str]  # region_ids that the text can stand for; empty where no text is known
    used: tuple[str, ...] = ()  # the texts that were understood
    unknown: tuple[str, ...] = ()  # the texts that name nothing known
    against: tuple[str, ...] = ()  # the texts that contradict a coarser one
    weights: Mapping[str, float] | None = None  # region_id -> weight, summing to 1; None is equal among units
    precision: str | None = None  # "settlement", "district", "region" or "country": the finest text that was used
    ambiguous: bool = False  # a text fits several places that are not one inside the other, none clearly ahead
    instead: frozenset[str] = frozenset()  # units of a text against the coarser ones: a point there decides for it
    likely: frozenset[str] = frozenset()  # the units among these that a text names, where nothing confirms it
    read_as: tuple[tuple[str, str], ...] = ()  # text and name, where a text was only alike


@dataclass
class _State:
    """What is left while the texts of an incident are read."""

    cells: Cells | None = None  # None: nothing known yet
    likely: Cells | None = None
    chance: float = 1.0  # weight of the likely ones together
    open: bool = False  # several places fit that are not one inside the other
    instead: Cells = frozenset()
    split: bool = False  # texts contradict each other so that none may stand: all their cells are possible
    exact: bool = True  # the texts so far are known as written
    precision: str | None = None
    used: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    read_as: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class PlaceNames:
    """The names of a country's places; reads texts, each combination once."""

    meanings: Meanings
    unit_of: Mapping[str, str]  # cell -> region_id in the frame asked for
    _read: dict[tuple[str | None, ...], Reading] = field(default_factory=dict)

    def read(self, texts: tuple[str | None, ...]) -> Reading:
        """Narrow by region, then district, then city; a finer text that contradicts a coarser one is left aside.

        Parameters
        ----------
        texts : tuple of str or None
            Texts of region, district and city.

        Returns
        -------
        Reading
        """
        if texts not in self._read:
            self._read[texts] = self._narrow(texts)
        return self._read[texts]

    def prepare(self, many: Iterable[tuple[str | None, ...]]) -> None:
        """Get ready to read many texts: what is like their names is sought for all at once."""
        known = {text for texts in many for text in texts if text}
        self.meanings.directory.prepare(ways[0].names[0] for text in known for ways in parts_of(text))

    def _narrow(self, texts: tuple[str | None, ...]) -> Reading:
        state = _State()
        for column, text in zip(FIELDS, texts, strict=True):
            if text and not text.isspace():
                meaning = meaning_of(self.meanings, text, column, state.cells)
                if meaning is None:
                    state.unknown.append(text)
                else:
                    _take(state, text, meaning)
        return self._result(state)

    def _result(self, state: _State) -> Reading:
        """Turn cells into units."""
        units = self._units(state.cells) if state.cells is not None else frozenset()
        likely = self._units(state.likely or frozenset())
        if state.cells is None and likely:
            units = self._everywhere
        unsure = bool(likely) and len(units) > 1
        return Reading(
            units,
            tuple(state.used),
            tuple(state.unknown),
            tuple(state.against),
            self._weights(units, likely, state),
            state.precision,
            len(units) > 1 and (unsure or state.open),
            self._units(state.instead) - units,
            likely if unsure else frozenset(),
            tuple(state.read_as),
        )

    def _weights(self, units: frozenset[str], likely: frozenset[str], state: _State) -> dict[str, float] | None:
        """Weigh the units: by what a text names without proof, else by how many cells of them the texts leave."""
        rest = units - likely
        if len(units) < 2 or len(units) > MOST_WEIGHED:
            return None
        if likely and rest:
            shares = dict.fromkeys(likely, state.chance / len(likely))
            shares |= dict.fromkeys(rest, (1 - state.chance) / len(rest))
            return {unit: shares[unit] for unit in sorted(units)}
        counted = dict.fromkeys(sorted(units), 0)
        for cell in state.cells or ():
            counted[self.unit_of[cell]] += 1
        whole = sum(counted.values())
        if not whole or len(set(counted.values())) == 1:
            return None
        return {unit: number / whole for unit, number in counted.items()}

    def _units(self, cells: Cells) -> frozenset[str]:
        return frozenset(self.unit_of[cell] for cell in cells)

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        return frozenset(self.unit_of.values())


def _take(state: _State, text: str, meaning: Meaning) -> None:
    """Narrow what is left by what a text means."""
    inside = meaning.cells if state.cells is None else meaning.cells & state.cells
    if not inside or state.split:
        _contradict(state, text, meaning)
        return
    if not meaning.core & inside:
        state.instead |= meaning.core
    state.used.append(text)
    state.precision = meaning.precision
    if meaning.read_as:
        state.read_as.append((text, meaning.read_as))
    if meaning.sure:
        state.exact = meaning.exact
        state.cells, state.likely = inside, (state.likely & inside or None) if state.likely else None
        state.open = meaning.open
    else:
        state.likely, state.chance = inside, meaning.chance


def _contradict(state: _State, text: str, meaning: Meaning) -> None:
    """Leave a text aside that contradicts a coarser one, unless that one cannot stand against it.

    It cannot where it is only alike; where the finer one names a unit of the level that its column is for; or where
    two finer texts agree. Then all are possible, and a point may choose.
    """
    if meaning.exact and state.cells is not None and not state.split:
        again = bool(state.instead & meaning.cells)
        state.instead |= meaning.cells
        if again or meaning.listed or not state.exact:
            state.cells, state.split, state.open, state.likely = state.cells | meaning.cells, True, True, None
    if not state.split or not meaning.cells & (state.cells or frozenset()):
        state.against.append(text)
    elif text not in state.against:
        state.used.append(text)
