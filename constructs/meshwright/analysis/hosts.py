"""Which virtual host answers an authority. Source: Envoy docs, "config.route.v3.VirtualHost", domains."""

import re

from meshwright.analysis.text import lowered
from meshwright.traffic import RouteConfiguration, VirtualHost

_AUTHORITY = re.compile(r"[A-Za-z0-9\-._~%!$&'()*+,;=:@\[\]]*").fullmatch


def is_authority(authority: str) -> bool:
    """Tell whether Envoy takes ``authority`` at all; it answers 400 to others."""
    return _AUTHORITY(authority) is not None


def without_port(authority: str) -> str:
    """Return the host alone; an IPv6 address keeps its brackets. What stands after the colon need not be a number."""
    colon = authority.rfind(":")
    return authority if colon < 0 or authority.rfind("]") > colon else authority[:colon]


class Hosts:
    """The virtual hosts of one route configuration, found by hash: exact, longest suffix, longest prefix, ``*``."""

    __slots__ = ("_any", "_exact", "_ignore_port", "_prefixes", "_suffixes")

    def __init__(self, configuration: RouteConfiguration) -> None:
        self._ignore_port = configuration.ignore_port_in_host_matching
        self._exact: dict[str, tuple[VirtualHost, str]] = {}
        self._any: tuple[VirtualHost, str] | None = None
        suffixes: dict[int, dict[str, tuple[VirtualHost, str]]] = {}
        prefixes: dict[int, dict[str, tuple[VirtualHost, str]]] = {}
        for virtual_host in configuration.virtual_hosts:
            for written in virtual_host.domains:
                domain = lowered(written)
                found = (virtual_host, written)
                if domain == "*":
                    self._any = self._any or found
                elif domain.startswith("*"):
                    suffixes.setdefault(len(domain) - 1, {}).setdefault(domain[1:], found)
                elif domain.endswith("*"):
                    prefixes.setdefault(len(domain) - 1, {}).setdefault(domain[:-1], found)
                else:
                    self._exact.setdefault(domain, found)
        self._suffixes = sorted(suffixes.items(), reverse=True)
        self._prefixes = sorted(prefixes.items(), reverse=True)

    def find(self, authority: str) -> tuple[VirtualHost, str] | None:
        """Return the virtual host and the domain that it was found by."""
        host = lowered(without_port(authority) if self._ignore_port else authority)
        found = self._exact.get(host)
        if found is not None:
            return found
        size = len(host)
        for length, ends in self._suffixes:
            if length < size and (found := ends.get(host[-length:])) is not None:
                return found
        for length, beginnings in self._prefixes:
            if length < size and (found := beginnings.get(host[:length])) is not None:
                return found
        return self._any
