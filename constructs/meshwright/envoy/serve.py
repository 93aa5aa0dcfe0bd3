"""Serve route tables on loopback, replace them while serving, and count requests by route."""

import json
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from meshwright.envoy.ask import certificate_for
from meshwright.envoy.bootstrap import (
    Plan,
    bootstrap,
    served_listeners,
    watched_files,
    watched_routes,
    watching_bootstrap,
)
from meshwright.envoy.certificates import Certificate
from meshwright.envoy.clusters import echoed_clusters
from meshwright.envoy.echo import Echo
from meshwright.envoy.process import EnvoyProcess, check_port_free, free_ports, is_free, validate
from meshwright.errors import MeshwrightError
from meshwright.traffic import Listener, Proxy, Route, RouteTable

APPLY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Address:
    """A listener, and where it is served."""

    table: RouteTable
    listener: Listener
    port: int


@dataclass(frozen=True, slots=True)
class ServedRequest:
    """One request that was answered; ``flags`` are Envoy's reasons for an answer of its own (``NR``, ``UT`` …)."""

    route: str
    status: int
    method: str
    authority: str
    path: str
    cluster: str
    flags: str
    milliseconds: int


class Server:
    """A real Envoy that serves what ``serve`` was last given, until closed.

    Each cluster has an echo. A cluster that the manifests show not to exist has none, so that requests fail as they
    would; a host of which they say nothing is taken to exist.

    Args:
        first_port: The port of the first listener; the others get the free ones after it, plain HTTP first.
            0: any free ports.
        on_request: Called for each answered request, with the count of its route, from a thread of its own.

    ``counts`` counts requests by route label (see ``route_label``), those that no route took under ``NO_ROUTE``.
    """

    NO_ROUTE = "(no route)"

    def __init__(self, first_port: int = 0, on_request: Callable[[ServedRequest, int], None] | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.echo = Echo()
        self._first_port = first_port
        self._on_request = on_request
        self._ports: dict[tuple[Proxy, str], int] = {}
        self._version = 0
        self._certificate: Certificate | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="meshwright-")
        self._envoy: EnvoyProcess | None = None
        self._reader: threading.Thread | None = None
        self._plan: Plan | None = None

    @property
    def pid(self) -> int | None:
        """The process id of Envoy, once it runs."""
        return None if self._envoy is None else self._envoy.pid

    @property
    def ended(self) -> bool:
        """Whether Envoy has ended by itself."""
        return self._envoy is not None and self._envoy.ended

    @property
    def certificate_authority(self) -> str:
        """What clients have to trust, in PEM; empty while nothing is served by TLS."""
        return "" if self._certificate is None else self._certificate.authority

    def serve(self, tables: Sequence[RouteTable]) -> None:
        """Serve ``tables`` from now on. Listeners keep their ports, and connections live on where nothing changed.

        Raises:
            MeshwrightError: A port is taken, or Envoy refuses the tables; what was served before is still served.
        """
        ports = self._chosen_ports(tables)
        certificate = certificate_for(tables, self._certificate)
        tcp: set[str] = set().union(*(echoed_clusters(table, assume=True)[1] for table in tables))
        self.echo.open_for(tcp.union(self.echo.own_ports))
        if certificate is not None:
            self.echo.use_certificate(certificate)
        plan = Plan(
            tables=tuple(tables),
            ports={(index, name): ports[tables[index].proxy, name] for index, name in _keys(tables)},
            echo_port=self.echo.port,
            own_echo_ports=self.echo.own_ports,
            assume_hosts=True,
            route_name=lambda position, route: route_label(route),
            certificate=certificate,
            access_log=True,
        )
        validate(bootstrap(plan, self._socket))
        self._version += 1
        self._write(plan)
        if self._envoy is None:
            self._start()
        self._wait_until_applied(plan)
        self._ports, self._certificate, self._plan = ports, certificate, plan
        self.echo.open_for(tcp)

    def addresses(self) -> list[Address]:
        """Return what is served where, by table and port."""
        if self._plan is None:
            return []
        plan = self._plan
        found = [(key[0], plan.ports[key], listener) for key, listener in served_listeners(plan)]
        ordered = sorted(found, key=lambda each: each[:2])
        return [Address(plan.tables[index], listener, port) for index, port, listener in ordered]

    def close(self) -> None:
        """End Envoy and the echo."""
        if self._envoy is not None:
            self._envoy.end()
            if self._reader is not None:
                self._reader.join()
            self._envoy.close()
        self.echo.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: "type[BaseException] | BaseException | TracebackType | None") -> None:
        self.close()

    @property
    def _socket(self) -> Path:
        return Path(self._folder.name) / "admin.sock"

    def _chosen_ports(self, tables: Sequence[RouteTable]) -> dict[tuple[Proxy, str], int]:
        wanted = [(tables[index].proxy, name) for index, name in _keys(tables)]
        new = [key for key in wanted if key not in self._ports]
        if not self._first_port:
            return self._ports | dict(zip(new, free_ports(len(new)), strict=True))
        if not self._ports:
            check_port_free(self._first_port)
        after = max(self._ports.values(), default=self._first_port - 1) + 1
        free = (port for port in range(after, 65536) if is_free(port))
        return self._ports | dict(zip(new, free, strict=False))

    def _write(self, plan: Plan) -> None:
        folder = Path(self._folder.name)
        for name, content in watched_files(plan, folder, str(self._version)).items():
            fresh = folder / f"{name}.new"
            fresh.write_text(content)
            fresh.replace(folder / name)

    def _start(self) -> None:
        folder = Path(self._folder.name)
        configuration = watching_bootstrap(folder, self._socket)
        self._envoy = EnvoyProcess(configuration, folder, self._socket, subprocess.PIPE)
        self._reader = threading.Thread(target=self._read_requests, args=(self._envoy,), daemon=True)
        self._reader.start()

    def _wait_until_applied(self, plan: Plan) -> None:
        deadline = time.monotonic() + APPLY_SECONDS
        while not self._is_applied(plan):
            if self.ended or time.monotonic() > deadline:
                complaint = "" if self._envoy is None else self._envoy.complaint()
                raise MeshwrightError("envoy", f"it did not take the new routes: {complaint}", "Start it again")
            time.sleep(0.02)

    def _is_applied(self, plan: Plan) -> bool:
        if self._envoy is None:
            return False
        answer = self._envoy.ask_admin("/stats?format=json&filter=version_text$|total_listeners_warming")
        stats = {stat["name"]: stat["value"] for stat in json.loads(answer)["stats"] if "name" in stat}
        if stats.pop("listener_manager.total_listeners_warming", 0):
            return False
        version = str(self._version)
        managers = ("cluster_manager.cds.version_text", "listener_manager.lds.version_text")
        endings = tuple(f"rds.{name}.version_text".replace(":", "_") for name in watched_routes(plan))
        watched = [value for name, value in stats.items() if name.endswith(endings)] if endings else []
        return all(value == version for value in [*(stats.get(name) for name in managers), *watched])

    def _read_requests(self, envoy: EnvoyProcess) -> None:
        for line in envoy.stdout or ():
            request = _served_request(line)
            if request is None:
                continue
            label = request.route or self.NO_ROUTE
            self.counts[label] += 1
            if self._on_request is not None:
                self._on_request(request, self.counts[label])


def route_label(route: Route) -> str:
    """Return how the preview calls a route: the field it was written in, or its name where nobody wrote it."""
    if route.origin is not None:
        return f"{route.origin.resource} {route.origin.field}".rstrip()
    return route.name or "unnamed"


def _keys(tables: Sequence[RouteTable]) -> Iterator[tuple[int, str]]:
    """Yield the listeners to be served, plain HTTP first."""
    for index, table in enumerate(tables):
        for listener in sorted(table.listeners, key=_speaks_plain_http, reverse=True):
            if not listener.udp and listener.bind_to_port and (listener.chains or listener.default_chain):
                yield index, listener.name


def _speaks_plain_http(listener: Listener) -> bool:
    return any(chain.http is not None and chain.tls == "none" for chain in listener.chains)


def _served_request(line: bytes) -> ServedRequest | None:
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    words = {name: value or "" for name, value in fields.items() if name not in ("status", "milliseconds")}
    request = ServedRequest(status=fields.get("status") or 0, milliseconds=fields.get("milliseconds") or 0, **words)
    return replace(request, flags="" if request.flags == "-" else request.flags)
