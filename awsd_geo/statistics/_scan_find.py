"""One scan, and the rounds of the iterative procedure: clusters as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from awsd_geo.statistics._scan_chance import draw
from awsd_geo.statistics._scan_collect import apart, best_collection, candidates
from awsd_geo.statistics._scan_result import SIGNIFICANT
from awsd_geo.statistics._scan_search import Search
from awsd_geo.statistics._scan_windows import restricted, zones

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from awsd_geo.statistics._scan_chance import Chance
    from awsd_geo.statistics._scan_problem import Problem
    from awsd_geo.statistics._scan_windows import Windows

MOST_ROUNDS = 10  # of the iterative procedure


@dataclass(frozen=True, slots=True)
class Found:
    """Clusters as rows, with what they were tested by."""

    rows: list[dict[str, Any]]
    chance: Chance
    zones: int
    size: float | None


def scan_once(
    problem: Problem,
    windows: Windows,
    direction: str,
    replicates: int,
    stop_after: int | None,
    seed: int,
    *,
    gini: bool,
) -> Found:
    """Scan once and report what does not overlap.

    Parameters
    ----------
    problem : Problem
        Cases, exposures, places.
    windows, direction, replicates, stop_after, seed
        As in `awsd_geo.statistics.scan`.
    gini : bool
        Choose the size of what is reported by the Gini index.
    """
    looked = zones(problem.where, windows, problem.exposure)
    search = Search(looked, problem.null(direction, windows.fewest))
    every = search.ratios(problem.counts)
    chance = draw(search, float(every.max(initial=0.0)), replicates, seed, stop_after)
    share = looked.sums(problem.exposure) / problem.exposure.sum()
    ratios = np.where(share <= windows.reported_share * (1 + 1e-9), every, 0.0)
    size = None
    if gini:
        sums = (looked.sums(problem.counts).astype(np.float64), search.at, float(problem.counts.sum()))
        places, size = best_collection(looked, ratios, share, chance.p_values, sums)
    else:
        places = apart(looked, candidates(looked, ratios))
    rows = [_row(problem, looked.zone(place), float(ratios[place]), chance) for place in places]
    kept = [row for number, row in enumerate(rows) if number == 0 or row["p_value"] < 1]
    return Found(kept, chance, int(looked.ends.sum()), size)


def scan_in_rounds(
    problem: Problem, windows: Windows, direction: str, replicates: int, stop_after: int | None, seed: int
) -> Found:
    """Scan, leave the cluster out, and scan again, as long as it is significant; parameters as in `scan_once`."""
    first = found = scan_once(problem, windows, direction, replicates, stop_after, seed, gini=False)
    rows = found.rows[:1]
    while rows and found.rows and found.rows[0]["p_value"] <= SIGNIFICANT and len(rows) < MOST_ROUNDS:
        problem = problem.without(problem.where.ids.get_indexer(pd.Index(found.rows[0]["regions"])))
        if problem.why_undefined() is not None:
            break
        windows = restricted(windows, problem.where.ids)
        found = scan_once(problem, windows, direction, replicates, stop_after, seed + len(rows), gini=False)
        rows = rows + found.rows[:1]
    return Found(rows, first.chance, first.zones, None)


def _row(problem: Problem, members: NDArray[np.int64], llr: float, chance: Chance) -> dict[str, Any]:
    observed, cases = int(problem.counts[members].sum()), int(problem.counts.sum())
    expected = float(problem.expected[members].sum() / problem.expected.sum() * cases)
    outside = (cases - observed) / (cases - expected) if expected < cases else np.nan
    return {
        "regions": tuple(problem.where.ids[members]),
        "names": tuple(str(name) for name in problem.names[members]),
        "direction": "high" if observed > expected else "low",
        "observed": observed,
        "expected": expected,
        "relative_risk": observed / expected / outside if outside else np.inf,
        "llr": llr,
        "p_value": float(chance.p_values(np.array([llr]))[0]),
        "p_gumbel": float(chance.gumbel(np.array([llr]))[0]) if chance.why_no_gumbel() is None else np.nan,
        "exposure_share": float(problem.exposure[members].sum() / problem.exposure.sum()),
        "radius": problem.where.radius(members),
    }
