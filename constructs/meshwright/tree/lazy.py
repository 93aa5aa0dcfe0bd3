"""A value that is only known at synth."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Producer(Protocol):
        """What `Lazy.any` takes, besides a function."""

        def produce(self) -> "Any":
            """The value."""


class Lazy:
    """A value asked for at synth; made by `Lazy.any`, it may stand in any field, patch or list."""

    __slots__ = ("_producer",)

    def __init__(self, producer: "Producer | Callable[[], Any]") -> None:
        self._producer = producer

    @staticmethod
    def any(producer: "Producer | Callable[[], Any]") -> "Any":
        """A value that ``producer.produce()``, or a function without arguments, gives at synth."""
        return Lazy(producer)

    def produce(self) -> "Any":
        """The value."""
        produce: Any = getattr(self._producer, "produce", self._producer)
        return produce()
