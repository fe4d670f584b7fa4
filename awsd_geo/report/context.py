"""The analyst's own words: Markdown in, harmless markup out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsd_geo.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MOST_CHARACTERS = 20_000
DEEPEST = 20  # what markdown-it would leave out without a word
FIRST_HEADING = 3  # the page's own are h1 and h2


def read_context(path: str | os.PathLike[str]) -> str:
    """Read the analyst's words from a file of Markdown.

    Parameters
    ----------
    path : path
        UTF-8 text of at most 20,000 characters.

    Returns
    -------
    str
        The text as it stands in the file.

    Raises
    ------
    InputError
        If the file is not there, too long or not UTF-8.
    """
    try:
        with Path(path).open("rb") as file:
            raw = file.read(4 * MOST_CHARACTERS + 4)
    except OSError as error:
        raise InputError(f"Cannot read the context {path}: {error.strerror}. Give a file of Markdown.") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(raw) > 4 * MOST_CHARACTERS:
            raise _too_long(f"{path} has over {4 * MOST_CHARACTERS:,} bytes") from error
        raise InputError(f"The context {path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    if len(text) > MOST_CHARACTERS:
        raise _too_long(f"{path} has over {MOST_CHARACTERS:,} characters")
    return text


def _too_long(what: str) -> InputError:
    return InputError(f"The context {what}: too long for a page. Shorten it: 40 to 150 words fit on the A4 page.")


def context_markup(text: str) -> str:
    """Write Markdown (CommonMark) as markup that loads nothing, runs nothing and leads nowhere.

    Parameters
    ----------
    text : str
        Paragraphs, emphasis, lists, quotations, headings and links. HTML in it is shown as it was typed. A link
        with https:// is shown as its text with the address behind it; another is shown as it was typed.

    Returns
    -------
    str
        Markup with ``p, em, strong, ul, ol, li, blockquote, h3`` to ``h6``, ``code``, ``pre``, ``hr`` and ``br``, of
        which no element has an attribute but ``start`` of a list; "" where the text is empty.

    Raises
    ------
    InputError
        If the text is too long, holds an image or is nested too deep.

    Examples
    --------
    >>> context_markup("The *JNIM*: [map](https://example.org), <b>")
    '<p>The <em>JNIM</em>: map (https://example.org), &lt;b&gt;</p>'
    """
    if len(text) > MOST_CHARACTERS:
        raise _too_long(f"has {len(text):,} characters")
    reader = _reader()
    blocks = reader.parse(text)
    for block in blocks:
        _prepare(block)
    made = str(reader.renderer.render(blocks, reader.options, {}))
    return made.replace("{", "&#123;").replace("`", "&#96;").strip()


def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST})
    reader.validateLink = lambda url: url.startswith("https://")  # type: ignore[method-assign]
    return reader


def _prepare(block: Token) -> None:
    """Lower headings under those of the page, turn links into text, refuse what the page cannot hold."""
    if block.level >= DEEPEST - 1:
        raise InputError(f"The context{_line(block)} is nested {DEEPEST} levels deep. Write it flatter.")
    if block.type in {"heading_open", "heading_close"}:
        block.tag = f"h{min(6, int(block.tag[1]) + FIRST_HEADING - 1)}"
    if block.type == "fence":
        block.info = ""
    if block.children is not None:
        block.children = _inline(block, block.children)


def _inline(block: Token, given: Sequence[Token]) -> list[Token]:
    from markdown_it.token import Token

    found: list[Token] = []
    addresses: list[tuple[Any, str]] = []
    for part in given:
        if part.type == "image":
            raise InputError(f"The context{_line(block)} holds an image. A page holds none of its own: take it out.")
        if part.level >= DEEPEST - 1:
            raise InputError(f"The context{_line(block)} is nested {DEEPEST} levels deep. Write it flatter.")
        if part.type == "link_open":
            addresses.append((part.attrs.get("href"), part.info))
        elif part.type == "link_close":
            address, how = addresses.pop()
            if how != "auto":  # of an autolink the text is the address
                found.append(Token("text", "", 0, content=f" ({address})"))
        else:
            found.append(part)
    return found


def _line(block: Token) -> str:
    return f", line {block.map[0] + 1}," if block.map else ""
