"""The part of the findings that says how far they depend on where the unplaced incidents fell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo import schema
from awsd_geo.report.plain import plain

if TYPE_CHECKING:
    from awsd_geo.report.analysis import Analysis
    from awsd_geo.statistics import PlacingSensitivity


def placing(made: Analysis) -> dict[str, Any]:
    """Write how sure the placing is, and what is possible whichever way the unplaced fall.

    Parameters
    ----------
    made : Analysis
        What the steps gave.

    Returns
    -------
    dict
        By the contract in ``docs/findings.md``.
    """
    equal, located = made.placings["equal"], made.located
    names = equal.table["name"]
    some = equal.located + equal.unplaced > 0
    return {
        "unplaced": equal.unplaced,
        "outside": equal.outside,
        "confidence": _counted(located["confidence"].value_counts(), schema.CONFIDENCES),
        "precision": _counted(located["location_precision"].value_counts(), schema.PRECISIONS),
        "leader_certain": equal.leader_certain if some else None,
        "can_lead": [str(names[unit]) for unit in equal.can_lead],
        "by_denominator": {name: _tested(found) for name, found in made.placings.items()},
    }


def incidents_by_placing(made: Analysis, region_id: str) -> list[int]:
    """Give the fewest and the most incidents that a unit can have."""
    row = made.placings["equal"].table.loc[region_id]
    return [int(row["lowest"]), int(row["highest"])]


def share_by_placing(made: Analysis, region_id: str | None) -> list[float | None] | None:
    """Give the smallest and the largest share of a unit, of all incidents, the unplaced included."""
    if region_id is None or not made.placings:
        return None
    row = made.placings["equal"].table.loc[region_id]
    return [plain(row["share_lowest"]), plain(row["share_highest"])]


def _counted(numbers: Any, words: tuple[str, ...]) -> dict[str, int]:
    return {word: int(numbers.get(word, 0)) for word in words}


def _tested(found: PlacingSensitivity) -> dict[str, Any]:
    cluster = None if not found.scan_ways else {
        "names": [str(found.table["name"][unit]) for unit in found.scan_regions],
        "ways": found.scan_ways,
        "all_ways": found.scan_all_ways,
        "same": found.scan_same,
        "overlapping": found.scan_overlapping,
        "same_chance": plain(found.scan_same_chance),
        "largest_p": plain(found.scan_largest_p),
    }  # fmt: skip
    return {
        "smallest_p": plain(found.smallest_p),
        "largest_p": plain(found.largest_p),
        "test": found.test,
        "cluster": cluster,
        "reason": found.reason,
    }
