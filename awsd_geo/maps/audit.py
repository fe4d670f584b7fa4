"""Look at any saved page again: it asks for nothing, runs only what its policy allows, and publishes no rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from awsd_geo.errors import InputError
from awsd_geo.maps.audit_rows import FORBIDDEN, row_problems
from awsd_geo.maps.page import LOADS, digest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["FORBIDDEN", "Audit", "audit"]

_LOADS = LOADS | {"manifest", "imagesrcset"}
_FRAMES = frozenset({"iframe", "frame", "fencedframe", "portal", "object", "embed", "applet", "base", "link"})
_LARGEST = 50_000_000  # bytes; no page of ours comes near


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found in a page; ``problems`` is empty where nothing is wrong."""

    page: str
    scripts: int
    styles: int
    problems: tuple[str, ...]

    def summary(self) -> str:
        """Say what was looked at and what is wrong."""
        looked = f"{self.page}: {self.scripts} scripts and {self.styles} styles looked at"
        if not self.problems:
            return (
                f"{looked}. No request, no event handler, policy and hashes right, no column of single incidents in "
                "the page's data or over its tables."
            )
        return "\n".join([f"{looked}; {len(self.problems)} problems:", *(f"- {text}" for text in self.problems)])


def audit(path: str | os.PathLike[str]) -> Audit:
    """Check a saved page without opening it in a browser.

    Parameters
    ----------
    path : path
        An HTML file, made by awsd_geo or not.

    Returns
    -------
    Audit
        ``problems`` names each finding: no policy or a lax one, a script or style whose hash the policy does not
        have, something that would be loaded, an event handler or style attribute, a column of single incidents.

    Raises
    ------
    InputError
        If there is no such file, or it is no HTML page.

    References
    ----------
    .. [1] W3C, Content Security Policy Level 3.
    """
    file = Path(path)
    try:
        text = file.read_bytes()[:_LARGEST].decode("utf-8")
    except OSError as error:
        raise InputError(f"Cannot read {file}: {error.strerror}. Check the path.") from None
    except UnicodeDecodeError:
        raise InputError(f"{file.name} is no page: it is not UTF-8 text.") from None
    if "<html" not in text.lower():
        raise InputError(f"{file.name} is no HTML page. Give a page such as alert.html.")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    problems = [
        *reader.problems,
        *_policy_problems(reader),
        *_style_problems(reader),
        *row_problems(reader.data, reader.heads),
    ]
    return Audit(file.name, len(reader.scripts), len(reader.styles), tuple(dict.fromkeys(problems)))


@dataclass
class _Reader(HTMLParser):
    """Gather scripts, styles, data and policies of a page, and what stands in it that should not."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)  # texts of <th>
    problems: list[str] = field(default_factory=list)
    _into: list[str] | None = None
    _in_head: bool = False
    _begun: bool = False  # something stands before

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}  # of one given twice the first counts
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self._policy(given.get("content", ""))
        self._begun |= tag not in {"html", "head", "meta"}
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.problems.append("The page sends the reader elsewhere (meta refresh).")
        self._into = {"script": self.scripts, "style": self.styles}.get(tag)
        if tag == "script" and given.get("type") == "application/json":
            self._into = self.data
        if self._into is not None:
            self._into.append("")
        if tag in {"th", "td", "tr"}:  # an end tag of these may be left out
            self._in_head = tag == "th"
            self.heads += [""] * self._in_head
        if tag in _FRAMES:
            self.problems.append(f"<{tag}> stands in the page; it can load something from elsewhere.")
        for name, value in given.items():
            self._attribute(tag, name, value)

    def _policy(self, content: str) -> None:
        self.policies.append(content)
        if self._begun:
            self.problems.append("The Content-Security-Policy does not stand first; it binds only what follows it.")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on"):
            self.problems.append(f"<{tag}> has the event handler {name}.")
        elif name == "style":
            self.problems.append(f"<{tag}> has a style attribute, which a strict policy blocks.")
        elif name in _LOADS and not value.startswith("data:image/"):
            self.problems.append(f"<{tag}> has {name}={value[:60]!r}, which would be loaded.")
        elif name in {"href", "xlink:href"} and _runs(value):
            self.problems.append(f"<{tag}> links to {value[:60]!r}, which can run something.")
        elif name in {"href", "xlink:href"} and tag not in {"a", "area", *_FRAMES} and not value.startswith("#"):
            self.problems.append(f"<{tag}> has {name}={value[:60]!r}, which would be loaded.")
        elif name == "attributename" and re.match(r"\s*(on|href|xlink:href)", value, re.IGNORECASE):
            self.problems.append(f"<{tag}> changes {value[:60]!r} while the page is shown, which can run something.")

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data
        elif self._in_head:
            self.heads[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._into = None
        elif tag in {"th", "tr", "table"}:
            self._in_head = False


def _runs(address: str) -> bool:
    """Whether a link has a scheme that is no web page and no mail; browsers read past control characters."""
    bare = re.sub(r"[\x00-\x20]", "", address)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", bare)
    return scheme is not None and scheme[1].lower() not in {"http", "https", "mailto"}


def _policy_problems(reader: _Reader) -> Iterator[str]:
    if not reader.policies:
        yield "The page has no Content-Security-Policy."
        return
    for policy in map(_directives, reader.policies):
        yield from _lax(policy)
        for kind, sources in (("script", reader.scripts), ("style", reader.styles)):
            for place, source in enumerate(sources, start=1):
                if digest(source) not in policy.get(f"{kind}-src", []):
                    yield f"The hash of {kind} {place} is not in the policy, so a browser does not use it."


def _style_problems(reader: _Reader) -> Iterator[str]:
    for place, source in enumerate(reader.styles, start=1):
        if re.search(r"@import|url\(\s*['\"]?(?!data:image/|#|['\"]?\))", source, re.IGNORECASE):
            yield f"Style {place} would load something from elsewhere."


def _lax(policy: dict[str, list[str]]) -> Iterator[str]:
    if policy.get("default-src") != ["'none'"]:
        yield "The policy does not begin from default-src 'none'."
    for name in sorted({"base-uri", "form-action"} - policy.keys()):
        yield f"The policy leaves {name} open, which default-src does not cover."
    for name, given in policy.items():
        for source in given:
            if name != "default-src" and not _harmless(name, source):
                lax = source.strip("'")
                yield f"The policy allows {lax} for {name}."


def _directives(policy: str) -> dict[str, list[str]]:
    """Read a policy; of a directive given twice the first counts, as in a browser."""
    found: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        found.setdefault(name.lower(), sources)
    found.pop("", None)
    return found


def _harmless(directive: str, source: str) -> bool:
    """Whether a source is one of those that our pages need: nothing, the hash of an inline part, an inlined picture.

    Saving a file from the page needs none: a link to a blob of the page's own is no load, and the picture that becomes
    a PNG is a data address.
    """
    if source == "'none'":
        return True
    if directive in {"script-src", "style-src"}:
        return re.fullmatch(r"'sha(256|384|512)-[A-Za-z0-9+/=]+'", source) is not None
    return directive == "img-src" and source == "data:"
