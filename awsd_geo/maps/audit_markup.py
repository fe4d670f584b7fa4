"""The markup of a page as the audit reads it: scripts, styles, data, policies, texts, and what should not stand there.

Only markup as awsd_geo writes it is read further: where two programs could read it in two ways, that is a problem.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from awsd_geo.maps.page import LOADS, is_picture

_LOADS = LOADS | {"manifest", "imagesrcset"}
_FRAMES = frozenset({"iframe", "frame", "fencedframe", "portal", "object", "embed", "applet", "base", "link"})
_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """a abbr blockquote body br button caption circle clippath code dd defs desc details div dl dt em fieldset
        figcaption figure footer g h1 h2 h3 h4 h5 h6 head header hr html input label legend li line main meta nav
        noscript ol output p path pattern polygon polyline pre rect script section small span strong style sub summary
        sup svg table tbody td text tfoot th thead time title tr tspan ul""",
    )
)
_ATTRIBUTES = frozenset(
    re.findall(
        r"[\w-]+",
        """autocomplete charset checked class colspan content d data-kind disabled fill for height hidden href
        http-equiv id lang max min name placeholder preserveaspectratio r role rowspan scope spellcheck start step
        stroke tabindex text-anchor title transform type value viewbox width x x1 x2 y y1 y2 cx cy rx ry points
        patternunits patterntransform""",
    )
)
_METAS = frozenset({"viewport", "referrer", "generator", "color-scheme"})
_DRAWN = frozenset({"d", "points", "viewbox", "transform", "patterntransform", "content"})  # numbers, not texts
_START = re.compile(r'<[A-Za-z][A-Za-z0-9]*(\s+[A-Za-z][A-Za-z0-9:_-]*(="[^"<>]*")?)*\s*/?>')
_RAW = frozenset({"title", "noscript"})  # whose content a browser may read as text up to their end
_OTHERWISE = frozenset(
    {"plaintext", "xmp", "listing", "noembed", "noframes", "textarea", "template", "frameset", "select"}
)
_PAINTS = frozenset(
    {"fill", "stroke", "filter", "mask", "clip-path", "cursor", "marker", "marker-start", "marker-mid", "marker-end"}
)
_INPUTS = frozenset({"text", "radio", "range"})
_STRAY = re.compile(r"<(?![A-Za-z]|/[A-Za-z][A-Za-z0-9]*>|!DOCTYPE html>)|[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass
class Reader(HTMLParser):
    """Gather scripts, styles, data, policies and texts of a page, and what stands in it that should not."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)  # texts of <th> and <td>
    texts: list[str] = field(default_factory=list)  # all that is said: text, attributes, comments
    problems: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)  # what awsd_geo does not write, whoever else may
    generator: str = ""
    _into: list[str] | None = None
    _in_head: bool = False
    _begun: bool = False  # something stands before
    _raw: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def look_again(self, text: str) -> None:
        """Look at all that was no element, script or text: what one program skips another may read."""
        parts = [*self.scripts, *self.styles, *self.data]
        for part in parts:
            text = text.replace(f">{part}</", "></", 1)
        ends = sum(text.lower().count(f"</{tag}") for tag in ("script", "style"))
        if _STRAY.search(text) or ends != len(parts):
            self.problems.append("The page has signs that belong to no element, which programs read in different ways.")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        given = {name: value or "" for name, value in reversed(attrs)}  # of one given twice the first counts
        self._check_form(tag, len(given) < len(attrs))
        if tag == "meta":
            self._meta(given)
        self._begun |= tag not in {"html", "head", "meta"}
        self._into = {"script": self.scripts, "style": self.styles}.get(tag)
        if tag == "script" and given.get("type") == "application/json":
            self._into = self.data
        if self._into is not None:
            self._into.append("")
        self._raw = tag if tag in _RAW else self._raw
        if tag in {"th", "td", "tr"}:  # an end tag of these may be left out
            self._in_head = tag != "tr"
            self.heads += [""] * self._in_head
        if tag in _FRAMES:
            self.problems.append(f"<{tag}> stands in the page; it can load something from elsewhere.")
        elif tag in _OTHERWISE:
            self.problems.append(f"<{tag}> stands in the page, which programs read in different ways.")
        elif tag not in _ELEMENTS or (tag == "input" and given.get("type") not in _INPUTS):
            self.strange.append(f"<{tag}> stands in the page, which awsd_geo does not write.")
        for name, value in given.items():
            self._attribute(tag, name, value)

    def _check_form(self, tag: str, twice: bool) -> None:  # noqa: FBT001 - of one call
        if twice or not _START.fullmatch(self.get_starttag_text() or ""):
            self.problems.append(f"A <{tag}> is written so that programs may read it in different ways.")
        if self._raw and (tag in {"script", "style"} or self._raw == "title"):
            self.problems.append(f"A <{tag}> stands in <{self._raw}>, where programs read it in different ways.")

    def _meta(self, given: dict[str, str]) -> None:
        kind = given.get("http-equiv", "").lower()
        if kind == "content-security-policy":
            self.policies.append(given.get("content", ""))
            if self._begun:
                self.problems.append("The Content-Security-Policy does not stand first; it binds only what follows it.")
        elif kind == "refresh":
            self.problems.append("The page sends the reader elsewhere (meta refresh).")
        elif given.get("charset", "utf-8").lower() != "utf-8" or kind == "content-type":
            self.problems.append("The page names another encoding than UTF-8, by which it would read otherwise.")
        elif kind or (given.get("name") == "referrer" and given.get("content") != "no-referrer"):
            self.problems.append(f"The page has a <meta> that changes what a browser does: {_cut(str(given))}.")
        elif given.get("name", "viewport") not in _METAS or "property" in given:
            self.strange.append(f"The page has a <meta> that awsd_geo does not write: {_cut(str(given))}.")
        if given.get("name") == "generator":
            self.generator = given.get("content", "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        self.texts += [value] * (name not in _DRAWN)
        if name.startswith("on"):
            self.problems.append(f"<{tag}> has the event handler {name}.")
        elif name == "style":
            self.problems.append(f"<{tag}> has a style attribute, which a strict policy blocks.")
        elif name in _LOADS:
            if not is_picture(value):
                self.problems.append(f"<{tag}> has {name}={value[:60]!r}, which would be loaded.")
        elif name in {"href", "xlink:href"}:
            self._link(tag, name, value)
        elif name in _PAINTS and re.search(r"url\(\s*['\"]?(?!#)|\\", value, re.IGNORECASE):
            self.problems.append(f"<{tag}> has {name}={value[:60]!r}, which would be loaded.")
        elif name == "attributename" and re.match(r"\s*(on|href|xlink:href)", value, re.IGNORECASE):
            self.problems.append(f"<{tag}> changes {value[:60]!r} while the page is shown, which can run something.")
        elif name not in _ATTRIBUTES and not name.startswith("aria-"):
            self.strange.append(f"<{tag}> has the attribute {name}, which awsd_geo does not write.")

    def _link(self, tag: str, name: str, value: str) -> None:
        if _runs(value):
            self.problems.append(f"<{tag}> links to {value[:60]!r}, which can run something.")
        elif value.startswith("#") or tag in _FRAMES:
            return
        elif tag not in {"a", "area"}:
            self.problems.append(f"<{tag}> has {name}={value[:60]!r}, which would be loaded.")
        else:
            self.strange.append(f"<{tag}> links to {value[:60]!r}: awsd_geo writes addresses as text.")

    def handle_data(self, data: str) -> None:
        """Keep what is said."""
        if self._into is not None:
            self._into[-1] += data
            return
        self.texts.append(data)
        if self._in_head:
            self.heads[-1] += data

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag in {"script", "style"}:
            self._into = None
        elif tag in {"th", "td", "tr", "table"}:
            self._in_head = False
        self._raw = "" if tag == self._raw else self._raw

    def handle_decl(self, decl: str) -> None:
        """Pass the doctype only."""
        if decl.lower() != "doctype html":
            self.unknown_decl(decl)

    def handle_comment(self, data: str) -> None:
        """Name a comment: our pages have none."""
        self.texts.append(data)
        self.problems.append(f"The page has a comment, which awsd_geo does not write: {_cut(data)}.")

    def unknown_decl(self, data: str) -> None:
        """Take it as the comment that a browser makes of it."""
        self.handle_comment(data)

    def handle_pi(self, data: str) -> None:
        """Take it as the comment that a browser makes of it."""
        self.handle_comment(data)


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return repr(plain if len(plain) <= 60 else f"{plain[:59]}…")


def _runs(address: str) -> bool:
    """Whether a link has a scheme that is no web page and no mail; browsers read past control characters."""
    bare = re.sub(r"[\x00-\x20]", "", address)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", bare)
    return scheme is not None and scheme[1].lower() not in {"http", "https", "mailto"}
