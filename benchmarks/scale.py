"""Ten million rows to counts: time and memory from CSV and Parquet, and dask on one and two workers.

Run: python benchmarks/scale.py [rows, default 10000000]
Every measurement is a process of its own, so that its peak memory is its own; the rows lie around Mali's communes, each
with a date, a point and the name of its commune.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

MILLION = 1_000_000


def make(folder: Path, number: int) -> None:
    """Write the same rows as CSV, as Parquet, and as Parquet in 40 parts."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as parquet
    import shapely

    import awsd_geo as ag

    communes = ag.load_regions("MLI", level=3, vintage="2016")
    towns = shapely.get_coordinates(shapely.point_on_surface(communes.geometry.to_numpy()))
    names, chance = communes["name"].to_numpy(dtype=object), np.random.default_rng(0)
    writers: list = []
    parts = folder / "parts"
    parts.mkdir()
    for part, begin in enumerate(range(0, number, number // 40)):
        rows = min(number // 40, number - begin)
        which = chance.integers(0, len(towns), rows)
        places = (towns[which] + chance.normal(0, 0.02, (rows, 2))).round(6)
        days = np.datetime64("2015-01-01") + chance.integers(0, 3650, rows)
        table = pa.table(
            {
                "event_date": np.datetime_as_string(days),
                "longitude": places[:, 0],
                "latitude": places[:, 1],
                "city": pa.array(names[which]),
            }
        )
        if not writers:
            writers = [
                pa.csv.CSVWriter(folder / "events.csv", table.schema),
                parquet.ParquetWriter(folder / "events.parquet", table.schema),
            ]
        for writer in writers:
            writer.write_table(table)
        parquet.write_table(table, parts / f"{part:02}.parquet")
    for writer in writers:
        writer.close()


def count(path: str, workers: int) -> None:
    """Count one file and print seconds, peak memory of this process, and a digest of the counts."""
    import hashlib
    import resource

    import awsd_geo as ag

    regions = ag.load_regions("MLI", level=1, vintage="2016")
    begun = time.perf_counter()
    counts = ag.scale.count_file(path, regions) if not workers else by_dask(path, regions, workers)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = hashlib.sha256(counts.to_csv().encode()).hexdigest()[:12]
    print(f"{seconds:8.1f} s {peak:6.0f} MB   {counts.attrs['located']:,} of {counts.attrs['total']:,}   counts {told}")


def by_dask(path: str, regions: object, workers: int) -> object:
    """Count on a local cluster; starting it is not timed away."""
    import dask.dataframe
    from distributed import Client, LocalCluster

    import awsd_geo as ag

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        return ag.scale.count_partitions(dask.dataframe.read_parquet(path), regions)


def main() -> None:
    """Make the files and measure, each in a process of its own."""
    if len(sys.argv) == 4:
        count(sys.argv[2], int(sys.argv[3]))
        return
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10 * MILLION
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, number)
        print(f"{number:,} rows; CSV {(folder / 'events.csv').stat().st_size / 2**20:.0f} MB")
        for what, path, workers in [
            ("count_file, CSV", "events.csv", 0),
            ("count_file, Parquet", "events.parquet", 0),
            ("count_partitions, 1 worker", "parts", 1),
            ("count_partitions, 2 workers", "parts", 2),
        ]:
            print(f"{what:28}", end="", flush=True)
            subprocess.run([sys.executable, __file__, "one", str(folder / path), str(workers)], check=True)
            print(f"{'':28}load average {os.getloadavg()[0]:.1f} of {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
