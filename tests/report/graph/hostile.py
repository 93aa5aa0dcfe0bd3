"""Manifests whose every name tries to break out of what it is written into."""

import json

BREAKS = [
    "</script><script>alert(1)</script>",
    '"]; click h0 "javascript:alert(1)"; x["',
    "<img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>",
    "`**bold**` #quot; %%{init: {}}%%",
    "]]>&lt;!--<!--",
    "\u2028\u2029\u202e\x07 end subgraph",
    "| td | [a](javascript:alert(1)) @everyone",
    "```\n\n# big\n\n```",
    "$(alert(1)) {{alert(1)}} ${alert(1)}",
]


def hostile_mesh():
    """Objects whose names, hosts, paths, labels and subsets are hostile."""
    objects = []
    for number, text in enumerate(BREAKS):
        name = f"{text}{number}"
        metadata = {"name": name, "namespace": text}
        subsets = [{"name": text, "labels": {"version": text}}]
        path = {"match": [{"uri": {"prefix": f"/{text}"}, "headers": {text: {"exact": text}}}], "name": text}
        route = {"route": [{"destination": {"host": name, "subset": text}}], "rewrite": {"uri": text}}
        answer = {**path, "redirect": {"authority": text, "uri": text}}
        server = {"hosts": ["*"], "port": {"number": 80 + number, "name": text, "protocol": "HTTP"}}
        objects += [
            {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": 80}]}},
            istio("Gateway", metadata, {"selector": {"istio": text}, "servers": [server]}),
            istio("DestinationRule", metadata, {"host": name, "subsets": subsets}),
            istio(
                "VirtualService",
                metadata,
                {
                    "hosts": [f"{number}.example.com", name],
                    "gateways": [name, "mesh"],
                    "http": [{**path, **route}, answer],
                },
            ),
        ]
    return "\n---\n".join(json.dumps(each, ensure_ascii=True) for each in objects)


def istio(kind, metadata, spec):
    return {"apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": metadata, "spec": spec}
