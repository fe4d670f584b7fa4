"""The words of every page, one file per language; the only place where a sentence that a reader sees is kept."""

from __future__ import annotations

import math
import tomllib
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from awsd_geo.errors import RequestError

LANGUAGES = ("en", "fr")
_WIDE = Context(prec=400)  # digits: any float fits


@cache
def words(lang: str) -> dict[str, Any]:
    """Read all strings of one language.

    Parameters
    ----------
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    dict
        Nested by part of the page ("map", "alert", ...), as in ``language/<lang>.toml``.

    Raises
    ------
    RequestError
        If there is no such language.
    """
    if lang not in LANGUAGES:
        raise RequestError(f"There is no language {lang!r}. Choose one of {', '.join(LANGUAGES)}.")
    return tomllib.loads(files(__name__).joinpath(f"{lang}.toml").read_text(encoding="utf-8"))


def number(value: float, lang: str, *, decimals: int = 0) -> str:
    """Write a number as a reader of the language expects: ``1,234.5`` in English, ``1 234,5`` in French.

    Parameters
    ----------
    value : float
        The number.
    lang : {"en", "fr"}
        Language of the page.
    decimals : int, default 0
        Digits after the decimal mark.

    Returns
    -------
    str
        Thousands are parted by a comma (en) or a narrow no-break space (fr). Halves are rounded up, as readers do by
        hand: 2 of 16, 12.5%, is 13%.

    Examples
    --------
    >>> number(22395488, "en"), number(0.574 * 100, "fr", decimals=1), number(12.5, "en")
    ('22,395,488', '57,4', '13')
    """
    text = f"{_rounded(value, decimals):,.{decimals}f}"
    if lang == "fr":
        text = text.replace(",", "\u202f").replace(".", ",")
    return text


def _rounded(value: float, decimals: int) -> float | Decimal:
    """Round a finite number as its shortest decimal form reads, halves away from zero."""
    if not math.isfinite(value):
        return value
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)


def percent(share: float, lang: str, *, decimals: int = 0) -> str:
    """Write a share (0 to 1) as a percentage: ``57%`` in English, ``57 %`` in French.

    Parameters
    ----------
    share : float
        From 0 to 1.
    lang : {"en", "fr"}
        Language of the page.
    decimals : int, default 0
        Digits after the decimal mark.

    Returns
    -------
    str
        In French a narrow no-break space stands before the sign.

    Examples
    --------
    >>> percent(31 / 54, "en"), percent(31 / 54, "en", decimals=1)
    ('57%', '57.4%')
    """
    return number(100 * share, lang, decimals=decimals) + ("\u202f%" if lang == "fr" else "%")
