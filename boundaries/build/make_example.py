"""Make the built-in example again: ``python boundaries/build/make_example.py`` from the top of the repo.

The example is simulated. The number of incidents and victims by region and year equals published totals (Mali,
``total_kidnapped > 0``, AWSD as of 26 August 2025, the regions of 2016); everything else is drawn at random from a
fixed seed: communes, points in them, dates within the year, sizes of groups, staff, organisations, gender.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from awsd_geo.boundaries import load_regions
from awsd_geo.schema import INCIDENTS

if TYPE_CHECKING:
    import geopandas as gpd

SEED = 20250826
YEARS = range(2017, 2023)
DETAILS = "EXAMPLE DATA: simulated, not a real incident"
CENTROID = (17.570692, -3.996166)  # where AWSD puts an incident of which only the country, Mali, is known
TOTALS = {  # region of 2016 → (incidents, victims) by year from 2017
    "mopti": [(0, 0), (3, 6), (7, 21), (8, 23), (8, 20), (5, 8)],
    "gao": [(0, 0), (0, 0), (1, 1), (3, 4), (5, 12), (2, 3)],
    "menaka": [(0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (1, 1)],
    "tombouctou": [(0, 0), (0, 0), (0, 0), (1, 4), (2, 3), (2, 4)],
    "segou": [(0, 0), (0, 0), (0, 0), (1, 2), (2, 6), (1, 9)],
    "bamako": [(0, 0), (1, 1), (0, 0), (0, 0), (0, 0), (0, 0)],
    "kayes": [(0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (1, 4)],
}
UNPLACED = {2017: (2, CENTROID), 2022: (5, None)}  # year → victims, point
AS_WRITTEN = {"menaka": "Gao"}  # AWSD keeps the regions of before 2016
ORGANISATIONS = {"UN": 0.25, "INGO": 0.4, "ICRC": 0.05, "NRCS and IFRC": 0.05, "NNGO": 0.2, "Other": 0.05}
STAFF = {"Nationals": 0.9, "Internationals": 0.1}
GENDER = {"Gender Male": 0.6, "Gender Female": 0.15, "Gender Unknown": 0.25}
COLUMNS = ["Incident ID"] + [
    column.source_name
    for column in INCIDENTS.columns
    if column.source_name and column.source_name not in {"LNGO/NRCS", "IFRC"}
]


def split(victims: int, incidents: int, rng: np.random.Generator) -> list[int]:
    """Share victims among incidents at random, at least one each."""
    sizes = [1] * incidents
    for _ in range(victims - incidents):
        sizes[int(rng.random() * incidents)] += 1
    return sizes


def choose(shares: dict[str, float], people: int, rng: np.random.Generator) -> dict[str, int]:
    """Give every person one of the groups, by the groups' shares."""
    counts = dict.fromkeys(shares, 0)
    edges = np.cumsum(list(shares.values()))
    for _ in range(people):
        counts[list(shares)[int(np.searchsorted(edges[:-1], rng.random(), side="right"))]] += 1
    return counts


def place(communes: gpd.GeoDataFrame, rng: np.random.Generator) -> tuple[str, tuple[float, float]]:
    """Draw one of the communes, then a point in it: the commune's id, and latitude and longitude."""
    from shapely import Point

    commune = communes.iloc[int(rng.random() * len(communes))]
    west, south, east, north = commune.geometry.bounds
    while True:
        lon = round(west + (east - west) * rng.random(), 6)
        lat = round(south + (north - south) * rng.random(), 6)
        if commune.geometry.contains(Point(lon, lat)):
            return str(commune.name), (lat, lon)


def incident(year: int, victims: int, rng: np.random.Generator) -> dict[str, object]:
    """Make an incident without a place: date and numbers that add up."""
    days = (dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days
    date = dt.date(year, 1, 1) + dt.timedelta(days=int(rng.random() * days))
    row: dict[str, object] = {column: 0 if _is_count(column) else "" for column in COLUMNS}
    row |= {"Year": year, "Month": date.month, "Day": date.day, "Country Code": "ML", "Country": "Mali"}
    for group, people in choose(STAFF, victims, rng).items():
        row |= {f"{group} kidnapped": people, f"Total {group.lower()}": people}
    row |= choose(ORGANISATIONS, victims, rng) | choose(GENDER, victims, rng)
    row |= {"Total kidnapped": victims, "Total affected": victims, "Means of attack": "Kidnapping"}
    row |= dict.fromkeys(["Attack context", "Location", "Motive", "Actor type", "Actor name"], "Unknown")
    return row | {"Details": DETAILS, "Source": "Example"}


def _is_count(column: str) -> bool:
    return any(known.source_name == column and known.dtype == "count" for known in INCIDENTS.columns)


def rows() -> list[dict[str, object]]:
    """Make all incidents, in order of date."""
    rng = np.random.default_rng(SEED)
    communes = load_regions("MLI", level=3, vintage="2016")
    cercles = load_regions("MLI", level=2, vintage="2016")["name"]
    made = []
    for region, by_year in TOTALS.items():
        inside = communes[communes["level_1_id"] == f"MLI-2016-{region}"]
        for year, (incidents, victims) in zip(YEARS, by_year, strict=True):
            for size in split(victims, incidents, rng):
                commune, (lat, lon) = place(inside, rng)
                cercle = _plain(cercles[communes.loc[commune, "parent_id"]])
                texts = {"Region": AS_WRITTEN.get(region, region.capitalize()), "District": cercle}
                made.append(incident(year, size, rng) | texts | {"Latitude": lat, "Longitude": lon})
    for year, (victims, point) in UNPLACED.items():
        lat, lon = point or ("", "")
        made.append(incident(year, victims, rng) | {"Latitude": lat, "Longitude": lon})
    made.sort(key=lambda row: (row["Year"], row["Month"], row["Day"]))
    return [row | {"Incident ID": number} for number, row in enumerate(made, start=1)]


def _plain(name: str) -> str:
    """Write a name without accents, as AWSD does in Mali."""
    import unicodedata

    return "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))


def text() -> str:
    """Give the whole file."""
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    return lines.getvalue()


if __name__ == "__main__":
    default = Path(__file__).resolve().parents[2] / "awsd_geo" / "sources" / "example.csv"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=default)
    parser.parse_args().out.write_text(text(), encoding="utf-8", newline="\n")
