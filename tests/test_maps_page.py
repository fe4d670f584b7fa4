"""A page: what goes in stands in it, nothing else runs, and it is written whole or not at all."""

import base64
import hashlib
import json
import re

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsd_geo.errors import InputError
from awsd_geo.maps import assemble, payload, write
from awsd_geo.maps.page import escape

HOSTILE = st.text(st.sampled_from("{}%#<>&/\\\"'`$!-s\u2028\u2029\ud800\x00é"), max_size=12) | st.text(max_size=12)
DATA = st.recursive(HOSTILE | st.integers() | st.booleans() | st.none(), lambda part: st.lists(part) | st.dictionaries(HOSTILE, part), max_leaves=8)  # fmt: skip # noqa: E501


def page(**parts):
    return assemble(**{"title": "T", "lang": "en", "head_css": [], "body": "<p>B</p>", "scripts": []} | parts)


@given(DATA)
def test_a_payload_reads_back_as_the_same_data_and_holds_nothing_that_could_be_taken_for_code(data):
    text = payload(data)
    assert json.loads(text) == data
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff]", text)
    assert not re.search(r"\{[{%#]", text)
    text.encode("utf-8")


@given(DATA)
def test_jinja_leaves_a_payload_as_it_is(data):
    text = payload(data)
    assert jinja2.Template(text, keep_trailing_newline=True).render() == text


def test_a_payload_refuses_nan_and_infinity():
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
            payload([value])


@given(HOSTILE)
def test_escaped_text_survives_jinja_and_holds_no_tag(text):
    once = escape(text)
    assert not set("<>\"'`{") & set(once)
    assert jinja2.Template(once, keep_trailing_newline=True).render() == once or "\r" in text


def test_the_policy_names_the_hashes_of_exactly_the_scripts_and_styles_in_the_page():
    text = page(head_css=["p{color:red}", "b{color:blue}"], scripts=["let a = 1;", "let é = 2;"])
    policy = re.search(r'content="(default-src[^"]*)"', text)[1]
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        inline = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        expected = [f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in inline]
        assert re.search(rf"{directive} ([^;]*);", policy)[1].split() == expected
        assert len(expected) == 2
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")


def test_the_policy_comes_first_and_the_charset_within_the_first_1024_bytes():
    text = page(head_css=["a{}", "b{}", "i{}", "u{}"], scripts=["1", "2", "3", "4", "5", "6"])
    assert text.index("<head>\n<meta http-equiv=") < text.index("<meta charset")
    assert text.encode().index(b'<meta charset="utf-8">') < 1000


def test_a_page_without_scripts_and_styles_allows_none():
    assert "script-src 'none'; style-src 'none'" in page()


def test_equal_scripts_stand_in_the_page_once():
    assert page(scripts=["leaflet", "leaflet"]).count("leaflet") == 1


def test_the_title_is_text():
    assert "<title>&lt;/title&gt;&lt;script&gt;</title>" in page(title="</title><script>")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<script>alert(1)</script>", "A script stands in the body. Hand it to assemble"),
        ('<p style="color:red">', "<p> has the attribute style"),
        ('<img src="data:image/svg+xml,<svg onload=x()>">', "<img> has the attribute src, which loads something"),
        ('<svg onload="x()"></svg>', "<svg> has the attribute onload"),
        ('<img src="x.png">', "<img> has the attribute src, which loads something"),
        ('<a href="javascript:x()">', r"<a> links to 'javascript:x\(\)'"),
        ("<style>p{}</style>", "A <style> stands in the body"),
        ('<iframe srcdoc=""></iframe>', "A <iframe> stands in the body"),
        ('<base href="https://x.org/">', "A <base> stands in the body"),
    ],
)
def test_a_body_that_could_load_or_run_something_is_refused(body, message):
    with pytest.raises(ValueError, match=message):
        page(body=body)


def test_a_body_may_hold_data_links_and_inlined_pictures():
    body = '<script type="application/json">{"a":1}</script><a href="https://x.org">x</a>'
    body += '<img src="data:image/png;base64,iVBORw0KGgo=">'
    assert body in page(body=body)


def test_a_script_that_could_close_its_own_element_is_refused():
    with pytest.raises(ValueError, match="holds </script"):
        page(scripts=["'</SCRIPT>'"])


def test_a_file_is_written_with_its_line_ends_and_nothing_else_is_left(tmp_path):
    assert write(tmp_path / "map.html", "a\nb\r\né").read_bytes() == "a\nb\r\né".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_a_failed_write_leaves_the_old_file_whole(tmp_path):
    old = write(tmp_path / "map.html", "old")
    with pytest.raises(UnicodeEncodeError):
        write(old, "new \ud800")
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match=r"There is no folder .*absent\. Make it first"):
        write(tmp_path / "absent" / "map.html", "x")


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(InputError, match=r"is a folder\. Give the name of a file in it"):
        write(tmp_path, "x")


def test_what_html_cannot_hold_is_no_character_that_can_be_read():
    made = page(title="a\x00b", body="<p>a\x00b\x1bc\ud800d\te</p>")
    assert "<title>a\ufffdb</title>" in made
    assert "<p>a\ufffdb\ufffdc\ufffdd\te</p>" in made
