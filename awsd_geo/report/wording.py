"""The words of the alert page in one language: sentences, plurals, numbers, dates and p-values."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsd_geo.language import number, percent, words
from awsd_geo.language.french import elided, typeset
from awsd_geo.language.known import translated, written_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Wording:
    """The table ``[alert]`` of one language, and how that language writes numbers.

    Parameters
    ----------
    lang : {"en", "fr"}
        Language of the page.
    """

    lang: str
    strings: dict[str, Any] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "strings", words(self.lang)["alert"])

    def get(self, key: str) -> Any:
        """Look up a dotted key, such as ``"lede.place"``."""
        value: Any = self.strings
        for part in key.split("."):
            value = value[part]
        return value

    def say(self, key: str, **values: object) -> str:
        """Fill a sentence. Values stay text: nothing in them is read as a template."""
        form = str(self.get(key))
        return (elided(form, values) if self.lang == "fr" else form).format(**values)

    def counted(self, key: str, count: int, **values: object) -> str:
        """Fill the singular or plural form for a count; French takes 0 as singular."""
        single = count < 2 if self.lang == "fr" else count == 1
        forms = self.get(key)
        return str(forms["one" if single else "other"]).format(n=self.number(count), **values)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number, with a true minus sign."""
        return number(value, self.lang, decimals=decimals).replace("-", "−")

    def share(self, value: float | None, decimals: int = 0) -> str:
        """Write a share as a percentage, or a dash where undefined."""
        return self.get("dash") if value is None else percent(value, self.lang, decimals=decimals)

    def factor(self, value: float | None, decimals: int = 2) -> str:
        """Write a ratio, or a dash where undefined."""
        return self.get("dash") if value is None else self.number(value, decimals)

    def between(self, ends: Sequence[float | None] | None, write: str = "share", decimals: int = 0) -> str:
        """Write an interval, ``"43% to 71%"``; ``write`` names the method that writes its ends.

        Examples
        --------
        >>> Wording("en").between([0.432, 0.708]), Wording("fr").between([1.19, 1.68], "factor", 2)
        ('43% to 71%', '1,19 à 1,68')
        """
        if ends is None:
            return str(self.get("dash"))
        low, high = (self._end(end, write, decimals) for end in ends)
        return self.say("between", low=low, high=high)

    def _end(self, end: float | None, write: str, decimals: int) -> str:
        return "∞" if end is None else str(getattr(self, write)(end, decimals))

    def interval(
        self, ends: Sequence[float | None] | None, write: str = "share", decimals: int = 0, *, short: bool = False
    ) -> str:
        """Write an interval with its name: ``"95% interval 43% to 71%"``."""
        key = "interval_short" if short else "interval"
        return self.say(key, interval=self.between(ends, write, decimals))

    def p(self, value: float | None) -> str:
        r"""Write a p-value with three decimals; never so rounded that it changes side of 0.05.

        Examples
        --------
        >>> en = Wording("en")
        >>> en.p(0.059), en.p(0.00018), en.p(0.04996), en.p(1.0)
        ('p\xa0=\xa00.059', 'p\xa0<\xa00.001', 'p\xa0=\xa00.04996', 'p\xa0>\xa00.999')
        """
        if value is None:
            return str(self.get("lede.p_none"))
        if value < 0.001:
            return str(self.get("p_below"))
        if value > 0.9995:
            return str(self.get("p_above"))
        decimals = 3
        while (round(value, decimals) < _ALPHA) != (value < _ALPHA):
            decimals += 1
        return self.say("p_is", p=self.number(value, decimals))

    def exact(self, value: float | None) -> str:
        r"""Write a p-value in full: ``"p = 1.8 × 10⁻⁴"``.

        Examples
        --------
        >>> Wording("fr").exact(0.00018), Wording("en").exact(0.0342)
        ('p\xa0=\xa01,8\xa0×\xa010⁻⁴', 'p\xa0=\xa00.0342')
        """
        if value is None:
            return str(self.get("lede.p_none"))
        if value >= 0.001:
            return self.say("p_is", p=self.number(value, 4))
        if value <= 0:
            return str(self.get("p_below"))
        power = math.floor(math.log10(value))
        digits = value / 10**power
        if round(digits, 1) >= 10:
            digits, power = digits / 10, power + 1
        return self.say("p_is", p=f"{self.number(digits, 1)}\u00a0×\u00a010{str(power).translate(_SUPERSCRIPT)}")

    def date(self, iso: str) -> str:
        """Write a date: ``"2 March 2023"``, ``"1er mars 2023"``; a year alone as it is."""
        return written_date(iso, self.lang)

    def period(self, years: Sequence[int]) -> str:
        """Write a period: ``"2017–2022"``, or one year."""
        first, last = years[0], years[-1]
        return str(first) if first == last else self.say("period", first=first, last=last)

    def span(self, years: Sequence[int]) -> str:
        """Write a period as the beginning of a sentence: ``"From 2017 to 2022"``."""
        first, last = years[0], years[-1]
        return self.say("span_single" if first == last else "span", first=first, last=last)

    def parted(self, items: Iterable[str]) -> str:
        """Join clauses with semicolons."""
        return str(self.get("semicolon")).join(items)

    def frame(self, vintage: str) -> str:
        """Name a frame by its year, or by its source where it is not for a date."""
        return str(self.get("frames").get(vintage, vintage))

    def listed(self, items: Iterable[str]) -> str:
        """Join names: ``"Mopti, Gao and Kayes"``."""
        parts = list(items)
        if len(parts) < 2:
            return "".join(parts)
        return ", ".join(parts[:-1]) + str(self.get("and")) + parts[-1]

    def some(self, names: Sequence[str], most: int) -> str:
        """Join the first names and count the others.

        Examples
        --------
        >>> Wording("en").some(["Mopti", "Gao", "Kayes", "Kidal"], 2)
        'Mopti, Gao and 2 more'
        """
        rest = len(names) - most
        return self.listed(names if rest <= 0 else [*names[:most], self.counted("more", rest)])

    def translated(self, text: str | None) -> str:
        """Say a phrase of the findings (English) in this language where it is known, else as it stands.

        The list ``[[alert.known]]`` pairs a pattern, where ``*`` stands for any text, with what to say; ``{0}`` is
        the first such text. The full stop at the end is left to the sentence around.

        Examples
        --------
        >>> Wording("en").translated("Only 3 incidents: a test needs at least 5.")
        '3 incidents are too few, at least 5 are needed'
        """
        if text is None:
            return str(self.get("not_defined"))
        return translated(text, self.lang)

    def own(self, table: dict[str, Any], key: str) -> list[str]:
        """Give a text that the findings hold in both languages (``note``, ``note_fr``), if they hold it."""
        text = table.get(f"{key}_{self.lang}") or table.get(key)
        if not text:
            return []
        return [typeset(text) if self.lang == "fr" else str(text)]
