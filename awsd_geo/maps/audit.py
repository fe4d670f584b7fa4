"""Look at any saved page again: it asks for nothing, runs only what awsd_geo wrote, and publishes no rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from awsd_geo.display import Shown
from awsd_geo.errors import InputError
from awsd_geo.maps.audit_against import Compared, compare
from awsd_geo.maps.audit_markup import Reader
from awsd_geo.maps.audit_policy import policy_problems
from awsd_geo.maps.audit_rows import FORBIDDEN, all_texts, places_said, read_data, row_problems, strange_data

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    import pandas as pd

__all__ = ["FORBIDDEN", "Audit", "audit"]

_LARGEST = 50_000_000  # bytes; no page of ours comes near


@dataclass(frozen=True, slots=True)
class Audit(Shown):
    """What was found in a page; ``problems`` is empty where nothing is wrong."""

    page: str
    scripts: int
    styles: int
    problems: tuple[str, ...]
    unknown: tuple[str, ...] = ()  # what another version may have written, where that was allowed
    compared: Compared | None = None

    def summary(self) -> str:
        """Say what was looked at and what is wrong."""
        looked = f"{self.page}: {self.scripts} scripts and {self.styles} styles looked at"
        compared = [self.compared.summary()] if self.compared else []
        if self.problems:
            found = [f"{looked}; {len(self.problems)} problems:", *(f"- {text}" for text in self.problems)]
            return "\n".join([*found, *compared])
        trusted = [f"Not known, and allowed as of another version: {text}" for text in self.unknown]
        whose = "only scripts of awsd_geo" if not trusted else "scripts as the policy has them"
        good = (
            f"{looked}. No request, no event handler, policy and hashes right, {whose}, no column of single incidents "
            "in the page's data or over its tables."
        )
        return "\n".join([good, *trusted, *compared])


def audit(path: str | os.PathLike[str], *, against: pd.DataFrame | None = None, other_version: bool = False) -> Audit:
    """Check a saved page without opening it in a browser.

    Parameters
    ----------
    path : path
        An HTML file made by awsd_geo. Any other has scripts, elements or data that awsd_geo does not write, and fails.
    against : DataFrame, optional
        The incidents table that must not be found in the page. Without it nobody can tell a sentence of an incident
        from a sentence of the analyst; with it the texts, names, dates, coordinates and IDs of its rows are looked for
        as :class:`awsd_geo.maps.audit_against.Compared` says.
    other_version : bool, default False
        Let pass scripts, styles, elements and data that this version of awsd_geo (with the installed
        Leaflet) does not write, if the policy has their hashes: for pages of an earlier version. Anyone can write
        such a page, so this is trust in who sent it.

    Returns
    -------
    Audit
        ``problems`` names each finding: no policy or a lax one, a script or style that the policy does not have or
        awsd_geo does not write, something that would be loaded, an event handler or style attribute, a column of
        single incidents, coordinates, and what was found of ``against``.

    Raises
    ------
    InputError
        If there is no such file, or it is no HTML page, or longer than 50 MB; or the incidents do not keep their
        schema.

    References
    ----------
    .. [1] W3C, Content Security Policy Level 3.
    """
    file = Path(path)
    reader = Reader()
    reader.feed(text := _read(file))
    reader.close()
    reader.look_again(text)
    data, broken = read_data(reader.data)
    said = [*reader.texts, *(text for one in data for text in all_texts(one))]
    unknown = tuple(dict.fromkeys(_unknown(reader, data)))
    compared = None if against is None else compare(reader.texts, data, against)
    problems = [
        *reader.problems,
        *policy_problems(reader.policies, reader.scripts, reader.styles),
        *_style_problems(reader.styles),
        *broken,
        *row_problems(data, reader.heads),
        *places_said(said),
        *(() if other_version else unknown),
        *(compared.problems if compared else ()),
    ]
    scripts, styles = len(reader.scripts), len(reader.styles)
    return Audit(file.name, scripts, styles, tuple(dict.fromkeys(problems)), unknown if other_version else (), compared)


def _read(file: Path) -> str:
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise InputError(f"Cannot read {file}: {error.strerror}. Check the path.") from None
    except UnicodeDecodeError:
        raise InputError(f"{file.name} is no page: it is not UTF-8 text.") from None
    if len(raw) > _LARGEST:
        raise InputError(f"{file.name} has {len(raw):,} bytes; no page of awsd_geo has over {_LARGEST:,}.")
    if "<html" not in text.lower():
        raise InputError(f"{file.name} is no HTML page. Give a page such as alert.html.")
    return text


def _unknown(reader: Reader, data: list[object]) -> Iterator[str]:
    """Say what this version of awsd_geo does not write, and which version the page names."""
    from importlib.metadata import version

    from awsd_geo.maps.audit_known import strangers, versions

    yield from reader.strange
    if len(data) > 1:
        yield "The page has data beside those of its map."
    yield from strange_data(data)
    other = reader.generator if reader.generator != f"awsd_geo {version('awsd-geo')}" else ""
    whose = f"It says that it was made by {other}; its scripts are not known here." if other else "Someone changed it."
    for what in strangers(reader.scripts, reader.styles):
        yield f"The page has a {what.split()[0]} ({what}) that awsd_geo does not write ({versions()}). {whose}"


def _style_problems(styles: list[str]) -> Iterator[str]:
    for place, source in enumerate(styles, start=1):
        plain = re.sub(r"\\([0-9a-fA-F]{1,6})\s?|/\*.*?\*/", _unescaped, source, flags=re.DOTALL).replace("\\", "")
        if re.search(r"@import|image-set\(|url\(\s*['\"]?(?!data:image/(?!svg)|#|['\"]?\))", plain, re.IGNORECASE):
            yield f"Style {place} would load something from elsewhere."


def _unescaped(found: re.Match[str]) -> str:
    """Read an escape of CSS; a comment is nothing."""
    code = int(found[1], 16) if found[1] else 0
    return chr(code) if 0 < code < 0x110000 else ""
