"""Doubt as columns: which units an incident can be in, how finely its place is known, how sure the placing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from awsd_geo import schema
from awsd_geo.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

ANY, EQUAL = "any", "equal"
SEPARATOR = "; "


def doubt_as_text(located: pd.DataFrame) -> pd.DataFrame:
    """Write the sets of candidates and their weights as plain text, for files that hold text only.

    Parameters
    ----------
    located : DataFrame
        Of :func:`awsd_geo.geocode`.

    Returns
    -------
    DataFrame
        A new table. ``candidates`` are region_ids parted by a semicolon, ``candidate_weights`` numbers with four
        digits in the same order. Where any unit of the frame is possible they read "any" and "equal"; where the
        incident lies in none of them they are empty.

    Raises
    ------
    InputError
        If one of the columns is absent.
    """
    schema.need(located, "candidates", "candidate_weights", "confidence")
    units = [
        ANY if confidence == "unknown" and len(some) else SEPARATOR.join(some)
        for some, confidence in zip(located["candidates"], located["confidence"], strict=True)
    ]
    weights = [
        EQUAL if text == ANY and len(set(some)) == 1 else SEPARATOR.join(f"{weight:.4g}" for weight in some)
        for some, text in zip(located["candidate_weights"], units, strict=True)
    ]
    return located.assign(candidates=units, candidate_weights=weights)


def reweigh(located: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Give the candidates of each incident weights of your own, such as residents, in place of those by rule.

    What is possible stays what it was; only what is expected, and drawn by lot, changes. Weights taken from other
    incidents would prove what they assume: do not give those.

    Parameters
    ----------
    located : DataFrame
        Of :func:`awsd_geo.geocode`.
    by : Series of float
        Weight of each unit by ``region_id``, 0 or more, in any unit: ``exposure.denominator(regions, "population")``.

    Returns
    -------
    DataFrame
        A new table with ``candidate_weights`` in proportion to ``by`` among the candidates of each incident.

    Raises
    ------
    InputError
        If a candidate has no weight, or one below 0, or all candidates of an incident have 0.
    """
    schema.need(located, "candidates")
    known: dict[tuple[str, ...], tuple[float, ...]] = {}
    held = np.empty(len(located), dtype=object)
    for row, units in enumerate(map(tuple, located["candidates"])):
        if units not in known:
            known[units] = _weights(units, by)
        held[row] = known[units]
    return located.assign(candidate_weights=held)


def _weights(units: tuple[str, ...], by: pd.Series) -> tuple[float, ...]:
    if len(units) < 2:
        return (1.0,) * len(units)
    values: Any = by.reindex(list(units)).to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(wrong):
        raise InputError(
            f"The candidate {units[wrong[0]]!r} has the weight {values[wrong[0]]:g}. Give one of 0 or more."
        )
    if not values.any():
        raise InputError(f"All of the candidates {units[:3]} have the weight 0. Give one of them more.")
    return tuple((values / values.sum()).tolist())
