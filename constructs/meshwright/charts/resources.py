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
        given = {name: canonical(value) if is_quantity(value) else value for name, value in given.items()}
        requests = {name: given[name] for name in ("cpu", "memory") if given[name] is not None}
        given["memory_limit"] = given["memory"] if given["memory_limit"] is None else given["memory_limit"]
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


def canonical(quantity: str) -> str:
    """Return a quantity as the API server writes it: ``500m`` for ``0.5``, ``1Gi`` for ``1024Mi``.

    Args:
        quantity: One that `is_quantity` takes.

    Source: Kubernetes reference, "Quantity".
    """
    suffix = next((each for each in _SUFFIXES if quantity.endswith(each)), "")
    whole, _, part = quantity.removesuffix(suffix).partition(".")
    digits, scale = int(f"{whole}{part}"), 10 ** len(part)
    binary = suffix in _BINARY[1:]
    digits *= 1024 ** _BINARY.index(suffix) if binary else 1
    if binary and digits >= 1024 * scale:
        return _largest(-(-digits // scale), 1024, _BINARY)
    decimal = 1000 ** _DECIMAL.index("" if binary else suffix)
    return _largest(-(-digits * decimal // scale), 1000, _DECIMAL)  # rounded up to what can be written


_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E")


def _largest(number: int, base: int, suffixes: tuple[str, ...]) -> str:
    """Write a number with the largest suffix that leaves it whole."""
    if not number:
        return "0"
    position = 0
    while number % base == 0 and position + 1 < len(suffixes):
        number //= base
        position += 1
    return f"{number}{suffixes[position]}"
