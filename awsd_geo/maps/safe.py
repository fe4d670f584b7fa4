"""Texts of the data made safe for folium, which takes texts for HTML, for JavaScript and for templates."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[^0-9A-Za-zÀ-ÖØ-öø-ɏ .,:\-–—’()/]")
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def safe_text(text: object) -> str:
    """Write text so that folium shows it as it is, and neither runs it nor breaks on it.

    folium puts a text into HTML, that into a JavaScript string between backticks, and compiles the whole as a Jinja
    template. Every sign that means something to one of the three is written here as its number (``&#123;`` for a
    brace), which means nothing to any of them and which the browser shows as the sign.

    Parameters
    ----------
    text : object
        Any text, such as a place name; other values are written by ``str``.

    Returns
    -------
    str
        For ``folium.Popup``, ``Tooltip``, ``Marker(popup=, tooltip=)``, ``DivIcon(html=)``, the ``name`` of a layer,
        and the properties that ``GeoJsonTooltip`` and ``GeoJsonPopup`` show. Not for anything else: not for
        attributes such as ``title=`` or ``alt=`` (the numbers would be read there), not for URLs, CSS classes, colours
        or code.

    Examples
    --------
    >>> safe_text("Ségou {{7*7}}")
    'Ségou &#123;&#123;7&#42;7&#125;&#125;'
    """
    return _PLAIN.sub(lambda sign: f"&#{ord(sign[0])};", _NO_TEXT.sub("\ufffd", str(text)))
