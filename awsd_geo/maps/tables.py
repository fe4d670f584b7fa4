"""The table under a map, for readers without the map and for screen readers; the script lets it follow the slider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsd_geo.language import words
from awsd_geo.maps.page import escape

if TYPE_CHECKING:
    from awsd_geo.maps.contents import Column


LONG = 150
"""Rows from which on the script makes the table when it comes near, or a little after the map is ready."""


def table(ident: str, names: list[str], heading: str, columns: list[Column], lang: str) -> str:
    """Write the numbers of the whole period as a plain table.

    Parameters
    ----------
    ident : str
        The map's; the section is ``table-<ident>``.
    names : list of str
        Of the regions.
    heading : str
        Of the names.
    columns : list of Column
        Their texts stand in the order of the names.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    str
        Markup without any script; row and column headings are marked up as such.
    """
    strings = words(lang)["map"]
    heads = "".join(f'<th scope="col">{escape(column.heading)}</th>' for column in columns)
    rows = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{escape(column.texts[row])}</td>" for column in columns)
        + "</tr>"
        for row, name in enumerate(names)
    )
    plain = f"""<table>
<thead><tr><th scope="col">{escape(heading)}</th>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>"""
    long = len(names) > LONG
    shown = f'<noscript>{plain}</noscript><table class="awsd-later"></table>' if long else plain
    return f"""<section class="awsd-table" id="rows-{ident}" aria-labelledby="table-{ident}">
<h2 id="table-{ident}">{escape(strings["table_title"])}</h2>
<p class="awsd-period" aria-live="polite"></p>
<div class="awsd-scroll{" awsd-long" if long else ""}" tabindex="0" role="group" aria-labelledby="table-{ident}">
{shown}
</div>
</section>"""
