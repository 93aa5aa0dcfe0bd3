"""Host names: short names, wildcards, and which of two is more specific.

A wildcard is a name that begins with ``*``; it covers every name that ends as it does, whole labels or not. Source:
istiod's host rules.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import Generic, TypeVar

Value = TypeVar("Value")


def resolve_host(host: str, namespace: str, domain: str) -> str:
    """Complete a short name with the namespace and domain of the object that uses it; leave all others."""
    if "." in host or not host or host == "*" or is_ipv6(host):
        return host
    if namespace:
        host = f"{host}.{namespace}"
    return f"{host}.svc.{domain}" if domain else host


def is_ipv6(host: str) -> bool:
    """Tell whether a host is an IPv6 address."""
    return ":" in host and is_address(host)


def is_address(host: str) -> bool:
    """Tell whether a host is an IP address."""
    if not host[-1:].isdigit() and ":" not in host:
        return False
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def resolve_gateway(name: str, namespace: str) -> str:
    """Return ``namespace/name`` for any way of naming a Gateway: short, ``ns/name``, ``./name``, or the old FQDN."""
    head, slash, tail = name.partition("/")
    if slash:
        return f"{namespace}/{tail}" if head == "." else name
    if "." not in name:
        return f"{namespace}/{name}"
    labels = name.split(".", 2)
    return f"{labels[1]}/{labels[0]}"


def is_wildcard(host: str) -> bool:
    """Tell whether a name stands for several."""
    return host.startswith("*")


def overlaps(one: str, other: str) -> bool:
    """Tell whether some name is covered by both."""
    if is_wildcard(one):
        if is_wildcard(other):
            longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
            return longer.endswith(shorter[1:])
        return other.endswith(one[1:])
    return one.endswith(other[1:]) if is_wildcard(other) else one == other


def is_subset(one: str, other: str) -> bool:
    """Tell whether every name that ``one`` covers is covered by ``other``."""
    if not is_wildcard(other):
        return one == other
    if is_wildcard(one):
        return len(one) >= len(other) and one.endswith(other[1:])
    return one.endswith(other[1:])


def specificity(host: str) -> tuple[bool, int, str]:
    """Sort key that puts the most specific host first: exact before wildcard, then longer, then alphabetical."""
    return host.startswith("*"), -len(host), host


class HostMap(Generic[Value]):
    """Values by host, found by the most specific host that covers a name."""

    __slots__ = ("_lengths", "exact", "wildcards")

    def __init__(self) -> None:
        self.exact: dict[str, Value] = {}
        self.wildcards: dict[str, Value] = {}
        self._lengths: list[int] | None = None

    def get(self, host: str) -> Value | None:
        """Return the value of exactly this host."""
        return (self.wildcards if is_wildcard(host) else self.exact).get(host)

    def set(self, host: str, value: Value) -> None:
        """Set the value of one host."""
        if is_wildcard(host):
            self.wildcards[host] = value
            self._lengths = None
        else:
            self.exact[host] = value

    def covering(self, host: str) -> Iterator[str]:
        """Iterate over the wildcards that cover ``host`` and are not longer, the most specific first."""
        if self._lengths is None:
            self._lengths = sorted({len(wildcard) - 1 for wildcard in self.wildcards}, reverse=True)
        name = host[1:] if is_wildcard(host) else host
        for length in self._lengths:
            if length <= len(name):
                wildcard = "*" + name[len(name) - length :]
                if wildcard in self.wildcards:
                    yield wildcard

    def best(self, host: str) -> Value | None:
        """Return the value of ``host`` itself, else of the most specific wildcard that covers it."""
        value = self.get(host)
        if value is not None:
            return value
        for wildcard in self.covering(host):
            return self.wildcards[wildcard]
        return None


class HostSet:
    """Hosts to be met by others, without comparing each with each."""

    __slots__ = ("_hosts", "_map")

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = tuple(dict.fromkeys(hosts))
        self._map: HostMap[bool] = HostMap()
        for host in self._hosts:
            self._map.set(host, True)

    def intersection(self, others: Iterable[str]) -> list[str]:
        """Return what both have in common: of each two hosts where one covers the other, the narrower one."""
        found: dict[str, None] = {}
        hosts = self._map
        for other in others:
            if hosts.get(other) or any(hosts.covering(other)):
                found[other] = None
            if is_wildcard(other):
                found.update((host, None) for host in self._hosts if is_subset(host, other))
        return list(found)


class HostIndex:
    """Which of many lists of hosts have something in common with others, without comparing each with each."""

    __slots__ = ("_backwards", "_map")

    def __init__(self, lists: Iterable[Iterable[str]]) -> None:
        self._map: HostMap[list[int]] = HostMap()
        for position, hosts in enumerate(lists):
            for host in hosts:
                present = self._map.get(host)
                if present is None:
                    self._map.set(host, [position])
                else:
                    present.append(position)
        self._backwards = sorted(host[::-1] for host in (*self._map.exact, *self._map.wildcards))

    def meeting(self, hosts: Iterable[str]) -> list[int]:
        """Return the positions of the lists with a host that covers, or is covered by, one of ``hosts``."""
        found: set[int] = set()
        for host in hosts:
            found.update(self._map.get(host) or ())
            for wildcard in self._map.covering(host):
                found.update(self._map.wildcards[wildcard])
            if is_wildcard(host):
                for covered in self._ending(host[1:]):
                    found.update(self._map.get(covered) or ())
        return sorted(found)

    def _ending(self, suffix: str) -> Iterator[str]:
        start = suffix[::-1]
        for position in range(bisect_left(self._backwards, start), len(self._backwards)):
            if not self._backwards[position].startswith(start):
                return
            yield self._backwards[position][::-1]
