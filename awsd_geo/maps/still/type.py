"""Type of the pictures: DejaVu Sans, which comes with matplotlib and is the same everywhere; measuring and breaking."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from awsd_geo.errors import InputError

FACES = {"regular": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf", "italic": "DejaVuSans-Oblique.ttf"}
LEADING = 1.36
"""Distance of lines, in sizes of their type."""
ABSENT = "\ufffd"
_BREAK = re.compile(r"[\t\n\v\f\r \u2028\u2029]+")  # not at no-break spaces
_INVISIBLE = re.compile(  # signs without a shape, which some of matplotlib's writers cannot place, but joiners in words
    "(?<![^\\W\\d_])[\u200c\u200d]|[\u200c\u200d](?![^\\W\\d_])|[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f]"
    "|[\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_NARROW = 0.15  # sizes: no letter is narrower
_REFERENCE = 100.0  # points at which type is measured
_UNSEEN = {"Cf", "Mn", "Me"}  # left out where the font lacks them, as a browser does


@cache
def _coverage(file: str) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(file).get_charmap())
    except (OSError, RuntimeError) as error:
        raise InputError(f"{file} is no font that can be read. Give the path of a .ttf or .otf file.") from error


@cache
def _properties(file: str, size: float) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=file, size=size)


@cache
def _measure() -> Any:
    from matplotlib.backends.backend_agg import RendererAgg

    return RendererAgg(1, 1, 72)


@lru_cache(maxsize=20_000)
def _width(text: str, file: str) -> float:
    width, _, _ = _measure().get_text_width_height_descent(text, _properties(file, _REFERENCE), ismath=False)
    return float(width) / _REFERENCE


def clean(text: str) -> str:
    """Replace what no file may hold: control characters, halves of surrogate pairs, and what is no character at all."""
    return "".join(ABSENT if _unfit(sign) else sign for sign in _BREAK.sub(" ", text))


def _unfit(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} or ord(sign) & 0xFFFE == 0xFFFE or "\ufdd0" <= sign <= "\ufdef"


@dataclass(frozen=True)
class Type:
    """Fonts to write with: DejaVu Sans, and others for scripts that it lacks.

    Parameters
    ----------
    fonts : tuple of str
        Paths of font files. A text is written with the first font that has most of its signs; a sign that none has
        becomes the replacement character U+FFFD, so that it is seen to be absent.
    slack : float
        What widths are multiplied by: other programs' settings may hint letters, which makes them wider.
    """

    fonts: tuple[str, ...] = ()
    slack: float = 1.0

    def file(self, text: str, face: str) -> str:
        """Choose the font of a text."""
        import matplotlib as mpl

        first = str(Path(mpl.get_data_path(), "fonts", "ttf", FACES[face]))
        signs = {ord(sign) for sign in text}
        return min((first, *self.fonts), key=lambda font: len(signs - _coverage(font)))

    def shown(self, text: str, face: str = "regular") -> str:
        """Give a text as it is drawn."""
        plain = _INVISIBLE.sub("", clean(text))
        known = _coverage(self.file(plain, face))
        return "".join(
            sign if ord(sign) in known else "" if unicodedata.category(sign) in _UNSEEN else ABSENT for sign in plain
        )

    def width(self, text: str, size: float, face: str = "regular") -> float:
        """Measure a text in points."""
        drawn = self.shown(text, face)
        return self.slack * size * _width(drawn, self.file(drawn, face)) if drawn else 0.0

    def wrap(self, text: str, width: float, size: float, face: str = "regular") -> list[str]:
        """Break a text into lines of at most a width, words longer than that too."""
        lines: list[str] = []
        line, used, blank = "", 0.0, self.width(" ", size, face)
        for word in filter(None, _BREAK.split(self.shown(text, face))):
            parts = self._cut(word, width, size, face)
            for place, part in enumerate(parts):
                wide = self.width(part, size, face)
                if line and place == 0 and used + blank + wide <= width:
                    line, used = f"{line} {part}", used + blank + wide
                    continue
                lines += [line] if line else []
                line, used = part, wide
        return [*lines, line] if line else lines

    def _cut(self, word: str, width: float, size: float, face: str) -> list[str]:
        """Cut a word longer than a line."""
        parts, most = [], int(width / (_NARROW * size)) + 2
        while len(word) > 1 and (len(word) > most or self.width(word, size, face) > width):
            low, high = 1, min(len(word) - 1, most)
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if self.width(word[:middle], size, face) <= width else (low, middle - 1)
            parts.append(word[:low])
            word = word[low:]
        return [*parts, word]

    def properties(self, text: str, size: float, face: str) -> Any:
        """Give what matplotlib needs to write a text that was :meth:`shown`."""
        return _properties(self.file(text, face), size)


def spaced(text: str) -> str:
    """Write a name in spaced capitals, as names of countries are; scripts without capitals stay as they are.

    Examples
    --------
    >>> spaced("Mali") == "M\u200aA\u200aL\u200aI"
    True
    """
    capitals = unicodedata.normalize("NFC", text).upper()
    plain = all(unicodedata.combining(sign) == 0 for sign in capitals) and capitals != text.lower()
    return "\u200a".join(capitals) if plain else text
