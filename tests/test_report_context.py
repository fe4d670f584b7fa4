"""The analyst's own words: Markdown becomes markup that loads nothing, runs nothing and leads nowhere."""

import re
from html.parser import HTMLParser

import pytest

from awsd_geo.errors import InputError
from awsd_geo.report.context import MOST_CHARACTERS, context_markup, read_context

ALLOWED = {"p", "em", "strong", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6", "code", "pre", "hr", "br"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b onclick='alert(1)'>x</b>",
    "</section></main><h1>Taken over</h1>",
    "<!-- <script> -->",
    "<?php echo 1 ?>",
    "<![CDATA[ <script> ]]>",
    "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](//example.org)",
    "[x](http://example.org)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://example.org "onmouseover=alert(1)")',
    "[x](https://example.org/\"onmouseover=alert(1)'<>)",
    "![x](javascript:alert(1))",
    "{{7*7}} {% for x in () %} {# #}",
    "{{ cycler.__init__.__globals__ }}",
    "`{{7*7}}</script><img src=x onerror=alert(1)>`",
    '```"><script>alert(1)</script>\nx\n```',
    "```js onload=alert(1)\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "> <svg onload=alert(1)>",
    "1. <object data=x>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<script>\x00alert(1)",
    "\u2028</script>\u2029",
    "*a*" * 2000,
    "[" * 1000,
    "**" * 3000,
]


class Marks(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_typed_becomes_code_a_link_or_an_attribute(text):
    made = context_markup(text)
    marks = Marks(made)
    assert marks.tags <= ALLOWED
    assert marks.attributes <= {"start"}
    assert "{" not in made
    assert "`" not in made


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.startswith(("<", "[x](j", "[x](d", "{{"))])
def test_what_was_typed_is_shown(text):
    shown = Marks(context_markup(text)).text
    assert re.sub(r"\s", "", shown).startswith(re.sub(r"\s", "", text)[:9])


def test_links_are_text_with_the_address_behind_it():
    assert context_markup("See [OCHA](https://www.unocha.org/mali), <https://example.org>.") == (
        "<p>See OCHA (https://www.unocha.org/mali), https://example.org.</p>"
    )
    assert context_markup("[a *b*](https://example.org)") == "<p>a <em>b</em> (https://example.org)</p>"


def test_headings_stand_under_those_of_the_page():
    assert context_markup("# One\n\n## Two\n\n###### Six") == "<h3>One</h3>\n<h4>Two</h4>\n<h6>Six</h6>"


def test_lists_quotations_and_code_stay():
    assert context_markup("3. a\n4. b\n\n> c\n\n`d`") == (
        '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n<blockquote>\n<p>c</p>\n</blockquote>\n<p><code>d</code></p>'
    )


def test_images_are_refused_by_line():
    with pytest.raises(InputError, match=r"The context, line 3, holds an image\. A page holds none"):
        context_markup("First.\n\nSecond ![map](https://example.org/map.png).")


def test_depth_at_which_words_would_be_lost_is_refused():
    assert "deep" in context_markup("> " * 8 + "deep")
    for text in ("> " * 30 + "deep", "- " * 30 + "deep", "".join("*" * (1 + i % 2) + "a " for i in range(60))):
        try:
            made = context_markup(text)
        except InputError as error:
            assert "levels deep. Write it flatter." in str(error)  # noqa: PT017
        else:
            assert re.sub(r"[\s*>-]", "", text) == re.sub(r"[\s*]", "", Marks(made).text)


def test_a_megabyte_is_refused(tmp_path):
    path = tmp_path / "context.md"
    path.write_bytes(b"word " * 200_000)
    with pytest.raises(InputError, match=r"has over 20,000 characters: too long for a page\. Shorten it"):
        read_context(path)
    path.write_bytes("é".encode() * 500_000)
    with pytest.raises(InputError, match="too long for a page"):
        read_context(path)
    with pytest.raises(InputError, match=r"The context has 20,001 characters: too long"):
        context_markup("x" * (MOST_CHARACTERS + 1))


def test_a_file_is_read_as_utf8_with_or_without_a_mark(tmp_path):
    path = tmp_path / "context.md"
    path.write_bytes("\ufeffMénaka".encode())
    assert read_context(path) == "Ménaka"
    path.write_bytes("Ménaka".encode("latin-1"))
    with pytest.raises(InputError, match=r"is not UTF-8 \(byte 1\)\. Save it as UTF-8\."):
        read_context(path)
    with pytest.raises(InputError, match=r"Cannot read the context .*: No such file or directory"):
        read_context(tmp_path / "none.md")
    with pytest.raises(InputError, match=r"Cannot read the context .*: Is a directory"):
        read_context(tmp_path)


def test_an_empty_text_gives_nothing():
    assert context_markup(" \n\n ") == ""
