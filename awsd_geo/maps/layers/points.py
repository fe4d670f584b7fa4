"""Places of single incidents, for internal pages only: circles that gather what lies close together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.disclosure import policy
from awsd_geo.errors import RequestError
from awsd_geo.language import number
from awsd_geo.maps.layer import Layer
from awsd_geo.maps.layers.common import as_table, need, strings_of, totals, written

if TYPE_CHECKING:
    import pandas as pd


def points_layer(
    located: pd.DataFrame, counts: pd.DataFrame | pd.Series, *, audience: str = "public", lang: str = "en"
) -> Layer:
    """Show where incidents lie, gathered to circles with their number, over a choropleth of the counts.

    Parameters
    ----------
    located : DataFrame
        Incidents with ``latitude`` and ``longitude`` in degrees. Where there is a column ``coordinate_issue``, only
        points with none are shown; rows of the Occupied Palestinian Territories never are (the source withholds
        them). The rest is counted in a note.
    counts : DataFrame or Series
        As for :func:`incidents_layer`.
    audience : {"public", "partner", "internal"}
        Only "internal" may see points: they publish single incidents.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    Layer
        Nothing but coordinates goes into the page: no date, no text, no identifier.

    Raises
    ------
    RequestError
        If the audience is not "internal".
    InputError
        If there are no columns ``latitude`` and ``longitude``.
    """
    if not policy(audience).rows:
        raise RequestError(
            f"Points show where single incidents were and are refused for the audience {audience!r}. Show counts by "
            'region, or ask with audience="internal" for a page that is not passed on.'
        )
    need(located, ("latitude", "longitude"), "points")
    strings = strings_of("points", lang)
    sums = totals(as_table(counts, "points")["incidents"]).astype(float)
    usable = _usable(located)
    absent, total = number(int((~usable).sum()), lang), number(len(located), lang)
    return Layer(
        key="points",
        title=strings["title"],
        unit=strings["unit"],
        description=strings["description"],
        values=sums,
        palette="ember",
        format="count",
        facts=written(sums, "count", lang).to_frame(strings_of("incidents", lang)["incidents"]),
        notes=(strings["internal"], *((strings["absent"].format(n=absent, total=total),) if not usable.all() else ())),
        points=located.loc[usable, ["longitude", "latitude"]].astype(float).to_numpy(),
        lang=lang,
    )


def _usable(located: pd.DataFrame) -> pd.Series:
    degrees = located[["latitude", "longitude"]].astype(float)
    usable = degrees["latitude"].between(-90, 90) & degrees["longitude"].between(-180, 180)
    if "coordinate_issue" in located.columns:
        usable &= located["coordinate_issue"].fillna("none").eq("none")
    if "iso3" in located.columns:
        usable &= located["iso3"].fillna("").ne("PSE")
    return usable.astype(bool)
