"""Incidents by place and year that differ, but of which the same is published: what nobody may tell apart.

Rows are Mopti, Koulikoro, Kayes, Kidal, Sikasso, Bamako, and incidents in no unit; columns are the years from 2019 on.
Found by moving one incident along each side of a rectangle of suppressed cells, and kept where the pattern stays.
"""

from typing import Any

import pandas as pd

NAMES = ["Mopti", "Koulikoro", "Kayes", "Kidal", "Sikasso", "Bamako", None]
POINTS = {  # of the chief towns, to place by town and point instead of by the name of the region
    "Mopti": (14.49, -4.19), "Koulikoro": (12.86, -7.56), "Kayes": (14.45, -11.44), "Kidal": (18.44, 1.41),
    "Sikasso": (11.32, -5.67), "Bamako": (12.63, -8.0),
}  # fmt: skip
FIRST = 2019
TEXTS = ("country_code", "country", "iso3", "region", "district", "city", "coordinate_issue")
WHOLE = ("year", "month", "day", "total_kidnapped", "total_killed", "total_affected", "source_row")


def incidents(grid: list[list[int]], *, other: bool = False) -> pd.DataFrame:
    """Make incidents of a grid; ``other`` differs in all that is not in the table: days, points, order, more rows."""
    rows: list[dict[str, Any]] = []
    for name, numbers in zip(NAMES, grid, strict=True):
        for year, number in enumerate(numbers, start=FIRST):
            rows += [_row(name, year, place, other) for place in range(number)]
    if other:
        rows.reverse()
        rows += [_row("Mopti", FIRST - 2, 0, False) | {"total_kidnapped": 0, "total_killed": 1}] * 7
    rows.append(_row(None, 2025, 0, False) | {"country_code": "SO", "country": "Somalia", "iso3": "SOM"})
    table = pd.DataFrame(rows)
    table.index = pd.Index(range(901 if other else 1, len(table) + (901 if other else 1)), name="incident_id")
    table["source_row"] = range(2, len(table) + 2)
    kinds = dict.fromkeys(TEXTS, "string") | dict.fromkeys(WHOLE, "Int64")
    return table.astype(kinds | {"latitude": "Float64", "longitude": "Float64"}).assign(duplicate_id=False)


def _row(name: str | None, year: int, place: int, other: bool) -> dict[str, Any]:
    by_point = other and name is not None and place % 2 == 1
    latitude, longitude = POINTS[name] if by_point and name else (None, None)
    if latitude is not None and longitude is not None:  # no two on one point, which would look like a centre
        latitude, longitude = latitude + 0.0013 * place, longitude + 0.0017 * (year - FIRST)
    return {
        "year": year, "month": 3 + 7 * other, "day": 4 + place % 20, "country_code": "ML", "country": "Mali",
        "iso3": "MLI", "region": None if by_point else name, "district": None, "city": name if by_point else None,
        "latitude": latitude, "longitude": longitude, "coordinate_issue": "none",
        "total_kidnapped": 1 + (place == 0), "total_killed": 0, "total_affected": 1 + (place == 0),
    }  # fmt: skip


PAIRS: list[tuple[list[list[int]], list[list[int]]]] = [
    (
        [[7, 5, 2, 2], [0, 0, 0, 0], [3, 3, 4, 3], [13, 9, 14, 11], [0, 0, 0, 0], [2, 1, 1, 2], [0, 0, 0, 0]],
        [[7, 5, 2, 2], [0, 0, 0, 0], [3, 3, 3, 4], [13, 9, 14, 11], [0, 0, 0, 0], [2, 1, 2, 1], [0, 0, 0, 0]],
    ),
    (
        [[3, 2], [0, 1], [3, 0], [2, 2], [0, 0], [5, 10], [1, 0]],
        [[3, 2], [0, 1], [3, 0], [1, 3], [0, 0], [6, 9], [1, 0]],
    ),
    (
        [[0, 2, 0], [6, 4, 9], [0, 1, 0], [2, 3, 3], [1, 1, 2], [3, 5, 2], [1, 3, 3]],
        [[0, 2, 0], [6, 4, 9], [0, 1, 0], [2, 3, 3], [1, 2, 1], [3, 5, 2], [1, 2, 4]],
    ),
    (
        [[5, 2, 8], [0, 0, 0], [3, 5, 5], [4, 0, 2], [11, 11, 4], [2, 2, 2], [0, 1, 0]],
        [[5, 2, 8], [0, 0, 0], [4, 5, 4], [3, 0, 3], [11, 11, 4], [2, 2, 2], [0, 1, 0]],
    ),
    (
        [[4, 2], [0, 1], [2, 4], [0, 1], [6, 5], [0, 1], [0, 1]],
        [[3, 3], [0, 1], [3, 3], [0, 1], [6, 5], [0, 1], [0, 1]],
    ),
    ([[2], [6], [0], [5], [0], [0], [0]], [[1], [6], [0], [6], [0], [0], [0]]),
    ([[3], [1], [1], [13], [1], [1], [0]], [[2], [1], [1], [13], [2], [1], [0]]),
    (
        [[7, 8, 5], [1, 2, 1], [0, 2, 0], [2, 2, 2], [0, 2, 1], [7, 3, 4], [1, 0, 2]],
        [[7, 8, 5], [1, 1, 2], [0, 2, 0], [2, 2, 2], [0, 2, 1], [7, 4, 3], [1, 0, 2]],
    ),
    (
        [[4, 4, 5], [1, 2, 3], [18, 10, 6], [2, 5, 2], [1, 2, 4], [0, 0, 2], [5, 0, 0]],
        [[3, 5, 5], [1, 2, 3], [18, 10, 6], [3, 4, 2], [1, 2, 4], [0, 0, 2], [5, 0, 0]],
    ),
]
