"""Texts that attack a page, each named by what it attacks; written by us after the classes that OWASP lists.

``HOSTILE`` goes into every text input of every page. What runs would set ``window.__pwned`` or open a dialog; what
loads would ask for something under example.org; the fixture ``visit`` fails a test for either.

A page shows each as it is, but for what no HTML text can hold: in markup written on our side control characters and
lone surrogates are U+FFFD, and a carriage return is read as a line feed (``written``); in files with pictures also
U+FFFE and U+FFFF are U+FFFD, and blanks in a row are one (``drawn``). Text set by the script is exact.
"""

import re

_RUN = "alert(window.__pwned=1)"

HOSTILE = {
    # Jinja, of folium and of the alert
    "jinja expression": "{{7*7}}",
    "jinja statement": "{% for x in range(9) %}x{% endfor %}",
    "jinja comment": "a{# gone #}b",
    "jinja globals": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "jinja escaped raw": "{% raw %}{{ cycler.__init__ }}",
    "jinja and script": "{{7*7}}</script><img src=x onerror=" + _RUN + ">",
    # ends of elements and states of the parser
    "script closer": f"</script><script>{_RUN}</script>",
    "script closer in mixed case": f"</ScRiPt ><sCrIpT>{_RUN}</sCrIpT>",
    "script closer with slash": f"</script/x><svg onload={_RUN}>",
    "style closer": f"</style><img src=x onerror={_RUN}>",
    "title closer": f"</title><svg onload={_RUN}>",
    "textarea closer": f"</textarea></noscript></template><svg onload={_RUN}>",
    "comment opener": "<!--",
    "comment closer": f"--><img src=x onerror={_RUN}>",
    "double escaped script": "<!--<script>",
    "section of XML": "]]><![CDATA[<b>]]>",
    "instruction": "<?xml version='1.0'?><?php echo 1 ?>",
    "plaintext": "<plaintext>",
    # attributes and event handlers
    "double quote breaker": f'"><img src=x onerror={_RUN}>',
    "single quote breaker": f"'><svg/onload={_RUN}>",
    "attribute without quotes": f'" autofocus onfocus={_RUN} x="',
    "event handler": f'" onmouseover="{_RUN}" tabindex="1',
    "drawing onload": f"<svg xmlns='http://www.w3.org/2000/svg' onload='{_RUN}'/>",
    "foreign object": f"<svg><foreignObject><iframe srcdoc='<script>{_RUN}</script>'></foreignObject></svg>",
    "animated link": f"<svg><a><animate attributeName=href values=javascript:{_RUN} /><text>x</text></a></svg>",
    "math": f"<math><mtext><table><mglyph><style><img src onerror={_RUN}>",
    "srcdoc breaker": f"&quot;&gt;&lt;script&gt;{_RUN}&lt;/script&gt;",
    # addresses
    "javascript address": f"javascript:{_RUN}",
    "javascript address with tab": f"java\tscript:{_RUN}//",
    "data address": f"data:text/html,<script>{_RUN}</script>",
    "address without scheme": "//example.org/x",
    "base": "<base href=https://example.org/>",
    "refresh": "<meta http-equiv=refresh content=0;url=https://example.org>",
    "link": "<link rel=stylesheet href=https://example.org/x.css>",
    # scripts, templates of strings, JSON
    "template literal": f"`${{{_RUN}}}`",
    "backticks and braces": "`{{`}}${{}}",
    "JSON breaker": '"}],"layers":[],"x":{"y":["',
    "JavaScript string breaker": f"';{_RUN}//\\';",
    "line separators": "a\u2028b\u2029c",
    "backslashes": "\\u003cb\\u003e\\x3c\\074\\",
    "prototype": "__proto__",
    "constructor": "constructor",
    "to string": "toString",
    "format braces": "{0} {name} {n} {year} {rank} {{name}} {0.__class__}",
    "percent format": "%s %d %(name)s %n %00",
    "dollar patterns": "$& $1 $$ $` $'",
    "pattern of a search": "(.*)[a-z]+?\\d{2}|^$",
    # style sheets
    "style address": "url(#x);background:url(https://example.org/x)",
    "style import": "@import url(https://example.org/x.css);",
    "style expression": f"expression({_RUN})}}*{{display:none",
    # spreadsheets
    "formula": '=HYPERLINK("https://example.org";"x")',
    "formula by plus": "+cmd|' /C calc'!A0",
    "formula by minus": "-2+3",
    "formula by at": '@SUM(1+1);"a",b',
    "formula behind a tab": "\t=1+1",
    # Markdown
    "markdown link": f"[x](javascript:{_RUN})",
    "markdown emphasis": "**a** _b_ `c` # d",
    "markdown reference": "[x]: https://example.org 'y'",
    # what entities make of it
    "entities": "&lt;b&gt;&amp;lt;&#x3c;i&#62;&nbsp;&copy",
    "entity without end": "&notit; &#0; &#x110000;",
    # letters
    "right to left": "\u202eright to left\u202c مرحبا \u2066x\u2069",
    "zero width": "a\u200bb\u200dc\ufeffd\u00ade",
    "marks in a heap": "Z" + "\u0301\u0316\u0489\u20dd" * 12 + "algo",
    "pictures of people": "👩🏽\u200d⚕️🇲🇱🏴\U000e0067\U000e007f",
    "full width": "＜script＞ﬁ№Å",
    "long and unbroken": "W" * 2000,
    "identifier": "a#b?c=d&e%00%2e%2e/\\f",
    "selector": '.a#b[c="d"]>e:not(f),*',
    # blanks
    "blanks at the ends": "  a  b  ",
    "line ends": "a\nb\r\nc\rd",
    "no-break blanks": "\u00a0\u202f\u3000a\u00a0",
    # what text should not hold
    "NUL": "a\x00b",
    "control characters": "a\x01\x08\x0b\x0c\x1b\x1f\x7f\x85\x9fb",
    "no characters": "a\ufffe\uffffb",
    "half of a pair": "a\ud800b\udc00c",
}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def written(text: str) -> str:
    """Give a text as it is read back from markup that was written on our side."""
    return _CONTROLS.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")


def drawn(text: str) -> str:
    """Give a text as it stands in a picture, without its blanks: long ones are cut into lines."""
    return "".join(re.sub("[\ufffe\uffff]", "\ufffd", _CONTROLS.sub("\ufffd", text)).split())


def cell(text: str) -> str:
    """Give a text as a cell of a CSV file, where a spreadsheet would run it."""
    return ("'" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else "") + text
