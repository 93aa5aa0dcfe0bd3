"""Manifests whose names and values try to take over whatever shows them."""

import json

ESCAPES = "\x1b[31mred\x1b[0m\x1b]8;;http://evil.example\x07\x9b2J\u202egnp.exe\u200b"
"""What terminals obey: colours, a link, clearing the screen; text that runs backwards, and letters nobody sees."""

MARKDOWN = (
    "`a` ``` \n```\n| x | <script>alert(1)</script> <b>bold</b> </details> --> &lt;i&gt; *strong* __strong__ "
    "![i](http://evil.example/i.png) [l](javascript:x) <http://evil.example> @all #1 ~~~ $x$ \\"
)
"""What leaves code, tables and blocks in Markdown, and what GitHub and GitLab act on."""

LINES = "x\ndist/all.yaml: nothing found\r\nerror: fake"
"""What looks like lines of the report's own."""

HOSTILE = {"escapes": ESCAPES, "markdown": MARKDOWN, "lines": LINES}


def shop(text: str, path: str = "/a") -> str:
    """Return manifests that carry a text wherever one may stand, with things to find, to draw and to change in them."""
    server = {"port": {"number": 80, "name": text, "protocol": "HTTP"}, "hosts": ["*"], "name": text}
    rules = [
        {
            "name": text,
            "match": [
                {"uri": {"exact": f"{path}{text}"}, "headers": {"x-user": {"exact": text}, "y": {"regex": "[("}}}
            ],
            "route": [{"destination": {"host": text, "subset": text}}],
        },
        {
            "match": [{"uri": {"prefix": "/"}}],
            "rewrite": {"uri": f"/{text}", "authority": text},
            "headers": {"request": {"set": {"x-a": text}}},
            "fault": {"abort": {"httpStatus": 500, "percentage": {"value": 1}}},
            "route": [{"destination": {"host": "web", "subset": text}}],
        },
        {"name": text, "match": [{"uri": {"prefix": path}}], "redirect": {"uri": f"/{text}", "authority": text}},
    ]
    networking = "networking.istio.io/v1"
    objects = [
        ("v1", "Service", "web", {"selector": {"app": text}, "ports": [{"name": text, "port": 80}]}),
        ("v1", "Service", text, {"selector": {"app": text}, "ports": [{"name": "http", "port": 80}]}),
        (networking, "Gateway", text, {"selector": {"istio": "ingressgateway"}, "servers": [server]}),
        (networking, "DestinationRule", text, {"host": "web", "subsets": [{"name": text, "labels": {"v": text}}]}),
        (networking, "VirtualService", text, {"hosts": ["*"], "gateways": [text], "http": rules}),
        (networking, "VirtualService", f"{text}2", {"hosts": [text], "gateways": [f"{text}/{text}"], "http": rules}),
        ("v1", text, text, {"text": text}),
    ]
    made = [
        {
            "apiVersion": version,
            "kind": kind,
            "metadata": {"name": name, "namespace": text, "annotations": {"meshwright.dev/ignore": f"MW104 {text}"}},
            "spec": spec,
        }
        for version, kind, name, spec in objects
    ]
    return "\n---\n".join(json.dumps(each) for each in made)


def obeyed(text: str) -> set[str]:
    """Return what of a text a terminal would not just show; line ends and tabs are what they seem."""
    return {each for each in text if not each.isprintable() and each not in "\n\t"}
