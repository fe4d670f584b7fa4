"""Class limits beside mapclassify's Fisher-Jenks on the same values: equal sums of squares, and how long each takes.

    python benchmarks/breaks.py

Ours moves the inner limits to round numbers between two classes, which leaves the classes as they are. Needs
mapclassify; its own numba is used where it is installed, and its compile is left out of the time.
"""

import time

import mapclassify
import numpy as np

from awsd_geo.maps.breaks import class_limits

CLASSES, MAPS = 5, 300


def squares(values, limits):
    """Sum the squared distances to the mean of each class."""
    classes = np.searchsorted(limits, values)
    return sum(((values[classes == k] - values[classes == k].mean()) ** 2).sum() for k in np.unique(classes))


def timed(find, values):
    start = time.perf_counter()
    limits = find(values)
    return np.array(limits), time.perf_counter() - start


def theirs(values):
    return mapclassify.FisherJenks(values, min(CLASSES, np.unique(values).size)).bins


def main():
    chance = np.random.default_rng(1)
    maps = [chance.negative_binomial(0.4, 0.05, chance.integers(8, 60)).astype(float) for _ in range(MAPS)]
    maps = [values[values > 0] for values in maps if np.unique(values[values > 0]).size > 1]
    differ = sum(abs(squares(v, class_limits(v)) - squares(v, theirs(v))) > 1e-6 for v in maps)
    print(f"{differ} of {len(maps)} maps of small counts have other sums of squares")
    for units in (50, 700, 3000):
        values = chance.gamma(0.5, 10.0, units)
        (mine, short), (other, long) = timed(class_limits, values), timed(theirs, values)
        equal = abs(squares(values, mine) - squares(values, other)) < 1e-6 * squares(values, other)
        print(f"{units:>5} units: {short:.4f} s, mapclassify {long:.4f} s, {long / short:.0f} times; equal: {equal}")


if __name__ == "__main__":
    main()
