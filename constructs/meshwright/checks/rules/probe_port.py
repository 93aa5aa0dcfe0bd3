"""MW137: a probe that names a port which its container does not have."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.pods import containers, pods
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import entries, section, text

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource, path, pod in pods(shown):
        for field, container in containers(path, pod):
            names = [text(section(port).get("name")) for port in entries(container.get("ports"))]
            for probe in _PROBES:
                for kind in ("httpGet", "tcpSocket"):
                    port = section(section(container.get(probe)).get(kind)).get("port")
                    if isinstance(port, str) and not port.isdigit() and port not in names:
                        known = all_of([name for name in names if name])
                        wrong = f'the container has no port "{port}" (named: {known}), so the probe always fails'
                        remedy = "Name one of its ports, or write the number."
                        yield Problem(resource.origin(f"{field}.{probe}.{kind}.port"), wrong, remedy)


CHECK = Check("MW137", "probe-port", "error", "A probe of a port that its container does not name.", _find)
