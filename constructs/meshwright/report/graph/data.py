"""The picture as JSON-shaped data, which the page draws."""

from typing import Any

from meshwright.analysis.graph import Door, Entrance, Host, MeshGraph, Rule, Service, Target, Version
from meshwright.report.graph.sources import ReadProgram, Sources
from meshwright.report.graph.words import (
    door_text,
    entrance_subtitle,
    entrance_title,
    host_subtitle,
    host_title,
    rule_conditions,
    rule_details,
    rule_outcome,
    rule_title,
    service_notes,
    service_subtitle,
    service_title,
    target_text,
    unknown_texts,
    version_labels,
    version_text,
    visible_text,
)

_LONGEST = 400


def graph_data(graph: MeshGraph, title: str, read_program: ReadProgram | None = None) -> dict[str, Any]:
    """Return entrances, hosts and services in the order of the graph, and the texts that their places point into."""
    writer = _Writer(graph, Sources(read_program))
    return {
        "title": _shown(title),
        "entrances": [writer.entrance(each) for each in graph.entrances],
        "hosts": [writer.host(each) for each in graph.hosts],
        "services": [writer.service(each) for each in graph.services],
        "documents": writer.sources.documents,
    }


class _Writer:
    def __init__(self, graph: MeshGraph, sources: Sources) -> None:
        self._graph = graph
        self.sources = sources

    def entrance(self, entrance: Entrance) -> dict[str, Any]:
        return {
            "kind": entrance.kind,
            "title": _shown(entrance_title(entrance)),
            "subtitle": _shown(entrance_subtitle(entrance)),
            "unknowns": _all_shown(unknown_texts(entrance.unknowns)),
            "doors": [self._door(door) for door in entrance.doors],
        }

    def _door(self, door: Door) -> dict[str, Any]:
        return {
            "title": _shown(door_text(door)),
            "lock": "strict" if door.tls in ("simple", "mutual") else "",
            "facts": _all_shown([f"certificate {', '.join(door.credentials)}"] if door.credentials else []),
            "places": [self.sources.place(origin) for origin in door.origins[:20]],
        }

    def host(self, host: Host) -> dict[str, Any]:
        return {
            "entrance": host.entrance,
            "doors": list(host.doors),
            "title": _shown(host_title(host, self._graph)),
            "subtitle": _shown(host_subtitle(host)),
            "domains": _all_shown(host.domains),
            "namespaces": _all_shown(host.namespaces),
            "unknowns": _all_shown(unknown_texts(host.unknowns)),
            "rules": [self._rule(rule) for rule in host.rules],
        }

    def _rule(self, rule: Rule) -> dict[str, Any]:
        outcome = rule_outcome(rule)
        return {
            "title": _shown(rule_title(rule)),
            "conditions": _all_shown(rule_conditions(rule)),
            "details": _shown(rule_details(rule)),
            "outcome": _shown(outcome),
            "bad": outcome in ("nowhere", "no destination"),
            "targets": [self._target(target) for target in rule.targets],
            "places": [self.sources.place(rule.origin)] if rule.origin is not None else [],
        }

    def _target(self, target: Target) -> dict[str, Any]:
        return {
            "service": target.service,
            "version": target.version,
            "port": target.port,
            "share": round(target.share, 4),
            "text": target_text(target),
            "mirror": target.mirror,
        }

    def service(self, service: Service) -> dict[str, Any]:
        return {
            "kind": service.kind,
            "title": _shown(service_title(service)),
            "subtitle": _shown(service_subtitle(service)),
            "host": _shown(service.host),
            "namespace": _shown(service.namespace),
            "lock": service.lock,
            "empty": service.endpoints == 0,
            "notes": _all_shown(service_notes(service)),
            "versions": [self._version(version) for version in service.versions],
            "places": [self.sources.place(service.origin)] if service.origin is not None else [],
        }

    def _version(self, version: Version) -> dict[str, Any]:
        return {
            "title": _shown(version_text(version)),
            "facts": _all_shown([version_labels(version)] if version.labels else []),
            "bad": not version.defined,
            "empty": version.endpoints == 0,
            "places": [self.sources.place(version.origin)] if version.origin is not None else [],
        }


def _shown(text: str) -> str:
    return visible_text(text, _LONGEST)


def _all_shown(texts: list[str] | tuple[str, ...]) -> list[str]:
    return [_shown(text) for text in texts]
