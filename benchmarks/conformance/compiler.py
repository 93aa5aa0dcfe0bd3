"""Our side: text in, the route table of one proxy out."""

from typing import Any

from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import Resource, read_text
from meshwright.traffic import Proxy, RouteTable


def proxy_of(recorded: dict[str, Any] | None) -> Proxy:
    """Return the proxy of a recorded case; ``None`` is a sidecar in ``default``, at the address that tests give it."""
    recorded = recorded or {}
    return Proxy(
        type=recorded.get("type", "sidecar"),
        namespace=recorded.get("namespace", "default"),
        labels=tuple(sorted((recorded.get("labels") or {}).items())),
        addresses=tuple(recorded.get("ip_addresses") or ("1.1.1.1",)),
    )


def resources_of(*texts: str) -> list[Resource]:
    """Read the manifests of a recorded case."""
    return [resource for number, text in enumerate(texts) for resource in read_text(text, file=f"part-{number}.yaml")]


def table(resources: list[Resource], proxy: Proxy, **options: Any) -> RouteTable:
    """Compile for one proxy, with short host names resolved as the recordings have it: to ``name.namespace``."""
    return compile_mesh(resources, MeshOptions(config_domain="", **options)).route_table(proxy)
