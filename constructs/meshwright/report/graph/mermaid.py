"""The picture as a Mermaid flowchart, which GitHub and GitLab draw in Markdown."""

from collections.abc import Iterator

from meshwright.analysis.graph import Host, MeshGraph, Rule, Service, Target
from meshwright.report.graph.mermaid_text import MOST_CHARACTERS, MOST_EDGES, label
from meshwright.report.graph.words import (
    door_text,
    entrance_subtitle,
    entrance_title,
    host_title,
    rule_details,
    rule_outcome,
    rule_title,
    service_notes,
    service_subtitle,
    service_title,
    target_text,
    version_text,
)

CLASSES = """\
  classDef entrance fill:#4f46e5,stroke:#3730a3,color:#ffffff
  classDef host fill:#e0e7ff,stroke:#6366f1,color:#1e1b4b
  classDef rule fill:#f8fafc,stroke:#94a3b8,color:#0f172a
  classDef version fill:#dcfce7,stroke:#16a34a,color:#052e16
  classDef outside fill:#fef3c7,stroke:#d97706,color:#451a03,stroke-dasharray:4 3
  classDef wrong fill:#fee2e2,stroke:#dc2626,color:#450a0a
  classDef answer fill:#e2e8f0,stroke:#64748b,color:#0f172a
"""
LOCKS = {"strict": "🔒 ", "permissive": "🔓 "}


def graph_mermaid(graph: MeshGraph) -> str:
    """Return the flowchart; hosts beyond what GitHub draws are left out and counted in a node of their own.

    Services that no rule leads to are not drawn.
    """
    drawing = _Drawing(graph)
    left = 0
    for number, host in enumerate(graph.hosts):
        left += not drawing.add(number, host)
    return "".join(f"{line}\n" for line in drawing.lines(left))


class _Drawing:
    def __init__(self, graph: MeshGraph) -> None:
        self._graph = graph
        self._hosts: list[str] = []
        self._services: dict[int, set[int | None]] = {}
        self._entrances: set[int] = set()
        self._edges = 0
        self._size = 0

    def add(self, number: int, host: Host) -> bool:
        """Add a host; ``False``: there is no room for it."""
        lines = list(self._host(number, host))
        edges = sum(" --> " in line or " -->|" in line or " -.->|" in line for line in lines)
        targets = [target for rule in host.rules for target in rule.targets]
        size = sum(map(len, lines)) + 160 * len({target.service for target in targets}) + 100 * len(targets)
        if self._edges + edges > MOST_EDGES or self._size + size > MOST_CHARACTERS:
            return False
        self._edges += edges
        self._size += size
        self._hosts += lines
        self._entrances.add(host.entrance)
        for target in targets:
            self._services.setdefault(target.service, set()).add(target.version)
        return True

    def lines(self, left: int) -> Iterator[str]:
        """Yield the whole text."""
        yield "flowchart LR"
        yield CLASSES.rstrip("\n")
        for number, entrance in enumerate(self._graph.entrances):
            if number in self._entrances or entrance.kind == "gateway":
                unknown = f"⚠ not modelled: {entrance.unknowns[0].feature}" if entrance.unknowns else ""
                text = label(entrance_title(entrance), entrance_subtitle(entrance), unknown)
                yield f"  e{number}([{text}]):::entrance"
        yield from self._hosts
        for number, versions in self._services.items():
            yield from self._service(number, self._graph.services[number], versions)
        if left:
            yield f"  more[{label(f'… and {left} more hosts')}]:::answer"

    def _host(self, number: int, host: Host) -> Iterator[str]:
        doors = [door_text(self._graph.entrances[host.entrance].doors[door]) for door in host.doors]
        unknown = f"⚠ not modelled: {host.unknowns[0].feature}" if host.unknowns else ""
        to_https = "plain HTTP is redirected to HTTPS" if host.to_https else ""
        yield f"  h{number}[{label(host_title(host, self._graph), to_https, unknown)}]:::host"
        ports = ", ".join(doors or (f":{port}" for port in host.ports))
        yield f"  e{host.entrance} -->|{label(ports)}| h{number}"
        for place, rule in enumerate(host.rules):
            yield from self._rule(f"h{number}", f"h{number}r{place}", place + 1, rule)

    def _rule(self, host: str, name: str, place: int, rule: Rule) -> Iterator[str]:
        yield f"  {name}[{label(f'{place} · {rule_title(rule)}', rule_details(rule))}]:::rule"
        yield f"  {host} --> {name}"
        outcome = rule_outcome(rule)
        if outcome:
            wrong = outcome in ("nowhere", "no destination")
            yield f"  {name}a([{label(outcome)}]):::{'wrong' if wrong else 'answer'}"
            yield f"  {name} --> {name}a"
        for target in rule.targets:
            text = target_text(target)
            arrow = f"-.->|{label(text)}|" if target.mirror else f"-->|{label(text)}|" if text else "-->"
            yield f"  {name} {arrow} {_target(target)}"

    def _service(self, number: int, service: Service, versions: set[int | None]) -> Iterator[str]:
        title = LOCKS.get(service.lock, "") + service_title(service)
        kind = {"missing": "wrong", "entry": "outside", "special": "outside"}.get(service.kind, "version")
        if None in versions:
            text = label(title, service_subtitle(service), *service_notes(service))
            yield f"  s{number}[{text}]:::{kind}"
        for place, version in enumerate(service.versions):
            if place in versions:
                bad = not version.defined or version.endpoints == 0
                text = label(f"{title} {version_text(version)}", service_subtitle(service), *service_notes(service)[:1])
                yield f"  s{number}v{place}[{text}]:::{'wrong' if bad else kind}"


def _target(target: Target) -> str:
    return f"s{target.service}" if target.version is None else f"s{target.service}v{target.version}"
