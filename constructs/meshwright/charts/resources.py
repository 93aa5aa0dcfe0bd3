"""What containers of an app may use."""

from __future__ import annotations

from meshwright.charts.misfits import tells_misfits
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.problem import Part
    from meshwright.imports.kubernetes.core import ResourceRequirements

_SUFFIXES = ("m", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "k", "M", "G", "T", "P", "E")


@tells_misfits
class Resources(Written):
    """CPU and memory of each container, as quantities of Kubernetes.

    Args:
        cpu, memory: What a node keeps free for it: ``100m``, ``128Mi``.
        cpu_limit: What it cannot exceed; none when left out, so that spare CPU is used.
        memory_limit: What it is ended at; the same as ``memory`` when left out.

    Source: Kubernetes docs, "Resource Management for Pods and Containers".
    """

    __slots__ = ("cpu", "cpu_limit", "memory", "memory_limit")

    def __init__(
        self,
        *,
        cpu: str | None = None,
        memory: str | None = None,
        cpu_limit: str | None = None,
        memory_limit: str | None = None,
    ) -> None:
        super().__init__()
        self.cpu = cpu
        self.memory = memory
        self.cpu_limit = cpu_limit
        self.memory_limit = memory_limit

    def to_kubernetes(self, part: Part) -> ResourceRequirements:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.kubernetes.core import ResourceRequirements

        given = {name: getattr(self, name) for name in self.__slots__}
        for name, value in given.items():
            if value is not None and not is_quantity(value):
                part.problem(f"{name} is {value!r}, which is no quantity", "Give one such as 100m, 0.5, 128Mi or 1Gi")
        requests = {name: given[name] for name in ("cpu", "memory") if given[name] is not None}
        given["memory_limit"] = self.memory if self.memory_limit is None else self.memory_limit
        limits = {name: given[f"{name}_limit"] for name in ("cpu", "memory") if given[f"{name}_limit"] is not None}
        return ResourceRequirements(requests=requests or None, limits=limits or None)


def is_quantity(value: object) -> bool:
    """Whether ``value`` is a quantity that is written with a known suffix."""
    if not isinstance(value, str):
        return False
    number = value
    for suffix in _SUFFIXES:
        if value.endswith(suffix):
            number = value.removesuffix(suffix)
            break
    return number.replace(".", "", 1).isdigit()
