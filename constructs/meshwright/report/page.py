"""A page in one file: its styles and scripts inside, and a policy that lets nothing else run or load."""

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from typing import Any

_ESCAPES = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})


def page(title: str, style: str, body: str, scripts: Sequence[str], data: Any = None) -> str:
    """Return a page.

    Args:
        body: HTML, escaped.
        data: JSON-shaped; scripts find it as the text of the element ``data``.
    """
    hashes = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts)
    policy = f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    carried = [] if data is None else [f'<script type="application/json" id="data">{embedded(data)}</script>']
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{style}</style></head>",
            f"<body>{body}",
            *carried,
            *(f"<script>{text}</script>" for text in scripts),
            "</body></html>\n",
        ]
    )


def embedded(data: Any) -> str:
    """Return JSON that may stand in a script element: no text in it can end the element or start another."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
