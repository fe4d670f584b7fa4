"""Time local p-values beside esda's on the same maps, in one run, and print the ratios.

Run in an environment that has numba (esda compiles with it where it is installed, as in most analysts' environments);
pygeoda is compared with where it is installed:

    pip install -e ".[bench]" pygeoda
    python benchmarks/local.py

Ours are whole calls of the public functions, result table included. esda's times are warm: its compile is printed
apart. Wall times are medians; on a busy machine look at the ratios.
"""

import importlib.metadata
import importlib.util
import statistics as middle
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from awsd_geo import statistics

FRESH = """
import time, numpy as np, pandas as pd
from benchmarks_local import counts_on_lattice
from awsd_geo import statistics
statistics.local_moran, statistics.getis_ord
counts, near = counts_on_lattice(5, 10)
start = time.perf_counter()
statistics.{function}(counts, near)
print(time.perf_counter() - start)
"""


def counts_on_lattice(rows: int, columns: int) -> tuple[pd.Series, pd.Series]:
    """Give Poisson counts with mean 2 and the queen neighbours of a grid."""
    place = np.arange(rows * columns).reshape(rows, columns)
    padded = np.pad(place, 1, constant_values=-1)
    shifts = [(down, right) for down in (0, 1, 2) for right in (0, 1, 2) if (down, right) != (1, 1)]
    around = np.stack([padded[down : down + rows, right : right + columns].ravel() for down, right in shifts], axis=1)
    focal = np.repeat(place.ravel(), 8)
    kept = around.ravel() >= 0
    index = pd.MultiIndex.from_arrays([focal[kept], around.ravel()[kept]], names=["focal", "neighbor"])
    counts = pd.Series(np.random.default_rng(0).poisson(2, rows * columns))
    return counts, pd.Series(1.0, index=index, name="weight").sort_index()


def seconds(call: Callable[[], Any]) -> float:
    """Time one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def in_turn(ours: Callable[[], Any], theirs: Callable[[], Any], runs: int) -> tuple[float, float, float]:
    """Give the medians of both, called in turn, and of their ratio."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    mine, other = (middle.median(column) for column in zip(*pairs, strict=True))
    return mine, other, middle.median(b / a for a, b in pairs)


def show(what: str, ours: float, theirs: float, ratio: float) -> None:
    """Print one line."""
    print(f"{what:<60} ours {1000 * ours:9.1f} ms   esda {1000 * theirs:9.1f} ms   {ratio:7.1f} times")


def fresh(function: str) -> float:
    """Time the first call in a new process, after the imports."""
    code = f"import sys; sys.path.insert(0, {str(sys.path[0])!r})\n" + FRESH.format(function=function)
    code = code.replace("benchmarks_local", "local")
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    return middle.median(float(run.stdout) for run in runs)


def main() -> None:
    """Print all figures."""
    from esda.moran import Moran_Local
    from libpysal.graph import Graph

    warnings.simplefilter("ignore")
    numba = "with" if importlib.util.find_spec("numba") else "WITHOUT"
    print(", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("awsd-geo", "esda", "libpysal", "numpy")))
    for function in ("getis_ord", "local_moran"):
        print(f"{function}, n = 50, first call in a new process: {1000 * fresh(function):.1f} ms")
    counts, near = counts_on_lattice(5, 10)
    graph = Graph(near)
    first = seconds(lambda: Moran_Local(counts.to_numpy(float), graph, permutations=999, seed=1))
    print(f"esda {numba} numba, n = 50, first call: {first:.1f} s")
    for rows, columns, runs in ((5, 10, 21), (50, 60, 9), (170, 170, 5)):
        compare(rows, columns, runs)
    if importlib.util.find_spec("pygeoda"):
        beside_pygeoda(50, 60)


def compare(rows: int, columns: int, runs: int) -> None:
    """Print the figures of one map."""
    from esda.moran import Moran_Local
    from libpysal.graph import Graph

    counts, near = counts_on_lattice(rows, columns)
    n = rows * columns
    real = counts + np.random.default_rng(2).uniform(size=n)
    weighted = near * np.random.default_rng(1).uniform(0.5, 2, len(near))

    def pair(values: pd.Series, weights: pd.Series, permutations: int, method: str) -> tuple[float, float, float]:
        graph, numbers = Graph(weights), values.to_numpy(float)
        ours = partial(statistics.local_moran, values, weights, method=method, permutations=permutations)
        theirs = partial(Moran_Local, numbers, graph, permutations=permutations, seed=1)
        return in_turn(ours, theirs, runs)

    for permutations in (999, 9999) if n < 20_000 else (999,):
        show(f"n = {n}, exact beside {permutations} draws", *pair(counts, near, permutations, "auto"))
        what = f"{permutations} draws both"
        show(f"n = {n}, unequal weights, {what}", *pair(real, weighted, permutations, "permutation"))
        show(f"n = {n}, equal weights, real values, {what}", *pair(real, near, permutations, "permutation"))


def beside_pygeoda(rows: int, columns: int) -> None:
    """Print our exact p beside pygeoda's 999 draws from its table of permutations, on two threads."""
    import geopandas as gpd
    import pygeoda
    import shapely

    counts, near = counts_on_lattice(rows, columns)
    squares = [shapely.box(x, y, x + 1, y + 1) for y in range(rows) for x in range(columns)]
    weights = pygeoda.queen_weights(pygeoda.open(gpd.GeoDataFrame({"count": counts.to_numpy()}, geometry=squares)))
    values = counts.astype(float).tolist()
    theirs = partial(pygeoda.local_moran, weights, values, permutations=999, permutation_method="lookup", cpu_threads=2)
    ours, other, ratio = in_turn(partial(statistics.local_moran, counts, near), theirs, 15)
    print(f"n = {len(counts)}, exact beside 999 draws from a table", end="  ")
    version = importlib.metadata.version("pygeoda")
    print(f"ours {1000 * ours:.1f} ms   pygeoda {version} {1000 * other:.1f} ms   {ratio:.1f} times")


if __name__ == "__main__":
    main()
