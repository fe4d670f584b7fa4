"""The Content-Security-Policy of a page as the audit reads it: nothing allowed but the parts that stand there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from awsd_geo.maps.page import digest

if TYPE_CHECKING:
    from collections.abc import Iterator


def policy_problems(policies: list[str], scripts: list[str], styles: list[str]) -> Iterator[str]:
    """Find what is wrong with the policies of a page.

    Parameters
    ----------
    policies : list of str
        Contents of its ``<meta http-equiv="Content-Security-Policy">``.
    scripts, styles : list of str
        Its inline scripts and styles.

    Yields
    ------
    str
        Each problem, in a sentence.

    References
    ----------
    .. [1] W3C, Content Security Policy Level 3.
    """
    if not policies:
        yield "The page has no Content-Security-Policy."
        return
    for policy in map(_directives, policies):
        yield from _lax(policy)
        for kind, sources in (("script", scripts), ("style", styles)):
            yield from _hashes(kind, [digest(source) for source in sources], policy.get(f"{kind}-src", []))


def _hashes(kind: str, made: list[str], allowed: list[str]) -> Iterator[str]:
    blocked = [place for place, one in enumerate(made, start=1) if one not in allowed]
    for place in blocked:
        yield f"The hash of {kind} {place} is not in the policy, so a browser does not use it."
    hashes = {source for source in allowed if source != "'none'" and _harmless(f"{kind}-src", source)}
    if not blocked and hashes - set(made):
        yield f"The policy allows a {kind} that does not stand in the page."


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
