"""The layers of a map under suppression: what the published table shows, and the rest as suppressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsd_geo.disclosure import TOTAL
from awsd_geo.report.release import INCIDENTS, UNPLACED, VICTIMS
from awsd_geo.report.release_where import described

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.maps.layer import Layer
    from awsd_geo.report.release import Release


def release_layers(made: Release, findings: dict[str, Any], lang: str) -> list[Layer]:
    """Make the layers that a release allows.

    Parameters
    ----------
    made : Release
        What is published.
    findings : dict
        Made from it.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    list of Layer
        Incidents by year and shares, hidden numbers as a class of their own. Smoothed rates, clusters and Gi* where
        every unit is shown; change where every unit is shown in both halves of the period.
    """
    from awsd_geo import maps
    from awsd_geo.report.analysis import exposures_of
    from awsd_geo.report.release_where import whole

    incidents, halves = _by_year(made), _by_half(made)
    exposures = exposures_of(made.regions)
    tests = whole(made, exposures)
    layers = [maps.incidents_layer(incidents, lang), maps.share_layer(_shares(findings), lang)]
    if tests is not None:
        if exposures["population"].notna().any():
            counts = tests.denominators.results["equal"].table["incidents"]
            layers.append(maps.rate_layer(counts, exposures["population"], lang))
        layers.append(maps.clusters_layer(tests.scans["equal"], lang))
    if halves is not None:
        layers.append(maps.change_layer(halves, made.split, lang))
    return layers if tests is None else [*layers, maps.hotspot_layer(tests.local.table, lang)]


def _by_year(made: Release) -> pd.DataFrame:
    """Give counts by unit and year, hidden ones missing, with the sums that are published in ``attrs``."""
    import pandas as pd

    index = pd.MultiIndex.from_product([made.regions.index, made.span], names=["region_id", "year"])
    measures = (INCIDENTS, VICTIMS)
    table = pd.DataFrame(
        {name: pd.array([made.number(unit, year, name) for unit, year in index], dtype="Int64") for name in measures},
        index,
    )
    sums = {name: [made.number(unit, measure=name) for unit in made.regions.index] for name in measures}
    hidden = [cell for cell in made.hidden if cell[1] != UNPLACED]
    table.attrs = {
        "regions": described(made),
        "suppressed": pd.DataFrame(sums, made.regions.index, dtype="Int64") if hidden else None,
    }
    if made.located() is not None:
        table.attrs |= {"located": made.located(), "total": made.number(TOTAL)}
    return table


def _shares(findings: dict[str, Any]) -> pd.DataFrame:
    import pandas as pd

    rows = findings["by_region"]
    ends = [unit["share_ci"] or (None, None) for unit in rows]
    table = pd.DataFrame(
        {
            "share": [unit["share"] for unit in rows],
            "share_low": [low for low, _ in ends],
            "share_high": [high for _, high in ends],
        },
        index=pd.Index([unit["region_id"] for unit in rows], name="region_id"),
        dtype=float,
    )
    hidden = findings["disclosure"]["hidden"] > 0
    table.attrs = {"suppressed": hidden, "of_all": findings["disclosure"]["shares_of"] == "incidents"}
    return table


def _by_half(made: Release) -> pd.Series | None:
    """Give incidents by unit, those of each half in its first year, where all of them are shown."""
    import pandas as pd

    numbers = {(unit, half[0]): made.number(unit, label) for unit in made.regions.index for half, label in made.halves}
    if not numbers or None in numbers.values():
        return None
    index = pd.MultiIndex.from_product([made.regions.index, made.span], names=["region_id", "year"])
    return pd.Series([numbers.get(cell, 0) for cell in index.tolist()], index, dtype="int64", name=INCIDENTS)
