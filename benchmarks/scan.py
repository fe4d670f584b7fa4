"""Times of the spatial scan, each in a fresh process, warm, medians; and how they grow.

Run: python benchmarks/scan.py [--large]

Beside them stand the times of SaTScan 10.3 with 2 threads on a machine of this kind, as measured once for this project;
SaTScan does not install with pip and is not run here.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

CASES = (  # units, incidents, replicates, seconds wanted, seconds of SaTScan
    (10, 53, 9999, 0.1, None),
    (60, 53, 9999, 0.1, None),
    (60, 1000, 9999, None, None),
    (700, 53, 999, 0.25, 2.5),
    (700, 1000, 999, 0.25, 2.5),
)
LARGE = (
    (700, 1000, 9999, None, None),
    (1500, 1500, 9999, None, None),
    (3000, 3000, 9999, 7.0, 69.0),
    (3000, 30000, 9999, 7.0, 69.0),
)


def once(units: int, incidents: int, replicates: int, repeats: int) -> None:
    """Time one case in this process and print the times as JSON."""
    from time import perf_counter, process_time

    import numpy as np
    import pandas as pd

    from awsd_geo.statistics import scan

    chance = np.random.default_rng(3)
    where = pd.DataFrame(chance.random((units, 2)), columns=["x", "y"])
    people = pd.Series(chance.lognormal(0, 1, units))
    counts = pd.Series(chance.multinomial(incidents, people / people.sum()))
    wall, cpu = [], []
    for _ in range(repeats):
        start, busy = perf_counter(), process_time()
        found = scan(counts, where, exposure=people, replicates=replicates)
        wall.append(perf_counter() - start)
        cpu.append(process_time() - busy)
    print(
        json.dumps(
            {"wall": wall, "cpu": cpu, "zones": found.zones, "p": found.p_value, "numba": "numba" in sys.modules}
        )
    )


def main() -> None:
    """Run every case and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="also 3,000 units with 9,999 replicates")
    parser.add_argument("--case", type=int, nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.case:
        once(*chosen.case)
        return
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} processors, {_versions()}; load {os.getloadavg()[0]:.1f}"
    )
    print("  units incidents replicates     zones   first s  median s   cpu s   wanted   SaTScan")
    for units, incidents, replicates, wanted, peer in CASES + (LARGE if chosen.large else ()):
        repeats = 5 if units < 1000 else 2
        command = [sys.executable, __file__, "--case", *map(str, (units, incidents, replicates, repeats))]
        seen = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        warm = statistics.median(seen["wall"][1:])
        said = "      -" if wanted is None else f"{wanted:7.2f}"
        other = "       -" if peer is None else f"{peer:8.1f}"
        compiled = "  compiled" if seen["numba"] else ""
        print(
            f"{units:7d} {incidents:9d} {replicates:10d} {seen['zones']:9d} {seen['wall'][0]:9.3f} {warm:9.3f} "
            f"{statistics.median(seen['cpu'][1:]):7.3f} {said} {other}{compiled}"
        )


def _versions() -> str:
    known = []
    for name in ("awsd-geo", "numpy", "pandas", "numba"):
        try:
            known.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            known.append(f"{name} absent")
    return ", ".join(known)


if __name__ == "__main__":
    main()
