"""The unit with the most incidents under suppression, and its tests, as far as the published table tells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from awsd_geo.disclosure import TOTAL, attack
from awsd_geo.report.plain import plain
from awsd_geo.report.release import INCIDENTS, SUPPRESSED, UNPLACED
from awsd_geo.report.release_where import CONFIDENCE, base, described

if TYPE_CHECKING:
    import pandas as pd

    from awsd_geo.report.release import Release
    from awsd_geo.statistics import Concentration

MANY = 150  # hidden units, from which on their sum bounds each
NO_LEADER = "Suppressed: another place may have as many incidents."
DENOMINATOR = (
    "region_id", "name", "kind", "incidents", "share", "expected_share", "ratio", "p_value", "test", "highest_name",
    "highest_ratio", "highest_incidents", "epicentre_ratio", "epicentre_rank",
)  # fmt: skip


def leader(made: Release, most: float) -> str | None:
    """Give the unit that has more incidents than any other in every table that fits what is published.

    Parameters
    ----------
    made : Release
        What is published.
    most : float
        Of :func:`most_hidden`.

    Returns
    -------
    str or None
        None where no unit is shown with an incident, two share the first place, or a hidden one may have as many.
    """
    shown = {unit: number for unit in made.regions.index if (number := made.number(unit))}
    first = max(shown.values(), default=0)
    ahead = [unit for unit, number in shown.items() if number == first]
    return ahead[0] if len(ahead) == 1 and most < first else None


def most_hidden(made: Release) -> float:
    """Give the most incidents that a hidden unit can have, by all that is published; infinite if there is no end."""
    units = [unit for unit in made.regions.index if made.hides(unit)]
    if not units:
        return 0.0
    rows = [*made.regions.index, UNPLACED]
    left = (made.number(TOTAL) or 0) - sum(made.number(row) or 0 for row in rows)
    if len(units) > MANY:  # what is left, less one for each of the other hidden rows
        return float(left - sum(made.hides(row) for row in rows) + 1)
    halves = {year: label for years, label in made.halves if isinstance(label, str)
              for year in range(years[0], years[1] + 1)}  # fmt: skip
    table = made.table[made.table.index.get_level_values(0) == INCIDENTS]
    cells = [(INCIDENTS, unit, TOTAL) for unit in units]
    found = attack(table, hierarchy={"year": halves}, linked=False, cells=cells)
    return float(found["high"].max()) if len(found) == len(cells) else math.inf


def equal_shares(made: Release, most: float) -> Concentration | None:
    """Test the largest share against equal ones, by the leader's number, their sum and how many units there are.

    The others are taken as even as can be: of them the test knows only that none has more. Incidents in no unit, where
    their number is hidden, are taken to be elsewhere, which makes the p-value larger.

    Returns
    -------
    Concentration or None
        Its p-value, reason, and what it says of the leader may be published; None where the leader is not known.
    """
    import pandas as pd

    from awsd_geo.statistics import concentration

    first = leader(made, most)
    number = made.number(first) if first is not None else None
    if first is None or number is None:
        return None
    others = [unit for unit in made.regions.index if unit != first]
    rest = base(made) - number
    each, more = divmod(rest, len(others)) if others else (0, 0)
    if others and each + (more > 0) >= number:
        return None
    evenly = {unit: each + (place < more) for place, unit in enumerate(others)} | {first: number}
    counts = pd.Series({unit: evenly[unit] for unit in made.regions.index}, dtype="int64").rename_axis("region_id")
    counts.attrs = {"regions": described(made)}
    return concentration(counts)


def epicentre(
    made: Release,
    exposures: dict[str, pd.Series],
    rows: list[dict[str, Any]],
    found: Concentration | None,
    most: float,
) -> dict[str, Any]:
    """Write the unit with the most incidents and its test, as far as the published table tells.

    Parameters
    ----------
    made : Release
        What is published.
    exposures : dict of str to Series
        The denominators, of which the source is given.
    rows : list of dict
        ``by_region``.
    found : Concentration or None
        Of :func:`equal_shares`.
    most : float
        Of :func:`most_hidden`.

    Returns
    -------
    dict
        By the contract in ``docs/findings.md``.
    """
    first = leader(made, most)
    row: dict[str, Any] = next((row for row in rows if row["region_id"] == first), dict.fromkeys(rows[0]))
    follower, lead = _lead(made, first, most) if found is not None else (None, None)
    return {
        **{name: row[name] for name in ("region_id", "name", "kind", "incidents", "share", "share_ci")},
        "interval": f"Clopper-Pearson, {CONFIDENCE:.0%}",
        "share_by_placing": None,
        "p_value": None if found is None else plain(found.p_value),
        "test": "exact max-cell",
        "tied": [],
        "runner_up": follower,
        "lead_p_value": lead,
        "reason": SUPPRESSED
        if first is None and len(made.regions) == 1
        else NO_LEADER
        if first is None
        else SUPPRESSED
        if found is None
        else found.reason,
        "by_denominator": {name: _denominator(name, exposures[name], found, row) for name in exposures},
        "denominators_agree": None,
    }


def _lead(made: Release, first: str | None, most: float) -> tuple[str | None, float | None]:
    """Give the name of the second unit, and the p-value of the lead over it, where no hidden one can lie between."""
    import numpy as np

    from awsd_geo.statistics._leader import lead_p_value

    shown = {unit: number for unit in made.regions.index if unit != first and (number := made.number(unit))}
    second = max(shown, key=lambda unit: shown[unit], default=None)
    number = made.number(first) if first is not None else None
    if second is None or number is None or most >= shown[second]:
        return None, None
    return str(made.regions.loc[second, "name"]), plain(lead_p_value(np.array([number, shown[second]])))


def _denominator(name: str, exposure: pd.Series, found: Concentration | None, row: dict[str, Any]) -> dict[str, Any]:
    said = {key: exposure.attrs.get(key) for key in ("unit", "source", "note", "note_fr")}
    if name != "equal" or found is None:
        reason = exposure.attrs.get("reason") if exposure.isna().all() else None
        return dict.fromkeys(DENOMINATOR) | said | {"reason": reason or SUPPRESSED}
    ratio = plain(found.table["ratio"][row["region_id"]])
    numbers = {key: row[key] for key in ("region_id", "name", "kind", "incidents", "share")}
    return numbers | {
        "expected_share": 1 / len(found.table),
        "ratio": ratio,
        "p_value": plain(found.p_value),
        "test": found.test,
        "highest_name": row["name"],
        "highest_ratio": ratio,
        "highest_incidents": row["incidents"],
        "epicentre_ratio": ratio,
        "epicentre_rank": None if ratio is None else 1,
        **said,
        "reason": found.reason,
    }
