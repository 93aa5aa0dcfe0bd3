"""Names of objects and hosts: which of them Kubernetes and Istio take."""

from __future__ import annotations

from meshwright.charts.problem import problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.tree import Construct

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_HINT = "Use lower-case letters, digits and dashes, at most 63, with a letter or digit at both ends"


def is_dns_label(name: object) -> bool:
    """Whether ``name`` is a DNS label (RFC 1123)."""
    return (
        isinstance(name, str)
        and 0 < len(name) <= 63
        and _LETTERS.issuperset(name.replace("-", ""))
        and name[0] != "-"
        and name[-1] != "-"
    )


def check_label(construct: Construct, name: str, field: str = "name") -> None:
    """Tell a problem where ``name`` is no DNS label."""
    if not is_dns_label(name):
        problem(construct, f"{field} is {name!r}, which is no DNS label", _HINT)


def is_host(host: object) -> bool:
    """Whether ``host`` is a host name as Istio takes it: DNS labels, the first of which may be ``*``."""
    if not isinstance(host, str) or len(host) > 253:
        return False
    first, *others = host.lower().split(".")
    return (first == "*" or is_dns_label(first)) and all(map(is_dns_label, others))


def admits(served: str, host: str) -> bool:
    """Whether a server for ``served`` takes any requests for ``host``; before a slash may stand a namespace."""
    served, host = served.rpartition("/")[2].lower(), host.lower()
    if served == host or "*" in (served, host):
        return True
    for wide, narrow in ((served, host), (host, served)):
        if wide.startswith("*.") and narrow != wide[1:] and narrow.removeprefix("*").endswith(wide[1:]):
            return True
    return False


def host_problem(host: object, namespace: str, cluster_domain: str) -> tuple[str, str] | None:
    """Return what is wrong with a host that was given as a string, and what to do; None if it means one host only.

    Args:
        namespace, cluster_domain: Those of the rule that names the host; a short name would be completed with them.
    """
    if not is_host(host):
        return f"host {host!r} is no host name", "Give DNS labels joined by dots; only the first may be *"
    assert isinstance(host, str)
    if host == "*" or "." in host:
        if host.endswith(".svc"):
            return (
                f"host {host!r} stops before the cluster domain, so that it means no Service",
                f"Pass the app itself, or write {host}.{cluster_domain}",
            )
        return None
    return (
        f"host {host!r} is short: Istio would take it as {host}.{namespace}.svc.{cluster_domain}, "
        "in the namespace of the rule",
        "Pass the app itself, or write the full name",
    )
