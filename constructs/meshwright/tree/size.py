"""Amounts of storage, with the names of cdk8s' `Size`."""

from enum import Enum

from meshwright.tree.yaml_scalars import number

_UNITS = {"kibibytes": 1, "mebibytes": 1024, "gibibytes": 1024**2, "tebibytes": 1024**3, "pebibytes": 1024**4}


class SizeRoundingBehavior(Enum):
    """What to do with an amount that is not whole in another unit."""

    FAIL = "FAIL"
    FLOOR = "FLOOR"
    NONE = "NONE"


class Size:
    """An amount of storage, made by `mebibytes`, `gibibytes` and so on."""

    __slots__ = ("_amount", "_unit")

    def __init__(self, amount: "int | float", unit: str) -> None:
        if amount < 0:
            raise ValueError(f"storage amounts cannot be negative, received {amount}")
        self._amount = amount
        self._unit = unit

    @staticmethod
    def kibibytes(amount: "int | float") -> "Size":
        """Units of 1,024 bytes."""
        return Size(amount, "kibibytes")

    @staticmethod
    def mebibytes(amount: "int | float") -> "Size":
        """Units of 1,024 kibibytes."""
        return Size(amount, "mebibytes")

    @staticmethod
    def gibibytes(amount: "int | float") -> "Size":
        """Units of 1,024 mebibytes."""
        return Size(amount, "gibibytes")

    @staticmethod
    def tebibytes(amount: "int | float") -> "Size":
        """Units of 1,024 gibibytes."""
        return Size(amount, "tebibytes")

    @staticmethod
    def pebibyte(amount: "int | float") -> "Size":
        """Units of 1,024 tebibytes."""
        return Size(amount, "pebibytes")

    def as_string(self) -> str:
        """As Kubernetes has it: ``512Mi``."""
        return f"{number(self._amount)}{self._unit[0].upper()}i"

    def to_kibibytes(self, *, rounding: "SizeRoundingBehavior | None" = None) -> "int | float":
        """In kibibytes; a fraction is an error (ValueError) unless ``rounding`` allows it, also below."""
        return self._to("kibibytes", rounding)

    def to_mebibytes(self, *, rounding: "SizeRoundingBehavior | None" = None) -> "int | float":
        """In mebibytes."""
        return self._to("mebibytes", rounding)

    def to_gibibytes(self, *, rounding: "SizeRoundingBehavior | None" = None) -> "int | float":
        """In gibibytes."""
        return self._to("gibibytes", rounding)

    def to_tebibytes(self, *, rounding: "SizeRoundingBehavior | None" = None) -> "int | float":
        """In tebibytes."""
        return self._to("tebibytes", rounding)

    def to_pebibytes(self, *, rounding: "SizeRoundingBehavior | None" = None) -> "int | float":
        """In pebibytes."""
        return self._to("pebibytes", rounding)

    def _to(self, unit: str, rounding: "SizeRoundingBehavior | None") -> "int | float":
        if unit == self._unit:
            return self._amount
        value = self._amount * (_UNITS[self._unit] / _UNITS[unit])
        if rounding is SizeRoundingBehavior.NONE:
            return value
        if rounding is SizeRoundingBehavior.FLOOR or value.is_integer():
            return int(value)
        given = f"{number(self._amount)} {self._unit}"
        raise ValueError(f"'{given}' cannot be converted into a whole number of {unit}")
