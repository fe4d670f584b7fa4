"""How often each test finds an epicentre among ten regions, and how often it finds one where there is none.

Simulates incidents over the ten regions of Mali in the frame of 2016 (Bamako left out): all alike, or one of them at
three or five times the rate of the others, with 20, 40 and 60 incidents. Prints the share of simulations in which each
test says "more than chance" at 5 %. The epicentre is each region in turn.

    python benchmarks/power.py [simulations]
"""

import sys

import geopandas as gpd
import numpy as np
import pandas as pd

import awsd_geo as ag

LEVEL = 0.05
TESTS = ("max-cell", "scan", "Moran", "Gi* (FDR)", "some Gi* p < 0.05")


def found(counts: pd.Series, regions: gpd.GeoDataFrame, near: pd.Series) -> list[bool]:
    """Say which tests call a map more than chance."""
    local = ag.statistics.getis_ord(counts, near).table
    clusters = ag.statistics.scan(counts, regions, replicates=999).clusters
    return [
        ag.statistics.concentration(counts).p_value < LEVEL,
        bool(len(clusters)) and clusters["p_value"].iloc[0] < LEVEL,
        ag.statistics.moran(counts, near, permutations=199).p_greater < LEVEL,
        bool((local["q_value"] < LEVEL).any()),
        bool((local["p_value"] < LEVEL).any()),
    ]


def main(simulations: int = 500) -> None:
    """Print one row per setting."""
    regions = ag.load_regions("MLI", level=1, vintage="2016").query("kind == 'region'")
    near = ag.weights.adjacency(regions)
    generator = np.random.default_rng(0)
    rows = []
    for times in (1, 3, 5):
        for total in (20, 40, 60):
            hits = np.zeros(len(TESTS))
            for k in range(simulations):
                weights = np.ones(len(regions))
                weights[k % len(regions)] = times
                counts = pd.Series(generator.multinomial(total, weights / weights.sum()), index=regions.index)
                hits += found(counts, regions, near)
            rows.append((times, total, *(hits / simulations).round(3)))
    verdicts = [
        ag.statistics.trend(pd.Series(generator.multinomial(total, np.ones(6) / 6), index=range(2017, 2023))).verdict
        for total in (20, 40, 60)
        for _ in range(simulations)
    ]
    steady = np.mean([verdict in ("increase", "decrease") for verdict in verdicts])
    print(f"A trend is headlined in {steady:.1%} of series of six years without one (20, 40, 60 incidents).")
    print(f"{simulations} simulations a row; standard error at most {0.5 / simulations**0.5:.3f}")
    print(pd.DataFrame(rows, columns=["times the rate", "incidents", *TESTS]).to_string(index=False))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
