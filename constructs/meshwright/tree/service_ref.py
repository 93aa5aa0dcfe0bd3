"""What others must know of a genuine Service to send requests to it."""

from meshwright.tree.chart import Chart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class ServiceRef:
    """A genuine Service (``kplus.Service``), as others refer to it; each answer is asked for once, when needed.

    Args:
        service: The genuine construct.
    """

    __slots__ = ("_known", "_service")

    def __init__(self, service: "Any") -> None:
        self._service = service
        self._known: dict[str, Any] = {}

    def _get(self, key: str, ask: "Callable[[], Any]") -> "Any":
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]

    @property
    def name(self) -> str:
        """Its name in the cluster."""
        name: str = self._get("name", lambda: self._service.name)
        return name

    @property
    def namespace(self) -> "str | None":
        """Its namespace, None if neither it nor its chart says one."""
        namespace: str | None = self._get("namespace", lambda: self._service.metadata.namespace)
        return namespace

    @property
    def ports(self) -> "dict[str | None, int]":
        """The numbers of its ports by name; a single port may be without one (None)."""
        ports: dict[str | None, int] = self._get(
            "ports", lambda: {port.name: int(port.port) for port in self._service.ports}
        )
        return ports

    @property
    def chart(self) -> "Chart | None":
        """The chart of ours that it stands in, None if it stands in a genuine app."""
        from meshwright.tree.cdk8s_bridge import stand_ins

        found = stand_ins(self._service)
        chart = found[0] if found else None
        return chart if isinstance(chart, Chart) and not chart._twin.guest else None
