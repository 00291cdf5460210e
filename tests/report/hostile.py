"""Strings that must stay strings wherever a page shows them."""

MARKUP = (
    "<script>window.__hit=1</script>",
    "<ScRiPt>window.__hit=1</sCrIpT>",
    "</script><script>window.__hit=1</script>",
    "<img src=x onerror=window.__hit=1>",
    "<img src='https://example.org/x.png'>",
    "<svg onload=window.__hit=1>",
    "<svg><script>window.__hit=1</script></svg>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=window.__hit=1></style></mglyph></math>",
    "<body onload=window.__hit=1>",
    "<details open ontoggle=window.__hit=1>",
    "<input autofocus onfocus=window.__hit=1>",
    "<iframe src='javascript:parent.__hit=1'></iframe>",
    "<iframe srcdoc='<script>parent.__hit=1</script>'></iframe>",
    "<object data='https://example.org/x.swf'></object>",
    "<embed src='data:text/html,<script>window.__hit=1</script>'>",
    "<form action='https://example.org'><button>go</button></form>",
    "<base href='https://example.org/'>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<link rel=stylesheet href='https://example.org/x.css'>",
    "<a href='javascript:window.__hit=1'>go</a>",
    "<a href='data:text/html,<script>window.__hit=1</script>'>go</a>",
    "<div style='background:url(https://example.org/x)'>box</div>",
    "<style>@import 'https://example.org/x.css'</style>",
    "</style><script>window.__hit=1</script>",
    "</title><script>window.__hit=1</script>",
    "</textarea><script>window.__hit=1</script>",
    "<!-- --><script>window.__hit=1</script><!--",
    "<![CDATA[<script>window.__hit=1</script>]]>",
    "<?xml-stylesheet href='https://example.org/x.xsl'?>",
    "<template><script>window.__hit=1</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=window.__hit=1>'>",
    "<table background='https://example.org/x.png'><td>1",
)
QUOTED = (
    '" onmouseover="window.__hit=1',
    "' onfocus='window.__hit=1' autofocus='",
    '"><script>window.__hit=1</script>',
    "`onclick=window.__hit=1`",
    "&lt;script&gt;window.__hit=1&lt;/script&gt;",
    "&#60;script&#62;window.__hit=1&#60;/script&#62;",
    "javascript:window.__hit=1",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cuX19oaXQ9MTwvc2NyaXB0Pg==",
    "expression(window.__hit=1)",
    "x;background:url(https://example.org/x)",
    "\\u003cscript\\u003ewindow.__hit=1\\u003c/script\\u003e",
    "%3Cscript%3Ewindow.__hit=1%3C/script%3E",
)
TEMPLATES = (
    "{{7*7}}",
    "{% for one in range(9) %}x{% endfor %}",
    "{{ ''.__class__.__mro__ }}",
    "${7*7}",
    "#{7*7}",
    "{n}",
    "{table.__class__}",
    "%(name)s",
    "$x^2$ and $\\frac{1}{2}$",
)
MARKDOWN = (
    "[go](javascript:window.__hit=1)",
    "![x](https://example.org/x.png)",
    "<https://example.org>",
    "[x]: https://example.org",
)
SHEETS = ("=cmd|'/C calc'!A0", '=HYPERLINK("https://example.org")', "+1-1", "-2+3", "@SUM(1)")
LONG = ("长" * 300, "W" * 300, "a " * 200 + "end")
HOSTILE = (*MARKUP, *QUOTED, *TEMPLATES, *MARKDOWN, *SHEETS, *LONG)
UNDRAWABLE = ("\u202eevil", "zero\u200dwidth", "bell\x07", "𠀋", "😀")
