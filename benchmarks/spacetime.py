"""Time the space-time scan and Knox's test, how both grow, and Knox beside pointpats where that is installed.

    pip install -e ".[fast]" pointpats
    python benchmarks/spacetime.py

Wall and CPU seconds of whole calls of the public functions, result table included; the first call of each process is
not counted. SaTScan cannot be installed by pip: its 16.5 s for 50 regions x 60 months x 9,999 replicates (2 threads,
version 10.3.2, a machine of this kind) is quoted. On a busy machine look at the CPU seconds.
"""

import importlib.util
import os
import platform
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from awsd_geo.statistics import _cylinders, knox, space_time_scan

SATSCAN = 16.5


def seconds(call: Callable[[], Any], runs: int = 3) -> tuple[float, float]:
    """Give the medians of wall and CPU time."""
    times = []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    return tuple(np.median(times, axis=0).tolist())


def country(regions: int, months: int, incidents: int) -> tuple[pd.Series, pd.DataFrame, pd.Series]:
    """Draw incidents by population over regions and months."""
    random = np.random.default_rng(1)
    where = pd.DataFrame(random.random((regions, 2)), columns=["x", "y"])
    people = pd.Series(random.random(regions) + 0.2)
    cells = random.multinomial(incidents, np.repeat(people / people.sum() / months, months))
    index = pd.MultiIndex.from_product([where.index, range(months)], names=["region_id", "month"])
    return pd.Series(cells, index=index), where, people


def scans() -> None:
    print("\nSpace-time scan (half of the exposure, half of the periods)")
    print("regions periods incidents replicates  cylinders  wall s   CPU s")
    sizes = [(10, 6, 50, 9999), (10, 24, 50, 9999), (25, 60, 500, 9999), (50, 60, 1000, 9999), (100, 60, 1000, 999)]
    numba = importlib.util.find_spec("numba") is not None
    for compiled in (False, True)[: 1 + numba]:
        print("with numba" if compiled else "numpy alone")
        for regions, months, incidents, replicates in sizes:
            _cylinders.COMPILED = 1 << 29 if compiled else 1 << 62
            counts, where, people = country(regions, months, incidents)
            space_time_scan(counts, where, exposure=people, replicates=1000)
            found = space_time_scan(counts, where, exposure=people, replicates=10)
            wall, cpu = seconds(
                lambda a=(counts, where), p=people, r=replicates: space_time_scan(*a, exposure=p, replicates=r), 1
            )
            line = f"{regions:7} {months:7} {incidents:9} {replicates:10} {found.cylinders:10,} {wall:7.2f} {cpu:7.2f}"
            peer = f"   SaTScan (quoted) {SATSCAN} s: {SATSCAN / wall:.1f} times" if regions == 50 else ""
            print(line + peer)


def interactions() -> None:
    print("\nKnox, 999 random orders, one pair of thresholds (about 2 % of pairs close in space, 5 % in time)")
    print("events  wall s   CPU s   pointpats wall s   ratio")
    peer = importlib.util.find_spec("pointpats") is not None
    for n in (84, 168, 336, 672, 1344):
        random = np.random.default_rng(n)
        places, times = random.random((n, 2)) * 100, random.integers(0, 1000, n)
        wall, cpu = seconds(lambda a=(places, times): knox(*a, space=8, time=25, permutations=999))
        line = f"{n:6} {wall:7.4f} {cpu:7.4f}"
        if peer:
            from pointpats import knox as theirs

            other, _ = seconds(lambda a=(places, times[:, None]): theirs(*a, delta=8, tau=25, permutations=999), 1)
            line += f"   {other:16.3f}   {other / wall:5.1f}"
        print(line)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} processors")
    interactions()
    scans()
