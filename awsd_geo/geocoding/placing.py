"""Where an incident is put, by which evidence, and how sure that is: the rules, for one case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import geopandas as gpd

    from awsd_geo.geocoding.cases import Case

PLACES_ALONE = ("none",)  # coordinate_issue of a point that may place an incident without any text
NARROWS = ("none", "coarse")  # ... of a point that may choose among the units that the text allows
READABLE = (*NARROWS, "outside_country")  # ... of a point that can contradict a text
MOST_NAMED = 12  # units that a sentence lists
UNUSABLE = {
    "missing": "there is no point",
    "unreadable": "the point cannot be read",
    "lat_equals_lon": "the point has the same latitude and longitude, an error of entry",
    "country_centroid": "the point stands for the country as a whole",
    "outside_country": "the point lies outside the country",
    "coarse": "the point is given to a tenth of a degree only",
}


class Placement(NamedTuple):
    """Where an incident was put, how, and what else is possible."""

    region_id: str | None
    matched_by: str
    location_precision: str
    confidence: str
    candidates: tuple[str, ...]
    candidate_weights: tuple[float, ...]
    why: str | None = None
    measured: tuple[str, str] | None = None  # why, before and after the words that say how far the point is away
    conflict: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What a frame's units are called, and how a case in it is decided."""

    names: dict[str, str]  # region_id -> name, in the frame's order
    country: str | None
    anywhere: tuple[tuple[str, ...], tuple[float, ...]]  # every unit of the frame, and equal weights

    @classmethod
    def of(cls, regions: gpd.GeoDataFrame, country: str | None) -> Rules:
        """Take what is needed of a frame."""
        names = dict(zip(regions.index.tolist(), map(str, regions["name"]), strict=True))
        return cls(names, country, (tuple(names), _equal(len(names))))

    def place(self, case: Case) -> Placement:
        """Decide one case."""
        if case.here is False:
            return Placement(None, "none", "unknown", "unknown", (), (), f"The incident is not in {self.country}.")
        if case.reading.units and not case.reading.units & self.names.keys():
            why = "The text names a place outside of these units."
            return Placement(None, "none", case.precision or "unknown", "unknown", (), (), why)
        if len(case.reading.units) == 1:
            return self._by_text(case, next(iter(case.reading.units)))
        return self._among(case) if case.reading.units else self._by_point(case)

    def _by_text(self, case: Case, unit: str) -> Placement:
        if case.issue in READABLE and case.unit == unit:
            return self._placed(case, unit, "text+point")
        if case.issue not in READABLE or case.issue == "coarse":
            return self._alone(case, unit)
        if case.issue == "none" and case.unit in case.reading.instead:
            return self._against_coarser(case, unit, case.unit)
        around = (f"The text says {self.names[unit]}; the point lies ", ". Placed by the text.")
        return self._placed(case, unit, "text", measured=around, conflict=True)

    def _alone(self, case: Case, unit: str) -> Placement:
        """Place by a text that no point bears out; say so where its name is only like one that is known."""
        placed, alike = self._placed(case, unit, "text"), [name for _, name in case.reading.read_as]
        if not alike:
            return placed
        why = f"The text is read as {', '.join(alike)}, the name most like it."
        return placed._replace(why=why, confidence="likely")

    def _against_coarser(self, case: Case, unit: str, other: str) -> Placement:
        """Place where the finest text and the point agree, against a coarser text."""
        here = self.names[other]
        why = f"A coarser text says {self.names[unit]}; the finest and the point say {here}. Placed by these two."
        return self._placed(case, other, "text+point")._replace(why=why, conflict=True, confidence="likely")

    def _among(self, case: Case) -> Placement:
        likely, issue = case.reading.likely, case.issue
        here = f"The text fits {self._names(case)}"
        if issue not in READABLE:
            return self._undecided(case, f"{here}; {UNUSABLE[issue]}.")
        if case.unit in (likely or case.reading.units):
            return self._placed(case, case.unit, "text+point")
        if case.unit in case.reading.units and issue == "none":
            return self._placed(case, case.unit, "point")  # another place of a name that one unit is known to have
        if issue == "none" and case.unit in case.reading.instead:
            why = f"{here} by its coarser part; the finest part and the point say {self.names[case.unit]}."
            return self._placed(case, case.unit, "text+point")._replace(why=why, conflict=True, confidence="likely")
        if likely and issue != "outside_country":
            return self._undecided(case, f"{here}; {UNUSABLE.get(issue, 'the point lies in none of them')}.")
        return self._undecided(case, f"{here}; the point lies in none of them.", conflict=True)

    def _by_point(self, case: Case) -> Placement:
        here = "The text names no known place" if case.reading.unknown else "No place is named"
        if case.issue not in PLACES_ALONE or case.unit is None:
            return self._unknown(case, f"{here}; {UNUSABLE[case.issue]}.")
        if case.snapped:
            around = (f"{here}; the point lies ", " and is given to the nearest.")
            return self._placed(case, case.unit, "snapped", measured=around)
        return self._placed(case, case.unit, "point")

    def _placed(
        self,
        case: Case,
        unit: str,
        matched_by: str,
        *,
        measured: tuple[str, str] | None = None,
        conflict: bool = False,
    ) -> Placement:
        """Put an incident into one unit, and say whether something speaks against it."""
        by_point = matched_by != "text" and case.issue == "none"
        precision = "point" if by_point else case.precision or "unknown"
        reading, agreed = case.reading, matched_by == "text+point"
        doubted = conflict or matched_by == "snapped" or (bool(reading.against) and not agreed)
        guessed = not agreed and (reading.ambiguous or (matched_by == "point" and bool(reading.unknown)))
        guessed |= agreed and case.issue == "coarse" and len(reading.units) > 1  # a rounded point chose among them
        confidence = "likely" if doubted or guessed else "sure"
        return Placement(unit, matched_by, precision, confidence, (unit,), (1.0,), None, measured, conflict)

    def _undecided(self, case: Case, why: str, *, conflict: bool = False) -> Placement:
        """Keep all units that the text fits."""
        units = tuple(unit for unit in self.names if unit in case.reading.units)
        given = case.reading.weights
        weights = _equal(len(units)) if given is None else _scaled(tuple(given.get(unit, 0.0) for unit in units))
        precision = case.precision or "unknown"
        confidence = "unknown" if len(units) == len(self.names) and precision == "country" else "ambiguous"
        return Placement(None, "none", precision, confidence, units, weights, why, None, conflict)

    def _unknown(self, case: Case, why: str) -> Placement:
        """Keep every unit, unless the point alone says where the incident is, and that is in none of them."""
        if case.here is None and case.issue == "outside_country":
            return Placement(None, "none", "unknown", "unknown", (), (), why)
        precision = "unknown" if case.here is None else "country"
        return Placement(None, "none", precision, "unknown", *self.anywhere, why)

    def _names(self, case: Case) -> str:
        if best := [name for unit, name in self.names.items() if unit in case.reading.likely]:
            return f"{_listed(best)} best, but nothing confirms it"
        return _listed([name for unit, name in self.names.items() if unit in case.reading.units])


def _listed(names: list[str]) -> str:
    """Join names, at most a dozen of them."""
    *some, last = names
    if len(some) > MOST_NAMED:
        return f"{', '.join(some[:MOST_NAMED])} or {len(names) - MOST_NAMED} others"
    return f"{', '.join(some)} or {last}" if some else last


def _equal(number: int) -> tuple[float, ...]:
    return (1.0 / number,) * number if number else ()


def _scaled(weights: tuple[float, ...]) -> tuple[float, ...]:
    """Let weights sum to 1; equal where none is over 0."""
    whole = sum(weights)
    return tuple(weight / whole for weight in weights) if whole > 0 else _equal(len(weights))
