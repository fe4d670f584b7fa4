"""Phrases of results and findings, which are in English, said in the language of a page."""

from __future__ import annotations

import re
from datetime import date

from awsd_geo.language import number, words

_YEAR = 4  # characters


def written_date(iso: str, lang: str) -> str:
    """Write a date: ``"2 March 2023"``, ``"1er mars 2023"``; a year alone as it is.

    Parameters
    ----------
    iso : str
        ``YYYY-MM-DD`` or ``YYYY``.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    str
    """
    if len(iso) == _YEAR:
        return iso
    day, strings = date.fromisoformat(iso), words(lang)["alert"]
    form = strings["date_first" if day.day == 1 else "date"]
    return str(form).format(day=day.day, month=strings["months"][day.month - 1], year=day.year)


def translated(text: str, lang: str) -> str:
    """Say a phrase of the findings (English) in this language where it is known, else as it stands.

    The list ``[[alert.known]]`` pairs a pattern, where ``*`` stands for any text, with what to say; ``{0}`` is the
    first such text. The full stop at the end is left to the sentence around.

    Parameters
    ----------
    text : str
        The phrase.
    lang : {"en", "fr"}
        Language of the page.

    Returns
    -------
    str

    Examples
    --------
    >>> translated("Only 3 incidents: a test needs at least 5.", "en")
    '3 incidents are too few, at least 5 are needed'
    """
    bare = text.strip().removesuffix(".")
    for known in sorted(words(lang)["alert"]["known"], key=_openness):
        pattern = re.escape(known["is"]).replace(r"\*", "(.+?)")
        if (match := re.fullmatch(pattern, bare, re.DOTALL | re.IGNORECASE)) is not None:
            return str(known["say"]).format(*(_part(part, lang) for part in match.groups()))
    return bare


def _openness(known: dict[str, str]) -> tuple[bool, int]:
    """Order whole texts before patterns, and patterns that say more before those that say less."""
    text = known["is"]
    return "*" in text, -len(text.replace("*", ""))


def _part(text: str, lang: str) -> str:
    """Say a part of a phrase: a date, years, a decimal number, a phrase of its own, or a name as it is."""
    if re.fullmatch(r"\d{4}-[01]\d-[0-3]\d", text):
        return written_date(text, lang)
    if years := re.fullmatch(r"(\d{4}) to (\d{4})", text):
        return str(words(lang)["alert"]["period"]).format(first=years[1], last=years[2])
    if re.fullmatch(r"\d+\.\d", text):
        return number(float(text), lang, decimals=1)
    said = translated(text, lang)
    return text if said == text.strip().removesuffix(".") else said
