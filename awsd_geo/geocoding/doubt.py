"""Doubt as columns: which units an incident can be in, how finely its place is known, how sure the placing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo import schema

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
        ANY if confidence == "unknown" and some else SEPARATOR.join(some)
        for some, confidence in zip(located["candidates"], located["confidence"], strict=True)
    ]
    weights = [
        EQUAL if text == ANY and len(set(some)) == 1 else SEPARATOR.join(f"{weight:.4g}" for weight in some)
        for some, text in zip(located["candidate_weights"], units, strict=True)
    ]
    return located.assign(candidates=units, candidate_weights=weights)
