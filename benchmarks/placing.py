"""How well place texts are read: text alone against points, on a list of settlements of Mali and on the whole AWSD.

``python benchmarks/placing.py SHARED`` prints the tables of docs/methods/place-texts.md; SHARED is the folder that
holds ``data/gazetteer/whosonfirst_localities_mli.csv`` and ``data/awsd/awsd_global_2025-08-26.csv``.
``--differences`` lists the rows of the AWSD whose text and point differ. Neither list is held out: some rules were
settled while looking at both.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import awsd_geo as ag
from awsd_geo.geocoding.everywhere import geocode_by_country
from awsd_geo.geocoding.names import place_names
from awsd_geo.geocoding.points import metres_to, unit_of_points

CONTEXTS = {"name alone": (), "and region": ("region",), "and region, cercle": ("region", "cercle")}
OUTCOMES = ["places", "answered", "right", "wrong", "wrong, %", "ambiguous", "in candidates, %", "not known"]
NEAR_KM = 10.0  # lines of the layer are generalised by some kilometres
TEXTS = ["region", "district", "city"]


def outcomes(readings: list, truth: list) -> dict[str, float]:
    """Count what became of each text, against the unit in which its point lies."""
    answered = [
        (next(iter(reading.units)), unit)
        for reading, unit in zip(readings, truth, strict=True)
        if len(reading.units) == 1
    ]
    several = [(reading.units, unit) for reading, unit in zip(readings, truth, strict=True) if len(reading.units) > 1]
    wrong = sum(given != unit for given, unit in answered)
    among = sum(unit in units for units, unit in several)
    shares = [100 * part / len(some) if some else float("nan") for part, some in ((wrong, answered), (among, several))]
    rest = len(truth) - len(answered) - len(several)
    counted = [len(truth), len(answered), len(answered) - wrong, wrong, round(shares[0], 2), len(several)]
    return dict(zip(OUTCOMES, [*counted, round(shares[1], 1), rest], strict=True))


def settlements(shared: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the names of a list of settlements with their points hidden; and how often each sort of name is right."""
    listed = pd.read_csv(shared / "data/gazetteer/whosonfirst_localities_mli.csv").dropna(subset="name")
    rows, chances = {}, []
    for level, kind in ((1, "region"), (2, "cercle")):
        regions = ag.load_regions("MLI", level=level, vintage="2016")
        names = place_names(regions)
        units, _ = unit_of_points(regions, listed["lon"].to_numpy(), listed["lat"].to_numpy())
        inside = listed[pd.notna(units)]
        truth = [unit for unit in units if unit is not None]
        for context, columns in CONTEXTS.items():
            given = [inside[c].astype(object).where(inside[c].notna(), None) for c in columns]
            given += [pd.Series([None] * len(inside))] * (2 - len(columns))
            readings = [names.read(text) for text in zip(*given, inside["name"], strict=True)]
            rows[f"{kind}: {context}"] = outcomes(readings, truth)
            chances += [
                {
                    "asked": f"{kind}: {context}",
                    "weight given": round(max(reading.weights.values()), 2),
                    "right": unit in reading.likely,
                }
                for reading, unit in zip(readings, truth, strict=True)
                if reading.likely and len(reading.likely) == 1 and reading.weights
            ]
    table = pd.DataFrame(chances).groupby(["asked", "weight given"])["right"].agg(["size", "mean"]).round(2)
    return pd.DataFrame(rows).T, table.rename(columns={"size": "names", "mean": "right"})


def without(incidents: pd.DataFrame, *, points: bool) -> pd.DataFrame:
    """Hide the points, or the texts."""
    if not points:
        return incidents.assign(**dict.fromkeys(TEXTS, pd.array([pd.NA] * len(incidents), dtype="string")))
    empty = pd.array([pd.NA] * len(incidents), dtype="Float64")
    return incidents.assign(latitude=empty, longitude=empty, coordinate_issue="missing")


