"""Names of the files of an alert: the plain ones, or ones that say what is in them, as OCHA's do."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

FILES = ("alert.html", "map.html", "regions.csv", "regions.geojson", "findings.json")
PDF = "alert.pdf"
PAGES = ("alert.html", "map.html", PDF)  # in a language; the others are the same in every one


def file_names(findings: dict[str, Any], lang: str, *, long: bool = False) -> dict[str, str]:
    """Name the files of an alert.

    Parameters
    ----------
    findings : dict
        The contract ``awsd-geo/findings/1``.
    lang : {"en", "fr"}
        Language of the pages.
    long : bool, default False
        Say country, product, kind, period and language in the name, so that files of several alerts can lie in one
        folder: ``mli-alert-kidnapped-2017-2022-en.html``.

    Returns
    -------
    dict of str to str
        Plain name → name to write.
    """
    if not long:
        return {name: name for name in (*FILES, PDF)}
    return {name: _long(name, findings, lang if name in PAGES else None) for name in (*FILES, PDF)}


def _long(name: str, findings: dict[str, Any], lang: str | None) -> str:
    product, ending = name.split(".")
    parts = [findings["country"], product, findings["kind"], findings["means"], *_period(findings["years"])]
    if findings["level"] != 1:
        parts.append(f"level {findings['level']}")
    if findings["as_of"] is not None:
        parts.append(f"as of {findings['as_of']}")
    return f"{'-'.join(_slug(str(part)) for part in [*parts, lang] if part)}.{ending}"


def _period(years: list[int]) -> list[int]:
    return sorted({years[0], years[-1]})


def _slug(text: str) -> str:
    """Write a text in the letters and figures that every file system and mail program takes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")
