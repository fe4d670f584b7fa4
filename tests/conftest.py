"""What several tests share."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

SHARED = Path(__file__).resolve().parents[2] / "shared"


def absent(what: str) -> None:
    """Skip with the reason, but fail in CI, where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and CI must not skip what needs it")
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of real data beside the repo, or skip with the reason."""
    if not (SHARED / "data").is_dir():
        absent("the real data folder ../shared is absent")
    return SHARED


@pytest.fixture
def toy_incidents() -> Callable[..., pd.DataFrame]:
    """Give a maker of small incidents tables: the columns named, sensible values for the rest."""

    def make(*, ids: list[Any] | None = None, **columns: list[Any]) -> pd.DataFrame:
        rows = max([len(values) for values in columns.values()] + [len(ids or [0])])
        plain: dict[str, Any] = {
            "year": 2020, "country_code": "ML", "country": "Mali", "region": None, "district": None, "city": None,
            "latitude": None, "longitude": None, "total_kidnapped": 1, "total_affected": 1, "iso3": "MLI",
            "coordinate_issue": "none", "duplicate_id": False,
        }  # fmt: skip
        given = {name: columns.get(name, [value] * rows) for name, value in plain.items()} | columns
        table = pd.DataFrame(given, index=pd.Index(ids or range(1, rows + 1), name="incident_id", dtype="Int64"))
        whole = [name for name in table if name == "year" or name.startswith("total_")]
        degrees = {"latitude": "Float64", "longitude": "Float64"}
        texts = dict.fromkeys(("country_code", "country", "region", "district", "city", "iso3"), "string")
        return table.astype(dict.fromkeys(whole, "Int64") | degrees | texts).assign(
            source_row=range(2, rows + 2), coordinate_issue=lambda frame: frame["coordinate_issue"].astype("string")
        )

    return make


@pytest.fixture
def toy_regions() -> Callable[..., gpd.GeoDataFrame]:
    """Give a maker of a row of one-degree squares from (0, 0) eastward, by name."""

    def make(*names: str) -> gpd.GeoDataFrame:
        index = pd.Index([f"TOY-{name.lower()}" for name in names], name="region_id")
        columns = {"name": names, "level": 1, "vintage": "2000", "kind": "region", "parent_id": None}
        squares = [box(column, 0, column + 1, 1) for column in range(len(names))]
        return gpd.GeoDataFrame(columns, index=index, geometry=squares, crs=4326)

    return make
