"""Values of typed fields that are known at synth only."""

from meshwright.tree.typed_values import Wrong, unusual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from meshwright.tree.typed_values import Convert


class Later:
    """A Lazy in a typed field: its value is checked when it is there, at synth."""

    __slots__ = ("_inner", "_kind", "_lazy")

    def __init__(self, lazy: "Any", kind: "Any", inner: "Convert | None") -> None:
        self._lazy = lazy
        self._kind = kind
        self._inner = inner

    def produce(self) -> "Any":
        """The value, checked.

        Raises:
            ValueError: It does not fit the field.
        """
        value = self._lazy.produce() if hasattr(self._lazy, "produce") else self._lazy.resolve()
        if value is None:
            return None
        try:
            if type(value) is self._kind:
                return value if self._inner is None else self._inner(value)
            return unusual(self._kind, self._inner, value)
        except Wrong:
            raise ValueError(f"a Lazy gave {value!r}, which does not fit its field") from None
