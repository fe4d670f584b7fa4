"""Each region's share of the incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.maps.layer import Layer
from awsd_geo.maps.layers.common import interval, need, strings_of, suppressed_note, written

if TYPE_CHECKING:
    import pandas as pd


def share_layer(table: pd.DataFrame, lang: str = "en") -> Layer:
    """Show each region's share of all placed incidents.

    Parameters
    ----------
    table : DataFrame
        Indexed by ``region_id``, with ``share`` (0 to 1), and ``share_low`` and ``share_high`` where the panel
        shall show the 95 % interval; as in ``statistics.concentration(...).table``. ``attrs`` may say that missing
        shares are ``suppressed``, and that shares are ``of_all`` incidents, placed or not.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        Shares in classes, zero apart.

    Raises
    ------
    InputError
        If there is no column ``share``.
    """
    import pandas as pd

    strings = strings_of("share", lang)
    need(table, ("share",), "share")
    facts = {strings["title"]: written(table["share"], "percent", lang)}
    if {"share_low", "share_high"} <= set(table.columns):
        facts[strings["interval"]] = interval(table["share_low"], table["share_high"], lang)
    hides, of_all = bool(table.attrs.get("suppressed")), "_of_all" if table.attrs.get("of_all") else ""
    instead = strings_of("suppressed", lang)["text"] if hides else ""
    if hides:
        facts = {name: texts.astype(object).where(table["share"].notna(), instead) for name, texts in facts.items()}
    return Layer(
        key="share",
        title=strings["title"],
        unit=strings[f"unit{of_all}"],
        description=strings[f"description{of_all}"],
        notes=(suppressed_note(lang),) if hides else (),
        missing=instead,
        hides=hides,
        values=table["share"].astype(float),
        palette="lagoon",
        format="percent",
        facts=pd.DataFrame(facts),
        lang=lang,
    )
