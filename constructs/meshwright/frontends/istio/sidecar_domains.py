"""Under which names a sidecar answers for a service. Source: istiod's domains of outbound virtual hosts."""

from meshwright.frontends.istio.hosts import is_address, is_ipv6
from meshwright.frontends.istio.services import UNSPECIFIED, Service
from meshwright.frontends.istio.sidecar_proxy import SidecarProxy


def host_and_port(host: str, port: int) -> str:
    """Return ``host:port``, with brackets round an IPv6 address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def bracketed(host: str) -> str:
    """Return a host as it stands in an authority without a port."""
    return f"[{host}]" if is_ipv6(host) else host


def service_domains(service: Service, port: int, sidecar: SidecarProxy) -> tuple[list[str], set[str]]:
    """Return the domains of a service's virtual host.

    Args:
        port: 0 where ports in the authority are ignored; else each name stands with and without it.
        sidecar: Services in its namespace are known by their bare name too.

    Returns:
        All domains, and those among them that are only other spellings of a full name.
    """
    domains: list[str] = []
    spellings: list[str] = []
    for host in (service.hostname, *(alias for _, alias in service.aliases)):
        others = short_names(host, port, sidecar.namespace, sidecar.cluster_domain)
        domains += _with_port(bracketed(host), host, port)
        domains += others
        spellings += others
    if service.resolution == "passthrough" and service.kubernetes:
        domains += ["*." + domain for domain in domains]
    for address in sidecar.addresses_of(service):
        if address and address != UNSPECIFIED:
            domains += _with_port(bracketed(address), address, port)
    return domains, set(spellings)


def short_names(host: str, port: int, namespace: str, cluster_domain: str) -> list[str]:
    """Return the other spellings of a host: with a dot at its end, and for Kubernetes hosts the shorter ones."""
    names = [] if is_address(host) else [f"{host}."]
    if port:
        names.append(host_and_port(f"{host}.", port))
    suffix = f".svc.{cluster_domain}"
    if not host.endswith(suffix):
        return names
    head = host[: host.index(".svc.")]
    name, dot, service_namespace = head.partition(".")
    if not dot:
        return names
    shorter = [name, f"{head}.svc", head] if service_namespace == namespace else [head, f"{head}.svc"]
    for spelling in shorter:
        names += _with_port(spelling, spelling, port)
    return names


def _with_port(plain: str, host: str, port: int) -> list[str]:
    return [plain, host_and_port(host, port)] if port else [plain]
