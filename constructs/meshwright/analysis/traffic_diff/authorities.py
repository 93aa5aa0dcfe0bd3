"""The hosts of two route configurations, side by side: which virtual host of each takes which authorities.

A domain of either side stands for the authorities that no closer domain of either side takes. Domains are exact,
``*.suffix`` or ``*``, so all authorities of one such class are taken by one virtual host on each side.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from meshwright.analysis.hosts import Hosts
from meshwright.analysis.space.entrance import Door, Entrance
from meshwright.analysis.text import lowered
from meshwright.traffic import RouteConfiguration, VirtualHost
from meshwright.traffic.table import PathNormalisation

_NEVER = "never-asked-for"


@dataclass(frozen=True, slots=True)
class Pair:
    """Authorities that one virtual host takes before and one after; ``None``: none does."""

    before: VirtualHost | None
    after: VirtualHost | None
    domains: tuple[str, ...]

    @property
    def merged(self) -> VirtualHost:
        """A virtual host without routes that takes these authorities."""
        return VirtualHost("|".join(self.domains[:1]), self.domains)


def pairs(before: RouteConfiguration, after: RouteConfiguration) -> list[Pair]:
    """Return the classes of authorities, those of one pair of virtual hosts together."""
    old, new = Hosts(before), Hosts(after)
    found: dict[tuple[int, int], tuple[VirtualHost | None, VirtualHost | None, list[str]]] = {}
    seen: set[str] = set()
    for domain in _domains(before, after):
        key = lowered(domain)
        if key in seen:
            continue
        seen.add(key)
        authority = domain.replace("*", _NEVER)
        one, two = old.find(authority), new.find(authority)
        first, second = one and one[0], two and two[0]
        if first is None and second is None:
            continue
        found.setdefault((id(first), id(second)), (first, second, []))[2].append(domain)
    return [Pair(first, second, tuple(domains)) for first, second, domains in found.values()]


def _domains(before: RouteConfiguration, after: RouteConfiguration) -> Iterator[str]:
    """Yield the domains of the side after, then those that only the side before has; at last all other authorities."""
    for configuration in (after, before):
        for host in configuration.virtual_hosts:
            yield from host.domains


def _plainness(domain: str) -> tuple[bool, bool, int]:
    """Return what puts the domain first that people would type."""
    return "*" in domain, domain[:1].isdecimal() or domain.startswith("["), len(domain)


def entrance_of(
    pair: Pair,
    all_pairs: list[Pair],
    doors: tuple[Door, ...],
    at_the_edge: bool,
    normalisation: PathNormalisation,
) -> Entrance:
    """Return how requests come to the authorities of a pair; others can take none where all are exact."""
    merged = VirtualHost("", tuple(sorted(pair.domains, key=_plainness)))
    hosts = [merged]
    if any("*" in domain for domain in pair.domains):
        hosts += [each.merged for each in all_pairs if each is not pair]
    configuration = RouteConfiguration("", tuple(hosts), ignore_port_in_host_matching=True)
    return Entrance(merged, configuration, at_the_edge, normalisation, doors)
