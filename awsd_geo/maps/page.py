"""One self-contained HTML page: the parts in, a page out that makes no request and runs only what we wrote."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029\ud800-\udfff]|\\{(?=[{%#])")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_PICTURE = re.compile("data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*")  # no SVG: it can hold anything
LOADS = {"src", "srcset", "poster", "background", "data", "srcdoc", "formaction", "action", "ping"}


def payload(data: Any) -> str:
    r"""Write data as JSON that no HTML parser, JavaScript parser or Jinja template can take for code.

    Parameters
    ----------
    data : JSON-able
        Dicts with text keys, lists, text, numbers, booleans, None.

    Returns
    -------
    str
        JSON without spaces. ``< > &``, U+2028, U+2029, lone surrogates, and a brace that could open a Jinja tag
        are written as ``\u00XX``, which every JSON reader turns back into the same text.

    Raises
    ------
    ValueError
        If a number is NaN or infinite: write None and say why.

    Examples
    --------
    >>> payload(["</script>", "{{7*7}}"])
    '["\\u003c/script\\u003e","\\u007b{7*7}}"]'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE_IN_SCRIPT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def escape(value: object) -> str:
    """Write text so that HTML shows it as it is, and so that a second pass through Jinja would too.

    Examples
    --------
    >>> escape("<b> & {{ x }}")
    '&lt;b&gt; &amp; &#123;&#123; x }}'
    """
    return html.escape(_NOT_TEXT.sub("\ufffd", str(value))).replace("{", "&#123;").replace("`", "&#96;")


def digest(source: str) -> str:
    """Give the hash of an inline script or style as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """Write the Content-Security-Policy that allows these styles and scripts and nothing else.

    References
    ----------
    .. [1] W3C, Content Security Policy Level 3, section 6.7 (hashes of inline elements).
    """
    script, style = " ".join(map(digest, scripts)) or "'none'", " ".join(map(digest, styles)) or "'none'"
    return (
        f"default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def is_picture(address: str) -> bool:
    """Whether an address holds a picture made of points, which can neither load nor run anything.

    Examples
    --------
    >>> is_picture("data:image/png;base64,iVBORw0KGgo="), is_picture("data:image/svg+xml,<svg onload=x()>")
    (True, False)
    """
    return _PICTURE.fullmatch(address) is not None


class _Guard(HTMLParser):
    """Refuse markup that the policy would block or that could load or run something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("type") != "application/json":
            raise ValueError("A script stands in the body. Hand it to assemble() in scripts=.")
        if tag in {"style", "link", "base", "meta", "object", "embed", "iframe"}:
            raise ValueError(f"A <{tag}> stands in the body. Hand styles to assemble() in head_css=; drop the others.")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                raise ValueError(f"<{tag}> has the attribute {name}. Use a class and a stylesheet, or a script.")
            if name in LOADS and not is_picture(value or ""):
                raise ValueError(
                    f"<{tag}> has the attribute {name}, which loads something. Inline a PNG as data:image/."
                )
            if name in {"href", "xlink:href"} and not (value or "").startswith(("#", "https://", "mailto:")):
                raise ValueError(f"<{tag}> links to {value!r}. Allowed: #, https:// and mailto: links.")


def assemble(*, title: str, lang: str, head_css: Iterable[str], body: str, scripts: Iterable[str]) -> str:
    """Put the parts of a page together under a strict Content-Security-Policy.

    Parameters
    ----------
    title : str
        Plain text for the window's title.
    lang : str
        Language code of the page, such as "en".
    head_css, scripts : iterable of str
        Stylesheets and scripts without their tags; equal ones are written once. Scripts run after the body is read.
    body : str
        Markup without ``<script>`` (except ``type="application/json"``), ``<style>``, style or event attributes.

    Returns
    -------
    str
        A whole HTML5 document, the same for the same parts. Control characters and halves of surrogate pairs, which
        HTML cannot hold, are U+FFFD.

    Raises
    ------
    ValueError
        If the body holds what the policy would block or what could load or run something, or if a script or
        stylesheet could close its own element.
    """
    styles, codes = list(dict.fromkeys(head_css)), list(dict.fromkeys(scripts))
    for source in [*styles, *codes]:
        if re.search(r"</(script|style)|<!--|\r", source, re.IGNORECASE):
            raise ValueError("A script or stylesheet holds </script, </style, <!-- or a carriage return.")
    guard = _Guard()
    guard.feed(body)
    guard.close()
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(lang)}">',
        "<head>",
        f'<meta http-equiv="Content-Security-Policy" content="{policy(styles, codes)}">',
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f'<meta name="generator" content="awsd_geo {version("awsd-geo")}">',
        f"<title>{escape(title)}</title>",
        *[f"<style>{source}</style>" for source in styles],
        "</head>",
        "<body>",
        _NOT_TEXT.sub("\ufffd", body),
        *[f"<script>{source}</script>" for source in codes],
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(lines)


def write(path: str | os.PathLike[str], text: str | bytes) -> Path:
    """Write a file whole or not at all: a failed run leaves the old file as it was.

    Parameters
    ----------
    path : path
        Where to write; its folder must exist.
    text : str or bytes
        Content; text is written as UTF-8 with its line ends unchanged.

    Returns
    -------
    Path
        The path written.

    Raises
    ------
    InputError
        If the folder does not exist or the path is a folder.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise InputError(f"There is no folder {target.parent}. Make it first, or choose another path.")
    if target.is_dir():
        raise InputError(f"{target} is a folder. Give the name of a file in it.")
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target
