"""What istiod makes of tests/charts/policies.py: ``python tests/recorder/policies.py`` records it.

Kept in tests/data/charts/policies: the manifests that were asked about, and of istiod's configuration the clusters that
``web`` calls and the inbound listener of ``cart``. Run it after changing the program and after raising Istio's version.
"""

import json
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "constructs")]

from meshwright.tree import App  # noqa: E402
from tests.charts import policies  # noqa: E402
from tests.recorder import istiod  # noqa: E402

FOLDER = REPOSITORY / "tests" / "data" / "charts" / "policies"
CALLED = ("cart.shop", "stock.shop", "weather.example.org")
PROXIES = [
    {"name": name, "type": "sidecar", "namespace": "shop", "labels": {"app": name, "version": "v1"}, "addresses": [at]}
    for name, at in (("web", "10.0.0.1"), ("cart", "10.0.0.2"))
]


def manifests() -> str:
    """Return what the program synthesises."""
    app = App()
    policies.program(app)
    return app.synth_yaml()


def answer_of_istiod() -> dict[str, Any]:
    """Return the clusters and the listener."""
    with istiod.Istiod() as asking:
        answer = asking.ask(istiod.question("policies", manifests(), PROXIES))
    if "error" in answer:
        raise RuntimeError(answer["error"])
    web, cart = answer["proxies"]["web"], answer["proxies"]["cart"]
    clusters = [each for each in web["clusters"] if any(name in each["name"] for name in CALLED)]
    inbound = next(each for each in cart["listeners"] if each["name"] == "virtualInbound")
    return {
        "istio": istiod.istio_version(),
        "clusters": sorted(clusters, key=lambda cluster: str(cluster["name"])),
        "inbound": inbound,
    }


if __name__ == "__main__":
    if istiod.program() is None:
        istiod.build()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "mesh.yaml").write_text(manifests())
    (FOLDER / "answer.json").write_text(json.dumps(answer_of_istiod(), indent=1, sort_keys=True) + "\n")
