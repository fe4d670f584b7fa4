"""Point patterns: DBSCAN against scikit-learn on the same places, the kernel density's grid, Ripley's K.

Run: python benchmarks/points.py
Each figure is the median of several runs in one process; both programs see the same data, in turn.
"""

from __future__ import annotations

import statistics as middle
import sys
import time
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo.statistics import clark_evans, cluster_points, ripley_k
from awsd_geo.statistics._kernel import covered, grid_of, smoothed
from awsd_geo.statistics._planar import chord, flat_system, on_sphere, to_metres

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5


def seconds(*works: Callable[[], Any]) -> list[float]:
    """Time several works in turn and give the median of each."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(RUNS):
        for work, mine in zip(works, times, strict=True):
            begun = time.perf_counter()
            work()
            mine.append(time.perf_counter() - begun)
    return [middle.median(mine) for mine in times]


def places(n: int, kind: str) -> np.ndarray:
    """Make places over a country the size of Mali: even, in 300 clusters, or rounded to settlements."""
    chance = np.random.default_rng(0)
    even = np.column_stack([chance.uniform(-12, 4, n), chance.uniform(10, 25, n)])
    if kind == "even":
        return even
    towns = np.column_stack([chance.uniform(-12, 4, 300), chance.uniform(10, 25, 300)])
    town, wide = chance.integers(0, 300, n), chance.gamma(1, 0.1, 300)
    clustered = towns[town] + chance.normal(size=(n, 2)) * wide[town, None]
    return clustered if kind == "clustered" else np.round(clustered, 2)


def clusters() -> None:
    """Compare DBSCAN with scikit-learn's kd-tree on chords, both with weights on distinct places."""
    from sklearn.cluster import DBSCAN

    print(f"DBSCAN, at least 10 within the radius; scikit-learn {version('scikit-learn')}, scipy {version('scipy')}")
    print(f"{'points':>8} {'kind':>10} {'places':>8} {'km':>4} {'ours s':>8} {'distinct':>9} {'all rows':>9}  ratios")
    for n, kind, radius in [
        (100_000, "even", 5e3), (100_000, "even", 15e3), (100_000, "clustered", 2e3), (100_000, "clustered", 10e3),
        (100_000, "rounded", 2e3), (100_000, "rounded", 10e3), (10_000, "clustered", 10e3), (1000, "clustered", 10e3),
    ]:  # fmt: skip
        degrees = places(n, kind)
        spots, number = np.unique(degrees, axis=0, return_counts=True)
        model = DBSCAN(eps=chord(radius), min_samples=10, algorithm="kd_tree")
        ours, distinct, rows = seconds(
            lambda degrees=degrees, radius=radius: cluster_points(degrees, radius_m=radius, min_points=10),
            lambda spots=spots, number=number, model=model: model.fit(on_sphere(spots), sample_weight=number),
            lambda degrees=degrees, model=model: model.fit(on_sphere(degrees)),
        )
        found = cluster_points(degrees, radius_m=radius, min_points=10).labels.fillna(0).to_numpy(dtype=int) - 1
        assert (found == model.fit(on_sphere(degrees)).labels_).all()
        print(
            f"{n:8} {kind:>10} {len(spots):8} {radius / 1000:4.0f} {ours:8.3f} {distinct:9.3f} {rows:9.3f}  "
            f"{distinct / ours:.1f} and {rows / ours:.1f} times"
        )


def surfaces() -> None:
    """Time the steps of a kernel density on 512 x 512 cells."""
    print("Kernel density, 512 x 512, milliseconds; wanted: within 50 for any n")
    print(f"{'points':>8} {'lay flat':>9} {'to grid':>8} {'smooth':>7} {'window':>7} {'grid and smooth':>16}")
    for n in (100, 10_000, 100_000, 1_000_000):
        degrees = places(n, "clustered")
        system = flat_system(degrees)
        metres = to_metres(degrees, system)
        import shapely

        low, high = metres.min(axis=0), metres.max(axis=0)
        side = shapely.box(*low, *(low + (high - low).max()))
        grid = grid_of(metres, side, system, 50_000, 512)
        held = grid.binned(metres)
        circle = side.centroid.buffer(500_000)
        steps = seconds(
            lambda degrees=degrees, system=system: to_metres(degrees, system),
            lambda grid=grid, metres=metres: grid.binned(metres),
            lambda grid=grid, held=held: smoothed(held, grid, 50_000),
            lambda grid=grid, circle=circle: covered(circle, grid),
            lambda grid=grid, metres=metres: smoothed(grid.binned(metres), grid, 50_000),
        )
        flat, put, smooth, window, both = (1000 * step for step in steps)
        print(f"{n:8} {flat:9.1f} {put:8.1f} {smooth:7.1f} {window:7.1f} {both:16.1f}")


def patterns() -> None:
    """Time Ripley's K with 199 simulations, and Clark and Evans with 999."""
    print("Ripley's K (199 simulations) and Clark-Evans (999), in a square, seconds")
    for n in (50, 200, 800):
        points = np.random.default_rng(0).random((n, 2))
        for correction in ("none", "border", "isotropic", "translation"):
            (took,) = seconds(lambda points=points, by=correction: ripley_k(points, (0, 0, 1, 1), correction=by))
            print(f"{n:8} {correction:>12} {took:8.2f}")
        (took,) = seconds(lambda points=points: clark_evans(points, (0, 0, 1, 1)))
        print(f"{n:8} {'Clark-Evans':>12} {took:8.2f}")


if __name__ == "__main__":
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}")
    clusters()
    surfaces()
    patterns()