def awsd(shared: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Place the whole AWSD by text alone and by points alone, at the first level of each country."""
    incidents = ag.read_incidents(shared / "data/awsd/awsd_global_2025-08-26.csv")
    by_text = geocode_by_country(without(incidents, points=True))
    by_point = geocode_by_country(without(incidents, points=False))
    table = incidents[["iso3", *TEXTS, "latitude", "longitude"]].reset_index()
    table = table.assign(
        text=by_text["region_id"].to_numpy(),
        confidence=by_text["confidence"].to_numpy(),
        candidates=by_text["candidates"].to_numpy(),
        weights=by_text["candidate_weights"].to_numpy(),
        point=by_point["region_id"].where(by_point["matched_by"] == "point").to_numpy(),
    )
    return table, summary(table)


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Count text against point."""
    named = table[table[TEXTS].notna().any(axis=1)]
    compared = named[named["point"].notna()]
    rows = {}
    for label, some in (("any point or none", named), ("with a usable point", compared)):
        answered = some[some["text"].notna()]
        unsure = some[some["text"].isna() & (some["confidence"] == "ambiguous")]
        pointed = unsure[unsure["point"].notna()]
        inside = [unit in units for unit, units in zip(pointed["point"], pointed["candidates"], strict=True)]
        both = answered[answered["point"].notna()]
        rows[label] = {
            "incidents with a text": len(some),
            "answered": len(answered),
            "agree with the point": int((both["text"] == both["point"]).sum()),
            "differ": int((both["text"] != both["point"]).sum()),
            "ambiguous": len(unsure),
            "point in candidates, %": round(100 * np.mean(inside), 1) if inside else float("nan"),
            "not known": len(some) - len(answered) - len(unsure),
        }
    return pd.DataFrame(rows).T


def differences(table: pd.DataFrame) -> pd.DataFrame:
    """Say of each row whose text and point differ how far the point is off, and whether it stands for other texts."""
    import shapely

    rows = table[table["text"].notna() & table["point"].notna() & (table["text"] != table["point"])].copy()
    frames = {iso3: ag.load_regions(iso3, level=1) for iso3 in rows["iso3"].unique()}
    shapes = {unit: shape for frame in frames.values() for unit, shape in frame.geometry.items()}
    points = list(zip(rows["longitude"].astype(float), rows["latitude"].astype(float), strict=True))
    rows["km"] = [
        metres_to(shapes[unit], shapely.Point(point)) / 1000 if unit in shapes else np.nan
        for unit, point in zip(rows["text"], points, strict=True)
    ]
    places = table.assign(at=list(zip(table["latitude"], table["longitude"], strict=True)))
    places["said"] = places[["iso3", *TEXTS]].fillna("").agg("|".join, axis=1)
    shared_by = places.groupby("at")["said"].nunique()
    rows["texts at the point"] = [int(shared_by[at]) for at in places.loc[rows.index, "at"]]
    rows["sort"] = np.select(
        [rows["km"] <= NEAR_KM, rows["texts at the point"] > 1],
        [f"point within {NEAR_KM:g} km of the unit of the text", "the same point stands for other texts too"],
        "point elsewhere",
    )
    return rows


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--differences", action="store_true")
    options = parser.parse_args()
    pd.set_option("display.width", 200, "display.max_columns", 20, "display.max_rows", 500)
    listed, chances = settlements(options.shared)
    print(listed.to_string(), chances.to_string(), sep="\n\n")
    table, counted = awsd(options.shared)
    print(counted.T.to_string())
    differ = differences(table)
    print(differ["sort"].value_counts().to_string())
    if options.differences:
        columns = ["incident_id", *TEXTS, "text", "point", "km", "texts at the point"]
        print(differ.sort_values(["sort", "iso3"])[["sort", *columns]].to_string(index=False, max_colwidth=40))


if __name__ == "__main__":
    main()
