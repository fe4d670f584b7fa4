"""Time `awsd-geo alert` beside the usual script, as whole processes taken in turn, and print the ratio.

Run in an environment that has numba (esda compiles with it where it is installed, as in most analysts' environments):

    pip install -e ".[bench]"
    python benchmarks/alert_vs_usual_script.py ../shared/data/awsd/awsd_global_2025-08-26.csv
"""

import importlib.util
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent


def seconds(command: list[str]) -> float:
    """Run a command and give its wall time."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(source: str, runs: int = 3) -> None:
    """Print the median of both and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        frame = HERE.parent / "boundaries" / "MLI" / "regions_2016.geojson"
        usual = [sys.executable, str(HERE / "usual_script.py"), source, str(frame), f"{folder}/usual.html"]
        alert = [sys.executable, "-c", "from awsd_geo.cli import main; main()", "alert", source]
        alert += ["--country", "MLI", "--years", "2017:2022", "--vintage", "2016", "--out", f"{folder}/out"]
        seconds(alert)  # warms the file cache for both
        pairs = [(seconds(alert), seconds(usual)) for _ in range(runs)]
    numba = "with" if importlib.util.find_spec("numba") else "WITHOUT"
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / other for mine, other in pairs)
    print(f"alert {ours:.2f} s, usual script {theirs:.2f} s ({numba} numba), ratio {ratio:.3f} over {runs} runs")


if __name__ == "__main__":
    main(sys.argv[1])
