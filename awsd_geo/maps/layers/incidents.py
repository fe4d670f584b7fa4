"""Numbers of incidents: over the whole period, and year by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.maps.layer import Layer
from awsd_geo.maps.layers.common import (
    as_table,
    known_sums,
    strings_of,
    suppressed_note,
    unplaced,
    written,
    years_apart,
)

if TYPE_CHECKING:
    import pandas as pd


def incidents_layer(counts: pd.DataFrame | pd.Series, lang: str = "en") -> Layer:
    """Show the number of incidents of each region over all years, and of each year on the slider.

    Parameters
    ----------
    counts : DataFrame or Series
        Indexed by ``region_id``, or by ``region_id`` and ``year`` (summed, and each year by itself if there are two
        or more). A DataFrame has ``incidents`` and may have ``victims``. ``attrs`` with ``located`` and ``total`` add
        the note on unplaced incidents. ``attrs`` with ``suppressed``, the sums by region that may be shown, say that
        missing numbers are suppressed: they are a class of their own, and no sum of what is left is made.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        Counts in classes, zero apart; the panel also names the victims.

    Raises
    ------
    InputError
        If a DataFrame has no column ``incidents``.
    """
    import pandas as pd

    strings, table = strings_of("incidents", lang), as_table(counts, "incidents")
    hides = table.attrs.get("suppressed") is not None
    shown = ["incidents", "victims"] if "victims" in table.columns and (hides or _tells(table)) else ["incidents"]
    sums = {name: known_sums(table, name) for name in shown}
    instead = strings_of("suppressed", lang)["text"] if hides else None
    by_year = {name: years_apart(table[name]) for name in shown} if table.index.nlevels > 1 else {}
    years = [int(year) for year in by_year["incidents"].columns] if by_year else []
    yearly = {
        year: pd.DataFrame({strings[name]: _told(by_year[name][year], instead, lang) for name in shown})
        for year in years
    }
    return Layer(
        key="incidents",
        title=strings["title"],
        unit=strings["unit"],
        description=strings["description_years" if len(years) > 1 else "description"],
        values=sums["incidents"].astype(float),
        palette="ember",
        format="count",
        facts=pd.DataFrame({strings[name]: _told(values, instead, lang) for name, values in sums.items()}),
        notes=(*unplaced(counts.attrs, lang), *((suppressed_note(lang),) if hides else ())),
        missing=instead or "",
        hides=hides,
        by_year=by_year["incidents"] if len(years) > 1 else None,
        facts_by_year=yearly if len(years) > 1 else None,
        lang=lang,
    )


def _tells(table: pd.DataFrame) -> bool:
    """Say whether any incident's victims are known: of a file without them the sums would be noughts."""
    happened = table["incidents"].gt(0).fillna(value=False).astype(bool)
    return bool(table.loc[happened, "victims"].notna().any()) or not happened.any()


def _told(values: pd.Series, instead: str | None, lang: str) -> pd.Series:
    texts = written(values, "count", lang)
    return texts if instead is None else texts.astype(object).where(values.notna(), instead)
